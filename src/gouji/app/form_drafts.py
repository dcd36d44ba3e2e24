"""Drafts of forms, and the page of form sets, for the command line and for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gouji.app.books import book_texts, load_book
from gouji.app.which_book import book_for
from gouji.base.resources import data_folder, texts
from gouji.intake import draft_of_file

if TYPE_CHECKING:
    from gouji.intake import Draft


def draft_form(
    file: str | Path,
    sheet: str = "",
    against: str = "",
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    new: bool = False,
) -> Draft:
    """Draft the form of one sheet of a file. `against`: the known table it is to be of; `new`: its own table in any case. Raises DataError."""
    book = load_book(book_for(rules, file), schemas)
    return draft_of_file(Path(file), book.tables, sheet, against, new)


def form_sets(rules: str | Path | None = None, schemas: str | Path | None = None) -> str:
    """The page of the form sets that table descriptions come with."""
    from gouji.explain import form_sets_page
    from gouji.rules import load_tables

    # Table descriptions are asked for alone: that takes no rulebook.
    folder = Path(schemas) if schemas else data_folder() / "schemas"
    held = load_tables(texts(folder) if rules is None else book_texts(rules, schemas).schemas)
    return form_sets_page([one for one, _document in held.sets.values()], held.tables)


__all__ = ["draft_form", "form_sets"]
