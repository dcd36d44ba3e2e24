"""The tables that a bulk audit writes beside its findings: rows that were set aside, who filed; and all of them as one database."""

from __future__ import annotations

from gouji.base.sql_names import literal, quoted
from gouji.intake import CODE, STATE
from gouji.run import OPTIONS

TABLE_ASIDE = "CREATE TABLE set_aside (数据表 VARCHAR, 行号 BIGINT, 单位代码 VARCHAR, 列 VARCHAR, 原因 VARCHAR, 改法 VARCHAR)"
# Each column of the rows is a list.
PUT_ASIDE = (
    "INSERT INTO set_aside SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)"
)
STATES = f"SELECT {STATE}, count(*) FROM filing GROUP BY 1"


def aside_into(path: str) -> str:
    """Writes the rows that were set aside."""
    return f"COPY (SELECT * FROM set_aside ORDER BY ALL) TO {literal(path)} {OPTIONS}"


def table_of_filing(query: str) -> str:
    """Makes the table of who did not file and who was not expected."""
    return f"CREATE OR REPLACE TABLE filing AS {query}"


def filing_into(path: str) -> str:
    """Writes it."""
    return f"COPY (FROM filing ORDER BY {STATE} DESC, {CODE}) TO {literal(path)} {OPTIONS}"


def attached(path: str) -> str:
    """Makes a database of results."""
    return f"ATTACH {literal(path)} AS results"


def taken_over(table: str, files: str) -> str:
    """Makes a table of the results out of files."""
    return f"CREATE TABLE results.{quoted(table)} AS SELECT * FROM read_parquet({literal(files)})"
