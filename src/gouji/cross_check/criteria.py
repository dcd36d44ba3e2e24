"""Criteria -> two queries each over the input tables: units with 扣分 and units with 得满分; a second way to the verdict, made without `compile`.

Where `compile` computes points and rounds them, this asks on which side of a threshold the measure lies: a deduction shows in hundredths
of a point once it exceeds half of one. No steps are counted, nothing is divided or rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import assert_never

from gouji.base.i18n import _
from gouji.base.sql_names import literal, quoted
from gouji.cross_check.conditions import ConditionsSql
from gouji.cross_check.sides import NotCovered, number
from gouji.cross_check.spans import branches
from gouji.expression import needed
from gouji.expression import nodes as n
from gouji.rules import (
    Bands,
    Between,
    Checklist,
    ColumnRole,
    Deductions,
    Inverse,
    Judged,
    Measured,
    Parts,
    PerViolation,
    Proportional,
    Range,
    Reading,
    ResolvedBook,
    ResolvedCriterion,
    Role,
    RowByRow,
    Steps,
    TwoSidedSteps,
    Within,
    Words,
)

HALF = Fraction(1, 200)
At = Callable[[str, Fraction], str]


def sides_of(of: ResolvedCriterion, book: ResolvedBook, teller: ConditionsSql) -> tuple[str, str]:
    """Conditions under which a unit loses points, and under which it loses none. Raises NotCovered."""
    if of.rule.adjust is not None:
        # It loses nothing where it earns nothing.
        raise NotCovered(_("总分之外的加减分"))
    match of.rule.method:
        case Checklist() as method:
            lost, kept = _checklist(of, method, book, teller)
        case Judged() as method:
            lost, kept = _judged(of, method, book, teller)
        case Parts():
            raise NotCovered(_("几部分合成的分"))
        case Deductions():
            raise NotCovered(_("逐项扣的分"))
        case method:
            assert of.measure is not None
            wrong = _short_of(method, Fraction(of.rule.weight), of.measure, teller)
            lost, kept = f"({wrong})", f"(NOT ({wrong}))"
            if of.rule.undefined in ("zero", "full"):
                nothing = _undefined(of, teller)
                lost, kept = (
                    (f"({lost} OR {nothing})", kept)
                    if of.rule.undefined == "zero"
                    else (lost, f"({kept} OR {nothing})")
                )
    for condition in (of.applies, of.belongs):
        if condition is not None:
            applies = teller.holds(condition)
            lost, kept = f"({applies}) AND {lost}", f"({applies}) AND {kept}"
    return lost, kept


def _undefined(of: ResolvedCriterion, teller: ConditionsSql) -> str:
    """All figures are there, and yet there is no value."""
    assert of.measure is not None
    there = [
        f"({teller.holds(n.Missing(leaf))}) IS FALSE"
        for node in (of.measure, of.applies)
        if node is not None
        for leaf in needed(node)
    ]
    value = teller.holds(n.Compare("=", of.measure, n.Number(Fraction(0))))
    return f"({' AND '.join([*there, f'({value}) IS NULL'])})"


def _short_of(method: Measured, weight: Fraction, measure: n.Node, teller: ConditionsSql) -> str:
    """Whether the measure costs points that show."""

    def at(op: str, edge: Fraction) -> str:
        return _compared(op, measure, edge, teller)

    match method:
        case Within(full_at=full_at):
            return f"NOT ({_inside(full_at, at)})"
        case Steps() | TwoSidedSteps():
            return _beyond(method, weight, at)
        case Bands():
            return _below_full(method, weight, at)
        case Proportional(full_at=full_at):
            return at("<", Fraction(full_at) * (1 - HALF / weight))
        case Inverse(full_at=full_at):
            return at(">", Fraction(full_at) / (1 - HALF / weight))
        case Between(none_at=none_at, full_at=full_at, none_points=least):
            slack = (Fraction(full_at) - Fraction(none_at)) * HALF / (weight - Fraction(least))
            return at("<" if full_at > none_at else ">", Fraction(full_at) - slack)
        case Words() | RowByRow():
            return at("<", weight)
        case PerViolation(take=take):
            return at(">", HALF / Fraction(take))
        case _:
            assert_never(method)


def _below_full(method: Bands, weight: Fraction, at: At) -> str:
    """Whether the first band that holds gives less than full points."""
    earlier: list[str] = []
    full = ["FALSE"]
    for band in method.bands:
        here = _inside(band.when, at)
        if Fraction(band.points) == weight:
            full.append(" AND ".join([f"({here})", *(f"NOT ({e})" for e in earlier)]))
        earlier.append(here)
    return f"NOT ({' OR '.join(f'({f})' for f in full)})"


def _compared(op: str, measure: n.Node, edge: Fraction, teller: ConditionsSql) -> str:
    if not isinstance(measure, n.Case):
        return teller.against(op, measure, edge)
    return branches(
        measure, teller.holds, lambda value: _compared(op, value, edge, teller), teller.same
    )


def _inside(when: Range, at: At) -> str:
    tests = [
        at(op + ("=" if closed else ""), Fraction(end))
        for end, op, closed in (
            (when.low, ">", when.low_closed),
            (when.high, "<", when.high_closed),
        )
        if end is not None
    ]
    return " AND ".join(f"({t})" for t in tests) or "TRUE"


def _beyond(method: Steps | TwoSidedSteps, weight: Fraction, at: At) -> str:
    """The first step that shows, on either side of the full-mark range."""
    take = (
        Fraction(method.take)
        if method.take is not None
        else Fraction(method.take_share or 0) * weight
    )
    first = floor(HALF / take) + 1
    tests = []
    for end, sign, op in ((method.full_at.high, 1, ">"), (method.full_at.low, -1, "<")):
        if end is None:
            continue
        width = Fraction(method.per) * (
            abs(Fraction(end)) if method.percent_is == "relative" else 1
        )
        match method.reading:
            case Reading.WHOLE:
                tests.append(at(op + "=", Fraction(end) + sign * first * width))
            case Reading.BEGUN:
                tests.append(at(op, Fraction(end) + sign * (first - 1) * width))
            case Reading.PRORATA:
                tests.append(at(op, Fraction(end) + sign * width * HALF / take))
    return " OR ".join(f"({t})" for t in tests)


def _checklist(
    of: ResolvedCriterion, method: Checklist, book: ResolvedBook, teller: ConditionsSql
) -> tuple[str, str]:
    table = book.table_of(Role.CHECKS)
    assert table is not None
    criterion, item, result = (
        table.with_role(r) for r in (ColumnRole.CRITERION, ColumnRole.ITEM, ColumnRole.RESULT)
    )
    met, unmet = (f"t.{quoted(result.name)} = {literal(w)}" for w in result.one_of)
    listed = f"t.{quoted(item.name)} IN ({', '.join(literal(i.item) for i in method.items)})"
    worth = " ".join(
        f"WHEN {literal(i.item)} THEN {number(Fraction(i.points))}" for i in method.items
    )
    made = {
        "yes": f"count(*) FILTER (WHERE {listed} AND {met})",
        "no": f"count(*) FILTER (WHERE {listed} AND {unmet})",
        "earned": f"coalesce(sum(CASE t.{quoted(item.name)} {worth} END) FILTER (WHERE {listed} AND {met}), 0)",
    }
    rows = teller.about(
        table.table, f"t.{quoted(criterion.name)} = {literal(of.code)}", made, of.code
    )
    yes, no, earned = (f"coalesce({rows}.{name}, 0)" for name in made)
    if method.mode == "all_or_nothing":
        return f"({no} > 0)", f"({yes} = {len(method.items)})"
    said, weight = f"{yes} + {no} = {len(method.items)}", number(Fraction(of.rule.weight))
    return f"({said} AND {earned} < {weight})", f"({said} AND {earned} >= {weight})"


def _judged(
    of: ResolvedCriterion, method: Judged, book: ResolvedBook, teller: ConditionsSql
) -> tuple[str, str]:
    table = book.table_of(Role.REVIEWS)
    assert table is not None
    mark = f"t.{quoted(table.with_role(ColumnRole.SCORE).name)}"
    made = {
        "n": f"count({mark})",
        "total": f"sum({mark})",
        "least": f"min({mark})",
        "most": f"max({mark})",
        "blank": f"count(*) - count({mark})",
    }
    rows = teller.about(
        table.table,
        f"t.{quoted(table.with_role(ColumnRole.CRITERION).name)} = {literal(of.code)}",
        made,
        of.code,
    )
    weight = Fraction(of.rule.weight)
    fit = f"{rows}.n >= {method.reviewers} AND {rows}.blank = 0 AND {rows}.least >= 0 AND {rows}.most <= {number(weight)}"
    total, count = (
        (f"({rows}.total - {rows}.least - {rows}.most)", f"({rows}.n - 2)")
        if method.by == "trimmed_mean"
        else (f"{rows}.total", f"{rows}.n")
    )
    short = f"{total} < {count} * {number(weight - HALF)}"
    # The mean itself must be at most half a hundredth short: exactly half rounds up.
    return f"({fit} AND {short})", f"({fit} AND NOT ({short}))"


__all__ = ["sides_of"]
