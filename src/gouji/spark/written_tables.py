"""A session by its address, a schema or folder, a rulebook -> results written as tables: whole, or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from socket import create_connection
from typing import Any
from urllib.parse import unquote, urlsplit

from gouji.app import book_for, load_outline
from gouji.base.database import connect
from gouji.base.faults import DataError, GoujiError
from gouji.base.files import MARK, whole_folder
from gouji.base.i18n import _
from gouji.intake import any_scaled, literal
from gouji.intake import bulk_views as b
from gouji.rules import BookOutline
from gouji.spark.audited import SparkAudit, arrow_schema, audit
from gouji.spark.bucket_tables import ASIDE_COLUMNS, CARDS, FILING, FINDINGS, OUTCOMES, SET_ASIDE
from gouji.spark.sources import SETTINGS, first_line

MANIFEST = "manifest"
# Times that a server which has answered before is asked again: about a minute.
ATTEMPTS = 6
_SECRET = re.compile(r"(;\s*[^;=/]*(?:token|secret|password|key)[^;=/]*=)([^;]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SparkRun:
    """What is asked: the engine (`spark`, or `sc://HOST:PORT`), whether outcomes are wanted, how many buckets of units (None: by their number)."""

    engine: str
    outcomes: bool = True
    partitions: int | None = None


def shown_engine(engine: str) -> str:
    """An address without its secrets."""
    return _SECRET.sub(r"\1***", engine)


def audit_on_spark(
    data: str,
    out: str,
    rules: str | Path | None,
    schemas: str | Path | None,
    asked: SparkRun,
) -> dict[str, Any]:
    """Audit a schema of the catalog, or a folder of Parquet files, into another schema or folder; returns the manifest, which is written last.

    Raises DataError where there is no session, no such table, or the connection is lost; then nothing is left in `out`.
    """
    with _telling(asked.engine):
        spark = _session(asked.engine)
        book = book_for(rules, data if Path(data).exists() else None)
        tables, found = _tables(spark, data, load_outline(book, schemas))
        figures = found.figures if found else None
        made = audit(spark, tables, book, schemas, asked.outcomes, asked.partitions, figures)
        if found:
            made = replace(made, unread=found.unread, unstated=found.unstated)
        return _into(spark, made, out)


def is_schema(place: str) -> bool:
    """Whether a word names a schema of the catalog: it has a dot, and no such path exists."""
    return (
        not Path(place).exists()
        and "/" not in place
        and "\\" not in place
        and "." in place.strip(".")
    )


def _session(engine: str) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as fault:
        raise DataError(
            _("没有安装 pyspark"), fix=_("pip install 'gouji[spark]'；在 Spark 平台上用平台自己的")
        ) from fault
    _reachable(engine)
    builder = SparkSession.builder
    builder = builder.remote(engine) if engine.startswith("sc://") else builder
    session = builder.getOrCreate()
    if engine.startswith("sc://"):
        # A session of our own: what results need is set in it, and checked afterwards all the same.
        for name, word in SETTINGS.items():
            session.conf.set(name, word)
        _give_up_sooner(session.client)
    return session


def _give_up_sooner(client: Any) -> None:
    """Once a server has answered, take it for lost after `ATTEMPTS`: the client alone would go on for ten minutes."""
    if hasattr(client, "set_retry_policies"):
        from pyspark.sql.connect.client.retries import DefaultPolicy

        client.set_retry_policies([DefaultPolicy(max_retries=ATTEMPTS)])


def _reachable(engine: str) -> None:
    """Raises DataError where nobody answers: the client itself would try for many minutes."""
    if not engine.startswith("sc://"):
        return
    place = urlsplit(engine.partition(";")[0])
    try:
        with create_connection((place.hostname or "localhost", place.port or 15002), 20):
            return
    except (OSError, ValueError) as fault:
        raise DataError(
            _("{engine} 连不上或断开了：{why}").format(engine=shown_engine(engine), why=fault),
            fix=_("检查地址和权限：--engine sc://HOST:PORT；在 spark-submit 里写 --engine spark"),
        ) from None


@contextmanager
def _telling(engine: str) -> Iterator[None]:
    """Faults of the engine as one error, without the secrets of its address."""
    try:
        yield
    except GoujiError as fault:
        raise type(fault)(
            _scrubbed(engine, fault.what), place=fault.place, fix=_scrubbed(engine, fault.fix)
        ) from None
    except Exception as fault:
        if not type(fault).__module__.startswith(("pyspark", "grpc", "py4j")):
            raise
        raise DataError(
            _("{engine} 连不上或断开了：{why}").format(
                engine=shown_engine(engine), why=_scrubbed(engine, first_line(fault))
            ),
            fix=_("检查地址和权限：--engine sc://HOST:PORT；在 spark-submit 里写 --engine spark"),
        ) from None


def _scrubbed(engine: str, text: str) -> str:
    for found in _SECRET.finditer(engine):
        for secret in {found[2], unquote(found[2])} - {""}:
            text = text.replace(secret, "***")
    return shown_engine(text)


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """What lies in a folder beside rows: what its figures are kept in, files that nobody reads, tables of which nothing is stated."""

    figures: str
    unread: tuple[str, ...]
    unstated: tuple[str, ...]


def _tables(
    spark: Any, data: str, book: BookOutline
) -> tuple[dict[str, Any] | str, FolderFacts | None]:
    if data.startswith("jdbc:"):
        raise DataError(
            _("--engine 不直接读 JDBC 地址"),
            fix=_("在笔记本或脚本里先读成 DataFrame（spark.read.jdbc），再用 gouji.spark.audit"),
        )
    if is_schema(data):
        return data, None
    folder = Path(data)
    if not folder.is_dir():
        raise DataError(
            _("没有 {data}").format(data=data),
            fix=_("写 CATALOG.SCHEMA，或装有 <数据表>.parquet 的文件夹"),
        )
    sent = [name for name in book.tables if name not in book.derived]
    with closing(connect()) as con:
        found = b.find(con, folder.absolute(), book.tables, sent, book.units)
    printed = sorted(name for name, part in found.parts.items() if part.file is None)
    scaled = {n for n, p in found.parts.items() if any_scaled([(p.table, p.types)])}
    if printed and set(printed) != scaled:
        raise DataError(
            _("有的表按印出来的单位存，有的不是：{tables}").format(tables="、".join(printed)),
            fix=_("存成同一种再用 --engine，或不用 --engine"),
        )
    frames = {
        part: spark.read.parquet(str(folder.absolute() / f"{part}.parquet")) for part in found.parts
    }
    facts = FolderFacts("printed" if printed else "base", found.unread, found.unstated)
    return frames, facts


def _into(spark: Any, made: SparkAudit, out: str) -> dict[str, Any]:
    """Every kind of result, the manifest last."""
    kinds = {CARDS: made.scorecards, FINDINGS: made.findings, SET_ASIDE: made.set_aside}
    if OUTCOMES in made.settled.columns:
        kinds[OUTCOMES] = made.outcomes
    if made.measured.filing():
        kinds[FILING] = made.filing
    if is_schema(out):
        return _into_schema(spark, made, kinds, out)
    with whole_folder(Path(out).absolute()) as folder:
        for kind, frame in kinds.items():
            frame.write.mode("overwrite").parquet(str(folder / kind))
            if not (folder / kind).is_dir() and not frame.count():
                _write_none(folder / kind, made.settled.columns.get(kind, ASIDE_COLUMNS))
            if not (folder / kind).is_dir():
                raise DataError(
                    _("Spark 没有写到这台机器的 {folder}").format(folder=out),
                    fix=_("--out 写 CATALOG.SCHEMA，或两边都能写的文件夹"),
                )
        manifest = made.manifest()
        told = json.dumps(manifest, ensure_ascii=False, indent=2)
        (folder / MARK).write_text(f"{told}\n", "utf-8")
    return manifest


def _write_none(folder: Path, columns: list[tuple[str, str]]) -> None:
    """A table without rows, where an engine (Sail) writes no file for it."""
    folder.mkdir()
    with closing(connect()) as con:
        con.register("#none", arrow_schema(columns).empty_table())
        con.execute(f'COPY (FROM "#none") TO {literal(str(folder / "part-0.parquet"))}')


def _into_schema(spark: Any, made: SparkAudit, kinds: dict[str, Any], out: str) -> dict[str, Any]:
    """Tables of a schema; a run that breaks off leaves none of them."""
    place = ".".join(f"`{part}`" for part in out.split("."))
    written: list[str] = []
    spark.sql(f"DROP TABLE IF EXISTS {place}.`{MANIFEST}`")
    try:
        for kind, frame in kinds.items():
            written.append(kind)
            frame.write.mode("overwrite").saveAsTable(f"{place}.`{kind}`")
        manifest = made.manifest()
        told = spark.createDataFrame(
            [(json.dumps(manifest, ensure_ascii=False),)], "manifest string"
        )
        told.write.mode("overwrite").saveAsTable(f"{place}.`{MANIFEST}`")
    except BaseException:
        for kind in written:
            spark.sql(f"DROP TABLE IF EXISTS {place}.`{kind}`")
        raise
    return manifest
