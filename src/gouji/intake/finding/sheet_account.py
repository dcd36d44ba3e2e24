"""A sheet + what was taken of it -> what becomes of every other cell with a number: told as not taken, as beside a label nobody knows, or as nothing.

The world of cells is closed: none is dropped unseen. What a figure beside an unknown label may have been is missing then, not zero.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import not_

from gouji.base.i18n import _, clauses
from gouji.intake.finding.cell_ranges import ranges, spans
from gouji.intake.finding.labels import plain
from gouji.intake.finding.layout import INSIDE, Layout, Spot
from gouji.intake.finding.likely import holds_number, may_be_figure, may_be_target
from gouji.intake.finding.lines_left import Left, LineReason
from gouji.intake.finding.lines_told import below_all
from gouji.intake.finding.units import statements
from gouji.intake.finding.untaken import OF_LINE, Untaken, said_of
from gouji.intake.finding.words import COUNTS, NUMBERS, REMARKS
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.workbooks.extracted import Piece, Received
from gouji.intake.workbooks.sheet import Raw, Sheet, address, said
from gouji.rules import ColumnType, Role

Place = tuple[int, int]
# Blank cells, by where they stand: the piece, the number of its row, the place in it.
_Blanks = dict[Place, tuple[Piece, int, int]]


@dataclass(slots=True)
class SheetAccount:
    """What one sheet gave: pieces of tables, lines that were no rows, whether some table of it was refused."""

    sheet: Sheet
    pieces: list[Piece] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    refused: bool = False
    # Places that were told of by name.
    told: list[tuple[Piece, Spot]] = field(default_factory=list)
    # Worked out once, before cells are looked at.
    why: dict[int, set[LineReason]] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    labels: set[Place] = field(default_factory=set)
    crossed: set[int] = field(default_factory=set)
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)

    def settle(self, made: Received) -> None:
        """Tell what became of the numbers that were not taken."""
        if not self.pieces:
            return
        if filled := [at for left in self.left for at in left.filled]:
            what = _("合并单元格的内容也算到它盖住的行：{cells}").format(cells=ranges(filled))
            self._remark(made, what, address(*filled[0]))
        made.problems += below_all(self.sheet, self.left, made.file)
        self._not_filled_in(made)
        found = self._untaken()
        doubted = self._take_doubted(found)
        if doubted:
            self._doubt(made, sorted(doubted))
        others = [*found.get(Untaken.UNASKED, ()), *found.get(Untaken.NOTHING, ())]
        self._displaced(made, [*others, *doubted])
        words = clauses(
            f"{said_of(kind)} {ranges(cells)}"
            for kind, cells in sorted(found.items(), key=lambda f: f[0].value)
            if cells
        )
        if words:
            self._remark(made, _("没有采用的数：{words}").format(words=words))

    def _remark(self, made: Received, what: str, cell: str = "") -> None:
        at = At(made.file, sheet=self.sheet.name, cell=cell)
        made.problems.append(Problem("", at, what, "", note=True))

    def _untaken(self) -> dict[Untaken, list[Place]]:
        """The numbers that were not taken, by what they are."""
        rest = self._rest()
        if rest:
            self._prepare()
        found: dict[Untaken, list[Place]] = {}
        for at in rest:
            if (kind := self._kind(at)) is not None:
                found.setdefault(kind, []).append(at)
        return found

    def _take_doubted(self, found: dict[Untaken, list[Place]]) -> list[Place]:
        """Figures beside or below names that nobody knows, taken out of what was found."""
        if self.refused:
            return []
        columns = found.get(Untaken.COLUMN, ())
        doubted = [*found.pop(Untaken.LABEL, ()), *self._doubtful(columns), *self._targets()]
        if doubted:
            known = set(doubted)
            found[Untaken.COLUMN] = [at for at in columns if at not in known]
        return doubted

    def _not_filled_in(self, made: Received) -> None:
        """Say of a form of figures that it holds none, whether it says so itself (本表无数据) or was left as it came."""
        asked = {
            piece.table.table: {c.name for c in piece.table.columns if c.numeric}.intersection(
                piece.columns
            )
            for piece in self.pieces
            if piece.table.role is not Role.UNITS
        }
        if not any(asked.values()) or self.refused:
            return
        figures = (
            v
            for piece in self.pieces
            for row in piece.rows
            for name, v in zip(piece.columns, row, strict=True)
            if name in asked.get(piece.table.table, ())
        )
        if not any(may_be_figure(v) for v in figures):
            names = "、".join(dict.fromkeys(name for name, columns in asked.items() if columns))
            self._remark(made, _("“{tables}”一个数也没有填").format(tables=names))

    def _prepare(self) -> None:
        for left in self.left:
            for reason, lines in left.lines.items():
                for line in lines:
                    self.why.setdefault(line, set()).add(reason)
        for piece in self.pieces:
            self.labels |= {(row, col) for row, col, _word in piece.layout.labels}
            self.rows |= {line - 1 for line in piece.lines} if piece.layout.listing else set()
            self.crossed |= {
                s.col for group in piece.layout.groups for s in group if s.row >= 0
            } | {col for _name, col in piece.layout.wanting}

    def _rest(self) -> list[Place]:
        """Cells with a number that no table took, and none refused by name."""
        width = self.sheet.width
        taken = bytearray(len(self.sheet.flat))
        for piece in self.pieces:
            told = [spot for own, spot in self.told if own is piece]
            withheld = [s for held in piece.layout.withheld for s in held.spots]
            for group, spots in enumerate(piece.layout.groups):
                parts = piece.layout.split[group] if piece.layout.split else ()
                held = spans(_lines_of(piece, group))
                for spot in (*spots, *withheld, *told, *(Spot("", -1, col) for col in parts)):
                    _mark(taken, spot, held, width)
        others = compress(enumerate(self.sheet.flat), map(not_, taken))
        return [divmod(i, width) for i, value in others if value != "" and holds_number(value)]

    def _kind(self, at: Place) -> Untaken | None:
        """What a number that was not taken is; None where that has been told."""
        row, col = at
        why = self.why.get(row, set())
        if LineReason.ASIDE in why:
            return None
        if of_line := next((OF_LINE[reason] for reason in why if reason in OF_LINE), None):
            return of_line
        if self._numbering(row, col):
            return Untaken.NUMBERING
        if row < min(_top(piece.layout) for piece in self.pieces):
            return Untaken.ABOVE
        return self._beside(row, col)

    def _numbering(self, row: int, col: int) -> bool:
        if (
            any(isinstance(v, str) and plain(v) in COUNTS for v in self.sheet.rows[row])
            or plain(self._above(row, col)) in NUMBERS
        ):
            return True
        cells = [plain(said(v)) for v in self.sheet.rows[row] if v != ""]
        return len(cells) > 1 and cells == [str(n) for n in range(1, len(cells) + 1)]

    def _above(self, row: int, col: int) -> str:
        """The nearest words above a cell. Cells come line by line: no line is looked at twice."""
        seen, words = self.heads.get(col, (0, ""))
        if row >= seen:
            words = next(
                (text for r in range(row - 1, seen - 1, -1) if (text := self._label(r, col))),
                words,
            )
            self.heads[col] = row, words
            return words
        return next((text for r in range(row - 1, -1, -1) if (text := self._label(r, col))), "")

    def _label(self, row: int, col: int) -> str:
        """The words of a cell; none where it holds a number typed as a text."""
        text = self.sheet.text(row, col)
        return "" if text and holds_number(text) else text

    def _beside(self, row: int, col: int) -> Untaken:
        """By the labels that it stands below and beside."""
        left = (c for c in range(col - 1, -1, -1) if self._label(row, c))
        label = next(left, None)
        if label is not None and self.crossed and (row, label) in self.labels:
            return Untaken.UNASKED
        named = col in self.crossed or self._is_beside()
        if label is not None and named and row not in self.rows:
            cover = all(piece.table.role is Role.UNITS for piece in self.pieces)
            doubtful = is_something(self.sheet.at(row, col)) and not cover
            return Untaken.LABEL if doubtful else Untaken.UNASKED
        if any(piece.layout.listing for piece in self.pieces) and self._above(row, col):
            return Untaken.COLUMN
        return Untaken.UNASKED if label is not None and self._above(row, col) else Untaken.NOTHING

    def _is_beside(self) -> bool:
        """Whether figures stand right of their labels on this sheet, without a header."""
        return any(piece.layout.head == 0 and not piece.layout.listing for piece in self.pieces)

    def _doubtful(self, cells: Sequence[Place]) -> list[Place]:
        """Figures in columns of a listing that nobody knows, where the listing lacks columns of figures that they may be."""
        lacking = any(piece.layout.listing and _absent(piece) for piece in self.pieces)
        return [
            (row, col)
            for row, col in cells
            if lacking
            and is_something(self.sheet.at(row, col))
            and plain(self._heading(col)) not in REMARKS
        ]

    def _targets(self) -> list[Place]:
        """Targets (≥95%) in columns of a listing that nobody knows, where the listing lacks the columns of targets or of what was reached."""
        if not any(piece.layout.listing and _lacks_targets(piece) for piece in self.pieces):
            return []
        if not self.rows:
            self._prepare()
        listed = [piece.layout for piece in self.pieces if piece.layout.listing]
        taken = {s.col for layout in listed for group in layout.groups for s in group}
        free = [col for col in range(self.sheet.width) if col not in taken]
        named = [
            col for col in free if (words := self._heading(col)) and plain(words) not in REMARKS
        ]
        return [
            (row, col)
            for row in sorted(self.rows)
            for col in named
            if may_be_target(self.sheet.text(row, col))
        ]

    def _heading(self, col: int) -> str:
        """The words above the lines of the listings of a sheet."""
        first = min((p.layout.first for p in self.pieces if p.layout.listing), default=0)
        return next((t for r in range(first - 1, -1, -1) if (t := self._label(r, col))), "")

    def _doubt(self, made: Received, cells: Sequence[Place]) -> None:
        """Tell of figures beside or below names that nobody knows; what they may have been is missing."""
        columns: dict[str, list[Place]] = {}
        for row, col in cells:
            words = self._heading(col) if row in self.rows else self._words_left(row, col)
            columns.setdefault(" ".join(words.split()), []).append((row, col))
            self._withhold(row, col)
        named = [f"“{words}”({ranges(places)})" for words, places in columns.items()]
        what = _("表样里没有这样的名称，旁边的数不采用：{names}").format(names="、".join(named))
        fix = _("名称照表样写；表样确实没有的，删去或移到别的工作表")
        self._problem(made, cells[0], what, fix)

    def _words_left(self, row: int, col: int) -> str:
        """The nearest words left of a cell."""
        left = (self._label(row, c) for c in range(col - 1, -1, -1))
        return next((text for text in left if text), "")

    def _displaced(self, made: Received, cells: Sequence[Place]) -> None:
        """Figures beside or below a blank cell of the form, where no other words claim them: that cell is missing, not zero."""
        blanks = self._blanks() if cells else {}
        found = []
        for row, col in sorted(cells):
            if not is_something(self.sheet.at(row, col)):
                continue
            at = self._blank_of(row, col, blanks)
            if at is None:
                continue
            piece, line, index = blanks.pop(at)
            piece.rows[line] = tuple(
                None if i == index else v for i, v in enumerate(piece.rows[line])
            )
            found.append((row, col))
        if found:
            what = _("{cells} 的数不在表样的格子里，旁边的空格不当作 0").format(cells=ranges(found))
            self._problem(made, found[0], what, _("把数移到表样的格子里"))

    def _blanks(self) -> _Blanks:
        """The blank cells of figures that the form asks for."""
        return {
            piece.place(row, i): (piece, row, i)
            for piece in self.pieces
            for i, name in enumerate(piece.columns)
            if _numeric(piece, name)
            for row, values in enumerate(piece.rows)
            if values[i] == ""
        }

    def _blank_of(self, row: int, col: int, blanks: _Blanks) -> Place | None:
        """The blank cell, left of a figure or above it, that the figure may belong in."""
        left = next(
            (
                (row, c)
                for c in range(col - 1, -1, -1)
                if (row, c) in blanks or self.sheet.at(row, c) != ""
            ),
            None,
        )
        if left in blanks and not self._heads(row, col):
            return left
        words = next((t for c in range(col - 1, -1, -1) if (t := self.sheet.text(row, c))), "")
        below = (row - 1, col) in blanks and (not words or plain(words)[0] == "(")
        return (row - 1, col) if below else None

    def _problem(self, made: Received, cell: Place, what: str, fix: str) -> None:
        at = At(made.file, cell[0] + 1, sheet=self.sheet.name, cell=address(*cell))
        made.problems.append(Problem(self.pieces[0].table.table, at, what, fix))

    def _heads(self, row: int, col: int) -> bool:
        """Whether a header stands above a cell."""
        top = min(_top(piece.layout) for piece in self.pieces)
        return any(self.sheet.text(r, col) for r in range(max(0, top - 3), top)) and not statements(
            self._above(row, col)
        )

    def _withhold(self, row: int, col: int) -> None:
        """What the figure may have been is missing: columns that the form does not print are not zero then."""
        for piece in self.pieces:
            wanted = {n for n, c in piece.layout.wanting if c == col} | (
                set(piece.layout.absent) - {n for n, _c in piece.layout.wanting}
            )
            names = [
                n
                for n in _absent(piece)
                if (piece.layout.listing and row in self.rows) or n in wanted
            ]
            piece.hide(names)


def _lacks_targets(piece: Piece) -> bool:
    """Whether a form does not print what is to be reached, or what was."""
    kinds = ColumnType.TARGET, ColumnType.REACHED
    return any(c.type in kinds and c.name in piece.layout.absent for c in piece.table.columns)


def _lines_of(piece: Piece, group: int) -> list[int]:
    """The rows of the sheet that a group of a listing took."""
    if not piece.layout.listing:
        return []
    lines = zip(piece.lines, piece.groups, strict=True)
    return [line - 1 for line, own in lines if own == group]


def _numeric(piece: Piece, name: str) -> bool:
    column = piece.table.column(name)
    return column is not None and column.numeric


def is_something(value: Raw) -> bool:
    """Whether a number is not zero."""
    return (
        value != 0
        if not isinstance(value, str)
        else any(c.isdecimal() and c != "0" for c in unicodedata.normalize("NFKC", value))
    )


def _absent(piece: Piece) -> list[str]:
    """Columns of figures that the form does not print."""
    return [c.name for c in piece.table.columns if c.name in piece.layout.absent and c.numeric]


def _top(layout: Layout) -> int:
    """The first row of a table's figures."""
    return (
        layout.first
        if layout.listing
        else layout.head or min((s.row for s in layout.groups[0]), default=0)
    )


def _mark(taken: bytearray, spot: Spot, runs: Sequence[tuple[int, int]], width: int) -> None:
    col = INSIDE - spot.col if spot.col <= INSIDE else spot.col
    if col >= width:
        return
    for first, last in runs if spot.row < 0 else [(spot.row, spot.row)]:
        start, count = first * width + col, last - first + 1
        taken[start : start + (count - 1) * width + 1 : width] = b"\1" * count


__all__ = ["SheetAccount", "is_something"]
