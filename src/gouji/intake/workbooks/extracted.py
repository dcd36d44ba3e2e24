"""What one workbook gave: pieces of tables, whose they are, what could not be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gouji.base.i18n import _
from gouji.intake.finding.layout import Layout, Layouts
from gouji.intake.ledger.submission import At, Explanation, Problem
from gouji.intake.workbooks.printed_places import Places
from gouji.intake.workbooks.sheet import Raw, Sheet
from gouji.rules import Table


@dataclass(slots=True)
class Piece:
    """Rows of one table from one sheet: raw values in the order of `columns`, and the line each row starts at (from 1; 0: scattered)."""

    table: Table
    layout: Layout
    sheet: Sheet
    columns: tuple[str, ...]
    rows: list[tuple[Raw, ...]]
    lines: list[int]
    groups: list[int]
    # Of a workbook with sheets of several units: whose this one is (empty: that of the workbook).
    unit: str = ""

    def place(self, number: int, index: int) -> tuple[int, int]:
        """Row and column (from 0) of a value."""
        return self.layout.spot(self.columns[index], self.groups[number], self.lines[number])

    def hide(self, names: Sequence[str]) -> None:
        """Make columns missing in every row, whatever stands for what is not printed."""
        known = [self.columns.index(name) for name in names if name in self.columns]
        if known:
            self.rows = [
                tuple(None if i in known else v for i, v in enumerate(row)) for row in self.rows
            ]
        if new := tuple(name for name in names if name not in self.columns):
            self.columns += new
            self.rows = [(*row, *[None] * len(new)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Given:
    """What a piece gives once it is known whose it is: rows of a table, named, without the sheet they came from."""

    table: str
    sheet: str
    layout: Layout
    columns: tuple[str, ...]
    rows: list[tuple[Raw, ...]]
    lines: list[int]
    groups: list[int]
    unit: str = ""

    @classmethod
    def of(cls, piece: Piece) -> Given:
        """Let go of the sheet."""
        return cls(
            piece.table.table,
            piece.sheet.name,
            piece.layout,
            piece.columns,
            piece.rows,
            piece.lines,
            piece.groups,
            piece.unit,
        )


@dataclass(frozen=True, slots=True)
class Lacking:
    """A sheet that does not print every column of its table: told once for all sheets of its layout.

    `unprinted` are those that the form set `of` never prints: nobody has left them out. `zero` are those that count as zero then.
    """

    table: str
    sheet: str
    layout: Layout
    of: str = ""
    unprinted: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()

    def told(self, file: str, layouts: Layouts) -> Iterator[Problem]:
        """What the layout does not print, said with the first sheet of it."""
        layout, new = layouts.adopt(self.layout)
        left = [name for name in layout.absent if name not in (*self.unprinted, *self.zero)]
        for names, words in (
            (self.unprinted, _("“{name}”的这张表不印{columns}，按没有报处理")),
            (self.zero, _("表里没有印{columns}，按零计")),
            (left, _("表里没有{columns}，按没有报处理")),
        ):
            if new and names:
                what = words.format(name=self.of, columns="、".join(f"“{name}”" for name in names))
                yield Problem(self.table, At(file, sheet=self.sheet), what, "", note=True)


@dataclass(slots=True)
class Received:
    """One workbook: whose it is, the pieces of tables in it, problems, rows that were left aside. Or why nothing was read."""

    file: str
    digest: str
    unit: str = ""
    year: str = ""
    name: str = ""
    pieces: list[Piece] = field(default_factory=list)
    problems: list[Problem | Lacking] = field(default_factory=list)
    aside: int = 0
    given: list[Given] = field(default_factory=list)
    # How many rows it gave, once they lie in a heap.
    rows: int = 0
    explanations: list[Explanation] = field(default_factory=list)
    refused: tuple[str, str] | None = None
    # Where the cells of its sheets stand, where it is a document. `attachment`: it holds no form that anybody knows, or is a scan.
    printed: dict[str, Places] = field(default_factory=dict)
    attachment: bool = False
    # Which unit's part of a workbook of several it is.
    part: str = ""
    # Whose a document is and of which year by its title (empty, 0: it does not say).
    titled: tuple[str, int] = ("", 0)
    # Whether a row of the table of units was made for it, because it has no cover.
    without_cover: bool = False

    def by_unit(self) -> list[Received]:
        """What each unit's sheets gave, where those of several lie in one workbook; what is told of the workbook goes with the first."""
        units = list(dict.fromkeys(given.unit for given in self.given if given.unit))
        if not units:
            return [self]
        made = [
            replace(
                self,
                unit=unit,
                name="",
                part=unit,
                given=[g for g in self.given if g.unit == unit],
                problems=[],
                aside=0,
                explanations=[],
            )
            for unit in units
        ]
        made[0].problems, made[0].aside = self.problems, self.aside
        made[0].explanations = self.explanations
        return made

    @property
    def whose(self) -> bool:
        """Whether it is known whose it is and of which year, and there is something in it."""
        return bool(self.given or self.rows) and bool(self.unit and self.year)
