"""What a careful reader takes as right is never 不平, in any of the many ways that right sentences look odd; what that reader sees at once is."""

from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gouji.app.text_of_report import patterns_of
from gouji.base.verdict import Verdict
from gouji.narrative import lines_of, read

# Fields: a and b with a + b = s, p and q their shares of it in whole percents; d = s - a.
RIGHT = {
    "two years": "会议费{s}万元，比2022年的{a}万元增加{b}万元；比2021年的{t}万元减少{a}万元。",
    "two units of money": "项目总投资{s}万元，其中：中央资金{a_yuan}元，地方配套{b}万元。",
    "shares of two wholes": "全年收入{s}万元，其中税收收入{a}万元，占全部收入的{p}%，占全县税收的2.5%。",
    "last year in a bracket": "本年支出{a}万元，较上年（{s}万元）减少{b}万元。",
    "a loss": "全年盈亏-{s}万元，上年-{a}万元，负增长{p}%。",
    "without something": "扣除一次性因素{a}万元后，支出{b}万元，同比增长2.9%。支出合计{s}万元。",
    "a range": "每户补助500元至2000元，共补助12户，合计金额{a}万元。",
    "about": "全年支出近{s}万元，其中：办公费约{a}万元，差旅费约{a}万元，培训费约{b}万元。",
    "a footnote": "注：1.本年支出合计{s}万元。2.上年支出{a}万元。3.财政拨款支出比上年增长20%，不含其他资金。",
    "a quoted target": "目标“培训人数不少于500人，满意度达到90%以上”，实际培训520人，满意度95%，完成率104%。",
    "other units": "全县支出合计{s}万元，本单位支出{a}万元，占{p}%。其他单位支出{b}万元。",
    "summed up over months": "截至12月累计支出{s}万元，其中12月支出{a}万元，1-11月支出{b}万元。",
    "其中 with 等": "全年支出{s}万元，分为人员支出{a}万元、差旅支出{half}万元等。",
    "kinds that overlap": "专项资金{s}万元，其中：中央资金{a}万元，设备采购{s2}万元。",
    "two budgets": "年初预算{a}万元，追加{b}万元，调整预算{s}万元，支出{a}万元，完成年初预算的100%。",
    "stages of one sum": "项目资金共{s}万元。一是已支付{a}万元；二是已完工未支付{half}万元。",
    "several years left": "收入{a}万元，支出{a}万元，年末滚存结余{b}万元。",
    "spent, left and taken back": "项目预算{s}万元，实际支出{half}万元，收回{half}万元，结余{b}万元。",
    "a list of half a year": "预算数{s}万元，其中上半年安排{a}万元，下半年安排{b}万元。执行数{a}万元，执行率{p}%。",
    "net of something": "资产总额{s}万元，负债总额{a}万元，资产负债率{p}%，剔除预收款后的资产负债率{q}%。",
    "last year's total above": "本年收入合计{a}万元。\n上年收入合计{s}万元，其中：财政拨款收入{a}万元，其他收入{b}万元。",
    "the fund's own total": "医保基金总收入{s}万元，总支出{a}万元，当期结存{b}万元。",
}
WRONG = {
    "a growth": "会议费{s}万元，比上年增加{a}万元，增长{far}%。",
    "a change": "会议费{s}万元，比上年{a}万元增加{b_off}万元。",
    "分为": "专项资金{s}万元，分为道路硬化{a}万元、河道治理{b_off}万元。",
    "counted off": "专项资金共{s}万元。一是道路硬化{a}万元；二是河道治理{b_off}万元。",
    "a share of a list": "支出{s}万元，其中：人员支出{a}万元，占{p}%；办公支出{b}万元，占{q_off}%。",
    "a whole percent": "收入合计{s}万元，其中财政拨款收入{a}万元，占{p_off}%；其他收入{b}万元。",
    "a task": "培训任务500人，实际培训520人，完成率1{q_two}.5%。",
    "the budget of the year's beginning": "年初预算{s}万元，支出{a}万元，完成年初预算的{p_off}%。",
    "closed by its parts": "基本支出{s}万元，其中人员经费{a}万元，公用经费{b_off}万元。",
    "receipts": "收入合计{s}万元，其中一般公共预算财政拨款{a}万元，其他收入{b_over}万元。",
    "a sum behind": "办公费{a}万元、印刷费{b}万元，两项合计{s_off}万元。",
    "what is left": "项目预算{s}万元，实际支出{a}万元，结余{b_off}万元。",
    "the year's balance": "收入{s}万元，支出{a}万元，本年收支结余{b_off}万元。",
    "a ratio": "资产总额{s}万元，负债总额{a}万元，资产负债率{p_off}%。",
    "a rate on its own line": "年初预算{s}万元，实际支出{a}万元。\n执行率{p_off}%。",
}


@cache
def grammar():
    return patterns_of("final-accounts").grammar()


def verdicts(text):
    return [(str(r), r.verdict) for r in read(lines_of(text), grammar()).relations]


def fields(cents, share, off):
    """Figures of one sentence: a is `share` percent of s."""
    s, a = cents * 100, cents * share
    b = s - a
    two = {"s": s, "a": a, "b": b, "t": s + a, "half": a // 2, "s2": s - a // 2}
    two |= {"b_off": b + off, "b_over": b + off, "s_off": s + off}
    made = {k: f"{v / 100:.2f}" for k, v in two.items()}
    made |= {"a_yuan": f"{100 * a:,.2f}", "p": share, "q": 100 - share, "far": share + 777}
    return made | {"p_off": share + 5, "q_off": 100 - share + 5, "q_two": 20 + share % 70}


NUMBERS = given(cents=st.integers(60, 9_000), share=st.integers(21, 79), off=st.integers(200, 900))


@pytest.mark.parametrize("sentence", RIGHT.values(), ids=RIGHT)
@NUMBERS
@settings(max_examples=20, deadline=None)
def test_what_is_right_is_never_told(sentence, cents, share, off):
    made = verdicts(sentence.format(**fields(cents, share, off)))
    assert [said for said, verdict in made if verdict is Verdict.UNBALANCED] == []


@pytest.mark.parametrize("sentence", WRONG.values(), ids=WRONG)
@NUMBERS
@settings(max_examples=20, deadline=None)
def test_what_is_wrong_is_told(sentence, cents, share, off):
    # What is left of the slip is less than its parts, and no other pair of the figures fits.
    assume(share not in (50,) and off < cents * 20)
    made = verdicts(sentence.format(**fields(cents, share, off)))
    assert Verdict.UNBALANCED in [verdict for _said, verdict in made]
