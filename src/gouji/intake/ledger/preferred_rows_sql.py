"""Files of one unit and year of different kinds -> of a table that several hold the workbook's counts, then the docx, the web page, the PDF; what differs is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.base.i18n import _, clauses
from gouji.intake.ledger.cell_tables import FILES
from gouji.intake.ledger.submission import At, Cell, Problem, Row, Submission
from gouji.intake.ledger.tables import ROW, printed_table, quoted
from gouji.intake.workbooks.sheet import PAPERS
from gouji.rules import ColumnRole, Role, Table

# Kinds of files from the one that counts most on; a spreadsheet of any kind is a workbook.
_RANKS = {".docx": 1, ".docm": 1, ".odt": 1, ".html": 2, ".htm": 2, ".pdf": 3}
DIFFERENCES_AT_MOST = 5
# A column, and the cells of two files in it.
_Pair = tuple[str, Cell, Cell]
YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a unit: its number, its name, how much it counts (0 most)."""

    number: int
    name: str

    @property
    def rank(self) -> int:
        return _RANKS.get(Path(self.name).suffix.lower(), 0)


def prefer(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    submission: Submission,
    home: Callable[[str], str],
) -> Counter[str]:
    """Take tables out of files that count less than another one that holds them too; how many rows of each `home` went.

    A file that counts less is no second submission of its unit any more.
    """
    aside: Counter[str] = Counter()
    for unit, year, files in _groups(con):
        best = min(file.rank for file in files)
        for file in (f for f in files if f.rank > best):
            above = [f for f in files if f.rank < file.rank]
            taken = _Taken(con, submission, unit, year, file, above)
            for table in tables.values():
                aside[home(file.name)] += taken.out_of(table)
            con.execute(f"UPDATE {quoted(FILES)} SET unit = '' WHERE file = {file.number}")
    return aside


def _groups(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, list[_File]]]:
    """Units and years with several files, one of them a document."""
    endings = " OR ".join(f"lower(name) LIKE '%{suffix}'" for suffix in PAPERS)
    found = con.execute(
        f"SELECT unit, year, list(file ORDER BY file), list(name ORDER BY file) FROM {quoted(FILES)} WHERE unit <> ''"
        f" GROUP BY unit, year HAVING count(*) > 1 AND bool_or({endings}) ORDER BY unit, year"
    ).fetchall()
    for unit, year, numbers, names in found:
        yield str(unit), str(year), [_File(*f) for f in zip(numbers, names, strict=True)]


@dataclass(slots=True)
class _Taken:
    """Takes tables out of one file."""

    con: duckdb.DuckDBPyConnection
    submission: Submission
    unit: str
    year: str
    file: _File
    above: Sequence[_File]

    def out_of(self, table: Table) -> int:
        """Take a table out, where a file that counts more holds it; how many rows went."""
        held = self.submission.held
        if held is None or not self.year.isdecimal() or len(self.year) > YEAR_DIGITS:
            return 0
        rows = [r for r in held.rows(table, self.unit, int(self.year)) if r.at.file]
        own = [r for r in rows if r.at.file == self.file.name]
        other = next((f for f in self.above if any(r.at.file == f.name for r in rows)), None)
        if not own or other is None:
            return 0
        if table.role is not Role.UNITS:
            self.tell(table, own, [r for r in rows if r.at.file == other.name], other)
        self.con.execute(
            f"DELETE FROM {quoted(table.table)} WHERE {quoted(ROW)} IN"
            f" (SELECT {quoted(ROW)} FROM {quoted(printed_table(table))} WHERE {quoted('@file')} = {self.file.number})"
        )
        held.forget()
        return len(own)

    def tell(self, table: Table, own: Sequence[Row], theirs: Sequence[Row], other: _File) -> None:
        """Say by which file the table is read, and which figures of the other differ."""
        different = list(_different(table, own, theirs))
        if different:
            self.submission.problems.append(_differing(table, other, different))
            return
        what = _("“{table}”按 {other} 读，两份的数相同").format(table=table.table, other=other.name)
        at = At(self.file.name, sheet=own[0].at.sheet)
        self.submission.problems.append(Problem(table.table, at, what, "", note=True))


def _differing(table: Table, other: _File, different: Sequence[_Pair]) -> Problem:
    """Figures that two files print unlike: which of them is right, nobody but the unit can say."""
    named = clauses(
        _("{column} 这里是 {own}，{place} 是 {other}").format(
            column=name,
            own=one.printed,
            place=f"{two.at.sheet} {two.at.cell}",
            other=two.printed,
        )
        for name, one, two in different[:DIFFERENCES_AT_MOST]
    )
    what = _("“{table}”按 {other} 读，有 {n} 个数不同：{named}").format(
        table=table.table, other=other.name, n=len(different), named=named
    )
    return Problem(table.table, different[0][1].at, what, _("核对哪一份对，改成一样的"))


def _different(table: Table, own: Sequence[Row], theirs: Sequence[Row]) -> Iterator[_Pair]:
    """Figures of rows with one key that no rounding explains."""
    roles = (ColumnRole.UNIT, ColumnRole.YEAR)
    keys = [c.name for c in table.columns if c.name in table.key and c.role not in roles]

    def key(row: Row) -> tuple[str, ...]:
        return tuple(str(row.cells[k].value) if k in row.cells else "" for k in keys)

    known, figures = {key(row): row for row in theirs}, [c.name for c in table.columns if c.numeric]
    for row in own:
        if (other := known.get(key(row))) is None:
            continue
        for name in figures:
            one, two = row.cells.get(name), other.cells.get(name)
            if one is not None and two is not None and _apart(one, two):
                yield name, one, two


def _apart(one: Cell, two: Cell) -> bool:
    if isinstance(one.value, str) or isinstance(two.value, str):
        return one.value != two.value
    return abs(one.value - two.value) > (one.half or 0) + (two.half or 0)


__all__ = ["YEAR_DIGITS", "prefer"]
