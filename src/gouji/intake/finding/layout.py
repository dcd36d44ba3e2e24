"""Where the figures of one table stand on one sheet: found once from its labels, then recognised on every sheet that looks the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gouji.intake.finding.layout_match import Likeness, Likes
    from gouji.intake.workbooks.sheet import Sheet

# `单位名称：某某局` holds label and value in one cell: its column is written as INSIDE less the column.
INSIDE = -2
LIKES_AT_MOST, ADOPTED_AT_MOST = 100, 1000


@dataclass(frozen=True, slots=True)
class Spot:
    """One figure: column of the table, row and column of the sheet (a listing has columns only, its row is -1)."""

    column: str
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """A column that is printed and not taken, with where it stands, the cell that is to blame (None: the name of the sheet), what is wrong, what to do."""

    column: str
    spots: tuple[Spot, ...]
    at: tuple[int, int] | None
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Rival:
    """A second place that a column's label fits as well as the one that was chosen: if both hold something, neither is taken. `label` is the cell that says so."""

    column: str
    own: Spot
    other: Spot
    label: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one table stands on sheets of one shape. `groups` are several only where a listing stands side by side with itself.

    `labels` are the cells that say so; `head` is the first row below its headers. `absent` are columns of the table that the form does not
    print. `units` says in which unit a column is printed, where the sheet says so itself; `unsaid` are columns of money where nothing does.
    `withheld` columns are printed and not taken: there is no figure then, whatever stands for what is not printed. `split`: of each group the
    columns that hold the parts of its code. `joined`: columns of texts with the columns of the sheet that stand before and behind it (-1: none). `wanting`: for some absent columns the column of the sheet that they would stand in.
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
    head: int = 0
    withheld: tuple[Withheld, ...] = ()
    unsaid: tuple[str, ...] = ()
    split: tuple[tuple[int, ...], ...] = ()
    rivals: tuple[Rival, ...] = ()
    wanting: tuple[tuple[str, int], ...] = ()
    joined: tuple[tuple[str, int, int], ...] = ()
    number: int = field(default=-1, compare=False)

    def spot(self, column: str, group: int, line: int) -> tuple[int, int]:
        """Row and column (from 0) of a column's value in a row that starts at a line; (-1, -1) where the form does not print it."""
        for s in self.groups[group]:
            if s.column == column:
                return (s.row if s.row >= 0 else line - 1), (
                    INSIDE - s.col if s.col <= INSIDE else s.col
                )
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
    inside: bool
    likes: set[Likeness] = field(default_factory=set)

    @classmethod
    def of(cls, layout: Layout) -> Known:
        """Prepare a layout for use."""
        at = [row * layout.width + col for row, col, _ in layout.labels]
        spots = () if layout.listing else layout.groups[0]
        figures = [
            s.row * layout.width + (INSIDE - s.col if s.col <= INSIDE else s.col) for s in spots
        ]
        inside = all(s.col < layout.width for s in spots)
        return cls(
            layout,
            tuple(word for _, _, word in layout.labels),
            _all(at),
            _all(figures) if figures else None,
            max([*at, *figures, 0]),
            inside,
        )

    def fits(self, sheet: Sheet) -> bool:
        """Whether the sheet says the layout's words at the same places."""
        return (
            sheet.width == self.layout.width
            and len(sheet.flat) > self.least
            and self.look(sheet.flat) == self.words
        )


def _all(at: list[int]) -> Callable[[list[Any]], Any]:
    """Like itemgetter, but always a tuple."""
    if len(at) == 1:
        (only,) = at
        return lambda flat: (flat[only],)
    return itemgetter(*at) if at else lambda flat: ()


@dataclass(slots=True)
class Layouts:
    """Layouts seen so far in one intake, numbered in the order they were seen. A layout found twice is kept once."""

    every: list[Known] = field(default_factory=list)
    by_table: dict[str, list[Known]] = field(default_factory=dict)
    adopted: dict[int, tuple[Layout, Layout]] = field(default_factory=dict)

    def find(self, table: str, sheet: Sheet, likes: Likes) -> Layout | None:
        """The layout of the table on a sheet, where it looks like one that was seen."""
        return next(
            (
                k.layout
                for k in self.by_table.get(table, ())
                if k.fits(sheet) and likes.of(sheet, k.layout.head) in k.likes
            ),
            None,
        )

    def adopt(self, layout: Layout) -> tuple[Layout, bool]:
        """A layout found elsewhere, as it is numbered here, and whether it is new here."""
        if (known := self.adopted.get(id(layout))) is not None:
            return known[1], False
        if len(self.adopted) >= ADOPTED_AT_MOST:
            self.adopted.clear()
        before = len(self.every)
        own = self.add(layout, None)
        # The stranger is kept with it, so that its id stays its own.
        self.adopted[id(layout)] = layout, own
        return own, len(self.every) > before

    def add(self, layout: Layout, like: Likeness | None) -> Layout:
        """Number a new layout; keep what a sheet looks like that has it."""
        known = next((k for k in self.by_table.get(layout.table, ()) if k.layout == layout), None)
        if known is None:
            known = Known.of(replace(layout, number=len(self.every)))
            self.every.append(known)
            self.by_table.setdefault(layout.table, []).append(known)
        if len(known.likes) >= LIKES_AT_MOST:
            known.likes.clear()
        if like is not None:
            known.likes.add(like)
        return known.layout

    def take(self, layout: Layout, sheet: Sheet) -> tuple[Any, ...]:
        """The raw values of a one-row layout, in the order of its spots."""
        known = self.every[layout.number]
        if known.take is None:
            return ()
        if len(sheet.flat) > known.least and known.inside:
            return tuple(known.take(sheet.flat))
        # Cells that nobody filled in may lie outside the sheet.
        return tuple(
            sheet.at(s.row, INSIDE - s.col if s.col <= INSIDE else s.col) for s in layout.groups[0]
        )
