"""The tokens of a date format + a number of days -> the date, or the text that stands in the cell where it does not show the whole date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from gouji.intake.workbooks.sheet import Raw, Unread, Why, plain_number

DATE_LETTERS = frozenset("ymdhsaegb")
# The day before the first one that a workbook counts; it believes that 1900 had a 29 February.
_ORIGIN, _LEAP, _LAST = datetime(1899, 12, 31), 60, 2_958_466


def shown_date(tokens: Sequence[tuple[str, str]], value: float, day_zero: int) -> Raw:
    """A date, a datetime or a time where the format shows it whole; else what it shows, as a text. Unread where the number is no date."""
    days = value + day_zero
    if not 0 <= days < _LAST:
        return Unread(Why.UNSHOWN, plain_number(value))
    parts = [(kind, "".join(text for _k, text in run)) for kind, run in groupby(tokens, key=_run)]
    letters = {kind for kind, _text in parts}
    if "elapsed" in {kind for kind, _text in tokens}:
        return timedelta(days=value)
    whole = _ORIGIN + timedelta(days=days - (days >= _LEAP))
    moment = (
        (whole + timedelta(microseconds=500)).replace(microsecond=0)
        if whole.microsecond > 999_000
        else whole
    )
    if {"y", "m", "d"} <= letters or letters & set("aegb"):
        return moment.date() if moment.time() == time() else moment
    if not letters & set("yd") and "h" in letters:
        return moment.time()
    if letters & set("hs"):
        return moment
    return _text(parts, moment).strip()


def _run(token: tuple[str, str]) -> str:
    kind, text = token
    return text.lower() if kind == "date" else kind


def _text(parts: Sequence[tuple[str, str]], moment: datetime) -> str:
    said = []
    for kind, text in parts:
        match kind:
            case "y":
                said.append(f"{moment.year:04}" if len(text) > 2 else f"{moment.year % 100:02}")
            case "m":
                said.append(f"{moment.month:02}" if len(text) > 1 else str(moment.month))
            case "d":
                said.append(f"{moment.day:02}" if len(text) > 1 else str(moment.day))
            case "h":
                said.append(f"{moment.hour:02}")
            case "literal" | "bar" | "point" | "digit" | "comma":
                said.append(text)
    return "".join(said)


def from_iso(text: str) -> Raw:
    """A date written as the standard does; Unread where it is none."""
    try:
        made = datetime.fromisoformat(text.strip())
    except ValueError:
        return Unread(Why.BROKEN, text.strip()[:40])
    return made.date() if made.time() == time() else made


def days_of(value: Raw) -> float | None:
    """The number of days that a date is held as; None where it is none."""
    if isinstance(value, datetime):
        return (value - _ORIGIN) / timedelta(days=1) + (value >= datetime(1900, 3, 1))
    return days_of(datetime.combine(value, time())) if isinstance(value, date) else None


__all__ = ["DATE_LETTERS", "days_of", "from_iso", "shown_date"]
