"""A DuckDB file -> its tables and views that are named as ours, of every schema; what cannot be taken is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from gouji.base.database import CLOSED, NO_EXTENSIONS, connect
from gouji.base.faults import DataError, did_you_mean
from gouji.base.i18n import _
from gouji.base.lazy_import import pyarrow as pa
from gouji.intake.files.arrow_columns import Incoming
from gouji.intake.files.kept_units import in_comment
from gouji.intake.ledger.submission import At, Lost, Problem, Submission
from gouji.intake.ledger.tables import quoted
from gouji.rules import Table

BATCH_ROWS = 100_000
# A view is a query of somebody else: it may take this long, give so many rows, and use so much memory.
SECONDS, ROWS_AT_MOST, MEMORY = 60.0, 5_000_000, "1GB"


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file, read-only, with no access to anything else."""
    limit = {"memory_limit": MEMORY}
    with connect(CLOSED, NO_EXTENSIONS, limit, database=path, read_only=True) as source:
        source.execute("SET lock_configuration = true")
        yield source


def tables_in(
    source: duckdb.DuckDBPyConnection,
    file: str,
    tables: Mapping[str, Table],
    submission: Submission,
) -> list[Incoming]:
    """What there is to take. A name that two schemas hold is taken from neither; names that nobody knows are told."""
    listed = source.execute(
        "SELECT schema_name, table_name, comment, false FROM duckdb_tables() WHERE NOT internal AND database_name = current_database()"
        " UNION ALL SELECT schema_name, view_name, comment, true FROM duckdb_views() WHERE NOT internal AND database_name = current_database() ORDER BY 2, 1"
    ).fetchall()
    schemas: dict[str, list[str]] = {}
    for schema, name, *_rest in listed:
        schemas.setdefault(name, []).append(schema)
    found = list[Incoming]()
    for schema, name, comment, is_view in listed:
        table = tables.get(name)
        if table is None:
            where = name if schema == "main" else f"{schema}.{name}"
            what = _("没有叫“{table}”的数据表").format(table=where)
            fix = did_you_mean(name, tables)
            submission.problems.append(Problem(name, At(file), what, fix, lost=Lost.SHEET))
        elif len(schemas[name]) > 1:
            if schema == schemas[name][0]:
                _refuse_several(name, file, schemas[name], submission)
        else:
            relation = f"{quoted(schema)}.{quoted(name)}"
            found += _incoming(source, file, table, relation, (comment, is_view), submission)
    return found


def _refuse_several(name: str, file: str, schemas: Sequence[str], submission: Submission) -> None:
    """Nothing is taken of a table that several schemas hold."""
    what = _("“{table}”在几个模式里都有：{schemas}；都不采用").format(
        table=name, schemas="、".join(schemas)
    )
    submission.problems.append(Problem(name, At(file), what, _("只留一个"), lost=Lost.ROWS))
    submission.refused += 1


def _incoming(
    source: duckdb.DuckDBPyConnection,
    file: str,
    table: Table,
    name: str,
    of: tuple[str | None, bool],
    submission: Submission,
) -> list[Incoming]:
    comment, is_view = of
    query, made = f"SELECT * FROM {name}", list[Incoming]()
    with told(table, file, submission), _limited(source, is_view):
        said = in_comment(comment, f"{file}:{table.table}")
        schema = source.sql(f"{query} LIMIT 0").to_arrow_table().schema
        if is_view:
            batches = _all_of(source, query)
            made.append(
                Incoming(
                    table,
                    file,
                    schema,
                    said,
                    sum(b.num_rows for b in batches),
                    lambda: iter(batches),
                )
            )
        else:
            (rows,) = source.execute(f"SELECT count(*) FROM {name}").fetchall()[0]
            made.append(
                Incoming(table, file, schema, said, int(rows), lambda: _reader(source, query))
            )
    return made


def _reader(source: duckdb.DuckDBPyConnection, query: str) -> Any:
    return source.sql(query).to_arrow_reader(BATCH_ROWS)


def _all_of(source: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    """The rows of a view, all at once: one that fails at its end has given nothing."""
    batches, count = [], 0
    for batch in _reader(source, query):
        batches.append(batch)
        count += batch.num_rows
        if count > ROWS_AT_MOST:
            raise TooMuch
    return batches


class TooMuch(Exception):
    """A view gives more rows than anybody files."""


@contextmanager
def _limited(source: duckdb.DuckDBPyConnection, limited: bool) -> Iterator[None]:
    timer = Timer(SECONDS, source.interrupt) if limited else None
    if timer is not None:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        if timer is not None:
            timer.cancel()


@contextmanager
def told(table: Table, file: str, submission: Submission) -> Iterator[None]:
    """What the engine says against reading a table becomes a problem; nothing of the table is taken then."""
    try:
        yield
    except duckdb.InterruptException:
        why, fix = _("视图超过 {n} 秒没有算完").format(n=round(SECONDS)), _("把它存成表")
    except TooMuch:
        why, fix = _("视图超过 {n} 行").format(n=ROWS_AT_MOST), _("把它存成表")
    except (duckdb.Error, pa.ArrowException, OSError) as fault:
        # What DuckDB says while rows stream comes as an error of Arrow.
        why, fix = str(fault).split("\n")[0], _("检查文件，或重新导出")
    except DataError as fault:
        why, fix = fault.what, fault.fix
    else:
        return
    submission.problems.append(
        Problem(
            table.table,
            At(file),
            _("“{table}”读不了：{why}").format(table=table.table, why=why),
            fix,
            lost=Lost.ROWS,
        )
    )
    submission.refused += 1
