"""Rows of a plan -> outcomes as values: units × rules of them, in the order of units and codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gouji.compile.stored import StoredPlan
from gouji.compile.titles import GRADE, GRADE_HIGH, GRADE_LOW, HIGH, LOW, NAME, SELF, TOTAL, UNIT
from gouji.load.methods import Reading, Steps, TwoSidedSteps
from gouji.outcome import CriterionOutcome, Gap, Span, TieOutcome, Totals, no_totals
from gouji.validate.resolved import ResolvedCriterion
from gouji.verdict import GROUNDS, VERDICTS, Ground, Verdict

if TYPE_CHECKING:
    from gouji.compile import Plan

Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All outcomes of a run, by unit code."""

    units: dict[str, str]
    criteria: dict[str, tuple[CriterionOutcome, ...]]
    tie_outs: dict[str, tuple[TieOutcome, ...]]
    totals: dict[str, Totals]
    table_rules: dict[str, tuple[TieOutcome, ...]] = field(default_factory=dict)

    def of(self, unit: str) -> tuple[CriterionOutcome | TieOutcome, ...]:
        """Every outcome of one unit."""
        return (*self.criteria[unit], *self.tie_outs[unit], *self.table_rules.get(unit, ()))


def unfold(plan: Plan | StoredPlan, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Outcomes:
    """`names` are the columns of the plan, `rows` one a unit."""
    found = Outcomes({}, {}, {}, {})
    for row in rows:
        cells = dict(zip(names, row, strict=True))
        unit = str(cells[UNIT])
        found.units[unit] = str(cells[NAME] or "")
        found.criteria[unit] = tuple(_criterion(plan, unit, c, cells) for c in plan.book.criteria)
        found.tie_outs[unit] = tuple(_tie_out(plan, unit, t.code, cells) for t in plan.book.tie_outs)
        found.table_rules[unit] = tuple(_tie_out(plan, unit, t.code, cells) for t in plan.book.table_rules)
        found.totals[unit] = _totals(unit, cells) if plan.book.criteria else no_totals(unit, found.units[unit])
    return found


def points(centi: int | None) -> Decimal | None:
    """Hundredths -> points."""
    return None if centi is None else Decimal(centi).scaleb(-2)


def _criterion(plan: Plan | StoredPlan, unit: str, of: ResolvedCriterion, cells: Cells) -> CriterionOutcome:
    code = of.code
    stepped = isinstance(of.rule.method, (Steps, TwoSidedSteps))
    readings = {r.value: points(cells[f"{code}.{r}"]) for r in Reading} if stepped else {}
    measured = _number(plan, f"{code}.measured", cells)
    ends = _span(plan, code, cells) if f"{code}.low_end" in plan.scales else (Span(measured, measured) if measured is not None else None)
    low, high = points(cells[f"{code}.low"]), points(cells[f"{code}.high"])
    assert low is not None and high is not None
    return CriterionOutcome(
        unit=unit, code=code, verdict=VERDICTS[cells[f"{code}.verdict"]], score=points(cells[f"{code}.score"]), low=low, high=high,
        self_score=points(cells[f"{code}.self"]), ground=GROUNDS[cells[f"{code}.ground"]], measured=measured, span=ends,
        readings={k: v for k, v in readings.items() if v is not None}, gaps=_gaps(plan, code, VERDICTS[cells[f"{code}.verdict"]], cells),
    )  # fmt: skip


def _tie_out(plan: Plan | StoredPlan, unit: str, code: str, cells: Cells) -> TieOutcome:
    verdict = VERDICTS[cells[f"{code}.verdict"]]
    return TieOutcome(unit, code, verdict, _number(plan, f"{code}.left", cells), _number(plan, f"{code}.right", cells),
                      _span(plan, code, cells), _gaps(plan, code, verdict, cells))  # fmt: skip


def _number(plan: Plan | StoredPlan, name: str, cells: Cells) -> Fraction | None:
    if name not in plan.scales:
        return None
    num, den = cells[f"{name}.num"], cells[f"{name}.den"]
    return None if num is None or den is None else plan.scales[name] * Fraction(int(num), int(den))


def _span(plan: Plan | StoredPlan, code: str, cells: Cells) -> Span | None:
    low, high = _number(plan, f"{code}.low_end", cells), _number(plan, f"{code}.high_end", cells)
    return None if low is None or high is None else Span(low, high)


def _gaps(plan: Plan | StoredPlan, code: str, verdict: Verdict, cells: Cells) -> tuple[Gap, ...]:
    """The reasons an outcome is open; a rule that was decided, or does not apply, has none."""
    if verdict not in (Verdict.UNASSESSABLE, Verdict.PENDING):
        return ()
    mask = int(cells[f"{code}.gaps"] or 0)
    return tuple(gap for bit, gap in enumerate(plan.gaps[code]) if mask >> bit & 1)


def _totals(unit: str, cells: Cells) -> Totals:
    grounds = {g: points(cells[f"依据.{g.value}"]) or Decimal(0) for g in Ground}
    score, low, high = (points(cells[c]) or Decimal(0) for c in (TOTAL, LOW, HIGH))
    return Totals(
        unit, str(cells[NAME] or ""), score, low, high, points(cells[SELF]), cells[GRADE], cells[GRADE_LOW], cells[GRADE_HIGH], grounds
    )
