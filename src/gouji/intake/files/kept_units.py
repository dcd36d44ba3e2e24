"""How the figures of a table are kept, as its file says: in base units (money in 元, percents as shares of 1) or as its form prints them.

One reading for `gouji audit` and `gouji audit --format parquet`. It is stated under `gouji.figures` in the metadata of a Parquet file, in the comment of a table of a
database (`gouji.figures=base`), or as `figures:` in the dataset.yaml of a folder. Where nothing is stated, types may tell; where they do not, `bulk`
takes base units, which is its format, and `audit` asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.rules import UNITS, Column, ColumnType, Table

KEY = "gouji.figures"
_COMMENT = re.compile(rf"{re.escape(KEY)}\s*=\s*(\S+)")
_DECIMAL = re.compile(r"DECIMAL\((\d+), ?(\d+)\)", re.IGNORECASE)
# A share of 1 has more places than a percent is printed with.
SHARE_PLACES = 4


class StoredUnit(StrEnum):
    """What 1 in a column stands for."""

    BASE = "base"
    PRINTED = "printed"


def stated(word: str | None, where: str) -> StoredUnit | None:
    """What is stated at a place; None where nothing is. Raises DataError for another word."""
    if word is None or not word.strip():
        return None
    if word.strip() not in list(StoredUnit):
        raise DataError(
            _("{where} 里 {key} 写的是“{word}”").format(where=where, key=KEY, word=word),
            fix=how_to_state(),
        )
    return StoredUnit(word.strip())


def in_comment(comment: str | None, where: str) -> StoredUnit | None:
    """What the comment of a table states. Raises DataError for another word."""
    found = _COMMENT.search(comment or "")
    return stated(found[1], where) if found else None


def agreed(where: str, *said: StoredUnit | None) -> StoredUnit | None:
    """What several places state alike. Raises DataError where they differ."""
    words = {word for word in said if word is not None}
    if len(words) > 1:
        raise DataError(
            _("{where} 对金额单位有两种说法").format(where=where),
            fix=_("两处写成一样的，或只写一处"),
        )
    return next(iter(words), None)


def scaled(column: Column) -> bool:
    """Whether 1 in a column is not the same number in base units and as printed."""
    unit = column.unit or ("%" if column.type is ColumnType.PERCENT else None)
    return column.numeric and unit is not None and UNITS[unit] != Decimal(1)


def told_by_types(types: Iterable[tuple[Table, Mapping[str, str]]]) -> StoredUnit | None:
    """What the types of all tables of a source tell: PRINTED where base units are never kept so; None where they may be either.

    Types are as DuckDB writes them: `DECIMAL(18,2)`, `DOUBLE`, `VARCHAR`, `BIGINT`.
    """
    for table, of in types:
        for column in table.columns:
            kind = of.get(column.name)
            if kind is None or not scaled(column):
                continue
            found = _DECIMAL.fullmatch(kind)
            if (
                found is None
                and not kind.upper().endswith("INT")
                and not kind.upper().endswith("INTEGER")
            ):
                return StoredUnit.PRINTED
            if (
                found is not None
                and column.type is ColumnType.PERCENT
                and 0 < int(found[2]) < SHARE_PLACES
            ):
                return StoredUnit.PRINTED
    return None


def any_scaled(types: Iterable[tuple[Table, Mapping[str, str]]]) -> bool:
    """Whether it matters at all."""
    return any(
        scaled(column) and column.name in of for table, of in types for column in table.columns
    )


def how_to_state() -> str:
    """What to write, and where."""
    return _(
        "写明：金额按元、百分数按 1=100% 存的写 base，与表样的计量单位相同的写 printed；写在文件夹的 dataset.yaml (figures: base), Parquet 的元数据 (gouji.figures)，或数据库表的注释 (COMMENT ON TABLE … IS 'gouji.figures=base')"
    )
