"""Pieces of workbooks -> DuckDB, in batches: what was printed and where beside each table (`表#`), figures typed by SQL in the table itself.

Only what SQL does not read as a plain figure goes through `read_figure`, each different text once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from gouji.intake.figure import FigureFault
from gouji.intake.held import FILES, PLACED, Held, printed_table
from gouji.intake.layout import Layouts
from gouji.intake.piece import Given, Received
from gouji.intake.plain import half_of, is_nothing, is_plain, is_plain_number, number_half, number_value, value_of
from gouji.intake.sheet import said
from gouji.intake.stage import FEW_ROWS, VALUE, Buffer, as_text, read_one, staged
from gouji.intake.store import HALF, ROW, layout, quoted
from gouji.intake.submission import Problem
from gouji.later import duckdb, with_arrow
from gouji.later import pyarrow as pa
from gouji.load.tables import Column, Role, Table

# Rows become columns in small heaps, which are still at hand; a statement of SQL pays for large ones only.
STAGE_CELLS, BATCH_CELLS = 150_000, 1_200_000
STAGE, MENDED = "#stage", "#mended"


class Loader:
    """Fills DuckDB. `add` takes one workbook at a time; `finish` writes what is left. Memory holds one batch, whatever the number of files."""

    def __init__(self, con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], layouts: Layouts) -> None:
        self.con, self.tables, self.layouts = con, tables, layouts
        self.held = Held(con, tables, layouts)
        self.buffers: dict[tuple[Any, ...], Buffer] = {}
        self.stages: dict[tuple[Any, ...], tuple[Buffer, list[pa.Table]]] = {}
        self.cells = self.staged_cells = self.rows_in = self.files = 0
        self.problems: list[Problem] = []
        # Set before the name of every file: which submission it belongs to, where there are several.
        self.prefix = ""
        self.faults: list[tuple[Table, int, str, FigureFault]] = []
        self.next_row = dict.fromkeys(tables, 0)
        self.listed: list[tuple[int, str, str, str, str, int]] = []
        self.units = next((t for t in tables.values() if t.role is Role.UNITS), None)

    def start_at(self, table: str, number: int) -> None:
        """Rows before `number` came another way."""
        self.next_row[table] = number

    def add(self, received: Received) -> None:
        """Take over the pieces of a workbook whose unit and year are known."""
        self.files += 1
        count = 0
        for given in received.given:
            layout, _new = self.layouts.adopt(given.layout)
            key = (given.table, given.columns, layout.units)
            buffer = self.buffers.get(key)
            if buffer is None:
                buffer = self.buffers[key] = Buffer(self.tables[given.table], given.columns, dict(layout.units))
            self._extend(buffer, given, layout.number, received)
            count += len(given.rows)
        if self.units is not None and not any(given.table == self.units.table for given in received.given):
            count += self._cover(received)
        self.rows_in += count
        self.listed.append((self.files, self.prefix + received.file, received.digest, received.unit, received.year, count))
        if self.cells > STAGE_CELLS:
            self._stage()
        if self.staged_cells > BATCH_CELLS:
            self.flush()

    def _extend(self, buffer: Buffer, given: Given, layout: int, received: Received) -> None:
        buffer.rows.extend(given.rows)
        buffer.lines.extend(given.lines)
        buffer.groups.extend(given.groups)
        buffer.runs.append((len(given.rows), self.files, given.sheet, layout, received.unit, received.year, received.name))
        self.cells += len(given.rows) * len(given.columns)

    def _cover(self, received: Received) -> int:
        """A workbook without a cover still makes a row of the table of units: its code, year and name are known otherwise."""
        assert self.units is not None
        key = (self.units.table, (), ())
        buffer = self.buffers.setdefault(key, Buffer(self.units, (), {}))
        buffer.rows.append(())
        buffer.lines.append(0)
        buffer.groups.append(0)
        buffer.runs.append((1, self.files, "", -1, received.unit, received.year, received.name))
        return 1

    def add_batches(self, table: Table, file: str, digest: str, batches: Iterator[pa.RecordBatch]) -> None:
        """Take over the rows of a table that come as columns: Parquet, databases. Figures are in the units of the description."""
        self.flush()
        self.files += 1
        line = 0
        self.listed.append((self.files, self.prefix + file, digest, "", "", 0))
        self.flush()
        for batch in batches:
            base, count = self.next_row[table.table], batch.num_rows
            self.next_row[table.table] += count
            made: dict[str, Any] = {ROW: pa.array(range(base, base + count), pa.int64()), "@file": pa.array([self.files] * count, pa.int32())}
            made["@line"] = pa.array(range(line + 1, line + 1 + count), pa.int32())
            made["@layout"] = pa.array([-1] * count, pa.int32())
            for name, values in zip(batch.schema.names, batch.columns, strict=True):
                made[name] = as_text(values)
            line += count
            self.rows_in += count
            self._store(Buffer(table, tuple(batch.schema.names), {}), pa.table(made))
        self.flush()

    def flush(self) -> None:
        """Write the batch."""
        if self.listed:
            names = ("file", "name", "digest", "unit", "year", "rows")
            with_arrow(self.con).register(STAGE, pa.table(dict(zip(names, map(list, zip(*self.listed, strict=True)), strict=True))))
            self.con.execute(f"INSERT INTO {quoted(FILES)} SELECT * FROM {quoted(STAGE)}").fetchall()
            self.con.unregister(STAGE)
            self.listed.clear()
        self._stage()
        for buffer, stages in self.stages.values():
            self._store(buffer, pa.concat_tables(stages, promote_options="default"))
        self.stages.clear()
        self.staged_cells = 0
        for name, group in groupby(self.faults, lambda fault: fault[0].table):
            faults = list(group)
            places = self.held.places(self.tables[name], [(row, column) for _table, row, column, _fault in faults])
            self.problems += [Problem(name, at, f.what, f.mend) for at, (_table, _row, _column, f) in zip(places, faults, strict=True)]
        self.faults.clear()

    def _stage(self) -> None:
        """Rows of Python values -> columns, which are smaller; as long as they are at hand."""
        for key, buffer in self.buffers.items():
            table, count = buffer.table, len(buffer.rows)
            if not count:
                continue
            stage, faults = staged(buffer, self.next_row[table.table])
            self.next_row[table.table] += count
            self.faults += [(table, row, column, fault) for row, column, fault in faults]
            # Heaps whose figures were read alike go together; that some have texts as well makes no difference.
            alike = tuple(name for name in stage.schema.names if name.startswith((VALUE, HALF)))
            self.stages.setdefault((key, alike), (buffer, []))[1].append(stage)
            for rows in (buffer.rows, buffer.lines, buffer.groups, buffer.runs):
                rows.clear()
        self.buffers.clear()
        self.staged_cells += self.cells
        self.cells = 0

    def _store(self, buffer: Buffer, stage: pa.Table) -> None:
        """The texts into `表#`, the figures into the table: few rows are read one by one, many by SQL."""
        table, own = buffer.table, set(stage.column_names)
        few = stage.num_rows <= FEW_ROWS
        if few:
            stage = self._read_few(buffer, stage)
        with_arrow(self.con).register(STAGE, stage)
        try:
            held = ", ".join(quoted(n) if n in own else "NULL" for n in (*PLACED, *(c.name for c in table.columns)))
            self.con.execute(f"INSERT INTO {quoted(printed_table(table))} SELECT {held} FROM {quoted(STAGE)}").fetchall()
            typed = ", ".join(_cast(table, set(stage.column_names)) if few else _typed(table, own, buffer.units))
            self.con.execute(f"INSERT INTO {quoted(table.table)} SELECT {typed} FROM {quoted(STAGE)}").fetchall()
            if not few:
                self._leftovers(buffer, own)
        finally:
            self.con.unregister(STAGE)

    def _read_few(self, buffer: Buffer, stage: pa.Table) -> pa.Table:
        """The stage with the values of figures beside their texts."""
        rows = stage[ROW].to_pylist()
        for column in buffer.table.columns:
            if column.name not in stage.column_names or not column.numeric:
                continue
            values, halves = list[str | None](), list[str | None]()
            for row, text in zip(rows, stage[column.name].to_pylist(), strict=True):
                reading = read_one(text, column, buffer.units) if text is not None else (None, None)
                if isinstance(reading, FigureFault):
                    self.faults.append((buffer.table, row, column.name, reading))
                    reading = (None, None)
                values.append(reading[0])
                halves.append(reading[1])
            stage = stage.append_column(VALUE + column.name, pa.array(values, pa.string()))
            stage = stage.append_column(HALF + column.name, pa.array(halves, pa.string()))
        return stage

    def _leftovers(self, buffer: Buffer, own: set[str]) -> None:
        """What SQL did not read: find the columns with one scan, then read each different text as `read_figure` does."""
        tests = [
            (c, quoted(name), _unread(c, name, buffer.units.get(c.name)))
            for c in buffer.table.columns if c.numeric and HALF + c.name not in own for name in (VALUE + c.name, c.name) if name in own
        ]  # fmt: skip
        if not tests:
            return
        query = f"SELECT {', '.join(f'count(*) FILTER (WHERE {test})' for _c, _n, test in tests)} FROM {quoted(STAGE)}"
        (counts,) = self.con.execute(query).fetchall()
        for (column, name, test), count in zip(tests, counts, strict=True):
            if count:
                found = self.con.execute(f"SELECT {quoted(ROW)}, {name} FROM {quoted(STAGE)} WHERE {test} ORDER BY 1").fetchall()
                self._read(buffer, column, [(row, said(value)) for row, value in found])

    def _read(self, buffer: Buffer, column: Column, found: list[tuple[int, str]]) -> None:
        made: dict[str, tuple[str | None, str | None] | FigureFault] = {text: read_one(text, column, buffer.units) for _row, text in found}
        rows, values, halves = list[int](), list[str | None](), list[str | None]()
        for row, text in found:
            reading = made[text]
            if isinstance(reading, FigureFault):
                self.faults.append((buffer.table, row, column.name, reading))
            elif reading[0] is not None:
                rows.append(row)
                values.append(reading[0])
                halves.append(reading[1])
        if rows:
            with_arrow(self.con).register(MENDED, pa.table({"row": rows, "value": values, "half": halves}))
            kinds, name = dict(layout(buffer.table)), column.name
            sets = [f"{quoted(name)} = CAST(m.value AS {kinds[name]})"]
            if name + HALF in kinds:
                sets.append(f"{quoted(name + HALF)} = CAST(m.half AS {kinds[name + HALF]})")
            where = f"FROM {quoted(MENDED)} m WHERE {quoted(buffer.table.table)}.{quoted(ROW)} = m.row"
            self.con.execute(f"UPDATE {quoted(buffer.table.table)} SET {', '.join(sets)} {where}").fetchall()
            self.con.unregister(MENDED)


def _typed(table: Table, own: set[str], units: Mapping[str, str]) -> list[str]:
    found = [quoted(ROW)]
    for column in table.columns:
        text, number, unit = quoted(column.name), quoted(VALUE + column.name), units.get(column.name)
        if not column.numeric:
            found.append(f"nullif({text}, '')" if column.name in own else "NULL")
            continue
        if column.name not in own and VALUE + column.name not in own:
            found += [_unprinted(column)] * (1 if column.exact else 2)
            continue
        if HALF + column.name in own:
            found += [number] if column.exact else [number, quoted(HALF + column.name)]
            continue
        reads = [r for name, r in ((VALUE + column.name, number_value(number, column, unit)), (column.name, value_of(text, column, unit))) if name in own]
        found.append(f"coalesce({', '.join(reads)})" if len(reads) > 1 else (reads or ["NULL"])[0])
        if not column.exact:
            reads = [r for name, r in ((VALUE + column.name, number_half(number, column, unit)), (column.name, half_of(text, column, unit))) if name in own]
            found.append(f"coalesce({', '.join(reads)})" if len(reads) > 1 else (reads or ["NULL"])[0])
    return found


def _cast(table: Table, own: set[str]) -> list[str]:
    """As `_typed`, where the values have been read already."""
    kinds, found = dict(layout(table)), [quoted(ROW)]
    for column in table.columns:
        name = column.name
        if not column.numeric:
            found.append(f"nullif({quoted(name)}, '')" if name in own else "NULL")
            continue
        found.append(f"CAST({quoted(VALUE + name)} AS {kinds[name]})" if name in own else _unprinted(column))
        if not column.exact:
            found.append(f"CAST({quoted(HALF + name)} AS {kinds[name + HALF]})" if name in own else _unprinted(column))
    return found


def _unprinted(column: Column) -> str:
    """What a column is that the form does not print."""
    return "0" if column.unprinted == "zero" else "NULL"


def _unread(column: Column, name: str, unit: str | None) -> str:
    cell = quoted(name)
    if name == VALUE + column.name:
        return f"{cell} IS NOT NULL AND NOT ({is_plain_number(cell, column, unit)})"
    return f"{cell} IS NOT NULL AND NOT {is_nothing(cell)} AND NOT {is_plain(cell, column, unit)}"
