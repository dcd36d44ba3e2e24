"""Drafts of forms, and the page of form sets, for the command line and for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gouji.app.books import book_texts, load_book
from gouji.app.default_book import DEFAULT_BOOK
from gouji.intake import draft_of_file

if TYPE_CHECKING:
    from gouji.intake import Draft


def draft_form(
    file: str | Path,
    sheet: str = "",
    against: str = "",
    rules: str | Path = DEFAULT_BOOK,
    schemas: str | Path | None = None,
    new: bool = False,
) -> Draft:
    """Draft the form of one sheet of a file. `against`: the known table it is to be of; `new`: a table of its own in any case. Raises DataError."""
    return draft_of_file(Path(file), load_book(rules, schemas).tables, sheet, against, new)


def form_sets(rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None) -> str:
    """The page of the form sets that table descriptions come with."""
    from gouji.explain import form_sets_page
    from gouji.rules import load_tables

    held = load_tables(book_texts(rules, schemas).schemas)
    return form_sets_page([one for one, _document in held.sets.values()], held.tables)


__all__ = ["draft_form", "form_sets"]
