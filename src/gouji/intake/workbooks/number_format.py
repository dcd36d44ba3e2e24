"""The code of a number format -> Display: what a number looks like in a cell that has it. Pure; each code is worked out once.

What a number looks like is what a person reads and signs: the places shown, percents, zeros before a code, literal signs, commas that divide by a
thousand. Colours, alignment and widths are left out; digits are written as 0 to 9 whatever script the format asks for ([DBNum1]).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

from gouji.intake.workbooks.date_format import shown_date
from gouji.intake.workbooks.format_code import Section, sections_of
from gouji.intake.workbooks.sheet import Raw, Unread, Why, plain_number, shown_kind
from gouji.intake.workbooks.shown_number import quickly_shown, shown_number

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0_);(#,##0)",
    38: "#,##0_);(#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);(#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "=": eq,
    "<>": ne,
}


@dataclass(frozen=True, slots=True)
class Display:
    """A number format. `general`: it shows every number with all its digits."""

    sections: tuple[Section, ...]
    general: bool = False
    hides_text: bool = False
    # Of positive numbers (of all, where there is one section) with so few places: the class that shows them.
    quick: tuple[int, type[float]] | None = None

    def show(self, value: float, day_zero: int = 0) -> Raw:
        """What a cell with this format shows of a number: a float (all of it), a Shown, a text, a date; or an Unread.

        `day_zero` is added to days (a workbook that counts from 1904 has 1462).
        """
        if self.quick is not None and 0 < value < 1e13 and round(value, self.quick[0]) == value:
            return self.quick[1](value)
        if self.general:
            return value
        section = self._section(value)
        minus = self._minus(section, value)
        if section.plain and (quick := quickly_shown(section, value, minus)) is not None:
            return quick
        match section.kind:
            case "general":
                return value if not _said(section) else _literal(section, plain_number(value))
            case "date":
                return shown_date([(t.kind, t.text) for t in section.tokens], value, day_zero)
            case "number":
                return shown_number(section, value, minus)
            case "literal" | "empty":
                return _without_digits(section, value)
            case "fraction" if value == int(value):
                return value
            case _:
                return Unread(Why.UNCLEAR, plain_number(value))

    def _section(self, value: float) -> Section:
        """The section that a value is shown by."""
        given = self.sections
        if any(s.condition for s in given):
            exact = Decimal(f"{value:.15g}")
            met = (
                s
                for s in given
                if s.condition is None or _COMPARE[s.condition[0]](exact, s.condition[1])
            )
            return next(met, NOTHING)
        return given[
            1 if value < 0 and len(given) > 1 else 2 if value == 0 and len(given) > 2 else 0
        ]

    def _minus(self, section: Section, value: float) -> bool:
        """Whether a minus is put before the number: not by a section for negative numbers alone."""
        if value >= 0:
            return False
        if section.condition is not None:
            sign, edge = section.condition
            return not (sign in ("<", "<=") and edge <= 0)
        return section is self.sections[0] or any(s.condition for s in self.sections)


NOTHING = Section("empty")


def _without_digits(section: Section, value: float) -> Raw:
    """What a section shows that has no place for a number: its own digits, or nothing, which only a zero may be."""
    text = _literal(section, "")
    if value == 0:
        return value
    return text if any(map(str.isdigit, text)) else Unread(Why.UNSHOWN, plain_number(value))


def _said(section: Section) -> str:
    return "".join(t.text for t in section.tokens if t.kind == "literal").strip()


def _literal(section: Section, number: str) -> str:
    return "".join(
        t.text if t.kind == "literal" else number if t.kind in ("general", "text") else ""
        for t in section.tokens
    ).strip()


@lru_cache(maxsize=4096)
def display(code: str) -> Display:
    """What a code of a format means. A code that is not understood shows nothing: each number under it is an Unread."""
    made = sections_of(code)
    numbers = tuple(s for s in made if s.kind != "text") if len(made) > 1 else made
    if len(made) == 1 and made[0].kind == "text":
        numbers = (Section("general", made[0].tokens),)
    hides = len(made) == 4 and made[3].kind in ("empty", "literal")
    first = numbers[0] if numbers else NOTHING
    # Positive numbers that would look like negative ones.
    if first.condition is None and first.plain and first.negative and _looks_negative(first):
        first, numbers = Section("unclear"), (Section("unclear"), *numbers[1:])
    general = len(numbers) < 2 and all(map(_shows_all, numbers))
    return Display(numbers or (Section("general"),), general, hides, _quick(first))


def _shows_all(section: Section) -> bool:
    return section.kind == "general" and not _said(section) and section.condition is None


def _quick(first: Section) -> tuple[int, type[float]] | None:
    """Positive numbers with how many places are shown as they are held, and the class that shows them."""
    usual = first.plain and first.condition is None and first.whole <= 1
    if not usual or first.shift or first.least > 9 or first.negative:
        return None
    return first.least, shown_kind(first.least) if first.least else float


def _looks_negative(section: Section) -> bool:
    return any(t.kind == "literal" and set(t.text) & set("-(") for t in section.tokens)


__all__ = ["BUILT_IN", "Display", "display"]
