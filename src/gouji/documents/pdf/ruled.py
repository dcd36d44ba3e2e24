"""A frame of rules + characters -> a table: columns and rows from the rules, neighbours without a rule between them one cell."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from gouji.base.i18n import _
from gouji.documents.document_model import Box
from gouji.documents.pdf.page import Char, Rule
from gouji.documents.pdf.page_lines import TextRun, box_of, lines_of, spelled, words_of
from gouji.documents.pdf.ruling_lines import Frame, lines_at
from gouji.documents.printed_words import FIGURE

# A border is there where a rule runs along so much of it. The upper line of a broken figure fills so much of its cell.
COVERED, FULL = 0.6, 0.8
SLACK = 2.5
# Signs of one figure stand so near each other, in parts of their size.
TOUCHING = 0.12


@dataclass(slots=True)
class Spanned:
    """A cell of a grid: row and column of its upper left corner, how many it spans, its rectangle on the page, its characters line by line."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box
    lines: list[list[Char]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Lines are glued where the upper one fills the cell: its text was broken there. Elsewhere they stay apart."""
        made = ""
        for number, line in enumerate(self.lines):
            if number:
                above = self.lines[number - 1]
                width = self.box.right - self.box.left
                filled = above[-1].right - above[0].left + above[-1].size >= FULL * width
                made += "" if filled else "\n"
            made += spelled(line)
        return made

    @property
    def printed(self) -> Box | None:
        """Around what is printed in it."""
        chars = [c for line in self.lines for c in line]
        return box_of(chars) if chars else None


@dataclass(slots=True)
class RuledGrid:
    """Columns and rows of a table by their edges, and its cells. `doubt` says why it is not to be relied on."""

    xs: list[float]
    ys: list[float]
    cells: list[Spanned]
    ruled: bool = True
    doubt: str = ""

    @property
    def box(self) -> Box:
        """The whole."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


def grid_of(frame: Frame) -> RuledGrid | None:
    """The grid of a frame; None where its rules make none (fewer than two cells)."""
    ends = [x for rule in frame.level for x in (rule.start, rule.end)]
    xs = lines_at([r.at for r in frame.upright] + ends)
    sides = [y for rule in frame.upright for y in (rule.start, rule.end)]
    ys = lines_at([r.at for r in frame.level] + sides)
    if not frame.upright or len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) < 2:
        return None
    left = [[_runs(frame.upright, x, y0, y1) for y0, y1 in _pairs(ys)] for x in xs]
    top = [[_runs(frame.level, y, x0, x1) for x0, x1 in _pairs(xs)] for y in ys]
    return RuledGrid(xs, ys, _cells(xs, ys, _Borders(left, top)))


def _pairs(edges: Sequence[float]) -> list[tuple[float, float]]:
    return list(itertools.pairwise(edges))


def _runs(rules: Sequence[Rule], at: float, start: float, end: float) -> bool:
    """Whether rules run along most of a border."""
    length = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start))
        for rule in rules
        if abs(rule.at - at) <= SLACK
    )
    return length >= COVERED * (end - start)


@dataclass(frozen=True, slots=True)
class _Borders:
    """Whether a rule runs along the left of a cell, by column and row, and along its top, by row and column."""

    left: Sequence[Sequence[bool]]
    top: Sequence[Sequence[bool]]


def _cells(xs: Sequence[float], ys: Sequence[float], borders: _Borders) -> list[Spanned]:
    """Neighbours without a border between them as one cell each, as far as they make a rectangle."""
    rows, columns = len(ys) - 1, len(xs) - 1
    taken = [[False] * columns for _row in range(rows)]
    made = list[Spanned]()
    for row in range(rows):
        for column in range(columns):
            if not taken[row][column]:
                wide, high = _spans(row, column, borders, taken)
                for spanned in range(row, row + high):
                    taken[spanned][column : column + wide] = [True] * wide
                box = Box(xs[column], ys[row], xs[column + wide], ys[row + high])
                made.append(Spanned(row, column, high, wide, box))
    return made


def _spans(
    row: int, column: int, borders: _Borders, taken: Sequence[Sequence[bool]]
) -> tuple[int, int]:
    """How many columns and rows a cell spans that begins there."""
    left, top = borders.left, borders.top
    end = column + 1
    while end < len(taken[0]) and not left[end][row] and not taken[row][end]:
        end += 1
    down = row + 1
    while (
        down < len(taken)
        and not any(top[down][column:end])
        and not any(left[inner][down] for inner in range(column + 1, end))
        and not any(taken[down][column:end])
    ):
        down += 1
    return end - column, down - row


def fill(grid: RuledGrid, chars: Sequence[Char]) -> list[Char]:
    """Put characters into the cells of a grid; what lies outside is given back.

    A word goes to one row by its middle, its characters to columns by theirs: figures may stand lower than their labels, or touch a rule.
    """
    at = {
        (row, column): cell
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }
    box, inside, outside = grid.box, list[Char](), list[Char]()
    for char in chars:
        middle = char.base - 0.36 * char.size
        held = box.left <= char.middle <= box.right and box.top <= middle <= box.bottom
        (inside if held else outside).append(char)
    for line in lines_of(inside):
        if _cut_by_a_rule(grid, at, line):
            grid.doubt = grid.doubt or _("有的数压在竖线上，看不准在哪一格")
        for word in words_of(line):
            _place(grid, at, word)
    return outside


def _cut_by_a_rule(
    grid: RuledGrid, at: dict[tuple[int, int], Spanned], line: Sequence[Char]
) -> bool:
    """Whether a figure runs on from one cell into the next: signs of it that touch each other, with the rule between them."""
    signs = [c for c in line if c.text in FIGURE]
    return any(
        after.left - before.right <= TOUCHING * min(before.size, after.size)
        and _cell(grid, at, before) is not _cell(grid, at, after)
        for before, after in itertools.pairwise(signs)
    )


def _cell(grid: RuledGrid, at: dict[tuple[int, int], Spanned], char: Char) -> Spanned:
    """The cell that a character lies in."""
    middle = char.base - 0.36 * char.size
    row = min(max(bisect_right(grid.ys, middle) - 1, 0), len(grid.ys) - 2)
    column = min(max(bisect_right(grid.xs, char.middle) - 1, 0), len(grid.xs) - 2)
    return at[row, column]


def _place(grid: RuledGrid, at: dict[tuple[int, int], Spanned], word: TextRun) -> None:
    """Characters of one word, each to its column; within a cell they are one line."""
    middle = word.base - 0.36 * word.size
    row = min(max(bisect_right(grid.ys, middle) - 1, 0), len(grid.ys) - 2)
    for char in word.chars:
        column = min(max(bisect_right(grid.xs, char.middle) - 1, 0), len(grid.xs) - 2)
        lines = at[row, column].lines
        if lines and abs(lines[-1][0].base - char.base) <= 0.35 * max(char.size, lines[-1][0].size):
            lines[-1].append(char)
        else:
            lines.append([char])


__all__ = ["RuledGrid", "Spanned", "fill", "grid_of"]
