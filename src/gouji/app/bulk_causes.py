"""A folder that a bulk audit wrote and the data that it read -> its `causes`: which cells of failing units are most likely wrong. A few units at a time, by several processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from gouji.app import bulk_causes_sql as q
from gouji.app.audits import audit_submission
from gouji.app.books import load_book
from gouji.app.bulk_judging import Done
from gouji.app.locating import shown_causes
from gouji.base.database import connect
from gouji.base.i18n import language, use_language
from gouji.base.verdict import Verdict
from gouji.base.workers import Ended, Workers, answer, possible
from gouji.intake import local, read_units
from gouji.rules import ResolvedBook
from gouji.runs import cause_rows_of

# Units that are read and judged together: their tables are gone through once for all of them.
TOGETHER = 100
DATABASE = "gouji.duckdb"
Lines = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class BulkData:
    """What was audited: the data, and where its rulebook and table descriptions lie."""

    data: str
    rules: str
    schemas: str | None

    @classmethod
    def of(cls, data: str | Path, rules: str | Path, schemas: str | Path | None) -> BulkData:
        """The same of paths."""
        return cls(str(data), str(rules), None if schemas is None else str(schemas))


_book: tuple[BulkData, ResolvedBook] | None = None


def located(of: BulkData, folder: Path, threads: int, done: Done) -> dict[str, int]:
    """Find the causes of every failing unit and put them beside the findings: what the manifest says of it. `threads` processes (0: as many as processors); `done`
    hears how many units of how many were looked at."""
    con = connect(database=folder / DATABASE) if (folder / DATABASE).is_file() else None
    try:
        failing = _failing(con or connect(), folder, con)
        lines, units = _found(of, failing, threads or os.cpu_count() or 1, done)
        _write(con or connect(), folder, lines, con is not None)
    finally:
        if con is not None:
            con.close()
    return {"causes": sum(line[1] > 0 for line in lines), "units_located": units}


def _failing(
    con: duckdb.DuckDBPyConnection, folder: Path, database: duckdb.DuckDBPyConnection | None
) -> list[str]:
    """The units of which a relation is 不平, in order."""
    source = "findings" if database is not None else q.parquet(str(folder / "findings.parquet"))
    return [
        str(unit)
        for (unit,) in con.execute(q.units_with(source), [Verdict.UNBALANCED.value]).fetchall()
    ]


def _found(of: BulkData, units: Sequence[str], workers: int, done: Done) -> tuple[Lines, int]:
    """The lines of all units, in order, and how many units there are."""
    groups = [units[at : at + TOGETHER] for at in range(0, len(units), TOGETHER)]
    lines: Lines = []
    looked = 0
    done(0, len(units))
    for group, found in zip(groups, _each(of, groups, min(workers, len(groups))), strict=True):
        lines += found
        looked += len(group)
        done(looked, len(units))
    return lines, len(units)


def _each(of: BulkData, groups: Sequence[Sequence[str]], workers: int) -> Iterator[Lines]:
    """The lines of each group in turn; what a process that died was to say is worked out here."""
    if workers < 2 or not possible():
        _begin(language(), of)
        yield from map(_lines_of, groups)
        return
    pool = Workers(workers, _begin, language(), of)
    try:
        coming = [pool.submit(_lines_of, group) for group in groups]
        for group, one in zip(groups, coming, strict=True):
            try:
                yield answer(one)
            except Ended:
                _begin(language(), of)
                yield _lines_of(group)
    finally:
        pool.end()


def _begin(chosen: str, of: BulkData) -> None:
    global _book
    if chosen:
        use_language(chosen)
    _book = of, load_book(of.rules, of.schemas)


def _lines_of(units: Sequence[str]) -> Lines:
    """The lines of some units: a line a cause, and one for relations that no cell explains."""
    assert _book is not None
    of, book = _book
    made = audit_submission(book, read_units(local(of.data), book.tables, units))
    made.submission.ahead(book.tables, units)
    lines: Lines = []
    for unit in units:
        codes = frozenset(o.code for o in made.outcomes.of(unit) if o.verdict is Verdict.UNBALANCED)
        found = shown_causes(book, made.submission, unit, codes)
        for row in cause_rows_of(unit, found):
            lines.append(
                (
                    unit,
                    row["number"],
                    row["codes"],
                    row.get("certain"),
                    row.get("line"),
                    row.get("cause"),
                )
            )
    return lines


def _write(con: duckdb.DuckDBPyConnection, folder: Path, lines: Lines, database: bool) -> None:
    con.execute(q.table_of_causes(temporary=not database))
    if lines:
        con.executemany(q.PUT_CAUSE, lines)
    if not database:
        con.execute(q.causes_into(str(folder / f"{q.CAUSES}.parquet")))


__all__ = ["BulkData", "located"]
