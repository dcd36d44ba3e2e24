"""The code of a unit as somebody wrote it -> the code that stands for it everywhere; and the same in SQL.

Whoever reads codes asks here: cells of workbooks, CSV, Parquet and databases, lists of expected units, the command line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from gouji.base.sql_names import literal

_FULL_WIDTH = {chr(0xFEE0 + sign): chr(sign) for sign in range(0x21, 0x7F)}
_HYPHENS, _BLANKS = (
    "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63",
    "\u00a0\u2007\u2009\u202f\u3000\t\r\n\v\f",
)
# What nobody sees: zero-width signs, marks of direction, the mark of the order of bytes, soft hyphens.
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad"
_SAME = {
    **{letter: letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{wide: plain.upper() for wide, plain in _FULL_WIDTH.items()},
    **dict.fromkeys(_HYPHENS, "-"),
    **dict.fromkeys(_BLANKS, " "),
}
_TABLE = str.maketrans({**_SAME, **dict.fromkeys(UNSEEN, "")})


def unit_code(text: str) -> str:
    """A unit's code without what a person does not see or mean: width, case, kinds of hyphens, blanks around it, signs without width.

    >>> unit_code(" x002"), unit_code("Ｘ００２"), unit_code("X‑002\\ufeff"), unit_code("X①")
    ('X002', 'X002', 'X-002', 'X①')
    """
    return text.translate(_TABLE).strip(" ")


def even(text: str) -> str:
    """Without regard to case and width, as codes are compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def unit_code_sql(text: str) -> str:
    """SQL: as `unit_code`, of an expression."""
    # What has no counterpart at its place is left out.
    from_, to = "".join(_SAME) + UNSEEN, "".join(_SAME.values())
    return f"trim(translate({text}, {literal(from_)}, {literal(to)}), ' ')"


# Letters that are taken for figures.
_ALIKE = str.maketrans("OILZSB", "011258")


def by_signs(codes: Collection[str]) -> dict[str, str]:
    """Codes by themselves, and by their letters and figures alone."""
    return {_signs(code): code for code in sorted(codes, reverse=True)} | {c: c for c in codes}


def meant(code: str, known: Mapping[str, str]) -> str:
    """The unit that a row may be of: one of `known` (as `by_signs` gives them) with the same letters and figures; "" (anybody's) where there are none in it.

    >>> meant('u-1"', by_signs(["U1"])), meant("-", by_signs(["U1"])), meant("U3", by_signs(["U1"]))
    ('U1', '', 'U3')
    >>> meant("X0O2", by_signs(["X002"]))
    'X002'
    """
    signs = _signs(code)
    return known.get(code) or (known.get(signs, code) if signs else "")


def _signs(code: str) -> str:
    """Letters and figures alone; letters that are taken for figures as those."""
    return "".join(sign for sign in code if sign.isalnum()).upper().translate(_ALIKE)


_YEAR_IN_WORDS = re.compile("[〇○零一二三四五六七八九]{4}(?=年)")
_IN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def year_in_digits(text: str) -> str:
    """A text in which a year stands in digits.

    >>> year_in_digits("二〇二三年度")
    '2023年度'
    """
    return _YEAR_IN_WORDS.sub(lambda found: found[0].translate(_IN_DIGITS), text)


__all__ = ["UNSEEN", "by_signs", "even", "meant", "unit_code", "unit_code_sql", "year_in_digits"]
