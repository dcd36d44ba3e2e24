"""Counts of a run + the gate's limits -> GateReport: open, closed and why, or nothing checked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gouji.base.i18n import _
from gouji.base.verdict import Severity
from gouji.rules import FrozenModel
from gouji.runs.workspace.config import Gate


@dataclass(frozen=True, slots=True)
class GateTally:
    """What a gate looks at. `open_` and `new` count open findings by severity; shares are of points and of tie-outs in force."""

    units: int
    outcomes: int
    decided: int
    open_: Mapping[Severity, int]
    new: Mapping[Severity, int]
    waived: int
    known: int
    points: Decimal
    unassessed_points: Decimal
    tie_outs: int
    unassessed_tie_outs: int
    missing_units: int
    unread_submissions: int
    # Units that filed twice and are judged from neither.
    filed_twice: int = 0


class GateLine(FrozenModel):
    """One condition: what was counted, the limit (None: only counted), whether it holds the gate shut."""

    name: str
    found: str
    limit: str | None
    shut: bool


class GateReport(FrozenModel):
    """The gate: `nothing` when no outcome was decided, whatever the limits say; `closed` where that is because units filed twice."""

    state: str
    lines: tuple[GateLine, ...]


OPEN, CLOSED, NOTHING = "open", "closed", "nothing"


def judge_gate(gate: Gate, tally: GateTally) -> GateReport:
    """Whether the gate may open."""
    lines = tuple(_lines(gate, tally))
    if not tally.units or not tally.outcomes or not tally.decided:
        return GateReport(state=CLOSED if tally.filed_twice else NOTHING, lines=lines)
    return GateReport(state=CLOSED if any(line.shut for line in lines) else OPEN, lines=lines)


def _lines(gate: Gate, tally: GateTally) -> Iterator[GateLine]:
    """What is counted, each with the most that the gate lets pass."""
    for severity in Severity:
        limit = gate.findings.get(severity)
        fresh = limit is not None and limit.count == "new"
        name = _("新的问题：{severity}") if fresh else _("未解决的问题：{severity}")
        count = (tally.new if fresh else tally.open_).get(severity, 0)
        yield _count(name.format(severity=severity.value), count, limit.at_most if limit else None)
    yield _share(
        _("没有数据或佐证，或数据有疑的分值"),
        tally.unassessed_points,
        tally.points,
        gate.unassessed_points,
    )
    yield _share(
        _("无法判断的勾稽关系"),
        Decimal(tally.unassessed_tie_outs),
        Decimal(tally.tie_outs),
        gate.unassessed_tie_outs,
    )
    yield _count(_("应报未报的单位"), tally.missing_units, gate.missing_units)
    yield _count(_("读不了的报送"), tally.unread_submissions, gate.unread_submissions)
    yield _count(_("已有审核说明的问题"), tally.waived, None)
    yield _count(_("基线里的旧问题"), tally.known, None)


def _count(name: str, found: int, limit: int | None) -> GateLine:
    return GateLine(
        name=name,
        found=str(found),
        limit=None if limit is None else str(limit),
        shut=limit is not None and found > limit,
    )


def _share(name: str, part: Decimal, whole: Decimal, limit: Decimal) -> GateLine:
    share = Fraction(part) / Fraction(whole) if whole else Fraction(0)
    shown = f"{Decimal(int(share * 10000)).scaleb(-2):f}%"
    return GateLine(
        name=name,
        found=shown,
        limit=f"{(limit * 100).normalize():f}%",
        shut=share > Fraction(limit),
    )
