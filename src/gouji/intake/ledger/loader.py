"""Heaps of workbooks -> DuckDB, in batches: what was printed and where beside each table (`表#`), figures typed by SQL in the table itself.

Only what SQL does not read as a plain figure goes through `read_figure`, each different text once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

import duckdb

from gouji.base.lazy_import import numpy as np
from gouji.base.lazy_import import pyarrow as pa
from gouji.intake.finding.layout import Layouts
from gouji.intake.ledger.cell_tables import Held
from gouji.intake.ledger.stage_sql import (
    CORRECTED,
    STAGE,
    insert_cast,
    insert_files,
    insert_printed,
    insert_typed,
    put_read,
    take_back,
    unread_texts,
)
from gouji.intake.ledger.submission import Problem
from gouji.intake.ledger.tables import HALF, ROW
from gouji.intake.ledger.unread_tables import UnreadFigure, keep_unread
from gouji.intake.values.arrow_figures import Read
from gouji.intake.values.figure_text import FigureFault
from gouji.intake.values.given_columns import given_in_stage, gives_columns
from gouji.intake.workbooks.sheet import said
from gouji.intake.workbooks.to_arrow import FEW_ROWS, VALUE, Alike, Fault, read_one
from gouji.rules import Column, Role, Table

if TYPE_CHECKING:
    from gouji.intake.workbooks.batch import Heap, Stage
    from gouji.intake.workbooks.extracted import Received

# A statement of SQL pays for many rows only.
BATCH_CELLS = 1_200_000


class Loader:
    """Fills DuckDB. `add` takes a heap of workbooks at a time; `flush` writes what is left. Memory holds one batch, whatever the number of files."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], layouts: Layouts
    ) -> None:
        self.con, self.tables, self.layouts = con, tables, layouts
        self.held = Held(con, tables, layouts)
        self.stages: dict[tuple[Any, ...], tuple[Alike, list[pa.Table]]] = {}
        self.cells = self.rows_in = self.files = 0
        self.problems: list[Problem] = []
        # Set before the name of every file: which submission it belongs to, where there are several.
        self.prefix = ""
        self.faults: list[tuple[Table, Fault]] = []
        self.next_row = dict.fromkeys(tables, 0)
        # Unit and year -> the files in which its row of the table of units came another way.
        self.units_sent: dict[tuple[str, str], list[str]] = {}
        self.listed: list[tuple[int, str, str, str, str, int]] = []

    def start_at(self, table: str, number: int) -> None:
        """Rows before `number` came another way."""
        self.next_row[table] = number

    def add(self, heap: Heap, taken: Sequence[bool]) -> None:
        """Take over the rows of those workbooks that are `taken`; their unit and year are known."""
        numbers = np.zeros(len(taken), np.int32)
        covers = np.array(taken, np.bool_)
        for at in np.flatnonzero(taken).tolist():
            covers[at] = not self._unit_sent(heap.books[at])
            numbers[at] = self._list(heap.books[at])
        adopted = [self.layouts.adopt(layout)[0].number for layout in heap.layouts]
        layouts = np.array([*adopted, -1], np.int32)
        for stage in heap.stages:
            made = not stage.alike.columns and self.tables[stage.alike.table].role is Role.UNITS
            self._take(stage, covers if made else np.array(taken, np.bool_), numbers, layouts)
        if self.cells > BATCH_CELLS:
            self.flush()

    def _unit_sent(self, book: Received) -> bool:
        """Whether the row that was made for a workbook without a cover came another way, from the same submission: then it does not count."""
        files = self.units_sent.get((book.unit, book.year), ())
        sent = book.without_cover and any(file.startswith(self.prefix) for file in files)
        book.rows -= sent
        return sent

    def _list(self, book: Received) -> int:
        """Put a workbook on the list of files; its number."""
        self.files += 1
        self.rows_in += book.rows
        printed = book.printed.items()
        self.held.printed.update(((self.files, sheet), places) for sheet, places in printed)
        self.listed.append(
            (self.files, self.prefix + book.file, book.digest, book.unit, book.year, book.rows)
        )
        return self.files

    def _take(self, stage: Stage, taken: Any, numbers: Any, layouts: Any) -> None:
        """Number rows, files and layouts as they are numbered here."""
        table = self.tables[stage.alike.table]
        rows, faults = _of_files(stage, taken)
        base, count = self.next_row[table.table], rows.num_rows
        if not count:
            return
        self.next_row[table.table] += count
        self.cells += count * len(stage.alike.columns)
        self._keep(table, faults, base)
        rows = rows.append_column(ROW, pa.array(np.arange(base, base + count, dtype=np.int64)))
        for name, own_numbers in (("@file", numbers), ("@layout", layouts)):
            values = pa.array(own_numbers[rows[name].to_numpy()])
            rows = rows.set_column(rows.column_names.index(name), name, values)
        # Heaps whose figures were read alike go together; that some have texts as well makes no difference.
        read = tuple(name for name in rows.column_names if name.startswith((VALUE, HALF)))
        self.stages.setdefault((stage.alike, read), (stage.alike, []))[1].append(rows)

    def _keep(self, table: Table, faults: Sequence[Fault], base: int) -> None:
        """Keep faults of rows whose first has the number `base`."""
        self.faults += [
            (table, (base + at, column, what, fix, note)) for at, column, what, fix, note in faults
        ]

    def add_columns(
        self,
        alike: Alike,
        file: str,
        digest: str,
        batches: Iterator[tuple[dict[str, Any], list[Fault], int]],
    ) -> None:
        """Take over the rows of a table that come as columns (`intake/files/arrow_columns.py`), with what of them cannot be read: all of them, or none where it raises."""
        self.flush()
        self.files, table, line = self.files + 1, self.tables[alike.table], 0
        self.listed.append((self.files, self.prefix + file, digest, "", "", 0))
        self.flush()
        with self._all_or_none(table):
            for columns, faults, count in batches:
                base = self.next_row[table.table]
                self.next_row[table.table] += count
                self._keep(table, faults, base)
                made = pa.table(_places(base, self.files, line, count) | columns)
                line += count
                self.rows_in += count
                self._store(Alike(alike.table, tuple(columns), alike.units), made)
        self.flush()

    @contextmanager
    def _all_or_none(self, table: Table) -> Iterator[None]:
        """Nothing is kept of the rows of a table whose file turns out to be damaged: part of them would make wrong sums."""
        began, rows_in, problems = self.next_row[table.table], self.rows_in, len(self.problems)
        try:
            yield
        except BaseException:
            take_back(self.con, table, began)
            self.rows_in = rows_in
            del self.problems[problems:]
            self.faults.clear()
            raise

    def flush(self) -> None:
        """Write the batch."""
        if self.listed:
            names = ("file", "name", "digest", "unit", "year", "rows")
            self.con.register(
                STAGE,
                pa.table(dict(zip(names, map(list, zip(*self.listed, strict=True)), strict=True))),
            )
            insert_files(self.con)
            self.con.unregister(STAGE)
            self.listed.clear()
        for alike, stages in self.stages.values():
            self._store(alike, pa.concat_tables(stages, promote_options="default"))
        self.stages.clear()
        self.cells = 0
        for name, group in groupby(self.faults, lambda fault: fault[0].table):
            self._settle(name, [fault for _table, fault in group])
        self.faults.clear()

    def _settle(self, name: str, faults: Sequence[Fault]) -> None:
        """Tell what there is to tell of figures of one table; those that could not be read are kept."""
        asked = [(row, column) for row, column, *_said in faults]
        unread = list[UnreadFigure]()
        places = self.held.places(self.tables[name], asked)
        for at, (row, column, what, fix, note) in zip(places, faults, strict=True):
            if what:
                self.problems.append(Problem(name, at, what, fix, note))
            if not note:
                unread.append(UnreadFigure(name, column, row, str(at)))
        keep_unread(self.con, unread)

    def _store(self, alike: Alike, stage: pa.Table) -> None:
        """The texts into `表#`, the figures into the table: few rows are read one by one, many by SQL."""
        table, units = self.tables[alike.table], dict(alike.units)
        if gives_columns(table):
            stage, faults = given_in_stage(table, stage)
            self.faults += [(table, fault) for fault in faults]
        own = set(stage.column_names)
        few = stage.num_rows <= FEW_ROWS and not any(name.startswith(VALUE) for name in own)
        if few:
            stage = self._read_few(table, units, stage)
        self.con.register(STAGE, stage)
        try:
            insert_printed(self.con, table, own)
            if few:
                insert_cast(self.con, table, set(stage.column_names))
            else:
                insert_typed(self.con, table, own, units)
            if not few:
                self._leftovers(table, units, own)
        finally:
            self.con.unregister(STAGE)

    def _read_few(self, table: Table, units: Mapping[str, str], stage: pa.Table) -> pa.Table:
        """The stage with the values of figures beside their texts."""
        rows = stage[ROW].to_pylist()
        for column in table.columns:
            if column.name not in stage.column_names or not column.numeric:
                continue
            readings = [
                self._told(table, row, column, read_one(text, column, units))
                if text is not None
                else (None, None, "")
                for row, text in zip(rows, stage[column.name].to_pylist(), strict=True)
            ]
            values, halves = ([reading[at] for reading in readings] for at in (0, 1))
            stage = stage.append_column(VALUE + column.name, pa.array(values, pa.string()))
            stage = stage.append_column(HALF + column.name, pa.array(halves, pa.string()))
        return stage

    def _told(self, table: Table, row: int, column: Column, reading: Read | FigureFault) -> Read:
        """What was read of a figure, once what there is to tell of it is told."""
        if isinstance(reading, FigureFault):
            self.faults.append((table, (row, column.name, reading.what, reading.fix, False)))
            return None, None, ""
        if reading[2]:
            self.faults.append((table, (row, column.name, reading[2], "", True)))
        return reading

    def _leftovers(self, table: Table, units: Mapping[str, str], own: set[str]) -> None:
        """What SQL did not read: find the columns with one scan, then read each different text as `read_figure` does."""
        for column, found in unread_texts(self.con, table, own, units):
            self._read(table, units, column, [(row, said(value)) for row, value in found])

    def _read(
        self, table: Table, units: Mapping[str, str], column: Column, found: list[tuple[int, str]]
    ) -> None:
        """Read texts of a column that SQL did not read, each different one once, and put their figures into the table."""
        made = {text: read_one(text, column, units) for _row, text in found}
        told = ((row, self._told(table, row, column, made[text])) for row, text in found)
        read = [(row, value, half) for row, (value, half, _told) in told if value is not None]
        if not read:
            return
        rows, values, halves = (list(one) for one in zip(*read, strict=True))
        self.con.register(CORRECTED, pa.table({"row": rows, "value": values, "half": halves}))
        put_read(self.con, table, column)
        self.con.unregister(CORRECTED)


def _of_files(stage: Stage, taken: Any) -> tuple[pa.Table, Sequence[Fault]]:
    """The rows of files that are taken, and what of these cannot be read."""
    kept = taken[stage.rows["@file"].to_numpy()]
    if kept.all():
        return stage.rows, stage.faults
    places = np.cumsum(kept) - 1
    faults = [
        (int(places[at]), column, what, fix, note)
        for at, column, what, fix, note in stage.faults
        if kept[at]
    ]
    return stage.rows.filter(pa.array(kept)), faults


def _places(base: int, file: int, line: int, count: int) -> dict[str, Any]:
    """Number, file and line of rows that come as columns; they have no layout."""
    return {
        ROW: pa.array(range(base, base + count), pa.int64()),
        "@file": pa.array([file] * count, pa.int32()),
        "@line": pa.array(range(line + 1, line + 1 + count), pa.int32()),
        "@layout": pa.array([-1] * count, pa.int32()),
    }
