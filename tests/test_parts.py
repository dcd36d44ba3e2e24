"""How many units are judged at a time: parts of units, whatever the order they were sent in."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.run.batches import part_ends

YEAR = 2023


def expected(units, size, rest):
    """First and last code and number of units of every part, one by one."""
    units, made = sorted(set(units)), []
    while units:
        take = len(units) if len(units) <= size * (1 + rest) else size
        made.append((units[0], units[take - 1], take))
        units = units[take:]
    return made


@given(
    st.data(),
    st.lists(st.text("ABC1", min_size=1, max_size=3), max_size=60),
    st.integers(1, 20),
    st.sampled_from([0, 0.1, 0.5]),
)
def test_parts_are_cut_in_the_order_of_codes(data, units, size, rest):
    order = data.draw(st.sampled_from(["as drawn", "in order", "once in order"]))
    rows = units if order == "as drawn" else sorted(units if order == "in order" else set(units))
    with duckdb.connect() as con:
        con.execute("CREATE TABLE 单位 (单位代码 VARCHAR, 年度 INTEGER)")
        if rows:
            con.execute("INSERT INTO 单位 SELECT unnest(?), ?", [rows, YEAR])
        con.execute("INSERT INTO 单位 VALUES ('of another year', ?)", [YEAR - 1])
        assert part_ends(con, "单位代码", "单位", "年度", YEAR, size, rest) == expected(
            rows, size, rest
        )


@pytest.mark.parametrize(
    "units, sizes", [(10, [10]), (11, [11]), (12, [10, 2]), (21, [10, 11]), (22, [10, 10, 2])]
)
def test_a_rest_goes_with_the_part_before_it(units, sizes):
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE 单位 AS SELECT printf('U%03d', n) AS 单位代码, {YEAR} AS 年度 FROM range({units}) AS r(n)"
        )
        assert [
            count for _, _, count in part_ends(con, "单位代码", "单位", "年度", YEAR, 10, 0.1)
        ] == sizes
