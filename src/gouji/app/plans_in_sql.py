"""ResolvedBook -> the statements of its bulk plan in Spark's words, stage by stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gouji.rules import ResolvedBook


@dataclass(frozen=True, slots=True)
class SqlStages:
    """Statements that read one another by name, in their order: groupings, figures, judged units; and the one that reads findings off the last."""

    stages: Sequence[tuple[str, str]]
    findings: str


def stages_for_spark(book: ResolvedBook, views: str, judged: str, *given: Any) -> SqlStages:
    """The statements; `views` stands before every name, `judged` is the name of the judged units, `given` what `compile_bulk` is given besides the book.

    Raises DataError for what Spark SQL has no words for, RuleError in an ExceptionGroup where a whole number might exceed 38 digits.
    """
    from gouji.plan import FIGURES, SPARK, compile_findings, compile_for

    engine = replace(SPARK, views=views)
    plan = compile_for(engine, book, *given)
    stages = [(g.name, g.sql()) for g in plan.groupings]
    stages += [(FIGURES, plan.figures), (judged, plan.judged)]
    return SqlStages(stages, compile_findings(engine, plan, judged))
