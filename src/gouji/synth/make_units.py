"""Spec -> a folder of Parquet files: one a table, and `defects.parquet`, the truth. Rows are made by DuckDB, never one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.base.database import NO_EXTENSIONS, connect, engine_faults
from gouji.rules import Table
from gouji.synth import units_sql as q
from gouji.synth.spec import Spec

DEFECTS = "defects"


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: rows by table, units with a fault."""

    rows: Mapping[str, int]
    faulty: int


def make(
    spec: Spec,
    tables: Mapping[str, Table],
    units: int,
    folder: Path,
    seed: int = 1,
    done: Callable[[str], None] = lambda _: None,
) -> Made:
    """Write every table of the specification for so many units into `folder`; `done` hears the name of each table. Same seed, same bytes."""
    con = connect(NO_EXTENSIONS)
    with closing(con), engine_faults():
        con.execute(q.MACRO.format(number=q.NUMBER, seed=int(seed)))
        con.execute(q.view_of_units(spec, int(units)))
        rows = {}
        for made in spec.tables:
            query = " UNION ALL BY NAME ".join(q.of_table(made, tables[made.table], spec))
            rows[made.table] = _copy(con, query, folder / f"{made.table}.parquet")
            done(made.table)
        _copy(con, q.defects(spec), folder / f"{DEFECTS}.parquet")
        found = con.execute(q.FAULTY).fetchone()
        faulty = int(found[0]) if found else 0
    return Made(rows, faulty)


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    found = con.execute(q.copied(query, str(path))).fetchone()
    return int(found[0]) if found else 0
