"""Bounds that keep an untrusted chart from using up the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

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
    loop_steps: int = 50_000_000
    """Loop passes and template calls that one render may take."""
    yaml_nodes: int = 5_000_000
    """Nodes that one YAML document may hold once its aliases are followed."""
    seconds: float = 0.0
    """Wall-clock seconds for one render; 0 means no limit."""


DEFAULT_LIMITS: Final = Limits()
