"""A file, or a folder of them -> pictures of what is read from each cell, as text, JSON or HTML."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gouji.app.books import load_book
from gouji.app.which_book import book_for
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake import SUFFIXES, Account, Picture, pictured


def read_forms(
    path: str | Path,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    forms: Sequence[str] = (),
) -> tuple[Picture, ...]:
    """What is read of a file, or of every workbook and document below a folder. Raises DataError where there is none."""
    tables = load_book(book_for(rules, path), schemas, forms).tables
    files = Account.of(Path(path)).files(*SUFFIXES)
    if not files:
        raise DataError(
            _("{name} 不是能读的文件").format(name=Path(path).name),
            fix=_("给 xlsx、xlsm、xls、ods、docx、html 或 pdf"),
        )
    return tuple(pictured(file, tables, {}) for file in files)


__all__ = ["read_forms"]
