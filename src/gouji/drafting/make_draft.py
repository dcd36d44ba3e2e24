"""The rows of a scoring table -> drafted rules: each with its reading, its measure, what is printed, what is inferred and what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.clause import definitions_of, read_clause
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_reading import (
    ByHand,
    Cases,
    ChecklistClause,
    ClauseReading,
    DeductionsClause,
    Method,
    PartsClause,
    Proportion,
    Read,
    StepsClause,
    UnreadClause,
    WordsClause,
)
from gouji.drafting.edge_examples import DraftExample, Measured, deduction_examples, examples_of
from gouji.drafting.examples_of_parts import part_examples
from gouji.drafting.measure import FoundMeasure, KnownColumn, measure_of
from gouji.drafting.scoring_table import ScoringTable, TableRow

OPEN_TABLE = "待补数据"
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class DraftedCriterion:
    """One drafted criterion; `measure` is None for methods that people apply, `found` what became of the printed formula."""

    code: str
    row: TableRow
    read: Read
    weight: Fraction | None
    method: Method
    measure: str | None
    open_column: KnownColumn | None
    found: FoundMeasure | None
    examples: tuple[DraftExample, ...]
    case_columns: tuple[KnownColumn, ...] = ()

    @property
    def reading(self) -> ClauseReading | None:
        """The reading that stands; None where the clause was not read."""
        return None if isinstance(self.read, UnreadClause) else self.read

    @property
    def settled(self) -> str:
        """How far it has come: read as printed, to confirm, or not read."""
        if isinstance(self.read, UnreadClause):
            return "unread"
        waiting = self.read.questions or self.open_column or self.case_columns
        return "confirm" if waiting else "read"


@dataclass(frozen=True, slots=True)
class BookDraft:
    """A drafted rulebook."""

    table: ScoringTable
    rules: tuple[DraftedCriterion, ...]
    prefix: str

    def open_columns(self) -> tuple[KnownColumn, ...]:
        """What is still to be wired: columns of the table that stands in for figures without a form."""
        single = (r.open_column for r in self.rules)
        several = (column for r in self.rules for column in r.case_columns)
        return (*(c for c in single if c is not None), *several)


def draft(
    table: ScoringTable, columns: Sequence[KnownColumn], grammar: ClauseGrammar, prefix: str = "A"
) -> BookDraft:
    """Draft every row of a table."""
    taken: set[str] = set()
    rules = tuple(
        _drafted(f"{prefix}{i:02d}", row, columns, grammar, taken)
        for i, row in enumerate(table.rows, 1)
    )
    return BookDraft(table, rules, prefix)


def _drafted(
    code: str,
    row: TableRow,
    columns: Sequence[KnownColumn],
    grammar: ClauseGrammar,
    taken: set[str],
) -> DraftedCriterion:
    read, weight = _clause(row, grammar)
    method: Method = read.method if isinstance(read, ClauseReading) else ByHand()
    if isinstance(method, ChecklistClause | ByHand) or not isinstance(read, ClauseReading):
        made = tuple(examples_of(method, weight, None, code)) if weight else ()
        return DraftedCriterion(code, row, read, weight, method, None, None, None, made)
    assert weight is not None
    if isinstance(method, DeductionsClause | PartsClause):
        cases = _case_columns(code, row, method, taken)
        shown = tuple(
            deduction_examples(method, weight, cases)
            if isinstance(method, DeductionsClause)
            else part_examples(method, weight, cases)
        )
        return DraftedCriterion(code, row, read, weight, method, None, None, None, shown, cases)
    found = None if isinstance(method, WordsClause) else _measure(row, read, columns, grammar)
    opened = None
    if found is None or found.expression is None:
        opened = _open_column(code, row, method, taken)
    return _by_figure(code, row, (read, weight), opened, found)


def _clause(
    row: TableRow, grammar: ClauseGrammar
) -> tuple[ClauseReading | UnreadClause, Fraction | None]:
    """What a clause says, with its points; a clause that is read but has no points counts as unread."""
    read = read_clause(row.clause, row.weight, grammar, row.shared)
    if not isinstance(read, ClauseReading):
        return read, row.weight
    weight = row.weight if row.weight is not None else _whole_weight(read)
    if weight is None or weight <= 0:
        return UnreadClause((_("这一项的分值没有印"),), (), read), weight
    return read, weight


def _by_figure(
    code: str,
    row: TableRow,
    of: tuple[ClauseReading, Fraction],
    opened: KnownColumn | None,
    found: FoundMeasure | None,
) -> DraftedCriterion:
    """A criterion that measures a figure: one that was found, or the column that stands in."""
    (read, weight), method = of, of[0].method
    measure = opened.path if opened is not None else (found.expression if found else None)
    assert measure is not None
    examples = examples_of(method, weight, _measured(measure, opened, found), code)
    return DraftedCriterion(
        code, row, read, weight, method, measure, opened, found, tuple(examples)
    )


def _whole_weight(read: ClauseReading) -> Fraction | None:
    if read.weight is not None:
        return read.weight
    if isinstance(read.method, ChecklistClause) and read.method.additive:
        return sum((i.points for i in read.method.items), Fraction(0))
    return None


def _measure(
    row: TableRow, read: ClauseReading, columns: Sequence[KnownColumn], grammar: ClauseGrammar
) -> FoundMeasure | None:
    """The formula stands in the column of formulas, in the clause, or in the explanation; a formula of points names its figure itself."""
    found: FoundMeasure | None = None
    texts = [row.formula, row.clause, row.explanation]
    formulas = [d for text in texts for d in definitions_of(text, grammar)]
    if read.measured_by:
        own = f"{read.measured_by}={read.measured_by}"
        formulas = [own, *(f for f in formulas if f.startswith(f"{read.measured_by}="))]
    for formula in formulas:
        made = measure_of(formula, columns, grammar)
        if made.expression is not None:
            return made
        found = found or made
    return found


def _open_column(code: str, row: TableRow, method: Method, taken: set[str]) -> KnownColumn:
    """A column that stands in until somebody says which form the figure stands on."""
    plain = "".join(_WORD.findall(row.name)) or code
    name = plain if plain not in taken else f"{plain}{code}"
    taken.add(name)
    return KnownColumn(OPEN_TABLE, name, (name,), _kind(method))


def _case_columns(
    code: str, row: TableRow, method: DeductionsClause | PartsClause, taken: set[str]
) -> tuple[KnownColumn, ...]:
    """A column for each occasion that is counted, or each part that works on a figure."""
    plain = "".join(_WORD.findall(row.name)) or code
    kinds = (
        [_kind(p.method) if p.measured else "" for p in method.parts]
        if isinstance(method, PartsClause)
        else ["count" if o.cases else "" for o in method.occasions]
    )
    made = []
    for at, kind in enumerate(kinds, 1):
        if kind:
            name = f"{plain}{at}"
            name = name if name not in taken else f"{name}{code}"
            taken.add(name)
            made.append(KnownColumn(OPEN_TABLE, name, (name,), kind))
    return tuple(made)


def _kind(method: Method) -> str:
    match method:
        case WordsClause():
            return "text"
        case Cases():
            return "count"
        case StepsClause(percent=percent):
            return "percent" if percent else "number"
        case Proportion(full_at=full_at):
            return "percent" if full_at <= 1 else "number"
    ends = [e for e in _ends(method) if e.at]
    return "percent" if all(e.unit == "%" for e in ends) else "number"


def _ends(method: Method) -> list:  # type: ignore[type-arg]
    bounds = [b for b, _p in method.bands] if hasattr(method, "bands") else [method.full]  # type: ignore[union-attr]
    return [e for b in bounds for e in (b.low, b.high) if e is not None]


def _measured(
    measure: str, opened: KnownColumn | None, found: FoundMeasure | None
) -> Measured | None:
    if opened is not None:
        return Measured(opened)
    assert found is not None
    if len(found.columns) == 2 and measure == f"{found.columns[0].path} / {found.columns[1].path}":
        return Measured(found.columns[0], found.columns[1])
    return Measured(found.columns[0]) if measure == found.columns[0].path else None
