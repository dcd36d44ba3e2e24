"""Units and rules are called by code or by name, wherever they are asked for; what may mean several says which."""

import json

import pytest

from gouji.app import load_book, synthesize
from gouji.app.many import MANY, many_units
from gouji.app.run_night import night
from gouji.app.which_unit import unit_called
from gouji.base.faults import DataError
from gouji.cli import Exit, main
from gouji.explain import find
from nights import workspace
from sheets import COVER, accounts, save
from test_which_book import ROOT

UNITS = {"X001": "示例县白塔小学", "X002": "示例县白塔中学", "X003": "小学", "X004": None}
CALLED = {
    "a code": ("X001", "X001"),
    "a code in other signs": (" ｘ００２ ", "X002"),
    "a whole name": ("示例县白塔小学", "X001"),
    "a name with other blanks and width": ("示例县 白塔　小学", "X001"),
    "a name that is part of another": ("小学", "X003"),
    "a part of one name": ("中学", "X002"),
    "a part of two names": ("白塔", "可能指 2 个单位：X001 示例县白塔小学、X002 示例县白塔中学"),
    "nobody": ("X009", "没有单位 X009"),
    "nothing": ("", "没有单位"),
}


@pytest.mark.parametrize("said, expected", CALLED.values(), ids=CALLED)
def test_which_unit_is_called(said, expected):
    if expected in UNITS:
        assert unit_called(said, UNITS) == expected
    else:
        with pytest.raises(DataError, match=expected):
            unit_called(said, UNITS)


RULES = {
    "a code": ("c14", "C14"),
    "a name": ("预算完成率", "C14"),
    "a part of one name": ("固定资产在用", "C25"),
    "a part of several names": ("收入", "可能指"),
    "none": ("没有这条", "没有规则"),
}


@pytest.mark.parametrize("said, expected", RULES.values(), ids=RULES)
def test_which_rule_is_called(said, expected):
    book = load_book("anning-2023")
    if expected[0] == "C":
        assert find(book, said).code == expected
    else:
        with pytest.raises(DataError, match=expected):
            find(book, said)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables") / "data"
    synthesize(30, folder, "final-accounts", seed=6)
    return folder


def test_one_unit_of_an_audit(tmp_path, capsys):
    for number in (1, 2):
        cover = [["决算报表封面"], ["单位代码", f"U00{number}"], *COVER[2:]]
        cover = [[*row[:1], f"第{number}小学"] if row[0] == "单位名称" else row for row in cover]
        (tmp_path / "in").mkdir(exist_ok=True)
        save(tmp_path / "in" / f"{number}.xlsx", {"封面": cover, "公开01表": accounts()})
    asked = ["audit", str(tmp_path / "in"), "--rules", "final-accounts", "--format", "json"]
    main([*asked, "--unit", "第2小学", "--out", str(tmp_path / "out")])
    printed = json.loads(capsys.readouterr().out)
    assert [card["unit"] for card in printed["cards"]] == ["U002"]
    assert json.loads((tmp_path / "out" / "audit.json").read_text("utf-8")) == printed
    assert main([*asked, "--unit", "小学"]) == Exit.UNUSABLE
    assert main([*asked[:-1], "summary", "--unit", "U001"]) == Exit.UNUSABLE


def test_the_source_decides_what_results_are(tables, tmp_path, monkeypatch, capsys):
    assert not many_units(tables) and not many_units(ROOT / "datasets" / "county-demo")
    assert main(["audit", str(tables)]) in (Exit.CLEAN, Exit.FINDINGS)
    capsys.readouterr()
    monkeypatch.setattr("gouji.app.many.MANY", 20)
    assert many_units(tables) and MANY > 20
    assert main(["audit", str(tables)]) == Exit.UNUSABLE and "--out" in capsys.readouterr().err
    assert main(["audit", str(tables), "--out", str(tmp_path / "out")]) in (0, 1)
    assert (tmp_path / "out" / "scorecards.parquet").is_file()
    # What is asked for goes before what the source would give.
    assert main(["audit", str(tables), "--format", "json"]) in (0, 1)
    page = json.loads(capsys.readouterr().out.partition("\n{")[2].join(("{", "")))
    assert len(page["cards"]) == 30


def test_one_unit_of_tables_is_looked_up_by_name(tables, monkeypatch, capsys):
    main(["audit", str(tables), "--format", "json"])
    first = json.loads(capsys.readouterr().out)["cards"][0]
    monkeypatch.setattr("gouji.app.many.MANY", 20)
    for said in (first["unit"], first["name"]):
        main(["audit", str(tables), "--format", "json", "--unit", said])
        (card,) = json.loads(capsys.readouterr().out)["cards"]
        assert card["unit"] == first["unit"]
        assert [t["verdict"] for t in card["tie_outs"]] == [t["verdict"] for t in first["tie_outs"]]


def test_names_in_a_workspace(tmp_path, capsys):
    root = workspace(tmp_path, A={"left": "4.00"}, B={})
    night(root)
    to = ["--workspace", str(root)]
    assert main(["report", "--format", "jsonl", "--unit", "单位A", *to]) == Exit.CLEAN
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line.get("unit") for line in lines} >= {"A"} and "B" not in {
        line.get("unit") for line in lines
    }
    said = ["--author", "张三", "--reason", "口径不同"]
    assert main(["waiver", "add", "单位A", "T01", *said, *to]) == Exit.CLEAN
    assert main(["waiver", "add", "单位", "T01", *said, *to]) == Exit.UNUSABLE


def test_everything_is_returned(tmp_path, capsys):
    data = ROOT / "datasets" / "county-demo"
    out = tmp_path / "back"
    assert main(["forms", "return", str(data), "--all", "--separate", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    files = sorted(path.name for path in out.iterdir())
    assert len(files) == said.count("-returned.xlsx") > 30 and "X001-returned.xlsx" in files
    for wrong in ([], ["--all", "--unit", "X001"], ["--all", "--out", str(tmp_path / "x.xlsx")]):
        assert main(["forms", "return", str(data), *wrong]) == Exit.UNUSABLE
