"""What judging some submissions gives: rows for the tables of results, and what became of each file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gouji.results.schema import CARRIED

Cells = dict[str, Any]


@dataclass(slots=True)
class Judged:
    """Rows of results, by table."""

    outcomes: list[Cells] = field(default_factory=list)
    scorecards: list[Cells] = field(default_factory=list)
    problems: list[Cells] = field(default_factory=list)
    members: list[Cells] = field(default_factory=list)
    cards: list[Cells] = field(default_factory=list)
    shares: list[Cells] = field(default_factory=list)
    gathered: list[Cells] = field(default_factory=list)
    counts: dict[str, Cells] = field(default_factory=dict)
    # Of each submission what became of each entry.
    fates: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, list[Cells]]:
        """The rows by the name of the table of results that takes them."""
        return {name: getattr(self, name) for name in CARRIED}
