"""A bureau's scoring table in a file -> a drafted rulebook in a folder; also a book that is empty but for one rule."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.base.faults import DataError, Place
from gouji.base.i18n import _, labelled
from gouji.base.resources import data_folder, texts
from gouji.drafting import (
    BookDraft,
    ClauseGrammar,
    Grid,
    KnownColumn,
    TableCell,
    draft,
    read_clause,
    read_grammar,
    reading_text,
    scoring_table,
    summary,
    texts_of,
)
from gouji.rules import ColumnType, Role, Table, load_tables

if TYPE_CHECKING:
    from docx.table import Table as WordTable

GRAMMAR, NEW = "grammar.yaml", "new"
LIST_FILE = "草拟清单.xlsx"
_FIGURES = (
    ColumnType.MONEY,
    ColumnType.PERCENT,
    ColumnType.NUMBER,
    ColumnType.COUNT,
    ColumnType.SCORE,
)


@dataclass(frozen=True, slots=True)
class DraftedBook:
    """What was written, and where."""

    draft: BookDraft
    folder: Path
    files: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What came of it, for whoever drafted: a line for each row that was not read, then how many rows of each kind, then what to do."""
        rules = self.draft.rules
        unread = [r for r in rules if r.settled == "unread"]
        counts = Counter(r.settled for r in rules)
        return (
            *(labelled(f"{r.code} {r.row.name}", reading_text(r.read, r.weight)) for r in unread),
            _("{n} 行：读懂 {read}，待核 {confirm}，没读懂 {unread}").format(
                n=len(rules), **{key: counts[key] for key in ("read", "confirm", "unread")}
            ),
            _("要定的逐条列在 {file}；再运行 gouji rules lint {book}").format(
                file=self.folder / LIST_FILE, book=self.folder
            ),
        )


def draft_book(
    source: Path,
    folder: Path,
    *,
    year: int,
    title: str | None = None,
    sheet: str | None = None,
    prefix: str = "A",
    schemas: Path | None = None,
    grammar: Path | None = None,
) -> DraftedBook:
    """Read a scoring table (xlsx, docx, csv) and write a rulebook into a folder that is not there yet or empty.

    Raises DataError where the table cannot be read or the folder holds something already.
    """
    words = load_grammar(grammar)
    made = draft(
        scoring_table(grids_of(source, sheet), words), known_columns(schemas), words, prefix
    )
    written = texts_of(
        made,
        title=title or source.stem,
        document=source.name,
        year=year,
        book=folder.name,
    )
    _write(folder, written)
    _write_list(folder / LIST_FILE, summary(made))
    return DraftedBook(made, folder, (*written, LIST_FILE))


def new_book(folder: Path, year: int) -> tuple[str, ...]:
    """Write a rulebook with one rule of each kind, to be changed into one's own; returns its files. Raises DataError where the folder holds something."""
    template = data_folder() / "drafting" / NEW
    files = {
        str(path.relative_to(template)): path.read_text("utf-8")
        .replace("NAME", folder.name)
        .replace("YEAR", str(year))
        for path in sorted(template.rglob("*.yaml"))
    }
    _write(folder, files)
    return tuple(files)


def read_one(clause: str, points: Fraction | None, grammar: Path | None = None) -> str:
    """How one clause is read, in words."""
    return reading_text(read_clause(clause, points, load_grammar(grammar)), points)


def load_grammar(own: Path | None = None) -> ClauseGrammar:
    """The shipped grammar, and a bureau's own (a YAML file, or a folder of them) read before it."""
    shipped = (data_folder() / "drafting" / GRAMMAR).read_text("utf-8")
    if own is None:
        return read_grammar(shipped)
    more = texts(own) if own.is_dir() else {own.name: own.read_text("utf-8")}
    return read_grammar(shipped, *more.values())


def known_columns(schemas: Path | None = None) -> tuple[KnownColumn, ...]:
    """Columns that a drafted measure may read: figures of tables that units send with one row each."""
    tables = load_tables(texts(schemas or data_folder() / "schemas")).tables
    return tuple(c for table in tables.values() for c in _columns(table))


def _columns(table: Table) -> Iterator[KnownColumn]:
    if table.grain != "one" or table.derived is not None or table.role is not Role.FIGURES:
        return
    for column in table.columns:
        if column.role is None and column.type in _FIGURES:
            words = (column.name, column.label, *column.aliases, table.table + column.name)
            yield KnownColumn(
                table.table,
                column.name,
                tuple(dict.fromkeys(w for w in words if w)),
                column.type.value,
            )


def grids_of(source: Path, sheet: str | None = None) -> list[Grid]:
    """The cells of a file, sheet by sheet or table by table, merged cells told apart from equal ones."""
    match source.suffix.lower():
        case ".xlsx" | ".xlsm":
            return _workbook(source, sheet)
        case ".docx":
            return _document(source)
        case ".csv":
            return [_csv(source)]
    raise DataError(
        _("草拟规则要 xlsx、docx 或 csv"), place=Place(source.name), fix=_("另存为 xlsx")
    )


def _workbook(source: Path, sheet: str | None) -> list[Grid]:
    from openpyxl import load_workbook

    book = load_workbook(source, data_only=True)
    if sheet is not None and sheet not in book.sheetnames:
        raise DataError(
            _("没有工作表“{name}”").format(name=sheet),
            place=Place(source.name),
            fix="、".join(book.sheetnames),
        )
    made: list[Grid] = []
    for one in [book[sheet]] if sheet else book.worksheets:
        owners = {
            at: f"{one.title}!{area.coord}"
            for area in one.merged_cells.ranges
            for row in area.rows
            for at in row
        }
        firsts = {
            f"{one.title}!{area.coord}": one.cell(area.min_row, area.min_col).value
            for area in one.merged_cells.ranges
        }
        grid = []
        for row in one.iter_rows():
            cells = []
            for cell in row:
                owner = owners.get((cell.row, cell.column), f"{one.title}!{cell.coordinate}")
                value = firsts.get(owner, cell.value)
                cells.append(TableCell(_shown(value), f"{one.title} {cell.coordinate}", owner))
            grid.append(cells)
        made.append(grid)
    return made


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _document(source: Path) -> list[Grid]:
    from docx import Document

    return [_word_table(at, table) for at, table in enumerate(Document(str(source)).tables, 1)]


def _word_table(at: int, table: WordTable) -> Grid:
    """Merged cells of Word are one cell that stands in each row."""
    seen: dict[object, int] = {}
    return [
        [
            TableCell(
                cell.text,
                _("第 {table} 张表第 {row} 行").format(table=at, row=number),
                f"{at}:{seen.setdefault(cell._tc, len(seen))}",
            )
            for cell in row.cells
        ]
        for number, row in enumerate(table.rows, 1)
    ]


def _csv(source: Path) -> Grid:
    raw = source.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise DataError(_("{name} 不是 UTF-8 文本").format(name=source.name), fix=_("另存为 UTF-8"))
    return [
        [
            TableCell(
                cell, _("第 {row} 行第 {column} 列").format(row=row, column=at), f"{row}:{at}"
            )
            for at, cell in enumerate(cells, 1)
        ]
        for row, cells in enumerate(csv.reader(text.splitlines(keepends=True)), 1)
    ]


def _write(folder: Path, files: Mapping[str, str]) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise DataError(
            _("文件夹“{name}”里已经有东西").format(name=folder),
            fix=_("换一个文件夹，或先清空"),
        )
    for name, text in files.items():
        at = folder / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text, "utf-8")


def _write_list(file: Path, rows: list[dict[str, str]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet(_("草拟清单"))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for at, title in enumerate(rows[0] if rows else {}):
            sheet.write_string(0, at, title, bold)
            sheet.set_column(at, at, 40 if len(title) > 3 or title == _("算法") else 14)
        for number, row in enumerate(rows, 1):
            for at, text in enumerate(row.values()):
                sheet.write_string(number, at, text, wrapped)
        sheet.freeze_panes(1, 0)
