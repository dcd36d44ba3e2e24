"""Documents that may be reports, and what becomes of them once their sentences were read: late rows, remarks that no longer hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.base.i18n import _
from gouji.intake.ledger.loader import Loader
from gouji.intake.ledger.submission import Problem, Submission
from gouji.intake.ledger.tables import fill
from gouji.rules import Table


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file that may be a report: its name below the submission, its path; `is_form`: forms are looked for in it too, and whoever does so tells its faults."""

    name: str
    path: Path
    is_form: bool = False


def attached() -> str:
    """What is said of a document in which no form was found, unless its sentences were read."""
    return _("附件，里面没有认得的表，没有采用")


def without_told(problems: Sequence[Problem], read: frozenset[str]) -> list[Problem]:
    """Problems but for the remark that a document is a mere attachment, of those whose sentences were read."""
    what = attached()
    return [p for p in problems if not (p.note and p.at.file in read and p.what == what)]


def add_late(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    loader: Loader,
    submission: Submission,
    counts: Mapping[str, int],
) -> None:
    """Rows that came after those in bulk go behind them; `counts` says how many there were before."""
    for name, table in tables.items():
        rows, early = submission.rows.get(name, []), counts.get(name, 0)
        if len(rows) > early:
            first = loader.next_row[name]
            submission.late[name] = (early, first)
            fill(con, table, rows[early:], first)


def copied_passages(submission: Submission) -> list[Problem]:
    """Notes on passages that reports share."""
    if not submission.passages:
        return []
    # Loads what reads texts.
    from gouji.intake.shared_passages import shared_between

    return list(shared_between(submission.passages))


__all__ = ["ReportFile", "add_late", "attached", "copied_passages", "without_told"]
