"""How the causes of failing units are put beside the findings of a bulk audit."""

from __future__ import annotations

from gouji.base.sql_names import literal, quoted
from gouji.run import OPTIONS

CAUSES = "causes"
# Columns of the files, as docs/bulk.md describes them.
UNIT, NUMBER, KIND = "单位代码", "序号", "类型"
COLUMNS = {
    UNIT: "VARCHAR",
    NUMBER: "USMALLINT",
    "规则": "VARCHAR[]",
    "只有这一种": "BOOLEAN",
    "原因": "VARCHAR",
    "格子": "JSON",
}
PUT_CAUSE = f"INSERT INTO {CAUSES} VALUES (?, ?, ?, ?, ?, ?)"


def parquet(path: str) -> str:
    """A file as a table."""
    return f"read_parquet({literal(path)})"


def units_with(findings: str) -> str:
    """The units with a finding of one kind, in order."""
    return f"SELECT DISTINCT {quoted(UNIT)} FROM {findings} WHERE {quoted(KIND)} = ? ORDER BY 1"


def table_of_causes(temporary: bool) -> str:
    """Makes the table of causes."""
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in COLUMNS.items())
    return f"CREATE OR REPLACE {'TEMP ' if temporary else ''}TABLE {CAUSES} ({columns})"


def causes_into(path: str) -> str:
    """Writes the table of causes: numbered from 1; what no cell explains (0) stands last."""
    order = f"ORDER BY {quoted(UNIT)}, {quoted(NUMBER)} = 0, {quoted(NUMBER)}"
    return f"COPY (SELECT * FROM {CAUSES} {order}) TO {literal(path)} {OPTIONS}"
