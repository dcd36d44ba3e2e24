"""Submission + the year that the rules are for -> what was sent of other years only: told once a year, with the files; nothing is judged of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import duckdb

from gouji.base.i18n import _
from gouji.intake.ledger.cell_tables import FILES
from gouji.intake.ledger.submission import At, Problem, Submission
from gouji.intake.ledger.tables import quoted
from gouji.rules import ColumnRole, Role, Table

NAMED_AT_MOST = 5
WHOSE = (ColumnRole.UNIT, ColumnRole.YEAR)


def other_years(
    con: duckdb.DuckDBPyConnection,
    submission: Submission,
    tables: Mapping[str, Table],
    year: int,
    home: Callable[[str], str] = lambda _file: "",
    whose: Mapping[str, str] = MappingProxyType({}),
) -> list[Problem]:
    """A problem for each year of which units sent something that sent nothing of the year that is asked for; for each `home` of such files.

    `whose` is the submission that speaks of a unit, for rows of which the file is not known.
    """
    units = next((t for t in tables.values() if t.role is Role.UNITS), None)
    if units is None:
        return []
    sent: dict[str, list[tuple[str, str]]] = {}
    for file, unit, of in _sent(con, submission, units):
        sent.setdefault(unit, []).append((of, file))
    found: dict[tuple[str, str], list[str]] = {}
    for of, file in _of_others(sent, year, whose):
        found.setdefault((home(file), of), []).append(file)
    problems = [
        _problem(units, of, list(dict.fromkeys(files)), year)
        for (_home, of), files in sorted(found.items())
    ]
    unread = _unread_rows(con, submission, tables, units, year, _FilesOfUnits(sent, whose, home))
    return [*problems, *_year_before(sent, year), *unread, *_lists(con, submission, tables, year)]


@dataclass(frozen=True, slots=True)
class _FilesOfUnits:
    """Where what a unit sent stands: the files by unit, the submissions that speak of units, and whose a file is."""

    sent: Mapping[str, Sequence[tuple[str, str]]]
    whose: Mapping[str, str]
    home: Callable[[str], str]

    def file(self, unit: str) -> str:
        """A file of the unit, or the submission that speaks of it."""
        named = (file for _year, file in self.sent.get(unit, ()) if file)
        return next(named, self.whose.get(unit, ""))


def _unread_rows(
    con: duckdb.DuckDBPyConnection,
    submission: Submission,
    tables: Mapping[str, Table],
    units: Table,
    year: int,
    places: _FilesOfUnits,
) -> Iterator[Problem]:
    """Rows of a year that no rule reads, for each submission: a problem where a unit sent nothing else in that table (the year may be a slip), else a remark."""
    # A table that nobody sent may not be there.
    there = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for table in tables.values() if units.table in there else ():
        lists = table.role in (Role.UNITS, Role.EXPECTED)
        if lists or table.derived is not None or table.table not in there:
            continue
        found = con.execute(_unread_query(table, units, year)).fetchall()
        if not found:
            continue
        at = _own_files(submission, table)
        told: dict[tuple[str, bool, int], list[tuple[str, int, str]]] = {}
        for beside, other, unit, rows in found:
            file = at.get((unit, other)) or places.file(unit)
            told.setdefault((places.home(file), beside, other), []).append((unit, rows, file))
        for (_home, beside, other), every in sorted(told.items()):
            yield _unread(table, year, beside, other, every)


def _unread_query(table: Table, units: Table, year: int) -> str:
    """Whether a unit has other rows in the table that may be read, year, unit and number of the rows that are not."""
    code, filing = (quoted(units.with_role(r).name) for r in WHOSE)
    filed = f"SELECT {code} FROM {quoted(units.table)} WHERE {filing} = {year}"
    unit, of = (quoted(table.with_role(r).name) for r in WHOSE)
    read = f"{of} BETWEEN {year - 1} AND {year}"
    own = f"SELECT {unit} FROM {quoted(table.table)} WHERE {read}"
    return f"SELECT {unit} IN ({own}), {of}, {unit}, count(*) FROM {quoted(table.table)} WHERE {unit} IN ({filed}) AND NOT ({read}) GROUP BY ALL ORDER BY ALL"


def _own_files(submission: Submission, table: Table) -> dict[tuple[str, int], str]:
    """The file that the first row of a unit and year stands in, of rows at hand."""
    unit, of = (table.with_role(r).name for r in WHOSE)
    found = dict[tuple[str, int], str]()
    for row in submission.rows.get(table.table, ()):
        if unit in row.cells and of in row.cells:
            key = str(row.cells[unit].value), int(str(row.cells[of].value))
            found.setdefault(key, row.at.file)
    return found


def _unread(
    table: Table, year: int, beside: bool, other: int, every: Sequence[tuple[str, int, str]]
) -> Problem:
    said = (
        _("“{table}”里 {units} 另有 {found} 年的行（{rows} 行），{wanted} 年的规则用不到")
        if beside
        else _(
            "“{table}”里 {units} 只有 {found} 年的行（{rows} 行），规则是 {wanted} 年的；没有核对"
        )
    )
    what = said.format(
        table=table.table,
        found=other,
        rows=sum(rows for _unit, rows, _file in every),
        wanted=year,
        units=_whose(every[0][0], len(every)),
    )
    fix = "" if beside else _("改正年度，或补上本年度的行")
    return Problem(table.table, At(every[0][2]), what, fix, note=beside)


def _whose(first: str, count: int) -> str:
    return first if count == 1 else _("{unit} 等 {n} 个单位").format(unit=first, n=count)


def _of_others(
    sent: Mapping[str, Sequence[tuple[str, str]]], year: int, whose: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Year and file of what units sent that sent nothing of the year asked for."""
    for unit, files in sent.items():
        if any(of == str(year) for of, _file in files):
            continue
        named = [(of, file) for of, file in files if file]
        yield from named or [(of, whose.get(unit, "")) for of, _file in files]


def _year_before(sent: Mapping[str, list[tuple[str, str]]], year: int) -> list[Problem]:
    """A remark on the files that figures of the year before are taken from, beside those of the year."""
    before = [
        file
        for files in sent.values()
        if any(of == str(year) for of, _file in files)
        for of, file in files
        if of == str(year - 1) and file
    ]
    if not before:
        return []
    named = _named(sorted(before))
    what = _("上年({year} 年)的数取自 {files}").format(year=year - 1, files=named)
    return [Problem("", At(min(before)), what, "", note=True)]


def _named(files: list[str]) -> str:
    names = "、".join(files[:NAMED_AT_MOST])
    return (
        _("{names} 等 {n} 份").format(names=names, n=len(files))
        if len(files) > NAMED_AT_MOST
        else names
    )


def _lists(
    con: duckdb.DuckDBPyConnection, submission: Submission, tables: Mapping[str, Table], year: int
) -> Iterator[Problem]:
    """An expected list of other years only: nobody is known to be wanting."""
    expected = next((t for t in tables.values() if t.role is Role.EXPECTED), None)
    if expected is None:
        return
    of = quoted(expected.with_role(ColumnRole.YEAR).name)
    query = f"SELECT DISTINCT {of} FROM {quoted(expected.table)} WHERE {of} IS NOT NULL ORDER BY 1"
    years = [str(int(found)) for (found,) in con.execute(query).fetchall()]
    if years and str(year) not in years:
        first = next(iter(submission.rows.get(expected.table, ())), None)
        what = _("“{table}”是 {found} 年的，规则是 {wanted} 年的；谁没有报不知道").format(
            table=expected.table, found="、".join(years), wanted=year
        )
        fix = _("换成 {wanted} 年的清单，或改规则库").format(wanted=year)
        yield Problem(expected.table, At(first.at.file if first else expected.table), what, fix)


def _sent(
    con: duckdb.DuckDBPyConnection, submission: Submission, units: Table
) -> Iterator[tuple[str, str, str]]:
    """File, unit and year of everything that says whose it is."""
    unit, of = (units.with_role(role).name for role in (ColumnRole.UNIT, ColumnRole.YEAR))
    for row in submission.rows.get(units.table, ()):
        if unit in row.cells and of in row.cells:
            yield row.at.file, str(row.cells[unit].value), str(row.cells[of].value)
    if submission.held is not None:
        query = f"SELECT name, unit, year FROM {quoted(FILES)} WHERE unit <> '' AND year <> ''"
        yield from (
            (str(file), str(code), str(year)) for file, code, year in con.execute(query).fetchall()
        )
        query = f"SELECT DISTINCT {quoted(unit)}, {quoted(of)} FROM {quoted(units.table)} WHERE {quoted(of)} IS NOT NULL"
        yield from (("", str(code), str(year)) for code, year in con.execute(query).fetchall())


def _problem(units: Table, found: str, files: list[str], wanted: int) -> Problem:
    named = [file for file in files if file]
    more = _named(named)
    what = _("送来的是 {found} 年的（{files}），规则是 {wanted} 年的；没有核对").format(
        found=found, files=more or units.table, wanted=wanted
    )
    return Problem(
        units.table,
        At(named[0] if named else ""),
        what,
        _("送 {wanted} 年的表，或用 {found} 年的规则库").format(wanted=wanted, found=found),
    )


__all__ = ["other_years"]
