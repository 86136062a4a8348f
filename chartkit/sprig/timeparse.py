"""Read a time by one of Go's layouts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chartkit.sprig.calendars import DAYS_BEFORE, days_in_month, is_leap, unix_seconds
from chartkit.sprig.timelayout import MONTHS, WEEKDAYS, split_layout
from chartkit.sprig.timespan import quote_plainly
from chartkit.sprig.zones import UTC, FixedZone, Zone

_OFFSETS: Final = {
    "07:00": re.compile(r"(.)(..):(..)()", re.DOTALL),
    "07": re.compile(r"(.)(..)()()", re.DOTALL),
    "07:00:00": re.compile(r"(.)(..):(..):(..)", re.DOTALL),
    "070000": re.compile(r"(.)(..)(..)(..)", re.DOTALL),
    "0700": re.compile(r"(.)(..)(..)()", re.DOTALL),
}
_ABBREVIATION: Final = re.compile(r"ChST|MeST|GMT(?:[+-][0-9]+)?|[+-][0-9]+|[A-Z]{3,6}")
_DIGITS: Final = frozenset("0123456789")
_NO_OFFSET: Final = -1


class InvalidTime(ValueError):
    """A text that does not fit its layout, in Go's words."""


class _BadField(Exception):
    """The text does not go on as the layout's element asks."""


class _OutOfRange(Exception):
    """A field has a value that no time has."""


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    rest: str
    next_text: str = ""
    year: int = 0
    month: int = -1
    day: int = -1
    year_day: int = -1
    hour: int = 0
    minute: int = 0
    second: int = 0
    nanosecond: int = 0
    morning: bool = False
    afternoon: bool = False
    zone: Zone | None = None
    offset: int = _NO_OFFSET
    abbreviation: str = ""


def parse_time(layout: str, text: str, local: Zone) -> tuple[int, int, Zone]:
    """Read a time: its seconds since 1970, its nanoseconds and its zone; raise `InvalidTime` where it does not fit."""
    reading = _Reading(text)
    elements = split_layout(layout)
    for number, element in enumerate(elements):
        _skip(reading, element.prefix, layout, text)
        if not element.text:
            break
        reading.next_text = elements[number + 1].text if not elements[number + 1].prefix else ""
        _read_element(reading, element.text, layout, text)
    if reading.rest:
        raise InvalidTime(f"parsing time {quote_plainly(text)}: extra text: {quote_plainly(reading.rest)}")
    _finish(reading, text)
    return _locate(reading, local)


def _skip(reading: _Reading, prefix: str, layout: str, text: str) -> None:
    """Pass over literal text; a run of spaces stands for any run of spaces."""
    rest = reading.rest
    left = prefix
    while left:
        if left[0] == " " and (not rest or rest[0] == " "):
            left = left.lstrip(" ")
            rest = rest.lstrip(" ")
        elif rest[:1] == left[0]:
            left = left[1:]
            rest = rest[1:]
        else:
            raise _misfit(layout, text, prefix, rest)
    reading.rest = rest


def _misfit(layout: str, text: str, element: str, rest: str) -> InvalidTime:
    shown = [quote_plainly(part) for part in (text, layout, rest, element)]
    return InvalidTime(f"parsing time {shown[0]} as {shown[1]}: cannot parse {shown[2]} as {shown[3]}")


def _read_element(reading: _Reading, element: str, layout: str, text: str) -> None:
    before = reading.rest
    try:
        if element[0] in ".,":
            _read_fraction(reading, element)
        elif element[0] in "-Z":
            _read_offset(reading, element)
        else:
            _READERS[element](reading)
    except _OutOfRange as error:
        raise InvalidTime(f"parsing time {quote_plainly(text)}: {error} out of range") from None
    except _BadField:
        raise _misfit(layout, text, element, before) from None


def _take(reading: _Reading, count: int) -> str:
    """The next characters; Go counts bytes here, which only matters to text that fails anyway."""
    if len(reading.rest) < count:
        raise _BadField
    taken, reading.rest = reading.rest[:count], reading.rest[count:]
    return taken


def _number(reading: _Reading, most: int, *, exact: bool = False) -> int:
    rest = reading.rest
    end = 0
    while end < min(most, len(rest)) and rest[end] in _DIGITS:
        end += 1
    if end == 0 or (exact and end != most):
        raise _BadField
    reading.rest = rest[end:]
    return int(rest[:end])


def _within(value: int, low: int, high: int, name: str) -> int:
    if not low <= value <= high:
        raise _OutOfRange(name)
    return value


def _lookup(reading: _Reading, names: tuple[str, ...], length: int | None = None) -> int:
    """The number of the name that the text starts with, in any case."""
    for number, name in enumerate(names):
        wanted = name[:length]
        found = reading.rest[: len(wanted)]
        if found.isascii() and found.lower() == wanted.lower():
            reading.rest = reading.rest[len(wanted) :]
            return number
    raise _BadField


def _read_year(reading: _Reading) -> None:
    if reading.rest[:1] not in _DIGITS:
        raise _BadField
    reading.year = _signed(_take(reading, 4))


def _read_short_year(reading: _Reading) -> None:
    year = _signed(_take(reading, 2))
    reading.year = year + (1900 if year >= 69 else 2000)


def _signed(text: str) -> int:
    digits = text[1:] if text[0] in "+-" else text
    if not _DIGITS.issuperset(digits):
        raise _BadField
    number = int(digits or "0")
    return -number if text[0] == "-" else number


def _read_month(reading: _Reading, *, exact: bool = False) -> None:
    reading.month = _within(_number(reading, 2, exact=exact), 1, 12, "month")


def _read_month_name(reading: _Reading, length: int | None = None) -> None:
    reading.month = _lookup(reading, MONTHS, length) + 1


def _read_weekday(reading: _Reading) -> None:
    _lookup(reading, WEEKDAYS)


def _read_short_weekday(reading: _Reading) -> None:
    _lookup(reading, WEEKDAYS, 3)


def _read_day(reading: _Reading, *, exact: bool = False, spaces: bool = False) -> None:
    if spaces:
        reading.rest = reading.rest.removeprefix(" ")
    reading.day = _number(reading, 2, exact=exact)


def _read_year_day(reading: _Reading, *, spaces: bool = False) -> None:
    if spaces:
        reading.rest = reading.rest.removeprefix(" ").removeprefix(" ")
    reading.year_day = _number(reading, 3, exact=not spaces)


def _read_hour(reading: _Reading) -> None:
    reading.hour = _within(_number(reading, 2), 0, 23, "hour")


def _read_short_hour(reading: _Reading, *, exact: bool = False) -> None:
    reading.hour = _within(_number(reading, 2, exact=exact), 0, 12, "hour")


def _read_minute(reading: _Reading, *, exact: bool = False) -> None:
    reading.minute = _within(_number(reading, 2, exact=exact), 0, 59, "minute")


def _read_second(reading: _Reading, *, exact: bool = False) -> None:
    reading.second = _within(_number(reading, 2, exact=exact), 0, 59, "second")
    # A fraction is read even where the layout has none.
    rest = reading.rest
    if rest[:1] in (".", ",") and rest[1:2] and rest[1] in _DIGITS and reading.next_text[:1] not in (".", ","):
        reading.rest = rest[1:]
        _read_nanoseconds(reading)


def _read_nanoseconds(reading: _Reading) -> None:
    digits = _leading_digits(reading.rest)
    reading.nanosecond = int(digits[:9].ljust(9, "0"))
    reading.rest = reading.rest[len(digits) :]


def _leading_digits(text: str) -> str:
    end = 0
    while end < len(text) and text[end] in _DIGITS:
        end += 1
    return text[:end]


def _read_fraction(reading: _Reading, element: str) -> None:
    rest = reading.rest
    if element[1] == "9":
        if rest[:1] in (".", ",") and _leading_digits(rest[1:2]):
            reading.rest = rest[1:]
            _read_nanoseconds(reading)
        return
    taken = _take(reading, len(element))
    if taken[0] not in ".,":
        raise _BadField
    value = _signed(taken[1:10])
    if value < 0:
        raise _OutOfRange("fractional second")
    reading.nanosecond = value * 10 ** (9 - len(taken[1:10]))


def _read_half(reading: _Reading, words: tuple[str, str]) -> None:
    word = _take(reading, 2)
    if word not in words:
        raise _BadField
    reading.morning = word == words[0] or reading.morning
    reading.afternoon = word == words[1] or reading.afternoon


def _read_offset(reading: _Reading, element: str) -> None:
    if element[0] == "Z" and reading.rest.startswith("Z"):
        reading.rest = reading.rest[1:]
        reading.zone = UTC
        return
    match = _OFFSETS[element[1:]].match(reading.rest)
    if not match:
        raise _BadField
    reading.rest = reading.rest[match.end() :]
    numbers = [_two_digits(part) for part in match.groups()[1:]]
    bad = _NO_OFFSET in numbers
    for number, name, most in zip(numbers, ("hour", "minute", "second"), (24, 60, 60), strict=True):
        _within(max(number, 0), 0, most, f"time zone offset {name}")
    if bad or match[1] not in "+-":
        raise _BadField
    offset = (numbers[0] * 60 + numbers[1]) * 60 + numbers[2]
    reading.offset = -offset if match[1] == "-" else offset


def _two_digits(text: str) -> int:
    if not text:
        return 0
    return int(text) if _DIGITS.issuperset(text) else _NO_OFFSET


def _read_abbreviation(reading: _Reading) -> None:
    if reading.rest.startswith("UTC"):
        reading.rest = reading.rest[3:]
        reading.zone = UTC
        return
    match = _ABBREVIATION.match(reading.rest)
    length = _abbreviation_length(match[0]) if match and len(reading.rest) >= 3 else 0
    if not length:
        raise _BadField
    reading.abbreviation = _take(reading, length)


def _abbreviation_length(found: str) -> int:
    """How much of a run of letters is an abbreviation: three letters, or four or five that end in T."""
    if found[:4] in ("ChST", "MeST"):
        return 4
    if found.startswith(("GMT", "+", "-")):
        start = 3 if found.startswith("GMT") else 0
        fits = len(found) > start and len(found) - start < 20 and int(found[start + 1 :]) <= 23
        return len(found) if fits else start
    if len(found) == 3 or (len(found) in (4, 5) and (found[-1] == "T" or found == "WITA")):
        return len(found)
    return 0


_READERS: Final[dict[str, Callable[[_Reading], None]]] = {
    "January": _read_month_name,
    "Jan": lambda reading: _read_month_name(reading, 3),
    "1": _read_month,
    "01": lambda reading: _read_month(reading, exact=True),
    "Monday": _read_weekday,
    "Mon": _read_short_weekday,
    "2": _read_day,
    "_2": lambda reading: _read_day(reading, spaces=True),
    "02": lambda reading: _read_day(reading, exact=True),
    "__2": lambda reading: _read_year_day(reading, spaces=True),
    "002": _read_year_day,
    "15": _read_hour,
    "3": _read_short_hour,
    "03": lambda reading: _read_short_hour(reading, exact=True),
    "4": _read_minute,
    "04": lambda reading: _read_minute(reading, exact=True),
    "5": _read_second,
    "05": lambda reading: _read_second(reading, exact=True),
    "2006": _read_year,
    "06": _read_short_year,
    "PM": lambda reading: _read_half(reading, ("AM", "PM")),
    "pm": lambda reading: _read_half(reading, ("am", "pm")),
    "MST": _read_abbreviation,
}


def _finish(reading: _Reading, text: str) -> None:
    """Settle the hour of the day and the day of the year."""
    if reading.afternoon and reading.hour < 12:
        reading.hour += 12
    elif reading.morning and not reading.afternoon and reading.hour == 12:
        reading.hour = 0
    shown = f"parsing time {quote_plainly(text)}"
    if reading.year_day >= 0:
        _apply_year_day(reading, shown)
    reading.month = max(reading.month, 1)
    if reading.day < 0:
        reading.day = 1
    if not 1 <= reading.day <= days_in_month(reading.year, reading.month):
        raise InvalidTime(f"{shown}: day out of range")


def _apply_year_day(reading: _Reading, shown: str) -> None:
    leap = is_leap(reading.year)
    if not 1 <= reading.year_day <= 365 + leap:
        raise InvalidTime(f"{shown}: day-of-year out of range")
    starts = [before + (leap and month > 1) for month, before in enumerate(DAYS_BEFORE)]
    month = sum(start < reading.year_day for start in starts[:12])
    day = reading.year_day - starts[month - 1]
    if reading.month >= 0 and reading.month != month:
        raise InvalidTime(f"{shown}: day-of-year does not match month")
    if reading.day >= 0 and reading.day != day:
        raise InvalidTime(f"{shown}: day-of-year does not match day")
    reading.month, reading.day = month, day


def _locate(reading: _Reading, local: Zone) -> tuple[int, int, Zone]:
    """Find the moment: by the zone in the text, or by the local zone."""
    clock = unix_seconds((reading.year, reading.month, reading.day), (reading.hour, reading.minute, reading.second))
    nanosecond = reading.nanosecond
    if reading.zone is not None:
        return clock, nanosecond, reading.zone
    if reading.offset != _NO_OFFSET:
        moment = clock - reading.offset
        name, offset = local.lookup(moment)
        if offset == reading.offset and reading.abbreviation in ("", name):
            return moment, nanosecond, local
        return moment, nanosecond, FixedZone(reading.abbreviation, reading.offset)
    if reading.abbreviation:
        return _locate_by_name(reading.abbreviation, clock, nanosecond, local)
    return resolve_local(clock, local), nanosecond, local


def _locate_by_name(name: str, clock: int, nanosecond: int, local: Zone) -> tuple[int, int, Zone]:
    offsets = local.offsets(name)
    for offset in offsets:
        known, actual = local.lookup(clock - offset)
        if known == name:
            return clock - actual, nanosecond, local
    if offsets:
        return clock - offsets[0], nanosecond, local
    offset = int(name[3:]) * 3600 if name.startswith("GMT") and len(name) > 3 else 0
    return clock, nanosecond, FixedZone(name, offset)


def resolve_local(clock: int, zone: Zone) -> int:
    """The moment at which the clocks of a zone show a time, given as if they stood at Greenwich."""
    guess = clock - zone.lookup(clock)[1]
    return clock - zone.lookup(guess)[1]
