"""A dataset folder (dataset.yaml, figures.csv, <表>.csv) -> Submission. Door 1: the only reader of submissions.

`figures.csv` holds one figure a line with its place in a document; a file named after a table holds its rows. Cells that cannot be
read, unknown tables, columns and files become problems with their place; the rest goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from gouji.base.digest import sha256
from gouji.base.faults import DataError, did_you_mean
from gouji.base.guard import Unforeseen, attempt
from gouji.base.i18n import _
from gouji.intake.files.csv_header import Headers, known, needed, read_header, words_for
from gouji.intake.files.csv_lines import Lines, Torn, cut_off, decoded, lines_of, swallows
from gouji.intake.files.dataset_head import HEAD, PLACES, AsPrinted, DatasetHead, read_head
from gouji.intake.finding.units import about_units
from gouji.intake.ledger.submission import At, Cell, Lost, Problem, Row, Submission
from gouji.intake.values.blanks import blank, unprinted
from gouji.intake.values.codes import unit_code
from gouji.intake.values.csv_values import doubtful_comma, has_exponent, without_noise
from gouji.intake.values.figure_text import FigureFault, is_blank, read_figure
from gouji.rules import UNITS, Column, ColumnRole, Table

FIGURES = "figures.csv"
LONG = ("数据表", "单位代码", "年度", "列", "原文", "计量单位", "来源", "行", "前文")
PLACE_COLUMNS, PLACES_COLUMN = ("来源", "行", "前文"), "小数位"
WHOSE, YEAR = (ColumnRole.UNIT, ColumnRole.YEAR), re.compile("(19|20)[0-9]{2}")
MAX_BYTES = 512 * 1024 * 1024


def read_folder(
    folder: Path,
    tables: dict[str, Table],
    *,
    csv_needed: bool = True,
    prefix: str = "",
    files: Sequence[Path] | None = None,
) -> Submission:
    """Read the CSV files of a dataset folder (`files`: of them these); places name files with `prefix` before them.

    Raises DataError when there is no such folder or it holds no table at all.
    """
    if not folder.is_dir():
        raise DataError(_("没有这个文件夹：{name}").format(name=folder), mend=_("检查路径"))
    head = read_head(folder, tables, prefix)
    submission = Submission(
        head.title, folder.name, head.note, head.invented, problems=list(head.problems)
    )
    files = (
        files
        if files is not None
        else sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.is_file())
    )
    if not files and csv_needed:
        raise DataError(
            _("{name} 里没有 CSV").format(name=folder),
            mend=_("放入 figures.csv 或以数据表命名的 CSV"),
        )
    for path in files:
        merge(
            submission,
            attempt(
                partial(_read, path, prefix + path.name, tables, head),
                partial(_stumbled, prefix + path.name),
            ),
        )
    return submission


def _read(path: Path, name: str, tables: dict[str, Table], head: DatasetHead) -> Submission:
    """One file as its own submission."""
    made = Submission("", "")
    text = _text(path, name, made)
    if text is None:
        made.refused += 1
    elif path.name == FIGURES:
        _Long(name, tables, made).read(text)
    elif path.stem in tables:
        wide = _Wide(name, tables[path.stem], head.printed.get(path.stem, AsPrinted()), made)
        wide.leave(text, _("{head} 里没有看懂的话可能说到它").format(head=HEAD)) if head.doubts(
            tables[path.stem]
        ) else wide.read(text)
    else:
        made.problems.append(
            Problem(
                path.stem,
                At(name),
                _("没有叫“{table}”的数据表").format(table=path.stem),
                did_you_mean(path.stem, tables),
                lost=Lost.SHEET,
            )
        )
    return made


def _stumbled(name: str, fault: Unforeseen) -> Submission:
    return Submission(
        "", "", problems=[Problem("", At(name), fault.what, fault.fix, lost=Lost.SHEET)], refused=1
    )


def merge(into: Submission, one: Submission) -> None:
    """Add what was read of a part."""
    for table, rows in one.rows.items():
        into.rows.setdefault(table, []).extend(rows)
    into.problems += one.problems
    into.set_aside += one.set_aside
    into.rows_in += one.rows_in
    into.rows_aside += one.rows_aside
    into.refused += one.refused
    into.digests |= one.digests
    into.invented = into.invented or one.invented


def _text(path: Path, name: str, submission: Submission) -> str | None:
    if path.stat().st_size > MAX_BYTES:
        submission.problems.append(
            Problem(
                path.stem,
                At(name),
                _("文件超过 {n} MB").format(n=MAX_BYTES >> 20),
                _("分成几个文件，或用 Parquet"),
                lost=_of_file(path),
            )
        )
        return None
    try:
        raw = path.read_bytes()
    except OSError as fault:
        submission.problems.append(
            Problem(
                path.stem,
                At(name),
                _("文件读不了：{why}").format(why=fault.strerror or fault),
                _("检查权限和磁盘，重新报送"),
                lost=_of_file(path),
            )
        )
        return None
    submission.digests[path.name] = sha256(raw)
    text = decoded(raw)
    if text is None:
        submission.problems.append(
            Problem(
                path.stem,
                At(name),
                _("既不是 UTF-8 也不是 GB18030"),
                _("另存为 UTF-8"),
                lost=_of_file(path),
            )
        )
    return text


def _of_file(path: Path) -> Lost:
    """What is lost with a whole file: the rows of the table it is named after, or figures of any table."""
    return Lost.SHEET if path.name == FIGURES else Lost.ROWS


def _whole(
    lines: Lines, name: str, table: str, submission: Submission
) -> Iterator[tuple[int, list[str]]]:
    """The lines that can be parsed; one that cannot is a problem."""
    for line, cells in lines:
        if isinstance(cells, Torn):
            lost = Lost.ROWS if table else Lost.SHEET
            submission.problems.append(
                Problem(
                    table,
                    At(name, line),
                    _("CSV 这一行读不了：{why}").format(why=cells.why),
                    _("检查引号是否成对"),
                    lost=lost,
                )
            )
        else:
            yield line, cells


def _leave(lines: Lines, submission: Submission) -> None:
    """Count the rows of which none is taken."""
    rows = sum(not isinstance(cells, Torn) for _line, cells in lines) - (0 if lines.line else 1)
    submission.rows_in += max(rows, 0)
    submission.rows_aside += max(rows, 0)


class _Wide:
    """A file with the rows of one table."""

    def __init__(self, name: str, table: Table, printed: AsPrinted, submission: Submission) -> None:
        self.name, self.table, self.printed, self.submission = name, table, printed, submission
        self.headers, self.separator, self.noisy = Headers(()), ",", set[str]()

    def read(self, text: str) -> None:
        lines = self._lines(text)
        if not self._understood(lines):
            _leave(lines, self.submission)
            return
        names, width = self.headers.names, len(self.headers.names)
        for line, cells in _whole(lines, self.name, self.table.table, self.submission):
            if swallows(cells, self.separator, width):
                what = _("这一行的引号没有配对，下面的行并进了一格；不采用")
                self._anybodys(line, what, _("补上或删去引号"))
                continue
            if len(cells) < width and cut_off(text, line):
                what = _("文件到这一行没有完，下面的行不知道有没有；这一行不采用")
                self._anybodys(line, what, _("重新导出、重新报送整个文件"))
                continue
            ragged = len(cells) < width or any(c.strip() for c in cells[width:])
            self._row(line, dict(zip(names, cells, strict=False)), ragged)

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
            seen = next(
                (
                    cells
                    for _line, cells in Lines(lines.text, lines.separator, 0, ())
                    if not isinstance(cells, Torn)
                ),
                [],
            )
            what = _("表头没有看懂：{header}").format(
                header=(lines.separator.join(lines.header or seen)).strip()[:80]
            )
            self._problem(
                At(self.name, lines.line or 1),
                what,
                _("表头要有 {columns}，用逗号隔开").format(columns="、".join(absent)),
                lost=Lost.ROWS,
            )
            return False
        if self.headers.doubled:
            self._problem(
                At(self.name, lines.line),
                _("表头有重复的列：{column}").format(column=self.headers.doubled),
                _("改成不同的列名"),
                lost=Lost.ROWS,
            )
            return False
        for name in self.headers.unknown:
            what = _("“{table}”没有叫“{column}”的列").format(table=self.table.table, column=name)
            self._problem(
                At(self.name, lines.line, name),
                what,
                did_you_mean(name, (c.name for c in self.table.columns)),
            )
        for name, what, mend in self.headers.faults:
            self._problem(At(self.name, lines.line, name), what, mend)
        return not lines.line or self._alone(lines)

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
        _leave(self._lines(text), self.submission)

    def _anybodys(self, line: int, what: str, mend: str) -> None:
        """A line that is no row, with which lines of nobody knows whom are gone."""
        self.submission.rows_in += 1
        at = At(self.name, line)
        self._problem(at, what, mend)
        self.submission.set_aside.append((self.table.table, Row({}, at), what))

    def _row(self, line: int, given: dict[str, str], ragged: bool) -> None:
        self.submission.rows_in += 1
        if ragged:
            self._problem(At(self.name, line), _("列数与表头不符"), _("补齐或删去多余的逗号"))
            unit, year = (given.get(self.table.with_role(role).name, "") for role in WHOSE)
            self.submission.set_aside.append(
                (
                    self.table.table,
                    _whose(self.table, unit, year, At(self.name, line)),
                    _("列数与表头不符"),
                )
            )
            return
        cells, doubtful = {}, self.headers.doubts(given)
        for column in self.table.columns:
            text, at = given.get(column.name), self._at(line, column.name, given)
            if column.name in self.headers.refused or (text is None and doubtful):
                continue
            cell = unprinted(column, at) if text is None else self._typed(text, column, at)
            if cell is not None:
                cells[column.name] = cell
        unread = self.headers.unread(given, cells, self.table)
        row = Row(cells, self._at(line, "", given), unread)
        lost = [c for c in needed(self.table) if given.get(c, "").strip() and c not in cells]
        if lost:
            if is_blank(given[lost[0]]):
                self._problem(
                    self._at(line, lost[0], given),
                    _("“{column}”没有填").format(column=lost[0]),
                    _("补上"),
                )
            # What else is wrong with it has been said.
            self.submission.set_aside.append(
                (self.table.table, row, _("“{column}”读不出").format(column=lost[0]))
            )
        else:
            self.submission.rows.setdefault(self.table.table, []).append(row)

    def _typed(self, text: str, column: Column, at: At) -> Cell | None:
        """The cell, with what programs write in a CSV and nobody in a form."""
        if not column.numeric and has_exponent(text):
            self._problem(
                at,
                _("“{text}”是被当作数字存过的编码，后面几位已经丢了").format(text=text.strip()),
                _("从原来的文件按文本重新导出"),
            )
            return None
        if column.numeric and doubtful_comma(text, self.separator):
            self._problem(
                at,
                _("“{text}”里的逗号是千分位还是小数点，看不出").format(text=text.strip()),
                _("小数点写 . ，不写千分位"),
            )
            return None
        clean = without_noise(text) if column.numeric else None
        if clean is not None and column.name not in self.noisy:
            self.noisy.add(column.name)
            what = _("“{text}”带着计算误差，按 15 位有效数字读成 {value}；这一列都这样读").format(
                text=text.strip(), value=clean
            )
            self.submission.problems.append(Problem(self.table.table, at, what, "", note=True))
        unit = self.headers.units.get(column.name)
        printed = AsPrinted(unit, None) if unit is not None else self.printed
        return _cell(text if clean is None else clean, column, at, printed, self._problem)

    def _at(self, line: int, column: str, given: dict[str, str]) -> At:
        number = given.get("行", "").strip()
        return At(
            self.name,
            line,
            column,
            given.get("来源", "").strip(),
            int(number) if number.isdecimal() else 0,
            given.get("前文", "").strip(),
        )

    def _problem(
        self, at: At, what: str, mend: str, note: bool = False, lost: Lost = Lost.NOTHING
    ) -> None:
        self.submission.problems.append(Problem(self.table.table, at, what, mend, note, lost))


def _whose(table: Table, unit: str, year: str, at: At) -> Row:
    """A row that is set aside, with unit and year if both look like it: in a line whose cells have moved, what stands for the one is not what it says."""
    if not unit.strip() or not YEAR.fullmatch(year.strip()):
        return Row({}, at)
    found = ((table.with_role(role), text) for role, text in zip(WHOSE, (unit, year), strict=True))
    cells = {
        c.name: _cell(text, c, At(at.file, at.line, c.name), AsPrinted(), _untold)
        for c, text in found
    }
    return Row({name: cell for name, cell in cells.items() if cell is not None}, at)


def _untold(_at: At, _what: str, _mend: str, _note: bool = False) -> None:
    """What cannot be read in a line, said once for the line."""


def _cell(text: str, column: Column, at: At, printed: AsPrinted, problem: Any) -> Cell | None:
    if not column.numeric:
        kept = unit_code(text) if column.role is ColumnRole.UNIT else text.strip()
        if not kept and text.strip():
            # Nothing but signs that nobody sees.
            problem(at, _("“{column}”没有填").format(column=column.name), _("补上"))
        return Cell(kept, None, text.strip(), at) if kept else None
    if is_blank(text):
        return blank(column, at)
    money_like = column.unit is not None and not column.exact
    try:
        read = read_figure(
            text,
            column,
            printed.unit if money_like else None,
            printed.places if money_like else None,
        )
    except FigureFault as fault:
        problem(at, fault.what, fault.mend)
        return None
    if read.told:
        problem(at, read.told, "", True)
    return Cell(read.value, read.half, text.strip(), at, read.unit)


class _Long:
    """figures.csv: one figure a line, gathered into one row a table, unit and year."""

    def __init__(self, name: str, tables: dict[str, Table], submission: Submission) -> None:
        self.name, self.tables, self.submission = name, tables, submission
        self.gathered: dict[tuple[str, str, str], dict[str, Cell]] = {}
        self.twice: set[tuple[str, str, str, str]] = set()

    def read(self, text: str) -> None:
        lines = lines_of(text, lambda cells: sum(c.strip() in LONG for c in cells), 1)
        header = lines.header
        absent = [c for c in LONG[:5] if c not in header]
        if absent:
            _leave(lines, self.submission)
            what, mend = (
                _("表头缺少 {columns}").format(columns="、".join(absent)),
                _("表头写 {header}").format(header=",".join(LONG)),
            )
            self.submission.problems.append(
                Problem("", At(self.name, 1), what, mend, lost=Lost.SHEET)
            )
            return
        for name in header:
            if name and name not in (*LONG, PLACES_COLUMN):
                self._problem(
                    "",
                    At(self.name, lines.line, name),
                    _("不认识“{key}”").format(key=name),
                    _("表头写 {header}").format(header=",".join(LONG)),
                )
        for line, cells in _whole(lines, self.name, "", self.submission):
            self.submission.rows_in += 1
            given = {k: v.strip() for k, v in zip(header, cells, strict=False)}
            if swallows(cells, lines.separator, len(header)):
                at, what = (
                    At(self.name, line),
                    _("这一行的引号没有配对，下面的行并进了一格；不采用"),
                )
                self.submission.problems.append(
                    Problem("", at, what, _("补上或删去引号"), lost=Lost.SHEET)
                )
                self.submission.set_aside.append(("", Row({}, at), what))
                continue
            if any(c.strip() for c in cells[len(header) :]):
                self._aside(
                    given.get("数据表", ""),
                    given,
                    At(self.name, line),
                    _("列数与表头不符"),
                    _("补齐或删去多余的逗号"),
                )
            else:
                self._figure(line, given)
        for (table, unit, year), figures in self.gathered.items():
            for one in sorted(self.twice & {(table, unit, year, c) for c in figures}):
                # Nobody knows which of them holds.
                at = figures.pop(one[3]).at
                self._aside(
                    table,
                    {"单位代码": unit, "年度": year},
                    at,
                    _("同一个数写了两次，数不相同；都不采用"),
                    _("只留一个；口径不同的另设一列"),
                )
            self._row(self.tables[table], unit, year, figures)

    def _figure(self, line: int, given: dict[str, str]) -> None:
        name, column_name = given.get("数据表", ""), given.get("列", "")
        number = given.get("行", "")
        at = At(
            self.name,
            line,
            column_name,
            given.get("来源", ""),
            int(number) if number.isdecimal() else 0,
            given.get("前文", ""),
        )
        table = self.tables.get(name)
        column = table.column(column_name) if table else None
        if table is None or column is None or table.grain == "many":
            what = (
                _("没有叫“{table}”的数据表").format(table=name)
                if table is None
                else _("“{table}”没有叫“{column}”的列").format(table=name, column=column_name)
                if column is None
                else _("“{table}”有多行，不能写在 figures.csv").format(table=name)
            )
            known = list(self.tables) if table is None else [c.name for c in table.columns]
            self._aside(
                name, given, at, what, did_you_mean(name if table is None else column_name, known)
            )
            return
        figures = self.gathered.setdefault(
            (name, unit_code(given.get("单位代码", "")), given.get("年度", "")), {}
        )
        if column_name in figures:
            if _unlike(figures[column_name], given):
                self.twice.add(
                    (name, unit_code(given.get("单位代码", "")), given.get("年度", ""), column_name)
                )
            self._aside(
                name,
                given,
                at,
                _("同一个数写了两次（另一处：{other}）").format(other=figures[column_name].at),
                _("只留一个；口径不同的另设一列"),
            )
            return
        unit, places = given.get("计量单位", ""), given.get("小数位", "")
        if (unit and unit not in UNITS) or (
            places and (not places.isdecimal() or int(places) not in PLACES)
        ):
            what = (
                _("计量单位“{unit}”不认识").format(unit=unit)
                if unit and unit not in UNITS
                else _("小数位“{places}”不认识").format(places=places)
            )
            self._aside(name, given, at, what, _("计量单位照数据表说明写，小数位写 0 到 6"))
            return
        printed = AsPrinted(unit or None, int(places) if places else None)
        cell = _cell_as_printed(
            given.get("原文", ""), column, at, printed, partial(self._aside, name, given)
        )
        if cell is not None:
            figures[column_name] = cell

    def _row(self, table: Table, unit: str, year: str, figures: dict[str, Cell]) -> None:
        first = next(iter(figures.values()), None)
        at = first.at if first else At(self.name)
        cells = dict(figures)
        for role, text in ((ColumnRole.UNIT, unit), (ColumnRole.YEAR, year)):
            column = table.with_role(role)
            cell = _cell(
                text,
                column,
                At(self.name, at.line, column.name),
                AsPrinted(),
                partial(self._problem, table.table),
            )
            if cell is not None:
                cells[column.name] = cell
        self.submission.rows.setdefault(table.table, []).append(Row(cells, at))
        self.submission.rows_in += 1 - len(figures)

    def _aside(
        self, table: str, given: dict[str, str], at: At, what: str, mend: str, note: bool = False
    ) -> None:
        self._problem(table, at, what, mend, note)
        if note:
            return
        row = (
            _whose(self.tables[table], given.get("单位代码", ""), given.get("年度", ""), at)
            if table in self.tables
            else Row({}, at)
        )
        self.submission.set_aside.append((table, row, what))

    def _problem(self, table: str, at: At, what: str, mend: str, note: bool = False) -> None:
        self.submission.problems.append(Problem(table, at, what, mend, note))


def _unlike(cell: Cell, given: dict[str, str]) -> bool:
    """Whether a second line for a figure prints it otherwise."""
    return cell.printed.strip() != given.get("原文", "") or (cell.unit or "") != (
        given.get("计量单位", "") or cell.unit or ""
    )


def _cell_as_printed(
    text: str, column: Column, at: At, printed: AsPrinted, problem: Any
) -> Cell | None:
    """As `_cell`, with the unit stated beside the figure itself."""
    if not column.numeric or is_blank(text):
        return _cell(text, column, at, printed, problem)
    try:
        read = read_figure(text, column, None if column.exact else printed.unit, printed.places)
    except FigureFault as fault:
        problem(at, fault.what, fault.mend)
        return None
    if read.told:
        problem(at, read.told, "", True)
    return Cell(read.value, read.half, text, at, read.unit)
