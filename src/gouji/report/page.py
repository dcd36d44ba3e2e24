"""Audit results -> Page: one value with every word and number of a report; each renderer prints it in its own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gouji.i18n import _
from gouji.intake.figures import unit_figures
from gouji.intake.submission import Submission
from gouji.judge import Finding, GroupSum, Line, Scorecard
from gouji.measure.nodes import Node
from gouji.outcome import GapKind, TieOutcome, Totals
from gouji.report.spots import SpotRow, spot_rows, summary
from gouji.report.working import Teller, gap_words
from gouji.validate import ResolvedBook, ResolvedTableRule
from gouji.verdict import Verdict

PLACES_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion as a report shows it."""

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
    unsent: tuple[str, ...] = ()
    spots: tuple[SpotRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One unit."""

    unit: str
    name: str
    totals: Totals
    criteria: tuple[CriterionRow, ...]
    groups: tuple[GroupSum, ...]
    tie_outs: tuple[TieRow, ...]

    @property
    def tie_counts(self) -> dict[str, int]:
        """How many tie-outs came out with each verdict, in the order of verdicts."""
        counts = {v.value: 0 for v in Verdict}
        for row in self.tie_outs:
            counts[row.verdict] += 1
        return {word: count for word, count in counts.items() if count}

    @property
    def unsent(self) -> dict[str, tuple[TieRow, ...]]:
        """Tables that were not sent, each with the tie-outs that could not be judged without it; the table that holds up most comes first."""
        found: dict[str, list[TieRow]] = {}
        for row in self.tie_outs:
            for table in row.unsent:
                found.setdefault(table, []).append(row)
        return {table: tuple(rows) for table, rows in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))}


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report."""

    title: str
    book: str
    authority: str
    year: int
    note: str
    invented: bool
    total: Decimal
    cards: tuple[Card, ...]
    problems: tuple[tuple[str, str, str], ...]
    manifest: Mapping[str, object]


def page(book: ResolvedBook, submission: Submission, cards: Sequence[Scorecard], manifest: Mapping[str, object]) -> Page:
    """Everything a reader may want of one audit."""
    head = book.source.head
    return Page(submission.title, head.title, head.authority, head.fiscal_year, submission.note, submission.invented, book.total,
                tuple(_card(book, submission, c) for c in cards),
                tuple((str(p.at), p.what, p.mend) for p in submission.problems), manifest)  # fmt: skip


def _card(book: ResolvedBook, submission: Submission, card: Scorecard) -> Card:
    teller = Teller(book, submission, unit_figures(submission, book.tables, card.unit, book.year), card.unit)
    criteria = tuple(_criterion(teller, line, c.measure) for line, c in zip(card.lines, book.criteria, strict=True))
    ties = tuple(_tie(teller, found, t.check) for found, t in zip(card.tie_outs, book.tie_outs, strict=True))
    tables = tuple(_table_rule(teller, found, t) for found, t in zip(card.table_rules, book.table_rules, strict=True))
    return Card(card.unit, card.name, card.totals, criteria, card.groups, tuple(sorted((*ties, *tables), key=lambda row: row.code)))


def _criterion(teller: Teller, line: Line, measure: Node | None) -> CriterionRow:
    rule, outcome = line.rule, line.outcome
    return CriterionRow(
        code=rule.code, first=rule.path.first, second=rule.path.second, name=rule.name, weight=rule.weight, self_score=outcome.self_score,
        score=outcome.score, deduction=line.deduction, difference=line.difference, low=outcome.low, high=outcome.high,
        verdict=outcome.verdict.value, ground=outcome.ground.value, working=teller.criterion(rule, measure, outcome),
        readings=line.other_readings, gaps=gap_words(outcome.gaps), message=rule.message or "",
    )  # fmt: skip


def _tie(teller: Teller, found: Finding, check: Node) -> TieRow:
    rule, outcome = found.rule, found.outcome
    used = [u for part in teller.wrong_parts(check, outcome) for u in teller.used(part)]
    places = tuple(dict.fromkeys(f"{u.name} {u.printed}: {u.at}" for u in used if u.at is not None))
    if len(places) > PLACES_AT_MOST:
        places = (*places[:PLACES_AT_MOST], _("… 共 {n} 处").format(n=len(places)))
    return TieRow(rule.code, rule.name, rule.severity.value, outcome.verdict.value, teller.tie_out(check, outcome),
                  gap_words(outcome.gaps), places, f"{rule.basis.document} {rule.basis.clause}", rule.message or "",
                  _unsent(outcome))  # fmt: skip


def _table_rule(teller: Teller, found: Finding, of: ResolvedTableRule) -> TieRow:
    rule, outcome = found.rule, found.outcome
    told = outcome.verdict in (Verdict.UNBALANCED, Verdict.WITHIN_ROUNDING, Verdict.UNASSESSABLE)
    spots = spot_rows(teller, of) if told else ()
    places = tuple(dict.fromkeys(place for spot in spots if spot.verdict == Verdict.UNBALANCED for place in spot.places))
    if len(places) > PLACES_AT_MOST:
        places = (*places[:PLACES_AT_MOST], _("… 共 {n} 处").format(n=len(places)))
    return TieRow(rule.code, rule.name, rule.severity.value, outcome.verdict.value, summary(of, outcome, spots), gap_words(outcome.gaps), places,
                  f"{rule.basis.document} {rule.basis.clause}", rule.message or "", _unsent(outcome), spots)  # fmt: skip


def _unsent(outcome: TieOutcome) -> tuple[str, ...]:
    """Tables that were not sent, each once."""
    return tuple(dict.fromkeys(g.what for g in outcome.gaps if g.kind is GapKind.UNSENT))
