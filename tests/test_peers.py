"""The level of peers in significant figures: rounded exactly, with a half that covers what rounding took, for those who have the figure; and nights over it."""

import shutil
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import nights
from gouji.app import load_book
from gouji.app.run_night import night
from gouji.intake.deriving.worked_out_tables import derive, gather
from gouji.intake.ledger.tables import create
from gouji.results.store import read_table
from gouji.rules import load_rulebook, load_tables, validate
from gouji.run import connect
from making import HEAD
from test_derived import NIGHT_UNITS, WHOSE, file, rule, same_as_full

PEERS = """table: 同批
grain: one
key: [单位代码, 年度]
derived: {{at_least: {least}}}
columns:{whose}  - {{name: 水平, type: money, unit: 元, places: 0, take: {{from: 决算, column: 收入, {more}over: peers, by: median, significant: {figures}}}}}
"""
ACCOUNTS = f"table: 决算\ngrain: one\nkey: [单位代码, 年度]\ncolumns:{WHOSE}  - {{name: 收入, type: money, unit: 元, places: 2}}\n  - {{name: 车, type: count}}\n"
UNITS = f"table: 单位\ngrain: one\nrole: units\nkey: [单位代码, 年度]\ncolumns:{WHOSE}  - {{name: 单位名称, type: text, role: unit_name}}\n"


def level(rows, per=True, figures=2):
    """Of each unit the level of its peers and half of its last place; `rows` are amounts in 元, with a half and a divisor each."""
    peers = PEERS.format(least=1, whose=WHOSE, more="per: 车, " if per else "", figures=figures)
    tables = load_tables(
        {"units.yaml": UNITS, "accounts.yaml": ACCOUNTS, "peers.yaml": peers}
    ).tables
    con = connect()
    for name in ("单位", "决算"):
        create(con, tables[name])
    for number, (amount, half, cars) in enumerate(rows):
        con.execute(
            'INSERT INTO 单位 BY NAME SELECT ? AS "#", ? AS 单位代码, 2023 AS 年度',
            [number, f"U{number:03}"],
        )
        con.execute(
            'INSERT INTO 决算 BY NAME SELECT ? AS "#", ? AS 单位代码, 2023 AS 年度, ? AS 收入, ? AS "收入±", ? AS 车',
            [number, f"U{number:03}", amount, half, cars],
        )
    gather(con, tables, frozenset(tables))
    derive(con, tables, frozenset(tables))
    return {
        unit: (value, half)
        for unit, value, half in con.execute('SELECT 单位代码, 水平, "水平±" FROM 同批').fetchall()
    }


# One figure, and what is made of it: what lies in the middle goes up; the half is one of the last place.
ROUNDED = {
    "0.00": ("0", "0.01"),
    "0.01": ("0.01", "0.01"),
    "0.94": ("0.94", "0.01"),
    "3.14": ("3.1", "0.1"),
    "3.15": ("3.2", "0.1"),
    "9.94": ("9.9", "0.1"),
    "9.95": ("10", "1"),
    "9.99": ("10", "1"),
    "10.49": ("10", "1"),
    "10.50": ("11", "1"),
    "98.50": ("99", "1"),
    "99.49": ("99", "1"),
    "99.50": ("100", "10"),
    "104.99": ("100", "10"),
    "105.00": ("110", "10"),
    "995.00": ("1000", "100"),
    "40949.99": ("41000", "1000"),
    "40499.99": ("40000", "1000"),
    "40500.00": ("41000", "1000"),
    "1234567.89": ("1200000", "100000"),
    "9949999999999.99": ("9900000000000", "100000000000"),
    "9950000000000.00": ("10000000000000", "1000000000000"),
}


@pytest.mark.parametrize("amount", ROUNDED)
def test_two_significant_figures(amount):
    value, half = map(Decimal, ROUNDED[amount])
    assert level([(Decimal(amount), Decimal(0), 1)], per=False) == {"U000": (value, half)}


def test_other_numbers_of_figures():
    one = [(Decimal("40500.00"), Decimal(0), 1)]
    assert [level(one, figures=n)["U000"] for n in (1, 3, 7)] == [
        (40000, 10000),
        (40500, 100),
        (Decimal("40500"), Decimal("0.01")),
    ]


def test_coarse_figures_widen_the_half():
    """Of 100 元 ± 50 on 10: 10 ± 5. One figure is enough for a half, and it is rounded up."""
    assert level([(Decimal(100), Decimal(50), 10)] * 3)["U000"] == (10, 6)
    assert level([(Decimal(0), Decimal(50), 3)] * 3)["U000"] == (0, 20)


def oracle(rows, figures=2):
    """The same in Python, by decimals: the lower one in the middle of quotients in 分, rounded; the half covers the middles of both ends."""

    def cents(amount, cars):
        return (Fraction(amount) * 100 / cars + Fraction(1, 2)).__floor__()

    def middle(found):
        return sorted(found)[(len(found) - 1) // 2]

    usable = [(cents(a, n), -(-Fraction(h) * 1000 // n) + 5) for a, h, n in rows if a >= 0 and n]
    low, exact, high = (middle([10 * r + sign * s for r, s in usable]) for sign in (-1, 0, 1))
    value = Decimal(int(exact)).scaleb(-3)
    near = value.quantize(Decimal(1).scaleb(max(value.adjusted() - figures + 1, -2)), ROUND_HALF_UP)
    last = Decimal(1).scaleb(max(near.adjusted() - figures + 1, -2))
    off = max(near - Decimal(int(low)).scaleb(-3), Decimal(int(high)).scaleb(-3) - near)
    return near, max(last, off.quantize(Decimal(1).scaleb(off.adjusted()), ROUND_UP))


ROW = st.tuples(
    st.integers(0, 10**8).map(lambda n: Decimal(n).scaleb(-2)),
    st.sampled_from([Decimal("0.005"), Decimal("0.5"), Decimal(50)]),
    st.integers(0, 30),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ROW, min_size=1, max_size=7), figures=st.integers(1, 4))
def test_equal_to_python(rows, figures):
    found = level(rows, figures=figures)
    assert set(found) == {f"U{i:03}" for i, (_a, _h, cars) in enumerate(rows) if cars}
    if found:
        value, half = oracle(rows, figures)
        assert set(found.values()) == {(value, half)}
        # No verdict rests on what rounding took: the middles of both ends lie within.
        assert abs(oracle(rows, 12)[0] - value) <= half


WRONG = {
    "of a sum": ("money, unit: 元", "significant: 2", "significant 只用于 by: median"),
    "none at all": ("money, unit: 元", "over: peers, by: median, significant: 0", "1"),
    "a count has no half": (
        "count",
        "column: 车, over: peers, by: median, significant: 2",
        "“收入”是个数，不能写 significant",
    ),
}


@pytest.mark.parametrize(("kind", "take", "said"), WRONG.values(), ids=WRONG)
def test_faults_are_told_with_their_line(kind, take, said):
    peers = f"table: 同批\ngrain: one\nkey: [单位代码, 年度]\nderived: {{}}\ncolumns:{WHOSE}  - {{name: 收入, type: {kind}, take: {{from: 决算, {take}}}}}\n"
    described = {"units.yaml": UNITS, "accounts.yaml": ACCOUNTS, "peers.yaml": peers}
    with pytest.raises(ExceptionGroup) as caught:
        validate(
            load_rulebook({"book.yaml": HEAD.format(total=100, policy="full")}),
            load_tables(described),
        )
    (fault,) = caught.value.exceptions
    assert said in str(fault) and str(fault).startswith("peers.yaml:8")


def test_shipped_levels_are_rounded():
    """Every level of peers that rules are held against keeps two figures: a cent must not have everybody judged again."""
    takes = [
        c.take
        for t in load_book("final-accounts").tables.values()
        for c in t.columns
        if c.take and c.take.over == "peers"
    ]
    assert takes and {take.significant for take in takes} == {2}


PLAIN_PEERS = {
    "units.yaml": NIGHT_UNITS,
    "peers.yaml": PEERS.format(least=2, whose=WHOSE, more="", figures=2).replace(
        "元, places: 0", "万元, places: 0"
    ),
}


@pytest.fixture
def rounded_nights(monkeypatch):
    monkeypatch.setattr(nights, "SCHEMAS", nights.SCHEMAS | PLAIN_PEERS)
    monkeypatch.setattr(
        nights,
        "RULES",
        nights.RULES | {"t12.yaml": rule("T12", "tie_out", "", "决算.收入 <= 同批.水平 * 2")},
    )


def outcome(made, unit, code="T12"):
    return next(
        o for o in read_table(made.folder, "outcomes") if (o["unit"], o["code"]) == (unit, code)
    )


def test_a_cent_moves_nobody_and_a_step_those_who_have_the_figure(tmp_path, rounded_nights):
    root = nights.workspace(tmp_path / "w")
    for unit, income in (("A", "104.00"), ("B", "104.50"), ("C", "300.00"), ("N", None)):
        file(root, unit, income)
    made = night(root)
    assert [outcome(made, unit)["verdict"] for unit in "ABCN"] == ["平", "平", "不平", "无法判断"]
    assert (
        "100万元" in outcome(made, "C")["working"]
        and "约数，取 2 位有效数字" in outcome(made, "C")["places"]
    )
    # The level is for those who have the figure: N has none, and that is what is told.
    assert outcome(made, "N")["gaps"] == "已报的数不足以得出 同批(水平)、缺 决算.收入"
    file(root, "B", "104.51")
    made = night(root)
    assert made.work.judged == ["B"]
    same_as_full(root, made, tmp_path)
    file(root, "B", "106.00")
    made = night(root)
    assert made.work.judged == ["A", "B", "C"] and outcome(made, "C")["verdict"] == "不平"
    same_as_full(root, made, tmp_path)
    # N sends its figure and is held against the level from now on; four units, the lower one in the middle is B's still.
    file(root, "N", "240.00")
    made = night(root)
    assert made.work.judged == ["N"] and outcome(made, "N")["verdict"] == "平(尾差内)"
    same_as_full(root, made, tmp_path)


INCOMES = ["94.99", "95.00", "99.49", "104.99", "105.00", "105.01", "0.00", "-1.00", "", "x"]
STEP = st.dictionaries(
    st.sampled_from("ABCD"), st.one_of(st.none(), st.sampled_from(INCOMES)), min_size=1, max_size=4
)


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(steps=st.lists(STEP, min_size=2, max_size=4), batch=st.sampled_from([1, 200]))
def test_incremental_equals_full_across_steps(tmp_path_factory, rounded_nights, steps, batch):
    root = nights.workspace(
        tmp_path_factory.mktemp("night") / "w", nights.CONFIG + f"batch: {batch}\n"
    )
    for unit in "ABCD":
        file(root, unit, "105.00")
    for step in [{}, *steps]:
        for name, income in step.items():
            if income is None:
                shutil.rmtree(root / "submissions" / name, ignore_errors=True)
            else:
                file(root, name, income)
        same_as_full(root, night(root), tmp_path_factory.mktemp("full"))


BATCH = [
    (amount and Decimal(amount), Decimal(0), cars)
    for amount, cars in (
        ("10.00", 1),
        ("20.00", 1),
        ("30.00", 1),
        ("900.00", 1),
        ("5.00", 0),
        (None, 1),
    )
]


def test_whom_the_level_is_for():
    assert level(BATCH) == {f"U00{i}": (20, 1) for i in range(4)}
