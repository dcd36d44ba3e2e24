"""A rulebook ready to judge: plans are compiled once, rules have their versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gouji.plan import StoredPlan
from gouji.results import Reads, rule_version
from gouji.rules import ResolvedBook
from gouji.runs.cause_rows import CauseFinder

if TYPE_CHECKING:
    from gouji.intake import Reports
    from gouji.plan import Plan

Absent = frozenset[tuple[str, bool]]
Plans = Callable[[ResolvedBook, Absent, Absent], StoredPlan]
PLANS_KEPT = 8


@dataclass
class Bench:
    """A rulebook ready to judge: its plans are compiled once, its rules have their versions. Cards are made of submissions of at most `pages` units.

    `kept` gives plans that were compiled another time. `finder` finds the cells that are probably wrong, `reports` reads report texts.
    """

    book: ResolvedBook
    pages: int = 0
    kept: Plans | None = None
    finder: CauseFinder | None = None
    reports: Callable[[], Reports] | None = None
    reads: Reads = field(default_factory=Reads)
    _plans: dict[tuple[Absent, Absent], Plan | StoredPlan] = field(default_factory=dict)

    def plan(self, absent: Absent, aside: Absent) -> Plan | StoredPlan:
        """The statements, with precision columns beside every table; what nobody sent (tables, and whether last year's) is left out of them.

        `aside` are the tables of which rows were set aside.
        """
        if (absent, aside) not in self._plans:
            if len(self._plans) >= PLANS_KEPT:
                self._plans.clear()
            self._plans[absent, aside] = (
                self.kept(self.book, absent, aside)
                if self.kept is not None
                else _compiled(self.book, absent, aside)
            )
        return self._plans[absent, aside]

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Rule code -> hash of all that decides in it."""
        return {r.code: rule_version(r.rule) for r in self.book.rules}


def _compiled(book: ResolvedBook, absent: Absent, aside: Absent) -> Plan:
    from gouji.plan import compile_book

    return compile_book(book, book.tables, absent, aside)
