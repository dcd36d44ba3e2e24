"""Conditional formats that hide what a cell holds -> whether one may hide a figure. Of conditions only comparisons with numbers are worked out."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from gouji.intake.workbooks.sheet import Area, Place
from gouji.intake.workbooks.xml_elements import Given

_TESTS: Mapping[str, Callable[[float, float, float], bool]] = {
    "equal": lambda v, a, _b: v == a,
    "notEqual": lambda v, a, _b: v != a,
    "lessThan": lambda v, a, _b: v < a,
    "lessThanOrEqual": lambda v, a, _b: v <= a,
    "greaterThan": lambda v, a, _b: v > a,
    "greaterThanOrEqual": lambda v, a, _b: v >= a,
    "between": lambda v, a, b: a <= v <= b,
    "notBetween": lambda v, a, b: not a <= v <= b,
}
CONDITIONS = frozenset({"conditionalFormatting", "cfRule", "formula"})
# Conditions that no figure meets.
_NEVER = frozenset({"containsBlanks", "containsErrors"})


@dataclass(frozen=True, slots=True)
class Mask:
    """One rule whose format shows nothing, or text in the colour of the ground: where it applies, its kind, its operator, what it compares with."""

    areas: tuple[Area, ...]
    kind: str
    operator: str = ""
    formulas: tuple[str, ...] = ()

    def hides(self, at: Place, value: float) -> bool | None:
        """Whether it hides a figure in that cell; None where its condition is not worked out.

        >>> zeros = Mask((((0, 0), (9, 9)),), "cellIs", "equal", ("0",))
        >>> zeros.hides((1, 1), 12.5), zeros.hides((1, 1), 0.0), zeros.hides((20, 1), 0.0)
        (False, True, False)
        """
        row, column = at
        if self.kind in _NEVER or not any(
            top <= row <= bottom and left <= column <= right
            for (top, left), (bottom, right) in self.areas
        ):
            return False
        test = _TESTS.get(self.operator) if self.kind == "cellIs" else None
        try:
            first, *more = (float(text) for text in self.formulas)
        except ValueError:
            return None
        return test(value, first, more[0] if more else first) if test is not None else None


class Conditions:
    """The conditional formats of a sheet while it is read; `masking` are the numbers of formats that hide."""

    def __init__(self, masking: Container[str]) -> None:
        self.masking = masking
        self.where, self.rules = "", list[tuple[str, Given, list[Given]]]()

    def take(self, name: str, given: Given) -> Given | None:
        """One element of one; what its text goes into, if it has any."""
        if name == "conditionalFormatting":
            self.where = given.get("sqref", "")
        elif name == "cfRule":
            self.rules.append((self.where, given, []))
        elif self.rules:
            self.rules[-1][2].append(Given(v=""))
            return self.rules[-1][2][-1]
        return None

    def masks(self, places: Mapping[str, Place]) -> tuple[Mask, ...]:
        """Those that hide; `places` gives the row and column of a cell's name."""
        found = []
        for where, given, formulas in self.rules:
            if given.get("dxfId", "") in self.masking:
                ends = [area.partition(":") for area in where.split()]
                areas = tuple((places[a], places[b or a]) for a, _colon, b in ends)
                texts = tuple(formula["v"].strip() for formula in formulas)
                kind, operator = given.get("type", ""), given.get("operator", "")
                found.append(Mask(areas, kind, operator, texts))
        return tuple(found)


__all__ = ["CONDITIONS", "Conditions", "Mask"]
