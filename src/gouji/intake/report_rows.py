"""Report texts beside the tables that a unit sends -> rows of the tables that their sentences fill, each figure with its line and the words before it.

A text gives nothing to a table of which the unit sent rows itself. One that fills nothing is what it was before: an attachment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from gouji.base.digest import sha256
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake.finding.labels import plain
from gouji.intake.ledger.known_units import KnownUnits
from gouji.intake.ledger.submission import At, Cell, Problem, Row, Submission
from gouji.intake.report_files import ReportFile
from gouji.intake.report_owner import FIRST_LINES, Owned, owned
from gouji.intake.report_text import lines_in
from gouji.intake.shared_passages import passages_of
from gouji.intake.values.figure_text import FigureFault, read_figure
from gouji.narrative import (
    RELATION_NAME,
    Fill,
    FilledRow,
    FilledText,
    RelationRow,
    ShownText,
    TextGrammar,
    TextLine,
    TextReading,
    filled,
    goal_rows,
    goals_in,
    left_open,
    names_of_others,
    other_years,
    owner_of,
    read,
    rows_of_relations,
    shown,
    without_unit,
)
from gouji.rules import Column, ColumnRole, Role, Table


@dataclass(slots=True)
class ReportsOfUnits:
    """What was taken from reports so far: rows of tables with one row, and the first report of each unit."""

    rows: dict[tuple[str, str, int], Row] = field(default_factory=dict)
    first: dict[tuple[str, int], str] = field(default_factory=dict)

    def first_of(self, whose: tuple[str, int], file: str) -> str:
        """The first report of a unit and year; `file` where there is none so far."""
        return self.first.setdefault(whose, file)


@dataclass(frozen=True, slots=True)
class SentBeside:
    """What came beside reports: the units it makes known; whether a unit and year have rows in a table; whether a report may make a new unit known (`alone`)."""

    known: KnownUnits
    has_rows: Callable[[Table, str, int], bool]
    alone: bool = True
    reports: ReportsOfUnits = field(default_factory=ReportsOfUnits)


def rows_of_reports(
    files: Sequence[ReportFile],
    grammar: TextGrammar,
    tables: Mapping[str, Table],
    year: int,
    sent: SentBeside,
    prefix: str = "",
) -> tuple[Submission, ...]:
    """What each file gives, in order; what is said about one that cannot be read. `year` is that of a report that names none. Places name files with `prefix` before them."""
    return tuple(
        _Report(one, prefix + one.name, grammar, tables, year).submission(sent) for one in files
    )


@dataclass(frozen=True, slots=True)
class _Report:
    """One file; `name` is how places call it."""

    file: ReportFile
    name: str
    grammar: TextGrammar
    tables: Mapping[str, Table]
    book_year: int

    def submission(self, sent: SentBeside) -> Submission:
        """Its rows; nothing where it fills nothing."""
        made = Submission("", "")
        try:
            reading = read(lines_in(self.file.path), self.grammar)
        except DataError as fault:
            if not self.file.is_form:
                self._tell(made, fault.what, fault.fix or "")
            return made
        self._take(made, reading, sent)
        return made

    def _take(self, made: Submission, reading: TextReading, sent: SentBeside) -> None:
        """Rows of what was read, where it fills any and it is known whose it is."""
        fills = filled(reading, self.grammar.ties, self.tables)
        # What stands in a form is taken from the form; it is no list of goals in a report besides.
        found = () if sent.known.gave_forms(self.file.name) else goals_in(reading)
        relations = (*rows_of_relations(reading, self.tables), *goal_rows(found, self.tables))
        if not (fills.fills or fills.rows or relations):
            return
        name, said = owner_of(reading.paragraphs)
        whose, year = self._whose(made, reading, name, sent), said or self.book_year
        if not whose.unit:
            return
        made.passages += passages_of(self.name, whose.unit, year, reading)
        own = (whose.unit, name or sent.known.name_of(whose.unit), year)
        self._fill(made, fills, relations, own, sent)
        self._leftovers(made, reading, own, sent.known.names)
        made.digests[self.file.name] = sha256(self.file.path.read_bytes())
        made.rows_in = sum(map(len, made.rows.values()))
        made.report_texts[whose.unit] = [self._shown]

    def _whose(self, made: Submission, reading: TextReading, name: str, sent: SentBeside) -> Owned:
        """Whose it is; what does not agree is told."""
        first = [own.text for own in reading.paragraphs[:FIRST_LINES]]
        whose = owned(self.file.name, name, first, sent.known, sent.alone)
        if whose.what:
            self._tell(made, whose.what, _("标题写全单位名称和年度，文件名以单位代码开头"))
        return whose

    def _leftovers(
        self,
        made: Submission,
        reading: TextReading,
        whose: tuple[str, str, int],
        known: Mapping[str, set[str]],
    ) -> None:
        """Notes on what was left of a template, of an older report or of another unit's."""
        _unit, name, year = whose
        others = {other for names in known.values() for other in names}
        found = (
            *left_open(reading.paragraphs, self.grammar),
            *other_years(reading, year),
            *without_unit(reading),
            *names_of_others(reading.paragraphs, plain(name), others),
        )
        for gap in sorted(found, key=lambda one: (one.paragraph, one.at)):
            line = reading.lines[reading.paragraphs[gap.paragraph].origin(gap.at)[0]].number
            fix = _("填齐，或删去模板、上年和别的单位留下的字")
            made.problems.append(Problem("", At(self.name, line), str(gap), fix, note=True))

    def _shown(self) -> ShownText:
        """The text for a page; nothing of it is kept until it is asked for."""
        reading = read(lines_in(self.file.path), self.grammar)
        fills = filled(reading, self.grammar.ties, self.tables)
        left = tuple(left_open(reading.paragraphs, self.grammar))
        return shown(self.file.name, reading, fills, left)

    def _tell(self, made: Submission, what: str, fix: str) -> None:
        made.problems.append(Problem("", At(self.name), what, fix, note=True))

    def _fill(
        self,
        made: Submission,
        fills: FilledText,
        relations: Sequence[RelationRow],
        whose: tuple[str, str, int],
        sent: SentBeside,
    ) -> None:
        unit, name, year = whose
        for table, cells in self._alone(fills, made, name or unit).items():
            if not sent.has_rows(self.tables[table], unit, year):
                self._one_row(made, table, cells, (unit, year), sent.reports)
        many = [(row.table, dict(self._cells(row))) for row in fills.rows]
        first = sent.reports.first_of((unit, year), self.name) == self.name
        many += [(row.table, self._related(row, first)) for row in relations]
        for table, cells in many:
            described = self.tables[table]
            if cells and not sent.has_rows(described, unit, year):
                made.rows.setdefault(table, []).append(_row(described, cells, unit, year))

    def _one_row(
        self,
        made: Submission,
        table: str,
        cells: dict[str, Cell],
        whose: tuple[str, int],
        reports: ReportsOfUnits,
    ) -> None:
        """The row of a table with one row: of several reports of a unit the first gives a figure, what another says otherwise is told."""
        before = reports.rows.get((table, *whose))
        if before is None:
            row = reports.rows[table, *whose] = _row(self.tables[table], cells, *whose)
            made.rows.setdefault(table, []).append(row)
            return
        for column, cell in cells.items():
            own = before.cells.setdefault(column, cell)
            if own.value != cell.value and self.tables[table].role is not Role.UNITS:
                what = _("{column}写的是{other}，{place}写的是{own}，采用前一份报告的").format(
                    column=column, other=cell.printed, place=own.at, own=own.printed
                )
                made.problems.append(Problem(table, cell.at, what, _("核对两处"), note=True))

    def _alone(self, fills: FilledText, made: Submission, name: str) -> dict[str, dict[str, Cell]]:
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

    def _at(self, line: TextLine, column: str, words: str) -> At:
        stem = Path(self.name).stem
        return At(
            self.name, line.number, column, stem, line.number, words, page=line.page, box=line.box
        )

    def _cell(self, fill: Fill, made: Submission) -> Cell | None:
        column = self.tables[fill.table].column(fill.column)
        assert column is not None
        at = self._at(fill.line, fill.column, fill.words)
        return _typed(fill.text, fill.unit, column, at, made)

    def _cells(self, row: FilledRow) -> Iterator[tuple[str, Cell]]:
        for name, text in row.values.items():
            column = self.tables[row.table].column(name)
            if column is not None:
                cell = _typed(
                    text,
                    column.unit or "",
                    column,
                    self._at(row.line, name, row.words),
                    None,
                )
                if cell is not None:
                    yield name, cell

    def _related(self, row: RelationRow, first: bool) -> dict[str, Cell]:
        """A relation as a row; those of a unit's second report are called after it too, for both have a first relation."""
        made = {
            name: Cell(value, half, printed, self._at(row.line, name, row.words), unit)
            for name, (value, half, printed, unit) in row.cells.items()
        }
        if not first:
            own = made[RELATION_NAME]
            called = f"{Path(self.name).stem} {own.value}"
            made[RELATION_NAME] = replace(own, value=called, printed=called)
        return made


def _typed(text: str, unit: str, column: Column, at: At, made: Submission | None) -> Cell | None:
    """A text of the report as a cell, read as if somebody had typed it."""
    if not column.numeric:
        return Cell(text, None, text, at)
    try:
        found = read_figure(text, column, None if column.exact else unit or None)
    except FigureFault as fault:
        if made is not None:
            made.problems.append(Problem("", at, fault.what, fault.fix))
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


__all__ = ["SentBeside", "rows_of_reports"]
