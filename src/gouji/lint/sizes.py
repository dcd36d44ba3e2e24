"""Rules whose numbers could exceed 38 digits: the plan refuses them, so that nobody's figures overflow."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.compile import compile_book
from gouji.faults import Place, RuleError
from gouji.lint.remark import Remark
from gouji.validate import ResolvedBook
from gouji.verdict import Severity


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
            fault.mend or "",
        )
