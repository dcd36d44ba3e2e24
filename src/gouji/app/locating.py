"""An audit and one of its units -> Located: which cells are most likely wrong. Reads figures and their places; decides nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any

from gouji.app.unit_layout import layout_of, steps_of
from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.expression import Cell, Exact, Printed, Row, UnitFigures
from gouji.intake import At, Submission, UnitLineage, rows_of, unit_figures
from gouji.intake import Cell as SentCell
from gouji.intake import Row as SentRow
from gouji.locate import (
    CellFacts,
    CellRef,
    Kinds,
    Located,
    Relation,
    SearchLimits,
    Terms,
    UnitCase,
    locate,
    reads_of,
    relations_of,
)
from gouji.reference import row_verdict, table_rule, tie_verdict
from gouji.report import CauseRow, cause_rows
from gouji.rules import (
    By,
    Column,
    ColumnRole,
    ColumnType,
    Over,
    ResolvedBook,
    ResolvedEachRow,
    ResolvedRollUp,
    ResolvedTableRule,
    ResolvedTieOut,
    Table,
)


@dataclass(slots=True)
class UnitCells:
    """The cells of one unit: its figures, where each stood, and what derived figures are made of."""

    book: ResolvedBook
    submission: Submission
    unit: str
    figures: UnitFigures
    sent: dict[CellRef, SentCell]
    lineage: dict[CellRef, Terms | None]
    reads: Mapping[str, frozenset[tuple[str, str]]]
    derived: frozenset[str] = frozenset()
    failing_rows: dict[str, frozenset[int]] = field(default_factory=dict)

    def printed(self) -> dict[CellRef, Printed]:
        """Every figure that was sent."""
        return {
            ref: cell for ref in self.sent if isinstance(cell := _at(self.figures, ref), Printed)
        }

    def behind(self, ref: CellRef) -> Terms | None:
        """What a figure is made of: itself where it was sent, sent cells where it is derived from the unit's own; None where it is other units'."""
        if ref.table not in self.derived:
            return ((ref, Fraction(1)),) if ref in self.sent else None
        return self.lineage.get(ref)

    def changed(self, values: Mapping[CellRef, Fraction]) -> UnitFigures:
        """The unit's figures with other values in some cells, derived figures worked out again. A cell behind the lines of its table is one of a line that nobody wrote."""
        deltas = {
            ref: value - cell.value
            for ref, value in values.items()
            if isinstance(cell := _at(self.figures, ref), Printed)
        }
        new = {ref: values[ref] for ref in deltas}
        lines = {ref: value for ref, value in values.items() if self.is_new(ref)}
        for ref, terms in self.lineage.items():
            by = sum((c * deltas[cell] for cell, c in terms or () if cell in deltas), Fraction(0))
            by += sum((v for at, v in lines.items() if self._adds(terms or (), at)), Fraction(0))
            cell = _at(self.figures, ref)
            if by and isinstance(cell, Printed):
                new[ref] = cell.value + by
        changed = _with(self.figures, new, False)
        return self._longer(changed, lines) if lines else changed

    def is_new(self, ref: CellRef) -> bool:
        """Whether a cell is one of a line that nobody wrote."""
        rows = self.figures.at(ref.prior).many.get(ref.table)
        return rows is not None and ref.row >= len(rows)

    def _adds(self, terms: Terms, new: CellRef) -> bool:
        """Whether a derived figure adds up every line of a table, so also one that is left out."""
        cells = {
            cell.row for cell, _c in terms if (cell.table, cell.column) == (new.table, new.column)
        }
        rows = self.figures.many[new.table]
        return bool(cells) and len(cells) == len(rows)

    def _longer(self, figures: UnitFigures, values: Mapping[CellRef, Fraction]) -> UnitFigures:
        """The figures with a further line: the amounts given, zero elsewhere, and a code that is not taken below the line it belongs under."""
        first = next(iter(values))
        table, rows = first.table, figures.many[first.table]
        under = first.row - len(rows) - 1
        shown = {ref.column: value for ref, value in values.items()}
        row: dict[str, Cell] = {
            name: Printed(shown.get(name, Fraction(0)), cell.half)
            for name, cell in rows[max(under, 0)].items()
            if isinstance(cell, Printed)
        }
        by = next((c for c in self.book.tables[table].columns if c.role is ColumnRole.CODE), None)
        if by is not None and first.code:
            row[by.name] = first.code
        elif by is not None and under >= 0:
            row[by.name] = _free_code(rows, by, str(rows[under].get(by.name)))
        return replace(figures, many={**figures.many, table: (*rows, row)})

    def line_words(self, ref: CellRef) -> str:
        """Which line of its table a cell would stand in that nobody wrote: its code, or the code under which it belongs; nothing where neither is known."""
        table = self.book.tables[ref.table]
        by = next((c for c in table.columns if c.role is ColumnRole.CODE), None)
        rows = self.figures.at(ref.prior).many.get(ref.table, ())
        under = ref.row - len(rows) - 1
        if ref.code or by is None or not 0 <= under < len(rows):
            return ref.code
        above = rows[under].get(by.name)
        return _("{code} 之下").format(code=above) if isinstance(above, str) else ""

    def near(self, codes: Iterable[str]) -> frozenset[str]:
        """The rules that read a column, sent or derived from one, that one of these rules reads."""
        made_of: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for ref, terms in self.lineage.items():
            made_of.setdefault((ref.table, ref.column), set()).update(
                (cell.table, cell.column) for cell, _c in terms or ()
            )
        columns = {
            code: {c for read in found for c in (read, *made_of.get(read, ()))}
            for code, found in self.reads.items()
        }
        wanted = {c for code in codes for c in columns.get(code, ())}
        return frozenset(code for code, found in columns.items() if not wanted.isdisjoint(found))

    def unbalanced(
        self, before: frozenset[str], values: Mapping[CellRef, Fraction]
    ) -> frozenset[str]:
        """The rules that are 不平 with these values, as the rules themselves judge; rules that read none of the cells stay as they were. The first one that begins to
        fail ends it: whoever asks wants none."""
        figures, touched = self.changed(values), set(values)
        new = [ref for ref in values if self.is_new(ref)]
        touched |= self._made_of(values, new)
        columns = {(ref.table, ref.column) for ref in touched}
        columns |= {(ref.table, c.name) for ref in new for c in self.book.tables[ref.table].columns}
        exact, after = Exact(figures, self.book.source.head.grades), set(before)
        for of in (*self.book.tie_outs, *self.book.table_rules):
            if not columns.isdisjoint(self.reads[of.code]):
                after.discard(of.code)
                if self._fails(of, exact, touched, of.code in before):
                    after.add(of.code)
                    if of.code not in before:
                        break
        return frozenset(after)

    def _made_of(self, values: Container[CellRef], new: Sequence[CellRef]) -> set[CellRef]:
        """Derived figures that change with some cells, or with lines that nobody wrote."""
        return {
            ref
            for ref, terms in self.lineage.items()
            if any(cell in values for cell, _c in terms or ())
            or any(self._adds(terms or (), at) for at in new)
        }

    def _fails(
        self,
        of: ResolvedTieOut | ResolvedTableRule,
        exact: Exact,
        touched: set[CellRef],
        failed: bool,
    ) -> bool:
        """Whether a rule is 不平 for changed figures; of a rule over rows that have nothing to do with each other only the changed ones are judged, where no other failed."""
        if isinstance(of, ResolvedTieOut):
            return tie_verdict(of, exact) is Verdict.UNBALANCED
        figures = exact.figures
        if isinstance(of, ResolvedRollUp) or of.beyond or of.applies is not None or figures.aside:
            return table_rule(of, self.book, self.unit, figures).verdict is Verdict.UNBALANCED
        name = of.table.table
        rows = {ref.row for ref in touched if ref.table == name and not ref.prior}
        rows |= set(range(len(self.figures.many.get(name, ())), len(figures.many.get(name, ()))))
        if failed and not self._failing_rows(of) <= rows:
            return True
        return any(
            row_verdict(of, self.book, row) is Verdict.UNBALANCED
            for number, row in enumerate(figures.many.get(name, ()))
            if number in rows
        )

    def _failing_rows(self, of: ResolvedEachRow) -> frozenset[int]:
        """The rows of which a rule is 不平 as they were sent."""
        if of.code not in self.failing_rows:
            self.failing_rows[of.code] = frozenset(
                number
                for number, row in enumerate(self.figures.many.get(of.table.table, ()))
                if row_verdict(of, self.book, row) is Verdict.UNBALANCED
            )
        return self.failing_rows[of.code]

    def again(
        self, codes: frozenset[str], values: Mapping[CellRef, Fraction]
    ) -> tuple[Relation, ...]:
        """The relations of some rules, written down around other values."""
        return relations_of(self.book, self.changed(values), self.behind, codes)

    def relations(self, codes: Container[str] | None = None) -> tuple[Relation, ...]:
        """The relations of the book, or of some of its rules."""
        return relations_of(self.book, self.figures, self.behind, codes)

    def certified(self) -> frozenset[CellRef]:
        """Cells whose figures come from elsewhere."""
        names = set(self.book.source.locating.certified)
        return frozenset(
            ref
            for ref in self.sent
            if ref.table in names or f"{ref.table}.{ref.column}" in names or self._is_date(ref)
        )

    def _is_date(self, ref: CellRef) -> bool:
        """Whether it is a date: slips of figures say nothing of one."""
        column = self.book.tables[ref.table].column(ref.column)
        return column is not None and column.type is ColumnType.DATE


def _free_code(rows: Sequence[Row], by: Column, above: str) -> str:
    """A code below another one that no row bears; below the total, one of the first level."""
    taken = {row.get(by.name) for row in rows}
    depth = by.levels.index(len(above)) + 1 if len(above) in by.levels and above != by.total else 0
    if depth >= len(by.levels):
        return above
    start, width = ("" if depth == 0 else above), by.levels[depth]
    found = (
        f"{start}{n:0{width - len(start)}d}" for n in range(10 ** (width - len(start)) - 1, 0, -1)
    )
    return next((code for code in found if code not in taken), above)


def cells_of(book: ResolvedBook, submission: Submission, unit: str) -> UnitCells:
    """Gather the cells of one unit, of this year and the year before."""
    figures = unit_figures(submission, book.tables, unit, book.year)
    made = UnitCells(
        book,
        submission,
        unit,
        figures,
        {},
        {},
        reads_of(book),
        book.derived,
    )
    own: dict[At, CellRef] = {}
    for prior in (False, True):
        for table in book.tables.values():
            if table.derived is None:
                own |= _placed(made, table, prior)
    for table in book.tables.values():
        if table.derived is not None:
            _derived(made, table, own)
    return made


def _placed(made: UnitCells, table: Table, prior: bool) -> dict[At, CellRef]:
    found: dict[At, CellRef] = {}
    for number, row in enumerate(
        rows_of(made.submission, table, made.unit, made.book.year - prior)
    ):
        for name, cell in row.cells.items():
            column = table.column(name)
            if column is not None and column.numeric and column.role is None:
                ref = CellRef(table.table, number, name, prior)
                made.sent[ref] = cell
                found[cell.at] = ref
    return found


def _derived(made: UnitCells, table: Table, own: Mapping[At, CellRef]) -> None:
    """What each figure of a derived table adds up, where it adds up cells of this unit alone."""
    for number, row in enumerate(rows_of(made.submission, table, made.unit, made.book.year)):
        for column in table.columns:
            if column.take is not None and column.numeric:
                ref = CellRef(table.table, number, column.name)
                terms = _own_terms(made, table, row, column, own)
                made.lineage[ref] = terms if _adds_up(made.figures, ref, terms) else None


def _own_terms(
    made: UnitCells, table: Table, row: SentRow, column: Column, own: Mapping[At, CellRef]
) -> Terms:
    """The cells that a derived figure adds up; none where it is no plain sum, or one of them is not the unit's."""
    take = column.take
    if take is None or take.over is not Over.OWN or take.by is not By.SUM:
        return ()
    if take.codes or take.above or take.names:
        return ()
    lineage = UnitLineage(made.submission, made.book.tables, made.unit, made.book.year)
    found = lineage.own_cells(table, row, column.name)
    cells = [own.get(cell.at) for _name, cell in found]
    known = [cell for cell in cells if cell is not None]
    return tuple((cell, Fraction(1)) for cell in known) if len(known) == len(cells) else ()


def _adds_up(figures: UnitFigures, ref: CellRef, terms: Terms) -> bool:
    """Whether a figure is just the sum of some cells; of none it is not."""
    whole, parts = _at(figures, ref), [_at(figures, cell) for cell, _c in terms]
    return (
        bool(terms)
        and isinstance(whole, Printed)
        and whole.value == sum((p.value for p in parts if isinstance(p, Printed)), Fraction(0))
    )


def _at(figures: UnitFigures, ref: CellRef) -> Cell:
    source = figures.at(ref.prior)
    if ref.table in source.many:
        rows = source.many[ref.table]
        return rows[ref.row].get(ref.column) if 0 <= ref.row < len(rows) else None
    return source.one.get(ref.table, {}).get(ref.column) if ref.row == 0 else None


def _with(figures: UnitFigures, values: Mapping[CellRef, Fraction], prior: bool) -> UnitFigures:
    """The same with other values in some cells; only tables and rows with such a cell are copied."""
    tables = {ref.table for ref in values if ref.prior is prior}
    lines = {(ref.table, ref.row) for ref in values if ref.prior is prior}
    one = {name: dict(row) if name in tables else row for name, row in figures.one.items()}
    many = {
        name: tuple(dict(row) if (name, n) in lines else row for n, row in enumerate(rows))
        if name in tables
        else rows
        for name, rows in figures.many.items()
    }
    for ref, value in values.items():
        if ref.prior is not prior:
            continue
        row: Any = one[ref.table] if ref.table in one else many[ref.table][ref.row]
        row[ref.column] = Printed(value, row[ref.column].half)
    before = _with(figures.prior, values, True) if figures.prior is not None else None
    return UnitFigures(one, many, before, figures.aside)


def locate_unit(
    book: ResolvedBook,
    submission: Submission,
    unit: str,
    unbalanced: frozenset[str],
    limits: SearchLimits | None = None,
) -> tuple[Located, UnitCells]:
    """The causes of one unit's findings (the codes that are 不平), and its cells to say where they stand."""
    cells = cells_of(book, submission, unit)
    return locate(case_of(cells, unbalanced), limits), cells


def shown_causes(
    book: ResolvedBook, submission: Submission, unit: str, unbalanced: frozenset[str]
) -> tuple[tuple[CauseRow, ...], tuple[str, ...]]:
    """Which cells of a unit are probably wrong, as reports show them, and which of its relations that are 不平 no cell explains."""
    found, cells = locate_unit(book, submission, unit, unbalanced)
    return cause_rows(found, cells.sent, book.tables, cells.line_words), found.unexplained


def case_of(cells: UnitCells, unbalanced: frozenset[str]) -> UnitCase:
    """One unit as `locate` looks at it."""
    locating = cells.book.source.locating
    prior, printed = Fraction(locating.prior), cells.printed()
    return UnitCase(
        cells.unit,
        CellFacts(printed, cells.certified()),
        unbalanced,
        partial(cells.unbalanced, unbalanced),
        cells.relations(cells.near(unbalanced)),
        cells.relations,
        layout_of(cells.book, cells.figures),
        cells.again,
        Kinds(locating.slips, locating.elsewhere),
        steps_of(cells.book, printed),
        weights={ref: prior for ref in cells.sent if ref.prior},
    )


__all__ = ["UnitCells", "case_of", "cells_of", "locate_unit", "shown_causes"]
