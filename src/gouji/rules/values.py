"""Small exact values that rule files are written with: percents, ranges (`≥ 95%`, `[70%, 80%)`), frozen models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gouji.base.i18n import _

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?\s*%?"
_COMPARED = re.compile(rf"(≥|≤|≧|≦|>=|<=|>|<|=)\s*({_NUMBER})")
_BETWEEN = re.compile(rf"([\[(])\s*({_NUMBER})?\s*,\s*({_NUMBER})?\s*([\])])")


def exact(value: Any) -> Decimal:
    """`95%`, `0.95`, 1 or Decimal -> Decimal. Raises ValueError for anything else, floats included."""
    if isinstance(value, (bool, float)):
        raise ValueError(_("要写成整数、小数或百分数"))
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    text = str(value).strip()
    if not re.fullmatch(_NUMBER, text):
        raise ValueError(_("要写成整数、小数或百分数，例如 0.2 或 10%"))
    return Decimal(text[:-1].strip()).scaleb(-2) if text.endswith("%") else Decimal(text)


def key_of(name: str) -> str:
    """The key of a field in a file: a word that Python keeps for itself (`from`) has an underscore after it."""
    return name.removesuffix("_")


class Frozen:
    """A value that comes from a file. What is asked of its fields stands in their annotations; whoever reads files (`rules/fields.py`) loads what understands them."""

    __slots__ = ()
    # Unknown keys are errors. Readers are made once the names in the annotations are known.
    __pydantic_config__ = {
        "extra": "forbid",
        "coerce_numbers_to_str": True,
        "alias_generator": key_of,
        "defer_build": True,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Frozen):
    """A range of exact numbers, written `≥ 95%`, `< 60%`, `= 100%`, `[70%, 80%)` or `(, 5]`; an open end is None."""

    low: Decimal | None = None
    low_closed: bool = True
    high: Decimal | None = None
    high_closed: bool = True

    def __post_init__(self) -> None:
        if self.low is None or self.high is None:
            return
        if self.low > self.high or (
            self.low == self.high and not (self.low_closed and self.high_closed)
        ):
            raise ValueError(_("区间是空的"))

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return f"= {shown(self.low)}"
        if self.low is None and self.high is not None:
            return f"{'≤' if self.high_closed else '<'} {shown(self.high)}"
        if self.high is None and self.low is not None:
            return f"{'≥' if self.low_closed else '>'} {shown(self.low)}"
        ends = f"{shown(self.low) if self.low is not None else ''}, {shown(self.high) if self.high is not None else ''}"
        return f"{'[' if self.low_closed else '('}{ends}{']' if self.high_closed else ')'}"


def range_parts(value: Any) -> Any:
    """The text of a range -> its parts; parts, and ranges, are left alone. Raises ValueError for another text."""
    return value if isinstance(value, (dict, Range)) else _parts(str(value).strip())


def _parts(text: str) -> dict[str, Any]:
    if found := _COMPARED.fullmatch(text):
        sign, end = found[1], exact(found[2])
        if sign == "=":
            return {"low": end, "high": end}
        side = "low" if sign in "≥≧>=" and sign != "<=" else "high"
        return {side: end, f"{side}_closed": sign not in "<>"}
    if found := _BETWEEN.fullmatch(text):
        low, high = (exact(part) if part else None for part in (found[2], found[3]))
        return {
            "low": low,
            "low_closed": found[1] == "[",
            "high": high,
            "high_closed": found[4] == "]",
        }
    raise ValueError(_("区间要写成 ≥ 95%、< 60%、= 100% 或 [70%, 80%) 这样"))


def shown(number: Decimal) -> str:
    """A number as rule files print it: shares of up to ten as percents when written with decimals, else plain.

    >>> shown(Decimal("0.95")), shown(Decimal(3)), shown(Decimal("1.00"))
    ('95%', '3', '100%')
    """
    if number.as_tuple().exponent != 0 and abs(number) <= 10:
        return f"{_plain(number.scaleb(2))}%"
    return _plain(number)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
