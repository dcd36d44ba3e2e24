"""ResolvedBook -> StoredPlan, compiled at first use and kept in the user's cache folder under a hash of everything it follows from."""

from __future__ import annotations

from collections.abc import Iterable

from gouji.app.cache import cache_folder, hashed, keep, kept
from gouji.app.manifests import book_digest, tables_digest
from gouji.app.versions import version
from gouji.plan import KeptPlan, StoredPlan, stored
from gouji.rules import ResolvedBook


def plan_for(
    book: ResolvedBook,
    halves: Iterable[str],
    absent: Iterable[tuple[str, bool]],
    aside: Iterable[tuple[str, bool]] = (),
) -> StoredPlan:
    """The plan of a book (as `compile_book`), from the cache where it is there and whole. Raises what `compile_book` raises."""
    halves, absent, aside = sorted(halves), sorted(absent), sorted(aside)
    folder = cache_folder()
    if folder is None:
        return _made(book, halves, absent, aside)
    parts = [book_digest(book), tables_digest(book), repr(halves), repr(absent), repr(aside)]
    key = hashed([*parts, *(version(name) for name in ("gouji", "duckdb", "sqlglot"))])
    file = folder / f"{key}.plan"
    if isinstance(found := kept(file), KeptPlan):
        return found.of(book)
    made = _made(book, halves, absent, aside)
    keep(file, made.kept)
    return made


def _made(
    book: ResolvedBook,
    halves: list[str],
    absent: list[tuple[str, bool]],
    aside: list[tuple[str, bool]],
) -> StoredPlan:
    from gouji.plan import compile_book

    return stored(compile_book(book, halves, absent, aside), book, absent)
