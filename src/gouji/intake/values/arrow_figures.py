"""The raw cells of one column of figures -> Arrow columns of values and halves of last places: as `read_figure` gives, for all cells at once.

What a number is plain enough for is decided as in `plain.py`; each different text, and each number that is not plain, is read by `read_figure`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gouji.base.lazy_import import numpy as np
from gouji.base.lazy_import import pyarrow as pa
from gouji.intake.values.figure_text import FigureFault
from gouji.intake.values.sql_figures import places_of, shift_of
from gouji.intake.workbooks.sheet import Raw, Shown, figure_text, said
from gouji.rules import KEPT_PLACES, WHOLE_DIGITS, Column, ColumnType

# A text is read in the time of a hundred numbers: of more different ones than this SQL reads what is plain.
TEXTS_AT_MOST = 500
# Value, half of the last place, a remark; without value where there is no figure.
Read = tuple[str | None, str | None, str]
Reader = Callable[[str, int | None], Read | FigureFault]


@dataclass(slots=True)
class Numbers:
    """A column read: values and halves (without value where there is no figure), texts where it held such; what is to be told, by place in it: what,
    how to fix it, whether it is a remark."""

    values: pa.Array
    halves: pa.Array
    texts: pa.Array | None
    told: list[tuple[int, str, str, bool]] = field(default_factory=list)


def numbers(cells: Sequence[Raw], column: Column, unit: str | None, read: Reader) -> Numbers | None:
    """Read a column of figures; None where it holds so many different texts that SQL is quicker (and no number that its format cuts or pads)."""
    kinds = set(map(type, cells))
    shown = [kind for kind in kinds if issubclass(kind, Shown)]
    figures: set[type] = {float, *(kind for kind in shown if not kind.sign)}
    texts = [] if kinds <= figures else _texts_beside(cells, figures)
    if len(set(texts)) > TEXTS_AT_MOST and not shown:
        return None
    found = np.array(_figures_alone(cells, figures) if texts else cells, np.float64)
    values, halves, taken = _plain(found, column, unit)
    _as_shown(halves, cells, [kind for kind in shown if not kind.sign], column, unit)
    if texts:
        taken &= np.fromiter((v.__class__ in figures for v in cells), np.bool_, len(cells))
    kept = KEPT_PLACES[column.type]
    told = _one_by_one((values, halves, taken), cells, kept, read)
    return Numbers(
        _decimals(values, taken, kept),
        _decimals(halves, taken, kept + 1),
        pa.array(texts, pa.string()) if texts else None,
        told,
    )


def _figures_alone(cells: Sequence[Raw], figures: Set[type]) -> list[Any]:
    """The figures of a column, zero for everything else."""
    return [v if v.__class__ in figures else 0.0 for v in cells]


def _texts_beside(cells: Sequence[Raw], figures: Set[type]) -> list[str | None]:
    """The texts of a column; without value for figures and for what could not be taken."""
    return [
        None
        if v.__class__ in figures or v is None
        else v.strip()
        if v.__class__ is str
        else said(v)
        for v in cells
    ]


def _one_by_one(
    into: tuple[Any, Any, Any], cells: Sequence[Raw], kept: int, read: Reader
) -> list[tuple[int, str, str, bool]]:
    """Read what is no plain number into values, halves and where they hold (changed in place), each different text once; what is to be told."""
    values, halves, taken = into
    told: list[tuple[int, str, str, bool]] = []
    known: dict[tuple[str, int | None], Read | FigureFault] = {}
    for at in np.flatnonzero(~taken).tolist():
        if cells[at] is None:
            continue
        text = figure_text(cells[at])
        reading = known.get(text) or known.setdefault(text, read(text[0].strip(), text[1]))
        if isinstance(reading, FigureFault):
            told.append((at, reading.what, reading.fix, False))
            continue
        value, half, remark = reading
        if value is not None and half is not None:
            values[at], halves[at], taken[at] = _whole(value, kept), _whole(half, kept + 1), True
            if remark:
                told.append((at, remark, "", True))
    return told


def _plain(
    found: np.ndarray[Any, np.dtype[np.float64]], column: Column, unit: str | None
) -> tuple[Any, Any, Any]:
    """Values and halves in units of the last place kept, and where they hold: where a number is the nearest to a decimal with no more places."""
    kept, (factor, least, most) = KEPT_PLACES[column.type], places_of(column, unit)
    places = max(kept + shift_of(column, unit), 0)
    whole = min(WHOLE_DIGITS[column.type] - shift_of(column, unit), 15 - places)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.rint(found * 10.0**places)
        plain = (
            (column.type is not ColumnType.DATE)
            & (np.abs(found) < 10.0**whole)
            & (scaled / 10.0**places == found)
        )
    values = np.where(plain, scaled, 0).astype(np.int64)
    halves = np.full(len(found), _half(factor, most, kept), np.int64)
    for place in range(most - 1, least - 1, -1):
        halves[values % 10 ** (most - place) == 0] = _half(factor, place, kept)
    return values, halves, plain


def _as_shown(
    halves: Any,
    cells: Sequence[Raw],
    kinds: Sequence[type[Shown]],
    column: Column,
    unit: str | None,
) -> None:
    """Halves of numbers that are shown with more places than they need, or with fewer than they hold."""
    factor, least, _most = places_of(column, unit)
    kept = KEPT_PLACES[column.type]
    for kind in kinds:
        if not column.exact and (kind.cut or kind.places > least):
            here = np.fromiter((v.__class__ is kind for v in cells), np.bool_, len(cells))
            halves[here] = max(_half(factor, kind.places, kept), _half(Decimal(1), kept, kept))


def _half(factor: Decimal, place: int, kept: int) -> int:
    return int((factor.scaleb(-place) / 2).scaleb(kept + 1).to_integral_value(ROUND_HALF_UP))


def _whole(text: str, places: int) -> int:
    return int(Decimal(text).scaleb(places))


def _decimals(
    wholes: np.ndarray[Any, np.dtype[np.int64]],
    given: np.ndarray[Any, np.dtype[np.bool_]],
    places: int,
) -> pa.Array:
    """Whole numbers of the last place as decimals, written in their own form: 128 bits, the lower half first."""
    wide = np.empty((len(wholes), 2), np.int64)
    wide[:, 0], wide[:, 1] = wholes, wholes >> 63
    mask = (
        pa.py_buffer(np.packbits(given, bitorder="little").tobytes()) if not given.all() else None
    )
    return pa.Array.from_buffers(pa.decimal128(18, places), len(wholes), [mask, pa.py_buffer(wide)])
