"""Sprig's functions on emptiness, choice and types."""

from __future__ import annotations

from typing import Any, Final

from chartkit.gotypes import Function, go_kind, go_type, truth
from chartkit.sprig.equality import deep_equal


def default(fallback: Any, *given: Any) -> Any:
    """The given value, or the fallback if it is absent or empty; more arguments are ignored."""
    if given:
        value = given[0]
        if value if type(value) is str else truth(value):
            return value
    return fallback


def empty(value: Any) -> bool:
    """Whether a value is nil, false, zero, or without content."""
    return not truth(value)


def coalesce(*values: Any) -> Any:
    """The first value that is not empty, or nil."""
    for value in values:
        if truth(value):
            return value
    return None


def all_given(*values: Any) -> bool:
    """Whether no value is empty."""
    return all(map(truth, values))


def any_given(*values: Any) -> bool:
    """Whether some value is not empty."""
    return any(map(truth, values))


def ternary(if_true: Any, if_false: Any, condition: bool) -> Any:
    """One of two values by a condition."""
    return if_true if condition else if_false


def type_is(name: str, value: Any) -> bool:
    """Whether a value has a Go type."""
    return go_type(value) == name


def type_is_like(name: str, value: Any) -> bool:
    """Whether a value has a Go type or points to one."""
    return go_type(value) in (name, f"*{name}")


def kind_is(name: str, value: Any) -> bool:
    """Whether a value is of a Go kind."""
    return go_kind(value) == name


FUNCTIONS: Final = (
    Function("all", all_given, ("any",), variadic=True),
    Function("any", any_given, ("any",), variadic=True),
    Function("coalesce", coalesce, ("any",), variadic=True),
    Function("deepEqual", deep_equal, ("any", "any")),
    Function("default", default, ("any", "any"), variadic=True),
    Function("empty", empty, ("any",)),
    Function("kindIs", kind_is, ("string", "any")),
    Function("kindOf", go_kind, ("any",)),
    Function("ternary", ternary, ("any", "any", "bool")),
    Function("typeIs", type_is, ("string", "any")),
    Function("typeIsLike", type_is_like, ("string", "any")),
    Function("typeOf", go_type, ("any",)),
)
