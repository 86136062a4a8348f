"""The duration functions that Helm 4.3 added."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Final

from chartkit.goquote import quote
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import INT64_MAX, INT64_MIN, Function, FunctionError, go_kind, go_type
from chartkit.sprig import timespan
from chartkit.sprig.timespan import Duration, InvalidDuration, parse_duration

_DAY: Final = 24.0
_WEEK: Final = 7.0
_MAX_SECONDS: Final = (1 << 63) // timespan.SECOND
_MAX_SECONDS_FLOAT: Final = float(1 << 63) / timespan.SECOND
_DECIMAL: Final = re.compile(
    r"[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?", re.ASCII | re.IGNORECASE
)
_HEXADECIMAL: Final = re.compile(
    r"[+-]?0x_?([0-9a-f]+(_[0-9a-f]+)*\.?([0-9a-f]+)?|\.[0-9a-f]+)p[+-]?\d+", re.ASCII | re.IGNORECASE
)
_SPECIAL: Final = re.compile(r"[+-]?(inf|infinity)|nan", re.IGNORECASE)
_GO_SPACE: Final = "\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)


class _NoDuration(ValueError):
    """A value that is no duration, in Helm's words."""


def _as_duration(value: Any) -> Duration:
    """Texts are read as durations or seconds, numbers as seconds."""
    if isinstance(value, Duration):
        return value
    if value is None:
        raise _NoDuration("invalid duration")
    if isinstance(value, str):
        return _from_text(value)
    match go_kind(value):
        case "int" | "int64":
            return _from_seconds(int(value), -_MAX_SECONDS)
        case "uint64" | "uint32" | "uint8":
            return _from_seconds(int(value), 0)
        case "float64":
            return _from_float(float(value))
    raise _NoDuration(f"unsupported duration type {go_type(value)}")


def _from_text(text: str) -> Duration:
    trimmed = text.strip(_GO_SPACE)
    if not trimmed:
        raise _NoDuration("empty duration")
    try:
        return parse_duration(trimmed)
    except InvalidDuration:
        seconds = _parse_float(trimmed)
    if seconds is None:
        raise _NoDuration(f"could not parse duration {quote(text)}")
    return _from_float(seconds)


def _parse_float(text: str) -> float | None:
    """Read a number as Go's ParseFloat does; `None` for what it refuses."""
    if _HEXADECIMAL.fullmatch(text):
        try:
            return float.fromhex(text.replace("_", ""))
        except OverflowError:
            return None
    if _SPECIAL.fullmatch(text):
        return float(text)
    if not _DECIMAL.fullmatch(text):
        return None
    number = float(text)
    return None if math.isinf(number) else number


def _from_seconds(seconds: int, least: int) -> Duration:
    if not least <= seconds <= _MAX_SECONDS:
        raise _NoDuration(f"duration seconds overflow: {seconds}")
    return Duration(seconds * timespan.SECOND)


def _from_float(seconds: float) -> Duration:
    if math.isnan(seconds) or math.isinf(seconds):
        raise _NoDuration(f"invalid duration seconds: {sprint_value(seconds)}")
    if abs(seconds) > _MAX_SECONDS_FLOAT:
        raise _NoDuration(f"duration seconds overflow: {sprint_value(seconds)}")
    nanoseconds = int(seconds * 1e9)
    # A product of just 2**63 passes Go's check and then turns negative, as the processor does it.
    return Duration(nanoseconds if nanoseconds <= INT64_MAX else INT64_MIN)


def must_to_duration(value: Any) -> Duration:
    """A value as a duration."""
    try:
        return _as_duration(value)
    except _NoDuration as error:
        raise FunctionError(str(error)) from None


def _measure(name: str, measure: Callable[[Duration], Any], failed: Any) -> Function:
    def call(value: Any) -> Any:
        try:
            return measure(_as_duration(value))
        except _NoDuration:
            return failed

    return Function(name, call, ("any",))


def _whole(name: str, unit: int) -> Function:
    return _measure(name, lambda span: timespan.whole_units(span, unit), timespan.whole_units(0, unit))


def _floating(name: str, measure: Callable[[Duration], float]) -> Function:
    return _measure(name, measure, 0.0)


def _hours(span: Duration) -> float:
    return timespan.in_units(span, timespan.HOUR)


def _stepped(name: str, step_to: Callable[[int, int], int]) -> Function:
    def call(value: Any, step: Any) -> Duration:
        try:
            span = _as_duration(value)
        except _NoDuration:
            return Duration(0)
        try:
            return Duration(step_to(int(span), int(_as_duration(step))))
        except _NoDuration:
            return span

    return Function(name, call, ("any", "any"))


FUNCTIONS: Final = (
    Function("mustToDuration", must_to_duration, ("any",)),
    _floating("durationSeconds", lambda span: timespan.in_units(span, timespan.SECOND)),
    _whole("durationMilliseconds", timespan.MILLISECOND),
    _whole("durationMicroseconds", timespan.MICROSECOND),
    _whole("durationNanoseconds", 1),
    _floating("durationMinutes", lambda span: timespan.in_units(span, timespan.MINUTE)),
    _floating("durationHours", _hours),
    _floating("durationDays", lambda span: _hours(span) / _DAY),
    _floating("durationWeeks", lambda span: _hours(span) / _DAY / _WEEK),
    _stepped("durationRoundTo", timespan.round_to),
    _stepped("durationTruncateTo", timespan.truncate),
)
