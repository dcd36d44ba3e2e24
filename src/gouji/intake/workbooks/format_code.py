"""The code of a number format -> its sections: their signs, and what they do to a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gouji.intake.finding.marks import MONEY_SIGNS
from gouji.intake.workbooks.date_format import DATE_LETTERS

MOST_PLACES = 30
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<block>[^\]]*)\]|(?P<general>General|G/[^\s;]+)|(?P<exponent>[Ee][+-][0#?]+)'
    r"|(?P<half>上午/下午|AM/PM|A/P|am/pm)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<bar>/)|(?P<sign>.)",
    re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
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


def sections_of(code: str) -> tuple[Section, ...]:
    """The sections of a code, at most four."""
    return tuple(_section(part) for part in _parts(code))[:4]


def _parts(code: str) -> list[str]:
    """The code cut at its semicolons."""
    parts, start = list[str](), 0
    for found in _TOKEN.finditer(code):
        if found["sign"] == ";":
            parts.append(code[start : found.start()])
            start = found.end()
    return [*parts, code[start:]]


def _section(code: str) -> Section:
    """One part between semicolons."""
    tokens, condition, clear, red = list[Token](), None, True, False
    for found in _TOKEN.finditer(code):
        kind, text = found.lastgroup or "", found[found.lastgroup or 0]
        if kind == "block":
            red = red or text.strip().lower() in ("red", "红色")
            if given := _CONDITION.fullmatch(text.strip()):
                condition = given[1], Decimal(given[2])
        if kind == "sign" and text.lower() not in DATE_LETTERS:
            clear = clear and not (text.isascii() and text.isalpha())
        tokens += _tokens(kind, text)
    made = _kind(tuple(tokens), condition, clear)
    # A red number is a negative one, with or without its minus.
    return replace(made, negative=True) if red and made.plain else made


def _tokens(kind: str, text: str) -> Sequence[Token]:
    """What stands for a piece of a code in its section; nothing for colours and conditions."""
    match kind:
        case "block" if _CONDITION.fullmatch(text.strip()):
            return ()
        case "block" if _ELAPSED.fullmatch(text):
            return (Token("elapsed", text),)
        case "block" if text.startswith("$"):
            return (Token("literal", text[1:].partition("-")[0]),)
        case "block":
            return ()
        case "sign" if text.lower() in DATE_LETTERS:
            return (Token("date", text),)
        case "sign" | "quoted" | "escaped":
            return (Token("literal", text),)
        case "blank" | "fill":
            return (Token("blank", " "),)
        case _:
            return (Token(kind, text),)


def _kind(tokens: tuple[Token, ...], condition: tuple[str, Decimal] | None, clear: bool) -> Section:
    """The section that the signs make; `clear`: none of them is unknown."""
    kinds = {t.kind for t in tokens}
    if not clear:
        return Section("unclear", tokens, condition)
    if kinds & {"date", "elapsed", "half"}:
        return Section("date", tokens, condition)
    if "text" in kinds or "general" in kinds:
        tokens = _as_literals(tokens, "percent", "bar", "point", "comma")
        return Section("general" if "general" in kinds else "text", tokens, condition)
    if "digit" not in kinds:
        tokens = _as_literals(tokens, *(kinds - {"literal", "blank"}))
        return Section("literal" if tokens else "empty", tokens, condition)
    if "bar" in kinds:
        bar = next(i for i, t in enumerate(tokens) if t.kind == "bar")
        sides = tokens[:bar], tokens[bar:]
        if all(any(t.kind == "digit" for t in side) for side in sides):
            return Section("fraction", tokens, condition)
        tokens = _as_literals(tokens, "bar")
    return _of_digits(tokens, condition)


def _as_literals(tokens: Sequence[Token], *kinds: str) -> tuple[Token, ...]:
    """Signs of some kinds stand for nothing but themselves."""
    return tuple(Token("literal", t.text) if t.kind in kinds else t for t in tokens)


def _of_digits(tokens: tuple[Token, ...], condition: tuple[str, Decimal] | None) -> Section:
    """A section that shows the digits of a number."""
    point = next((i for i, t in enumerate(tokens) if t.kind == "point"), len(tokens))
    tokens = tuple(
        Token("literal", ".") if t.kind == "point" and i != point else t
        for i, t in enumerate(tokens)
    )
    digits = [i for i, t in enumerate(tokens) if t.kind == "digit"]
    before = [tokens[i].text for i in digits if i < point]
    behind = [tokens[i].text for i in digits if i > point]
    percents = sum(t.kind == "percent" for t in tokens)
    section = Section(
        "number",
        tuple(t for t in tokens if t.kind != "comma"),
        condition,
        whole=len(before) - next((n for n, sign in enumerate(before) if sign == "0"), len(before)),
        least=max((n for n, sign in enumerate(behind, 1) if sign == "0"), default=0),
        most=min(len(behind), MOST_PLACES),
        shift=2 * percents - 3 * _dividing_commas(tokens, digits, point),
        grouped=_groups(tokens, digits, point),
    )
    return _plain(section, percents)


def _groups(tokens: Sequence[Token], digits: Sequence[int], point: int) -> bool:
    """Whether a comma stands between digits before the point: it groups them by three."""
    last = max((i for i in digits if i < point), default=-1)
    commas = [i for i, t in enumerate(tokens[:point]) if t.kind == "comma"]
    return any(last < 0 or digits[0] < i < last for i in commas)


def _dividing_commas(tokens: Sequence[Token], digits: Sequence[int], point: int) -> int:
    """Commas behind the last digit before the point, or behind all of them: they divide by a thousand each."""
    ends = {max((i for i in digits if i < point), default=-1), digits[-1]}
    return sum(
        any(end < i and all(x.kind == "comma" for x in tokens[end + 1 : i + 1]) for end in ends)
        for i, t in enumerate(tokens)
        if t.kind == "comma"
    )


def _plain(section: Section, percents: int) -> Section:
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
    return replace(section, plain=True, sign="%" * percents, negative=brackets or ahead == "-")


__all__ = ["Section", "Token", "sections_of"]
