"""Run -> JSON lines: one finding a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gouji.base.plain import escaped
from gouji.report.machine.kept_run import Run


def json_lines(run: Run) -> Iterator[str]:
    """One object a line; `new` says whether the last open gate did not know it."""
    for finding in run.findings:
        places = json.loads(finding["places"]) if finding["places"] else []
        made = {
            **finding,
            "places": places,
            "new": finding["fingerprint"] in run.new,
            "run": run.clock["run"],
        }
        yield escaped(json.dumps(made, ensure_ascii=False, default=str)) + "\n"
