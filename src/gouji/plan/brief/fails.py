"""Whether a tie-out is off: true 不平, false 平 or within rounding or not applicable, NULL 无法判断. All that a brief plan asks of a tie-out.

The whole plan tells this from two columns: whether the check holds at the printed figures, and whether it may hold within rounding. Where the
second cannot be known without the first being known, the first is hardly ever needed.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from sqlglot import exp

from gouji.expression import is_text, lacks
from gouji.expression import nodes as n
from gouji.plan.columns import Columns, Keeper
from gouji.plan.grouping.facts import Facts
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.plan.sql.shapes import Sql
from gouji.rules import ResolvedBook, ResolvedTieOut

# Expressions are repeated in place, for the few units that need them, up to this many nodes; larger ones get columns.
PARTS_AT_MOST = 2_000


def add_off(
    of: ResolvedTieOut,
    may_hold: Callable[[SqlReading], Sql],
    applies: Sql | None,
    readings: tuple[SqlReading, SqlReading],
    columns: Columns,
    partly: Sql,
) -> None:
    """Name the column `code.off`; `readings` are the one that names what it works out and the one that does not, `partly` says where rows were set aside."""
    named, late = readings
    match known(of.check, named):
        case "figures":
            made = sql.not_(may_hold(named))
        case "quotients":
            made = sql.function(
                exp.Coalesce,
                sql.not_(may_hold(named)),
                sql.case([(_short(lambda r: r.check(of.check).holds, late, named), exp.false())]),
            )
        case _:
            holds = named.check(of.check).holds
            made = sql.case(
                [(sql.not_(holds), sql.not_(_short(may_hold, late, named))), (holds, exp.false())]
            )
    if partly != exp.false():
        made = sql.case([(sql.not_(partly), made)])
    if applies is not None:
        made = sql.case([(sql.not_(applies), exp.false()), (applies, made)])
    columns.off[of.code] = columns.define(f"{of.code}.off", made)


def add_void(of: ResolvedTieOut, applies: Sql | None, columns: Columns) -> None:
    """The same of a tie-out on tables that nobody sent: 无法判断 wherever it applies."""
    columns.off[of.code] = (
        exp.null() if applies is None else sql.case([(sql.not_(applies), exp.false())])
    )


def add_sides(of: ResolvedTieOut, book: ResolvedBook, facts: Facts, columns: Columns) -> None:
    """Both sides of a comparison of numbers, worked out where it is off."""
    if not isinstance(of.check, n.Compare) or is_text(of.check.left):
        return
    for name, side in (("left", of.check.left), ("right", of.check.right)):
        if lacks(side, facts.absent):
            continue
        value = SqlReading(facts, book.source.head.grades).value(side)
        if _huge(value.num.sql) or _huge(value.den.sql):
            value = SqlReading(
                facts, book.source.head.grades, Keeper(columns, f"{of.code}.{name}")
            ).value(side)
        columns.kept[f"{of.code}.{name}"] = value


def known(check: n.Node, reading: SqlReading) -> str:
    """What has to be known for the check to be known to hold or not within rounding: "figures" alone, or denominators too ("quotients").

    Then it holds or not at the printed figures as well, and what holds there also may hold. "" where that is not certain.
    """
    match check:
        case n.Compare(_, left) if is_text(left):
            return "figures"
        case n.Compare():
            return (
                "figures"
                if reading.is_sum(check)
                else ("quotients" if reading.is_quotient(check) else "")
            )
        case n.OneOf() | n.SaysNothing() | n.Missing():
            return "figures"
        case n.Both(left, right):
            found = {known(left, reading), known(right, reading)}
            return "" if "" in found else ("quotients" if "quotients" in found else "figures")
        case n.Either(left, right):
            # One side may be known while the other is not, unless both read the same figures.
            same = _read(left) == _read(right) and not any(
                isinstance(x, n.Missing) for x in n.walk(check)
            )
            return (
                "figures"
                if same and known(left, reading) == known(right, reading) == "figures"
                else ""
            )
    return ""


def _read(of: n.Node) -> frozenset[n.Node]:
    return frozenset((*n.leaves(of), *n.words(of)))


def _short(of: Callable[[SqlReading], Sql], late: SqlReading, named: SqlReading) -> Sql:
    """An expression in place, for the few units that come to it; with names for its parts where that would repeat too much."""
    made = of(late)
    return of(named) if _huge(made) else made


def _huge(of: Sql) -> bool:
    return next(islice(of.walk(), PARTS_AT_MOST, None), None) is not None
