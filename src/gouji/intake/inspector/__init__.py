"""Pandera's word on tables, in its own process: the tables and what is asked of them go in, yes or no comes out.

Pandera takes longer to load than a unit takes to audit; beside the main process it costs no waiting, and there it need not load pandas.
"""

from typing import TYPE_CHECKING

from gouji.base.lazy_import import names_of

if TYPE_CHECKING:
    from gouji.intake.inspector.process import ask, ready
    from gouji.intake.inspector.questions import Asked, Field

_ASKED, _BESIDE = "gouji.intake.inspector.questions", "gouji.intake.inspector.process"

__all__ = ["Asked", "Field", "ask", "ready"]
__getattr__ = names_of(
    __name__, {"Asked": _ASKED, "Field": _ASKED, "ask": _BESIDE, "ready": _BESIDE}
)
