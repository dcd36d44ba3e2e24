"""Located and the cells of one unit -> the rows of a report: which cell is probably wrong, what it should be, why, and what that puts in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from gouji.i18n import _
from gouji.intake.submission import Cell
from gouji.load.tables import Table
from gouji.locate import CellRef, Change, Located
from gouji.locate.slips import EVENTS, Slip
from gouji.measure import nodes as n
from gouji.report.format import shape_of, shown

# Of a cause over very many cells the first.
CELLS_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class CauseCell:
    """One cell to change: where it stands, the figure's name, as printed and as proposed (both in words), by which slip, and how many equations ask for it."""

    file: str
    sheet: str
    cell: str
    figure: str
    printed: str
    proposed: str
    slips: tuple[str, ...]
    equations: int


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause: the likeliest cells, the rules that this explains, other cells that would do as well, whether nothing else is possible, and in a line.

    `whole` is False where a limit ended the search: there may be more answers.
    """

    cells: tuple[CauseCell, ...]
    codes: tuple[str, ...]
    certain: bool
    others: tuple[tuple[CauseCell, ...], ...]
    whole: bool
    line: str


def cause_rows(
    located: Located, sent: Mapping[CellRef, Cell], tables: Mapping[str, Table]
) -> tuple[CauseRow, ...]:
    """The causes of one unit as a report shows them."""
    rows = []
    for cause in located.causes:
        answers = [
            tuple(_cell(change, sent, tables) for change in answer) for answer in cause.answers
        ]
        rows.append(
            CauseRow(
                answers[0],
                cause.codes,
                cause.certain,
                tuple(answers[1:]),
                cause.whole,
                _line(answers[0], len(answers), cause.whole),
            )
        )
    return tuple(rows)


def _cell(change: Change, sent: Mapping[CellRef, Cell], tables: Mapping[str, Table]) -> CauseCell:
    cell = sent[change.cell]
    shape = shape_of(n.Figure(change.cell.table, change.cell.column), tables)
    at = cell.at
    proposed = shown(change.proposed, shape)
    return CauseCell(
        at.file,
        at.sheet or change.cell.table,
        at.cell or (str(at.line) if at.line else ""),
        change.cell.column,
        shown(change.printed, shape),
        proposed,
        tuple(slip.value for slip in change.slips),
        change.equations,
    )


def _line(cells: Sequence[CauseCell], answers: int, whole: bool) -> str:
    """The cause in a line."""
    told = _joined(
        f"{_place(c)} {c.figure} {c.printed} → {c.proposed}" for c in cells[:CELLS_AT_MOST]
    )
    if len(cells) > CELLS_AT_MOST:
        told += _("；… 共 {n} 格").format(n=len(cells))
    reasons = [reason for reason in (_slip_words(cells), _equations(cells)) if reason]
    told += _("（{why}）").format(why=_joined(reasons)) if reasons else ""
    head = (
        _("多半是这一格，改了就全平：{cells}")
        if len(cells) == 1
        else _("多半是这几格，一起改了就全平：{cells}")
    )
    line = head.format(cells=told)
    if answers > 1:
        line += _("。另有 {n} 种改法也全平，没有更多等式可以分辨").format(n=answers - 1)
    return line if whole else line + _("（未穷尽）")


def _joined(parts: Iterable[str]) -> str:
    """Several things said one behind another."""
    return reduce(lambda before, one: _("{before}；{one}").format(before=before, one=one), parts)


def _place(cell: CauseCell) -> str:
    return " ".join(part for part in (cell.sheet, cell.cell) if part)


def _slip_words(cells: Sequence[CauseCell]) -> str:
    common = set(cells[0].slips).intersection(*(c.slips for c in cells))
    events = [slip.value for slip in Slip if slip in EVENTS and slip.value in common]
    if events:
        return events[0]
    return "、".join(dict.fromkeys(c.slips[0] for c in cells if c.slips))


def _equations(cells: Sequence[CauseCell]) -> str:
    least = min(c.equations for c in cells)
    return _("{n} 条等式都得出这个数").format(n=least) if least > 1 and len(cells) == 1 else ""


__all__ = ["CauseCell", "CauseRow", "cause_rows"]
