"""DATA -> whether there are so many units in it that nobody reads a page of each: then results are tables, and memory does not follow their number."""

from __future__ import annotations

from pathlib import Path

from gouji.app.books import load_outline
from gouji.app.which_book import book_for

# More than any county has; a page of each is still a file that opens.
MANY = 2_000
TABLES = (".parquet", ".duckdb", ".db")


def many_units(
    data: str | Path, rules: str | Path | None = None, schemas: str | Path | None = None
) -> bool:
    """Whether DATA is a folder of Parquet files, or a DuckDB file, whose list of units has more than MANY rows."""
    path = Path(data)
    files = path.iterdir() if path.is_dir() else (path,) if path.is_file() else ()
    if not any(file.suffix.lower() in TABLES for file in files):
        return False
    from gouji.intake import listed_units

    listed = listed_units(path, load_outline(book_for(rules, data), schemas).units)
    return listed is not None and listed > MANY


__all__ = ["MANY", "many_units"]
