"""BookOutline: what is asked of a rulebook by those who run a plan that is kept. Light: it holds no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gouji.rules.table import Table


@dataclass(frozen=True, slots=True)
class BookOutline:
    """A book's name and year, how many rules are in force, its tables, and the hashes of rules and table descriptions.

    By name: the tables that rules read, those that nobody sends, and the one with the units. A table may take time to get.
    """

    book: str
    year: int
    rules: int
    tables: Mapping[str, Table]
    read: frozenset[str]
    derived: frozenset[str]
    units: str
    digests: tuple[str, str]

    @property
    def tables_read(self) -> dict[str, Table]:
        """The tables that rules read, in the order of the book."""
        return {name: self.tables[name] for name in self.tables if name in self.read}
