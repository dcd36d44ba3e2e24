"""A document (docx, odt, ods, html, pdf) -> Book: its tables as sheets, with where their cells stand, and what of it was not read.

A table whose rows or columns cannot be relied on is a sheet that is refused, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from gouji.base.i18n import _
from gouji.documents import (
    Document,
    DocumentCell,
    DocumentFault,
    DocumentForm,
    DocumentTable,
    LeftOut,
    Told,
    forms_of,
    read,
)
from gouji.intake.finding.words import FLOATING_FIGURE
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.workbooks.container import Refused
from gouji.intake.workbooks.printed_places import PrintedRows
from gouji.intake.workbooks.sheet import Area, Raw, Sheet, SheetFacts, Sight, Unread, Why
from gouji.intake.workbooks.workbook_file import Book
from gouji.narrative import owner_in

# Kinds of documents whose tables are sheets with names and their own addresses.
SPREADSHEETS = ("ods",)
# So many things of a kind that were left out are told by name.
NAMED_AT_MOST = 5
# What nobody who signs has seen is a problem where it holds figures; the rest is told.
_SECRET = (LeftOut.UNSEEN, LeftOut.HIDDEN)


def open_paper(path: Path, name: str, is_name: Callable[[str], bool]) -> Book:
    """Read a document whole; `is_name` tells names of forms. Raises Refused; OSError where the file cannot be read."""
    try:
        document = read(path)
    except DocumentFault as fault:
        raise Refused(fault.what, fault.fix, scan=fault.scan) from fault
    made = Book(name, document.digest)
    if document.kind in SPREADSHEETS:
        for table in document.tables:
            _spreadsheet(made, table)
    else:
        for form in forms_of(document, is_name):
            _form(made, form)
    made.told = list(_told(document, name))
    made.titled = owner_in([p.text for p in document.paragraphs if p.text.strip()])
    return made


def _spreadsheet(made: Book, table: DocumentTable) -> None:
    if table.hidden:
        made.hidden.append(table.name)
        return
    facts = SheetFacts(hidden_rows=table.hidden_rows, hidden_columns=table.hidden_columns)
    for cell in table.cells:
        if cell.number is not None and _cut(cell.text, cell.number):
            facts.held[cell.row, cell.column] = cell.number
        if cell.unseen and cell.text:
            facts.unseen[cell.row, cell.column] = Sight(cell.unseen)
    rows = _with_lost(table.rows(), {(c.row, c.column): c for c in table.cells}, facts)
    made.sheets.append(Sheet(table.name, rows, facts, _areas(table, 0)))


def _with_lost(
    rows: Sequence[Sequence[Raw]], cells: Mapping[tuple[int, int], DocumentCell], facts: SheetFacts
) -> list[list[Raw]]:
    """The rows, with cells that hold what is struck out or not shown told from blank ones, and those that show something other than their text."""
    made: list[list[Raw]] = [list(row) for row in rows]
    for (row, column), cell in cells.items():
        if cell.lost and not cell.text.strip():
            made[row][column] = Unread(Why.UNSHOWN, cell.lost[:100])
            facts.unread = True
        elif cell.altered and (any(map(str.isdigit, cell.text)) or not _has_words(cell.text)):
            made[row][column] = Unread(Why.ALTERED, cell.text[:100])
            facts.unread = True
    return made


def _has_words(text: str) -> bool:
    """Whether there are letters: signs alone (`-`, `.`) may be part of the figure that is shown next to them."""
    return any(map(str.isalpha, text))


def _cut(text: str, number: float) -> bool:
    """Whether a cell holds another number than it shows."""
    plain = text.replace(",", "").strip()
    share = plain.endswith("%")
    try:
        shown = float(plain.rstrip("%")) / (100 if share else 1)
    except ValueError:
        return False
    return abs(shown - number) > 1e-9 * max(1.0, abs(number))


def _form(made: Book, form: DocumentForm) -> None:
    if form.doubt:
        what = _("{place}：{why}，没有读").format(place=form.place, why=form.doubt)
        made.refused.append((form.name, what, _("改报 xlsx，或给表格画全边框后重新导出")))
        return
    width = form.first.width
    above = [[p.text, *[""] * (width - 1)] for p in form.above]
    areas = [(a, b) for a, b in _form_areas(form, len(above))]
    facts = SheetFacts(
        hidden_rows=frozenset(len(above) + row for row in form.hidden_rows),
        hidden_columns=form.first.hidden_columns,
        page=tuple(p.text for p in form.below),
    )
    rows = _with_lost(form.rows, form.cells, facts)
    made.sheets.append(Sheet(form.name, [*above, *rows], facts, areas))
    made.printed[form.name] = PrintedRows.of(form)
    if form.spaced:
        what = _("表格没有竖线，列是按空白推断的")
        made.told.append(Problem("", At(made.name, sheet=form.name), what, "", note=True))


def _areas(table: DocumentTable, above: int) -> list[Area]:
    return [
        ((above + c.row, c.column), (above + c.row + c.rows - 1, c.column + c.columns - 1))
        for c in table.cells
        if c.rows > 1 or c.columns > 1
    ]


def _form_areas(form: DocumentForm, above: int) -> Iterable[Area]:
    for (row, column), cell in form.cells.items():
        if cell.rows > 1 or cell.columns > 1:
            last = min(row + cell.rows, len(form.rows)) - 1
            yield (above + row, column), (above + last, column + cell.columns - 1)


def _told(document: Document, name: str) -> Iterable[Problem]:
    """What was left out of a document, kind by kind."""
    for left in LeftOut:
        found = [told for told in document.told if told.left is left]
        if not found:
            continue
        secret = left in _SECRET and any(c.isdigit() for told in found for c in told.text)
        secret = secret or any(_is_figure(told) for told in found)
        pages = left is LeftOut.PICTURE and any(told.place.page for told in found)
        named = "；".join(_one(told) for told in found[:NAMED_AT_MOST])
        more = _(" 等 {n} 处").format(n=len(found)) if len(found) > NAMED_AT_MOST else ""
        fix = _("改成看得见的文字，核对后再报") if secret else ""
        fix = _("这几页是扫描件，报能选中文字的 PDF、docx 或 xlsx") if pages else fix
        yield Problem("", At(name), named + more, fix, note=not (secret or pages))


def _is_figure(told: Told) -> bool:
    """Whether a text box holds a figure and nothing else: whoever signed saw it over the form."""
    figure = FLOATING_FIGURE.fullmatch(told.text) if told.left is LeftOut.TEXT_BOX else None
    return figure is not None and any(map(str.isdigit, figure[1]))


def _one(told: Told) -> str:
    place = str(told.place)
    return f"{place} {told}" if place else str(told)


__all__ = ["open_paper"]
