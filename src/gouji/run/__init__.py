"""Door 2: a plan runs on DuckDB; outcomes come back, units × rules, none dropped."""

from typing import TYPE_CHECKING

from gouji.later import names_of

if TYPE_CHECKING:
    from gouji.run.engine import connect, run, run_in_parts

_ENGINE = "gouji.run.engine"

__all__ = ["connect", "run", "run_in_parts"]
__getattr__ = names_of(__name__, dict.fromkeys(__all__, _ENGINE))
