"""What is declared for an element of a web page -> whether its box shows nothing, whether it shows something other than its text, what `content` adds to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

# What is looked at here, beside what hides a text itself.
DECLARED = frozenset(
    ["clip", "clip-path", "height", "max-height", "width", "max-width", "overflow", "overflow-x"]
    + ["overflow-y", "font", "transform", "zoom", "filter", "letter-spacing", "position", "float"]
    + ["-webkit-text-security", "order", "flex-direction", "content", "display", "bottom"]
    + ["list-style", "list-style-type"]
)
# Pseudo-elements that add text, and those that change how a part of it looks.
ADDING, CHANGING = ("before", "after"), ("first-letter", "first-line")
BLOCK_DISPLAYS = frozenset(["block", "flex", "grid", "list-item", "table", "flow-root"])
INLINE_DISPLAYS = frozenset(["inline", "inline-block", "contents", "inline-flex"])
# So many pixels a text may be moved, or its signs be pushed together, and still be read where it stands.
MOVED, PUSHED = 20.0, 3.0
_SIZE = re.compile(r"(?P<number>-?[\d.]+)\s*(?P<unit>px|pt|em|rem|ex|vw|vh|%|cm|mm|in|)")
_PIXELS = {"pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "cm": 37.8, "mm": 3.78, "in": 96.0}
_FONT_SIZE = re.compile(r"(?:^|\s)([\d.]+(?:px|pt|r?em|ex|%|vw|vh)?)(?:/\S+)?\s+\S")
_NO_CLIP = re.compile(r"rect\(\s*(?:[01](?:px|pt)?[\s,]*){4}\)")
_NO_PATH = re.compile(r"inset\(\s*(?:[5-9]\d|100)%.*|circle\(\s*0\D.*|polygon\(\s*(?:0\D*)*\)")
_STRING = re.compile(
    r"\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'|attr\(\s*(?P<attr>[\w-]+)\s*\)|(?P<quote>(?:no-)?(?:open|close)-quote)|(?P<more>\S+)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_SCALE = re.compile(r"scale(?:x|y|3d)?\(\s*(-?[\d.]+)(?:\s*,\s*(-?[\d.]+))?[^)]*\)")
_MOVES = re.compile(
    r"(?:translate(?:x|y|z|3d)?\([^)]*\)|scale\([\d.,\s]+\)|rotate\(0(?:deg)?\)|\s)+"
)


def length(text: str) -> float | None:
    """A length in pixels, nearly; None where it is no plain length, or a share.

    >>> length("12px"), length("1.5em"), length("auto"), length("0")
    (12.0, 24.0, None, 0.0)
    """
    found = _SIZE.fullmatch(text)
    if found is None or found["unit"] in ("%", "vw", "vh"):
        return 0.0 if found is not None and not float(_digits(found["number"])) else None
    return float(_digits(found["number"])) * _PIXELS.get(found["unit"], 1.0)


def _digits(text: str) -> str:
    return text if re.fullmatch(r"-?\d*\.?\d+|-?\d+\.", text) else "0"


def font_size(given: Mapping[str, str]) -> str:
    """The size that `font` states: `12px` of `bold 12px/1.5 SimSun`."""
    found = _FONT_SIZE.search(given.get("font", ""))
    return found[1] if found else ""


def _has_no_box(given: Mapping[str, str]) -> bool:
    """Whether an element hides what goes beyond its box, and the box has no size."""
    cut = any(
        given.get(name, "").split()[:1] in (["hidden"], ["clip"])
        for name in ("overflow", "overflow-x", "overflow-y")
    )
    sizes = (length(given.get(name, "")) for name in ("height", "max-height", "width", "max-width"))
    return cut and any(size is not None and size <= 1.0 for size in sizes)


def _is_scaled_away(given: Mapping[str, str]) -> bool:
    scale = _SCALE.search(given.get("transform", ""))
    return (
        scale is not None and any(abs(float(_digits(n))) < 0.1 for n in scale.groups() if n)
    ) or re.fullmatch(r"0?\.0\d*|0|\d%", given.get("zoom", "")) is not None


def shows_nothing(given: Mapping[str, str]) -> bool:
    """Whether the box of an element leaves nothing of its text to be seen."""
    return (
        _has_no_box(given)
        or _is_scaled_away(given)
        or _NO_CLIP.fullmatch(given.get("clip", "")) is not None
        or _NO_PATH.fullmatch(given.get("clip-path", "")) is not None
        or re.search(r"opacity\(\s*0?(?:\.0\d*)?%?\s*\)", given.get("filter", "")) is not None
        or given.get("-webkit-text-security", "none") != "none"
    )


def shows_otherwise(given: Mapping[str, str]) -> bool:
    """Whether an element shows something other than its text, or shows it elsewhere: turned, moved, pushed together, its parts in another order."""
    transform, content = given.get("transform", "none"), given.get("content", "normal")
    moved = given.get("position") in ("absolute", "fixed", "relative") and any(
        abs(length(given.get(side, "")) or 0.0) >= MOVED
        for side in ("left", "right", "top", "bottom")
    )
    spacing = length(given.get("letter-spacing", ""))
    return (
        moved
        or (transform != "none" and _MOVES.fullmatch(transform) is None)
        or content not in ("normal", "none")
        or (spacing is not None and spacing < -PUSHED)
        or given.get("flex-direction", "").endswith("-reverse")
        or given.get("order", "0") != "0"
        or any(
            "var(" in given.get(name, "")
            for name in ("display", "visibility", "color", "font-size")
        )
    )


def cuts_off(given: Mapping[str, str], signs: int) -> bool:
    """Whether so many signs do not fit the width of an element that hides what goes beyond."""
    cut = any(given.get(n, "").split()[:1] == ["hidden"] for n in ("overflow", "overflow-x"))
    wide = next(
        (w for n in ("max-width", "width") if (w := length(given.get(n, ""))) is not None), None
    )
    # Signs are hardly narrower than five pixels.
    return cut and wide is not None and signs * 5.0 > wide


def added(given: Mapping[str, str], attribute: Callable[[str], str]) -> str | None:
    """The text that `content` adds to an element; None where that is not to be told (counters, pictures).

    >>> added({"content": '"1" attr(data-v)'}, {"data-v": "2.5"}.get), added({"content": "counter(c)"}, str)
    ('12.5', None)
    """
    text = given.get("content", "")
    if text in ("", "none", "normal", "unset", "initial") or given.get("display") == "none":
        return ""
    made = ""
    for found in _STRING.finditer(text):
        string = found["double"] if found["double"] is not None else found["single"]
        if string is not None:
            made += _ESCAPED.sub(_sign, string)
        elif found["attr"]:
            made += attribute(found["attr"]) or ""
        elif found["more"]:
            return None
    return made


def _sign(found: re.Match[str]) -> str:
    if not found[1]:
        return found[2]
    number = int(found[1], 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else ""


__all__ = [
    "ADDING",
    "BLOCK_DISPLAYS",
    "CHANGING",
    "DECLARED",
    "INLINE_DISPLAYS",
    "added",
    "cuts_off",
    "font_size",
    "shows_nothing",
    "shows_otherwise",
]
