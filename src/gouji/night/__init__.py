"""One night: submissions -> results as Parquet, what changed only, the rest carried over; findings, gate, comparison."""

from gouji.night.gate import GateReport
from gouji.night.judged import judge
from gouji.night.judged_rows import Judged

__all__ = ["GateReport", "Judged", "judge"]
