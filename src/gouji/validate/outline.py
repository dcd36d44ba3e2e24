"""BookOutline: what is asked of a rulebook by those who run a plan that is kept. Light: it holds no rule."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.load.tables import Role, Table


@dataclass(frozen=True, slots=True)
class BookOutline:
    """A book's name and year, how many rules are in force, its tables, the names of those that rules read, and the hashes of rules and table descriptions."""

    book: str
    year: int
    rules: int
    tables: dict[str, Table]
    read: frozenset[str]
    digests: tuple[str, str]

    @property
    def tables_read(self) -> dict[str, Table]:
        """The tables that rules read, in the order of the book."""
        return {name: table for name, table in self.tables.items() if name in self.read}

    @property
    def derived(self) -> frozenset[str]:
        """The tables that nobody sends."""
        return frozenset(name for name, table in self.tables.items() if table.derived is not None)

    def table_of(self, role: Role) -> Table | None:
        """The table with that role, if there is one."""
        return next((table for table in self.tables.values() if table.role is role), None)
