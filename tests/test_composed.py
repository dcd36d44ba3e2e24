"""Criteria of several parts, deductions of different sizes, gates, the better of two: worked by hand; what such a rule must say."""

import pytest

from gouji.base.faults import RuleError
from making import TABLES, YEAR, book_of, by_python, by_sql, criterion_text, submission_of

PARTS = """{kind: parts, parts: [
  {name: 前期手续和融资, points: 2, method: {kind: checklist, mode: additive, items: [{item: 手续, points: 1}, {item: 融资, points: 1}]}},
  {name: 不合标准的项目, points: 2, measure: 数.个, method: {kind: per_violation, take: 1}}]}"""
GATED = """{kind: parts, gate: [按国库制度拨付], parts: [
  {name: 按时, points: 4, measure: 数.个, method: {kind: per_violation, take: 1}}]}"""
BEST = """{kind: parts, of: best, parts: [
  {name: 率, points: 4, measure: 数.率, method: {kind: inverse, full_at: 9%}},
  {name: 变动率, points: 4, measure: (数.甲 - 上年(数.甲)) / 上年(数.甲), method: {kind: within, full_at: "≤ -30%"}}]}"""
LOST = """{kind: deductions, occasions: [
  {item: 按时报送, take: 3}, {item: 内容完整, take: 1}, {measure: 数.个, take: 0.5, at_most: 2}]}"""


def items(**said):
    return [
        ("要点核对", "甲", YEAR, {"指标代码": "C01", "要点": k, "结果": v}) for k, v in said.items()
    ]


def figures(year=YEAR, **given):
    return [("数", "甲", year, given)]


YES, NO = "具备", "不具备"
# The score, or None, and the range.
CASES = {
    "items and cases": (
        PARTS,
        [*items(手续=YES, 融资=NO), *figures(个="1")],
        "2.00",
        "2.00",
        "2.00",
    ),
    "more cases than the part has points": (
        PARTS,
        [*items(手续=YES, 融资=YES), *figures(个="5")],
        "2.00",
        "2.00",
        "2.00",
    ),
    "an item nobody spoke of": (PARTS, [*items(手续=YES), *figures(个="0")], None, "3.00", "4.00"),
    "a figure that is missing": (PARTS, items(手续=YES, 融资=NO), None, "1.00", "3.00"),
    "the gate is met": (
        GATED,
        [*items(按国库制度拨付=YES), *figures(个="1")],
        "3.00",
        "3.00",
        "3.00",
    ),
    "the gate is not met": (
        GATED,
        [*items(按国库制度拨付=NO), *figures(个="0")],
        "0.00",
        "0.00",
        "0.00",
    ),
    "the gate is not met, nothing else known": (
        GATED,
        items(按国库制度拨付=NO),
        "0.00",
        "0.00",
        "0.00",
    ),
    "the gate is not known": (GATED, figures(个="1"), None, "0.00", "3.00"),
    "no gate, nothing to earn": (GATED, figures(个="4"), "0.00", "0.00", "0.00"),
    "the better of two": (
        BEST,
        [*figures(率="12%", 甲="100"), *figures(YEAR - 1, 甲="100")],
        "3.00",
        "3.00",
        "3.00",
    ),
    "one has all, the other is missing": (BEST, figures(率="9%"), "4.00", "4.00", "4.00"),
    "one has some, the other is missing": (BEST, figures(率="12%"), None, "3.00", "4.00"),
    "deductions of three sizes": (
        LOST,
        [*items(按时报送=YES, 内容完整=NO), *figures(个="1")],
        "2.50",
        "2.50",
        "2.50",
    ),
    "cases up to their own limit": (
        LOST,
        [*items(按时报送=YES, 内容完整=YES), *figures(个="30")],
        "2.00",
        "2.00",
        "2.00",
    ),
    "never below zero": (
        LOST,
        [*items(按时报送=NO, 内容完整=NO), *figures(个="1")],
        "0.00",
        "0.00",
        "0.00",
    ),
    "nothing left whatever comes": (LOST, items(按时报送=NO, 内容完整=NO), "0.00", "0.00", "0.00"),
    "late, the rest unknown": (LOST, items(按时报送=NO), None, "0.00", "1.00"),
}


@pytest.mark.parametrize("method, rows, score, low, high", CASES.values(), ids=CASES)
def test_by_hand(method, rows, score, low, high):
    text = criterion_text("C01", " ".join(method.split()), 4, missing="pending")
    book = book_of({"c.yaml": text}, total=4)
    submission = submission_of(book, [("单位", "甲", YEAR, {}), *rows])
    one = by_sql(book, submission).criteria["甲"][0]
    assert by_python(book, submission, ["甲"])["甲"][0][0] == one
    shown = None if one.score is None else str(one.score)
    assert (shown, str(one.low), str(one.high)) == (score, low, high)


FAULTS = {
    "points that do not add up": (
        PARTS.replace("points: 2, measure", "points: 3, measure"),
        "各部分合起来 5 分",
    ),
    "the best has not full points": (BEST.replace("points: 4", "points: 3"), "各部分合起来 3 分"),
    "one item twice": (LOST.replace("内容完整", "按时报送"), "有两个要点的文字相同"),
    "an occasion of both kinds": (
        LOST.replace("{item: 按时报送,", "{item: 按时报送, measure: 数.个,"),
        "只写一个",
    ),
    "an item that takes more than there is": (LOST.replace("take: 3", "take: 5"), "超过权重 4"),
    "a part without a measure": (PARTS.replace("measure: 数.个, ", ""), "要有 measure"),
    "a column that is not there": (LOST.replace("数.个", "数.无"), "没有叫“无”的列"),
}


@pytest.mark.parametrize("method, message", FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told(method, message):
    text = criterion_text("C01", " ".join(method.split()), 4)
    with pytest.RaisesGroup(RuleError) as group:
        book_of({"c.yaml": text}, total=4)
    assert any(message in str(fault) for fault in group.value.exceptions)


WORDS = "{kind: words, words: {充分: 3, 一般: 1.5, 没有: 0}}"


@pytest.mark.parametrize(
    "word, score", [("充分", "3.00"), ("一般", "1.50"), ("没有", "0.00"), (None, None)]
)
def test_words(word, score):
    book = book_of(
        {"c.yaml": criterion_text("C01", WORDS, 3, measure="数.档", missing="pending")}, total=3
    )
    given = {} if word is None else {"档": word}
    submission = submission_of(book, [("单位", "甲", YEAR, {}), ("数", "甲", YEAR, given)])
    one = by_sql(book, submission).criteria["甲"][0]
    assert by_python(book, submission, ["甲"])["甲"][0][0] == one
    assert (None if one.score is None else str(one.score)) == score


def test_a_word_without_points_is_refused():
    tables = {
        **TABLES,
        "numbers.yaml": TABLES["numbers.yaml"].replace(
            "[充分, 一般, 没有]", "[充分, 一般, 没有, 极好]"
        ),
    }
    with pytest.RaisesGroup(RuleError) as group:
        book_of(
            {"c.yaml": criterion_text("C01", WORDS, 3, measure="数.档")}, total=3, tables=tables
        )
    assert "极好" in str(group.value.exceptions[0])
    with pytest.RaisesGroup(RuleError):
        book_of({"c.yaml": criterion_text("C01", WORDS, 3, measure="数.词")}, total=3)
