"""A unit's causes -> rows of a run, and back to what pages show; how many failing units a night locates."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from gouji.base.digest import sha256
from gouji.base.verdict import Verdict
from gouji.intake import Submission
from gouji.report import CauseRow
from gouji.results import ResultTables, Scorecard
from gouji.rules import ResolvedBook
from gouji.runs import run_sql as q

Cells = dict[str, Any]
Found = tuple[tuple[CauseRow, ...], tuple[str, ...]]
# A rulebook, one unit's submission, the unit and its codes that are 不平 -> causes, and the codes that none explains.
CausesOf = Callable[[ResolvedBook, Submission, str, frozenset[str]], Found]
CAUSE: TypeAdapter[CauseRow] = TypeAdapter(CauseRow)
LENGTH = 16
# Of a night with more failing units than this nothing is located; a single unit's page always is.
LOCATE_AT_MOST = 500


def fingerprint(unit: str, cause: CauseRow) -> str:
    """A hash of what a cause says: the unit, its figures as printed and as proposed. Files and cells have no part in it: the same slip elsewhere on the form is the same."""
    told = sorted((c.sheet, c.figure, c.printed, c.proposed) for c in cause.cells)
    return sha256(json.dumps([unit, told]).encode())[:LENGTH]


@dataclass(slots=True)
class CauseFinder:
    """Finds the causes of failing units while there are at most so many of them in a night; `seen` are those that it was asked for."""

    causes_of: CausesOf
    at_most: int = LOCATE_AT_MOST
    seen: set[str] = field(default_factory=set)

    def rows(
        self, book: ResolvedBook, own: Submission, card: Scorecard, base: Mapping[str, str]
    ) -> list[Cells]:
        """The rows of one unit; none where nothing of it fails, or too many units fail."""
        failing = frozenset(
            line.outcome.code
            for line in (*card.tie_outs, *card.table_rules)
            if line.outcome.verdict is Verdict.UNBALANCED
        )
        if not failing:
            return []
        self.seen.add(card.unit)
        if len(self.seen) > self.at_most:
            return []
        found = self.causes_of(book, own, card.unit, failing)
        return [{**base, **row} for row in cause_rows_of(card.unit, found)]


def cause_rows_of(unit: str, found: Found) -> list[Cells]:
    """The rows of one unit: a row a cause, and one for the codes that none explains; at least one, so that it is known to be located."""
    causes, unexplained = found
    rows = [
        {
            "kind": "cause",
            "number": number,
            "fingerprint": fingerprint(unit, cause),
            "codes": list(cause.codes),
            "certain": cause.certain,
            "line": cause.line,
            "cause": CAUSE.dump_json(cause).decode(),
        }
        for number, cause in enumerate(causes, 1)
    ]
    if unexplained or not rows:
        rows.append({"kind": "unexplained", "number": 0, "codes": list(unexplained)})
    return rows


def found_in(rows: Sequence[Mapping[str, Any]]) -> Found:
    """What the rows of one unit say."""
    causes = sorted((r for r in rows if r["kind"] == "cause"), key=lambda r: int(r["number"]))
    rest = [code for r in rows if r["kind"] == "unexplained" for code in r["codes"]]
    return tuple(CAUSE.validate_json(r["cause"]) for r in causes), tuple(rest)


def submissions_without(results: ResultTables) -> list[str]:
    """Submissions with a failing unit that is not located yet."""
    return [str(submission) for (submission,) in results.rows(q.SUBMISSIONS_TO_LOCATE)]


def too_many(results: ResultTables, finder: CauseFinder | None) -> bool:
    """Whether more units fail than are located (or none are to be); then what was located is forgotten, so that a run does not depend on what was carried over."""
    if finder is not None and results.count(q.FAILING_UNITS) <= finder.at_most:
        finder.seen.clear()
        return False
    results.con.execute(q.FORGET_CAUSES)
    return True


def causes_counted(results: ResultTables) -> Cells:
    """How many causes there are, and how many failing units were not located."""
    return {
        "causes": results.count(q.CAUSES_FOUND),
        "not_located": results.count(q.NOT_LOCATED),
    }


__all__ = [
    "LOCATE_AT_MOST",
    "CauseFinder",
    "CausesOf",
    "cause_rows_of",
    "causes_counted",
    "fingerprint",
    "found_in",
    "submissions_without",
    "too_many",
]
