"""The code of a line as somebody wrote it -> the code as it is kept: digits without what people set between them, the word of the total line.

Workbooks, CSV files, Parquet files and databases all ask here; what is no code then is refused with its row.
"""

from __future__ import annotations

import re
from itertools import accumulate

from gouji.intake.finding.labels import bare, plain
from gouji.intake.finding.marks import CODE_AND_NAME
from gouji.intake.finding.words import TOTALS, sum_word
from gouji.rules import Column

# What people set between the parts of a code (208.05.05), and a program before it ('2080505).
_JOINTS, _MARKS = re.compile("[-._/·]"), "'`"
# The zeros that a program puts behind a number: 201.00 is no code.
_ZEROS = re.compile(r"\.0+$")


def words_for_codes(column: Column) -> dict[str, str]:
    """The words that stand for a code, as they are compared -> as the code is kept."""
    found = {plain(w): w for w in (column.total, *column.words) if w}
    if column.total in TOTALS:
        found |= dict.fromkeys(TOTALS - found.keys(), column.total)
    return found


def digits_of_code(text: str, column: Column) -> str:
    """The digits of a code, of a plain text; "" where it holds other things, or where what is joined are no parts of a code (20.1, -201, 201.0)."""
    parts = _JOINTS.split(text.strip(_MARKS))
    digits = "".join(parts)
    if not (digits.isdecimal() and digits.isascii()):
        return ""
    levels = all(end in column.levels for end in accumulate(map(len, parts)))
    return digits if len(parts) == 1 or (levels and not _ZEROS.search(text)) else ""


def code_before_name(text: str, column: Column) -> str:
    """The digits of a code with its name behind it, of a plain text (2050202小学教育, 205-教育支出); "" where they are no code of a level."""
    found = CODE_AND_NAME.fullmatch(text)
    digits = digits_of_code(found[1], column) if found else ""
    return digits if len(digits) in column.levels else ""


def listed_code(text: str, column: Column) -> str:
    """A code as it is kept, letters as capitals; what is none stays as it is."""
    if text.isdecimal() and text.isascii():
        return text
    said = plain(text)
    if digits := digits_of_code(said, column):
        return digits
    words = words_for_codes(column)
    for form in (said, bare(said), sum_word(said)):
        if form in words:
            return words[form]
    code = said.upper()
    return code if re.fullmatch(code_pattern(column), code) else text.strip()


def code_pattern(column: Column) -> str:
    """A regular expression for every code of a column: digits, a letter with digits up to the length of a level (A0201), the words for sums."""
    levels = (f"[A-Z][0-9]{{{length - 1}}}" for length in column.levels)
    # Where no word for the sum is described, a line may be called by any of them all the same.
    totals = (column.total,) if column.total else sorted(TOTALS)
    return "|".join(("[0-9]+", *levels, *map(re.escape, (*totals, *column.words))))


__all__ = ["code_before_name", "code_pattern", "digits_of_code", "listed_code", "words_for_codes"]
