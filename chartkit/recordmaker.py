"""What makes classes records, as `dataclasses` does, for the parameters that chartkit uses.

Only `__init__` is compiled, when the first object is made; everything else is shared by all records. Whoever asks
`dataclasses` about such a class (`fields`, `asdict`, `replace`, a subclass) gets the standard answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

_OWN: Final = "__record_fields__"
_NOT_COPIED: Final = ("__dict__", "__weakref__")


class _Missing:
    def __repr__(self) -> str:
        return "<factory>"


_MISSING: Final = _Missing()


class Field:
    """What is to be known of one field."""

    __slots__ = ("default", "factory", "init", "name", "repr", "type")

    def __init__(self, default: Any, factory: Any = _MISSING, *, init: bool = True, shown: bool = True) -> None:
        self.default = default
        self.factory = factory
        self.init = init
        self.repr = shown
        self.name = ""
        self.type: Any = ""


Fields: TypeAlias = "dict[str, Field]"


class _Parameters(NamedTuple):
    """How a class was declared; `dataclasses` looks at it when a subclass is made."""

    frozen: bool
    slots: bool
    eq: bool
    repr: bool = True
    init: bool = True
    order: bool = False
    unsafe_hash: bool = False


def field(*, default: Any = _MISSING, default_factory: Any = _MISSING, init: bool = True, repr: bool = True) -> Any:  # noqa: A002  the standard names
    """What is special about a field."""
    return Field(default, default_factory, init=init, shown=repr)


def dataclass(
    cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True
) -> type | Callable[[type], type]:
    """Make a class a record; the parameters are those of the standard decorator."""
    parameters = _Parameters(frozen, slots, eq)
    return (lambda given: _made(given, parameters)) if cls is None else _made(cls, parameters)


def replace(record: Any, /, **changes: Any) -> Any:
    """A copy with some fields changed."""
    if _OWN not in type(record).__dict__:
        # A subclass that the standard decorator made.
        import dataclasses

        return dataclasses.replace(record, **changes)
    cls: Any = type(record)
    given = {name: getattr(record, name) for name in cls.__match_args__}
    given.update(changes)
    return cls(**given)


def fields_of(cls: type) -> Fields:
    """The fields of a record, inherited ones first."""
    found: Fields = getattr(cls, _OWN, {})
    return found


def _made(cls: type, parameters: _Parameters) -> type:
    own = _own_fields(cls)
    fields: Fields = {}
    for base in cls.__mro__[-1:0:-1]:
        fields |= base.__dict__.get(_OWN, {})
    fields |= own
    added = _methods(cls, fields, parameters)
    if not parameters.slots:
        return _changed(cls, own, added)
    namespace = {name: value for name, value in cls.__dict__.items() if name not in (*own, *_NOT_COPIED)}
    inherited = {name for base in cls.__mro__[1:] for name in base.__dict__.get("__slots__", ())}
    namespace |= added | {"__slots__": tuple(name for name in own if name not in inherited)}
    made: type = type(cls)(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    return made


def _changed(cls: type, own: Fields, added: dict[str, Any]) -> type:
    """The class itself, made a record."""
    for name, value in added.items():
        setattr(cls, name, value)
    for name, item in own.items():
        if item.default is not _MISSING:
            setattr(cls, name, item.default)
        elif name in cls.__dict__:
            delattr(cls, name)
    return cls


def _own_fields(cls: type) -> Fields:
    """The fields that a class adds."""
    own: Fields = {}
    for name, kind in cls.__dict__.get("__annotations__", {}).items():
        if str(kind).startswith(("ClassVar", "typing.ClassVar")):
            continue
        default = cls.__dict__.get(name, _MISSING)
        item = default if isinstance(default, Field) else Field(default)
        item.name, item.type = name, kind
        own[name] = item
    return own


def _methods(cls: type, fields: Fields, parameters: _Parameters) -> dict[str, Any]:
    """What the decorator adds to a class."""
    added: dict[str, Any] = {
        _OWN: fields,
        "__dataclass_fields__": _StandardFields(),
        "__dataclass_params__": parameters,
        "__match_args__": tuple(item.name for item in fields.values() if item.init),
        "__init__": _late_initializer(cls, fields, parameters.frozen),
    }
    if "__repr__" not in cls.__dict__:
        added["__repr__"] = _repr
    if parameters.eq:
        if "__eq__" not in cls.__dict__:
            added["__eq__"] = _eq
        # A class that defines `__eq__` alone has an implicit `__hash__` of `None`.
        if cls.__dict__.get("__hash__") is None:
            added["__hash__"] = _hash if parameters.frozen else None
    if parameters.frozen:
        added |= {"__setattr__": _refuse_change, "__delattr__": _refuse_change}
        if parameters.slots:
            added |= {"__getstate__": _getstate, "__setstate__": _setstate}
    return added


def _late_initializer(cls: type, fields: Fields, frozen: bool) -> Callable[..., None]:
    """What compiles the initializer when the first object is made, and takes itself out of the way."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        initializer = _initializer(cls, fields, frozen)
        for owner in type(self).__mro__:
            if owner.__dict__.get("__init__") is __init__:
                owner.__init__ = initializer  # type: ignore[misc]
        initializer(self, *args, **kwargs)

    return __init__


def _initializer(cls: type, fields: Fields, frozen: bool) -> Callable[..., None]:
    """The one function that is compiled for a class: it runs for every object."""
    globals_: dict[str, Any] = {"_set": object.__setattr__, "_missing": _MISSING}
    parameters, lines = ["self"], []
    for name, item in fields.items():
        globals_ |= {f"_f_{name}": item.factory, f"_d_{name}": item.default}
        parameter, value = _parameter(item)
        if parameter:
            parameters.append(parameter)
        if value:
            lines.append(f" _set(self, {name!r}, {value})" if frozen else f" self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    made: dict[str, Any] = {}
    exec("\n".join([f"def __init__({', '.join(parameters)}):", *lines, " pass"]), globals_, made)
    initializer: Callable[..., None] = made["__init__"]
    initializer.__qualname__ = f"{cls.__qualname__}.__init__"
    return initializer


def _parameter(item: Field) -> tuple[str, str]:
    """The parameter of a field, and what becomes its value; nothing where there is none."""
    name = item.name
    if item.factory is not _MISSING:
        made = f"_f_{name}()"
        return (f"{name}=_missing", f"{made} if {name} is _missing else {name}") if item.init else ("", made)
    if item.default is not _MISSING:
        return (f"{name}=_d_{name}", name) if item.init else ("", f"_d_{name}")
    return (name, name) if item.init else ("", "")


def _values(record: Any) -> tuple[Any, ...]:
    return tuple([getattr(record, name) for name in fields_of(type(record))])


def _repr(self: Any) -> str:
    shown = [f"{item.name}={getattr(self, item.name)!r}" for item in fields_of(type(self)).values() if item.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: Any) -> Any:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _refuse_change(self: Any, name: str, value: Any = None) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _getstate(self: Any) -> list[Any]:
    return list(_values(self))


def _setstate(self: Any, state: list[Any]) -> None:
    for name, value in zip(fields_of(type(self)), state, strict=True):
        object.__setattr__(self, name, value)


class _StandardFields:
    """The fields as `dataclasses` keeps them, made when somebody asks."""

    def __get__(self, instance: Any, owner: type) -> dict[str, Any]:
        import dataclasses

        found = {}
        for name, item in fields_of(owner).items():
            given = {"default": item.default, "default_factory": item.factory}
            given = {key: value for key, value in given.items() if value is not _MISSING}
            made: Any = dataclasses.field(init=item.init, repr=item.repr, **given)
            made.name, made.type, made.kw_only = name, item.type, False
            made._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
            found[name] = made
        return found
