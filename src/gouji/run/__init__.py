"""Door 2: a plan runs on DuckDB; outcomes come back, units × rules, none dropped."""

from typing import TYPE_CHECKING

from gouji.later import names_of

if TYPE_CHECKING:
    from gouji.run.engine import connect, run, run_in_parts
    from gouji.run.unfold import Outcomes

_ENGINE = "gouji.run.engine"

__all__ = ["Outcomes", "connect", "run", "run_in_parts"]
__getattr__ = names_of(
    __name__,
    {"connect": _ENGINE, "run": _ENGINE, "run_in_parts": _ENGINE, "Outcomes": "gouji.run.unfold"},
)
