"""The figures of one unit, as values: what the Python readings of an expression are evaluated on.

A figure is `Printed`: the exact number in its base unit (元, shares of 1) and half of its last printed place in the same unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: the true figure lies within `half` of `value`, both ends included."""

    value: Fraction
    half: Fraction = ZERO

    @property
    def low(self) -> Fraction:
        """Least figure that prints like this."""
        return self.value - self.half

    @property
    def high(self) -> Fraction:
        """Greatest figure that prints like this."""
        return self.value + self.half


Cell = Printed | str | None
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """All tables of one unit and year; `prior` holds the year before. A table that was not sent is absent.

    `aside` names tables (of derived ones columns, `table.column`) of which rows were set aside: what the rows at hand add up to is not what the unit sent.
    """

    one: Mapping[str, Row] = field(default_factory=dict)
    many: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    prior: UnitFigures | None = None
    aside: frozenset[str] = frozenset()

    def at(self, prior: bool) -> UnitFigures:
        """This year's figures, or last year's."""
        return (self.prior or UnitFigures()) if prior else self

    def sent(self, table: str, prior: bool) -> bool:
        """Whether there is any row of the table."""
        source = self.at(prior)
        return table in source.one or table in source.many

    def incomplete(self, homes: Iterable[tuple[str, bool]]) -> bool:
        """Whether rows were set aside of some of the tables or columns, with True those of the year before."""
        return any(name in self.at(prior).aside for name, prior in homes)
