"""Aggregates of an expression of each row: in SQL, in Python and by hand with fractions they are the same number, and have the same interval."""

from fractions import Fraction
from math import ceil, floor

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from gouji.expression import nodes as n
from gouji.expression.evaluate import Exact
from gouji.expression.figures import Printed, UnitFigures
from gouji.expression.needs import homes
from gouji.expression.parse import MeasureFault, parse_measure
from gouji.expression.stated_figure import stated
from gouji.expression.working_words import named
from gouji.plan.engine.printing import printed
from gouji.plan.grouping.row_sql import RowSteps, Source, aggregate
from gouji.rules.check.types import Checker
from making import TABLES, book_of, tie_text

ROWS = """
table: 行
grain: many
key: [单位代码, 年度, 名]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 名, type: text, null: never}
  - {name: 分值, type: score}
  - {name: 目标, type: number, places: 1}
  - {name: 完成, type: number, places: 1}
  - {name: 性质, type: text}
"""
BOOK = book_of({"t.yaml": tie_text("T01", "数.甲 = 数.乙")}, tables={**TABLES, "rows.yaml": ROWS})
TABLE = BOOK.tables["行"]


def checked(text):
    """The expression as a rule would have it, and what is wrong with it."""
    faults = []
    made = Checker(BOOK.tables, lambda what, fix: faults.append(what)).check(
        parse_measure(text), "number"
    )
    return made, faults


def by_sql(node, rows, end=""):
    """The aggregate of rows of (分值, 目标, 完成, 性质) as a grouping has it."""
    steps = RowSteps("行")
    made = aggregate(node, Source(TABLE, "行", False), end, steps)
    query = steps.over(exp.select("*").from_(exp.to_table("行")))
    text = f"SELECT {printed(made.sql)} FROM ({printed(query)}) AS 行"
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE 行 (分值 DECIMAL(18,2), 目标 DECIMAL(18,4), 完成 DECIMAL(18,4), 性质 VARCHAR)"
        )
        if rows:
            con.executemany("INSERT INTO 行 VALUES (?, ?, ?, ?)", [list(row) for row in rows])
        (value,) = con.execute(text).fetchone()
    assert value is None or abs(value) <= made.bound
    return None if value is None else Fraction(value) * made.scale


def by_python(rows):
    halves = (Fraction(0), Fraction(1, 20), Fraction(1, 20))
    many = tuple(
        {
            name: None if text is None else Printed(Fraction(text), half)
            for name, text, half in zip(("分值", "目标", "完成"), row, halves, strict=False)
        }
        | {"性质": row[3]}
        for row in rows
    )
    return Exact(UnitFigures({}, {"行": many}))


def half_up(x, places):
    whole = floor(abs(x) * 10**places + Fraction(1, 2))
    return Fraction(whole if x >= 0 else -whole, 10**places)


def divided(a, b):
    return None if b == 0 else a / b


def scored(p, t, d, s):
    """What a row of a 自评表 earns: by its sign, capped at its 分值."""
    if s == "≥":
        return None if t == 0 else min(p, half_up(p * d / t, 2))
    return (p if d <= t else Fraction(0)) if s == "≤" else None


# (expression of a row, what it is by hand of 分值, 目标, 完成, 性质; which of the four it needs)
BY_HAND = [
    ("行.分值 * 行.完成", lambda p, t, d, s: p * d),
    ("行.分值 * 行.完成 - 行.目标 / 4", lambda p, t, d, s: p * d - t / 4),
    (
        "round(行.分值 * 行.完成 / 行.目标, 2)",
        lambda p, t, d, s: None if t == 0 else half_up(p * d / t, 2),
    ),
    ("floor(行.完成)", lambda p, t, d, s: Fraction(floor(d))),
    ("ceil(行.完成 * 3)", lambda p, t, d, s: Fraction(ceil(d * 3))),
    ("abs(行.完成 - 行.目标)", lambda p, t, d, s: abs(d - t)),
    ("min(行.完成, 行.目标, 5)", lambda p, t, d, s: min(d, t, Fraction(5))),
    (
        "case when 行.性质 = '≥' then min(行.分值, round(行.分值 * 行.完成 / 行.目标, 2))"
        " when 行.性质 = '≤' then case when 行.完成 <= 行.目标 then 行.分值 else 0 end end",
        scored,
    ),
]
cells = st.one_of(
    st.none(),
    st.sampled_from(["0", "5", "-1", "100"]),
    st.integers(-500, 5000).map(lambda v: f"{v / 10:.1f}"),
)
table_rows = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 3000).map(lambda v: f"{v / 100:.2f}")),
        cells,
        cells,
        st.sampled_from(["≥", "≤", "定性", None]),
    ),
    max_size=5,
)


def expected(func, make, rows):
    values = [
        None if None in (p, t, d) else make(*map(Fraction, (p, t, d)), s) for p, t, d, s in rows
    ]
    if func == "count":
        return Fraction(sum(v is not None for v in values))
    if None in values or not values:
        return None
    return {"sum": sum, "min": min, "max": max}[func](values, *([Fraction(0)] * (func == "sum")))


@settings(max_examples=80, deadline=None)
@given(table_rows, st.sampled_from(["sum", "count", "min", "max"]), st.sampled_from(BY_HAND))
def test_sql_python_and_by_hand(rows, func, made):
    text, make = made
    # By hand every row needs all its figures; an expression only those it reads.
    rows = [r for r in rows if None not in r[:3]] or rows
    for where, counting in (
        ("", rows),
        (" filter (where 行.性质 = '≥')", [r for r in rows if r[3] == "≥"]),
    ):
        if where and any(r[3] is None for r in rows):
            continue
        node, faults = checked(f"{func}({text}){where}")
        assert not faults
        exact = by_python(rows)
        if rows:
            # A unit without rows has no group.
            assert exact.value(node) == by_sql(node, rows)
        if all(None not in r[:3] for r in rows) and counting:
            assert exact.value(node) == expected(func, make, counting)
        ends = exact.ends(node)
        if rows and func != "count":
            low, high = (by_sql(node, rows, end) for end in "↓↑")
            assert (None if None in (low, high) else (low, high)) == (
                (ends.low, ends.high) if ends else None
            )


@settings(max_examples=60, deadline=None)
@given(
    table_rows,
    st.sampled_from(BY_HAND),
    st.lists(st.fractions(0, 1, max_denominator=8), min_size=5, max_size=5),
)
def test_the_true_value_lies_inside(rows, made, shares):
    node, _ = checked(f"sum({made[0]})")
    exact = by_python(rows)
    ends = exact.ends(node)
    if ends is None or not rows:
        return
    moved = tuple(
        {
            name: Printed(c.low + (c.high - c.low) * share) if isinstance(c, Printed) else c
            for name, c in row.items()
        }
        for row, share in zip(exact.figures.many["行"], shares, strict=False)
    )
    value = Exact(UnitFigures({}, {"行": moved})).value(node)
    assert value is not None and ends.low <= value <= ends.high


@pytest.mark.parametrize(
    "text, rows, value",
    [
        ("sum(行.分值 * 行.完成)", [("10", "1", "0.5", "≥"), ("20", "1", "2", "≤")], 45),
        ("sum(行.分值 * 行.完成)", [("10", "1", "0.5", "≥"), ("20", "1", None, "≤")], None),
        (
            "sum(行.分值 * 行.完成) filter (where 行.性质 = '≥')",
            [("10", "1", "0.5", "≥"), ("20", "1", None, "≤")],
            5,
        ),
        (
            "sum(行.分值 * 行.完成) filter (where 行.目标 > 1)",
            [("10", "2", "0.5", "≥"), ("20", None, "1", "≤")],
            None,
        ),
        # A case that does not come to the figure that is missing has a value.
        (
            "sum(case when 行.性质 = '定性' then 行.分值 else 行.分值 * 行.完成 end)",
            [("10", None, None, "定性"), ("2", "1", "3", "≥")],
            16,
        ),
        ("sum(round(行.完成 / 行.目标, 2))", [("1", "0", "5", "≥")], None),
        ("sum(round(行.完成 / 行.目标, 2))", [("1", "8", "1", "≥"), ("1", "8", "-1", "≥")], 0),
        ("count(行.完成 - 行.目标)", [("1", "8", "1", "≥"), ("1", None, "1", "≥")], 1),
    ],
)
def test_by_hand(text, rows, value):
    node, faults = checked(text)
    assert not faults
    wanted = None if value is None else Fraction(value)
    assert by_python(rows).value(node) == by_sql(node, rows) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "sum(1 + 2)",
        "sum(数.甲 * 行.分值)",
        "sum(sum(行.分值) * 行.分值)",
        "sum(上年(行.分值) * 2)",
        "sum(上年(行.分值))",
    ],
)
def test_one_row_of_one_table(text):
    with pytest.raises(MeasureFault, match="一张表同一行"):
        parse_measure(text)


@pytest.mark.parametrize(
    "text, what",
    [
        ("sum(行.完成 / 行.目标)", "不能除以一列"),
        ("sum(case when 行.性质 = '≥' then 行.完成 / 行.目标 end)", "不能除以一列"),
        ("sum(数.甲 * 2)", "只有一行"),
        ("sum(行.性质 * 2)", "这里要的是"),
        ("sum(行.没有 * 2)", "没有叫"),
    ],
)
def test_what_is_refused(text, what):
    assert any(what in fault for fault in checked(text)[1])


def test_its_words_and_what_it_reads():
    node, _ = checked("上年(sum(行.分值 * 行.完成) filter (where 行.性质 = '≥'))")
    assert named(node) == "上年(合计(行.分值 × 行.完成，只计 行.性质 = '≥'))"
    assert node.columns == ("分值", "完成") and node.prior
    assert {("行.分值", True), ("行.完成", True), ("行.性质?", True)} <= set(homes(node))
    assert isinstance(node, n.Aggregate)


def test_products_may_be_stated_as_rounded_sums_may_not():
    made = [
        stated(parse_measure(text)) is not None
        for text in (
            "数.甲 = sum(行.分值 * 行.完成)",
            "数.甲 = sum(行.分值 + 行.完成)",
            "数.甲 = sum(行.分值)",
        )
    ]
    assert made == [True, False, False]
