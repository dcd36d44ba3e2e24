"""Outcomes of one unit -> the same, where points rest on figures that a relation contradicts: in doubt, with every score possible. The plan says the same in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from gouji.base.outcome import CriterionOutcome, TieOutcome
from gouji.base.verdict import ASSESSED, Ground, Verdict
from gouji.rules import Contesting, ResolvedBook, contesting

ZERO = Decimal("0.00")
NONE = Contesting()


def doubted(
    book: ResolvedBook, criteria: Sequence[CriterionOutcome], relations: Iterable[TieOutcome]
) -> tuple[CriterionOutcome, ...]:
    """Criteria in the order of the book, with the codes of the relations that contradict their figures."""
    wrong = {o.code for o in relations if o.verdict is Verdict.UNBALANCED}
    if not wrong:
        return tuple(criteria)
    by_code = contesting(book)
    made = []
    for rule, outcome in zip(book.criteria, criteria, strict=True):
        found = tuple(
            code for code in asked(outcome, by_code.get(rule.code, NONE)) if code in wrong
        )
        low, high = (Decimal(x).quantize(ZERO) for x in (rule.rule.bottom, rule.rule.top))
        made.append(
            replace(outcome, low=low, high=high, ground=Ground.CONTESTED, doubts=found)
            if found
            else outcome
        )
    return tuple(made)


def asked(of: CriterionOutcome, by: Contesting) -> tuple[str, ...]:
    """The relations that bear on an outcome: what is open rests on no figure, what does not apply on those that say so."""
    if of.verdict not in ASSESSED:
        return ()
    return by.left_out if of.verdict is Verdict.NOT_APPLICABLE else by.every
