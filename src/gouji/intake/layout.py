"""Where the figures of one table stand on one sheet: found once from its labels, then recognised on every sheet that looks the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from gouji.intake.sheet import Sheet

# `单位名称：某某局` holds label and value in one cell: its column is written as INSIDE less the column.
INSIDE = -2


@dataclass(frozen=True, slots=True)
class Spot:
    """One figure: column of the table, row and column of the sheet (a listing has columns only, its row is -1)."""

    column: str
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How one table stands on sheets of one shape. `groups` are several only where a listing stands side by side with itself.

    `labels` are the cells that say so: a sheet of the same width with the same words there has the same layout. `absent` are columns of the
    table that the form does not print. `units` says in which unit a column is printed, where the sheet says so itself.
    """

    table: str
    width: int
    groups: tuple[tuple[Spot, ...], ...]
    labels: tuple[tuple[int, int, str], ...]
    first: int = -1
    absent: tuple[str, ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    owner: tuple[int, int] | None = None
    title: tuple[int, int] | None = None
    number: int = field(default=-1, compare=False)

    def spot(self, column: str, group: int, line: int) -> tuple[int, int]:
        """Row and column (from 0) of a column's value in a row that starts at a line; (-1, -1) where the form does not print it."""
        for s in self.groups[group]:
            if s.column == column:
                return (s.row if s.row >= 0 else line - 1), (INSIDE - s.col if s.col <= INSIDE else s.col)
        return -1, -1

    @property
    def listing(self) -> bool:
        """Whether its rows are lines below a header."""
        return self.first >= 0


@dataclass(slots=True)
class Known:
    """A layout with what recognises it and takes its figures in one go (no loop in Python)."""

    layout: Layout
    words: tuple[Any, ...]
    look: Callable[[list[Any]], Any]
    take: Callable[[list[Any]], Any] | None
    least: int

    @classmethod
    def of(cls, layout: Layout) -> Known:
        """Prepare a layout for use."""
        at = [row * layout.width + col for row, col, _ in layout.labels]
        spots = () if layout.listing else layout.groups[0]
        figures = [s.row * layout.width + (INSIDE - s.col if s.col <= INSIDE else s.col) for s in spots]
        return cls(layout, tuple(word for _, _, word in layout.labels), _all(at), _all(figures) if figures else None, max([*at, *figures, 0]))

    def fits(self, sheet: Sheet) -> bool:
        """Whether the sheet says the same words at the same places."""
        return sheet.width == self.layout.width and len(sheet.flat) > self.least and self.look(sheet.flat) == self.words


def _all(at: list[int]) -> Callable[[list[Any]], Any]:
    """Like itemgetter, but always a tuple."""
    if len(at) == 1:
        (only,) = at
        return lambda flat: (flat[only],)
    return itemgetter(*at) if at else lambda flat: ()


@dataclass(slots=True)
class Layouts:
    """Layouts seen so far in one intake, numbered in the order they were seen. Threads may share it: a layout found twice is kept once."""

    every: list[Known] = field(default_factory=list)
    by_table: dict[str, list[Known]] = field(default_factory=dict)

    def find(self, table: str, sheet: Sheet) -> Layout | None:
        """A known layout of the table that fits the sheet."""
        return next((k.layout for k in self.by_table.get(table, ()) if k.fits(sheet)), None)

    def add(self, layout: Layout) -> Layout:
        """Number a new layout."""
        same = next((k.layout for k in self.by_table.get(layout.table, ()) if k.layout == layout), None)
        if same is not None:
            return same
        numbered = Layout(
            layout.table, layout.width, layout.groups, layout.labels, layout.first, layout.absent, layout.units, layout.owner, layout.title,
            len(self.every),
        )  # fmt: skip
        known = Known.of(numbered)
        self.every.append(known)
        self.by_table.setdefault(layout.table, []).append(known)
        return numbered

    def take(self, layout: Layout, sheet: Sheet) -> tuple[Any, ...]:
        """The raw values of a one-row layout, in the order of its spots."""
        known = self.every[layout.number]
        return tuple(known.take(sheet.flat)) if known.take is not None else ()
