"""Text as a unit typed it -> the number of a day; nothing is guessed, a date without year or day is none."""

from __future__ import annotations

import re

from gouji.expression import day_number

_SIGNS = str.maketrans("０１２３４５６７８９－／．：　", "0123456789-/.: ")
_WRITTEN = re.compile(
    r"(?:([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2}))"
    r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
)


def read_date(text: str) -> int | None:
    """The number of the day that is written, as 2024-03-31, 2024/3/31, 2024.3.31, 2024年3月31日 or 20240331; a time of day behind it is passed over."""
    found = _WRITTEN.fullmatch(text.translate(_SIGNS).strip())
    if found is None:
        return None
    year, *months, day, whole_year, whole_month, whole_day = found.groups()
    if whole_year is not None:
        return day_number(int(whole_year), int(whole_month), int(whole_day))
    return day_number(int(year), int(next(m for m in months if m is not None)), int(day))
