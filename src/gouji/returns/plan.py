"""Table descriptions with forms -> Planned sheets: every label, input cell and note of a blank workbook, as values. Knows no file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gouji.intake import run_of
from gouji.rules import (
    Cells,
    Column,
    ColumnRole,
    ColumnType,
    Form,
    Listing,
    Role,
    Table,
    alternatives,
    path_of,
)

# `收入决算表（公开02表）` is titled 收入决算表.
_NUMBERED = re.compile(r"（[^（）]*表[^（）]*）$")
# A form speaks Chinese in every language of the program: these words are read back.
OWNER_LINE, UNIT_LINE, ITEM, IN_UNIT = "编制单位：", "单位：{unit}", "项目", "（{unit}）"
BLANK_LINES = 20
HEAD = 3


@dataclass(frozen=True, slots=True)
class Input:
    """A cell to fill in: the column it belongs to, and the line of a listing (-1 for one-row tables)."""

    table: Table
    column: Column
    line: int = -1
    group: int = 0


@dataclass(slots=True)
class Planned:
    """One sheet: labels and inputs by row and column (from 0), merged ranges, the unit its money is printed in."""

    name: str
    title: str
    unit: str = ""
    labels: dict[tuple[int, int], str] = field(default_factory=dict)
    inputs: dict[tuple[int, int], Input] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    headers: set[tuple[int, int]] = field(default_factory=set)

    def head(self, row: int, column: int, text: str) -> None:
        """Print a header."""
        self.labels[row, column] = text
        self.headers.add((row, column))

    def side(self, row: int, first: int, last: int, text: str) -> None:
        """Print the name of a side of the form over its columns."""
        self.head(row, first, text)
        self.merged.append((row, first, row, last))

    @property
    def height(self) -> int:
        """Rows used so far."""
        return 1 + max((row for row, _ in (*self.labels, *self.inputs)), default=HEAD - 1)

    @property
    def width(self) -> int:
        """Columns used so far."""
        return 1 + max((col for _, col in (*self.labels, *self.inputs)), default=1)


def plan_sheets(tables: Sequence[Table], lines: int = BLANK_LINES) -> tuple[Planned, ...]:
    """A sheet for each form; tables of one form stand below each other. The table of units comes first."""
    within: dict[tuple[str, str | None], Table] = {
        (t.form.sheets[0], t.form.listing.side): t
        for t in tables
        if t.form and t.form.listing and t.form.listing.side
    }
    ordered = sorted(
        (t for t in tables if t.form is not None and t.role is not Role.EXPECTED), key=_rank
    )
    made: dict[str, Planned] = {}
    for table in ordered:
        form = table.form
        assert form is not None
        name = form.sheets[0][:31]
        sheet = made.get(name)
        if sheet is None:
            sheet = made[name] = Planned(name, _title(table, form))
            sheet.labels[0, 0] = sheet.title
            if table.role is not Role.UNITS:
                sheet.labels[1, 0] = OWNER_LINE
        _add(sheet, table, form, lines, within)
    for sheet in made.values():
        if sheet.unit:
            sheet.labels[2, 0] = UNIT_LINE.format(unit=sheet.unit)
    return tuple(made.values())


def _rank(table: Table) -> tuple[bool, str, bool]:
    """The cover first; on one sheet listings below what has a fixed number of lines."""
    assert table.form is not None
    return table.role is not Role.UNITS, table.form.sheets[0], table.form.listing is not None


def _title(table: Table, form: Form) -> str:
    text = form.titles[0] if form.titles else (table.label or table.table)
    return _NUMBERED.sub("", text)


def _add(
    sheet: Planned,
    table: Table,
    form: Form,
    lines: int,
    within: Mapping[tuple[str, str | None], Table],
) -> None:
    """A table below what the sheet has already; the sides of a form stand beside each other."""
    sheet.unit = sheet.unit or _money_unit(table)
    have = {i.column.name for i in sheet.inputs.values()}
    top, left = max(sheet.height + 1, HEAD), 0
    for part in form.cells:
        columns = run_of(table, part)
        if part.beside:
            if not all(c.name in have for c in columns):
                top = _beside(sheet, table, part, columns)
        elif part.row is not None:
            _one_line(sheet, table, part, columns, sheet.height + 1)
        else:
            if part.side is None or left == 0:
                top = sheet.height + 1
            listed = within.get((form.sheets[0], part.side))
            width = _crossed(sheet, _Block(table, part, columns, top, left, listed))
            left = left + width + 1 if part.side is not None else 0
    if form.listing is not None and not any(i.table is table for i in sheet.inputs.values()):
        _listing(sheet, table, form.listing, lines, sheet.height + 1)


def _money_unit(table: Table) -> str:
    """The unit of the first column of money."""
    return next((c.unit or "" for c in table.columns if c.type is ColumnType.MONEY), "")


def _first(part: str) -> str:
    return alternatives(part)[0]


def label_of(column: Column, given: tuple[str, ...] | None) -> tuple[str, ...]:
    """The label path printed for a column."""
    return tuple(_first(p) for p in (given or path_of(column.label or column.name)))


def _beside(sheet: Planned, table: Table, part: Cells, columns: Sequence[Column]) -> int:
    """A label and beside it the cell to fill in, a line each; returns the first line below."""
    top = sheet.height if sheet.height > HEAD else HEAD + 1
    for offset, column in enumerate(columns):
        sheet.labels[top + offset, 0] = label_of(column, part.labels.get(column.name))[-1]
        sheet.inputs[top + offset, 1] = Input(table, column)
    return top + len(columns)


def _one_line(
    sheet: Planned, table: Table, part: Cells, columns: Sequence[Column], top: int
) -> None:
    assert part.row is not None
    headers = [label_of(c, part.labels.get(c.name)) for c in columns]
    bottom = _headers(sheet, top, [(ITEM,), *headers])
    sheet.labels[bottom, 0] = _first(part.row[-1])
    for offset, column in enumerate(columns):
        sheet.inputs[bottom, 1 + offset] = Input(table, column)


@dataclass(frozen=True, slots=True)
class _Block:
    """Cells with row labels down and headers across, where they begin, and the listing of the same side that has its lines under the same headers."""

    table: Table
    part: Cells
    columns: Sequence[Column]
    top: int
    left: int
    listed: Table | None

    def places(self) -> list[tuple[Column, tuple[str, ...], str]]:
        """Each column with the path of its row and its header."""
        part, made = self.part, []
        for column in self.columns:
            path = label_of(column, part.labels.get(column.name))
            made.append(
                (column, path, _first(part.value[-1]))
                if part.value is not None
                else (column, path[:-1], path[-1])
            )
        return made


def _crossed(sheet: Planned, block: _Block) -> int:
    """Put a block onto the sheet; returns how many columns it took."""
    places, side = block.places(), block.part.side
    heads = list(dict.fromkeys(head for _c, _p, head in places))
    rows = list(dict.fromkeys(path for _c, path, _h in places))
    across = _heads_above(sheet) if side is None else {}
    if set(heads) <= set(across):
        # A further block under the headers that stand there already, as the forms print it.
        first, left, width = sheet.height, 0, 0
    else:
        left, width = block.left, 1 + len(heads)
        across = {head: left + 1 + offset for offset, head in enumerate(heads)}
        first = _head_of(sheet, block, across)
    down = _row_labels(sheet, rows, first, left)
    for column, path, head in places:
        sheet.inputs[down[path], across[head]] = Input(block.table, column)
    return width


def _heads_above(sheet: Planned) -> dict[str, int]:
    """Headers that stand on the sheet, each with its column; of two alike the upper."""
    return {sheet.labels[at]: at[1] for at in sorted(sheet.headers, reverse=True)}


def _head_of(sheet: Planned, block: _Block, across: Mapping[str, int]) -> int:
    """The side, the headers and the lines of a listing above a block; returns the first line below."""
    top, side = block.top, block.part.side
    if side is not None:
        sheet.side(top, block.left, block.left + len(across), side)
        top += 1
    sheet.head(top, block.left, ITEM)
    for head, column in across.items():
        sheet.head(top, column, head)
    listed = block.listed
    if listed is None or listed.form is None or listed.form.listing is None:
        return top + 1
    return _lines_within(sheet, listed, listed.form.listing, top + 1, block.left, list(across))


def _lines_within(
    sheet: Planned, table: Table, part: Listing, top: int, left: int, heads: list[str]
) -> int:
    """The printed lines of a listing below the headers of its side; returns the first line below."""
    key = next(c for c in table.columns if c.name in table.key and c.role is None)
    for line, word in enumerate(part.lines):
        sheet.labels[top + line, left] = word
        sheet.inputs[top + line, left] = Input(table, key, line)
        for column in table.columns:
            head = label_of(column, part.labels.get(column.name))[-1]
            if column is not key and head in heads:
                sheet.inputs[top + line, left + 1 + heads.index(head)] = Input(table, column, line)
    return top + len(part.lines)


def _row_labels(
    sheet: Planned, rows: Sequence[tuple[str, ...]], top: int, left: int
) -> dict[tuple[str, ...], int]:
    """A line for each row path; the parents of a path stand above it once."""
    at: dict[tuple[str, ...], int] = {}
    for path in rows:
        for depth in range(1, len(path) + 1):
            if path[:depth] not in at:
                at[path[:depth]] = top + len(at)
                sheet.labels[top + len(at) - 1, left] = path[depth - 1]
    return at


def _headers(sheet: Planned, top: int, paths: Sequence[tuple[str, ...]], left: int = 0) -> int:
    """Headers of several levels, equal neighbours merged; returns the first line below."""
    depth = max(len(p) for p in paths)
    for level in range(depth):
        start = 0
        while start < len(paths):
            end = start
            here = paths[start][: level + 1]
            while (
                end + 1 < len(paths)
                and len(here) > level
                and paths[end + 1][: level + 1] == here
                and len(paths[end + 1]) > level + 1
            ):
                end += 1
            if len(here) > level:
                last = level == len(paths[start]) - 1 and end == start
                sheet.labels[top + level, left + start] = here[-1]
                bottom = top + depth - 1 if last else top + level
                if end > start or bottom > top + level:
                    sheet.merged.append((top + level, left + start, bottom, left + end))
            sheet.headers |= {(top + level, left + c) for c in range(start, end + 1)}
            start = end + 1
    return top + depth


def _listing(sheet: Planned, table: Table, part: Listing, lines: int, top: int) -> None:
    """A row of headers and a line for each that the form prints, or so many blank ones."""
    columns = _listed_columns(table, part)
    if part.side is not None:
        sheet.side(top, 0, len(columns) - 1, part.side)
        top += 1
    labels = [_with_unit(label_of(c, part.labels.get(c.name)), c, sheet.unit) for c in columns]
    first = _headers(sheet, top, labels)
    words = _fixed(part) or [""] * lines
    told = {of.of for of in part.lookup.values()} or set(table.key)
    key = next((i for i, c in enumerate(columns) if c.name in told), 0)
    for line, word in enumerate(words):
        for offset, column in enumerate(columns):
            sheet.inputs[first + line, offset] = Input(table, column, line)
        if word:
            sheet.labels[first + line, key] = word
    if part.until:
        sheet.labels[first + len(words), 0] = part.until[0]


def _listed_columns(table: Table, part: Listing) -> list[Column]:
    """The columns of a listing: not those that are looked up, or stand elsewhere on the form, or follow from the cover."""
    parts = table.form.cells if table.form else ()
    apart = {c.name for cells in parts for c in run_of(table, cells)} | set(part.lookup)
    from_cover = () if table.role is Role.EXPECTED else (ColumnRole.UNIT, ColumnRole.YEAR)
    return [c for c in table.columns if c.name not in apart and c.role not in from_cover]


def _with_unit(label: tuple[str, ...], column: Column, unit: str) -> tuple[str, ...]:
    """A header says its unit of money where it is not that of the sheet."""
    return (
        (*label[:-1], label[-1] + IN_UNIT.format(unit=column.unit))
        if column.type is ColumnType.MONEY and column.unit != unit
        else label
    )


def _fixed(part: Listing) -> list[str]:
    """Lines that the form prints: as listed, or one for each thing that a looked-up column can say."""
    if part.lines or not part.lookup:
        return list(part.lines)
    words = next(iter(part.lookup.values())).words
    return [
        word
        for place, (word, of) in enumerate(words.items())
        if of not in list(words.values())[:place]
    ]
