"""A measure or items met -> points with their range, in SQL; what criteria and their parts have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from gouji.expression.nodes import Node
from gouji.plan.columns import Columns
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging import scoring as m
from gouji.plan.judging.openness import value_of
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.branches import Ends
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.rational import Quantity
from gouji.plan.sql.shapes import Sql
from gouji.rules import Measured, ResolvedBook, items_of, limits_of


@dataclass(frozen=True, slots=True)
class Scored:
    """A measure, the points it comes to, their range, and whether there is none."""

    value: Quantity
    points: Sql
    low: Sql
    high: Sql
    exact: bool


def scored(
    name: str,
    of: tuple[Measured, Decimal, Node],
    reading: SqlReading,
    columns: Columns,
    about: tuple[Facts, ResolvedBook],
    *,
    out: bool,
) -> Scored:
    """Points of a method with a weight for a measure; what it makes is named after `name`, and with `out` leaves the plan."""
    (method, weight, tree), (facts, book) = of, about
    value = columns.keep(f"{name}.measured", value_of(reading.value(tree), facts, tree), out=out)
    ends = reading.interval(tree)
    exact = ends.low == ends.high
    points = columns.define(f"{name}.points", m.score(method, weight, value), "INTEGER")
    if exact:
        return Scored(value, points, points, points, True)
    kept = Ends(
        columns.keep(f"{name}.low_end", value_of(ends.low, facts, tree), out=out),
        columns.keep(f"{name}.high_end", value_of(ends.high, facts, tree), out=out),
    )
    least, most = _range(name, (method, weight), kept, points, columns)
    if book.source.head.at_the_limit == "printed":
        met = _at_a_limit(method, value)
        least, most = sql.case([(met, points)], least), sql.case([(met, points)], most)
    low = columns.define(f"{name}.least", least)
    return Scored(value, points, low, columns.define(f"{name}.most", most, "INTEGER"), False)


def _range(
    name: str, of: tuple[Measured, Decimal], kept: Ends, points: Sql, columns: Columns
) -> tuple[Sql, Sql]:
    """The least and the most points of a measure that lies between two ends; `points` are those of the printed figures."""
    method, weight = of
    at_ends = (
        columns.define(f"{name}.at_low", m.score(method, weight, kept.low), "INTEGER"),
        columns.define(f"{name}.at_high", m.score(method, weight, kept.high), "INTEGER"),
    )
    return m.score_range(method, weight, kept, (points, *at_ends))


def _at_a_limit(method: Measured, measured: Quantity) -> Sql:
    """Whether the measure is exactly one of the method's thresholds: then the printed figures decide."""
    return sql.any_of([q.compare("=", measured, q.constant(limit)) for limit in limits_of(method)])


def checklist_items(book: ResolvedBook) -> tuple[tuple[str, str], ...]:
    """Every item of a book with the code of its criterion."""
    return tuple((c.code, item) for c in book.criteria for item in items_of(c.rule.method))


def item_points(mask: Sql, worth: Sequence[int]) -> Sql:
    """The points of the items whose bits are set."""
    made: Sql = sql.whole(0)
    for i, points in enumerate(worth):
        moved = (
            exp.BitwiseRightShift(this=sql.wrapped(mask), expression=sql.whole(i)) if i else mask
        )
        bit = exp.BitwiseAnd(this=sql.wrapped(moved), expression=sql.whole(1))
        made = sql.binary(exp.Add, made, sql.binary(exp.Mul, bit, sql.whole(points)))
    return made
