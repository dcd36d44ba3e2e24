"""Types of columns in files for bulk: which fit a description, and what a date there is as the number of its day."""

from __future__ import annotations

import re

from gouji.base.i18n import _
from gouji.base.sql_names import quoted
from gouji.rules import Column

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


def misfit(column: Column, kind: str) -> str:
    """What the column would have to be stored as; empty where its type fits."""
    if column.dated:
        return "" if kind == "DATE" else _("存成 DATE")
    if column.numeric:
        exact = kind in (*WHOLE, "HUGEINT", "UBIGINT") or bool(DECIMAL.fullmatch(kind))
        return "" if exact else _("存成 DECIMAL 或整数；二进制小数不精确")
    return "" if kind == "VARCHAR" else _("存成 VARCHAR")


def day_of(name: str, kind: str) -> str:
    """SQL: the number of the day that a date is."""
    return f"CAST(date_diff('day', DATE '0001-01-01', {quoted(name)}) + 1 AS {kind})"
