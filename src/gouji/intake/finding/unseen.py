"""Figures that were taken + what a sheet tells of its cells -> those that whoever signed the form has not seen as they are read: in hidden lines, in the colour of the ground, behind a picture or a conditional format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from gouji.base.i18n import _
from gouji.intake.workbooks.sheet import Place, Raw, SheetFacts, Shown, Sight, address, figure_text

NAMED_AT_MOST = 5
# So many more signs may stand in a column when they are small.
SMALL_FONT = 1.5


@dataclass(frozen=True, slots=True)
class TakenValue:
    """A value that was taken: which row of the piece, which of its columns, where it stood, what it is."""

    row: int
    index: int
    at: Place
    value: Raw


@dataclass(frozen=True, slots=True)
class Unseen:
    """What is to be said about such figures, once a sheet: the first of them, what, what to do, whether it is a remark."""

    first: TakenValue
    what: str
    fix: str
    note: bool = False


def unseen(
    facts: SheetFacts, taken: Sequence[TakenValue], at: Callable[[int, int], Raw]
) -> Iterator[Unseen]:
    """What is to be said about the figures of one piece; `at` gives the value of a cell."""
    yield from _hidden(facts, taken)
    yield from _looking(facts, [t for t in taken if t.value not in ("", 0)])
    if found := [t for t in taken if t.at[1] in facts.narrow and _too_wide(t.value, facts, t.at)]:
        what = _("列太窄，取的数显示成一串 #，签字的人看不见：{cells}").format(cells=named(found))
        yield Unseen(_first(found), what, _("拉宽这一列，核对后再报"))
    if found := [t for t in taken if t.at[1] in facts.narrow and _cut_off(t, facts, at)]:
        what = _("列太窄，取的数被旁边的格子挡住，只看得见一部分：{cells}").format(
            cells=named(found)
        )
        yield Unseen(_first(found), what, _("拉宽这一列，核对后再报"))
    yield from _masked(facts, [t for t in taken if isinstance(t.value, float) and t.value])
    yield from _worked_out(facts, taken)


def _looking(facts: SheetFacts, taken: Sequence[TakenValue]) -> Iterator[Unseen]:
    """Figures that their font, their place in the cell, or something laid over them keeps from being seen."""
    for look, (what, fix) in _sights().items():
        if found := [t for t in taken if facts.unseen.get(t.at) is look]:
            told = what.format(cells=named(found))
            yield Unseen(_first(found), told, fix, look is Sight.MAY_BE_MASKED)
    if found := [t for t in taken if any(one.covers(t.at) for one in facts.overlays)]:
        what = _("图片、图表或文本框盖住了取的数，签字的人看不见：{cells}")
        fix = _("移开盖住的东西，核对后再报")
        yield Unseen(_first(found), what.format(cells=named(found)), fix)


def _sights() -> dict[Sight, tuple[str, str]]:
    """What is said of figures that are not seen as they are read, and what to do."""
    seen, wider = _("改成看得见的颜色，核对后再报"), _("拉宽这一列，核对后再报")
    plain, moved = _("去掉这个条件格式，核对后再报"), _("移开盖住的东西，核对后再报")
    return {
        Sight.GROUND: (_("取的数与底色同色，签字的人看不见：{cells}"), seen),
        Sight.SMALL: (
            _("取的数字号太小，签字的人看不见：{cells}"),
            _("改成看得清的字号，核对后再报"),
        ),
        Sight.FILLED: (
            _("对齐方式是“填充”，取的数在格子里会重复显示，签字的人看见的可能是另一个数：{cells}"),
            _("改成常规对齐，核对后再报"),
        ),
        Sight.NARROW: (_("列太窄，取的数显示成一串 #，签字的人看不见：{cells}"), wider),
        Sight.COVERED: (
            _("图片、图表或文本框盖住了取的数，签字的人看不见：{cells}"),
            moved,
        ),
        Sight.MASKED: (_("条件格式把取的数隐藏了，签字的人看不见：{cells}"), plain),
        Sight.CHANGED: (
            _("条件格式把取的数显示成别的样子，签字的人看见的可能不是它：{cells}"),
            plain,
        ),
        Sight.MAY_BE_MASKED: (
            _("条件格式有时会把取的数隐藏，签字的人可能看不见：{cells}"),
            plain,
        ),
    }


def _worked_out(facts: SheetFacts, taken: Sequence[TakenValue]) -> Iterator[Unseen]:
    if found := [t for t in taken if t.at in facts.worked_out]:
        what = _(
            "工作簿设成打开时重算：公式的结果按文件里存的读，打开后看见的可能不同：{cells}"
        ).format(cells=named(found))
        yield Unseen(_first(found), what, "", note=True)


def _too_wide(value: Raw, facts: SheetFacts, at: Place) -> bool:
    """Whether a number cannot be shown in its column, however small its font may well be. The general format leaves places out first."""
    if not isinstance(value, float):
        return False
    signs = len(figure_text(value)[0] if isinstance(value, Shown) else f"{value:.0f}")
    return signs > facts.narrow[at[1]] * SMALL_FONT + 1


def _cut_off(taken: TakenValue, facts: SheetFacts, at: Callable[[int, int], Raw]) -> bool:
    """Whether a figure that is a text does not fit its column, and the cell behind it is not free for the rest."""
    (row, column), text = taken.at, taken.value
    if not isinstance(text, str) or len(text) <= facts.narrow[column] * SMALL_FONT + 1:
        return False
    return bool(at(row, column + 1) != "")


def _hidden(facts: SheetFacts, taken: Sequence[TakenValue]) -> Iterator[Unseen]:
    rows, columns = facts.hidden_rows, facts.hidden_columns
    found = [t for t in taken if t.value != "" and (t.at[0] in rows or t.at[1] in columns)]
    if not found:
        return
    numbers = sorted({t.at[0] + 1 for t in found if t.at[0] in rows})
    letters = [address(0, c)[:-1] for c in sorted({t.at[1] for t in found if t.at[1] in columns})]
    lines = [_("第 {rows} 行").format(rows="、".join(map(str, numbers)))] if numbers else []
    lines += [_(" {columns} 列").format(columns="、".join(letters))] if letters else []
    what = _("取的数在隐藏的{lines}里，签字的人看不见").format(lines="、".join(lines))
    yield Unseen(_first(found), what, _("取消隐藏，核对后再报"))


def _masked(facts: SheetFacts, taken: Sequence[TakenValue]) -> Iterator[Unseen]:
    """Figures that conditional formats hide, or show as another number."""
    fix = _("去掉这个条件格式，核对后再报")
    figures = [(t, facts.held.get(t.at, float(t.value))) for t in taken]
    yield from _changed(facts, figures, fix)
    for hidden, what in (
        (True, _("条件格式把取的数隐藏了，签字的人看不见：{cells}")),
        (None, _("条件格式有时会把取的数隐藏，签字的人可能看不见：{cells}")),
    ):
        found = [
            t
            for t, value in figures
            if any(mask.hides(t.at, value) is hidden for mask in facts.masks if not mask.code)
        ]
        if found:
            yield Unseen(_first(found), what.format(cells=named(found)), fix, hidden is None)


def _changed(
    facts: SheetFacts, figures: Sequence[tuple[TakenValue, float]], fix: str
) -> Iterator[Unseen]:
    """Figures that a conditional format shows as another number, or may."""
    for certain, what in (
        (True, _("条件格式把取的数显示成另一个数（{shown}），签字的人看见的不是它：{cells}")),
        (None, _("条件格式有时会把取的数显示成另一个数（{shown}）：{cells}")),
    ):
        found = [
            (t, mask.shown(value))
            for t, value in figures
            for mask in facts.masks
            if mask.code and mask.hides(t.at, value) is certain and mask.changes(t.value, value)
        ]
        if found:
            first, shown = min(found, key=lambda one: one[0].at)
            words = what.format(shown=figure_text(shown)[0], cells=named(t for t, _shown in found))
            yield Unseen(first, words, fix, certain is None)


def named(found: Iterable[TakenValue]) -> str:
    """Their cells; of many the first, and how many there are."""
    places = sorted({t.at for t in found})
    more = _(" 等 {n} 格").format(n=len(places)) if len(places) > NAMED_AT_MOST else ""
    return "、".join(address(*at) for at in places[:NAMED_AT_MOST]) + more


def _first(found: Sequence[TakenValue]) -> TakenValue:
    return min(found, key=lambda t: t.at)


__all__ = ["TakenValue", "Unseen", "named", "unseen"]
