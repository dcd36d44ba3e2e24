"""Tables that lie elsewhere, by their columns and types -> parts of a bulk run whose rows are put into DuckDB as they are needed."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

import duckdb

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake.admission.column_tests import asked_fields
from gouji.intake.bulk_tables import NUMBER, TablePart, not_as_printed, part_of, scaled_part
from gouji.intake.deriving.exchanged_tables import only_below, sources
from gouji.intake.files.kept_units import StoredUnit, any_scaled
from gouji.intake.ledger.tables import HALF, ROW, layout, quoted
from gouji.rules import ColumnRole, Role, Table

Columns = Sequence[tuple[str, str]]


def lay_parts(
    con: duckdb.DuckDBPyConnection,
    laid: Mapping[str, tuple[str, Columns]],
    tables: Mapping[str, Table],
    units: str,
    figures: str | None = None,
) -> tuple[dict[str, TablePart], tuple[str, ...]]:
    """Parts of tables, each given as the name it will have in DuckDB and its columns with their types; and the tables of which nothing states what figures are kept in.

    `figures`: `base` or `printed` where it is known. Raises DataError as `find`.
    """
    if units not in laid:
        raise DataError(
            _("没有“{table}”这张表").format(table=units), fix=_("每个单位每年一行的名单不能少")
        )
    parts = {}
    for name, (relation, columns) in laid.items():
        listed = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns)
        con.execute(
            f"CREATE OR REPLACE TABLE {quoted(relation)} ({quoted(NUMBER)} BIGINT, {listed})"
        )
        parts[name] = part_of(con, tables[name], quoted(relation), quoted(NUMBER), None)
    if figures is not None and StoredUnit(figures) is StoredUnit.PRINTED:
        return {name: scaled_part(con, part) for name, part in parts.items()}, ()
    return parts, () if figures else _unstated(parts)


def _unstated(parts: Mapping[str, TablePart]) -> tuple[str, ...]:
    """Tables in which it matters what figures are kept in, and nothing states it. Raises DataError where types tell that they are as printed."""
    not_as_printed(parts.values())
    given = [(part.table, part.types) for part in parts.values()]
    return tuple(sorted(table.table for table, of in given if any_scaled([(table, of)])))


def put_rows(
    con: duckdb.DuckDBPyConnection, relation: str, columns: Columns, rows: Sequence[Any]
) -> None:
    """Make the table that a part reads, of Arrow tables; its rows are numbered from 0."""
    listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns)
    con.execute(f"CREATE OR REPLACE TABLE {quoted(relation)} ({quoted(NUMBER)} BIGINT, {listed})")
    for made in rows:
        con.register("#rows", made)
        con.execute(
            f'INSERT INTO {quoted(relation)} BY NAME SELECT (SELECT count(*) FROM {quoted(relation)}) + row_number() OVER () - 1 AS {quoted(NUMBER)}, * FROM "#rows"'
        )
        con.unregister("#rows")


def asked_columns(part: TablePart) -> list[str]:
    """The columns that Pandera is asked about, as far as they were sent, and those that say whose a row is."""
    whose = {part.table.with_role(role).name for role in (ColumnRole.UNIT, ColumnRole.YEAR)}
    asked = {f.name for f in asked_fields(part.table, lambda c: "" if c.numeric else "VARCHAR")}
    return [name for name in part.types if name in asked | whose | set(part.table.key)]


def shared_queries(
    tables: Mapping[str, Table], halves: Container[str]
) -> Iterator[tuple[str, str]]:
    """Of each table that other units' figures come from, the rows that may be asked for, in what is read of them."""
    below, units = only_below(tables), next(t for t in tables.values() if t.role is Role.UNITS)
    for name, columns in sources(tables).items():
        table = tables[name]
        whose = {table.with_role(role).name for role in (ColumnRole.UNIT, ColumnRole.YEAR)}
        kept = whose | set(table.key)
        wanted = [
            quoted(c)
            for c, _kind in layout(table)
            if c != ROW
            and (name in halves or not c.endswith(HALF))
            and (columns is None or c in kept or c.removesuffix(HALF) in columns)
        ]
        unit, own = (quoted(t.with_role(ColumnRole.UNIT).name) for t in (table, units))
        where = ""
        if name in below:
            where = f" WHERE {unit} IN (SELECT {own} FROM {quoted(units.table)} WHERE {quoted(below[name])} <> '')"
        yield name, f"SELECT {', '.join(wanted)} FROM {quoted(name)}{where}"
