"""Scorecard -> what it would take to reach the next grade: corrections of data apart from real performance. Decides nothing, promises nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Literal

from gouji.base.i18n import _, clauses
from gouji.base.verdict import Verdict
from gouji.expression.nodes import Node
from gouji.reference.points import hundredths
from gouji.report.method_working import measured_words
from gouji.report.unit.working import WorkingTeller
from gouji.report.wording import points, shape_of
from gouji.results import Line, Scorecard
from gouji.rules import (
    AnyMethod,
    Bands,
    Between,
    Checklist,
    Criterion,
    Deductions,
    Grade,
    Inverse,
    Judged,
    Parts,
    PerViolation,
    Proportional,
    ResolvedBook,
    RowByRow,
    Steps,
    TwoSidedSteps,
    Within,
    Words,
)
from gouji.rules import shown as number

ZERO = Decimal("0.00")
OPEN = (Verdict.PENDING, Verdict.UNASSESSABLE)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Lever:
    """One criterion that could still give points: `data` by sending or correcting figures and evidence, `performance` only by another result."""

    code: str
    name: str
    kind: Literal["data", "performance"]
    gain: Decimal
    how: str


@dataclass(frozen=True, slots=True)
class NextGrade:
    """The next grade, the least total that earns it, what is lacking, and what could bring it: levers, each kind added up."""

    grade: str
    at: Decimal
    lacking: Decimal
    by_data: Decimal
    by_performance: Decimal
    levers: tuple[Lever, ...]


def next_grade(book: ResolvedBook, card: Scorecard, teller: WorkingTeller) -> NextGrade | None:
    """None for a unit that has the best grade, or where the book has no grade above its total."""
    above = _above(book.source.head.grades, card.totals.score)
    if above is None or not card.lines:
        return None
    grade, at = above
    measures = {c.code: c.measure for c in book.criteria}
    scale = _scale(book, card)
    found = (_levers(line, measures[line.rule.code], teller, scale) for line in card.lines)
    levers = sorted(chain.from_iterable(found), key=lambda x: (x.kind, -x.gain, x.code))
    data, performance = (_gain(levers, kind) for kind in ("data", "performance"))
    lacking = at - card.totals.score
    return NextGrade(grade.name, at, lacking, data, performance, tuple(levers))


def _gain(levers: Iterable[Lever], kind: str) -> Decimal:
    """The points that all levers of one kind could bring."""
    return sum((lever.gain for lever in levers if lever.kind == kind), ZERO)


def _above(grades: tuple[Grade, ...], score: Decimal) -> tuple[Grade, Decimal] | None:
    """The nearest grade that begins above a total, and the least total in hundredths that it holds."""
    starts = []
    for grade in grades:
        if grade.when.low is not None:
            least = hundredths(Fraction(grade.when.low)) + (
                ZERO if grade.when.low_closed else HUNDREDTH
            )
            if least > score:
                starts.append((least, grade))
    if not starts:
        return None
    least, grade = min(starts, key=lambda pair: pair[0])
    return grade, least


def _scale(book: ResolvedBook, card: Scorecard) -> Fraction:
    """What one point of a criterion is worth in the total: more than one where what does not apply is left out."""
    if book.source.head.not_applicable != "exclude":
        return Fraction(1)
    counted = sum(
        (x.weight for x in card.lines if x.outcome.verdict is not Verdict.NOT_APPLICABLE), ZERO
    )
    return Fraction(book.total) / Fraction(counted) if counted else Fraction(1)


def _levers(
    line: Line, measure: Node | None, teller: WorkingTeller, scale: Fraction
) -> Iterator[Lever]:
    """What could still give points: at most one lever by data and one by another result."""
    rule, score = line.rule, line.outcome.score or ZERO
    ceiling, by_data = _ceiling(line, teller)
    gains: list[tuple[Literal["data", "performance"], Decimal, str]] = []
    if ceiling is not None:
        gains.append(("data", ceiling - score, by_data))
        if not (line.outcome.verdict is Verdict.DEDUCTED and line.outcome.doubts):
            left = rule.weight - max(ceiling, score)
            gains.append(("performance", left, _target(rule, measure, line, teller)))
    for kind, gain, how in gains:
        if gain > 0:
            yield Lever(rule.code, rule.name, kind, hundredths(Fraction(gain) * scale), how)


def _ceiling(line: Line, teller: WorkingTeller) -> tuple[Decimal | None, str]:
    """The most that data may bring, and which; None where the score is settled."""
    rule, outcome = line.rule, line.outcome
    if outcome.verdict in OPEN:
        most = rule.weight if rule.missing == "zero" else outcome.high
        return most, clauses(teller.gaps(outcome))
    if outcome.verdict is not Verdict.DEDUCTED:
        return None, ""
    if outcome.doubts:
        return outcome.high, _("所用的数在 {codes} 不平，先核对；数更正后得分可能变").format(
            codes="、".join(outcome.doubts)
        )
    return outcome.high, _("按更多位数报送：尾差以内最多可得 {points} 分").format(
        points=points(outcome.high)
    )


def _target(rule: Criterion, measure: Node | None, line: Line, teller: WorkingTeller) -> str:
    """What full marks would have asked for, beside what was measured."""
    measured = line.outcome.measured
    was = (
        measured_words(measured, shape_of(measure, teller.book.tables), rule.method)
        if measured is not None and measure is not None
        else ""
    )
    wanted = _full_at(rule.method)
    if wanted:
        return _("实测 {was}，要 {wanted} 才得满分").format(was=was or "—", wanted=wanted)
    match rule.method:
        case Words(words=words):
            word = max(words, key=lambda one: words[one])
            return _("要“{word}”才得满分").format(word=word)
        case PerViolation():
            return _("实测 {was}，没有一例才得满分").format(was=was or "—")
        case Checklist() | Judged() | Parts() | Deductions() | RowByRow():
            return teller.criterion(rule, measure, line.outcome) or _("按评价标准逐项做到")
    return ""


def _full_at(method: AnyMethod) -> str:
    """The measured values that earn full marks; nothing where no range of numbers does."""
    match method:
        case Within(full_at=wanted) | Steps(full_at=wanted) | TwoSidedSteps(full_at=wanted):
            return str(wanted)
        case Bands(bands=bands):
            return str(max(bands, key=lambda b: b.points).when)
        case Proportional(full_at=full) | Between(full_at=full):
            return number(full)
        case Inverse(full_at=full):
            return f"≤ {number(full)}"
    return ""
