"""Text of a formula as people type it -> the same with half-width signs. What stands in quotes stays as it is; nothing is guessed.

Only signs that can mean one thing alone are read: a dash may be a minus or a range, and is left for the parser to name.
"""

from __future__ import annotations

import re

from gouji.base.sql_names import literal

# A text in quotes of either width; a quote that has no partner is left alone.
_QUOTED = re.compile(r"('[^']*')|‘([^‘’]*)’|“([^“”]*)”|＇([^＇]*)＇")
_SIGNS = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in "（）［］，．＋－＊／＝＜＞％！"}
_SIGNS |= {code: chr(code - 0xFEE0) for code in range(ord("０"), ord("９") + 1)}
_SIGNS |= {ord(k): v for k, v in {"\u3000": " ", "−": "-", "×": "*", "÷": "/"}.items()}
_SIGNS |= {ord(k): v for k, v in {"≤": "<=", "≦": "<=", "≥": ">=", "≧": ">=", "≠": "<>"}.items()}
_ANY = re.compile("[" + re.escape("".join(map(chr, _SIGNS))) + "‘“＇]")


def half_width(text: str) -> str:
    """The formula with half-width signs and quotes.

    >>> half_width("max（表．甲，０）≥１０％ and 表.词 = “（甲，乙）”")
    "max(表.甲,0)>=10% and 表.词 = '（甲，乙）'"
    """
    if not _ANY.search(text):
        return text
    made, at = [], 0
    for found in _QUOTED.finditer(text):
        made += [text[at : found.start()].translate(_SIGNS), _literal(found)]
        at = found.end()
    return "".join((*made, text[at:].translate(_SIGNS)))


def _literal(found: re.Match[str]) -> str:
    """A text in half-width quotes; a quote within it is written twice."""
    if found[1] is not None:
        return found[1]
    return literal(next(part for part in found.groups()[1:] if part is not None))
