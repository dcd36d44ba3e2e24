"""Scoring methods in SQL: measure -> score in whole hundredths of a point. `judge.method` says the same in Python.

Exact until the last step: cross-multiplied whole numbers, one division, rounded half up to hundredths in one place (`hundredths`).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.branches import Ends
from gouji.plan.sql.expression_sql import in_range
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql
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

_ZERO = q.constant(Fraction(0))


def centi(points: Decimal) -> int:
    """Points as whole hundredths."""
    return int(points * 100)


def score(
    method: Measured, weight: Decimal, measured: Quantity, reading: Reading | None = None
) -> Sql:
    """The score in hundredths, 0 … weight; NULL where the measure has no value. `reading` overrides the method's own."""
    full = centi(weight)
    match method:
        case Within(full_at=full_at):
            return _if_value(
                measured, sql.case([(in_range(measured, full_at), sql.whole(full))], sql.whole(0))
            )
        case Steps() | TwoSidedSteps():
            return _stepped(method, weight, measured, reading or method.reading)
        case Bands(bands=bands):
            rows = [(in_range(measured, b.when), sql.whole(centi(b.points))) for b in bands]
            return _if_value(measured, sql.case(rows, sql.whole(0)))
        case Proportional(full_at=full_at):
            return _capped(hundredths(_times(measured, full / Fraction(full_at))), full)
        case Inverse(full_at=full_at):
            return _inverse(full, q.constant(Fraction(full_at)), measured)
        case Between():
            return _between(method, full, measured)
        case Words() | RowByRow():
            return _capped(hundredths(_times(measured, Fraction(100))), full)
        case PerViolation(take=take):
            return _rest(full, hundredths(_times(measured, Fraction(centi(take))), down=True))
        case _:
            assert_never(method)


def _times(measured: Quantity, by: Fraction) -> Quantity:
    """The measure, or zero where it is below, × `by`."""
    return q.multiply(_not_below_zero(measured), q.constant(by))


def score_range(
    method: Measured, weight: Decimal, ends: Ends, scores: tuple[Sql, Sql, Sql]
) -> tuple[Sql, Sql]:
    """Least and greatest score while the measure moves through the interval; `scores` are those at the printed figures and at both ends."""
    _at, low, high = scores
    match method:
        # These only rise, or only fall.
        case Steps(full_at=full_at):
            return (low, high) if full_at.high is None else (high, low)
        case Proportional():
            return low, high
        case PerViolation() | Inverse():
            return high, low
        case Between(none_at=none_at, full_at=full_at):
            return (low, high) if full_at > none_at else (high, low)
        case Words() | RowByRow():
            return low, high
        case TwoSidedSteps() | Within() | Bands():
            return _range_of_turning(method, centi(weight), ends, scores)
        case _:
            assert_never(method)


def _range_of_turning(
    method: TwoSidedSteps | Within | Bands, full: int, ends: Ends, scores: tuple[Sql, Sql, Sql]
) -> tuple[Sql, Sql]:
    """Least and greatest score of a method that rises and falls."""
    at, low, high = scores
    known = sql.all_of([sql.not_(sql.is_null(low)), sql.not_(sql.is_null(high))])
    least, most = sql.least(low, high, at), sql.greatest(low, high, at)
    if isinstance(method, Bands):
        # A band between the two ends may lie above or below both of their scores.
        touched = [(_meets(ends, b.when), sql.whole(centi(b.points))) for b in method.bands]
        least = sql.least(least, *(sql.case([t], sql.whole(full)) for t in touched))
        most = sql.greatest(most, *(sql.case([t], sql.whole(0)) for t in touched))
    else:
        most = sql.case([(_meets(ends, method.full_at), sql.whole(full))], most)
    return sql.case([(known, least)]), sql.case([(known, most)])


def _inverse(full: int, edge: Quantity, measured: Quantity) -> Sql:
    """Full marks up to the edge, at the cost of a comparison; beyond it the measure is above zero and divides."""
    beyond = q.compare(">", measured, edge)
    points = hundredths(
        q.divide(q.multiply(edge, q.constant(Fraction(full))), measured, positive=True)
    )
    return sql.case([(beyond, points.sql)], sql.case([(measured.has_value, sql.whole(full))]))


def _between(method: Between, full: int, measured: Quantity) -> Sql:
    """In proportion from one limit to the other, on top of what is earned at the worse one."""
    none_at, full_at = Fraction(method.none_at), Fraction(method.full_at)
    least = centi(method.none_points)
    gap = q.add(measured, q.constant(-none_at))
    if full_at < none_at:
        gap = q.negate(gap)
    worth = Fraction(full - least) / abs(full_at - none_at)
    earned = hundredths(q.multiply(_not_below_zero(gap), q.constant(worth)))
    return _capped(q.plus(earned, q.literal(least)), full)


def _meets(ends: Ends, when: Range) -> Sql:
    """Whether the interval and the range have a point in common."""
    tests = []
    if when.low is not None:
        tests.append(
            q.compare(">=" if when.low_closed else ">", ends.high, q.constant(Fraction(when.low)))
        )
    if when.high is not None:
        tests.append(
            q.compare("<=" if when.high_closed else "<", ends.low, q.constant(Fraction(when.high)))
        )
    return sql.all_of(tests)


def take_of(method: Steps | TwoSidedSteps, weight: Decimal) -> Fraction:
    """Points off for one step."""
    return (
        Fraction(method.take)
        if method.take is not None
        else Fraction(method.take_share or 0) * Fraction(weight)
    )


def _stepped(
    method: Steps | TwoSidedSteps, weight: Decimal, measured: Quantity, reading: Reading
) -> Sql:
    """Full marks inside the range, at the cost of a comparison; the division is only for figures beyond it."""
    full, take = centi(weight), take_of(method, weight) * 100
    branches = []
    for beyond, gap in _excess(method, measured):
        if reading is Reading.PRORATA:
            lost = hundredths(q.multiply(gap, q.constant(take)), down=True)
        else:
            steps = _quotient(gap, up=reading is Reading.BEGUN)
            # Points per step may be part of a hundredth (5% of an odd weight): still rounded once.
            lost = (
                q.times(steps, q.literal(int(take)))
                if take.denominator == 1
                else hundredths(Quantity(steps, q.ONE, take), down=True)
            )
        branches.append(
            (beyond, sql.greatest(q.plus(q.literal(full), q.minus(lost)).sql, sql.whole(0)))
        )
    return sql.case(branches, sql.case([(measured.has_value, sql.whole(full))]))


def _excess(method: Steps | TwoSidedSteps, measured: Quantity) -> list[tuple[Sql, Quantity]]:
    """For each end of the full-mark range: whether the measure lies beyond it, and by how many steps."""
    sides = []
    for end, above in ((method.full_at.high, True), (method.full_at.low, False)):
        if end is None:
            continue
        edge = q.constant(Fraction(end))
        gap = q.add(measured, q.negate(edge)) if above else q.add(edge, q.negate(measured))
        width = Fraction(method.per) * (
            abs(Fraction(end)) if method.percent_is == "relative" else 1
        )
        sides.append(
            (
                q.compare(">" if above else "<", measured, edge),
                q.multiply(gap, q.constant(1 / width)),
            )
        )
    return sides


def _not_below_zero(of: Quantity) -> Quantity:
    return q.pick([(q.compare("<", of, _ZERO), q.multiply(of, _ZERO))], of)


def _quotient(of: Quantity, *, up: bool) -> Whole:
    """floor or ceiling of a quantity that is not negative: one whole-number division."""
    top = q.times(of.num, q.literal(of.scale.numerator))
    bottom = q.times(of.den, q.literal(of.scale.denominator))
    if up:
        top = q.plus(top, q.plus(bottom, q.literal(-1)))
    if bottom.constant == 1:
        return top
    return Whole(q.int_div(top, bottom, top.bound), top.bound)


def hundredths(of: Quantity, *, down: bool = False) -> Whole:
    """A quantity that is not negative as a whole number, halves up; for deductions `down`, so that the score's halves go up."""
    top = q.times(of.num, q.literal(2 * of.scale.numerator))
    bottom = q.times(of.den, q.literal(of.scale.denominator))
    top = q.plus(top, bottom)
    if down:
        top = q.plus(top, q.literal(-1))
    both = q.times(bottom, q.literal(2))
    return Whole(q.int_div(top, both, top.bound), top.bound)


def _rest(full: int, lost: Whole) -> Sql:
    left = q.plus(q.literal(full), q.minus(lost))
    return _at_least_zero(left)


def _at_least_zero(of: Whole) -> Sql:
    return sql.case([(q.compare_whole("<", of, q.literal(0)), sql.whole(0))], of.sql)


def _capped(of: Whole, full: int) -> Sql:
    return sql.case([(q.compare_whole(">", of, q.literal(full)), sql.whole(full))], of.sql)


def _if_value(measured: Quantity, made: Sql) -> Sql:
    return sql.case([(measured.has_value, made)])
