"""Rows of a plan -> outcomes as values: units × rules of them, in the order of units and codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gouji.base.outcome import (
    Capped,
    CriterionOutcome,
    Gap,
    GapKind,
    Span,
    TieOutcome,
    Totals,
    no_totals,
)
from gouji.base.verdict import GROUNDS, VERDICTS, Ground, Verdict
from gouji.plan import (
    ADJUSTED,
    BASE,
    CAPPED,
    GRADE,
    GRADE_HIGH,
    GRADE_LOW,
    GRADE_OWN,
    HIGH,
    LOW,
    MAY_CAP,
    NAME,
    PLACED,
    SELF,
    TOTAL,
    UNIT,
    StoredPlan,
)
from gouji.rules import Reading, ResolvedCriterion, Steps, TwoSidedSteps

if TYPE_CHECKING:
    from gouji.plan import Plan
    from gouji.rules import Contesting

Row = Sequence[Any]
# Where numerator and denominator of a number stand in a row, and the scale as two whole numbers.
Where = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All outcomes of a run, by unit code, and how many they are. Those of many units are made whenever a unit is asked for."""

    units: Mapping[str, str]
    criteria: Mapping[str, tuple[CriterionOutcome, ...]]
    tie_outs: Mapping[str, tuple[TieOutcome, ...]]
    totals: Mapping[str, Totals]
    table_rules: Mapping[str, tuple[TieOutcome, ...]] = field(default_factory=dict)
    made: int = field(default=0, compare=False)

    def of(self, unit: str) -> tuple[CriterionOutcome | TieOutcome, ...]:
        """Every outcome of one unit."""
        return (*self.criteria[unit], *self.tie_outs[unit], *self.table_rules.get(unit, ()))

    def some(self, units: Iterable[str]) -> Outcomes:
        """Those of some units, as values."""
        return together(
            Unfolded(
                u,
                self.units[u],
                self.criteria[u],
                self.tie_outs[u],
                self.table_rules[u],
                self.totals[u],
            )
            for u in units
        )


@dataclass(frozen=True, slots=True)
class Unfolded:
    """The outcomes of one unit."""

    unit: str
    name: str
    criteria: tuple[CriterionOutcome, ...]
    tie_outs: tuple[TieOutcome, ...]
    table_rules: tuple[TieOutcome, ...]
    totals: Totals


class Unfolder:
    """Makes values of rows of one plan; `names` are its columns. Where each stands is looked up once."""

    def __init__(self, plan: Plan | StoredPlan, names: Sequence[str]) -> None:
        self._at = {name: at for at, name in enumerate(names)}
        self._plan = plan
        self._contesting: dict[str, Contesting] | None = None
        self._criteria = [self._criterion(c) for c in plan.book.criteria]
        self._tie_outs = [self._tie_out(t.code) for t in plan.book.tie_outs]
        self._table_rules = [self._tie_out(t.code) for t in plan.book.table_rules]
        self._grounds = (
            {g: self._at[f"依据.{g.value}"] for g in Ground} if plan.book.criteria else {}
        )

    def __len__(self) -> int:
        """How many outcomes a row holds."""
        return len(self._criteria) + len(self._tie_outs) + len(self._table_rules)

    def name(self, row: Row) -> str:
        """The name of the unit."""
        return str(row[self._at[NAME]] or "")

    def __call__(self, row: Row) -> Unfolded:
        """One unit."""
        unit, name = str(row[self._at[UNIT]]), self.name(row)
        return Unfolded(
            unit,
            name,
            tuple(make(unit, row) for make in self._criteria),
            tuple(make(unit, row) for make in self._tie_outs),
            tuple(make(unit, row) for make in self._table_rules),
            self._totals(unit, name, row) if self._criteria else no_totals(unit, name),
        )

    def _criterion(self, of: ResolvedCriterion) -> Callable[[str, Row], CriterionOutcome]:
        code, measured = of.code, self._where(f"{of.code}.measured")
        verdict, score, low, high, own, ground = (
            self._at[f"{code}.{x}"] for x in ("verdict", "score", "low", "high", "self", "ground")
        )
        readings, span = self._readings(of), self._measured_span(code)
        gaps, unplaced = self._gaps(code), self._unplaced(of)

        def make(unit: str, row: Row) -> CriterionOutcome:
            value, said, rests_on = (
                _number(measured, row),
                VERDICTS[row[verdict]],
                GROUNDS[row[ground]],
            )
            least, most = points(row[low]), points(row[high])
            assert least is not None and most is not None
            return CriterionOutcome(
                unit=unit,
                code=code,
                verdict=said,
                score=points(row[score]),
                low=least,
                high=most,
                self_score=points(row[own]),
                ground=rests_on,
                measured=value,
                span=span(value, row),
                readings=readings(row),
                gaps=unplaced(row) or gaps(said, row),
                doubts=self._doubts(code, said, row) if rests_on is Ground.CONTESTED else (),
            )

        return make

    def _readings(self, of: ResolvedCriterion) -> Callable[[Row], dict[str, Decimal]]:
        """The score under each reading of a stepped clause."""
        if not isinstance(of.rule.method, (Steps, TwoSidedSteps)):
            return lambda _row: {}
        places = [(reading.value, self._at[f"{of.code}.{reading}"]) for reading in Reading]

        def make(row: Row) -> dict[str, Decimal]:
            found = ((name, points(row[place])) for name, place in places)
            return {name: score for name, score in found if score is not None}

        return make

    def _measured_span(self, code: str) -> Callable[[Fraction | None, Row], Span | None]:
        """Between which ends the measured value lies; the value itself where the plan has no ends of it."""
        if f"{code}.low_end" not in self._plan.scales:
            return lambda value, _row: None if value is None else Span(value, value)
        ends = self._span(code)
        return lambda _value, row: ends(row)

    def _unplaced(self, of: ResolvedCriterion) -> Callable[[Row], tuple[Gap, ...]]:
        """Why a criterion for some kinds of unit is open: the unit's kind is not known, or has no criteria."""
        sets = self._plan.book.source.head.sets
        if of.belongs is None or sets is None:
            return lambda _row: ()
        at, gaps = self._at[PLACED], (Gap(GapKind.NO_SET, sets.by),)
        return lambda row: () if row[at] else gaps

    def _doubts(self, code: str, said: Verdict, row: Row) -> tuple[str, ...]:
        """The relations that contradict a criterion's figures; which may is looked up when there is the first one."""
        if self._contesting is None:
            from gouji.rules import contesting

            self._contesting = contesting(self._plan.book)
        of = self._contesting[code]
        codes = of.left_out if said is Verdict.NOT_APPLICABLE else of.every
        return tuple(
            c for c in codes if VERDICTS[row[self._at[f"{c}.verdict"]]] is Verdict.UNBALANCED
        )

    def _tie_out(self, code: str) -> Callable[[str, Row], TieOutcome]:
        verdict, left, right = (
            self._at[f"{code}.verdict"],
            self._where(f"{code}.left"),
            self._where(f"{code}.right"),
        )
        ends, gaps = self._span(code), self._gaps(code)

        def make(unit: str, row: Row) -> TieOutcome:
            said = VERDICTS[row[verdict]]
            return TieOutcome(
                unit,
                code,
                said,
                _number(left, row),
                _number(right, row),
                ends(row),
                gaps(said, row),
            )

        return make

    def _where(self, name: str) -> Where | None:
        if name not in self._plan.scales:
            return None
        scale = self._plan.scales[name]
        return self._at[f"{name}.num"], self._at[f"{name}.den"], scale.numerator, scale.denominator

    def _span(self, code: str) -> Callable[[Row], Span | None]:
        below, above = self._where(f"{code}.low_end"), self._where(f"{code}.high_end")

        def ends(row: Row) -> Span | None:
            low, high = _number(below, row), _number(above, row)
            return None if low is None or high is None else Span(low, high)

        return ends

    def _gaps(self, code: str) -> Callable[[Verdict, Row], tuple[Gap, ...]]:
        """The reasons an outcome is open; a rule that was decided, or does not apply, has none."""
        at, known = self._at[f"{code}.gaps"], self._plan.gaps[code]

        def gaps(verdict: Verdict, row: Row) -> tuple[Gap, ...]:
            if verdict not in (Verdict.UNASSESSABLE, Verdict.PENDING):
                return ()
            mask = int(row[at] or 0)
            return tuple(gap for bit, gap in enumerate(known) if mask >> bit & 1)

        return gaps

    def _totals(self, unit: str, name: str, row: Row) -> Totals:
        grounds = {g: points(row[at]) or Decimal(0) for g, at in self._grounds.items()}
        score, low, high = (points(row[self._at[c]]) or Decimal(0) for c in (TOTAL, LOW, HIGH))
        grade, lowest, highest, own = (
            row[self._at[c]] for c in (GRADE, GRADE_LOW, GRADE_HIGH, GRADE_OWN)
        )
        return Totals(
            unit,
            name,
            score,
            low,
            high,
            points(row[self._at[SELF]]),
            grade,
            lowest,
            highest,
            grounds,
            own,
            self._capped(row),
            *(points(row[self._at[c]]) if c in self._at else None for c in (BASE, ADJUSTED)),
        )

    def _capped(self, row: Row) -> tuple[Capped, ...]:
        """What keeps the grade down, or may."""
        caps = self._plan.book.source.head.caps
        if not caps:
            return ()
        holds, may = (int(row[self._at[name]]) for name in (CAPPED, MAY_CAP))
        return tuple(
            Capped(cap.grade, cap.why, bool(holds >> bit & 1))
            for bit, cap in enumerate(caps)
            if (holds | may) >> bit & 1
        )


def unfold(plan: Plan | StoredPlan, names: Sequence[str], rows: Iterable[Row]) -> Outcomes:
    """`names` are the columns of the plan, `rows` one a unit."""
    return together(map(Unfolder(plan, names), rows))


def together(units: Iterable[Unfolded]) -> Outcomes:
    """The outcomes of single units as those of a run."""
    found = list(units)
    return Outcomes(
        {f.unit: f.name for f in found},
        {f.unit: f.criteria for f in found},
        {f.unit: f.tie_outs for f in found},
        {f.unit: f.totals for f in found},
        {f.unit: f.table_rules for f in found},
        sum(len(f.criteria) + len(f.tie_outs) + len(f.table_rules) for f in found),
    )


def points(centi: int | None) -> Decimal | None:
    """Hundredths -> points."""
    return None if centi is None else Decimal(centi).scaleb(-2)


def _number(where: Where | None, row: Row) -> Fraction | None:
    if where is None:
        return None
    num, den = row[where[0]], row[where[1]]
    return (
        None if num is None or den is None else Fraction(int(num) * where[2], int(den) * where[3])
    )
