"""Rows of a table that come as Arrow columns (Parquet, databases) -> the columns that the loader takes: texts, or figures already in base units.

A column of a type that holds no figure (yes or no, a span of time, a list) is one problem, and its figures are missing, never zero.
"""

from __future__ import annotations

from collections import Counter
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
from gouji.intake.files.kept_texts import kept_text
from gouji.intake.files.kept_units import StoredUnit
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.ledger.tables import HALF
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
        types = {f.name: f.type for f in self.of.schema}
        for name, times in Counter(f.name for f in self.of.schema).items():
            column, kind = self._column(name, types), types[name]
            if times > 1:
                what = _("有 {n} 列都叫“{column}”").format(n=times, column=name)
                self._tell(name, what, _("只留一列，或改正列名"))
                self._unfit.add(name)
            elif column is None:
                self._tell_unknown(name, types)
            elif what := self._wrong_type(column, kind):
                self._tell(name, what, self._better(column))
                self._unfit.add(name)
            else:
                self._known.append(name)
        self.refused = self._lacks()

    def _column(self, name: str, types: Mapping[str, Any]) -> Column | None:
        """The column of the description that is called so, or whose halves of last places are."""
        of_base = self.kept is StoredUnit.BASE
        column = self.of.table.column(name.removesuffix(HALF) if of_base else name)
        if column is None or name == column.name:
            return column
        return None if column.exact or column.name not in types else column

    def _tell_unknown(self, name: str, types: Mapping[str, Any]) -> None:
        """A column that nobody knows. If it holds figures, a column of figures that is not there may be this one: missing, not zero."""
        table = self.of.table
        what = _("“{table}”没有叫“{column}”的列").format(table=table.table, column=name)
        self._tell(name, what, did_you_mean(name, (c.name for c in table.columns)))
        if not name.endswith(HALF) and _is_number(types[name]):
            figures = (c for c in table.columns if c.numeric and c.role is None)
            self._unfit |= {c.name for c in figures if c.name not in types}

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

    def _tell(self, column: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.of.table.table, At(self.of.file, 0, column), what, fix))

    def _wrong_type(self, column: Column, kind: Any) -> str:
        """What is wrong with the type of a column, if anything."""
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        own = self.of.kinds.get(column.name, "")
        if pa.types.is_null(kind) or self._holds(column, kind, own):
            return ""
        return _("“{table}”的“{column}”是 {kind}").format(
            table=self.of.table.table, column=column.name, kind=own or kind
        )

    def _better(self, column: Column) -> str:
        """What a column should be instead."""
        if self._in_base_units(column):
            return _("按元存的金额用整数或 DECIMAL；照表样印的写明 figures: printed")
        return _("存成数字或文字") if column.numeric else _("存成文字")

    def _holds(self, column: Column, kind: Any, own: str) -> bool:
        """Whether a type holds what a column does; `own` is the one it had where it comes from, where that is another."""
        number = pa.types.is_integer(kind) or pa.types.is_decimal(kind)
        inexact = pa.types.is_floating(kind) and not pa.types.is_float16(kind)
        text = _is_text(kind)
        if column.dated:
            return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind) or text)
        if column.numeric and own and own not in EXACT:
            return False
        if self._in_base_units(column):
            return bool(number or own in EXACT)
        time = pa.types.is_temporal(kind) and not pa.types.is_duration(kind)
        return bool(number or inexact or text or (time and not column.numeric))

    def _in_base_units(self, column: Column) -> bool:
        figure = column.numeric and not column.dated and column.role is not ColumnRole.YEAR
        return figure and self.kept is StoredUnit.BASE

    def read(self, batch: Any) -> tuple[Made, list[Fault]]:
        """The columns of a batch, and what of them cannot be read, by row in it."""
        made, faults = Made(), list[Fault]()
        for column in self.of.table.columns:
            values = batch.column(column.name) if column.name in self._known else None
            if column.name in self._unfit:
                made |= _nothing(column, batch.num_rows)
                faults += [(row, column.name, "", "", False) for row in range(batch.num_rows)]
            elif self._in_base_units(column):
                half = column.name + HALF
                halves = batch.column(half) if half in self._known else None
                faults += _in_base(made, column, values, halves, batch.num_rows)
            elif values is not None:
                made[column.name] = self._as_texts(column, _plain(values), faults)
        return made, faults

    def _as_texts(self, column: Column, values: Any, faults: list[Fault]) -> Any:
        """A column as texts; what of it cannot be read is added to the faults."""
        if self.of.kinds.get(column.name) in EXACT:
            values = pa.array(map(_short, values.to_pylist()), pa.string())
        texts = list(_texts(values, column, faults))
        if not column.numeric:
            kept = {t: kept_text(t, column) for t in set(texts) if t}
            texts = [t and kept[t] for t in texts]
        return pa.array(texts, pa.string())


def _is_number(kind: Any) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind)
    )


def _is_text(kind: Any) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or str(kind) == "string_view"
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
    fix = _("存成 DECIMAL 或双精度") if column.numeric else _("存成文字")
    for at, value in enumerate(values.to_pylist()):
        if value is None:
            yield blank
        elif isinstance(value, float):
            text, what = _of_double(value, single and isfinite(value), column)
            if what:
                faults.append((at, column.name, what, fix, False))
            yield None if what else text
        elif isinstance(value, Decimal):
            yield format(value.normalize(), "f")
        else:
            yield said(value).strip()


def _of_double(value: float, single: bool, column: Column) -> tuple[str, str]:
    """A number as text, and what is wrong with it: more digits than its type keeps. `single`: it has been one of single precision."""
    text = plain_number(value)
    what = ""
    if single:
        text = format(Decimal(str(np.float32(value))).normalize(), "f")
        if len(text.strip("-0.").replace(".", "")) > SINGLE:
            what = _("“{text}”是单精度小数，只有 7 位是准的").format(text=text)
    if not column.numeric and abs(value) >= 10**CERTAIN:
        what = _("“{text}”存成了数字，15 位以后已经不准").format(text=text)
    return text, what


def _in_base(made: Made, column: Column, values: Any, halves: Any, count: int) -> list[Fault]:
    """Figures in base units with halves of last places, those of the description unless they are given; a blank is zero where the description says so."""
    faults = list[Fault]()
    zero = (column.null if values is not None else column.unprinted) == "zero"
    given = pa.nulls(count, pa.decimal128(38, 0)) if values is None else values
    kept = _exactly(given, column, 0, faults)
    own = pa.nulls(count, _kind(column, 1))
    if halves is not None:
        own = _exactly(halves, column, 1, faults)
    there, name = pc.is_valid(given), column.name
    made[name] = pc.if_else(there, pa.scalar(None, pa.string()), pa.scalar("", pa.string()))
    blank = pa.scalar(Decimal(0) if zero else None, kept.type)
    made[VALUE + name] = pc.if_else(there, kept, blank)
    usual = Decimal(0) if column.exact else _half(column)
    made[HALF + name] = pc.fill_null(own, pa.scalar(usual, own.type))
    return faults


def _half(column: Column) -> Decimal:
    half = half_place(column)
    return (Decimal(half.numerator) / half.denominator).quantize(
        Decimal(1).scaleb(-KEPT_PLACES[column.type] - 1), ROUND_HALF_UP
    )


def _exactly(values: Any, column: Column, more: int, faults: list[Fault]) -> Any:
    """Numbers with the places that are kept (`more`: of halves); what has more of them, or is too large, is told."""
    kind, limit = _kind(column, more), 10 ** WHOLE_DIGITS[column.type]
    last = Decimal(1).scaleb(-kind.scale)
    kept = list[Decimal | None]()
    for at, value in enumerate(values.to_pylist()):
        number = None if value is None else Decimal(value)
        what = "" if number is None else _not_kept(number, value, limit, kind.scale, more > 0)
        if what:
            fix = _("检查计量单位和小数点")
            faults.append((at, column.name + HALF * more, what, fix, False))
        kept.append(None if number is None or what else number.quantize(last))
    return pa.array(kept, kind)


def _not_kept(number: Decimal, value: Any, limit: int, places: int, half: bool) -> str:
    """Why a number cannot be kept, if it cannot."""
    if not number.is_finite() or (half and number < 0):
        return _("“{text}”读不成数").format(text=value)
    if abs(number) >= limit:
        return _("“{text}”超出可以处理的范围").format(text=f"{number:f}")
    if number != round(number, places):
        return _("“{text}”的小数位太多").format(text=f"{number:f}")
    return ""


__all__ = ["ArrowColumns", "Incoming"]
