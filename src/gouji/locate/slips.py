"""What was printed and what it should be -> the kinds of slip that turn one into the other. They rank answers; they never make one.

The digit slips follow the typographic distance of R's `deductive` and `deducorrect` (insertion, deletion, substitution, swap of neighbours; sign; rounding).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gouji.rules import USUAL, How, SlipKind

# Slips that change several cells and are one cause.
EVENTS = frozenset({How.EXCHANGE, How.SHIFT, How.SCALE, How.LINE})
# A figure of fewer digits, without the zeros behind them, stands in many cells by chance.
DIGITS_AT_LEAST = 3
# A figure that is printed with a minus and should have none, whatever else it is.
NEGATED = 2
# A figure that is printed without a minus and should have one.
LOST_SIGN = 3
# A figure of which rounding left one digit: one in nine looks like that by chance.
ONE_DIGIT = 3


@dataclass(frozen=True, slots=True)
class CopySources:
    """Figures that a slip may have copied: of the lines above and below, of the columns beside, of the year before."""

    rows: frozenset[Fraction] = frozenset()
    columns: frozenset[Fraction] = frozenset()
    prior: Fraction | None = None


def tells_apart(value: Fraction) -> bool:
    """Whether a figure (in printed places) has digits enough that two cells hardly hold it by chance: full marks, or three cars, are found in many."""
    return len(str(abs(int(value))).rstrip("0")) >= DIGITS_AT_LEAST


class Kinds:
    """The kinds of slip that a rulebook knows."""

    def __init__(
        self, kinds: Sequence[SlipKind] = USUAL.slips, elsewhere: int = USUAL.elsewhere
    ) -> None:
        self.kinds = tuple(sorted(kinds, key=lambda kind: kind.odds))
        self.elsewhere = elsewhere
        self.unknown = max(kind.odds for kind in kinds) + 1

    def named(self, how: How) -> SlipKind | None:
        """The likeliest kind that does this."""
        return next((kind for kind in self.kinds if kind.how is how), None)

    def whole(self, percent: bool = False) -> tuple[SlipKind, ...]:
        """Those that happen to a whole column or form, of amounts or of percentages."""
        return tuple(kind for kind in self.kinds if kind.whole and kind.percent is percent)

    def odds(self, kinds: Sequence[SlipKind], printed: Fraction, right: Fraction) -> int:
        """How unlikely a change is: by its likeliest slip; a figure that turns negative is seldom right, and without a slip of the sign the unlikeliest. Both in printed
        places."""
        if right < 0 <= printed:
            sign = any(kind.how is How.SIGN for kind in kinds)
            return LOST_SIGN if sign and printed else self.unknown + 1
        least = min(
            (
                max(kind.odds, ONE_DIGIT) if _one_digit_left(kind, printed, right) else kind.odds
                for kind in kinds
            ),
            default=self.unknown,
        )
        return min(least, NEGATED) if printed < 0 <= right else least

    @staticmethod
    def ways(kinds: Sequence[SlipKind], right: Fraction) -> int:
        """In how many ways the likeliest of these slips may come out of so many digits: the fewer, the less it is chance that it came out just so. `right` in printed places."""
        digits = len(str(abs(int(right))))
        return (_WAYS[kinds[0].how](digits) if kinds[0].how in _WAYS else 1) if kinds else 0

    def hinted(self, printed: Fraction, right: Fraction) -> tuple[SlipKind, ...]:
        """Kinds of which rounding left one digit, too little to say what the figure was; both in printed places."""
        return tuple(
            kind
            for kind in self.kinds
            if not kind.percent and _one_digit_left(kind, printed, right)
        )

    def between(
        self,
        printed: Fraction,
        right: Fraction,
        places: int,
        around: CopySources | None = None,
        percent: bool = False,
    ) -> tuple[SlipKind, ...]:
        """Kinds by which `right` may have been printed as `printed`, the likeliest first; both in the unit of the form, with so many printed places.

        >>> kinds = Kinds()
        >>> [k.slip for k in kinds.between(Fraction("818.16"), Fraction("188.16"), 2)]
        ['相邻两位颠倒']
        >>> [k.slip for k in kinds.between(Fraction(62100), Fraction("6.21"), 2)]
        ['元当万元']
        """
        if printed == right:
            return ()
        found = set(_done(printed, right, places, around or CopySources()))
        step = Fraction(1, 10**places)
        return tuple(
            kind
            for kind in self.kinds
            if (
                kind.times is not None
                and kind.percent in (percent, False)
                and _scaled(printed, right, Fraction(kind.times), step)
                if kind.how is How.SCALE
                else kind.how in found
            )
        )


def _one_digit_left(kind: SlipKind, printed: Fraction, right: Fraction) -> bool:
    """Whether a figure so many times smaller was rounded to a single digit; both in printed places."""
    times = Fraction(kind.times or 1)
    if not Fraction(1, 1000) < times < 1 or not 0 < abs(printed) < 10:
        return False
    return printed != right * times and printed == round(right * times)


def _scaled(printed: Fraction, right: Fraction, times: Fraction, step: Fraction) -> bool:
    """Whether `printed` is so many times `right`; digits beyond the last printed place were rounded away, where two or more are left or it is a thousand times smaller."""
    if not right or not printed:
        return False
    if printed == right * times:
        return True
    few = abs(printed) < 10 * step and times > Fraction(1, 1000)
    return times < 1 and not few and printed == round(right * times / step) * step


def _done(printed: Fraction, right: Fraction, places: int, around: CopySources) -> Iterator[How]:
    if printed == 0 < right:
        yield How.BLANK
    if printed == -right:
        yield How.SIGN
    # A cell that holds zero was left out: no digit of it is wrong.
    if (
        printed
        and (printed < 0) == (right < 0)
        and right.denominator in _TENS
        and printed.denominator in _TENS
    ):
        yield from _digits(_written(abs(printed), places), _written(abs(right), places))
    if tells_apart(printed):
        if printed in around.rows:
            yield How.ROW
        if printed in around.columns:
            yield How.COLUMN
        if printed == around.prior:
            yield How.PRIOR


_WAYS: dict[How, Callable[[int], int]] = {
    How.SWAP: lambda digits: max(digits - 1, 1),
    How.DOUBLE: lambda digits: digits,
    How.DROP: lambda digits: digits,
    How.REPLACE: lambda digits: 9 * digits,
    How.INSERT: lambda digits: 9 * (digits + 1),
}

# Denominators of numbers that end.
_TENS = frozenset(2**a * 5**b for a in range(12) for b in range(12))


def _written(value: Fraction, places: int) -> str:
    """Digits without the point, as many places as printed (or as many as the number has, where these are more)."""
    while places < 12 and (value * 10**places).denominator != 1:
        places += 1
    return str(int(value * 10**places)).rjust(places + 1, "0")


def _digits(printed: str, right: str) -> Iterator[How]:
    """Slips of single digits between two rows of digits."""
    if len(printed) == len(right):
        wrong = [i for i, (a, b) in enumerate(zip(printed, right, strict=True)) if a != b]
        if (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and printed[wrong[0]] == right[wrong[1]]
            and printed[wrong[1]] == right[wrong[0]]
        ):
            yield How.SWAP
        # Any single digit is one digit away from any other: that says nothing.
        if len(wrong) == 1 and len(right) > 1:
            yield How.REPLACE
    elif len(printed) == len(right) + 1:
        at = _surplus(printed, right)
        if at:
            doubled = any(
                printed[i] in printed[max(i - 1, 0) : i] + printed[i + 1 : i + 2] for i in at
            )
            yield How.DOUBLE if doubled else How.INSERT
    elif len(right) > len(printed) and _surplus(right, printed.rjust(len(right) - 1, "0")):
        # Of 205 without its 2 only the 5 is printed.
        yield How.DROP


def _surplus(longer: str, shorter: str) -> list[int]:
    """The places of the longer row that may go to leave the shorter one."""
    return [i for i in range(len(longer)) if longer[:i] + longer[i + 1 :] == shorter]


__all__ = ["EVENTS", "CopySources", "Kinds", "tells_apart"]
