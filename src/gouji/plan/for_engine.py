"""The statements of `compile_bulk` in the words of another engine: right, or refused by the name of what it has no words for."""

from __future__ import annotations

from typing import Any

from gouji.plan.bulk_plan import BulkPlan
from gouji.plan.engine.finding_rows import finding_rows
from gouji.plan.engine.printing import printed, statements_for
from gouji.plan.engine.sql_engines import SqlEngine
from gouji.plan.wide import compile_bulk
from gouji.rules import ResolvedBook


def compile_for(engine: SqlEngine, book: ResolvedBook, *given: Any) -> BulkPlan:
    """`compile_bulk` of the same arguments. Raises DataError for what the engine has no words for, RuleError in an ExceptionGroup where a whole number might exceed its greatest."""
    with statements_for(engine):
        return compile_bulk(book, *given)


def compile_findings(engine: SqlEngine, plan: BulkPlan, judged: str) -> str:
    """The statement that reads findings off the table of judged units of a wide plan."""
    with statements_for(engine):
        return printed(finding_rows(plan, judged))
