"""Sprig's functions on lists. Results are []interface {}, but `slice` keeps the type and `sortAlpha` gives []string."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from chartkit.gotypes import Function, FunctionError, IntList, Matrix, NilSlice, StringList, Uint8, go_kind, truth
from chartkit.sprig.equality import deep_equal, is_in
from chartkit.sprig.numeric import to_int64
from chartkit.sprig.strings import to_string, to_strings

_PLAIN_LISTS: Final = frozenset({list, StringList, IntList, Matrix})
_NIL_DEREFERENCE: Final = "runtime error: invalid memory address or nil pointer dereference"


def items_of(value: Any, complaint: str) -> list[Any]:
    """The items of any Go slice; the same list where it is one.

    Raises:
        FunctionError: `complaint` and the kind of a value that is no list, or a nil dereference.
    """
    if isinstance(value, list):
        return value
    if value is None:
        raise FunctionError(_NIL_DEREFERENCE)
    if type(value) is bytes:
        return [Uint8(item) for item in value]
    kind = go_kind(value)
    if kind == "slice":
        return list(value)
    raise FunctionError(f"{complaint} {kind}")


def list_like(values: list[Any], items: Iterable[Any]) -> list[Any]:
    """A list of the same Go type with other items."""
    kind = type(values)
    if kind in _PLAIN_LISTS:
        return kind(items)
    from copy import copy

    clone = copy(values)
    clone[:] = items
    return clone


def new_list(*values: Any) -> list[Any]:
    """A list of the arguments."""
    return list(values)


def append(values: Any, value: Any) -> list[Any]:
    """A copy with one more item at the end."""
    return [*items_of(values, "Cannot push on type"), value]


def prepend(values: Any, value: Any) -> list[Any]:
    """A copy with one more item at the start."""
    return [value, *items_of(values, "Cannot prepend on type")]


def first(values: Any) -> Any:
    """The first item, nil if there is none."""
    items = items_of(values, "Cannot find first on type")
    return items[0] if items else None


def last(values: Any) -> Any:
    """The last item, nil if there is none."""
    items = items_of(values, "Cannot find last on type")
    return items[-1] if items else None


def rest(values: Any) -> list[Any]:
    """All items but the first."""
    items = items_of(values, "Cannot find rest on type")
    return list(items[1:]) if items else NilSlice()


def initial(values: Any) -> list[Any]:
    """All items but the last."""
    items = items_of(values, "Cannot find initial on type")
    return list(items[:-1]) if items else NilSlice()


def reverse(values: Any) -> list[Any]:
    """The items in reverse order."""
    return list(reversed(items_of(values, "Cannot find reverse on type")))


def compact(values: Any) -> list[Any]:
    """The items that are not empty."""
    return [item for item in items_of(values, "Cannot compact on type") if truth(item)]


def uniq(values: Any) -> list[Any]:
    """The items without later duplicates."""
    items = items_of(values, "Cannot find uniq on type")
    if all(type(item) is str for item in items):
        return list(dict.fromkeys(items))
    result: list[Any] = []
    for item in items:
        if not is_in(result, item):
            result.append(item)
    return result


def without(values: Any, *omitted: Any) -> list[Any]:
    """The items that equal none of some values."""
    return [item for item in items_of(values, "Cannot find without on type") if not is_in(omitted, item)]


def has(value: Any, values: Any) -> bool:
    """Whether a list holds a value; a nil list holds none."""
    if values is None:
        return False
    items = items_of(values, "Cannot find has on type")
    if type(value) is str:
        return value in items
    return any(deep_equal(value, item) for item in items)


def sort_alpha(values: Any) -> StringList:
    """The texts of the items in byte order."""
    if isinstance(values, list) or (values is not None and go_kind(values) == "slice"):
        return StringList(sorted(to_strings(values)))
    return StringList((to_string(values),))


def cut(values: Any, *bounds: Any) -> Any:
    """The items from one index up to another, as a list of the same type; nil for an empty list."""
    items = items_of(values, "list should be type of slice or array but")
    size = len(items)
    if not size:
        return None
    start = to_int64(bounds[0]) if bounds else 0
    end = to_int64(bounds[1]) if len(bounds) > 1 else size
    if not 0 <= start <= end <= size:
        raise FunctionError("reflect.Value.Slice: slice index out of bounds")
    if type(values) is bytes:
        return values[start:end]
    return list_like(values, items[start:end]) if isinstance(values, list) else items[start:end]


def chunk(size: int, values: Any) -> Matrix:
    """The items in lists of `size` items, the last one perhaps shorter."""
    items = items_of(values, "Cannot chunk type")
    if size > 0:
        return Matrix(list(items[start : start + size]) for start in range(0, len(items), size))
    # What Go's arithmetic makes of a negative size: mostly a slice of negative length.
    count = (len(items) - 1) // size + 1 if size else -1
    if count < 0 or (count and (size == -1 or len(items) != 1)):
        raise FunctionError("runtime error: makeslice: len out of range")
    return Matrix([items] if count else [])


def concat(*lists: Any) -> list[Any]:
    """All items of several lists."""
    result: list[Any] = []
    for values in lists:
        result.extend(_concatenable(values))
    return result if result else NilSlice()


def _concatenable(values: Any) -> list[Any]:
    if isinstance(values, (list, bytes)) or values is None or go_kind(values) == "slice":
        return items_of(values, "")
    raise FunctionError(f"Cannot concat type {go_kind(values)} as list")


def _twins(name: str, call: Any, *params: str, variadic: bool = False) -> tuple[Function, Function]:
    """A function and its `must` form, which fails in the same words."""
    must = f"must{name[0].upper()}{name[1:]}"
    return Function(name, call, params, variadic), Function(must, call, params, variadic)


FUNCTIONS: Final = (
    *_twins("append", append, "any", "any"),
    *_twins("push", append, "any", "any"),
    *_twins("prepend", prepend, "any", "any"),
    *_twins("first", first, "any"),
    *_twins("last", last, "any"),
    *_twins("rest", rest, "any"),
    *_twins("initial", initial, "any"),
    *_twins("reverse", reverse, "any"),
    *_twins("compact", compact, "any"),
    *_twins("uniq", uniq, "any"),
    *_twins("without", without, "any", "any", variadic=True),
    *_twins("has", has, "any", "any"),
    *_twins("slice", cut, "any", "any", variadic=True),
    *_twins("chunk", chunk, "int", "any"),
    Function("concat", concat, ("any",), variadic=True),
    Function("list", new_list, ("any",), variadic=True),
    Function("sortAlpha", sort_alpha, ("any",)),
    Function("tuple", new_list, ("any",), variadic=True),
)
