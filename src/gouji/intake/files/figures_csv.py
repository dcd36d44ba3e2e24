"""figures.csv, one figure a line with its place in a document -> one row a table, unit and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from gouji.base.faults import did_you_mean
from gouji.base.i18n import _
from gouji.intake.files.csv_cells import (
    PLACE_COLUMNS,
    count_left,
    parsed_lines,
    place,
    row_of_whom,
    typed_cell,
)
from gouji.intake.files.csv_lines import Lines, lines_of, swallows
from gouji.intake.files.dataset_head import PLACES, AsPrinted
from gouji.intake.ledger.submission import At, Cell, Lost, Problem, Row, Submission
from gouji.intake.values.codes import unit_code
from gouji.rules import UNITS, Column, ColumnRole, Table

FIGURES = "figures.csv"
NEEDED = ("数据表", "单位代码", "年度", "列", "原文")
LONG = (*NEEDED, "计量单位", *PLACE_COLUMNS)
PLACES_COLUMN = "小数位"
# Table, code of the unit, year.
Whose = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Given:
    """One line: what it says, by header, and where it stands."""

    cells: Mapping[str, str]
    at: At

    def __getitem__(self, header: str) -> str:
        return self.cells.get(header, "")

    @property
    def whose(self) -> Whose:
        """What its figure belongs to."""
        return self["数据表"], unit_code(self["单位代码"]), self["年度"]

    @property
    def printed(self) -> AsPrinted:
        """The unit and the places that stand beside the figure."""
        places = self[PLACES_COLUMN]
        return AsPrinted(self["计量单位"] or None, int(places) if places else None)

    def unknown_print(self) -> str:
        """What is wrong with the unit or the places beside the figure, if anything."""
        unit, places = self["计量单位"], self[PLACES_COLUMN]
        if unit and unit not in UNITS:
            return _("计量单位“{unit}”不认识").format(unit=unit)
        if places and (not places.isdecimal() or int(places) not in PLACES):
            return _("小数位“{places}”不认识").format(places=places)
        return ""

    def unlike(self, cell: Cell) -> bool:
        """Whether the line prints a figure otherwise than another line did."""
        unit = cell.unit or ""
        return cell.printed.strip() != self["原文"] or unit != (self["计量单位"] or unit)


class FiguresFile:
    """Gathers figures of one file into one row a table, unit and year."""

    def __init__(self, name: str, tables: dict[str, Table], submission: Submission) -> None:
        self.name, self.tables, self.submission = name, tables, submission
        self.gathered: dict[Whose, dict[str, Cell]] = {}
        self.twice: set[tuple[Whose, str]] = set()

    def read(self, text: str) -> None:
        """Read the file into the submission."""
        lines = lines_of(text, lambda cells: sum(c.strip() in LONG for c in cells), 1)
        if not self._understood(lines):
            count_left(lines, self.submission)
            return
        for line, cells in parsed_lines(lines, self.name, "", self.submission):
            self.submission.rows_in += 1
            self._line(lines, line, cells)
        for whose, figures in self.gathered.items():
            self._leave_doubtful(whose, figures)
            self._row(whose, figures)

    def _understood(self, lines: Lines) -> bool:
        """Whether the header has what is needed; what else it says is told."""
        absent = [c for c in NEEDED if c not in lines.header]
        if absent:
            what = _("表头缺少 {columns}").format(columns="、".join(absent))
            self.submission.problems.append(
                Problem("", At(self.name, 1), what, _right_header(), lost=Lost.SHEET)
            )
            return False
        for name in lines.header:
            if name and name not in (*LONG, PLACES_COLUMN):
                at = At(self.name, lines.line, name)
                self._problem("", at, _("不认识“{key}”").format(key=name), _right_header())
        return True

    def _line(self, lines: Lines, line: int, cells: list[str]) -> None:
        """One line, if its cells stand below their headers."""
        width = len(lines.header)
        if swallows(cells, lines.separator, width):
            at, what = At(self.name, line), _("这一行的引号没有配对，下面的行并进了一格；不采用")
            self.submission.problems.append(
                Problem("", at, what, _("补上或删去引号"), lost=Lost.SHEET)
            )
            self.submission.set_aside.append(("", Row({}, at), what))
            return
        given = {k: v.strip() for k, v in zip(lines.header, cells, strict=False)}
        if any(c.strip() for c in cells[width:]):
            moved = _Given(given, At(self.name, line))
            self._aside(moved, _("列数与表头不符"), _("补齐或删去多余的逗号"))
        else:
            self._figure(_Given(given, place(self.name, line, given.get("列", ""), given)))

    def _figure(self, given: _Given) -> None:
        """Keep the figure of a line."""
        column = self._column(given)
        if column is None:
            return
        figures = self.gathered.setdefault(given.whose, {})
        if (other := figures.get(column.name)) is not None:
            if given.unlike(other):
                self.twice.add((given.whose, column.name))
            what = _("同一个数写了两次（另一处：{other}）").format(other=other.at)
            self._aside(given, what, _("只留一个；口径不同的另设一列"))
        elif what := given.unknown_print():
            self._aside(given, what, _("计量单位照数据表说明写，小数位写 0 到 6"))
        elif (cell := self._cell(given, column)) is not None:
            figures[column.name] = cell

    def _column(self, given: _Given) -> Column | None:
        """The column that a line names; that there is none, or that it is not for this file, is told."""
        name, column_name = given["数据表"], given["列"]
        table = self.tables.get(name)
        if table is None:
            what = _("没有叫“{table}”的数据表").format(table=name)
            self._aside(given, what, did_you_mean(name, self.tables))
            return None
        column = table.column(column_name)
        if column is not None and table.grain != "many":
            return column
        what = (
            _("“{table}”没有叫“{column}”的列").format(table=name, column=column_name)
            if column is None
            else _("“{table}”有多行，不能写在 figures.csv").format(table=name)
        )
        self._aside(given, what, did_you_mean(column_name, [c.name for c in table.columns]))
        return None

    def _cell(self, given: _Given, column: Column) -> Cell | None:
        printed = AsPrinted(None, given.printed.places) if column.exact else given.printed
        tell = partial(self._aside, given)
        return typed_cell(given["原文"], column, given.at, printed, tell)

    def _leave_doubtful(self, whose: Whose, figures: dict[str, Cell]) -> None:
        """Of figures that were written twice, unlike, nobody knows which of them holds."""
        table, unit, year = whose
        for column in sorted(c for c in figures if (whose, c) in self.twice):
            at = figures.pop(column).at
            self._aside(
                _Given({"数据表": table, "单位代码": unit, "年度": year}, at),
                _("同一个数写了两次，数不相同；都不采用"),
                _("只留一个；口径不同的另设一列"),
            )

    def _row(self, whose: Whose, figures: dict[str, Cell]) -> None:
        """The row of the figures of one table, unit and year."""
        table, (_name, unit, year) = self.tables[whose[0]], whose
        at = next((cell.at for cell in figures.values()), At(self.name))
        cells = dict(figures)
        for role, text in ((ColumnRole.UNIT, unit), (ColumnRole.YEAR, year)):
            column = table.with_role(role)
            spot = At(self.name, at.line, column.name)
            tell = partial(self._problem, table.table, spot)
            if (cell := typed_cell(text, column, spot, AsPrinted(), tell)) is not None:
                cells[column.name] = cell
        self.submission.rows.setdefault(table.table, []).append(Row(cells, at))
        self.submission.rows_in += 1 - len(figures)

    def _aside(self, given: _Given, what: str, fix: str, note: bool = False) -> None:
        """Tell what is wrong with a line; its figure is not taken, but for a remark."""
        name = given["数据表"]
        self._problem(name, given.at, what, fix, note)
        if note:
            return
        table = self.tables.get(name)
        row = (
            row_of_whom(table, given["单位代码"], given["年度"], given.at)
            if table is not None
            else Row({}, given.at)
        )
        self.submission.set_aside.append((name, row, what))

    def _problem(self, table: str, at: At, what: str, fix: str, note: bool = False) -> None:
        self.submission.problems.append(Problem(table, at, what, fix, note))


def _right_header() -> str:
    return _("表头写 {header}").format(header=",".join(LONG))


__all__ = ["FIGURES", "FiguresFile"]
