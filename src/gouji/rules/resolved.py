"""ResolvedBook: rules whose names exist and whose expressions are trees. From here on a rule cannot be wrong for a reason its author could fix."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from gouji.expression import needed
from gouji.expression.nodes import Aggregate, Figure, Node, Word, walk
from gouji.rules.methods import Partial
from gouji.rules.rule import Criterion, EachRow, RollUp, TieOut
from gouji.rules.source_map import RuleBook, TableSet
from gouji.rules.table import Column, ColumnType, Role, Table


@dataclass(frozen=True, slots=True)
class ResolvedPart:
    """A part of a criterion, or an occasion for a deduction: what it may earn, or lose, and how."""

    name: str
    points: Decimal
    method: Partial
    measure: Node | None = None
    applies: Node | None = None


@dataclass(frozen=True, slots=True)
class ResolvedCriterion:
    """A criterion with its expressions as trees; `measure` is None for checklists, judged criteria and those composed of `parts`.

    `row` is what a row earns where rows are scored one by one, `row_points` what it may earn; the measure is made of it then.
    `belongs`: whether it is for the unit's kind; None for a criterion of all units.
    """

    rule: Criterion
    measure: Node | None
    applies: Node | None
    parts: tuple[ResolvedPart, ...] = ()
    row: Node | None = None
    belongs: Node | None = None
    row_points: Node | None = None

    @property
    def trees(self) -> tuple[Node, ...]:
        """Every expression but the precondition."""
        inner = (tree for part in self.parts for tree in (part.measure, part.applies))
        return tuple(tree for tree in (self.measure, *inner) if tree is not None)

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code


@dataclass(frozen=True, slots=True)
class ResolvedTieOut:
    """A tie-out with its condition as a tree."""

    rule: TieOut
    check: Node
    applies: Node | None

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code


@dataclass(frozen=True, slots=True)
class ResolvedEachRow:
    """A condition on every row of a table: figures in `check` are columns of one row."""

    rule: EachRow
    table: Table
    check: Node
    applies: Node | None

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def beyond(self) -> bool:
        """Whether it holds a row against something else: another row, what rows add up to, another table."""
        parts = (x for x in walk(self.check) if isinstance(x, (Figure, Word, Aggregate)))
        return any(
            isinstance(x, Aggregate) or x.prior or x.table != self.table.table for x in parts
        )

    @property
    def by_itself(self) -> bool:
        """Whether a row that was taken says of itself what it says, whatever became of the others: not of rows that were worked out."""
        return self.table.derived is None and not self.beyond

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns of its table that one row needs."""
        own = (x for x in needed(self.check) if isinstance(x, (Figure, Word)) and not x.prior)
        return tuple(dict.fromkeys(x.column for x in own if x.table == self.table.table))

    @property
    def own_read(self) -> tuple[str, ...]:
        """The columns of its table that are read of the row itself."""
        read = (x for x in walk(self.check) if isinstance(x, (Figure, Word)) and not x.prior)
        return tuple(dict.fromkeys(x.column for x in read if x.table == self.table.table))

    @property
    def row_key(self) -> tuple[str, ...]:
        """The columns that tell a unit's rows apart."""
        return self.table.row_key


@dataclass(frozen=True, slots=True)
class ResolvedRollUp:
    """A roll-up with its table and the column of codes."""

    rule: RollUp
    table: Table
    by: Column
    applies: Node | None

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def name_column(self) -> str | None:
        """The column with the names of the rows: the first text beside the code."""
        return next(
            (c.name for c in self.table.columns if c.type is ColumnType.TEXT and c.role is None),
            None,
        )


ResolvedTableRule = ResolvedEachRow | ResolvedRollUp
ResolvedRule = ResolvedCriterion | ResolvedTieOut | ResolvedTableRule


@dataclass(frozen=True, slots=True, repr=False)
class ResolvedBook:
    """What compile, judge and report work on: rules in force in the book's year, and the tables they speak of.

    `caps` are the conditions of the head's caps, `placed` whether the unit is of a kind that has a set of criteria (None without sets).
    `digests` are the hashes of rules and of table descriptions where they have been worked out.
    """

    source: RuleBook
    tables: dict[str, Table]
    criteria: tuple[ResolvedCriterion, ...]
    tie_outs: tuple[ResolvedTieOut, ...]
    table_rules: tuple[ResolvedTableRule, ...] = ()
    digests: tuple[str, str] | None = field(default=None, compare=False, repr=False)
    caps: tuple[Node, ...] = ()
    placed: Node | None = None

    def __repr__(self) -> str:
        head = self.source.head
        return f"<ResolvedBook {head.book} {head.fiscal_year}: {len(self.rules)} rules, {len(self.tables)} tables>"

    @property
    def rules(self) -> tuple[ResolvedRule, ...]:
        """Every rule in force: criteria, then tie-outs, then rules over the rows of a table."""
        return (*self.criteria, *self.tie_outs, *self.table_rules)

    @property
    def year(self) -> int:
        """The fiscal year that is judged."""
        return self.source.head.fiscal_year

    @property
    def derived(self) -> frozenset[str]:
        """The tables that nobody sends."""
        return frozenset(name for name, t in self.tables.items() if t.derived is not None)

    @property
    def scored(self) -> tuple[ResolvedCriterion, ...]:
        """The criteria whose weights make up the total."""
        return tuple(c for c in self.criteria if c.rule.adjust is None)

    @property
    def adjusting(self) -> tuple[ResolvedCriterion, ...]:
        """Bonuses and deductions outside the total."""
        return tuple(c for c in self.criteria if c.rule.adjust is not None)

    @property
    def total(self) -> Decimal:
        """The full mark of the book; 0 for a book of tie-outs alone."""
        return self.source.head.total or Decimal(0)

    def table_of(self, role: Role) -> Table | None:
        """The table with that role, if there is one."""
        return next((t for t in self.tables.values() if t.role is role), None)


__all__ = [
    "ResolvedBook",
    "ResolvedCriterion",
    "ResolvedEachRow",
    "ResolvedPart",
    "ResolvedRollUp",
    "ResolvedRule",
    "ResolvedTableRule",
    "ResolvedTieOut",
    "RuleBook",
    "TableSet",
]
