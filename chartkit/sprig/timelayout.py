"""Go's time layouts: how `Jan 2 15:04:05 2006` is cut into its elements, and how a time is written with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

_ELEMENT: Final = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|(?<=_)2006|_2(?!006)|__2|3|4|5|PM|pm"
    r"|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,](?:0+|9+)(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a layout and the literal text before it; the last one of a layout is empty."""

    prefix: str
    text: str


@lru_cache(maxsize=256)
def split_layout(layout: str) -> tuple[Element, ...]:
    """Cut a layout into elements."""
    out = []
    at = 0
    for match in _ELEMENT.finditer(layout):
        out.append(Element(layout[at : match.start()], match[0]))
        at = match.end()
    out.append(Element(layout[at:], ""))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Fields:
    """A moment, as the clock and the calendar of its zone show it."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    weekday: int
    year_day: int
    zone: str
    offset: int


def format_time(fields: Fields, layout: str) -> str:
    """Write a moment by a layout."""
    out = []
    for element in split_layout(layout):
        out.append(element.prefix)
        if element.text:
            out.append(_write(fields, element.text))
    return "".join(out)


def _write(fields: Fields, text: str) -> str:
    simple = _WRITERS.get(text)
    if simple:
        return simple(fields)
    if text[0] in ".,":
        return _write_fraction(fields.nanosecond, text)
    return _write_offset(fields.offset, text)


def _padded(number: int, width: int) -> str:
    digits = str(abs(number)).zfill(width)
    return f"-{digits}" if number < 0 else digits


def _twelve(hour: int) -> int:
    return hour % 12 or 12


def _write_zone(fields: Fields) -> str:
    return fields.zone or _write_offset(fields.offset, "-0700")


def _write_fraction(nanosecond: int, text: str) -> str:
    digits = f"{nanosecond:09d}"[: len(text) - 1]
    if text[1] == "9":
        digits = digits.rstrip("0")
        return text[0] + digits if digits else ""
    return text[0] + digits


def _write_offset(offset: int, text: str) -> str:
    if text[0] == "Z" and offset == 0:
        return "Z"
    # Go cuts the offset to minutes first, so the sign of one below a minute is lost.
    minutes = abs(offset) // 60
    sign = "-" if offset < 0 and minutes else "+"
    parts = [f"{minutes // 60:02d}", f"{minutes % 60:02d}", f"{abs(offset) % 60:02d}"]
    separator = ":" if ":" in text else ""
    return sign + separator.join(parts[: len(text.replace(":", "")) // 2])


_WRITERS: Final[dict[str, Callable[[Fields], str]]] = {
    "January": lambda fields: MONTHS[fields.month - 1],
    "Jan": lambda fields: MONTHS[fields.month - 1][:3],
    "1": lambda fields: str(fields.month),
    "01": lambda fields: _padded(fields.month, 2),
    "Monday": lambda fields: WEEKDAYS[fields.weekday],
    "Mon": lambda fields: WEEKDAYS[fields.weekday][:3],
    "2": lambda fields: str(fields.day),
    "_2": lambda fields: str(fields.day).rjust(2),
    "02": lambda fields: _padded(fields.day, 2),
    "__2": lambda fields: str(fields.year_day).rjust(3),
    "002": lambda fields: _padded(fields.year_day, 3),
    "15": lambda fields: _padded(fields.hour, 2),
    "3": lambda fields: str(_twelve(fields.hour)),
    "03": lambda fields: _padded(_twelve(fields.hour), 2),
    "4": lambda fields: str(fields.minute),
    "04": lambda fields: _padded(fields.minute, 2),
    "5": lambda fields: str(fields.second),
    "05": lambda fields: _padded(fields.second, 2),
    "2006": lambda fields: _padded(fields.year, 4),
    "06": lambda fields: _padded(abs(fields.year) % 100, 2),
    "PM": lambda fields: "PM" if fields.hour >= 12 else "AM",
    "pm": lambda fields: "pm" if fields.hour >= 12 else "am",
    "MST": _write_zone,
}
