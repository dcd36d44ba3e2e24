"""ResolvedBook -> remarks: what is legal in a rulebook but dubious. Faults that make a rule unusable are `validate`'s."""

from __future__ import annotations

from gouji.base.verdict import Severity
from gouji.lint.algebra import algebra
from gouji.lint.bases import bases
from gouji.lint.either import either
from gouji.lint.odd_scoring import scoring
from gouji.lint.remark import Remark
from gouji.lint.scales import scales
from gouji.lint.sizes import sizes
from gouji.lint.slip_sources import slips
from gouji.rules import ResolvedBook

CHECKS = (sizes, scales, scoring, bases, algebra, either, slips)


def lint(book: ResolvedBook) -> tuple[Remark, ...]:
    """Every remark, gravest first, then in the order of places."""
    grave = list(Severity)
    found = [remark for check in CHECKS for remark in check(book)]
    return tuple(
        sorted(found, key=lambda r: (grave.index(r.severity), r.place.file, r.place.line, r.code))
    )


__all__ = ["Remark", "lint"]
