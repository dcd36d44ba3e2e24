"""Figures on sheets as a person sees them, and what each cell means: what a way of writing changes, and what must be read.

A `Written` is one workbook: sheets of cells, and `expect`, the value of every figure (in 元, as a share, or as a text) by table, line and column.
`doubt` names figures that a reader may refuse if it says so; where `expect` of one is None, refusing it is the only right answer.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from decimal import Decimal

from filled import filled, tables
from gouji.intake.values.figure_text import read_figure
from gouji.rules.table import ColumnRole

Slot = tuple[str, str, str]
PICKED = ("单位", "收入支出决算表", "收入决算表", "项目支出明细", "项目支出绩效自评表")
EVERY = tables()
TABLES = {name: EVERY[name] for name in PICKED}
ONE, LISTED, PROJECTS, SELF = PICKED[1:]


@dataclass(frozen=True)
class Box:
    """A cell: what it holds, its number format, and how it is written. `runs` are pieces of rich text: (text, "" | "sup" | "strike")."""

    value: str | Decimal | bool | None
    slot: Slot | None = None
    format: str = ""
    formula: str = ""
    error: str = ""
    date: bool = False
    runs: tuple[tuple[str, str], ...] = ()
    phonetic: str = ""
    quoted: bool = False
    # Colours of the text and of what lies behind it.
    ink: str = ""
    fill: str = ""


@dataclass
class Leaf:
    """A sheet."""

    name: str
    cells: dict[tuple[int, int], Box]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    state: str = ""
    # Attributes of rows and columns, by number from 0, and what else stands in the part before and behind the cells.
    of_row: dict[int, dict[str, str]] = field(default_factory=dict)
    of_column: dict[int, dict[str, str]] = field(default_factory=dict)
    before: str = ""
    behind: str = ""

    def find(self, text: str) -> tuple[int, int]:
        """The first cell that says this."""
        return next(at for at, box in sorted(self.cells.items()) if box.value == text)

    def slots(self, table: str = "") -> list[tuple[int, int]]:
        """Cells that hold figures (or keys) of a table, in order."""
        return [
            at
            for at, box in sorted(self.cells.items())
            if box.slot is not None and box.slot[0].startswith(table)
        ]

    def insert_rows(self, at: int, count: int = 1) -> None:
        """Blank rows before a row."""
        self.cells = {(r + count if r >= at else r, c): box for (r, c), box in self.cells.items()}
        self.merged = [
            (a + count if a >= at else a, b, c + count if c >= at else c, d)
            for a, b, c, d in self.merged
        ]

    def insert_columns(self, at: int, count: int = 1) -> None:
        """Blank columns before a column."""
        self.cells = {(r, c + count if c >= at else c): box for (r, c), box in self.cells.items()}
        self.merged = [
            (a, b + count if b >= at else b, c, d + count if d >= at else d)
            for a, b, c, d in self.merged
        ]

    @property
    def height(self) -> int:
        """Rows used."""
        return 1 + max(r for r, _c in self.cells)


@dataclass
class Written:
    """A workbook and what is in it."""

    unit: str
    leaves: list[Leaf]
    expect: dict[Slot, Decimal | str | None]
    rng: random.Random
    doubt: set[Slot] = field(default_factory=set)
    more: set[Slot] = field(default_factory=set)
    pack: dict[str, object] = field(default_factory=dict)
    file: str = ""
    # Whether something must be told even if every figure is right, and sheets that must be named by it.
    tell: set[str] = field(default_factory=set)

    def leaf(self, table: str) -> Leaf:
        """The sheet that holds a table."""
        return next(leaf for leaf in self.leaves if leaf.slots(table))

    def set(self, leaf: Leaf, at: tuple[int, int], **changes: object) -> None:
        """Change a cell."""
        leaf.cells[at] = replace(leaf.cells[at], **changes)  # type: ignore[arg-type]

    def doubtful(self, *slots: Slot, unknown: bool = False) -> None:
        """These may be refused; `unknown`: they must be."""
        self.doubt |= set(slots)
        if unknown:
            self.expect.update(dict.fromkeys(slots))

    def one(
        self, table: str, numeric: bool = True, column: str = ""
    ) -> tuple[Leaf, tuple[int, int], Slot]:
        """Some figure of a table, drawn at random: its sheet, cell and slot."""
        leaf = self.leaf(table)
        found = [
            at
            for at in leaf.slots(table)
            if isinstance(leaf.cells[at].value, Decimal) is numeric
            and (not column or leaf.cells[at].slot[2] == column)
        ]  # type: ignore[index]
        at = self.rng.choice(found)
        slot = leaf.cells[at].slot
        assert slot is not None
        return leaf, at, slot


def is_percent(slot: Slot) -> bool:
    """Whether a slot holds a share."""
    column = TABLES[slot[0]].column(slot[2])
    return column is not None and column.type.value == "percent"


def is_money(slot: Slot) -> bool:
    """Whether a slot holds money."""
    column = TABLES[slot[0]].column(slot[2])
    return column is not None and column.type.value == "money"


def written(unit: str, seed: int) -> Written:
    """A workbook of the picked tables as the shipped template lays them out, figures all different from zero, in numbers."""
    sheets, values = filled(TABLES, seed, 6)
    rng = random.Random(seed * 7919 + 1)
    leaves, expect = [], {}
    for sheet in sheets:
        leaf = Leaf(
            sheet.name, {at: Box(text) for at, text in sheet.labels.items()}, list(sheet.merged)
        )
        key_of = {}
        for at, given in sorted(sheet.inputs.items()):
            if given.column.name in given.table.key and given.column.role not in (
                ColumnRole.UNIT,
                ColumnRole.YEAR,
            ):
                key_of[given.table.table, given.line] = str(
                    values.get((sheet.name, *at), sheet.labels.get(at))
                )
        for at, given in sorted(sheet.inputs.items()):
            value = values.get((sheet.name, *at), sheet.labels.get(at))
            if given.column.role is ColumnRole.UNIT:
                value = unit
            if given.column.name == "单位名称":
                value = f"试验县第{unit[1:]}小学"
            if given.column.numeric and given.column.role is None:
                value = _figure(given.column, value, rng)
            key = (
                key_of.get((given.table.table, given.line), "")
                if given.table.grain == "many"
                else ""
            )
            slot = (given.table.table, key, given.column.name)
            shown = value
            if isinstance(value, Decimal) and is_percent(slot):
                shown = value / 100
            leaf.cells[at] = Box(
                shown if isinstance(shown, Decimal) else str(value),
                slot,
                "0.00%" if shown is not value else "",
            )
            expect[slot] = _worth(given.column, value)
        leaves.append(leaf)
    return Written(unit, leaves, expect, rng, file=f"{unit}.xlsx")


def _figure(column, value, rng):
    """A figure with as many places as the column prints, never zero."""
    if column.type.value == "percent":
        return Decimal(rng.randint(101, 9999)).scaleb(-2)
    if column.type.value == "count":
        return Decimal(rng.randint(1, 500))
    if column.type.value == "score":
        return Decimal(rng.randint(1, 100))
    return Decimal(rng.randint(10_000, 99_999_999)).scaleb(-2)


def _worth(column, value):
    if not column.numeric:
        return str(value)
    text = f"{value}%" if column.type.value == "percent" else str(value)
    return read_figure(text, column).value
