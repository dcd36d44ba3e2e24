"""The results of a run while it is made: rows judged tonight and rows carried over, in DuckDB; out of it, Parquet files.

Parquet files in a folder a run, not one DuckDB file: DuckDB locks its file against every reader while somebody writes, a killed writer
leaves it half written, and a folder can be made whole by one rename, kept, compared and thrown away by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from gouji.base.database import connect
from gouji.base.faults import DataError, EngineError
from gouji.base.i18n import _
from gouji.intake import literal
from gouji.results.schema import CARRIED, ORDER, SCHEMAS

Cells = dict[str, Any]
# Rows that are sorted and written together; a card is a hundred times as large as another row.
ROW_GROUP, CARDS_AT_A_TIME = 10_000, 10
# What of the tables stays in memory while submissions are read and judged, and when that is over; the rest lies on the desk.
KEPT, SORTING, THREADS = "64MB", "160MB", 2


class ResultTables:
    """Tables of a run in the making; `desk` is a folder for what does not stay in memory. `close` it."""

    def __init__(self, desk: Path) -> None:
        # No database file: to bring one in order, as it does now and then, DuckDB wants more than it may keep.
        self.con = connect(
            {
                "memory_limit": KEPT,
                "threads": str(THREADS),
                "temp_directory": str(desk / "spill"),
                "checkpoint_threshold": "16TB",
            }
        )
        for name, schema in SCHEMAS.items():
            self._from_arrow(
                name, schema.empty_table(), f"CREATE TABLE {name} AS SELECT * FROM incoming"
            )

    def close(self) -> None:
        """Let go of the database."""
        self.con.close()

    def settle(self) -> None:
        """Nothing more is read or judged: there is memory for sorting."""
        self.con.execute(f"SET memory_limit = '{SORTING}'")

    def put(self, name: str, rows: Sequence[Cells]) -> None:
        """Add rows to a table; absent columns are empty."""
        if rows:
            self._from_arrow(
                name,
                pa.Table.from_pylist(list(rows), schema=SCHEMAS[name]),
                f"INSERT INTO {name} SELECT * FROM incoming",
            )

    def _from_arrow(self, name: str, table: pa.Table, statement: str) -> None:
        self.con.register("incoming", table)
        try:
            self.con.execute(statement)
        finally:
            self.con.unregister("incoming")

    def add(self, tables: Mapping[str, Sequence[Cells]]) -> None:
        """Rows of several tables, by the table's name."""
        for name, rows in tables.items():
            self.put(name, rows)

    def drop(self, submissions: Iterable[str]) -> None:
        """Forget what was judged or carried over of submissions that have to be judged together with others."""
        names = list(submissions)
        for name in CARRIED:
            self.con.execute(
                f"DELETE FROM {name} WHERE submission IN (SELECT unnest(?::VARCHAR[]))", [names]
            )

    def carry(self, previous: Path, submissions: Iterable[str]) -> None:
        """Rows of submissions that are what they were, from the run before."""
        names = list(submissions)
        if not names:
            return
        for name in CARRIED:
            columns = ", ".join(SCHEMAS[name].names)
            self.con.execute(
                f"INSERT INTO {name} SELECT {columns} FROM read_parquet(?) WHERE submission IN (SELECT unnest(?::VARCHAR[]))",
                [str(previous / f"{name}.parquet"), names],
            )

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.con.execute(statement, list(values)).fetchall()

    def dicts(self, statement: str, values: Sequence[Any] = ()) -> list[Cells]:
        """The rows of a query by the names of its columns."""
        result = self.con.execute(statement, list(values))
        names = [d[0] for d in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def count(self, statement: str, values: Sequence[Any] = ()) -> int:
        """The one number that a query gives."""
        ((found,),) = self.rows(statement, values)
        return int(found or 0)

    def write(self, folder: Path) -> None:
        """Every table as a Parquet file, rows in a fixed order: the same rows give the same bytes.

        By pyarrow: DuckDB's own writer lets the statistics of its table show, and they remember rows that were deleted.
        """
        for name, schema in SCHEMAS.items():
            with pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd") as writer:
                for condition in self._pieces(name):
                    result = self.con.sql(
                        f"SELECT * FROM {name} WHERE {condition} ORDER BY {ORDER[name]}"
                    )
                    for batch in result.to_arrow_reader(ROW_GROUP):
                        writer.write_table(
                            pa.Table.from_batches([batch]).cast(schema), row_group_size=ROW_GROUP
                        )

    def _pieces(self, name: str) -> Iterator[str]:
        """What is sorted at a time: some units of tables in the order of units, and what speaks of none; all of a table in another order."""
        rows = self.count(f"SELECT count(*) FROM {name}")
        most = CARDS_AT_A_TIME if name == "cards" else ROW_GROUP
        if rows <= most or not ORDER[name].startswith("unit"):
            yield "true"
            return
        # The last unit of each piece; a piece of one unit may be larger.
        ends = self.rows(
            f"SELECT max(unit) FROM (SELECT unit, sum(count(*)) OVER (ORDER BY unit) AS until FROM {name} WHERE unit IS NOT NULL GROUP BY unit)"
            f" GROUP BY (until - 1) // {most} ORDER BY 1"
        )
        low = ""
        for (unit,) in ends:
            yield f"unit <= {literal(str(unit))}{low}"
            low = f" AND unit > {literal(str(unit))}"
        yield "unit IS NULL"

    def check_counts(self, rules: int) -> None:
        """Units × rules outcomes, none dropped, each once. Raises EngineError."""
        units = self.count("SELECT count(*) FROM scorecards")
        made = self.count("SELECT count(*) FROM (SELECT DISTINCT unit, code FROM outcomes)")
        every = self.count("SELECT count(*) FROM outcomes")
        if units * rules != made or made != every:
            raise EngineError(
                _("{units} 个单位 × {rules} 条规则，结论却是 {n} 个").format(
                    units=units, rules=rules, n=every
                )
            )

    def check_entries(self) -> None:
        """Entries seen = read + told + listed, and what is told stands among the problems, each by its name. Raises EngineError."""
        lost = self.rows(
            "SELECT submission, file FROM files WHERE fate IS NULL OR fate NOT IN ('read', 'told', 'listed') OR (fate = 'told' AND NOT EXISTS ("
            "SELECT 1 FROM problems p WHERE p.submission = files.submission AND p.file IN (files.submission,"
            " concat_ws('/', files.submission, files.file)))) ORDER BY ALL"
        )
        if lost:
            names = "、".join(f"{submission}/{file}" for submission, file in lost[:5])
            raise EngineError(
                _("{n} 个报来的文件没有交代下落：{names}").format(n=len(lost), names=names),
                fix=_("把这一行告诉 gouji 的维护者"),
            )


def read_table(folder: Path, name: str, *columns: str) -> list[Cells]:
    """The rows of one table of a run, in their order: all columns, or those named. Raises DataError where the run is damaged."""
    con = connect()
    try:
        result = con.execute(
            f"SELECT {', '.join(columns) or '*'} FROM read_parquet(?)",
            [str(folder / f"{name}.parquet")],
        )
        names = [d[0] for d in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    except duckdb.Error as fault:
        what = _("运行 {name} 坏了：{why}").format(name=folder.name, why=str(fault).split("\n")[0])
        raise DataError(
            what, fix=_("把 {folder} 移走，或从备份恢复").format(folder=folder)
        ) from fault
    finally:
        con.close()
