"""The raw cells of one column of figures -> Arrow columns of values and halves of last places: as `read_figure` gives, for all cells at once.

What a number is plain enough for is decided as in `plain.py`; each different text, and each number that is not plain, is read by `read_figure`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gouji.intake.figure import FigureFault
from gouji.intake.plain import places_of, shift_of
from gouji.intake.sheet import Raw, said
from gouji.later import numpy as np
from gouji.later import pyarrow as pa
from gouji.load.tables import KEPT_PLACES, WHOLE_DIGITS, Column

# A text is read in the time of a hundred numbers: of more different ones than this SQL reads what is plain.
TEXTS_AT_MOST = 500
Read = Callable[[str], tuple[str | None, str | None] | FigureFault]


@dataclass(slots=True)
class Numbers:
    """A column read: values and halves (without value where there is no figure), texts where it held such, places in it of what could not be read."""

    values: pa.Array
    halves: pa.Array
    texts: pa.Array | None
    faults: list[tuple[int, FigureFault]] = field(default_factory=list)


def numbers(cells: Sequence[Raw], column: Column, unit: str | None, read: Read) -> Numbers | None:
    """Read a column of figures; None where it holds so many different texts that SQL is quicker."""
    texts: list[str | None] = []
    if set(map(type, cells)) == {float}:
        found = np.array(cells, np.float64)
    else:
        texts = [None if v.__class__ is float or v is None else v.strip() if v.__class__ is str else said(v) for v in cells]
        if len(set(texts)) > TEXTS_AT_MOST:
            return None
        found = np.array([v if v.__class__ is float else 0.0 for v in cells], np.float64)
    values, halves, plain = _plain(found, column, unit)
    given = plain if not texts else plain & np.fromiter((v.__class__ is float for v in cells), np.bool_, len(cells))
    made = Numbers(pa.nulls(0), pa.nulls(0), pa.array(texts, pa.string()) if texts else None)
    known: dict[str, tuple[str | None, str | None] | FigureFault] = {}
    for at in np.flatnonzero(~given).tolist():
        text = (texts[at] if texts and texts[at] is not None else None) if cells[at].__class__ is not float else said(cells[at])
        if text is None:
            continue
        reading = known.get(text) or known.setdefault(text, read(text))
        if isinstance(reading, FigureFault):
            made.faults.append((at, reading))
        elif reading[0] is not None and reading[1] is not None:
            values[at], halves[at], given[at] = _whole(reading[0], KEPT_PLACES[column.type]), _whole(reading[1], KEPT_PLACES[column.type] + 1), True
    made.values = _decimals(values, given, KEPT_PLACES[column.type])
    made.halves = _decimals(halves, given, KEPT_PLACES[column.type] + 1)
    return made


def _plain(found: np.ndarray[Any, np.dtype[np.float64]], column: Column, unit: str | None) -> tuple[Any, Any, Any]:
    """Values and halves in units of the last place kept, and where they hold: where a number is the nearest to a decimal with no more places."""
    kept, (factor, least, most) = KEPT_PLACES[column.type], places_of(column, unit)
    places = max(kept + shift_of(column, unit), 0)
    whole = min(WHOLE_DIGITS[column.type] - shift_of(column, unit), 15 - places)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.rint(found * 10.0**places)
        plain = (np.abs(found) < 10.0**whole) & (scaled / 10.0**places == found)
    values = np.where(plain, scaled, 0).astype(np.int64)
    halves = np.full(len(found), _half(factor, most, kept), np.int64)
    for place in range(most - 1, least - 1, -1):
        halves[values % 10 ** (most - place) == 0] = _half(factor, place, kept)
    return values, halves, plain


def _half(factor: Decimal, place: int, kept: int) -> int:
    return int((factor.scaleb(-place) / 2).scaleb(kept + 1).to_integral_value(ROUND_HALF_UP))


def _whole(text: str, places: int) -> int:
    return int(Decimal(text).scaleb(places))


def _decimals(wholes: np.ndarray[Any, np.dtype[np.int64]], given: np.ndarray[Any, np.dtype[np.bool_]], places: int) -> pa.Array:
    """Whole numbers of the last place as decimals, written in their own form: 128 bits, the lower half first."""
    wide = np.empty((len(wholes), 2), np.int64)
    wide[:, 0], wide[:, 1] = wholes, wholes >> 63
    mask = pa.py_buffer(np.packbits(given, bitorder="little").tobytes()) if not given.all() else None
    return pa.Array.from_buffers(pa.decimal128(18, places), len(wholes), [mask, pa.py_buffer(wide)])
