"""Criterion outcomes of one unit -> totals, grade and its range, points by what they rest on. The plan's last layers say the same in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from gouji.base.outcome import CriterionOutcome, Totals, certain
from gouji.base.verdict import UNDECIDED, UNSURE, Ground, Verdict
from gouji.reference.points import hundredths, inside
from gouji.rules import Grade, ResolvedBook

ZERO = Decimal("0.00")


def totals(
    book: ResolvedBook, unit: str, name: str, outcomes: Sequence[CriterionOutcome]
) -> Totals:
    """Add up one unit. Open criteria count what is certain in the score, and between their ends in the range."""
    weights = {c.code: c.rule.weight for c in book.criteria}
    sure = [o.ground not in UNSURE for o in outcomes]
    score, low, high, least, most = (
        sum((x or ZERO for x in part), ZERO)
        for part in (
            [certain(o) for o in outcomes],
            [o.low for o in outcomes],
            [o.high for o in outcomes],
            [o.score if s else o.low for o, s in zip(outcomes, sure, strict=True)],
            [o.score if s else o.high for o, s in zip(outcomes, sure, strict=True)],
        )
    )
    grades, nothing_counted = book.source.head.grades, False
    if book.source.head.not_applicable == "exclude":
        counted = sum(
            (weights[o.code] for o in outcomes if o.verdict is not Verdict.NOT_APPLICABLE), ZERO
        )
        # What is left out for figures that are contested may count after all.
        possible = sum(
            (
                weights[o.code]
                for o in outcomes
                if o.verdict is not Verdict.NOT_APPLICABLE or o.ground is Ground.CONTESTED
            ),
            ZERO,
        )
        score = _scaled(book, score, counted)
        low, high, least, most = (_scaled(book, x, possible) for x in (low, high, least, most))
        nothing_counted = not possible
    own = [o.self_score for o in outcomes]
    grounds = {
        g: sum((hundredths(Fraction(weights[o.code])) for o in outcomes if o.ground is g), ZERO)
        for g in Ground
    }
    # Where no criterion applies there is nothing to grade.
    worst, best, first, last = (
        None if nothing_counted else grade_of(x, grades) for x in (low, high, least, most)
    )
    own_total = None if None in own else sum((x for x in own if x is not None), ZERO)
    own_grade = None if own_total is None else grade_of(own_total, grades)
    # What rounding alone could bring changes no grade; what is open does.
    return Totals(
        unit,
        name,
        score,
        low,
        high,
        own_total,
        first if first == last else UNDECIDED,
        worst,
        best,
        grounds,
        own_grade,
    )


def _scaled(book: ResolvedBook, points: Decimal, counted: Decimal) -> Decimal:
    """Points out of those that count -> out of the total."""
    return (
        hundredths(Fraction(points) * Fraction(book.total) / Fraction(counted)) if counted else ZERO
    )


def grade_of(total: Decimal, grades: Sequence[Grade]) -> str | None:
    """The grade whose range holds a total; None where no range does."""
    return next((g.name for g in grades if inside(Fraction(total), g.when)), None)
