"""A unit's own PDF or docx + its issues -> the same with boxes and notes (PDF) or comments (docx) on the figures, and the list of issues behind."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from docx import Document
from docx.document import Document as DocxDocument
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.base.verdict import Severity
from gouji.documents import Box, Note, noted
from gouji.documents.word import cells_of, paragraphs_of
from gouji.intake import At
from gouji.returns.issues import Issue
from gouji.returns.write import AUTHOR, timeless

CODES_AT_MOST = 3
_COLORS = {
    Severity.ERROR.value: (0.85, 0.15, 0.15),
    Severity.VERIFY.value: (0.9, 0.6, 0.0),
    Severity.NOTE.value: (0.2, 0.45, 0.8),
}


def marked_pdf(raw: bytes, issues: Sequence[Issue], listed: Sequence[Sequence[str]]) -> bytes:
    """A PDF with its issues. One box a figure, whatever the number of issues. Raises DocumentFault."""
    found: dict[tuple[int, tuple[float, float, float, float]], list[tuple[int, Issue]]] = {}
    for number, issue in enumerate(issues, 1):
        for at in dict.fromkeys(issue.places):
            if at.page and at.box is not None:
                found.setdefault((at.page, at.box), []).append((number, issue))
    notes = [
        Note(
            page,
            Box(*box),
            _label([issue.code or f"#{number}" for number, issue in own]),
            "\n".join(_words(number, issue) for number, issue in own),
            _COLORS[_gravest(issue for _number, issue in own)],
        )
        for (page, box), own in found.items()
    ]
    return noted(raw, notes, [_("问题清单"), "", *map(_line, listed[1:])])


def _label(codes: Sequence[str]) -> str:
    """The codes of a figure's issues, the first few by name."""
    named = list(dict.fromkeys(codes))
    more = f" +{len(named) - CODES_AT_MOST}" if len(named) > CODES_AT_MOST else ""
    return " ".join(named[:CODES_AT_MOST]) + more


def _gravest(issues: Iterable[Issue]) -> str:
    order = [s.value for s in Severity]
    return min((issue.severity for issue in issues), key=order.index)


def _words(number: int, issue: Issue) -> str:
    said = _("问题{n} [{severity}] {code} {name}").format(
        n=number, severity=issue.severity, code=issue.code, name=issue.name
    )
    return plain(said + (f"\n{issue.working}" if issue.code and issue.working else ""))


def _line(row: Sequence[str]) -> str:
    number, _unit, _year, code, severity, name, *more = row
    parts = [f"{number}. [{severity}] {code} {name}", *more]
    return "\n".join(part for part in parts if part)


def marked_docx(raw: bytes, issues: Sequence[Issue], listed: Sequence[Sequence[str]]) -> bytes:
    """A docx with a comment on each figure or sentence of an issue, and the list as a table behind."""
    document = Document(io.BytesIO(raw))
    cells = cells_of(document.element.body)
    paragraphs = paragraphs_of(document.element.body)
    found: dict[tuple[int, int, int], list[str]] = {}
    sentences: dict[int, list[str]] = {}
    for number, issue in enumerate(issues, 1):
        for at in dict.fromkeys(issue.places):
            if at.spot in cells:
                found.setdefault(_spot(at), []).append(_words(number, issue))
            elif at.document_line in paragraphs:
                sentences.setdefault(at.document_line, []).append(_words(number, issue))
    for paragraph, words in sentences.items():
        own = dict.fromkeys(words)
        _comment(document, Paragraph(paragraphs[paragraph], document), "\n".join(own))  # type: ignore[arg-type]
    for spot, words in found.items():
        cell = _Cell(cells[spot], document)  # type: ignore[arg-type]
        _comment(document, cell.paragraphs[0], "\n".join(words))
    _add_list(document, listed)
    made = io.BytesIO()
    document.save(made)
    return timeless(made.getvalue())


def _add_list(document: DocxDocument, listed: Sequence[Sequence[str]]) -> None:
    """The list of issues as a table on a separate page."""
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_paragraph(_("问题清单"))
    table = document.add_table(0, len(listed[0]))
    for row in listed:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _comment(document: DocxDocument, paragraph: Paragraph, words: str) -> None:
    """A comment on a paragraph, without the clock: the same input gives the same bytes."""
    runs = paragraph.runs or [paragraph.add_run()]
    comment = document.add_comment(runs, words, author=AUTHOR, initials="gj")
    for name in [n for n in comment._comment_elm.attrib if str(n).endswith("}date")]:
        del comment._comment_elm.attrib[name]


def _spot(at: At) -> tuple[int, int, int]:
    assert at.spot is not None
    return at.spot


__all__ = ["marked_docx", "marked_pdf"]
