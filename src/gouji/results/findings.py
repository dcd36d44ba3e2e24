"""What counts as a finding, and how grave it is: the one definition that reports, exit codes, returned workbooks, nights and bulk audits go by.

A relation that is 不平 has the degree of its rule. A recomputed score that differs from the self-score is to be verified (核实); a problem in the data and
a unit that did not file are errors (错误); a unit nobody expected is a hint. Findings of degree 错误 and 核实 are 问题; a hint (提示) is counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from gouji.base.i18n import _, clauses, noted
from gouji.base.verdict import DEGREES, RECOMPUTED, FindingKind, Ground, Severity, Verdict

GRAVE = (Severity.ERROR, Severity.VERIFY)


def fails(verdict: Verdict | str) -> bool:
    """Whether a relation with that verdict is a finding.

    >>> fails("不平"), fails("平(尾差内)")
    (True, False)
    """
    return verdict == Verdict.UNBALANCED


def recomputed(verdict: Verdict | str, ground: Ground | str) -> bool:
    """Whether a score was worked out again, from figures that nothing contradicts or from evidence.

    >>> recomputed("得满分", "figures"), recomputed("得满分", "contested"), recomputed("待评定", "word")
    (True, False, False)
    """
    return verdict in RECOMPUTED and Ground(ground) is not Ground.CONTESTED


def differs(
    verdict: Verdict | str, ground: Ground | str, score: Decimal | None, self_score: Decimal | None
) -> bool:
    """Whether a criterion is a finding: its score was recomputed, and is not what the unit gave itself."""
    return (
        recomputed(verdict, ground)
        and score is not None
        and self_score is not None
        and score != self_score
    )


def fails_sql(verdict: str) -> str:
    """`fails` of a column of verdicts, in SQL; NULL where there is no verdict.

    >>> fails_sql("verdict")
    "verdict = '不平'"
    """
    return f"{verdict} = '{Verdict.UNBALANCED}'"


def differs_sql(verdict: str, ground: str, score: str, self_score: str) -> str:
    """`differs` of columns, in SQL; grounds as `Ground` has them. NULL or false where it is no finding."""
    again = ", ".join(f"'{v}'" for v in RECOMPUTED)
    return (
        f"{verdict} IN ({again}) AND {ground} <> '{Ground.CONTESTED.value}'"
        f" AND {score} <> {self_score}"
    )


Degrees = Mapping[str, int]


def counted(degrees: Iterable[Severity | str]) -> dict[str, int]:
    """How many findings of each degree, every degree named by its word.

    >>> counted(["核实", "核实"])
    {'错误': 0, '核实': 2, '提示': 0}
    """
    found = [str(d) for d in degrees]
    return {s.value: found.count(s.value) for s in Severity}


def added(*counts: Degrees) -> dict[str, int]:
    """Counts added up, degree by degree."""
    return {s.value: sum(c.get(s.value, 0) for c in counts) for s in Severity}


def apart(problems: int, missing: int, unexpected: int) -> dict[str, int]:
    """The counts of what speaks of no unit's figures: problems in the data, units that did not file, units that nobody expected."""
    others = {
        FindingKind.PROBLEM: problems,
        FindingKind.MISSING_UNIT: missing,
        FindingKind.UNEXPECTED_UNIT: unexpected,
    }
    return {s.value: sum(n for kind, n in others.items() if DEGREES[kind] is s) for s in Severity}


def grave(counts: Degrees) -> int:
    """How many 问题 there are: what makes the exit code 1."""
    return sum(counts.get(s.value, 0) for s in GRAVE)


def told(counts: Degrees) -> str:
    """The counts in words.

    >>> told({"错误": 2, "核实": 1, "提示": 4})
    '问题 3 个（错误 2 · 核实 1）；提示 4 条'
    """
    line = _("问题 {n} 个").format(n=grave(counts))
    if grave(counts):
        line = noted(
            line, " · ".join(f"{s.value} {counts[s.value]}" for s in GRAVE if counts.get(s.value))
        )
    notes = counts.get(Severity.NOTE.value, 0)
    return clauses((line, _("提示 {n} 条").format(n=notes))) if notes else line


__all__ = [
    "DEGREES",
    "GRAVE",
    "RECOMPUTED",
    "Degrees",
    "FindingKind",
    "added",
    "apart",
    "counted",
    "differs",
    "differs_sql",
    "fails",
    "fails_sql",
    "grave",
    "recomputed",
    "told",
]
