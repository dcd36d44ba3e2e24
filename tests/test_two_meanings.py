"""What a rule means is written twice, in Python and in SQL: random rules over random figures must give the same outcomes, whole."""

import os
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gouji.base.verdict import Ground
from making import (
    TABLES,
    YEAR,
    book_of,
    by_python,
    by_sql,
    criterion_text,
    quoted,
    submission_of,
    tie_text,
)

# A night's run may ask for more.
EXAMPLES = int(os.environ.get("GOUJI_EXAMPLES", "120"))
MANY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

# Few figures besides many: where two of them are alike, or zero, is where meanings part.
FEW = st.sampled_from(["0.00", "1.00", "-1.00"])
money = st.one_of(FEW, st.integers(-2_000, 200_000).map(lambda n: f"{Decimal(n) / 100:.2f}"))
percents = st.one_of(
    FEW.map("{}%".format), st.integers(-5_000, 15_000).map(lambda n: f"{Decimal(n) / 100:.2f}%")
)
numbers = st.sampled_from(["0", "1", "2", "0.5", "3", "10%", "95%", "0.01"])
leaves = st.sampled_from(
    [
        "数.甲",
        "数.乙",
        "数.丙",
        "数.率",
        "数.个",
        "数.分",
        "上年(数.甲)",
        "上年(数.率)",
        "sum(明细.金额)",
        "sum(明细.金额) filter (where 明细.是否 = '是')",
        "count(明细.金额)",
        "count(明细.项目) filter (where 明细.金额 > 5)",
        "min(明细.金额)",
        "max(明细.金额)",
        "sum(明细.金额 * 2 - 明细.金额)",
        "sum(case when 明细.是否 = '是' then 明细.金额 else 0 end)",
        "sum(round(5 * 明细.金额 / (明细.金额 + 3), 2))",
        "sum(min(明细.金额, floor(明细.金额 / 3)) + 1) filter (where 明细.是否 = '是')",
        "max(abs(明细.金额 - 7.5))",
        "min(case when 明细.金额 > 5 then ceil(明细.金额) end)",
        "count(case when 1 / 明细.金额 < 2 then 明细.金额 end)",
        "round(数.甲 / 数.乙, 2)",
        "floor(数.甲 * 10%)",
        "ceil(数.率 * 3)",
    ]
)
choices = st.sampled_from(
    [
        "数.词 = '优'",
        "数.词 in ('优', '差')",
        "数.甲 is null",
        "数.率 > 50% or 数.个 = 3",
        "数.甲 >= 数.乙 and 数.词 is not null",
        "not (数.甲 <> 数.乙)",
    ]
)
expressions = st.recursive(
    st.one_of(leaves, leaves, numbers),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(leaves, st.sampled_from("+-/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda e: f"abs({e})"),
        inner.map(lambda e: f"(- {e})"),
        st.tuples(st.sampled_from(["min", "max", "coalesce"]), inner, inner).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
        st.tuples(inner, st.sampled_from(["<", ">=", "="]), inner, inner, inner).map(
            lambda t: f"case when {t[0]} {t[1]} {t[2]} then {t[3]} else {t[4]} end"
        ),
        st.tuples(
            choices, inner, choices, inner, st.sampled_from(["", "else 0", "else 数.甲"])
        ).map(lambda t: f"case when {t[0]} then {t[1]} when {t[2]} then {t[3]} {t[4]} end"),
    ),
    max_leaves=4,
)
comparisons = st.tuples(
    expressions, st.sampled_from(["=", "=", "<>", "<", "<=", ">", ">="]), expressions
).map(" ".join)
others = st.sampled_from(
    [
        "数.词 = '优'",
        "数.词 <> '优秀'",
        "数.词 in ('优', '差')",
        "数.甲 is null",
        "数.词 is not null",
        "等级(数.分) = 数.词",
        "数.率 between 10% and 95%",
    ]
)
conditions = st.recursive(
    st.one_of(comparisons, comparisons, others),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        inner.map(lambda c: f"(not {c})"),
    ),
    max_leaves=3,
)
takes = st.sampled_from(
    ["take: 0.2", "take: 0.5", "take: 1", "take_share: 5%", "take_share: 12.5%"]
)
readings = st.sampled_from(["whole", "begun", "prorata"])
kinds = st.sampled_from(["point", "relative"])
methods = st.one_of(
    st.sampled_from(['"≥ 95%"', '"[95%, 105%]"', '"= 0"', '"< 50%"', '"(0, 10)"']).map(
        lambda r: f"{{kind: within, full_at: {r}}}"
    ),
    st.tuples(
        st.sampled_from(['"≥ 95%"', '"≤ 100%"', '"≤ 10%"', '"> 0"', '"≤ 0"']),
        st.sampled_from(["1%", "5%", "10%"]),
        kinds,
        takes,
        readings,
    )
    .filter(lambda t: not (t[2] == "relative" and t[0] in ('"> 0"', '"≤ 0"')))
    .map(
        lambda t: (
            f"{{kind: steps, full_at: {t[0]}, per: {t[1]}, percent_is: {t[2]}, {t[3]}, reading: {t[4]}}}"
        )
    ),
    st.tuples(
        st.sampled_from(['"= 100%"', '"[95%, 105%]"', '"(90%, 110%)"']),
        st.sampled_from(["10%", "3%"]),
        kinds,
        takes,
        readings,
    ).map(
        lambda t: (
            f"{{kind: two_sided_steps, full_at: {t[0]}, per: {t[1]}, percent_is: {t[2]}, {t[3]}, reading: {t[4]}}}"
        )
    ),
    st.just(
        '{kind: bands, bands: [{when: "≥ 95%", points: 4}, {when: "[85%, 95%)", points: 3}, {when: "[75%, 85%)", points: 1.5}, {when: "< 75%", points: 0}]}'
    ),
    st.just(
        '{kind: bands, bands: [{when: "= 0", points: 4}, {when: "(0, 10%]", points: 3}, {when: "(10%, 20%]", points: 2}]}'
    ),
    st.sampled_from(["110", "1", "0.95", "3"]).map(
        lambda n: f"{{kind: proportional, full_at: {n}}}"
    ),
    st.sampled_from(["1", "0.25"]).map(lambda n: f"{{kind: per_violation, take: {n}}}"),
    st.sampled_from(["110", "1", "0.95", "3"]).map(lambda n: f"{{kind: inverse, full_at: {n}}}"),
    st.sampled_from(
        [
            "none_at: 30, full_at: 15",
            "none_at: 60%, full_at: 95%",
            "none_at: 100%, full_at: 0, none_points: 1.33",
            "none_at: -1, full_at: 2, none_points: 0.5",
        ]
    ).map(lambda ends: f"{{kind: between, {ends}}}"),
)
marks = st.sampled_from([*({"评分": mark} for mark in ("0", "1.25", "3.33", "4", "4.01")), {}])
by_person = st.sampled_from(
    [
        "{kind: checklist, mode: additive, items: [{item: 一, points: 1}, {item: 二, points: 1.5}, {item: 三, points: 1.5}]}",
        "{kind: checklist, mode: all_or_nothing, items: [{item: 一}, {item: 二}]}",
        "{kind: judged, by: mean, reviewers: 2}",
        "{kind: judged, by: trimmed_mean, reviewers: 3}",
    ]
)


@st.composite
def part(draw, points, items):
    """A part of so many points, by figures or by the next items."""
    applies = draw(st.one_of(st.just(""), choices.map(lambda c: f"applies: {quoted(c)}, ")))
    method = draw(
        st.sampled_from(
            [
                '{kind: steps, full_at: "≥ 95%", per: 5%, percent_is: point, take: 0.3, reading: prorata}',
                "{kind: per_violation, take: 0.5}",
                '{kind: within, full_at: "≤ 100%"}',
                "{kind: proportional, full_at: 3}",
                "{kind: inverse, full_at: 0.95}",
                "additive",
                "all_or_nothing",
            ]
        )
    )
    measure = ""
    if method in ("additive", "all_or_nothing"):
        item = items.pop()
        worth = f", points: {points}" if method == "additive" else ""
        method = f"{{kind: checklist, mode: {method}, items: [{{item: {item}{worth}}}]}}"
    else:
        measure = f"measure: {quoted(draw(expressions))}, "
    return f"{{name: 部分, points: {points}, {measure}{applies}method: {method}}}"


@st.composite
def composed(draw):
    """A method of several parts, or of several deductions, for a weight of 4."""
    items = list("三二一")
    if draw(st.booleans()):
        made = []
        for _ in range(draw(st.integers(1, 3))):
            take = draw(st.sampled_from(["0.5", "1", "3"]))
            if draw(st.booleans()):
                made.append(f"{{item: {items.pop()}, take: {take}}}")
            else:
                most = draw(st.sampled_from(["", ", at_most: 2"]))
                made.append(f"{{measure: {quoted(draw(expressions))}, take: {take}{most}}}")
        return f"{{kind: deductions, occasions: [{', '.join(made)}]}}"
    of = draw(st.sampled_from(["sum", "best", "worst"]))
    worth = draw(
        st.sampled_from([(4,), (1, 3), ("1.5", 1, "1.5")])
        if of == "sum"
        else st.sampled_from([(4,), (4, 2), (4, 4)])
    )
    made = [draw(part(points, items)) for points in worth]
    gate = f", gate: [{items.pop()}]" if items and draw(st.booleans()) else ""
    return f"{{kind: parts, of: {of}, parts: [{', '.join(made)}]{gate}}}"


WORDS = "{kind: words, words: {充分: 4, 一般: 1.5, 没有: 0}}"
policies = st.tuples(
    st.sampled_from(["zero", "pending", "as_reported"]),
    st.sampled_from(["full", "zero", "not_applicable", "pending"]),
)


@st.composite
def rules(draw, sizes=(2, 2, 2)):
    """Texts of some criteria of weight 4 and some tie-outs."""
    texts, number = {}, count(1)
    for _ in range(draw(st.integers(0, sizes[0]))):
        code, (missing, undefined) = f"C{next(number):02}", draw(policies)
        applies = draw(st.one_of(st.none(), conditions))
        texts[f"{code}.yaml"] = criterion_text(
            code,
            draw(methods),
            4,
            measure=draw(expressions),
            applies=applies,
            missing=missing,
            undefined=undefined,
        )
    if sizes[0] and draw(st.booleans()):
        code, (missing, undefined) = f"C{next(number):02}", draw(policies)
        texts[f"{code}.yaml"] = criterion_text(
            code,
            WORDS,
            4,
            measure=draw(st.sampled_from(["数.档", "上年(数.档)"])),
            missing=missing,
            undefined=undefined,
        )
    for _ in range(draw(st.integers(0, 1 if sizes[0] else 0))):
        code = f"C{next(number):02}"
        applies = draw(st.one_of(st.none(), conditions))
        texts[f"{code}.yaml"] = criterion_text(
            code, draw(composed()), 4, applies=applies, missing=draw(policies)[0]
        )
    for _ in range(draw(st.integers(0, sizes[1]))):
        code = f"C{next(number):02}"
        texts[f"{code}.yaml"] = criterion_text(code, draw(by_person), 4, missing=draw(policies)[0])
    criteria = len(texts)
    for _ in range(draw(st.integers(0 if criteria else 1, sizes[2]))):
        code = f"T{next(number):02}"
        tolerance = draw(st.sampled_from(["", "", "tolerance: {amount: 100, why: 约定}"]))
        check = draw(comparisons if tolerance else conditions)
        degree = draw(st.sampled_from(["错误", "核实", "提示"]))
        texts[f"{code}.yaml"] = tie_text(
            code,
            check,
            applies=draw(st.one_of(st.none(), conditions)),
            severity=degree,
            more=tolerance,
        )
    return texts, 4 * criteria


@st.composite
def rows(draw, units, codes):
    """Figures of some units in two years; any of them may be missing."""
    found = []
    for unit in units:
        found.append(("单位", unit, YEAR, {"单位名称": unit}))
        for year in (YEAR, YEAR - 1):
            columns = {
                "甲": money,
                "乙": money,
                "丙": money,
                "率": percents,
                "个": st.integers(0, 30).map(str),
                "分": st.integers(0, 20).map(lambda n: str(n * 5)),
                "词": st.sampled_from(["优", "优秀", "差", "无此词"]),
                "档": st.sampled_from(["充分", "一般", "没有"]),
            }
            given_here = draw(st.fixed_dictionaries({}, optional=columns))
            if given_here or draw(st.booleans()):
                found.append(("数", unit, year, given_here))
            for i in range(draw(st.integers(0, 3))):
                detail = draw(
                    st.fixed_dictionaries(
                        {}, optional={"金额": money, "是否": st.sampled_from(["是", "否"])}
                    )
                )
                found.append(("明细", unit, year, {"项目": str(i), **detail}))
        for code in codes:
            if draw(st.booleans()):
                found.append(
                    (
                        "自评得分",
                        unit,
                        YEAR,
                        {"指标代码": code, "得分": draw(st.sampled_from(["0", "2.5", "4", "5"]))},
                    )
                )
            for item in draw(st.sets(st.sampled_from("一二三"))):
                found.append(
                    (
                        "要点核对",
                        unit,
                        YEAR,
                        {
                            "指标代码": code,
                            "要点": item,
                            "结果": draw(st.sampled_from(["具备", "不具备"])),
                        },
                    )
                )
            for reviewer in range(draw(st.integers(0, 4))):
                found.append(
                    (
                        "评审打分",
                        unit,
                        YEAR,
                        {"指标代码": code, "评审人": str(reviewer), **draw(marks)},
                    )
                )
    return found


@MANY
@given(
    st.data(), rules(), st.sampled_from(["full", "exclude"]), st.sampled_from(["printed", "range"])
)
def test_sql_and_python_give_the_same_outcomes(data, made, policy, limit):
    texts, total = made
    book = book_or_none(texts, total or 100, policy, limit)
    units = ["甲单位", "乙单位", "丙单位"]
    submission = submission_of(book, data.draw(rows(units, [c.code for c in book.criteria])))
    found = by_sql(book, submission)
    assert set(found.units) == set(units)
    for unit, (criteria, ties, totals) in by_python(book, submission, units).items():
        for one, other in zip(
            (*found.criteria[unit], *found.tie_outs[unit]), (*criteria, *ties), strict=True
        ):
            assert one == other, (texts[f"{one.code}.yaml"], submission.rows)
        if totals is not None:
            assert found.totals[unit] == totals
            assert totals.low <= totals.high
            assert all(o.low == 0 and o.high == 4 for o in criteria if o.ground is Ground.CONTESTED)


def book_or_none(texts, total, policy, limit="printed", head=""):
    """The book, unless one of its expressions divides by a written zero or could exceed 38 digits, which it says itself."""
    from gouji.plan import compile_book

    try:
        book = book_of(texts, total=total, policy=policy, limit=limit, head=head)
        compile_book(book, book.tables)
    except ExceptionGroup as group:
        assume(not all("除以了 0" in str(f) or "38 位" in str(f) for f in group.exceptions))
        raise
    return book


AREA = {
    **TABLES,
    "numbers.yaml": TABLES["numbers.yaml"]
    + "  - {name: 面积, type: number, unit: 万平方米, places: 2}\n",
}
# The greatest figures that intake takes: none may be too large for the arithmetic of the plan.
GREATEST = {
    "money": ("数.甲", {"甲": "999999999.99"}),
    "money in 元": ("数.丙", {"丙": "9999999999999.99"}),
    "shares": ("数.率", {"率": "99999999.9999%"}),
    "areas": ("数.面积", {"面积": "99999999.99999999"}),
    "counts": ("数.个", {"个": "999999999999"}),
    "scores": ("数.分", {"分": "9999.99"}),
    "negative areas": ("数.面积", {"面积": "-99999999.99"}),
}


@pytest.mark.parametrize("leaf, figures", GREATEST.values(), ids=GREATEST)
def test_the_greatest_figures_fit(leaf, figures):
    rules = {
        "t.yaml": tie_text("T01", f"{leaf} = {leaf} * 2 - {leaf}"),
        "u.yaml": tie_text("T02", f"{leaf} > 5"),
        "v.yaml": tie_text("T03", f"{leaf} + 1 <= 上年({leaf})"),
    }
    book = book_of(rules, tables=AREA)
    submission = submission_of(
        book,
        [("单位", "甲", YEAR, {}), ("数", "甲", YEAR, figures), ("数", "甲", YEAR - 1, figures)],
    )
    assert list(by_sql(book, submission).tie_outs["甲"]) == list(
        by_python(book, submission, ["甲"])["甲"][1]
    )


@settings(MANY, max_examples=25)
@given(
    st.lists(
        st.tuples(
            *[
                st.sampled_from(
                    [
                        "0.00",
                        "0.01",
                        "1.00",
                        "-1.00",
                        "99999999.99",
                        "33333333.33",
                        "-0.05",
                        "1.2345",
                    ]
                )
            ]
            * 2,
            st.sampled_from(["0.00", "100.00", "12.5", "-3.00", "99.99"]),
            st.sampled_from(["0.00", "999999.99", "33.33", "-99999999.99"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_a_share_times_a_weight_fits(drawn):
    """`weight × min(actual ÷ target, 1)` over numbers of any size: compared by whole parts and what is left over, no product is too large."""
    columns = "".join(
        f"  - {{name: {name}, type: {kind}}}\n"
        for name, kind in (
            ("目标", "number, places: 2"),
            ("实际", "number, places: 2"),
            ("权重", "percent, places: 2"),
            ("得", "percent, places: 2"),
        )
    )
    tables = {**TABLES, "numbers.yaml": TABLES["numbers.yaml"] + columns}
    checks = (
        "数.得 = 数.权重 * min(数.实际 / 数.目标, 1)",
        "数.得 >= 数.权重 * max(数.目标 / 数.实际, 1)",
        "数.实际 / 数.目标 <= 数.目标 / 数.实际",
        "min(数.实际 / 数.目标, 数.目标 / 数.实际) <= 1",
    )
    book = book_of(
        {f"t{i}.yaml": tie_text(f"T{i:02}", check) for i, check in enumerate(checks, 1)},
        tables=tables,
    )
    units = [f"U{i}" for i in range(len(drawn))]
    figures = [
        ("数", unit, YEAR, {"实际": a, "目标": b, "权重": f"{w}%", "得": f"{d}%"})
        for unit, (a, b, w, d) in zip(units, drawn, strict=True)
    ]
    submission = submission_of(book, [*(("单位", unit, YEAR, {}) for unit in units), *figures])
    found = by_sql(book, submission)
    for unit, (_criteria, ties, _totals) in by_python(book, submission, units).items():
        assert list(found.tie_outs[unit]) == list(ties), drawn
