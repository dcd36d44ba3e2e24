"""Sums that are listed in many ways, under names that no form knows: sound ones are read and hold, a planted slip never holds and fails where the words leave no doubt."""

import re
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gouji.app.text_of_report import patterns_of
from gouji.base.verdict import Verdict
from gouji.narrative import lines_of, read

NAMES = ("道路硬化", "河道治理", "垃圾清运", "文化广场", "路灯安装", "危房改造", "天字号工程")
NUMBERED = {
    "一是": ("一是", "二是", "三是", "四是", "五是"),
    "（一）": ("（一）", "（二）", "（三）", "（四）", "（五）"),
    "1.": ("1.", "2.", "3.", "4.", "5."),
    "①": ("①", "②", "③", "④", "⑤"),
}


def joined(parts, sign="，"):
    return sign.join(f"{name}{figure}" for name, figure in parts)


def counted(parts, style, end="；"):
    return end.join(
        f"{n}{name}{figure}" for n, (name, figure) in zip(NUMBERED[style], parts, strict=False)
    )


# What leaves open whether all parts are listed is never 不平; what does not is.
OPEN = {
    "其中": lambda w, p: f"专项资金{w}，其中：{joined(p)}。",
    "其中 in a separate sentence": lambda w, p: f"专项资金{w}。其中{joined(p, '、')}。",
    "in brackets": lambda w, p: f"专项资金{w}（{joined(p)}）。",
    "其中 over lines": lambda w, p: f"专项资金{w}，其中：\n" + counted(p, "1.", "；\n") + "。",
    "below, no word": lambda w, p: f"专项资金{w}。\n" + counted(p, "（一）", "。\n") + "。",
}
SHUT = {
    "counted off": lambda w, p: f"专项资金共{w}。{counted(p, '一是')}。",
    "counted off by signs": lambda w, p: f"专项资金合计{w}：{counted(p, '①')}。",
    "分为": lambda w, p: f"专项资金{w}，分为{joined(p, '、')}。",
    "具体如下 over lines": lambda w, p: (
        f"专项资金共{w}，具体如下：\n" + counted(p, "1.", "；\n") + "。"
    ),
    "lines of 一是": lambda w, p: (
        f"专项资金共{w}，具体如下：\n" + counted(p, "一是", "；\n") + "。"
    ),
    "构成如下": lambda w, p: f"专项资金{w}，构成如下：{joined(p, '；')}。",
    "a sum behind": lambda w, p: f"支出明细，其中：{joined(p)}，合计{w}。",
}
UNITS = st.sampled_from(["万元", "元", "亿元"])
AMOUNTS = st.lists(st.integers(1000, 999_999), min_size=2, max_size=5, unique=True)


@cache
def grammar():
    return patterns_of("final-accounts").grammar()


def sums(text):
    return [r for r in read(lines_of(text), grammar()).relations if str(r.says) == "其中"]


def printed(cents, unit):
    return f"{cents / 100:.2f}{unit}"


@pytest.mark.parametrize("way", {**OPEN, **SHUT}.values(), ids={**OPEN, **SHUT})
@given(amounts=AMOUNTS, unit=UNITS)
@settings(max_examples=25, deadline=None)
def test_a_sound_sum_holds(way, amounts, unit):
    parts = list(zip(NAMES, (printed(a, unit) for a in amounts), strict=False))
    made = sums(way(printed(sum(amounts), unit), parts))
    assert [r.verdict for r in made] == [Verdict.BALANCED]
    assert len(made[0].terms) == len(amounts)


@pytest.mark.parametrize("way", {**OPEN, **SHUT}.values(), ids={**OPEN, **SHUT})
@given(amounts=AMOUNTS, unit=UNITS, slip=st.integers(2, 900_000), short=st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_slip_never_holds(way, amounts, unit, slip, short):
    whole = sum(amounts) + (slip if short else -slip)
    # Less than any of its parts no whole is, and what some of the parts make up has another reading.
    assume(whole > max(amounts))
    reach = {0}
    for one in amounts:
        reach |= {r + one for r in reach}
    assume(min(abs(whole - r) for r in reach) > len(amounts))
    parts = list(zip(NAMES, (printed(a, unit) for a in amounts), strict=False))
    made = sums(way(printed(whole, unit), parts))
    wanted = {Verdict.UNBALANCED} if way in SHUT.values() else {Verdict.UNASSESSABLE}
    assert {r.verdict for r in made} <= wanted
    if way in SHUT.values():
        assert made


@given(budget=st.integers(1000, 999_999), rate=st.integers(1, 99), off=st.booleans())
@settings(max_examples=50, deadline=None)
def test_completions_below_a_heading(budget, rate, off):
    """Names stand in headings, figures below; a rate may stand on a separate line."""
    done = budget * rate // 100
    told = f"{100 * done / budget:.2f}"
    wrong = f"{100 * done / budget + 1:.2f}" if off else told
    below = f"（三）会议费\n年初预算为{printed(budget, '万元')}，支出决算为{printed(done, '万元')}，完成年初预算的{wrong}%。"
    apart = f"预算执行情况\n年初预算{printed(budget, '万元')}，实际支出{printed(done, '万元')}。\n执行率{wrong}%。"
    for text in (below, apart):
        found = [r for r in read(lines_of(text), grammar()).relations if str(r.says) == "完成率"]
        assert [r.verdict is Verdict.UNBALANCED for r in found] == [off]


KINDS = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")


@given(amounts=st.lists(st.integers(100, 99_999), min_size=6, max_size=6), slip=st.integers(2, 900))
@settings(max_examples=40, deadline=None)
def test_receipts_that_contradict_their_total(amounts, slip):
    """All kinds of receipts, or some of them that exceed the total: 一般公共预算财政拨款 is one."""
    every = list(zip(("财政拨款收入", *KINDS), amounts, strict=True))
    text = "本年收入合计{}，其中：{}。"
    listed = "，".join(f"{name}{printed(a, '万元')}" for name, a in every)
    right = text.format(printed(sum(amounts), "万元"), listed)
    assert [r.verdict for r in sums(right)] == [Verdict.BALANCED]
    some = (
        f"一般公共预算财政拨款{printed(amounts[0], '万元')}，其他收入{printed(amounts[1], '万元')}"
    )
    whole = max(amounts[0] + amounts[1] - slip, max(amounts[:2]) + 1)
    assume(amounts[0] + amounts[1] - whole > 2)
    wrong = text.format(printed(whole, "万元"), some)
    assert [r.verdict for r in sums(wrong)] == [Verdict.UNBALANCED]
    assert not re.search("无法判断", str(sums(wrong)[0]))
