"""A wide BulkPlan -> the statement that reads its findings as rows off the table of judged units."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from gouji.plan.bulk_plan import DIFFERS, BulkFinding, BulkPlan
from gouji.plan.engine.engine_nodes import Present, Record
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.shapes import Sql

FINDING = ("规则", "类型", "级别", "左边", "右边")


def finding_rows(plan: BulkPlan, judged: str) -> exp.Select:
    """One row a finding, in no order. `judged` is the table with one wide row a unit."""
    unit = sql.column(plan.scorecard[0])
    some = sql.any_of([sql.binary(exp.GT, sql.column(c), sql.whole(0)) for c in plan.counts])
    listed = Present(this=exp.Array(expressions=list(_cases(plan.findings))))
    return (
        exp.select(sql.named(unit, "单位代码"), exp.Inline(this=listed))
        .from_(exp.Table(this=exp.to_identifier(judged, quoted=True)))
        .where(some)
    )


def _cases(findings: Iterable[BulkFinding]) -> Iterable[Sql]:
    for of in findings:
        test: Sql = sql.column(of.test)
        if of.kind != DIFFERS:
            test = sql.binary(exp.EQ, test, sql.text(of.kind))
        sides = [
            sql.cast(sql.column(side) if side else exp.null(), "DECIMAL(38, 6)")
            for side in (of.left, of.right)
        ]
        values = (sql.text(of.code), sql.text(of.kind), sql.text(of.severity.value), *sides)
        record = Record(expressions=[sql.named(v, n) for n, v in zip(FINDING, values, strict=True)])
        yield sql.case([(test, record)])
