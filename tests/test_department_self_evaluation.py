"""The self-evaluation of whole departments: recomputed row by row and in sum, planted faults found with their cells."""

from pathlib import Path

import pytest

import gouji

DATA = Path(__file__).parent.parent / "datasets/department-self-evaluation"


@pytest.fixture(scope="module")
def audited():
    return gouji.audit(DATA)


def test_scores_by_hand(audited):
    """B01: 30 + 20 + 25 + 13.89 of 90 (15 × 88 ÷ 95); B02: 40 + 18.75 (20 × 1500 ÷ 1600) + 24 of 90; B03 cannot be told while 12月底前 is no target."""
    scores = {
        card.unit: [str(line.outcome.score) for line in card.lines] for card in audited.scorecards
    }
    assert scores == {
        "B01": ["9.50", "88.89"],
        "B02": ["5.00", "82.75"],
        "B03": ["10.00", "None"],
    }


def test_planted_faults_are_found(audited):
    found = {card.unit: {f.rule.code for f in card.findings} for card in audited.scorecards}
    assert found == {"B01": {"D11", "D12"}, "B02": {"D11", "D12", "D15", "D17"}, "B03": {"D16"}}


def test_their_cells_are_cited(capsys, monkeypatch):
    from gouji.cli import main

    monkeypatch.setenv("COLUMNS", "400")
    assert main(["audit", str(DATA), "--format", "text"]) == 1
    told = capsys.readouterr().out
    for cell in (
        "部门绩效指标完成情况表.csv:5 [实际完成值]",
        "部门绩效指标完成情况表.csv:8 [实际完成值]",
        "部门整体绩效自评表.csv:3 [总得分]",
        "群众满意度（15 分）得 13.89 分，自评 15",
    ):
        assert cell in told
