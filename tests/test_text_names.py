"""What figures are of where their own words do not say it, and in which unit they are where it is said once for the text."""

from functools import cache
from itertools import product

import pytest

from gouji.app import load_book
from gouji.app.text_of_report import patterns_of
from gouji.base.verdict import Verdict
from gouji.narrative import filled, lines_of, read, without_unit
from gouji.narrative.mentions import MentionKind

ACCOUNTS = ("政府性基金预算财政拨款", "国有资本经营预算财政拨款")
LINES = ("行政运行", "住房公积金", "机关事业单位基本养老保险缴费支出")
MEASURES = ("支出决算为", "决算数为", "实际支出", "支出")


@cache
def book():
    return patterns_of("final-accounts").grammar()


def names(text):
    """By figure what it is of."""
    made = read(lines_of(text), book())
    return {f.mention.printed: made.name_of(f) for f in made.facts}


@pytest.mark.parametrize("below", ["。", "\n"], ids=["in its paragraph", "above it"])
@pytest.mark.parametrize("line, measure", list(product(LINES, MEASURES)))
def test_a_line_of_accounts_that_opens_a_paragraph(line, measure, below):
    text = f"1.甲支出（类）乙事务（款）{line}（项）{below}年初预算为412.30万元，{measure}455.18万元，完成年初预算的110.40%。"
    made = names(text)
    assert {made[n].key for n in ("412.30万元", "455.18万元")} == {line}
    assert made["412.30万元"].budget and not made["455.18万元"].budget


@pytest.mark.parametrize("title", ["公务接待费", "一般公共预算财政拨款支出"])
def test_a_title_that_the_patterns_know(title):
    assert names(f"（一）{title}。支出4.80万元。")["4.80万元"].item == title
    assert names(f"{title}决算情况说明\n支出决算4.80万元。")["4.80万元"].item == title


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("opening", ["年初结转和结余", "年初结转", "上年结转"])
def test_the_sides_of_an_account_are_no_totals(account, opening):
    text = f"{account}{opening}12.00万元，本年收入300.00万元，本年支出286.50万元，年末结转和结余25.50万元。"
    made = names(text)
    assert (
        made["300.00万元"].item == f"{account}收入" and made["286.50万元"].item == f"{account}支出"
    )
    assert made["25.50万元"].item is None


def test_a_total_beside_an_account_is_one():
    text = "政府性基金预算财政拨款收入30.00万元，本年收入合计120.00万元，本年支出合计90.00万元。"
    made = names(text)
    assert (made["120.00万元"].item, made["90.00万元"].item) == ("收入合计", "支出合计")


@pytest.mark.parametrize("parts", [2, 3])
def test_what_follows_a_list_is_of_its_whole(parts):
    listed = "、".join(
        f"{name}{n}.00万元" for n, name in enumerate(("办公费", "差旅费", "会议费")[:parts], 5)
    )
    made = names(f"机关运行经费年初预算50.00万元，其中：{listed}。支出决算为41.00万元。")
    assert made["41.00万元"].item == "机关运行经费"


@pytest.mark.parametrize("word", ["年初", "年中", "年中追加", "调整", "追加"])
def test_stages_of_a_budget_are_no_names(word):
    assert names(f"全年{word}预算388.20万元。")["388.20万元"].key == ""


UNITS = {"亿元": 10**8, "万元": 10**4, "千元": 10**3, "元": 1}
BARE = "本年支出合计300.50，其中：基本支出200.00，占66.56%；项目支出100.50，比上年增加20.50。"
SAYS = {
    "of the whole text": "本报告金额单位均为{unit}。\n{text}",
    "of the whole text, at its end": "{text}\n注：本报告数据以{unit}为单位。",
    "of what follows": "以下单位：{unit}\n{text}",
    "in a heading": "一、支出情况（单位：{unit}）\n{text}",
    "below a heading": "一、支出情况\n（单位：{unit}）\n{text}",
    "of amounts": "一、支出情况（金额单位：{unit}）\n{text}",
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("says", SAYS.values(), ids=SAYS)
def test_a_unit_that_is_said_once(says, unit):
    made = read(lines_of(says.format(unit=unit, text=BARE)), book())
    amounts = {m.printed: m.value for m in made.mentions if m.kind is MentionKind.AMOUNT}
    assert amounts == {
        n: round(float(n) * 100) * UNITS[unit] / 100
        for n in ("300.50", "200.00", "100.50", "20.50")
    }
    assert {r.verdict for r in made.relations} <= {Verdict.BALANCED, Verdict.UNASSESSABLE}
    fills = filled(made, book().ties, load_book("final-accounts").tables).fills
    assert {("基本支出", "200.00", unit)} <= {(f.column, f.text, f.unit) for f in fills}
    assert not list(without_unit(made))


OUTSIDE = {
    "another section": "一、人员情况（单位：万元）\n人员正常。\n二、支出情况\n{text}",
    "a table": "支出表（单位：万元）\n甲|1.00|2.00|\n{text}",
    "two that differ": "本报告金额单位均为万元。\n本报告金额单位均为元。\n{text}",
    "nowhere": "{text}",
}


@pytest.mark.parametrize("text", OUTSIDE.values(), ids=OUTSIDE)
def test_a_unit_that_is_not_said(text):
    """Numbers stay numbers, fill nothing, and money is told."""
    made = read(lines_of(text.format(text=BARE)), book())
    assert not [m for m in made.mentions if m.kind is MentionKind.AMOUNT]
    fills = filled(made, book().ties, load_book("final-accounts").tables).fills
    assert not [f for f in fills if f.text in ("300.50", "200.00", "100.50", "20.50")]
    assert {one.text for one in without_unit(made)} >= {"300.50", "200.00", "100.50"}


NUMBERS = (
    "自评得分98.5，等级为优。",
    "在职人员35人，人均0.5。",
    "比重为0.66，指数102.3。",
    "占66.56，增长7.32。",
    "第3号文件，2023年。",
    "完成率98.5%，接待26批次。",
    "金额单位为万元的项目3个。",
    "综合利用率0.85、回收率0.92。",
)


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_that_are_no_money(text):
    made = read(lines_of(f"本报告金额单位均为万元。\n{text}"), book())
    assert not [m for m in made.mentions if m.kind is MentionKind.AMOUNT]


def test_a_printed_unit_stays():
    made = read(lines_of("本报告金额单位均为万元。\n收入合计1.20亿元，支出合计9,800.00。"), book())
    values = [m.value for m in made.mentions if m.kind is MentionKind.AMOUNT]
    assert values == [120_000_000, 98_000_000]


COSTS = ("因公出国（境）费", "公务接待费", "公务用车购置及运行维护费")


@pytest.mark.parametrize("joint", ["、", "和", "及", "与"])
@pytest.mark.parametrize(
    "one, other", [("基本支出", "项目支出"), ("支出合计", "基本支出"), ("收入合计", "支出合计")]
)
def test_figures_side_by_side_have_their_own_names(one, other, joint):
    made = names(f"2023年度{one}{joint}{other}分别为12.00万元{joint}8.00万元。")
    assert (made["12.00万元"].item, made["8.00万元"].item) == (one, other)


@pytest.mark.parametrize(
    "measure", ["决算数分别为", "支出决算分别为", "实际支出分别为", "分别支出"]
)
def test_a_second_list_says_only_the_measure(measure):
    planned, spent = ("1.10万元", "2.20万元", "3.30万元"), ("0.40万元", "0.50万元", "0.60万元")
    text = f"{'、'.join(COSTS)}预算数分别为{'、'.join(planned)}，{measure}{'、'.join(spent)}。"
    made = names(text)
    known = [made[n].item for n in planned]
    assert known == [c.replace("（", "(").replace("）", ")") for c in COSTS]
    assert [made[n].key for n in spent] == known
    assert all(made[n].budget for n in planned) and not any(made[n].budget for n in spent)


def test_a_second_list_of_another_length_has_no_names():
    made = names(
        "会议费、培训费预算分别为1.10万元、2.20万元，决算分别为0.10万元、0.20万元、0.30万元。"
    )
    assert {made[n].key for n in ("0.10万元", "0.20万元", "0.30万元")} == {""}


@pytest.mark.parametrize(
    "words",
    [
        "2022年、2023年公务接待费分别为3.00万元、2.00万元",
        "公务接待费2022年、2023年支出分别为3.00万元、2.00万元",
        "公务接待费预算、决算分别为3.00万元、2.00万元",
    ],
)
def test_one_subject_of_figures_side_by_side(words):
    assert {n.key for n in names(f"{words}。").values()} == {"公务接待费"}


def test_both_sides_of_one_account():
    made = names("政府性基金预算财政拨款收入、支出分别为3.00万元、2.00万元。")
    assert made["2.00万元"].key == "政府性基金预算财政拨款支出"


@pytest.mark.parametrize(
    "name",
    [
        "和谐社区建设支出",
        "共青团经费",
        "为民服务经费",
        "有线电视费",
        "将军路改造支出",
        "因公牺牲抚恤金",
        "与会人员食宿费",
        "及时救助支出",
        "是非调解经费",
        "故障维修费",
        "在职人员培训费",
        "含氟污水处理费",
        "到户补贴",
        "底层商铺租金收入",
        "末级渠系改造支出",
        "的士补贴",
        "即时通讯费",
        "对口支援支出",
        "累计折旧",
        "使用权资产",
    ],
)
def test_a_name_keeps_a_sign_that_elsewhere_stands_before_names(name):
    assert names(f"其中：{name}3.00万元。")["3.00万元"].key == name


@pytest.mark.parametrize("measure", ["年度预算", "年度预算资金", "全年预算数为"])
def test_the_year_of_a_project_is_no_part_of_its_name(measure):
    made = names(f"本项目{measure}50.00万元，实际支出48.00万元，执行率96%。")
    assert {made[n].key for n in ("50.00万元", "48.00万元")} == {"本项目"}


@pytest.mark.parametrize("total", ["", "本年支出合计4200.12万元。"])
@pytest.mark.parametrize("joint", ["，", "；"])
def test_a_share_behind_a_list_that_adds_up_is_not_of_its_whole(total, joint):
    text = f"{total}基本支出3100.5万元，占支出合计的73.82%，其中人员经费2800.3万元、公用经费300.2万元{joint}项目支出1099.62万元，占26.18%。"
    found = {
        r.stated.mention.printed: r.verdict
        for r in read(lines_of(text), book()).relations
        if str(r.says) == "占比"
    }
    expected = Verdict.BALANCED if total else Verdict.UNASSESSABLE
    assert found == {"73.82%": expected, "26.18%": expected}


def test_what_there_is_in_all_is_no_part_of_the_name():
    made = read(lines_of("本部门共有车辆12辆，其中：主要领导干部用车2辆、其他用车10辆。"), book())
    assert [made.name_of(f).key for f in made.facts] == ["车辆", "主要领导干部用车", "其他用车"]


@pytest.mark.parametrize("side", ["收入", "支出"])
@pytest.mark.parametrize("account", ["财政拨款", *ACCOUNTS])
def test_the_total_of_an_account_is_not_its_figure_of_the_year(account, side):
    """It holds what was left over from the year before."""
    known = "财政拨款收支总计" if account == "财政拨款" else None
    made = names(f"{account}{side}总计30.00万元。")["30.00万元"]
    assert made.item == known and made.phrase == f"{account}{side}总计"


def test_both_totals_of_an_account():
    made = names("财政拨款收入总计30.00万元，支出总计31.00万元，与上年相比各有增减。")
    assert {n.item for n in made.values()} == {"财政拨款收支总计"}
    made = names("收入总计30.00万元，支出总计31.00万元。")
    assert [n.item for n in made.values()] == ["收入总计", "支出总计"]


@pytest.mark.parametrize(
    "name", ["商品和服务支出", "社会保障和就业支出", "对个人和家庭的补助", "灾害防治及应急管理支出"]
)
def test_one_name_with_和_is_not_taken_apart(name):
    """Two figures of one thing, as of two years: neither is of a part of its name."""
    made = names(f"{name}分别为3.00万元、2.00万元。")
    assert {n.key for n in made.values()} == {name}


@pytest.mark.parametrize("this", ["本年", "当年", "今年"])
def test_the_year_before_is_said_of_the_figure_that_says_it(this):
    made = names(f"上年、{this}公务接待费分别为3.00万元、2.00万元。")
    assert [(n.item, n.prior) for n in made.values()] == [
        ("公务接待费", True),
        ("公务接待费", False),
    ]
    made = names("上年基本支出、项目支出分别为3.00万元、2.00万元。")
    assert all(n.prior for n in made.values())
