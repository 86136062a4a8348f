"""Edits put together: from single keys to the tree of values that a user gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chartkit.images.proposals import Edit
from chartkit.origin import Path


def assigned(edits: Iterable[Edit]) -> dict[Path, str]:
    """What every key holds in the end; edits of parts of one text are applied to it together."""
    by_path: dict[Path, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    return {path: _merged(each) for path, each in by_path.items()}


def _merged(edits: list[Edit]) -> str:
    whole = [edit for edit in edits if not edit.part]
    if whole:
        return whole[-1].value
    changes = {edit.part: edit.value for edit in edits}
    # The longest first: one image's name may be the beginning of another's.
    pattern = "|".join(re.escape(part) for part in sorted(changes, key=len, reverse=True))
    return re.sub(pattern, lambda match: changes[match[0]], edits[0].held)


def clashes(edit: Edit, others: Iterable[Edit]) -> bool:
    """Whether an edit wants something else of a key than other edits do."""
    return any(_clash(edit, other) for other in others if other.path == edit.path)


def _clash(edit: Edit, other: Edit) -> bool:
    if edit.part and other.part and edit.part != other.part:
        return False
    return edit != other


def values_tree(settings: Mapping[Path, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The values with some keys set.

    Args:
        settings: what each key is to hold.
        known: the values as they are: Helm replaces lists as a whole, so one of which an item changes is stated anew.
    """
    tree: dict[str, Any] = {}
    for path, value in settings.items():
        _put(tree, path, value, known)
    return tree


def _put(node: Any, path: Path, value: Any, known: Any) -> None:
    step, *rest = path
    if not rest:
        node[step] = value
        return
    below = _child(known, step)
    if isinstance(node, dict) and step not in node:
        node[step] = _copied(below) if isinstance(below, list) else {}
    _put(node[step], tuple(rest), value, below)


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(step)
    return node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None


def _copied(value: Any) -> Any:
    """A copy down to the leaves, of plain maps and lists."""
    if isinstance(value, dict):
        return {key: _copied(child) for key, child in value.items()}
    return [_copied(child) for child in value] if isinstance(value, list) else value
