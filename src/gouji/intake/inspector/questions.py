"""What is asked of a table, as plain values that travel between processes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple


class Field(NamedTuple):
    """What is asked of one column; `kind` is the DuckDB type it must have, "" where any will do."""

    name: str
    kind: str
    nullable: bool
    one_of: tuple[str, ...] = ()
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    # A regular expression for the whole of each text.
    matches: str = ""


class Asked(NamedTuple):
    """One table: what is asked of its columns, the key that no two rows share, and the rows.

    `types` are the columns as DuckDB has them; the rows are values, an Arrow stream, or the path of a Parquet file.
    """

    fields: tuple[Field, ...]
    key: tuple[str, ...]
    types: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]] | bytes | str
