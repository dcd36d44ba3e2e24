"""Conditional formats that hide what a cell holds, or show another number -> whether one may be at work on a figure. Of conditions only comparisons with numbers are worked out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gouji.intake.workbooks.cell_styles import Styles
from gouji.intake.workbooks.number_format import display
from gouji.intake.workbooks.sheet import Area, Place, Raw, figure_text
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
# Bars and signs stand in front of a figure, or in its place.
_PICTURED = frozenset({"dataBar", "iconSet"})
_OFF = frozenset({"0", "false"})
CONDITIONS = frozenset({"conditionalFormatting", "cfRule", "formula", "sqref", *_PICTURED})
# Conditions that no figure meets.
_NEVER = frozenset({"containsBlanks", "containsErrors"})


@dataclass(frozen=True, slots=True)
class Mask:
    """One rule whose format shows nothing, or text in the colour of the ground: where it applies, its kind, its operator, what it compares with.

    One with a `code` shows numbers by that format instead.
    """

    areas: tuple[Area, ...]
    kind: str
    operator: str = ""
    formulas: tuple[str, ...] = ()
    code: str = ""

    def shown(self, value: float) -> Raw:
        """What its format makes of a number."""
        return display(self.code).show(value, 0)

    def changes(self, shown: Raw, held: float) -> bool:
        """Whether its format makes another number of what a cell shows.

        >>> whole = Mask((), "cellIs", code="#,##0")
        >>> whole.changes(12.5, 12.5), whole.changes(12.0, 12.0)
        (True, False)
        """
        return _plain(self.shown(held)) != _plain(shown)

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
        if self.kind in _PICTURED:
            return True
        test = _TESTS.get(self.operator) if self.kind == "cellIs" else None
        try:
            first, *more = (float(text) for text in self.formulas)
        except ValueError:
            return None
        return test(value, first, more[0] if more else first) if test is not None else None


class Conditions:
    """The conditional formats of a sheet while it is read; `styles` say which formats hide, or show another number."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.where, self.rules = Given(), list[tuple[Given, Given, list[Given]]]()

    def take(self, name: str, given: Given) -> Given | None:
        """One element of one; what its text goes into, if it has any. Newer kinds say where they apply in an element behind the rules."""
        if name == "conditionalFormatting":
            self.where = Given(v=given.get("sqref", ""))
        elif name == "sqref":
            return self.where
        elif name == "cfRule":
            self.rules.append((self.where, given, []))
        elif name in _PICTURED:
            if self.rules and given.get("showValue") in _OFF:
                self.rules[-1] = (self.where, Given(type=name, bare=""), [])
        elif self.rules:
            self.rules[-1][2].append(Given(v=""))
            return self.rules[-1][2][-1]
        return None

    def masks(self, places: Mapping[str, Place]) -> tuple[Mask, ...]:
        """Those that hide or change; `places` gives the row and column of a cell's name."""
        found = []
        for where, given, formulas in self.rules:
            number, bare = given.get("dxfId", ""), "bare" in given
            code = "" if number in self.styles.masking else self.styles.changing.get(number, "")
            if code or bare or number in self.styles.masking:
                ends = [area.partition(":") for area in where["v"].split()]
                areas = tuple((places[a], places[b or a]) for a, _colon, b in ends)
                texts = tuple(formula["v"].strip() for formula in formulas)
                kind, operator = given.get("type", ""), given.get("operator", "")
                found.append(Mask(areas, kind, operator, texts, code))
        return tuple(found)


def _plain(value: Raw) -> str:
    """A number as it is shown, without what makes no other number of it: separators, signs of money, zeros at its end."""
    text = re.sub(r"[\s,\u00a5\uffe5]", "", figure_text(value)[0])
    return text.rstrip("0").rstrip(".") if "." in text else text


__all__ = ["CONDITIONS", "Conditions", "Mask"]
