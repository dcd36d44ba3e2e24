"""What lint finds: bands and grades with gaps, overlaps, rows out of reach; tie-outs that contradict or repeat each other; unsettled bases."""

from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.app import load_book
from gouji.base.verdict import Severity
from gouji.expression.nodes import Figure
from gouji.lint import lint
from gouji.lint.algebra import System
from gouji.lint.scales import stretches
from gouji.lint.simplex import Bound, best
from gouji.rules import load_rulebook, load_tables, validate
from gouji.rules.values import Range, range_parts
from making import HEAD, TABLES, book_of, criterion_text, tie_text


def remarks(rules, total=100):
    return [(r.code, r.severity, r.what) for r in lint(book_of(rules, total=total))]


def bands(*rows):
    listed = ", ".join(f'{{when: "{when}", points: {points}}}' for when, points in rows)
    return {
        "c.yaml": criterion_text(
            "C01", f"{{kind: bands, bands: [{listed}]}}", 100, measure="数.率", more="examples: []"
        )
    }


BANDS = {
    "sound": ([("≥ 80%", 100), ("[60%, 80%)", 50), ("< 60%", 0)], []),
    "a gap": (
        [("≥ 80%", 100), ("[60%, 79%)", 50), ("< 60%", 0)],
        [("错误", "[79%, 80%) 不在任何一档")],
    ),
    "a gap of one number": (
        [("> 80%", 100), ("[60%, 80%)", 50), ("< 60%", 0)],
        [("错误", "80% 不在任何一档")],
    ),
    "an overlap": (
        [("≥ 80%", 100), ("[60%, 85%)", 50), ("< 60%", 0)],
        [("错误", "[80%, 85%) 同时在 ≥ 80% 和 [60%, 85%) 两档")],
    ),
    "an overlap of one number": (
        [("≥ 80%", 100), ("[60%, 80%]", 50), ("< 60%", 0)],
        [("错误", "80% 同时在 ≥ 80% 和 [60%, 80%] 两档")],
    ),
    "out of reach": (
        [("≥ 60%", 100), ("[70%, 80%)", 100), ("< 60%", 0)],
        [("错误", "[70%, 80%) 这一档永远轮不到")],
    ),
    "nothing above the best": (
        [("[80%, 100%]", 100), ("[0%, 80%)", 50)],
        [("核实", "高于 100% 不在任何一档，不得分")],
    ),
}


@pytest.mark.parametrize("rows, expected", BANDS.values(), ids=BANDS)
def test_bands(rows, expected):
    found = [
        (severity.value, what)
        for _code, severity, what in remarks(bands(*rows))
        if "样例" not in what
    ]
    assert found == expected


GRADES = {
    "sound": ('[{name: 优, when: "[90, 100]"}, {name: 差, when: "[0, 90)"}]', []),
    "whole numbers only": (
        '[{name: 优, when: "[90, 100]"}, {name: 差, when: "[0, 89]"}]',
        ["(89, 90) 不在任何一档"],
    ),
    "both ends": (
        '[{name: 优, when: "[90, 100]"}, {name: 差, when: "[0, 90]"}]',
        ["90 同时在 [90, 100] 和 [0, 90] 两档"],
    ),
    "nothing for the best": (
        '[{name: 优, when: "[90, 100)"}, {name: 差, when: "[0, 90)"}]',
        ["100 分没有等级"],
    ),
    "one word for two": (
        '[{name: 优, when: "[90, 100]"}, {name: 差, when: "[0, 90)", aliases: [优]}]',
        ["“优”既是一个等级又是另一个的别名"],
    ),
}


@pytest.mark.parametrize("grades, expected", GRADES.values(), ids=GRADES)
def test_grades(grades, expected):
    head = HEAD.format(total=100, policy="full").split("grades:")[0] + f"grades: {grades}\n"
    rule = criterion_text("C01", '{kind: within, full_at: "≥ 1"}', 100, measure="数.率")
    book = validate(load_rulebook({"book.yaml": head, "c.yaml": rule}), load_tables(TABLES))
    assert [r.what for r in lint(book) if r.code == "test"] == expected
    assert all(
        r.severity is Severity.ERROR and r.place.file == "book.yaml"
        for r in lint(book)
        if r.code == "test"
    )


def ties(*checks, **applies):
    return {
        f"t{i}.yaml": tie_text(f"T{i:02}", check, applies=applies.get(f"T{i:02}"))
        for i, check in enumerate(checks, 1)
    }


# checks of T01, T02, … -> what is said about them
ALGEBRA = {
    "independent": (["数.甲 = 数.乙", "数.乙 = 数.丙"], []),
    "implied": (
        ["数.甲 = 数.乙", "数.乙 = 数.丙", "数.甲 = 数.丙"],
        [("T03", "提示", "可由 T01、T02 推出")],
    ),
    "written twice": (
        ["数.甲 = 数.乙 + 数.丙", "数.甲 - 数.丙 = 数.乙"],
        [("T02", "提示", "可由 T01 推出")],
    ),
    "a sum of two": (
        ["数.甲 = 数.乙", "数.丙 = 数.甲", "2 * 数.甲 = 数.乙 + 数.丙"],
        [("T03", "提示", "可由 T01、T02 推出")],
    ),
    "contradictory": (
        ["数.甲 = 数.乙", "数.甲 = 数.乙 + 1"],
        [("T02", "错误", "与 T01 不可能同时成立")],
    ),
    "no whole number between": (
        ["数.个 > 1", "数.个 < 2"],
        [("T02", "错误", "与 T01 不可能同时成立")],
    ),
    "a number between, where it need not be whole": (["数.甲 > 1", "数.甲 < 2"], []),
    "half of a whole number": (["2 * 数.个 = 5"], [("T01", "错误", "永远不可能成立")]),
    "more than one is two or more": (
        ["数.个 > 1", "数.个 >= 2"],
        [("T02", "提示", "可由 T01 推出")],
    ),
    "neither of two": (
        ["数.甲 > 5 or 数.甲 < 2", "数.甲 = 3"],
        [("T01", "错误", "与 T02 不可能同时成立")],
    ),
    "one of two": (["数.甲 > 5 or 数.甲 < 2", "数.甲 = 1"], []),
    "each of two against something else": (
        ["数.甲 > 5 or 数.乙 < 2", "数.甲 <= 3", "数.乙 = 4"],
        [("T01", "错误", "与 T02、T03 不可能同时成立")],
    ),
    "neither by itself": (
        ["(数.甲 > 5 and 数.甲 < 3) or (数.个 > 1 and 数.个 < 2)"],
        [("T01", "错误", "永远不可能成立")],
    ),
    "two choices that leave nothing": (
        ["数.甲 = 1 or 数.甲 = 2", "数.甲 = 3 or 数.甲 = 4"],
        [("T01", "错误", "与 T02 不可能同时成立")],
    ),
    "two choices that leave one": (["数.甲 = 1 or 数.甲 = 2", "数.甲 = 2 or 数.甲 = 4"], []),
    "not both": (
        ["not (数.甲 > 1 and 数.乙 > 1)", "数.甲 = 2", "数.乙 = 2"],
        [("T01", "错误", "与 T02、T03 不可能同时成立")],
    ),
    "one of two words": (
        ["数.词 = '甲' or 数.词 = '乙'", "数.词 = '丙'"],
        [("T01", "错误", "与 T02 不可能同时成立")],
    ),
    "a branch that is not understood": (["数.甲 > 5 or 数.甲 * 数.乙 = 1", "数.甲 = 3"], []),
    "a contradiction is told once": (
        ["数.甲 = 1", "数.甲 = 2", "数.甲 = 3 or 数.甲 = 4"],
        [("T02", "错误", "与 T01 不可能同时成立")],
    ),
    "contradictory through others": (
        ["数.甲 = 数.乙", "数.乙 = 数.丙", "数.丙 = 数.甲 - 5"],
        [("T03", "错误", "与 T01、T02 不可能同时成立")],
    ),
    "always true": (["数.甲 = 数.甲"], [("T01", "核实", "两边恒等，什么都没有检查")]),
    "never true": (["数.甲 = 数.甲 + 1"], [("T01", "错误", "永远不可能成立")]),
    "a weaker inequality": (
        ["数.甲 >= 数.乙 + 2", "数.甲 >= 数.乙"],
        [("T02", "提示", "可由 T01 推出")],
    ),
    "a stronger inequality after it": (
        ["数.甲 >= 数.乙", "数.甲 >= 数.乙 + 2"],
        [("T01", "提示", "可由 T02 推出")],
    ),
    "strictly": (["数.甲 >= 数.乙", "数.甲 > 数.乙"], [("T01", "提示", "可由 T02 推出")]),
    "two inequalities": (
        ["数.甲 >= 数.乙", "数.乙 >= 数.丙", "数.甲 >= 数.丙"],
        [("T03", "提示", "可由 T01、T02 推出")],
    ),
    "two inequalities after it": (
        ["数.甲 >= 数.丙", "数.甲 >= 数.乙", "数.乙 >= 数.丙"],
        [("T01", "提示", "可由 T02、T03 推出")],
    ),
    "a sum of two inequalities": (
        ["数.甲 >= 1", "数.乙 > 2", "数.甲 + 2 * 数.乙 > 5"],
        [("T03", "提示", "可由 T01、T02 推出")],
    ),
    "not quite a sum of them": (["数.甲 >= 1", "数.乙 > 2", "数.甲 + 2 * 数.乙 > 6"], []),
    "a circle": (
        ["数.甲 > 数.乙", "数.乙 >= 数.丙", "数.丙 >= 数.甲"],
        [("T03", "错误", "与 T01、T02 不可能同时成立")],
    ),
    "three against a number": (
        ["数.甲 + 数.乙 <= 10", "数.甲 >= 6", "数.乙 >= 5"],
        [("T03", "错误", "与 T01、T02 不可能同时成立")],
    ),
    "an equation between two inequalities": (
        ["数.甲 >= 数.乙", "数.乙 >= 数.甲", "数.甲 = 数.乙"],
        [("T01", "提示", "可由 T03 推出"), ("T02", "提示", "可由 T03 推出")],
    ),
    "unequal what is equal": (
        ["数.甲 = 数.乙", "数.甲 <> 数.乙"],
        [("T02", "错误", "与 T01 不可能同时成立")],
    ),
    "unequal because greater": (
        ["数.甲 > 数.乙", "数.甲 <> 数.乙"],
        [("T02", "提示", "可由 T01 推出")],
    ),
    "one of fewer words": (
        ["数.词 = '甲'", "数.词 in ('甲', '乙')"],
        [("T02", "提示", "可由 T01 推出")],
    ),
    "two words": (["数.词 = '甲'", "数.词 = '乙'"], [("T02", "错误", "与 T01 不可能同时成立")]),
    "another word": (["数.词 = '甲'", "数.词 <> '乙'"], [("T02", "提示", "可由 T01 推出")]),
    "words by way of another column": (
        ["数.词 = 单位.类型", "单位.类型 = '甲'", "数.词 in ('乙', '丙')"],
        [("T03", "错误", "与 T01、T02 不可能同时成立")],
    ),
    "none of the words left": (
        ["数.词 in ('甲', '乙')", "数.词 <> '甲'", "数.词 <> '乙'"],
        [("T03", "错误", "与 T01、T02 不可能同时成立")],
    ),
    "a part that nobody can read": (
        ["数.甲 = 数.乙 and 数.率 = 数.甲 / 数.丙", "数.甲 = 数.乙 + 1"],
        [("T02", "错误", "与 T01 不可能同时成立")],
    ),
    "excluded": (["数.甲 > 数.乙", "数.乙 >= 数.甲"], [("T02", "错误", "与 T01 不可能同时成立")]),
    "touching": (["数.甲 >= 数.乙", "数.乙 >= 数.甲"], []),
    "an inequality under an equation": (
        ["数.甲 = 数.乙 + 3", "数.甲 >= 数.乙"],
        [("T02", "提示", "可由 T01 推出")],
    ),
    "an inequality against an equation": (
        ["数.甲 = 数.乙 + 3", "数.甲 < 数.乙"],
        [("T02", "错误", "与 T01 不可能同时成立")],
    ),
    "half implied": (["数.甲 = 数.乙", "数.甲 = 数.乙 and 数.乙 = 数.丙"], []),
    "both parts implied": (
        ["数.甲 = 数.乙", "数.乙 = 数.丙", "数.甲 = 数.丙 and 数.甲 = 数.乙"],
        [("T03", "提示", "可由 T01、T02 推出")],
    ),
    "not linear, twice": (
        ["数.率 = 数.甲 / 数.乙", "数.率 = 数.甲 / 数.乙"],
        [("T02", "核实", "与 T01 完全相同")],
    ),
    "not linear": (["数.率 = 数.甲 / 数.乙", "数.率 * 数.乙 = 数.甲"], []),
}


@pytest.mark.parametrize("checks, expected", ALGEBRA.values(), ids=ALGEBRA)
def test_algebra(checks, expected):
    found = [
        (code, severity.value, what)
        for code, severity, what in remarks(ties(*checks))
        if "样例" not in what
    ]
    assert found == expected


def test_preconditions_are_kept_apart():
    checks = ["数.甲 = 数.乙", "数.甲 = 数.乙 + 1", "数.甲 = 数.乙"]
    found = [
        (code, what)
        for code, _s, what in remarks(ties(*checks, T01="数.词 = '甲'", T02="数.词 = '乙'"))
        if "样例" not in what
    ]
    # T03 holds always: it contradicts T02 wherever that applies, and T01 follows from it.
    assert found == [("T02", "与 T03 不可能同时成立"), ("T01", "可由 T03 推出")]


# applies and check of T01, T02, … -> what is said about them
WHERE = {
    "words that exclude each other": (
        [("数.词 = '甲'", "数.甲 = 1"), ("数.词 = '乙'", "数.甲 = 2")],
        [],
    ),
    "amounts that exclude each other": (
        [("数.乙 > 5", "数.甲 = 1"), ("数.乙 < 3", "数.甲 = 2")],
        [],
    ),
    "both may apply": (
        [("数.词 = '甲'", "数.甲 = 1"), ("数.乙 > 5", "数.甲 = 2")],
        [("T02", "核实", "在都适用的单位，与 T01 不可能同时成立")],
    ),
    "one applies wherever the other does": (
        [("数.词 in ('甲', '乙')", "数.甲 = 1"), ("数.词 = '甲'", "数.甲 = 2")],
        [("T02", "错误", "与 T01 不可能同时成立")],
    ),
    "it follows where both apply": (
        [
            ("数.词 in ('甲', '乙')", "数.甲 = 数.丙"),
            ("数.词 = '甲' and 数.乙 > 5", "数.甲 = 数.丙"),
        ],
        [("T02", "提示", "可由 T01 推出")],
    ),
    "it does not follow where one does not": (
        [
            ("数.词 = '甲' and 数.乙 > 5", "数.甲 = 数.丙"),
            ("数.词 in ('甲', '乙')", "数.甲 = 数.丙"),
        ],
        [("T01", "提示", "可由 T02 推出")],
    ),
    "against its own precondition": (
        [("数.甲 > 5", "数.甲 <= 3")],
        [("T01", "错误", "永远不可能成立")],
    ),
    "by its own precondition": (
        [("数.甲 > 5", "数.甲 >= 3")],
        [("T01", "提示", "可由 applies 推出")],
    ),
}


@pytest.mark.parametrize("rules, expected", WHERE.values(), ids=WHERE)
def test_rules_that_do_not_always_apply(rules, expected):
    texts = {
        f"t{i}.yaml": tie_text(f"T{i:02}", check, applies=applies)
        for i, (applies, check) in enumerate(rules, 1)
    }
    assert [
        (code, severity.value, what)
        for code, severity, what in remarks(texts)
        if "样例" not in what
    ] == expected


ROWS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["甲", "乙", "丙"]), st.integers(-3, 3), min_size=1),
        st.integers(-5, 5),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(
    ROWS, st.lists(st.tuples(*[st.fractions(-6, 6, max_denominator=4)] * 3), min_size=8, max_size=8)
)
def test_what_follows_holds_wherever_the_others_do(rows, points):
    """What the programme finds is a sum of multiples of the bounds: at no point where all of them hold may it fail."""
    bounds = [
        Bound(
            {**{Figure("数", k): Fraction(v) for k, v in row.items() if v}, None: Fraction(c)},
            strict,
        )
        for row, c, strict in rows
    ]
    goal, given_bounds = bounds[0], bounds[1:]
    made = best(goal.row, given_bounds)
    for point in points:
        at = {Figure("数", k): v for k, v in zip("甲乙丙", point, strict=True)} | {
            None: Fraction(1)
        }
        values = [sum((v * at[k] for k, v in b.row.items()), Fraction(0)) for b in given_bounds]
        if made is not None and all(
            v > 0 if b.strict else v >= 0 for v, b in zip(values, given_bounds, strict=True)
        ):
            left = sum((v * at[k] for k, v in goal.row.items() if k is not None), made.constant)
            assert left > 0 if made.strict else left >= 0


WHOLE = {
    "a count": ("数.个", ["= 1", "= 2", "≥ 3"], []),
    "a number of rows": ("count(明细.金额)", ["= 0", "[1, 3]", "≥ 4"], []),
    "a sum of counts": ("数.个 + 2", ["= 1", "= 2", "≥ 3"], []),
    "a count that is left out": ("数.个", ["= 1", "≥ 3"], ["(1, 3) 不在任何一档"]),
    "a band without a whole number": (
        "数.个",
        ["= 1", "(1, 2)", "≥ 2"],
        ["(1, 2) 这一档永远轮不到"],
    ),
    "no count": ("数.分", ["= 1", "≥ 2"], ["(1, 2) 不在任何一档"]),
    "a quotient of counts": ("数.个 / 2", ["= 1", "≥ 2"], ["(1, 2) 不在任何一档"]),
}


@pytest.mark.parametrize("measure, whens, expected", WHOLE.values(), ids=WHOLE)
def test_bands_of_whole_numbers(measure, whens, expected):
    listed = ", ".join(
        f'{{when: "{when}", points: {points}}}'
        for points, when in zip((100, 50, 20), whens, strict=False)
    )
    rule = criterion_text(
        "C01", f"{{kind: bands, bands: [{listed}]}}", 100, measure=measure, more="examples: []"
    )
    assert [
        what for _c, severity, what in remarks({"c.yaml": rule}) if severity is Severity.ERROR
    ] == expected


def test_a_rule_that_no_plan_can_hold_is_an_error():
    """lint says what `gouji rules test` and `gouji audit` would refuse."""
    product = " * ".join(["数.甲"] * 4)
    found = [
        (r.code, r.severity, r.what, r.place.file)
        for r in lint(book_of(ties(f"数.乙 = {product}", "数.乙 >= 0")))
        if "38" in r.what
    ]
    assert found == [("T01", Severity.ERROR, "公式的中间结果可能超过 38 位数字", "t1.yaml")]


UNKNOWN = {
    "of the method": (
        '{kind: bands, bandss: [{when: "≥ 1", points: 1}]}',
        "没有“bandss”这个键",
        "bands",
    ),
    "of a band": (
        '{kind: bands, bands: [{when: "≥ 1", points: 1, pints: 2}]}',
        "没有“pints”这个键",
        "points",
    ),
    "of another method": ('{kind: within, full: "≥ 1"}', "没有“full”这个键", "full_at"),
}


@pytest.mark.parametrize("method, what, meant", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_key_has_its_own_line_and_its_own_keys(method, what, meant):
    rule = criterion_text("C01", method, 1, measure="数.率").replace(
        "{kind: bands, ", "{kind: bands,\n  "
    )
    with pytest.raises(ExceptionGroup) as caught:
        book_of({"c.yaml": rule}, total=1)
    (fault,) = [f for f in caught.value.exceptions if what in str(f)]
    assert fault.place.line == rule[: rule.index(what.split("“")[1].split("”")[0])].count("\n") + 1
    assert meant in fault.fix and "when" not in fault.fix.replace(meant, "")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.integers(-3, 3).map(Fraction)),
        min_size=1,
        max_size=6,
    )
)
def test_elimination_spans_what_it_was_given(rows):
    """Every row that went in reduces to nothing afterwards, and no more rows are kept than there are figures."""
    system = System()
    rows = [{k: v for k, v in row.items() if v} for row in rows]
    for i, row in enumerate(rows):
        left, used = system.reduce(row)
        if left:
            system.add(left, str(i), used)
    assert all(system.reduce(row)[0] == {} for row in rows)
    assert len(system.rows) <= 4


@given(
    st.lists(
        st.sampled_from(["≥ 1", "< 1", "[1, 2)", "(1, 2]", "= 1", "(, 0]", "> 2"]),
        min_size=1,
        max_size=4,
    )
)
def test_stretches_cover_the_line_once(texts):
    rows = [Range(**range_parts(t)) for t in texts]
    found = list(stretches(rows))
    assert found[0].low is None and found[-1].high is None
    assert all(a.high == b.low for a, b in pairwise(found))
    assert len({s.inner for s in found}) == len(found)


SCORING = {
    "one step takes all": (
        '{kind: steps, full_at: "≥ 95%", per: 1%, percent_is: point, take: 100, reading: whole}',
        "差一步就扣完",
    ),
    "never used up": (
        '{kind: steps, full_at: "≥ 95%", per: 10%, percent_is: point, take: 1, reading: whole}',
        "实测值降到 0 也只扣 9.5 分，扣不完 100 分",
    ),
    "a reading without basis": (
        '{kind: steps, full_at: "≥ 95%", per: 1%, percent_is: point, take: 2, reading: whole}',
        "没说明不足一步怎么算的依据",
    ),
    "one case takes all": ("{kind: per_violation, take: 100}", "一例就扣完"),
}


@pytest.mark.parametrize("method, expected", SCORING.values(), ids=SCORING)
def test_scoring(method, expected):
    assert expected in [
        what
        for _c, _s, what in remarks({"c.yaml": criterion_text("C01", method, 100, measure="数.率")})
    ]


def test_full_marks_for_no_value_need_a_basis():
    rule = criterion_text(
        "C01", '{kind: within, full_at: "≥ 1"}', 100, measure="数.甲 / 数.乙", undefined="full"
    )
    assert ("C01", Severity.VERIFY, "分母为零得满分，却没有写依据") in remarks({"c.yaml": rule})


def test_ignored_points_and_thin_examples():
    rule = criterion_text(
        "C01", "{kind: checklist, mode: all_or_nothing, items: [{item: 一, points: 100}]}", 100
    )
    assert [what for _c, _s, what in remarks({"c.yaml": rule})] == [
        "all_or_nothing 不看要点分值，这里却写了",
        "样例里没有合格、不合格、缺数据的情形",
    ]


@pytest.fixture(scope="module")
def anning():
    book = load_book("anning-2023")
    return book, lint(book)


def test_every_unsettled_basis_of_the_real_book_is_reported(anning):
    book, found = anning
    said = {(r.code, r.place.line) for r in found}
    for rule in book.rules:
        basis = rule.rule.basis
        if basis.status != "printed":
            assert (rule.code, book.source.place(rule.code, "basis", "status").line) in said
        for key, value in basis.values.items():
            if value.status != "printed":
                assert (
                    rule.code,
                    book.source.place(rule.code, "basis", "values", key).line,
                ) in said


def test_the_real_book_has_no_errors_and_names_that_differ_are_reported(anning):
    _book, found = anning
    assert [r for r in found if r.severity is Severity.ERROR] == []
    # domain: rows 12, 13, 17, 18 of the table explain one quantity and calculate another.
    assert {"C12", "C13", "C17", "C18"} <= {r.code for r in found if "不是同一个量" in r.what}


SIDES = st.tuples(
    st.sampled_from(["数.个", "数.甲"]),
    st.sampled_from(["=", "<>", "<", "<=", ">", ">="]),
    st.integers(-4, 4),
)
EITHERS = st.lists(
    st.lists(st.lists(SIDES, min_size=1, max_size=2), min_size=1, max_size=3),
    min_size=1,
    max_size=4,
)
MEETS = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def some_number(rules):
    """Whether some number of `数.个` (whole) and some of `数.甲` satisfy every rule: what is asked of one says nothing of the other."""
    fine = [Fraction(n, 4) for n in range(-24, 25)]
    points = product([n for n in fine if n.denominator == 1], fine)
    return any(
        all(
            any(all(MEETS[op]((a, b)[name == "数.甲"], c) for name, op, c in one) for one in rule)
            for rule in rules
        )
        for a, b in points
    )


@settings(max_examples=120, deadline=None)
@given(EITHERS)
def test_choices_that_leave_nothing_are_those_that_no_number_satisfies(rules):
    checks = [
        " or ".join("(" + " and ".join(f"{n} {op} {c}" for n, op, c in one) + ")" for one in rule)
        for rule in rules
    ]
    told = [r for r in remarks(ties(*checks)) if "不可能" in r[2]]
    assert bool(told) is not some_number(rules)


def test_what_is_not_tried_is_told():
    checks = [" or ".join(f"数.甲 = {n}" for n in (1, 10 * k, 20 * k, 30 * k)) for k in range(1, 6)]
    found = {code: what for code, _s, what in remarks(ties(*checks)) if "太多" in what}
    assert set(found.values()) == {"“或”太多，只核对了与 2 条是否矛盾"}
