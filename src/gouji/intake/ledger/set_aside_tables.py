"""Rows, sheets and files that were set aside -> which tables of which units are not whole, and where what is wanting stood: a list in DuckDB (`#aside`).

A row is of the unit that it names, else of the one whose file it stands in; where nobody can know whose it is, it may be any unit's of the same
submission. What is lost of a file of which nobody knows what it held counts for every table that the unit sent nothing else of. So does a row of a table
that may have one: where the unit's row is there, it is whole. A row without a year that can be read may be of any year.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import duckdb

from gouji.base.i18n import _
from gouji.intake.deriving.source_rows_sql import SourceRows, sources_of, taken
from gouji.intake.ledger.cell_tables import FILES
from gouji.intake.ledger.submission import At, Lost, Partly, Row, Submission
from gouji.intake.ledger.tables import literal, quoted
from gouji.intake.ledger.unread_tables import create_unread, settle_unread, unread_of
from gouji.intake.values.codes import by_signs, meant
from gouji.rules import Column, ColumnRole, Over, Role, Table, Take

Tables = Mapping[str, Table]
ASIDE, LOST, MEMBERS = "#aside", "#lost", "#members"
# What is gathered of it for units elsewhere.
GATHERED_ASIDE = f"{ASIDE}@"
PLACES_AT_MOST = 3
ANY = frozenset((Role.UNITS, Role.EXPECTED))


LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was set aside: of which table, unit and year, as far as that is known ("" or None: of any), where it stood, in which submission.

    `weak`: it only counts where the unit sent nothing else of the table.
    """

    table: str
    unit: str
    year: int | None
    place: str
    weak: bool
    home: str = ""


def create_aside(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty list: table, unit, year, place."""
    con.execute(
        f"CREATE OR REPLACE TABLE {quoted(ASIDE)} (t VARCHAR, u VARCHAR, y INTEGER, p VARCHAR, weak BOOLEAN)"
    )
    create_unread(con)


def settle_aside(
    con: duckdb.DuckDBPyConnection,
    tables: Tables,
    submission: Submission,
    members: Collection[tuple[str, str]] | None = None,
    home: Callable[[str], str] = lambda _file: "",
) -> None:
    """Fill the list, once the gate has been passed. `members` are pairs of submission and unit, where there are several; `home` tells whose a file is."""
    known = _units(con, tables)
    whose = _files(con)
    names = {name for name, table in tables.items() if table.derived is None}
    marks = {
        # What no calendar has is no year: such a mark is of any year.
        m if m.year is None or m.year <= LAST_YEAR else replace(m, year=None)
        for m in _marks(submission, tables, whose, known, home)
        if m.table in names or (not m.table and m.weak)
    }
    if marks:
        _list(con, tables, marks, members)
    settle_unread(con, {n: tables[n] for n in names}, submission.rows, ASIDE)


def _marks(
    submission: Submission,
    tables: Tables,
    whose: Mapping[str, tuple[str, str]],
    known: Collection[str],
    home: Callable[[str], str],
) -> Iterator[Mark]:
    codes = by_signs(known)
    for table, row, _why in submission.set_aside:
        if table in tables:
            unit, year = _own(row, tables[table], codes)
            file_unit, file_year = _of_file(row.at.file, whose)
            year = year if year is not None else file_year
            where = place_of(row.at), False, home(row.at.file)
            yield Mark(table, unit or file_unit, year, *where)
    for problem in submission.problems:
        if problem.lost is not Lost.NOTHING:
            file = problem.at.file
            unit, year = _of_file(file, whose)
            table = problem.table if problem.table in tables else _table_in(file, tables)
            # A file called as a table held rows of it, whatever else came of the table.
            weak = problem.lost is Lost.SHEET and (not table or bool(problem.table))
            # What is said about a file that no table is known of lies in one whose name may begin with the unit's code.
            unit = unit or unit_in(file, known)
            yield Mark(table, unit, year, place_of(problem.at), weak, home(file))


def _of_file(file: str, whose: Mapping[str, tuple[str, str]]) -> tuple[str, int | None]:
    """Unit and year of a file, as far as they are known."""
    unit, year = whose.get(file, ("", ""))
    return unit, int(year) if year.isdecimal() else None


def _own(row: Row, table: Table, codes: Mapping[str, str]) -> tuple[str, int | None]:
    """Unit and year that a row names, the unit as one of the known ones where it may be."""
    unit, year = (
        row.cells.get(table.with_role(role).name) for role in (ColumnRole.UNIT, ColumnRole.YEAR)
    )
    of = year.value if year is not None else None
    code = meant(str(unit.value), codes) if unit is not None else ""
    return code, int(of) if isinstance(of, Decimal) and of == int(of) else None


def unit_in(file: str, known: Collection[str]) -> str:
    """The unit whose code the name of a file, or of a folder that it lies in, begins with; "" where there is none."""
    for part in reversed(file.split("/")):
        for end in range(len(part), 0, -1):
            if part[:end] in known and not part[end : end + 1].isalnum():
                return part[:end]
    return ""


def _table_in(file: str, tables: Tables) -> str:
    """The table that a file is called as; "" where there is none."""
    name = file.rpartition("/")[2].partition(".")[0]
    return name if name in tables else ""


def place_of(at: At) -> str:
    """A place in words, with its line where no cell is named."""
    return (
        f"{at}/{_('第 {line} 行').format(line=at.line)}"
        if at.sheet and at.line and not at.cell
        else str(at)
    )


def _units(con: duckdb.DuckDBPyConnection, tables: Tables) -> frozenset[str]:
    units = next(t for t in tables.values() if t.role is Role.UNITS)
    found = con.execute(
        f"SELECT DISTINCT {quoted(units.with_role(ColumnRole.UNIT).name)} FROM {quoted(units.table)}"
    ).fetchall()
    return frozenset(str(unit) for (unit,) in found if unit is not None)


def _files(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Unit and year of each workbook of which they are known."""
    found = con.execute(f"SELECT name, unit, year FROM {quoted(FILES)} WHERE unit <> ''").fetchall()
    return {str(name): (str(unit), str(year)) for name, unit, year in found}


def _list(
    con: duckdb.DuckDBPyConnection,
    tables: Tables,
    marks: Collection[Mark],
    members: Collection[tuple[str, str]] | None,
    years: tuple[int, ...] = (),
) -> None:
    """Marks as rows of the list: those of any unit, year or table as one of each. Without `members` all units are of one submission. `years` are meant besides those of units."""
    units = next(t for t in tables.values() if t.role is Role.UNITS)
    of_year = quoted(units.with_role(ColumnRole.YEAR).name)
    _put_marks(con, marks)
    # Of very many units none is looked at where every mark says whose it is.
    _put_members(con, units, members, needed=any(not m.unit for m in marks))
    names = [
        name for name, table in tables.items() if table.derived is None and table.role not in ANY
    ]
    undated = "" if any(m.year is None for m in marks) else " LIMIT 0"
    con.execute(
        f"INSERT INTO {quoted(ASIDE)} WITH years AS (SELECT DISTINCT unnest([y, y - 1]) AS y FROM (SELECT DISTINCT {of_year} AS y FROM {quoted(units.table)}{undated}) UNION SELECT unnest({list(years)}::INTEGER[])),"
        f" named AS (SELECT unnest(?::VARCHAR[]) AS t)"
        f" SELECT DISTINCT coalesce(n.t, l.t), coalesce(m.u, l.u), coalesce(l.y, d.y), l.p, l.weak FROM {quoted(LOST)} l"
        f" LEFT JOIN named n ON l.t = '' LEFT JOIN {quoted(MEMBERS)} m ON l.h = m.h AND l.u = '' LEFT JOIN years d ON l.y IS NULL"
        f" WHERE coalesce(m.u, l.u) <> '' AND coalesce(l.y, d.y) IS NOT NULL",
        [names],
    )
    _drop_whole(con, tables)
    for name in (LOST, MEMBERS):
        con.execute(f"DROP TABLE {quoted(name)}")


def _put_marks(con: duckdb.DuckDBPyConnection, marks: Collection[Mark]) -> None:
    """The marks as rows, as they are."""
    rows = [(m.table, m.unit, m.year, m.place, m.weak, m.home) for m in sorted(marks, key=str)]
    columns = [[str(v) if v is not None else None for v in c] for c in zip(*rows, strict=True)]
    kinds = ("VARCHAR", "VARCHAR", "INTEGER", "VARCHAR", "BOOLEAN", "VARCHAR")
    unnested = ", ".join(
        f"unnest(?::VARCHAR[])::{kind} AS {name}"
        for kind, name in zip(kinds, ("t", "u", "y", "p", "weak", "h"), strict=True)
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(LOST)} AS SELECT {unnested}", columns)


def _put_members(
    con: duckdb.DuckDBPyConnection,
    units: Table,
    members: Collection[tuple[str, str]] | None,
    needed: bool,
) -> None:
    """Which submission speaks of which unit: all of one where no members are given, and none of them unless they are needed."""
    create = f"CREATE OR REPLACE TEMP TABLE {quoted(MEMBERS)} AS"
    if members is None:
        own, some = quoted(units.with_role(ColumnRole.UNIT).name), "" if needed else " LIMIT 0"
        con.execute(
            f"{create} SELECT DISTINCT '' AS h, {own} AS u FROM (FROM {quoted(units.table)}{some})"
        )
    else:
        con.execute(
            f"{create} SELECT unnest(?::VARCHAR[]) AS h, unnest(?::VARCHAR[]) AS u",
            [[home for home, _unit in members], [unit for _home, unit in members]],
        )


def _drop_whole(con: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    """Leave out what counts only where the unit sent nothing else of the table, and is not so."""
    there = {
        str(name)
        for (name,) in con.execute(
            "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views()"
        ).fetchall()
    }
    for name, any_weak in con.execute(
        f"SELECT t, bool_or(weak) FROM {quoted(ASIDE)} GROUP BY t"
    ).fetchall():
        table = tables[name]
        if name in there and (any_weak or table.grain == "one"):
            unit, year = (
                quoted(table.with_role(role).name) for role in (ColumnRole.UNIT, ColumnRole.YEAR)
            )
            weak = "" if table.grain == "one" else " AND weak"
            con.execute(
                f"DELETE FROM {quoted(ASIDE)} WHERE t = ?{weak} AND (u, y) IN (SELECT {unit}, {year} FROM {quoted(name)} WHERE {unit} IS NOT NULL AND {year} IS NOT NULL)",
                [name],
            )


def inherit(con: duckdb.DuckDBPyConnection, tables: Tables, across: bool | None = None) -> None:
    """A column of a derived table (`table.column`) is not whole where a table that it is made of is not; with `across` only those parts that need other units' figures, or those that do not."""
    if con.execute(f"SELECT 1 FROM {quoted(ASIDE)} LIMIT 1").fetchall():
        for query in _inherited(tables, across):
            con.execute(f"INSERT INTO {quoted(ASIDE)} {query}")


def _inherited(tables: Tables, across: bool | None) -> Iterator[str]:
    """Rows of the list for derived tables. A middle of many units, and how many print the same, are counted over the rows that were taken.

    A row whose unit names others may name any of them; a file of which nobody knows what it held counts for nobody but its own unit and those above, as one
    that did not file does.
    """
    units = next(t for t in tables.values() if t.role is Role.UNITS)
    own, of_year = (
        quoted(units.with_role(role).name) for role in (ColumnRole.UNIT, ColumnRole.YEAR)
    )
    for table, column, take in _taken(tables):
        made = SourceRows(tables, frozenset(), table)
        sources = sources_of(table, take)
        listed = ", ".join(map(literal, (*sources, *unread_of(sources, take))))
        head, where = (
            f"SELECT DISTINCT {literal(f'{table.table}.{column.name}')}",
            f"WHERE a.t IN ({listed})",
        )
        if take.over is Over.OWN and across is not True:
            yield f"{head}, a.u, a.y, a.p, false FROM {quoted(ASIDE)} a {where}"
        if take.over is Over.BELOW and across is not False:
            yield f"{head}, b.target, b.y, a.p, false FROM {quoted(ASIDE)} a JOIN ({made.below()}) b ON b.u = a.u AND b.y = a.y {where}"
        if take.over is Over.NAMED and across is not False:
            yield f"{head}, b.{own}, b.{of_year}, a.p, false FROM {quoted(ASIDE)} a JOIN {quoted(units.table)} b ON b.{of_year} = a.y {where} AND NOT a.weak"


def _taken(tables: Tables) -> Iterator[tuple[Table, Column, Take]]:
    """Every column of a derived table, with what it is made of."""
    return (
        (table, column, take)
        for table in tables.values()
        if table.derived is not None
        for column, take in taken(table)
    )


def aside_shares(
    con: duckdb.DuckDBPyConnection, tables: Tables
) -> Iterator[tuple[str, str, tuple[str | None, ...]]]:
    """The rows of the list that other units' derived tables may inherit: unit, the name of the list, table, unit, year and place."""
    names = sorted(
        {
            name
            for table, _column, take in _taken(tables)
            if take.over in (Over.BELOW, Over.NAMED)
            for name in (*sources_of(table, take), *unread_of(sources_of(table, take), take))
        }
    )
    query = f"SELECT DISTINCT u, t, u, y::VARCHAR, p FROM {quoted(ASIDE)} WHERE t IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL"
    for unit, *row in con.execute(query, [names]).fetchall() if names else ():
        yield str(unit), ASIDE, tuple(row)


def lay_down_aside(con: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[str | None]]) -> None:
    """Put such rows, each behind the submission it is of, into a list where that is kept."""
    if rows:
        query = f"INSERT INTO {quoted(ASIDE)} SELECT r[2], r[3], r[4]::INTEGER, r[5], false, r[1] FROM (SELECT unnest(?::VARCHAR[][]) AS r)"
        con.execute(query, [[list(row) for row in rows]])


def gathered_aside(
    con: duckdb.DuckDBPyConnection, tables: Tables, units: Sequence[str]
) -> list[tuple[object, ...]]:
    """What derived tables of some units inherit from other units: unit, year, table and place, as rows of what is gathered."""
    queries = list(_inherited(tables, True))
    there = con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [ASIDE]).fetchall()
    if (
        not queries
        or not there
        or not con.execute(f"SELECT 1 FROM {quoted(ASIDE)} LIMIT 1").fetchall()
    ):
        return []
    every = " UNION ".join(
        f"SELECT t, u, y, p FROM ({query}) q(t, u, y, p, w)" for query in queries
    )
    return con.execute(
        f"SELECT u, y, t, NULL, NULL, p, false FROM ({every}) WHERE u IN (SELECT unnest(?::VARCHAR[])) ORDER BY u, y, t, p",
        [list(units)],
    ).fetchall()


def take_gathered(con: duckdb.DuckDBPyConnection) -> None:
    """Add to the list what was gathered elsewhere, where anything was."""
    if con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [GATHERED_ASIDE]
    ).fetchall():
        con.execute(
            f"INSERT INTO {quoted(ASIDE)} SELECT k, u, y, t, false FROM {quoted(GATHERED_ASIDE)}"
        )


def read_back(con: duckdb.DuckDBPyConnection) -> Partly:
    """The list by unit and year: the tables that are not whole, each with how many places there are and the first of them."""
    found: Partly = {}
    query = f"SELECT u, y, t, count(DISTINCT p), list_slice(list_sort(list(DISTINCT p)), 1, {PLACES_AT_MOST}) FROM {quoted(ASIDE)} GROUP BY ALL ORDER BY ALL"
    for unit, year, table, count, places in con.execute(query).fetchall():
        found.setdefault((str(unit), int(year)), {})[str(table)] = (
            int(count),
            tuple(map(str, places)),
        )
    return found


__all__ = [
    "ASIDE",
    "GATHERED_ASIDE",
    "Mark",
    "aside_shares",
    "create_aside",
    "gathered_aside",
    "inherit",
    "lay_down_aside",
    "place_of",
    "read_back",
    "settle_aside",
    "take_gathered",
]
