"""A roll-up -> a query over the input table: units in which some row is not the sum of the rows one level below it, made without `compile`.

Where `compile` takes every row twice and gathers both by node, this joins the table to itself: a row with those whose code, cut to its
length, is its own.
"""

from __future__ import annotations

from gouji.base.sql_names import literal, quoted
from gouji.rules import Column, ColumnRole, ResolvedRollUp


def unbalanced_units(of: ResolvedRollUp, year: int) -> str:
    """Units with a node whose figure differs from the sum below it by more than the rounding of all of them."""
    table = of.table
    unit, when = (quoted(table.with_role(role).name) for role in (ColumnRole.UNIT, ColumnRole.YEAR))
    code = quoted(of.by.name)
    figures = [(quoted(name), _half(table.column(name))) for name in of.rule.columns]
    columns = ", ".join(
        f"{column} AS v{i}, {half} AS h{i}" for i, (column, half) in enumerate(figures)
    )
    rows = f"SELECT {unit} AS unit, {code} AS code, {_above(of.by, code)} AS above, {columns} FROM {quoted(table.table)} WHERE {when} = {year}"
    wrong = " OR ".join(_off(i) for i, _ in enumerate(figures))
    of_total = "FALSE" if of.by.total is None else f"p.code = {literal(of.by.total)}"
    return (
        f"(WITH of_year AS ({rows}) SELECT DISTINCT unit FROM (SELECT p.unit AS unit FROM of_year p LEFT JOIN of_year c"
        f" ON c.unit = p.unit AND c.above = p.code GROUP BY p.unit, p.code"
        f" HAVING ({of_total} OR count(c.code) > 0) AND ({wrong})))"
    )


def _above(by: Column, code: str) -> str:
    """The code of the row above: NULL for a total, for what is no code, and for a first level that nothing adds up."""
    tests = []
    if by.total is not None:
        tests = [f"WHEN {code} = {literal(by.total)} THEN NULL"]
    tests.append(f"WHEN NOT regexp_full_match({code}, '[0-9]+') THEN NULL")
    if by.total is not None:
        tests.append(f"WHEN length({code}) = {by.levels[0]} THEN {literal(by.total)}")
    tests += [
        f"WHEN length({code}) = {longer} THEN left({code}, {shorter})"
        for shorter, longer in zip(by.levels, by.levels[1:], strict=False)
    ]
    return f"CASE {' '.join(tests)} END"


def _half(column: Column | None) -> str:
    assert column is not None
    return "0" if column.exact else quoted(column.name + "±")


def _off(i: int) -> str:
    """Whether all figures of a column are there, and the one above is farther from the sum than rounding goes."""
    there = f"count(p.v{i}) = count(*) AND count(c.v{i}) = count(c.code)"
    far = f"abs(max(p.v{i}) - coalesce(sum(c.v{i}), 0))"
    return f"({there} AND {far} > max(p.h{i}) + coalesce(sum(c.h{i}), 0))"
