"""What a run rests on, as hashes: the rules and the table descriptions of a book."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gouji.base.digest import running

if TYPE_CHECKING:
    from gouji.rules import ResolvedBook


def book_digest(book: ResolvedBook) -> str:
    """SHA-256 of the rules as read."""
    if book.digests is not None:
        return book.digests[0]
    return _digest(
        repr(d.data) for d in (book.source.head_document, *book.source.documents.values())
    )


def tables_digest(book: ResolvedBook) -> str:
    """SHA-256 of the table descriptions."""
    if book.digests is not None:
        return book.digests[1]
    from gouji.rules import TABLE

    # What follows from the rules is no part of the descriptions.
    return _digest(TABLE.dump_json(t, exclude={"unasked"}).decode() for t in book.tables.values())


def _digest(parts: Iterable[str]) -> str:
    made = running()
    for part in parts:
        made.update(part.encode() + b"\0")
    return made.hexdigest()
