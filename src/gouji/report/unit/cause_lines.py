"""Located and the cells of one unit -> the rows of a report: which cell is probably wrong, what it should be, why, and what that puts in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import chain
from typing import Protocol

from gouji.base.i18n import _
from gouji.expression import nodes as n
from gouji.intake import At, Cell
from gouji.locate import Cause, CellRef, Change, Located, event_of
from gouji.report.wording import ValueShape, shape_of, shown
from gouji.rules import UNITS, Table

# Of a cause over very many cells the first.
CELLS_AT_MOST = 6
# Of more, so many are told as examples.
EXAMPLES = 2
CELL = re.compile("([A-Z]+)([0-9]+)")
# Decimal places that are shown at least and at most.
PLACES, MOST_PLACES = 2, 6
ZERO, ONE = Decimal(0), Decimal(1)
LineWords = Callable[[CellRef], str]


@dataclass(frozen=True, slots=True)
class CauseCell:
    """One cell to change: where it stands, the figure's name, as printed and as proposed (both in words), by which slip, and how many equations ask for it. `line`: of
    a line that nobody wrote, which one (empty where that is not known)."""

    file: str
    sheet: str
    cell: str
    figure: str
    printed: str
    proposed: str
    slips: tuple[str, ...]
    equations: int
    line: str | None = None


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause: the likeliest cells, the rules that this explains, other cells that would do as well, whether nothing else is possible, and in a line.

    `whole` is False where a limit ended the search: there may be more answers. Not `leads`: nothing tells the answers apart (or says what the only one should be), so none
    of them is blamed.
    """

    cells: tuple[CauseCell, ...]
    codes: tuple[str, ...]
    certain: bool
    others: tuple[tuple[CauseCell, ...], ...]
    whole: bool
    line: str
    leads: bool = True

    @property
    def named(self) -> tuple[CauseCell, ...]:
        """The cells that may be wrong: those of the likeliest answer, or of all where none stands out."""
        return self.cells if self.leads else tuple(dict.fromkeys(chain(self.cells, *self.others)))


def cause_rows(
    located: Located,
    sent: Mapping[CellRef, Cell],
    tables: Mapping[str, Table],
    line_words: LineWords,
) -> tuple[CauseRow, ...]:
    """The causes of one unit as a report shows them; `line_words` say which line of a table a cell would stand in that nobody wrote."""
    rows = []
    for cause in located.causes:
        answers = [
            tuple(sorted((_cell(c, sent, tables, line_words) for c in answer), key=_where))
            for answer in cause.answers
        ]
        event = event_of(cause.best)
        rows.append(
            CauseRow(
                answers[0],
                cause.codes,
                cause.certain,
                tuple(answers[1:]),
                cause.whole,
                _line(answers, cause, event.slip if event else "", _settled(located, cause)),
                cause.leads,
            )
        )
    return tuple(rows)


def _cell(
    change: Change,
    sent: Mapping[CellRef, Cell],
    tables: Mapping[str, Table],
    line_words: LineWords,
) -> CauseCell:
    ref = change.cell
    cell = sent.get(ref)
    # Of a line that nobody wrote only the form is known.
    beside = cell or _beside(ref, sent)
    at = beside.at if beside is not None else At("")
    shape, places = _as_sent(shape_of(n.Figure(ref.table, ref.column), tables), beside)
    return CauseCell(
        at.file,
        at.sheet or ref.table,
        (at.cell or (str(at.line) if at.line else "")) if cell is not None else "",
        ref.column if cell is not None else f"{line_words(ref)} {ref.column}".strip(),
        _printed(change, cell, shape, places),
        _proposed(change, shape, places),
        tuple(kind.slip for kind in change.slips),
        change.equations,
        line_words(ref) if cell is None else None,
    )


def _printed(change: Change, cell: Cell | None, shape: ValueShape, places: int) -> str:
    """What stands in a cell."""
    if cell is None:
        return _("没有这一行")
    return shown(change.printed, shape, places) if cell.printed else _("没有填")


def _as_sent(shape: ValueShape, cell: Cell | None) -> tuple[ValueShape, int]:
    """The shape of a cell in the unit of its own form, and its printed places: two at least."""
    if cell is None:
        return shape, PLACES
    if shape.kind == "money" and cell.unit in UNITS:
        shape = replace(shape, unit=cell.unit)
    unit = "%" if shape.kind == "share" else shape.unit
    step, places = 2 * (cell.half or ZERO) / UNITS.get(unit, ONE), PLACES
    while 0 < step * 10**places < 1 and places < MOST_PLACES:
        places += 1
    return shape, places


def _proposed(change: Change, shape: ValueShape, places: int) -> str:
    """What a figure should be, or between what, where nothing says which value it is."""

    def told(value: Fraction | None) -> str:
        return shown(value or Fraction(0), shape, places)

    low, high = change.low, change.high
    if not change.free or (low is None and high is None):
        return told(change.proposed)
    if low is None or high is None:
        words = _("不超过 {high}") if low is None else _("不少于 {low}")
        return words.format(low=told(low), high=told(high))
    return _("{low} 到 {high} 之间").format(low=told(low), high=told(high))


def _beside(ref: CellRef, sent: Mapping[CellRef, Cell]) -> Cell | None:
    """A cell of the same column that was sent."""
    return next(
        (c for at, c in sent.items() if (at.table, at.column) == (ref.table, ref.column)), None
    )


def _line(answers: Sequence[Sequence[CauseCell]], cause: Cause, event: str, settled: str) -> str:
    """The cause in a line; `settled`: what it puts in order."""
    if not cause.leads:
        return _open_line(answers, cause.whole, settled)
    cells = answers[0]
    told = _told(cells) if len(cells) <= CELLS_AT_MOST else _many(cells)
    reasons = [reason for reason in (event or _slip_words(cells), _equations(cells)) if reason]
    told += _("（{why}）").format(why=_joined(reasons)) if reasons else ""
    line = _likely(cells).format(cells=told, settled=settled)
    if len(answers) > 1:
        line += _("。另有 {n} 种改法也{settled}，没有更多等式可以分辨").format(
            n=len(answers) - 1, settled=settled
        )
    return line if cause.whole else line + _("（未穷尽）")


def _likely(cells: Sequence[CauseCell]) -> str:
    """What most likely is wrong: a line left out, one cell or several."""
    if cells[0].line is not None:
        return _("多半漏了一行，补上就{settled}：{cells}")
    if len(cells) == 1:
        return _("多半是这一格，改了就{settled}：{cells}")
    return _("多半是这几格，一起改了就{settled}：{cells}")


def _settled(located: Located, cause: Cause) -> str:
    """What a cause puts in order: everything, where it is the only one."""
    if located.causes == (cause,) and not located.unexplained:
        return _("全平")
    return _("消去这处不平")


def _open_line(answers: Sequence[Sequence[CauseCell]], whole: bool, settled: str) -> str:
    """A cause of which nothing tells the answers apart: all of them, each with its slip."""
    head = (
        _("也许是这里，改了就{settled}，但没有等式得出这个数：{answers}")
        if len(answers) == 1
        else _("可能是其中一格，改任何一格都{settled}，没有更多等式可以分辨：{answers}")
        if all(len(cells) == 1 for cells in answers)
        else _("可能是其中一种改法，任何一种都{settled}，没有更多等式可以分辨：{answers}")
    )
    told = _joined(
        (_told(cells) if cells[0].line is not None else "、".join(map(_alteration, cells)))
        + (_("（{why}）").format(why=slip) if (slip := _slip_words(cells)) else "")
        for cells in answers
    )
    line = head.format(answers=told, settled=settled)
    return line if whole else line + _("（未穷尽）")


def _told(cells: Sequence[CauseCell]) -> str:
    """What is to be changed, a cell each; a line that nobody wrote in one piece."""
    line = cells[0].line
    if line is None:
        return _joined(map(_alteration, cells))
    amounts = "、".join(
        f"{cell.figure.removeprefix(line).strip()} {cell.proposed}" for cell in cells
    )
    # Lines that are told apart by nothing have no name.
    place = f"{cells[0].sheet} {line}".rstrip()
    return _("{place} 一行，{amounts}").format(place=place, amounts=amounts)


def _many(cells: Sequence[CauseCell]) -> str:
    """What is to be changed where it is many cells: between which they stand, and two of them."""
    told, corners = _told(cells[:EXAMPLES]), _corners(cells)
    if corners is None:
        return _("{cells}；… 共 {n} 格").format(cells=told, n=len(cells))
    return _("{form} {first}:{last} 里的 {n} 格，例如 {cells}").format(
        form=cells[0].sheet, first=corners[0], last=corners[1], n=len(cells), cells=told
    )


def _where(cell: CauseCell) -> tuple[str, str, int, int, str]:
    """Cells of one sheet line by line, as one reads; others stay as they are."""
    at = CELL.fullmatch(cell.cell)
    return (cell.file, cell.sheet, int(at[2]), len(at[1]), at[1]) if at else ("", "", 0, 0, "")


def _corners(cells: Sequence[CauseCell]) -> tuple[str, str] | None:
    """The first and the last cell of the smallest rectangle with all of them; None where they stand on several sheets or not in cells with letters."""
    found = [CELL.fullmatch(cell.cell) for cell in cells]
    places = [(at[1], int(at[2])) for at in found if at is not None]
    if len(places) < len(cells) or len({(cell.file, cell.sheet) for cell in cells}) > 1:
        return None
    columns = sorted({letters for letters, _row in places}, key=lambda of: (len(of), of))
    rows = sorted(row for _letters, row in places)
    return f"{columns[0]}{rows[0]}", f"{columns[-1]}{rows[-1]}"


def _alteration(cell: CauseCell) -> str:
    return f"{_place(cell)} {cell.figure} {cell.printed} → {cell.proposed}"


def sureness(cause: CauseRow) -> str:
    """How sure a cause is, in words."""
    if cause.certain:
        return _("只有这一种改法")
    if not cause.leads and not cause.others:
        return _("改了能平，但没有等式得出这个数")
    if not cause.leads:
        single = all(len(cells) == 1 for cells in (cause.cells, *cause.others))
        words = (
            _("可能是其中一格：{n} 种改法都全平，没有更多等式可以分辨")
            if single
            else _("可能是其中一种改法：{n} 种都全平，没有更多等式可以分辨")
        )
        return words.format(n=len(cause.others) + 1)
    if cause.others:
        return _("另有 {n} 种改法也全平，没有更多等式可以分辨").format(n=len(cause.others))
    if not cause.whole:
        return _("未穷尽")
    if all(cell.equations > 1 for cell in cause.cells):
        # Whatever else is wrong may be what these figures are compared with.
        return _("只有这一种改法；别处还有不平，改好再核对")
    return _("只有这一种改法，但等式不多")


class HasCauses(Protocol):
    """One unit of a report."""

    @property
    def unit(self) -> str:
        """Its code."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def causes(self) -> tuple[CauseRow, ...]:
        """Its causes."""


def advice(card: HasCauses, code: str) -> str:
    """What a unit is advised of one rule: the causes that explain it, one below the other."""
    return "\n".join(cause.line for cause in card.causes if code in cause.codes)


def cause_columns() -> list[tuple[str, int, str]]:
    """Title, width and form of the columns of a list of causes."""
    return [
        (_("单位代码"), 16, "text"),
        (_("单位名称"), 30, "text"),
        (_("原因"), 7, "count"),
        (_("工作表"), 20, "text"),
        (_("格子"), 10, "text"),
        (_("用到的数"), 24, "text"),
        (_("原文"), 16, "text"),
        (_("建议改为"), 16, "text"),
        (_("像是"), 18, "text"),
        (_("几条等式都得出"), 10, "count"),
        (_("归于此处"), 40, "text"),
        (_("把握"), 50, "text"),
    ]


def cause_cells(cards: Iterable[HasCauses]) -> list[list[str | int]]:
    """One line a cell that is probably wrong: the likeliest answer of each cause (all answers where none stands out), numbered within the unit."""
    return [
        [
            card.unit,
            card.name,
            number,
            cell.sheet,
            cell.cell,
            cell.figure,
            cell.printed,
            cell.proposed,
            "、".join(cell.slips),
            cell.equations,
            " ".join(cause.codes),
            sureness(cause),
        ]
        for card in cards
        for number, cause in enumerate(card.causes, 1)
        for cell in cause.named
    ]


def _joined(parts: Iterable[str]) -> str:
    """Several things said one behind another."""
    return reduce(lambda before, one: _("{before}；{one}").format(before=before, one=one), parts)


def _place(cell: CauseCell) -> str:
    return " ".join(part for part in (cell.sheet, cell.cell) if part)


def _slip_words(cells: Sequence[CauseCell]) -> str:
    return "、".join(dict.fromkeys(c.slips[0] for c in cells if c.slips))


def _equations(cells: Sequence[CauseCell]) -> str:
    least = min(c.equations for c in cells)
    return _("{n} 条等式都得出这个数").format(n=least) if least > 1 and len(cells) == 1 else ""


__all__ = [
    "CauseCell",
    "CauseRow",
    "advice",
    "cause_cells",
    "cause_columns",
    "cause_rows",
    "sureness",
]
