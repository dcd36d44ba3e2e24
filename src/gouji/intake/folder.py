"""A dataset folder (dataset.yaml, figures.csv, <表>.csv) -> Submission. Door 1: the only reader of submissions.

`figures.csv` holds one figure a line with its place in a document; a file named after a table holds its rows. Cells that cannot be
read, unknown tables, columns and files become problems with their place; the rest goes on.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from gouji.faults import DataError, did_you_mean
from gouji.guard import Unforeseen, attempt
from gouji.i18n import _
from gouji.intake.blanks import blank, unprinted
from gouji.intake.codes import unit_code
from gouji.intake.figure import FigureFault, is_blank, read_figure
from gouji.intake.head import HEAD, PLACES, Head, Printed, read_head
from gouji.intake.submission import At, Cell, Problem, Row, Submission
from gouji.load.tables import UNITS, Column, ColumnRole, Table

FIGURES = "figures.csv"
LONG = ("数据表", "单位代码", "年度", "列", "原文", "计量单位", "来源", "行", "前文")
PLACE_COLUMNS = ("来源", "行", "前文")
MAX_BYTES = 512 * 1024 * 1024


def read_folder(folder: Path, tables: dict[str, Table], *, csv_needed: bool = True, prefix: str = "", files: Sequence[Path] | None = None) -> Submission:
    """Read the CSV files of a dataset folder (`files`: of them these); places name files with `prefix` before them.

    Raises DataError when there is no such folder or it holds no table at all.
    """
    if not folder.is_dir():
        raise DataError(_("没有这个文件夹: {name}").format(name=folder), mend=_("检查路径"))
    head = read_head(folder, tables, prefix)
    submission = Submission(head.title, folder.name, head.note, head.invented, problems=list(head.problems))
    files = files if files is not None else sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.is_file())
    if not files and csv_needed:
        raise DataError(_("{name} 里没有 CSV").format(name=folder), mend=_("放入 figures.csv 或以数据表命名的 CSV"))
    for path in files:
        merge(submission, attempt(partial(_read, path, prefix + path.name, tables, head), partial(_stumbled, prefix + path.name)))
    return submission


def _read(path: Path, name: str, tables: dict[str, Table], head: Head) -> Submission:
    """One file as a submission of its own."""
    made = Submission("", "")
    text = _text(path, name, made)
    if text is None:
        made.refused += 1
    elif path.name == FIGURES:
        _Long(name, tables, made).read(text)
    elif path.stem in tables:
        wide = _Wide(name, tables[path.stem], head.printed.get(path.stem, Printed()), made)
        wide.leave(text, _("{head} 里没有看懂的话可能说到它").format(head=HEAD)) if head.doubts(tables[path.stem]) else wide.read(text)
    else:
        made.problems.append(Problem(path.stem, At(name), _("没有叫“{table}”的数据表").format(table=path.stem), did_you_mean(path.stem, tables)))
    return made


def _stumbled(name: str, fault: Unforeseen) -> Submission:
    return Submission("", "", problems=[Problem("", At(name), fault.what, fault.fix)], refused=1)


def merge(into: Submission, one: Submission) -> None:
    """Add what was read of a part."""
    for table, rows in one.rows.items():
        into.rows.setdefault(table, []).extend(rows)
    into.problems += one.problems
    into.set_aside += one.set_aside
    into.rows_in += one.rows_in
    into.refused += one.refused
    into.digests |= one.digests
    into.invented = into.invented or one.invented


def _text(path: Path, name: str, submission: Submission) -> str | None:
    if path.stat().st_size > MAX_BYTES:
        submission.problems.append(
            Problem(path.stem, At(name), _("文件超过 {n} MB").format(n=MAX_BYTES >> 20), _("分成几个文件, 或用 Parquet"))
        )
        return None
    try:
        raw = path.read_bytes()
    except OSError as fault:
        submission.problems.append(Problem(path.stem, At(name), _("文件读不了: {why}").format(why=fault.strerror or fault), _("检查权限和磁盘, 重新报送")))
        return None
    submission.digests[path.name] = hashlib.sha256(raw).hexdigest()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    submission.problems.append(Problem(path.stem, At(name), _("既不是 UTF-8 也不是 GB18030"), _("另存为 UTF-8")))
    return None


def _lines(text: str, name: str, table: str, submission: Submission) -> Iterator[tuple[int, list[str]]]:
    """Lines of a CSV with their numbers; a line that cannot be parsed is a problem."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            submission.problems.append(
                Problem(table, At(name, line), _("CSV 这一行读不了: {why}").format(why=fault), _("检查引号是否成对"))
            )


class _Wide:
    """A file with the rows of one table."""

    def __init__(self, name: str, table: Table, printed: Printed, submission: Submission) -> None:
        self.name, self.table, self.printed, self.submission = name, table, printed, submission

    def read(self, text: str) -> None:
        lines = _lines(text, self.name, self.table.table, self.submission)
        header = next(lines, (1, []))[1]
        known = [c.strip() for c in header]
        for column in known:
            if self.table.column(column) is None and column not in PLACE_COLUMNS:
                self._problem(
                    At(self.name, 1, column),
                    _("“{table}”没有叫“{column}”的列").format(table=self.table.table, column=column),
                    did_you_mean(column, (c.name for c in self.table.columns)),
                )
        if len(set(known)) != len(known):
            self._problem(At(self.name, 1), _("表头有重复的列"), _("改成不同的列名"))
            return
        for line, cells in lines:
            if any(c.strip() for c in cells):
                self._row(line, dict(zip(known, cells, strict=False)), len(cells) != len(known))

    def leave(self, text: str, why: str) -> None:
        """Take nothing of the file, told once; its rows are counted."""
        rows = sum(any(c.strip() for c in cells) for _line, cells in _lines(text, self.name, self.table.table, self.submission)) - 1
        self._problem(At(self.name), _("不采用: {why}").format(why=why), _("改好 {head}").format(head=HEAD))
        self.submission.rows_in += max(rows, 0)
        self.submission.rows_aside += max(rows, 0)

    def _row(self, line: int, given: dict[str, str], ragged: bool) -> None:
        self.submission.rows_in += 1
        if ragged:
            self._problem(At(self.name, line), _("列数与表头不符"), _("补齐或删去多余的逗号"))
            self.submission.set_aside.append((self.table.table, Row({}, At(self.name, line)), _("列数与表头不符")))
            return
        cells = {}
        for column in self.table.columns:
            text, at = given.get(column.name), self._at(line, column.name, given)
            cell = unprinted(column, at) if text is None else _cell(text, column, at, self.printed, self._problem)
            if cell is not None:
                cells[column.name] = cell
        self.submission.rows.setdefault(self.table.table, []).append(Row(cells, self._at(line, "", given)))

    def _at(self, line: int, column: str, given: dict[str, str]) -> At:
        number = given.get("行", "").strip()
        return At(
            self.name, line, column, given.get("来源", "").strip(), int(number) if number.isdecimal() else 0, given.get("前文", "").strip()
        )

    def _problem(self, at: At, what: str, mend: str) -> None:
        self.submission.problems.append(Problem(self.table.table, at, what, mend))


def _cell(text: str, column: Column, at: At, printed: Printed, problem: Any) -> Cell | None:
    if not column.numeric:
        kept = unit_code(text) if column.role is ColumnRole.UNIT else text.strip()
        return Cell(kept, None, text.strip(), at) if kept else None
    if is_blank(text):
        return blank(column, at)
    money_like = column.unit is not None and not column.exact
    try:
        read = read_figure(text, column, printed.unit if money_like else None, printed.places if money_like else None)
    except FigureFault as fault:
        problem(at, fault.what, fault.mend)
        return None
    return Cell(read.value, read.half, text.strip(), at, read.unit)


class _Long:
    """figures.csv: one figure a line, gathered into one row a table, unit and year."""

    def __init__(self, name: str, tables: dict[str, Table], submission: Submission) -> None:
        self.name, self.tables, self.submission = name, tables, submission
        self.gathered: dict[tuple[str, str, str], dict[str, Cell]] = {}

    def read(self, text: str) -> None:
        lines = _lines(text, self.name, "", self.submission)
        header = [c.strip() for c in next(lines, (1, []))[1]]
        absent = [c for c in LONG[:5] if c not in header]
        if absent:
            self._problem(
                "",
                At(self.name, 1),
                _("表头缺少 {columns}").format(columns="、".join(absent)),
                _("表头写 {header}").format(header=",".join(LONG)),
            )
            return
        for line, cells in lines:
            if any(c.strip() for c in cells):
                self.submission.rows_in += 1
                self._figure(line, {k: v.strip() for k, v in zip(header, cells, strict=False)})
        for (table, unit, year), figures in self.gathered.items():
            self._row(self.tables[table], unit, year, figures)

    def _figure(self, line: int, given: dict[str, str]) -> None:
        name, column_name = given.get("数据表", ""), given.get("列", "")
        number = given.get("行", "")
        at = At(self.name, line, column_name, given.get("来源", ""), int(number) if number.isdecimal() else 0, given.get("前文", ""))
        table = self.tables.get(name)
        column = table.column(column_name) if table else None
        if table is None or column is None or table.grain == "many":
            what = (
                _("没有叫“{table}”的数据表").format(table=name)
                if table is None
                else _("“{table}”没有叫“{column}”的列").format(table=name, column=column_name)
                if column is None
                else _("“{table}”有多行, 不能写在 figures.csv").format(table=name)
            )
            known = list(self.tables) if table is None else [c.name for c in table.columns]
            self._aside(name, at, what, did_you_mean(name if table is None else column_name, known))
            return
        figures = self.gathered.setdefault((name, unit_code(given.get("单位代码", "")), given.get("年度", "")), {})
        if column_name in figures:
            self._aside(
                name, at, _("同一个数写了两次(另一处: {other})").format(other=figures[column_name].at), _("只留一个; 口径不同的另设一列")
            )
            return
        unit, places = given.get("计量单位", ""), given.get("小数位", "")
        if (unit and unit not in UNITS) or (places and (not places.isdecimal() or int(places) not in PLACES)):
            what = _("计量单位“{unit}”不认识").format(unit=unit) if unit and unit not in UNITS else _("小数位“{places}”不认识").format(places=places)
            self._aside(name, at, what, _("计量单位照数据表说明写, 小数位写 0 到 6"))
            return
        printed = Printed(unit or None, int(places) if places else None)
        cell = _cell_as_printed(given.get("原文", ""), column, at, printed, lambda a, w, m: self._aside(name, a, w, m))
        if cell is not None:
            figures[column_name] = cell

    def _row(self, table: Table, unit: str, year: str, figures: dict[str, Cell]) -> None:
        first = next(iter(figures.values()), None)
        at = first.at if first else At(self.name)
        cells = dict(figures)
        for role, text in ((ColumnRole.UNIT, unit), (ColumnRole.YEAR, year)):
            column = table.with_role(role)
            cell = _cell(text, column, At(self.name, at.line, column.name), Printed(), lambda a, w, m: self._problem(table.table, a, w, m))
            if cell is not None:
                cells[column.name] = cell
        self.submission.rows.setdefault(table.table, []).append(Row(cells, at))
        self.submission.rows_in += 1 - len(figures)

    def _aside(self, table: str, at: At, what: str, mend: str) -> None:
        self._problem(table, at, what, mend)
        self.submission.set_aside.append((table, Row({}, at), what))

    def _problem(self, table: str, at: At, what: str, mend: str) -> None:
        self.submission.problems.append(Problem(table, at, what, mend))


def _cell_as_printed(text: str, column: Column, at: At, printed: Printed, problem: Any) -> Cell | None:
    """As `_cell`, with the unit stated beside the figure itself."""
    if not column.numeric or is_blank(text):
        return _cell(text, column, at, printed, problem)
    try:
        read = read_figure(text, column, None if column.exact else printed.unit, printed.places)
    except FigureFault as fault:
        problem(at, fault.what, fault.mend)
        return None
    return Cell(read.value, read.half, text, at, read.unit)
