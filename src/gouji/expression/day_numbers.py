"""Days of the Gregorian calendar as whole numbers, 1 for the first of January of the year 1: dates that can be compared and taken apart exactly."""

from __future__ import annotations

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LAST_YEAR = 9999


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_days(year: int, month: int) -> int:
    """How many days a month has."""
    return _DAYS[month - 1] + (month == 2 and _leap(year))


def _before(year: int) -> int:
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400


def day_number(year: int, month: int, day: int) -> int | None:
    """The number of a day; None where there is no such day.

    >>> day_number(1, 1, 1), day_number(2024, 2, 29), day_number(2023, 2, 29)
    (1, 738945, None)
    """
    if not (1 <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= month_days(year, month)):
        return None
    return _before(year) + sum(month_days(year, m) for m in range(1, month)) + day


def date_text(number: int) -> str:
    """The day with a number, as 2024-02-29.

    >>> date_text(738945)
    '2024-02-29'
    """
    year = max(1, number // 366)
    while _before(year + 1) < number:
        year += 1
    left, month = number - _before(year), 1
    while left > month_days(year, month):
        left, month = left - month_days(year, month), month + 1
    return f"{year:04}-{month:02}-{left:02}"
