"""BulkPlan: what is left of a compiled plan for many units once its tree is gone. Light: who runs a kept plan needs no compiler."""

from __future__ import annotations

from gouji.frozen import dataclass
from gouji.load.rules import Severity
from gouji.validate.resolved import ResolvedBook

UNBALANCED, DIFFERS = "不平", "自评不符"
FOUND = "发现"
# A finding of a brief plan: its number among `BulkPlan.findings`, from 1, and numerator and denominator of both sides.
NUMBER, SIDES = "i", (("ln", "ld"), ("rn", "rd"))


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that findings may come from: the column that says so, and both sides (None where there are none).

    Of a wide plan the sides are columns. Of a brief one they are expressions over `SIDES`, which a finding's number picks by.
    """

    code: str
    kind: str
    severity: Severity
    test: str
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """`statement` gives one wide row a unit with the verdicts of the rules `judged`; `scorecard` names those of its columns that make a scorecard, `findings` says how findings are read off them."""

    statement: str
    book: ResolvedBook
    judged: tuple[str, ...]
    scorecard: tuple[str, ...]
    findings: tuple[Finding, ...]
    counts: tuple[str, ...]

    def sql(self) -> str:
        """The statement in DuckDB's words."""
        return self.statement
