"""Rows taken from one sheet + what is to be said about its cells -> problems and remarks with their places; what cannot be taken becomes missing (None)."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from decimal import Decimal
from statistics import median

from gouji.base.i18n import _
from gouji.intake.finding.labels import plain
from gouji.intake.finding.marks import FIGURE
from gouji.intake.finding.units import money_behind
from gouji.intake.finding.unseen import TakenValue, unseen
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.workbooks.extracted import Piece, Received
from gouji.intake.workbooks.sheet import (
    TOO_LONG,
    Place,
    Raw,
    Sheet,
    Shown,
    Unread,
    Why,
    address,
    figure_text,
    plain_number,
    said,
)
from gouji.rules import MONEY_UNITS, Column, ColumnType

# So many times as small as the others of its column a percent without its sign is likely a share of 1.
TIMES = 20
NAMED_AT_MOST = 5


class Teller:
    """Tells of the cells of one piece."""

    def __init__(self, piece: Piece, made: Received) -> None:
        self.piece, self.made, self.sheet, self.facts = piece, made, piece.sheet, piece.sheet.facts
        named = {column.name: column for column in piece.table.columns}
        self.columns: list[Column | None] = [named.get(name) for name in piece.columns]

    def tell(self) -> None:
        """Everything, in the order of its weight."""
        facts = self.facts
        if facts.unread:
            self._replace(lambda t: isinstance(t.value, Unread), lambda t: _unread(t.value))
        if facts.long:
            self._replace(self._is_long, lambda t: _too_long(t.value))
        if self.sheet.areas and (below := self._below_figures()):
            self._replace(lambda t: self._is_covered(t, below), self._covered_by)
        self._unseen()
        if facts.lost:
            self._lost()
        if facts.held:
            self._held()
        if self.piece.layout.listing:
            self._own_units()
        for index, column in enumerate(self.columns):
            if column is not None and column.type is ColumnType.PERCENT:
                self._shares(index)

    def _covered_by(self, taken: TakenValue) -> tuple[str, str]:
        above = address(*self.sheet.covered()[taken.at])
        what = _("与 {cell} 合并成一格，那个数是不是也是这一行这一列的看不出；不采用")
        return what.format(cell=above), _("拆开合并的格子，各填各的数")

    def _lost(self) -> None:
        """Parts of texts that do not count."""
        for taken in self._taken():
            if lost := self.facts.lost.get(taken.at):
                text = said(taken.value).strip()
                what = _("{lost}不算在内，按“{text}”读").format(lost=lost, text=text)
                self._say(taken, what, "", note=True)

    def _taken(
        self, of: Callable[[Column | None], bool] = lambda _column: True
    ) -> Iterator[TakenValue]:
        """Values that were taken, blank ones too, of some columns."""
        for index, column in enumerate(self.columns):
            if of(column):
                for row, values in enumerate(self.piece.rows):
                    at = self.piece.place(row, index)
                    if at[1] >= 0 and values[index] is not None:
                        yield TakenValue(row, index, at, values[index])

    def _say(self, taken: TakenValue, what: str, fix: str, *, note: bool = False) -> None:
        at = At(
            self.made.file,
            taken.at[0] + 1,
            self.piece.columns[taken.index],
            sheet=self.sheet.name,
            cell=address(*taken.at),
        )
        self.made.problems.append(Problem(self.piece.table.table, at, what, fix, note))

    def _replace(
        self, wrong: Callable[[TakenValue], bool], words: Callable[[TakenValue], tuple[str, str]]
    ) -> None:
        """What is wrong is told, and missing."""
        for taken in sorted((t for t in self._taken() if wrong(t)), key=lambda t: t.at):
            self._say(taken, *words(taken))
            self._lose(taken)

    def _lose(self, taken: TakenValue) -> None:
        values = list(self.piece.rows[taken.row])
        values[taken.index] = None
        self.piece.rows[taken.row] = tuple(values)

    def _is_long(self, taken: TakenValue) -> bool:
        column = self.columns[taken.index]
        if column is not None and column.numeric:
            return False
        number = self.facts.held.get(taken.at, taken.value)
        return isinstance(number, float) and abs(number) >= TOO_LONG

    def _below_figures(self) -> set[Place]:
        """The cells that a merged area with a figure covers."""
        if not any([_is_figure(self.sheet.at(*corner)) for corner, _end in self.sheet.areas]):
            return set()
        return {
            at for at, above in self.sheet.covered().items() if _is_figure(self.sheet.at(*above))
        }

    def _is_covered(self, taken: TakenValue, below: Container[Place]) -> bool:
        """Whether a blank figure is one of the cells that are covered by a figure."""
        return taken.value == "" and taken.at in below and _numeric(self.columns[taken.index])

    def _unseen(self) -> None:
        """Figures that nobody who signs has seen, once a sheet."""
        facts = self.facts
        lines = facts.hidden_rows or facts.hidden_columns or facts.narrow
        over = facts.unseen or facts.masks or facts.overlays
        if lines or over or facts.worked_out:
            for found in unseen(facts, list(self._taken(_numeric)), self.sheet.at):
                self._say(found.first, found.what, found.fix, note=found.note)

    def _own_units(self) -> None:
        """Lines whose name says another unit of money than that of their columns."""
        said_of = dict(self.piece.layout.units)
        units = {
            row: said
            for i in self._names()
            for row, values in enumerate(self.piece.rows)
            if isinstance(name := values[i], str) and (said := money_behind(name)) is not None
        }

        def differs(taken: TakenValue) -> bool:
            column = self.columns[taken.index]
            if taken.row not in units or taken.value == "" or not _is_money(column):
                return False
            return units[taken.row].unit != said_of.get(
                self.piece.columns[taken.index], _usual(column)
            )

        def words(taken: TakenValue) -> tuple[str, str]:
            what = _("这一行的名称写的是“{words}”，与这一列的金额单位不同；不采用")
            fix = _("改成这张表的单位，名称里不写单位")
            return what.format(words=units[taken.row].words), fix

        if units:
            self._replace(differs, words)

    def _names(self) -> list[int]:
        """The columns whose texts name the lines."""
        return [
            i
            for i, c in enumerate(self.columns)
            if c is not None
            and c.name in self.piece.table.key
            and c.type is ColumnType.TEXT
            and c.role is None
        ]

    def _held(self) -> None:
        """Cells that hold more than they show, or something else, once a column."""
        told = set[int]()
        for taken in self._taken(_numeric):
            number = self.facts.held.get(taken.at)
            if number is None or taken.index in told or not _differs(taken.value, number):
                continue
            told.add(taken.index)
            text = (
                figure_text(taken.value)[0] if isinstance(taken.value, Shown) else said(taken.value)
            )
            self._say(
                taken,
                _("格子里存的是 {held}，显示的是 {shown}；这一列按显示的数读").format(
                    held=plain_number(number), shown=text
                ),
                "",
                note=True,
            )

    def _shares(self, index: int) -> None:
        """Percents without their sign that look like shares of 1."""
        every = [
            (t, *found)
            for t in self._taken(lambda c: c is self.columns[index])
            if (found := _size(t.value)) and found[0]
        ]
        for taken, size, bare in every:
            if not bare or size > 1:
                continue
            others = [other for one, other, _bare in every if one is not taken]
            small = bool(others) and median(others) >= TIMES * size
            if small or not self._says_percent(taken):
                percent = plain_number(float(plain_number(size * 100)))
                what = _("核实：“{number}”没有百分号，是不是 {percent}%? 不采用").format(
                    number=said(taken.value).strip(), percent=percent
                )
                self._say(taken, what, _("写上百分号，例如 {percent}%").format(percent=percent))
                self._lose(taken)

    def _says_percent(self, taken: TakenValue) -> bool:
        """Whether a label of the figure says that percents stand there."""
        row, column = taken.at
        return any(
            "%" in plain(word) and (r == row or c == column)
            for r, c, word in self.piece.layout.labels
        )


def _is_money(column: Column | None) -> bool:
    return column is not None and column.type is ColumnType.MONEY


def _usual(column: Column | None) -> str:
    return (column.unit if column is not None else None) or MONEY_UNITS[0]


def _numeric(column: Column | None) -> bool:
    return column is not None and column.numeric


def _is_figure(value: Raw) -> bool:
    return (
        isinstance(value, Unread)
        or (isinstance(value, (int, float)) and not isinstance(value, bool))
        or (isinstance(value, str) and FIGURE.fullmatch(value.strip()) is not None)
    )


def _too_long(value: Raw) -> tuple[str, str]:
    what = _("“{number}”是超过 15 位的号码按数字存的，后面的数字已经丢了；不采用")
    return what.format(number=said(value)), _("按文本填写，或在号码前加一个 '")


def _unread(value: Unread) -> tuple[str, str]:
    """Why nothing can be taken of a cell, and how to fix it."""
    match value.why:
        case Why.ERROR if not value.held:
            what, fix = _("格子里是错误值，不当作空格"), _again()
        case Why.ERROR:
            what, fix = _("格子里是错误值 {held}，不当作空格"), _again()
        case Why.UNSOLVED:
            what, fix = _("公式没有算出的值，不当作空格"), _again()
        case Why.UNSHOWN:
            what = _("格子里有“{held}”，格式却不显示它；不采用")
            fix = _("改用常规格式，核对后再报")
        case Why.UNCLEAR:
            what = _("看不懂“{held}”这一格的数字格式，不知道显示成什么；不采用")
            fix = _("改用常规格式，核对后再报")
        case Why.STRUCK:
            what, fix = _("“{held}”整格划掉了；不采用"), _("删去划掉的，填上有效的数")
        case Why.BROKEN:
            what, fix = _("格子里的“{held}”不合文件格式；不采用"), _("重新另存为 xlsx 再报")
        case Why.FORMULA:
            what = _("这张表设成显示公式，这一格显示的是公式，不是结果“{held}”；不采用")
            fix = _("取消“显示公式”，核对结果后再报")
        case Why.ALTERED:
            what = (
                _("格子里写的是“{held}”，文件的排版却把它显示成别的样子；不采用")
                if value.held
                else _("格子里没有文字，文件却在这里显示自动编号之类的内容；不采用")
            )
            fix = _("改成普通的文字，核对后再报")
        case Why.COVERED:
            what = _("“{held}”压在合并的格子下面，谁也看不见；不采用")
            fix = _("拆开合并的格子，各填各的数")
    return what.format(held=value.held), fix


def _again() -> str:
    return _("用表格软件打开、重算、保存后再报，或直接填数")


def _differs(value: Raw, held: float) -> bool:
    """Whether what is shown is another number than what is held."""
    if isinstance(value, Shown):
        return value.cut
    digits = re.sub(r"[^0-9.\-]", "", plain(str(value)).replace("(", "-")).rstrip("-")
    try:
        shown = Decimal(digits)
    except ArithmeticError:
        return True
    exact = Decimal(plain_number(held))
    return (
        shown not in (exact, exact * 100) if str(value).rstrip().endswith("%") else shown != exact
    )


def _size(value: Raw) -> tuple[float, bool] | None:
    """The magnitude of a percent, and whether it stands there without its sign."""
    if isinstance(value, Shown):
        return abs(float(value)), not value.sign
    if isinstance(value, float):
        return abs(value), True
    text = plain(value) if isinstance(value, str) else ""
    if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?%?", text):
        return None
    return abs(float(text.rstrip("%"))), not text.endswith("%")


def untaken(sheet: Sheet, made: Received) -> None:
    """Tell, once a sheet, cells from which nothing could be taken and that nothing was to be taken from."""
    if not sheet.facts.unread:
        return
    told = {p.at.cell for p in made.problems if isinstance(p, Problem) and p.at.sheet == sheet.name}
    cells = [
        cell
        for r, row in enumerate(sheet.rows)
        for c, v in enumerate(row)
        if isinstance(v, Unread) and (cell := address(r, c)) not in told
    ]
    if cells:
        names = "、".join(cells[:NAMED_AT_MOST]) + (
            _(" 等 {n} 格").format(n=len(cells)) if len(cells) > NAMED_AT_MOST else ""
        )
        what = _("{cells} 是错误值、没有算出的公式或不显示的内容；没有从那里取数").format(
            cells=names
        )
        made.problems.append(
            Problem("", At(made.file, sheet=sheet.name, cell=cells[0]), what, "", note=True)
        )


__all__ = ["Teller", "untaken"]
