"""The functions that Go's text/template brings along, but for `and` and `or`, which the compiler does itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.goquote import is_printable
from chartkit.gotemplate.gofmt import pointed_text, sprint, sprintf, sprintln
from chartkit.gotypes import (
    UNTYPED_NIL,
    Function,
    FunctionError,
    GoObject,
    Int64,
    NilMap,
    NilSlice,
    Uint8,
    Uint64,
    go_kind,
    go_type,
    truth,
)
from chartkit.pattern import pattern

_BASIC: Final[Mapping[str, str]] = {
    "bool": "bool",
    "string": "string",
    "float64": "float",
    "complex128": "complex",
    **dict.fromkeys(("int", "int8", "int16", "int32", "int64"), "integer"),
    **dict.fromkeys(("uint", "uint8", "uint16", "uint32", "uint64"), "integer"),
}
SAME_TYPE_COMPARES: Final = frozenset({str, int, float, bool, Int64, Uint64, complex})
_ORDERED: Final = frozenset({str, int, float, Int64, Uint64})
_ABSENT: Final = (None, UNTYPED_NIL)

_HTML: Final = str.maketrans({"\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SCRIPT: Final = {"\\": "\\\\", "'": "\\'", '"': '\\"'}
_SCRIPT_SPECIAL: Final = pattern(r"""[\\'"<>&=\x00-\x1f]|[^\x00-\x7f]""")
_QUERY_SPECIAL: Final = re.compile(rb"[^A-Za-z0-9\-_.~ ]")


def compare_basic(ambient: Ambient, left: Any, right: Any) -> bool:
    """Whether `eq` holds for two values.

    Raises:
        FunctionError: the two cannot be compared.
    """
    left_kind, right_kind = _basic_kind(left), _basic_kind(right)
    if left_kind != right_kind:
        if left in _ABSENT or right in _ABSENT:
            return False
        raise _incompatible(ambient, left, right)
    if left_kind:
        return bool(_plain(left) == _plain(right))
    return _same_object(left, right)


def less_than(ambient: Ambient, left: Any, right: Any) -> bool:
    """Whether `lt` holds for two values.

    Raises:
        FunctionError: the two cannot be put in order.
    """
    kind = type(left)
    if kind is type(right) and kind in _ORDERED:
        return bool(left < right)
    left_kind, right_kind = _basic_kind(left), _basic_kind(right)
    if not left_kind or not right_kind:
        raise FunctionError("invalid type for comparison")
    if left_kind != right_kind:
        raise _incompatible(ambient, left, right)
    if left_kind in ("bool", "complex"):
        raise FunctionError("invalid type for comparison")
    return bool(_plain(left) < _plain(right))


def html_escape(text: str) -> str:
    """Text with Go's HTML escapes; NUL becomes U+FFFD."""
    return text.translate(_HTML)


def js_escape(text: str) -> str:
    """Text fit for a JavaScript string literal."""
    return _SCRIPT_SPECIAL.sub(_script_escape, text)


def query_escape(text: str) -> str:
    """Text percent-encoded for the query of a URL; a space becomes a plus sign."""
    data = text.encode("utf-8", "surrogateescape")
    return _QUERY_SPECIAL.sub(lambda match: b"%%%02X" % match[0][0], data).replace(b" ", b"+").decode("ascii")


def _basic_kind(value: Any) -> str:
    """The family in which values compare; empty for nil, lists, maps and structs."""
    return "" if value is UNTYPED_NIL else _BASIC.get(go_kind(value), "")


def _plain(value: Any) -> Any:
    """The number or string in a named type."""
    if not isinstance(value, GoObject):
        return value
    convert: Any = str if value.go_kind == "string" else int
    return convert(value)


def _incompatible(ambient: Ambient, left: Any, right: Any) -> FunctionError:
    """The error for operands of two kinds; Helm 3 does not name them."""
    if ambient.profile.major == 3:
        return FunctionError("incompatible types for comparison")
    return FunctionError(f"incompatible types for comparison: {go_type(left)} and {go_type(right)}")


def _is_nil(value: Any) -> bool:
    """Whether a value is nil, or a nil list or map."""
    return value is None or value is UNTYPED_NIL or isinstance(value, (NilSlice, NilMap))


def _same_object(left: Any, right: Any) -> bool:
    """Equality outside the basic kinds: nil with nil, structs and pointers; lists and maps only compare with nil."""
    if left not in _ABSENT and right not in _ABSENT and go_kind(left) != go_kind(right):
        types = f"{go_type(left)}, {go_type(right)}"
        raise FunctionError(sprintf(f"non-comparable types %s: {types}: %v", (left, right)))
    if _is_nil(left) or _is_nil(right):
        return _is_nil(left) and _is_nil(right)
    if go_kind(right) in ("slice", "map", "func"):
        raise FunctionError(sprintf("non-comparable type %s: %v", (right, go_type(right))))
    return left is right or (go_kind(left) != "ptr" and bool(left == right))


def _eq(ambient: Ambient, first: Any, *others: Any) -> bool:
    """Whether the first value equals one of the others."""
    if not others:
        raise FunctionError("missing argument for comparison")
    kind = type(first)
    quick = kind in SAME_TYPE_COMPARES
    for other in others:
        if first == other if quick and type(other) is kind else compare_basic(ambient, first, other):
            return True
    return False


def _ne(ambient: Ambient, left: Any, right: Any) -> bool:
    """The opposite of `eq`."""
    return not _eq(ambient, left, right)


def _le(ambient: Ambient, left: Any, right: Any) -> bool:
    """Less or equal."""
    return less_than(ambient, left, right) or compare_basic(ambient, left, right)


def _gt(ambient: Ambient, left: Any, right: Any) -> bool:
    """Greater: not less or equal, which makes it true of NaN."""
    if type(left) is type(right) and type(left) in _ORDERED:
        return not left <= right
    return not _le(ambient, left, right)


def _ge(ambient: Ambient, left: Any, right: Any) -> bool:
    """Greater or equal: not less."""
    return not less_than(ambient, left, right)


def _and(*values: Any) -> Any:
    """The first argument that is false, else the last; the compiler evaluates no more of them than needed."""
    return next((value for value in values if _not(value)), values[-1])


def _or(*values: Any) -> Any:
    """The first argument that is true, else the last; the compiler evaluates no more of them than needed."""
    return next((value for value in values if not _not(value)), values[-1])


def _not(value: Any) -> bool:
    """The opposite of a value's truth."""
    return value is UNTYPED_NIL or not truth(value)


def _len(value: Any) -> int:
    """The length of a list, map or string; a string's in bytes."""
    if type(value) is str:
        return len(value) if value.isascii() else len(value.encode("utf-8", "surrogateescape"))
    if value is None:
        raise FunctionError("len of nil pointer")
    if value is UNTYPED_NIL:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    if go_kind(value) in ("slice", "map"):
        return len(value)
    if go_kind(value) == "string":
        return _len(str(value))
    raise FunctionError(f"len of type {_pointed_type(value)}")


def _index(item: Any, *indexes: Any) -> Any:
    """The item that is reached by following keys and positions."""
    if item in _ABSENT:
        raise FunctionError("index of untyped nil")
    for index in indexes:
        if item is None:
            raise FunctionError("index of nil pointer")
        item = _step(item, None if index is UNTYPED_NIL else index)
    return item


def _step(item: Any, index: Any) -> Any:
    """One step of `index`."""
    kind = go_kind(item)
    if kind == "map":
        if type(index) is not str:
            raise _wrong_key(index)
        if index in item:
            return item[index]
        zero = getattr(type(item), "go_zero", None)
        return zero() if zero else item.get(index)
    if kind == "string":
        data = str(item).encode("utf-8", "surrogateescape")
        return Uint8(data[_position(index, data, "string")])
    if kind != "slice":
        raise FunctionError(f"can't index item of type {_pointed_type(item)}")
    items = item if isinstance(item, (list, bytes)) else list(item)
    value = items[_position(index, items, "slice")]
    return Uint8(value) if type(item) is bytes else value


def _position(index: Any, items: Sequence[Any], kind: str) -> int:
    """An index as a position in a list or in the bytes of a string."""
    if type(index) is bool or not isinstance(index, int):
        if index is None:
            raise FunctionError("cannot index slice/array with nil")
        raise FunctionError(f"cannot index slice/array with type {go_type(index)}")
    if not 0 <= index <= len(items):
        raise FunctionError(f"index out of range: {index}")
    if index == len(items):
        raise FunctionError(f"reflect: {kind} index out of range")
    return int(index)


def _wrong_key(index: Any) -> FunctionError:
    """The error for a map key that is no string."""
    if index is None:
        return FunctionError("value is nil; should be of type string")
    return FunctionError(f"value has type {go_type(index)}; should be string")


def _pointed_type(value: Any) -> str:
    """The type of a value, or of what it points to."""
    return go_type(value).removeprefix("*")


def _script_escape(match: re.Match[str]) -> str:
    """The escape of one special character in JavaScript."""
    character = match[0]
    named = _SCRIPT.get(character)
    if named:
        return named
    code = ord(character)
    # Lone surrogates stand for undecodable bytes, which Go lets through.
    kept = code >= 0x80 and (0xD800 <= code < 0xE000 or is_printable(code))
    return character if kept else f"\\u{code:04X}"


def _text_of(args: Sequence[Any]) -> str:
    """The operands of an escaping function as one text, each printed as an action prints it."""
    operands = ["<no value>" if value is None else value for value in args]
    return pointed_text(operands[0]) if len(operands) == 1 else sprint(operands)


def _call(callee: str | None, function: Any, *_args: Any) -> Any:
    """Call a function value: templates have none, so this only fails.

    Args:
        callee: the source of the first operand, which the compiler puts in front; `None` if a pipe gave it.
        function: what that operand gave.
    """
    if function is None or function is UNTYPED_NIL:
        raise FunctionError("call of nil")
    if callee is None:
        callee = function if isinstance(function, str) else f"<{go_type(function)} Value>"
    raise FunctionError(f"non-function {callee} of type {go_type(function)}")


FUNCTIONS: Final = (
    Function("eq", _eq, ("value", "value"), variadic=True, ambient=True),
    Function("ne", _ne, ("value", "value"), ambient=True),
    Function("lt", less_than, ("value", "value"), ambient=True),
    Function("le", _le, ("value", "value"), ambient=True),
    Function("gt", _gt, ("value", "value"), ambient=True),
    Function("ge", _ge, ("value", "value"), ambient=True),
    Function("and", _and, ("value", "value"), variadic=True),
    Function("or", _or, ("value", "value"), variadic=True),
    Function("not", _not, ("value",)),
    Function("len", _len, ("value",)),
    Function("index", _index, ("value", "value"), variadic=True),
    Function("print", lambda *args: sprint(args), ("any",), variadic=True),
    Function("println", lambda *args: sprintln(args), ("any",), variadic=True),
    Function("printf", lambda template, *args: sprintf(template, args), ("string", "any"), variadic=True),
    Function("html", lambda *args: html_escape(_text_of(args)), ("any",), variadic=True),
    Function("js", lambda *args: js_escape(_text_of(args)), ("any",), variadic=True),
    Function("urlquery", lambda *args: query_escape(_text_of(args)), ("any",), variadic=True),
    Function("call", _call, ("value", "value"), variadic=True),
)
"""`slice` is left out: Helm's template functions put Sprig's in its place."""
