"""Rows of a table that come as Arrow columns (Parquet, databases) -> the columns that the loader takes: texts, or figures already in base units.

A column of a type that holds no figure (yes or no, a span of time, a list) is one problem, and its figures are missing, never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Any

from gouji.base.faults import did_you_mean
from gouji.base.i18n import _
from gouji.base.lazy_import import numpy as np
from gouji.base.lazy_import import pyarrow as pa
from gouji.base.lazy_import import pyarrow_compute as pc
from gouji.intake.files.kept_units import StoredUnit
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.ledger.tables import HALF
from gouji.intake.values.codes import unit_code
from gouji.intake.workbooks.sheet import plain_number, said
from gouji.intake.workbooks.to_arrow import VALUE, Fault
from gouji.rules import KEPT_PLACES, WHOLE_DIGITS, Column, ColumnRole, Table, half_place

# Digits that a double keeps for certain; a code with more has been changed already.
CERTAIN, SINGLE = 15, 7
# Types of a server whose numbers come as texts.
EXACT = ("numeric", "money")
Made = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A table as it comes: where from, its Arrow schema, what is stated of its figures, how many rows (None: not known), how to read it."""

    table: Table
    file: str
    schema: Any
    said: StoredUnit | None
    rows: int | None
    read: Callable[[], Iterator[Any]]
    digest: str = ""
    # Columns that come as texts although their own type is another one: that type. Those of numbers hold exact ones.
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def types(self) -> dict[str, str]:
        """The types of its columns in the words of DuckDB, as far as they tell figures apart."""
        return {f.name: _word(f.type) for f in self.schema}


def _word(kind: Any) -> str:
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    if pa.types.is_integer(kind):
        return "BIGINT"
    return "DOUBLE" if pa.types.is_floating(kind) else str(kind)


@dataclass(slots=True)
class ArrowColumns:
    """Makes columns of one table. `problems` are those of whole columns; where `refused` nothing of the table can be taken."""

    of: Incoming
    kept: StoredUnit
    problems: list[Problem] = field(default_factory=list)
    refused: bool = False
    _known: list[str] = field(default_factory=list)
    _unfit: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        table, types = self.of.table, {f.name: f.type for f in self.of.schema}
        for name in types:
            column = table.column(name.removesuffix(HALF) if self.kept is StoredUnit.BASE else name)
            if column is None or (
                name != column.name and (column.exact or column.name not in types)
            ):
                what = _("“{table}”没有叫“{column}”的列").format(table=table.table, column=name)
                self._tell(name, what, did_you_mean(name, (c.name for c in table.columns)))
                if not name.endswith(HALF) and _is_number(types[name]):
                    # A column of figures that is not there may be this one: missing, not zero.
                    self._unfit |= {
                        c.name
                        for c in table.columns
                        if c.numeric and c.role is None and c.name not in types
                    }
            elif what := self._wrong_type(column, types[name]):
                self._tell(name, what, _("存成数字或文字") if column.numeric else _("存成文字"))
                self._unfit.add(name)
            else:
                self._known.append(name)
        self.refused = self._lacks()

    def _lacks(self) -> bool:
        """Whether a column is wanting without which no row can be told apart."""
        table = self.of.table
        for column in table.columns:
            needed = column.role in (ColumnRole.UNIT, ColumnRole.YEAR) or (
                column.name in table.key and column.null == "never"
            )
            if needed and column.name not in self._known:
                if column.name not in self._unfit:
                    self._tell(
                        "",
                        _("“{table}”缺少列“{column}”").format(
                            table=table.table, column=column.name
                        ),
                        _("补上这一列"),
                    )
                return True
        return False

    def _tell(self, column: str, what: str, mend: str) -> None:
        self.problems.append(Problem(self.of.table.table, At(self.of.file, 0, column), what, mend))

    def _wrong_type(self, column: Column, kind: Any) -> str:
        """What is wrong with the type of a column, if anything."""
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        number = pa.types.is_integer(kind) or pa.types.is_decimal(kind)
        inexact = pa.types.is_floating(kind) and not pa.types.is_float16(kind)
        text = (
            pa.types.is_string(kind) or pa.types.is_large_string(kind) or str(kind) == "string_view"
        )
        own = self.of.kinds.get(column.name, "")
        what = _("“{table}”的“{column}”是 {kind}").format(
            table=self.of.table.table, column=column.name, kind=own or kind
        )
        if pa.types.is_null(kind):
            return ""
        if column.dated:
            dated = pa.types.is_date(kind) or pa.types.is_timestamp(kind)
            return "" if dated or text else what
        if column.numeric and own and own not in EXACT:
            return what
        if column.numeric and self.kept is StoredUnit.BASE and column.role is not ColumnRole.YEAR:
            return "" if number or own in EXACT else what
        return (
            ""
            if number
            or inexact
            or text
            or (
                not column.numeric and pa.types.is_temporal(kind) and not pa.types.is_duration(kind)
            )
            else what
        )

    def _in_base_units(self, column: Column) -> bool:
        figure = column.numeric and not column.dated and column.role is not ColumnRole.YEAR
        return figure and self.kept is StoredUnit.BASE

    def read(self, batch: Any) -> tuple[Made, list[Fault]]:
        """The columns of a batch, and what of them cannot be read, by row in it."""
        made, faults, table = Made(), list[Fault](), self.of.table
        for column in table.columns:
            values = batch.column(column.name) if column.name in self._known else None
            if column.name in self._unfit:
                made |= _nothing(column, batch.num_rows)
                faults += [(row, column.name, "", "", False) for row in range(batch.num_rows)]
            elif self._in_base_units(column):
                halves = (
                    batch.column(column.name + HALF) if column.name + HALF in self._known else None
                )
                faults += _in_base(made, column, values, halves, batch.num_rows)
            elif values is not None:
                values = _plain(values)
                if self.of.kinds.get(column.name) in EXACT:
                    values = pa.array(map(_short, values.to_pylist()), pa.string())
                texts = list(_texts(values, column, faults))
                if column.role is ColumnRole.UNIT:
                    texts = [None if t is None else unit_code(t) for t in texts]
                made[column.name] = pa.array(texts, pa.string())
        return made, faults


def _is_number(kind: Any) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind)
    )


def _plain(values: Any) -> Any:
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _short(text: str | None) -> str | None:
    """A number without zeros behind, which tell of its type and not of what was printed."""
    return text.rstrip("0").rstrip(".") if text is not None and "." in text else text


def _nothing(column: Column, count: int) -> Made:
    """A column of which nothing can be taken: no figures, whatever a blank would count as."""
    if not column.numeric:
        return {column.name: pa.nulls(count, pa.string())}
    return {
        VALUE + column.name: pa.nulls(count, _kind(column, 0)),
        HALF + column.name: pa.nulls(count, _kind(column, 1)),
    }


def _kind(column: Column, more: int) -> Any:
    return (
        pa.int32()
        if column.role is ColumnRole.YEAR
        else pa.decimal128(18, KEPT_PLACES[column.type] + more)
    )


def _texts(values: Any, column: Column, faults: list[Fault]) -> Iterator[str | None]:
    """Values as the texts that a person would have typed. Nothing in a cell is a blank one."""
    blank, single = "" if column.null == "zero" else None, pa.types.is_float32(values.type)
    for at, value in enumerate(values.to_pylist()):
        if value is None:
            yield blank
            continue
        what = ""
        if isinstance(value, float):
            text = str(np.float32(value)) if single and isfinite(value) else plain_number(value)
            if single and isfinite(value):
                text = format(Decimal(text).normalize(), "f")
                what = (
                    _("“{text}”是单精度小数，只有 7 位是准的").format(text=text)
                    if len(text.strip("-0.").replace(".", "")) > SINGLE
                    else ""
                )
            if not column.numeric and abs(value) >= 10**CERTAIN:
                what = _("“{text}”存成了数字，15 位以后已经不准").format(text=text)
        else:
            text = (
                format(value.normalize(), "f")
                if isinstance(value, Decimal)
                else said(value).strip()
            )
        if what:
            faults.append(
                (
                    at,
                    column.name,
                    what,
                    _("存成文字") if not column.numeric else _("存成 DECIMAL 或双精度"),
                    False,
                )
            )
        yield None if what else text


def _in_base(made: Made, column: Column, values: Any, halves: Any, count: int) -> list[Fault]:
    """Figures in base units with halves of last places, those of the description unless they are given; a blank is zero where the description says so."""
    faults, zero = (
        list[Fault](),
        column.null == "zero" if values is not None else column.unprinted == "zero",
    )
    usual = Decimal(0) if column.exact else _half(column)
    given = pa.nulls(count, pa.decimal128(38, 0)) if values is None else values
    kept = _exactly(given, column, 0, faults)
    own = (
        _exactly(halves, column, 1, faults)
        if halves is not None
        else pa.nulls(count, _kind(column, 1))
    )
    there = pc.is_valid(given)
    made[column.name] = pc.if_else(there, pa.scalar(None, pa.string()), pa.scalar("", pa.string()))
    made[VALUE + column.name] = pc.if_else(
        there, kept, pa.scalar(Decimal(0) if zero else None, kept.type)
    )
    made[HALF + column.name] = pc.fill_null(own, pa.scalar(usual, own.type))
    return faults


def _half(column: Column) -> Decimal:
    half = half_place(column)
    return (Decimal(half.numerator) / half.denominator).quantize(
        Decimal(1).scaleb(-KEPT_PLACES[column.type] - 1), ROUND_HALF_UP
    )


def _exactly(values: Any, column: Column, more: int, faults: list[Fault]) -> Any:
    """Numbers with the places that are kept; what has more of them, or is too large, is told."""
    kind, limit = _kind(column, more), 10 ** WHOLE_DIGITS[column.type]
    kept = list[Decimal | None]()
    for at, value in enumerate(values.to_pylist()):
        number = None if value is None else Decimal(value)
        if number is not None and (not number.is_finite() or (more and number < 0)):
            faults.append(
                (
                    at,
                    column.name + HALF * more,
                    _("“{text}”读不成数").format(text=value),
                    _("检查计量单位和小数点"),
                    False,
                )
            )
            number = None
        if number is not None and (abs(number) >= limit or number != round(number, kind.scale)):
            what = (
                _("“{text}”超出可以处理的范围")
                if abs(number) >= limit
                else _("“{text}”的小数位太多")
            )
            faults.append(
                (
                    at,
                    column.name + HALF * more,
                    what.format(text=f"{number:f}"),
                    _("检查计量单位和小数点"),
                    False,
                )
            )
            number = None
        kept.append(None if number is None else number.quantize(Decimal(1).scaleb(-kind.scale)))
    return pa.array(kept, kind)


__all__ = ["ArrowColumns", "Incoming"]
