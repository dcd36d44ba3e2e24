"""ReportPage (or counts made by SQL over bulk outcomes) -> Bureau: what the authority reads of all units at once, in aggregates and one line a unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TypeVar

from gouji.base.verdict import FAILING, OPEN, UNDECIDED, Ground, Severity, Verdict
from gouji.reference.points import hundredths
from gouji.report.heat_map import HeatMap, heat_map
from gouji.report.page_of_unit import Card, GradeBand, ReportPage, RulePage
from gouji.report.same_slip import SameSlip
from gouji.report.unit.remarks import Remark
from gouji.report.unsent_forms import UnsentForm, UnsentForms
from gouji.results import added, apart, fails

# A page that lists more lines opens slowly and is read by nobody; the rest is found by `--unit`.
LINES_AT_MOST = 10_000
BINS = 20
# A relation that so many of the units judged fail says more about the rule or the form than about the units.
SUSPECT_SHARE = Fraction(7, 10)
SUSPECT_UNITS = 5
ZERO = Decimal("0.00")
A = TypeVar("A", str, int)


@dataclass(frozen=True, slots=True)
class BureauLine:
    """One unit in the table of units: findings by degree, `findings` the codes of tie-outs that are 不平, `deductions` what recomputed criteria lost."""

    unit: str
    name: str
    score: Decimal
    low: Decimal
    high: Decimal
    self_score: Decimal | None
    grade: str
    grade_low: str
    grade_high: str
    audited: Decimal
    open_items: int
    errors: int
    verifies: int
    notes: int
    findings: tuple[str, ...]
    deductions: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class RuleTally:
    """One rule over all units: how many came out with each verdict, and for a criterion the points lost in all."""

    code: str
    verdicts: Mapping[str, int]
    lost: Decimal

    @property
    def judged(self) -> int:
        """Units for which the rule could be decided."""
        return sum(n for word, n in self.verdicts.items() if word not in OPEN)

    @property
    def failing(self) -> int:
        """Units that are 不平, or lost points."""
        return sum(self.verdicts.get(word, 0) for word in FAILING)

    @property
    def suspect(self) -> bool:
        """Whether so many units fail that the rule or the form is to be doubted before the units."""
        return self.judged >= SUSPECT_UNITS and Fraction(self.failing, self.judged) >= SUSPECT_SHARE


@dataclass(frozen=True, slots=True)
class PageHead:
    """What stands at the top and the foot of every page: of a `ReportPage` the fields of the same names."""

    title: str
    book: str
    authority: str
    year: int
    note: str
    invented: bool
    total: Decimal
    grades: tuple[GradeBand, ...]
    rules: tuple[RulePage, ...]
    not_filed: tuple[tuple[str, str], ...]
    problems: tuple[tuple[str, str, str], ...]
    manifest: Mapping[str, object]
    unexpected: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Bureau:
    """All units at once. `bins` count units by score (twentieths of the total) and grade, `pairs` by self-score and score in whole points;
    `lines` may leave units out (`units` counts them all); `degrees` are the findings of all units, `same` what several units have in common (the same slip in the same cell),
    `unsent` the forms that units did not send, `heat` findings by unit and form (neither is counted over tables of very many units). Units whose grade is open (`undecided` of them) are in no sum,
    bin or pair: their scores are none yet."""

    head: PageHead
    units: int
    score_sum: Decimal
    self_units: int
    self_sum: Decimal
    self_score_sum: Decimal
    grades: Mapping[str, int]
    undecided: int
    grounds: Mapping[Ground, Decimal]
    bins: tuple[tuple[int, str, int], ...]
    pairs: tuple[tuple[int, int, int], ...]
    tallies: tuple[RuleTally, ...]
    lines: tuple[BureauLine, ...]
    degrees: Mapping[str, int]
    same: tuple[str, ...] = ()
    unsent: tuple[UnsentForm, ...] = ()
    heat: HeatMap = field(default_factory=HeatMap)

    @property
    def all_degrees(self) -> dict[str, int]:
        """How many findings of each degree there are, those that speak of no unit's figures too."""
        return added(
            self.degrees,
            apart(len(self.head.problems), len(self.head.not_filed), len(self.head.unexpected)),
        )

    @property
    def scored(self) -> int:
        """How many units have a score and a decided grade: none in a book of tie-outs alone."""
        return sum(self.grades.values()) - self.undecided

    @property
    def mean(self) -> Decimal | None:
        """Their mean score."""
        return hundredths(Fraction(self.score_sum) / self.scored) if self.scored else None

    @property
    def self_mean(self) -> Decimal | None:
        """The mean self-score of those that gave one."""
        return hundredths(Fraction(self.self_sum) / self.self_units) if self.self_units else None

    @property
    def inflation(self) -> Decimal | None:
        """By how much self-scores exceed scores on average, over units that gave one."""
        return (
            hundredths(Fraction(self.self_sum - self.self_score_sum) / self.self_units)
            if self.self_units
            else None
        )

    def share(self, ground: Ground) -> Decimal:
        """The percentage of all points that rest on a ground."""
        every = sum(self.grounds.values(), ZERO)
        return (
            hundredths(Fraction(self.grounds.get(ground, ZERO)) * 100 / Fraction(every))
            if every
            else ZERO
        )

    def tally(self, code: str) -> RuleTally:
        """The counts of one rule; empty where no unit was judged by it."""
        return next((t for t in self.tallies if t.code == code), RuleTally(code, {}, ZERO))

    def costly(self, most: int = 10) -> tuple[RuleTally, ...]:
        """The criteria that cost most points."""
        found = sorted((t for t in self.tallies if t.lost > 0), key=lambda t: (-t.lost, t.code))
        return tuple(found[:most])

    def failing(self, most: int = 10) -> tuple[RuleTally, ...]:
        """The tie-outs that most units fail."""
        found = sorted(
            (t for t in self.tallies if t.verdicts.get(Verdict.UNBALANCED)),
            key=lambda t: (-t.failing, t.code),
        )
        return tuple(found[:most])

    def suspects(self) -> tuple[RuleTally, ...]:
        """Tie-outs to be doubted before the units."""
        return tuple(t for t in self.failing(len(self.tallies)) if t.suspect)


def head_of(page: ReportPage) -> PageHead:
    """What a page says apart from its units."""
    return PageHead(**{field.name: getattr(page, field.name) for field in fields(PageHead)})


class Counting:
    """Counts cards, each added once and not held: of a unit only its line stays."""

    def __init__(self, total: Decimal) -> None:
        self._total = total
        self.units = self.self_units = self.undecided = 0
        self.score_sum = self.self_sum = self.self_score_sum = ZERO
        self.grades: Counter[str] = Counter()
        self.grounds = dict.fromkeys(Ground, ZERO)
        self.bins: Counter[tuple[int, str]] = Counter()
        self.pairs: Counter[tuple[int, int]] = Counter()
        self.verdicts: dict[str, Counter[str]] = {}
        self.lost: dict[str, Decimal] = {}
        self.lines: list[BureauLine] = []
        self.degrees = added()
        self.same = SameSlip()
        self.unsent = UnsentForms()
        self.unsent_by_unit: dict[str, tuple[str, ...]] = {}

    def add(self, card: Card) -> None:
        """One unit."""
        self.units += 1
        self.lines.append(line_of(card))
        self.degrees = added(self.degrees, card.degrees)
        self.same.add(card)
        self.unsent.add(card)
        if self.lines[-1].findings:
            self.unsent_by_unit[card.unit] = tuple(card.unsent)
        self._tally(card)
        if card.criteria:
            self.grades[card.totals.grade or ""] += 1
            for ground in Ground:
                self.grounds[ground] += card.totals.grounds[ground]
            if card.totals.grade == UNDECIDED:
                self.undecided += 1
            else:
                self._score(card)

    def _score(self, card: Card) -> None:
        """The score of a unit whose grade is decided."""
        t = card.totals
        self.score_sum += t.score
        self.bins[bin_of(t.score, self._total), t.grade or ""] += 1
        if t.self_score is not None:
            self.self_units += 1
            self.self_sum += t.self_score
            self.self_score_sum += t.score
            self.pairs[nearest(t.self_score), nearest(t.score)] += 1

    def _tally(self, card: Card) -> None:
        for row in card.criteria:
            self.verdicts.setdefault(row.code, Counter())[row.verdict] += 1
            if row.verdict == Verdict.DEDUCTED and row.deduction is not None and row.recomputed:
                self.lost[row.code] = self.lost.get(row.code, ZERO) + row.deduction
        for tie in card.tie_outs:
            self.verdicts.setdefault(tie.code, Counter())[tie.verdict] += 1

    def bureau(self, page: ReportPage) -> Bureau:
        """What was counted, under the head of a page."""
        return Bureau(
            head=head_of(page),
            units=self.units,
            score_sum=self.score_sum,
            self_units=self.self_units,
            self_sum=self.self_sum,
            self_score_sum=self.self_score_sum,
            grades=grade_counts(page.grades, self.grades),
            undecided=self.undecided,
            grounds=self.grounds,
            bins=_counted(self.bins),
            pairs=_counted(self.pairs),
            tallies=tuple(
                RuleTally(code, dict(sorted(counts.items())), self.lost.get(code, ZERO))
                for code, counts in self.verdicts.items()
            ),
            lines=tuple(self._listed()),
            degrees=self.degrees,
            same=self.same.lines(),
            unsent=self.unsent.rows(),
            heat=heat_map(
                ((line.unit, line.name, line.findings) for line in self.lines),
                self.unsent_by_unit,
                {rule.code: rule.tables for rule in page.rules},
            ),
        )

    def _listed(self) -> list[BureauLine]:
        """The units of the table: of very many those with the lowest scores, in the order of unit codes."""
        if self.units <= LINES_AT_MOST:
            return self.lines
        lowest = sorted(self.lines, key=lambda line: (line.score, line.unit))[:LINES_AT_MOST]
        return sorted(lowest, key=lambda line: line.unit)


def bureau(page: ReportPage) -> Bureau:
    """The bureau's view of a page that carries every unit."""
    counting = Counting(page.total)
    for card in page.cards:
        counting.add(card)
    return counting.bureau(page)


def _counted(counts: Counter[tuple[int, A]]) -> tuple[tuple[int, A, int], ...]:
    return tuple((a, b, n) for (a, b), n in sorted(counts.items(), key=lambda item: str(item[0])))


def bin_of(score: Decimal, total: Decimal) -> int:
    """Which twentieth of the total a score lies in; the full total in the last."""
    return min(BINS - 1, floor(Fraction(score) * BINS / Fraction(total)))


def nearest(score: Decimal) -> int:
    """Whole points, a half going up."""
    return floor(Fraction(score) + Fraction(1, 2))


def grade_counts(grades: tuple[GradeBand, ...], counts: Mapping[str, int]) -> dict[str, int]:
    """Units by grade in the order of the book, then those whose grade is open, and those that no grade covers."""
    names = [*(b.name for b in grades), *(name for name in (UNDECIDED, "") if counts.get(name))]
    return {name: counts.get(name, 0) for name in names}


def line_of(card: Card) -> BureauLine:
    """One unit as a line of the table."""
    t = card.totals
    errors, verifies, notes = (card.degrees[s.value] for s in Severity)
    lost = tuple(
        (r.code, r.deduction)
        for r in card.criteria
        if r.verdict == Verdict.DEDUCTED and r.deduction and r.recomputed
    )
    return BureauLine(
        card.unit,
        card.name,
        t.score,
        t.low,
        t.high,
        t.self_score,
        t.grade or "",
        t.grade_low or "",
        t.grade_high or "",
        t.grounds[Ground.FIGURES] + t.grounds[Ground.EVIDENCE],
        sum(r.verdict in (Verdict.PENDING, Verdict.UNASSESSABLE) for r in card.criteria),
        errors,
        verifies,
        notes,
        tuple(r.code for r in card.tie_outs if fails(r.verdict)),
        lost,
    )
