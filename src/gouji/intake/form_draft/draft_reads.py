"""The text of a draft + its sheet -> which numbers it reads, and which it does not."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.base.faults import RuleError
from gouji.intake.finding.cell_ranges import ranges
from gouji.intake.finding.find_form import locate
from gouji.intake.finding.form_search import NotThere
from gouji.intake.finding.labels import plain
from gouji.intake.finding.layout import INSIDE, Layout
from gouji.intake.finding.likely import holds_number
from gouji.intake.finding.lines_left import Left
from gouji.intake.finding.listing import listed
from gouji.intake.finding.listing_reader import Reader
from gouji.intake.finding.words import COUNTS, NUMBERS
from gouji.intake.form_draft.shape import shape_of
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import FORM_SET, Form, Table, form_of, load_tables, read_document

DRAFT = "draft.yaml"


@dataclass(frozen=True, slots=True)
class Read:
    """How many numbers were read, the cells of those that were not, and why nothing was, if so."""

    taken: int = 0
    left: str = ""
    fault: str = ""


def read_by(text: str, sheet: Sheet) -> Read:
    """Read a sheet by the table that a text describes."""
    try:
        (table,) = load_tables({DRAFT: text}).tables.values()
    except ExceptionGroup as faults:
        return Read(fault=_first(faults))
    assert table.form is not None
    return _read(table, table.form, sheet)


def read_by_set(text: str, table: Table, sheet: Sheet) -> Read:
    """Read a sheet by the form of a known table that a text describes."""
    entry = FORM_SET.validate_python(read_document(DRAFT, text).data).forms[0]
    return _read(table, form_of(table, entry, DRAFT), sheet)


def _first(faults: ExceptionGroup[Exception]) -> str:
    return next((f.what for f in faults.exceptions if isinstance(f, RuleError)), str(faults))


def _read(table: Table, form: Form, sheet: Sheet) -> Read:
    try:
        layout = locate(table, form, sheet)
    except NotThere as fault:
        return Read(0, ranges(sorted(_numbers(sheet))), fault.what)
    taken = _taken(table, form, layout, sheet)
    numbers = _numbers(sheet)
    left = sorted(numbers - taken)
    return Read(len(numbers & taken), ranges(left) if left else "")


def _taken(table: Table, form: Form, layout: Layout, sheet: Sheet) -> set[tuple[int, int]]:
    """Cells that are read."""
    if not layout.listing or form.listing is None:
        return {(s.row, INSIDE - s.col if s.col <= INSIDE else s.col) for s in layout.groups[0]}
    piece = listed(Reader(table, form.listing, layout), sheet, [], "", Left())
    found = {
        piece.place(row, index)
        for row in range(len(piece.rows))
        for index in range(len(piece.columns))
    }
    for row, group in enumerate(piece.groups):
        parts = layout.split[group] if layout.split else ()
        found |= {(piece.lines[row] - 1, col) for col in parts}
    return found


def _numbers(sheet: Sheet) -> set[tuple[int, int]]:
    """Cells with numbers below the header, but for those that number lines and columns."""
    shape = shape_of(sheet)
    counting = {
        col
        for row in range(sheet.top, shape.first)
        for col in range(sheet.width)
        if plain(sheet.text(row, col)) in NUMBERS | COUNTS
    }
    rows = shape.lines if shape.first else range(sheet.top, len(sheet.rows))
    return {
        (row, col)
        for row in rows
        for col in range(sheet.width)
        if col not in counting and holds_number(sheet.at(row, col))
    }


__all__ = ["Read", "read_by", "read_by_set"]
