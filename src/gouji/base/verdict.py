"""Verdicts, degrees of findings, and what points rest on: the closed sets that outcomes are made of. The words are the field's own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum


class Verdict(StrEnum):
    """The outcome of one rule for one unit; the first four are of tie-outs, the next two of criteria, the next three of both.

    The last four are of criteria: of those outside the total, and of those that are for other kinds of unit (which no report lists).
    """

    BALANCED = "平"
    WITHIN_ROUNDING = "平(尾差内)"
    UNBALANCED = "不平"
    FULL = "得满分"
    DEDUCTED = "扣分"
    PENDING = "待评定"
    UNASSESSABLE = "无法判断"
    NOT_APPLICABLE = "不适用"
    ADDED = "加分"
    TAKEN_OFF = "减分"
    UNADJUSTED = "不加不减"
    OTHER_SET = "不属本套"


VERDICTS = tuple(Verdict)
# Those that say nothing of the figures: a run of nothing else has checked nothing.
OPEN = (Verdict.UNASSESSABLE, Verdict.PENDING, Verdict.NOT_APPLICABLE, Verdict.OTHER_SET)


class Severity(StrEnum):
    """The field's own three degrees of a finding."""

    ERROR = "错误"
    VERIFY = "核实"
    NOTE = "提示"


class Ground(Enum):
    """What the points of a criterion rest on; contested are figures that a relation contradicts."""

    FIGURES = "figures"
    EVIDENCE = "evidence"
    CONTESTED = "contested"
    WORD = "word"
    OPEN = "open"


GROUNDS = tuple(Ground)
# Where every other score may be the true one.
UNSURE = (Ground.CONTESTED, Ground.WORD, Ground.OPEN)
# Instead of a grade, where such points decide it.
UNDECIDED = "待定"


class FindingKind(StrEnum):
    """Where a finding comes from."""

    TIE_OUT = "tie_out"
    DIFFERENCE = "difference"
    PROBLEM = "problem"
    MISSING_UNIT = "missing_unit"
    UNEXPECTED_UNIT = "unexpected_unit"
    LOST = "lost"


# The degree of what has none from a rule.
DEGREES: Mapping[FindingKind, Severity] = {
    FindingKind.DIFFERENCE: Severity.VERIFY,
    FindingKind.PROBLEM: Severity.ERROR,
    FindingKind.MISSING_UNIT: Severity.ERROR,
    FindingKind.UNEXPECTED_UNIT: Severity.NOTE,
    FindingKind.LOST: Severity.ERROR,
}
# A score that follows from figures (that nothing contradicts) or evidence; only such a one can differ from what the unit gave itself.
ASSESSED = (
    Verdict.FULL,
    Verdict.DEDUCTED,
    Verdict.NOT_APPLICABLE,
    Verdict.ADDED,
    Verdict.TAKEN_OFF,
    Verdict.UNADJUSTED,
)
RECOMPUTED = ASSESSED
# Relations that do not hold, criteria that cost points; and the opposite. What is for other units is neither.
LOSING = (Verdict.DEDUCTED, Verdict.TAKEN_OFF)
FAILING = (Verdict.UNBALANCED, *LOSING)
