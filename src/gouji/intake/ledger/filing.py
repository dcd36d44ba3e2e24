"""应报清单 against what came: who has not filed, who filed and was not expected, who filed twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from gouji.base.i18n import _, labelled
from gouji.intake.finding.labels import plain
from gouji.intake.ledger.submission import Cell, Submission
from gouji.intake.ledger.tables import listed
from gouji.intake.values.codes import even, unit_code
from gouji.rules import ColumnRole, Role, Table


@dataclass(frozen=True, slots=True)
class Filing:
    """Who filed: (unit, year, name) of expected, absent and unexpected ones. Without an expected list nothing is absent."""

    expected: int
    filed: int
    absent: tuple[tuple[str, int, str], ...] = ()
    unexpected: tuple[tuple[str, int, str], ...] = ()
    # Of absent units the files that seem to be theirs and that nobody could read.
    unread: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def shown(self, unit: str, name: str) -> str:
        """The name of an absent unit, with what it sent all the same."""
        return shown_absent(name, self.unread.get(unit, ()))


def shown_absent(name: str, files: Sequence[str]) -> str:
    """As `Filing.shown`."""
    if not files:
        return name
    some = "、".join(files[:3]) + (" …" if len(files) > 3 else "")
    unread = _("报送了读不了的文件 {files}").format(files=some)
    return labelled(name, unread) if name else unread


def files_of(files: Iterable[str], unit: str, name: str) -> tuple[str, ...]:
    """Those of some files whose name, or that of a folder they lie in, begins with the code of a unit or holds its name."""
    code = re.compile(re.escape(even(unit)) + "(?![0-9a-z])")
    called = plain(name)
    return tuple(
        f
        for f in files
        if any(
            code.match(even(part)) or (len(called) > 1 and called in plain(part))
            for part in f.split("/")
        )
    )


def names_of(submission: Submission, tables: Mapping[str, Table]) -> dict[str, str]:
    """Name of a unit, and every other code it goes by -> its code, from the expected list of a folder, then from its table of units. What two units go by is left out."""
    made = dict[str, str]()
    for role in (Role.EXPECTED, Role.UNITS):
        if (table := _of_role(tables, role)) is not None:
            made = _names_in(submission, table) | made
    return made


def _names_in(submission: Submission, table: Table) -> dict[str, str]:
    """As `names_of`, from the rows of one table."""
    code, name = (table.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.UNIT_NAME))
    others = [c.name for c in table.columns if c.role is ColumnRole.OTHER_CODE]
    listed = [r.cells for r in submission.rows.get(table.table, []) if code in r.cells]
    found = _of_one_unit((r[name].value, r[code].value) for r in listed if name in r)
    own = {*found, *found.values()}
    return found | {t: c for t, c in _other_codes(listed, code, others).items() if t not in own}


def units_sent(submission: Submission, table: Table) -> dict[tuple[str, str], list[str]]:
    """Unit and year of the rows at hand of the table of units -> the files that they stand in."""
    code, year = (table.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.YEAR))
    made: dict[tuple[str, str], list[str]] = {}
    for row in submission.rows.get(table.table, []):
        if code in row.cells and year in row.cells:
            of = str(row.cells[code].value), str(row.cells[year].value)
            made.setdefault(of, []).append(row.at.file)
    return made


def _of_one_unit(pairs: Iterable[tuple[object, object]]) -> dict[str, str]:
    """Text -> its code; texts with several codes, and empty ones, are left out."""
    codes: dict[str, set[str]] = {}
    for text, code in pairs:
        if text and code:
            codes.setdefault(plain(str(text)), set()).add(str(code))
    return {text: next(iter(units)) for text, units in codes.items() if len(units) == 1}


def _other_codes(
    rows: Sequence[Mapping[str, Cell]], code: str, others: Sequence[str]
) -> dict[str, str]:
    """What a unit goes by besides -> its code; what two units go by is left out."""
    return _of_one_unit(
        (unit_code(str(cells[other].value or "")), cells[code].value)
        for cells in rows
        for other in others
        if other in cells
    )


def _of_role(tables: Mapping[str, Table], role: Role) -> Table | None:
    return next((table for table in tables.values() if table.role is role), None)


def filing(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table]) -> Filing:
    """Compare the expected list with the table of units, both in DuckDB."""
    expected, units = (_of_role(tables, role) for role in (Role.EXPECTED, Role.UNITS))
    if expected is None or units is None:
        return Filing(0, 0)
    wanted, came = listed(con, expected), listed(con, units)
    if not wanted:
        return Filing(0, len(came))
    years = {year for _unit, year in wanted}
    absent = tuple((u, y, n) for (u, y), n in wanted.items() if (u, y) not in came)
    beyond = ((u, y, n) for (u, y), n in came.items() if y in years and (u, y) not in wanted)
    return Filing(len(wanted), len(came), absent, tuple(beyond))
