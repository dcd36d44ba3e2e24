"""A file with a report (txt, docx, odt, html, pdf) -> its lines, each with its place; rows of its tables as lines too, cells between bars. Door 1 for report texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gouji.base.faults import DataError
from gouji.base.i18n import _, labelled
from gouji.documents import Document, DocumentFault, DocumentPlace, DocumentTable, Paragraph
from gouji.documents import read as read_document
from gouji.intake.workbooks.file_kinds import TEXTS
from gouji.narrative import BAR, TextLine, is_row


def lines_in(path: Path) -> tuple[TextLine, ...]:
    """The lines of a report. Raises DataError with what to do when it cannot be read."""
    if not path.is_file():
        raise DataError(_("没有这个文件：{name}").format(name=path), fix=_("检查路径"))
    if path.suffix.lower() not in TEXTS:
        raise DataError(
            _("{name} 不是能读的报告").format(name=path.name),
            fix=_("可读的有 {kinds}").format(kinds="、".join(TEXTS)),
        )
    try:
        return tuple(lines_of_document(read_document(path)))
    except DocumentFault as fault:
        raise DataError(labelled(path.name, fault.what), fix=fault.fix) from fault


def lines_of_document(document: Document) -> Iterator[TextLine]:
    """Paragraphs by their number (in a PDF lines by page and number); rows of a table by that of the paragraph before it."""
    number, page = 0, 0
    for block in document.blocks:
        match block:
            case Paragraph(text=text, place=place):
                number, page = place.line or place.paragraph, place.page
                yield TextLine(text, number, page, is_row(text), _box(place))
            case DocumentTable(hidden=False):
                yield from _rows(block, number, block.place.page or page)


def _box(place: DocumentPlace) -> tuple[float, float, float, float] | None:
    box = place.box
    return (box.left, box.top, box.right, box.bottom) if box is not None else None


def _rows(table: DocumentTable, number: int, page: int) -> Iterator[TextLine]:
    for cells in table.rows():
        shown = [" ".join(cell.split()) for cell in cells]
        if any(shown):
            yield TextLine(f" {BAR} ".join(shown) + f" {BAR}", number, page, True)


__all__ = ["lines_in", "lines_of_document"]
