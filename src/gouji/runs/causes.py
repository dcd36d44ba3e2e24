"""A unit's causes -> rows of a run, and back to what pages show; how many failing units a night locates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from gouji.base.verdict import Verdict
from gouji.intake import Submission
from gouji.report import CauseRow
from gouji.results import ResultTables
from gouji.rules import ResolvedBook

Cells = dict[str, Any]
Found = tuple[tuple[CauseRow, ...], tuple[str, ...]]
# A rulebook, one unit's submission, the unit and its codes that are 不平 -> causes, and the codes that none explains.
CausesOf = Callable[[ResolvedBook, Submission, str, frozenset[str]], Found]
CAUSE: TypeAdapter[CauseRow] = TypeAdapter(CauseRow)
LENGTH = 16
# Of a night with more failing units than this nothing is located; a single unit's page always is.
LOCATE_AT_MOST = 500
FAILING = f"SELECT DISTINCT unit FROM outcomes WHERE verdict = '{Verdict.UNBALANCED.value}'"


def fingerprint(unit: str, cause: CauseRow) -> str:
    """A hash of what a cause says: the unit, its figures as printed and as proposed. Files and cells have no part in it: the same slip elsewhere on the form is the same."""
    told = sorted((c.sheet, c.figure, c.printed, c.proposed) for c in cause.cells)
    return hashlib.sha256(json.dumps([unit, told]).encode()).hexdigest()[:LENGTH]


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
    statement = (
        f"SELECT DISTINCT submission FROM outcomes WHERE verdict = '{Verdict.UNBALANCED.value}'"
        " AND unit NOT IN (SELECT unit FROM causes) ORDER BY 1"
    )
    return [str(submission) for (submission,) in results.rows(statement)]


def too_many(results: ResultTables, at_most: int) -> bool:
    """Whether more units fail than are located; then what was located is forgotten, so that a run does not depend on what was carried over."""
    if results.count(f"SELECT count(*) FROM ({FAILING})") <= at_most:
        return False
    results.con.execute("DELETE FROM causes")
    return True


def causes_counted(results: ResultTables) -> Cells:
    """How many causes there are, and how many failing units were not located."""
    return {
        "causes": results.count("SELECT count(*) FROM causes WHERE kind = 'cause'"),
        "not_located": results.count(
            f"SELECT count(*) FROM ({FAILING}) WHERE unit NOT IN (SELECT unit FROM causes)"
        ),
    }


__all__ = [
    "LOCATE_AT_MOST",
    "CausesOf",
    "cause_rows_of",
    "causes_counted",
    "fingerprint",
    "found_in",
    "submissions_without",
    "too_many",
]
