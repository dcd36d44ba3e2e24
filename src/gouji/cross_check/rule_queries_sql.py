"""Rules -> queries over the input tables, giving the units that fail them: a second way to the verdict, made without `compile`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import assert_never

from gouji.base.i18n import _
from gouji.base.sql_names import literal, quoted
from gouji.base.verdict import Severity
from gouji.cross_check.any_row_sql import any_row
from gouji.cross_check.conditions import ConditionsSql
from gouji.cross_check.criteria import sides_of
from gouji.cross_check.roll_ups_sql import unbalanced_units
from gouji.cross_check.sides import NotCovered
from gouji.expression import homes, homes_in
from gouji.rules import (
    Basis,
    ColumnRole,
    Judged,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedEachRow,
    ResolvedRollUp,
    ResolvedRule,
    ResolvedTieOut,
    Role,
    Table,
)

# Where Great Expectations puts the batch: the table of units.
BATCH = "{batch}"


@dataclass(frozen=True, slots=True)
class Query:
    """One rule as a query: rows are units that fail it (不平, 扣分); `passing` are units of a criterion with 得满分."""

    code: str
    name: str
    severity: str
    clause: str
    sql: str
    passing: str | None = None


def queries(
    book: ResolvedBook, aside: Collection[tuple[str, bool]] = ()
) -> tuple[tuple[Query, ...], tuple[str, ...]]:
    """The queries, and rules that this second way does not speak, each with its code and why (points of several parts, products of figures).

    `aside` are tables (with True: of the year before) of which rows were set aside: units that the table `#aside` names for one are not judged on it.
    """
    made, left_out = [], []
    for rule in book.rules:
        try:
            query = _query(book, rule)
            partly = _not_whole(book, rule, aside)
            made.append(
                replace(
                    query, sql=query.sql + partly, passing=query.passing and query.passing + partly
                )
            )
        except NotCovered as fault:
            why = str(fault) or _("算式的样子")
            left_out.append(_("{code}（{why}）").format(code=rule.code, why=why))
    return tuple(made), tuple(left_out)


def _not_whole(book: ResolvedBook, rule: ResolvedRule, aside: Collection[tuple[str, bool]]) -> str:
    """The condition that no row was set aside of the tables that a rule reads; a row of a form fails by itself, whatever became of the others."""
    match rule:
        case ResolvedTieOut():
            read = homes(rule.check, rule.applies)
        case ResolvedEachRow() if rule.by_itself:
            read = homes(rule.applies)
        case ResolvedEachRow():
            read = homes(rule.applies, rule.check)
        case ResolvedRollUp():
            read = (*homes(rule.applies), *homes_in(rule.table.table, False, rule.rule.columns))
        case ResolvedCriterion():
            read = homes(*rule.trees, rule.applies)
            reviews = book.table_of(Role.REVIEWS) if isinstance(rule.rule.method, Judged) else None
            read = (*read, *([(reviews.table, False)] if reviews is not None else []))
        case _:
            assert_never(rule)
    tests = [
        f"(t = {literal(table)} AND y = {book.year - prior})"
        for table, prior in read
        if (table, prior) in aside
    ]
    unit = quoted(_units(book).with_role(ColumnRole.UNIT).name)
    return (
        f" AND u.{unit} NOT IN (SELECT u FROM {quoted('#aside')} WHERE {' OR '.join(tests)})"
        if tests
        else ""
    )


def _query(book: ResolvedBook, rule: ResolvedRule) -> Query:
    match rule:
        case ResolvedCriterion():
            return _criterion(book, rule)
        case ResolvedTieOut():
            return _tie_out(book, rule)
        case ResolvedEachRow():
            return _each_row(book, rule)
        case ResolvedRollUp():
            return _roll_up(book, rule)
        case _:
            assert_never(rule)


def _tie_out(book: ResolvedBook, tie: ResolvedTieOut) -> Query:
    teller = _teller(book)
    slack = Fraction(tie.rule.tolerance.amount) if tie.rule.tolerance else Fraction(0)
    return _failing(book, tie, teller, f"NOT ({teller.check(tie.check, slack)})")


def _each_row(book: ResolvedBook, of: ResolvedEachRow) -> Query:
    teller = _teller(book)
    return _failing(book, of, teller, any_row(of, teller))


def _roll_up(book: ResolvedBook, of: ResolvedRollUp) -> Query:
    teller = _teller(book)
    wrong = teller.any_of(unbalanced_units(of, book.year), f"{of.table.table}/{of.code}")
    return _failing(book, of, teller, wrong)


def _failing(
    book: ResolvedBook,
    of: ResolvedTieOut | ResolvedEachRow | ResolvedRollUp,
    teller: ConditionsSql,
    wrong: str,
) -> Query:
    """The units for which a relation applies and is `wrong`."""
    if of.applies is not None:
        wrong = f"({teller.holds(of.applies)}) AND {wrong}"
    return Query(
        of.code,
        of.rule.name,
        of.rule.severity.value,
        _clause(of.rule.basis),
        _select(book, teller, wrong),
    )


def _teller(book: ResolvedBook) -> ConditionsSql:
    return ConditionsSql(book.tables, _units(book), book.year, book)


def _criterion(book: ResolvedBook, of: ResolvedCriterion) -> Query:
    teller = _teller(book)
    lost, kept = sides_of(of, book, teller)
    return Query(
        of.code,
        of.rule.name,
        Severity.NOTE.value,
        _clause(of.rule.basis),
        _select(book, teller, lost),
        _select(book, teller, kept),
    )


def _units(book: ResolvedBook) -> Table:
    units = book.table_of(Role.UNITS)
    assert units is not None
    return units


def _clause(basis: Basis) -> str:
    return f"{basis.document} {basis.clause}"


def _select(book: ResolvedBook, teller: ConditionsSql, condition: str) -> str:
    unit, year = (_units(book).with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.YEAR))
    return f"SELECT u.{quoted(unit)} FROM (SELECT * FROM {BATCH}) u{teller.joined()} WHERE u.{quoted(year)} = {book.year} AND {condition}"


__all__ = ["BATCH", "NotCovered", "Query", "queries"]
