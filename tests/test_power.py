"""How strong a rulebook is: slips of every kind in every figure of clean data, what no rule notices, what no rule reads; and slips that several units share."""

import io
import json
from contextlib import redirect_stdout
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest

from gouji.app import audit
from gouji.app.slip_trials import Forms, clean_unit
from gouji.app.weighing import rulebook_power
from gouji.base.faults import DataError
from gouji.locate.planting import plants
from gouji.report.power_report import (
    ColumnPower,
    KindCount,
    Power,
    as_json,
    headline,
    page,
    percent,
    text,
)
from gouji.report.same_slip import same_slips
from gouji.report.unit.cause_lines import CauseCell, CauseRow

TABLES = {
    "units.yaml": """\
table: 单位
role: units
grain: one
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 单位名称, type: text, role: unit_name}
""",
    "sums.yaml": """\
table: 表
grain: one
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 合计, type: money, unit: 元, places: 2}
  - {name: 甲, type: money, unit: 元, places: 2}
  - {name: 乙, type: money, unit: 元, places: 2}
  - {name: 丙, type: money, unit: 元, places: 2}
  - {name: 另报合计, type: money, unit: 元, places: 2}
""",
}
RULE = """\
kind: tie_out
code: {code}
name: {name}
basis: {{document: 办法, clause: 一, status: printed}}
check: {check}
severity: 错误
message: 核对
examples: []
"""
BOOK = {
    "book.yaml": "book: small\ntitle: 小规则库\nauthority: 县\nfiscal_year: 2023\n",
    "t01.yaml": RULE.format(code="T01", name="合计", check="表.合计 = 表.甲 + 表.乙"),
    "t02.yaml": RULE.format(code="T02", name="两处合计一致", check="表.合计 = 表.另报合计"),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("small")
    for name, texts in (("rules", BOOK), ("schemas", TABLES)):
        (root / name).mkdir()
        for file, content in texts.items():
            (root / name / file).write_text(content, "utf-8")
    data = root / "data"
    data.mkdir()
    (data / "单位.csv").write_text("单位代码,年度,单位名称\nA1,2023,一\nA2,2023,二\n", "utf-8")
    (data / "表.csv").write_text(
        "单位代码,年度,合计,甲,乙,丙,另报合计\n"
        "A1,2023,4213.55,4000.05,213.50,77.00,4213.55\n"
        "A2,2023,10.00,4.00,5.00,1.00,10.00\n",
        "utf-8",
    )
    return root / "rules", root / "schemas", data


@pytest.fixture(scope="module")
def weighed(folders):
    rules, schemas, data = folders
    return rulebook_power(rules, schemas, data)


def test_the_clean_unit_is_weighed_and_what_no_rule_reads_is_listed(weighed):
    assert weighed.units == ("A1",) and weighed.figures == 5 and weighed.unread == 1
    columns = {c.column: c for c in weighed.columns}
    assert columns["丙"].unread == 1 and columns["丙"].planted == 0
    # Unnoticed is only what stays within the rounding of the places printed.
    assert Fraction(95, 100) < weighed.noticed <= 1 and weighed.planted > 30
    # Two equations fix the total; of the parts one equation says only that one of them is wrong.
    total, part = columns["合计"], columns["甲"]
    assert total.unlocated == 0 < total.planted and part.planted > 0
    assert weighed.located < 1 or part.unlocated == 0
    assert {"相邻两位颠倒", "元当万元", "正负号"} <= {k.slip for k in weighed.kinds}


def test_a_rule_less_and_more_gets_past(folders, tmp_path):
    _rules, schemas, data = folders
    (tmp_path / "rules").mkdir()
    for name in ("book.yaml", "t02.yaml"):
        (tmp_path / "rules" / name).write_text(BOOK[name], "utf-8")
    found = rulebook_power(tmp_path / "rules", schemas, data, "A1")
    assert found.unread == 3 and {c.column for c in found.columns if c.unread} == {"甲", "乙", "丙"}


def test_a_unit_with_findings_weighs_nothing(folders):
    rules, schemas, data = folders
    with pytest.raises(DataError, match="A2"):
        rulebook_power(rules, schemas, data, "A2")


def test_the_forms_say_what_the_ordinary_road_says(folders):
    rules, schemas, data = folders
    made = audit(data, rules, schemas)
    unit = clean_unit(made.book, made.submission, "A1")
    forms, seen = Forms(unit), 0
    for ref in unit.read:
        for kind in made.book.source.locating.slips:
            for plant in list(plants(unit.soil, ref, kind))[:2]:
                assert forms.located(plant) == unit.located(plant)[0], (ref, kind)
                seen += 1
    assert seen > 60


def test_text_json_and_page(weighed):
    told = text(weighed)
    assert headline(weighed) in told and "表 丙：1 个" in told
    read = json.loads(as_json(weighed))
    assert Fraction(read["noticed"]) == weighed.noticed and len(read["columns"]) == 5
    html = page(weighed)
    assert '<span class="m5"' in html and "丙</span>" in html and headline(weighed) in html


def test_a_share_is_never_rounded_up_to_all():
    one = Power("b", "B", ("u",), (column(10_000, 1, 0),))
    assert percent(one.noticed) == "99.9%" and percent(one.located) == "100.0%"
    none = Power("b", "B", ("u",), ())
    assert percent(none.noticed) == "100.0%" and none.planted == 0


def column(planted, unnoticed, unlocated):
    return ColumnPower("表", "表", "甲", 1, 0, (KindCount("错", planted, unnoticed, unlocated),))


# The same slip in several units.


def card(unit, *cells):
    rows = tuple(
        CauseRow(
            (CauseCell("f", sheet, cell, figure, "1", "2", (slip,) if slip else (), 1),),
            ("T01",),
            False,
            (),
            True,
            "",
        )
        for sheet, cell, figure, slip in cells
    )
    return SimpleNamespace(unit=unit, name="", causes=rows)


SHARED = ("公开01表", "E13", "合计", "元当万元")


@pytest.mark.parametrize("units, told", [(2, 0), (3, 1), (4, 1)])
def test_three_units_make_one_message(units, told):
    found = same_slips([card(f"X{n}", SHARED) for n in range(units)])
    assert len(found) == told
    if told:
        assert "公开01表 E13 合计" in found[0] and "表样或导出程序" in found[0] and "X2" in found[0]


def test_other_slips_and_cells_are_not_the_same():
    others = [
        card("X0", SHARED),
        card("X1", SHARED),
        card("X2", ("公开01表", "E13", "合计", "正负号")),
        card("X3", ("公开01表", "E14", "合计", "元当万元")),
        card("X4", ("公开01表", "E13", "合计", "")),
    ]
    assert same_slips(others) == ()


def test_answers_that_do_not_stand_out_have_nothing_in_common():
    cards = [card(f"X{n}", SHARED) for n in range(3)]
    for one in cards:
        one.causes = tuple(replace(cause, leads=False) for cause in one.causes)
    assert same_slips(cards) == ()


def test_cells_of_the_same_units_are_told_together():
    second = ("公开01表", "E14", "甲", "元当万元")
    found = same_slips([card(f"X{n}", SHARED, second) for n in range(3)])
    assert len(found) == 1 and "E13 合计、E14 甲" in found[0]


def test_the_command(folders, tmp_path):
    from gouji.cli.power import power_command

    rules, schemas, data = folders
    given = [str(rules), "--data", str(data), "--schemas", str(schemas)]
    for more, code in (
        ([], 0),
        (["--at-least", "90"], 0),
        (["--at-least", "100"], 1),
        (["--format", "json"], 0),
    ):
        out = io.StringIO()
        with redirect_stdout(out):
            found = power_command().main([*given, *more], standalone_mode=False)
        assert int(found) == code and out.getvalue()
    power_command().main([*given, "--out", str(tmp_path / "map.html")], standalone_mode=False)
    assert "<html" in (tmp_path / "map.html").read_text("utf-8")
