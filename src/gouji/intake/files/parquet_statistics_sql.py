"""The statistics of a Parquet file -> whether they are true: plans, and DuckDB itself, leave out rows and tests by them, and a false one would change verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake.bulk_tables import TablePart
from gouji.intake.bulk_views import Footer
from gouji.intake.ledger.tables import HALF, literal, quoted


def believed(con: duckdb.DuckDBPyConnection, part: TablePart, told: Footer) -> None:
    """Look at the rows themselves, once. Raises DataError where they are not what the file says of them."""
    if part.file is None:
        return
    _pieces(con, part)
    numbers = {c.name for c in part.table.columns if c.numeric}
    ends = [n for n in told.ends if n.removesuffix(HALF) in numbers]
    counted = [n for n in told.lacking if n in part.types]
    if not (ends or counted) or not told.rows:
        return
    asked = [f"min({quoted(n)})::DECIMAL(38,6), max({quoted(n)})::DECIMAL(38,6)" for n in ends]
    asked += [f"count({quoted(n)})" for n in counted]
    with _without_statistics(con):
        row = con.execute(f"SELECT {', '.join(asked)} FROM {part.relation}").fetchone()
    assert row is not None
    bounds, there = row[: 2 * len(ends)], row[2 * len(ends) :]
    for name, *found in zip(ends, bounds[::2], bounds[1::2], strict=True):
        if tuple(found) != tuple(told.ends[name]):
            raise _false(part, name)
    for name, count in zip(counted, there, strict=True):
        if told.rows - count != told.lacking[name]:
            raise _false(part, name)


def _pieces(con: duckdb.DuckDBPyConnection, part: TablePart) -> None:
    """The least and greatest of each piece of the file, and how many lack a value: by them whole pieces are left out, whatever is true of all together.

    Wider bounds than need be leave nothing out: long texts are cut.
    """
    file = literal(str(part.file))
    found = con.execute(
        "SELECT path_in_schema, row_group_id, row_group_num_rows, stats_null_count, stats_min_value, stats_max_value,"
        " TRY_CAST(stats_min_value AS DECIMAL(38,6)), TRY_CAST(stats_max_value AS DECIMAL(38,6))"
        f" FROM parquet_metadata({file}) ORDER BY row_group_id"
    ).fetchall()
    said = {(name, piece): told for name, piece, *told in found}
    sizes = {piece: rows for _name, piece, rows, *_told in found}
    numbers = {c.name for c in part.table.columns if c.numeric}
    # Of a file in one piece the figures have been looked at.
    asked = [
        (name, name.removesuffix(HALF) in numbers)
        for name in part.types
        if (name, 0) in said and (len(sizes) > 1 or name.removesuffix(HALF) not in numbers)
    ]
    for piece, *read in _read(con, file, sizes, asked) if asked else ():
        for at, (name, number) in enumerate(asked):
            if _is_false(said[name, piece], read[3 * at : 3 * at + 3], number):
                raise _false(part, name)


def _is_false(told: Sequence[Any], read: Sequence[Any], number: bool) -> bool:
    """Whether what a file tells of a column of a piece (rows, how many lack a value, bounds as texts and as numbers) is not so."""
    count, lacking, *bounds = told
    least, greatest, there = read
    low, high = bounds[2:] if number else bounds[:2]
    out = None not in (low, high, least) and not (low <= least and greatest <= high)
    return bool(out or lacking not in (None, count - there))


def _read(
    con: duckdb.DuckDBPyConnection,
    file: str,
    sizes: Mapping[int, int],
    asked: Sequence[tuple[str, bool]],
) -> list[tuple[Any, ...]]:
    """Of each piece the least, the greatest and the number of values of some columns (True: of numbers)."""
    starts = [sum(rows for at, rows in sizes.items() if at < piece) for piece in sizes]
    ends = ", ".join(
        f"min({of}), max({of}), count({quoted(name)})"
        for name, number in asked
        for of in [f"TRY_CAST({quoted(name)} AS {'DECIMAL(38,6)' if number else 'VARCHAR'})"]
    )
    with _without_statistics(con):
        return con.execute(
            f"SELECT {_piece('file_row_number', starts, 0, len(starts))} AS piece, {ends}"
            f" FROM read_parquet({file}, file_row_number = true) GROUP BY piece"
        ).fetchall()


def _piece(number: str, starts: Sequence[int], first: int, end: int) -> str:
    """Which of the pieces from `first` to before `end` a row is in, by its `number` in the file, as SQL; a piece begins with the row `starts` says."""
    if end - first < 2:
        return str(first)
    middle = (first + end) // 2
    before, after = (_piece(number, starts, *of) for of in ((first, middle), (middle, end)))
    return f"CASE WHEN {number} < {starts[middle]} THEN {before} ELSE {after} END"


@contextmanager
def _without_statistics(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """DuckDB reads what it is asked for, and answers nothing from the end of the file."""
    (usual,) = con.execute("SELECT current_setting('disabled_optimizers')").fetchall()[0]
    con.execute(
        f"SET disabled_optimizers = '{','.join(filter(None, [usual, 'statistics_propagation']))}'"
    )
    try:
        yield
    finally:
        con.execute(f"SET disabled_optimizers = '{usual}'")


def _false(part: TablePart, column: str) -> DataError:
    what = _("“{table}”的文件对“{column}”的统计与内容不符").format(
        table=part.table.table, column=column
    )
    return DataError(what, fix=_("重新导出这张表"))


__all__ = ["believed"]
