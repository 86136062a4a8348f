"""Bounds that keep an untrusted chart from using up the machine."""

from __future__ import annotations

from typing import Any, Final

from chartkit.errors import LimitError
from chartkit.record import dataclass

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one load and one render may use; every field can be set."""

    archive_bytes: int = 100 * MEBIBYTE
    """Unpacked size of a whole chart, in bytes (Helm 4.3: 100 MiB)."""
    file_bytes: int = 100 * MEBIBYTE
    """Size of one file of a chart, in bytes; Helm 4.1 and 4.2 allow no more than 5 MiB, and their profiles likewise."""
    output_characters: int = 256 * MEBIBYTE
    """Characters that one render may write, intermediate texts counted."""
    loop_steps: int = 5_000_000
    """Loop passes and template calls that one render may take."""
    yaml_nodes: int = 5_000_000
    """Nodes that one YAML document may hold once its aliases are followed."""
    seconds: float = 0.0
    """Wall-clock seconds for one render; 0 means no limit."""


DEFAULT_LIMITS: Final = Limits()

LIMIT_NAMES: Final = ("archive_bytes", "file_bytes", "output_characters", "loop_steps", "yaml_nodes")
"""The limits that are whole numbers, as configurations and flags call them."""

_process: Final = {"yaml_nodes": DEFAULT_LIMITS.yaml_nodes}


def hold_nodes(count: int) -> None:
    """Set `yaml_nodes` for this process: values are read and written in places that know of no render."""
    _process["yaml_nodes"] = count


def most_nodes() -> int:
    """How many nodes a YAML document or a value that is written out may have."""
    return _process["yaml_nodes"]


def hold_size(value: Any) -> None:
    """Refuse a map or list that would be too large once everything it refers to is written out.

    A few lines of a template can make a value that refers to the same parts over and over: small in memory, and
    endless on paper. Each map and list is counted once, so that this takes no longer than the value is large in memory.

    Raises:
        LimitError: more than `most_nodes()` nodes.
    """
    try:
        size = _expanded(value, {})
    except RecursionError:
        # It holds itself, or is very deep: whoever writes it finds that out, and has words of its own for it.
        return
    if size > most_nodes():
        raise LimitError(f"a value has more than {most_nodes()} nodes when it is written out")


def _expanded(value: Any, known: dict[int, int]) -> int:
    items = value.values() if isinstance(value, dict) else value
    total = len(items)
    for item in items:
        if isinstance(item, (dict, list)) and item:
            size = known.get(id(item))
            if size is None:
                size = known[id(item)] = _expanded(item, known)
            total += size
    return total
