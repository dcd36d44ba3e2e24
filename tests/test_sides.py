"""What stands on the two sides of a relation over rows: neither is accused, and a side that is not there is said to be wanting."""

from pathlib import Path

import pytest

import gouji
from gouji.intake.ledger.unit_figures import unit_figures
from gouji.report.make_page import page
from gouji.report.text import render
from gouji.report.unit.cited import Cited
from gouji.report.unit.relation_sides import Sides
from gouji.report.unit.spots import spot_rows
from gouji.report.unit.working import WorkingTeller
from gouji.results import scorecards
from making import BASIS, TABLES, YEAR, book_of, by_sql, submission_of

COUNTY = Path(__file__).parent.parent / "datasets" / "county-demo"
ASKED = {
    "=": "左边 {a}，右边 {b}",
    "<>": "左边 {a}，应不等于右边 {b}",
    "<": "左边 {a}，应小于右边 {b}",
    "<=": "左边 {a}，应不大于右边 {b}",
    ">": "左边 {a}，应大于右边 {b}",
    ">=": "左边 {a}，应不小于右边 {b}",
}
# The figures of the row, of which none, one or both are given: what is printed of them.
GIVEN = {"both": ("", ""), "no left": ("", "9"), "no right": ("5", ""), "neither": ("", "")}
FAILS = {
    "=": ("5", "9"),
    "<>": ("5", "5"),
    "<": ("9", "5"),
    "<=": ("9", "5"),
    ">": ("5", "9"),
    ">=": ("5", "9"),
}
TREE = """
table: 树
grain: many
key: [单位代码, 年度, 编码]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 编码, type: text, null: never, role: code, levels: [1, 2], total: 合计}
  - {name: 甲, type: count, unit: 辆}
  - {name: 乙, type: count, unit: 辆}
  - {name: 丙, type: money, unit: 万元, places: 2}
  - {name: 词, type: text}
"""


def told(rule, rows):
    """The one rule's row in a report, what a returned workbook says of it, the printed report."""
    book = book_of(
        {"r.yaml": f"code: R01\nname: 试\n{BASIS}\nseverity: 错误\ntable: 树\n{rule}"},
        tables={**TABLES, "tree.yaml": TREE},
    )
    given = [("单位", "U", YEAR, {"单位名称": "U"})] + [
        ("树", "U", YEAR, {"编码": code, **{k: v for k, v in cells.items() if v}})
        for code, cells in rows.items()
    ]
    submission = submission_of(book, given)
    cards = scorecards(by_sql(book, submission), book)
    counts = dict.fromkeys(
        ("rows_in", "rows_accepted", "rows_set_aside", "units", "rules_in_force", "outcomes"), 0
    ) | dict.fromkeys(("gouji", "duckdb", "rules", "schemas"), "")
    made = page(book, submission, cards, counts)
    teller = WorkingTeller(book, submission, unit_figures(submission, book.tables, "U", YEAR), "U")
    returned = "；".join(Cited(teller).working(f) for f in cards[0].findings)
    return spot_rows(teller, book.table_rules[0]), made.cards[0].tie_outs[0], returned, render(made)


@pytest.mark.parametrize("given", GIVEN, ids=GIVEN)
@pytest.mark.parametrize("op", ASKED, ids=ASKED)
def test_every_operator_with_every_side_wanting(op, given):
    left, right = FAILS[op] if given == "both" else GIVEN[given]
    (spot,), row, returned, text = told(
        f"kind: each_row\ncheck: '树.甲 {op} 树.乙'", {"1": {"甲": left, "乙": right}}
    )
    line = "1：" + ASKED[op].format(
        a=f"{left}辆" if left else "缺", b=f"{right}辆" if right else "缺"
    )
    if given == "both":
        line += f"，差 {int(left) - int(right)}辆"
    assert spot.line == line and line in text
    assert (row.verdict, returned) == (("不平", line) if given == "both" else ("无法判断", ""))
    assert line in row.working or given != "both"
    assert all(word not in text for word in ("应为", "：，", "差 ，", "≠"))


def test_a_sum_of_rows_is_called_one():
    (spot,), row, returned, _text = told(
        "kind: roll_up\ncolumns: [丙]", {"合计": {"丙": "5.00"}, "1": {"丙": "4.00"}}
    )
    line = (
        "合计 · 丙：本行 5.00万元，下级之和 4.00万元，差 1.00万元，尾差范围 [3.995万元, 4.005万元]"
    )
    assert (spot.line, returned) == (line, line) and line in row.working


def test_a_denominator_of_zero_is_no_missing_figure():
    (spot,), *_ = told(
        "kind: each_row\ncheck: '树.甲 = 树.甲 / (树.乙 - 树.乙)'", {"1": {"甲": "5", "乙": "9"}}
    )
    assert spot.line == "1：分母为 0，得不出比率"


def test_what_compares_no_figures_names_the_row_alone():
    (spot,), *_ = told("kind: each_row\ncheck: \"树.词 = '好'\"", {"1": {"词": "坏"}})
    assert (spot.line, spot.sides) == ("1", Sides("", "", ""))


def test_a_yes_or_no_is_told_in_words():
    """A code that is in no list is no figure of 0."""
    made = gouji.audit(COUNTY / "X034_示例县白塔社会保障所.xlsx", "final-accounts")
    (row,) = (t for t in made.page().cards[0].tie_outs if t.code == "FB12")
    assert [spot.line for spot in row.spots] == [
        f"收入决算表 {code}：在目录：否，要求是" for code in ("218", "21802", "2180201")
    ]
    assert {spot.sides.cells for spot in row.spots} == {("否", "是")}


@pytest.mark.parametrize(
    "sides, cells, names",
    [
        (Sides("=", "1", "2"), ("1", "2"), ("左边", "右边")),
        (Sides("<=", "3", "2"), ("3", "≤ 2"), ("左边", "右边")),
        (Sides(">=", "", "2"), ("缺", "≥ 2"), ("左边", "右边")),
        (Sides("=", "1", "", rolled=True), ("1", "缺"), ("本行", "下级之和")),
        (Sides("", "", ""), ("", ""), ("左边", "右边")),
    ],
)
def test_cells_of_a_table(sides, cells, names):
    assert (sides.cells, sides.names) == (cells, names)


def test_no_station_that_speaks_of_units_names_what_should_stand_there():
    stations = ("report", "returns", "machine", "night", "app", "explain", "inspector")
    texts = [
        p
        for s in stations
        for p in (Path(gouji.__file__).parent / s).rglob("*")
        if p.suffix in (".py", ".html", ".js")
    ]
    assert len(texts) > 60 and [p.name for p in texts if "应为" in p.read_text("utf-8")] == []
