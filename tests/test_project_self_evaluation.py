"""The national self-evaluation of projects in three layouts: recomputed row by row and in sum, planted faults found with their cells."""

from pathlib import Path

import pytest

import gouji
from test_self_evaluation_forms import LAYOUTS, book_of

DATA = Path(__file__).parent.parent / "datasets/project-self-evaluation"


@pytest.fixture(scope="module")
def audited():
    return gouji.audit(DATA)


def test_scores_by_hand(audited):
    """M01: 20 + 20 + 9.47 + 8 + 30 of 90; M02: 29.1 + 30 + 30 of 90; M03 cannot be told while 12月底前 is no target."""
    scores = {
        card.unit: [str(line.outcome.score) for line in card.lines] for card in audited.scorecards
    }
    assert scores == {
        "M01": ["9.50", "87.47"],
        "M02": ["10.00", "89.10"],
        "M03": ["5.00", "None"],
    }


def test_planted_faults_are_found(audited):
    found = {card.unit: {f.rule.code for f in card.findings} for card in audited.scorecards}
    assert found == {"M01": {"P11", "P12"}, "M02": {"P11", "P12"}, "M03": {"P15", "P16"}}


def test_their_cells_are_cited(capsys, monkeypatch):
    from gouji.cli import main

    monkeypatch.setenv("COLUMNS", "400")
    assert main(["audit", str(DATA), "--format", "text"]) == 1
    told = capsys.readouterr().out
    for cell in (
        "项目绩效指标完成情况表.csv:4 [实际完成值]",
        "项目绩效指标完成情况表.csv:5 [实际完成值]",
        "项目绩效指标完成情况表.csv:7 [实际完成值]",
        "群众满意度（10 分）得 9.47 分，自评 10",
    ):
        assert cell in told
    assert "“12月底前”" in told


@pytest.mark.parametrize("lines", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_is_recomputed(lines, tmp_path):
    """52 of ≥50, 100% of =100%, 及时 of 及时, 79% of ≥80%, 96% of ≥95%: 20 + 20 + 10 + 29.63 + 10 of 90."""
    book_of(tmp_path, 项目支出绩效自评表=lines)
    (card,) = gouji.audit(tmp_path, "project-self-evaluation").scorecards
    rate, rows = card.lines
    assert [str(rate.outcome.score), str(rows.outcome.score)] == ["8.48", "89.63"]
