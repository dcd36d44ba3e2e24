"""Outcomes -> Scorecards: what the bureau reads for one unit. Nothing is decided here that the outcomes do not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from gouji.base.lazy_values import Lazily, Looked
from gouji.base.outcome import CriterionOutcome, Gap, GapKind, TieOutcome, Totals, certain
from gouji.base.verdict import Verdict
from gouji.results.decode import Outcomes
from gouji.results.findings import DEGREES, FindingKind, counted, differs, fails, recomputed
from gouji.rules import Criterion, ResolvedBook, TableRule, TieOut

FINDINGS = (Verdict.UNBALANCED, Verdict.UNASSESSABLE, Verdict.WITHIN_ROUNDING)


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of a scorecard. `difference` is recomputed minus self-score where the score was recomputed."""

    rule: Criterion
    outcome: CriterionOutcome

    @property
    def deduction(self) -> Decimal | None:
        """Points off the weight; None while open, and of points outside the total."""
        if self.rule.adjust is not None or self.outcome.score is None:
            return None
        return self.rule.weight - self.outcome.score

    @property
    def weight(self) -> Decimal:
        """What it counts within the total: nothing, of points outside it."""
        return self.rule.weight if self.rule.adjust is None else Decimal(0)

    @property
    def recomputed(self) -> bool:
        """Whether the score follows from figures that nothing contradicts, or from evidence, rather than from the unit's word."""
        return recomputed(self.outcome.verdict, self.outcome.ground)

    @property
    def difference(self) -> Decimal | None:
        """Recomputed score minus self-score."""
        if not self.recomputed or self.outcome.score is None or self.outcome.self_score is None:
            return None
        return self.outcome.score - self.outcome.self_score

    @property
    def other_readings(self) -> dict[str, Decimal]:
        """Scores under the other readings of the clause, where they differ from the score."""
        return {
            k: v
            for k, v in self.outcome.readings.items()
            if self.recomputed and v != self.outcome.score
        }


@dataclass(frozen=True, slots=True)
class GroupSum:
    """A 一级 (second is None) or 二级指标: weight, score, self-score of the criteria below it."""

    first: str
    second: str | None
    weight: Decimal
    score: Decimal
    self_score: Decimal | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A tie-out (or a rule over the rows of a table) of one unit with its rule."""

    rule: TieOut | TableRule
    outcome: TieOutcome


@dataclass(frozen=True, slots=True, repr=False)
class Scorecard:
    """One unit: totals, criteria in order, groups in order of appearance, every tie-out, every rule over the rows of a table."""

    unit: str
    name: str
    totals: Totals
    lines: tuple[Line, ...]
    groups: tuple[GroupSum, ...]
    tie_outs: tuple[Finding, ...]
    table_rules: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        t = self.totals
        score = f", {t.score} of {t.low}–{t.high}, {t.grade or '—'}" if self.lines else ""
        return f"<Scorecard {self.unit} {self.name}{score}, {len(self.findings) + len(self.differing)} findings>"

    def _repr_html_(self) -> str:
        rows: list[tuple[object, ...]] = [
            (x.rule.code, x.rule.name, x.outcome.verdict, x.outcome.score, x.rule.weight)
            for x in self.lines
        ]
        rows += [(f.rule.code, f.rule.name, f.outcome.verdict, None, None) for f in self.findings]
        cells = "".join(
            "<tr>"
            + "".join(f"<td>{escape('' if x is None else str(x))}</td>" for x in row)
            + "</tr>"
            for row in rows
        )
        return f"<h4>{escape(repr(self)[1:-1])}</h4><table><tbody>{cells}</tbody></table>"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Tie-outs and rules over rows that are 不平."""
        return tuple(f for f in (*self.tie_outs, *self.table_rules) if fails(f.outcome.verdict))

    @property
    def differing(self) -> tuple[Line, ...]:
        """Criteria whose recomputed score is not what the unit gave itself."""
        return tuple(
            x
            for x in self.lines
            if differs(x.outcome.verdict, x.outcome.ground, x.outcome.score, x.outcome.self_score)
        )

    @property
    def degrees(self) -> dict[str, int]:
        """How many findings of each degree: relations that are 不平, scores that differ."""
        return counted(
            [
                *(f.rule.severity for f in self.findings),
                *(DEGREES[FindingKind.DIFFERENCE] for _line in self.differing),
            ]
        )

    @property
    def wanted(self) -> dict[str, tuple[str, ...]]:
        """Criterion code -> the figures, items or reviewers that would make it assessable."""
        return {
            line.rule.code: tuple(g.what for g in line.outcome.gaps)
            for line in self.lines
            if line.outcome.gaps
        }


def scorecards(outcomes: Outcomes, book: ResolvedBook) -> Sequence[Scorecard]:
    """One scorecard a unit, in the order of unit codes; where outcomes are made when they are asked for, scorecards are too."""
    units = list(outcomes.units)
    if isinstance(outcomes.totals, Looked):
        return Lazily(range(len(units)), lambda at: _scorecard(units[at], outcomes, book))
    return tuple(_scorecard(unit, outcomes, book) for unit in units)


def _scorecard(unit: str, outcomes: Outcomes, book: ResolvedBook) -> Scorecard:
    lines = tuple(
        Line(c.rule, o)
        for c, o in zip(book.criteria, outcomes.criteria[unit], strict=True)
        if o.verdict is not Verdict.OTHER_SET
    )
    ties = tuple(
        Finding(t.rule, o) for t, o in zip(book.tie_outs, outcomes.tie_outs[unit], strict=True)
    )
    tables = tuple(
        Finding(t.rule, o)
        for t, o in zip(book.table_rules, outcomes.table_rules[unit], strict=True)
    )
    return Scorecard(
        unit, outcomes.units[unit], outcomes.totals[unit], lines, _groups(lines), ties, tables
    )


def _groups(lines: tuple[Line, ...]) -> tuple[GroupSum, ...]:
    keys: Mapping[tuple[str, str | None], None] = dict.fromkeys(
        key
        for line in lines
        for key in ((line.rule.path.first, None), (line.rule.path.first, line.rule.path.second))
    )
    return tuple(
        _sum(
            first,
            second,
            [
                x
                for x in lines
                if x.rule.path.first == first and second in (None, x.rule.path.second)
            ],
        )
        for first, second in keys
    )


def _sum(first: str, second: str | None, lines: list[Line]) -> GroupSum:
    own = [x.outcome.self_score for x in lines]
    return GroupSum(
        first,
        second,
        sum((x.weight for x in lines), Decimal(0)),
        sum((certain(x.outcome) for x in lines), Decimal(0)),
        None if None in own else sum((s for s in own if s is not None), Decimal(0)),
    )


__all__ = ["Finding", "Gap", "GapKind", "GroupSum", "Line", "Scorecard", "scorecards"]
