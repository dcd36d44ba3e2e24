"""Bands of criteria and grades of the book: gaps, overlaps, rows that nothing can reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import floor

from gouji.base.i18n import _
from gouji.base.verdict import Severity
from gouji.lint.remark import Remark, about
from gouji.lint.whole_numbers import is_whole
from gouji.reference.points import inside
from gouji.rules import AdjustBounds, Bands, Range, ResolvedBook, shown


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the number line on which the same rows hold: one number (low = high, closed), or the open stretch between two."""

    low: Fraction | None
    high: Fraction | None

    @property
    def inner(self) -> Fraction:
        """A number in it."""
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return self.low + 1 if self.low is not None else (self.high or Fraction(0)) - 1

    @property
    def has_whole(self) -> bool:
        """Whether a whole number lies in it."""
        if self.low is None or self.high is None:
            return True
        return (
            self.low.denominator == 1 if self.low == self.high else floor(self.low) + 1 < self.high
        )


def scales(book: ResolvedBook) -> Iterator[Remark]:
    """Remarks on every band table and on the grades."""
    for c in book.criteria:
        if isinstance(c.rule.method, Bands):
            rows = [b.when for b in c.rule.method.bands]
            points = [str(b.points) for b in c.rule.method.bands]
            whole = c.measure is not None and is_whole(c.measure, book)
            for severity, what, index in _rows(rows, points, whole):
                yield about(
                    book, c.code, severity, what, _("改这一档的界限"), "method", "bands", index
                )
            yield from _beyond(book, c.code, c.rule.method)
    yield from _grades(book)


def stretches(rows: Sequence[Range]) -> Iterator[Stretch]:
    """The whole number line in stretches that every row holds entirely or not at all."""
    ends = sorted({Fraction(e) for r in rows for e in (r.low, r.high) if e is not None})
    yield Stretch(None, ends[0] if ends else None)
    for end, following in zip(ends, [*ends[1:], None], strict=True):
        yield Stretch(end, end)
        yield Stretch(end, following)


def _rows(
    rows: Sequence[Range], worth: Sequence[str], whole: bool = False
) -> Iterator[tuple[Severity, str, int]]:
    """Overlaps that decide differently, rows never reached, gaps between the lowest and the highest row; `whole`: only whole numbers can come."""
    holding = _holding(rows, whole)
    yield from _overlapping(holding, rows, worth)
    first_of = {held[0] for _s, held in holding if held}
    for i, row in enumerate(rows):
        if i not in first_of:
            yield Severity.ERROR, _("{row} 这一档永远轮不到").format(row=row), i
    covered = [i for i, (_s, held) in enumerate(holding) if held]
    for i, (s, held) in enumerate(holding):
        if not held and covered[0] < i < covered[-1]:
            below = holding[max(c for c in covered if c < i)][1][0]
            yield Severity.ERROR, _("{stretch} 不在任何一档").format(stretch=s), below


def _holding(rows: Sequence[Range], whole: bool) -> list[tuple[str, Sequence[int]]]:
    """Stretches of the number line in words, from below, each with the rows that hold there (by number)."""
    each = (
        (stretch, tuple(i for i, row in enumerate(rows) if inside(stretch.inner, row)))
        for stretch in stretches(rows)
        if not whole or stretch.has_whole
    )
    return [
        (_shown([stretch for stretch, _held in alike]), held)
        for held, alike in groupby(each, key=lambda pair: pair[1])
    ]


def _overlapping(
    holding: Sequence[tuple[str, Sequence[int]]], rows: Sequence[Range], worth: Sequence[str]
) -> Iterator[tuple[Severity, str, int]]:
    """Stretches where two rows hold that decide differently."""
    for stretch, held in holding:
        differing = next((i for i in held[1:] if worth[i] != worth[held[0]]), None)
        if differing is not None:
            what = _("{stretch} 同时在 {one} 和 {two} 两档").format(
                stretch=stretch, one=rows[held[0]], two=rows[differing]
            )
            yield Severity.ERROR, what, differing


def _beyond(book: ResolvedBook, code: str, method: Bands) -> Iterator[Remark]:
    """Measures above the best band earn nothing: seldom meant."""
    best = max(method.bands, key=lambda b: b.points)
    tops = [b.when.high for b in method.bands]
    if (
        best.when.high is not None
        and None not in tops
        and best.when.high == max(t for t in tops if t is not None)
    ):
        what = _("高于 {end} 不在任何一档，不得分").format(end=shown(best.when.high))
        yield about(
            book,
            code,
            Severity.VERIFY,
            what,
            _("若是有意，加一档写明 0 分；否则去掉上限"),
            "method",
            "bands",
        )


def _grades(book: ResolvedBook) -> Iterator[Remark]:
    head, document = book.source.head, book.source.head_document
    if not head.grades:
        return
    rows = [g.when for g in head.grades]
    for severity, what, index in _rows(rows, [g.name for g in head.grades]):
        place = document.place(("grades", index))
        fix = _("等级用半开区间首尾相接，如 [90, 100] [80, 90)")
        yield Remark(head.book, severity, place, what, fix)
    place = document.place(("grades",))
    for end in sorted({Fraction(0), Fraction(head.total or 0), _greatest(book)}):
        if not any(inside(end, r) for r in rows):
            what = _("{total} 分没有等级").format(total=_number(end))
            yield Remark(head.book, Severity.ERROR, place, what, _("等级要从 0 分排到总分"))
    words = [w for g in head.grades for w in (g.name, *g.aliases)]
    for word in sorted({w for w in words if words.count(w) > 1}):
        what = _("“{word}”既是一个等级又是另一个的别名").format(word=word)
        yield Remark(head.book, Severity.ERROR, place, what, _("只留一处"))


def _greatest(book: ResolvedBook) -> Fraction:
    """The greatest total: with every bonus, as far as the book lets it go."""
    bounds = book.source.head.adjust or AdjustBounds()
    up = sum((Fraction(c.rule.top) for c in book.adjusting), Fraction(0))
    if bounds.at_most is not None:
        up = min(up, Fraction(bounds.at_most))
    most = Fraction(book.total) + up
    return most if bounds.total_at_most is None else min(most, Fraction(bounds.total_at_most))


def _shown(of: Sequence[Stretch]) -> str:
    """Neighbouring stretches as one range; a single number as itself."""
    first, last = of[0], of[-1]
    if first.low is not None and first.low == last.high:
        return _number(first.low)
    ends = {"low": first.low, "high": last.high}
    known = {
        k: Decimal(v.numerator) / Decimal(v.denominator) for k, v in ends.items() if v is not None
    }
    return str(
        Range(**known, low_closed=first.low == first.high, high_closed=last.low == last.high)
    )


def _number(value: Fraction) -> str:
    return shown(Decimal(value.numerator) / Decimal(value.denominator))
