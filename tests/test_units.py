"""Units of money as people print them: read whole, whatever they are beside; contradictions and what is not understood are told with their cell."""

from decimal import Decimal

import pytest

from gouji.intake.finding.labels import bare, owner
from gouji.intake.finding.unit_spelling import Kind
from gouji.intake.finding.units import parted, statements, unit_in_name
from sheets import ACCOUNTS, LISTED, TABLES, accounts, problems, rows, took

LINES = {
    "单位：万元": "万元",
    "单位∶元": "元",
    "单位﹕百元": "百元",
    "单位 元": "元",
    "单位万元": "万元",
    "单 位：千元": "千元",
    "金 额 单 位 ： 元": "元",
    "（单位：百万元）": "百万元",
    "单位（十万元）": "十万元",
    "金额单位：RMB元": "元",
    "金额单位：人民币万元": "万元",
    "计量单位：千万元": "千万元",
    "货币单位：￥元": "元",
    "单位：万元人民币": "万元",
    "单位：仟元": "千元",
    "单位：萬圆": "万元",
    "单位：亿元": "亿元",
    "单位：元（保留两位小数）": "元",
    "单位：万元、人": "万元",
    "单位:元,比例:%": "元",
    "单位：万元 公开01表": "万元",
    "公开01表　　单位：万元": "万元",
    "编制单位：元江县财政局　　金额单位：万元": "万元",
    "编制单位：元江县财政局 单位：元": "元",
    "部门：元谋县水务局金额单位：元": "元",
    "单位：万元 币种：人民币": "万元",
    "本表金额单位：元": "元",
    "單位：萬圓人民幣": "万元",
    "金额均为元": "元",
    "单位：元第1页": "元",
    "单位：万 元 2023年度": "万元",
    "单位：千 元 第 2 页": "千元",
    "单位｜千元": "千元",
    "单位：千元 元江县财政局": "千元",
    "单位：元 2023年度": "元",
    "单位：元；比例：%": "元",
    "（以下数据均为元）": "元",
    "表内数字都是千元": "千元",
    "本表中均为元": "元",
}


@pytest.mark.parametrize("text, unit", LINES.items(), ids=LINES)
def test_a_line_states_its_unit(text, unit):
    assert [(s.kind, s.unit) for s in statements(text)] == [(Kind.MONEY, unit)]


NONE = (
    "单位：千山区",
    "单位：千山区财政局",
    "单位：十堰市",
    "单位：百色市。",
    "单位：万元村",
    "单位：亿元乡",
    "单位：千户寨",
    "单位：万山区",
    "填报单位：百林镇",
    "单位：元江县财政局",
    "编制单位：元阳县教育局",
    "单位名称：亿元镇",
    "单位负责人：万元",
    "填报单位：万元乡",
    "注：本表金额单位转换成万元时可能存在尾差。",
    "各单位：万元",
    "事业单位 元",
    "单位：",
    "单位：X-002",
    "单位：53A",
    "单位：元和街道",
    "单位：县委",
    "金额均为试验县拨付",
    "项目",
)


@pytest.mark.parametrize("text", NONE)
def test_what_states_no_unit(text):
    assert statements(text) == ()


BAD = {
    "单位：美元": Kind.FOREIGN,
    "单位：万港元": Kind.FOREIGN,
    "币种：欧元": Kind.FOREIGN,
    "单位：万": Kind.UNCLEAR,
    "单位：人民币": Kind.UNCLEAR,
    "金额单位：大洋": Kind.UNCLEAR,
    "单位：元/人": Kind.UNCLEAR,
    "单位：角": Kind.UNCLEAR,
    "单位：元 江县财政局": Kind.UNCLEAR,
    "单位： 元 谋县教育局": Kind.UNCLEAR,
    "单位：元 宝山区": Kind.UNCLEAR,
    "单位：元；万元": Kind.UNCLEAR,
    "单位：千元; 元": Kind.UNCLEAR,
    "单位：万远": Kind.UNCLEAR,
    "单位：万元、元": Kind.UNCLEAR,
    "单位：HK$": Kind.UNCLEAR,
    "单位：wan": Kind.UNCLEAR,
    "单位：见附注": Kind.UNCLEAR,
    "单位：元为": Kind.UNCLEAR,
    "单位：缅元": Kind.FOREIGN,
}


@pytest.mark.parametrize("text, kind", BAD.items(), ids=BAD)
def test_a_unit_that_is_not_ours_or_not_known(text, kind):
    assert [s.kind for s in statements(text)] == [kind]


def test_labels_with_units():
    units = {
        "决算数（元）": "元",
        "决算数(单位：百万元)": "百万元",
        "决算数\n万元": "万元",
        "机关运行经费，元": "元",
        "执行率（‰）": "‰",
        "项目资金（人民币元）": "元",
    }
    assert {t: said.unit for t in units if (said := parted(t)[1]) is not None} == units
    assert [
        parted(t)[1]
        for t in (
            "使用非财政拨款结余（含专用结余）",
            "单价100万（含）以上",
            "收入支出决算表（公开01表）",
            "28,900 元",
            "编制单位：元江县",
        )
    ] == [None] * 5
    assert [bare(t) for t in ("（一）其中：车辆（百万元）", "决算数 万元", "3、批次（批次）")] == [
        "车辆",
        "决算数",
        "批次",
    ]
    names = {
        "公开01表(元)": "元",
        "公开01表_万元": "万元",
        "公开01表 单位百元": "百元",
        "公开01表亿元": "亿元",
    }
    assert {n: said.unit for n in names if (said := unit_in_name(n)) is not None} == names
    assert [unit_in_name(n) for n in ("公开01表", "元江县", "单元", "公开15表 (2)", "收入元")] == [
        None
    ] * 5
    assert (
        owner("编制单位：元江县财政局　　金额单位：万元")
        == owner("编 制 单 位：元江县财政局 单位：元")
        == "元江县财政局"
    )


FORMS = {
    "a line": (accounts(line="单位：百万元"), Decimal(12_500_000)),
    "a name beside it": (
        accounts(line="编制单位：元江县财政局    金额单位：万元"),
        Decimal(125_000),
    ),
    "only a name": (accounts(line="单位：元江县财政局"), Decimal(125_000)),
    "its own cell": (
        [*accounts(line="")[:2], [None, None, None, "金额单位：", "千元"], *accounts()[3:]],
        Decimal(12_500),
    ),
    "nothing but the unit": (accounts(line="（亿元）"), Decimal(1_250_000_000)),
    "in the title": (
        accounts(line="", title="2023年度收入支出决算表（十万元）"),
        Decimal(1_250_000),
    ),
    "in the header": (accounts(head="决算数（元）"), Decimal("12.50")),
    "behind the header": (accounts(line="", head="决算数\n元"), Decimal("12.50")),
    "in the row's label": (
        accounts(label="四、上级补助收入（元）", value=880000),
        Decimal(880_000),
    ),
    "further down": (
        [*accounts(line="")[:2], *[[]] * 9, ["单位：千元"], *accounts()[3:]],
        Decimal(12_500),
    ),
    "at the foot": (accounts(line="", more=[[], ["单位：元"]]), Decimal("12.50")),
    "with the figure": (accounts(value="28,900元"), Decimal(28_900)),
    "with the figure, in hundred thousands": (accounts(value="2.5十万元"), Decimal(250_000)),
    "header and line agree": (accounts(line="单位：元", head="决算数（元）"), Decimal("12.50")),
}


@pytest.mark.parametrize("lines, value", FORMS.values(), ids=FORMS)
def test_wherever_it_stands(lines, value, tmp_path):
    found = took(tmp_path, ACCOUNTS, {"公开01表": lines})
    assert problems(found) == [] and rows(found, "收入支出决算表")[0]["上级补助收入"] == value


def test_in_the_name_of_the_sheet(tmp_path):
    found = took(tmp_path, ACCOUNTS, {"公开01表（百万元）": accounts(line="")})
    assert problems(found) == [] and rows(found, "收入支出决算表")[0]["上级补助收入"] == Decimal(
        12_500_000
    )


WHOLE = {
    "foreign": (accounts(line="单位：美元"), "公开01表!A3", "外币"),
    "not known": (accounts(line="金额单位：大洋"), "公开01表!A3", "不知道是什么金额单位"),
    "two lines": (accounts(line="单位：万元", more=[["单位：元"]]), "公开01表!A10", "两种说法"),
    "title and line": (accounts(title="收入支出决算表（元）"), "公开01表!A3", "两种说法"),
}


@pytest.mark.parametrize("lines, place, words", WHOLE.values(), ids=WHOLE)
def test_a_form_in_nobodys_unit_is_set_aside(lines, place, words, tmp_path):
    found = took(tmp_path, ACCOUNTS, {"公开01表": lines})
    ((at, what),) = problems(found)
    assert (
        at == place
        and words in what
        and rows(found, "收入支出决算表") == []
        and found.rows_set_aside == 1
    )


ONE = {
    "foreign": (accounts(label="四、上级补助收入（美元）"), "公开01表!A8", "外币"),
    "not known": (accounts(label="四、上级补助收入（百万）"), "公开01表!A8", "不知道"),
    "header and label": (
        accounts(head="决算数（万元）", label="四、上级补助收入（元）"),
        "公开01表!A8",
        "两种说法",
    ),
}


@pytest.mark.parametrize("lines, place, words", ONE.values(), ids=ONE)
def test_a_line_in_nobodys_unit_is_missing_not_zero(lines, place, words, tmp_path):
    found = took(tmp_path, ACCOUNTS, {"公开01表": lines})
    (row,) = rows(found, "收入支出决算表")
    assert [(at, words in what) for at, what in problems(found)] == [(place, True)]
    assert (
        "上级补助收入" not in row
        and row["经营收入"] == 0
        and row["本年收入合计"] == Decimal(1_125_000)
    )


def listed(line="单位：万元", times=1):
    lines = [
        ("", "合计", 346.05, 240.75),
        ("208", "社会保障和就业支出", 34.75, 34.75),
        ("212", "城乡社区支出", 311.30, 206.00),
    ]
    return [
        ["2023年度支出决算表"],
        [line],
        ["科目编码", "科目名称", "本年支出合计", "基本支出"],
        *[(c, n, a * times, b * times) for c, n, a, b in lines],
    ]


def test_no_unit_is_said_once_and_doubted_where_other_forms_differ(tmp_path):
    described = {**ACCOUNTS, **LISTED}
    main = accounts(
        line="单位：元", more=[["五、事业收入", 3460500, None, "八、社会保障和就业支出", 347500]]
    )
    found = took(tmp_path, described, {"公开01表": main, "公开03表": listed(line="")})
    assert [what for _at, what in problems(found, notes=True) if "没有写金额单位" in what] == [
        "没有写金额单位，按表样的万元读：公开03表"
    ] and problems(found) == []
    found = took(tmp_path, described, {"公开01表": main, "公开03表": listed(line="", times=10_000)})
    ((at, what),) = problems(found)
    assert (
        at == "公开03表!C4"
        and "核实金额单位" in what
        and "10000 倍" in what
        and "公开01表/" in what
    )


def test_rates_per_thousand(tmp_path):
    described = {"单位": ACCOUNTS["单位"], "政府采购情况表": TABLES["政府采购情况表"]}
    lines = [
        ["政府采购情况表"],
        ["单位：万元"],
        ["项目", "决算数"],
        ["政府采购支出合计", 10],
        ["授予中小企业合同金额占政府采购支出总额的比重（‰）", 486.7],
    ]
    found = took(tmp_path, described, {"政府采购情况表": lines})
    (row,) = rows(found, "政府采购情况表")
    assert problems(found) == [] and Decimal("0.4867") in row.values()
