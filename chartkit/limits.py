"""Bounds that keep an untrusted chart from using up the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one load and one render may use; every field can be set."""

    archive_bytes: int = 100 * MEBIBYTE
    """Unpacked size of a whole chart, in bytes (Helm: 100 MiB)."""
    file_bytes: int = 5 * MEBIBYTE
    """Size of one file in an archive, in bytes (Helm: 5 MiB)."""
    output_characters: int = 256 * MEBIBYTE
    """Characters that one render may write, intermediate texts counted."""
    loop_steps: int = 50_000_000
    """Loop passes and template calls that one render may take."""
    yaml_nodes: int = 5_000_000
    """Nodes that one YAML document may hold once its aliases are followed."""
    seconds: float = 0.0
    """Wall-clock seconds for one render; 0 means no limit."""


DEFAULT_LIMITS: Final = Limits()
