"""Why a line of a listing is no row of its table, and which lines are left for which reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gouji.intake.finding.marks import FIGURE
from gouji.intake.finding.words import asks_for_a_number, numbers_page, says_nothing, signs
from gouji.intake.workbooks.sheet import Raw


class LineReason(StrEnum):
    """What a line is that is no row."""

    NUMBERS = "numbers"
    SUM = "sum"
    SKIPPED = "skipped"
    NOTE = "note"
    SIGNED = "signed"
    WORDS = "words"
    FOOT = "foot"
    BEYOND = "beyond"
    ASIDE = "aside"


@dataclass(slots=True)
class Left:
    """Lines (from 0) of one sheet that gave no row, by reason; and lines whose key was filled in from a merged cell above."""

    lines: dict[LineReason, list[int]] = field(default_factory=dict)
    filled: list[tuple[int, int]] = field(default_factory=list)

    def add(self, why: LineReason, line: int) -> None:
        """Keep a line."""
        self.lines.setdefault(why, []).append(line)


def by_words(cells: Sequence[Raw]) -> LineReason | None:
    """Why a line without figures is no row, whatever its form: people sign there, or what stands there alone says nothing."""
    words = [v for v in cells if isinstance(v, str) and v]
    if any(map(signs, words)):
        return LineReason.SIGNED
    alone = len(words) == sum(v != "" for v in cells) == 1
    return LineReason.WORDS if alone and says_nothing(words[0]) else None


def foot(rows: Sequence[Sequence[Raw]], first: int) -> int:
    """Where the foot of a listing begins that starts at `first`: the first blank line behind its last figure. Behind all lines where there is neither."""
    last = next((n for n in range(len(rows) - 1, first - 1, -1) if any(map(_number, rows[n]))), -1)
    below = range(last + 1, len(rows)) if last >= 0 else ()
    return next((n for n in below if all(v == "" for v in rows[n])), len(rows))


def _number(value: Raw) -> bool:
    return FIGURE.fullmatch(value.strip()) is not None if isinstance(value, str) else value != ""


def is_page(cells: Sequence[Raw]) -> bool:
    """Whether a line holds nothing but the number of a page."""
    filled = [v for v in cells if v != ""]
    return len(filled) == 1 and isinstance(filled[0], str) and numbers_page(filled[0])


def answers(cells: Sequence[Raw]) -> bool:
    """Whether the numbers of a line are those of telephones and dates: it is signed, and a word asks for them or stands before each."""
    words = [v for v in cells if isinstance(v, str) and v]
    if not any(map(signs, words)):
        return False
    filled = [v for v in cells if v != ""]
    behind = (
        isinstance(before, str) and signs(before)
        for before, v in zip(["", *filled], filled, strict=False)
        if not isinstance(v, str)
    )
    return any(map(asks_for_a_number, words)) or all(behind)


def runs(lines: Sequence[int]) -> str:
    """Numbers of lines, those one after another together.

    >>> runs([4, 5, 6, 9])
    '4-6、9'
    """
    found: list[list[int]] = []
    for line in sorted(set(lines)):
        if found and line == found[-1][1] + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return "、".join(f"{a}-{b}" if a != b else str(a) for a, b in found)
