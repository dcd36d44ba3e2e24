"""The statistics of a Parquet file -> whether they are true: plans, and DuckDB itself, leave out rows and tests by them, and a false one would change verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake.bulk_views import Footer, Part
from gouji.intake.ledger.tables import HALF, literal, quoted
from gouji.rules import ColumnRole


def believed(con: duckdb.DuckDBPyConnection, part: Part, told: Footer) -> None:
    """Look at the rows themselves, once. Raises DataError where they are not what the file says of them."""
    if part.file is None:
        return
    _years(con, part, told)
    numbers = {c.name for c in part.table.columns if c.numeric}
    ends, counted = (
        [n for n in told.ends if n.removesuffix(HALF) in numbers],
        [n for n in told.lacking if n in part.types],
    )
    asked = [f"min({quoted(n)})::DECIMAL(38,6), max({quoted(n)})::DECIMAL(38,6)" for n in ends] + [
        f"count({quoted(n)})" for n in counted
    ]
    if not asked or not told.rows:
        return
    with _without_statistics(con):
        row = con.execute(f"SELECT {', '.join(asked)} FROM {part.relation}").fetchone()
    assert row is not None
    least, greatest = row[: 2 * len(ends) : 2], row[1 : 2 * len(ends) : 2]
    wrong = [
        n
        for n, low, high in zip(ends, least, greatest, strict=True)
        if (low, high) != tuple(told.ends[n])
    ]
    wrong += [
        n
        for n, n_there in zip(counted, row[2 * len(ends) :], strict=True)
        if told.rows - n_there != told.lacking[n]
    ]
    if wrong:
        raise _false(part, wrong[0])


def _years(con: duckdb.DuckDBPyConnection, part: Part, told: Footer) -> None:
    """The least and greatest year of each piece of the file: by them whole pieces are left out."""
    name = part.table.with_role(ColumnRole.YEAR).name
    first, last = told.ends.get(name, (None, None))
    if first is not None and first == last:
        # Of a file that says it is of one year no piece says otherwise.
        return
    ends = ", ".join(f"TRY_CAST(stats_{end}_value AS BIGINT)" for end in ("min", "max"))
    said = con.execute(
        f"SELECT row_group_num_rows, {ends} FROM parquet_metadata({literal(str(part.file))})"
        f" WHERE path_in_schema = {literal(name)} ORDER BY row_group_id"
    ).fetchall()
    if len(said) < 2 and first is not None:
        # What the one piece says is what is said of the file.
        return
    starts = [sum(rows for rows, *_ends in said[:piece]) for piece in range(len(said))]
    of_piece = _piece(part.number, starts, 0, len(starts))
    year = quoted(name)
    with _without_statistics(con):
        found = con.execute(
            f"SELECT {of_piece} AS piece, min({year}), max({year}) FROM {part.relation} GROUP BY piece"
        ).fetchall()
    for piece, *read in found:
        there = said[piece][1:]
        if None not in there and tuple(read) != there:
            raise _false(part, name)


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


def _false(part: Part, column: str) -> DataError:
    what = _("“{table}”的文件对“{column}”的统计与内容不符").format(
        table=part.table.table, column=column
    )
    return DataError(what, mend=_("重新导出这张表"))


__all__ = ["believed"]
