"""How packs of kept contents are made into one."""

from __future__ import annotations

from gouji.base.sql_names import literal


def repacked(into: str) -> str:
    """Writes the contents of some packs that some lists of files refer to, each once, into one pack."""
    return (
        "COPY (SELECT sha256, any_value(content) AS content FROM read_parquet(?) WHERE sha256 IN (SELECT sha256 FROM read_parquet(?)) "
        f"GROUP BY sha256 ORDER BY sha256) TO {literal(into)} (FORMAT parquet, COMPRESSION zstd)"
    )
