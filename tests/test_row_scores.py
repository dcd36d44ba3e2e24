"""Rows that units wrote themselves, each scored in its own way: worked by hand, by fractions, in Python and in SQL; and what such a rule must say."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.base.faults import RuleError
from gouji.explain.row_words import row_words
from gouji.intake import unit_figures
from gouji.reference.row_rule_outcomes import table_rule
from gouji.report.unit.scored_rows import row_lines, rows_scored
from making import BASIS, TABLES, YEAR, book_of, by_python, by_sql, criterion_text, submission_of

ROWS = """
table: 绩效
grain: many
key: [单位代码, 年度, 指标]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 指标, type: text, null: never}
  - {name: 性质, type: text}
  - {name: 目标, type: number, places: 2}
  - {name: 完成, type: number, places: 2}
  - {name: 情况, type: text}
  - {name: 分值, type: score}
  - {name: 得分, type: score}
  - {name: 预算数, type: money, unit: 万元, places: 2}
  - {name: 原因, type: text}
"""
MADE = {**TABLES, "rows.yaml": ROWS}
BY = """by: [
  {where: "性质 in ('≥', '=')", method: {kind: proportional, full_at: 100%}},
  {where: "性质 = '≤'", method: {kind: inverse, full_at: 100%}},
  {where: "性质 = '定性'", measure: 情况, method: {kind: words, words: {达成: "[80%, 100%]", 部分达成: "[60%, 80%)", 未达成: "[0, 60%)", 已完成: "= 100%"}}}]"""
METHOD = f"""{{kind: rows, table: 绩效, points: 分值, measure: 完成 / 目标, stated: 得分,
  over: {{above: 130%, take: 20%, unless: 原因 is not null}}, {BY}}}"""


def line(name, sign, target, done, points="10", **more):
    given = {"指标": name, "性质": sign, "目标": target, "完成": done, "分值": points, **more}
    return ("绩效", "甲", YEAR, {k: v for k, v in given.items() if v is not None})


def book(method=METHOD, weight=90, **more):
    text = criterion_text("C01", " ".join(method.split()), weight, missing="pending")
    return book_of({"c.yaml": text, **more}, total=weight, tables=MADE)


def judged(of, rows):
    submission = submission_of(of, [("单位", "甲", YEAR, {}), *rows])
    one = by_sql(of, submission).criteria["甲"][0]
    assert by_python(of, submission, ["甲"])["甲"][0][0] == one
    return one, submission


CASES = {
    "met exactly": ([line("a", "≥", "95", "95")], "10.00", "10.00", "10.00"),
    "missed": ([line("a", "≥", "95.00", "90.00")], "9.47", "9.47", "9.47"),
    "more than the target": ([line("a", "≥", "95.00", "98.00")], "10.00", "10.00", "10.00"),
    "far more, without a reason": ([line("a", "≥", "50.00", "90.00")], "8.00", "8.00", "8.00"),
    "far more, with a reason": (
        [line("a", "≥", "50.00", "90.00", 原因="政策调整")],
        "10.00",
        "10.00",
        "10.00",
    ),
    "exactly 130 %": ([line("a", "=", "50.00", "65.00")], "10.00", "10.00", "10.00"),
    "less is better, met": ([line("a", "≤", "30.00", "28.00")], "10.00", "10.00", "10.00"),
    "less is better, missed": ([line("a", "≤", "30.00", "40.00")], "7.50", "7.50", "7.50"),
    "at most none, none": ([line("a", "≤", "0.00", "0.00")], "10.00", "10.00", "10.00"),
    "at most none, one": ([line("a", "≤", "0.00", "1.00")], "0.00", None, None),
    "nothing done": ([line("a", "≥", "5.00", "0.00")], "0.00", None, None),
    "less than nothing": ([line("a", "≥", "5.00", "-1.00")], "0.00", "0.00", "0.00"),
    "measured against less than nothing": ([line("a", "≤", "-5.00", "-7.00")], None, None, None),
    "a word for all": (
        [line("a", "定性", None, None, 情况="已完成")],
        "10.00",
        "10.00",
        "10.00",
    ),
    "a word within its range": (
        [line("a", "定性", None, None, 情况="部分达成", 得分="7")],
        "7.00",
        "7.00",
        "7.00",
    ),
    "a word with more than it allows": (
        [line("a", "定性", None, None, 情况="部分达成", 得分="10")],
        "8.00",
        "8.00",
        "8.00",
    ),
    "a word with less than it allows": (
        [line("a", "定性", None, None, 情况="达成", 得分="5")],
        "8.00",
        "8.00",
        "8.00",
    ),
    "a word that nobody knows": (
        [line("a", "定性", None, None, 情况="还行", 得分="5")],
        None,
        None,
        None,
    ),
    "a word without a mark": ([line("a", "定性", None, None, 情况="达成")], None, None, None),
    "a sign that is missing": ([line("a", None, "5.00", "5.00")], None, None, None),
    "a figure that is missing": (
        [line("a", "≥", "5.00", "5.00"), line("b", "≥", "5.00", None)],
        None,
        None,
        None,
    ),
    "30 points, 97 of 100": ([line("a", "≥", "100.00", "97.00", "30")], "29.10", "29.10", "29.10"),
    "many": (
        [
            line("a", "≥", "95", "90", "20"),
            line("b", "≤", "30.00", "40.00", "30"),
            line("c", "定性", None, None, "40", 情况="达成", 得分="36"),
        ],
        "77.45",
        None,
        None,
    ),
    "more than the weight": (
        [line("a", "≥", "1", "1", "60"), line("b", "≥", "1", "1", "60")],
        "90.00",
        "90.00",
        "90.00",
    ),
    "no row": ([], None, None, None),
}


@pytest.mark.parametrize("rows, score, low, high", CASES.values(), ids=CASES)
def test_by_hand(rows, score, low, high):
    one, _ = judged(book(), rows)
    assert (None if one.score is None else str(one.score)) == score
    for end, wanted in ((one.low, low), (one.high, high)):
        assert wanted is None or str(end) == wanted


def total(kind):
    return METHOD.replace("points: 分值", f"total: {kind}, points: 分值")


TOTALS = {
    "mean": (total("mean"), "8.75"),
    "share": (total("share"), "52.50"),
    "weighted": (total("weighted, weighted_by: 预算数"), "9.38"),
    "sum of some": (METHOD.replace("points: 分值", "where: 完成 > 29, points: 分值"), "7.50"),
    "steps": (
        METHOD.replace(
            "{kind: inverse, full_at: 100%}",
            '{kind: steps, full_at: "≤ 100%", per: 10%, percent_is: point, take_share: 20%, reading: whole}',
        ),
        "14.00",
    ),
    "within": (
        METHOD.replace("kind: inverse, full_at: 100%", 'kind: within, full_at: "≤ 100%"'),
        "10.00",
    ),
}


@pytest.mark.parametrize("method, score", TOTALS.values(), ids=TOTALS)
def test_totals(method, score):
    weight = 60
    rows = [
        line("a", "≥", "20.00", "20.00", 预算数="300.00"),
        line("b", "≤", "30.00", "40.00", 预算数="100.00"),
    ]
    one, _ = judged(book(method, weight), rows)
    assert str(one.score) == score


def half_up(x):
    return Fraction(floor(x * 100 + Fraction(1, 2)), 100)


def earned(sign, target, done, points, reason):
    """What a row earns, as a clerk would work it out; None where it cannot be told."""
    t, d, p = Fraction(target), Fraction(done), Fraction(points)
    if sign is None or t < 0 or (t == 0 > d and sign != "≤"):
        # Below a target of zero there is no share of it.
        return None
    if sign == "≤":
        return p if d <= t else half_up(p * t / d)
    if d > t * Fraction(13, 10) and not reason:
        return half_up(p * Fraction(8, 10))
    return p if d >= t else Fraction(0) if d < 0 else half_up(p * d / t)


amounts = st.one_of(
    st.sampled_from(["0.00", "1.00", "1.30", "-1.00", "100.00"]),
    st.integers(-100, 20_000).map(lambda v: f"{v / 100:.2f}"),
)
random_rows = st.lists(
    st.tuples(
        st.sampled_from(["≥", "=", "≤", "≥", None]),
        amounts,
        amounts,
        st.integers(0, 3000).map(lambda v: f"{v / 100:.2f}"),
        st.sampled_from([None, "有原因"]),
    ),
    min_size=1,
    max_size=5,
)
BOOK = book()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(random_rows, min_size=8, max_size=8))
def test_random_rows_by_fractions(units):
    rows = [("单位", str(u), YEAR, {}) for u in range(len(units))]
    for u, drawn in enumerate(units):
        for i, (sign, target, done, points, reason) in enumerate(drawn):
            table, _, year, given_ = line(str(i), sign, target, done, points, 原因=reason)
            rows.append((table, str(u), year, given_))
    submission = submission_of(BOOK, rows)
    names = [str(u) for u in range(len(units))]
    by_plan = by_sql(BOOK, submission).criteria
    in_python = by_python(BOOK, submission, names)
    for u, drawn in zip(names, units, strict=True):
        one = by_plan[u][0]
        assert in_python[u][0][0] == one
        each = [earned(*row) for row in drawn]
        if None in each:
            assert one.score is None
        else:
            assert Fraction(one.score) == min(sum(each), Fraction(90))
            assert one.low <= one.score <= one.high


CHECK = f"""
kind: each_row
code: T01
name: 得分
{BASIS}
severity: 核实
table: 绩效
check: 得分 = 逐行得分(C01)
"""


@pytest.mark.parametrize(
    "row, verdict",
    [
        (line("a", "≥", "95.00", "90.00", 得分="9.47"), "平"),
        (line("a", "≥", "95.00", "90.00", 得分="10"), "不平"),
        (line("a", "定性", None, None, 情况="部分达成", 得分="10"), "不平"),
        (line("a", "定性", None, None, 情况="部分达成", 得分="8"), "平"),
        (line("a", "≥", "95.00", None, 得分="10"), "无法判断"),
        (line("a", "≥", "3.00", "2.99", 得分="9.96"), "平(尾差内)"),
    ],
)
def test_stated_row_by_row(row, verdict):
    of = book(**{"t.yaml": CHECK})
    submission = submission_of(of, [("单位", "甲", YEAR, {}), row])
    (found,) = by_sql(of, submission).table_rules["甲"]
    assert str(found.verdict) == verdict
    figures = unit_figures(submission, of.tables, "甲", YEAR)
    assert table_rule(of.table_rules[0], of, "甲", figures).verdict == found.verdict


FAULTS = {
    "no such table": (METHOD.replace("table: 绩效", "table: 没有"), "不是有多行的数据表"),
    "no such column": (METHOD.replace("完成 / 目标", "完成 / 没有"), "没有叫“没有”的列"),
    "a column of another table": (
        METHOD.replace("完成 / 目标", "完成 / 数.甲"),
        "逐行的条件里只能用",
    ),
    "a range without a mark": (METHOD.replace(" stated: 得分,", ""), "要有本单位的打分"),
    "no measure": (METHOD.replace(" measure: 完成 / 目标,", ""), "要有 measure"),
}


@pytest.mark.parametrize("method, message", FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told(method, message):
    with pytest.RaisesGroup(RuleError, flatten_subgroups=True, allow_unwrapped=True) as group:
        try:
            book(method)
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from None
    assert message in str(group.value)


def test_only_a_criterion_over_rows_scores_a_row():
    with pytest.RaisesGroup(RuleError) as group:
        book(**{"t.yaml": CHECK.replace("逐行得分(C01)", "逐行得分(C02)")})
    assert "不是逐行打分的指标" in str(group.value.exceptions[0])


def test_in_words():
    of = book()
    told = "\n".join(row_words(of.criteria[0].rule.method))
    for words in (
        "逐行打分",
        "性质 = '≤'",
        "反过来按比例",
        "“部分达成”得该行分值的 [60%, 80%)",
        "130%",
    ):
        assert words in told
    rows = [
        line("满意度", "≥", "95.00", "90.00", 得分="10"),
        line("次数", "≥", "5.00", "5.00", 得分="10"),
        line("说不清", None, "5.00", "5.00"),
    ]
    _, submission = judged(of, rows)
    figures = unit_figures(submission, of.tables, "甲", YEAR)
    said = row_lines(rows_scored(of.criteria[0], of.tables["绩效"], figures))
    assert said == "满意度（10 分）得 9.47 分，自评 10 分；说不清（10 分）定不出得分；1 行得满分"
