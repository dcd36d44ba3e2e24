"""The header of a CSV -> which column of its table each cell is, by name, label or another word of the description, and the unit it states."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gouji.base.i18n import _
from gouji.intake.finding.labels import plain
from gouji.intake.finding.unit_spelling import Kind, Said
from gouji.intake.finding.units import parted
from gouji.intake.values.figure_text import is_blank
from gouji.rules import MONEY_UNITS, Column, ColumnRole, ColumnType, Table, alternatives, path_of


def words_for(table: Table) -> dict[str, str | None]:
    """Every word for a column of the table -> its name; None where it stands for several."""
    found: dict[str, str | None] = {}
    for column in table.columns:
        for word in {plain(w) for w in _words(table, column)}:
            found[word] = column.name if found.get(word, column.name) == column.name else None
    # A name of the description is that column, whatever else it may be called elsewhere.
    return found | {plain(c.name): c.name for c in table.columns}


def _words(table: Table, column: Column) -> Iterator[str]:
    """Its label and other words, where they are one word: a place at a row and a column is no header."""
    labels = [path_of(label) for label in (column.label, *column.aliases) if label]
    if table.form is not None:
        said = [part.labels for part in table.form.cells] + (
            [table.form.listing.labels] if table.form.listing is not None else []
        )
        labels += [tuple(of[column.name]) for of in said if column.name in of]
    for path in labels:
        if len(path) == 1:
            yield from alternatives(path[0])


def needed(table: Table) -> tuple[str, ...]:
    """Columns without which no row can be told apart."""
    own = {table.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.YEAR)}
    return tuple(
        c.name
        for c in table.columns
        if c.name in own or (c.name in table.key and c.null == "never")
    )


@dataclass(frozen=True, slots=True)
class Headers:
    """What the cells of a header are. `names`: the column of each (or what it says); `units` and `refused` by column; `unknown` and `faults` are to be told."""

    names: tuple[str, ...]
    units: Mapping[str, str] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    # Column, what is wrong, how to fix it.
    faults: tuple[tuple[str, str, str], ...] = ()
    doubled: str = ""

    def doubts(self, given: Mapping[str, str]) -> bool:
        """Whether a figure stands below a header that nobody knows: a column that is not there may be it, and is missing then, not zero."""
        below = (given.get(name, "") for name in self.unknown)
        return any(sign.isdecimal() and sign != "0" for text in below for sign in text)

    def unread(
        self, given: Mapping[str, str], taken: Container[str], table: Table
    ) -> tuple[str, ...]:
        """Columns of a line in which something stands, or may stand, that was not taken."""
        doubtful = self.doubts(given)
        there = (
            c.name
            for c in table.columns
            if (c.numeric and doubtful if c.name not in given else not is_blank(given[c.name]))
        )
        return tuple(name for name in there if name not in taken)


def known(cells: Sequence[str], words: Mapping[str, str | None]) -> int:
    """How many cells are headers of the table."""
    return sum(
        words.get(plain(cell)) is not None or words.get(plain(parted(cell)[0])) is not None
        for cell in cells
        if cell.strip()
    )


def read_header(cells: Sequence[str], table: Table, others: Sequence[str]) -> Headers:
    """Match the cells with the columns of a table; `others` may stand beside them."""
    words, names, units, refused = words_for(table), list[str](), dict[str, str](), set[str]()
    unknown, faults, doubled = list[str](), list[tuple[str, str, str]](), ""
    for cell in cells:
        column, said = _column_of(cell, table, words)
        if column is None:
            names.append(cell)
            if cell and cell not in others:
                unknown.append(cell)
            continue
        if column.name in names:
            doubled = doubled or column.name
        names.append(column.name)
        if said is not None and said.kind in (Kind.MONEY, Kind.RATE) and _fits(column, said.unit):
            units[column.name] = said.unit
        elif said is not None and said.kind is not Kind.OTHER:
            refused.add(column.name)
            what = _("“{text}”的计量单位没有看懂").format(text=cell)
            fix = _("这一列的计量单位是 {unit}").format(unit=column.unit or _("无"))
            faults.append((column.name, what, fix))
    return Headers(tuple(names), units, frozenset(refused), tuple(unknown), tuple(faults), doubled)


def _column_of(
    cell: str, table: Table, words: Mapping[str, str | None]
) -> tuple[Column | None, Said | None]:
    """The column that a cell of a header names, and what it says of a unit: whole it may be the name itself."""
    name, said = words.get(plain(cell)), None
    if name is None:
        label, said = parted(cell)
        name = words.get(plain(label))
    return (table.column(name) if name is not None else None), said


def _fits(column: Column, unit: str) -> bool:
    return (
        (column.type is ColumnType.MONEY) == (unit in MONEY_UNITS)
        and column.numeric
        and (unit in MONEY_UNITS or column.type is ColumnType.PERCENT)
    )


__all__ = ["Headers", "known", "needed", "read_header", "words_for"]
