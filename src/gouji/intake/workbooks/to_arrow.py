"""Rows of one table that print the same columns in the same units -> an Arrow table: texts, figures where they are plain, where each row stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from gouji.base.lazy_import import numpy as np
from gouji.base.lazy_import import pyarrow as pa
from gouji.intake.ledger.tables import HALF
from gouji.intake.values.arrow_figures import Read, numbers
from gouji.intake.values.codes import unit_code
from gouji.intake.values.figure_text import FigureFault, is_blank, read_figure
from gouji.intake.workbooks.sheet import Raw, Shown, said
from gouji.rules import Column, ColumnRole, Role, Table

# Beside a column of texts: `=甲` holds its figures, `±甲` the halves of their last places where they have been read already.
# Of fewer rows each figure is read for itself, from its text.
VALUE, FEW_ROWS = "=", 16
YEAR = re.compile("[0-9]{4}")
# Row, column, what is to be told ("": that has been told), how to fix it, whether it is a remark: then the figure was taken.
Fault = tuple[int, str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Alike:
    """What rows have in common: their table, its columns that were printed, the units they were printed in."""

    table: str
    columns: tuple[str, ...]
    units: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Buffer:
    """Rows that are alike; `runs` says of how many rows each: file, sheet, layout, unit, year, name of the unit."""

    rows: list[tuple[Raw, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    runs: list[tuple[int, int, str, int, str, str, str]] = field(default_factory=list)


def staged(buffer: Buffer, alike: Alike, table: Table) -> tuple[pa.Table, list[Fault]]:
    """The rows as columns; and figures that cannot be read, by row and column."""
    staging = _Staging(buffer, table, dict(alike.units))
    staging.add_places()
    cells_of = zip(*buffer.rows, strict=True)
    for name, cells in zip(alike.columns, cells_of, strict=bool(alike.columns)):
        staging.add_printed(name, cells)
    staging.add_covers()
    return pa.table(staging.made), staging.faults


class _Staging:
    """The columns of one buffer, made one after another, and figures that cannot be read."""

    def __init__(self, buffer: Buffer, table: Table, units: Mapping[str, str]) -> None:
        self.buffer, self.table, self.units = buffer, table, units
        self.lengths = np.fromiter((run[0] for run in buffer.runs), np.int64, len(buffer.runs))
        self.figures = {c.name: c for c in table.columns if c.numeric and c.role is None}
        self.made: dict[str, Any] = {}
        self.faults = list[Fault]()

    def add_places(self) -> None:
        """Where each row stood."""
        runs = self.buffer.runs
        self.made["@file"] = self._numbers(run[1] for run in runs)
        self.made["@layout"] = self._numbers(run[3] for run in runs)
        self.made["@sheet"] = _of_runs([run[2] for run in runs], self.lengths)
        self.made["@line"] = pa.array(self.buffer.lines, pa.int32())
        self.made["@group"] = pa.array(self.buffer.groups, pa.int32())

    def add_printed(self, name: str, cells: Sequence[Raw]) -> None:
        """One column that was printed."""
        column = self.figures.get(name)
        many = len(cells) > FEW_ROWS
        if column is not None and (many or any(isinstance(v, Shown) for v in cells)):
            self.faults += _figures(self.made, column, cells, self.units)
        else:
            self.made[name] = _texts(cells)
        # What stands for a blank is a text; without value is what could not be taken.
        self.faults += [(row, name, "", "", False) for row, v in enumerate(cells) if v is None]

    def add_covers(self) -> None:
        """Unit, year and name of the unit, as the cover of each workbook says them."""
        by_role = {c.role: c for c in reversed(self.table.columns)}
        own = by_role.get(ColumnRole.UNIT)
        if own is not None and own.name in self.made:
            self.made[own.name] = unit_codes(self.made[own.name])
        for place, role in ((4, ColumnRole.UNIT), (5, ColumnRole.YEAR), (6, ColumnRole.UNIT_NAME)):
            column = by_role.get(role)
            # Outside the list of units a printed year or name is the row's own.
            if column is not None and (
                role is ColumnRole.UNIT
                or column.name not in self.made
                or self.table.role is Role.UNITS
            ):
                self._add_cover(column, [str(run[place]) for run in self.buffer.runs])

    def _add_cover(self, column: Column, words: Sequence[str]) -> None:
        """What the covers say, a word a run: beside what the rows print themselves, where they do."""
        if column.name in self.made:
            self.made[column.name] = self._printed_or_cover(column, words)
        elif column.role is ColumnRole.YEAR and column.exact and self._are_years(words):
            self.made[VALUE + column.name] = self._numbers(map(int, words))
            self.made[HALF + column.name] = pa.nulls(len(self.buffer.rows), pa.int32())
        else:
            self.made[column.name] = _of_runs(words, self.lengths)

    def _are_years(self, words: Sequence[str]) -> bool:
        return len(self.buffer.rows) > FEW_ROWS and all(map(YEAR.fullmatch, words))

    def _printed_or_cover(self, column: Column, words: Sequence[str]) -> pa.Array:
        """What each row prints, else the word of its cover; the year is always that of the cover."""
        runs = zip(words, self.buffer.runs, strict=True)
        covers = chain.from_iterable([word] * run[0] for word, run in runs)
        if column.role is ColumnRole.YEAR:
            return pa.array(list(covers), pa.string())
        printed = self.made[column.name].to_pylist()
        pairs = zip(printed, covers, strict=True)
        return pa.array([own or cover for own, cover in pairs], pa.string())

    def _numbers(self, of_runs: Iterable[int]) -> pa.Array:
        """A number a run -> a number a row."""
        found = np.fromiter(of_runs, np.int32, len(self.buffer.runs))
        return pa.array(np.repeat(found, self.lengths))


def _of_runs(words: Sequence[str], lengths: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Array:
    """A word a run -> a word a row, each different one kept once."""
    numbered = {word: number for number, word in enumerate(dict.fromkeys(words))}
    at = np.repeat(np.fromiter((numbered[w] for w in words), np.int32, len(words)), lengths)
    return pa.DictionaryArray.from_arrays(pa.array(at), pa.array(list(numbered), pa.string()))


def _figures(
    made: dict[str, Any], column: Column, cells: Sequence[Raw], units: Mapping[str, str]
) -> list[Fault]:
    """The figures of a column, and its texts where it has some."""
    read = numbers(
        cells,
        column,
        units.get(column.name),
        lambda text, places: read_one(text, column, units, places),
    )
    if read is None:
        made[VALUE + column.name] = pa.array(
            [v if v.__class__ is float else None for v in cells], pa.float64()
        )
        made[column.name] = _texts([None if v.__class__ is float else v for v in cells])
        return []
    made[VALUE + column.name], made[HALF + column.name] = read.values, read.halves
    if read.texts is not None:
        made[column.name] = read.texts
    return [(at, column.name, what, fix, note) for at, what, fix, note in read.told]


def _texts(cells: Sequence[Raw]) -> pa.Array:
    return pa.array(
        [v.strip() if v.__class__ is str else None if v is None else said(v) for v in cells],
        pa.string(),
    )


def unit_codes(texts: pa.Array) -> pa.Array:
    """A column of codes of units as they are kept; each different one is looked at once."""
    found = texts.dictionary_encode()
    words = [None if code is None else unit_code(code) for code in found.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(found.indices)


def read_one(
    text: str, column: Column, units: Mapping[str, str], places: int | None = None
) -> Read | FigureFault:
    """Value, half place and a remark of one text; without value where it says that there is none."""
    if is_blank(text):
        return ("0", "0", "") if column.null == "zero" else (None, None, "")
    try:
        read = read_figure(text, column, units.get(column.name), places)
    except FigureFault as fault:
        return fault
    return str(read.value), str(read.half), read.told


__all__ = ["FEW_ROWS", "VALUE", "Alike", "Buffer", "Fault", "read_one", "staged", "unit_codes"]
