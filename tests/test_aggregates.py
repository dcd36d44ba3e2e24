"""Sums over rows of which some lack their figure: without value, whatever the others are and however many lack it."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.expression import nodes as n
from gouji.expression.parse import MeasureFault, parse_measure
from gouji.plan.engine.printing import printed
from gouji.plan.grouping.row_sql import ROWS_AT_MOST, RowSteps, Source, aggregate
from making import book_of, tie_text

TABLE = book_of({"t.yaml": tie_text("T01", "数.甲 = 数.乙")}).tables["明细"]
KEY = ("明细", "金额")
# Nine digits before the point: the most for which a row without figure can stand in the sum itself.
GREATEST = "999999999.99"
amounts = st.one_of(
    st.none(),
    st.sampled_from(["0.00", GREATEST, f"-{GREATEST}"]),
    st.integers(-(10**11) + 1, 10**11 - 1).map(lambda v: f"{v // 100}.{v % 100:02}"),
)


def summed(rows, where=None, limits=None):
    """The sum of 金额 as a grouping has it, in 分, over rows of (金额, 是否); and the SQL of it."""
    made = aggregate(
        n.Aggregate("sum", "明细", "金额", where),
        Source(TABLE, "明细", False, limits or {}),
        "",
        RowSteps("明细"),
    )
    bound, sql = made.bound, printed(made.sql)
    with duckdb.connect() as con:
        con.execute("CREATE TABLE 明细 (金额 DECIMAL(18, 2), 是否 VARCHAR)")
        if rows:
            con.execute(
                "INSERT INTO 明细 SELECT unnest(?), unnest(?)",
                [[r[0] for r in rows], [r[1] for r in rows]],
            )
        (value,) = con.execute(f"SELECT {sql} FROM 明细").fetchone()
    assert value is None or abs(value) <= bound
    return value, sql


def expected(rows):
    cents = [None if amount is None else int(amount.replace(".", "")) for amount, _ in rows]
    return None if None in cents else sum(cents)


@given(st.lists(st.tuples(amounts, st.sampled_from(["是", "否"])), max_size=12))
def test_small_and_large_sums_mean_the_same(rows):
    yes = n.Compare("=", n.Word("明细", "是否"), n.Text("是"))
    for where, counting in ((None, rows), (yes, [r for r in rows if r[1] == "是"])):
        for limits in ({}, {KEY: 9}):
            assert summed(rows, where, limits)[0] == expected(counting)


@pytest.mark.parametrize("lacking", [1, 2, 50, 5_000])
@pytest.mark.parametrize("amount", [GREATEST, f"-{GREATEST}"])
def test_no_number_of_figures_makes_up_for_one_that_is_lacking(amount, lacking):
    rows = [(amount, "是")] * 10_000
    assert summed(rows, limits={KEY: 9})[0] == expected(rows)
    value, sql = summed(rows + [(None, "是")] * lacking, limits={KEY: 9})
    assert value is None
    assert "IS NULL" not in sql and str(2 * 10**11 * ROWS_AT_MOST + 1) in sql


@pytest.mark.parametrize("func", ["sum", "count", "min", "max"])
def test_the_year_before_stands_around_an_aggregate(func):
    """Within it the year was lost, and this year's rows were added up without a word."""
    assert parse_measure(f"上年({func}(明细.金额))").prior
    for more in ("", " filter (where 明细.项目 = '甲')"):
        with pytest.raises(MeasureFault):
            parse_measure(f"{func}(上年(明细.金额)){more}")
