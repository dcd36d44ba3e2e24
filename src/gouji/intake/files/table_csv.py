"""A CSV file named after a table -> its rows in a submission; what cannot be read is told with its place."""

from __future__ import annotations

from functools import partial

from gouji.base.faults import did_you_mean
from gouji.base.i18n import _
from gouji.intake.files.csv_cells import (
    PLACE_COLUMNS,
    WHOSE,
    count_left,
    parsed_lines,
    place,
    row_of_whom,
    typed_cell,
)
from gouji.intake.files.csv_header import Headers, known, needed, read_header, words_for
from gouji.intake.files.csv_lines import Lines, Torn, cut_off, lines_of, swallows
from gouji.intake.files.dataset_head import HEAD, AsPrinted
from gouji.intake.finding.units import about_units
from gouji.intake.ledger.submission import At, Cell, Lost, Problem, Row, Submission
from gouji.intake.ledger.told_once import told_once
from gouji.intake.values.blanks import unprinted
from gouji.intake.values.csv_values import doubtful_comma, has_exponent, without_noise
from gouji.intake.values.figure_text import is_blank
from gouji.rules import Column, Table


class TableFile:
    """A file with the rows of one table."""

    def __init__(self, name: str, table: Table, printed: AsPrinted, submission: Submission) -> None:
        self.name, self.table, self.printed, self.submission = name, table, printed, submission
        self.headers, self.separator, self.noisy = Headers(()), ",", set[str]()

    def read(self, text: str) -> None:
        """Read the file into the submission."""
        lines = self._lines(text)
        if not self._understood(lines):
            count_left(lines, self.submission)
            return
        told_before = len(self.submission.problems)
        self._read_lines(lines, text)
        self.submission.problems[told_before:] = told_once(self.submission.problems[told_before:])

    def _read_lines(self, lines: Lines, text: str) -> None:
        names, width = self.headers.names, len(self.headers.names)
        for line, cells in parsed_lines(lines, self.name, self.table.table, self.submission):
            self.submission.rows_in += 1
            given = dict(zip(names, cells, strict=False))
            if swallows(cells, self.separator, width):
                what = _("这一行的引号没有配对，下面的行并进了一格；不采用")
                self._leave_anybodys(line, what, _("补上或删去引号"))
            elif len(cells) < width and cut_off(text, line):
                what = _("文件到这一行没有完，下面的行不知道有没有；这一行不采用")
                self._leave_anybodys(line, what, _("重新导出、重新报送整个文件"))
            elif len(cells) < width or any(c.strip() for c in cells[width:]):
                self._leave_ragged(line, given)
            else:
                self._take(line, given)

    def _lines(self, text: str) -> Lines:
        words = words_for(self.table)
        found = lines_of(text, lambda cells: known(cells, words), 2)
        self.separator = found.separator
        self.headers = read_header(found.header, self.table, PLACE_COLUMNS)
        return found

    def _understood(self, lines: Lines) -> bool:
        """Whether rows can be told apart by the header; what is wrong with it is told once."""
        absent = [c for c in needed(self.table) if c not in self.headers.names]
        if absent:
            self._tell_no_header(lines, absent)
            return False
        if self.headers.doubled:
            what = _("表头有重复的列：{column}").format(column=self.headers.doubled)
            at = At(self.name, lines.line)
            self._problem(at, what, _("改成不同的列名"), lost=Lost.ROWS)
            return False
        for name in self.headers.unknown:
            what = _("“{table}”没有叫“{column}”的列").format(table=self.table.table, column=name)
            fix = did_you_mean(name, (c.name for c in self.table.columns))
            self._problem(At(self.name, lines.line, name), what, fix)
        for name, what, fix in self.headers.faults:
            self._problem(At(self.name, lines.line, name), what, fix)
        return not lines.line or self._alone(lines)

    def _tell_no_header(self, lines: Lines, absent: list[str]) -> None:
        """Nobody knows what stands in the columns: the header that was found, or the first line, lacks some that are needed."""
        every = Lines(lines.text, lines.separator, 0, ())
        first = next((cells for _line, cells in every if not isinstance(cells, Torn)), [])
        seen = lines.separator.join(lines.header or first).strip()[:80]
        self._problem(
            At(self.name, lines.line or 1),
            _("表头没有看懂：{header}").format(header=seen),
            _("表头要有 {columns}，用逗号隔开").format(columns="、".join(absent)),
            lost=Lost.ROWS,
        )

    def _alone(self, lines: Lines) -> bool:
        """Lines above the header may be a title; one that speaks of units is no small matter."""
        for line, cells in Lines(lines.text, lines.separator, 0, ()):
            if line >= lines.line:
                break
            if not isinstance(cells, Torn) and any(about_units(c) for c in cells):
                self._problem(
                    At(self.name, line),
                    _("表头上面写着计量单位：{text}").format(text=" ".join(cells).strip()[:80]),
                    _("写进表头，例如 决算数（万元）；删去表头上面的行"),
                    lost=Lost.ROWS,
                )
                return False
        if lines.line > 1 + (lines.text.lstrip('"').lower().startswith("sep=")):
            what = _("表头在第 {line} 行，上面的行不读").format(line=lines.line)
            self.submission.problems.append(
                Problem(self.table.table, At(self.name, 1), what, "", note=True)
            )
        return True

    def leave(self, text: str, why: str) -> None:
        """Take nothing of the file, told once; its rows are counted."""
        self._problem(
            At(self.name),
            _("不采用：{why}").format(why=why),
            _("改好 {head}").format(head=HEAD),
            lost=Lost.ROWS,
        )
        count_left(self._lines(text), self.submission)

    def _leave_anybodys(self, line: int, what: str, fix: str) -> None:
        """A line that is no row, with which lines of nobody knows whom are gone."""
        at = At(self.name, line)
        self._problem(at, what, fix)
        self.submission.set_aside.append((self.table.table, Row({}, at), what))

    def _leave_ragged(self, line: int, given: dict[str, str]) -> None:
        """A line with more or fewer cells than the header."""
        at, what = At(self.name, line), _("列数与表头不符")
        self._problem(at, what, _("补齐或删去多余的逗号"))
        unit, year = (given.get(self.table.with_role(role).name, "") for role in WHOSE)
        row = row_of_whom(self.table, unit, year, at)
        self.submission.set_aside.append((self.table.table, row, what))

    def _take(self, line: int, given: dict[str, str]) -> None:
        """A line as a row, if what tells it apart can be read."""
        cells = self._cells(line, given)
        unread = self.headers.unread(given, cells, self.table)
        row = Row(cells, place(self.name, line, "", given), unread)
        lost = [c for c in needed(self.table) if given.get(c, "").strip() and c not in cells]
        if not lost:
            self.submission.rows.setdefault(self.table.table, []).append(row)
            return
        # What else is wrong with it has been said.
        if is_blank(given[lost[0]]):
            what = _("“{column}”没有填").format(column=lost[0])
            self._problem(place(self.name, line, lost[0], given), what, _("补上"))
        why = _("“{column}”读不出").format(column=lost[0])
        self.submission.set_aside.append((self.table.table, row, why))

    def _cells(self, line: int, given: dict[str, str]) -> dict[str, Cell]:
        """The cells of a line that can be read, and what stands for columns that the file does not have."""
        cells, doubtful = dict[str, Cell](), self.headers.doubts(given)
        for column in self.table.columns:
            text = given.get(column.name)
            if column.name in self.headers.refused or (text is None and doubtful):
                continue
            at = place(self.name, line, column.name, given)
            cell = unprinted(column, at) if text is None else self._typed(text, column, at)
            if cell is not None:
                cells[column.name] = cell
        return cells

    def _typed(self, text: str, column: Column, at: At) -> Cell | None:
        """The cell, with what programs write in a CSV and nobody in a form."""
        if not column.numeric:
            if has_exponent(text):
                what = _("“{text}”是被当作数字存过的编码，后面几位已经丢了")
                self._problem(at, what.format(text=text.strip()), _("从原来的文件按文本重新导出"))
                return None
            return typed_cell(text, column, at, AsPrinted(), partial(self._problem, at))
        if doubtful_comma(text, self.separator):
            what = _("“{text}”里的逗号是千分位还是小数点，看不出").format(text=text.strip())
            self._problem(at, what, _("小数点写 . ，不写千分位"))
            return None
        clean = without_noise(text)
        if clean is not None:
            self._tell_noise(text, clean, column, at)
            text = clean
        return typed_cell(text, column, at, self._printed(column), partial(self._problem, at))

    def _tell_noise(self, text: str, clean: str, column: Column, at: At) -> None:
        """A number that a program worked out in binary, told once a column."""
        if column.name in self.noisy:
            return
        self.noisy.add(column.name)
        what = _("“{text}”带着计算误差，按 15 位有效数字读成 {value}；这一列都这样读").format(
            text=text.strip(), value=clean
        )
        self.submission.problems.append(Problem(self.table.table, at, what, "", note=True))

    def _printed(self, column: Column) -> AsPrinted:
        """How the file prints a column: as its header says, else as the folder does; whole numbers and what has no unit as they stand."""
        if column.unit is None or column.exact:
            return AsPrinted()
        unit = self.headers.units.get(column.name)
        return AsPrinted(unit, None) if unit is not None else self.printed

    def _problem(
        self, at: At, what: str, fix: str, note: bool = False, lost: Lost = Lost.NOTHING
    ) -> None:
        self.submission.problems.append(Problem(self.table.table, at, what, fix, note, lost))


__all__ = ["TableFile"]
