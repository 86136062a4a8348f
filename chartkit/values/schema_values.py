"""JSON values as schemas see them: their types, and when two are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chartkit.goquote import quote
from chartkit.goregexp import InvalidRegexp, compile_regexp
from chartkit.values.schema_document import SchemaFault, fraction, is_number


def type_of(value: Any) -> str:
    """The JSON type of a value."""
    if value is None:
        return "null"
    names = {bool: "boolean", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "number")


def is_whole(value: Any) -> bool:
    """Whether a number has no fraction."""
    return fraction(value).denominator == 1


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same; numbers by their value."""
    if is_number(one):
        return is_number(other) and fraction(one) == fraction(other)
    if type(one) is not type(other):
        return False
    if type(one) is dict:
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if type(one) is list:
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)


def duplicates(items: list[Any]) -> tuple[int, int] | None:
    """The first two equal items, by the second one's place."""
    by_kind: dict[Any, list[int]] = {}
    for index, item in enumerate(items):
        key = item if type(item) is str else fraction(item) if is_number(item) else type(item)
        for earlier in by_kind.setdefault(key, []):
            if equal(item, items[earlier]):
                return earlier, index
        by_kind[key].append(index)
    return None


def count_of(value: Any) -> int | None:
    """A bound on a count; one that is no whole number does not count."""
    if not is_number(value):
        return None
    number = fraction(value)
    return int(number) if number.denominator == 1 else None


def map_under(spec: Mapping[str, Any], keyword: str) -> Mapping[str, Any]:
    """The map under a keyword; an empty one where there is none."""
    value = spec.get(keyword)
    return value if type(value) is dict else {}


def pattern_search(pattern: str) -> Callable[[str], object]:
    """The search for a pattern."""
    try:
        return compile_regexp(pattern).search
    except InvalidRegexp as error:
        raise SchemaFault(f"invalid regex {quote(pattern)}: {error}") from error
