"""Rows of units that the list of units does not have -> set aside, with one problem that names the units: nothing is judged of them, nothing of them counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from gouji.base.i18n import _
from gouji.intake.ledger.submission import At, Problem, Row, Submission
from gouji.intake.ledger.tables import ROW, quoted
from gouji.rules import ColumnRole, Role, Table

NAMED_AT_MOST = 8


@dataclass(slots=True)
class _Left:
    """What was left out of one submission: rows by unit and by table, and where the first one stood."""

    units: Counter[str] = field(default_factory=Counter)
    tables: Counter[str] = field(default_factory=Counter)
    first: At | None = None

    def add(self, unit: str, table: str, at: At) -> None:
        """One row more."""
        self.units[unit] += 1
        self.tables[table] += 1
        self.first = self.first or at


def leave_unlisted(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    submission: Submission,
    home: Callable[[str], str] = lambda _file: "",
) -> Counter[str]:
    """Take such rows out of the tables, after the gate; how many of each file came in bulk. Units whose own line was set aside have been named already.

    Each `home` of such files is told once.
    """
    units = next((t for t in tables.values() if t.role is Role.UNITS), None)
    if units is None:
        return Counter()
    named = _named_already(submission, units)
    left, files = dict[str, _Left](), Counter[str]()
    for table in tables.values():
        if table.role in (Role.UNITS, Role.EXPECTED):
            continue
        for unit, at, bulk in _leave(con, table, units, submission):
            files[at.file] += bulk
            if unit not in named:
                left.setdefault(home(at.file), _Left()).add(unit, table.table, at)
    submission.rows_aside += files.total()
    for _home, of_home in sorted(left.items()):
        _tell(submission, units, of_home)
    return +files


def _leave(
    con: duckdb.DuckDBPyConnection, table: Table, units: Table, submission: Submission
) -> Iterator[tuple[str, At, bool]]:
    """Take such rows out of one table: unit and place of each, and whether it came in bulk."""
    rows = _take_out(con, table, units)
    if not rows:
        return
    here = _apart(submission, table, {unit for _number, unit in rows})
    why = _("单位不在“{units}”里").format(units=units.table)
    submission.set_aside += [(table.table, row, why) for row in here]
    if len(rows) > len(here):
        yield from ((unit, at, True) for unit, at in _in_bulk(submission, table, rows))
    code = table.with_role(ColumnRole.UNIT).name
    yield from ((str(row.cells[code].value), row.at, False) for row in here)


def _named_already(submission: Submission, units: Table) -> set[str]:
    """Units whose own line was set aside."""
    own = units.with_role(ColumnRole.UNIT).name
    return {
        str(row.cells[own].value)
        for table, row, _why in submission.set_aside
        if table == units.table and own in row.cells
    }


def _take_out(con: duckdb.DuckDBPyConnection, table: Table, units: Table) -> list[tuple[int, str]]:
    """Take the rows of units that are not listed out of a table in DuckDB: number and unit of each."""
    own = quoted(units.with_role(ColumnRole.UNIT).name)
    of = quoted(table.with_role(ColumnRole.UNIT).name)
    query = (
        f"SELECT {quoted(ROW)}, {of} FROM {quoted(table.table)} t WHERE {of} IS NOT NULL"
        f" AND NOT EXISTS (SELECT 1 FROM {quoted(units.table)} u WHERE u.{own} = t.{of}) ORDER BY 1"
    )
    rows = [(int(number), str(unit)) for number, unit in con.execute(query).fetchall()]
    if rows:
        con.execute(
            f"DELETE FROM {quoted(table.table)} WHERE {quoted(ROW)} IN (SELECT unnest(?::BIGINT[]))",
            [[number for number, _unit in rows]],
        ).fetchall()
    return rows


def _in_bulk(
    submission: Submission, table: Table, rows: Sequence[tuple[int, str]]
) -> list[tuple[str, At]]:
    """Unit and place of those rows that are not at hand as values."""
    if submission.held is None:
        return []
    places = submission.held.places(table, [(number, "") for number, _unit in rows])
    return [(unit, at) for (_number, unit), at in zip(rows, places, strict=True) if at.file]


def _apart(submission: Submission, table: Table, units: set[str]) -> list[Row]:
    """The rows at hand of some units, taken out."""
    own = table.with_role(ColumnRole.UNIT).name
    rows = submission.rows.get(table.table, [])
    gone = [row for row in rows if own in row.cells and str(row.cells[own].value) in units]
    if gone:
        submission.rows[table.table] = [
            row for row in rows if not (own in row.cells and str(row.cells[own].value) in units)
        ]
    return gone


def _tell(submission: Submission, units: Table, left: _Left) -> None:
    if left.first is None:
        return
    shown = "、".join(sorted(left.units)[:NAMED_AT_MOST]) + (
        "…" if len(left.units) > NAMED_AT_MOST else ""
    )
    what = _("“{units}”里没有单位 {names}；它们的 {n} 行（{tables}）不采用").format(
        units=units.table, names=shown, n=left.units.total(), tables="、".join(left.tables)
    )
    at = At(left.first.file, left.first.line, sheet=left.first.sheet)
    submission.problems.append(
        Problem(
            units.table,
            at,
            what,
            _("在“{units}”里补上这些单位，或改正单位代码").format(units=units.table),
        )
    )


__all__ = ["leave_unlisted"]
