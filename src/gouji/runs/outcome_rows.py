"""A unit's outcomes -> rows as they are kept: verdict and points, the figures that were read, and of a finding its working and places."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from fractions import Fraction

from gouji.intake import At, Submission, unit_figures
from gouji.report import Cited, Used, WorkingTeller, differing_words, spot_rows, summary_of_spots
from gouji.results import (
    Finding,
    Line,
    criterion_figures,
    differs,
    fails,
    table_rule_figures,
    tie_out_figures,
)
from gouji.rules import ResolvedCriterion, ResolvedTableRule, ResolvedTieOut
from gouji.runs.bench import Bench
from gouji.runs.judged_rows import Cells

PLACES_AT_MOST = 12


class OutcomeRows:
    """Rows of outcomes of one unit; of a finding also its working and the places of its figures."""

    def __init__(self, bench: Bench, own: Submission, unit: str) -> None:
        self.bench, self.book = bench, bench.book
        self.figures = unit_figures(own, self.book.tables, unit, self.book.year)
        self.teller = WorkingTeller(self.book, own, self.figures, unit)

    def criterion(self, line: Line, of: ResolvedCriterion) -> Cells:
        """The score of a criterion; what differs from the score that the unit gave itself is a finding."""
        o, rule = line.outcome, line.rule
        working = places = None
        if differs(o.verdict, o.ground, o.score, o.self_score):
            recomputed = self.teller.criterion(rule, of.measure, o)
            working = differing_words(o.self_score, o.score, recomputed)
            places = _places(self.teller.used(of.measure))
        return {
            "code": rule.code,
            "kind": "criterion",
            "severity": "",
            "weight": rule.weight,
            "verdict": o.verdict.value,
            "score": o.score,
            "low": o.low,
            "high": o.high,
            "self_score": o.self_score,
            "ground": o.ground.value,
            "measured": _number(o.measured),
            "stated": None,
            "gaps": "、".join(self.teller.gaps(o)),
            "rule": self.bench.versions[rule.code],
            "figures": criterion_figures(of, self.book, self.figures, self.bench.reads),
            "working": working,
            "places": places,
        }

    def tie_out(self, found: Finding, of: ResolvedTieOut) -> Cells:
        """A relation between figures."""
        read = tie_out_figures(of, self.figures, self.bench.reads)
        if not fails(found.outcome.verdict):
            return self._relation(found, read)
        working = self.teller.tie_out(of.check, found.outcome)
        return self._relation(found, read, working, _places(self.teller.used(of.check)))

    def table_rule(self, found: Finding, of: ResolvedTableRule) -> Cells:
        """A rule over rows."""
        read = table_rule_figures(of, self.figures, self.bench.reads)
        if not fails(found.outcome.verdict):
            return self._relation(found, read)
        working = summary_of_spots(of, found.outcome, spot_rows(self.teller, of))
        places = [cited(at) for at in Cited(self.teller).places(found)[:PLACES_AT_MOST]]
        return self._relation(found, read, working, json.dumps(places, ensure_ascii=False))

    def _relation(
        self, found: Finding, figures: str, working: str | None = None, places: str | None = None
    ) -> Cells:
        rule, t = found.rule, found.outcome
        return {
            "code": rule.code,
            "kind": "tie_out",
            "severity": rule.severity.value,
            "weight": None,
            "verdict": t.verdict.value,
            "score": None,
            "low": None,
            "high": None,
            "self_score": None,
            "ground": None,
            "measured": _number(t.right),
            "stated": _number(t.left),
            "gaps": "、".join(self.teller.gaps(t)),
            "rule": self.bench.versions[rule.code],
            "figures": figures,
            "working": working,
            "places": places,
        }


def _number(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _places(figures: Iterable[Used]) -> str:
    """Where the figures of a finding stood, as JSON: what each is called, how it was printed, its place in parts and as text."""
    found = [cited(u.at, u.name, u.printed) for u in figures if u.at is not None]
    return json.dumps(found[:PLACES_AT_MOST], ensure_ascii=False)


def cited(at: At, figure: str = "", printed: str = "") -> Cells:
    """A place as it is kept: what stands there, how it was printed, the place in parts and as text."""
    return {"figure": figure, "printed": printed, **asdict(at), "text": str(at)}
