"""One tie-out -> columns of the plan: verdict, both sides, the right side's interval, why it could not be judged."""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from gouji.compile import sql
from gouji.compile.criterion import Columns, open_figures, verdict
from gouji.compile.facts import Facts
from gouji.compile.reading import Reading
from gouji.measure.exact import is_text
from gouji.measure.nodes import Compare
from gouji.validate.resolved import ResolvedBook, ResolvedTieOut
from gouji.verdict import Verdict


def add_tie_out(of: ResolvedTieOut, book: ResolvedBook, facts: Facts, columns: Columns) -> None:
    """Add the columns of one tie-out."""
    code, reading = of.code, Reading(facts, book.source.head.grades)
    mask, _ = open_figures(code, [of.check, of.applies], facts, columns)
    columns.note(f"{code}.gaps", mask)
    applies = reading.truth(of.applies).holds if of.applies is not None else exp.true()
    truth = reading.truth(of.check)
    may_hold = truth.may_hold
    if isinstance(of.check, Compare) and of.rule.tolerance is not None:
        may_hold = reading.within(of.check, of.check.op, Fraction(of.rule.tolerance.amount))
    if isinstance(of.check, Compare) and not is_text(of.check.left):
        columns.keep(f"{code}.left", reading.value(of.check.left))
        columns.keep(f"{code}.right", reading.value(of.check.right))
        ends = reading.interval(of.check.right)
        columns.keep(f"{code}.low_end", ends.low)
        columns.keep(f"{code}.high_end", ends.high)
    made = sql.case(
        [
            (sql.not_(applies), verdict(Verdict.NOT_APPLICABLE)),
            (sql.is_null(applies), verdict(Verdict.UNASSESSABLE)),
            (sql.is_null(truth.holds), verdict(Verdict.UNASSESSABLE)),
            (truth.holds, verdict(Verdict.BALANCED)),
            (sql.is_null(may_hold), verdict(Verdict.UNASSESSABLE)),
            (may_hold, verdict(Verdict.WITHIN_ROUNDING)),
        ],
        verdict(Verdict.UNBALANCED),
    )
    columns.note(f"{code}.verdict", sql.cast(made, "TINYINT"))
