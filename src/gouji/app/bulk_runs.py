"""Tables of many units and a rulebook -> a folder with outcomes, findings and scorecards of all of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from gouji.app import bulk_run_sql as q
from gouji.app.books import load_book, load_outline
from gouji.app.bulk_judging import Counts, Done, Judging, PlanOf, RunAsked, judged
from gouji.app.bulk_plans import bulk_plan_for
from gouji.app.grouped_tables import Grouped
from gouji.app.versions import version
from gouji.base.database import engine_faults
from gouji.base.files import MARK, file_digest, whole_folder
from gouji.intake import (
    NOT_FILED,
    UNEXPECTED,
    RefusedRows,
    agrees,
    coded,
    filing_queries,
    local,
    sieve,
    unlisted,
)
from gouji.intake import bulk_views as b
from gouji.rules import BookOutline
from gouji.run import PARTS, SPILL, Beside, Limits, beside, close_doors, execute, open_bulk

# Who did not file, and who was not expected.
FILING = "filing"
# What the manifest of some units alone says of them.
PART_OF = "part"
ALL_UNITS = RunAsked()


@dataclass(frozen=True, slots=True)
class BulkAudit:
    """One run over many units: where its files are, and the manifest among them."""

    folder: Path
    manifest: dict[str, Any]


def run_bulk(
    data: str | Path,
    out: str | Path,
    rules: str | Path,
    schemas: str | Path | None,
    form: str,
    asked: RunAsked,
    limits: Limits,
    done: Done,
    locate: Callable[[Path], dict[str, int]] | None = None,
    forms: Sequence[str] = (),
) -> BulkAudit:
    """As `audit_bulk` says."""
    book, target = load_outline(rules, schemas, forms), Path(out).absolute()
    with whole_folder(target) as folder:
        with opened(data, book, limits, folder, book.read) as reading:
            plan_of = partial(bulk_plan_for, book.digests, lambda: load_book(rules, schemas, forms))
            with telling(reading):
                counts = judged_into(reading, book, plan_of, folder, done, asked)
            filed = filing_into(reading, book.year, folder)
            if form == "duckdb":
                _into_database(reading.con, folder, asked.wide)
        manifest = manifest_of(book, reading, counts) | filed | (locate(folder) if locate else {})
        manifest |= _part_of(asked, counts)
        told = json.dumps(manifest, ensure_ascii=False, indent=2)
        (folder / MARK).write_text(f"{told}\n", "utf-8")
        shutil.rmtree(folder / SPILL, ignore_errors=True)
    return BulkAudit(target, manifest)


@dataclass(slots=True)
class SievedTables:
    """Tables of many units, found, coded and sieved; `refused` grows where judging shows keys that come twice, `digests` are there at the end of `telling`, `grouped` once units were judged."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    found: b.Bulk
    refused: list[RefusedRows]
    digests: dict[str, str] = field(default_factory=dict)
    grouped: Grouped | None = None


@contextmanager
def opened(
    data: str | Path,
    book: BookOutline,
    limits: Limits,
    folder: Path,
    read: Container[str] | None = None,
) -> Iterator[SievedTables]:
    """What was sent, for a book with those table descriptions; from here on nothing but it and `folder` can be reached. Raises as `audit_bulk` says.

    `read` are the tables that rules read (unless it is given, any may be): of the others statistics are not proved.
    """
    con = open_bulk(limits, folder)
    with closing(con), engine_faults():
        found = b.find(
            con,
            local(data).absolute(),
            book.tables,
            [name for name in book.tables if name not in book.derived],
            book.units,
        )
        close_doors(con, found.files, folder)
        coded(con, found, book.units)
        sieved = [
            r
            for name, part in found.parts.items()
            for r in sieve(con, found, part, read is None or name in read)
        ]
        yield SievedTables(con, folder, found, sieved + unlisted(con, found, book.units))


@contextmanager
def telling(reading: SievedTables) -> Iterator[None]:
    """What is said about the tables while units are judged; at the end the rows that were set aside are written."""
    con, found, refused = reading.con, reading.found, reading.refused
    with _told(con, found, frozenset(r.table for r in refused), reading.folder) as told:
        yield
        reading.digests, agreed = told.result()
    _set_aside(con, found, refused, agreed, reading.folder)


def judged_into(
    reading: SievedTables,
    book: BookOutline,
    plan_of: PlanOf,
    folder: Path,
    done: Done,
    asked: RunAsked = ALL_UNITS,
) -> Counts:
    """Outcomes, scorecards and findings of the units asked for under one book, as files in `folder`."""
    if reading.grouped is None:
        reading.grouped = Grouped(reading.con, reading.found, reading.refused, ordered=asked.wide)
    assert reading.grouped.ordered == asked.wide
    return judged(Judging(book, plan_of, reading.grouped, folder, asked, done))


@contextmanager
def _told(
    con: duckdb.DuckDBPyConnection, found: b.Bulk, refused: frozenset[str], folder: Path
) -> Iterator[Beside[tuple[dict[str, str], frozenset[str]]]]:
    """What is told while units are judged: the digest of each file, and of which tables Pandera agrees that a sample is sound (those without `refused` rows)."""
    cursor = con.cursor()
    cursor.execute("SET enable_progress_bar = false")
    con.execute("SET lock_configuration = true")

    def tell() -> tuple[dict[str, str], frozenset[str]]:
        made = {file.name: file_digest(file) for file in sorted(found.files)}
        agreed = set()
        # Where judging leaves too little memory, the rest is asked afterwards.
        with suppress(duckdb.OutOfMemoryException):
            for name, part in found.parts.items():
                if name not in refused:
                    agrees(cursor, part, [], folder)
                    agreed.add(name)
        return made, frozenset(agreed)

    try:
        with beside(tell, cursor.interrupt) as begun:
            yield begun
    finally:
        cursor.close()


def _set_aside(
    con: duckdb.DuckDBPyConnection,
    found: b.Bulk,
    refused: list[RefusedRows],
    agreed: frozenset[str],
    folder: Path,
) -> None:
    for name, part in found.parts.items():
        own = [r for r in refused if r.table == name]
        if own or name not in agreed:
            agrees(con, part, own, folder)
        found.refused[name] = len({r.number for r in own})
    con.execute(q.TABLE_ASIDE)
    if refused:
        listed = zip(
            *((r.table, r.number, r.unit, r.reason[2], r.reason[0], r.reason[1]) for r in refused),
            strict=True,
        )
        con.execute(q.PUT_ASIDE, [list(c) for c in listed])
    execute(con, q.aside_into(str(folder / "set_aside.parquet")))


def filing_into(reading: SievedTables, year: int, folder: Path) -> dict[str, int]:
    """Who did not file and who was not expected, as a file in `folder` and counted for the manifest; nothing without an 应报清单."""
    con, queries = reading.con, filing_queries(reading.found, year, "set_aside")
    if queries is None:
        return {}
    ((expected,),) = con.execute(queries[0]).fetchall()
    if not expected:
        return {"expected": 0}
    con.execute(q.table_of_filing(queries[1]))
    rows = con.execute(q.STATES).fetchall()
    counts = {str(state): int(n) for state, n in rows}
    if counts:
        execute(con, q.filing_into(str(folder / f"{FILING}.parquet")))
    missing, unexpected = counts.get(NOT_FILED, 0), counts.get(UNEXPECTED, 0)
    return {"expected": int(expected), "not_filed": missing, "unexpected": unexpected}


def _into_database(con: duckdb.DuckDBPyConnection, folder: Path, wide: bool) -> None:
    """The same tables as one DuckDB file instead of Parquet files."""
    con.execute(q.attached(str(folder / "gouji.duckdb")))
    others = (FILING,) if (folder / f"{FILING}.parquet").is_file() else ()
    for name in (*((PARTS,) if wide else ()), "findings", "scorecards", "set_aside", *others):
        where = folder / name / "*.parquet" if name == PARTS else folder / f"{name}.parquet"
        con.execute(q.taken_over(name, str(where)))
    con.execute("DETACH results")
    shutil.rmtree(folder / PARTS, ignore_errors=True)
    for path in folder.glob("*.parquet"):
        path.unlink()


def _part_of(asked: RunAsked, counts: Counts) -> dict[str, Any]:
    """What the manifest says of a part, for `merge_parts`: from which code to which, and where its units stand among all."""
    if asked.between is None or counts.among is None:
        return {}
    low, high = asked.between
    return {PART_OF: {"low": low, "high": high, **asdict(counts.among)}}


def manifest_of(book: BookOutline, reading: SievedTables, counts: Counts) -> dict[str, Any]:
    """What a run rests on and what came of it, as `manifest.json` says it."""
    found = reading.found
    rows, aside = sum(found.rows.values()), sum(found.refused.values())
    assert counts.outcomes == counts.units * book.rules
    return {
        "gouji": version("gouji"),
        "duckdb": version("duckdb"),
        "book": book.book,
        "year": book.year,
        "rules": book.digests[0],
        "schemas": book.digests[1],
        "data": reading.digests,
        "rows_in": rows,
        "rows_accepted": rows - aside,
        "rows_set_aside": aside,
        "set_aside": {k: v for k, v in found.refused.items() if v},
        "unread": list(found.unread),
        "unstated": list(found.unstated),
        "other_years": list(found.years),
        "units": counts.units,
        "rules_in_force": book.rules,
        "outcomes": counts.outcomes,
        "findings": sum(counts.degrees.values()),
        "degrees": dict(counts.degrees),
    }
