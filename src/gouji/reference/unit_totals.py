"""Criterion outcomes of one unit -> totals, grade and its range, points by what they rest on. The plan's last layers say the same in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from gouji.base.outcome import Capped, CriterionOutcome, GapKind, Totals, certain
from gouji.base.verdict import UNDECIDED, UNSURE, Ground, Verdict
from gouji.expression import Exact, UnitFigures, homes
from gouji.reference.points import hundredths, inside
from gouji.rules import (
    AdjustBounds,
    Criterion,
    Grade,
    ResolvedBook,
    Rounding,
    better_than,
    in_doubt_by_row,
)

ZERO = Decimal("0.00")
# Whether each cap of the book holds; None where that is not known.
Caps = Sequence[bool | None]
Worth = Callable[[CriterionOutcome], Decimal]


def cap_truths(book: ResolvedBook, figures: UnitFigures) -> tuple[bool | None, ...]:
    """Of one unit, whether each cap holds at the printed figures."""
    exact = Exact(figures, book.source.head.grades)
    return tuple(
        None if figures.incomplete(homes(cap)) else exact.truth(cap).holds for cap in book.caps
    )


@dataclass(frozen=True, slots=True)
class _Unit:
    """A book and the outcomes of one unit."""

    book: ResolvedBook
    outcomes: Sequence[CriterionOutcome]
    rules: dict[str, Criterion]

    @property
    def placed(self) -> bool:
        """Whether it is known which set of criteria is the unit's."""
        return not any(g.kind is GapKind.NO_SET for o in self.outcomes for g in o.gaps)

    def counted(self, adjusting: bool) -> Iterable[CriterionOutcome]:
        """Outcomes of the unit's own set: of criteria within the total, or outside it."""
        return (
            o
            for o in self.outcomes
            if (self.rules[o.code].adjust is not None) is adjusting
            and o.verdict is not Verdict.OTHER_SET
        )

    def weights(self, wanted: Callable[[CriterionOutcome], bool]) -> Decimal:
        """Weights within the total of the outcomes that are wanted."""
        return sum((self.rules[o.code].weight for o in self.counted(False) if wanted(o)), ZERO)


def totals(
    book: ResolvedBook,
    unit: str,
    name: str,
    outcomes: Sequence[CriterionOutcome],
    caps: Caps = (),
) -> Totals:
    """Add up one unit. Open criteria count what is certain in the score, and between their ends in the range."""
    one = _Unit(book, outcomes, {c.code: c.rule for c in book.criteria})
    ends = _ends(one)
    possible = ends[1][1]
    bases = [_base(one, worth, counted) for worth, counted in ends]
    if not one.placed:
        bases[2] = bases[4] = hundredths(Fraction(book.total))
    sums = [
        _final(book, base, _adjusted(one, worth))
        for base, (worth, _counted) in zip(bases, ends, strict=True)
    ]
    score, low, high = sums[:3]
    nothing_counted = book.source.head.not_applicable == "exclude" and one.placed and not possible
    worst, best, first, last = (None,) * 4 if nothing_counted else _grades(book, sums[1:], caps)
    own = _own(one)
    # What rounding alone could bring changes no grade; what is open does.
    return Totals(
        unit,
        name,
        score,
        low,
        high,
        own,
        first if first == last else UNDECIDED,
        worst,
        best,
        _grounds(one),
        None if own is None else grade_of(own, book.source.head.grades),
        _capped_by(book, caps),
        bases[0] if book.adjusting else None,
        _adjusted(one, certain) if book.adjusting else None,
    )


def _ends(one: _Unit) -> tuple[tuple[Worth, Decimal], ...]:
    """What an outcome is worth in the score, at the two ends of the range, and at the two ends while only what is not sure moves; each with the weights that count."""
    # What is left out for figures that are contested may count after all.
    possible = one.weights(
        lambda o: o.verdict is not Verdict.NOT_APPLICABLE or o.ground is Ground.CONTESTED
    )
    applying = one.weights(lambda o: o.verdict is not Verdict.NOT_APPLICABLE)
    return (
        (certain, applying),
        (lambda o: o.low, possible),
        (lambda o: o.high, possible),
        (lambda o: _sure(o, o.low), possible),
        (lambda o: _sure(o, o.high), possible),
    )


def _grades(
    book: ResolvedBook, sums: Sequence[Decimal], caps: Caps
) -> tuple[str | None, str | None, str | None, str | None]:
    """The grade at each end of the two ranges: at the lower ends every cap that may hold is taken to hold."""
    worst, best, first, last = (
        capped(grade_of(points, book.source.head.grades), book, caps, unknown)
        for points, unknown in zip(sums, (True, False, True, False), strict=True)
    )
    return worst, best, first, last


def _capped_by(book: ResolvedBook, caps: Caps) -> tuple[Capped, ...]:
    """The caps that hold, and those of which that is not known."""
    return tuple(
        Capped(cap.grade, cap.why, holds is True)
        for cap, holds in zip(book.source.head.caps, caps, strict=True)
        if holds is not False
    )


def _sure(of: CriterionOutcome, end: Decimal) -> Decimal:
    """An end of the range where points rest on what is not sure, otherwise the score."""
    return end if of.ground in UNSURE else of.score or ZERO


def _base(one: _Unit, worth: Worth, counted: Decimal) -> Decimal:
    """Points within the total; out of those that count -> out of the total, where what does not apply is left out."""
    points = sum((worth(o) or ZERO for o in one.counted(False)), ZERO)
    if one.book.source.head.not_applicable != "exclude" or not one.placed:
        return points
    if not counted:
        return ZERO
    return hundredths(Fraction(points) * Fraction(one.book.total) / Fraction(counted))


def _adjusted(one: _Unit, worth: Worth) -> Decimal:
    """What bonuses add, and deductions take off, each within its bound."""
    bounds = one.book.source.head.adjust or AdjustBounds()
    each = [(one.rules[o.code], worth(o) or ZERO) for o in one.counted(True)]
    up = sum((points for rule, points in each if not rule.bottom), ZERO)
    down = sum((points for rule, points in each if rule.bottom), ZERO)
    if bounds.at_most is not None:
        up = min(up, hundredths(Fraction(bounds.at_most)))
    if bounds.at_least is not None:
        down = max(down, hundredths(Fraction(bounds.at_least)))
    return up + down


def _final(book: ResolvedBook, base: Decimal, adjusted: Decimal) -> Decimal:
    """A total within its bounds, rounded as the book says."""
    bounds, made = book.source.head.adjust or AdjustBounds(), base + adjusted
    if book.adjusting:
        made = max(made, hundredths(Fraction(bounds.total_at_least)))
        if bounds.total_at_most is not None:
            made = min(made, hundredths(Fraction(bounds.total_at_most)))
    rounding = book.source.head.round
    return made if rounding is None else rounded(made, rounding)


def rounded(total: Decimal, how: Rounding) -> Decimal:
    """A total to multiples of a step.

    >>> from gouji.rules import Rounding
    >>> [str(rounded(Decimal("89.95"), Rounding(to=Decimal("0.1"), by=by))) for by in ("half_up", "half_even", "up", "down")]
    ['90.00', '90.00', '90.00', '89.90']
    """
    steps = Fraction(total) / Fraction(how.to)
    whole = {
        "half_up": lambda: floor(steps + Fraction(1, 2)),
        "half_even": lambda: round(steps),
        "up": lambda: ceil(steps),
        "down": lambda: floor(steps),
    }[how.by]()
    return hundredths(whole * Fraction(how.to))


def _own(one: _Unit) -> Decimal | None:
    """The total of the unit's own scores; None where one of them is not there, or it is not known which are asked for."""
    counted = [*one.counted(False), *one.counted(True)]
    if not one.placed or any(o.self_score is None for o in counted):
        return None
    base = sum((o.self_score or ZERO for o in one.counted(False)), ZERO)
    return _final(one.book, base, _adjusted(one, lambda o: o.self_score or ZERO))


def _grounds(one: _Unit) -> dict[Ground, Decimal]:
    """Weights by what the points rest on; those of bonuses and deductions are no part of it."""
    open_sets = {c.code for c in one.book.criteria if c.belongs is not None and not one.placed}
    partly = in_doubt_by_row(one.book)
    made = dict.fromkeys(Ground, ZERO)
    for o in one.counted(False):
        if o.code in open_sets:
            continue
        weight = hundredths(Fraction(one.rules[o.code].weight))
        if o.ground is Ground.CONTESTED and o.code in partly:
            # The points of the rows in doubt; the rest follows from figures.
            made[Ground.FIGURES] += weight - (o.high - o.low)
            weight = o.high - o.low
        made[o.ground] += weight
    if open_sets:
        made[Ground.OPEN] += hundredths(Fraction(one.book.total)) - sum(made.values(), ZERO)
    return made


def grade_of(total: Decimal, grades: Sequence[Grade]) -> str | None:
    """The grade whose range holds a total; None where no range does."""
    return next((g.name for g in grades if inside(Fraction(total), g.when)), None)


def capped(grade: str | None, book: ResolvedBook, caps: Caps, unknown: bool) -> str | None:
    """The grade, or that of the lowest cap below it; caps that may hold count where `unknown` says so."""
    for cap, holds in zip(book.source.head.caps, caps, strict=True):
        counts = unknown if holds is None else holds
        if counts and grade in better_than(cap.grade, book.source.head.grades):
            grade = cap.grade
    return grade
