"""Plan <-> text, for keeping compiled plans: the statement and what its columns mean, with a digest over all of it. Knows no file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction

from gouji.compile.plan import Plan
from gouji.outcome import Gap, GapKind
from gouji.validate.resolved import ResolvedBook


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan whose tree is gone: the statement in DuckDB's words, and what its columns mean."""

    statement: str
    book: ResolvedBook
    scales: dict[str, Fraction]
    gaps: dict[str, tuple[Gap, ...]]

    def sql(self) -> str:
        """The statement."""
        return self.statement


def stored(plan: Plan, book: ResolvedBook) -> StoredPlan:
    """The same plan without its tree."""
    return StoredPlan(plan.sql(), book, plan.scales, plan.gaps)


def to_text(plan: StoredPlan, key: str) -> str:
    """A digest on the first line, then key and plan as JSON."""
    gaps = {code: [[gap.kind.value, gap.what, list(gap.parts)] for gap in found] for code, found in plan.gaps.items()}
    body = json.dumps({"key": key, "sql": plan.statement, "scales": {k: str(v) for k, v in plan.scales.items()}, "gaps": gaps}, ensure_ascii=False)
    return f"{_digest(body)}\n{body}"


def from_text(text: str, key: str, book: ResolvedBook) -> StoredPlan | None:
    """The plan kept under that key; None when the text is not whole, or is another's."""
    digest, _, body = text.partition("\n")
    if digest != _digest(body):
        return None
    # What has the right digest was written by `to_text`, so it has this shape.
    kept = json.loads(body)
    if kept["key"] != key:
        return None
    gaps = {code: tuple(Gap(GapKind(kind), what, tuple(parts)) for kind, what, parts in found) for code, found in kept["gaps"].items()}
    return StoredPlan(kept["sql"], book, {k: Fraction(v) for k, v in kept["scales"].items()}, gaps)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
