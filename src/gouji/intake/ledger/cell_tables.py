"""Rows that lie in DuckDB with what was printed and where (`表#`) -> rows as values, for the units asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb

from gouji.base.i18n import _
from gouji.intake.ledger.submission import At, Cell, Row
from gouji.intake.ledger.tables import (
    HALF,
    PLACED,
    ROW,
    holding,
    literal,
    printed_table,
    quoted,
)
from gouji.intake.values.figure_text import FigureFault, is_blank, read_figure
from gouji.rules import UNITS, Column, ColumnRole, ColumnType, Table

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from gouji.intake.finding.layout import Layout, Layouts
    from gouji.intake.workbooks.printed_places import Places

FILES = "#files"
_DIGITS = re.compile(r"[-0-9.,]+")
_KINDS = ("BIGINT", "INTEGER", "VARCHAR", "INTEGER", "INTEGER", "INTEGER")


def create_held(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table]) -> None:
    """Make the list of files and, beside each table, the one with texts and places."""
    con.execute(
        f'CREATE TABLE {quoted(FILES)} (file INTEGER, name VARCHAR, digest VARCHAR, unit VARCHAR, year VARCHAR, "rows" INTEGER)'
    )
    for table in tables.values():
        placed = [f"{quoted(name)} {kind}" for name, kind in zip(PLACED, _KINDS, strict=True)]
        printed = [f"{quoted(c.name)} VARCHAR" for c in table.columns]
        con.execute(f"CREATE TABLE {quoted(printed_table(table))} ({', '.join(placed + printed)})")


def units_of_files(con: duckdb.DuckDBPyConnection, prefix: str = "") -> list[tuple[str, str]]:
    """Names of workbooks whose unit is known (of those that begin with the prefix), each with its unit."""
    query = f"SELECT name, unit FROM {quoted(FILES)} WHERE unit <> '' AND starts_with(name, {literal(prefix)})"
    return [(str(name), str(unit)) for name, unit in con.execute(query).fetchall()]


def rows_of_files(
    con: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[str], prefix: str
) -> list[tuple[Any, ...]]:
    """Columns of a table's rows that came from workbooks whose names begin with the prefix, and these names; each once, in order."""
    query = (
        f"SELECT DISTINCT {', '.join(f't.{quoted(c)}' for c in columns)}, f.name FROM {quoted(table.table)} t JOIN {quoted(printed_table(table))} p USING ({quoted(ROW)})"
        f" JOIN {quoted(FILES)} f ON f.file = p.{quoted('@file')} WHERE starts_with(f.name, {literal(prefix)}) ORDER BY ALL"
    )
    return con.execute(query).fetchall()


class Held:
    """What was read in bulk, by unit. Python values are made only for what is asked."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], layouts: Layouts
    ) -> None:
        self.con, self.tables, self.layouts = con, tables, layouts
        # The folder of the database file, where the rows do not lie in memory; it goes when nobody asks for rows any more.
        self.room: TemporaryDirectory[str] | None = None
        self._of_unit: dict[tuple[str, int], dict[str, list[Row]]] = {}
        # Units whose rows were fetched ahead, and those rows by table, unit and year.
        self._ahead: frozenset[str] = frozenset()
        self._fetched: dict[tuple[str, str, int], list[Row]] = {}
        self._names: dict[int, str] = {}
        # Of sheets that are tables of documents: where their cells stand, by file and sheet.
        self.printed: dict[tuple[int, str], Places] = {}
        self._any = False
        # Tables with rows, once nothing more comes.
        self._holding: frozenset[str] | None = None

    def settle(self) -> None:
        """Nothing more comes: what is empty now need not be asked again."""
        self._holding = holding(self.con)

    def forget(self) -> None:
        """Rows were taken out: what was fetched is fetched again."""
        self._of_unit.clear()

    def _empty(self, table: str) -> bool:
        return self._holding is not None and table not in self._holding

    def rows(self, table: Table, unit: str, year: int) -> list[Row]:
        """The unit's rows of one table in a year, in the order they were read."""
        if self._empty(table.table if table.derived is not None else FILES):
            return []
        if unit in self._ahead:
            return self._fetched.get((table.table, unit, year), [])
        if (unit, year) not in self._of_unit:
            if len(self._of_unit) > 16:
                self._of_unit.clear()
            self._of_unit[unit, year] = {}
        kept = self._of_unit[unit, year]
        if table.table not in kept:
            own, of_year = (
                quoted(table.with_role(r).name) for r in (ColumnRole.UNIT, ColumnRole.YEAR)
            )
            kept[table.table] = (
                self._rows(table, f"t.{own} = ? AND t.{of_year} = ?", [unit, year])
                if table.derived is not None or self._holds_any()
                else []
            )
        return kept[table.table]

    def ahead(self, tables: Mapping[str, Table], units: Sequence[str]) -> None:
        """Fetch the rows of some units, who will be asked for next: a query a table, not one for each unit. They take the place of those fetched before."""
        self._ahead, self._fetched = frozenset(), {}
        for table in tables.values():
            if self._empty(table.table) or not (table.derived is not None or self._holds_any()):
                continue
            of_year = table.with_role(ColumnRole.YEAR).name
            for unit, rows in self.by_unit(table, units).items():
                for row in rows:
                    if of_year in row.cells:
                        self._fetched.setdefault(
                            (table.table, unit, int(row.cells[of_year].value)), []
                        ).append(row)
        self._ahead = frozenset(units)

    def _holds_any(self) -> bool:
        """Whether anything came in bulk; asked again as long as nothing did."""
        if not self._any:
            self._any = bool(self.con.execute(f"SELECT 1 FROM {quoted(FILES)} LIMIT 1").fetchall())
        return self._any

    def by_unit(self, table: Table, units: Sequence[str]) -> dict[str, list[Row]]:
        """The rows of some units in one table, of every year, in the order they were read."""
        own = table.with_role(ColumnRole.UNIT).name
        found: dict[str, list[Row]] = {}
        for row in self._rows(
            table, f"t.{quoted(own)} IN (SELECT unnest(?::VARCHAR[]))", [list(units)]
        ):
            found.setdefault(str(row.cells[own].value), []).append(row)
        return found

    def speakers(self, table: Table) -> set[tuple[str, str]]:
        """Which file has a row about which unit, rows that are set aside later included."""
        own = quoted(table.with_role(ColumnRole.UNIT).name)
        query = (
            f"SELECT DISTINCT f.name, p.{own} FROM {quoted(printed_table(table))} p JOIN {quoted(FILES)} f ON f.file = p.{quoted('@file')}"
            f" WHERE p.{own} <> ''"
        )
        return {(str(name), str(unit)) for name, unit in self.con.execute(query).fetchall()}

    def files(self, table: Table, year: int) -> dict[str, str]:
        """Of each unit with a row of a year in the table the file it came in, the last one."""
        own, of_year = (quoted(table.with_role(r).name) for r in (ColumnRole.UNIT, ColumnRole.YEAR))
        query = (
            f"SELECT t.{own}, f.name FROM {quoted(table.table)} t JOIN {quoted(printed_table(table))} p USING ({quoted(ROW)})"
            f" JOIN {quoted(FILES)} f ON f.file = p.{quoted('@file')} WHERE t.{of_year} = ? ORDER BY t.{quoted(ROW)}"
        )
        return {str(unit): str(name) for unit, name in self.con.execute(query, [year]).fetchall()}

    def row(self, table: Table, number: int) -> Row | None:
        """One row by its number."""
        return next(iter(self._rows(table, f"t.{quoted(ROW)} = ?", [number])), None)

    def at(self, table: Table, number: int, column: str) -> At:
        """Where a column of a row stood (the row need not be in the table itself yet)."""
        return self.places(table, [(number, column)])[0]

    def places(self, table: Table, asked: Sequence[tuple[int, str]]) -> list[At]:
        """Where columns of rows stood, in the order they are asked for."""
        query = (
            f"SELECT {', '.join(map(quoted, PLACED))} FROM {quoted(printed_table(table))}"
            f" WHERE {quoted(ROW)} IN (SELECT unnest(?::BIGINT[]))"
        )
        found = {
            row[0]: dict(zip(PLACED, row, strict=True))
            for row in self.con.execute(
                query, [list({number for number, _column in asked})]
            ).fetchall()
        }
        return [
            self._at(found[number], table.source_of(column)) if number in found else At("")
            for number, column in asked
        ]

    def years(self, table: Table) -> set[Decimal | str]:
        """The years of which the table holds a row."""
        if self._empty(table.table):
            return set()
        query = f"SELECT DISTINCT {quoted(table.with_role(ColumnRole.YEAR).name)} FROM {quoted(table.table)}"
        return {Decimal(year) for (year,) in self.con.execute(query).fetchall() if year is not None}

    def file_of(self, unit: str, year: int) -> str:
        """The workbook that a unit's figures of a year came in; empty where they came otherwise."""
        query = f"SELECT name FROM {quoted(FILES)} WHERE unit = ? AND year = ? ORDER BY file"
        return next(
            (str(name) for (name,) in self.con.execute(query, [unit, str(year)]).fetchall()), ""
        )

    def _rows(self, table: Table, where: str, values: list[Any]) -> list[Row]:
        number = quoted(ROW)
        renamed = ", ".join(f"{quoted(c.name)} AS {quoted('=' + c.name)}" for c in table.columns)
        query = (
            f"SELECT t.*, p.* EXCLUDE ({number}) RENAME ({renamed}) FROM {quoted(table.table)} t"
            f" JOIN {quoted(printed_table(table))} p USING ({number}) WHERE {where} ORDER BY t.{number}"
        )
        result = self.con.execute(query, values)
        names = [d[0] for d in result.description or []]
        return [
            self._row(table, dict(zip(names, found, strict=True))) for found in result.fetchall()
        ]

    def _row(self, table: Table, given: Mapping[str, Any]) -> Row:
        if table.derived is not None:
            return _derived_row(table, given)
        layout = self._layout(given)
        units = dict(layout.units) if layout else {}
        cells = {
            column.name: self._cell(table, column, given, layout, units.get(column.name))
            for column in table.columns
            if given[column.name] is not None
        }
        return Row(cells, self._at(given, ""))

    def _cell(
        self,
        table: Table,
        column: Column,
        given: Mapping[str, Any],
        layout: Layout | None,
        unit: str | None,
    ) -> Cell:
        """A cell as it was printed, in the unit of its form."""
        kept, printed = _kept(given[column.name]), given["=" + column.name]
        if printed is None:
            here = layout.spot(column.name, given["@group"], 1)[1] if layout is not None else 0
            # A zero that stands for what the form does not print.
            stands_in = here < 0 and not kept
            printed = "" if stands_in else _as_number(kept, unit or _described_unit(column))
        elif column.numeric and is_blank(printed):
            printed = ""
        return Cell(
            kept,
            given.get(column.name + HALF, Decimal(0) if column.numeric else None),
            printed,
            self._at(given, table.source_of(column.name)),
            _unit(printed, column, unit),
        )

    def _layout(self, given: Mapping[str, Any]) -> Layout | None:
        number = given["@layout"]
        return self.layouts.every[number].layout if number is not None and number >= 0 else None

    def _at(self, given: Mapping[str, Any], column: str) -> At:
        file = self._name(given["@file"])
        layout, line = self._layout(given), int(given["@line"] or 0)
        if layout is None:
            return At(file, line, column)
        from gouji.intake.workbooks.sheet import address

        row, col = layout.spot(column, given["@group"], line) if column else (-1, -1)
        sheet = given["@sheet"]
        at = At(file, line, column, sheet=sheet, cell=address(row, col) if col >= 0 else "")
        printed = self.printed.get((given["@file"], sheet))
        return at if printed is None else printed.at(at)

    def _name(self, file: int) -> str:
        if file not in self._names:
            found = self.con.execute(
                f"SELECT name FROM {quoted(FILES)} WHERE file = ?", [file]
            ).fetchall()
            if len(self._names) > 1000:
                self._names.clear()
            self._names[file] = str(found[0][0]) if found else ""
        return self._names[file]


def _derived_row(table: Table, given: Mapping[str, Any]) -> Row:
    """A row that was worked out: its place is the table and, for a figure of other units, who they are."""
    cells = {}
    for column in table.columns:
        if given[column.name] is None:
            continue
        kept, unit = _kept(given[column.name]), _described_unit(column)
        words = _whose_figures(column, str(given["=" + column.name] or ""))
        cells[column.name] = Cell(
            kept,
            given.get(column.name + HALF, Decimal(0) if column.numeric else None),
            _printed(kept, column, unit),
            At("", document=table.label or table.table, words=words),
            unit,
        )
    return Row(cells, At("", document=table.label or table.table))


def _whose_figures(column: Column, text: str) -> str:
    """Whose figures a figure is made of, out of the text behind it: how many, and the first of them by name."""
    if column.take is not None and column.take.significant is not None:
        return _("约数，取 {n} 位有效数字").format(n=column.take.significant)
    count, _mark, names = text.partition("|")
    if count and int(count) > names.count("、") + 1:
        return _("{names} 等 {n} 个数").format(names=names, n=count)
    return names


def _kept(value: Any) -> Any:
    """A value as cells hold it: whole numbers as decimals."""
    return Decimal(value) if isinstance(value, int) else value


def _described_unit(column: Column) -> str | None:
    """The unit that the description has a column printed in."""
    return column.unit or ("%" if column.type is ColumnType.PERCENT else None)


def _printed(value: Decimal | str, column: Column, unit: str | None) -> str:
    """A figure that was worked out, as the form would print it; with more places where it has them."""
    if isinstance(value, str) or column.exact:
        return _as_number(value, unit)
    number = value / UNITS[unit] if unit else value
    places = max(column.places or 0, -int(number.normalize().as_tuple().exponent), 0)
    return f"{number:,.{places}f}"


def _as_number(value: Decimal | str, unit: str | None) -> str:
    """What a cell held that holds a number: the value in the printed unit, without zeros behind."""
    if isinstance(value, str):
        return value
    number = value / UNITS[unit] if unit else value
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _unit(printed: str, column: Column, unit: str | None) -> str | None:
    """The unit a figure was printed in: its own, its form's, or the one described."""
    if not column.numeric or column.role is ColumnRole.YEAR or is_blank(printed):
        return column.unit if column.numeric else None
    # Digits alone bring no unit of their own, whether or not they can be read.
    if (known := unit or column.unit) and _DIGITS.fullmatch(printed):
        return known
    try:
        return read_figure(printed, column, unit).unit
    except FigureFault:
        return unit or column.unit
