"""Door 2: a plan runs on DuckDB; outcomes come back, units × rules, none dropped."""

from gouji.run.engine import connect, run, run_in_parts
from gouji.run.unfold import Outcomes

__all__ = ["Outcomes", "connect", "run", "run_in_parts"]
