"""A formula and what is wrong with it -> its line with a mark under the word that is meant."""

from __future__ import annotations

import re
import unicodedata

_QUOTED = re.compile(r"[“'‘]([^“”'‘’]+)[”'’]")


def excerpt(text: str, what: str, word: str = "") -> str:
    """Two lines: the line of the formula, and marks below the word; empty where no word of the formula is meant.

    The word is given, or is what the message quotes: a column behind its table, else the last name that the formula holds.

    >>> print(excerpt("收支.甲 + 明细.金颜 = 1", "“明细”没有叫“金颜”的列"))
        收支.甲 + 明细.金颜 = 1
                  ^^^^^^^^^
    """
    for meant in [word] if word else _meant(what):
        at = text.find(meant)
        if at >= 0:
            start = text.rfind("\n", 0, at) + 1
            line = text[start:].split("\n", 1)[0]
            return f"    {line}\n    {' ' * _width(text[start:at])}{'^' * _width(meant)}"
    return ""


def _meant(what: str) -> list[str]:
    """The words that a message quotes, the likeliest first."""
    names = _QUOTED.findall(what)
    pairs = [f"{a}.{b}" for a in names for b in names if a != b]
    return [*pairs, *reversed(names)]


def _width(text: str) -> int:
    """How many columns of a terminal it takes: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
