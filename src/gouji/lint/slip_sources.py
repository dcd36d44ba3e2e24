"""`locate.yaml` -> remarks: slips that no source names, and figures of a rulebook that may never be blamed at all."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.base.i18n import _, labelled, noted
from gouji.base.verdict import Severity
from gouji.lint.bases import status_words
from gouji.lint.remark import Remark
from gouji.rules import BasisStatus, ResolvedBook, Role


def slips(book: ResolvedBook) -> Iterator[Remark]:
    """Remarks on how causes are located."""
    given, document = book.source.locating, book.source.locating_document
    if document is None:
        return
    name = book.source.head.book
    if given.basis.status is not BasisStatus.PRINTED:
        what = labelled(given.basis.clause, status_words(given.basis.status))
        note = given.basis.note.strip() if given.basis.note else ""
        said = noted(what, note) if note else what
        yield Remark(name, Severity.NOTE, document.place(("basis", "status")), said)
    figures = _sent_figures(book)
    if figures and figures <= set(given.certified):
        yield Remark(
            name,
            Severity.VERIFY,
            document.place(("certified",)),
            _("certified 列了所有的数据表，什么都定位不到"),
            _("只列由别处核定、不会填错的表或列"),
        )


def _sent_figures(book: ResolvedBook) -> set[str]:
    """The tables of figures that units send."""
    tables = book.tables.values()
    return {t.table for t in tables if t.role is Role.FIGURES and t.derived is None}


__all__ = ["slips"]
