"""Audit results -> ReportPage: the cards of its units are made one after another, as deep as is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from gouji.base.lazy_values import AHEAD, Lazily
from gouji.base.outcome import GapKind, TieOutcome
from gouji.base.verdict import Verdict
from gouji.expression.nodes import Node
from gouji.intake import Problem, Submission, unit_figures
from gouji.report.depth import TOLD, Depth
from gouji.report.page_of_unit import Card, CriterionRow, GradeBand, ReportPage, TieRow, UnitReply
from gouji.report.rule_page import RulePage
from gouji.report.unit.cause_lines import CauseRow
from gouji.report.unit.figure_parts import (
    OutcomeParts,
    parts_of_check,
    parts_of_measure,
    places_of,
    shortened,
)
from gouji.report.unit.grounds import cause_of
from gouji.report.unit.next_grade import next_grade
from gouji.report.unit.readings import reading_totals
from gouji.report.unit.remarks import Remark
from gouji.report.unit.spots import spot_rows, summary_of_spots
from gouji.report.unit.working import WorkingTeller
from gouji.report.wording import adjusts
from gouji.results import Finding, Line, Scorecard, apart
from gouji.rules import BookHead, ResolvedBook, ResolvedTableRule

# What a reader is told the working of: what is off, or cannot be judged, the worst first.
MADE_AT_MOST = 4
CausesOf = Callable[[str, frozenset[str]], tuple[tuple[CauseRow, ...], tuple[str, ...]]]


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
        tuple((str(p.at), p.what, p.fix) for p in submission.problems if not p.note),
        manifest,
        bands(head),
        rules,
        *_filed(submission, head.fiscal_year),
        remarks=remarks_of(submission.problems),
    )


def remarks_of(problems: Iterable[Problem]) -> tuple[Remark, ...]:
    """Those that are remarks, in words."""
    return tuple((str(p.at), p.what, p.fix) for p in problems if p.note)


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
        self.depth = depth
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
            made = _card(self.depth, self.book, self.submission, card)
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
    """One unit's card; for a text without the parts of its figures and without what follows from them."""
    teller = WorkingTeller(
        book, submission, unit_figures(submission, book.tables, card.unit, book.year), card.unit
    )
    measures = {c.code: c.measure for c in book.criteria}
    ties = (
        _tie(teller, found, t.check, depth)
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
        tuple(_criterion(teller, line, measures[line.rule.code], depth) for line in card.lines),
        card.groups,
        tuple(sorted((*ties, *tables), key=lambda row: row.code)),
        reading_totals(book, card) if depth else (),
        next_grade(book, card, teller) if depth else None,
        _said(submission, card.unit, book.year),
    )


def _said(submission: Submission, unit: str, year: int) -> tuple[UnitReply, ...]:
    return tuple(
        UnitReply(e.code, e.text, str(e.at))
        for e in submission.explanations
        if e.unit == unit and e.year == str(year)
    )


def _criterion(
    teller: WorkingTeller, line: Line, measure: Node | None, depth: Depth
) -> CriterionRow:
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
        parts=parts_of_measure(teller, rule, measure, outcome) if depth else OutcomeParts(),
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
