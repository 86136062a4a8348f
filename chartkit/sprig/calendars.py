"""The Gregorian calendar for any year, as plain arithmetic."""

from __future__ import annotations

from typing import Final

DAY: Final = 86_400
DAYS_BEFORE: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
"""Days of a common year before each month."""

_EPOCH_DAYS: Final = 719_468
"""Days from 1 March of the year 0 to 1 January 1970."""
_ERA: Final = 146_097


def is_leap(year: int) -> bool:
    """Whether a year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """How many days a month has."""
    return DAYS_BEFORE[month] - DAYS_BEFORE[month - 1] + (1 if month == 2 and is_leap(year) else 0)


def days_from_date(year: int, month: int, day: int) -> int:
    """Days since 1970. Months and days beyond their range run over into the next years and months."""
    year += (month - 1) // 12
    month = (month - 1) % 12 + 1
    # Counted from March, the leap day is the last of the year.
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5
    return era * _ERA + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year + day - 1 - _EPOCH_DAYS


def date_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a day counted from 1970."""
    era, day_of_era = divmod(days + _EPOCH_DAYS, _ERA)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = (shifted + 2) % 12 + 1
    year = year_of_era + era * 400 + (month <= 2)
    return year, month, day_of_year - (153 * shifted + 2) // 5 + 1


def unix_seconds(date: tuple[int, int, int], clock: tuple[int, int, int]) -> int:
    """Seconds since 1970 of a date and a time of day."""
    hour, minute, second = clock
    return days_from_date(*date) * DAY + hour * 3600 + minute * 60 + second
