"""Tables as sent, in DuckDB -> derived tables, in the same database: first what is gathered from other units, then the rows of each unit.

What is gathered lies in tables of its own (`表.列@`), so that it can be worked out over all units and then used for a part of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import duckdb

from gouji.base.sql_names import literal
from gouji.intake.deriving.derived_sql import FillingStatements
from gouji.intake.deriving.gathered_sql import GatheringQueries
from gouji.intake.deriving.source_rows_sql import SourceRows, gathered_name, sources_of, taken
from gouji.intake.ledger.set_aside_tables import GATHERED_ASIDE, gathered_aside
from gouji.intake.ledger.tables import PLACED, create, holding, printed_table, quoted
from gouji.rules import Column, ColumnRole, Over, Role, Table, Take

Tables = Mapping[str, Table]
# Of what is worked out for each unit by itself.
UNITS_AT_A_TIME = 1000
GATHERED = (
    "u VARCHAR, y INTEGER, k VARCHAR, v DECIMAL(38,6), h DECIMAL(38,6), t VARCHAR, known BOOLEAN"
)


def derived_tables(tables: Tables, across: bool | None = None) -> tuple[Table, ...]:
    """The derived tables; with `across` those that need figures of other units, or those that do not."""
    return tuple(t for t in tables.values() if t.derived is not None and across in (None, t.across))


def sent_tables(tables: Tables) -> dict[str, Table]:
    """The tables that units send."""
    return {name: t for name, t in tables.items() if t.derived is None}


def gathering(tables: Tables) -> Iterator[tuple[Table, Column, Take]]:
    """Every column for which figures of other units are gathered."""
    return (
        (t, c, take)
        for t in derived_tables(tables, across=True)
        for c, take in taken(t)
        if take.over is not Over.OWN
    )


def gather(con: duckdb.DuckDBPyConnection, tables: Tables, halves: Container[str]) -> None:
    """Work out what is gathered from other units, over all rows that the tables hold. `halves` names the tables with precision columns."""
    _done(con, _to_gather(con, tables, halves), 1)
    _drop_counted(con, tables, halves)


def _to_gather(
    con: duckdb.DuckDBPyConnection, tables: Tables, halves: Container[str]
) -> list[list[str]]:
    """Empty tables of what is gathered, and the statements that fill them."""
    asked = tuple(gathering(tables))
    there, works, below = (
        _holding(con) if asked else frozenset[str](),
        list[list[str]](),
        dict[str, bool](),
    )
    for table, column, take in asked:
        con.execute(f"CREATE OR REPLACE TABLE {quoted(gathered_name(table, column))} ({GATHERED})")
        if there.isdisjoint(sources_of(table, take)):
            continue
        statements = GatheringQueries(tables, halves, table)
        if take.over is Over.BELOW and not _any_below(below, statements, con):
            continue
        works.append(
            [
                f"INSERT INTO {quoted(gathered_name(table, column))} {query}"
                for query in statements.gathered(column, take)
            ]
        )
    return works


def _any_below(
    known: dict[str, bool], statements: GatheringQueries, con: duckdb.DuckDBPyConnection
) -> bool:
    """Whether any unit counts for another one. Which do is found once, and lies there for all statements that ask for it."""
    name = statements.counted
    if name not in known:
        con.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS {statements.below()}")
        known[name] = bool(con.execute(f"SELECT 1 FROM {quoted(name)} LIMIT 1").fetchall())
    return known[name]


def _drop_counted(con: duckdb.DuckDBPyConnection, tables: Tables, halves: Container[str]) -> None:
    """Once all is gathered nothing asks for it any more."""
    counted = {
        GatheringQueries(tables, halves, table).counted
        for table, _column, take in gathering(tables)
        if take.over is Over.BELOW
    }
    for name in sorted(counted):
        con.execute(f"DROP TABLE IF EXISTS {quoted(name)}")


def work_out(con: duckdb.DuckDBPyConnection, tables: Tables, halves: Container[str]) -> None:
    """Gather and derive, where the tables hold all units there are."""
    # Of many units each statement has work for every core, and needs its memory.
    at_once = 2 if len(_parts(con, tables)) == 1 else 1
    _done(
        con,
        [*_to_derive(con, tables, halves, across=False), *_to_gather(con, tables, halves)],
        at_once,
    )
    _drop_counted(con, tables, halves)
    _done(con, _to_derive(con, tables, halves, across=True), at_once)


def _done(con: duckdb.DuckDBPyConnection, works: Sequence[Sequence[str]], at_once: int) -> None:
    """Carry out lists of statements that know nothing of each other: one core plans each, and tables of so few rows are gone through by one."""
    if at_once == 1 or len(works) < 2:
        for statement in chain.from_iterable(works):
            con.execute(statement)
        return

    def carry_out(work: Sequence[str]) -> None:
        with con.cursor() as own:
            for statement in work:
                own.execute(statement)

    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(carry_out, works))


def make_empty(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """An empty derived table, and the one with the texts behind its figures."""
    con.execute(f"DROP TABLE IF EXISTS {quoted(table.table)}")
    con.execute(f"DROP TABLE IF EXISTS {quoted(printed_table(table))}")
    create(con, table)
    placed = ", ".join(f"{quoted(name)} INTEGER" for name in PLACED)
    con.execute(
        f"CREATE TABLE {quoted(printed_table(table))} ({placed}, {', '.join(f'{quoted(c.name)} VARCHAR' for c in table.columns)})"
    )


def derive(
    con: duckdb.DuckDBPyConnection,
    tables: Tables,
    halves: Container[str],
    across: bool | None = None,
) -> None:
    """Make the derived tables and fill them, after `gather`."""
    _done(con, _to_derive(con, tables, halves, across), 1)


def _to_derive(
    con: duckdb.DuckDBPyConnection, tables: Tables, halves: Container[str], across: bool | None
) -> list[list[str]]:
    """Empty derived tables, and the statements that fill them."""
    there, works, parts = _holding(con), list[list[str]](), _parts(con, tables)
    for table in derived_tables(tables, across):
        make_empty(con, table)
        if not there.isdisjoint(_needed(table)):
            statements = FillingStatements(tables, halves, table)
            works.append(list(statements.filled() if table.across else statements.filled(parts)))
    return works


def _parts(con: duckdb.DuckDBPyConnection, tables: Tables) -> list[str]:
    """Conditions that part very many units, so that what is worked out at a time, and the memory for it, do not grow with their number."""
    units = next(t for t in tables.values() if t.role is Role.UNITS)
    own = quoted(units.with_role(ColumnRole.UNIT).name)
    numbered = f"SELECT {own} AS u, row_number() OVER (ORDER BY {own}) AS n FROM (SELECT DISTINCT {own} FROM {quoted(units.table)})"
    found = con.execute(
        f"SELECT u FROM ({numbered}) WHERE n > 1 AND (n - 1) % {UNITS_AT_A_TIME} = 0 ORDER BY n"
    ).fetchall()
    edges = [literal(str(unit)) for (unit,) in found]
    from_, before = (
        ["true", *(f"u >= {edge}" for edge in edges)],
        [*(f"u < {edge}" for edge in edges), "true"],
    )
    return [f"{low} AND {high}" for low, high in zip(from_, before, strict=True)]


def derive_views(con: duckdb.DuckDBPyConnection, tables: Tables, halves: Container[str]) -> None:
    """The derived tables as views, without texts: for many units, part by part. What has no source stays an empty table."""
    derived = tuple(derived_tables(tables))
    there = _holding(con) if derived else frozenset[str]()
    for table in derived:
        if table.table not in _views(con):
            con.execute(f"DROP TABLE IF EXISTS {quoted(table.table)}")
        if there.isdisjoint(_needed(table)):
            create(con, table)
        else:
            con.execute(
                f"CREATE OR REPLACE VIEW {quoted(table.table)} AS {FillingStatements(tables, halves, table).viewed()}"
            )


def present(
    con: duckdb.DuckDBPyConnection, tables: Tables, absent: Container[tuple[str, bool]]
) -> frozenset[tuple[str, bool]]:
    """Derived tables that can have rows for the year (with True: the year before); `absent` are the tables that nobody sent."""
    derived = tuple(derived_tables(tables))
    there = _holding(con) if derived else frozenset[str]()
    return frozenset(
        (t.table, prior)
        for t in derived
        for prior in (False, True)
        if any((name, prior) not in absent for name in t.sources)
        and (not t.across or not there.isdisjoint(_needed(t)))
    )


Found = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was gathered, by the table it lies in: `rows`; of levels of peers (rows for nobody by name), `holders`: whom they are for, and of which year."""

    rows: Mapping[str, Found]
    holders: Mapping[str, Found]


def gathered_for(
    con: duckdb.DuckDBPyConnection,
    tables: Tables,
    units: Sequence[str],
    halves: Container[str] | None = None,
) -> Gathered:
    """What was gathered for some units. `halves` are the tables with precision columns; all of them where nothing is said."""
    precise = frozenset(tables) if halves is None else halves
    query = "SELECT * FROM {name} WHERE u = '' OR u IN (SELECT unnest(?::VARCHAR[])) ORDER BY u, y, k, t"
    rows: dict[str, Found] = {}
    holders: dict[str, Found] = {}
    for table, column, take in gathering(tables):
        name = gathered_name(table, column)
        rows[name] = con.execute(query.format(name=quoted(name)), [list(units)]).fetchall()
        if take.levels and rows[name]:
            whom = SourceRows(tables, precise, table).holders(column, take)
            holders[name] = con.execute(
                f"SELECT u, y FROM ({whom}) WHERE u IN (SELECT unnest(?::VARCHAR[])) ORDER BY u, y",
                [list(units)],
            ).fetchall()
    if rows and (partly := gathered_aside(con, tables, units)):
        rows[GATHERED_ASIDE] = partly
    return Gathered(rows, holders)


def put_gathered(con: duckdb.DuckDBPyConnection, gathered: Gathered) -> None:
    """Lay down what was gathered elsewhere."""
    for name, rows in gathered.rows.items():
        con.execute(f"CREATE OR REPLACE TABLE {quoted(name)} ({GATHERED})")
        if rows:
            con.executemany(
                f"INSERT INTO {quoted(name)} VALUES (?, ?, ?, ?, ?, ?, ?)",
                [list(row) for row in rows],
            )


def _needed(table: Table) -> frozenset[str]:
    """The tables of which one must have a row, for the derived one to have any."""
    return frozenset(
        gathered_name(table, c) for c, take in taken(table) if take.over is not Over.OWN
    ) or frozenset(table.sources)


def _views(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    return frozenset(
        str(n)
        for (n,) in con.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
    )


def _holding(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Tables that have rows; of a view only its rows could say, so it counts."""
    return holding(con) | _views(con)


__all__ = [
    "Gathered",
    "derive",
    "derive_views",
    "derived_tables",
    "gather",
    "gathered_for",
    "gathered_name",
    "gathering",
    "make_empty",
    "present",
    "put_gathered",
    "sent_tables",
    "work_out",
]
