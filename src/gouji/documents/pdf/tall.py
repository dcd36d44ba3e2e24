"""A grid with cells that hold several lines of figures (no level rules part them) -> the grid with a row a line."""

from __future__ import annotations

from itertools import pairwise

from gouji.base.i18n import _
from gouji.documents.document_model import Box
from gouji.documents.pdf.page_lines import TextRun
from gouji.documents.pdf.ruled import RuledGrid, Spanned
from gouji.documents.pdf.spaced import between, rows_of
from gouji.documents.pdf.strips import Strip, Strips
from gouji.documents.printed_words import is_figure


def split_rows(grid: RuledGrid) -> None:
    """Part rows in which several columns hold several figures below each other."""
    for first, end in reversed(_ranges(grid)):
        _split(grid, first, end)
    if sum(_figures(cell) > 1 for cell in grid.cells) > 1:
        grid.doubt = grid.doubt or _("有的格子里有几个数，分不清各在哪一行")


def _figures(cell: Spanned) -> int:
    return sum(is_figure(TextRun(tuple(line)).text) for line in cell.lines)


def _ranges(grid: RuledGrid) -> list[tuple[int, int]]:
    """Rows that cells with several figures reach over: the first, and the one behind the last. Of one such cell alone the figure may be broken."""
    made = list[tuple[int, int, int]]()
    for cell in sorted(grid.cells, key=lambda c: c.row):
        if _figures(cell) < 2:
            continue
        end = cell.row + cell.rows
        if made and cell.row < made[-1][1]:
            made[-1] = made[-1][0], max(made[-1][1], end), made[-1][2] + 1
        else:
            made.append((cell.row, end, 1))
    return [(first, end) for first, end, count in made if count > 1]


def _split(grid: RuledGrid, first: int, end: int) -> None:
    cells = [c for c in grid.cells if first <= c.row and c.row + c.rows <= end]
    whose = {TextRun(tuple(line)): cell for cell in cells for line in cell.lines if line}
    columns = pairwise(grid.xs)
    rows = rows_of(list(whose), Strips([Strip(a, b, True, True, True) for a, b in columns]))
    edges = between([(min(w.box.top for w in r), max(w.box.bottom for w in r)) for r in rows])
    edges[0], edges[-1] = grid.ys[first], grid.ys[end]
    grid.cells = [cell for cell in grid.cells if not any(cell is old for old in cells)]
    _make_room(grid, first, end, len(rows) - (end - first))
    for number, words in enumerate(rows):
        grid.cells += _row(first + number, words, whose, (edges[number], edges[number + 1]))
    grid.ys[first : end + 1] = edges
    grid.cells.sort(key=lambda c: (c.row, c.column))


def _make_room(grid: RuledGrid, first: int, end: int, more: int) -> None:
    """Rows from `first` to `end` become so many more: what lies below them moves, what reaches over them grows."""
    for cell in grid.cells:
        if cell.row >= end:
            cell.row += more
        elif cell.row + cell.rows > first:
            cell.rows += more


def _row(
    number: int, words: list[TextRun], whose: dict[TextRun, Spanned], edges: tuple[float, float]
) -> list[Spanned]:
    """The cells of one row: each word stays in the columns of its cell."""
    found: dict[int, Spanned] = {}
    for word in words:
        old = whose[word]
        box = Box(old.box.left, edges[0], old.box.right, edges[1])
        made = Spanned(number, old.column, 1, old.columns, box)
        found.setdefault(old.column, made).lines.append(list(word.chars))
    return list(found.values())


__all__ = ["split_rows"]
