"""Patterns of what stands in a cell with a figure: marks of notes behind it, what a figure looks like at all."""

import re

# Marks of notes behind a figure: `211.36①`, `211.36²`, `211.36*`, `211.36[1]`, `211.36（注1）`, `211.36注1`.
_SIGNS = r"[①-⓿❶-➓㉑-㉟㊱-㊿⁰¹²³⁴-⁾₀-₎*＊※†‡]"
MARKS = re.compile(
    rf"\s*(?:[注註]?{_SIGNS}+|[\[【〔［]\s*[注註]?\s*(?:[0-9０-９]{{1,2}}|{_SIGNS})?\s*[\]】〕］]"
    rf"|[(（]\s*[注註]\s*(?:[0-9０-９]{{0,2}}|{_SIGNS})\s*[)）]|[注註]\s*[0-9０-９]{{0,2}})$"
)
FIGURE = re.compile(r"[¥￥(（+\-−]*\s*[0-9][0-9,. ]*[%‰)）]*")
MONEY_SIGNS = "¥￥"

# A sign, our money named before a figure (`RMB 1,320.73`); and a unit in brackets behind one (`1,320.73(万元)`).
MONEY_BEFORE = re.compile(r"([+-]?) *(?:¥|人民币:?|RMB|CNY)? *", re.IGNORECASE)
# Our money named behind one, and blanks in the name of its unit: `12.3 万 元整`, `12.3元人民币`.
MONEY_BEHIND = re.compile(
    r"(?<=[0-9)]) *([百千万亿]{0,2} *元?) *(?:(?<=元)整|(?<=元) +整|人民币|RMB|CNY)?$",
    re.IGNORECASE,
)
UNIT_IN_BRACKETS = re.compile(r"(?<=[0-9]) *\(([%‰万亿百千十元]+)\)$")
# Zero in words: `零`, `零元`.
ZERO = re.compile("^[零〇](?=$|[元万])")
# A sign before a figure, parted from it by blanks or in words: `- 12.50`, `负12.50`.
SIGN_BEFORE = re.compile("^([+-]) +|^负 *(?=[0-9])")
# A code and its name in one cell, `2050202小学教育`; what counts or dates something is no name.
CODE_AND_NAME = re.compile(
    r"([0-9]+(?:[-._/·][0-9]+)*)[-—_/、:.]*((?![年月日万亿元个%])[^\W0-9].*)"
)

__all__ = [
    "CODE_AND_NAME",
    "FIGURE",
    "MARKS",
    "MONEY_BEFORE",
    "MONEY_BEHIND",
    "MONEY_SIGNS",
    "SIGN_BEFORE",
    "UNIT_IN_BRACKETS",
    "ZERO",
]
