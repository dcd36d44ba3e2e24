"""Many-row tables as sent, grouped by unit for all rules at once, before any unit is judged; on the way it shows which units have a key twice.

Searching every table for keys that come twice would cost as much again as grouping it. So the grouping counts besides how many keys a unit has, and
only the rows of units where that is not the number of its rows are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import duckdb

from gouji.intake import (
    SUSPECTS,
    RefusedRows,
    literal,
    repeated,
    repeated_among,
    suspect,
    twice_test,
)
from gouji.intake import bulk_views as b
from gouji.plan import UNIT, BulkPlan, Grouping, quoted
from gouji.rules import ColumnRole
from gouji.run import execute

# A grouping of all units; without this behind its name, one of the units of a part.
ALL = "#"
ROWS = "rows of suspects"


class Grouped:
    """The groupings of a run; with `ordered` its units are judged in order. Rows with a key twice that were found on the way are noted in `refused`; their units are grouped again without them."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        found: b.Bulk,
        refused: list[RefusedRows],
        ordered: bool,
    ) -> None:
        self.con, self.found, self.refused, self.ordered = con, found, refused, ordered
        self.searched: set[str] = set()
        self.made: set[str] = set()
        # What was grouped, and how much was refused by then.
        self.grouped: tuple[BulkPlan, int] | None = None
        # What the views that are there leave out and whom they hold.
        self.laid: tuple[int, tuple[str, str] | None] | None = None

    def search(self, tables: Iterable[str]) -> None:
        """Look for keys that come twice in some of the tables that may have many rows a unit, once in each."""
        for name, part in self.found.parts.items():
            if name in tables and part.table.grain == "many" and name not in self.searched:
                self.searched.add(name)
                self.refused += repeated(self.con, part)

    def make(self, plan: BulkPlan, year: int) -> None:
        """Group what tells of keys that come twice; afterwards every many-row table has been searched, and views leave out what is refused.

        What was grouped before for another book stands, where nothing was refused since.
        """
        if self.grouped is not None and self.grouped[1] == len(self.refused):
            self.keep(self.grouped[0], plan)
            self.lay()
            return
        here = {
            g.table: g
            for g in plan.groupings
            if not g.prior and g.table in self.found.parts and g.table not in self.searched
        }
        tests = {
            name: test
            for name in here
            if (test := twice_test(self.con, self.found.parts[name], year))
        }
        self.search(self.found.parts.keys() - tests.keys())
        self.lay()
        self.made.clear()
        for grouping in plan.groupings:
            test = "" if grouping.prior else tests.get(grouping.table, "")
            if test:
                execute(
                    self.con,
                    f"CREATE OR REPLACE TEMP TABLE {quoted(grouping.name + ALL)} AS {grouping.sql(test)}",
                )
                self.made.add(grouping.name)
                self._look(grouping, test)
        self.lay()
        self.grouped = plan, len(self.refused)

    def keep(self, old: BulkPlan, new: BulkPlan) -> None:
        """Go on with another plan: what was grouped stands where the other groups it alike."""
        self.made &= {g.name for g in new.groupings if g in old.groupings}
        if self.grouped is not None:
            self.grouped = new, self.grouped[1]

    def lay(self, between: tuple[str, str] | None = None) -> None:
        """Views of the rows that count, of all units or of those from one code to another."""
        if self.laid == (len(self.refused), between):
            return
        self.laid = len(self.refused), between
        bad = {r.table for r in self.refused}
        b.note_refused(self.con, ((r.table, r.number) for r in self.refused))
        for name, part in self.found.parts.items():
            b.view(self.con, part, name in bad, between, self.ordered)

    def cut(self, plan: BulkPlan, between: tuple[str, str] | None) -> None:
        """Views of the groupings, of all units or of those from one code to another; what was not made before is grouped when it is read."""
        where = (
            f" WHERE {quoted(UNIT)} BETWEEN {literal(between[0])} AND {literal(between[1])}"
            if between
            else ""
        )
        for grouping in plan.groupings:
            here = (
                f"SELECT * FROM {quoted(grouping.name + ALL)}{where}"
                if grouping.name in self.made
                else grouping.sql()
            )
            self.con.execute(f"CREATE OR REPLACE VIEW {quoted(grouping.name)} AS {here}")

    def _look(self, grouping: Grouping, test: str) -> None:
        """Search the units that may have a key twice, and those with rows refused already, which the grouping did not see."""
        name, part, made = (
            grouping.table,
            self.found.parts[grouping.table],
            quoted(grouping.name + ALL),
        )
        self.searched.add(name)
        listed = f'SELECT {quoted(UNIT)} FROM {made} WHERE "#"'
        if any(r.table == name for r in self.refused):
            unit = quoted(part.table.with_role(ColumnRole.UNIT).name)
            listed += f" UNION ALL SELECT r.{unit} FROM {part.relation} r SEMI JOIN (SELECT n FROM {quoted(b.BAD)} WHERE t = {literal(name)}) b ON b.n = r.{part.number}"
        if not suspect(self.con, listed):
            return
        few = self._apart(part, grouping)
        doubled = repeated_among(self.con, few)
        if doubled:
            self.refused += doubled
            b.note_refused(self.con, ((r.table, r.number) for r in self.refused))
            self.laid = None
            b.view(self.con, few, True)
            self.con.execute(
                f"DELETE FROM {made} WHERE {quoted(UNIT)} IN (SELECT u FROM {quoted(SUSPECTS)})"
            )
            execute(self.con, f"INSERT INTO {made} {grouping.sql(test)}")
            b.view(self.con, part, True)

    def _apart(self, part: b.TablePart, grouping: Grouping) -> b.TablePart:
        """The rows of suspected units in their own table, with the columns that are grouped: the file is read once for them."""
        read = {
            name: kind
            for name, kind in part.types.items()
            if name in part.table.key or quoted(name) in grouping.head
        }
        unit = quoted(part.table.with_role(ColumnRole.UNIT).name)
        columns = ", ".join(
            (f"r.{part.number} AS {quoted(b.NUMBER)}", *(f"r.{quoted(name)}" for name in read))
        )
        execute(
            self.con,
            f"CREATE OR REPLACE TEMP TABLE {quoted(ROWS)} AS SELECT {columns} FROM {part.relation} AS r SEMI JOIN {quoted(SUSPECTS)} AS s ON s.u = r.{unit}",
        )
        return replace(part, relation=quoted(ROWS), number=quoted(b.NUMBER), types=read)
