"""What lint says: a remark with degree, place and a way to settle it."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.base.faults import Place
from gouji.base.verdict import Severity
from gouji.rules import ResolvedBook


@dataclass(frozen=True, slots=True)
class Remark:
    """`code` is the rule's, or the book's name for remarks about the whole book."""

    code: str
    severity: Severity
    place: Place
    what: str
    fix: str = ""


def about(
    book: ResolvedBook, code: str, severity: Severity, what: str, fix: str, *path: str | int
) -> Remark:
    """A remark about a part of a rule."""
    return Remark(code, severity, book.source.place(code, *path), what, fix)
