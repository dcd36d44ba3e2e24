"""What judging some submissions gives: rows for the tables of results, and what became of each file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gouji.intake import Problem, home_of
from gouji.results import CARRIED

Cells = dict[str, Any]


@dataclass(slots=True)
class JudgedRows:
    """Rows of results, by table."""

    outcomes: list[Cells] = field(default_factory=list)
    scorecards: list[Cells] = field(default_factory=list)
    problems: list[Cells] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    passages: list[Cells] = field(default_factory=list)
    members: list[Cells] = field(default_factory=list)
    cards: list[Cells] = field(default_factory=list)
    causes: list[Cells] = field(default_factory=list)
    shares: list[Cells] = field(default_factory=list)
    gathered: list[Cells] = field(default_factory=list)
    counts: dict[str, Cells] = field(default_factory=dict)
    # Of each submission what became of each entry.
    fates: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, list[Cells]]:
        """The rows by the name of the table of results that takes them."""
        own = {"remarks": [_remark(remark) for remark in self.remarks]}
        return {name: own.get(name) or getattr(self, name) for name in CARRIED}


def _remark(of: Problem) -> Cells:
    home = home_of(of.at.file)
    return {"submission": home, "place": str(of.at), "what": of.what, "mend": of.fix}
