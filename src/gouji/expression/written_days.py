"""Days as formulas write them (3月31日, 次年6月底, 2024年3月31日) -> calls that sqlglot reads."""

from __future__ import annotations

import re

DAY = "某日"
_WRITTEN = re.compile(
    r"(?<![\w.])(?:([0-9]{4})年|(次年|当年|本年))?([0-9]{1,2})月(?:([0-9]{1,2})日|底|末)(?!\w)"
)


def as_calls(text: str) -> str:
    """The same text with each written day as a call: year or 0, years after the fiscal year, month, day or 0 for the last.

    >>> as_calls("表.日期 <= 次年6月底")
    '表.日期 <= 某日(0, 1, 6, 0)'
    """
    return _WRITTEN.sub(_call, text)


def _call(found: re.Match[str]) -> str:
    year, later, month, day = found.groups()
    return f"{DAY}({year or 0}, {int(later == '次年')}, {int(month)}, {int(day or 0)})"
