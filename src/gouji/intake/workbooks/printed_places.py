"""Where the cells of a sheet stand in a document: page, table, row, column, box. The sheet itself has rows and its own columns, also over several pages."""

from __future__ import annotations

import math
import re
from array import array
from dataclasses import dataclass, replace

from gouji.documents import Box, DocumentForm, DocumentPlace
from gouji.intake.finding.titles import LINES
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.workbooks.sheet import address, row_column

# Addresses in words about a sheet; what stands between quotation marks was written by somebody else.
_ADDRESS = re.compile(
    r"“[^”]*”|(?<![A-Za-z0-9.])([A-Z]{1,2}[1-9][0-9]{0,4})(?::([A-Z]{1,2}[1-9][0-9]{0,4}))?(?![A-Za-z0-9.])"
)
_SIDES = 4


@dataclass(frozen=True, slots=True)
class PrintedRows:
    """Of each row of a sheet where it stands in the document; of each cell its box (four numbers; not a number where there is none)."""

    rows: tuple[DocumentPlace, ...]
    width: int
    boxes: array[float]

    @classmethod
    def of(cls, form: DocumentForm) -> PrintedRows:
        """Of a form whose first rows are the lines above it."""
        above, width = len(form.above), form.first.width
        places = (*(replace(p.place, box=None) for p in form.above), *form.lines)
        boxes = array("f", [math.nan]) * (_SIDES * width * len(places))
        put = [(row, 0, p.place.box) for row, p in enumerate(form.above)]
        put += [(above + r, c, cell.place.box) for (r, c), cell in form.cells.items()]
        for row, column, box in put:
            if box is not None:
                at = _SIDES * (row * width + column)
                boxes[at : at + _SIDES] = array("f", (box.left, box.top, box.right, box.bottom))
        return cls(places, width, boxes)

    def place(self, row: int, column: int) -> DocumentPlace:
        """Where a cell stands; its box where it has one."""
        if not (0 <= row < len(self.rows) and 0 <= column < self.width):
            return DocumentPlace()
        at = _SIDES * (row * self.width + column)
        sides = self.boxes[at : at + _SIDES]
        box = None if math.isnan(sides[0]) else Box(*(round(side, 2) for side in sides))
        place = self.rows[row]
        return replace(place, column=column + 1 if place.row else 0, box=box)

    def at(self, at: At) -> At:
        """A place that names a cell of the sheet -> the same with where it stands in the document."""
        if not at.cell:
            return at
        place = self.place(*row_column(at.cell))
        box = place.box
        sides = (box.left, box.top, box.right, box.bottom) if box is not None else None
        spot = (place.table, place.row, place.column) if place.row else None
        return replace(at, cell=str(place), page=place.page, box=sides, spot=spot)

    def words(self, text: str) -> str:
        """Words about a sheet -> the same with places of the document for addresses of cells."""
        return _ADDRESS.sub(self._named, text)

    def _named(self, found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        ends = [str(self.place(*row_column(cell))) for cell in (found[1], found[2]) if cell]
        return "–".join(ends) if all(ends) else found[0]

    def problem(self, problem: Problem) -> Problem:
        """A problem of a sheet -> the same, where it stands in the document."""
        return _placed(self, problem)


@dataclass(frozen=True, slots=True)
class Continued:
    """Of a sheet with the rows of others behind its own (续表) where these stand: from which row (from 0) on, on which sheet, from which row of it."""

    parts: tuple[tuple[int, str, int], ...] = ()

    def and_then(self, start: int, sheet: str, row: int) -> Continued:
        """The same with one more sheet behind."""
        return Continued((*self.parts, (start, sheet, row)))

    def _of(self, row: int) -> tuple[str, int]:
        """The sheet of a row (empty for the first), and its row there."""
        for start, sheet, first in reversed(self.parts):
            if row >= start:
                return sheet, row - start + first
        return "", row

    def place(self, row: int, column: int) -> str:
        """The name of a cell, with its sheet where that is another one."""
        sheet, row = self._of(row)
        return f"{sheet} {address(row, column)}" if sheet else address(row, column)

    def at(self, at: At) -> At:
        """A place on the whole -> on its own sheet."""
        row, column = row_column(at.cell) if at.cell else (at.line - 1, 0)
        sheet, own = self._of(row)
        if not sheet:
            return at
        if at.cell:
            return replace(at, sheet=sheet, cell=address(own, column))
        return replace(at, sheet=sheet, line=own + 1)

    def words(self, text: str) -> str:
        """Words about the whole -> the same with cells and lines of their own sheets."""
        return LINES.sub(self._lines, _ADDRESS.sub(self._named, text))

    def _named(self, found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        ends = [self.place(*row_column(cell)) for cell in (found[1], found[2]) if cell]
        return ":".join(ends)

    def _lines(self, found: re.Match[str]) -> str:
        return re.sub("[0-9]+", self._line, found[0])

    def _line(self, found: re.Match[str]) -> str:
        sheet, row = self._of(int(found[0]) - 1)
        return f"{sheet} {row + 1}" if sheet else found[0]

    def problem(self, problem: Problem) -> Problem:
        """A problem of the whole -> the same, on its own sheet."""
        return _placed(self, problem)


Places = PrintedRows | Continued


def _placed(places: Places, problem: Problem) -> Problem:
    """A problem with its place and its words as the document, or the own sheet, has them."""
    return replace(
        problem,
        at=places.at(problem.at),
        what=places.words(problem.what),
        fix=places.words(problem.fix),
    )


__all__ = ["Continued", "Places", "PrintedRows"]
