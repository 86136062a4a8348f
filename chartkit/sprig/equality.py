"""Go's reflect.DeepEqual over the value model: equal types all the way down, and a nil list unequal to an empty one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chartkit.gotypes import GoObject, NilMap, NilSlice, NilStringMap, go_type

_PLAIN = frozenset({str, bool, int, float, bytes, complex, type(None)})
_NIL_MAPS = (NilMap, NilStringMap)


def deep_equal(left: Any, right: Any) -> bool:
    """Whether two values are equal in type and content."""
    kind = type(left)
    if kind in _PLAIN:
        return type(right) is kind and bool(left == right)
    if isinstance(left, dict):
        return isinstance(right, dict) and _equal_maps(left, right)
    if isinstance(left, list):
        return isinstance(right, list) and _equal_lists(left, right)
    if type(right) is not kind:
        return False
    return left is right or bool(left == right) if isinstance(left, GoObject) else bool(left == right)


def _equal_maps(left: dict[str, Any], right: dict[str, Any]) -> bool:
    if type(left) is not type(right) and not _same_type(left, right, _NIL_MAPS):
        return False
    if left is right:
        return True
    return len(left) == len(right) and all(
        key in right and deep_equal(value, right[key]) for key, value in left.items()
    )


def _equal_lists(left: list[Any], right: list[Any]) -> bool:
    if type(left) is not type(right) and not _same_type(left, right, (NilSlice,)):
        return False
    if left is right:
        return True
    return len(left) == len(right) and all(map(deep_equal, left, right))


def _same_type(left: Any, right: Any, nils: tuple[type, ...]) -> bool:
    return not isinstance(left, nils) and not isinstance(right, nils) and go_type(left) == go_type(right)


def is_in(haystack: Iterable[Any], needle: Any) -> bool:
    """Whether some value equals another."""
    return any(deep_equal(needle, item) for item in haystack)
