"""Rows of units that the list of units does not have -> set aside, with one problem that names the units: nothing is judged of them, nothing of them counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gouji.i18n import _
from gouji.intake.store import ROW, quoted
from gouji.intake.submission import At, Problem, Row, Submission
from gouji.later import duckdb
from gouji.load.tables import ColumnRole, Role, Table

NAMED_AT_MOST = 8


def leave_unlisted(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], submission: Submission) -> Counter[str]:
    """Take such rows out of the tables, after the gate; how many of each file came in bulk. Units whose own line was set aside have been told of already."""
    units = next((t for t in tables.values() if t.role is Role.UNITS), None)
    if units is None:
        return Counter()
    own = units.with_role(ColumnRole.UNIT).name
    refused = {str(row.cells[own].value) for table, row, _why in submission.set_aside if table == units.table and own in row.cells}
    found, names, files = Counter[str](), Counter[str](), Counter[str]()
    first: At | None = None
    for table in tables.values():
        if table.role in (Role.UNITS, Role.EXPECTED):
            continue
        of = quoted(table.with_role(ColumnRole.UNIT).name)
        query = (f"SELECT {quoted(ROW)}, {of} FROM {quoted(table.table)} t WHERE {of} IS NOT NULL"
                 f" AND NOT EXISTS (SELECT 1 FROM {quoted(units.table)} u WHERE u.{quoted(own)} = t.{of}) ORDER BY 1")  # fmt: skip
        rows = con.execute(query).fetchall()
        if not rows:
            continue
        here = _apart(submission, table, {str(unit) for _number, unit in rows})
        for row in here:
            submission.set_aside.append((table.table, row, _("单位不在“{units}”里").format(units=units.table)))
        held = len(rows) - len(here)
        if held and submission.held is not None:
            places = submission.held.places(table, [(int(number), "") for number, _unit in rows])
            files.update(place.file for place in places if place.file)
            first = first or next((place for place in places if place.file), None)
        con.execute(f"DELETE FROM {quoted(table.table)} WHERE {quoted(ROW)} IN (SELECT unnest(?::BIGINT[]))", [[int(number) for number, _unit in rows]]).fetchall()
        first = first or (here[0].at if here else None)
        found.update(str(unit) for _number, unit in rows)
        names[table.table] += len(rows)
    submission.rows_aside += sum(files.values())
    _tell(submission, units, Counter({unit: n for unit, n in found.items() if unit not in refused}), names, first)
    return files


def _apart(submission: Submission, table: Table, units: set[str]) -> list[Row]:
    """The rows at hand of some units, taken out."""
    own = table.with_role(ColumnRole.UNIT).name
    rows = submission.rows.get(table.table, [])
    gone = [row for row in rows if own in row.cells and str(row.cells[own].value) in units]
    if gone:
        submission.rows[table.table] = [row for row in rows if not (own in row.cells and str(row.cells[own].value) in units)]
    return gone


def _tell(submission: Submission, units: Table, found: Counter[str], names: Counter[str], first: At | None) -> None:
    if not found or first is None:
        return
    shown = "、".join(sorted(found)[:NAMED_AT_MOST]) + ("…" if len(found) > NAMED_AT_MOST else "")
    what = _("“{units}”里没有单位 {names}; 它们的 {n} 行 ({tables}) 不采用").format(units=units.table, names=shown, n=sum(found.values()), tables="、".join(names))
    submission.problems.append(Problem(units.table, At(first.file, first.line, sheet=first.sheet), what, _("在“{units}”里补上这些单位, 或改正单位代码").format(units=units.table)))


__all__ = ["leave_unlisted"]
