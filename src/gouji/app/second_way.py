"""The tie-outs of a dataset judged once more, by Great Expectations over the same tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji.app.books import DEFAULT_BOOK, load_book
from gouji.bridge import queries
from gouji.bridge.checkpoint import Expected, run_checkpoint
from gouji.compile import compile_book
from gouji.intake import receive
from gouji.load.tables import Role
from gouji.run import connect, run
from gouji.verdict import Verdict


@dataclass(frozen=True, slots=True)
class SecondWay:
    """What Great Expectations found beside what gouji found, rule by rule; `left_out` are relations it was not asked about."""

    expected: tuple[Expected, ...]
    own: Mapping[str, int]
    left_out: tuple[str, ...]

    @property
    def differing(self) -> tuple[str, ...]:
        """Codes of rules on which the two ways do not agree."""
        return tuple(e.query.code for e in self.expected if e.units != self.own[e.query.code])


def second_way(data: str | Path, rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None) -> SecondWay:
    """Judge the tie-outs of a dataset once more, by Great Expectations over the same tables, with queries made without `compile`."""
    book = load_book(rules, schemas)
    made, left_out = queries(book)
    units = book.table_of(Role.UNITS)
    assert units is not None
    with TemporaryDirectory() as folder:
        database = Path(folder) / "tables.duckdb"
        con = connect(str(database))
        try:
            receive(con, data, book.tables)
            outcomes = run(compile_book(book, frozenset(book.tables)), con)
        finally:
            con.close()
        expected = run_checkpoint(database, units.table, made, book.source.head.book)
    wrong = Counter(o.code for found in outcomes.tie_outs.values() for o in found if o.verdict is Verdict.UNBALANCED)
    return SecondWay(expected, {q.code: wrong[q.code] for q in made}, left_out)
