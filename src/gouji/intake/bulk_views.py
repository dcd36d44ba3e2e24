"""A folder of Parquet files, or a DuckDB file -> views that passed the gate, in place: nothing is copied, rows that fail are left out and listed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from gouji.base.faults import DataError, Place, did_you_mean
from gouji.base.i18n import _, labelled
from gouji.intake.files.account import Account
from gouji.intake.files.dataset_head import HEAD, DatasetHead, read_head
from gouji.intake.files.kept_units import (
    KEY,
    StoredUnit,
    agreed,
    any_scaled,
    how_to_state,
    in_comment,
    scaled,
    stated,
    told_by_types,
)
from gouji.intake.ledger.tables import HALF, column_type, literal, quoted
from gouji.intake.values.bulk_types import DECIMAL, WHOLE, day_of, misfit
from gouji.intake.workbooks.file_kinds import Fate
from gouji.rules import KEPT_PLACES, UNITS, WHOLE_DIGITS, Column, ColumnRole, Role, Table

NUMBER, DATABASE = "#", "data"
# What `gouji synth` writes beside the tables: the truth about them.
TRUTH = "defects"


@dataclass(frozen=True, slots=True)
class TablePart:
    """Where the rows of one table stand: what to select from, its row number, its columns with their types, its file if it is one of its own."""

    table: Table
    relation: str
    number: str
    types: Mapping[str, str]
    file: Path | None = None

    def cells(self) -> Iterator[str]:
        """Every described column as it is kept: the type of the description, NULL where it was not sent."""
        for column in self.table.columns:
            made = self._cast(column.name, column_type(column), column)
            zero = (
                column.null == "zero" if column.name in self.types else column.unprinted == "zero"
            )
            yield f"{f'COALESCE({made}, 0)' if zero else made} AS {quoted(column.name)}"
            if self.halves and column.numeric and not column.exact:
                yield f"{self._cast(column.name + HALF, _half_type(column), column)} AS {quoted(column.name + HALF)}"

    @property
    def halves(self) -> bool:
        """Whether a precision column stands beside some figure: then one is made beside every figure."""
        return any(name.endswith(HALF) for name in self.types)

    def _cast(self, name: str, kind: str, column: Column) -> str:
        own = self.types.get(name)
        if own is None:
            return f"NULL::{kind}"
        # Whole numbers reckon exactly as they are; casting them to DECIMAL would only cost time.
        if column.dated:
            return day_of(name, kind)
        plain = own == kind or (own in WHOLE and column.numeric and not name.endswith(HALF))
        return quoted(name) if plain else f"TRY_CAST({quoted(name)} AS {kind})"

    def recast(self) -> Iterator[tuple[str, str]]:
        """Columns of figures (and of halves of last places) whose cast may lose places, with the condition that it did."""
        for column in self.table.columns:
            for name, kind in (
                ((column.name, column_type(column)), (column.name + HALF, _half_type(column)))
                if column.numeric and not column.dated
                else ()
            ):
                made = self._cast(name, kind, column)
                if name in self.types and made != quoted(name):
                    # What is too large has no cast; of a figure that is told as such.
                    kept = (
                        f"abs({quoted(name)}) < {10 ** WHOLE_DIGITS[column.type]}"
                        if name == column.name
                        else f"{quoted(name)} IS NOT NULL"
                    )
                    yield name, f"{kept} AND ({made} IS NULL OR {made} <> {quoted(name)})"


def _half_type(column: Column) -> str:
    return f"DECIMAL(18,{KEPT_PLACES[column.type] + 1})"


@dataclass(slots=True)
class Bulk:
    """What was found in a folder or database: its parts, and after the gate the rows set aside by table."""

    parts: dict[str, TablePart]
    files: tuple[Path, ...]
    rows: dict[str, int] = field(default_factory=dict)
    # The one year of a table that has rows of no other, where its file says so.
    year: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    digits: dict[tuple[str, str], int] = field(default_factory=dict)
    full: set[tuple[str, str]] = field(default_factory=set)
    # Files or tables that nobody knows; tables of which nothing states what figures are kept in; those whose every code is listed.
    unread: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()
    listed: set[str] = field(default_factory=set)
    # Where there is no unit of the year: the years there are units of.
    years: tuple[int, ...] = ()

    @property
    def halves(self) -> frozenset[str]:
        """Tables that carry a precision column beside some figure; they get one beside every figure."""
        return frozenset(name for name, part in self.parts.items() if part.halves)


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
        files, unread = _in_folder(data, sent, head)
        relations = {
            name: (f"read_parquet({literal(str(file))}, file_row_number = true)", "file_row_number")
            for name, file in files.items()
        }
        found, said = (
            tuple(files.values()),
            {name: _in_metadata(con, file) for name, file in files.items()},
        )
    else:
        if not data.is_file():
            raise DataError(
                _("没有 {data}").format(data=data),
                mend=_("写一个装有 <数据表>.parquet 的文件夹，或一个 DuckDB 文件"),
            )
        try:
            con.execute(f"ATTACH {literal(str(data))} AS {DATABASE} (READ_ONLY)")
        except duckdb.Error as fault:
            raise DataError(
                _("{data} 不是 DuckDB 文件").format(data=data),
                mend=_("写一个装有 <数据表>.parquet 的文件夹，或一个 DuckDB 文件"),
            ) from fault
        files, found = {}, (data,)
        relations, said, unread = _in_database(con, sent)
    if units not in relations:
        raise DataError(
            _("{data} 里没有“{table}”").format(data=data, table=units),
            mend=_("每个单位每年一行的名单不能少"),
        )
    parts = {
        name: _part(con, tables[name], *relations[name], files.get(name)) for name in relations
    }
    unstated = sorted(
        name
        for name, part in parts.items()
        if said[name] is None and head.figures is None and any_scaled([(part.table, part.types)])
    )
    return Bulk(_as_stated(con, parts, said, head), found, unread=unread, unstated=tuple(unstated))


def _in_folder(
    data: Path, sent: Collection[str], head: DatasetHead
) -> tuple[dict[str, Path], tuple[str, ...]]:
    """The Parquet file of each table, and what lies beside them that nobody reads. Raises DataError for what is called as a table and is no such file."""
    files, unread = dict[str, Path](), list[str]()
    for entry in Account.of(data).setting(head.beside).entries:
        stem, _dot, suffix = entry.name.rpartition("/")[2].partition(".")
        if entry.kind.fate in (Fate.LISTED, Fate.ATTACHED) or entry.name == HEAD:
            continue
        if (
            entry.kind.fate is Fate.READ
            and stem in sent
            and suffix.lower() == "parquet"
            and stem not in files
        ):
            files[stem] = entry.path.resolve()
        elif stem in sent:
            why = entry.kind.what or (
                _("“{table}”有两个文件").format(table=stem)
                if stem in files
                else _("bulk 读 Parquet 和 DuckDB，不读 {suffix}").format(suffix=f".{suffix}")
            )
            raise DataError(
                why,
                place=Place(entry.name),
                mend=_(
                    "存成 {table}.parquet，放在最上层，只留一个；不是报送的就移走，或写进 dataset.yaml 的 beside"
                ).format(table=stem),
            )
        elif "/" not in entry.name and stem != TRUTH:
            unread.append(entry.name)
    return files, tuple(unread)


def _in_metadata(con: duckdb.DuckDBPyConnection, file: Path) -> StoredUnit | None:
    """What the metadata of a Parquet file state."""
    try:
        found = con.execute(
            f"SELECT decode(value) FROM parquet_kv_metadata({literal(str(file))}) WHERE decode(key) = {literal(KEY)}"
        ).fetchall()
    except duckdb.Error as fault:
        raise DataError(
            _("“{table}”读不了：{why}").format(table=file.stem, why=str(fault).split("\n")[0]),
            mend=_("重新导出这张表"),
        ) from fault
    return agreed(file.name, *(stated(str(word), file.name) for (word,) in found))


Relations = tuple[dict[str, tuple[str, str]], dict[str, StoredUnit | None], tuple[str, ...]]


def _in_database(con: duckdb.DuckDBPyConnection, sent: Collection[str]) -> Relations:
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
            raise DataError(_("“{table}”是视图").format(table=name), mend=_("把它存成表"))
        if name in relations:
            schemas = "、".join(s for s, n, *_rest in listed if n == name)
            raise DataError(
                _("“{table}”在几个模式里都有：{schemas}；都不采用").format(
                    table=name, schemas=schemas
                ),
                mend=_("只留一个"),
            )
        relations[name], said[name] = (
            (f"{DATABASE}.{quoted(schema)}.{quoted(name)}", "rowid"),
            in_comment(comment, name),
        )
    return (
        relations,
        said,
        tuple(sorted(name for _schema, name, *_rest in listed if name not in sent)),
    )


def _as_stated(
    con: duckdb.DuckDBPyConnection,
    parts: Mapping[str, TablePart],
    said: Mapping[str, StoredUnit | None],
    head: DatasetHead,
) -> dict[str, TablePart]:
    """The parts with their figures in base units. Of which nothing is stated is in base units, the format of bulk, unless types tell otherwise."""
    if head.doubted:
        (first, *_more) = head.problems
        raise DataError(labelled(str(first.at), first.what), mend=first.mend)
    if head.printed:
        raise DataError(_("{head} 里的 tables 只用于 CSV").format(head=HEAD), mend=how_to_state())
    unsaid = [
        (part.table, part.types)
        for name, part in parts.items()
        if said[name] is None and head.figures is None
    ]
    if told_by_types(unsaid) is StoredUnit.PRINTED:
        names = "、".join(
            table.table
            for table, types in unsaid
            if told_by_types([(table, types)]) is StoredUnit.PRINTED
        )
        raise DataError(
            _("{tables} 没有写明金额和百分数按什么单位存，按列的类型看不是元和 1=100%").format(
                tables=names
            ),
            mend=how_to_state(),
        )
    kept = {name: agreed(name, said[name], head.figures) or StoredUnit.BASE for name in parts}
    return {
        name: _scaled(con, part) if kept[name] is StoredUnit.PRINTED else part
        for name, part in parts.items()
    }


def _scaled(con: duckdb.DuckDBPyConnection, part: TablePart) -> TablePart:
    """A part whose figures are as printed, in base units."""
    cells = {}
    for column in part.table.columns:
        for name in (column.name, column.name + HALF) if scaled(column) else ():
            if name in part.types:
                places = int(found[2]) if (found := DECIMAL.fullmatch(part.types[name])) else 0
                factor = UNITS[column.unit or "%"]
                cells[name] = f"{quoted(name)}::DECIMAL(38,{places}) * {factor:f}"
    return replaced(con, part, cells)


def replaced(
    con: duckdb.DuckDBPyConnection, part: TablePart, cells: Mapping[str, str]
) -> TablePart:
    """A part with some columns worked out from what its file holds; the statistics of the file say nothing of it any more."""
    if not cells:
        return part
    changed = ", ".join(f"{made} AS {quoted(name)}" for name, made in cells.items())
    relation = (
        f"(SELECT {part.number} AS {quoted(NUMBER)}, * REPLACE ({changed}) FROM {part.relation})"
    )
    return _part(con, part.table, relation, quoted(NUMBER), None, but=part.number)


def _part(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    number: str,
    file: Path | None,
    but: str = "",
) -> TablePart:
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error as fault:
        raise DataError(
            _("“{table}”读不了：{why}").format(table=table.table, why=str(fault).split("\n")[0]),
            mend=_("重新导出这张表"),
        ) from fault
    types = {
        row[0]: str(row[1]) for row in described if row[0] not in (number, number.strip('"'), but)
    }
    known = {c.name for c in table.columns} | {
        c.name + HALF for c in table.columns if c.numeric and not c.exact
    }
    for name, kind in types.items():
        if name not in known:
            raise DataError(
                _("“{table}”没有“{column}”这一列").format(table=table.table, column=name),
                mend=did_you_mean(name, known),
            )
        column = table.column(name.removesuffix(HALF))
        assert column is not None
        if column.name not in types:
            raise DataError(
                _("“{table}”有“{half}”却没有“{column}”这一列").format(
                    table=table.table, half=name, column=column.name
                ),
                mend=_("补上"),
            )
        if mend := misfit(column, kind):
            raise DataError(
                _("“{table}”的“{column}”是 {kind}").format(
                    table=table.table, column=name, kind=kind
                ),
                mend=mend,
            )
    for role in (ColumnRole.UNIT, ColumnRole.YEAR):
        if table.with_role(role).name not in types:
            raise DataError(
                _("“{table}”没有“{column}”这一列").format(
                    table=table.table, column=table.with_role(role).name
                ),
                mend=_("补上"),
            )
    return TablePart(table, relation, number, types, file)


@dataclass(frozen=True, slots=True)
class Footer:
    """What a Parquet file's own statistics tell of all its rows: how many there are (None where there is no such file), by column how many lack a value,
    and the least and the greatest figure (None where no row has one)."""

    rows: int | None = None
    lacking: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, tuple[Decimal | None, Decimal | None]] = field(default_factory=dict)


def footer(con: duckdb.DuckDBPyConnection, part: TablePart) -> Footer:
    """Read the statistics of the file of a table, if it is one of its own.

    DuckDB uses them by itself, but not those of a column that has no value in some piece of the file.
    """
    if part.file is None:
        return Footer()
    low, high = (f"TRY_CAST(stats_{end}_value AS DECIMAL(38,6))" for end in ("min", "max"))
    query = (
        f"SELECT path_in_schema, sum(row_group_num_rows), CASE WHEN count(stats_null_count) = count(*) THEN sum(stats_null_count) END, min({low}), max({high}),"
        f" bool_and(stats_null_count = num_values OR ({low} IS NOT NULL AND {high} IS NOT NULL))"
        f" FROM parquet_metadata({literal(str(part.file))}) GROUP BY 1"
    )
    found = con.execute(query).fetchall()
    return Footer(
        max((int(rows) for _name, rows, *_rest in found), default=None),
        {str(name): int(lacking) for name, _rows, lacking, *_rest in found if lacking is not None},
        {
            str(name): (least, greatest)
            for name, _rows, _lacking, least, greatest, whole in found
            if whole
        },
    )


def full_columns(con: duckdb.DuckDBPyConnection, part: TablePart, told: Footer) -> frozenset[str]:
    """Columns of a table in which every row has a value, or none that is kept lacks one. Where the file's own statistics do not tell, the column is counted."""
    always = {
        c.name for c in part.table.columns if c.name in part.types and c.null in ("never", "zero")
    }
    counts = dict(told.lacking)
    unknown = [
        c.name
        for c in part.table.columns
        if c.name in part.types and c.name not in counts and c.name not in always
    ]
    if unknown:
        row = con.execute(
            f"SELECT {', '.join(f'count(*) - count({quoted(n)})' for n in unknown)} FROM {part.relation}"
        ).fetchone()
        counts |= dict(zip(unknown, row or (), strict=True))
    return frozenset(always | {name for name, lacking in counts.items() if lacking == 0})


def measured(
    con: duckdb.DuckDBPyConnection, part: TablePart, columns: Sequence[str], told: Footer
) -> tuple[int, Mapping[str, tuple[Any, Any]]]:
    """How many rows a table has, and the least and greatest value of some columns. What the file's own statistics tell is not read."""
    others = [name for name in columns if name not in told.ends]
    if told.rows is not None and not others:
        return told.rows, told.ends
    asked = ", ".join(
        ("count(*)", *(f"min({quoted(name)}), max({quoted(name)})" for name in others))
    )
    row = con.execute(f"SELECT {asked} FROM {part.relation}").fetchone()
    assert row is not None
    return int(row[0]), {
        **told.ends,
        **{name: (row[1 + 2 * i], row[2 + 2 * i]) for i, name in enumerate(others)},
    }


def absent_tables(
    con: duckdb.DuckDBPyConnection, found: Bulk, tables: Mapping[str, Table], year: int
) -> frozenset[tuple[str, bool]]:
    """Tables of which nobody sent a row for the year (with True: for the year before)."""
    absent = {(name, prior) for name in tables for prior in (False, True)}
    for name, part in found.parts.items():
        if name in found.year:
            years = {found.year[name]} & {year - 1, year}
        else:
            of_year = quoted(part.table.with_role(ColumnRole.YEAR).name)
            rows = con.execute(
                f"SELECT DISTINCT {of_year} FROM {part.relation} WHERE {of_year} BETWEEN {year - 1} AND {year}"
            ).fetchall()
            years = {int(found_year) for (found_year,) in rows}
        absent -= {(name, found_year != year) for found_year in years}
    return frozenset(absent)


BAD = "refused rows"


def note_refused(con: duckdb.DuckDBPyConnection, refused: Iterable[tuple[str, int]]) -> None:
    """Keep the table and number of every refused row where views leave them out."""
    con.execute(f"CREATE OR REPLACE TABLE {quoted(BAD)} (t VARCHAR, n BIGINT)")
    if rows := sorted(set(refused)):
        con.execute(
            f"INSERT INTO {quoted(BAD)} SELECT unnest(?), unnest(?)",
            [[t for t, _ in rows], [n for _, n in rows]],
        )


def view(
    con: duckdb.DuckDBPyConnection,
    part: TablePart,
    some: bool,
    between: tuple[str, str] | None = None,
    ordered: bool = True,
) -> None:
    """A view of the rows that count (`some`: there are refused ones), of all units or of those from one code to another; the list of units in order, if `ordered`."""
    name, unit = part.table.table, quoted(part.table.with_role(ColumnRole.UNIT).name)
    # A list of numbers would be gone through for every row, NOT EXISTS would keep every row in memory; this is one look into a small hash table.
    left_out = (
        f" ANTI JOIN (SELECT n FROM {quoted(BAD)} WHERE t = {literal(name)}) b ON b.n = {part.number}"
        if some
        else ""
    )
    where = (
        f" WHERE {unit} BETWEEN {literal(between[0])} AND {literal(between[1])}" if between else ""
    )
    # Everything joined to the list of units stays in its order.
    order = f" ORDER BY {unit}" if ordered and part.table.role is Role.UNITS else ""
    con.execute(
        f"CREATE OR REPLACE VIEW {quoted(name)} AS SELECT {', '.join(part.cells())} FROM {part.relation}{left_out}{where}{order}"
    )
