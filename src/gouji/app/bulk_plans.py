"""ResolvedBook -> BulkPlan, compiled at first use and kept in the user's cache folder under a hash of everything it follows from."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gouji.app.cache import cache_folder, hashed, keep, kept
from gouji.app.versions import version
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.plan import BulkPlan

if TYPE_CHECKING:
    from gouji.rules import ResolvedBook

PACKAGES = ("gouji", "duckdb", "sqlglot")


def bulk_plan_for(
    digests: tuple[str, str], book: Callable[[], ResolvedBook], *given: Any
) -> BulkPlan:
    """The plan of the book with those hashes of rules and tables (as `compile_bulk`), from the cache where it is there and whole; else of the book that `book` gives.

    Raises what `compile_bulk` raises, DataError when the book is another by now.
    """
    folder = cache_folder()
    if folder is None:
        return _made(digests, book, *given)
    file = folder / (
        hashed([sys.version, *map(version, PACKAGES), *digests, *map(_told, given)]) + ".bulk"
    )
    if isinstance(found := kept(file), BulkPlan):
        return found
    made = _made(digests, book, *given)
    keep(file, made)
    return made


def _made(digests: tuple[str, str], book: Callable[[], ResolvedBook], *given: Any) -> BulkPlan:
    from gouji.app.manifests import book_digest, tables_digest
    from gouji.plan import compile_bulk

    of = book()
    if (book_digest(of), tables_digest(of)) != digests:
        raise DataError(_("规则或数据表说明在审核时被改动了"), fix=_("改完后重新运行"))
    return compile_bulk(of, *given)


def _told(value: Any) -> str:
    """A value in words that do not depend on the order in which sets and mappings were filled."""
    if isinstance(value, dict):
        value = value.items()
    return repr(value) if isinstance(value, (bool, str)) or value is None else repr(sorted(value))
