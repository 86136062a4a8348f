"""Go's fmt for values: what actions, `print` and the verb %v write.

A type with a String method gives it through `GoObject.go_string`. Two more methods are looked up where a type has them:
`go_parts()` gives all fields of a struct, unexported ones too, by name or as a tuple; `go_printed()` gives the text of
an action for a type whose String method belongs to the pointer. Objects of a number, string or slice kind convert with
int, str and list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from chartkit.goquote import quote, quote_rune
from chartkit.gotemplate.gofloat import format_float, json_float
from chartkit.gotemplate.gofmt_printf import sprintf
from chartkit.gotemplate.gofmt_verbs import Spec, format_operand
from chartkit.gotypes import (
    Int64,
    IntList,
    Matrix,
    NilMap,
    NilSlice,
    NilStringMap,
    StringList,
    StringMap,
    Uint8,
    Uint32,
    Uint64,
    Values,
    go_kind,
)
from chartkit.limits import hold_size

__all__ = [
    "format_float",
    "go_syntax",
    "json_float",
    "pointed_text",
    "quote",
    "quote_rune",
    "sprint",
    "sprint_value",
    "sprintf",
    "sprintln",
    "template_text",
]


def sprint_value(value: Any) -> str:
    """The text of %v, as fmt.Sprint gives it; nil is `<nil>`."""
    if type(value) is str:
        return value
    text_of = _TEXTS.get(type(value))
    if text_of is not None:
        return text_of(value)
    return format_operand(value, "v", Spec())


def template_text(value: Any) -> str:
    """The text that an action such as `{{ .x }}` writes; nil is `<no value>`."""
    if type(value) is str:
        return value
    if value is None:
        return "<no value>"
    text_of = _TEXTS.get(type(value))
    if text_of is not None:
        return text_of(value)
    printed = getattr(value, "go_printed", None)
    return pointed_text(value) if printed is None else str(printed())


def pointed_text(value: Any) -> str:
    """The text of %v, or of what the value points to."""
    text = sprint_value(value)
    return text[1:] if text[:2] == "&{" and go_kind(value) == "ptr" else text


def sprint(args: Sequence[Any]) -> str:
    """Go's fmt.Sprint: a space between two operands when neither is a string."""
    parts: list[str] = []
    after_string = True
    for value in args:
        is_string = type(value) is str or go_kind(value) == "string"
        if not (is_string or after_string):
            parts.append(" ")
        parts.append(sprint_value(value))
        after_string = is_string
    return "".join(parts)


def sprintln(args: Sequence[Any]) -> str:
    """Go's fmt.Sprintln: spaces between all operands, and a newline."""
    return " ".join(map(sprint_value, args)) + "\n"


def go_syntax(value: Any) -> str:
    """The text of %#v: the value as Go source."""
    spec = Spec()
    spec.sharp_v = True
    return format_operand(value, "v", spec)


def _collection(value: Any) -> str:
    """A map or list that nothing is around."""
    hold_size(value)
    return _inner_text(value)


def _inner_text(value: Any) -> str:
    """A value inside a map or list."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind in _LISTS:
        return f"[{' '.join(map(_inner_text, value))}]"
    if kind in _MAPS:
        return f"map[{' '.join([f'{key}:{_inner_text(value[key])}' for key in sorted(value)])}]"
    return sprint_value(value)


_LISTS: Final = frozenset((list, NilSlice, StringList, IntList, Matrix))
_MAPS: Final = frozenset((dict, NilMap, StringMap, NilStringMap, Values))


_TEXTS: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda value: "<nil>",
    bool: lambda value: "true" if value else "false",
    float: format_float,
    **dict.fromkeys((int, Int64, Uint64, Uint32, Uint8), str),
    **dict.fromkeys((*_LISTS, *_MAPS), _collection),
}
