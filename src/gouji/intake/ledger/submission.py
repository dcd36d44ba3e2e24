"""What a submission is once read: rows of cells, each knowing where it stood; problems listed, nothing dropped."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from gouji.base.i18n import _, labelled
from gouji.rules import ColumnRole

if TYPE_CHECKING:
    from gouji.intake.deriving.worked_out_tables import Gathered
    from gouji.intake.ledger.cell_tables import Held
    from gouji.intake.ledger.filing import Filing
    from gouji.narrative import ShownText
    from gouji.rules import Table

T = TypeVar("T")
# So many things made for readers of a submission are kept, however many are asked for.
MADE_AT_MOST = 256
# Rows of one table by unit and year, and the list they were found in.
Sorted = tuple[list["Row"], int, dict[tuple[str, Decimal], list["Row"]]]


# Unit and year -> the tables of which rows were set aside, each with how many places there are and the first of them.
Partly = dict[tuple[str, int], dict[str, tuple[int, tuple[str, ...]]]]


@dataclass(frozen=True, slots=True)
class At:
    """Where a figure stood: file, line (or row) from 1, column, sheet and cell, the document it was taken from and the words before it."""

    file: str
    line: int = 0
    column: str = ""
    document: str = ""
    document_line: int = 0
    words: str = ""
    sheet: str = ""
    cell: str = ""
    # In a PDF: the page, and the left, top, right and bottom of what is printed there, in points from its upper left corner.
    page: int = 0
    box: tuple[float, float, float, float] | None = None
    # In a document: table (of the page where there are pages), row and column, from 1.
    spot: tuple[int, int, int] | None = None

    def __str__(self) -> str:
        if not self.file and self.document:
            # Worked out, not sent: what it is and whose figures it is made of.
            return labelled(self.document, self.words) if self.words else self.document
        if self.sheet:
            return "/".join(part for part in (self.file, self.sheet, self.cell) if part)
        here = f"{self.file}:{self.line}" if self.line else self.file
        here = f"{here} [{self.column}]" if self.column else here
        if not self.document:
            return here
        page = f"第{self.page}页" if self.page else ""
        line = f"第{self.document_line}行" if self.document_line else ""
        there = f"《{self.document}》{page}{line}"
        return f"{there} “{self.words}…”" if self.words else there


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as kept (a number in its base unit, or text), half of its last place, how it was printed and where it stood."""

    value: Decimal | str
    half: Decimal | None
    printed: str
    at: At
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; columns that were not given are absent. `unread` are those in which something stood that could not be read."""

    cells: dict[str, Cell]
    at: At
    unread: tuple[str, ...] = ()


class Lost(Enum):
    """What went with a problem besides the place it names: nothing; rows of its table; a sheet or file of which nobody knows what rows it held."""

    NOTHING = "nothing"
    ROWS = "rows"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the submission that could not be used: where, what, how to fix it. A `note` is told but needs no change.

    `lost` says what is wanting in the tables because of it, beyond rows that are listed as set aside.
    """

    table: str
    at: At
    what: str
    fix: str
    note: bool = False
    lost: Lost = Lost.NOTHING


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a unit wrote in the column 审核说明 of a returned workbook: about which rule, and where it wrote it."""

    unit: str
    year: str
    code: str
    text: str
    at: At


@dataclass(frozen=True, slots=True)
class Passage:
    """A long paragraph of a report: its file, whose it is and of which year, its number among the paragraphs (from 0), its line, its first words.

    `size` is how many fingerprints it has, `prints` those themselves; `run` is the earlier run that it was filed in, empty for what is being read.
    """

    file: str
    unit: str
    year: int
    number: int
    line: int
    words: str
    size: int
    prints: tuple[int, ...]
    run: str = ""


@dataclass(slots=True)
class Submission:
    """All that was read: rows by table, problems, counts of rows read (accepted and set aside add up to it).

    Rows of CSV folders are in `rows`; what came in bulk (workbooks, Parquet, databases) lies in DuckDB, behind `held`. `rows_aside` counts rows
    left aside before they reached a table, `counted` those in the tables after the gate, `refused` files of which nothing was taken.
    """

    title: str
    origin: str
    note: str = ""
    invented: bool = False
    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    rows_in: int = 0
    set_aside: list[tuple[str, Row, str]] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    held: Held | None = None
    rows_aside: int = 0
    counted: int | None = None
    refused: int = 0
    twice: list[tuple[str, int]] = field(default_factory=list)
    # Of a unit that is read alone: what its derived tables take from other units.
    gathered: Gathered | None = None
    filing: Filing | None = None
    explanations: list[Explanation] = field(default_factory=list)
    # Which tables of which units are not whole, once the gate has been passed.
    partly: Partly = field(default_factory=dict)
    # Rows at hand that came after those in bulk: by table, how many came before, and the number of the first one after.
    late: dict[str, tuple[int, int]] = field(default_factory=dict)
    # By unit what makes its report texts for a page: each is read again when it is asked for.
    report_texts: dict[str, list[Callable[[], ShownText]]] = field(default_factory=dict)
    # The long paragraphs of its reports, to be held against one another.
    passages: list[Passage] = field(default_factory=list)
    _sorted: dict[str, Sorted] = field(default_factory=dict, repr=False, compare=False)
    _made: dict[tuple[Hashable, int], tuple[object, Any]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def once(self, what: Hashable, of: object, make: Callable[[], T]) -> T:
        """What `make` gives, made once for the same things; of the last few of them."""
        key = what, id(of)
        if key not in self._made:
            if len(self._made) >= MADE_AT_MOST:
                self._made.clear()
            # With the object itself, lest another one comes to be where it was.
            self._made[key] = of, make()
        found: T = self._made[key][1]
        return found

    def texts_of(self, unit: str) -> tuple[ShownText, ...]:
        """The report texts of a unit as a page shows them."""
        return tuple(make() for make in self.report_texts.get(unit, ()))

    def of_unit(self, table: Table, unit: str, year: int) -> list[Row]:
        """The rows at hand of a unit and year in one table. Each table is gone through once, not once for every unit or cell asked for."""
        rows = self.rows.get(table.table)
        if not rows:
            return []
        known = self._sorted.get(table.table)
        if known is None or known[0] is not rows or known[1] != len(rows):
            known = self._sorted[table.table] = (rows, len(rows), _by_unit(rows, table))
        return list(known[2].get((unit, Decimal(year)), ()))

    def aside(self, unit: str, year: int) -> Mapping[str, tuple[int, tuple[str, ...]]]:
        """The tables of a unit and year of which rows were set aside."""
        return self.partly.get((unit, year), {})

    def aside_homes(self, year: int) -> frozenset[tuple[str, bool]]:
        """The tables of which rows of any unit were set aside, with True those of the year before."""
        return frozenset(
            (table, of != year)
            for (_unit, of), tables in self.partly.items()
            if of in (year - 1, year)
            for table in tables
        )

    @property
    def rows_accepted(self) -> int:
        """Rows that reached the tables."""
        return (
            sum(len(rows) for rows in self.rows.values()) if self.counted is None else self.counted
        )

    @property
    def rows_set_aside(self) -> int:
        """Rows that did not."""
        return len(self.set_aside) + self.rows_aside

    def ahead(self, tables: Mapping[str, Table], units: Sequence[str]) -> None:
        """These units will be asked for next, one after another."""
        if self.held is not None and len(units) > 1:
            self.held.ahead(tables, units)

    def place_of(self, table: str, number: int) -> int | None:
        """Where in `rows` the row of a number stands; None where it came in bulk."""
        count = len(self.rows.get(table, ()))
        early, late = self.late.get(table, (count, count))
        if number < early:
            return number
        return early + number - late if late <= number < late + count - early else None

    def held_row(self, table: Table, number: int) -> Row:
        """A row that came in bulk, by its number; an empty one where there is none."""
        found = self.held.row(table, number) if self.held is not None else None
        return found if found is not None else Row({}, At(""))


def _by_unit(rows: Sequence[Row], table: Table) -> dict[tuple[str, Decimal], list[Row]]:
    unit, year = (table.with_role(role).name for role in (ColumnRole.UNIT, ColumnRole.YEAR))
    found: dict[tuple[str, Decimal], list[Row]] = {}
    for row in rows:
        whose, of = row.cells.get(unit), row.cells.get(year)
        if whose is not None and of is not None and isinstance(of.value, Decimal):
            found.setdefault((str(whose.value), of.value), []).append(row)
    return found


def wanting(table: str) -> str:
    """What is said of a workbook that lacks a form that is sent with the others."""
    return _("没有“{table}”这张工作表").format(table=table)
