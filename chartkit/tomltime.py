"""The dates and times of TOML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TIME: Final = re.compile(
    r"(?:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}))?(?P<t>T)?"
    r"(?:(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?\Z"
)


@dataclass(frozen=True, slots=True)
class TomlTime:
    """A date, a time of day, or both, as the text has it.

    Attributes:
        date: year, month and day; 0, 1, 1 for a time of day.
        clock: hour, minute and second.
        nanosecond: the fraction of the second.
        offset: seconds east of UTC; `None` for a local time.
        zone: `UTC` or empty with an offset; without one `datetime-local`, `date-local` or `time-local`.
        complete: whether a time of day has its seconds, which TOML 1.0 asks for.
    """

    date: tuple[int, int, int]
    clock: tuple[int, int, int]
    nanosecond: int
    offset: int | None
    zone: str
    complete: bool = True


def parse_time(text: str) -> TomlTime | None:
    """Read a date, a time of day or both; `None` if the text is none of these."""
    match = _TIME.match(text)
    if not match or not (match["date"] or match["hour"]):
        return None
    both = bool(match["date"] and match["hour"])
    if bool(match["t"]) != both or (match["zone"] and not both):
        return None
    year, month, day = map(int, (match["date"] or "0000-01-01").split("-"))
    clock = (int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0))
    offset = _offset(match["zone"]) if match["zone"] else None
    if not _is_date(year, month, day) or clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return None
    complete = bool(match["second"] or not match["hour"])
    nanosecond = int((match["fraction"] or "0")[:9].ljust(9, "0"))
    return TomlTime((year, month, day), clock, nanosecond, offset, _zone_name(match), complete)


def _zone_name(match: re.Match[str]) -> str:
    if match["zone"]:
        return "UTC" if match["zone"] == "Z" else ""
    if match["hour"]:
        return "datetime-local" if match["date"] else "time-local"
    return "date-local"


def _is_date(year: int, month: int, day: int) -> bool:
    if not 1 <= month <= 12:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= (29 if month == 2 and leap else 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)


def _offset(zone: str) -> int:
    if zone == "Z":
        return 0
    hours, minutes = zone[1:].split(":")
    return (int(hours) * 3600 + int(minutes) * 60) * (-1 if zone[0] == "-" else 1)
