"""Go's time.Time, time.Month and time.Weekday, as templates meet them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar, Final

from chartkit.gotypes import INT64_MAX, INT64_MIN, Function, FunctionError, GoObject, Int64, wrap_int64
from chartkit.sprig.calendars import DAY, date_from_days, days_from_date, unix_seconds
from chartkit.sprig.timelayout import MONTHS, WEEKDAYS, Fields, format_time
from chartkit.sprig.timeparse import resolve_local
from chartkit.sprig.timespan import SECOND, Duration
from chartkit.sprig.zones import UTC, Zone, local_zone

RFC3339_NANO: Final = "2006-01-02T15:04:05.999999999Z07:00"
_PRINTED: Final = "2006-01-02 15:04:05.999999999 -0700 MST"
_YEAR_ONE: Final = days_from_date(1, 1, 1) * DAY


class Month(int, GoObject):
    """Go's time.Month."""

    __slots__ = ()
    go_type: ClassVar[str] = "time.Month"
    go_kind: ClassVar[str] = "int"

    def go_string(self) -> str:
        """The English name."""
        return MONTHS[self - 1] if 1 <= self <= 12 else f"%!Month({int(self)})"

    def go_json(self) -> int:
        """The number."""
        return int(self)


class Weekday(int, GoObject):
    """Go's time.Weekday; Sunday is 0."""

    __slots__ = ()
    go_type: ClassVar[str] = "time.Weekday"
    go_kind: ClassVar[str] = "int"

    def go_string(self) -> str:
        """The English name."""
        return WEEKDAYS[self] if 0 <= self <= 6 else f"%!Weekday({int(self)})"

    def go_json(self) -> int:
        """The number."""
        return int(self)


class Location(GoObject):
    """Go's *time.Location."""

    go_type: ClassVar[str] = "*time.Location"
    go_kind: ClassVar[str] = "ptr"

    def __init__(self, zone: Zone) -> None:
        self.zone = zone

    def go_string(self) -> str:
        """The zone's name."""
        return self.zone.name


class Time(GoObject):
    """Go's time.Time: seconds and nanoseconds since 1970, and the zone to show them in.

    `local` is the local zone of the render that made it; without one, the system's.
    """

    go_type: ClassVar[str] = "time.Time"
    go_kind: ClassVar[str] = "struct"

    def __init__(self, seconds: int, nanosecond: int = 0, zone: Zone = UTC, local: Zone | None = None) -> None:
        self.seconds = seconds + nanosecond // SECOND
        self.nanosecond = nanosecond % SECOND
        self.zone = zone
        self.local = local

    @cached_property
    def fields(self) -> Fields:
        """What the clock and the calendar show."""
        name, offset = self.zone.lookup(self.seconds)
        days, second = divmod(self.seconds + offset, DAY)
        year, month, day = date_from_days(days)
        return Fields(
            year,
            month,
            day,
            second // 3600,
            second // 60 % 60,
            second % 60,
            self.nanosecond,
            (days + 4) % 7,
            days - days_from_date(year, 1, 1) + 1,
            name,
            offset,
        )

    @property
    def instant(self) -> tuple[int, int]:
        """Seconds and nanoseconds, for comparing."""
        return self.seconds, self.nanosecond

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Time) and self.instant == other.instant and self.zone == other.zone

    def __hash__(self) -> int:
        return hash(self.instant)

    def go_string(self) -> str:
        """The time as Go prints it."""
        return self.format(_PRINTED)

    def go_json(self) -> str:
        """The time in RFC 3339."""
        return self.format(RFC3339_NANO)

    def format(self, layout: str) -> str:
        """The time by one of Go's layouts."""
        return format_time(self.fields, layout)

    def within(self, zone: Zone) -> Time:
        """The same moment in another zone."""
        return Time(self.seconds, self.nanosecond, zone, self.local)

    def plus(self, nanoseconds: int) -> Time:
        """The moment that is a duration later."""
        return Time(self.seconds, self.nanosecond + int(nanoseconds), self.zone, self.local)

    def minus(self, other: Time) -> Duration:
        """The duration since another moment, as far as 64 bits reach."""
        span = (self.seconds - other.seconds) * SECOND + self.nanosecond - other.nanosecond
        return Duration(max(INT64_MIN, min(INT64_MAX, span)))


ZERO_TIME: Final = Time(_YEAR_ONE)


def _add_date(time: Time, years: int, months: int, days: int) -> Time:
    fields = time.fields
    date = (fields.year + years, fields.month + months, fields.day + days)
    clock = unix_seconds(date, (fields.hour, fields.minute, fields.second))
    return Time(resolve_local(clock, time.zone), time.nanosecond, time.zone, time.local)


def _since_year_one(time: Time) -> int:
    return (time.seconds - _YEAR_ONE) * SECOND + time.nanosecond


def _truncate(time: Time, step: int) -> Time:
    return time.plus(-(_since_year_one(time) % int(step))) if step > 0 else time


def _round(time: Time, step: int) -> Time:
    if step <= 0:
        return time
    rest = _since_year_one(time) % int(step)
    return time.plus(-rest if 2 * rest < step else int(step) - rest)


def _in(time: Time, location: Any) -> Time:
    if not isinstance(location, Location):
        raise FunctionError("time: missing Location in call to Time.In")
    return time.within(location.zone)


def _local(time: Time) -> Time:
    return time.within(time.local or local_zone(None))


def _compare(time: Time, other: Time) -> int:
    return (time.instant > other.instant) - (time.instant < other.instant)


def _go_syntax(time: Time) -> str:
    fields = time.fields
    place = f'time.Location("{time.zone.name}")'
    if time.zone.is_local or time.zone == UTC:
        place = "time.Local" if time.zone.is_local else "time.UTC"
    clock = f"{fields.hour}, {fields.minute}, {fields.second}, {fields.nanosecond}"
    return f"time.Date({fields.year}, time.{MONTHS[fields.month - 1]}, {fields.day}, {clock}, {place})"


def _marshal_text(time: Time) -> bytes:
    if not 0 <= time.fields.year <= 9999:
        raise FunctionError("Time.MarshalText: year outside of range [0,9999]")
    return time.go_json().encode()


def _marshal_json(time: Time) -> bytes:
    if not 0 <= time.fields.year <= 9999:
        raise FunctionError("Time.MarshalJSON: year outside of range [0,9999]")
    return f'"{time.go_json()}"'.encode()


def _unix(unit: int) -> Callable[[Time], Int64]:
    return lambda time: wrap_int64((time.seconds * SECOND + time.nanosecond) // unit)


_TIME_METHODS: Final = (
    Function("Add", lambda time, span: time.plus(span), ("duration",)),
    Function("AddDate", _add_date, ("int", "int", "int")),
    Function("After", lambda time, other: time.instant > other.instant, ("time",)),
    Function("Before", lambda time, other: time.instant < other.instant, ("time",)),
    Function("Compare", _compare, ("time",)),
    Function("Day", lambda time: time.fields.day),
    Function("Equal", lambda time, other: time.instant == other.instant, ("time",)),
    Function("Format", Time.format, ("string",)),
    Function("GoString", _go_syntax),
    Function("Hour", lambda time: time.fields.hour),
    Function("In", _in, ("any",)),
    Function("IsDST", lambda time: time.zone.daylight(time.seconds)),
    Function("IsZero", lambda time: time.instant == ZERO_TIME.instant),
    Function("Local", _local),
    Function("Location", lambda time: Location(time.zone)),
    Function("MarshalJSON", _marshal_json),
    Function("MarshalText", _marshal_text),
    Function("Minute", lambda time: time.fields.minute),
    Function("Month", lambda time: Month(time.fields.month)),
    Function("Nanosecond", lambda time: time.nanosecond),
    Function("Round", _round, ("duration",)),
    Function("Second", lambda time: time.fields.second),
    Function("String", Time.go_string),
    Function("Sub", Time.minus, ("time",)),
    Function("Truncate", _truncate, ("duration",)),
    Function("UTC", lambda time: time.within(UTC)),
    Function("Unix", lambda time: Int64(time.seconds)),
    Function("UnixMicro", _unix(1_000)),
    Function("UnixMilli", _unix(1_000_000)),
    Function("UnixNano", _unix(1)),
    Function("Weekday", lambda time: Weekday(time.fields.weekday)),
    Function("Year", lambda time: time.fields.year),
    Function("YearDay", lambda time: time.fields.year_day),
)
Time.go_methods = {method.name: method for method in _TIME_METHODS}
Month.go_methods = {"String": Function("String", Month.go_string)}
Weekday.go_methods = {"String": Function("String", Weekday.go_string)}
Location.go_methods = {"String": Function("String", Location.go_string)}
