"""A workbook file -> Book: its visible sheets as rows of what is shown. Nothing in the file is carried out.

An xlsx or xlsm is read here, part by part; of an `.xls` python-calamine reads the cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path

from gouji.base.digest import sha256
from gouji.base.i18n import _
from gouji.intake.ledger.submission import Problem
from gouji.intake.workbooks.cell_styles import PLAIN, styles
from gouji.intake.workbooks.cell_texts import Shared, shared
from gouji.intake.workbooks.container import MAX_BYTES, MAX_SHEETS, ListedSheet, Package, Refused
from gouji.intake.workbooks.floating import Floating, floating
from gouji.intake.workbooks.overlays import Anchor
from gouji.intake.workbooks.printed_places import Places
from gouji.intake.workbooks.sheet import Sheet
from gouji.intake.workbooks.sheet_xml import MAX_CELLS, TooLarge, Wordbook, read_sheet
from gouji.intake.workbooks.xls import MAGIC, Old, Unclear
from gouji.intake.workbooks.xml_elements import Malformed, is_on

# Days between the first day of a workbook that counts from 1904 and the usual one.
FROM_1904 = 1462


@dataclass(slots=True)
class Book:
    """A workbook: its sheets that a reader sees, the names of hidden ones, sheets refused with the reason, its SHA-256."""

    name: str
    digest: str
    sheets: list[Sheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    # Of a document: where the cells of its sheets stand in it, and what of it was not read; of a workbook: sheets that others go on with.
    printed: dict[str, Places] = field(default_factory=dict)
    told: list[Problem] = field(default_factory=list)
    # Of a document: whose it is and of which year by the title on its first lines (empty, 0: it does not say).
    titled: tuple[str, int] = ("", 0)


class Apart(Exception):
    """An `.xls`: a damaged one ends the process that reads it (python-calamine aborts), so that it is read in its own process."""


def open_book(path: Path, name: str, *, old_too: bool = True) -> Book:
    """Read a workbook whole. Raises Refused when it is too large, locked, damaged, or no workbook at all; Apart for an `.xls` unless `old_too`."""
    if path.stat().st_size > MAX_BYTES:
        raise Refused(
            _("文件超过 {n} MB").format(n=MAX_BYTES >> 20), _("删去多余的内容，或分成几个文件")
        )
    raw = path.read_bytes()
    made = Book(name, sha256(raw))
    if raw[:8] == MAGIC:
        if not old_too:
            raise Apart
        return _old(raw, made)
    package = Package(raw)
    if len(package.listed) > MAX_SHEETS:
        raise Refused(_("工作表超过 {n} 张").format(n=MAX_SHEETS), _("删去多余的工作表"))
    words = _words(package)
    for listed in package.listed:
        if listed.hidden:
            made.hidden.append(listed.name)
        else:
            _take(package, listed, words, made)
    return made


def _take(package: Package, listed: ListedSheet, words: Wordbook, made: Book) -> None:
    """Read one sheet, or say why not."""
    what, fix = _("读不了：{why}"), _("重新另存为 xlsx 再报")
    if not listed.part:
        what = what.format(why=_("工作簿里没有它的内容"))
        made.refused.append((listed.name, what, fix))
        return
    try:
        made.sheets.append(_sheet(package, listed, words))
    except Malformed as fault:
        made.refused.append((listed.name, what.format(why=fault), fix))
    except Refused as fault:
        made.refused.append((listed.name, what.format(why=fault.what), fault.fix))
    except TooLarge:
        what = _("工作表超过 {n} 个格子").format(n=MAX_CELLS)
        made.refused.append((listed.name, what, _("删去远处的空格子：Ctrl+End 看最后一格")))


def _sheet(package: Package, listed: ListedSheet, words: Wordbook) -> Sheet:
    """A sheet with what lies over it. Raises Malformed, Refused, TooLarge."""
    sheet = read_sheet(listed.name, partial(package.pieces, listed.part), words)
    found = list(floating(package, listed.part))
    sheet.facts.floating = tuple(one for one in found if isinstance(one, Floating))
    sheet.facts.overlays = tuple(
        one.overlay(sheet.facts) for one in found if isinstance(one, Anchor)
    )
    # A text over the form may say of units what a text above its pages may.
    shapes = (one.text for one in sheet.facts.floating if one.shape)
    sheet.facts.page += tuple(line for text in shapes for line in text.splitlines())
    return sheet


def _words(package: Package) -> Wordbook:
    """What cells refer to. Raises Refused when a part of it is damaged: then no cell can be trusted."""
    strings, looks = package.of_kind("sharedStrings"), package.of_kind("styles")
    from_1904 = any(
        name == "workbookPr" and is_on(given, "date1904") for name, given in package.elements
    )
    try:
        return Wordbook(
            shared(package.pieces(strings)) if strings else Shared(),
            styles(package.part(looks)) if looks else PLAIN,
            FROM_1904 if from_1904 else 0,
            any(
                name == "calcPr" and is_on(given, "fullCalcOnLoad")
                for name, given in package.elements
            ),
        )
    except Malformed as fault:
        raise Refused(
            _("不是完整的工作簿：{why}").format(why=fault), _("重新另存为 xlsx 再报")
        ) from fault


def _old(raw: bytes, made: Book) -> Book:
    """Read an `.xls`: its cells as python-calamine gives them, and what its records tell of them beside."""
    from python_calamine import CalamineError, PasswordError

    again = _("重新另存为 xlsx 再报")
    try:
        _read_old(raw, made)
    except PasswordError as fault:
        raise Refused(_("工作簿加了密码"), _("去掉密码再报")) from fault
    except Unclear as fault:
        raise Refused(_("工作簿已损坏：{part}").format(part="xls"), again) from fault
    except (CalamineError, OSError, ValueError) as fault:
        why = _first_line(fault)
        raise Refused(_("不是完整的工作簿：{why}").format(why=why), again) from fault
    except BaseException as fault:
        # A panic of python-calamine is no Exception, and its class has no place to be imported from.
        if type(fault).__name__ != "PanicException":
            raise
        raise Refused(_("工作簿已损坏：{part}").format(part="xls"), again) from None
    return made


def _read_old(raw: bytes, made: Book) -> None:
    """The sheets of an `.xls`; one that cannot be read is refused for itself."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(BytesIO(raw))
    if len(book.sheets_metadata) > MAX_SHEETS:
        raise Refused(_("工作表超过 {n} 张").format(n=MAX_SHEETS), _("删去多余的工作表"))
    old = Old(raw, len(book.sheets_metadata))
    for number, meta in enumerate(book.sheets_metadata):
        if meta.visible is not SheetVisibleEnum.Visible:
            made.hidden.append(meta.name)
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
            rows = sheet.to_python(skip_empty_area=False)
        except CalamineError as fault:
            what = _("读不了：{why}").format(why=_first_line(fault))
            made.refused.append((meta.name, what, _("重新另存为 xlsx 再报")))
            continue
        made.sheets.append(old.sheet(number, meta.name, rows, sheet.merged_cell_ranges or ()))


def _first_line(fault: BaseException) -> str:
    return (str(fault).splitlines() or [""])[0][:200]


__all__ = ["Apart", "Book", "Refused", "open_book"]
