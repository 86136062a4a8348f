"""Texts of values: one YAML document, or several that are laid over each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from chartkit.goyaml.failure import SEPARATE
from chartkit.goyaml.load import YAMLError, load_all, load_map, split_documents
from chartkit.goyaml.positions import load_positions
from chartkit.profile import Profile
from chartkit.source import Position, Source


class ValuesError(ValueError):
    """A text of values that cannot be used; the text is Helm's.

    Attributes:
        offset: where in the text the fault is, as far as that is known.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def load_values(text: str, profile: Profile) -> dict[str, Any]:
    """The map that a text of values stands for.

    Raises:
        ValuesError: the text is no YAML, or not a map.
    """
    try:
        if not profile.merges_documents:
            return load_map(text)
        maps = load_all(text)
    except YAMLError as error:
        in_document = profile.merges_documents and error.stage != SEPARATE
        prefix = "cannot unmarshal yaml document: " if in_document else ""
        raise ValuesError(prefix + error.full, error.offset or 0) from error
    return maps[0] if len(maps) == 1 else reduce(merge_maps, maps, {})


def value_position(source: Source, path: Sequence[str | int], profile: Profile) -> Position | None:
    """Where a text of values gives the value at a path: of several documents the last one that has it counts."""
    count = len(list(split_documents(source.text))) if profile.merges_documents else 0
    for document in reversed(range(count)) if count else [None]:
        offset = load_positions(source, document=document)[1].value(tuple(path))
        if offset is not None:
            return Position(source, offset)
    return None


def merge_maps(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """A new map with `over` laid over `base`; maps in both are merged, all else of `over` wins, nulls too."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = merge_maps(below, value) if type(value) is dict and type(below) is dict else value
    return merged
