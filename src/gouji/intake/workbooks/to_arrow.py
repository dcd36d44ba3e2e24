"""Rows of one table that print the same columns in the same units -> an Arrow table: texts, figures where they are plain, where each row stood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
    count, runs, faults, units = len(buffer.rows), buffer.runs, list[Fault](), dict(alike.units)
    lengths = np.fromiter((run[0] for run in runs), np.int64, len(runs))
    made: dict[str, Any] = {}
    for place, name in ((1, "@file"), (3, "@layout")):
        made[name] = pa.array(
            np.repeat(np.fromiter((run[place] for run in runs), np.int32, len(runs)), lengths)
        )
    made["@sheet"] = _of_runs([run[2] for run in runs], lengths)
    made["@line"] = pa.array(buffer.lines, pa.int32())
    made["@group"] = pa.array(buffer.groups, pa.int32())
    figures = {c.name: c for c in table.columns if c.numeric and c.role is None}
    for name, cells in zip(
        alike.columns, zip(*buffer.rows, strict=True), strict=bool(alike.columns)
    ):
        if name in figures and (count > FEW_ROWS or any(isinstance(v, Shown) for v in cells)):
            faults += _figures(made, figures[name], cells, units)
        else:
            made[name] = _texts(cells)
        # What stands for a blank is a text; without value is what could not be taken.
        faults += [(row, name, "", "", False) for row, v in enumerate(cells) if v is None]
    own = next((c.name for c in table.columns if c.role is ColumnRole.UNIT), None)
    if own in made:
        made[own] = unit_codes(made[own])
    for place, role in ((4, ColumnRole.UNIT), (5, ColumnRole.YEAR), (6, ColumnRole.UNIT_NAME)):
        column = next((c for c in table.columns if c.role is role), None)
        if column is None or (
            role is not ColumnRole.UNIT and column.name in made and table.role is not Role.UNITS
        ):
            continue
        words = [str(run[place]) for run in runs]
        if column.name in made:
            known = chain.from_iterable(
                [word] * run[0] for word, run in zip(words, runs, strict=True)
            )
            own = made[column.name].to_pylist()
            made[column.name] = pa.array(
                [
                    k if role is ColumnRole.YEAR or not o else o
                    for o, k in zip(own, known, strict=True)
                ],
                pa.string(),
            )
        elif (
            role is ColumnRole.YEAR
            and column.exact
            and count > FEW_ROWS
            and all(map(YEAR.fullmatch, words))
        ):
            made[VALUE + column.name] = pa.array(
                np.repeat(np.fromiter(map(int, words), np.int32, len(runs)), lengths)
            )
            made[HALF + column.name] = pa.nulls(count, pa.int32())
        else:
            made[column.name] = _of_runs(words, lengths)
    return pa.table(made), faults


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
    return [(at, column.name, what, mend, note) for at, what, mend, note in read.told]


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
