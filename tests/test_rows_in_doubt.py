"""Rows of a self-evaluation that a relation contradicts: only the points that rest on them are in doubt; by hand, in Python, in SQL, in bulk."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.base.verdict import Ground
from gouji.intake.ledger.tables import create, fill
from gouji.plan import compile_bulk
from gouji.run import connect
from making import BASIS, YEAR, book_of, by_python, by_sql, criterion_text, submission_of, tie_text
from test_row_scores import MADE, line

METHOD = """{kind: rows, table: 绩效, points: 分值, measure: 完成 / 目标, by: [
  {where: "性质 = '定性'", measure: 分值 / 分值, method: {kind: within, full_at: "= 100%"}}, {method: {kind: proportional, full_at: 100%}}]}"""


def row_rule(check, code="T01", severity="错误", more=""):
    return f'kind: each_row\ncode: {code}\nname: {code}\n{BASIS}\ntable: 绩效\nseverity: {severity}\ncheck: "{check}"\n{more}'


STATED = row_rule("得分 = 逐行得分(C01)")
SHARE = METHOD.replace("points: 分值", "total: share, points: 分值")
MEAN = METHOD.replace("points: 分值", "total: mean, points: 分值")
WEIGHTED = METHOD.replace("points: 分值", "total: weighted, weighted_by: 预算数, points: 分值")


def book(method=METHOD, weight=90, rules=(STATED,), other=10):
    texts = {f"t{i}.yaml": text for i, text in enumerate(rules)}
    texts["c.yaml"] = criterion_text("C01", " ".join(method.split()), weight, missing="pending")
    texts["d.yaml"] = criterion_text(
        "C02", "{kind: per_violation, take: 1}", other, measure="数.个", missing="pending"
    )
    return book_of(texts, total=weight + other, tables=MADE)


def judged(of, rows):
    submission = submission_of(
        of,
        [
            ("单位", "甲", YEAR, {"单位名称": "甲"}),
            ("数", "甲", YEAR, {"个": "0", "甲": "1.00", "乙": "1.00"}),
            *rows,
        ],
    )
    found = by_sql(of, submission)
    scored, _ties, totals = by_python(of, submission, ["甲"])["甲"]
    assert (found.criteria["甲"], found.totals["甲"]) == (scored, totals)
    return scored[0], totals, submission


def in_bulk(of, submission, wide):
    con = connect()
    try:
        for name, table in of.tables.items():
            create(con, table)
            fill(con, table, submission.rows.get(name, []))
        result = con.execute(compile_bulk(of, of.tables, wide=wide).sql())
        return dict(zip([d[0] for d in result.description], result.fetchone(), strict=True))
    finally:
        con.close()


RIGHT = line("a", "≥", "5", "5", "30", 得分="30", 预算数="1.00")
CLAIMED = line("b", "≥", "100", "90", "20", 得分="20", 预算数="3.00")
WORD = line("c", "定性", None, None, "40", 情况="已完成", 得分="40", 预算数="1.00")
# Method, rules, rows -> score, its ends, points in doubt, codes.
CASES = {
    "every row as it should be": (
        METHOD,
        [STATED],
        [RIGHT, WORD],
        "70.00",
        "70.00",
        "70.00",
        "0",
        (),
    ),
    "one row claims more": (
        METHOD,
        [STATED],
        [RIGHT, CLAIMED, WORD],
        "88.00",
        "70.00",
        "90.00",
        "20.00",
        ("T01",),
    ),
    "two of them": (
        METHOD,
        [STATED],
        [RIGHT, CLAIMED, line("d", "≥", "10", "5", "10", 得分="10")],
        "53.00",
        "30.00",
        "60.00",
        "30.00",
        ("T01",),
    ),
    "a share of the weight": (
        SHARE,
        [STATED],
        [RIGHT, CLAIMED],
        "86.40",
        "54.00",
        "90.00",
        "36.00",
        ("T01",),
    ),
    "the mean": (MEAN, [STATED], [RIGHT, CLAIMED], "24.00", "15.00", "25.00", "10.00", ("T01",)),
    "by weights": (
        WEIGHTED,
        [STATED],
        [RIGHT, CLAIMED],
        "21.00",
        "7.44",
        "22.62",
        "15.18",
        ("T01",),
    ),
    "two rules over one row": (
        METHOD,
        [STATED, row_rule("得分 < 分值 or 完成 >= 目标 or 性质 = '定性'", "T02")],
        [RIGHT, CLAIMED, WORD],
        "88.00",
        "70.00",
        "90.00",
        "20.00",
        ("T01", "T02"),
    ),
    "two rules over two rows": (
        METHOD,
        [STATED, row_rule("分值 = 30 or 性质 = '定性' or 目标 = 100", "T02")],
        [RIGHT, CLAIMED, line("d", "≥", "10", "10", "10", 得分="10")],
        "58.00",
        "30.00",
        "60.00",
        "30.00",
        ("T01", "T02"),
    ),
    "a relation over all rows": (
        METHOD,
        [STATED, tie_text("T02", "sum(绩效.分值) = 90")],
        [RIGHT, CLAIMED],
        "48.00",
        "0.00",
        "90.00",
        "90.00",
        ("T02", "T01"),
    ),
    "a rule that applies to some units": (
        METHOD,
        [row_rule("得分 = 逐行得分(C01)", more="applies: 数.甲 > 0")],
        [RIGHT, CLAIMED],
        "48.00",
        "0.00",
        "90.00",
        "90.00",
        ("T01",),
    ),
    "a hint": (
        METHOD,
        [row_rule("得分 = 逐行得分(C01)", severity="提示")],
        [RIGHT, CLAIMED],
        "48.00",
        "48.00",
        "48.00",
        "0",
        (),
    ),
    "a row that cannot be judged is not in doubt": (
        METHOD,
        [STATED],
        [RIGHT, CLAIMED, line("d", "≥", "10", "10", "10")],
        "58.00",
        "40.00",
        "60.00",
        "20.00",
        ("T01",),
    ),
    "more than the weight": (
        METHOD,
        [STATED],
        [line("a", "≥", "1", "1", "60", 得分="60"), line("b", "≥", "2", "1", "60", 得分="60")],
        "90.00",
        "60.00",
        "90.00",
        "30.00",
        ("T01",),
    ),
}


@pytest.mark.parametrize("given_case", CASES.values(), ids=CASES)
def test_by_hand(given_case):
    method, rules, rows, score, low, high, doubtful, codes = given_case
    of = book(method, rules=rules)
    one, totals, submission = judged(of, rows)
    assert (str(one.score), str(one.low), str(one.high), one.doubts) == (score, low, high, codes)
    assert totals.grounds[Ground.CONTESTED] == Decimal(doubtful)
    assert totals.grounds[Ground.FIGURES] == 100 - Decimal(doubtful)
    for wide in (True, False):
        row = in_bulk(of, submission, wide)
        told = [row[name] for name in ("得分", "得分下限", "得分上限", "等级", "有疑", "数据复核")]
        assert told == [
            totals.score,
            totals.low,
            totals.high,
            totals.grade,
            totals.grounds[Ground.CONTESTED],
            totals.grounds[Ground.FIGURES],
        ]
        if wide:
            assert (row["C01.依据"] == "有疑") == bool(codes)


amounts = st.sampled_from(["0.00", "1.00", "5.00", "9.50", "10.00", "13.10"])
some_rows = st.lists(
    st.builds(
        lambda n, sign, target, done, most, own: (sign, target, done, most, own),
        st.integers(),
        st.sampled_from(["≥", "定性", None]),
        amounts,
        st.one_of(amounts, st.none()),
        st.sampled_from(["10", "7.5"]),
        st.sampled_from(["10", "7.5", "5", "0", None]),
    ),
    max_size=5,
)


@settings(max_examples=12, deadline=None)
@given(some_rows, st.sampled_from([METHOD, SHARE, MEAN]), st.booleans())
def test_sql_and_python_agree_and_every_score_of_a_doubtful_row_is_possible(made, method, more):
    rules = [STATED, row_rule("目标 <= 10 or 性质 = '≤'", "T02", "核实")][: 1 + more]
    of = book(method, rules=rules)
    rows = [
        line(str(i), sign, target, done, most, 得分=own)
        for i, (sign, target, done, most, own) in enumerate(made)
    ]
    one, totals, _submission = judged(of, rows)
    if one.score is not None:
        assert one.low <= one.score <= one.high
    assert sum(totals.grounds.values()) == 100
