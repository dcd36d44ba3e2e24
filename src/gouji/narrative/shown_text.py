"""A report text as part of a larger page, as values: what `text_page.shown` makes and pages of units keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Words of a line, or a figure: its kind (tied, named, unread; with bad where a relation of it does not hold) and what is said of it."""

    text: str
    kind: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A paragraph with the number of its first line."""

    number: int
    parts: tuple[ShownPart, ...]


@dataclass(frozen=True, slots=True)
class ShownText:
    """A report as part of a larger page: its name, its counts in words, relations that do not hold and goals not reached, its lines."""

    title: str
    counts: str
    notes: tuple[str, ...]
    lines: tuple[ShownLine, ...]


__all__ = ["ShownLine", "ShownPart", "ShownText"]
