"""A folder of Parquet files, or a DuckDB file -> the tables of a bulk run in it, with what is stated of the units that figures are kept in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from gouji.base.faults import DataError, Place
from gouji.base.i18n import _, labelled
from gouji.intake.bulk_tables import (
    Bulk,
    TablePart,
    not_as_printed,
    part_of,
    scaled_part,
    unreadable,
)
from gouji.intake.files.account import Account
from gouji.intake.files.dataset_head import HEAD, DatasetHead, read_head
from gouji.intake.files.entries import Entry
from gouji.intake.files.kept_units import (
    KEY,
    StoredUnit,
    agreed,
    any_scaled,
    how_to_state,
    in_comment,
    stated,
)
from gouji.intake.ledger.tables import literal, quoted
from gouji.intake.workbooks.file_kinds import Fate
from gouji.rules import Table

DATABASE = "data"
# What `gouji synth` writes beside the tables: the truth about them.
TRUTH = "defects"


@dataclass(frozen=True, slots=True)
class _TablesThere:
    """Tables that are there: of each what to select from and the number of its rows, what is stated of the unit of its figures, its file if it is one of its own; names of what nobody reads."""

    relations: Mapping[str, tuple[str, str]]
    stated: Mapping[str, StoredUnit | None]
    unread: tuple[str, ...]
    files: Mapping[str, Path] = field(default_factory=dict)


def find(
    con: duckdb.DuckDBPyConnection,
    data: Path,
    tables: Mapping[str, Table],
    sent: Collection[str],
    units: str,
) -> Bulk:
    """Look at what is there of the tables that are `sent`; the one named `units` must be.

    Raises DataError when nothing is, when columns cannot be what the table descriptions say, or when it cannot be told what figures are kept in.
    """
    head = read_head(data, tables)
    if data.is_dir():
        there = _in_folder(con, data, sent, head)
    else:
        _attach(con, data)
        there = _in_database(con, sent)
    if units not in there.relations:
        raise DataError(
            _("{data} 里没有“{table}”").format(data=data, table=units),
            fix=_("每个单位每年一行的名单不能少"),
        )
    parts = {
        name: part_of(con, tables[name], *relation, there.files.get(name))
        for name, relation in there.relations.items()
    }
    unstated = sorted(
        name
        for name, part in parts.items()
        if there.stated[name] is None
        and head.figures is None
        and any_scaled([(part.table, part.types)])
    )
    return Bulk(
        _as_stated(con, parts, there.stated, head),
        tuple(there.files.values()) if data.is_dir() else (data,),
        unread=there.unread,
        unstated=tuple(unstated),
    )


def _attach(con: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Attach a DuckDB file, to be read only. Raises DataError where there is none."""
    fix = _("写一个装有 <数据表>.parquet 的文件夹，或一个 DuckDB 文件")
    if not data.is_file():
        raise DataError(_("没有 {data}").format(data=data), fix=fix)
    try:
        con.execute(f"ATTACH {literal(str(data))} AS {DATABASE} (READ_ONLY)")
    except duckdb.Error as fault:
        raise DataError(_("{data} 不是 DuckDB 文件").format(data=data), fix=fix) from fault


def _in_folder(
    con: duckdb.DuckDBPyConnection, data: Path, sent: Collection[str], head: DatasetHead
) -> _TablesThere:
    """The Parquet files of tables, and what lies beside them that nobody reads. Raises DataError for what is called as a table and is no such file."""
    files, unread = dict[str, Path](), list[str]()
    for entry in Account.of(data).setting(head.beside).entries:
        stem, _dot, suffix = entry.name.rpartition("/")[2].partition(".")
        if entry.kind.fate in (Fate.LISTED, Fate.ATTACHED) or entry.name == HEAD:
            continue
        if stem in sent:
            if entry.kind.fate is not Fate.READ or suffix.lower() != "parquet" or stem in files:
                raise _not_the_table(entry, stem, suffix, twice=stem in files)
            files[stem] = entry.path.resolve()
        elif "/" not in entry.name and stem != TRUTH:
            unread.append(entry.name)
    relations = {
        name: (f"read_parquet({literal(str(file))}, file_row_number = true)", "file_row_number")
        for name, file in files.items()
    }
    metadata = {name: _in_metadata(con, file) for name, file in files.items()}
    return _TablesThere(relations, metadata, tuple(unread), files)


def _not_the_table(entry: Entry, table: str, suffix: str, twice: bool) -> DataError:
    """A file that is called as a table and is not the one that holds it."""
    why = entry.kind.what or (
        _("“{table}”有两个文件").format(table=table)
        if twice
        else _("bulk 读 Parquet 和 DuckDB，不读 {suffix}").format(suffix=f".{suffix}")
    )
    fix = _(
        "存成 {table}.parquet，放在最上层，只留一个；不是报送的就移走，或写进 dataset.yaml 的 beside"
    )
    return DataError(why, place=Place(entry.name), fix=fix.format(table=table))


def _in_metadata(con: duckdb.DuckDBPyConnection, file: Path) -> StoredUnit | None:
    """What the metadata of a Parquet file state."""
    try:
        found = con.execute(
            f"SELECT decode(value) FROM parquet_kv_metadata({literal(str(file))}) WHERE decode(key) = {literal(KEY)}"
        ).fetchall()
    except duckdb.Error as fault:
        raise unreadable(file.stem, fault) from fault
    return agreed(file.name, *(stated(str(word), file.name) for (word,) in found))


def _in_database(con: duckdb.DuckDBPyConnection, sent: Collection[str]) -> _TablesThere:
    """The tables of a DuckDB file in whatever schema, what their comments state, and what is not read. Raises DataError for a view, or a name in two schemas."""
    listed = con.execute(
        f"SELECT schema_name, table_name, comment, false FROM duckdb_tables() WHERE database_name = '{DATABASE}' UNION ALL"
        f" SELECT schema_name, view_name, comment, true FROM duckdb_views() WHERE database_name = '{DATABASE}' AND NOT internal ORDER BY 2, 1"
    ).fetchall()
    relations, said = dict[str, tuple[str, str]](), dict[str, StoredUnit | None]()
    for schema, name, comment, is_view in listed:
        if name not in sent:
            continue
        if is_view:
            raise DataError(_("“{table}”是视图").format(table=name), fix=_("把它存成表"))
        if name in relations:
            schemas = "、".join(s for s, n, *_rest in listed if n == name)
            what = _("“{table}”在几个模式里都有：{schemas}；都不采用").format(
                table=name, schemas=schemas
            )
            raise DataError(what, fix=_("只留一个"))
        relations[name] = f"{DATABASE}.{quoted(schema)}.{quoted(name)}", "rowid"
        said[name] = in_comment(comment, name)
    unread = sorted(name for _schema, name, *_rest in listed if name not in sent)
    return _TablesThere(relations, said, tuple(unread))


def _as_stated(
    con: duckdb.DuckDBPyConnection,
    parts: Mapping[str, TablePart],
    said: Mapping[str, StoredUnit | None],
    head: DatasetHead,
) -> dict[str, TablePart]:
    """The parts with their figures in base units. Of which nothing is stated is in base units, the format of bulk, unless types tell otherwise."""
    if head.doubted:
        (first, *_more) = head.problems
        raise DataError(labelled(str(first.at), first.what), fix=first.fix)
    if head.printed:
        raise DataError(_("{head} 里的 tables 只用于 CSV").format(head=HEAD), fix=how_to_state())
    if head.figures is None:
        not_as_printed([part for name, part in parts.items() if said[name] is None])
    kept = {name: agreed(name, said[name], head.figures) or StoredUnit.BASE for name in parts}
    return {
        name: scaled_part(con, part) if kept[name] is StoredUnit.PRINTED else part
        for name, part in parts.items()
    }


__all__ = ["TRUTH", "find"]
