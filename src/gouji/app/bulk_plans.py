"""ResolvedBook -> BulkPlan, compiled at first use and kept in the user's cache folder under a hash of everything it follows from."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import fields
from typing import Any

from gouji.app.cache import cache_folder, hashed, keep
from gouji.app.manifests import book_digest, tables_digest
from gouji.app.pickles import packed, unpacked
from gouji.app.versions import version
from gouji.compile.bulk import BulkPlan, compile_bulk
from gouji.validate import ResolvedBook

PACKAGES = ("gouji", "duckdb", "sqlglot")


def bulk_plan_for(book: ResolvedBook, *given: Any) -> BulkPlan:
    """The plan of a book (as `compile_bulk`), from the cache where it is there and whole. Raises what `compile_bulk` raises."""
    folder = cache_folder()
    if folder is None:
        return compile_bulk(book, *given)
    key = hashed([sys.version, *map(version, PACKAGES), book_digest(book), tables_digest(book), *map(_told, given)])
    file = folder / f"{key}.bulk"
    with suppress(OSError):
        if isinstance(kept := unpacked(file), dict):
            return BulkPlan(book=book, **kept)
    made = compile_bulk(book, *given)
    with suppress(OSError):
        keep(file, packed({field.name: getattr(made, field.name) for field in fields(made) if field.name != "book"}))
    return made


def _told(value: Any) -> str:
    """A value in words that do not depend on the order in which sets and mappings were filled."""
    if isinstance(value, dict):
        value = value.items()
    return repr(value) if isinstance(value, (bool, str)) or value is None else repr(sorted(value))
