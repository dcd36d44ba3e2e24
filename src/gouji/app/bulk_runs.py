"""Tables of many units and a rulebook -> a folder with outcomes, findings and scorecards of all of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from gouji.app.books import load_book, load_outline
from gouji.app.bulk_groups import Grouped
from gouji.app.bulk_plans import bulk_plan_for
from gouji.app.versions import version
from gouji.base.faults import EngineError
from gouji.base.files import MARK, file_digest, whole_folder
from gouji.base.i18n import _
from gouji.intake import (
    RefusedRows,
    agrees,
    coded,
    create,
    derive_views,
    derived_tables,
    gather,
    literal,
    local,
    present,
    repeated,
    sent_tables,
    settle_refused,
    sieve,
    unlisted,
)
from gouji.intake import bulk_views as b
from gouji.plan import BulkPlan, quoted
from gouji.rules import BookOutline, ColumnRole
from gouji.run import (
    FEWEST,
    OPTIONS,
    PARTS,
    REST,
    SPILL,
    Beside,
    Limits,
    OutOfMemory,
    Repeated,
    at_once,
    beside,
    close_doors,
    execute,
    open_bulk,
    part_ends,
    write_outcomes,
    write_rest,
)

Done = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Counts:
    """What came out of a run: units judged, outcomes (units × rules in force), findings."""

    units: int
    outcomes: int
    degrees: Mapping[str, int]


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
    wide: bool,
    limits: Limits,
    done: Done,
    locate: Callable[[Path], dict[str, int]] | None = None,
) -> BulkAudit:
    """As `audit_bulk` says."""
    book, target = load_outline(rules, schemas), Path(out).absolute()
    with whole_folder(target) as folder:
        with opened(data, book, limits, folder, book.read) as reading:
            plan_of = partial(bulk_plan_for, book.digests, lambda: load_book(rules, schemas))
            with telling(reading):
                counts = judged_into(reading, book, plan_of, folder, done, wide)
            if form == "duckdb":
                _into_database(reading.con, folder, wide)
        manifest = manifest_of(book, reading, counts) | (locate(folder) if locate else {})
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
    try:
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
    except duckdb.Error as fault:
        raise EngineError(
            _("DuckDB 没能执行: {why}").format(why=str(fault).split("\n")[0])
        ) from fault
    finally:
        con.close()


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
    plan_of: Callable[..., BulkPlan],
    folder: Path,
    done: Done,
    wide: bool = True,
) -> Counts:
    """Outcomes, scorecards and findings of all units under one book, as files in `folder`."""
    if reading.grouped is None:
        reading.grouped = Grouped(reading.con, reading.found, reading.refused, ordered=wide)
    assert reading.grouped.ordered == wide
    return _judged(book, plan_of, reading.grouped, folder, wide, done)


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
    con.execute(
        "CREATE TABLE set_aside (数据表 VARCHAR, 行号 BIGINT, 单位代码 VARCHAR, 列 VARCHAR, 原因 VARCHAR, 改法 VARCHAR)"
    )
    if refused:
        listed = zip(
            *((r.table, r.number, r.unit, r.reason[2], r.reason[0], r.reason[1]) for r in refused),
            strict=True,
        )
        con.execute(
            "INSERT INTO set_aside SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)",
            [list(c) for c in listed],
        )
    execute(
        con,
        f"COPY (SELECT * FROM set_aside ORDER BY ALL) TO {literal(str(folder / 'set_aside.parquet'))} {OPTIONS}",
    )


def _judged(
    book: BookOutline,
    plan_of: Callable[..., BulkPlan],
    grouped: Grouped,
    folder: Path,
    wide: bool,
    done: Done,
) -> Counts:
    try:
        return _judge(grouped.con, book, plan_of, grouped, folder, wide, done)
    except Repeated:
        grouped.refused += [
            r
            for part in grouped.found.parts.values()
            if part.table.grain == "one"
            for r in repeated(grouped.con, part)
        ]
        return _judge(grouped.con, book, plan_of, grouped, folder, wide, done)


def _judge(
    con: duckdb.DuckDBPyConnection,
    book: BookOutline,
    plan_of: Callable[..., BulkPlan],
    grouped: Grouped,
    folder: Path,
    wide: bool,
    done: Done,
) -> Counts:
    found, units = grouped.found, book.tables[book.units]
    unit, year = (units.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.YEAR))
    # What no rule reads need not be there.
    tables = book.tables_read
    for table in sent_tables(tables).values():
        if table.table not in found.parts:
            create(con, table, unless_there=True)
    # Figures of other units are gathered from all of them, before they are judged part by part.
    grouped.search({name for table in derived_tables(tables) for name in table.sources})
    grouped.lay()
    gather(con, tables, found.halves)
    derive_views(con, tables, found.halves)
    absent = b.absent_tables(con, found, tables, book.year)
    aside = _aside(con, book, grouped)
    there = frozenset(absent - present(con, tables, absent))
    plan = plan_of(found.halves | book.derived, found.digits, wide, there, found.full, aside)
    grouped.make(plan, book.year)
    # Grouping shows keys that come twice: rows of more tables may be set aside by now.
    if (more := _aside(con, book, grouped)) != aside:
        before, plan = (
            plan,
            plan_of(found.halves | book.derived, found.digits, wide, there, found.full, more),
        )
        grouped.keep(before, plan)
    size, everyone = at_once(con, plan, wide), None
    while True:
        ends = part_ends(con, unit, units.table, year, book.year, size, 0 if wide else REST)
        if not ends:
            found.years = tuple(
                int(y)
                for (y,) in con.execute(
                    f"SELECT DISTINCT {quoted(year)} FROM {quoted(units.table)} WHERE {quoted(year)} IS NOT NULL ORDER BY 1 LIMIT 9"
                ).fetchall()
            )
            ends = [("", "", 0)]
        everyone = everyone or sum(count for _, _, count in ends)
        assert everyone == sum(count for _, _, count in ends)
        try:
            return _judge_parts(con, book, plan, grouped, ends, folder, wide, done)
        except OutOfMemory:
            # Derived tables can be many times what was sent. What stands in a part shows in the files of outcomes, and nowhere else.
            if wide or size <= FEWEST:
                raise
            size //= 4
            # Views are those of one part.
            grouped.lay()


def _aside(
    con: duckdb.DuckDBPyConnection, book: BookOutline, grouped: Grouped
) -> frozenset[tuple[str, bool]]:
    """The list of rows that were set aside so far; of which tables (with True: of the year before) there are any."""
    return settle_refused(
        con, book.tables_read, {(r.table, r.unit, r.year, "") for r in grouped.refused}, book.year
    )


def _judge_parts(
    con: duckdb.DuckDBPyConnection,
    book: BookOutline,
    plan: BulkPlan,
    grouped: Grouped,
    ends: list[tuple[str, str, int]],
    folder: Path,
    wide: bool,
    done: Done,
) -> Counts:
    tables, total, judged = book.tables_read, sum(count for _, _, count in ends), 0

    def parts() -> Iterator[tuple[int, int]]:
        for number, (low, high, count) in enumerate(ends):
            # Where all units are one part, views are as they should be.
            between = (low, high) if len(ends) > 1 else None
            if between:
                grouped.lay(between)
                derive_views(con, tables, grouped.found.halves)
            grouped.cut(plan, between)
            yield number, count

    def heard(count: int) -> None:
        nonlocal judged
        judged += count
        done(judged, total)

    done(0, total)
    source = write_outcomes(con, plan, parts(), folder if wide else None, len(ends) == 1, heard)
    cards, degrees = write_rest(con, plan, source, folder, wide)
    assert cards == judged == total
    return Counts(cards, cards * len(plan.codes), degrees)


def _into_database(con: duckdb.DuckDBPyConnection, folder: Path, wide: bool) -> None:
    """The same tables as one DuckDB file instead of Parquet files."""
    con.execute(f"ATTACH {literal(str(folder / 'gouji.duckdb'))} AS results")
    for name in (*((PARTS,) if wide else ()), "findings", "scorecards", "set_aside"):
        where = folder / name / "*.parquet" if name == PARTS else folder / f"{name}.parquet"
        con.execute(
            f"CREATE TABLE results.{quoted(name)} AS SELECT * FROM read_parquet({literal(str(where))})"
        )
    con.execute("DETACH results")
    shutil.rmtree(folder / PARTS, ignore_errors=True)
    for path in folder.glob("*.parquet"):
        path.unlink()


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
