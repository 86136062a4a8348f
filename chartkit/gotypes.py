"""Go's value model in Python: which Python type stands for which Go type, its kind, and its truth.

| Go | Python |
|---|---|
| nil | `None` |
| bool, string, float64, complex128 | `bool`, `str` (undecodable bytes as lone surrogates), `float`, `complex` |
| int | `int` |
| int64, uint64, uint32, uint8 | `Int64`, `Uint64`, `Uint32`, `Uint8`, subclasses of `int` |
| []interface {} | `list`; a nil slice is `NilSlice` |
| []string, []int, [][]interface {} | `StringList`, `IntList`, `Matrix`, subclasses of `list` |
| []byte | `bytes` |
| map[string]interface {} | `dict`; a nil map is `NilMap` |
| common.Values, map[string]string | `Values`, `StringMap`, subclasses of `dict` |
| structs, pointers, named types with methods | any class with a `go_type` attribute: see `GoObject` |

Maps and lists are references, as in Go: functions that mutate do so in place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from chartkit.record import dataclass

INT64_MIN: Final = -(1 << 63)
INT64_MAX: Final = (1 << 63) - 1


class Int64(int):
    """Go's int64. Arithmetic on it gives a plain `int`; wrap the result again."""

    __slots__ = ()


class Uint64(int):
    """Go's uint64."""

    __slots__ = ()


class Uint32(int):
    """Go's uint32."""

    __slots__ = ()


class Uint8(int):
    """Go's uint8: one byte of a string or of a []byte."""

    __slots__ = ()


class StringList(list[Any]):
    """Go's []string."""

    __slots__ = ()


class IntList(list[Any]):
    """Go's []int."""

    __slots__ = ()


class Matrix(list[Any]):
    """Go's [][]interface {}."""

    __slots__ = ()


class NilSlice(list[Any]):
    """A nil []interface {}: empty, and `null` in JSON."""

    __slots__ = ()


class NilMap(dict[str, Any]):
    """A nil map[string]interface {}: empty, and not to be written to."""

    __slots__ = ()


class StringMap(dict[str, Any]):
    """Go's map[string]string: a missing key reads as the empty string."""

    __slots__ = ()

    def get(self, key: str, default: Any = "") -> Any:
        """The value of a key, or `default`."""
        return super().get(key, default)


class Values(dict[str, Any]):
    """Helm's common.Values (chartutil.Values in Helm 3): `.`, `.Values` and `.Template`.

    Helm's `set`, `unset` and `merge` hand the same map back typed map[string]interface {}. A dict cannot have two
    types, so these functions set `retyped` instead, and from then on the map reports the plain type.
    """

    __slots__ = ("go_name", "retyped")
    go_methods: ClassVar[Mapping[str, Function]] = {}

    def __init__(self, *args: Any, go_name: str = "common.Values") -> None:
        super().__init__(*args)
        self.go_name = go_name
        self.retyped = False

    @property
    def go_type(self) -> str:
        """The name that Go's %T prints."""
        return "map[string]interface {}" if self.retyped else self.go_name


class NilStringMap(StringMap, NilMap):
    """A nil map[string]string: empty, and `null` in JSON."""

    __slots__ = ()


class _UntypedNil:
    """The literal `nil` given to a parameter of type reflect.Value."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNTYPED_NIL"


UNTYPED_NIL: Final = _UntypedNil()


class FunctionError(Exception):
    """A template function that failed or panicked: Helm prints `error calling NAME: ` and this text."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method that templates can call.

    Attributes:
        name: the name in templates.
        call: the Python callable; it takes the arguments in order, after the `Ambient` where `ambient` is set.
        params: the Go type of each parameter, out of `PARAMETER_TYPES`; of a variadic function the last one repeats.
        variadic: whether the last parameter takes any number of arguments.
        ambient: whether `call` takes the render's `Ambient` as first argument.
        pure: whether equal arguments always give an equal result and nothing is changed: such a call may be remembered.
    """

    name: str
    call: Callable[..., Any]
    params: tuple[str, ...] = ()
    variadic: bool = False
    ambient: bool = False
    pure: bool = True


PARAMETER_TYPES: Final = frozenset(
    {"any", "value", "string", "int", "int64", "uint32", "bool", "float64", "map", "slice", "time", "duration",
     "certificate", "semver", "strings"}
)  # fmt: skip
"""`any` is interface {}, `value` reflect.Value, `map` map[string]interface {}, `slice` []interface {},
`strings` []string, `time` time.Time, `duration` time.Duration, `certificate` sprig.certificate, and `semver`
*semver.Version."""


class GoObject:
    """Base of the structs, pointers and named types that templates can meet.

    A subclass names its Go type and kind and lists what templates may reach. `go_methods` take the object first.
    """

    __slots__ = ()
    go_type: ClassVar[str] = "struct {}"
    go_kind: ClassVar[str] = "struct"
    go_methods: ClassVar[Mapping[str, Function]] = {}
    go_fields: ClassVar[tuple[str, ...]] = ()

    def go_field(self, name: str) -> Any:
        """The value of one of `go_fields`."""
        return getattr(self, name)

    def go_string(self) -> str | None:
        """What Go's String or Error method gives; `None` where the type has none."""
        return None

    def go_json(self) -> Any:
        """A value to encode as JSON in the object's place."""
        return {name: self.go_field(name) for name in self.go_fields}

    def __bool__(self) -> bool:
        """Whether `if` takes it; Go's structs and non-nil pointers always are."""
        return True


_TYPES: Final[Mapping[type, tuple[str, str]]] = {
    type(None): ("<nil>", "invalid"),
    bool: ("bool", "bool"),
    str: ("string", "string"),
    float: ("float64", "float64"),
    int: ("int", "int"),
    Int64: ("int64", "int64"),
    Uint64: ("uint64", "uint64"),
    Uint32: ("uint32", "uint32"),
    Uint8: ("uint8", "uint8"),
    complex: ("complex128", "complex128"),
    list: ("[]interface {}", "slice"),
    NilSlice: ("[]interface {}", "slice"),
    StringList: ("[]string", "slice"),
    IntList: ("[]int", "slice"),
    Matrix: ("[][]interface {}", "slice"),
    bytes: ("[]uint8", "slice"),
    dict: ("map[string]interface {}", "map"),
    NilMap: ("map[string]interface {}", "map"),
    StringMap: ("map[string]string", "map"),
    NilStringMap: ("map[string]string", "map"),
}


def go_type(value: Any) -> str:
    """The name that Go's %T prints for a value."""
    known = _TYPES.get(type(value))
    return known[0] if known else str(value.go_type)


def go_kind(value: Any) -> str:
    """Go's reflect.Kind of a value, in lower case; `invalid` for nil."""
    known = _TYPES.get(type(value))
    if known:
        return known[1]
    if isinstance(value, dict):
        return "map"
    return "slice" if isinstance(value, list) else str(value.go_kind)


def truth(value: Any) -> bool:
    """Whether `if` takes a value (text/template's IsTrue): Python's own truth, by the way the types are chosen.

    False are nil, false, zero of any number kind, and empty strings, lists and maps.
    """
    return bool(value)


def wrap_int64(number: int) -> Int64:
    """A whole number cut to 64 bits, as Go's integer arithmetic overflows."""
    if INT64_MIN <= number <= INT64_MAX:
        return Int64(number)
    return Int64(((number - INT64_MIN) & ((1 << 64) - 1)) + INT64_MIN)
