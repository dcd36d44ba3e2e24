"""BulkPlan: what is left of a compiled plan for many units once its tree is gone. Light: who runs a kept plan needs no compiler."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.base.sql_names import quoted as quoted
from gouji.base.verdict import DEGREES, GROUNDS, VERDICTS, FindingKind, Ground, Severity
from gouji.plan.names import FIGURES

UNBALANCED, DIFFERS = "不平", "自评不符"
DIFFERS_DEGREE = DEGREES[FindingKind.DIFFERENCE]
FOUND = "发现"
VERDICT, GROUND = "结论", "依据"
GROUND_WORDS = {
    Ground.FIGURES: "数据复核",
    Ground.EVIDENCE: "佐证评审",
    Ground.CONTESTED: "有疑",
    Ground.WORD: "仅凭自评",
    Ground.OPEN: "未定",
}
# The words that columns of outcomes hold which end so (`T01.结论`), in the order of their codes.
WORDS = {
    VERDICT: tuple(v.value for v in VERDICTS),
    GROUND: tuple(GROUND_WORDS[g] for g in GROUNDS),
}
# A finding of a brief plan: its number among `BulkPlan.findings`, from 1, and numerator and denominator of both sides.
NUMBER, SIDES = "i", (("ln", "ld"), ("rn", "rd"))


@dataclass(frozen=True, slots=True)
class BulkFinding:
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
class Grouping:
    """A many-row table grouped by unit: the name of what it makes, the table it reads (`prior`: of the year before), and the statement before and after where one more column may stand."""

    name: str
    table: str
    prior: bool
    head: str
    tail: str

    def sql(self, more: str = "") -> str:
        """The statement, with one more expression as a column `#` if there is one."""
        return f'{self.head}, {more} AS "#" {self.tail}' if more else f"{self.head} {self.tail}"


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """Three kinds of statements, in DuckDB's words: `groupings` of tables; `figures` of those and of tables, one row a unit; and over a table of figures
    `judged`, one wide row a unit with the verdicts of the `codes`, or for a brief plan its scorecard and a list of findings.

    `scorecard` names the columns that make a scorecard, `findings` says how findings are read off. A brief plan's `usual` gives scorecards of the
    units that are as usual, and which those are: only of the others the whole is asked. `width` is how many columns the figures have.
    """

    codes: tuple[str, ...]
    scorecard: tuple[str, ...]
    findings: tuple[BulkFinding, ...]
    counts: tuple[str, ...]
    groupings: tuple[Grouping, ...]
    figures: str
    judged: str
    width: int
    usual: str = ""

    def sql(self) -> str:
        """Everything in one statement over tables alone."""
        made = [*((g.name, g.sql()) for g in self.groupings), (FIGURES, self.figures)]
        return f"WITH {', '.join(f'{quoted(name)} AS ({of})' for name, of in made)} {self.judged}"
