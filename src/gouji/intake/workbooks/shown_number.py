"""A number + a section of a number format -> what its cell shows: a number with the places shown, or a text."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from gouji.intake.workbooks.format_code import Section
from gouji.intake.workbooks.sheet import Raw, Unread, Why, plain_number, shown_kind


def shown_number(section: Section, value: float, minus: bool) -> Raw:
    """A number by the section of its format; `minus`: a minus stands before it."""
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


def quickly_shown(section: Section, value: float, minus: bool) -> Raw | None:
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
    tokens = section.tokens
    point = next((i for i, t in enumerate(tokens) if t.kind == "point"), len(tokens))
    put = _digits_put(section, point, before)
    said = ""
    for i, token in enumerate(tokens):
        match token.kind:
            case "digit" if i < point:
                said += put[i]
            case "digit":
                said += behind[:1]
                behind = behind[1:]
            case "point":
                whole = "" if any(map(str.isdigit, said)) else "0"
                said += whole + ("." if behind else "")
            case "literal" | "percent":
                said += token.text
    return said


def _digits_put(section: Section, point: int, before: str) -> dict[int, str]:
    """What each placeholder before the point shows, by its place among the tokens."""
    before = "" if before == "0" and not section.whole else before.rjust(section.whole, "0")
    places = [i for i, t in enumerate(section.tokens[:point]) if t.kind == "digit"]
    put: dict[int, str] = {}
    if section.grouped and places:
        shown = before if before.startswith("0") else f"{int(before or 0):,}"
        return {i: shown if i == places[0] else "" for i in places}
    for i in reversed(places):
        put[i], before = (before, "") if i == places[0] else (before[-1:], before[:-1])
    return put


__all__ = ["quickly_shown", "shown_number"]
