"""Planned sheets -> a workbook file (openpyxl), the same bytes each time: headers, units, number formats, validation, notes from the schema."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.returns.plan import Input, Planned
from gouji.rules import Column, ColumnType

AUTHOR = "gouji"
# 1 January 2000, as workbooks count days.
LONG_AGO = from_excel(36526)
_THIN = Side(style="thin", color="BFBFBF")
_EDGE = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD, _OPEN = PatternFill("solid", fgColor="DDE6F0"), PatternFill("solid", fgColor="FFFDF2")

Values = Mapping[tuple[str, int, int], Any]


def workbook_bytes(
    sheets: Sequence[Planned], values: Values | None = None, *, notes: bool = True
) -> bytes:
    """The workbook as bytes; `values` fills cells, by sheet, row and column."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for planned in sheets:
        _sheet(book.create_sheet(planned.name), planned, values or {}, notes)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """A workbook's bytes without the clock in them."""
    book.properties.created = book.properties.modified = LONG_AGO
    book.properties.creator = book.properties.lastModifiedBy = AUTHOR
    raw = io.BytesIO()
    book.save(raw)
    return timeless(raw.getvalue())


def timeless(raw: bytes) -> bytes:
    """The same container with fixed times, parts in order, `modified` of openpyxl taken back."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            content = old.read(info.filename)
            if info.filename == "docProps/core.xml":
                content = _without_clock(content)
            fixed = zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fixed, content)
    return made.getvalue()


def _without_clock(content: bytes) -> bytes:
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content)


def _sheet(sheet: Worksheet, planned: Planned, values: Values, notes: bool) -> None:
    _labels(sheet, planned)
    _inputs(sheet, planned, values, notes)
    for top, left, bottom, right in planned.merged:
        sheet.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )
    for col in range(planned.width):
        sheet.column_dimensions[get_column_letter(col + 1)].width = _width(planned, col)
    if notes:
        _validation(sheet, planned)


def _labels(sheet: Worksheet, planned: Planned) -> None:
    """What the form prints: headers framed and grey, the title large."""
    for (row, col), text in planned.labels.items():
        cell = sheet.cell(row + 1, col + 1, plain(text))
        if (row, col) in planned.headers:
            cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _EDGE
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        elif row == 0:
            cell.font = Font(bold=True, size=14)


def _inputs(sheet: Worksheet, planned: Planned, values: Values, notes: bool) -> None:
    """The cells to fill in, with what is known already; what a column means is noted at its first line."""
    for (row, col), given in planned.inputs.items():
        cell = sheet.cell(row + 1, col + 1)
        value = values.get((planned.name, row, col))
        if value is not None:
            cell.value = _value(value)
        cell.border, cell.fill, cell.number_format = _EDGE, _OPEN, number_format(given.column)
        if notes and given.line <= 0 and (said := note_of(given.column)):
            cell.comment = Comment(said, AUTHOR, height=80, width=260)


def _value(given: Any) -> Any:
    """What a cell may hold: texts without the characters that a workbook has no way to write."""
    if isinstance(given, Decimal):
        return float(given)
    return plain(given) if isinstance(given, str) else given


def _width(planned: Planned, column: int) -> float:
    """By the longest label of a column, the title and the lines below it apart."""
    longest = max(
        (len(text) for (r, c), text in planned.labels.items() if c == column and r >= 2), default=0
    )
    return min(44, max(14, 2.1 * longest))


def number_format(column: Column) -> str:
    """The format a figure is shown in; percents are typed with their sign. Where no places are described it shows all that are typed."""
    match column.type:
        case ColumnType.TEXT | ColumnType.TARGET | ColumnType.REACHED:
            return "@"
        case ColumnType.PERCENT:
            return "0." + "0" * (column.places or 2) + "%"
        case ColumnType.COUNT:
            return "0"
        case ColumnType.DATE:
            return "yyyy-mm-dd"
    places = column.places if column.places is not None else 2
    return "#,##0." + "0" * places if places > 0 else "General"


def note_of(column: Column) -> str:
    """What the schema says of a column: unit, words, what it means."""
    parts = [column.note or ""]
    if column.unit and column.type is not ColumnType.MONEY:
        parts.append(_("计量单位：{unit}").format(unit=column.unit))
    if column.one_of:
        parts.append(_("填：{words}").format(words="、".join(column.one_of)))
    return "\n".join(p for p in parts if p)


def _validation(sheet: Worksheet, planned: Planned) -> None:
    """Words by list, figures by type: a slip is told while it is typed."""
    rules: dict[tuple[str, ...], DataValidation] = {}
    for (row, col), given in planned.inputs.items():
        kind = _kind(given)
        if kind is None:
            continue
        rule = rules.get(kind)
        if rule is None:
            rule = rules[kind] = _rule(kind)
            sheet.add_data_validation(rule)
        rule.add(f"{get_column_letter(col + 1)}{row + 1}")


def _kind(given: Input) -> tuple[str, ...] | None:
    column = given.column
    if column.one_of:
        return ("list", '"' + ",".join(column.one_of) + '"')
    if column.type is ColumnType.COUNT:
        return ("whole",)
    return ("decimal",) if column.numeric and column.type is not ColumnType.DATE else None


def _rule(kind: tuple[str, ...]) -> DataValidation:
    if kind[0] == "list":
        rule = DataValidation(type="list", formula1=kind[1], allow_blank=True)
    else:
        rule = DataValidation(
            type="whole" if kind[0] == "whole" else "decimal",
            operator="between",
            formula1="-999999999999",
            formula2="999999999999",
            allow_blank=True,
        )
    rule.error, rule.errorTitle = (
        (_("从列表里选") if kind[0] == "list" else _("这一格填数")),
        _("填写有误"),
    )
    return rule
