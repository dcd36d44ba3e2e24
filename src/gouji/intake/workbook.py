"""A workbook file -> Book: its visible sheets as rows of raw values. python-calamine reads; nothing in the file is carried out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from gouji.i18n import _
from gouji.intake.old import MAGIC, Unclear, marks_of
from gouji.intake.package import MAX_BYTES, MAX_CELLS, MAX_SHEETS, UNSAID, Package, Refused
from gouji.intake.sheet import Marks, Sheet


@dataclass(slots=True)
class Book:
    """A workbook: its sheets that a reader sees, the names of hidden ones, sheets refused with the reason, its SHA-256."""

    name: str
    digest: str
    sheets: list[Sheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)


class Apart(Exception):
    """An `.xls`: a damaged one ends the process that reads it (python-calamine aborts), so that it is read in a process of its own."""


def open_book(path: Path, name: str, *, old_too: bool = True) -> Book:
    """Read a workbook whole. Raises Refused when it is too large, locked, damaged, or no workbook at all; Apart for an `.xls` unless `old_too`."""
    if path.stat().st_size > MAX_BYTES:
        raise Refused(_("文件超过 {n} MB").format(n=MAX_BYTES >> 20), _("删去多余的内容, 或分成几个文件"))
    raw = path.read_bytes()
    old = raw[:8] == MAGIC
    if old and not old_too:
        raise Apart
    package = None if old else Package(raw)
    copy = package.unpack() if package is not None else None
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(copy)) if copy is not None else CalamineWorkbook.from_path(path)
        made = _read(book, Book(name, hashlib.sha256(raw).hexdigest()), package)
        if old:
            _mark(made, raw, [meta.name for meta in book.sheets_metadata])
        return made
    except PasswordError as fault:
        raise Refused(_("工作簿加了密码"), _("去掉密码再报")) from fault
    except Unclear as fault:
        raise Refused(_("工作簿已损坏: {part}").format(part="xls"), _("重新另存为 xlsx 再报")) from fault
    except (CalamineError, OSError, ValueError) as fault:
        raise Refused(_("不是完整的工作簿: {why}").format(why=_first_line(fault)), _("重新另存为 xlsx 再报")) from fault


def _read(book: CalamineWorkbook, made: Book, package: Package | None) -> Book:
    if len(book.sheets_metadata) > MAX_SHEETS:
        raise Refused(_("工作表超过 {n} 张").format(n=MAX_SHEETS), _("删去多余的工作表"))
    for meta in book.sheets_metadata:
        name = meta.name
        if package is not None and package.large and package.sheets.get(name) in package.large:
            made.refused.append((name, _("工作表超过 {n} 个格子").format(n=MAX_CELLS), _("删去远处的空格子: Ctrl+End 看最后一格")))
            continue
        if package is not None and package.damaged and package.sheets.get(name, "") in package.damaged | {""}:
            made.refused.append((name, _("读不了: {why}").format(why="CRC"), _("重新另存为 xlsx 再报")))
            continue
        if meta.visible is not SheetVisibleEnum.Visible:
            made.hidden.append(name)
            continue
        try:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
        except CalamineError as fault:
            made.refused.append((name, _("读不了: {why}").format(why=_first_line(fault)), _("重新另存为 xlsx 再报")))
            continue
        found = Sheet(name, rows)
        found.merged = partial(_merged, sheet, package)
        if package is not None:
            found.marks = partial(package.marks, name)
            found.solved = not package.unsolved
        found.formats_known = package is not None
        made.sheets.append(found)
    return made


def _mark(made: Book, raw: bytes, names: list[str]) -> None:
    """Say which cells of an `.xls` hold an error or a formula without a result."""
    found = marks_of(raw)
    if len(found) != len(names):
        raise Unclear
    by_name = dict(zip(names, found, strict=True))
    for sheet in made.sheets:
        marks = by_name[sheet.name]
        sheet.marks = partial(_same, marks)
        sheet.solved = not (marks.unsolved or marks.errors)


def _same(marks: Marks, _percents: bool) -> Marks:
    return marks


def _merged(sheet: CalamineSheet, package: Package | None) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Merged cells. Where the copy that was read does not say them, the sheet's part does, or the file itself where that is not known."""
    found = sheet.merged_cell_ranges or []
    if package is None or found != UNSAID:
        return found
    if sheet.name in package.sheets:
        return package.merged(sheet.name)
    return CalamineWorkbook.from_filelike(BytesIO(package.raw)).get_sheet_by_name(sheet.name).merged_cell_ranges or []


def _first_line(fault: BaseException) -> str:
    return (str(fault).splitlines() or [""])[0][:200]


__all__ = ["Apart", "Book", "Marks", "Refused", "open_book"]
