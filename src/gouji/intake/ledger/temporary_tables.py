"""A path -> where its rows lie while they are audited: in memory, or, where much was sent, in a database file that goes when the audit does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from gouji.intake.files.tabular import TABULAR
from gouji.intake.workbooks.sheet import SUFFIXES

# What a machine keeps in memory without noticing: some thousand workbooks.
IN_MEMORY_BYTES, FILE = 32 << 20, "rows.duckdb"
# What DuckDB may keep of such a file in memory; less while it is read, and then with few threads, for each of them needs its part.
KEPT, READING, THREADS = "512MB", "192MB", 2


def scratch(data: str | Path) -> TemporaryDirectory[str] | None:
    """A folder for the database where the files sent are many or large; it is removed with its last holder. None where memory will do."""
    path = Path(data)
    if not path.exists() or sum(_sizes(path)) <= IN_MEMORY_BYTES:
        return None
    return TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True)


@contextmanager
def narrow(con: duckdb.DuckDBPyConnection, room: TemporaryDirectory[str] | None) -> Iterator[None]:
    """What a database in a file needs of memory while it is filled, whatever the machine; nothing where the rows lie in memory."""
    if room is not None:
        con.execute(f"SET memory_limit = '{READING}'")
        (threads,) = con.execute("SELECT current_setting('threads')").fetchall()[0]
        con.execute(f"SET threads = {min(THREADS, int(threads))}")
    yield
    if room is not None:
        con.execute(f"SET memory_limit = '{KEPT}'")
        con.execute("RESET threads")


def _sizes(path: Path) -> Iterator[int]:
    for found in path.rglob("*") if path.is_dir() else (path,):
        if found.suffix.lower() in (*SUFFIXES, *TABULAR) and found.is_file():
            yield found.stat().st_size
