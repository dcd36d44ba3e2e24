"""What `book.yaml` says beyond weights and grades: what caps a grade, points outside the total, sets of criteria for kinds of unit, rounding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.base.verdict import Verdict
from making import (
    TABLES,
    YEAR,
    book_of,
    by_python,
    by_sql,
    criterion_text,
    quoted,
    submission_of,
)
from test_two_meanings import MANY, book_or_none, conditions, rows, rules

COUNTED = "{kind: per_violation, take: 1}"


def bonus(code="B01", most=3, measure="数.个", more=""):
    """Points for each case, up to so many."""
    method = f"{{kind: bands, bands: [{{when: '>= {most}', points: {most}}}, {{when: '[1, {most})', points: 1}}]}}"
    text = criterion_text(code, method, 0, measure=measure, missing="pending", more=more)
    return text.replace("weight: 0", f"adjust: {{at_most: {most}}}")


def deduction(code="D01", least=-5, measure="sum(明细.金额) / 10000", more=""):
    """A point for each case, down to so many."""
    text = criterion_text(code, COUNTED, 0, measure=measure, missing="pending", more=more)
    return text.replace("weight: 0", f"adjust: {{at_least: {least}}}")


def plain(code="C01", weight=100, more="", missing="pending"):
    """Full marks less what `数.分` says."""
    return criterion_text(code, COUNTED, weight, measure="数.分", missing=missing, more=more)


def judged(rules_given, rows_given, *, head="", total=100, tables=None, policy="full"):
    """The only unit's outcomes and totals, the same from both meanings."""
    book = book_of(rules_given, head=head, total=total, tables=tables, policy=policy)
    submission = submission_of(
        book, [("单位", "U", YEAR, {"单位名称": "U", "类型": "局"}), *rows_given]
    )
    found = by_sql(book, submission)
    scored, _ties, totals = by_python(book, submission, ["U"])["U"]
    assert found.criteria["U"] == scored
    assert found.totals["U"] == totals
    return {o.code: o for o in scored}, totals


def figures(**given_here):
    return ("数", "U", YEAR, given_here)


def cases(amount):
    return ("明细", "U", YEAR, {"项目": "1", "金额": str(amount), "是否": "是"})


RULES = {"c.yaml": plain(), "b.yaml": bonus(), "d.yaml": deduction()}
# Head, figures, what comes of them: base, adjusted, score.
ADJUSTED = {
    "full marks and a bonus": (
        "",
        [figures(分="0", 个="3"), cases(0)],
        ("100.00", "3.00", "103.00"),
    ),
    "a bonus and a deduction": (
        "",
        [figures(分="1", 个="1"), cases(2)],
        ("99.00", "-1.00", "98.00"),
    ),
    "a deduction has its bound": (
        "",
        [figures(分="0", 个="0"), cases(9)],
        ("100.00", "-5.00", "95.00"),
    ),
    "never above what the book says": (
        "adjust: {total_at_most: 100}\n",
        [figures(分="1", 个="3"), cases(0)],
        ("99.00", "3.00", "100.00"),
    ),
    "all bonuses together": (
        "adjust: {at_most: 2}\n",
        [figures(分="0", 个="3"), cases(0)],
        ("100.00", "2.00", "102.00"),
    ),
    "all deductions together": (
        "adjust: {at_least: -3}\n",
        [figures(分="0", 个="0"), cases(5)],
        ("100.00", "-3.00", "97.00"),
    ),
    "never below zero": ("", [figures(分="98", 个="0"), cases(5)], ("2.00", "-5.00", "0.00")),
}


@pytest.mark.parametrize("head, given_rows, expected", ADJUSTED.values(), ids=ADJUSTED)
def test_points_outside_the_total(head, given_rows, expected):
    _outcomes, totals = judged(RULES, given_rows, head=head)
    assert (str(totals.base), str(totals.adjusted), str(totals.score)) == expected
    assert totals.low <= totals.score <= totals.high
    assert sum(totals.grounds.values()) == 100


def test_what_they_are_called():
    found, _totals = judged(RULES, [figures(分="0", 个="1"), cases(2)])
    assert [(o.verdict, str(o.score)) for o in found.values()] == [
        (Verdict.ADDED, "1.00"),
        (Verdict.FULL, "100.00"),
        (Verdict.TAKEN_OFF, "-2.00"),
    ]
    found, _totals = judged(RULES, [figures(分="0", 个="0"), cases(0)])
    assert [found[c].verdict for c in ("B01", "D01")] == [Verdict.UNADJUSTED] * 2


def test_a_missing_deduction_leaves_the_total_open():
    found, totals = judged(
        {"c.yaml": plain(), "d.yaml": deduction(measure="数.个")}, [figures(分="0")]
    )
    assert (found["D01"].score, found["D01"].low, found["D01"].high) == (None, -5, 0)
    assert (totals.low, totals.high) == (95, 100)


def test_a_missing_bonus_leaves_the_total_open():
    found, totals = judged({"c.yaml": plain(), "b.yaml": bonus()}, [figures(分="0")])
    assert (found["B01"].low, found["B01"].high) == (0, 3)
    assert (totals.low, totals.score, totals.high) == (100, 100, 103)


@pytest.mark.parametrize(
    "change, message",
    [
        (("missing: pending", "missing: zero"), "减分的 missing 不能是 zero"),
        (("undefined: pending", "undefined: full"), "undefined 只能是"),
        (("{at_least: -5}", "{at_least: -5, at_most: 3}"), "只写一个"),
        (("{at_least: -5}", "{at_least: 5}"), "小于"),
        (("adjust:", "weight: 3\nadjust:"), "不写 weight"),
        (("adjust: {at_least: -5}", ""), "缺少“weight”"),
    ],
)
def test_what_is_wrong_with_an_adjustment_is_told(change, message):
    with pytest.raises(ExceptionGroup) as group:
        book_of({"c.yaml": plain(), "d.yaml": deduction().replace(*change)})
    assert any(message in str(f) for f in group.value.exceptions), group.value.exceptions


CAPS = """caps:
  - {when: "count(明细.项目) filter (where 明细.是否 = '是') > 0", grade: 良, why: 有通报的问题}
  - {when: "数.个 > 2", grade: 差, why: 数据作假}
"""
NONE_TOLD = ("明细", "U", YEAR, {"项目": "0", "是否": "否"})
CAPPED = {
    "nothing caps": ([figures(分="0", 个="0"), NONE_TOLD], "优", []),
    "one does": ([figures(分="0", 个="0"), cases(1)], "良", [("有通报的问题", True)]),
    "the lower of two": (
        [figures(分="0", 个="3"), cases(1)],
        "差",
        [("有通报的问题", True), ("数据作假", True)],
    ),
    "below it already": (
        [figures(分="50", 个="0"), cases(1)],
        "差",
        [("有通报的问题", True)],
    ),
    "not known": ([figures(分="0"), NONE_TOLD], "待定", [("数据作假", False)]),
    "not known, and too low to matter": (
        [figures(分="70"), NONE_TOLD],
        "差",
        [("数据作假", False)],
    ),
    "a table that was not sent": (
        [figures(分="0", 个="0")],
        "待定",
        [("有通报的问题", False)],
    ),
}


@pytest.mark.parametrize("given_rows, grade, why", CAPPED.values(), ids=CAPPED)
def test_a_cap_on_the_grade(given_rows, grade, why):
    _outcomes, totals = judged({"c.yaml": plain()}, given_rows, head=CAPS)
    assert (totals.grade, [(c.why, c.sure) for c in totals.capped]) == (grade, why)


SETS = "sets: {by: 单位.类型}\n"
OF_SETS = {
    "a.yaml": plain("C01", 40),
    "b.yaml": criterion_text("C02", COUNTED, 60, measure="数.个", more="set: 局"),
    "c.yaml": criterion_text("C03", COUNTED, 50, measure="数.个", more="set: [办, 院]"),
    "d.yaml": criterion_text("C04", COUNTED, 10, measure="数.个", more="set: [办, 院]"),
}
KINDS = TABLES | {
    "units.yaml": TABLES["units.yaml"].replace(
        "{name: 类型, type: text}", "{name: 类型, type: text, one_of: [局, 办, 院]}"
    )
}


@pytest.mark.parametrize("policy", ["full", "exclude"])
def test_each_kind_of_unit_has_its_own_criteria(policy):
    found, totals = judged(
        OF_SETS, [figures(分="1", 个="2")], head=SETS, tables=KINDS, policy=policy
    )
    assert [found[c].verdict for c in ("C02", "C03", "C04")] == [
        Verdict.DEDUCTED,
        Verdict.OTHER_SET,
        Verdict.OTHER_SET,
    ]
    assert (totals.score, totals.low, totals.high, totals.grade) == (97, 97, 97, "优")
    assert sum(totals.grounds.values()) == 100


@pytest.mark.parametrize("policy", ["full", "exclude"])
def test_a_unit_of_no_known_kind_is_open(policy):
    book = book_of(OF_SETS, head=SETS, policy=policy)
    submission = submission_of(
        book,
        [
            ("单位", "U", YEAR, {"单位名称": "U", "类型": "厂"}),
            ("数", "U", YEAR, {"分": "1", "个": "2"}),
        ],
    )
    found = by_sql(book, submission)
    scored, _ties, totals = by_python(book, submission, ["U"])["U"]
    assert (found.criteria["U"], found.totals["U"]) == (scored, totals)
    assert (totals.score, totals.low, totals.high) == (39, 39, 100)
    assert [g.what for g in scored[1].gaps] == ["单位.类型"]
    assert sum(totals.grounds.values()) == 100


SET_FAULTS = {
    "a set that does not add up": (
        {**OF_SETS, "d.yaml": OF_SETS["d.yaml"].replace("weight: 10", "weight: 20")},
        SETS,
        "“办”这一套的各指标权重合计 110",
    ),
    "no sets in the head": (OF_SETS, "", "book.yaml 却没有 sets"),
    "no criterion of a set": ({"a.yaml": plain()}, SETS, "却没有指标写 set"),
    "a word without a set": (
        {k: v.replace("[办, 院]", "[办]") for k, v in OF_SETS.items()},
        SETS,
        "可以是“院”",
    ),
    "not a text": (OF_SETS, "sets: {by: 数.个}\n", "这里要的是一段文字"),
}


@pytest.mark.parametrize("given_rules, head, message", SET_FAULTS.values(), ids=SET_FAULTS)
def test_what_is_wrong_with_sets_is_told(given_rules, head, message):
    with pytest.raises(ExceptionGroup) as group:
        book_of(given_rules, head=head, tables=KINDS)
    assert any(message in str(f) for f in group.value.exceptions), group.value.exceptions


ROUNDED = {
    "0.1": ("89.95", "90.00", "优"),
    "0.1 half_up": ("89.94", "89.90", "良"),
    "0.1 down": ("89.99", "89.90", "良"),
    "1 up": ("89.01", "90.00", "优"),
    "0.5 half_even": ("89.25", "89.00", "良"),
    "1 half_even": ("89.50", "90.00", "优"),
}


@pytest.mark.parametrize("how, case", ROUNDED.items(), ids=ROUNDED)
def test_totals_are_rounded_as_the_book_says(how, case):
    score, expected, grade = case
    left = f"{100 - float(score):.2f}"
    _outcomes, totals = judged({"c.yaml": plain()}, [figures(分=left)], head=f"round: {how}\n")
    assert (str(totals.score), totals.grade) == (expected, grade)


@st.composite
def heads(draw, total):
    """What a book may say of totals."""
    made = ""
    if draw(st.booleans()):
        made += f"round: {draw(st.sampled_from(['0.1', '1 half_even', '0.5 up', '1 down']))}\n"
    if draw(st.booleans()):
        made += f"adjust: {{{draw(st.sampled_from(['at_most: 2', 'at_least: -1, total_at_least: 1', f'total_at_most: {total}']))}}}\n"
    wanted = draw(st.lists(st.tuples(conditions, st.sampled_from(["优", "良", "差"])), max_size=2))
    if wanted:
        lines = (
            f"  - {{when: {quoted(w)}, grade: {g}, why: 因由{i}}}\n"
            for i, (w, g) in enumerate(wanted)
        )
        made += "caps:\n" + "".join(lines)
    return made


@st.composite
def books(draw):
    """Random rules, some of them for some kinds of unit, some outside the total; and a head."""
    texts, total = draw(rules((2, 2, 1)))
    criteria = [name for name in texts if name.startswith("C")]
    if len(criteria) >= 2 and draw(st.booleans()):
        # The first two are of equal weight: one for each kind.
        for name, kind in zip(criteria, ("优", "差"), strict=False):
            texts[name] += f"\nset: {kind}"
        total -= 4
        by = "sets: {by: 数.词}\n"
    else:
        by = ""
    for name in criteria[2:]:
        if draw(st.booleans()) and "missing: zero" not in texts[name]:
            sign = draw(st.sampled_from(["at_most: 4", "at_least: -4"]))
            text = texts[name].replace("weight: 4", f"adjust: {{{sign}}}")
            for policy in ("full", "zero"):
                text = text.replace(f"undefined: {policy}", "undefined: not_applicable")
            texts[name], total = text, total - 4
    if criteria and not total:
        texts["C99.yaml"], total = criterion_text("C99", COUNTED, 4, measure="数.个"), 4
    return texts, total, by + draw(heads(total or 100))


@MANY
@given(st.data(), books(), st.sampled_from(["full", "exclude"]))
def test_sql_and_python_give_the_same_totals(data, made, policy):
    texts, total, head = made
    if not total:
        return
    book = book_or_none(texts, total, policy, head=head)
    units = ["甲单位", "乙单位"]
    submission = submission_of(book, data.draw(rows(units, [c.code for c in book.criteria])))
    found = by_sql(book, submission)
    for unit, (criteria, _ties, totals) in by_python(book, submission, units).items():
        assert found.criteria[unit] == criteria
        assert found.totals[unit] == totals, (texts, head)
        assert totals.low <= totals.score <= totals.high
        for one in criteria:
            assert one.low <= one.high
            assert (
                one.score is None
                or one.verdict is Verdict.NOT_APPLICABLE
                or (one.low <= one.score <= one.high)
            )
