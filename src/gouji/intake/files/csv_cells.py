"""The cells and lines of a CSV file -> cells of a submission; what cannot be read is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from gouji.base.i18n import _
from gouji.intake.files.csv_lines import Lines, Torn
from gouji.intake.files.dataset_head import AsPrinted
from gouji.intake.files.kept_texts import kept_text
from gouji.intake.ledger.submission import At, Cell, Lost, Problem, Row, Submission
from gouji.intake.values.blanks import blank
from gouji.intake.values.figure_text import FigureFault, is_blank, read_figure
from gouji.rules import Column, ColumnRole, Table

PLACE_COLUMNS = ("来源", "行", "前文")
WHOSE, YEAR = (ColumnRole.UNIT, ColumnRole.YEAR), re.compile("(19|20)[0-9]{2}")
# What is wrong, how to fix it, whether it is a remark.
Tell = Callable[[str, str, bool], None]


def place(name: str, line: int, column: str, given: Mapping[str, str]) -> At:
    """Where a cell stands, and where in a document its line says that it was printed."""
    source, number, before = (given.get(c, "").strip() for c in PLACE_COLUMNS)
    return At(name, line, column, source, int(number) if number.isdecimal() else 0, before)


def typed_cell(text: str, column: Column, at: At, printed: AsPrinted, tell: Tell) -> Cell | None:
    """A text as its column is typed; without value where it holds nothing, or what cannot be read and was told."""
    if not column.numeric:
        kept = kept_text(text, column)
        if not kept and text.strip():
            # Nothing but signs that nobody sees.
            tell(_("“{column}”没有填").format(column=column.name), _("补上"), False)
        return Cell(kept, None, text.strip(), at) if kept else None
    if is_blank(text):
        return blank(column, at)
    try:
        read = read_figure(text, column, printed.unit, printed.places)
    except FigureFault as fault:
        tell(fault.what, fault.fix, False)
        return None
    if read.told:
        tell(read.told, "", True)
    return Cell(read.value, read.half, text.strip(), at, read.unit)


def row_of_whom(table: Table, unit: str, year: str, at: At) -> Row:
    """A row that is set aside, with unit and year if both look like it: in a line whose cells have moved, what stands for the one is not what it says."""
    if not unit.strip() or not YEAR.fullmatch(year.strip()):
        return Row({}, at)
    found = ((table.with_role(role), text) for role, text in zip(WHOSE, (unit, year), strict=True))
    cells = {
        c.name: typed_cell(text, c, At(at.file, at.line, c.name), AsPrinted(), _untold)
        for c, text in found
    }
    return Row({name: cell for name, cell in cells.items() if cell is not None}, at)


def _untold(_what: str, _fix: str, _note: bool) -> None:
    """What cannot be read in a line, said once for the line."""


def parsed_lines(
    lines: Lines, name: str, table: str, submission: Submission
) -> Iterator[tuple[int, list[str]]]:
    """The lines that can be parsed; one that cannot is a problem."""
    for line, cells in lines:
        if isinstance(cells, Torn):
            what = _("CSV 这一行读不了：{why}").format(why=cells.why)
            lost = Lost.ROWS if table else Lost.SHEET
            submission.problems.append(
                Problem(table, At(name, line), what, _("检查引号是否成对"), lost=lost)
            )
        else:
            yield line, cells


def count_left(lines: Lines, submission: Submission) -> None:
    """Count the rows of a file of which none is taken."""
    rows = sum(not isinstance(cells, Torn) for _line, cells in lines) - (0 if lines.line else 1)
    submission.rows_in += max(rows, 0)
    submission.rows_aside += max(rows, 0)


__all__ = [
    "PLACE_COLUMNS",
    "WHOSE",
    "Tell",
    "count_left",
    "parsed_lines",
    "place",
    "row_of_whom",
    "typed_cell",
]
