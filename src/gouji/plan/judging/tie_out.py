"""One tie-out -> columns of the plan: verdict, both sides, the right side's interval, why it could not be judged."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from gouji.base.verdict import Verdict
from gouji.expression import homes, is_text, lacks, void
from gouji.expression.nodes import Compare, Node
from gouji.plan.brief import fails as off
from gouji.plan.brief.per_table import home_of
from gouji.plan.columns import Columns, Keeper
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging.openness import applies_of, known_of, open_figures, value_of, verdict
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.rational import Quantity
from gouji.plan.sql.shapes import Sql
from gouji.rules import ResolvedBook, ResolvedTieOut


def add_tie_out(of: ResolvedTieOut, book: ResolvedBook, facts: Facts, columns: Columns) -> None:
    """Add the columns of one tie-out."""
    home = home_of(of, facts) if columns.brief else None
    columns = columns if home is None else columns.of_table(home)
    code, reading = of.code, SqlReading(facts, book.source.head.grades, Keeper(columns, of.code))
    applies = applies_of(of, reading, facts, columns)
    if columns.brief:
        _brief(of, applies, reading, book, facts, columns)
        return
    mask, _ = open_figures(code, [of.check, of.applies], reading, columns, (facts, book.derived))
    columns.define(f"{code}.gaps", mask, out=True)
    not_applicable = (sql.not_(applies), verdict(Verdict.NOT_APPLICABLE))
    if void(of.check, facts.absent):
        made = sql.case([not_applicable], verdict(Verdict.UNASSESSABLE))
    else:
        check = known_of(reading.check(of.check).holds, facts, of.check)
        holds = columns.define(f"{code}.holds", check)
        may_hold = columns.define(f"{code}.may_hold", _may_hold(of, reading))
        made = _verdict(not_applicable, applies, holds, may_hold)
    _sides(of, reading, columns, facts)
    columns.define(f"{code}.verdict", made, "TINYINT", out=True)


def _verdict(not_applicable: tuple[Sql, Sql], applies: Sql, holds: Sql, may_hold: Sql) -> Sql:
    """The verdict of a tie-out by the first test that is true."""
    unassessable = verdict(Verdict.UNASSESSABLE)
    return sql.case(
        [
            not_applicable,
            (sql.is_null(applies), unassessable),
            (sql.is_null(holds), unassessable),
            (holds, verdict(Verdict.BALANCED)),
            (sql.is_null(may_hold), unassessable),
            (may_hold, verdict(Verdict.WITHIN_ROUNDING)),
        ],
        verdict(Verdict.UNBALANCED),
    )


def _may_hold(of: ResolvedTieOut, reading: SqlReading) -> Sql:
    if (
        isinstance(of.check, Compare)
        and not is_text(of.check.left)
        and of.rule.tolerance is not None
    ):
        return reading.based(
            of.check, reading.within(of.check, of.check.op, Fraction(of.rule.tolerance.amount))
        )
    return reading.check(of.check).may_hold


def _brief(
    of: ResolvedTieOut,
    applies: Sql,
    reading: SqlReading,
    book: ResolvedBook,
    facts: Facts,
    columns: Columns,
) -> None:
    """Whether it is off, and both sides: all that scorecards and findings need."""
    asked = applies if of.applies is not None else None
    if void(of.check, facts.absent):
        off.add_void(of, asked, columns)
        return
    late = SqlReading(facts, book.source.head.grades)
    off.add_off(
        of,
        partial(_may_hold, of),
        asked,
        (reading, late),
        columns,
        facts.incomplete(homes(of.check)),
    )
    off.add_sides(of, book, facts, columns)


def _sides(of: ResolvedTieOut, reading: SqlReading, columns: Columns, facts: Facts) -> None:
    """Of a comparison of numbers both sides and the right one's interval, where there can be any."""
    if not isinstance(of.check, Compare) or is_text(of.check.left):
        return
    left, right = of.check.left, of.check.right

    def keep(name: str, made: Quantity, side: Node) -> None:
        columns.keep(f"{of.code}.{name}", value_of(made, facts, side), out=True)

    if not lacks(left, facts.absent):
        keep("left", reading.value(left), left)
    if not lacks(right, facts.absent):
        keep("right", reading.value(right), right)
        ends = reading.interval(right)
        keep("low_end", ends.low, right)
        keep("high_end", ends.high, right)
