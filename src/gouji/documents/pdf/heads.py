"""Head words over columns that no rule parts -> cells of the head: which column each is of, over how many columns the upper ones reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from gouji.base.i18n import _
from gouji.documents.document_model import Box
from gouji.documents.pdf.page import Char
from gouji.documents.pdf.page_lines import TextRun
from gouji.documents.pdf.ruled import Spanned
from gouji.documents.pdf.strips import Strip

# Parts of a character's size: lines of one cell are nearer than this; middles so near are the same.
NEAR, SAME = 0.32, 0.35
# The second best way to part columns among upper heads is so much worse, as a part of a column's width.
MARGIN = 0.25
_PADDING = 2.5


@dataclass(slots=True)
class HeadCell:
    """A cell of the head: its lines of characters, the box around them."""

    lines: list[list[Char]]
    box: Box

    @property
    def height(self) -> float:
        """Where its middle is."""
        return (self.box.top + self.box.bottom) / 2

    @property
    def across(self) -> float:
        """Where its middle is."""
        return (self.box.left + self.box.right) / 2

    @property
    def size(self) -> float:
        """The size of its characters."""
        return self.lines[0][0].size


@dataclass(slots=True)
class TableHead:
    """The cells of a head, how many rows it has; why it cannot be relied on."""

    cells: list[Spanned] = field(default_factory=list)
    depth: int = 0
    doubt: str = ""


def cells_of(words: Sequence[TextRun]) -> list[HeadCell]:
    """Head words as cells: lines of one cell are near each other, and stand over each other."""
    made = list[HeadCell]()
    for word in sorted(words, key=lambda w: (w.base, w.box.left)):
        box = word.box
        for cell in made:
            near = box.top - cell.box.bottom < NEAR * word.size
            if near and box.left < cell.box.right and cell.box.left < box.right:
                cell.lines.append(list(word.chars))
                cell.box = cell.box.around(box)
                break
        else:
            made.append(HeadCell([list(word.chars)], box))
    return made


def leaves_of(cells: Sequence[HeadCell], bottom: float) -> list[HeadCell]:
    """The lowest heads: nothing below them, and not in the upper half of the head."""
    if not cells:
        return []
    middle = (min(c.box.top for c in cells) - _PADDING + bottom - _PADDING) / 2
    return [
        cell
        for cell in cells
        if cell.height >= middle - SAME * cell.size
        and not any(
            other.box.top >= cell.box.bottom - 1
            and other.box.left < cell.box.right
            and cell.box.left < other.box.right
            for other in cells
        )
    ]


def headed(cells: Sequence[HeadCell], strips: Sequence[Strip], bottom: float) -> TableHead:
    """The head over some columns; `bottom` is where the lines below it begin."""
    made = _Heading(strips)
    top = min(c.box.top for c in cells) - _PADDING
    made.part(list(cells), 0, len(strips), (top, bottom - _PADDING), 0)
    made.down()
    return made.head


class _Heading:
    """A head in the making."""

    def __init__(self, strips: Sequence[Strip]) -> None:
        self.strips, self.head = strips, TableHead()

    def part(
        self, cells: list[HeadCell], first: int, end: int, area: tuple[float, float], depth: int
    ) -> None:
        """Cells over the columns from `first` to `end`, within an area of the head."""
        top, bottom = area
        upper = _upper(cells, area)
        if not upper:
            for cell in cells:
                self.leaf(cell, first, end, depth)
            return
        # How far down the row of the upper heads reaches: their middle is that of the row.
        edge = 2 * sum(c.height for c in upper) / len(upper) - top
        rest = [c for c in cells if c not in upper]
        whole, lower = self.over_whole(rest, (top + bottom) / 2, (edge + bottom) / 2)
        own = {at for c in whole if (at := self.column(c, first, end)) is not None}
        for cell in whole:
            self.leaf(cell, first, end, depth)
        for start, stop in _runs([n for n in range(first, end) if n not in own]):
            over = [c for c in upper if self.near(c, start, stop)]
            under = [c for c in lower if self.near(c, start, stop)]
            self.shared(over, under, (start, stop), (edge, bottom), depth)

    def over_whole(
        self, rest: list[HeadCell], middle: float, below: float
    ) -> tuple[list[HeadCell], list[HeadCell]]:
        """Cells that reach over the whole height, and those below upper heads; by the middles of both."""
        # What reaches over the whole height has its middle there; what is below an upper head has it lower.
        whole = [c for c in rest if abs(c.height - middle) < abs(c.height - below)]
        # With three rows, an upper head of the second row has its middle where the whole has it.
        return self.sorted(whole, [c for c in rest if c not in whole])

    def sorted(
        self, whole: list[HeadCell], lower: list[HeadCell]
    ) -> tuple[list[HeadCell], list[HeadCell]]:
        """Cells over the whole height, and those that are not: something stands below them."""
        over = [
            c
            for c in whole
            if any(
                o.box.top >= c.box.bottom - 1
                and o.box.left < c.box.right
                and c.box.left < o.box.right
                for o in lower
            )
        ]
        return [c for c in whole if c not in over], [*over, *lower]

    def shared(
        self,
        over: list[HeadCell],
        under: list[HeadCell],
        run: tuple[int, int],
        area: tuple[float, float],
        depth: int,
    ) -> None:
        """Upper heads share columns among them, and each is over its own."""
        start, stop = run
        if not over:
            if under:
                self.part(under, start, stop, area, depth)
            return
        over.sort(key=lambda c: c.across)
        parts, sure = _parted([c.across for c in over], self.strips[start:stop])
        if not sure:
            self.head.doubt = _("上层表头在哪几列上面看不准")
        for cell, (a, b) in zip(over, parts, strict=True):
            self.add(cell, depth, start + a, b - a)
            inside = [c for c in under if self.near(c, start + a, start + b)]
            if inside:
                self.part(inside, start + a, start + b, area, depth + 1)

    def near(self, cell: HeadCell, first: int, end: int) -> bool:
        """Whether the middle of a cell is over these columns (or between them and the next)."""
        left = (self.strips[first - 1].right + self.strips[first].left) / 2 if first else -1e9
        last = end - 1
        right = (
            (self.strips[last].right + self.strips[end].left) / 2 if end < len(self.strips) else 1e9
        )
        return left <= cell.across < right

    def column(self, cell: HeadCell, first: int, end: int) -> int | None:
        """The column that a lowest head is of."""
        over = [n for n in range(first, end) if self.strips[n].holds(cell.box)]
        if len(over) > 1:
            over = [n for n in over if self.strips[n].left <= cell.across <= self.strips[n].right]
        return over[0] if len(over) == 1 else None

    def leaf(self, cell: HeadCell, first: int, end: int, depth: int) -> None:
        """A lowest head."""
        column = self.column(cell, first, end)
        if column is None:
            self.head.doubt = self.head.doubt or _("有的表头分不清在哪一列上面")
        else:
            self.add(cell, depth, column, 1)

    def add(self, cell: HeadCell, depth: int, column: int, columns: int) -> None:
        """A cell of the head, at its place."""
        self.head.depth = max(self.head.depth, depth + 1)
        made = Spanned(depth, column, 1, columns, cell.box, cell.lines)
        self.head.cells.append(made)

    def down(self) -> None:
        """The lowest head of a column reaches down to the lines."""
        lowest = dict[int, int]()
        for cell in self.head.cells:
            for column in range(cell.column, cell.column + cell.columns):
                lowest[column] = max(lowest.get(column, 0), cell.row)
        for cell in self.head.cells:
            if cell.columns == 1 and cell.row == lowest[cell.column]:
                cell.rows = self.head.depth - cell.row
        taken = [(c.row, n) for c in self.head.cells for n in range(c.column, c.column + c.columns)]
        if len(set(taken)) < len(taken):
            self.head.doubt = self.head.doubt or _("有的表头分不清在哪一列上面")


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers that follow each other: the first, and the one behind the last."""
    made = list[tuple[int, int]]()
    for number in numbers:
        if made and made[-1][1] == number:
            made[-1] = made[-1][0], number + 1
        else:
            made.append((number, number + 1))
    return made


def _upper(cells: Sequence[HeadCell], area: tuple[float, float]) -> list[HeadCell]:
    """The cells of the first of several rows: their middles are above that of the area."""
    middle, highest = sum(area) / 2, min(c.height for c in cells)
    return [
        c
        for c in cells
        if c.height < middle - SAME * c.size and c.height <= highest + SAME * c.size
    ]


# How far off the middles a way to part columns is, and where each part ends.
Way = tuple[float, tuple[int, ...]]


def _parted(
    middles: Sequence[float], strips: Sequence[Strip]
) -> tuple[list[tuple[int, int]], bool]:
    """Columns parted among upper heads so that each is over the middle of its own; whether no other way is nearly as good."""
    width = (strips[-1].right - strips[0].left) / len(strips)
    ways = _ways(middles, strips)
    if not ways:
        return [(0, 0)] * len(middles), False
    ends = ways[0][1]
    sure = len(ways) == 1 or ways[1][0] - ways[0][0] > MARGIN * width
    near = ways[0][0] <= len(middles) * width / 2
    return list(zip((0, *ends[:-1]), ends, strict=True)), sure and near


def _ways(middles: Sequence[float], strips: Sequence[Strip]) -> tuple[Way, ...]:
    """The two best ways to part columns among heads."""
    count = len(strips)

    @cache
    def best(head: int, start: int) -> tuple[Way, ...]:
        """The same from one head and one column on."""
        left = len(middles) - head
        if left == 0:
            return ((0.0, ()),) if start == count else ()
        ways = list[Way]()
        for end in range(start + 1, count - left + 2):
            own = abs((strips[start].left + strips[end - 1].right) / 2 - middles[head])
            ways += [(own + off, (end, *ends)) for off, ends in best(head + 1, end)]
        return tuple(sorted(ways)[:2])

    return best(0, 0)


__all__ = ["HeadCell", "TableHead", "cells_of", "headed", "leaves_of"]
