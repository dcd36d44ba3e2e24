"""A session, tables and a rulebook -> SparkAudit: lazy DataFrames of scorecards, findings, outcomes and rows set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from math import ceil
from pathlib import Path
from typing import Any

from gouji.app import bulk_plan_for, load_book, load_outline, version
from gouji.base.database import connect
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.lazy_import import pyarrow as pa
from gouji.base.verdict import Severity
from gouji.intake import lay_parts
from gouji.rules import BookOutline, ColumnRole
from gouji.spark.bucket_tables import (
    ASIDE_COLUMNS,
    CARDS,
    FILING_COLUMNS,
    FINDINGS,
    OUTCOMES,
    SET_ASIDE,
    Judge,
    KnownTables,
    LookInto,
    sent,
)
from gouji.spark.packing import BUNDLES, RowPacker, unstream
from gouji.spark.settled_tables import BucketMeasures, Settled, ask_pandera, measured, settled
from gouji.spark.sources import by_name, check_settings, columns_of, first_line, tables_of

# Units of one bucket, and rows of a sample that Pandera is asked about.
UNITS_AT_ONCE, SAMPLE = 5_000, 20_000
_KINDS = {
    "VARCHAR": "string",
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "USMALLINT": "int",
    "INTEGER": "int",
}


@dataclass(frozen=True, slots=True)
class Unpack:
    """What `mapInArrow` calls to make rows of bundles, in the types of the DataFrame."""

    schema: Any

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Rows of one kind."""
        for batch in batches:
            for payload in batch.column("payload").to_pylist():
                table = unstream(payload)
                columns = [_plain(table.column(f.name)).cast(f.type) for f in self.schema]
                yield from pa.Table.from_arrays(columns, schema=self.schema).to_batches()


def _plain(column: Any) -> Any:
    """A column without the dictionary of a word list."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


@dataclass(frozen=True, slots=True)
class SparkAudit:
    """Results as DataFrames: each is worked out when something is asked of it, on the engine. Keep them with `persist` or write them, for every question works them out anew."""

    book: BookOutline
    results: Any
    measured: BucketMeasures
    settled: Settled
    unread: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()

    @property
    def scorecards(self) -> Any:
        """One row a unit, columns as in docs/bulk.md."""
        return self._of(CARDS, self.settled.columns[CARDS])

    @property
    def findings(self) -> Any:
        """One row a finding."""
        return self._of(FINDINGS, self.settled.columns[FINDINGS])

    @property
    def outcomes(self) -> Any:
        """One row a unit with the verdict of every rule. Raises DataError where they were not asked for."""
        if OUTCOMES not in self.settled.columns:
            raise DataError(_("没有要每条规则的结论"), fix=_("写 outcomes=True"))
        return self._of(OUTCOMES, self.settled.columns[OUTCOMES])

    @property
    def set_aside(self) -> Any:
        """One row a refused row and reason; the number of a row is not known."""
        return self._of(SET_ASIDE, ASIDE_COLUMNS)

    @property
    def filing(self) -> Any:
        """One row a unit that did not file or was not expected, where the data hold an 应报清单."""
        rows = self.measured.filing()
        columns = ", ".join(f"{name} string" for name in FILING_COLUMNS)
        return self.results.sparkSession.createDataFrame(rows, columns)

    def _of(self, kind: str, columns: list[tuple[str, str]]) -> Any:

        return self.results.where(f"name = '{kind}'").mapInArrow(
            Unpack(arrow_schema(columns)), spark_schema(columns)
        )

    def manifest(self) -> dict[str, Any]:
        """What the results rest on, and what came out: counts the findings, on the engine."""
        found, plan = self.measured.found, self.settled.decided.plan
        rows, aside = sum(found.rows.values()), sum(found.refused.values())
        degrees, units = self._degrees(), self.measured.units
        return {
            "gouji": version("gouji"),
            "duckdb": version("duckdb"),
            "engine": "spark",
            "book": self.book.book,
            "year": self.book.year,
            "rules": self.book.digests[0],
            "schemas": self.book.digests[1],
            "rows_in": rows,
            "rows_accepted": rows - aside,
            "rows_set_aside": aside,
            "set_aside": {k: v for k, v in sorted(found.refused.items()) if v},
            "unread": list(self.unread),
            "unstated": list(self.unstated),
            "other_years": [] if units else sorted(self.measured.years)[:9],
            **self.measured.filed(),
            "units": units,
            "rules_in_force": self.book.rules,
            "outcomes": units * len(plan.codes),
            "findings": sum(degrees.values()),
            "degrees": degrees,
        }

    def _degrees(self) -> dict[str, int]:
        """How many findings there are of each severity, counted on the engine."""
        counted = {r["级别"]: r["count"] for r in self.findings.groupBy("级别").count().collect()}
        return {s.value: int(counted.get(s.value, 0)) for s in Severity}


def arrow_schema(columns: list[tuple[str, str]]) -> Any:
    """Columns with DuckDB's types as a schema of Arrow, in the types that Spark has."""
    return pa.schema([(name, _arrow(kind)) for name, kind in columns])


def _arrow(kind: str) -> Any:
    if kind.startswith("DECIMAL"):
        width, places = kind[8:-1].split(",")
        return pa.decimal128(int(width), int(places))
    known = {
        "BIGINT": pa.int64(),
        "BOOLEAN": pa.bool_(),
        "USMALLINT": pa.int32(),
        "INTEGER": pa.int32(),
    }
    return known.get(kind, pa.string())


def spark_schema(columns: list[tuple[str, str]]) -> str:
    """The same as Spark writes it."""
    return ", ".join(f"`{name}` {spark_type(kind)}" for name, kind in columns)


def spark_type(kind: str) -> str:
    """A type of DuckDB's as Spark writes it."""
    return kind.lower() if kind.startswith("DECIMAL") else _KINDS.get(kind, "string")


def audit(
    spark: Any,
    tables: Mapping[str, Any] | str,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    outcomes: bool = True,
    partitions: int | None = None,
    figures: str | None = None,
) -> SparkAudit:
    """Audit the units of `tables` (DataFrames by name, or `catalog.schema`), by about 5,000 units a bucket or in so many `partitions`.

    `figures`: what figures are kept in, `base` or `printed`; base units unless types tell otherwise. Reads the tables once to measure them, and once more
    for each question that is asked of the results. Raises DataError when the session or the tables cannot be used, RuleError in an ExceptionGroup when the rulebook is wrong.
    """
    made = prepared(spark, tables, rules, schemas, outcomes, partitions, figures)
    with told_faults():
        results = made.beside.mapInArrow(Judge(made.known, made.settled.decided), BUNDLES)
    return SparkAudit(made.book, results, made.measured, made.settled, (), made.unstated)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is there before units are judged: buckets with what was gathered of other units `beside` them, and what follows from all of them."""

    book: BookOutline
    known: KnownTables
    measured: BucketMeasures
    settled: Settled
    beside: Any
    unstated: tuple[str, ...]


def prepared(
    spark: Any,
    tables: Mapping[str, Any] | str,
    rules: str | Path | None,
    schemas: str | Path | None,
    outcomes: bool,
    partitions: int | None,
    figures: str | None,
) -> Prepared:
    """Bucket the tables, measure them, make the plan. Raises what `audit` raises."""
    check_settings(spark)
    book = load_outline(rules, schemas)
    names = [name for name in book.tables if name not in book.derived]
    frames = tables_of(spark, tables, names)
    known, unstated = _known(book, frames, figures)
    with told_faults():
        buckets = partitions or _buckets(frames[book.units])
        dossiers = _dossiers(known, frames, buckets)
        known = replace(known, sample=ceil(SAMPLE / buckets))
        made = _looked(known, dossiers)

        def plan_of(*given: Any) -> Any:
            return bulk_plan_for(book.digests, lambda: load_book(rules, schemas), *given)

        set_by = settled(known, made, book, plan_of, outcomes, buckets)
        beside = _with_others(spark, dossiers, set_by)
    return Prepared(book, known, made, set_by, beside, unstated)


@contextmanager
def told_faults() -> Iterator[None]:
    """Faults of the engine as DataError, in a line."""
    try:
        yield
    except Exception as fault:
        if not type(fault).__module__.startswith(("pyspark", "grpc", "py4j")):
            raise
        raise DataError(
            _("Spark 没能完成：{why}").format(why=first_line(fault)),
            fix=_("检查连接、权限和执行器上装的 gouji，再运行一次"),
        ) from fault


def _looked(known: KnownTables, dossiers: Any) -> BucketMeasures:
    """Measure all buckets; Pandera has its word."""
    seen = dossiers.mapInArrow(LookInto(known), BUNDLES).select("name", "payload").collect()
    made = measured(known, ((row["name"], bytes(row["payload"])) for row in seen))
    ask_pandera(known, made)
    return made


def _known(
    book: BookOutline, frames: Mapping[str, Any], figures: str | None
) -> tuple[KnownTables, tuple[str, ...]]:
    columns = {name: columns_of(name, frame) for name, frame in frames.items()}
    laid = {name: (sent(name), of) for name, of in columns.items()}
    con = connect()
    try:
        parts, unstated = lay_parts(con, laid, book.tables, book.units, figures)
    finally:
        con.close()
    read = dict(book.tables_read)
    return KnownTables(parts, columns, read, book.units, book.year, SAMPLE), unstated


def _buckets(units: Any) -> int:
    return max(1, ceil(int(units.count()) / UNITS_AT_ONCE))


def _dossiers(known: KnownTables, frames: Mapping[str, Any], buckets: int) -> Any:
    """One row a bucket, with the rows of all tables of its units."""
    from pyspark.sql import functions as f

    packed = []
    for name, frame in frames.items():
        unit = known.parts[name].table.with_role(ColumnRole.UNIT).name
        chosen = frame.select(*by_name(known.columns[name]))
        packed.append(chosen.mapInArrow(RowPacker(name, unit, buckets), BUNDLES))
    every = reduce(lambda one, other: one.unionAll(other), packed)
    return every.groupBy("bucket").agg(f.collect_list(f.struct("name", "payload")).alias("bundles"))


def _with_others(spark: Any, dossiers: Any, found: Settled) -> Any:
    """Beside each bucket what was gathered of other units."""
    from pyspark.sql import functions as f

    given = spark.createDataFrame(found.others or [(-1, "", b"")], BUNDLES)
    others = given.groupBy("bucket").agg(
        f.collect_list(f.struct("name", "payload")).alias("others")
    )
    return dossiers.join(others, "bucket", "left").select("bucket", "bundles", "others")
