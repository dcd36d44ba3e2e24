"""Door 1: what units send -> DuckDB tables that passed the gate, with the place of every figure.

Names are loaded when first used: a helper process that reads workbooks needs no database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gouji.intake.admitted import admit
    from gouji.intake.folder import read_folder
    from gouji.intake.several import Several, receive_several
    from gouji.intake.sources import receive
    from gouji.intake.submission import At, Cell, Problem, Row, Submission

_HOMES = {
    "At": "submission",
    "Cell": "submission",
    "Problem": "submission",
    "Row": "submission",
    "Several": "several",
    "Submission": "submission",
    "admit": "admitted",
    "read_folder": "folder",
    "receive": "sources",
    "receive_several": "several",
}
__all__ = [
    "At",
    "Cell",
    "Problem",
    "Row",
    "Several",
    "Submission",
    "admit",
    "read_folder",
    "receive",
    "receive_several",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'gouji.intake' has no attribute {name!r}")
    return getattr(import_module(f"gouji.intake.{_HOMES[name]}"), name)
