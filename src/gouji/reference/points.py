"""Scoring methods in Python: measure -> points, as a reader would compute them. `compile.method` says the same in SQL."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import assert_never

from gouji.base.outcome import Span
from gouji.rules import (
    Bands,
    Between,
    Inverse,
    Measured,
    PerViolation,
    Proportional,
    Range,
    Reading,
    RowByRow,
    Steps,
    TwoSidedSteps,
    Within,
    Words,
)


def points(
    method: Measured, weight: Decimal, measured: Fraction, reading: Reading | None = None
) -> Decimal:
    """The score in points, between 0 and the weight, to hundredths, halves up.

    >>> from gouji.rules.fields import METHOD
    >>> c11 = METHOD.validate_python({"kind": "steps", "full_at": "≤ 100%", "per": "1%", "percent_is": "point", "take": "0.2", "reading": "whole"})
    >>> [str(points(c11, Decimal(1), Fraction(133, 132), r)) for r in Reading]  # 0.76 of a point over
    ['1.00', '0.80', '0.85']
    """
    full = Fraction(weight)
    match method:
        case Within(full_at=full_at):
            earned = full if inside(measured, full_at) else Fraction(0)
        case Steps() | TwoSidedSteps():
            earned = full - deduction(method, weight, measured, reading or method.reading)
        case Bands(bands=bands):
            earned = next(
                (Fraction(b.points) for b in bands if inside(measured, b.when)), Fraction(0)
            )
        case Proportional(full_at=full_at):
            earned = full * measured / Fraction(full_at)
        case Inverse(full_at=full_at):
            beyond = measured > Fraction(full_at)
            earned = full * Fraction(full_at) / measured if beyond else full
        case Between():
            earned = _between(method, full, measured)
        case Words() | RowByRow():
            earned = measured
        case PerViolation(take=take):
            earned = full - Fraction(take) * max(measured, Fraction(0))
        case _:
            assert_never(method)
    return hundredths(min(max(earned, Fraction(0)), full))


def _between(method: Between, full: Fraction, measured: Fraction) -> Fraction:
    none_at, full_at, least = map(Fraction, (method.none_at, method.full_at, method.none_points))
    share = (measured - none_at) / (full_at - none_at)
    return least + (full - least) * min(max(share, Fraction(0)), Fraction(1))


def deduction(
    method: Steps | TwoSidedSteps, weight: Decimal, measured: Fraction, reading: Reading
) -> Fraction:
    """Points off before 扣完为止: steps beyond the full-mark range times points per step."""
    steps = excess(method, measured)
    counted = {
        Reading.WHOLE: Fraction(floor(steps)),
        Reading.BEGUN: Fraction(ceil(steps)),
        Reading.PRORATA: steps,
    }[reading]
    take = (
        Fraction(method.take)
        if method.take is not None
        else Fraction(method.take_share or 0) * Fraction(weight)
    )
    return counted * take


def excess(method: Steps | TwoSidedSteps, measured: Fraction) -> Fraction:
    """How many steps the measure lies beyond the full-mark range (0 inside it)."""
    low, high = method.full_at.low, method.full_at.high
    for end, beyond in ((high, Fraction(1)), (low, Fraction(-1))):
        if end is not None and (measured - Fraction(end)) * beyond > 0:
            width = Fraction(method.per) * (
                abs(Fraction(end)) if method.percent_is == "relative" else 1
            )
            return (measured - Fraction(end)) * beyond / width
    return Fraction(0)


def score_range(method: Measured, weight: Decimal, span: Span) -> tuple[Decimal, Decimal]:
    """Least and greatest points while the measure moves through the interval."""
    found = [points(method, weight, span.low), points(method, weight, span.high)]
    match method:
        case TwoSidedSteps(full_at=full_at) | Within(full_at=full_at):
            if meets(span, full_at):
                found.append(weight)
        case Bands(bands=bands):
            found.extend(b.points for b in bands if meets(span, b.when))
        case (
            Steps() | Proportional() | Inverse() | Between() | Words() | RowByRow() | PerViolation()
        ):
            pass
        case _:
            assert_never(method)
    return hundredths(Fraction(min(found))), hundredths(Fraction(max(found)))


def inside(value: Fraction, when: Range) -> bool:
    """Whether a value lies in a range."""
    return meets(Span(value, value), when)


def meets(span: Span, when: Range) -> bool:
    """Whether an interval and a range have a point in common."""
    above = (
        when.low is None
        or span.high > Fraction(when.low)
        or (when.low_closed and span.high == Fraction(when.low))
    )
    return above and (
        when.high is None
        or span.low < Fraction(when.high)
        or (when.high_closed and span.low == Fraction(when.high))
    )


def hundredths(value: Fraction) -> Decimal:
    """Points to hundredths, halves up: the one place where points are rounded."""
    return Decimal(floor(value * 100 + Fraction(1, 2))).scaleb(-2)
