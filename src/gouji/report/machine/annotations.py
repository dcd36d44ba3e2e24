"""Run -> annotations of GitHub Actions (workflow commands) and of GitLab (a Code Quality report). Only what is open."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gouji.base.plain import escaped, plain
from gouji.base.verdict import Severity
from gouji.report.machine.kept_run import LEVELS, OPEN, Run, headline, rule_id, spots

_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
_GITLAB = {
    Severity.ERROR.value: "critical",
    Severity.VERIFY.value: "major",
    Severity.NOTE.value: "info",
}


def github(run: Run) -> Iterator[str]:
    """A workflow command a finding; GitHub shows ten of each level a step, so new ones come first."""
    for finding in sorted(
        (f for f in run.findings if f["status"] == OPEN),
        key=lambda f: f["fingerprint"] not in run.new,
    ):
        spot = spots(finding, run)[0]
        given = {
            "file": spot.file,
            "line": str(spot.line) if spot.line else "",
            "title": rule_id(finding),
        }
        shown = ",".join(f"{k}={_property(v)}" for k, v in given.items() if v)
        yield f"::{_GITHUB[LEVELS[finding['severity']]]} {shown}::{_data(headline(finding) or rule_id(finding))}\n"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(run: Run) -> Iterator[str]:
    """A Code Quality report; one entry a finding, each fingerprint once."""
    every = {f["fingerprint"]: f for f in reversed(run.findings) if f["status"] == OPEN}
    entries = []
    for finding in reversed(every.values()):
        spot = spots(finding, run)[0]
        entries.append(
            {
                "description": headline(finding) or rule_id(finding),
                "check_name": rule_id(finding),
                "fingerprint": finding["fingerprint"],
                "severity": _GITLAB[finding["severity"]],
                "location": {"path": spot.file, "lines": {"begin": max(1, spot.line)}},
            }
        )
    yield escaped(json.dumps(entries, ensure_ascii=False, indent=1)) + "\n"
