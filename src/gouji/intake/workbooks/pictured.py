"""One file as gouji reads it -> a picture of every sheet: each cell with what was taken from it (table, column, value, unit), or why nothing was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from gouji.base.i18n import _, clauses, labelled
from gouji.intake.finding.labels import plain
from gouji.intake.finding.likely import holds_number
from gouji.intake.ledger.submission import Problem
from gouji.intake.values.figure_text import FigureFault, is_blank, read_figure
from gouji.intake.workbooks.extracted import Piece, Received
from gouji.intake.workbooks.read_paths import WorkbookReader
from gouji.intake.workbooks.sheet import Raw, Sheet, Unread, address, figure_text, row_column
from gouji.intake.workbooks.workbook_file import Book
from gouji.rules import Column, ColumnRole, ColumnType, Table


class State(StrEnum):
    """What became of a cell: its value was taken; it is blank and counts as zero; it holds a number that was not taken; it is in doubt; none of these."""

    READ = "read"
    ZERO = "zero"
    UNREAD = "unread"
    DOUBTFUL = "doubtful"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from a cell: table, row (its key in words), column, value in its base unit (a text for texts), the unit it is printed in."""

    table: str
    row: str
    column: str
    value: Decimal | str | None
    unit: str


@dataclass(frozen=True, slots=True)
class PicturedCell:
    """A cell: row and column from 0, how many it spans, its name (or place in a document), text as shown, state, what was taken, why nothing was."""

    row: int
    column: int
    rows: int
    columns: int
    place: str
    text: str
    state: State
    taken: Taken | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PicturedSheet:
    """A sheet: its name, the tables taken from it, its cells in order, why it was not read as a whole, what is said about it."""

    name: str
    tables: tuple[str, ...]
    cells: tuple[PicturedCell, ...]
    why: str = ""
    told: tuple[str, ...] = ()

    def count(self, state: State) -> int:
        """How many cells of a state it has."""
        return sum(cell.state is state for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Picture:
    """A file: its name, whose it is, of which year, its sheets; or why nothing was read."""

    file: str
    unit: str = ""
    year: str = ""
    sheets: tuple[PicturedSheet, ...] = ()
    refused: tuple[str, str] | None = None
    told: tuple[str, ...] = ()
    # Whose forms it has: one unit, or several with separate sheets.
    units: tuple[str, ...] = ()


def pictured(path: Path, tables: Mapping[str, Table], names: Mapping[str, str]) -> Picture:
    """Read a file and keep what it looks like. `names` are codes of expected units by name."""
    reading = WorkbookReader(tables, path.parent, {plain(n): code for n, code in names.items()})
    book, made = reading.opened(path, old_too=True)
    if book is None:
        return Picture(path.name, refused=made.refused)
    problems = [p for p in made.problems if isinstance(p, Problem)]
    sheets = [_Sheet(sheet, book, made, problems).picture() for sheet in book.sheets]
    sheets += [_not_read(name, what, fix) for name, what, fix in book.refused]
    sheets += [_not_read(name, _("隐藏的工作表，没有读"), "") for name in book.hidden]
    named = {sheet.name for sheet in sheets}
    told = tuple(_words(p) for p in (*problems, *book.told) if p.at.sheet not in named)
    units = dict.fromkeys(piece.unit or made.unit for piece in made.pieces)
    known = tuple(filter(None, units))
    return Picture(made.file, made.unit, made.year, tuple(sheets), None, told, known)


def _not_read(name: str, what: str, fix: str) -> PicturedSheet:
    return PicturedSheet(
        name, (), (), _("{what}（{fix}）").format(what=what, fix=fix) if fix else what
    )


def _words(problem: Problem) -> str:
    place = " ".join(part for part in (problem.at.sheet, problem.at.cell) if part)
    return labelled(place, problem.what) if place else problem.what


@dataclass(slots=True)
class _Sheet:
    """One sheet in the making."""

    sheet: Sheet
    book: Book
    made: Received
    problems: Sequence[Problem]
    taken: dict[tuple[int, int], tuple[State, Taken, str]] = field(default_factory=dict)

    def picture(self) -> PicturedSheet:
        """The whole sheet."""
        name, printed = self.sheet.name, self.book.printed.get(self.sheet.name)
        pieces = [p for p in self.made.pieces if p.sheet.name == name]
        for piece in pieces:
            self.taken.update(_taken(piece))
        own = [p for p in self.problems if p.at.sheet == name]
        doubts = {row_column(p.at.cell): p.what for p in own if p.at.cell and not p.note}
        told = tuple(_words(printed.problem(p) if printed is not None else p) for p in own)
        why = "" if pieces else clauses(p.what for p in own) or _("没有对应的表样，没有读")
        tables = tuple(dict.fromkeys(p.table.table for p in pieces))
        return PicturedSheet(name, tables, tuple(self.cells(doubts)), why, told)

    def cells(self, doubts: Mapping[tuple[int, int], str]) -> Iterator[PicturedCell]:
        """Every cell that no other covers."""
        sheet, printed = self.sheet, self.book.printed.get(self.sheet.name)
        spans = {first: last for first, last in sheet.areas}
        covered = sheet.covered()
        for row, values in enumerate(sheet.rows):
            for column, value in enumerate(values):
                at = row, column
                if at in covered and at not in self.taken:
                    continue
                state, taken, why = self.state(at, value, doubts)
                bottom, right = spans.get(at, at)
                place = (
                    str(printed.place(row, column)) if printed is not None else address(row, column)
                )
                size = bottom - row + 1, right - column + 1
                yield PicturedCell(row, column, *size, place, _text(value), state, taken, why)

    def state(
        self, at: tuple[int, int], value: Raw, doubts: Mapping[tuple[int, int], str]
    ) -> tuple[State, Taken | None, str]:
        """What became of a cell."""
        if at in doubts:
            found = self.taken.get(at)
            return State.DOUBTFUL, found[1] if found else None, doubts[at]
        if at in self.taken:
            return self.taken[at]
        if isinstance(value, Unread):
            return State.DOUBTFUL, None, _("是错误值、没有算出的公式或不显示的内容")
        return (State.UNREAD if holds_number(value) else State.OTHER), None, ""


def _text(value: Raw) -> str:
    return value if isinstance(value, str) else figure_text(value)[0]


def _taken(piece: Piece) -> Iterator[tuple[tuple[int, int], tuple[State, Taken, str]]]:
    """Places of a piece -> what was taken there."""
    units, table = dict(piece.layout.units), piece.table
    columns = [table.column(name) for name in piece.columns]
    keys = [i for i, c in enumerate(columns) if c is not None and _names_rows(c, table)]
    for number, values in enumerate(piece.rows):
        row = " ".join(_text(values[i]) for i in keys if values[i] is not None)
        for index, column in enumerate(columns):
            at = piece.place(number, index)
            if column is not None and at[1] >= 0:
                found = _value(table, row, column, values[index], units.get(column.name))
                yield from ((part, found) for part in (at, *_parts(piece, number, column, at)))


def _names_rows(column: Column, table: Table) -> bool:
    """Whether a column tells the rows of one unit and year apart."""
    return column.name in table.key and column.role not in (ColumnRole.UNIT, ColumnRole.YEAR)


def _parts(
    piece: Piece, number: int, column: Column, at: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Where the other parts of a code stand that is printed in several columns."""
    if column.role is ColumnRole.CODE and piece.layout.split:
        for col in piece.layout.split[piece.groups[number]]:
            if col != at[1] and piece.sheet.at(at[0], col) != "":
                yield at[0], col


def _value(
    table: Table, row: str, column: Column, value: Raw, unit: str | None
) -> tuple[State, Taken, str]:
    state, kept, used, why = _read(column, value, unit)
    return state, Taken(table.table, row, column.name, kept, used), why


def _read(
    column: Column, value: Raw, unit: str | None
) -> tuple[State, Decimal | str | None, str, str]:
    """What becomes of a cell, its value, the unit it is printed in, why nothing is taken."""
    printed = unit or column.unit or ("%" if column.type is ColumnType.PERCENT else "")
    if value is None:
        return State.DOUBTFUL, None, printed, _("不采用，当作没有填")
    text, places = figure_text(value)
    if not column.numeric:
        return State.READ if text.strip() else State.OTHER, text, "", ""
    if is_blank(text):
        zero = column.null == "zero"
        return (State.ZERO, Decimal(0), printed, "") if zero else (State.OTHER, None, printed, "")
    try:
        found = read_figure(text, column, unit, places)
    except FigureFault as fault:
        return State.DOUBTFUL, None, printed, fault.what
    return State.READ, found.value, found.unit or printed, ""


__all__ = ["Picture", "PicturedCell", "PicturedSheet", "State", "Taken", "pictured"]
