"""Conditions on every row of a table -> counts of rows by outcome: one statement a table, whatever the number of rules on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sqlglot import exp

from gouji.base.outcome import Gap, GapKind
from gouji.expression import denominators, named, needed, words
from gouji.expression.nodes import Word
from gouji.plan.columns import Columns, Keeper
from gouji.plan.grouping.beside_row import BesideRow
from gouji.plan.grouping.facts import UNIT, Facts
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.rational import TooManyDigits
from gouji.plan.sql.shapes import Sql
from gouji.rules import ColumnRole, Grade, ResolvedEachRow

# Counts of rows (or nodes) that fail and that hold within rounding; reasons why others cannot be judged, each with its test.
Counted = tuple[Sql, Sql, list[tuple[Gap, Sql]]]


def row_counts(
    rules: Sequence[ResolvedEachRow], facts: Facts, grades: tuple[Grade, ...]
) -> tuple[dict[str, Counted], list[str]]:
    """Rules on one table -> their counts by code, and the codes of those whose numbers could exceed 38 digits. `facts` joins the statement."""
    columns, tests, found, too_large = Columns(), dict[str, Sql](), dict[str, Counted](), []
    beside = BesideRow.of(rules[0].table, facts)
    for of in rules:
        try:
            found[of.code] = _rule(
                of,
                SqlReading(beside, grades, Keeper(columns, of.code)),
                columns,
                tests,
            )
        except TooManyDigits:
            too_large.append(of.code)
    table = rules[0].table
    rows = _stack(table.table, facts.of_year(table.table), columns, beside)
    unit = sql.column(table.with_role(ColumnRole.UNIT).name)
    counts = [
        sql.named(
            exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=test)), title
        )
        for title, test in tests.items()
    ]
    made = (
        exp.select(sql.named(unit, UNIT), *counts)
        .from_(rows.subquery(exp.to_identifier(table.table, quoted=True)))
        .group_by(unit)
    )
    facts.derive(f"{table.table}@rows", made, tests)
    return found, too_large


def _stack(table: str, of_year: Sql, columns: Columns, beside: BesideRow) -> exp.Select:
    """The rows of the year with every named result; each layer goes by the name of the table, so that its columns are found in all of them."""
    alias = exp.to_identifier(table, quoted=True)
    query = exp.select(exp.Star()).from_(exp.Table(this=alias)).where(of_year)
    query = beside.joined(query)
    for added in columns.layers:
        layer = exp.select(exp.Star(), *(sql.named(e, title) for title, e in added.items()))
        query = layer.from_(query.subquery(alias, copy=False), copy=False)
    return query


def _rule(
    of: ResolvedEachRow, reading: SqlReading, columns: Columns, tests: dict[str, Sql]
) -> Counted:
    """Counts of rows by how they come out; what is counted is added to `tests`."""
    code, truth = of.code, reading.check(of.check)
    holds, may_hold = (
        columns.define(f"{code}.holds", truth.holds),
        columns.define(f"{code}.may_hold", truth.may_hold),
    )
    open_ = sql.any_of([sql.is_null(holds), sql.all_of([sql.not_(holds), sql.is_null(may_hold)])])
    unknown = columns.define(f"{code}.unknown", open_)

    def some(title: str, test: Sql) -> Sql:
        tests[f"{code}.{title}"] = test
        return sql.binary(exp.GT, sql.column(f"{code}.{title}"), sql.whole(0))

    fails = some("rows_fail", sql.all_of([sql.not_(holds), sql.not_(may_hold)]))
    withins = some("rows_within", sql.all_of([sql.not_(holds), may_hold]))
    reasons = [
        (gap, some(title, sql.all_of([unknown, test])))
        for title, gap, test in _reasons(of, reading)
    ]
    return fails, withins, reasons


def _reasons(of: ResolvedEachRow, reading: SqlReading) -> Iterator[tuple[str, Gap, Sql]]:
    """Why a row may not be judged: how its count is called, what the report says about it, and whether it concerns one row."""
    for i, leaf in enumerate(needed(of.check)):
        absent = (
            sql.is_null(reading.text(leaf))
            if isinstance(leaf, Word)
            else sql.not_(reading.value(leaf).has_value)
        )
        yield f"rows_lack_{i}", Gap(GapKind.MISSING, named(leaf)), absent
    for i, below in enumerate(denominators(of.check)):
        zero = q.compare("=", reading.value(below), q.constant(Fraction(0)))
        yield f"rows_zero_{i}", Gap(GapKind.ZERO, words(below)), zero
