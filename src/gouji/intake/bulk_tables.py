"""The tables of a bulk run: what to select from for each, with its columns as they are kept; what a run found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from gouji.base.faults import DataError, did_you_mean
from gouji.base.i18n import _
from gouji.intake.files.kept_units import StoredUnit, how_to_state, scaled, told_by_types
from gouji.intake.ledger.tables import HALF, column_type, quoted
from gouji.intake.values.bulk_types import DECIMAL, WHOLE, day_of, misfit
from gouji.rules import KEPT_PLACES, UNITS, WHOLE_DIGITS, Column, ColumnRole, Table

# The number of a row, where there is none in what is selected from.
NUMBER = "#"


@dataclass(frozen=True, slots=True)
class TablePart:
    """Where the rows of one table stand: what to select from, its row number, its columns with their types, its file if it is one of its own."""

    table: Table
    relation: str
    number: str
    types: Mapping[str, str]
    file: Path | None = None

    def cells(self) -> Iterator[str]:
        """Every described column as it is kept: the type of the description, NULL where it was not sent."""
        for column in self.table.columns:
            made = self._cast(column.name, column_type(column), column)
            zero = (
                column.null == "zero" if column.name in self.types else column.unprinted == "zero"
            )
            yield f"{f'COALESCE({made}, 0)' if zero else made} AS {quoted(column.name)}"
            if self.halves and column.numeric and not column.exact:
                yield f"{self._cast(column.name + HALF, _half_type(column), column)} AS {quoted(column.name + HALF)}"

    @property
    def halves(self) -> bool:
        """Whether a precision column stands beside some figure: then one is made beside every figure."""
        return any(name.endswith(HALF) for name in self.types)

    def _cast(self, name: str, kind: str, column: Column) -> str:
        own = self.types.get(name)
        if own is None:
            return f"NULL::{kind}"
        # Whole numbers reckon exactly as they are; casting them to DECIMAL would only cost time.
        if column.dated:
            return day_of(name, kind)
        plain = own == kind or (own in WHOLE and column.numeric and not name.endswith(HALF))
        return quoted(name) if plain else f"TRY_CAST({quoted(name)} AS {kind})"

    def recast(self) -> Iterator[tuple[str, str]]:
        """Columns of figures (and of halves of last places) whose cast may lose places, with the condition that it did."""
        for column in self.table.columns:
            for name, kind in (
                ((column.name, column_type(column)), (column.name + HALF, _half_type(column)))
                if column.numeric and not column.dated
                else ()
            ):
                made = self._cast(name, kind, column)
                if name in self.types and made != quoted(name):
                    # What is too large has no cast; of a figure that is told as such.
                    kept = (
                        f"abs({quoted(name)}) < {10 ** WHOLE_DIGITS[column.type]}"
                        if name == column.name
                        else f"{quoted(name)} IS NOT NULL"
                    )
                    yield name, f"{kept} AND ({made} IS NULL OR {made} <> {quoted(name)})"


def _half_type(column: Column) -> str:
    return f"DECIMAL(18,{KEPT_PLACES[column.type] + 1})"


@dataclass(slots=True)
class Bulk:
    """What was found in a folder or database: its parts, and after the gate the rows set aside by table."""

    parts: dict[str, TablePart]
    files: tuple[Path, ...]
    rows: dict[str, int] = field(default_factory=dict)
    # The one year of a table that has rows of no other, where its file says so.
    year: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    digits: dict[tuple[str, str], int] = field(default_factory=dict)
    full: set[tuple[str, str]] = field(default_factory=set)
    # Files or tables that nobody knows; tables of which nothing states what figures are kept in.
    unread: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()
    # Tables of which every unit is listed; those whose lines all bear codes.
    listed: set[str] = field(default_factory=set)
    coded: set[str] = field(default_factory=set)
    # Where there is no unit of the year: the years there are units of.
    years: tuple[int, ...] = ()

    @property
    def halves(self) -> frozenset[str]:
        """Tables that carry a precision column beside some figure; they get one beside every figure."""
        return frozenset(name for name, part in self.parts.items() if part.halves)


def scaled_part(con: duckdb.DuckDBPyConnection, part: TablePart) -> TablePart:
    """A part whose figures are as printed, in base units."""
    cells = {}
    for column in part.table.columns:
        for name in (column.name, column.name + HALF) if scaled(column) else ():
            if name in part.types:
                places = int(found[2]) if (found := DECIMAL.fullmatch(part.types[name])) else 0
                factor = UNITS[column.unit or "%"]
                cells[name] = f"{quoted(name)}::DECIMAL(38,{places}) * {factor:f}"
    return replaced(con, part, cells)


def replaced(
    con: duckdb.DuckDBPyConnection, part: TablePart, cells: Mapping[str, str]
) -> TablePart:
    """A part with some columns worked out from what its file holds; the statistics of the file say nothing of it any more."""
    if not cells:
        return part
    changed = ", ".join(f"{made} AS {quoted(name)}" for name, made in cells.items())
    relation = (
        f"(SELECT {part.number} AS {quoted(NUMBER)}, * REPLACE ({changed}) FROM {part.relation})"
    )
    return part_of(con, part.table, relation, quoted(NUMBER), None, but=part.number)


def part_of(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    number: str,
    file: Path | None,
    but: str = "",
) -> TablePart:
    """A table by what to select from and the number of its rows; the column called `but` is none of it. Raises DataError where the columns cannot be what the description says."""
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error as fault:
        raise unreadable(table.table, fault) from fault
    beside = (number, number.strip('"'), but)
    types = {row[0]: str(row[1]) for row in described if row[0] not in beside}
    known = {c.name for c in table.columns} | {
        c.name + HALF for c in table.columns if c.numeric and not c.exact
    }
    for name, kind in types.items():
        if name not in known:
            raise DataError(
                _("“{table}”没有“{column}”这一列").format(table=table.table, column=name),
                fix=did_you_mean(name, known),
            )
        _check_column(table, name, kind, types)
    for role in (ColumnRole.UNIT, ColumnRole.YEAR):
        own = table.with_role(role).name
        if own not in types:
            what = _("“{table}”没有“{column}”这一列").format(table=table.table, column=own)
            raise DataError(what, fix=_("补上"))
    return TablePart(table, relation, number, types, file)


def _check_column(table: Table, name: str, kind: str, types: Mapping[str, str]) -> None:
    """Raise DataError where a column is a half of nothing, or its type cannot hold what the description says."""
    column = table.column(name.removesuffix(HALF))
    assert column is not None
    if column.name not in types:
        what = _("“{table}”有“{half}”却没有“{column}”这一列").format(
            table=table.table, half=name, column=column.name
        )
        raise DataError(what, fix=_("补上"))
    if fix := misfit(column, kind):
        what = _("“{table}”的“{column}”是 {kind}").format(table=table.table, column=name, kind=kind)
        raise DataError(what, fix=fix)


def not_as_printed(parts: Iterable[TablePart]) -> None:
    """Raise DataError where nothing states what figures of some tables are kept in, and their types tell that they are as printed."""
    printed = [part.table.table for part in parts if _is_printed(part)]
    if printed:
        what = _("{tables} 没有写明金额和百分数按什么单位存，按列的类型看不是元和 1=100%")
        raise DataError(what.format(tables="、".join(printed)), fix=how_to_state())


def _is_printed(part: TablePart) -> bool:
    return told_by_types([(part.table, part.types)]) is StoredUnit.PRINTED


def unreadable(table: str, fault: duckdb.Error) -> DataError:
    """A table that DuckDB cannot read."""
    return DataError(
        _("“{table}”读不了：{why}").format(table=table, why=str(fault).split("\n")[0]),
        fix=_("重新导出这张表"),
    )


__all__ = [
    "NUMBER",
    "Bulk",
    "TablePart",
    "not_as_printed",
    "part_of",
    "replaced",
    "scaled_part",
    "unreadable",
]
