"""A rule over the rows of one table -> columns of the plan: verdict and why it could not be judged, from counts of rows (or nodes)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sqlglot import exp

from gouji.compile import quantity as q
from gouji.compile import sql
from gouji.compile.columns import Columns, Keeper
from gouji.compile.criterion import bits, open_figures, verdict
from gouji.compile.facts import ROWS_AT_MOST, Facts
from gouji.compile.reading import Reading
from gouji.compile.roll_up import node_counts
from gouji.compile.sql import Sql
from gouji.measure.nodes import Word
from gouji.measure.undefined import denominators, needed
from gouji.measure.working import named, words
from gouji.outcome import Gap, GapKind
from gouji.validate.resolved import ResolvedBook, ResolvedEachRow, ResolvedRollUp, ResolvedTableRule
from gouji.verdict import Verdict


def add_table_rule(of: ResolvedTableRule, book: ResolvedBook, facts: Facts, columns: Columns) -> None:
    """Add the columns of one rule."""
    reading = Reading(facts, book.source.head.grades, Keeper(columns, of.code))
    applies: Sql = exp.true()
    if of.applies is not None:
        applies = columns.define(f"{of.code}.applies", reading.truth(of.applies).holds)
    sent = facts.sent(of.table.table, False)
    match of:
        case ResolvedEachRow():
            fails, withins, reasons = _rows(of, book, facts)
        case ResolvedRollUp():
            fails, withins, reasons = node_counts(of, facts)
    _gaps(of, reading, columns, sent, reasons)
    doubtful = [test for gap, test in reasons]
    made = sql.case(
        [
            (sql.not_(applies), verdict(Verdict.NOT_APPLICABLE)),
            (sql.is_null(applies), verdict(Verdict.UNASSESSABLE)),
            (sql.not_(sent), verdict(Verdict.UNASSESSABLE)),
            (_some(fails), verdict(Verdict.UNBALANCED)),
            (sql.any_of(doubtful), verdict(Verdict.UNASSESSABLE)),
            (_some(withins), verdict(Verdict.WITHIN_ROUNDING)),
        ],
        verdict(Verdict.BALANCED),
    )
    columns.define(f"{of.code}.verdict", made, "TINYINT", out=True)


def _some(count: Sql) -> Sql:
    return sql.binary(exp.GT, count, sql.whole(0))


def _gaps(of: ResolvedTableRule, reading: Reading, columns: Columns, sent: Sql, reasons: Sequence[tuple[Gap, Sql]]) -> None:
    """The `gaps` bits: those of the precondition, the table not sent, then the rows' own."""
    code = of.code
    before, _ = open_figures(code, [of.applies], reading, columns)
    wanted = (Gap(GapKind.UNSENT, of.table.table, columns_of(of)), *(gap for gap, _ in reasons))
    tests = [sql.not_(sent), *(sql.all_of([sent, test]) for _, test in reasons)]
    shift = len(columns.gaps[code])
    columns.gaps[code] = (*columns.gaps[code], *wanted)
    columns.define(f"{code}.gaps", sql.binary(exp.Add, before, bits(tests, shift)), out=True)


def columns_of(of: ResolvedTableRule) -> tuple[str, ...]:
    """The columns of the table that the rule reads."""
    if isinstance(of, ResolvedRollUp):
        return of.rule.columns
    return tuple(dict.fromkeys(leaf.column for leaf in needed(of.check)))


def _rows(of: ResolvedEachRow, book: ResolvedBook, facts: Facts) -> tuple[Sql, Sql, list[tuple[Gap, Sql]]]:
    """Counts of rows that fail and that hold within rounding; figures that rows lack which cannot be judged."""
    table, code = of.table.table, of.code
    reading = Reading(facts.rows(table), book.source.head.grades)
    truth = reading.truth(of.check)
    unknown = sql.any_of([sql.is_null(truth.holds), sql.all_of([sql.not_(truth.holds), sql.is_null(truth.may_hold)])])

    def count(title: str, test: Sql) -> Sql:
        made = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=test))
        return facts.grouped(table, f"{code}.{title}", made, ROWS_AT_MOST).sql

    fails = count("rows_fail", sql.all_of([sql.not_(truth.holds), sql.not_(truth.may_hold)]))
    withins = count("rows_within", sql.all_of([sql.not_(truth.holds), truth.may_hold]))
    reasons = []
    for i, leaf in enumerate(needed(of.check)):
        absent = sql.is_null(reading.text(leaf)) if isinstance(leaf, Word) else sql.not_(reading.value(leaf).has_value)
        reasons.append((Gap(GapKind.MISSING, named(leaf)), _some(count(f"rows_lack_{i}", sql.all_of([unknown, absent])))))
    for i, below in enumerate(denominators(of.check)):
        zero = q.compare("=", reading.value(below), q.constant(Fraction(0)))
        reasons.append((Gap(GapKind.ZERO, words(below)), _some(count(f"rows_zero_{i}", sql.all_of([unknown, zero])))))
    return fails, withins, reasons
