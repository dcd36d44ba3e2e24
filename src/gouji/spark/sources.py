"""What a session has -> DataFrames by table with their columns in DuckDB's types; and whether the session is set as results need it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from gouji.base.address import redacted
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake import Columns

# Without these, texts that differ in case are one column, and figures that are too large become NULL or lose places in silence.
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
}
_KINDS = {
    "string": "VARCHAR",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "binary": "BLOB",
}
_DECIMAL = re.compile(r"decimal\(\d+,\d+\)")
_PYTHON_FAULT = re.compile(r"[\w.]*(Error|Exception|Fault): ")


def check_settings(spark: Any) -> None:
    """Raises DataError where the session is set otherwise, with the lines to set."""
    wrong = {name: word for name, word in SETTINGS.items() if _said(spark, name) != word}
    if wrong:
        raise DataError(
            _("Spark 会话的设置不对：{names}").format(names="、".join(wrong)),
            fix=_("先执行 {lines}").format(
                lines="; ".join(f'spark.conf.set("{n}", "{w}")' for n, w in wrong.items())
            ),
        )


def _said(spark: Any, name: str) -> str:
    return str(spark.conf.get(name, "")).lower()


def tables_of(spark: Any, given: Mapping[str, Any] | str, names: Collection[str]) -> dict[str, Any]:
    """DataFrames of the tables that are there, by name: those that were given, or the tables of a schema of the catalog that are called as the table descriptions.

    Raises DataError where there is no such schema, or none of its tables is known.
    """
    if isinstance(given, Mapping):
        unknown = [name for name in given if name not in names]
        if unknown:
            raise DataError(
                _("数据表说明里没有“{table}”").format(table=unknown[0]),
                fix=_("可用的有：{names}").format(names="、".join(sorted(names))),
            )
        return dict(given)
    place = ".".join(f"`{part}`" for part in given.split("."))
    try:
        rows = spark.sql(f"SHOW TABLES IN {place}").collect()
    except Exception as fault:
        raise DataError(
            _("目录里没有 {schema}，或连不上：{why}").format(schema=given, why=first_line(fault)),
            fix=_("用 SHOW SCHEMAS 看看有哪些；写 CATALOG.SCHEMA 或 SCHEMA"),
        ) from fault
    there = {str(row["tableName"]) for row in rows}
    return {name: spark.table(f"{place}.`{name}`") for name in names if name in there}


def first_line(fault: Exception) -> str:
    """What a fault says, in a line, without secrets; of a fault in Python on an executor, what that said last; of a call that got no answer, why."""
    lines = (_unanswered(fault) or str(fault)).strip().split("\n")
    inner = [line for line in lines[1:] if _PYTHON_FAULT.match(line)]
    return redacted(" ".join((lines[0], *inner[-1:])))


def _unanswered(fault: BaseException | None) -> str:
    """Why a call got no answer, of the call's own fault or the one it was raised for."""
    while fault is not None:
        if type(fault).__module__.startswith("grpc"):
            return str(getattr(fault, "details", str)() or "")
        fault = fault.__cause__ or fault.__context__
    return ""


def columns_of(name: str, frame: Any) -> Columns:
    """The columns of a DataFrame. Raises DataError for kinds that no cell of a form has."""
    found = []
    for column in frame.schema.fields:
        kind = column.dataType.simpleString()
        if kind not in _KINDS and not _DECIMAL.fullmatch(kind):
            raise DataError(
                _("“{table}”的“{column}”是 {kind}").format(
                    table=name, column=column.name, kind=kind
                ),
                fix=_("存成 DECIMAL、整数或字符串"),
            )
        found.append((column.name, _KINDS.get(kind, kind.upper())))
    return found


def by_name(columns: Columns) -> list[str]:
    """Columns as `select` takes them, whatever signs their names hold."""
    return [f"`{name.replace('`', '``')}`" for name, _kind in columns]


__all__ = ["SETTINGS", "by_name", "check_settings", "columns_of", "first_line", "tables_of"]
