"""ResolvedBook: rules whose names exist and whose expressions are trees. From here on a rule cannot be wrong for a reason its author could mend."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gouji.load.book import RuleBook, TableSet
from gouji.load.rules import Criterion, TieOut
from gouji.load.tables import Role, Table
from gouji.measure.nodes import Node


@dataclass(frozen=True, slots=True)
class ResolvedCriterion:
    """A criterion with its expressions as trees; `measure` is None for checklists and judged criteria."""

    rule: Criterion
    measure: Node | None
    applies: Node | None

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
class ResolvedBook:
    """What compile, judge and report work on: rules in force in the book's year, and the tables they speak of."""

    source: RuleBook
    tables: dict[str, Table]
    criteria: tuple[ResolvedCriterion, ...]
    tie_outs: tuple[ResolvedTieOut, ...]

    @property
    def rules(self) -> tuple[ResolvedCriterion | ResolvedTieOut, ...]:
        """Every rule in force: criteria, then tie-outs."""
        return (*self.criteria, *self.tie_outs)

    @property
    def year(self) -> int:
        """The fiscal year that is judged."""
        return self.source.head.fiscal_year

    @property
    def total(self) -> Decimal:
        """The full mark of the book; 0 for a book of tie-outs alone."""
        return self.source.head.total or Decimal(0)

    def table_of(self, role: Role) -> Table | None:
        """The table with that role, if there is one."""
        return next((t for t in self.tables.values() if t.role is role), None)


__all__ = ["ResolvedBook", "ResolvedCriterion", "ResolvedTieOut", "RuleBook", "TableSet"]
