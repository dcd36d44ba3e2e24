"""What was printed and what it should be -> the kinds of slip that turn one into the other. They rank answers; they never make one.

The digit slips follow the typographic distance of R's `deductive` and `deducorrect` (insertion, deletion, substitution, swap of neighbours; sign; rounding).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction


class Slip(StrEnum):
    """Kinds of slip, in the field's words."""

    SWAPPED = "相邻两位颠倒"
    MORE = "多一位"
    FEWER = "少一位"
    REPEATED = "重一位"
    DIGIT = "错一位"
    SIGN = "正负号"
    TEN_THOUSAND = "元当万元"
    PER_TEN_THOUSAND = "万元当元"
    HUNDRED = "百分比差一百倍"
    POINT = "小数点移位"
    NEIGHBOUR = "抄了相邻一格"
    PRIOR = "抄了上年数"
    EXCHANGED = "两格互换"
    SHIFTED = "整段错行"
    TOTAL = "合计没有更新"
    LEFT_OUT = "漏填"


# How seldom a wrong answer looks like this by chance: the smaller, the likelier the slip is the true cause. A judgement, not a measurement of units' habits.
ODDS = {
    slip: odds
    for odds, kinds in enumerate(
        (
            (
                Slip.SWAPPED,
                Slip.SIGN,
                Slip.TEN_THOUSAND,
                Slip.PER_TEN_THOUSAND,
                Slip.HUNDRED,
                Slip.POINT,
                Slip.EXCHANGED,
                Slip.SHIFTED,
            ),
            (Slip.REPEATED, Slip.MORE, Slip.FEWER),
            (Slip.DIGIT, Slip.NEIGHBOUR, Slip.PRIOR),
            (Slip.TOTAL,),
            (Slip.LEFT_OUT,),
        )
    )
    for slip in kinds
}
UNKNOWN, NEGATIVE = 5, 6
# Slips that change several cells and are one cause.
EVENTS = frozenset({Slip.EXCHANGED, Slip.SHIFTED, Slip.TEN_THOUSAND, Slip.PER_TEN_THOUSAND})


def odds(kinds: tuple[Slip, ...], printed: Fraction, right: Fraction) -> int:
    """How unlikely a change is: by its likeliest slip; a figure that turns negative without a slip of the sign is the unlikeliest."""
    if right < 0 <= printed and Slip.SIGN not in kinds:
        return NEGATIVE
    return min((ODDS[slip] for slip in kinds), default=UNKNOWN)


def slips(
    printed: Fraction,
    right: Fraction,
    places: int,
    near: frozenset[Fraction] = frozenset(),
    prior: Fraction | None = None,
) -> tuple[Slip, ...]:
    """Kinds of slip by which `right` may have been printed as `printed`; both in the unit of the form, with so many printed places.

    `near`: figures in the neighbouring cells; `prior`: last year's figure.

    >>> [s.value for s in slips(Fraction("818.16"), Fraction("188.16"), 2)], [s.value for s in slips(Fraction(62100), Fraction("6.21"), 2)]
    (['相邻两位颠倒'], ['元当万元'])
    """
    return tuple(dict.fromkeys(_all(printed, right, places, near, prior)))


def _all(
    printed: Fraction,
    right: Fraction,
    places: int,
    near: frozenset[Fraction],
    prior: Fraction | None,
) -> Iterator[Slip]:
    if printed == right:
        return
    if printed == 0 < right:
        yield Slip.LEFT_OUT
    if printed == -right:
        yield Slip.SIGN
    if right:
        yield from _scaled(printed / right)
    if (printed < 0) == (right < 0) and right.denominator in _TENS and printed.denominator in _TENS:
        yield from _digits(_written(abs(printed), places), _written(abs(right), places))
    if printed in near and printed != 0:
        yield Slip.NEIGHBOUR
    if prior is not None and printed == prior and printed != 0:
        yield Slip.PRIOR


_SCALES = {
    Fraction(10_000): Slip.TEN_THOUSAND,
    Fraction(1, 10_000): Slip.PER_TEN_THOUSAND,
    Fraction(100): Slip.HUNDRED,
    Fraction(1, 100): Slip.HUNDRED,
    Fraction(10): Slip.POINT,
    Fraction(1, 10): Slip.POINT,
    Fraction(1000): Slip.POINT,
    Fraction(1, 1000): Slip.POINT,
}
# Denominators of numbers that end.
_TENS = frozenset(2**a * 5**b for a in range(12) for b in range(12))


def _scaled(by: Fraction) -> Iterator[Slip]:
    if by in _SCALES:
        yield _SCALES[by]


def _written(value: Fraction, places: int) -> str:
    """Digits without the point, as many places as printed (or as many as the number has, where these are more)."""
    while places < 12 and (value * 10**places).denominator != 1:
        places += 1
    return str(int(value * 10**places)).rjust(places + 1, "0")


def _digits(printed: str, right: str) -> Iterator[Slip]:
    """Slips of single digits between two rows of digits."""
    if len(printed) == len(right):
        wrong = [i for i, (a, b) in enumerate(zip(printed, right, strict=True)) if a != b]
        if (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and printed[wrong[0]] == right[wrong[1]]
            and printed[wrong[1]] == right[wrong[0]]
        ):
            yield Slip.SWAPPED
        if len(wrong) == 1:
            yield Slip.DIGIT
    for longer, shorter, slip in ((printed, right, Slip.MORE), (right, printed, Slip.FEWER)):
        if len(longer) == len(shorter) + 1:
            at = [i for i in range(len(longer)) if longer[:i] + longer[i + 1 :] == shorter]
            if at:
                doubled = any(
                    longer[i] in longer[max(i - 1, 0) : i] + longer[i + 1 : i + 2] for i in at
                )
                yield Slip.REPEATED if slip is Slip.MORE and doubled else slip


__all__ = ["EVENTS", "ODDS", "Slip", "odds", "slips"]
