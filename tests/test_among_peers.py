"""Mean, greatest, least, rank and percentile among peers: by hand, and held against plain Python; nothing while one of the peers is missing."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.intake.deriving.worked_out_tables import derive, gather
from gouji.intake.ledger.tables import create
from gouji.rules import load_tables
from gouji.run import connect
from test_derived import WHOSE

UNITS = f"table: 单位\ngrain: one\nrole: units\nkey: [单位代码, 年度]\ncolumns:{WHOSE}  - {{name: 单位名称, type: text, role: unit_name}}\n  - {{name: 类型, type: text}}\n  - {{name: 停用, type: text}}\n"
LIST = f"table: 应报清单\ngrain: one\nrole: expected\nkey: [单位代码, 年度]\ncolumns:{WHOSE}  - {{name: 单位名称, type: text, role: unit_name}}\n"
FIGURES = f"table: 决算\ngrain: one\nkey: [单位代码, 年度]\ncolumns:{WHOSE}  - {{name: 收入, type: money, unit: 元, places: 2}}\n  - {{name: 车, type: count}}\n"
COLUMNS = {
    "均": "type: money, unit: 元, places: 2, take: {from: 决算, column: 收入, over: peers, by: mean%s}",
    "高": "type: money, unit: 元, places: 2, take: {from: 决算, column: 收入, over: peers, by: max%s}",
    "低": "type: money, unit: 元, places: 2, take: {from: 决算, column: 收入, over: peers, by: min%s}",
    "名次": "type: count, take: {from: 决算, column: 收入, over: peers, by: rank%s}",
    "倒数": "type: count, take: {from: 决算, column: 收入, over: peers, by: rank, lowest_first: true%s}",
    "位": "type: percent, places: 2, take: {from: 决算, column: 收入, over: peers, by: percentile%s}",
    "车均": "type: number, places: 2, take: {from: 决算, column: 车, over: peers, by: mean%s}",
}


def tables_of(more=""):
    lines = "".join(f"  - {{name: {name}, {text % more}}}\n" for name, text in COLUMNS.items())
    peers = f"table: 同批\ngrain: one\nkey: [单位代码, 年度]\nderived: {{}}\ncolumns:{WHOSE}{lines}"
    return load_tables(
        {"units.yaml": UNITS, "list.yaml": LIST, "accounts.yaml": FIGURES, "peers.yaml": peers}
    ).tables


def among(figures, *, kinds=None, expected=(), more="", out=()):
    """Of each unit (code -> (收入, 车), None for a unit that sent no figures) the columns worked out among its peers."""
    tables, con = tables_of(more), connect()
    for name in ("单位", "应报清单", "决算"):
        create(con, tables[name])
    for number, (unit, row) in enumerate(figures.items()):
        con.execute(
            'INSERT INTO 单位 BY NAME SELECT ? AS "#", ? AS 单位代码, 2023 AS 年度, ? AS 类型, ? AS 停用',
            [number, unit, (kinds or {}).get(unit), "是" if unit in out else "否"],
        )
        if row is not None:
            con.execute(
                'INSERT INTO 决算 BY NAME SELECT ? AS "#", ? AS 单位代码, 2023 AS 年度, ? AS 收入, 0.005 AS "收入±", ? AS 车',
                [number, unit, *row],
            )
    for number, unit in enumerate(expected):
        con.execute(
            'INSERT INTO 应报清单 BY NAME SELECT ? AS "#", ? AS 单位代码, 2023 AS 年度',
            [number, unit],
        )
    gather(con, tables, frozenset(tables))
    derive(con, tables, frozenset(tables))
    found = con.execute(f"SELECT 单位代码, {', '.join(COLUMNS)} FROM 同批 ORDER BY 1").fetchall()
    return {unit: tuple(rest) for unit, *rest in found}


def yuan(*amounts):
    return {f"U{i}": (Decimal(a), i + 1) for i, a in enumerate(amounts)}


def test_by_hand():
    """Of 10, 40 and 25: mean 25, from 10 to 40; ranks; shares of the others below; 1, 2 and 3 cars are 2 on average."""
    assert among(yuan("10", "40", "25")) == {
        "U0": (25, 40, 10, 3, 1, 0, 2),
        "U1": (25, 40, 10, 1, 3, 1, 2),
        "U2": (25, 40, 10, 2, 2, Decimal("0.5"), 2),
    }


def test_equal_figures_share_a_rank():
    assert [row[3:5] for row in among(yuan("5", "5", "1")).values()] == [(1, 2), (1, 2), (3, 1)]


def test_only_within_a_kind():
    found = among(
        yuan("10", "40", "25"), kinds={"U0": "县", "U1": "县", "U2": "市"}, more=", within: 类型"
    )
    assert [row[:4] for row in found.values()] == [
        (25, 40, 10, 2),
        (25, 40, 10, 1),
        (25, 25, 25, 1),
    ]


NOTHING = {
    "a unit of the list has not filed": {"expected": ["U0", "U1", "U9"]},
    "a unit that filed sent no figures": {"figures": {**yuan("1", "2"), "U9": None}},
    "its figure was left blank": {"figures": {**yuan("1", "2"), "U9": (None, 3)}},
    "a unit of no known kind": {"kinds": {"U0": "县"}, "more": ", within: 类型"},
}


@pytest.mark.parametrize("case", NOTHING.values(), ids=NOTHING)
def test_no_figure_before_all_have_theirs(case):
    given_here = {"figures": yuan("1", "2"), **case}
    found = among(**given_here)
    assert all(row[:6] == (None,) * 6 for row in found.values()), found


def test_who_does_not_count_is_not_waited_for():
    found = among({**yuan("1", "2"), "U9": None}, out=["U9"], more=", without: {停用: 是}")
    assert [row[0] for row in found.values()] == [Decimal("1.5"), Decimal("1.5")]


def test_a_unit_alone_has_no_percentile():
    assert among(yuan("7"))["U0"][3:6] == (1, 1, None)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=7))
def test_as_python_has_it(amounts):
    figures = {f"U{i}": (Decimal(a) / 100, abs(a)) for i, a in enumerate(amounts)}
    exact = [Fraction(a, 100) for a in amounts]
    for at, row in enumerate(among(figures).values()):
        assert abs(Fraction(row[0]) - sum(exact) / len(exact)) <= Fraction(1, 200)
        assert (Fraction(row[1]), Fraction(row[2])) == (max(exact), min(exact))
        assert row[3] == 1 + sum(x > exact[at] for x in exact)
        assert row[4] == 1 + sum(x < exact[at] for x in exact)
        share = Fraction(sum(x < exact[at] for x in exact), len(exact) - 1)
        assert abs(Fraction(row[5]) - share) <= Fraction(1, 2_000_000)
