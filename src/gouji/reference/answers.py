"""What people said of a criterion (items of a check list, marks of reviewers) -> how far it is assessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from gouji.base.outcome import Gap, GapKind
from gouji.base.verdict import Ground, Verdict
from gouji.expression import Printed, Row, UnitFigures
from gouji.reference import points as m
from gouji.rules import Checklist, ColumnRole, Judged, ResolvedBook, Role

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Assessed:
    """How far a criterion could be assessed, before policies: its score, the range of that, what leaves it open and what points rest on; the verdict without a score."""

    score: Decimal | None
    low: Decimal
    high: Decimal
    gaps: tuple[Gap, ...]
    ground: Ground
    otherwise: Verdict

    def shifted(self, bottom: Decimal) -> Assessed:
        """Points from zero up -> from the least that the criterion can give."""
        score = None if self.score is None else self.score + bottom
        return replace(self, score=score, low=self.low + bottom, high=self.high + bottom)


def by_checklist(
    code: str, method: Checklist, book: ResolvedBook, figures: UnitFigures, weight: Decimal
) -> Assessed:
    """By the items that a check list says are met."""
    said = said_of(code, book, figures)
    met, unmet = (
        [i for i in method.items if said.get(i.item) is True],
        [i for i in method.items if said.get(i.item) is False],
    )
    gaps = tuple(Gap(GapKind.ITEM, i.item) for i in method.items if i.item not in said)
    if method.mode == "all_or_nothing":
        score = ZERO if unmet else (weight if not gaps else None)
        low, high = (score, score) if score is not None else (ZERO, weight)
        return Assessed(score, low, high, gaps, Ground.EVIDENCE, Verdict.PENDING)
    low = m.hundredths(sum((Fraction(i.points) for i in met), Fraction(0)))
    high = weight - m.hundredths(sum((Fraction(i.points) for i in unmet), Fraction(0)))
    return Assessed(low if not gaps else None, low, high, gaps, Ground.EVIDENCE, Verdict.PENDING)


def said_of(code: str, book: ResolvedBook, figures: UnitFigures) -> dict[str, bool]:
    """Item -> met or not, for items about which something was said."""
    table = book.table_of(Role.CHECKS)
    assert table is not None
    item, result = table.with_role(ColumnRole.ITEM).name, table.with_role(ColumnRole.RESULT)
    return {
        str(r[item]): r[result.name] == result.one_of[0]
        for r in rows_of(code, book, figures, Role.CHECKS)
        if r.get(result.name) in result.one_of
    }


def by_reviewers(
    code: str, method: Judged, book: ResolvedBook, figures: UnitFigures, weight: Decimal
) -> Assessed:
    """By the marks of reviewers."""
    table = book.table_of(Role.REVIEWS)
    assert table is not None
    name = table.with_role(ColumnRole.SCORE).name
    rows = rows_of(code, book, figures, Role.REVIEWS)
    marks = sorted(c.value for r in rows if isinstance(c := r.get(name), Printed))
    outside = any(not 0 <= mark <= weight for mark in marks)
    partly = figures.incomplete([(table.table, False)])
    reasons = (
        (len(marks) < method.reviewers, Gap(GapKind.REVIEWERS, str(method.reviewers))),
        (outside, Gap(GapKind.MARK, str(method_weight(weight)))),
        (len(marks) < len(rows), Gap(GapKind.MISSING, f"{table.table}.{name}")),
        (partly, Gap(GapKind.ASIDE, table.table)),
    )
    if gaps := tuple(gap for holds, gap in reasons if holds):
        word = Verdict.UNASSESSABLE if outside or partly else Verdict.PENDING
        return Assessed(None, ZERO, weight, gaps, Ground.EVIDENCE, word)
    score = _mean_mark(method, marks)
    return Assessed(score, score, score, (), Ground.EVIDENCE, Verdict.PENDING)


def _mean_mark(method: Judged, marks: Sequence[Fraction]) -> Decimal:
    """The mean of marks in order, of a trimmed mean without the least and the greatest."""
    counted = marks[1:-1] if method.by == "trimmed_mean" else marks
    return m.hundredths(sum(counted, Fraction(0)) / len(counted))


def method_weight(weight: Decimal) -> str:
    """A weight as rule files write it."""
    text = f"{weight:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rows_of(code: str, book: ResolvedBook, figures: UnitFigures, role: Role) -> list[Row]:
    """The unit's rows of one criterion in a table of that role."""
    table = book.table_of(role)
    if table is None:
        return []
    name = table.with_role(ColumnRole.CRITERION).name
    return [r for r in figures.many.get(table.table, ()) if r.get(name) == code]
