"""Bundles of one bucket of units -> its tables in DuckDB, sieved, and from there what is looked at (`look`) or judged (`judge`). Runs on executors: nothing is compiled, no file is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import duckdb

from gouji.app import Grouped, lay_part
from gouji.base.database import CLOSED, DEEP, NO_EXTENSIONS, connect
from gouji.base.faults import EngineError
from gouji.base.i18n import _
from gouji.base.lazy_import import pyarrow as pa
from gouji.base.sql_names import quoted
from gouji.intake import (
    ASIDE,
    Columns,
    RefusedRows,
    asked_columns,
    create,
    derive_views,
    filing_queries,
    list_refused,
    put_rows,
    repeated,
    sent_tables,
    shared_queries,
    sieve,
    unlisted,
)
from gouji.intake import bulk_views as b
from gouji.rules import ColumnRole, Table
from gouji.run import (
    cards_query,
    count_units,
    findings_query,
    judge_odd,
    judge_usual,
    make_figures,
)
from gouji.spark.packing import bundle, stream, unstream

MEASURES, SHARES, SAMPLE, REFUSED = "measures", "shares", "sample", "refused"
FILING, FILING_COLUMNS = "filing", ("单位代码", "单位名称", "情况")
CARDS, FINDINGS, OUTCOMES, SET_ASIDE = "scorecards", "findings", "outcomes", "set_aside"
JUDGED = "#judged"
ASIDE_COLUMNS = [
    ("数据表", "VARCHAR"),
    ("行号", "BIGINT"),
    ("单位代码", "VARCHAR"),
    ("列", "VARCHAR"),
    ("原因", "VARCHAR"),
    ("改法", "VARCHAR"),
]


def sent(name: str) -> str:
    """The table in DuckDB with the rows of a table as they came."""
    return f"{name} as sent"


@dataclass(frozen=True, slots=True)
class KnownTables:
    """What is known before anything is measured: parts without rows, the tables that rules read, the table of units, the year; how many rows of a sample each bucket gives."""

    parts: Mapping[str, b.TablePart]
    columns: Mapping[str, Columns]
    tables: Mapping[str, Table]
    units: str
    year: int
    sample: int
    memory: str = "2GB"


@dataclass(frozen=True, slots=True)
class Decided:
    """What follows from all units: the plan, whether outcomes are asked for, and rows of other units' figures that are for everybody, by table."""

    plan: Any
    wide: bool
    halves: frozenset[str]
    common: Mapping[str, bytes]


class Bucket:
    """The tables of one bucket of units."""

    def __init__(self, known: KnownTables, bundles: Iterable[Mapping[str, Any]]) -> None:
        self.known = known
        self.con = connect(CLOSED, DEEP, NO_EXTENSIONS, {"memory_limit": known.memory})
        self.con.execute("SET threads = 1")
        self.con.execute(
            "SET disabled_optimizers = 'join_order,build_side_probe_side,projection_pullup'"
        )
        found: dict[str, list[Any]] = {}
        for one in bundles:
            found.setdefault(one["name"], []).append(unstream(one["payload"]))
        for name, columns in known.columns.items():
            put_rows(self.con, sent(name), columns, found.get(name, ()))
        self.found = b.Bulk(dict(known.parts), ())
        self.refused = self._sieved()
        for table in sent_tables(known.tables).values():
            if table.table not in known.parts:
                create(self.con, table, unless_there=True)

    def _sieved(self) -> list[RefusedRows]:
        parts = self.found.parts.values()
        refused = [r for part in parts for r in sieve(self.con, self.found, part, False)]
        refused += unlisted(self.con, self.found, self.known.units)
        return refused + [r for part in parts for r in repeated(self.con, part)]

    def laid(self, ordered: bool) -> Grouped:
        """Views of the rows that count."""
        grouped = Grouped(self.con, self.found, self.refused, ordered)
        grouped.lay()
        return grouped

    def arrow(self, query: str) -> Any:
        """What a query gives."""
        made: Any = self.con.sql(query).to_arrow_table()
        return made


@dataclass(frozen=True, slots=True)
class LookInto:
    """What `mapInArrow` calls to measure buckets: bundles of measures, of what other units need, of rows for Pandera."""

    known: KnownTables

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Bundles for the driver."""
        for row in (row for batch in batches for row in batch.to_pylist()):
            bucket = Bucket(self.known, row["bundles"])
            with closing(bucket.con):
                yield bundle((row["bucket"], name, made) for name, made in self._of(bucket))

    def _of(self, bucket: Bucket) -> Iterator[tuple[str, bytes]]:
        known, con = self.known, bucket.con
        bucket.laid(ordered=False)
        expected, filing = self._filed(bucket)
        measures = self._measures(bucket) | {"expected": expected}
        yield MEASURES, json.dumps(measures, ensure_ascii=False).encode()
        list_refused(con, known.tables, self._marks(bucket), known.year)
        if filing:
            yield FILING, stream(bucket.arrow(filing))
        yield f"{SHARES}/{ASIDE}", stream(bucket.arrow(f"FROM {quoted(ASIDE)}"))
        for name, query in shared_queries(known.tables, bucket.found.halves):
            yield f"{SHARES}/{name}", stream(bucket.arrow(query))
        for name, part in known.parts.items():
            asked = ", ".join(map(quoted, asked_columns(part)))
            bad = f"SELECT n FROM {quoted(b.BAD)} WHERE t = '{name}'"
            rows = f"SELECT {asked} FROM {part.relation}"
            kept = f"{rows} WHERE {part.number} NOT IN ({bad}) LIMIT {known.sample}"
            yield f"{SAMPLE}/{name}", stream(bucket.arrow(kept))
            if any(r.table == name for r in bucket.refused):
                refused = f"{rows} WHERE {part.number} IN ({bad})"
                yield f"{REFUSED}/{name}", stream(bucket.arrow(refused))

    def _marks(self, bucket: Bucket) -> set[tuple[str, str, int | None, str]]:
        return {(r.table, r.unit, r.year, "") for r in bucket.refused}

    def _filed(self, bucket: Bucket) -> tuple[int | None, str]:
        """How many units the 应报清单 has (None without one), and a query of those that did not file or were not expected. A unit of the list has the bucket that its rows have."""
        table, number = (name for name, _kind in ASIDE_COLUMNS[:2])
        aside = f"(SELECT t AS {table}, n AS {number} FROM {quoted(b.BAD)})"
        queries = filing_queries(bucket.found, self.known.year, aside)
        if queries is None:
            return None, ""
        ((expected,),) = bucket.con.execute(queries[0]).fetchall()
        return int(expected), queries[1]

    def _measures(self, bucket: Bucket) -> dict[str, Any]:
        found, known = bucket.found, self.known
        absent = b.absent_tables(bucket.con, found, known.tables, known.year)
        whose = units_columns(known)
        years = bucket.con.execute(
            f"SELECT DISTINCT {quoted(whose[1])} FROM {quoted(known.units)} WHERE {quoted(whose[1])} IS NOT NULL"
        ).fetchall()
        return {
            "rows": found.rows,
            "digits": [[*key, n] for key, n in found.digits.items()],
            "full": sorted(map(list, found.full)),
            "absent": sorted(map(list, absent)),
            "refused": sorted({(r.table, r.number) for r in bucket.refused}),
            "reasons": [[r.table, r.reason[1]] for r in bucket.refused],
            "units": count_units(bucket.con, known.units, whose, known.year),
            "years": sorted(int(y) for (y,) in years),
        }


def units_columns(known: KnownTables) -> tuple[str, str]:
    """The columns of unit and year in the table of units."""
    table = known.parts[known.units].table
    return table.with_role(ColumnRole.UNIT).name, table.with_role(ColumnRole.YEAR).name


@dataclass(frozen=True, slots=True)
class Judge:
    """What `mapInArrow` calls to judge buckets: bundles of scorecards, findings, outcomes and rows set aside."""

    known: KnownTables
    decided: Decided

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Bundles of results."""
        for row in (row for batch in batches for row in batch.to_pylist()):
            bucket = Bucket(self.known, row["bundles"])
            with closing(bucket.con):
                lend(bucket, self.decided, row["others"] or ())
                made = [(row["bucket"], name, stream(of)) for name, of in self._results(bucket)]
                yield bundle(made)

    def _results(self, bucket: Bucket) -> Iterator[tuple[str, Any]]:
        con, decided, known = bucket.con, self.decided, self.known
        grouped = bucket.laid(decided.wide)
        derive_views(con, known.tables, decided.halves)
        lay_part(grouped, known.tables, decided.plan, None)
        units = count_units(con, known.units, units_columns(known), known.year)
        yield SET_ASIDE, aside_rows(bucket.refused)
        if not units:
            return
        if make_figures(con, decided.plan) != units:
            raise EngineError(_("一批单位里有单位不止一行"))
        source, found = judged(con, decided)
        yield CARDS, bucket.arrow(cards_query(decided.plan, source, decided.wide))
        yield FINDINGS, bucket.arrow(findings_query(decided.plan, found, decided.wide))
        if decided.wide:
            yield OUTCOMES, bucket.arrow(f"FROM {source}")


def lend(bucket: Bucket, decided: Decided, others: Iterable[Mapping[str, Any]]) -> None:
    """Lay down what other units give."""
    rows: dict[str, list[Any]] = {n: [unstream(p)] for n, p in decided.common.items()}
    for one in others:
        rows.setdefault(one["name"], []).append(unstream(one["payload"]))
    for name, tables in rows.items():
        made = pa.concat_tables(tables, promote_options="permissive")
        bucket.con.register("#given", made)
        bucket.con.execute(f'CREATE OR REPLACE TABLE {quoted(name)} AS FROM "#given"')
        bucket.con.unregister("#given")


def judged(con: duckdb.DuckDBPyConnection, decided: Decided) -> tuple[str, str]:
    """Judge the figures that are there; where scorecards and findings are read."""
    if decided.wide:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(JUDGED)} AS {decided.plan.judged}")
        return quoted(JUDGED), quoted(JUDGED)
    source = judge_odd(con, decided.plan, judge_usual(con, decided.plan, alone=True))
    return source, quoted("#odd")


def aside_rows(refused: Iterable[RefusedRows]) -> Any:
    """Rows set aside as `set_aside.parquet` has them; what number a row has is not known of tables in a catalog."""
    rows = [(r.table, None, r.unit, r.reason[2], r.reason[0], r.reason[1]) for r in refused]
    names = [name for name, _kind in ASIDE_COLUMNS]
    kinds = (pa.string(), pa.int64(), *[pa.string()] * 4)
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    arrays = [pa.array(c, k) for c, k in zip(columns, kinds, strict=True)]
    return pa.Table.from_arrays(arrays, names=names)
