"""Report texts beside the tables that a unit sends -> rows of the tables that their sentences fill, each figure with its line and the words before it.

A text gives nothing to a table of which the unit sent rows itself. One that fills nothing is what it was before: an attachment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake.finding.labels import plain
from gouji.intake.ledger.submission import At, Cell, Problem, Row, Submission
from gouji.intake.report_text import lines_in
from gouji.intake.values.figure_text import FigureFault, read_figure
from gouji.narrative import (
    Fill,
    Filled,
    FilledRow,
    Grammar,
    RelationRow,
    filled,
    owner,
    read,
    relation_rows,
)
from gouji.rules import Column, ColumnRole, Role, Table


@dataclass(frozen=True, slots=True)
class Reports:
    """How report texts are read: the grammar of the rulebook, made when there is one to read; the fiscal year of the book."""

    grammar: Callable[[], Grammar]
    year: int

    def rows(
        self,
        files: Sequence[tuple[str, Path]],
        sent: Submission,
        tables: Mapping[str, Table],
        codes: Mapping[str, str],
        also_forms: Collection[Path] = (),
    ) -> tuple[Submission, ...]:
        """What each file gives, in order; what is said about one that cannot be read. `also_forms` are files in which forms are looked for too: whoever does so tells their faults."""
        grammar = self.grammar()
        known = {**codes, **_listed(sent, tables)}
        return tuple(
            _Report(
                name,
                path,
                grammar,
                tables,
                self.year,
                path in also_forms,
                any(file != path for file in also_forms),
            ).submission(sent, known)
            for name, path in files
        )


def _listed(sent: Submission, tables: Mapping[str, Table]) -> dict[str, str]:
    """Name of a unit -> its code, from the rows of the table of units."""
    table = next((t for t in tables.values() if t.role is Role.UNITS), None)
    if table is None:
        return {}
    code, name = (table.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.UNIT_NAME))
    return {
        plain(str(row.cells[name].value)): str(row.cells[code].value)
        for row in sent.rows.get(table.table, ())
        if code in row.cells and name in row.cells
    }


@dataclass(frozen=True, slots=True)
class _Report:
    """One file."""

    name: str
    path: Path
    grammar: Grammar
    tables: Mapping[str, Table]
    book_year: int
    also_forms: bool
    beside_workbooks: bool

    def submission(self, sent: Submission, codes: Mapping[str, str]) -> Submission:
        """Its rows; nothing where it fills nothing."""
        made = Submission("", "")
        try:
            reading = read(lines_in(self.path), self.grammar)
        except DataError as fault:
            if not self.also_forms:
                made.problems.append(
                    Problem("", At(self.name), fault.what, fault.mend or "", note=True)
                )
            return made
        fills = filled(reading, self.grammar.ties, self.tables)
        relations = relation_rows(reading, self.tables)
        if not (fills.fills or fills.rows or relations):
            return made
        name, year = owner(reading.paragraphs)
        # A report that names a unit is that unit's, known or not; one that names none is that of the only unit.
        unit = codes.get(plain(name), "") or name or _only(codes)
        if self.beside_workbooks and plain(name) not in codes:
            # The workbook that tells the unit's code has not been read yet: two units would come of one.
            what = _("报告写的单位“{name}”还不知道代码, 没有取数").format(name=name)
            mend = _("在应报清单里写上单位代码和名称")
            made.problems.append(Problem("", At(self.name), what, mend, note=True))
            return made
        if not unit:
            what = _("报告没有写明是哪个单位的, 没有取数")
            made.problems.append(
                Problem("", At(self.name), what, _("标题写全单位名称和年度"), note=True)
            )
            return made
        self._fill(made, fills, relations, (unit, name, year or self.book_year), sent)
        made.digests[self.name] = hashlib.sha256(self.path.read_bytes()).hexdigest()
        made.rows_in = sum(map(len, made.rows.values()))
        return made

    def _fill(
        self,
        made: Submission,
        fills: Filled,
        relations: Sequence[RelationRow],
        whose: tuple[str, str, int],
        sent: Submission,
    ) -> None:
        unit, name, year = whose
        one = self._alone(fills, made, name or unit)
        rows = [(table, cells) for table, cells in one.items()]
        rows += [(row.table, dict(self._cells(row))) for row in fills.rows]
        rows += [(row.table, self._related(row)) for row in relations]
        for table, cells in rows:
            described = self.tables[table]
            if cells and not _sent(sent, described, unit, year):
                made.rows.setdefault(table, []).append(_row(described, cells, unit, year))

    def _alone(self, fills: Filled, made: Submission, name: str) -> dict[str, dict[str, Cell]]:
        """The cells of tables with one row, that of the unit's name among them."""
        one: dict[str, dict[str, Cell]] = {}
        for fill in fills.fills:
            cell = self._cell(fill, made)
            if cell is not None:
                one.setdefault(fill.table, {}).setdefault(fill.column, cell)
        units = next((t for t in self.tables.values() if t.role is Role.UNITS), None)
        if units is not None:
            column = units.with_role(ColumnRole.UNIT_NAME).name
            named = Cell(name, None, name, At(self.name))
            one.setdefault(units.table, {}).setdefault(column, named)
        return one

    def _at(self, line: int, column: str, words: str) -> At:
        return At(self.name, line, column, Path(self.name).stem, line, words)

    def _cell(self, fill: Fill, made: Submission) -> Cell | None:
        column = self.tables[fill.table].column(fill.column)
        assert column is not None
        at = self._at(fill.line.number, fill.column, fill.words)
        return _typed(fill.text, fill.unit, column, at, made)

    def _cells(self, row: FilledRow) -> Iterator[tuple[str, Cell]]:
        for name, text in row.values.items():
            column = self.tables[row.table].column(name)
            if column is not None:
                cell = _typed(
                    text,
                    column.unit or "",
                    column,
                    self._at(row.line.number, name, row.words),
                    None,
                )
                if cell is not None:
                    yield name, cell

    def _related(self, row: RelationRow) -> dict[str, Cell]:
        return {
            name: Cell(value, half, printed, self._at(row.line.number, name, row.words), unit)
            for name, (value, half, printed, unit) in row.cells.items()
        }


def _typed(text: str, unit: str, column: Column, at: At, made: Submission | None) -> Cell | None:
    """A text of the report as a cell, read as if somebody had typed it."""
    if not column.numeric:
        return Cell(text, None, text, at)
    try:
        found = read_figure(text, column, None if column.exact else unit or None)
    except FigureFault as fault:
        if made is not None:
            made.problems.append(Problem("", at, fault.what, fault.mend))
        return None
    return Cell(found.value, found.half, text, at, found.unit)


def _row(table: Table, cells: dict[str, Cell], unit: str, year: int) -> Row:
    at = next(iter(cells.values())).at
    whose, when = (table.with_role(r).name for r in (ColumnRole.UNIT, ColumnRole.YEAR))
    keys = {
        whose: Cell(unit, None, unit, replace(at, column=whose)),
        when: Cell(Decimal(year), Decimal(0), str(year), replace(at, column=when)),
    }
    return Row({**cells, **keys}, at)


def _sent(sent: Submission, table: Table, unit: str, year: int) -> bool:
    """Whether the unit sent rows of a table itself."""
    return bool(sent.of_unit(table, unit, year))


def _only(codes: Mapping[str, str]) -> str:
    """The code of the only unit there is."""
    every = set(codes.values())
    return every.pop() if len(every) == 1 else ""


__all__ = ["Reports"]
