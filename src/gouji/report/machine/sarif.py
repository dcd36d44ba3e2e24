"""Run -> SARIF 2.1.0: rules with their clauses, results with files, lines and, as logical locations, sheet and cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gouji.base.i18n import _
from gouji.base.plain import escaped
from gouji.report.machine.kept_run import (
    LEVELS,
    OPEN,
    WAIVED,
    Cells,
    FindingSpot,
    Run,
    headline,
    rule_id,
    spots,
    uri,
)

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(run: Run) -> Iterator[str]:
    """The log as one JSON text."""
    rules = [_rule(r) for r in run.rules]
    known = {r["id"]: i for i, r in enumerate(rules)}
    for kind in dict.fromkeys(rule_id(f) for f in run.findings if rule_id(f) not in known):
        known[kind] = len(rules)
        rules.append({"id": kind, "shortDescription": {"text": kind}})
    driver = {"name": "gouji", "version": run.manifest["inputs"]["gouji"], "rules": rules}
    made = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": run.manifest["gate"] != "nothing"}],
        "results": [_result(f, run, known[rule_id(f)]) for f in run.findings],
        "properties": {
            "run": run.clock["run"],
            "gate": run.manifest["gate"],
            "counts": run.manifest["counts"],
        },
    }
    yield (
        escaped(
            json.dumps(
                {"$schema": SCHEMA, "version": "2.1.0", "runs": [made]},
                ensure_ascii=False,
                indent=1,
            )
        )
        + "\n"
    )


def _rule(rule: Cells) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": rule["code"],
        "name": rule["name"],
        "shortDescription": {"text": f"{rule['code']} {rule['name']}"},
    }
    if rule["clause"]:
        made["help"] = {"text": rule["clause"]}
    if rule["message"]:
        made["fullDescription"] = {"text": rule["message"]}
    made["defaultConfiguration"] = {"level": LEVELS.get(rule["severity"] or "", "warning")}
    return made


def _result(finding: Cells, run: Run, index: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": rule_id(finding),
        "ruleIndex": index,
        "level": LEVELS[finding["severity"]],
        "message": {"text": headline(finding) or rule_id(finding)},
        "locations": [_location(s, finding) for s in spots(finding, run)],
        "partialFingerprints": {"gouji/v1": finding["fingerprint"]},
        "baselineState": "new" if finding["fingerprint"] in run.new else "unchanged",
    }
    if finding["status"] != OPEN:
        why = (
            run.reasons.get(finding["waiver"] or "")
            if finding["status"] == WAIVED
            else _("基线里的旧问题")
        )
        made["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": why or ""}
        ]
    return made


def _location(spot: FindingSpot, finding: Cells) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(spot.file)}}
    if spot.line:
        physical["region"] = {"startLine": spot.line}
    logical = (
        [{"name": spot.cell, "fullyQualifiedName": f"{spot.file}!{spot.cell}", "kind": "cell"}]
        if spot.cell
        else []
    )
    if finding["unit"]:
        logical.append({"name": str(finding["unit"]), "kind": "unit"})
    made: dict[str, Any] = {"physicalLocation": physical}
    if logical:
        made["logicalLocations"] = logical
    if spot.text:
        made["message"] = {"text": spot.text}
    return made
