"""Go's time.Duration: reading, writing and rounding."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from chartkit.gotypes import INT64_MAX, INT64_MIN, Function, GoObject, Int64, wrap_int64

MICROSECOND: Final = 1_000
MILLISECOND: Final = 1_000_000
SECOND: Final = 1_000_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

_UNITS: Final = {
    "ns": 1,
    "us": MICROSECOND,
    "\u00b5s": MICROSECOND,
    "\u03bcs": MICROSECOND,
    "ms": MILLISECOND,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
}
_ITEM: Final = re.compile(r"([0-9]*)(?:(\.)([0-9]*))?([^0-9.]*)")
_LIMIT: Final = 1 << 63


class InvalidDuration(ValueError):
    """A text that is no duration, in Go's words."""


class Duration(int, GoObject):
    """Go's time.Duration: nanoseconds that print as `1h30m0s`."""

    __slots__ = ()
    go_type: ClassVar[str] = "time.Duration"
    go_kind: ClassVar[str] = "int64"

    def go_string(self) -> str:
        """The duration as Go prints it."""
        return duration_text(self)

    def go_json(self) -> Int64:
        """The nanoseconds."""
        return Int64(self)


def parse_duration(text: str) -> Duration:
    """Read a duration such as `-1h15m30.918s`, or raise `InvalidDuration`."""
    sign = -1 if text.startswith("-") else 1
    body = text[1:] if text[:1] in ("-", "+") else text
    if body == "0":
        return Duration(0)
    if not body:
        raise InvalidDuration(f"time: invalid duration {quote_plainly(text)}")
    total = 0
    at = 0
    while at < len(body):
        match = _ITEM.match(body, at)
        if not match or not (match[1] or match[3]):
            raise InvalidDuration(f"time: invalid duration {quote_plainly(text)}")
        total += _item(match, text)
        if total > _LIMIT:
            raise InvalidDuration(f"time: invalid duration {quote_plainly(text)}")
        at = match.end()
    if sign > 0 and total > INT64_MAX:
        raise InvalidDuration(f"time: invalid duration {quote_plainly(text)}")
    return Duration(sign * total)


def _item(match: re.Match[str], text: str) -> int:
    """The nanoseconds of one number with its unit."""
    whole_digits, _, fraction_digits, unit_name = match.groups("")
    whole = int(whole_digits or "0") if len(whole_digits) < 40 else _LIMIT + 1
    if whole > _LIMIT:
        raise InvalidDuration(f"time: invalid duration {quote_plainly(text)}")
    if not unit_name:
        raise InvalidDuration(f"time: missing unit in duration {quote_plainly(text)}")
    unit = _UNITS.get(unit_name)
    if unit is None:
        raise InvalidDuration(f"time: unknown unit {quote_plainly(unit_name)} in duration {quote_plainly(text)}")
    if whole > _LIMIT // unit:
        raise InvalidDuration(f"time: invalid duration {quote_plainly(text)}")
    fraction, scale = _fraction(fraction_digits)
    value = whole * unit + int(float(fraction) * (float(unit) / scale))
    if value > _LIMIT:
        raise InvalidDuration(f"time: invalid duration {quote_plainly(text)}")
    return value


def _fraction(digits: str) -> tuple[int, float]:
    """The digits behind the point as a number and its scale; digits beyond 64 bits are dropped."""
    number = 0
    scale = 1.0
    for digit in digits:
        if number > INT64_MAX // 10 or number * 10 + int(digit) > _LIMIT:
            break
        number = number * 10 + int(digit)
        scale *= 10
    return number, scale


def quote_plainly(text: str) -> str:
    """Quote a text as Go's time package does: control characters and all beyond ASCII byte by byte."""
    out = []
    for char in text:
        if " " <= char < "\x80":
            out.append(f"\\{char}" if char in '"\\' else char)
        else:
            out.extend(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))
    return f'"{"".join(out)}"'


def duration_text(nanoseconds: int) -> str:
    """A duration as Go prints it: `1h0m0.5s`, `1.5ms`, `0s`."""
    sign = "-" if nanoseconds < 0 else ""
    size = abs(int(nanoseconds))
    if size < SECOND:
        return sign + _small(size)
    minutes, rest = divmod(size, MINUTE)
    text = f"{_decimal(rest, SECOND)}s"
    if minutes:
        hours, minutes = divmod(minutes, 60)
        text = f"{hours}h{minutes}m{text}" if hours else f"{minutes}m{text}"
    return sign + text


def _small(size: int) -> str:
    if size == 0:
        return "0s"
    if size < MICROSECOND:
        return f"{size}ns"
    if size < MILLISECOND:
        return f"{_decimal(size, MICROSECOND)}\u00b5s"
    return f"{_decimal(size, MILLISECOND)}ms"


def _decimal(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    digits = str(rest).zfill(len(str(unit)) - 1).rstrip("0") if rest else ""
    return f"{whole}.{digits}" if digits else str(whole)


def in_units(nanoseconds: int, unit: int) -> float:
    """A duration as a floating point number of units, rounded as Go rounds it."""
    sign = -1 if nanoseconds < 0 else 1
    whole, rest = divmod(abs(int(nanoseconds)), unit)
    return float(sign * whole) + float(sign * rest) / float(unit)


def truncate(nanoseconds: int, step: int) -> int:
    """Cut a duration to a multiple of a step, towards zero."""
    if step <= 0:
        return nanoseconds
    return nanoseconds - _remainder(nanoseconds, step)


def round_to(nanoseconds: int, step: int) -> int:
    """Round a duration to a multiple of a step, halves away from zero; kept inside of 64 bits."""
    if step <= 0:
        return nanoseconds
    rest = abs(_remainder(nanoseconds, step))
    sign = -1 if nanoseconds < 0 else 1
    lower = abs(nanoseconds) - rest
    result = sign * (lower if 2 * rest < step else lower + step)
    return max(INT64_MIN, min(INT64_MAX, result))


def _remainder(value: int, step: int) -> int:
    rest = abs(value) % step
    return -rest if value < 0 else rest


def whole_units(nanoseconds: int, unit: int) -> Int64:
    """How many whole units a duration holds, cut towards zero."""
    count = abs(int(nanoseconds)) // unit
    return Int64(-count if nanoseconds < 0 else count)


Duration.go_methods = {
    method.name: method
    for method in (
        Function("Abs", lambda span: Duration(min(abs(int(span)), INT64_MAX))),
        Function("Hours", lambda span: in_units(span, HOUR)),
        Function("Microseconds", lambda span: whole_units(span, MICROSECOND)),
        Function("Milliseconds", lambda span: whole_units(span, MILLISECOND)),
        Function("Minutes", lambda span: in_units(span, MINUTE)),
        Function("Nanoseconds", lambda span: Int64(span)),
        Function("Round", lambda span, step: Duration(round_to(int(span), int(step))), ("duration",)),
        Function("Seconds", lambda span: in_units(span, SECOND)),
        Function("String", duration_text),
        Function("Truncate", lambda span, step: Duration(truncate(int(span), int(step))), ("duration",)),
    )
}


def wrapped(nanoseconds: int) -> Duration:
    """A duration out of 64-bit arithmetic that may overflow."""
    return Duration(wrap_int64(nanoseconds))
