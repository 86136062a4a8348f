"""Where keys of values are written."""

from __future__ import annotations

from chartkit.checks.positions import position_in
from chartkit.source import Position, Source
from chartkit.values.inputs import ValuesInput


def position_of(values: ValuesInput, path: tuple[str, ...]) -> Position | None:
    """Where the user gives a key, or else what is nearest around it; `None` where he gives neither."""
    while path:
        layer = values.giver(path)
        position = position_in(layer, path) if layer else None
        if position is not None:
            return _without_values(position, path)
        path = path[:-1]
    return None


def _without_values(position: Position, path: tuple[str, ...]) -> Position:
    """A place in a flag is shown as the key alone: the rest of the flag may hold a password."""
    name = position.source.name
    return Position(Source(name, ".".join(path)), 0) if name.startswith("--") else position
