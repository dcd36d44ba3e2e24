"""Days in formulas -> numbers of days: 3月31日 of the fiscal year, 次年6月底, 2024年3月31日."""

from __future__ import annotations

from fractions import Fraction

from gouji.expression import day_number, month_days
from gouji.expression import nodes as n


def number_of(written: n.WrittenDay, fiscal_year: int) -> n.Number | None:
    """The day that is written, in a rule of a fiscal year; None where there is no such day."""
    year = written.year or fiscal_year + written.later
    if not 1 <= written.month <= 12:
        return None
    number = day_number(year, written.month, written.day or month_days(year, written.month))
    return n.Number(Fraction(number), date=True) if number is not None else None
