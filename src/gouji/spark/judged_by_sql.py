"""The same units judged by Spark's own SQL: rows that count come out of buckets as they go into DuckDB, the plan's trees are printed for Spark. A second meaning to hold `audit` against; needs Spark 3.4 or newer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from gouji.app import load_book, stages_for_spark
from gouji.base.sql_names import quoted, view_named
from gouji.intake import ASIDE, derive_views
from gouji.spark.audited import (
    Unpack,
    arrow_schema,
    prepared,
    spark_schema,
    spark_type,
    told_faults,
)
from gouji.spark.bucket_tables import (
    ASIDE_COLUMNS,
    CARDS,
    FINDINGS,
    JUDGED,
    OUTCOMES,
    SET_ASIDE,
    Bucket,
    Decided,
    KnownTables,
    aside_rows,
    lend,
)
from gouji.spark.packing import BUNDLES, bundle, stream

ROWS = "rows"
# Types of tables of ours -> those that other engines have; any other is a text.
_TYPES = {
    "HUGEINT": "DECIMAL(38,0)",
    "BOOLEAN": "BOOLEAN",
    **dict.fromkeys(("BIGINT", "UINTEGER"), "BIGINT"),
    **dict.fromkeys(("INTEGER", "SMALLINT", "TINYINT", "USMALLINT", "UTINYINT"), "INTEGER"),
}


@dataclass(frozen=True, slots=True)
class LayRows:
    """What `mapInArrow` calls to bring out the rows of buckets that count, of tables that units send and of tables worked out from them, in known types."""

    known: KnownTables
    decided: Decided
    columns: Mapping[str, list[tuple[str, str]]]

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Bundles of rows by table."""
        for row in (row for batch in batches for row in batch.to_pylist()):
            bucket = Bucket(self.known, row["bundles"])
            with closing(bucket.con):
                _lay(bucket, self.decided, row["others"] or ())
                yield bundle((row["bucket"], name, stream(of)) for name, of in self._rows(bucket))

    def _rows(self, bucket: Bucket) -> Iterator[tuple[str, Any]]:
        yield SET_ASIDE, aside_rows(bucket.refused)
        for name, columns in self.columns.items():
            cells = ", ".join(f"{quoted(c)}::{kind} AS {quoted(c)}" for c, kind in columns)
            yield f"{ROWS}/{name}", bucket.arrow(f"SELECT {cells} FROM {quoted(name)}")


def _lay(bucket: Bucket, decided: Decided, others: Iterable[Mapping[str, Any]]) -> None:
    """The tables that a plan reads, as it reads them."""
    lend(bucket, decided, others)
    bucket.laid(ordered=False)
    derive_views(bucket.con, bucket.known.tables, decided.halves)


def columns_laid(known: KnownTables, decided: Decided) -> dict[str, list[tuple[str, str]]]:
    """The columns of the tables that a plan reads, in types that other engines have: those of a bucket without rows."""
    bucket = Bucket(known, ())
    with closing(bucket.con):
        _lay(bucket, decided, ())
        return {
            name: [
                (str(row[0]), _type(str(row[1])))
                for row in bucket.con.execute(f"DESCRIBE {quoted(name)}").fetchall()
            ]
            for name in (*known.tables, ASIDE)
        }


def _type(kind: str) -> str:
    return kind if kind.startswith("DECIMAL") else _TYPES.get(kind, "VARCHAR")


@dataclass(frozen=True, slots=True)
class SqlAudit:
    """Results as DataFrames, columns and rows as those of `SparkAudit`."""

    scorecards: Any
    findings: Any
    outcomes: Any
    set_aside: Any


def audit_by_sql(
    spark: Any,
    tables: Mapping[str, Any] | str,
    work: str,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    partitions: int | None = None,
    figures: str | None = None,
) -> SqlAudit:
    """Audit as `audit` does, but judge in Spark SQL. Rows that count, and what each statement gives, are written below `work`, a folder that driver and executors reach: Spark would work a view out again wherever a statement names it, and spends minutes on the plan of all of them in one.

    Raises what `audit` raises, and DataError for a rulebook of which Spark SQL has no words for something.
    """
    made = prepared(spark, tables, rules, schemas, True, partitions, figures)
    views = f"gouji_{uuid4().hex}_"
    book = load_book(rules, schemas)
    plan = stages_for_spark(book, views, JUDGED, *made.settled.given)
    places = (f"{work}/{number}" for number in count())
    with told_faults():
        laid = columns_laid(made.known, made.settled.decided)
        lay = LayRows(made.known, made.settled.decided, laid)
        rows = _written(spark, made.beside.mapInArrow(lay, BUNDLES), next(places))
        for name, columns in laid.items():
            frame = _named(rows, f"{ROWS}/{name}", columns)
            _put_by(spark, frame, next(places), view_named(views, name))
        for name, statement in plan.stages:
            _put_by(spark, spark.sql(statement), next(places), view_named(views, name))
    judged = spark.table(view_named(views, JUDGED))
    return _answers(made.settled.columns, judged, spark.sql(plan.findings), rows)


def _answers(kinds: Mapping[str, Any], judged: Any, findings: Any, rows: Any) -> SqlAudit:
    """What was judged, in the tables and types that results have."""
    return SqlAudit(
        _typed(judged, kinds[CARDS]),
        _typed(findings, kinds[FINDINGS]),
        _typed(judged, kinds[OUTCOMES]),
        _named(rows, SET_ASIDE, ASIDE_COLUMNS),
    )


def _written(spark: Any, frame: Any, folder: str) -> Any:
    """The rows of a DataFrame, from files that hold them."""
    frame.write.mode("overwrite").parquet(folder)
    return spark.read.schema(frame.schema).parquet(folder)


def _put_by(spark: Any, frame: Any, folder: str, view: str) -> None:
    _written(spark, frame, folder).createOrReplaceTempView(view)


def _named(rows: Any, name: str, columns: list[tuple[str, str]]) -> Any:
    """The rows of a kind of bundles."""
    asked = name.replace("'", "\\'")
    return rows.where(f"name = '{asked}'").mapInArrow(
        Unpack(arrow_schema(columns)), spark_schema(columns)
    )


def _typed(frame: Any, columns: list[tuple[str, str]]) -> Any:
    """Some columns, in the types that results have."""
    from pyspark.sql import functions as f

    return frame.select(
        *(f.col(f"`{name}`").cast(spark_type(kind)).alias(name) for name, kind in columns)
    )


__all__ = ["LayRows", "SqlAudit", "audit_by_sql"]
