"""Run -> metrics in Prometheus' text format, for node_exporter's textfile collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from gouji.report.machine.kept_run import Run

Samples = Iterable[tuple[dict[str, str], float]]


def prometheus(run: Run) -> Iterator[str]:
    """The metrics; a night that fails leaves the old ones, so alert on the age of gouji_run_timestamp_seconds as well."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_MetricsCollector(run))
    yield generate_latest(registry).decode("utf-8")


class _MetricsCollector:
    """What a registry asks for the metrics of one run."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every metric with its samples."""
        yield from _of_the_run(self._run)
        yield from _of_findings(self._run)


def _of_the_run(run: Run) -> Iterator[GaugeMetricFamily]:
    counts, clock = run.manifest["counts"], run.clock
    whole = (
        ("timestamp_seconds", "When the last whole run ended.", clock["ended_epoch"]),
        ("duration_seconds", "How long the last whole run took.", clock["seconds"]),
        ("number", "Number of the last whole run.", clock["run"]),
    )
    for name, text, value in whole:
        yield _gauge(f"gouji_run_{name}", text, [({}, value)])
    states = ("open", "closed", "nothing")
    at_gate = [({"state": s}, int(run.manifest["gate"] == s)) for s in states]
    yield _gauge("gouji_gate", "State of the gate: 1 for the one it is in.", at_gate)
    yield _gauge("gouji_units", "Units judged or carried over.", [({}, counts["units"])])
    work = [({"how": how}, clock[how]) for how in ("judged", "carried")]
    yield _gauge("gouji_submissions", "Submissions read and judged, and carried over.", work)
    verdicts = [({"verdict": v}, n) for v, n in counts["verdicts"].items()]
    yield _gauge("gouji_outcomes", "Outcomes by verdict.", verdicts)


def _of_findings(run: Run) -> Iterator[GaugeMetricFamily]:
    found = Counter((f["severity"], f["status"]) for f in run.findings)
    by_degree = [({"severity": s, "status": st}, n) for (s, st), n in sorted(found.items())]
    yield _gauge("gouji_findings", "Findings by severity and how they stand.", by_degree)
    fresh = {
        f["fingerprint"]
        for f in run.findings
        if f["status"] == "open" and f["fingerprint"] in run.new
    }
    yield _gauge(
        "gouji_new_findings",
        "Open findings that the last open gate did not know.",
        [({}, len(fresh))],
    )


def _gauge(name: str, text: str, samples: Samples) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text)
    for labels, value in samples:
        family.add_sample(name, labels, value)
    return family
