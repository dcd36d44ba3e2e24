"""Columns and rows of cells -> the sheets of a workbook, as every workbook of a report has them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.report.office import steady
from gouji.report.sheet_cells import Cell, Formula, SheetColumn

CELL_AT_MOST = 32_000
# The first row of the list itself, counted from 0: above it stand the title, the totals and the header.
TOP = 3
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


class SheetWriter:
    """Writes the sheets of a workbook: a title, totals that follow the filter, a header that stays, rows. Text stays text, whatever it begins with."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        options = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
        self.book = book = xlsxwriter.Workbook(
            self._out, {"in_memory": True, **dict.fromkeys(options, False)}
        )
        base = {"font_name": "宋体", "font_size": 10.5, "valign": "top"}
        self.line = line = base | {"border": 1, "border_color": "#BFBFBF"}
        self.forms = {
            "title": book.add_format(base | {"bold": True, "font_size": 14}),
            "head": book.add_format(
                line
                | {
                    "bold": True,
                    "bg_color": "#E8EDF3",
                    "text_wrap": True,
                    "valign": "vcenter",
                    "align": "center",
                }
            ),
            "text": book.add_format(line | {"text_wrap": True, "num_format": "@"}),
            "points": book.add_format(line | {"num_format": "0.00"}),
            "count": book.add_format(line | {"num_format": "#,##0"}),
            "sum": book.add_format(base | {"bold": True, "num_format": "#,##0.00"}),
            "label": book.add_format(base | {"italic": True, "font_color": "#595959"}),
        }
        self.names: set[str] = set()

    def done(self, year: int) -> bytes:
        """The whole workbook; the same sheets give the same bytes."""
        self.book.close()
        return steady(self._out.getvalue(), year)

    def sheet(
        self, name: str, title: str, columns: Sequence[SheetColumn], rows: Sequence[Sequence[Cell]]
    ) -> Any:
        """One list with a filter."""
        sheet = self.book.add_worksheet(self._name(name))
        sheet.write_string(0, 0, plain(title)[:CELL_AT_MOST], self.forms["title"])
        for i, column in enumerate(columns):
            sheet.set_column(i, i, column.width)
            sheet.write_string(TOP - 1, i, column.title, self.forms["head"])
        self._sums(sheet, columns, rows)
        for r, row in enumerate(rows, TOP):
            sheet.set_row(r, _height(row, columns))
            for i, cell in enumerate(row):
                self._write(sheet, r, i, cell, columns[i].form)
        sheet.freeze_panes(TOP, 2 if len(columns) > 2 else 0)
        if rows:
            sheet.autofilter(TOP - 1, 0, TOP - 1 + len(rows), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(TOP - 1)
        return sheet

    def _sums(
        self, sheet: Any, columns: Sequence[SheetColumn], rows: Sequence[Sequence[Cell]]
    ) -> None:
        if not rows or not any(c.added for c in columns):
            return
        sheet.write_string(1, 0, _("合计（随筛选）"), self.forms["label"])
        for i, column in enumerate(columns):
            if column.added:
                letter = xl_col_to_name(i)
                values = [_value(row[i]) for row in rows]
                sheet.write_formula(
                    1,
                    i,
                    f"=SUBTOTAL(109,{letter}{TOP + 1}:{letter}{TOP + len(rows)})",
                    self.forms["sum"],
                    float(sum((v for v in values if v is not None), Decimal(0))),
                )

    def _write(self, sheet: Any, row: int, column: int, cell: Cell, form: str) -> None:
        match cell:
            case None:
                sheet.write_blank(row, column, None, self.forms[form])
            case str():
                sheet.write_string(row, column, plain(cell)[:CELL_AT_MOST], self.forms["text"])
            case Formula(text, value):
                sheet.write_formula(row, column, text, self.forms[form], float(value))
            case _:
                sheet.write_number(row, column, float(cell), self.forms[form])

    def _name(self, wanted: str) -> str:
        """A sheet name that Excel takes: short, without its signs, not used yet."""
        stem = _NOT_IN_NAMES.sub("_", plain(wanted))[:28] or "_"
        name, n = stem, 1
        while name.lower() in self.names:
            n += 1
            name = f"{stem[:26]}~{n}"
        self.names.add(name.lower())
        return name


def _height(row: Sequence[Cell], columns: Sequence[SheetColumn]) -> float:
    """Points of height that show every line of the row: programs that open a workbook do not all work it out."""
    lines = max(
        (
            _lines(cell, c.width)
            for cell, c in zip(row, columns, strict=True)
            if isinstance(cell, str)
        ),
        default=1,
    )
    return min(409.0, 4 + 13.5 * lines)


def _lines(text: str, width: int) -> int:
    """Lines of a text in a column; a Chinese character takes two places."""
    return sum(
        max(1, -(-sum(2 if ord(c) > 0x2E7F else 1 for c in line) // max(1, width - 1)))
        for line in text.split("\n")
    )


def _value(cell: Cell) -> Decimal | None:
    match cell:
        case Formula(_, value):
            return value
        case int() | Decimal():
            return Decimal(cell)
    return None
