"""Sprig's dates, against results of the real Helm."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chartkit.ambient import Ambient
from chartkit.gotypes import FunctionError, Int64, go_kind, go_type
from chartkit.sprig import dates
from chartkit.sprig.gotime import Time
from chartkit.sprig.timespan import Duration, InvalidDuration, parse_duration

NOW = 1_700_000_000_123_456_789
FUNCTIONS = {function.name: function for function in dates.FUNCTIONS}
RFC3339 = "2006-01-02T15:04:05.999999999Z07:00"

FORMATTED = [
    ("2006-01-02 15:04:05", "2024-03-09T13:07:08.120000000+05:30", "2024-03-09 13:07:08"),
    ("2006-01-02 15:04:05", "0007-11-30T00:00:00Z", "0007-11-30 00:00:00"),
    ("Jan _2 02 002 __2 2", "2024-03-09T13:07:08.120000000+05:30", "Mar  9 09 069  69 9"),
    ("Jan _2 02 002 __2 2", "0007-11-30T00:00:00Z", "Nov 30 30 334 334 30"),
    ("01 1 January", "2024-03-09T13:07:08.120000000+05:30", "03 3 March"),
    ("01 1 January", "0007-11-30T00:00:00Z", "11 11 November"),
    ("06 2006 _2006", "2024-03-09T13:07:08.120000000+05:30", "24 2024 _2024"),
    ("06 2006 _2006", "0007-11-30T00:00:00Z", "07 0007 _0007"),
    ("03 3 04 4 05 5 PM pm", "2024-03-09T13:07:08.120000000+05:30", "01 1 07 7 08 8 PM pm"),
    ("03 3 04 4 05 5 PM pm", "0007-11-30T00:00:00Z", "12 12 00 0 00 0 AM am"),
    ("Mon Monday", "2024-03-09T13:07:08.120000000+05:30", "Sat Saturday"),
    ("Mon Monday", "0007-11-30T00:00:00Z", "Fri Friday"),
    ("Z07:00 -0700 -07:00 -07 Z07 MST", "2024-03-09T13:07:08.120000000+05:30", "+05:30 +0530 +05:30 +05 +05 +0530"),
    ("Z07:00 -0700 -07:00 -07 Z07 MST", "0007-11-30T00:00:00Z", "Z +0000 +00:00 +00 Z UTC"),
    (".000 .999 ,000 .000000 .999999999 .0x", "2024-03-09T13:07:08.120000000+05:30", ".120 .12 ,120 .120000 .12 .1x"),
    (".000 .999 ,000 .000000 .999999999 .0x", "0007-11-30T00:00:00Z", ".000  ,000 .000000  .0x"),
    ("Q2 literal xMondayx Janu Month", "2024-03-09T13:07:08.120000000+05:30", "Q9 literal xSaturdayx Janu Month"),
    ("Q2 literal xMondayx Janu Month", "0007-11-30T00:00:00Z", "Q30 literal xFridayx Janu Month"),
    ("Z070000 -07:00:00 Z0700", "2024-03-09T13:07:08.120000000+05:30", "+053000 +05:30:00 +0530"),
    ("Z070000 -07:00:00 Z0700", "0007-11-30T00:00:00Z", "Z +00:00:00 Z"),
    ("..00 .001", "2024-03-09T13:07:08.120000000+05:30", "..12 .003"),
    ("..00 .001", "0007-11-30T00:00:00Z", "..00 .011"),
    ("é 15h", "2024-03-09T13:07:08.120000000+05:30", "é 13h"),
    ("é 15h", "0007-11-30T00:00:00Z", "é 00h"),
    ("2006-01-02T15:04:05.999999999Z07:00", "2024-03-09T13:07:08.120000000+05:30", "2024-03-09T13:07:08.12+05:30"),
    ("2006-01-02T15:04:05.999999999Z07:00", "0007-11-30T00:00:00Z", "0007-11-30T00:00:00Z"),
    ("", "2024-03-09T13:07:08.120000000+05:30", ""),
    ("", "0007-11-30T00:00:00Z", ""),
    ("_2_2 __2__2", "2024-03-09T13:07:08.120000000+05:30", " 9 9  69 69"),
    ("_2_2 __2__2", "0007-11-30T00:00:00Z", "3030 334334"),
]

READ = [
    ("2006-01-02", "2024-03-09", "2024-03-09 00:00:00 +0000 UTC"),
    ("2006-01-02T15:04:05Z07:00", "2024-03-09T13:07:08+02:00", "2024-03-09 13:07:08 +0200 +0200"),
    ("Jan 2, 2006 at 3:04pm (MST)", "Feb 3, 2013 at 7:54pm (PST)", "2013-02-03 19:54:00 +0000 PST"),
    ("2 Jan 06", "5 Mar 21", "2021-03-05 00:00:00 +0000 UTC"),
    ("2 Jan 06", "5 Mar 69", "1969-03-05 00:00:00 +0000 UTC"),
    ("20060102150405", "20240309112233", "2024-03-09 11:22:33 +0000 UTC"),
    ("2006-002", "2024-060", "2024-02-29 00:00:00 +0000 UTC"),
    ("2006-002", "2023-060", "2023-03-01 00:00:00 +0000 UTC"),
    ("15:04:05", "13:07:08.5", "0000-01-01 13:07:08.5 +0000 UTC"),
    ("15:04:05.000", "13:07:08.123", "0000-01-01 13:07:08.123 +0000 UTC"),
    ("15:04:05,999", "13:07:08", "0000-01-01 13:07:08 +0000 UTC"),
    ("3:04PM", "12:04AM", "0000-01-01 00:04:00 +0000 UTC"),
    ("3:04PM", "12:04PM", "0000-01-01 12:04:00 +0000 UTC"),
    ("Mon Jan _2 2006", "sat MAR  9 2024", "2024-03-09 00:00:00 +0000 UTC"),
    ("x  y 2006", "x y 2024", "2024-01-01 00:00:00 +0000 UTC"),
    ("MST", "GMT+3", "0000-01-01 03:00:00 +0300 GMT+3"),
    ("MST", "WITA", "0000-01-01 00:00:00 +0000 WITA"),
    ("MST", "ChST", "0000-01-01 00:00:00 +0000 ChST"),
    ("2006 MST -0700", "2024 CET +0100", "2024-01-01 00:00:00 +0100 CET"),
    ("Z0700", "Z", "0000-01-01 00:00:00 +0000 UTC"),
    ("-07:00:00", "-01:02:03", "0000-01-01 00:00:00 -0102 -0102"),
    ("06", "69", "1969-01-01 00:00:00 +0000 UTC"),
    ("__2 2006", " 60 2024", "2024-02-29 00:00:00 +0000 UTC"),
    ("2006-1-2", "2024-3-9", "2024-03-09 00:00:00 +0000 UTC"),
    ("2006-01-02", "0000-01-01", "0000-01-01 00:00:00 +0000 UTC"),
]

UNREADABLE = [
    ("2006-01-02", "bogus", 'parsing time "bogus" as "2006-01-02": cannot parse "bogus" as "2006"'),
    ("2006-01-02", "2024-13-01", 'parsing time "2024-13-01": month out of range'),
    ("2006-01-02", "2024-02-30", 'parsing time "2024-02-30": day out of range'),
    ("2006-01-02", "2024-01-01x", 'parsing time "2024-01-01x": extra text: "x"'),
    ("15:04", "25:00", 'parsing time "25:00": hour out of range'),
    ("15:04", "10:61", 'parsing time "10:61": minute out of range'),
    ("15:04:05", "10:10:60", 'parsing time "10:10:60": second out of range'),
    ("3PM", "13PM", 'parsing time "13PM": hour out of range'),
    ("PM", "pm", 'parsing time "pm" as "PM": cannot parse "pm" as "PM"'),
    ("2006-002", "2023-366", 'parsing time "2023-366": day-of-year out of range'),
    ("2006-002", "2024-000", 'parsing time "2024-000": day-of-year out of range'),
    ("2006-01-002", "2024-02-001", 'parsing time "2024-02-001": day-of-year does not match month'),
    ("-0700", "+2500", 'parsing time "+2500": time zone offset hour out of range'),
    ("-07:00", "+02:61", 'parsing time "+02:61": time zone offset minute out of range'),
    ("-07:00", "+0200", 'parsing time "+0200" as "-07:00": cannot parse "+0200" as "-07:00"'),
    ("MST", "ABCDEF", 'parsing time "ABCDEF" as "MST": cannot parse "ABCDEF" as "MST"'),
    ("MST", "GMT-30", 'parsing time "GMT-30": extra text: "-30"'),
    ("Jan", "Foo", 'parsing time "Foo" as "Jan": cannot parse "Foo" as "Jan"'),
    ("2006", "20", 'parsing time "20" as "2006": cannot parse "20" as "2006"'),
    ("05.000", "10.1", 'parsing time "10.1" as "05.000": cannot parse ".1" as ".000"'),
    (
        "2006 é",
        '2024 "é\\',
        'parsing time "2024 \\"\\xc3\\xa9\\\\" as "2006 \\xc3\\xa9": cannot parse "\\"\\xc3\\xa9\\\\" as " \\xc3\\xa9"',
    ),
]

ZONED = [
    ("UTC", 1710000000, "2024-03-09 16:00 UTC"),
    ("UTC", 1720000000, "2024-07-03 09:46 UTC"),
    ("", 1710000000, "2024-03-09 16:00 UTC"),
    ("", 1720000000, "2024-07-03 09:46 UTC"),
    ("Local", 1710000000, "2024-03-09 16:00 UTC"),
    ("Local", 1720000000, "2024-07-03 09:46 UTC"),
    ("Nowhere/X", 1710000000, "2024-03-09 16:00 UTC"),
    ("Nowhere/X", 1720000000, "2024-07-03 09:46 UTC"),
    ("America/New_York", 1710000000, "2024-03-09 11:00 EST"),
    ("America/New_York", 1720000000, "2024-07-03 05:46 EDT"),
    ("Asia/Kathmandu", 1710000000, "2024-03-09 21:45 +0545"),
    ("Asia/Kathmandu", 1720000000, "2024-07-03 15:31 +0545"),
    ("../etc/x", 1710000000, "2024-03-09 16:00 UTC"),
    ("../etc/x", 1720000000, "2024-07-03 09:46 UTC"),
    ("/etc", 1710000000, "2024-03-09 16:00 UTC"),
    ("/etc", 1720000000, "2024-07-03 09:46 UTC"),
]

ROUNDED = [
    ("2h10m5s", "2h"),
    ("26h", "1d"),
    ("800h", "1mo"),
    ("9000h", "1y"),
    ("59s", "59s"),
    ("500ms", "0s"),
    ("bogus", "0s"),
    ("24h", "24h"),
    ("-25h", "1d"),
    ("24h1ns", "1d"),
    ("1s", "0s"),
    ("1m1s", "1m"),
    ("720h", "30d"),
    ("720h1s", "1mo"),
    ("8760h1s", "1y"),
]

SECONDS = [
    ("95", "1m35s"),
    ("86400", "24h0m0s"),
    ("abc", "0s"),
    ("-5", "-5s"),
    ("+7", "7s"),
    ("9223372036854775807", "-1s"),
    ("99999999999999999999", "-1s"),
    ("1_000", "0s"),
    ("1.5", "0s"),
    ("", "0s"),
]

PARSED = [
    ("1h", 3600000000000, "1h0m0s"),
    ("1.5h", 5400000000000, "1h30m0s"),
    ("-1h30m", -5400000000000, "-1h30m0s"),
    ("+5s", 5000000000, "5s"),
    ("0", 0, "0s"),
    ("-0", 0, "0s"),
    ("1us", 1000, "1\xb5s"),
    ("1\xb5s", 1000, "1\xb5s"),
    ("1\u03bcs", 1000, "1\xb5s"),
    ("1.23456789123456789h", 4444444408444, "1h14m4.444408444s"),
    ("0.000000001s", 1, "1ns"),
    ("9223372036854775807ns", 9223372036854775807, "2562047h47m16.854775807s"),
    ("-9223372036854775808ns", -9223372036854775808, "-2562047h47m16.854775808s"),
    ("3ms7us", 3007000, "3.007ms"),
    (".5s", 500000000, "500ms"),
    ("1.s", 1000000000, "1s"),
    ("100ns", 100, "100ns"),
    ("2562047h47m16.854775807s", 9223372036854775807, "2562047h47m16.854775807s"),
]

UNPARSABLE = [
    ("", 'time: invalid duration ""'),
    ("-", 'time: invalid duration "-"'),
    ("1", 'time: missing unit in duration "1"'),
    ("1x", 'time: unknown unit "x" in duration "1x"'),
    ("1h2", 'time: missing unit in duration "1h2"'),
    (".s", 'time: invalid duration ".s"'),
    ("1 h", 'time: unknown unit " h" in duration "1 h"'),
    ("1hm", 'time: unknown unit "hm" in duration "1hm"'),
    ("\xe9", 'time: invalid duration "\\xc3\\xa9"'),
    ("100000000000000000000s", 'time: invalid duration "100000000000000000000s"'),
    ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
    ("2562048h", 'time: invalid duration "2562048h"'),
    ("1h-1m", 'time: unknown unit "h-" in duration "1h-1m"'),
]


def surroundings(zone: str = "UTC") -> Ambient:
    return Ambient(now_ns=lambda: NOW, zone=ZoneInfo(zone))


def call(name: str, *arguments: Any, zone: str = "UTC") -> Any:
    function = FUNCTIONS[name]
    return function.call(surroundings(zone), *arguments) if function.ambient else function.call(*arguments)


def method(receiver: Any, name: str, *arguments: Any) -> Any:
    return receiver.go_methods[name].call(receiver, *arguments)


@pytest.mark.parametrize(("layout", "text", "expected"), FORMATTED)
def test_format_writes_every_element(layout: str, text: str, expected: str) -> None:
    assert method(call("mustToDate", RFC3339, text), "Format", layout) == expected


@pytest.mark.parametrize(("layout", "text", "expected"), READ)
def test_must_to_date_reads(layout: str, text: str, expected: str) -> None:
    assert call("mustToDate", layout, text).go_string() == expected


@pytest.mark.parametrize(("layout", "text", "message"), UNREADABLE)
def test_must_to_date_says_what_does_not_fit(layout: str, text: str, message: str) -> None:
    with pytest.raises(FunctionError) as caught:
        call("mustToDate", layout, text)
    assert str(caught.value) == message


@pytest.mark.parametrize(("layout", "text", "message"), UNREADABLE)
def test_to_date_gives_the_zero_time_instead(layout: str, text: str, message: str) -> None:
    time = call("toDate", layout, text)
    assert method(time, "IsZero")
    assert time.go_string() == "0001-01-01 00:00:00 +0000 UTC"


@pytest.mark.parametrize(("zone", "seconds", "expected"), ZONED)
def test_date_in_zone(zone: str, seconds: int, expected: str) -> None:
    for name in ("dateInZone", "date_in_zone"):
        assert call(name, "2006-01-02 15:04 MST", seconds, zone) == expected


@pytest.mark.parametrize(("text", "expected"), ROUNDED)
def test_duration_round(text: str, expected: str) -> None:
    assert call("durationRound", text) == expected


@pytest.mark.parametrize(("text", "expected"), SECONDS)
def test_duration_of_seconds(text: str, expected: str) -> None:
    assert call("duration", text) == expected


@pytest.mark.parametrize(("text", "nanoseconds", "expected"), PARSED)
def test_parse_duration(text: str, nanoseconds: int, expected: str) -> None:
    span = parse_duration(text)
    assert (span, span.go_string()) == (nanoseconds, expected)


@pytest.mark.parametrize(("text", "message"), UNPARSABLE)
def test_parse_duration_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(InvalidDuration) as caught:
        parse_duration(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "1970"), (Int64(0), "1970"), (Time(0), "1970"), (0.0, "2023"), ("0", "2023"), (None, "2023"), (True, "2023")],
)
def test_what_is_no_time_stands_for_now(value: object, expected: str) -> None:
    assert call("date", "2006", value) == expected


def test_date_notes_that_it_asked_the_clock_only_when_it_did() -> None:
    ambient = surroundings()
    FUNCTIONS["date"].call(ambient, "2006", 0)
    assert ambient.uses == set()
    FUNCTIONS["date"].call(ambient, "2006", "x")
    FUNCTIONS["now"].call(ambient)
    assert ambient.uses == {"date", "now"}


def test_dates_are_shown_in_the_local_zone() -> None:
    assert call("date", "15:04 MST", 1710000000, zone="Europe/Berlin") == "17:00 CET"
    assert call("htmlDate", 86400 - 1, zone="Europe/Berlin") == "1970-01-02"
    assert call("htmlDateInZone", 86400 - 1, "UTC", zone="Europe/Berlin") == "1970-01-01"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-31 02:30:00", "2024-03-31 03:30:00 +0200 CEST"),
        ("2024-10-27 02:30:00", "2024-10-27 02:30:00 +0100 CET"),
        ("2024-07-09 12:00:00", "2024-07-09 12:00:00 +0200 CEST"),
    ],
)
def test_to_date_reads_in_the_local_zone(text: str, expected: str) -> None:
    assert call("toDate", "2006-01-02 15:04:05", text, zone="Europe/Berlin").go_string() == expected


def test_date_modify_moves_and_leaves_alone() -> None:
    start = call("toDate", "2006-01-02", "2024-03-09")
    for name in ("dateModify", "date_modify"):
        assert call(name, "-1.5h", start).go_string() == "2024-03-08 22:30:00 +0000 UTC"
        assert call(name, "bogus", start) == start
    for name in ("mustDateModify", "must_date_modify"):
        assert call(name, "24h", start).go_string() == "2024-03-10 00:00:00 +0000 UTC"
        with pytest.raises(FunctionError, match='^time: invalid duration "bogus"$'):
            call(name, "bogus", start)


def test_ago_counts_from_now() -> None:
    assert call("ago", 1_700_000_000 - 3661) == "1h1m1s"
    assert call("ago", "x") == "0s"


def test_durations_of_other_types() -> None:
    assert call("duration", 95) == "0s"
    assert call("duration", Int64(3661)) == "1h1m1s"
    assert call("durationRound", Int64(3_600_000_000_001)) == "1h"
    assert call("durationRound", Time(1_700_000_000 - 7200)) == "2h"
    assert call("durationRound", 5) == "0s"


def test_unix_epoch() -> None:
    assert call("unixEpoch", Time(1_709_983_353)) == "1709983353"


TIME = Time(1_709_983_353, 123_456_789)

METHODS = [
    ("Year", (), "2024"),
    ("Month", (), "3"),
    ("Day", (), "9"),
    ("Weekday", (), "6"),
    ("Hour", (), "11"),
    ("Minute", (), "22"),
    ("Second", (), "33"),
    ("Nanosecond", (), "123456789"),
    ("YearDay", (), "69"),
    ("Unix", (), "1709983353"),
    ("UnixMilli", (), "1709983353123"),
    ("UnixMicro", (), "1709983353123456"),
    ("UnixNano", (), "1709983353123456789"),
    ("IsZero", (), "False"),
    ("IsDST", (), "False"),
    ("GoString", (), "time.Date(2024, time.March, 9, 11, 22, 33, 123456789, time.UTC)"),
    ("MarshalJSON", (), "b'\"2024-03-09T11:22:33.123456789Z\"'"),
    ("Before", (Time(2**31),), "True"),
    ("After", (Time(2**31),), "False"),
    ("Compare", (Time(0),), "1"),
    ("Equal", (TIME,), "True"),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), METHODS)
def test_methods_of_a_time(name: str, arguments: tuple[Any, ...], expected: str) -> None:
    assert str(method(TIME, name, *arguments)) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("Add", (Duration(3_600_000_000_000),), "2024-03-09 12:22:33.123456789 +0000 UTC"),
        ("AddDate", (0, 0, -9), "2024-02-29 11:22:33.123456789 +0000 UTC"),
        ("AddDate", (1, 13, 40), "2026-05-19 11:22:33.123456789 +0000 UTC"),
        ("Round", (3_600_000_000_000,), "2024-03-09 11:00:00 +0000 UTC"),
        ("Truncate", (86_400_000_000_000,), "2024-03-09 00:00:00 +0000 UTC"),
        ("UTC", (), "2024-03-09 11:22:33.123456789 +0000 UTC"),
        ("Sub", (Time(1_709_983_353),), "123.456789ms"),
    ],
)
def test_methods_that_give_times_and_durations(name: str, arguments: tuple[Any, ...], expected: str) -> None:
    assert method(TIME, name, *arguments).go_string() == expected


def test_go_types() -> None:
    month, weekday = method(TIME, "Month"), method(TIME, "Weekday")
    assert [go_type(value) for value in (TIME, month, weekday)] == ["time.Time", "time.Month", "time.Weekday"]
    assert [go_kind(value) for value in (TIME, month, weekday, Duration(1))] == ["struct", "int", "int", "int64"]
    assert [month.go_string(), weekday.go_string(), month.go_json()] == ["March", "Saturday", 3]


def test_json_is_rfc3339() -> None:
    assert TIME.go_json() == "2024-03-09T11:22:33.123456789Z"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Hours", 1.5), ("Minutes", 90.0), ("Seconds", 5400.0), ("Milliseconds", 5_400_000), ("Nanoseconds", 54 * 10**11)],
)
def test_methods_of_a_duration(name: str, expected: float) -> None:
    assert method(parse_duration("1h30m"), name) == expected


def test_years_beyond_python_s_calendar() -> None:
    assert call("date", "2006-01-02", 99_999_999_999_999) == "3170843-11-07"
    assert call("dateInZone", "2006-01-02", Int64(-99_999_999_999), "Europe/Berlin") == "-1199-02-15"
