"""Where layers of values give what they give; each text is parsed once."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from chartkit.goyaml.load import split_documents
from chartkit.goyaml.positions import Path, Positions, load_positions
from chartkit.profile import Profile
from chartkit.source import Position, Source
from chartkit.values.inputs import Layer

_KEPT_TEXTS: Final = 32


def position_in(layer: Layer, path: Path) -> Position | None:
    """Where a layer gives the value at a path; `None` where that is not known."""
    if layer.places:
        return layer.position(path)
    # Of several documents the last one that has the value counts.
    for positions in reversed(_documents(layer.source, layer.profile)):
        offset = positions.value(path)
        if offset is not None:
            return Position(layer.source, offset)
    return None


@lru_cache(maxsize=_KEPT_TEXTS)
def _documents(source: Source, profile: Profile) -> tuple[Positions, ...]:
    """The places in each document that counts."""
    if not profile.merges_documents:
        return (load_positions(source)[1],)
    count = sum(1 for _ in split_documents(source.text))
    return tuple(load_positions(source, document=document)[1] for document in range(count))
