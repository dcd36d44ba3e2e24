"""Units of a report -> the forms that they did not send: how many units lack each, and how many verdicts are open for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sized
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class UnsentForm:
    """One form (its table): units without it, verdicts that are 无法判断 for want of it (one that lacks two forms counts for both)."""

    table: str
    units: int
    open_verdicts: int


class HasUnsent(Protocol):
    """What is asked of a unit: table -> the relations that could not be judged without it."""

    @property
    def unsent(self) -> Mapping[str, Sized]: ...


class UnsentForms:
    """Counts unit by unit."""

    def __init__(self) -> None:
        self._units: Counter[str] = Counter()
        self._open: Counter[str] = Counter()

    def add(self, card: HasUnsent) -> None:
        """One unit."""
        for table, relations in card.unsent.items():
            self._units[table] += 1
            self._open[table] += len(relations)

    def rows(self) -> tuple[UnsentForm, ...]:
        """Those that leave most open first."""
        found = (UnsentForm(table, n, self._open[table]) for table, n in self._units.items())
        return tuple(sorted(found, key=lambda form: (-form.open_verdicts, form.table)))


__all__ = ["UnsentForm", "UnsentForms"]
