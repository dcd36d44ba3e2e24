"""Texts of a rulebook -> ResolvedBook, checked at first use, and its BookOutline; both kept in the user's cache folder under a hash of everything they follow from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji.app.cache import cache_folder, hashed, keep, kept
from gouji.app.codec import Late, LateEach
from gouji.app.versions import version
from gouji.base.digest import sha256
from gouji.rules import BookOutline

if TYPE_CHECKING:
    from gouji.rules import ResolvedBook

Texts = Mapping[str, str]
PACKAGES = ("gouji", "pydantic", "sqlglot", "pyyaml")


def book_from(
    own: Texts,
    schemas: Texts,
    included: Callable[[str], Texts],
    names: Callable[[], tuple[str, ...]],
    check: Callable[[tuple[Texts, ...]], ResolvedBook],
) -> ResolvedBook:
    """The book of these texts, from the cache where it is there and whole; else as `check` makes it of the included books and its own.

    `names` reads which books it includes, `included` the texts of one. Raises what these raise.
    """
    file = _file(own, schemas, ".book")
    if file is None:
        return check((*map(included, names()), own))
    from gouji.rules import ResolvedBook

    if isinstance(found := _kept(file, included), ResolvedBook):
        return found
    others = {name: included(name) for name in names()}
    made = check((*others.values(), own))
    # Where each key of a rule stands is asked by those who explain it.
    _keep(
        file,
        others,
        replace(made, source=replace(made.source, documents=Late(made.source.documents))),
    )
    return made


def outline_from(
    own: Texts,
    schemas: Texts,
    included: Callable[[str], Texts],
    names: Callable[[], tuple[str, ...]],
    book: Callable[[], ResolvedBook],
) -> BookOutline:
    """The outline of the book of these texts, from the cache where it is there and whole; else of the book that `book` gives."""
    file = _file(own, schemas, ".outline")
    if file is not None and isinstance(found := _kept(file, included), BookOutline):
        return found
    made = _outline(book())
    if file is not None:
        _keep(
            file,
            {name: included(name) for name in names()},
            replace(made, tables=LateEach(made.tables)),
        )
    return made


def _outline(book: ResolvedBook) -> BookOutline:
    from gouji.app.manifests import book_digest, tables_digest
    from gouji.rules import Role, tables_read

    units = book.table_of(Role.UNITS)
    assert units is not None
    return BookOutline(
        book.source.head.book,
        book.year,
        len(book.rules),
        book.tables,
        frozenset(tables_read(book)),
        book.derived,
        units.table,
        (book_digest(book), tables_digest(book)),
    )


def _file(own: Texts, schemas: Texts, end: str) -> Path | None:
    folder = cache_folder()
    return (
        folder
        / (hashed([sys.version, *map(version, PACKAGES), *_flat(own), "", *_flat(schemas)]) + end)
        if folder is not None
        else None
    )


def _kept(file: Path, included: Callable[[str], Texts]) -> Any:
    """What is kept, if the included books are what they were then."""
    match kept(file):
        case (dict() as others, value) if all(
            _digest(included(name)) == then for name, then in others.items()
        ):
            return value
    return None


def _keep(file: Path, included: Mapping[str, Texts], value: Any) -> None:
    keep(file, ({name: _digest(texts) for name, texts in included.items()}, value))


def _digest(texts: Texts) -> str:
    return sha256("\0".join(_flat(texts)))


def _flat(texts: Texts) -> list[str]:
    return [part for item in sorted(texts.items()) for part in item]
