"""One night: submissions -> results as Parquet, what changed only, the rest carried over; findings, gate, comparison."""

from gouji.night.gate import GateReport
from gouji.night.judged import Judged, judge
from gouji.night.results import Results

__all__ = ["GateReport", "Judged", "Results", "judge"]
