"""Scorecard -> its totals when every stepped clause is read the same way: what the choice of a reading is worth to a unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from gouji.base.outcome import CriterionOutcome
from gouji.reference import totals
from gouji.results import Line, Scorecard
from gouji.rules import Reading, ResolvedBook


@dataclass(frozen=True, slots=True)
class ReadingTotal:
    """The total and grade under one reading (`whole`, `begun`, `prorata`), and the criteria whose scores it changes."""

    reading: str
    score: Decimal
    grade: str | None
    codes: tuple[str, ...]


def reading_totals(book: ResolvedBook, card: Scorecard) -> tuple[ReadingTotal, ...]:
    """One a reading; nothing when no reading changes anything."""
    found = tuple(_under(book, card, r.value) for r in Reading)
    return found if any(f.codes for f in found) else ()


def _under(book: ResolvedBook, card: Scorecard, reading: str) -> ReadingTotal:
    outcomes = [_read(line, reading) for line in card.lines]
    known = {(c.grade, c.why): c.sure or None for c in card.totals.capped}
    caps = [known.get((cap.grade, cap.why), False) for cap in book.source.head.caps]
    total = totals(book, card.unit, card.name, outcomes, caps)
    return ReadingTotal(
        reading,
        total.score,
        total.grade,
        tuple(line.rule.code for line in card.lines if reading in line.other_readings),
    )


def _read(line: Line, reading: str) -> CriterionOutcome:
    other = line.other_readings.get(reading)
    return line.outcome if other is None else replace(line.outcome, score=other)
