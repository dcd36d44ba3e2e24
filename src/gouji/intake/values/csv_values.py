"""A cell of a CSV -> its value, or what is wrong with it: what programs write that a person would not (noise of doubles, numbers with exponents)."""

from __future__ import annotations

import re
from decimal import Decimal
from math import ulp

from gouji.intake.workbooks.sheet import plain_number

_POINTED = re.compile(r"[+-]?[0-9]+\.[0-9]+")
_EXPONENT = re.compile(r"[+-]?[0-9](?:\.[0-9]+[eE][+-]?|[eE][+-])[0-9]+")
_ONE_COMMA = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
# Digits that a workbook keeps; and by how many of its smallest steps a sum of doubles may lie beside what was meant.
DIGITS, STEPS = 15, 16


def without_noise(text: str) -> str | None:
    """A number that some program wrote with all digits of a double, as a workbook has it; None where it is written otherwise.

    >>> without_noise("1320.7299999999998"), without_noise("0.30000000000000004"), without_noise("1320.73"), without_noise("12345678901234.567")
    ('1320.73', '0.3', None, None)
    """
    text = text.strip()
    if (
        not _POINTED.fullmatch(text)
        or len(text.lstrip("+-").replace(".", "").lstrip("0")) <= DIGITS
    ):
        return None
    made = plain_number(float(text))
    near = abs(Decimal(text) - Decimal(made)) <= Decimal(STEPS * ulp(float(text)))
    return made if near and len(made.replace(".", "").strip("-0")) < DIGITS else None


def has_exponent(text: str) -> bool:
    """Whether a text is a number with an exponent: a code that a program took for a number, and has changed already.

    >>> has_exponent("1.253E+17"), has_exponent("1E+17"), has_exponent("2E05"), has_exponent("E01")
    (True, True, False, False)
    """
    return _EXPONENT.fullmatch(text.strip()) is not None


def doubtful_comma(text: str, separator: str) -> bool:
    """Whether a comma may part thousands or stand for the point: where `;` parts the cells, both are usual.

    >>> doubtful_comma("91,780", ";"), doubtful_comma("1,320.73", ";"), doubtful_comma("91,780", ",")
    (True, False, False)
    """
    return separator in ";；" and _ONE_COMMA.fullmatch(text.strip()) is not None
