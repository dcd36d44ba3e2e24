"""Parquet files, DuckDB files and PostgreSQL schemas whose tables are named as ours -> the same tables in DuckDB, in batches, through Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gouji.faults import DataError, did_you_mean
from gouji.i18n import _
from gouji.intake.filling import Loader
from gouji.intake.submission import At, Problem, Submission
from gouji.later import duckdb, with_arrow
from gouji.later import pyarrow as pa
from gouji.later import pyarrow_parquet as pq
from gouji.load.tables import ColumnRole, Table

TABULAR = (".parquet", ".duckdb", ".db")
URLS = ("postgresql://", "postgres://")
BATCH_ROWS = 100_000


def read_tabular(con: duckdb.DuckDBPyConnection, path: Path, tables: Mapping[str, Table], loader: Loader, submission: Submission) -> None:
    """Take every table of a Parquet or DuckDB file that a table description knows; others are told."""
    from gouji.intake.sources import digest_of

    submission.digests[path.name] = digest_of(path)
    if path.suffix.lower() == ".parquet":
        if (table := _known(path.stem, path.name, tables, submission)) is not None:
            _parquet(path, table, loader, submission)
        return
    try:
        source = duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"})
    except duckdb.Error as fault:
        submission.problems.append(Problem("", At(path.name), _("打不开: {why}").format(why=str(fault).split("\n")[0]), _("检查文件和版本")))
        submission.refused += 1
        return
    with source:
        names = [str(n) for (n,) in source.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1").fetchall()]
        for name in names:
            if (table := _known(name, path.name, tables, submission)) is not None:
                reader: Any = with_arrow(source).sql(f"SELECT * FROM {_quoted(name)}").to_arrow_reader(BATCH_ROWS)
                _take(reader.schema.names, reader, table, path.name, loader, submission)


def read_postgres(url: str, tables: Mapping[str, Table], loader: Loader, submission: Submission) -> None:
    """Take every table of a PostgreSQL schema (`?schema=…` of the URL, else `public`) that a table description knows."""
    import adbc_driver_manager
    import adbc_driver_postgresql.dbapi

    address, schema = _split(url)
    shown = address.rsplit("@", 1)[-1]
    try:
        with adbc_driver_postgresql.dbapi.connect(address) as server, server.cursor() as cursor:
            cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = $1 ORDER BY 1", (schema or "public",))
            for (name,) in cursor.fetchall():
                if (table := _known(name, shown, tables, submission)) is not None:
                    cursor.execute(f"SELECT * FROM {_quoted(schema or 'public')}.{_quoted(name)}")
                    reader: Any = cursor.fetch_record_batch()
                    _take(reader.schema.names, reader, table, shown, loader, submission)
    except adbc_driver_manager.Error as fault:
        raise DataError(_("PostgreSQL 读不了: {why}").format(why=str(fault).split("\n")[0]), mend=_("检查地址、权限和模式名")) from fault


def _split(url: str) -> tuple[str, str]:
    """A URL without its `schema=`, and that schema."""
    address, _mark, query = url.partition("?")
    given = [part for part in query.split("&") if part]
    schema = next((part[len("schema=") :] for part in given if part.startswith("schema=")), "")
    rest = "&".join(part for part in given if not part.startswith("schema="))
    return (f"{address}?{rest}" if rest else address), unquote(schema)


def _known(name: str, file: str, tables: Mapping[str, Table], submission: Submission) -> Table | None:
    if name not in tables:
        what = _("没有叫“{table}”的数据表").format(table=name)
        submission.problems.append(Problem(name, At(file), what, did_you_mean(name, tables)))
    return tables.get(name)


def _parquet(path: Path, table: Table, loader: Loader, submission: Submission) -> None:
    try:
        with pq.ParquetFile(path) as file:
            _take(file.schema_arrow.names, file.iter_batches(BATCH_ROWS), table, path.name, loader, submission)
    except (pa.ArrowInvalid, pa.ArrowException, OSError) as fault:
        what = _("Parquet 读不了: {why}").format(why=str(fault).split("\n")[0])
        submission.problems.append(Problem(table.table, At(path.name), what, _("重新导出")))
        submission.refused += 1


def _take(names: list[str], batches: Iterator[pa.RecordBatch], table: Table, file: str, loader: Loader, submission: Submission) -> None:
    known = [n for n in names if table.column(n) is not None]
    for name in names:
        if table.column(name) is None:
            what = _("“{table}”没有叫“{column}”的列").format(table=table.table, column=name)
            submission.problems.append(Problem(table.table, At(file, 0, name), what, did_you_mean(name, (c.name for c in table.columns))))
    if (missing := next((r for r in (ColumnRole.UNIT, ColumnRole.YEAR) if table.with_role(r).name not in known), None)) is not None:
        what = _("“{table}”缺少列“{column}”").format(table=table.table, column=table.with_role(missing).name)
        submission.problems.append(Problem(table.table, At(file), what, _("补上这一列")))
        submission.refused += 1
        return
    loader.add_batches(table, file, submission.digests.get(file, ""), (b.select(known) for b in batches))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
