"""Outcomes of one unit -> the same, where points rest on figures that a relation contradicts: in doubt, with every score possible. The plan says the same in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from gouji.base.outcome import CriterionOutcome, TieOutcome
from gouji.base.verdict import ASSESSED, Ground, Verdict
from gouji.expression import Exact, UnitFigures
from gouji.reference.points import hundredths, points
from gouji.rules import Contesting, ResolvedBook, ResolvedCriterion, RowByRow, contesting

ZERO = Decimal("0.00")
NONE = Contesting()


def doubted(
    book: ResolvedBook,
    criteria: Sequence[CriterionOutcome],
    relations: Iterable[TieOutcome],
    figures: UnitFigures,
) -> tuple[CriterionOutcome, ...]:
    """Criteria in the order of the book, with the codes of the relations that contradict their figures."""
    wrong = {o.code for o in relations if o.verdict is Verdict.UNBALANCED}
    if not wrong:
        return tuple(criteria)
    by_code = contesting(book)
    made = []
    for rule, outcome in zip(book.criteria, criteria, strict=True):
        by = by_code.get(rule.code, NONE)
        found = tuple(code for code in asked(outcome, by) if code in wrong)
        if not found:
            made.append(outcome)
            continue
        low, high = (Decimal(x).quantize(ZERO) for x in (rule.rule.bottom, rule.rule.top))
        if outcome.measured is not None and outcome.verdict is not Verdict.NOT_APPLICABLE:
            low, high = _of_rows(rule, outcome, by, wrong, Exact(figures)) or (low, high)
        made.append(replace(outcome, low=low, high=high, ground=Ground.CONTESTED, doubts=found))
    return tuple(made)


def _of_rows(
    of: ResolvedCriterion,
    outcome: CriterionOutcome,
    by: Contesting,
    wrong: Set[str],
    exact: Exact,
) -> tuple[Decimal, Decimal] | None:
    """The range where only single rows are in doubt: from nothing for them to all that they may earn; None where the whole is."""
    if by.row_ends is None or not isinstance(of.rule.method, RowByRow) or wrong & set(by.whole):
        return None
    least, most = (exact.interval(tree) for tree in by.row_ends)
    if least is None or most is None:
        return None
    weight, bottom = of.rule.weight, hundredths(Fraction(of.rule.bottom))
    ends = (points(of.rule.method, weight, end) + bottom for end in (least.low, most.high))
    low, high = ends
    return min(low, outcome.low), max(high, outcome.high)


def asked(of: CriterionOutcome, by: Contesting) -> tuple[str, ...]:
    """The relations that bear on an outcome: what is open rests on no figure, what does not apply on those that say so."""
    if of.verdict not in ASSESSED:
        return ()
    return by.left_out if of.verdict is Verdict.NOT_APPLICABLE else by.every
