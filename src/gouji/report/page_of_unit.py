"""ReportPage: one value with every word and number of a report; each renderer prints it in its own form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from gouji.base.i18n import _, clauses
from gouji.base.outcome import Totals
from gouji.base.verdict import DEGREES, RECOMPUTED, FindingKind, Ground, Severity, Verdict
from gouji.narrative import ShownText
from gouji.report.rule_page import RulePage
from gouji.report.unit.cause_lines import CauseRow
from gouji.report.unit.figure_parts import OutcomeParts, OutcomeTerm
from gouji.report.unit.grounds import unsure_points
from gouji.report.unit.next_grade import NextGrade
from gouji.report.unit.readings import ReadingTotal
from gouji.report.unit.remarks import Remark
from gouji.report.unit.spots import SpotRow
from gouji.results import GroupSum, added, apart, counted, differs, fails, recomputed


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion as a report shows it. `parts` are the figures behind the score, `doubts` codes of relations that contradict one of them, `cause` says in
    words why the score has a range though it is decided."""

    code: str
    first: str
    second: str
    name: str
    weight: Decimal
    self_score: Decimal | None
    score: Decimal | None
    deduction: Decimal | None
    difference: Decimal | None
    low: Decimal
    high: Decimal
    verdict: str
    ground: str
    working: str
    readings: Mapping[str, Decimal]
    gaps: tuple[str, ...]
    message: str
    parts: OutcomeParts
    doubts: tuple[str, ...]
    cause: str = ""

    @property
    def recomputed(self) -> bool:
        """Whether the score follows from figures that nothing contradicts, or from evidence."""
        return recomputed(self.verdict, self.ground)

    @property
    def lost_points(self) -> bool:
        """Whether it costs points, by figures that nothing contradicts or by evidence."""
        return self.verdict == Verdict.DEDUCTED and bool(self.deduction) and self.recomputed

    @property
    def undecided(self) -> bool:
        """Whether data or evidence are wanting."""
        return self.verdict in (Verdict.PENDING, Verdict.UNASSESSABLE)

    @property
    def contested(self) -> bool:
        """Whether a relation contradicts one of its figures."""
        return self.ground == Ground.CONTESTED.value

    @property
    def why(self) -> str:
        """The working of a decided score and the cause of its range, or why there is none."""
        return (
            clauses(part for part in (self.working, self.cause) if part)
            if self.verdict in RECOMPUTED
            else clauses(self.gaps)
        )


@dataclass(frozen=True, slots=True)
class TieRow:
    """One tie-out as a report shows it; `places` are where its figures stood, `unsent` the tables it could not be judged without;
    `spots` the rows of a table (or codes in it) where a rule over rows is not exactly in order."""

    code: str
    name: str
    severity: str
    verdict: str
    working: str
    gaps: tuple[str, ...]
    places: tuple[str, ...]
    basis: str
    message: str
    parts: OutcomeParts
    unsent: tuple[str, ...] = ()
    spots: tuple[SpotRow, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitReply:
    """What a unit wrote in the column 审核说明 of a returned workbook, about which rule, and where."""

    code: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class Card:
    """One unit. `said` is what it explained in a workbook that was returned to it. `readings` are its totals when every stepped clause is read the same way, where one of them differs.

    `causes`: the cells that are probably wrong, each with the rules it explains; `unexplained`: codes of relations that are 不平 and that no cell of the unit explains.
    `remarks`: those on the workbook that it sent. `texts`: its reports, every figure with what is known of it.
    """

    unit: str
    name: str
    totals: Totals
    criteria: tuple[CriterionRow, ...]
    groups: tuple[GroupSum, ...]
    tie_outs: tuple[TieRow, ...]
    readings: tuple[ReadingTotal, ...] = ()
    next_grade: NextGrade | None = None
    said: tuple[UnitReply, ...] = ()
    causes: tuple[CauseRow, ...] = ()
    unexplained: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    texts: tuple[ShownText, ...] = ()

    @property
    def range_causes(self) -> str:
        """In words, what may move the total: the points in doubt by what they rest on, and rounding."""
        ranged = [c for c in self.criteria if c.low != c.high]
        unsure = unsure_points(ranged, self.totals.grounds)
        rounding = any(c.recomputed for c in ranged)
        return "、".join([*unsure, *([_("尾差")] if rounding else [])])

    @property
    def tie_counts(self) -> dict[str, int]:
        """How many tie-outs came out with each verdict, in the order of verdicts."""
        counts = {v.value: 0 for v in Verdict}
        for row in self.tie_outs:
            counts[row.verdict] += 1
        return {word: count for word, count in counts.items() if count}

    @property
    def failing(self) -> tuple[TieRow, ...]:
        """Relations that are findings, the gravest degree first."""
        order = [s.value for s in Severity]
        return tuple(
            sorted(
                (row for row in self.tie_outs if fails(row.verdict)),
                key=lambda row: order.index(row.severity),
            )
        )

    @property
    def differing(self) -> tuple[CriterionRow, ...]:
        """Criteria whose recomputed score is not what the unit gave itself."""
        return tuple(
            row
            for row in self.criteria
            if differs(row.verdict, row.ground, row.score, row.self_score)
        )

    @property
    def deducted(self) -> tuple[CriterionRow, ...]:
        """Criteria that cost points for certain."""
        return tuple(row for row in self.criteria if row.lost_points)

    @property
    def degrees(self) -> dict[str, int]:
        """How many findings of each degree this unit has."""
        return counted(
            [
                *(row.severity for row in self.tie_outs if fails(row.verdict)),
                *(DEGREES[FindingKind.DIFFERENCE] for _row in self.differing),
            ]
        )

    @property
    def unsent(self) -> dict[str, tuple[TieRow, ...]]:
        """Tables that were not sent, each with the tie-outs that could not be judged without it; the table that holds up most comes first."""
        found: dict[str, list[TieRow]] = {}
        for row in self.tie_outs:
            for table in row.unsent:
                found.setdefault(table, []).append(row)
        return {
            table: tuple(rows)
            for table, rows in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        }


def scorecard_lines(card: Card) -> Iterator[tuple[str, GroupSum | CriterionRow]]:
    """The lines of the scorecard: sums of a first and of a second level, and criteria (third), each with its kind. A second level named as the first is not said twice."""
    sums = {(g.first, g.second): g for g in card.groups}
    for first, rows in groupby(card.criteria, key=lambda r: r.first):
        yield "first", sums[first, None]
        for second, inner in groupby(rows, key=lambda r: r.second):
            if second != first:
                yield "second", sums[first, second]
            for row in inner:
                yield "third", row


@dataclass(frozen=True, slots=True)
class GradeBand:
    """One grade: its word, its range as printed, and the least total that earns it (None: no lower end)."""

    name: str
    when: str
    low: Decimal | None


@dataclass(frozen=True, slots=True, repr=False)
class ReportPage:
    """A whole report. The cards of more than a few units are made whenever they are asked for. `problems` could not be used; `remarks` are said about what was
    read otherwise than it stands, or left: place, what, what to do."""

    title: str
    book: str
    authority: str
    year: int
    note: str
    invented: bool
    total: Decimal
    cards: Sequence[Card]
    problems: tuple[tuple[str, str, str], ...]
    manifest: Mapping[str, object]
    grades: tuple[GradeBand, ...] = ()
    rules: tuple[RulePage, ...] = ()
    not_filed: tuple[tuple[str, str], ...] = ()
    unexpected: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()

    def degrees(self, of_units: Mapping[str, int]) -> dict[str, int]:
        """How many findings of each degree: those of units added up, and what speaks of no unit's figures."""
        return added(of_units, apart(len(self.problems), len(self.not_filed), len(self.unexpected)))

    def rule(self, code: str) -> RulePage | None:
        """The page of the rule with that code, if the report carries it."""
        return next((r for r in self.rules if r.code == code), None)


__all__ = [
    "Card",
    "CriterionRow",
    "GradeBand",
    "NextGrade",
    "OutcomeParts",
    "OutcomeTerm",
    "ReadingTotal",
    "ReportPage",
    "RulePage",
    "SpotRow",
    "TieRow",
    "UnitReply",
    "scorecard_lines",
]
