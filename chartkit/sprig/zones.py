"""Time zones as Go knows them: a name and an offset for every moment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC as PYTHON_UTC
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

_CYCLE: Final = 146_097 * 86_400
"""Seconds of 400 years, after which the calendar repeats."""
_SEASON: Final = 90 * 86_400
_SEASONS_FROM: Final = -4_000_000_000
_SEASONS_TO: Final = 2_200_000_000
_FIRST: Final = -62_135_596_800 + 2 * 86_400
_LAST: Final = 253_402_300_800 - 2 * 86_400


class Zone(Protocol):
    """A time zone."""

    @property
    def name(self) -> str:
        """What Go's Location prints: `UTC`, `Local`, `Europe/Berlin`, or empty."""

    @property
    def is_local(self) -> bool:
        """Whether it is the local zone of a render."""

    def lookup(self, seconds: int) -> tuple[str, int]:
        """The abbreviation and the seconds east of Greenwich at a moment, given in seconds since 1970."""

    def daylight(self, seconds: int) -> bool:
        """Whether daylight saving time holds at a moment."""

    def offsets(self, name: str) -> tuple[int, ...]:
        """The offsets that an abbreviation has had, the oldest first."""


@dataclass(frozen=True, slots=True)
class FixedZone:
    """A zone whose offset never changes."""

    name: str
    offset: int
    is_local: bool = False

    def lookup(self, seconds: int) -> tuple[str, int]:
        """Always the same."""
        return self.name, self.offset

    def daylight(self, seconds: int) -> bool:
        """Never."""
        return False

    def offsets(self, name: str) -> tuple[int, ...]:
        """The only one."""
        return (self.offset,) if name == self.name else ()


@dataclass(frozen=True, slots=True)
class NamedZone:
    """A zone out of Python's `tzinfo`."""

    name: str
    rules: tzinfo
    is_local: bool = False

    def lookup(self, seconds: int) -> tuple[str, int]:
        """By the rules, which far-off centuries share with near ones."""
        moment = self._moment(seconds)
        offset = moment.utcoffset()
        return moment.tzname() or "", int(offset.total_seconds()) if offset else 0

    def daylight(self, seconds: int) -> bool:
        """Whether the rules add something to the standard time."""
        return bool(self._moment(seconds).dst())

    def offsets(self, name: str) -> tuple[int, ...]:
        """All that the rules have held for at least a season."""
        return _offsets(self.rules).get(name, ())

    def _moment(self, seconds: int) -> datetime:
        while seconds < _FIRST:
            seconds += _CYCLE
        if seconds > _LAST:
            seconds -= -(-(seconds - _LAST) // _CYCLE) * _CYCLE
        return datetime.fromtimestamp(seconds, self.rules)


@lru_cache(maxsize=16)
def _offsets(rules: tzinfo) -> dict[str, tuple[int, ...]]:
    """Every abbreviation of a zone with its offsets, found by looking at each season of two centuries."""
    zone = NamedZone("", rules)
    out: dict[str, tuple[int, ...]] = {}
    for seconds in range(_SEASONS_FROM, _SEASONS_TO, _SEASON):
        name, offset = zone.lookup(seconds)
        if offset not in out.setdefault(name, ()):
            out[name] = (*out[name], offset)
    return out


UTC: Final = FixedZone("UTC", 0)
LOCAL_UTC: Final = FixedZone("UTC", 0, True)


def load_zone(name: str, local: Zone) -> Zone | None:
    """The zone of a name, as Go's LoadLocation finds it; `None` for an unknown one."""
    if name in ("", "UTC"):
        return UTC
    return local if name == "Local" else _load_named(name)


@lru_cache(maxsize=64)
def _load_named(name: str) -> Zone | None:
    # Few charts name a zone, and the module reads the zone files.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if ".." in name or name.startswith(("/", "\\")):
        return None
    try:
        return NamedZone(name, ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def local_zone(chosen: tzinfo | None) -> Zone:
    """The local zone: the chosen one, else the system's."""
    if chosen is None:
        return _system_zone(os.environ.get("TZ"))
    name = str(getattr(chosen, "key", "Local"))
    return LOCAL_UTC if chosen is PYTHON_UTC or name == "UTC" else NamedZone(name, chosen, True)


@lru_cache(maxsize=4)
def _system_zone(variable: str | None) -> Zone:
    """What the variable TZ names; without it, what the system is set to; UTC where that fails."""
    if variable is None:
        return _zone_of_file(Path("/etc/localtime"), "Local")
    name = variable.removeprefix(":")
    if name.startswith("/"):
        return _zone_of_file(Path(name), name)
    found = load_zone(name, UTC)
    return NamedZone(name, found.rules, True) if isinstance(found, NamedZone) else LOCAL_UTC


def _zone_of_file(path: Path, name: str) -> Zone:
    from zoneinfo import ZoneInfo

    try:
        with path.open("rb") as data:
            return NamedZone(name, ZoneInfo.from_file(data), True)
    except (OSError, ValueError):
        return LOCAL_UTC
