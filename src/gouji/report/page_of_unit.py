"""Audit results -> ReportPage: one value with every word and number of a report; each renderer prints it in its own form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from gouji.base.i18n import _, clauses
from gouji.base.lazy_values import AHEAD, Lazily
from gouji.base.outcome import GapKind, TieOutcome, Totals
from gouji.base.verdict import DEGREES, RECOMPUTED, FindingKind, Ground, Severity, Verdict
from gouji.expression.nodes import Node
from gouji.intake import Problem, Submission, unit_figures
from gouji.narrative import ShownText
from gouji.report.depth import TOLD, Depth
from gouji.report.rule_page import RulePage
from gouji.report.unit.cause_lines import CauseRow
from gouji.report.unit.figure_parts import (
    OutcomeParts,
    OutcomeTerm,
    parts_of_check,
    parts_of_measure,
    places_of,
    shortened,
)
from gouji.report.unit.grounds import cause_of, unsure_points
from gouji.report.unit.next_grade import NextGrade, next_grade
from gouji.report.unit.readings import ReadingTotal, reading_totals
from gouji.report.unit.remarks import Remark
from gouji.report.unit.spots import SpotRow, spot_rows, summary_of_spots
from gouji.report.unit.working import WorkingTeller
from gouji.report.wording import adjusts
from gouji.results import (
    Finding,
    GroupSum,
    Line,
    Scorecard,
    added,
    apart,
    counted,
    differs,
    fails,
    recomputed,
)
from gouji.rules import BookHead, ResolvedBook, ResolvedTableRule

# What a reader is told the working of: what is off, or cannot be judged, the worst first.
MADE_AT_MOST = 4
CausesOf = Callable[[str, frozenset[str]], tuple[tuple[CauseRow, ...], tuple[str, ...]]]


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


def page(
    book: ResolvedBook,
    submission: Submission,
    cards: Sequence[Scorecard],
    manifest: Mapping[str, object],
    rules: tuple[RulePage, ...] = (),
    depth: Depth = Depth.WHOLE,
    causes_of: CausesOf | None = None,
) -> ReportPage:
    """What a reader may want of one audit, as deep as is asked for: nothing else is worked out.

    `causes_of`: a unit and its codes that are 不平 -> causes and codes that none explains.
    """
    head, making = book.source.head, _Making(book, submission, cards, depth, causes_of)
    made: Sequence[Card] = Lazily(range(len(cards)), making, making.ahead)
    return ReportPage(
        submission.title,
        head.title,
        head.authority,
        head.fiscal_year,
        submission.note,
        submission.invented,
        book.total,
        made if len(cards) > AHEAD else tuple(made),
        tuple((str(p.at), p.what, p.mend) for p in submission.problems if not p.note),
        manifest,
        bands(head),
        rules,
        *_filed(submission, head.fiscal_year),
        remarks=remarks_of(submission.problems),
    )


def remarks_of(problems: Iterable[Problem]) -> tuple[Remark, ...]:
    """Those that are remarks, in words."""
    return tuple((str(p.at), p.what, p.mend) for p in problems if p.note)


class _Making:
    """Makes cards of scorecards, by their place; those made last are kept for another who goes through them at the same time."""

    def __init__(
        self,
        book: ResolvedBook,
        submission: Submission,
        cards: Sequence[Scorecard],
        depth: Depth,
        causes_of: CausesOf | None,
    ) -> None:
        self.book, self.submission, self.cards, self.causes_of = book, submission, cards, causes_of
        self.make = partial(_card, depth) if depth else _brief_card
        self.texts = depth >= Depth.DATA
        self._next: dict[int, Scorecard] = {}
        self._made: dict[int, Card] = {}
        self._remarks: dict[str, list[Problem]] = {}
        if depth:
            for problem in submission.problems:
                if problem.note:
                    self._remarks.setdefault(problem.at.file, []).append(problem)

    def __call__(self, at: int) -> Card:
        if at not in self._made:
            if len(self._made) >= MADE_AT_MOST:
                del self._made[next(iter(self._made))]
            card = self._next.pop(at) if at in self._next else self.cards[at]
            made = self.make(self.book, self.submission, card)
            self._made[at] = self._noted(self._located(made))
        return self._made[at]

    def _located(self, card: Card) -> Card:
        """The card with the cells that are probably wrong."""
        unbalanced = frozenset(
            row.code for row in card.tie_outs if row.verdict == Verdict.UNBALANCED
        )
        if self.causes_of is None or not unbalanced:
            return card
        causes, unexplained = self.causes_of(card.unit, unbalanced)
        return replace(card, causes=causes, unexplained=unexplained)

    def _noted(self, card: Card) -> Card:
        """The card with the remarks on the workbook that the unit sent, and its reports."""
        held = self.submission.held
        file = held.file_of(card.unit, self.book.year) if held is not None and self._remarks else ""
        texts = self.submission.texts_of(card.unit) if self.texts else ()
        return replace(
            card, remarks=remarks_of(self._remarks.get(file, ()) if file else ()), texts=texts
        )

    def ahead(self, some: Sequence[int]) -> None:
        """These will be asked for next."""
        if not self._made.keys() & set(some):
            self._next = {at: self.cards[at] for at in some}
            self.submission.ahead(self.book.tables, [card.unit for card in self._next.values()])


def _filed(
    submission: Submission, year: int
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Code and name of each unit that had to file for the year and did not, and of each that nobody expected, where that is known."""
    filing = submission.filing
    absent, unexpected = (filing.absent, filing.unexpected) if filing is not None else ((), ())
    shown = (
        ((unit, of, filing.shown(unit, name)) for unit, of, name in absent)
        if filing is not None
        else ()
    )
    return tuple((unit, name) for unit, of, name in shown if of == year), tuple(
        (unit, name) for unit, of, name in unexpected if of == year
    )


def degrees_apart(submission: Submission, year: int) -> dict[str, int]:
    """How many findings of each degree an audit has besides those of its units."""
    return apart(
        sum(not p.note for p in submission.problems),
        *(len(units) for units in _filed(submission, year)),
    )


def bands(head: BookHead) -> tuple[GradeBand, ...]:
    """The grades of a book as a report shows them."""
    return tuple(GradeBand(g.name, str(g.when), g.when.low) for g in head.grades)


def _card(depth: Depth, book: ResolvedBook, submission: Submission, card: Scorecard) -> Card:
    teller = WorkingTeller(
        book, submission, unit_figures(submission, book.tables, card.unit, book.year), card.unit
    )
    measures = {c.code: c.measure for c in book.criteria}
    criteria = tuple(
        replace(
            _criterion(teller, line, measures[line.rule.code]),
            parts=parts_of_measure(teller, measures[line.rule.code], line.outcome),
        )
        for line in card.lines
    )
    ties = tuple(
        _tie(teller, f, t.check, depth) for f, t in zip(card.tie_outs, book.tie_outs, strict=True)
    )
    tables = tuple(
        _table_rule(teller, found, t)
        for found, t in zip(card.table_rules, book.table_rules, strict=True)
    )
    return Card(
        card.unit,
        card.name,
        card.totals,
        criteria,
        card.groups,
        tuple(sorted((*ties, *tables), key=lambda row: row.code)),
        reading_totals(book, card),
        next_grade(book, card, teller),
        _said(submission, card.unit, book.year),
    )


def _brief_card(book: ResolvedBook, submission: Submission, card: Scorecard) -> Card:
    """A card without parts and what follows from them, and without the working of what is in order."""
    teller = WorkingTeller(
        book, submission, unit_figures(submission, book.tables, card.unit, book.year), card.unit
    )
    measures = {c.code: c.measure for c in book.criteria}
    criteria = tuple(_criterion(teller, line, measures[line.rule.code]) for line in card.lines)
    ties = (
        _tie(teller, found, t.check, Depth.TEXT)
        for found, t in zip(card.tie_outs, book.tie_outs, strict=True)
    )
    tables = (
        _table_rule(teller, found, t)
        for found, t in zip(card.table_rules, book.table_rules, strict=True)
    )
    return Card(
        card.unit,
        card.name,
        card.totals,
        criteria,
        card.groups,
        tuple(sorted((*ties, *tables), key=lambda row: row.code)),
        said=_said(submission, card.unit, book.year),
    )


def _said(submission: Submission, unit: str, year: int) -> tuple[UnitReply, ...]:
    return tuple(
        UnitReply(e.code, e.text, str(e.at))
        for e in submission.explanations
        if e.unit == unit and e.year == str(year)
    )


def _criterion(teller: WorkingTeller, line: Line, measure: Node | None) -> CriterionRow:
    rule, outcome = line.rule, line.outcome
    return CriterionRow(
        code=rule.code,
        first=rule.path.first,
        second=rule.path.second,
        name=rule.name + adjusts(rule),
        weight=line.weight,
        self_score=outcome.self_score,
        score=outcome.score,
        deduction=line.deduction,
        difference=line.difference,
        low=outcome.low,
        high=outcome.high,
        verdict=outcome.verdict.value,
        ground=outcome.ground.value,
        working=teller.criterion(rule, measure, outcome),
        readings=line.other_readings,
        gaps=teller.gaps(outcome),
        message=rule.message or "",
        parts=OutcomeParts(),
        doubts=outcome.doubts,
        cause=cause_of(outcome),
    )


def _tie(teller: WorkingTeller, found: Finding, check: Node, depth: Depth) -> TieRow:
    rule, outcome = found.rule, found.outcome
    told, placed, whole = depth.of(outcome)
    places = places_of(teller, *teller.wrong_parts(check, outcome)) if placed else ()
    parts = parts_of_check(teller, check, outcome) if whole else OutcomeParts()
    return TieRow(
        rule.code,
        rule.name,
        rule.severity.value,
        outcome.verdict.value,
        teller.tie_out(check, outcome) if told else "",
        teller.gaps(outcome),
        places,
        f"{rule.basis.document} {rule.basis.clause}",
        rule.message or "",
        parts,
        _unsent(outcome),
    )


def _table_rule(teller: WorkingTeller, found: Finding, of: ResolvedTableRule) -> TieRow:
    rule, outcome = found.rule, found.outcome
    spots = spot_rows(teller, of) if outcome.verdict in TOLD else ()
    places = shortened(
        place for spot in spots if spot.verdict == Verdict.UNBALANCED for place in spot.places
    )
    return TieRow(
        rule.code,
        rule.name,
        rule.severity.value,
        outcome.verdict.value,
        summary_of_spots(of, outcome, spots),
        teller.gaps(outcome),
        places,
        f"{rule.basis.document} {rule.basis.clause}",
        rule.message or "",
        OutcomeParts(),
        _unsent(outcome),
        spots,
    )


def _unsent(outcome: TieOutcome) -> tuple[str, ...]:
    """Tables that were not sent, each once."""
    return tuple(dict.fromkeys(g.what for g in outcome.gaps if g.kind is GapKind.UNSENT))


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
    "bands",
    "degrees_apart",
    "page",
    "remarks_of",
]
