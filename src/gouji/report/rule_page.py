"""One rule as a report shows it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule as a report shows it: `formula` and `standard` in words, `sections` the whole page that `gouji explain` prints; `tables`: what it reads."""

    code: str
    kind: Literal["criterion", "tie_out"]
    name: str
    first: str
    second: str
    weight: Decimal | None
    severity: str
    document: str
    clause: str
    status: str
    formula: str
    standard: tuple[str, ...]
    evidence: tuple[str, ...]
    message: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    tables: tuple[str, ...] = ()


__all__ = ["RulePage"]
