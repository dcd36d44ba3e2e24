"""Rules and one unit's figures -> outcomes, in plain Python: what a reader trusts. The plan says the same in SQL for all units at once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from gouji.base.outcome import CriterionOutcome, Gap, GapKind, Span, TieOutcome
from gouji.base.verdict import Ground, Verdict
from gouji.expression import (
    OPPOSITE,
    Exact,
    Interval,
    Printed,
    UnitFigures,
    is_text,
    within,
)
from gouji.expression.nodes import Compare
from gouji.reference import points as m
from gouji.reference.answers import Assessed, by_checklist, by_reviewers, rows_of, said_of
from gouji.reference.applicability import (
    applies_to,
    belongs_to,
    decided_word,
    gaps_of,
    if_it_applies,
    incomplete,
)
from gouji.reference.parts import PartState, all_read, combined
from gouji.rules import (
    Checklist,
    ColumnRole,
    Composed,
    Criterion,
    Deductions,
    Judged,
    Measured,
    Parts,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedPart,
    ResolvedTieOut,
    Role,
    Steps,
    TwoSidedSteps,
    items_of,
    limits_of,
)
from gouji.rules import Reading as StepReading

ZERO = Decimal("0.00")


def tie_out(of: ResolvedTieOut, book: ResolvedBook, unit: str, figures: UnitFigures) -> TieOutcome:
    """One tie-out for one unit."""
    exact = Exact(figures, book.source.head.grades)
    verdict = tie_verdict(of, exact)
    wanting = verdict is Verdict.UNASSESSABLE
    gaps = gaps_of([of.check, of.applies], exact, book.derived) if wanting else ()
    if not isinstance(of.check, Compare) or is_text(of.check.left):
        return TieOutcome(unit, of.code, verdict, gaps=gaps)
    left, right = (
        None if incomplete(figures, side) else exact.value(side)
        for side in (of.check.left, of.check.right)
    )
    ends = None if incomplete(figures, of.check.right) else exact.interval(of.check.right)
    return TieOutcome(unit, of.code, verdict, left, right, _span(ends), gaps)


def tie_verdict(of: ResolvedTieOut, exact: Exact) -> Verdict:
    """What a tie-out says of a unit's figures."""
    applies = applies_to(of.applies, exact)
    truth = exact.check(of.check)
    may_hold = truth.may_hold
    if (
        isinstance(of.check, Compare)
        and of.rule.tolerance is not None
        and not exact.baseless(of.check)
    ):
        gap, slack = exact.gap(of.check), Fraction(of.rule.tolerance.amount)
        may_hold = within(of.check.op, Interval(gap.low - slack, gap.high + slack)) if gap else None
    if applies is False:
        return Verdict.NOT_APPLICABLE
    if applies is None or truth.holds is None or incomplete(exact.figures, of.check):
        return Verdict.UNASSESSABLE
    if truth.holds:
        return Verdict.BALANCED
    if may_hold is None:
        return Verdict.UNASSESSABLE
    return Verdict.WITHIN_ROUNDING if may_hold else Verdict.UNBALANCED


def criterion(
    of: ResolvedCriterion, book: ResolvedBook, unit: str, figures: UnitFigures
) -> CriterionOutcome:
    """One criterion for one unit."""
    exact = Exact(figures, book.source.head.grades)
    known = None if incomplete(figures, of.measure) else of.measure
    measured = exact.value(known) if known is not None else None
    span = _span(exact.interval(known)) if known is not None else None
    state = _state(of, book, figures, exact, measured, span)
    state = state.shifted(m.hundredths(Fraction(of.rule.bottom)))
    own = _self_score(book, figures, of.code)
    belongs = belongs_to(of, book, exact)
    verdict, score, low, high, ground = _in_set(belongs, of, book, exact, state, own)
    readings = _readings(of.rule, measured)
    gaps = state.gaps if verdict in (Verdict.UNASSESSABLE, Verdict.PENDING) else ()
    if belongs is None and book.source.head.sets is not None:
        gaps = (Gap(GapKind.NO_SET, book.source.head.sets.by),)
    return CriterionOutcome(
        unit, of.code, verdict, score, low, high, own, ground, measured, span, readings, gaps
    )


def _readings(rule: Criterion, measured: Fraction | None) -> dict[str, Decimal]:
    """The score under each reading of a stepped clause."""
    if measured is None or not isinstance(rule.method, (Steps, TwoSidedSteps)):
        return {}
    bottom = m.hundredths(Fraction(rule.bottom))
    return {r.value: m.points(rule.method, rule.weight, measured, r) + bottom for r in StepReading}


Settled = tuple[Verdict, Decimal | None, Decimal, Decimal, Ground]


def _in_set(
    belongs: bool | None,
    of: ResolvedCriterion,
    book: ResolvedBook,
    exact: Exact,
    state: Assessed,
    own: Decimal | None,
) -> Settled:
    """What is for other units counts nothing; where it is not known for whom it is, everything is possible."""
    if belongs is False:
        return Verdict.OTHER_SET, None, ZERO, ZERO, Ground.FIGURES
    if belongs is None:
        low, high = m.hundredths(Fraction(of.rule.bottom)), m.hundredths(Fraction(of.rule.top))
        return Verdict.UNASSESSABLE, None, low, high, Ground.OPEN
    return _settle(of, book, exact, state, own)


def _settle(
    of: ResolvedCriterion,
    book: ResolvedBook,
    exact: Exact,
    state: Assessed,
    own: Decimal | None,
) -> Settled:
    """Apply precondition and policies to what was assessed."""
    applies, weight = applies_to(of.applies, exact), m.hundredths(Fraction(of.rule.weight))
    exclude = book.source.head.not_applicable == "exclude"
    left_out = _left_out(of.rule, exclude, state.ground)
    if applies is False:
        return left_out
    if applies and state.score is not None:
        word = decided_word(of.rule, state.score)
        return word, state.score, state.low, state.high, state.ground
    if applies and _undefined(of, state) and of.rule.undefined != "pending":
        by_policy: dict[str, Settled] = {
            "full": (Verdict.FULL, weight, weight, weight, state.ground),
            "zero": (Verdict.DEDUCTED, ZERO, ZERO, ZERO, state.ground),
            "not_applicable": left_out,
        }
        return by_policy[of.rule.undefined]
    word, low, high = state.otherwise, state.low, state.high
    if not applies:
        # It may turn out not to apply: then it counts in full, or its weight goes to the others.
        word, low, high = Verdict.UNASSESSABLE, *if_it_applies(of.rule, exclude, low, high)
    zero = of.rule.missing == "zero" and not exact.figures.incomplete(all_read(of, book))
    return word, *_undecided(of.rule.missing, zero, low, high, own)


def _left_out(rule: Criterion, exclude: bool, ground: Ground) -> Settled:
    """What does not apply counts in full, or with `exclude` its weight goes to the others; bonuses and deductions give nothing."""
    adjusts = rule.adjust is not None
    bound = ZERO if exclude or adjusts else m.hundredths(Fraction(rule.weight))
    score = None if exclude and not adjusts else bound
    return Verdict.NOT_APPLICABLE, score, bound, bound, ground


def _undefined(of: ResolvedCriterion, state: Assessed) -> bool:
    """Whether all figures are there and yet the measure has no value: a denominator is zero."""
    lacking = (GapKind.UNSENT, GapKind.UNDERIVED, GapKind.ASIDE, GapKind.MISSING)
    return of.measure is not None and not any(gap.kind in lacking for gap in state.gaps)


def _undecided(
    missing: str, zero: bool, low: Decimal, high: Decimal, own: Decimal | None
) -> tuple[Decimal | None, Decimal, Decimal, Ground]:
    """Where a criterion stands that could not be assessed: score, range and ground by what the rule says of figures that are missing; `zero`: they earn nothing."""
    if zero:
        return ZERO, ZERO, ZERO, Ground.OPEN
    if missing != "as_reported" or own is None:
        return None, low, high, Ground.OPEN
    return max(low, min(high, own)), low, high, Ground.WORD


def _state(
    of: ResolvedCriterion,
    book: ResolvedBook,
    figures: UnitFigures,
    exact: Exact,
    measured: Fraction | None,
    span: Span | None,
) -> Assessed:
    method, weight = of.rule.method, m.hundredths(Fraction(of.rule.weight))
    match method:
        case Checklist():
            return by_checklist(of.code, method, book, figures, weight)
        case Judged():
            return by_reviewers(of.code, method, book, figures, weight)
        case Parts() | Deductions():
            return _composed(of, method, book, exact)
    gaps = gaps_of([of.measure, of.applies], exact, book.derived)
    return _scored((method, of.rule.weight), book, measured, span, gaps)


def _scored(
    of: tuple[Measured, Decimal],
    book: ResolvedBook,
    measured: Fraction | None,
    span: Span | None,
    gaps: tuple[Gap, ...],
) -> Assessed:
    """Points of a method with a weight for a measure, and their range."""
    (method, points), weight = of, m.hundredths(Fraction(of[1]))
    if measured is None:
        return Assessed(None, ZERO, weight, gaps, Ground.FIGURES, Verdict.UNASSESSABLE)
    score = m.points(method, points, measured)
    if book.source.head.at_the_limit == "printed" and measured in limits_of(method):
        return Assessed(score, score, score, gaps, Ground.FIGURES, Verdict.UNASSESSABLE)
    low, high = m.score_range(method, points, span) if span is not None else (ZERO, weight)
    return Assessed(score, low, high, gaps, Ground.FIGURES, Verdict.UNASSESSABLE)


def _composed(
    of: ResolvedCriterion, method: Composed, book: ResolvedBook, exact: Exact
) -> Assessed:
    """A criterion of several parts; what is open of them is open of the whole, and figures weigh more than evidence."""
    weight, items = m.hundredths(Fraction(of.rule.weight)), items_of(method)
    parts = part_states(of, book, exact)
    said = said_of(of.code, book, exact.figures) if items else {}
    gate = _gate(method, said)
    score, low, high = combined(method, weight, parts, gate)
    gaps = tuple(Gap(GapKind.ITEM, item) for item in items if item not in said)
    gaps += gaps_of([*of.trees, of.applies], exact, book.derived)
    figures = any(
        part.score is None and not isinstance(asked.method, Checklist)
        for part, asked in zip(parts, of.parts, strict=True)
    )
    otherwise = Verdict.UNASSESSABLE if figures else Verdict.PENDING
    ground = Ground.EVIDENCE if items else Ground.FIGURES
    return Assessed(score, low, high, gaps, ground, otherwise)


def _gate(method: Composed, said: dict[str, bool]) -> bool | None:
    """Whether the items without which nothing is earned are met."""
    gate = [said.get(item) for item in method.gate] if isinstance(method, Parts) else []
    return False if False in gate else None if None in gate else True


def part_states(of: ResolvedCriterion, book: ResolvedBook, exact: Exact) -> tuple[PartState, ...]:
    """Each part of a criterion: what it may earn, what it earns, the range of that."""
    return tuple(_part(of.code, part, book, exact) for part in of.parts)


def _part(code: str, part: ResolvedPart, book: ResolvedBook, exact: Exact) -> PartState:
    full = m.hundredths(Fraction(part.points))
    applies = applies_to(part.applies, exact)
    if applies is False:
        return PartState(full, full, full, full)
    if isinstance(part.method, Checklist):
        state = by_checklist(code, part.method, book, exact.figures, full)
    else:
        state = _by_figure(part, book, exact, full)
    if applies is None:
        return PartState(full, None, ZERO, full)
    return PartState(full, state.score, state.low, state.high)


def _by_figure(part: ResolvedPart, book: ResolvedBook, exact: Exact, full: Decimal) -> Assessed:
    assert not isinstance(part.method, Checklist)
    known = None if incomplete(exact.figures, part.measure) else part.measure
    measured = exact.value(known) if known is not None else None
    span = _span(exact.interval(known)) if known is not None else None
    return _scored((part.method, part.points), book, measured, span, ())


def _self_score(book: ResolvedBook, figures: UnitFigures, code: str) -> Decimal | None:
    table = book.table_of(Role.SELF_SCORES)
    rows = rows_of(code, book, figures, Role.SELF_SCORES)
    if table is None or not rows:
        return None
    cell = rows[0].get(table.with_role(ColumnRole.SCORE).name)
    return m.hundredths(cell.value) if isinstance(cell, Printed) else None


def _span(ends: Interval | None) -> Span | None:
    return Span(ends.low, ends.high) if ends else None


__all__ = ["OPPOSITE", "criterion", "gaps_of", "tie_out", "tie_verdict"]
