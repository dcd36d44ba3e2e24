"""What the renderers read of a run: its manifest and clock, its rules, findings and outcomes as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gouji.base.verdict import Severity

Cells = Mapping[str, Any]
OPEN, WAIVED = "open", "waived"
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `folder` is where submissions lie, as other programs should see it; `new` are fingerprints the last open gate did not know;
    `files` the first file of each submission by its path below `folder`, `about` the file for what speaks of no submission."""

    manifest: Cells
    clock: Cells
    rules: Sequence[Cells]
    findings: Sequence[Cells]
    outcomes: Iterable[Cells]
    reasons: Mapping[str, str]
    new: frozenset[str]
    folder: str = "submissions"
    files: Mapping[str, str] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True, slots=True)
class FindingSpot:
    """One place of a finding: a file, a line in it, and what stands there (sheet and cell, or column)."""

    file: str
    line: int
    cell: str
    text: str


def spots(finding: Cells, run: Run) -> list[FindingSpot]:
    """The places of a finding, each in a file that is there; the first file of the submission where it has none."""
    known = json.loads(finding["places"]) if finding["places"] else []
    submission = str(finding["submission"] or "")
    own = (
        f"{run.folder}/{run.files.get(submission, submission)}"
        if submission
        else run.about or run.folder
    )
    found = [
        FindingSpot(
            f"{run.folder}/{_lying(p['file'])}" if p.get("file") else own,
            int(p.get("line") or 0),
            _cell(p),
            p.get("text") or "",
        )
        for p in known
    ]
    return found or [FindingSpot(own, 0, "", "")]


def _lying(file: str) -> str:
    """Where a file lies below the folder of submissions: one sent by itself is named twice in places, as submission and as file."""
    submission, _mark, rest = file.partition("/")
    return submission if rest == submission else file


def _cell(place: Cells) -> str:
    """Sheet and cell of a workbook, or the column of a text."""
    return "!".join(str(place[k]) for k in ("sheet", "cell", "column") if place.get(k))


def uri(path: str) -> str:
    """A path as a relative URI."""
    return "".join(chr(b) if chr(b) in _PLAIN else f"%{b:02X}" for b in path.encode())


def headline(finding: Cells) -> str:
    """A finding in one line: unit, rule, what was found."""
    about = " ".join(str(finding[k]) for k in ("unit", "name", "code", "rule_name") if finding[k])
    return f"{about}: {finding['text'] or ''}".strip(": ")


def rule_id(finding: Cells) -> str:
    """The rule's code; the kind of what no rule found."""
    return str(finding["code"] or finding["kind"])


LEVELS = {
    Severity.ERROR.value: "error",
    Severity.VERIFY.value: "warning",
    Severity.NOTE.value: "note",
}
