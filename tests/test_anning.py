"""The real report and its completed variants against answers computed by hand (`expect.yaml` beside each dataset)."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import gouji
from gouji.base.verdict import Ground, Verdict

ROOT = Path(__file__).parent.parent
DATASETS = ("anning-2023", "anning-2023-complete")


@pytest.fixture(scope="module", params=DATASETS)
def case(request):
    folder = ROOT / "datasets" / request.param
    return gouji.audit(folder), yaml.safe_load((folder / "expect.yaml").read_text("utf-8"))


def test_scores_and_grades_as_computed_by_hand(case):
    made, expect = case
    found = {c.unit: c for c in made.scorecards}
    assert set(found) == set(expect["units"])
    for unit, wanted in expect["units"].items():
        totals = found[unit].totals
        if "total" in wanted:
            assert totals.score == Decimal(str(wanted["total"])), unit
        if "grade" in wanted:
            assert totals.grade == wanted["grade"], unit
        lines = {line.rule.code: line for line in found[unit].lines}
        for code, row in (wanted.get("criteria") or {}).items():
            line = lines[code]
            assert line.outcome.verdict == row["verdict"], (unit, code)
            if row.get("score") is not None:
                assert line.outcome.score == Decimal(str(row["score"])), (unit, code)
            if row.get("deduct") is not None:
                assert line.deduction == Decimal(str(row["deduct"])), (unit, code)


def test_tie_outs_as_expected(case):
    made, expect = case
    for unit, wanted in expect["units"].items():
        verdicts = {
            f.rule.code: f.outcome.verdict.value
            for f in next(c for c in made.scorecards if c.unit == unit).tie_outs
        }
        for code, verdict in (wanted.get("tie_outs") or {}).items():
            assert verdicts[code] == verdict, (unit, code)


def test_nothing_is_lost(case):
    made, _ = case
    m = made.manifest
    assert m.rows_in == m.rows_accepted + m.rows_set_aside
    assert m.outcomes == m.units * m.rules_in_force
    assert [p.at.file for p in made.submission.problems if not p.note] == []
    assert {p.at.file for p in made.submission.problems} <= {"expect.yaml"}


def test_the_honest_answer_for_the_real_report():
    made = gouji.audit(ROOT / "datasets" / "anning-2023")
    (card,) = made.scorecards
    assert (card.totals.score, card.totals.self_score, card.totals.grade) == (
        Decimal("95.50"),
        Decimal("95.50"),
        "待定",
    )
    assert card.totals.grounds == {
        Ground.FIGURES: 0,
        Ground.EVIDENCE: 0,
        Ground.CONTESTED: 0,
        Ground.WORD: 100,
        Ground.OPEN: 0,
    }
    assert (card.totals.low, card.totals.high, card.totals.grade_low, card.totals.grade_high) == (
        0,
        100,
        "差",
        "优",
    )
    assert card.totals.own_grade == "优"
    assert not any(line.recomputed for line in card.lines)
    quantitative = {f"C{n:02}" for n in (*range(11, 20), 25, 26, 27, 28, 29, 34)}
    assert quantitative <= {
        code
        for code in card.wanted
        if next(x for x in card.lines if x.rule.code == code).outcome.verdict
        is Verdict.UNASSESSABLE
    }


def test_sixty_point_six_seven_percent_is_balanced_within_rounding():
    made = gouji.audit(ROOT / "datasets" / "anning-2023")
    found = next(o for o in made.outcomes.tie_outs["ANCG001"] if o.code == "T11")
    assert found.verdict is Verdict.WITHIN_ROUNDING
    assert found.span is not None
    assert (float(found.span.low), float(found.span.high)) == pytest.approx(
        (1.085 / 1.81, 1.095 / 1.79)
    )
    assert {
        o.verdict for o in made.outcomes.tie_outs["ANCG001"] if o.code in ("T01", "T02", "T03")
    } == {Verdict.BALANCED}
