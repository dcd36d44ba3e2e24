"""The bytes of a PDF -> Document: lines of text and tables in the order of pages. Runs in the process that `process.py` starts."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2.raw as pdfium

from gouji.base.i18n import _
from gouji.documents.document_model import (
    Block,
    Box,
    Document,
    DocumentCell,
    DocumentFault,
    DocumentPlace,
    DocumentTable,
    LeftOut,
    Paragraph,
    Told,
)
from gouji.documents.document_package import locked
from gouji.documents.pdf.page import Char, Page, page_of
from gouji.documents.pdf.page_blocks import Laid, laid_out
from gouji.documents.pdf.page_lines import box_of, lines_of, spelled
from gouji.documents.pdf.ruled import RuledGrid
from gouji.documents.pdf.soundness import damaged_pages
from gouji.documents.pdf.spaced import Spaced
from gouji.documents.printed_words import FIGURE, NUMBERING

MAX_PAGES, MAX_SIDE, MAX_TABLES, MAX_CELLS = 500, 14_400, 500, 200_000
# A page of which so many characters have no meaning is not read.
UNMAPPED = 0.05
# A picture that covers so much of a page is a scan, where no text is seen.
COVERED = 0.6
# Points that a table may reach over the edge of its page.
OUTSIDE = 5


def read(raw: bytes, digest: str) -> Document:
    """Read a PDF whole. Raises DocumentFault."""
    pdfium.FPDF_InitLibrary()
    held = ctypes.create_string_buffer(raw, len(raw))
    document = pdfium.FPDF_LoadMemDocument64(held, len(raw), None)
    if not document:
        raise _not_opened(pdfium.FPDF_GetLastError())
    count = pdfium.FPDF_GetPageCount(document)
    if count < 1:
        raise _broken()
    if count > MAX_PAGES:
        raise DocumentFault(
            _("超过 {n} 页").format(n=MAX_PAGES), _("只报有报表的几页，或分成几个文件")
        )
    made, damaged = _Made(), damaged_pages(raw, count)
    for number in range(1, count + 1):
        page = page_of(document, number)
        if number in damaged:
            page.refused = "damaged"
        made.page(page)
    if made.scans and not made.read:
        raise DocumentFault(
            _("是扫描件（每页一张图片，没有文字），没有读"),
            _("报能选中文字的 PDF、docx 或 xlsx"),
            True,
        )
    return Document("pdf", digest, tuple(made.blocks), tuple(made.told), tuple(made.sizes))


def _not_opened(error: int) -> DocumentFault:
    if error in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return locked()
    return _broken()


def _broken() -> DocumentFault:
    return DocumentFault(_("不是完整的 PDF"), _("用生成它的软件重新导出 PDF，或改报 xlsx"))


class _Made:
    """A document in the making."""

    def __init__(self) -> None:
        self.blocks, self.told = list[Block](), list[Told]()
        self.sizes = list[tuple[float, float]]()
        self.paragraphs = self.tables = self.cells = 0
        # The table that ended the page before, where white space told its columns.
        self.spaced: Spaced | None = None
        # Pages that are one picture; pages with text that is seen.
        self.scans = self.read = 0

    def page(self, page: Page) -> None:
        """One page. Raises DocumentFault where it cannot be relied on."""
        self.sizes.append((round(page.width, 2), round(page.height, 2)))
        self.usable(page)
        scan = _is_scan(page)
        self.scans += scan
        self.read += bool(page.chars) and not scan
        at = DocumentPlace(page=page.number)
        if scan:
            self.told.append(Told(LeftOut.PICTURE, "", at))
            return
        for left, chars in ((LeftOut.UNSEEN, page.unseen), (LeftOut.TURNED, page.turned)):
            if text := " ".join(spelled(line) for line in lines_of(chars)):
                self.told.append(Told(left, text[:500], at))
        made = laid_out(page, self.spaced)
        self.lay(page, made.blocks)
        last = next((b for b in reversed(self.blocks) if isinstance(b, DocumentTable)), None)
        closes = last is not None and last.closes and last.place.page == page.number
        self.spaced = made.spaced if closes else None

    def usable(self, page: Page) -> None:
        """Raises DocumentFault for a page that cannot be read, which takes the document with it: what stands there may be anything."""
        again = _("用生成它的软件重新导出 PDF，或改报 xlsx")
        if page.refused or max(page.width, page.height) > MAX_SIDE:
            what = (
                _("第 {n} 页不完整") if page.refused == "damaged" else _("第 {n} 页内容太多或太大")
            )
            raise DocumentFault(what.format(n=page.number), again)
        if page.unmapped > UNMAPPED * (len(page.chars) + len(page.unseen)):
            raise DocumentFault(
                _("第 {n} 页的字体没有说明每个字是什么，读不出文字").format(n=page.number), again
            )

    def lay(self, page: Page, laid: list[Laid]) -> None:
        """Add the blocks of a page."""
        line = number = 0
        for place, block in enumerate(laid):
            if isinstance(block, RuledGrid):
                number += 1
                opens = _only_numbers(laid[:place])
                closes = _only_numbers(laid[place + 1 :])
                block.doubt = block.doubt or _unseen_in(page, block)
                self.table(page, block, number, opens, closes)
                continue
            line += 1
            self.paragraphs += 1
            box = box_of(block)
            at = DocumentPlace(self.paragraphs, line, page.number, box=_rounded(box))
            self.blocks.append(Paragraph(_sentence(block), at))

    def table(self, page: Page, grid: RuledGrid, number: int, opens: bool, closes: bool) -> None:
        """Add a table. Raises DocumentFault where there are too many."""
        self.tables += 1
        self.cells += len(grid.cells)
        if self.tables > MAX_TABLES or self.cells > MAX_CELLS:
            raise DocumentFault(
                _("表格超过 {n} 个格子").format(n=MAX_CELLS), _("删去多余的行和列，或分成几个文件")
            )
        self.blocks.append(
            DocumentTable(
                tuple(_cells(page, grid, number)),
                len(grid.ys) - 1,
                len(grid.xs) - 1,
                DocumentPlace(page=page.number, table=number, box=_rounded(grid.box)),
                ruled=grid.ruled,
                doubt=grid.doubt,
                opens=opens,
                closes=closes,
                edges=tuple(round(x, 2) for x in grid.xs),
            )
        )


def _unseen_in(page: Page, grid: RuledGrid) -> str:
    """Why what is seen of a table may not be all of it; empty where it is."""
    box = grid.box
    hidden = any(
        box.left <= c.middle <= box.right and box.top <= c.base <= box.bottom
        for c in page.unseen
        if c.text in FIGURE
    )
    if hidden:
        return _("表里有看不见的数")
    cut = (
        box.left < -OUTSIDE
        or box.right > page.width + OUTSIDE
        or box.bottom > page.height + OUTSIDE
    )
    return _("表格超出了页面") if cut else ""


def _only_numbers(blocks: list[Laid]) -> bool:
    """Whether nothing but page numbers stands there."""
    return all(
        not isinstance(block, RuledGrid) and not "".join(c.text for c in block).strip(NUMBERING)
        for block in blocks
    )


def _is_scan(page: Page) -> bool:
    area = page.width * page.height
    return not page.chars and any(
        (p.right - p.left) * (p.bottom - p.top) >= COVERED * area for p in page.pictures
    )


def _sentence(line: list[Char]) -> str:
    """A line of text: wide gaps are blanks, as between Latin words."""
    made, before = "", None
    for char in line:
        if before is not None:
            gap = char.left - before.right
            latin = char.text.isascii() and before.text.isascii()
            if gap > (0.18 if latin else 0.6) * char.size:
                made += " "
        made += char.text
        before = char
    return made


def _cells(page: Page, grid: RuledGrid, number: int) -> Iterator[DocumentCell]:
    """The cells of a table with their places on the page."""
    for one in grid.cells:
        box = _rounded(one.printed or one.box)
        at = DocumentPlace(0, 0, page.number, number, one.row + 1, one.column + 1, box)
        yield DocumentCell(one.text, one.row, one.column, one.rows, one.columns, at)


def _rounded(box: Box) -> Box:
    return Box(*(round(n, 2) for n in (box.left, box.top, box.right, box.bottom)))


__all__ = ["read"]
