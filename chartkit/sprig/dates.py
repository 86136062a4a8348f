"""Sprig's dates."""

from __future__ import annotations

from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.gotypes import INT64_MAX, INT64_MIN, Function, FunctionError, Int64
from chartkit.sprig import timespan
from chartkit.sprig.gotime import ZERO_TIME, Time
from chartkit.sprig.timeparse import InvalidTime, parse_time
from chartkit.sprig.timespan import InvalidDuration, duration_text, parse_duration
from chartkit.sprig.zones import UTC, load_zone, local_zone

_HTML: Final = "2006-01-02"
_ROUNDED: Final = (
    (8760 * timespan.HOUR, "y"),
    (720 * timespan.HOUR, "mo"),
    (24 * timespan.HOUR, "d"),
    (timespan.HOUR, "h"),
    (timespan.MINUTE, "m"),
    (timespan.SECOND, "s"),
)


def now(ambient: Ambient) -> Time:
    """The present moment in the local zone."""
    ambient.uses.add("now")
    return _now(ambient)


def _now(ambient: Ambient) -> Time:
    local = local_zone(ambient.zone)
    return Time(0, ambient.now_ns(), local, local)


def _moment(ambient: Ambient, value: Any, name: str) -> Time:
    """A time or whole seconds since 1970 as they are; anything else stands for the present moment."""
    if isinstance(value, Time):
        return value
    if type(value) in (int, Int64):
        return Time(int(value))
    ambient.uses.add(name)
    return _now(ambient)


def _show(ambient: Ambient, layout: str, value: Any, zone: str, name: str) -> str:
    local = local_zone(ambient.zone)
    return _moment(ambient, value, name).within(load_zone(zone, local) or UTC).format(layout)


def date(ambient: Ambient, layout: str, value: Any) -> str:
    """A moment in the local zone."""
    return _show(ambient, layout, value, "Local", "date")


def date_in_zone(ambient: Ambient, layout: str, value: Any, zone: str) -> str:
    """A moment in a zone; an unknown zone is UTC."""
    return _show(ambient, layout, value, zone, "dateInZone")


def html_date(ambient: Ambient, value: Any) -> str:
    """The day of a moment in the local zone."""
    return _show(ambient, _HTML, value, "Local", "htmlDate")


def html_date_in_zone(ambient: Ambient, value: Any, zone: str) -> str:
    """The day of a moment in a zone."""
    return _show(ambient, _HTML, value, zone, "htmlDateInZone")


def _read(ambient: Ambient, layout: str, text: str) -> Time:
    local = local_zone(ambient.zone)
    return Time(*parse_time(layout, text, local), local)


def to_date(ambient: Ambient, layout: str, text: str) -> Time:
    """Read a time; a text that does not fit gives the zero time."""
    try:
        return _read(ambient, layout, text)
    except InvalidTime:
        return ZERO_TIME


def must_to_date(ambient: Ambient, layout: str, text: str) -> Time:
    """Read a time."""
    try:
        return _read(ambient, layout, text)
    except InvalidTime as error:
        raise FunctionError(str(error)) from None


def date_modify(change: str, time: Time) -> Time:
    """A moment moved by a duration; a bad duration moves nothing."""
    try:
        return time.plus(parse_duration(change))
    except InvalidDuration:
        return time


def must_date_modify(change: str, time: Time) -> Time:
    """A moment moved by a duration."""
    try:
        return time.plus(parse_duration(change))
    except InvalidDuration as error:
        raise FunctionError(str(error)) from None


def ago(ambient: Ambient, value: Any) -> str:
    """How long ago a moment was, in whole seconds."""
    ambient.uses.add("ago")
    span = _now(ambient).minus(_moment(ambient, value, "ago"))
    return duration_text(timespan.round_to(int(span), timespan.SECOND))


def duration(value: Any) -> str:
    """Whole seconds, as text or int64, as a duration; anything else is 0s."""
    seconds = 0
    if isinstance(value, str):
        seconds = _parse_int(value)
    elif type(value) is Int64:
        seconds = int(value)
    return duration_text(timespan.wrapped(seconds * timespan.SECOND))


def _parse_int(text: str) -> int:
    """Read a decimal number as Go does: 0 for what is none, the nearest of 64 bits for what is too large."""
    digits = text[1:] if text[:1] in ("-", "+") else text
    if not (digits.isascii() and digits.isdecimal()):
        return 0
    size = int(digits) if len(digits) < 40 else INT64_MAX + 1
    return max(INT64_MIN, min(INT64_MAX, -size if text[0] == "-" else size))


def duration_round(ambient: Ambient, value: Any) -> str:
    """A duration in its largest unit that it exceeds: `2h`, `1mo`."""
    nanoseconds = 0
    if isinstance(value, str):
        try:
            nanoseconds = parse_duration(value)
        except InvalidDuration:
            nanoseconds = 0
    elif type(value) is Int64:
        nanoseconds = int(value)
    elif isinstance(value, Time):
        ambient.uses.add("durationRound")
        nanoseconds = int(_now(ambient).minus(value))
    size = abs(nanoseconds)
    for unit, letter in _ROUNDED:
        if size > unit:
            return f"{size // unit}{letter}"
    return "0s"


def unix_epoch(time: Time) -> str:
    """Seconds since 1970, as text."""
    return str(time.seconds)


_DATE: Final = ("string", "any")
_IN_ZONE: Final = ("string", "any", "string")
_READ: Final = ("string", "string")
_MODIFY: Final = ("string", "time")

FUNCTIONS: Final = (
    Function("now", now, ambient=True, pure=False),
    Function("date", date, _DATE, ambient=True, pure=False),
    Function("dateInZone", date_in_zone, _IN_ZONE, ambient=True, pure=False),
    Function("date_in_zone", date_in_zone, _IN_ZONE, ambient=True, pure=False),
    Function("htmlDate", html_date, ("any",), ambient=True, pure=False),
    Function("htmlDateInZone", html_date_in_zone, ("any", "string"), ambient=True, pure=False),
    Function("toDate", to_date, _READ, ambient=True),
    Function("mustToDate", must_to_date, _READ, ambient=True),
    Function("dateModify", date_modify, _MODIFY),
    Function("date_modify", date_modify, _MODIFY),
    Function("mustDateModify", must_date_modify, _MODIFY),
    Function("must_date_modify", must_date_modify, _MODIFY),
    Function("ago", ago, ("any",), ambient=True, pure=False),
    Function("duration", duration, ("any",)),
    Function("durationRound", duration_round, ("any",), ambient=True, pure=False),
    Function("unixEpoch", unix_epoch, ("time",)),
)
