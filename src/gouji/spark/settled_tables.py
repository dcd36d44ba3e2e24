"""What was measured of all buckets -> what follows from all units: sizes, rows set aside, figures of other units, the plan; and what Pandera says of a sample."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from gouji.app import Grouped, lay_part
from gouji.base.database import DEEP, NO_EXTENSIONS, connect
from gouji.base.sql_names import quoted
from gouji.intake import (
    ASIDE,
    NOT_FILED,
    RefusedRows,
    agrees,
    create,
    create_aside,
    derive_views,
    gather,
    gathered_name,
    gathering,
    inherited,
    present,
    put_rows,
    sent_tables,
)
from gouji.intake import bulk_views as b
from gouji.rules import BookOutline
from gouji.run import cards_query, findings_query, make_figures
from gouji.spark.bucket_tables import (
    CARDS,
    FILING,
    FINDINGS,
    JUDGED,
    MEASURES,
    OUTCOMES,
    REFUSED,
    SAMPLE,
    SHARES,
    Decided,
    KnownTables,
    sent,
)
from gouji.spark.packing import split, stream, unstream


@dataclass(slots=True)
class BucketMeasures:
    """What all buckets come to."""

    found: b.Bulk
    units: int = 0
    years: set[int] = field(default_factory=set)
    absent: frozenset[tuple[str, bool]] | None = None
    reasons: dict[str, set[str]] = field(default_factory=dict)
    payloads: dict[str, list[Any]] = field(default_factory=dict)
    expected: int | None = None

    def filing(self) -> list[tuple[str, str, str]]:
        """Who did not file and who was not expected: code, name, which of the two; nobody where no unit of the year is expected."""
        rows = [
            (str(code), str(name), str(state))
            for table in self.payloads.get(FILING, ())
            for code, name, state in zip(*table.to_pydict().values(), strict=True)
        ]
        return sorted(rows, key=lambda row: (row[2] != NOT_FILED, row)) if self.expected else []

    def filed(self) -> dict[str, int]:
        """The counts for a manifest, as a run on one machine has them; nothing without an 应报清单."""
        if self.expected is None:
            return {}
        if not self.expected:
            return {"expected": 0}
        rows = self.filing()
        missing = sum(state == NOT_FILED for *_, state in rows)
        return {
            "expected": self.expected,
            "not_filed": missing,
            "unexpected": len(rows) - missing,
        }


def measured(known: KnownTables, bundles: Iterable[tuple[str, bytes]]) -> BucketMeasures:
    """Add up what `LookInto` gave."""
    made = BucketMeasures(b.Bulk(dict(known.parts), ()))
    lacking: set[tuple[str, str]] | None = None
    for name, payload in bundles:
        if name != MEASURES:
            made.payloads.setdefault(name, []).append(unstream(payload))
            continue
        of = json.loads(payload)
        _add(made, of)
        full = {(t, c) for t, c in of["full"]}
        lacking = full if lacking is None else lacking & full
    made.found.full = lacking or set()
    return made


def _add(made: BucketMeasures, of: Mapping[str, Any]) -> None:
    found = made.found
    for table, rows in of["rows"].items():
        found.rows[table] = found.rows.get(table, 0) + int(rows)
    for table, column, digits in of["digits"]:
        found.digits[table, column] = max(found.digits.get((table, column), 1), int(digits))
    for table, _number in of["refused"]:
        found.refused[table] = found.refused.get(table, 0) + 1
    for table, fix in of["reasons"]:
        made.reasons.setdefault(table, set()).add(fix)
    absent = frozenset((t, bool(prior)) for t, prior in of["absent"])
    made.absent = absent if made.absent is None else made.absent & absent
    made.units += int(of["units"])
    if of["expected"] is not None:
        made.expected = (made.expected or 0) + int(of["expected"])
    made.years |= set(of["years"])


@dataclass(frozen=True, slots=True)
class Settled:
    """What buckets are judged by: what is for all of them, and bundles of figures of other units; the columns of each kind of result with their types in DuckDB.

    `given` is what the plan was compiled with.
    """

    decided: Decided
    others: list[tuple[int, str, bytes]]
    columns: Mapping[str, list[tuple[str, str]]]
    given: tuple[Any, ...] = ()


def settled(
    known: KnownTables,
    made: BucketMeasures,
    book: BookOutline,
    plan_of: Callable[..., Any],
    wide: bool,
    buckets: int,
) -> Settled:
    """Gather figures of other units, list what is not whole, and make the plan. Raises what `compile_bulk` raises."""
    with closing(connect(DEEP, NO_EXTENSIONS)) as con:
        _lay(con, known, made)
        halves, found = made.found.halves, made.found
        gather(con, known.tables, halves)
        aside = inherited(con, known.tables, known.year)
        absent = made.absent or frozenset()
        there = frozenset(absent - present(con, known.tables, absent))
        given = (halves | book.derived, found.digits, wide, there, found.full, aside)
        plan = plan_of(*given)
        others, common = _others(con, known, buckets)
        columns = _columns(con, known, plan, halves, wide)
        decided = Decided(plan, wide, halves, common)
        return Settled(decided, others, columns, given)


def _lay(con: duckdb.DuckDBPyConnection, known: KnownTables, made: BucketMeasures) -> None:
    """The rows that other units' figures come from, in tables as units send them."""
    create_aside(con)
    for table in sent_tables(known.tables).values():
        create(con, table)
    for name in (*known.tables, ASIDE):
        for rows in made.payloads.get(f"{SHARES}/{name}", ()):
            con.register("#rows", rows)
            con.execute(f'INSERT INTO {quoted(name)} BY NAME FROM "#rows"')
            con.unregister("#rows")


def _others(
    con: duckdb.DuckDBPyConnection, known: KnownTables, buckets: int
) -> tuple[list[tuple[int, str, bytes]], dict[str, bytes]]:
    """What was gathered, by bucket, and what is for everybody; of every table at least its columns."""
    names = [gathered_name(table, column) for table, column, _take in gathering(known.tables)]
    others, common = list[tuple[int, str, bytes]](), dict[str, bytes]()
    for name in (*names, ASIDE):
        whole: Any = con.sql(f"FROM {quoted(name)} WHERE u = ''").to_arrow_table()
        common[name] = stream(whole)
        own: Any = con.sql(f"FROM {quoted(name)} WHERE u <> ''").to_arrow_table()
        if own.num_rows:
            others += split(own, "u", name, buckets)
    return others, common


def _columns(
    con: duckdb.DuckDBPyConnection,
    known: KnownTables,
    plan: Any,
    halves: frozenset[str],
    wide: bool,
) -> dict[str, list[tuple[str, str]]]:
    """The columns of results, as DuckDB tells them of the same statements over hardly any row."""
    empty = b.Bulk({}, ())
    derive_views(con, known.tables, halves)
    lay_part(Grouped(con, empty, [], wide), known.tables, plan, None)
    make_figures(con, plan)
    con.execute(f"CREATE TEMP TABLE {quoted(JUDGED)} AS FROM ({plan.judged}) LIMIT 0")
    asked = {
        CARDS: cards_query(plan, quoted(JUDGED), wide),
        FINDINGS: findings_query(plan, quoted(JUDGED), wide),
    }
    if wide:
        asked[OUTCOMES] = f"FROM {quoted(JUDGED)}"
    return {
        kind: [(str(r[0]), str(r[1])) for r in con.execute(f"DESCRIBE {query}").fetchall()]
        for kind, query in asked.items()
    }


def ask_pandera(known: KnownTables, made: BucketMeasures) -> None:
    """Pandera must agree on a sample of the rows that passed, and on all that did not. Raises EngineError otherwise."""
    with closing(connect(DEEP, NO_EXTENSIONS)) as con, TemporaryDirectory() as folder:
        for name, part in known.parts.items():
            rows = made.payloads.get(f"{SAMPLE}/{name}", [])
            bad = made.payloads.get(f"{REFUSED}/{name}", [])
            if sum(r.num_rows for r in (*rows, *bad)):
                _ask(con, known, made, name, part, rows, bad, Path(folder))


def _ask(
    con: duckdb.DuckDBPyConnection,
    known: KnownTables,
    made: BucketMeasures,
    name: str,
    part: b.TablePart,
    rows: list[Any],
    bad: list[Any],
    folder: Path,
) -> None:
    kept = {c for r in (*rows, *bad) for c in r.column_names}
    columns = [(c, k) for c, k in part.types.items() if c in kept]
    put_rows(con, sent(name), columns, [*bad, *rows])
    asked = b.TablePart(part.table, quoted(sent(name)), quoted(b.NUMBER), dict(columns))
    refused = [
        RefusedRows(name, number, "", ("", fix, ""))
        for number in range(sum(r.num_rows for r in bad))
        for fix in sorted(made.reasons.get(name, ()))
    ]
    b.note_refused(con, ((name, r.number) for r in refused))
    agrees(con, asked, refused, folder)
