"""Doubts about single rows of a criterion that scores rows -> the ends of the points that these rows may bring, as columns of the plan."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from gouji.plan.columns import Columns
from gouji.plan.grouping.facts import Facts
from gouji.plan.judging import scoring as m
from gouji.plan.judging.outcome_cases import Doubt
from gouji.plan.judging.scored_points import scored
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.expression_sql import SqlReading
from gouji.rules import Checklist, Deductions, Judged, Parts, ResolvedBook, ResolvedCriterion


def with_rows(
    of: ResolvedCriterion,
    doubt: Doubt | None,
    reading: SqlReading,
    columns: Columns,
    about: tuple[Facts, ResolvedBook],
) -> Doubt | None:
    """The ends of the points where single rows are in doubt: the least with nothing for them, the most with all they may earn."""
    method = of.rule.method
    if (
        doubt is None
        or doubt.row_ends is None
        or isinstance(method, (Checklist, Judged, Parts, Deductions))
    ):
        return doubt
    least, most = (
        scored(
            f"{of.code}.{name}", (method, of.rule.weight, tree), reading, columns, about, out=False
        )
        for name, tree in zip(("rows_least", "rows_most"), doubt.row_ends, strict=True)
    )
    bottom = sql.whole(m.centi(of.rule.bottom))
    low, high = (sql.binary(exp.Add, sql.wrapped(end), bottom) for end in (least.low, most.high))
    return replace(doubt, ends=(low, high))
