"""A name that keys the rows of several tables -> how it is compared: blanks, width, brackets, quotes, dashes and capitals set aside, in Python and in SQL."""

from __future__ import annotations

import re

from gouji.base.sql_names import literal
from gouji.rules import ColumnRole, ColumnType, Table, Take

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALIKE = {
    "（": "([{〔〖【［｛﹙",
    "）": ")]}〕〗】］｝﹚",
    "《": "〈<＜",
    "》": "〉>＞",
    '"': "“”„‟″「」『』＂'‘’＇",
    "-": "‐‑‒–—―−─－﹣",
    "、": ",，､",
    "：": ":︰﹕∶",
    "·": "•・∙",
}
_SAME = {ord(of): to for to, among in _ALIKE.items() for of in to + among}
_CAPITALS = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_TO = {
    **{of: chr(to) for of, to in _WIDTH.items()},
    **{of: chr(of - 32) for of in _CAPITALS},
    **{of + 0xFEE0: chr(of - 32) for of in _CAPITALS},
    **_SAME,
}
# Characters that nobody sees; then blanks, which count only between two digits or letters: 1 1 is not 11. Last, what closes a sentence.
_BLANK, _MARK = (
    "[\t\n\x0b\x0c\r \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+",
    "\x1f",
)
_STEPS = (
    ("[\u00ad\u200b-\u200f\u2060\ufeff]+", ""),
    (_BLANK, _MARK),
    (f"{_MARK}([^0-9A-Z]|$)", r"\1"),
    (f"(^|[^0-9A-Z]){_MARK}", r"\1"),
    (_MARK, " "),
    ("[。.;；、]+$", ""),
)


def spelled(name: str) -> str:
    """A name as it is compared; half width, brackets in full width.

    >>> spelled("城管 经费(２０２３)。"), spelled("a 1 组"), spelled("第1 1号")
    ('城管经费（2023）', 'A 1组', '第1 1号')
    """
    made = name.translate(_TO)
    for pattern, to in _STEPS:
        made = re.sub(pattern, to, made)
    return made


def spelled_sql(of: str) -> str:
    """The same in SQL."""
    made = f"translate({of}, {literal(''.join(map(chr, _TO)))}, {literal(''.join(_TO.values()))})"
    for pattern, to in _STEPS:
        made = f"regexp_replace({made}, {literal(pattern)}, {literal(to)}, 'g')"
    return made


def is_name(table: Table, take: Take) -> bool:
    """Whether the rows that a column takes are keyed by one name: a text that is no code."""
    whose = (ColumnRole.UNIT, ColumnRole.YEAR)
    keys = (take.key,) if take.key else table.key
    columns = [c for key in keys if (c := table.column(key)) and c.role not in whose]
    return (
        bool(take.from_)
        and len(columns) == 1
        and columns[0].type is ColumnType.TEXT
        and columns[0].role is None
    )
