"""Points on figures that a relation contradicts: in doubt, with every score possible; and the grade that a unit has while something is open."""

from decimal import Decimal

import pytest

from gouji.base.verdict import Ground, Verdict
from gouji.intake.ledger.tables import create, fill
from gouji.plan.wide import compile_bulk
from gouji.results import scorecards
from gouji.rules.doubts import contesting
from gouji.run import connect
from making import TABLES, YEAR, book_of, by_python, by_sql, criterion_text, submission_of, tie_text

RATIO = "{kind: proportional, full_at: 1}"
WRONG = {"甲": "900000.00", "乙": "1.00", "丙": "10000.00", "个": "1"}
# relation, its degree, measure, applies -> whether the points on WRONG are in doubt
CASES = {
    "an equation over one of its figures": ("数.甲 = 数.丙", "错误", "数.甲 / 数.乙", None, True),
    "of the second degree too": ("数.甲 = 数.丙", "核实", "数.甲 / 数.乙", None, True),
    "of the third none": ("数.甲 = 数.丙", "提示", "数.甲 / 数.乙", None, False),
    "over other figures": ("数.乙 = 数.甲", "错误", "数.丙 / 数.丙", None, False),
    "an inequality may have happened": ("数.甲 <= 数.丙", "核实", "数.甲 / 数.乙", None, False),
    "unless it must hold whatever happens": ("数.甲 <= 数.丙", "错误", "数.甲 / 数.乙", None, True),
    "the figure by which it may not apply": (
        "数.甲 = 数.丙",
        "错误",
        "数.乙 / 数.乙",
        "数.甲 > 2",
        True,
    ),
    "and does not": ("数.甲 = 数.丙", "错误", "数.乙 / 数.乙", "数.甲 < 2", True),
    "it does not apply by other figures": (
        "数.甲 = 数.丙",
        "错误",
        "数.甲 / 数.乙",
        "数.乙 < 2",
        False,
    ),
    "last year's figure": ("上年(数.甲) = 数.丙", "错误", "数.甲 / 数.乙", None, False),
    "rows of a table": ("sum(明细.金额) = 数.丙", "错误", "sum(明细.金额) / 数.乙", None, True),
    "the same rows": (
        "sum(明细.金额) filter (where 明细.是否 = '是') = 数.丙",
        "错误",
        "sum(明细.金额) filter (where 明细.是否 = '是' and 明细.金额 > 1) / 数.乙",
        None,
        True,
    ),
    "other rows": (
        "sum(明细.金额) filter (where 明细.是否 = '是') = 数.丙",
        "错误",
        "sum(明细.金额) filter (where 明细.是否 = '否') / 数.乙",
        None,
        False,
    ),
}


def one(check, degree, measure, applies, *, policy="full"):
    """A unit with two criteria, the second always decided, and one relation."""
    texts = {
        "a.yaml": criterion_text("C01", RATIO, 60, measure=measure, applies=applies),
        "b.yaml": criterion_text("C02", RATIO, 40, measure="数.个"),
        "t.yaml": tie_text("T01", check, severity=degree),
    }
    book = book_of(texts, policy=policy)
    rows = [
        ("单位", "A", YEAR, {"单位名称": "A"}),
        ("数", "A", YEAR, WRONG),
        ("数", "A", YEAR - 1, WRONG),
    ]
    rows += [
        ("明细", "A", YEAR, {"项目": str(i), "金额": "5.00", "是否": word})
        for i, word in enumerate("是否")
    ]
    return book, submission_of(book, rows)


@pytest.mark.parametrize("check, degree, measure, applies, doubted", CASES.values(), ids=CASES)
@pytest.mark.parametrize("policy", ["full", "exclude"])
def test_points_on_a_contradicted_figure_are_in_doubt(
    check, degree, measure, applies, doubted, policy
):
    book, submission = one(check, degree, measure, applies, policy=policy)
    found = by_sql(book, submission)
    first = found.criteria["A"][0]
    assert (first.ground is Ground.CONTESTED) == doubted == (first.doubts == ("T01",))
    if doubted:
        assert (first.low, first.high) == (0, 60)
        assert found.totals["A"].grounds[Ground.CONTESTED] == 60
    (criteria, _ties, totals) = by_python(book, submission, ["A"])["A"]
    assert criteria == found.criteria["A"] and totals == found.totals["A"]
    assert totals.low <= totals.score <= totals.high


def test_what_is_in_doubt_is_not_recomputed_and_has_no_grade():
    book, submission = one("数.甲 = 数.丙", "错误", "数.甲 / 数.乙", None)
    (card,) = scorecards(by_sql(book, submission), book)
    first, second = card.lines
    assert (first.outcome.verdict, first.outcome.score, first.recomputed, first.difference) == (
        Verdict.FULL,
        60,
        False,
        None,
    )
    assert second.recomputed
    assert (card.totals.score, card.totals.low, card.totals.high) == (100, 40, 100)
    assert (
        card.totals.grade,
        card.totals.grade_low,
        card.totals.grade_high,
        card.totals.graded,
    ) == ("待定", "差", "优", False)


def test_a_contradicted_figure_is_found_through_a_derived_table():
    derived = """
table: 由数得出
grain: one
key: [单位代码, 年度]
derived: {}
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 己, type: money, unit: 元, places: 2, take: {from: 数, column: 甲}}
"""
    book = book_of(
        {
            "a.yaml": criterion_text("C01", RATIO, 100, measure="数.甲 / 数.乙"),
            "t.yaml": tie_text("T01", "由数得出.己 = 数.丙"),
        },
        tables={**TABLES, "derived.yaml": derived},
    )
    assert contesting(book)["C01"].every == ("T01",)


def scored(points_of, *, missing="pending", own=()):
    """The totals of a unit of which the criteria have these measures (None: not sent) of weights 90, 5 and 5."""
    texts = {
        f"{i}.yaml": criterion_text(
            f"C{i:02}", RATIO, weight, measure=f"数.{name} / 100%", missing=missing
        )
        for i, (name, weight) in enumerate(zip(("率", "二率", "三率"), (90, 5, 5), strict=True), 1)
    }
    more = "".join(f"  - {{name: {name}, type: percent, places: 2}}\n" for name in ("二率", "三率"))
    book = book_of(texts, tables={**TABLES, "numbers.yaml": TABLES["numbers.yaml"] + more})
    cells = {
        name: text
        for name, text in zip(("率", "二率", "三率"), points_of, strict=True)
        if text is not None
    }
    rows = [("单位", "A", YEAR, {"单位名称": "A"}), ("数", "A", YEAR, {"甲": "1.00", **cells})]
    rows += [
        ("自评得分", "A", YEAR, {"指标代码": f"C{i:02}", "得分": text})
        for i, text in enumerate(own, 1)
    ]
    submission = submission_of(book, rows)
    totals = by_sql(book, submission).totals["A"]
    assert by_python(book, submission, ["A"])["A"][2] == totals
    return totals


# measures, policy, self-scores -> grade, its range, own grade
GRADES = {
    "all there": (("95%", "100%", "100%"), "pending", (), ("优", "优", "优", None)),
    "open, and yet in one grade": (("100%", None, "100%"), "pending", (), ("优", "优", "优", None)),
    "only rounding reaches the next": (
        ("88.89%", "100%", "100%"),
        "pending",
        (),
        ("优", "优", "优", None),
    ),
    "rounding at the edge": (("88.8890%", "100%", "100%"), "pending", (), ("优", "优", "优", None)),
    "open items reach the next": (("90%", None, None), "pending", (), ("待定", "良", "优", None)),
    "nothing was sent": ((None, None, None), "pending", (), ("待定", "差", "优", None)),
    "the unit's word alone": (
        (None, None, None),
        "as_reported",
        ("90", "3", "2.5"),
        ("待定", "差", "优", "优"),
    ),
    "a policy decides": (("90%", None, None), "zero", (), ("良", "良", "良", None)),
}


@pytest.mark.parametrize("measures, missing, own, expected", GRADES.values(), ids=GRADES)
def test_a_grade_is_given_where_nothing_open_decides_it(measures, missing, own, expected):
    t = scored(measures, missing=missing, own=own)
    assert (t.grade, t.grade_low, t.grade_high, t.own_grade) == expected


def test_rounding_alone_changes_no_grade():
    t = scored(("88.888%", "100%", "100%"))
    assert (t.score, t.grade, t.grade_low, t.grade_high) == (Decimal("90.00"), "优", "优", "优")
    t = scored(("88.88%", "100%", "100%"))
    assert (t.score, t.grade, t.grade_low, t.grade_high) == (Decimal("89.99"), "良", "良", "优")


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "brief"])
@pytest.mark.parametrize("check, degree, measure, applies, doubted", CASES.values(), ids=CASES)
def test_bulk_says_the_same(check, degree, measure, applies, doubted, wide):
    book, submission = one(check, degree, measure, applies)
    con = connect()
    try:
        for name, table in book.tables.items():
            create(con, table)
            fill(con, table, submission.rows.get(name, []))
        result = con.execute(compile_bulk(book, book.tables, wide=wide).sql())
        row = dict(zip([d[0] for d in result.description], result.fetchone(), strict=True))
    finally:
        con.close()
    totals = by_sql(book, submission).totals["A"]
    said = (
        totals.score,
        totals.low,
        totals.high,
        totals.grade,
        totals.grade_low,
        totals.grade_high,
        totals.grounds[Ground.CONTESTED],
    )
    assert (
        tuple(
            row[name]
            for name in ("得分", "得分下限", "得分上限", "等级", "等级下限", "等级上限", "有疑")
        )
        == said
    )
    if wide:
        assert (row["C01.依据"] == "有疑") == doubted
