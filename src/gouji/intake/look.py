"""XML of sheets -> whether they hold formulas or errors, and whether a cell may stand far out; in a few passes over the bytes, not cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gouji.later import numpy as np

if TYPE_CHECKING:
    Array = np.ndarray[tuple[int], np.dtype[Any]]


def _number(signs: bytes) -> int:
    """Signs as the number that a machine reads them as, several at once."""
    return int.from_bytes(signs, "little")


# No cell ends so near the end of a sheet.
_BEHIND = 16
_CELL, _PREFIXED, _FORMULA, _ERROR = map(_number, (b"<c", b":c", b"<f", b'"e'))
_START = b'<c r="'
_NAMED, _SIX = _number(_START), _number(b"\xff" * len(_START))
# What stands behind `<c` and is a letter belongs to another name: `<cols>`.
_LETTER, _QUOTE = ord("A"), ord('"')


@dataclass(frozen=True, slots=True)
class Seen:
    """`formulas`: there are formulas or errors. `far`: the area up to the last cell may be large. Both, where cells are written in an unusual way."""

    formulas: bool
    far: bool


def look(xml: bytes) -> Seen:
    """Look at the sheets of a workbook, one after another in one text.

    Not far are columns up to Z with lines up to 9,999, and columns up to ZZ with lines up to 999: at most 702,000 cells.
    """
    if len(xml) <= _BEHIND:
        return Seen(True, True)
    # Two signs at once: from every even place, and (behind a blank) from every odd one; eight from every place.
    pairs = np.frombuffer(xml, "<u2", len(xml) // 2), np.frombuffer(b" " + xml, "<u2", (len(xml) + 1) // 2)
    eights: Array = np.ndarray((len(xml) - 7,), "<u8", xml, 0, (1,))
    at = _places(pairs, _CELL, len(xml) - _BEHIND)
    found = eights[at]
    named = (found & _SIX) == _NAMED
    if (_sign(found[~named], 2) < _LETTER).any() or (_sign(eights[_some(pairs, _PREFIXED, len(xml) - _BEHIND)], 2) < _LETTER).any():
        return Seen(True, True)
    formulas = bool(_there(pairs, _FORMULA) or (_sign(eights[_some(pairs, _ERROR, len(xml) - _BEHIND)], 2) == _QUOTE).any())
    # Of a name as `A1"`: its second sign tells a wider column, its fifth and sixth a longer line.
    name = eights[at[named] + len(_START)]
    second, fifth, sixth = (_sign(name, n) for n in (1, 4, 5))
    wide = second >= _LETTER
    if not wide.any():
        return Seen(formulas, bool(_digits(sixth).any()))
    return Seen(formulas, bool((_sign(name[wide], 2) >= _LETTER).any() or _digits(sixth).any() or _digits(fifth[~wide]).any()))


def _there(pairs: tuple[Array, Array], two: int) -> bool:
    """Whether two signs stand anywhere one behind the other."""
    return any((half == two).any() for half in pairs)


def _some(pairs: tuple[Array, Array], two: int, end: int) -> Array:
    """Where they do, before a place, if they do at all."""
    return _places(pairs, two, end) if _there(pairs, two) else np.empty(0, np.int64)


def _places(pairs: tuple[Array, Array], two: int, end: int) -> Array:
    even, odd = pairs
    found = np.concatenate((np.flatnonzero(even == two) * 2, np.flatnonzero(odd == two) * 2 - 1))
    return found[found < end]


def _sign(eights: Array, number: int) -> Array:
    """One of eight signs."""
    return (eights >> (8 * number)) & 0xFF


def _digits(signs: Array) -> Array:
    return (signs >= 0x30) & (signs <= 0x39)


__all__ = ["Seen", "look"]
