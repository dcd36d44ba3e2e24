"""XML of sheets -> whether they hold formulas or errors, and whether a cell may stand far out; in a few passes over the bytes, not cell by cell."""

from __future__ import annotations

from gouji.frozen import dataclass
from gouji.later import numpy as np

# No cell ends so near the end of a sheet.
_BEHIND = 16
_LESS, _QUOTE, _COLON, _C, _E, _F = b'<":cef'
_NAMED = b' r="'


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
    signs = np.frombuffer(xml, np.uint8)
    here, second, third = signs[:-2], signs[1:-1], signs[2:]
    quoted = here == _QUOTE
    cell = (second == _C) & (third < 0x41)
    at = np.flatnonzero(((here == _LESS) & cell)[: 2 - _BEHIND])
    usual = not ((here == _COLON) & cell).any() and all((signs[at + n] == sign).all() for n, sign in enumerate(_NAMED, 2))
    if not usual:
        return Seen(True, True)
    formulas = ((here == _LESS) & (second == _F)).any() or (quoted[:-2] & (second[:-2] == _E) & quoted[2:]).any()
    letter, fifth, sixth = (signs[at + len("<c") + len(_NAMED) + n] for n in (1, 4, 5))
    wide = letter >= 0x41
    if not wide.any():
        return Seen(bool(formulas), bool(_digits(sixth).any()))
    broad = signs[at[wide] + len("<c") + len(_NAMED) + 2] >= 0x41
    return Seen(bool(formulas), bool(broad.any() or _digits(sixth).any() or _digits(fifth[~wide]).any()))


def _digits(signs: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (signs >= 0x30) & (signs <= 0x39)


__all__ = ["Seen", "look"]
