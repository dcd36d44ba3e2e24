"""A disclosed text whose chapters stand in another order, or are numbered otherwise, says the same: same figures for the tables, same relations."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.app.books import load_book
from gouji.app.text_of_report import patterns_of
from gouji.base.verdict import Verdict
from gouji.narrative import filled, lines_of, read

# Of all funds, of 财政拨款, of one budget and of basic spending the same words say different figures.
CHAPTERS = {
    "收入支出决算总体情况说明": "2023年度收入总计、支出总计均为6,180.00万元。与上年相比，收、支总计各增加180.00万元，增长3.00%。",
    "收入决算情况说明": "2023年度收入合计5,900.00万元，其中：财政拨款收入5,500.00万元，占93.22%；事业收入300.00万元，占5.08%；其他收入100.00万元，占1.69%。",
    "支出决算情况说明": "2023年度支出合计5,800.00万元，其中：基本支出3,800.00万元，占65.52%；项目支出2,000.00万元，占34.48%。",
    "财政拨款收入支出决算总体情况说明": "2023年度财政拨款收、支总计均为5,600.00万元。与上年相比，财政拨款收、支总计各增加100.00万元，增长1.82%。",
    "一般公共预算财政拨款支出决算情况说明": "2023年度一般公共预算财政拨款支出5,300.00万元，占本年支出合计的91.38%。其中：基本支出3,500.00万元，占66.04%；项目支出1,800.00万元，占33.96%。",
    "一般公共预算财政拨款基本支出决算情况说明": "2023年度一般公共预算财政拨款基本支出3,500.00万元，其中：人员经费3,100.00万元，主要包括基本工资、津贴补贴；公用经费400.00万元，主要包括办公费、印刷费。",
    "政府性基金预算财政拨款收入支出决算情况说明": "2023年度政府性基金预算财政拨款收入200.00万元，支出200.00万元，其中：基本支出0.00万元，项目支出200.00万元。",
    "财政拨款“三公”经费支出决算情况说明": "2023年度“三公”经费财政拨款支出预算为30.00万元，支出决算为24.00万元，完成预算的80.00%，其中：因公出国（境）费支出决算为0.00万元；公务用车购置及运行费支出决算为20.00万元，占83.33%；公务接待费支出决算为4.00万元，占16.67%。",
    "机关运行经费支出情况": "2023年度机关运行经费支出350.00万元，比上年减少10.00万元，下降2.78%。",
    "政府采购支出情况": "2023年度政府采购支出总额600.00万元，其中：政府采购货物支出200.00万元、政府采购工程支出0.00万元、政府采购服务支出400.00万元。",
}
NUMBERS = "一二三四五六七八九十"
STYLES = {
    "一、": lambda n, head: f"{NUMBERS[n]}、关于{head}\n",
    "（一）": lambda n, head: f"（{NUMBERS[n]}）{head}\n",
    "1.": lambda n, head: f"{n + 1}．{head}\n",
    "第一部分": lambda n, head: f"第{NUMBERS[n]}部分 {head}\n",
    "in one paragraph": lambda n, head: f"{NUMBERS[n]}、{head}。",
    "without a number": lambda _n, head: f"{head}\n",
}
FILLED = {
    ("收支决算", "收入决算数"): "5,900.00",
    ("收支决算", "支出决算数"): "5,800.00",
    ("收支决算", "基本支出"): "3,800.00",
    ("收支决算", "项目支出"): "2,000.00",
    ("决算说明", "收支总计"): "6,180.00",
    ("决算说明", "财政拨款收支总计"): "5,600.00",
    ("决算说明", "财政拨款收入"): "5,500.00",
    ("决算说明", "一般公共预算财政拨款支出"): "5,300.00",
    ("决算说明", "政府性基金预算财政拨款支出"): "200.00",
    ("决算说明", "一般公共预算财政拨款基本支出"): "3,500.00",
    ("决算说明", "财政拨款人员经费"): "3,100.00",
    ("决算说明", "财政拨款公用经费"): "400.00",
    ("决算说明", "三公经费决算数"): "24.00",
    ("决算说明", "三公经费预算数"): "30.00",
    ("决算说明", "因公出国境费决算数"): "0.00",
    ("决算说明", "公务接待费决算数"): "4.00",
    ("决算说明", "机关运行经费决算数"): "350.00",
    ("决算说明", "政府采购支出总额"): "600.00",
    ("决算说明", "政府采购货物支出"): "200.00",
    ("决算说明", "政府采购工程支出"): "0.00",
    ("决算说明", "政府采购服务支出"): "400.00",
}


@pytest.fixture(scope="module")
def look():
    """A text -> what fills tables (but the list of what a text has to have), and the relations without their order."""
    grammar, tables = patterns_of("final-accounts").grammar(), load_book("final-accounts").tables

    def looked(text):
        reading = read(lines_of(text), grammar)
        found = filled(reading, grammar.ties, tables).fills
        fills = {(f.table, f.column): f.text for f in found if f.table != "公开文本要件"}
        return fills, sorted(map(str, reading.relations)), reading.relations

    return looked


def written(order, style):
    chapters = "\n".join(STYLES[style](n, head) + CHAPTERS[head] for n, head in enumerate(order))
    return "某县水利局2023年度部门决算公开说明\n" + chapters


@pytest.mark.parametrize("style", STYLES)
def test_every_figure_is_that_of_its_funds(look, style):
    fills, _said, relations = look(written(CHAPTERS, style))
    assert fills == FILLED
    assert {r.verdict for r in relations} == {Verdict.BALANCED} and len(relations) == 21


@given(order=st.permutations(list(CHAPTERS)), style=st.sampled_from(list(STYLES)))
@settings(max_examples=40, deadline=None)
def test_another_order_changes_no_reading(look, order, style):
    fills, said, _relations = look(written(order, style))
    assert (fills, said) == (FILLED, look(written(CHAPTERS, style))[1])
