"""Plain calendar arithmetic, against Python's own calendar where that reaches."""

from __future__ import annotations

from datetime import date

import pytest

from chartkit.sprig.calendars import date_from_days, days_from_date, days_in_month, is_leap, unix_seconds

EPOCH = date(1970, 1, 1).toordinal()


@pytest.mark.parametrize("ordinal", [1, 60, 365, 366, 146_097, 700_000, EPOCH, 738_000, 738_585, 3_652_059])
def test_days_and_dates_agree_with_python(ordinal: int) -> None:
    day = date.fromordinal(ordinal)
    assert date_from_days(ordinal - EPOCH) == (day.year, day.month, day.day)
    assert days_from_date(day.year, day.month, day.day) == ordinal - EPOCH


@pytest.mark.parametrize("days", [-10_000_000, -800_000, 10_000_000, 10**9])
def test_far_years_go_there_and_back(days: int) -> None:
    assert days_from_date(*date_from_days(days)) == days


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((2024, 14, 1), (2025, 2, 1)),
        ((2024, 0, 1), (2023, 12, 1)),
        ((2024, -11, 40), (2023, 2, 9)),
        ((2023, 2, 29), (2023, 3, 1)),
    ],
)
def test_months_and_days_run_over(parts: tuple[int, int, int], expected: tuple[int, int, int]) -> None:
    assert date_from_days(days_from_date(*parts)) == expected


@pytest.mark.parametrize(("year", "leap"), [(2000, True), (1900, False), (2024, True), (2023, False), (0, True)])
def test_leap_years(year: int, leap: bool) -> None:
    assert is_leap(year) is leap
    assert days_in_month(year, 2) == (29 if leap else 28)


def test_unix_seconds() -> None:
    assert unix_seconds((2024, 3, 9), (11, 22, 33)) == 1_709_983_353
