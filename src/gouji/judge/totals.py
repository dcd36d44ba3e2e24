"""Criterion outcomes of one unit -> totals, grade and its range, points by what they rest on. The plan's last layers say the same in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from gouji.judge.method import hundredths, inside
from gouji.load.rules import Grade
from gouji.outcome import CriterionOutcome, Totals
from gouji.validate import ResolvedBook
from gouji.verdict import Ground, Verdict

ZERO = Decimal("0.00")


def totals(book: ResolvedBook, unit: str, name: str, outcomes: Sequence[CriterionOutcome]) -> Totals:
    """Add up one unit. Open criteria count 0 in the score, and between their ends in the range."""
    weights = {c.code: c.rule.weight for c in book.criteria}
    score, low, high = (sum((x or ZERO for x in part), ZERO) for part in
                        ([o.score for o in outcomes], [o.low for o in outcomes], [o.high for o in outcomes]))  # fmt: skip
    if book.source.head.not_applicable == "exclude":
        counted = sum((weights[o.code] for o in outcomes if o.verdict is not Verdict.NOT_APPLICABLE), ZERO)
        score, low, high = (
            hundredths(Fraction(x) * Fraction(book.total) / Fraction(counted)) if counted else ZERO for x in (score, low, high)
        )
    own = [o.self_score for o in outcomes]
    grades = book.source.head.grades
    grounds = {g: sum((hundredths(Fraction(weights[o.code])) for o in outcomes if o.ground is g), ZERO) for g in Ground}
    return Totals(unit, name, score, low, high, None if None in own else sum((x for x in own if x is not None), ZERO),
                  grade_of(score, grades), grade_of(low, grades), grade_of(high, grades), grounds)  # fmt: skip


def grade_of(total: Decimal, grades: Sequence[Grade]) -> str | None:
    """The grade whose range holds a total; None where no range does."""
    return next((g.name for g in grades if inside(Fraction(total), g.when)), None)
