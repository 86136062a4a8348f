"""Dataclasses that are made quickly: to a type checker the standard ones, at a twentieth of their cost at import.

The standard decorator compiles up to seven functions for every class, and brings `inspect` and half a compiler along:
that was most of the time of a cold start. See `recordmaker` for what takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    from chartkit.recordmaker import dataclass, field, replace

__all__ = ["dataclass", "field", "replace"]
