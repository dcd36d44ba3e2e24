"""Two colours -> whether text in the one is seen on the other."""

from __future__ import annotations

# So many levels of 255 apart, in each of red, green and blue, nobody tells two colours apart in print.
LEVELS = 24


def same_colour(ink: str, ground: str) -> bool:
    """Whether two colours look the same: `RRGGBB`, with `#` or without, in any letters. Of colours in other words only the same ones do.

    >>> same_colour("#FFFFFF", "fffdf2"), same_colour("D9D9D9", "FFFFFF"), same_colour("windowtext", "windowtext")
    (True, False, True)
    """
    first, second = _levels(ink), _levels(ground)
    if first is None or second is None:
        return ink == ground
    return all(abs(a - b) <= LEVELS for a, b in zip(first, second, strict=True))


def _levels(colour: str) -> bytes | None:
    digits = colour.removeprefix("#")
    try:
        return bytes.fromhex(digits) if len(digits) == 6 else None
    except ValueError:
        return None


__all__ = ["same_colour"]
