"""Locating the wrong figure: the planted faults of the county, slips planted by the dozen, the search against brute force, published cases of others."""

import csv
import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.app import audit
from gouji.app.locating import case_of, cells_of, locate_unit
from gouji.app.slip_trials import clean_unit
from gouji.app.unit_layout import steps_of
from gouji.base.verdict import Verdict
from gouji.expression.figures import Printed
from gouji.locate import CellRef, Kinds, Relation, event_of, locate
from gouji.locate.causes import parts_of
from gouji.locate.planting import Plant, whole_columns
from gouji.locate.search import Search
from gouji.locate.slips import CopySources
from gouji.rules.locate_file import USUAL, How
from locating_records import names, solved
from planting import planted

DEMO = Path(__file__).parent.parent / "datasets" / "county-demo"
# Units whose fault lies in their own cells, and those whose cause is another unit's figure, a code, or a copy.
OWN = ("X003", "X005", "X007", "X009", "X011", "X013", "X026", "X029", "X031", "X033", "X035")
ELSEWHERE = ("X016", "X020", "X034", "X045")


@pytest.fixture(scope="module")
def county():
    made = audit(DEMO, "final-accounts")
    return made, {
        card.unit: frozenset(line.rule.code for line in card.findings) for card in made.scorecards
    }


@pytest.fixture(scope="module")
def clean(county):
    made, failing = county
    return [
        clean_unit(made.book, made.submission, unit)
        for unit in sorted(failing)
        if not failing[unit]
    ][:3]


def truth():
    found = {}
    with (DEMO / "expect" / "truth.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["单位代码"], set()).add((row["工作表"], row["格子"]))
    return found


@pytest.mark.parametrize("unit", OWN)
def test_the_planted_fault_is_the_only_answer(county, unit):
    made, failing = county
    located, cells = locate_unit(made.book, made.submission, unit, failing[unit])
    (cause,) = located.causes
    assert len(cause.answers) == 1 and located.unexplained == ()
    assert {
        (cells.sent[c.cell].at.sheet, cells.sent[c.cell].at.cell) for c in cause.best
    } == truth()[unit]
    # What is proposed puts every rule in order, judged by the rules themselves.
    assert cells.unbalanced(failing[unit], {c.cell: c.proposed for c in cause.best}) == frozenset()


@pytest.mark.parametrize("unit", ELSEWHERE)
def test_what_lies_outside_the_unit_has_no_answer(county, unit):
    made, failing = county
    located, _cells = locate_unit(made.book, made.submission, unit, failing[unit])
    assert located.causes == () and set(located.unexplained) == failing[unit] != set()


@pytest.mark.parametrize("at_once, number, first", [(1, 80, 0.95), (2, 15, 0.95), (3, 6, 0.9)])
def test_planted_slips_are_located(clean, at_once, number, first):
    """A sample of what `benchmarks/locating.py` plants by the thousand."""
    found = planted(clean, number, random.Random(at_once), at_once)
    of = found.counts["all"]
    group = "all" if at_once == 1 else "equations 2+"
    assert found.share("first", group) >= first, (found.counts, found.missed)
    assert found.share("three", group) >= (0.97 if at_once == 1 else first - 0.05), found.missed
    assert of["certain and wrong"] == 0 and of["certain"] > of["noticed"] // 2
    assert of["again"] >= of["noticed"] // 10 and of["broken"] == 0


def test_there_are_many_kinds_of_slip():
    assert len(USUAL.slips) >= 15 and {kind.how for kind in USUAL.slips} == set(How)


def test_a_column_in_the_wrong_unit_is_one_cause(clean):
    unit, found = clean[0], 0
    kind = next(k for k in USUAL.slips if k.slip == "元当万元")
    for plant in whole_columns(unit.soil, kind):
        if {unit.equations.get(ref, 0) for ref in plant.values} == {0}:
            continue
        located, _cells = unit.located(plant)
        if located is None or not located.causes:
            continue
        found += 1
        assert any(
            {c.cell for c in cause.best} >= set(plant.values) and event_of(cause.best) == kind
            for cause in located.causes
        ) or all(len(cause.best) == 1 for cause in located.causes), plant
    assert found >= 3


def test_a_line_left_out_is_named_with_its_amounts(clean):
    unit = clean[0]
    table, row = next(
        (t, r) for t, r in sorted(unit.soil.leaves) if unit.planted(Plant(KIND_LINE, {}, (t, r)))[1]
    )
    located, cells = unit.located(Plant(KIND_LINE, {}, (table, row)))
    own = unit.cells.figures.many[table][row]
    for change in located.causes[0].best:
        assert change.cell.table == table and cells.is_new(change.cell)
        assert own[change.cell.column].value == change.proposed
    assert event_of(located.causes[0].best).how is How.LINE


KIND_LINE = Kinds().named(How.LINE)


def test_the_linear_form_says_what_the_verdict_says(county):
    """Of every rule and unit whose relations have a form: some relation is off if and only if the rule is 不平."""
    made, failing = county
    seen = 0
    for unit in sorted(failing)[:12]:
        cells = cells_of(made.book, made.submission, unit)
        broken = {}
        for relation in cells.relations():
            broken[relation.code] = broken.get(relation.code, False) or relation.fails
        verdicts = {
            line.outcome.code: line.outcome.verdict
            for card in made.scorecards
            if card.unit == unit
            for line in (*card.tie_outs, *card.table_rules)
        }
        for code, off in broken.items():
            if verdicts[code] is not Verdict.UNASSESSABLE:
                seen += 1
                assert off == (verdicts[code] is Verdict.UNBALANCED), (unit, code)
    assert seen > 1000


def test_scores_are_proposed_with_their_places(county):
    """A score is exact and has places all the same; a count has none."""
    printed = {
        CellRef("项目支出绩效自评表", 0, "执行率得分"): Printed(Fraction("10.61"), Fraction(0)),
        CellRef("项目支出绩效自评表", 0, "总得分"): Printed(Fraction(98), Fraction(0)),
        CellRef("国有资产使用情况表", 0, "车辆数"): Printed(Fraction(5), Fraction(0)),
        CellRef("国有资产使用情况表", 0, "资产总额"): Printed(Fraction(59750000), Fraction(50)),
    }
    found = steps_of(county[0].book, printed)
    assert {ref.column: step for ref, step in found.items()} == {
        "执行率得分": Fraction(1, 100),
        "总得分": Fraction(1, 100),
    }


def test_order_changes_nothing(county):
    made, failing = county
    _located, cells = locate_unit(made.book, made.submission, "X013", failing["X013"])
    case = case_of(cells, failing["X013"])
    shuffled = list(case.near)
    random.Random(4).shuffle(shuffled)
    assert locate(case) == locate(replace(case, near=shuffled))


# The search against brute force.

CELLS = sorted(CellRef("表", 0, name) for name in "甲乙丙丁")
signs = st.sampled_from([-1, 0, 0, 1])
relations = st.lists(
    st.tuples(
        st.tuples(*[signs] * len(CELLS)),
        st.integers(-3, 3),
        st.sampled_from(["=", "=", "<=", ">="]),
    ),
    min_size=1,
    max_size=4,
)


def made_of(drawn):
    return [
        Relation(
            f"R{n}",
            "",
            op,
            tuple((cell, Fraction(c)) for cell, c in zip(CELLS, form, strict=True) if c),
            Fraction(gap),
            Fraction(0),
        )
        for n, (form, gap, op) in enumerate(drawn)
        if any(form)
    ]


def fits(relation, change):
    moved = sum((c * change.get(cell, 0) for cell, c in relation.terms), Fraction(0))
    low, high = relation.allowed
    return (low is None or moved >= low) and (high is None or moved <= high)


# The corners of two inequalities with coefficients of 1 lie on halves.
HALVES = [Fraction(n, 2) for n in range(-12, 13)]


def brute(given_, failing, size):
    """Every set of so many cells with a change that puts the failing relations in order and breaks none it touches."""
    found = set()
    for chosen in combinations(CELLS, size):
        touched = [r for r in given_ if any(cell in chosen for cell, _c in r.terms)]
        if all(r in touched for r in failing) and any(
            all(fits(r, dict(zip(chosen, move, strict=True))) for r in touched)
            for move in product(HALVES, repeat=size)
        ):
            found.add(chosen)
    return found


@settings(max_examples=150, deadline=None)
@given(relations)
def test_the_search_finds_every_smallest_set(drawn):
    given_ = made_of(drawn)
    for part in parts_of([r for r in given_ if r.fails]):
        one, two = (
            Search(given_, frozenset(), {}, 100_000).minimal(
                part.failing, Fraction(size - 1), Fraction(size), size
            )
            for size in (1, 2)
        )
        single = {a.cells for a in one.answers}
        assert one.whole and two.whole and single == brute(given_, part.failing, 1)
        # A set that holds an answer already is none of the smallest.
        assert {a.cells for a in two.answers if not holds(a.cells, single)} == {
            c for c in brute(given_, part.failing, 2) if not holds(c, single)
        }


def holds(cells, smaller):
    return any(set(one) <= set(cells) for one in smaller)


# Kinds of slip, and small records.

TYPED = {
    "swapped": ("123", "132", "相邻两位颠倒"),
    "swapped at the end": ("4213", "4231", "相邻两位颠倒"),
    "one more": ("1134", "134", "重一位"),
    "one more, other": ("1934", "134", "多一位"),
    "one fewer": ("34", "134", "少一位"),
    "another digit": ("174", "134", "错一位"),
    "sign": ("-180", "180", "正负号"),
    "ten thousand": ("62100", "6.21", "元当万元"),
    "ten thousand, the other way": ("6.21", "62100", "万元当元"),
    "point": ("1881.6", "188.16", "小数点移位"),
    "point, the other way": ("18.81", "188.1", "小数点左移"),
    "thousand": ("188160", "188.16", "差一千倍"),
    "blank": ("0", "5", "漏填"),
}


@pytest.mark.parametrize("printed, right, slip", TYPED.values(), ids=TYPED)
def test_kinds_of_slip(printed, right, slip):
    found = Kinds().between(Fraction(printed), Fraction(right), 2)
    assert slip in [kind.slip for kind in found]


def test_copies_and_percents():
    kinds = Kinds()
    around = CopySources(frozenset({Fraction(731)}), frozenset({Fraction(842)}), Fraction(953))
    for printed, slip in ((731, "抄了相邻行"), (842, "抄了相邻栏"), (953, "抄了上年数")):
        assert slip in [k.slip for k in kinds.between(Fraction(printed), Fraction(51), 0, around)]
    # Full marks stand in every line: that says nothing of where they come from.
    marks = CopySources(frozenset({Fraction(1000)}))
    assert kinds.between(Fraction(1000), Fraction(947), 0, marks) == ()
    hundred = {
        p: [k.slip for k in kinds.between(Fraction(6067), Fraction(6067, 100), 2, None, p)]
        for p in (True, False)
    }
    assert hundred[True][0] == "百分比大一百倍" and hundred[False] == ["小数点移两位"]


def test_a_swapped_total_in_two_equations():
    (cause,) = solved(
        {"成本": 755, "收入": 1000, "利润": 254, "税前": 245},
        [("=", {"收入": 1, "成本": -1, "利润": -1}), ("=", {"利润": 1, "税前": -1})],
    ).causes
    assert (
        names(cause) == [{"利润"}]
        and cause.best[0].proposed == 245
        and [k.slip for k in cause.best[0].slips] == ["相邻两位颠倒"]
        and cause.certain
    )


@pytest.mark.parametrize("scale", [1, 10**7, 10**12])
def test_large_values_are_like_small_ones(scale):
    """errorlocate's issues 30 and 36: from 1e7 on every field was wrong; here a scale changes nothing."""
    values = {name: v * scale for name, v in {"甲": 755, "乙": 1000, "丙": 254, "丁": 245}.items()}
    (cause,) = solved(
        values, [("=", {"乙": 1, "甲": -1, "丙": -1}), ("=", {"丙": 1, "丁": -1})]
    ).causes
    assert names(cause) == [{"丙"}]


def test_certified_figures_are_never_blamed():
    (cause,) = solved(
        {"甲": 1, "乙": 2, "丙": 4}, [("=", {"甲": 1, "乙": 1, "丙": -1})], fixed=("丙", "甲")
    ).causes
    assert names(cause) == [{"乙"}]


def test_an_exchange_is_one_cause():
    (cause,) = solved(
        {"甲": 30, "乙": 70, "甲合计": 70, "乙合计": 30, "三": 5},
        [("=", {"甲": 1, "甲合计": -1}), ("=", {"乙": 1, "乙合计": -1})],
    ).causes[:1]
    assert cause.answers


def test_ties_stay_ties():
    (cause,) = solved({"甲": 11, "乙": 23, "丙": 57}, [("=", {"甲": 1, "乙": 1, "丙": -1})]).causes
    assert sorted(map(sorted, names(cause))) == [["丙"], ["乙"], ["甲"]] and not cause.certain


def test_what_fails_within_one_unit_of_money_is_no_slip_of_units():
    """Ten thousand times smaller every difference of these three hides in rounding; that is no explanation."""
    values = {"收入减少": 919200, "支出减少": 932600, "人员减少": 958000}
    equal = [("=", {a: 1, b: -1}) for a, b in combinations(values, 2)]
    (cause,) = solved(values, equal, half=50).causes
    pairs = [set(pair) for pair in combinations(values, 2)]
    assert all(cells in pairs for cells in names(cause)) and len(cause.answers) == 3
