"""Parquet files, DuckDB files and PostgreSQL schemas whose tables are named as ours -> the same tables in DuckDB, in batches, through Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from gouji.base.address import Address
from gouji.base.faults import DataError, did_you_mean
from gouji.base.guard import Unforeseen, attempt
from gouji.base.i18n import _, labelled
from gouji.base.lazy_import import pyarrow_parquet as pq
from gouji.intake.files.arrow_columns import ArrowColumns, Incoming
from gouji.intake.files.dataset_head import HEAD, DatasetHead, read_head
from gouji.intake.files.duckdb_tables import BATCH_ROWS, opened, tables_in, told
from gouji.intake.files.kept_units import (
    KEY,
    StoredUnit,
    agreed,
    any_scaled,
    how_to_state,
    stated,
    told_by_types,
)
from gouji.intake.files.source_path import digest_of
from gouji.intake.ledger.loader import Loader
from gouji.intake.ledger.submission import At, Lost, Problem, Submission
from gouji.intake.workbooks.to_arrow import Alike
from gouji.rules import Table

TABULAR = (".parquet", ".duckdb", ".db")
MACHINE = (MemoryError,)


def read_files(
    paths: Sequence[Path],
    folder: Path,
    tables: Mapping[str, Table],
    loader: Loader,
    submission: Submission,
) -> None:
    """Take every table of Parquet and DuckDB files that a table description knows; others are told. The folder may state of their figures how they are kept."""
    if not paths:
        return
    head, parquet = read_head(folder, tables), list[Incoming]()

    def look(path: Path) -> None:
        if not _digested(path, submission):
            return
        if path.suffix.lower() == ".parquet":
            if (table := _known(path.stem, path.name, tables, submission)) is not None:
                parquet.extend(_parquet(path, table, submission))
        else:
            _database(path, head, tables, loader, submission)

    for path in paths:
        attempt(partial(look, path), partial(_stumbled, path.name, submission), MACHINE)
    _take(parquet, head, loader, submission)


def _digested(path: Path, submission: Submission) -> bool:
    """Keep the digest of a file; that it cannot be read is told."""
    try:
        submission.digests[path.name] = digest_of(path)
    except OSError as fault:
        what = _("文件读不了：{why}").format(why=fault.strerror or fault)
        fix = _("检查权限和磁盘，重新报送")
        _refuse(Problem("", At(path.name), what, fix, lost=Lost.SHEET), submission)
        return False
    return True


def _stumbled(file: str, submission: Submission, fault: Unforeseen) -> None:
    """A file over which gouji stumbles is its own problem; faults of the disk and of the audit's database are not the file's."""
    _refuse(Problem("", At(file), fault.what, fault.fix, lost=Lost.SHEET), submission)


def read_postgres(
    address: Address, tables: Mapping[str, Table], loader: Loader, submission: Submission
) -> None:
    """Take every table of a PostgreSQL schema that a table description knows. Raises DataError where the server or the schema is not there."""
    from gouji.intake.files.postgres_tables import Hashed, connected, tables_of

    with connected(address) as cursor:
        found = tables_of(
            cursor, address, tables, lambda name: _known(name, str(address), tables, submission)
        )
        hashed = Hashed()
        found = [replace(one, read=_by_way_of(hashed.of, one)) for one in found]
        _take(found, DatasetHead(""), loader, submission, StoredUnit.PRINTED)
        hashed.tell(submission, str(address))


def _by_way_of(
    through: Callable[[Incoming], Iterator[Any]], one: Incoming
) -> Callable[[], Iterator[Any]]:
    return lambda: through(one)


def _known(
    name: str, file: str, tables: Mapping[str, Table], submission: Submission
) -> Table | None:
    if name not in tables:
        what = _("没有叫“{table}”的数据表").format(table=name)
        submission.problems.append(
            Problem(name, At(file), what, did_you_mean(name, tables), lost=Lost.SHEET)
        )
    return tables.get(name)


def _parquet(path: Path, table: Table, submission: Submission) -> list[Incoming]:
    """The table of a Parquet file; each time it is read, the file is opened anew."""

    def read() -> Iterator[Any]:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(BATCH_ROWS)

    made = list[Incoming]()
    with told(table, path.name, submission):
        with pq.ParquetFile(path) as file:
            words = {
                k.decode("utf-8", "replace"): v.decode("utf-8", "replace")
                for k, v in (file.metadata.metadata or {}).items()
            }
            schema, rows = file.schema_arrow, file.metadata.num_rows
        made.append(
            Incoming(
                table,
                path.name,
                schema,
                stated(words.get(KEY), path.name),
                rows,
                read,
                submission.digests[path.name],
            )
        )
    return made


def _database(
    path: Path,
    head: DatasetHead,
    tables: Mapping[str, Table],
    loader: Loader,
    submission: Submission,
) -> None:
    try:
        with opened(path) as source:
            digest = submission.digests[path.name]
            _take(
                [
                    replace(one, digest=digest)
                    for one in tables_in(source, path.name, tables, submission)
                ],
                head,
                loader,
                submission,
            )
    except duckdb.Error as fault:
        _refuse(
            Problem(
                "",
                At(path.name),
                _("打不开：{why}").format(why=str(fault).split("\n")[0]),
                _("检查文件和版本"),
                lost=Lost.SHEET,
            ),
            submission,
        )


def _refuse(problem: Problem, submission: Submission, rows: int = 0) -> None:
    submission.problems.append(problem)
    submission.refused += 1
    submission.rows_in += rows
    submission.rows_aside += rows


def _take(
    found: Sequence[Incoming],
    head: DatasetHead,
    loader: Loader,
    submission: Submission,
    usual: StoredUnit | None = None,
) -> None:
    """Take the tables of one source, or tell why not; figures of which nothing is stated are read as their types tell, else as is `usual`."""
    unsaid = [one for one in found if _says_nothing(one, head)]
    told = told_by_types((one.table, one.types) for one in unsaid) or usual
    if unsaid:
        submission.problems.append(_unsaid(unsaid, taken=told is not None))
    for one in found:
        try:
            kept = _kept(one, head)
        except DataError as fault:
            at = At(one.file)
            problem = Problem(one.table.table, at, fault.what, fault.fix, lost=Lost.ROWS)
            _refuse(problem, submission, one.rows or 0)
            continue
        if one in unsaid and told is None:
            _refuse_rows(one, submission)
        else:
            attempt(
                partial(_one, one, kept or told or StoredUnit.PRINTED, head, loader, submission),
                partial(_stumbled, one.file, submission),
                MACHINE,
            )


def _says_nothing(one: Incoming, head: DatasetHead) -> bool:
    """Whether it matters what the figures of a table are kept in, and nothing states it."""
    said = one.said is not None or head.figures is not None or one.table.table in head.printed
    return not said and any_scaled([(one.table, one.types)])


def _unsaid(unsaid: Sequence[Incoming], taken: bool) -> Problem:
    """Tables whose figures are kept in nobody said what: taken as the description has them, or not at all."""
    what = (
        _("没有写明金额和百分数按什么单位存，按数据表说明的计量单位读")
        if taken
        else _("没有写明金额和百分数按什么单位存；不采用")
    )
    named = (
        one.file if one.file.startswith(one.table.table) else one.table.table for one in unsaid
    )
    lost = Lost.NOTHING if taken else Lost.SHEET
    says = labelled("、".join(dict.fromkeys(named)), what)
    return Problem("", At(unsaid[0].file), says, how_to_state(), note=taken, lost=lost)


def _refuse_rows(one: Incoming, submission: Submission) -> None:
    """None of the rows of a table is taken."""
    submission.refused += 1
    submission.rows_in += one.rows or 0
    submission.rows_aside += one.rows or 0


def _kept(one: Incoming, head: DatasetHead) -> StoredUnit | None:
    """What is stated of a table's figures. Raises DataError where that is not understood, or said twice in two ways."""
    printed = head.printed.get(one.table.table)
    if head.doubts(one.table) and any_scaled([(one.table, one.types)]):
        raise DataError(
            _("不采用：{why}").format(why=_("{head} 里没有看懂的话可能说到它").format(head=HEAD)),
            fix=_("改好 {head}").format(head=HEAD),
        )
    if printed is not None and printed.places is not None:
        raise DataError(
            _("{head} 里的 places 只用于 CSV").format(head=HEAD),
            fix=_("改好 {head}").format(head=HEAD),
        )
    return agreed(
        one.file, one.said, head.figures, StoredUnit.PRINTED if printed is not None else None
    )


def _one(
    one: Incoming, kept: StoredUnit, head: DatasetHead, loader: Loader, submission: Submission
) -> None:
    """Take the rows of one table."""
    columns, printed = ArrowColumns(one, kept), head.printed.get(one.table.table)
    if columns.refused:
        submission.problems += [replace(p, lost=Lost.ROWS) for p in columns.problems]
        _refuse_rows(one, submission)
        return
    submission.problems += columns.problems
    units: tuple[tuple[str, str], ...] = ()
    if printed is not None and printed.unit:
        money = (c for c in one.table.columns if c.unit is not None and not c.exact)
        units = tuple((c.name, printed.unit) for c in money)
    with told(one.table, one.file, submission):
        loader.add_columns(
            Alike(one.table.table, (), units),
            one.file,
            one.digest,
            ((*columns.read(batch), batch.num_rows) for batch in one.read()),
        )


__all__ = ["TABULAR", "read_files", "read_postgres"]
