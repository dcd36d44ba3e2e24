"""Self-scores packed in whole numbers of 64 bits: one comparison says of several whether all are as given, and each is read back."""

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.plan.engine.printing import printed
from gouji.plan.grouping import bit_fields as packed
from gouji.plan.grouping.facts import Facts
from making import YEAR, book_of, tie_text

TABLES = book_of({"t.yaml": tie_text("T01", "数.甲 = 数.乙")}).tables
SCORES = TABLES["自评得分"]
# Weights of seven criteria in hundredths: more than one whole number holds.
WEIGHTS = {f"C{i}": weight for i, weight in enumerate((100, 750, 400, 200, 50, 1000, 300), 1)}


def asked(own, given_ones, weights=WEIGHTS, digits=1):
    """Own scores as they are read back, and what each pack says of those given; hundredths by code."""
    facts = Facts(TABLES, frozenset(), YEAR, {("自评得分", "得分"): digits})
    made = packed.scores(facts, SCORES, weights)
    (grouping,) = facts.groupings().values()
    literals = {code: packed.sql.whole(value) for code, value in given_ones.items()}
    told = [*made.own.values(), *(p.same(literals) for p in made.packs)]
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE 自评得分 (单位代码 VARCHAR, 年度 INTEGER, 指标代码 VARCHAR, 得分 DECIMAL(18, 2))"
        )
        for code, value in own.items():
            con.execute(
                "INSERT INTO 自评得分 VALUES ('甲', ?, ?, ?)", [YEAR, code, Decimal(value) / 100]
            )
        columns = ", ".join(f'"{title}"' for title in facts.columns)
        found = con.execute(
            f"SELECT {', '.join(map(printed, told))} FROM (SELECT {columns} FROM ({printed(grouping)}))"
        ).fetchone()
    read = dict(zip(weights, found[: len(weights)], strict=True))
    return read, dict(zip((p.codes for p in made.packs), found[len(weights) :], strict=True))


@given(st.fixed_dictionaries({}, optional={c: st.integers(-999, 999) for c in WEIGHTS}), st.data())
def test_each_pack_says_whether_all_its_scores_are_as_given(own, data):
    given_ones = {
        c: own[c]
        if own.get(c, -1) in range(w + 1) and data.draw(st.integers(0, 9))
        else data.draw(st.integers(0, w))
        for c, w in WEIGHTS.items()
    }
    own = own or {"C1": 0}
    read, told = asked(own, given_ones)
    assert read == {c: own.get(c) for c in WEIGHTS}
    assert sum(map(len, told)) == len(WEIGHTS) and len(told) > 1
    for codes, same in told.items():
        assert (same is True) == all(own.get(c) == given_ones[c] for c in codes), codes


def test_what_is_given_may_be_greater_than_any_score_sent():
    """Were there room for scores sent alone, 20.00 and 1.00 would add up to the same as -0.48 and 1.01."""
    read, told = asked({"A": -48, "B": 101}, {"A": 2000, "B": 100}, {"A": 2000, "B": 2000})
    assert read == {"A": -48, "B": 101} and set(told.values()) == {False}


@pytest.mark.parametrize("digits, packs", [(1, True), (2, True), (4, False)])
def test_large_scores_take_128_bits_and_are_compared_one_by_one(digits, packs):
    read, told = asked(WEIGHTS, WEIGHTS, digits=digits)
    assert read == WEIGHTS and bool(told) is packs and all(told.values())
