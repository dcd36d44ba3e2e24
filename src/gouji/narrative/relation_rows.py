"""Relations of a text -> rows of the tables of relations, so that they are judged, waived and reported like any other. One table a formula.

A relation that cannot be judged is a row too: what it lacks is missing there, and its reason stands in its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gouji.narrative.goals import Goal
from gouji.narrative.relation import TextRelation, TextTerm
from gouji.narrative.says import Says
from gouji.narrative.sentence_words import (
    GOAL_FIGURES,
    GOAL_NAME,
    GOAL_STATE,
    GOAL_TABLE,
    GOAL_TEXTS,
    RELATION_COLUMNS,
    RELATION_NAME,
    RELATION_SENTENCE,
    RELATION_TABLES,
    ROW_NAME,
)
from gouji.narrative.text_lines import TextLine
from gouji.narrative.text_reading import TextReading
from gouji.rules import KEPT_PLACES, WHOLE_DIGITS, ColumnType, Table

WORDS, LONGEST_NAME = 10, 60
Value = tuple[Decimal | str, Decimal | None, str, str | None]


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A row: its table, by column the value in base units, half of the last place, how it was printed and its unit; the line of the stated figure."""

    table: str
    cells: Mapping[str, Value]
    line: TextLine
    words: str


def rows_of_relations(reading: TextReading, tables: Mapping[str, Table]) -> tuple[RelationRow, ...]:
    """The rows of those tables that are described."""
    made = list[RelationRow]()
    for number, relation in enumerate(reading.relations, 1):
        table = tables.get(RELATION_TABLES.get(_formula(relation), ""))
        if table is not None:
            line = reading.line_of(relation.stated.mention)
            made.append(RelationRow(table.table, _cells(number, relation, line), line, ""))
    return tuple(made)


def goal_rows(goals: Sequence[Goal], tables: Mapping[str, Table]) -> tuple[RelationRow, ...]:
    """The rows of goals and completions, where their table is described."""
    if GOAL_TABLE not in tables:
        return ()
    return tuple(
        RelationRow(GOAL_TABLE, _goal_cells(number, goal), goal.line, "")
        for number, goal in enumerate(goals, 1)
    )


def _goal_cells(number: int, goal: Goal) -> dict[str, Value]:
    texts = {
        RELATION_NAME: _row_name(number, goal.line, str(goal)),
        GOAL_NAME: goal.name,
        GOAL_STATE: goal.state.value,
        **dict(zip(GOAL_TEXTS, (goal.planned, goal.done), strict=True)),
    }
    cells: dict[str, Value] = {k: (v, None, v, None) for k, v in texts.items() if v}
    figures = ((goal.planned_value, goal.planned), (goal.done_value, goal.done))
    for column, (value, printed) in zip(GOAL_FIGURES, figures, strict=True):
        kept = None if value is None else _kept(value, Fraction(0), printed, ColumnType.NUMBER)
        if kept is not None:
            cells[column] = kept
    return cells


def _row_name(number: int, line: TextLine, said: str) -> str:
    short = said if len(said) <= LONGEST_NAME else said[: LONGEST_NAME - 1] + "…"
    return ROW_NAME.format(number=number, line=line.number, said=short)


def _formula(relation: TextRelation) -> str:
    """The key of the table: the kind, and whether last year's figure stands there."""
    parts = {t.part for t in relation.terms}
    return relation.says.name + (
        "_PRIOR" if relation.says is Says.GROWTH and "prior" in parts else ""
    )


def _cells(number: int, relation: TextRelation, line: TextLine) -> dict[str, Value]:
    name = _row_name(number, line, f"{relation.says} {relation.formula}")
    cells: dict[str, Value] = {
        RELATION_NAME: (name, None, name, None),
        RELATION_SENTENCE: (str(relation), None, str(relation), None),
    }
    stated = _value(relation.stated, relation.says in RATES)
    parts = {t.part: _value(t, relation.says is Says.POINTS) for t in relation.terms}
    if relation.says in (Says.PARTS, Says.EQUAL):
        parts = {"sum": _total(relation)}
    if relation.reason is not None:
        # What makes it open is not decided by figures: it stays open wherever it is judged.
        parts = {}
    if relation.says is Says.DONE and "change" in parts:
        parts = {"part": parts["part"], "whole": _budget(relation)}
    columns = RELATION_COLUMNS[_formula(relation)]
    for part, value in (("stated", stated), *parts.items()):
        if value is not None and part in columns:
            cells[columns[part]] = value
    return cells


RATES = (Says.SHARE, Says.DONE, Says.GROWTH, Says.POINTS)


def _total(relation: TextRelation) -> Value | None:
    value = sum((t.printed.value for t in relation.terms), Fraction(0))
    half = sum((t.printed.half for t in relation.terms), Fraction(0))
    printed = " + ".join(t.mention.printed for t in relation.terms)
    return _kept(value, half, printed, ColumnType.NUMBER)


def _budget(relation: TextRelation) -> Value | None:
    """What was planned, by what was done and what was spared."""
    done, change = (t.printed for t in sorted(relation.terms, key=lambda t: t.part != "part"))
    printed = relation.formula.partition(" ÷ ")[2].strip("()")
    return _kept(done.value - change.value, done.half + change.half, printed, ColumnType.NUMBER)


def _value(term: TextTerm, rate: bool) -> Value | None:
    kind = ColumnType.PERCENT if rate else ColumnType.NUMBER
    return _kept(term.printed.value, term.printed.half, term.mention.printed, kind)


def _kept(value: Fraction, half: Fraction, printed: str, kind: ColumnType) -> Value | None:
    """In as many places as the tables keep; None where that is not the figure."""
    places = KEPT_PLACES[kind]
    if abs(value) >= 10 ** WHOLE_DIGITS[kind] or (value * 10**places).denominator != 1:
        return None
    unit = Decimal(1).scaleb(-places)
    whole = Decimal(value.numerator) / Decimal(value.denominator)
    rest = Decimal(half.numerator) / Decimal(half.denominator)
    return whole.quantize(unit), rest, printed, None


__all__ = ["RelationRow", "goal_rows", "rows_of_relations"]
