"""The code of a number format -> Display: what a number looks like in a cell that has it. Pure; each code is worked out once.

What a number looks like is what a person reads and signs: the places shown, percents, zeros before a code, literal signs, commas that divide by a
thousand. Colours, alignment and widths are left out; digits are written as 0 to 9 whatever script the format asks for ([DBNum1]).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

from gouji.intake.finding.marks import MONEY_SIGNS
from gouji.intake.workbooks.date_format import DATE_LETTERS, shown_date
from gouji.intake.workbooks.sheet import Raw, Unread, Why, plain_number, shown_kind

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
MOST_PLACES = 30
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<block>[^\]]*)\]|(?P<general>General|G/[^\s;]+)|(?P<exponent>[Ee][+-][0#?]+)'
    r"|(?P<half>上午/下午|AM/PM|A/P|am/pm)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<bar>/)|(?P<sign>.)",
    re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "=": eq,
    "<>": ne,
}
_ELAPSED = re.compile(r"h+|m+|s+", re.I)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a section: its kind, and what it says."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the parts between semicolons. `whole` and `least` are zeros always shown before and behind the point, `most` the places it has at most,
    `shift` the power of ten that it multiplies by; `plain` is set where it shows nothing but the number itself, and a percent sign."""

    kind: str
    tokens: tuple[Token, ...] = ()
    condition: tuple[str, Decimal] | None = None
    whole: int = 0
    least: int = 0
    most: int = 0
    shift: int = 0
    grouped: bool = False
    plain: bool = False
    sign: str = ""
    negative: bool = False


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
        if (
            section.plain
            and (quick := _quick(section, value, self._minus(section, value))) is not None
        ):
            return quick
        match section.kind:
            case "general":
                return value if not _said(section) else _literal(section, plain_number(value))
            case "date":
                return shown_date([(t.kind, t.text) for t in section.tokens], value, day_zero)
            case "number":
                return _number(section, value, self._minus(section, value))
            case "literal" | "empty":
                text = _literal(section, "")
                return (
                    value
                    if value == 0
                    else text
                    if any(map(str.isdigit, text))
                    else Unread(Why.UNSHOWN, plain_number(value))
                )
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


def _number(section: Section, value: float, minus: bool) -> Raw:
    exact = Decimal(f"{value:.15g}")
    scaled = abs(exact).scaleb(section.shift)
    kept = (
        scaled.quantize(Decimal(1).scaleb(-section.most), ROUND_HALF_UP)
        if scaled < Decimal(10) ** 40
        else scaled
    )
    before, _point, behind = f"{kept:f}".partition(".")
    behind = behind[: section.least] + behind[section.least :].rstrip("0")
    if any(t.kind == "exponent" for t in section.tokens):
        return value if _fits(section, exact) else f"{value:.{section.most}E}"
    signed = value >= 0 or minus or section.negative
    if (
        section.plain
        and signed
        and (kept or section.whole or section.least)
        and len(before) >= section.whole
        and len(before) + section.most <= 15
    ):
        return _as_shown(float(-kept if value < 0 else kept), section, kept != scaled)
    text = _filled(section, before, behind).strip()
    if not any(map(str.isdigit, text)):
        return value if value == 0 else Unread(Why.UNSHOWN, plain_number(value))
    return ("-" if minus else "") + text


def _quick(section: Section, value: float, minus: bool) -> Raw | None:
    """Of a number that is plainly shown as it is held, without a look at its digits."""
    if (
        not section.plain
        or section.whole > 1
        or section.shift not in (0, 2)
        or not abs(value) < 1e13
    ):
        return None
    scaled = value * 100 if section.shift else value
    shown = round(scaled, section.most)
    if (shown / 100 if section.shift else shown) != value or (
        value < 0 and not minus and not section.negative
    ):
        return None
    return _as_shown(shown, section, False)


def _as_shown(number: float, section: Section, cut: bool) -> Raw:
    places = section.most if cut or section.least == section.most else _needed(number, section)
    if not cut and not places and not section.sign and not section.least:
        return number + 0.0
    return shown_kind(places, cut, section.sign)(number + 0.0)


def _needed(number: float, section: Section) -> int:
    return (
        max(section.least, -int(Decimal(plain_number(number)).as_tuple().exponent))
        if section.least or section.sign
        else 0
    )


def _fits(section: Section, exact: Decimal) -> bool:
    """Whether a number with an exponent is shown whole."""
    return len(exact.normalize().as_tuple().digits) <= section.most + 1


def _filled(section: Section, before: str, behind: str) -> str:
    """The tokens with digits put in: those before the point from the right, the first placeholder takes what is left."""
    before = "" if before == "0" and not section.whole else before.rjust(section.whole, "0")
    point = next(
        (i for i, t in enumerate(section.tokens) if t.kind == "point"), len(section.tokens)
    )
    places = [i for i, t in enumerate(section.tokens[:point]) if t.kind == "digit"]
    put: dict[int, str] = {}
    for i in reversed(places):
        put[i], before = (before, "") if i == places[0] else (before[-1:], before[:-1])
    if section.grouped and places:
        joined = "".join(put[i] for i in places)
        put = {i: "" for i in places} | {
            places[0]: f"{int(joined or 0):,}" if not joined.startswith("0") else joined
        }
    said = []
    for i, token in enumerate(section.tokens):
        match token.kind:
            case "digit" if i < point:
                said.append(put[i])
            case "digit":
                said.append(behind[:1])
                behind = behind[1:]
            case "point":
                said.append(
                    ("" if any(c.isdigit() for c in "".join(said)) else "0")
                    + ("." if behind else "")
                )
            case "literal" | "percent":
                said.append(token.text)
    return "".join(said)


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
    made = tuple(_section(part) for part in _parts(code))[:4]
    numbers = tuple(s for s in made if s.kind != "text") if len(made) > 1 else made
    if len(made) == 1 and made[0].kind == "text":
        numbers = (Section("general", made[0].tokens),)
    hides = len(made) == 4 and made[3].kind in ("empty", "literal")
    first = numbers[0] if numbers else NOTHING
    # Positive numbers that would look like negative ones.
    if first.condition is None and first.plain and first.negative and _looks_negative(first):
        first, numbers = Section("unclear"), (Section("unclear"), *numbers[1:])
    quick, usual = None, first.plain and first.condition is None and first.whole <= 1
    if usual and not first.shift and first.least <= 9 and not first.negative:
        quick = first.least, shown_kind(first.least) if first.least else float
    general = (
        all(s.kind == "general" and not _said(s) and s.condition is None for s in numbers)
        and len(numbers) == 1
    )
    return Display(numbers or (Section("general"),), general or not numbers, hides, quick)


def _looks_negative(section: Section) -> bool:
    return any(t.kind == "literal" and set(t.text) & set("-(") for t in section.tokens)


def _parts(code: str) -> list[str]:
    """The code cut at its semicolons."""
    parts, start = list[str](), 0
    for found in _TOKEN.finditer(code):
        if found["sign"] == ";":
            parts.append(code[start : found.start()])
            start = found.end()
    return [*parts, code[start:]]


def _section(code: str) -> Section:
    tokens, condition, clear, red = list[Token](), None, True, False
    for found in _TOKEN.finditer(code):
        kind, text = found.lastgroup or "", found[found.lastgroup or 0]
        if kind == "block":
            red = red or text.strip().lower() in ("red", "红色")
            if given := _CONDITION.fullmatch(text.strip()):
                condition = given[1], Decimal(given[2])
            elif _ELAPSED.fullmatch(text):
                tokens.append(Token("elapsed", text))
            elif text.startswith("$"):
                tokens.append(Token("literal", text[1:].partition("-")[0]))
        elif kind in ("quoted", "escaped"):
            tokens.append(Token("literal", text))
        elif kind in ("blank", "fill"):
            tokens.append(Token("blank", " "))
        elif kind == "sign" and text.lower() in DATE_LETTERS:
            tokens.append(Token("date", text))
        elif kind == "sign":
            clear = clear and not (text.isascii() and text.isalpha())
            tokens.append(Token("literal", text))
        else:
            tokens.append(Token(kind, text))
    made = _kind(tuple(tokens), condition, clear)
    # A red number is a negative one, with or without its minus.
    return replace(made, negative=True) if red and made.plain else made


def _kind(tokens: tuple[Token, ...], condition: tuple[str, Decimal] | None, clear: bool) -> Section:
    kinds = {t.kind for t in tokens}
    if not clear:
        return Section("unclear", tokens, condition)
    if kinds & {"date", "elapsed", "half"}:
        return Section("date", tokens, condition)
    if "text" in kinds or "general" in kinds:
        tokens = tuple(
            t if t.kind not in ("percent", "bar", "point", "comma") else Token("literal", t.text)
            for t in tokens
        )
        return Section("general" if "general" in kinds else "text", tokens, condition)
    if "digit" not in kinds:
        tokens = tuple(
            t if t.kind in ("literal", "blank") else Token("literal", t.text) for t in tokens
        )
        return Section("literal" if tokens else "empty", tokens, condition)
    if "bar" in kinds:
        bar = next(i for i, t in enumerate(tokens) if t.kind == "bar")
        if any(t.kind == "digit" for t in tokens[:bar]) and any(
            t.kind == "digit" for t in tokens[bar:]
        ):
            return Section("fraction", tokens, condition)
        tokens = tuple(Token("literal", "/") if t.kind == "bar" else t for t in tokens)
    return _of_digits(tokens, condition)


def _of_digits(tokens: tuple[Token, ...], condition: tuple[str, Decimal] | None) -> Section:
    point = next((i for i, t in enumerate(tokens) if t.kind == "point"), len(tokens))
    tokens = tuple(
        Token("literal", ".") if t.kind == "point" and i != point else t
        for i, t in enumerate(tokens)
    )
    digits = [i for i, t in enumerate(tokens) if t.kind == "digit"]
    before, behind = (
        [tokens[i].text for i in digits if i < point],
        [tokens[i].text for i in digits if i > point],
    )
    last = digits[-1]
    grouped = any(
        t.kind == "comma" and (not before or min(digits) < i < max(j for j in digits if j < point))
        for i, t in enumerate(tokens[:point])
    )
    # Commas behind the last digit before the point, or behind all of them, divide by a thousand each.
    ends = {max((j for j in digits if j < point), default=-1), last}
    commas = sum(
        any(end < i and all(x.kind == "comma" for x in tokens[end + 1 : i + 1]) for end in ends)
        for i, t in enumerate(tokens)
        if t.kind == "comma"
    )
    percents = sum(t.kind == "percent" for t in tokens)
    first = next((n for n, sign in enumerate(before) if sign == "0"), len(before))
    least = max((n for n, sign in enumerate(behind, 1) if sign == "0"), default=0)
    section = Section(
        "number",
        tuple(t for t in tokens if t.kind != "comma"),
        condition,
        len(before) - first,
        least,
        min(len(behind), MOST_PLACES),
        2 * percents - 3 * commas,
        grouped,
    )
    return _plain(section, digits[0], last, percents)


def _plain(section: Section, first: int, last: int, percents: int) -> Section:
    """Mark a section that shows a number and no other sign than a minus or brackets, and a percent behind it."""
    tokens = section.tokens
    at = [i for i, t in enumerate(tokens) if t.kind == "digit"]
    inside = tokens[at[0] : at[-1] + 1]
    ahead, after = (
        "".join(t.text for t in part if t.kind in ("literal", "percent")).strip()
        for part in (tokens[: at[0]], tokens[at[-1] + 1 :])
    )
    ahead = ahead.strip(MONEY_SIGNS + " ")
    brackets = (ahead, after) == ("(", ")")
    simple = (
        all(t.kind in ("digit", "point") for t in inside)
        and (brackets or (ahead in ("", "-") and after == "%" * percents and percents <= 1))
        and section.shift == 2 * percents
    )
    if not simple or any(t.kind == "exponent" for t in tokens):
        return section
    return Section(
        "number",
        tokens,
        section.condition,
        section.whole,
        section.least,
        section.most,
        section.shift,
        section.grouped,
        True,
        "%" * percents,
        brackets or ahead == "-",
    )


__all__ = ["BUILT_IN", "Display", "display"]
