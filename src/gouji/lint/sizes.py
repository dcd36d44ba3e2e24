"""Rules whose numbers could exceed 38 digits: the plan refuses them, so that nobody's figures overflow."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.base.faults import Place, RuleError
from gouji.base.verdict import Severity
from gouji.lint.remark import Remark
from gouji.plan import compile_book
from gouji.rules import ResolvedBook


def sizes(book: ResolvedBook) -> Iterator[Remark]:
    """A remark on every rule that the compiler refuses."""
    faults: list[RuleError] = []
    try:
        compile_book(book, book.tables)
    except* RuleError as group:
        faults += [f for f in group.exceptions if isinstance(f, RuleError)]
    codes = {(document.file): code for code, document in book.source.documents.items()}
    for fault in faults:
        place = fault.place or Place("")
        yield Remark(
            codes.get(place.file, book.source.head.book),
            Severity.ERROR,
            place,
            fault.what,
            fault.fix or "",
        )
