"""Settings -> a connection to DuckDB. The only place that opens one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from gouji.base.faults import EngineError
from gouji.base.i18n import _

Settings = Mapping[str, str]
# Rules of a book may be long sums.
DEEP: Settings = {"max_expression_depth": "5000"}
# What comes from strangers, or from rules, reaches no other file and no network.
CLOSED: Settings = {"enable_external_access": "false"}
NO_EXTENSIONS: Settings = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def connect(
    *profiles: Settings, database: str | Path = ":memory:", read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """A database, in memory unless a file is named, with these settings. Raises duckdb.Error."""
    config: dict[str, str | bool | int | float | list[str]] = {}
    for profile in profiles:
        config |= profile
    con = duckdb.connect(str(database), read_only=read_only, config=config)
    # Its own bar would be mixed into what a program reads.
    con.execute("SET enable_progress_bar = false")
    return con


def refusal(fault: duckdb.Error) -> str:
    """What is told when DuckDB refuses a statement: the first line of its own words."""
    return _("DuckDB 没能执行：{why}").format(why=str(fault).split("\n")[0])


@contextmanager
def engine_faults() -> Iterator[None]:
    """What DuckDB refuses within rises as EngineError."""
    try:
        yield
    except duckdb.Error as fault:
        raise EngineError(refusal(fault)) from fault


__all__ = ["CLOSED", "DEEP", "NO_EXTENSIONS", "Settings", "connect", "engine_faults", "refusal"]
