"""A path -> where its rows lie while they are audited: in memory, or, where much was sent, in a database file that goes when the audit does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji.intake.sheet import SUFFIXES
from gouji.intake.tabular import TABULAR

# What a machine keeps in memory without noticing: some thousand workbooks.
IN_MEMORY_BYTES, FILE = 32 << 20, "rows.duckdb"
# What DuckDB may keep of such a file in memory: while it is read, and while it is judged.
READING, KEPT = "192MB", "512MB"


def scratch(data: str | Path) -> TemporaryDirectory[str] | None:
    """A folder for the database where the files sent are many or large; it is removed with its last holder. None where memory will do."""
    path = Path(data)
    if not path.exists() or sum(_sizes(path)) <= IN_MEMORY_BYTES:
        return None
    return TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True)


def _sizes(path: Path) -> Iterator[int]:
    for found in path.rglob("*") if path.is_dir() else (path,):
        if found.suffix.lower() in (*SUFFIXES, *TABULAR) and found.is_file():
            yield found.stat().st_size
