"""What an expression has to know of a grade: its word and the totals it covers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Protocol


class TotalRange(Protocol):
    """A range of totals, in points; an end that is None is open."""

    @property
    def low(self) -> Decimal | None: ...
    @property
    def high(self) -> Decimal | None: ...
    @property
    def low_closed(self) -> bool: ...
    @property
    def high_closed(self) -> bool: ...


class GradeRange(Protocol):
    """A grade as rule files write it."""

    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...
    @property
    def when(self) -> TotalRange: ...


def covers(grade: GradeRange, total: Fraction) -> bool:
    """Whether a grade's range holds a total."""
    low, high = grade.when.low, grade.when.high
    above = (
        low is None or total > Fraction(low) or (grade.when.low_closed and total == Fraction(low))
    )
    return above and (
        high is None
        or total < Fraction(high)
        or (grade.when.high_closed and total == Fraction(high))
    )
