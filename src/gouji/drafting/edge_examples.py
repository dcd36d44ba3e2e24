"""A reading and its weight -> examples at every edge, worked out with exact arithmetic of its own, so that a wrong judge or a wrong file shows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import ceil, floor

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.drafting.clause_reading import (
    BandsClause,
    ByHand,
    Cases,
    ChecklistClause,
    ClauseOccasion,
    ClauseRange,
    DeductionsClause,
    Method,
    Proportion,
    StepsClause,
    WithinClause,
    WordsClause,
)
from gouji.drafting.measure import KnownColumn

Given = dict[str, object]


@dataclass(frozen=True, slots=True)
class DraftExample:
    """Figures in, verdict and points off."""

    name: str
    given: Given
    expect: str
    deduct: Fraction | None


@dataclass(frozen=True, slots=True)
class Measured:
    """How a value of the measure is written as figures: one column, or one over another."""

    column: KnownColumn
    below: KnownColumn | None = None

    def given(self, value: Fraction) -> Given | None:
        """The figures that come to the value; None where their columns cannot print them."""
        if self.below is None:
            shown = _printed(value, self.column.kind)
            return None if shown is None else {self.column.table: {self.column.name: shown}}
        base = {"count": 1_000, "percent": 1, "score": 100}.get(self.column.kind, 10_000)
        top = _printed(value * base, self.column.kind)
        bottom = _printed(Fraction(base), self.below.kind)
        if top is None or bottom is None:
            return None
        made: dict[str, dict[str, object]] = {self.column.table: {self.column.name: top}}
        made.setdefault(self.below.table, {})[self.below.name] = bottom
        return dict(made)

    def missing(self) -> Given:
        """The figure left out."""
        if self.below is None:
            return {self.column.table: {self.column.name: None}}
        given = self.given(Fraction(1))
        assert given is not None
        return {self.below.table: {self.below.name: given[self.below.table][self.below.name]}}  # type: ignore[index]

    @property
    def hair(self) -> Fraction:
        """The least step that the figures can print."""
        if self.below is None:
            return {"percent": Fraction(1, 10_000), "count": Fraction(1)}.get(
                self.column.kind, Fraction(1, 100)
            )
        return {"count": Fraction(1, 1_000), "percent": Fraction(1, 10_000)}.get(
            self.column.kind, Fraction(1, 10_000)
        )


def _printed(value: Fraction, kind: str) -> str | None:
    places = 0 if kind == "count" else 2
    shown = value * 100 if kind == "percent" else value
    if value < 0 and kind in ("count", "score"):
        return None
    if (shown * 10**places).denominator != 1:
        return None
    text = f"{int(shown * 10**places) / 10**places:.{places}f}"
    return f'"{text}%"' if kind == "percent" else text


def examples_of(
    method: Method, weight: Fraction, measured: Measured | None, code: str
) -> list[DraftExample]:
    """Examples at the edges of a method; a figure missing last."""
    match method:
        case ChecklistClause():
            return list(_checklist(method, weight))
        case ByHand():
            return list(_by_hand(weight))
    if measured is None:
        return []
    if isinstance(method, WordsClause):
        return list(_words(method, weight, measured))
    made: list[DraftExample] = []
    seen: set[Fraction] = set()
    for value, name in edges(method, weight, measured.hair):
        given = measured.given(value)
        if given is None or value in seen:
            continue
        seen.add(value)
        score = score_of(method, weight, value)
        verdict = Verdict.FULL if score == weight else Verdict.DEDUCTED
        made.append(DraftExample(name, given, verdict, weight - score))
    made.append(DraftExample(_("没有数"), measured.missing(), Verdict.UNASSESSABLE, None))
    return made


def score_of(method: Method, weight: Fraction, value: Fraction) -> Fraction:
    """Points for a value, to hundredths, halves up; a step begun but not full takes nothing."""
    match method:
        case StepsClause(full=full, per=per, take=take, share=share):
            beyond = max(
                value - full.high.at if full.high else Fraction(0),
                full.low.at - value if full.low else Fraction(0),
                Fraction(0),
            )
            earned = weight - floor(beyond / per) * take * (weight if share else 1)
        case Cases(take=take):
            earned = weight - take * max(value, Fraction(0))
        case BandsClause(bands=bands):
            earned = next((p for b, p in bands if b.holds(value)), Fraction(0))
        case WithinClause(full=full):
            earned = weight if full.holds(value) else Fraction(0)
        case Proportion(full_at=full_at, inverse=inverse):
            if inverse:
                earned = weight if value <= full_at else weight * full_at / value
            else:
                earned = weight * value / full_at
        case _:
            raise TypeError(method)
    return Fraction(floor(min(max(earned, Fraction(0)), weight) * 100 + Fraction(1, 2)), 100)


def edges(method: Method, weight: Fraction, hair: Fraction) -> Iterator[tuple[Fraction, str]]:
    """Values at the edges of a method, and in words where each stands."""
    match method:
        case StepsClause():
            yield from _step_edges(method, weight)
        case Cases(take=take):
            last = ceil(weight / take)
            for n in (0, 1, last, last + 1):
                yield Fraction(n), _("{n} 例").format(n=n)
        case BandsClause(bands=bands):
            for bound, _points in bands:
                yield from _bound_edges(bound, hair)
        case WithinClause(full=full):
            yield from _bound_edges(full, hair)
        case Proportion(full_at=full_at):
            for times, name in ((1, _("恰好到满分")), (Fraction(1, 2), _("一半")), (2, _("两倍"))):
                yield full_at * times, name


def _bound_edges(bound: ClauseRange, hair: Fraction) -> Iterator[tuple[Fraction, str]]:
    for end in (bound.low, bound.high):
        if end is not None:
            yield end.at, _("恰在界限上")
            yield end.at - hair, _("比界限略少")
            yield end.at + hair, _("比界限略多")


def _step_edges(method: StepsClause, weight: Fraction) -> Iterator[tuple[Fraction, str]]:
    take = method.take * (weight if method.share else 1)
    runs_out = ceil(weight / take)
    for end, beyond in ((method.full.high, 1), (method.full.low, -1)):
        if end is None:
            continue

        def at(steps: Fraction | int, end_at: Fraction = end.at, sign: int = beyond) -> Fraction:
            return end_at + sign * method.per * steps

        yield end.at, _("恰在满分的界限上")
        for steps, name in (
            (Fraction(9, 10), _("差一点满一步，不扣")),
            (Fraction(1, 2), _("半步，不扣")),
            (Fraction(1), _("恰好一步")),
            (Fraction(3, 2), _("一步半，按一步扣")),
            (Fraction(runs_out), _("恰好扣完")),
            (Fraction(runs_out + 1), _("扣完为止")),
        ):
            yield at(steps), name
        if not method.two_sided:
            yield at(-1), _("好的一边")


def _checklist(method: ChecklistClause, weight: Fraction) -> Iterator[DraftExample]:
    table, word = "要点核对", {True: "具备", False: "不具备"}

    def given(met: Callable[[int], bool]) -> Given:
        rows = [{"要点": item.text, "结果": word[met(i)]} for i, item in enumerate(method.items)]
        return {table: rows}

    yield DraftExample(_("各要点都具备"), given(lambda _i: True), Verdict.FULL, Fraction(0))
    yield DraftExample(_("各要点都不具备"), given(lambda _i: False), Verdict.DEDUCTED, weight)
    if len(method.items) > 1:
        for at, item in enumerate(method.items):
            lost = item.points if method.additive else weight
            yield DraftExample(
                _("第 {n} 个要点不具备").format(n=at + 1),
                given(lambda i, at=at: i != at),  # type: ignore[misc]
                Verdict.DEDUCTED,
                lost,
            )
    yield DraftExample(_("还没有核对"), {table: []}, Verdict.PENDING, None)


def _words(method: WordsClause, weight: Fraction, measured: Measured) -> Iterator[DraftExample]:
    column = measured.column
    for word, points in method.words:
        verdict = Verdict.FULL if points == weight else Verdict.DEDUCTED
        yield DraftExample(word, {column.table: {column.name: word}}, verdict, weight - points)
    yield DraftExample(_("没有数"), measured.missing(), Verdict.UNASSESSABLE, None)


def deduction_examples(
    method: DeductionsClause, weight: Fraction, columns: Sequence[KnownColumn]
) -> Iterator[DraftExample]:
    """Nothing taken off, each occasion alone, all of them, a count missing."""
    items = [o for o in method.occasions if not o.cases]
    counted = [o for o in method.occasions if o.cases]
    names = [c.name for c in columns]
    each = dict.fromkeys(names, "1")
    given = partial(_occasions, items, columns)
    yield _taken_off(_("没有要扣的"), given((), {}), weight, Fraction(0))
    for one in items:
        yield _taken_off(one.text, given((one.text,), {}), weight, one.take)
    for one, name in zip(counted, names, strict=True):
        yield _taken_off(one.text, given((), {name: "1"}), weight, one.take)
    whole = sum((o.take for o in method.occasions), Fraction(0))
    yield _taken_off(_("每种都有一次"), given([o.text for o in items], each), weight, whole)
    if names:
        yield DraftExample(_("没有数"), given((), {names[0]: None}), Verdict.UNASSESSABLE, None)


def _taken_off(name: str, given: Given, weight: Fraction, points: Fraction) -> DraftExample:
    verdict = Verdict.DEDUCTED if points else Verdict.FULL
    return DraftExample(name, given, verdict, min(points, weight))


def _occasions(
    items: Sequence[ClauseOccasion],
    columns: Sequence[KnownColumn],
    unmet: Collection[str],
    counts: Mapping[str, str | None],
) -> Given:
    """What a unit would send: counts, zero where nothing else is said, and the items met or not."""
    made: Given = {}
    if columns:
        made[columns[0].table] = {c.name: counts.get(c.name, "0") for c in columns}
    if items:
        made["要点核对"] = [
            {"要点": item_text(o), "结果": "不具备" if o.text in unmet else "具备"} for o in items
        ]
    return made


def item_text(of: ClauseOccasion) -> str:
    """The item that is met where there is no occasion to take anything off."""
    return _("没有“{text}”的情形").format(text=of.text)


def _by_hand(weight: Fraction) -> Iterator[DraftExample]:
    def given(mark: str) -> Given:
        return {"评审打分": [{"评审人": who, "得分": mark} for who in ("甲", "乙", "丙")]}

    yield DraftExample(_("三人都给满分"), given(f"{float(weight):g}"), Verdict.FULL, Fraction(0))
    yield DraftExample(_("三人都给零分"), given("0"), Verdict.DEDUCTED, weight)
    yield DraftExample(_("还没有人打分"), {"评审打分": []}, Verdict.PENDING, None)
