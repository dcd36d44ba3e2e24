"""Run -> metrics in Prometheus' text format, for node_exporter's textfile collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gouji.report.machine.kept_run import Run

Labels = Mapping[str, str]


def prometheus(run: Run) -> Iterator[str]:
    """The metrics; a night that fails leaves the old ones, so alert on the age of gouji_run_timestamp_seconds as well."""
    counts, clock = run.manifest["counts"], run.clock
    found = Counter((f["severity"], f["status"]) for f in run.findings)
    yield from _metric(
        "gouji_run_timestamp_seconds",
        "When the last whole run ended.",
        [({}, clock["ended_epoch"])],
    )
    yield from _metric(
        "gouji_run_duration_seconds", "How long the last whole run took.", [({}, clock["seconds"])]
    )
    yield from _metric("gouji_run_number", "Number of the last whole run.", [({}, clock["run"])])
    states = ("open", "closed", "nothing")
    yield from _metric(
        "gouji_gate",
        "State of the gate: 1 for the one it is in.",
        [({"state": s}, int(run.manifest["gate"] == s)) for s in states],
    )
    yield from _metric("gouji_units", "Units judged or carried over.", [({}, counts["units"])])
    work = [({"how": how}, clock[how]) for how in ("judged", "carried")]
    yield from _metric("gouji_submissions", "Submissions read and judged, and carried over.", work)
    yield from _metric(
        "gouji_outcomes",
        "Outcomes by verdict.",
        [({"verdict": v}, n) for v, n in counts["verdicts"].items()],
    )
    yield from _metric(
        "gouji_findings",
        "Findings by severity and how they stand.",
        [({"severity": s, "status": st}, n) for (s, st), n in sorted(found.items())],
    )
    fresh = len(
        {
            f["fingerprint"]
            for f in run.findings
            if f["status"] == "open" and f["fingerprint"] in run.new
        }
    )
    yield from _metric(
        "gouji_new_findings", "Open findings that the last open gate did not know.", [({}, fresh)]
    )


def _metric(name: str, text: str, samples: Sequence[tuple[Labels, float]]) -> Iterator[str]:
    yield f"# HELP {name} {text}\n# TYPE {name} gauge\n"
    for labels, value in samples:
        inside = ",".join(f'{k}="{_escaped(v)}"' for k, v in labels.items())
        yield f"{name}{'{' + inside + '}' if inside else ''} {value}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
