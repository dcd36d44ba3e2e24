"""Documents beside tables, once the tables lie in DuckDB -> their rows, added to what was sent: a report is matched to a unit that anything else made known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from gouji.intake.files.csv_folder import merge
from gouji.intake.ledger.cell_tables import rows_of_files, units_of_files
from gouji.intake.ledger.known_units import KnownUnits
from gouji.intake.ledger.submission import Submission
from gouji.intake.ledger.tables import has_rows_of
from gouji.intake.report_files import ReportFile
from gouji.intake.report_rows import SentBeside, rows_of_reports
from gouji.intake.workbooks.sheet import PAPERS, SUFFIXES
from gouji.narrative import TextGrammar
from gouji.rules import ColumnRole, Role, Table


@dataclass(frozen=True, slots=True)
class Reports:
    """How report texts are read: the grammar of the rulebook, made when there is one to read; the fiscal year of the book."""

    grammar: Callable[[], TextGrammar]
    year: int

    def add(
        self,
        files: Sequence[ReportFile],
        into: Submission,
        tables: Mapping[str, Table],
        names: Mapping[str, str],
        bulk: duckdb.DuckDBPyConnection | None = None,
        prefix: str = "",
        books: Sequence[str] = (),
    ) -> frozenset[str]:
        """Add the rows of reports; the files that gave rows, or of which something is told.

        `names` are codes of expected units by name. `bulk` holds what came in bulk, where something did. `prefix` stands before the files of
        this submission, `books` are the names of its workbooks and documents.
        """
        known = KnownUnits.of(names)
        _at_hand(known, into, tables, prefix)
        if bulk is not None:
            _in_bulk(known, bulk, tables, prefix)
        mute = any(not name.lower().endswith(PAPERS) for name in books)
        alone = not mute and not any(_from_book(known.files[unit]) for unit in known.files)
        sent = SentBeside(known, _has_rows(into, bulk), alone)
        given = rows_of_reports(files, self.grammar(), tables, self.year, sent, prefix)
        for one in given:
            merge(into, one)
            for unit, texts in one.report_texts.items():
                into.report_texts.setdefault(unit, []).extend(texts)
        read = {prefix + name for one in given for name in one.digests}
        return frozenset(read | {problem.at.file for one in given for problem in one.problems})


def _at_hand(known: KnownUnits, sent: Submission, tables: Mapping[str, Table], prefix: str) -> None:
    table = next((t for t in tables.values() if t.role is Role.UNITS), None)
    if table is None:
        return
    code, name = (table.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.UNIT_NAME))
    for row in sent.rows.get(table.table, ()):
        if code in row.cells and row.at.file.startswith(prefix):
            called = str(row.cells[name].value) if name in row.cells else ""
            known.add(str(row.cells[code].value), called, row.at.file.removeprefix(prefix))


def _in_bulk(
    known: KnownUnits, con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], prefix: str
) -> None:
    for file, unit in units_of_files(con, prefix):
        known.add(unit, "", file.removeprefix(prefix))
    table = next((t for t in tables.values() if t.role is Role.UNITS), None)
    if table is None:
        return
    said = [table.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.UNIT_NAME)]
    for unit, called, file in rows_of_files(con, table, said, prefix):
        known.add(str(unit), str(called or ""), str(file).removeprefix(prefix))


def _from_book(files: set[str]) -> bool:
    return any(name.lower().endswith(SUFFIXES) for name in files)


def _has_rows(
    sent: Submission, bulk: duckdb.DuckDBPyConnection | None
) -> Callable[[Table, str, int], bool]:
    """Whether a unit and year have rows in a table, asked once."""
    asked: dict[tuple[str, str, int], bool] = {}

    def look(table: Table, unit: str, year: int) -> bool:
        if sent.of_unit(table, unit, year):
            return True
        return bulk is not None and has_rows_of(bulk, table, unit, year)

    def has_rows(table: Table, unit: str, year: int) -> bool:
        key = (table.table, unit, year)
        if key not in asked:
            asked[key] = look(table, unit, year)
        return asked[key]

    return has_rows


__all__ = ["Reports"]
