"""A workbook or document + known tables -> the draft of a form from one of its sheets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gouji.base.faults import DataError, did_you_mean
from gouji.base.i18n import _
from gouji.intake.form_draft.draft import Draft, drafted
from gouji.intake.form_draft.likeness import KnownColumns
from gouji.intake.workbooks.container import Refused
from gouji.intake.workbooks.read_paths import WorkbookReader
from gouji.intake.workbooks.sheet import Sheet
from gouji.intake.workbooks.workbook_file import Book
from gouji.rules import Table


def draft_of_file(
    path: Path, tables: Mapping[str, Table], sheet: str = "", against: str = "", new: bool = False
) -> Draft:
    """Draft the form of one sheet. Raises DataError where the file, the sheet or the table is not there, or several sheets might be meant."""
    book = _opened(path, tables)
    known = KnownColumns(tables)
    if against and against not in known.said:
        what = _("没有叫“{table}”的数据表").format(table=against)
        raise DataError(what, fix=did_you_mean(against, known.said))
    return drafted(_one(book, sheet), known, against, path.name, new)


def _opened(path: Path, tables: Mapping[str, Table]) -> Book:
    try:
        return WorkbookReader(tables, path.parent, {}).book(path)
    except Refused as fault:
        raise DataError(fault.what, fix=fault.fix) from fault
    except OSError as fault:
        what = _("读不了：{why}").format(why=fault.strerror or fault)
        raise DataError(what, fix=_("检查文件和权限")) from fault


def _one(book: Book, name: str) -> Sheet:
    """The sheet that is meant: the one of that name, else the only one with something on it."""
    filled = [s for s in book.sheets if any(v != "" for v in s.flat)]
    names = [s.name for s in filled]
    if name:
        for refused, what, fix in book.refused:
            if refused == name:
                raise DataError(what, fix=fix)
        found = next((s for s in filled if s.name == name), None)
        if found is None:
            what = _("没有叫“{name}”的工作表").format(name=name)
            raise DataError(what, fix=did_you_mean(name, names))
        return found
    if len(filled) != 1:
        raise DataError(
            _("有 {n} 张工作表：{names}").format(n=len(filled), names="、".join(names)),
            fix=_("用 --sheet 名称 指明是哪一张"),
        )
    return filled[0]


__all__ = ["draft_of_file"]
