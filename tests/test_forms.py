"""Forms as data: a bureau adds one by a file; whatever is wrong in it is told with file, line and mend."""

import json

import pytest

from gouji.intake import receive
from gouji.intake.finding.labels import bare, owner, plain, year_said
from gouji.returns.fill_in import fill
from gouji.returns.plan import plan_sheets
from gouji.returns.write import workbook_bytes
from gouji.rules import load_tables
from gouji.rules.check.table_faults import check_tables
from gouji.rules.editor_schema import json_schema
from gouji.run import connect

UNITS = """table: 单位
grain: one
role: units
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 单位名称, type: text, role: unit_name}
form:
  sheets: [封面]
  cells: [{beside: true}]
"""
BODY = """table: 路灯情况
label: 路灯情况表
grain: {grain}
key: [单位代码, 年度]
columns:
  - {{name: 单位代码, type: text, null: never, role: unit}}
  - {{name: 年度, type: count, null: never, role: year}}
  - {{name: 街道, type: text}}
  - {{name: 盏数, label: 路灯·盏数, type: count, unit: 个}}
  - {{name: 电费, label: 路灯·电费, type: money, unit: 万元, places: 2}}
"""
HEAD = len(BODY.splitlines())


def described(form, grain="many"):
    return load_tables(
        {
            "units.yaml": UNITS,
            "lamps.yaml": BODY.format(grain=grain).replace(
                "key: [单位代码, 年度]",
                "key: [单位代码, 年度, 街道]" if grain == "many" else "key: [单位代码, 年度]",
            )
            + form,
        }
    )


def faults(form, grain="many"):
    try:
        return [str(f) for f in check_tables(described(form, grain))]
    except ExceptionGroup as group:
        return [str(f) for f in group.exceptions]


WRONG = {
    "an unknown key": (
        "form:\n  sheets: [路灯]\n  listing: {}\n  colour: red\n",
        4,
        "没有“colour”这个键",
    ),
    "no part at all": ("form:\n  sheets: [路灯]\n", 1, "表样要写 cells"),
    "no such column": (
        "form:\n  sheets: [路灯]\n  listing:\n    labels:\n      电费用: 电费\n",
        5,
        "没有叫“电费用”的列",
    ),
    "no such column to begin with": (
        "form:\n  sheets: [路灯]\n  cells:\n    - {from: 电, beside: true}\n",
        4,
        "没有叫“电”的列",
    ),
    "begins after its end": (
        "form:\n  sheets: [路灯]\n  each_sheet: true\n  cells:\n    - {from: 电费, to: 盏数, beside: true}\n",
        5,
        "from 在 to 的后面",
    ),
    "two ways at once": (
        "form:\n  sheets: [路灯]\n  cells:\n    - {value: 金额, row: 合计}\n",
        4,
        "value、row、beside 只能写一个",
    ),
    "a label without a header": (
        "form:\n  sheets: [路灯]\n  each_sheet: true\n  cells:\n    - {from: 街道, to: 街道}\n",
        5,
        "没有列名",
    ),
    "many rows and no listing": (
        "form:\n  sheets: [路灯]\n  cells:\n    - {beside: true}\n",
        1,
        "listing 或 each_sheet",
    ),
    "no sheet": ("form:\n  sheets: []\n  listing: {}\n", 2, "sheets"),
    "a lookup of nothing": (
        "form:\n  sheets: [路灯]\n  listing:\n    lookup:\n      街道: {of: 路名, words: {一: 二}}\n",
        5,
        "没有叫“路名”的列",
    ),
}


@pytest.mark.parametrize("form, line, words", WRONG.values(), ids=WRONG)
def test_what_is_wrong_in_a_form_is_told(form, line, words):
    found = faults(form)
    assert any(
        f.startswith(f"lamps.yaml:{HEAD + line}:") and words in f and "改法" in f for f in found
    ), found


def test_a_new_form_needs_no_python(tmp_path):
    """A file in schemas/: the blank workbook comes from it, and what is filled in is read."""
    tables = described("form:\n  sheets: [路灯]\n  listing: {skip: [合计]}\n").tables
    assert check_tables(described("form:\n  sheets: [路灯]\n  listing: {skip: [合计]}\n")) == []
    rows = {
        "单位": [{"单位代码": "A", "年度": 2023, "单位名称": "甲"}],
        "路灯情况": [
            {"街道": "东街", "盏数": 12, "电费": 3.5},
            {"街道": "西街", "盏数": 7, "电费": 2.25},
            {"街道": "合计", "盏数": 19, "电费": 5.75},
        ],
    }
    sheets = plan_sheets(list(tables.values()), 3)
    (tmp_path / "a.xlsx").write_bytes(workbook_bytes(sheets, fill(sheets, rows)))
    found = receive(connect(), tmp_path, tables)
    assert [p for p in found.problems if not p.note] == []
    read = found.held.rows(tables["路灯情况"], "A", 2023)
    assert [
        (r.cells["街道"].value, r.cells["盏数"].value, r.cells["电费"].value) for r in read
    ] == [("东街", 12, 35000), ("西街", 7, 22500)]


def test_the_schema_of_a_table_covers_its_form():
    models = json.loads(json_schema("table"))["$defs"]
    printed = {"sheets", "titles", "required", "each_sheet", "cells", "listing", "of", "prints"}
    assert printed == set(models["Form"]["properties"])
    entry = json.loads(json_schema("form_set"))["$defs"]["PrintedForm"]["properties"]
    assert {"table", "number", "titles", "prints", "without", "labels", "like"} <= set(entry)
    assert "from" in models["Cells"]["properties"] and "lookup" in models["Listing"]["properties"]


def test_labels():
    assert plain("“三公” 经费（合计）") == "三公经费(合计)"
    assert [
        bare(t) for t in ("（一）其中：车辆（万元）", "二十四、债务还本支出", "1.5倍", "3、其他")
    ] == ["车辆", "债务还本支出", "1.5倍", "其他"]
    assert (owner("编制单位：甲局"), owner("单位：万元"), owner("部门（单位）：乙局")) == (
        "甲局",
        None,
        "乙局",
    )
    assert (year_said("2023年度收入支出决算表"), year_said("12023年"), year_said("无")) == (
        2023,
        None,
        None,
    )
