"""Slips that no equation over the printed cells shows by itself: a line left out that a sum over its code lacks, an exchange with a figure that no equation reads,
figures that only have to be above something."""

from fractions import Fraction
from pathlib import Path

import pytest

from gouji.app import audit
from gouji.app.slip_trials import clean_unit
from gouji.expression.figures import Printed
from gouji.locate import Cause, CellFacts, CellRef, Change, Kinds, Located, event_of, locate
from gouji.locate.causes import without_parts
from gouji.locate.planting import Plant
from gouji.report.unit.cause_lines import cause_rows
from gouji.rules.locate_file import How
from locating_records import case_of_record, names, solved

DEMO = Path(__file__).parent.parent / "datasets" / "county-demo"
LINE = Kinds().named(How.LINE)
FUNCTIONS, ECONOMIC = "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款基本支出决算表"
SUBSIDIES = "对附属单位补助明细"
UNITS = ("X008", "X018", "X024", "X025", "X040")
THREE, BUYING = "财政拨款三公经费和机关运行经费情况表", "政府采购情况表"


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """Some units of the county without findings."""
    folder = tmp_path_factory.mktemp("county")
    for file in [f for unit in UNITS for f in DEMO.glob(f"{unit}*")] + [DEMO / "dataset.yaml"]:
        (folder / file.name).write_bytes(file.read_bytes())
    made = audit(folder, "final-accounts")
    return {unit: clean_unit(made.book, made.submission, unit) for unit in UNITS}


def told(unit, located, cells):
    rows = cause_rows(located, cells.sent, unit.cells.book.tables, cells.line_words)
    return [row.line for row in rows]


# Unit, table and code of the line that is left out -> codes that may stand there, the rules that this explains.
LEFT_OUT = {
    "the only part of the line above it": ("X008", FUNCTIONS, "2210201", {"2210201"}, {"FE15"}),
    "one of two that a sum takes": ("X018", FUNCTIONS, "2101101", {"2101101", "2101102"}, {"FE22"}),
    "a sum over its code and the total": ("X024", ECONOMIC, "30217", {"30217"}, {"FE09", "FG26"}),
}


@pytest.mark.parametrize("name, table, code, codes, rules", LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_line_left_out_is_named_by_its_code(units, name, table, code, codes, rules):
    unit = units[name]
    rows = unit.cells.figures.many[table]
    (row,) = [n for n, line in enumerate(rows) if line["科目编码"] == code]
    located, cells = unit.located(Plant(LINE, {}, (table, row)))
    (cause,) = located.causes
    assert set(cause.codes) == rules and located.unexplained == () and not cause.certain
    assert {answer[0].cell.code for answer in cause.answers} == codes
    for answer in cause.answers:
        assert event_of(answer).how is How.LINE
        for change in answer:
            own = rows[row][change.cell.column]
            assert change.cell.table == table and own.value == change.proposed
            assert cells.is_new(change.cell)
    (line,) = told(unit, located, cells)
    assert all(f"{one} 一行" in line for one in codes)
    assert ("多半漏了一行，补上就全平" in line) is (len(codes) == 1)


def test_an_exchange_with_a_figure_that_no_equation_reads(units):
    """The total alone would do; that its neighbour holds just its figure is told as well, and neither is certain."""
    unit = units["X025"]
    one, other = (
        next(r for r in sorted(unit.soil.figures) if (r.table, r.column) == (BUYING, column))
        for column in ("政府采购支出合计", "政府采购预算数")
    )
    figures = unit.soil.figures
    located, _cells = unit.located(
        Plant(LINE, {one: figures[other].value, other: figures[one].value})
    )
    (cause,) = located.causes
    assert names(cause) == [{one.column, other.column}, {one.column}] and not cause.certain
    assert event_of(cause.best).how is How.EXCHANGE


# Figure, what is printed instead of it -> rules that notice it, and what is proposed in words.
ABOVE = {
    "zero where there is some": ("公务用车保有量", 0, {"FG09"}, "到"),
    "a sign in a denominator": ("公务用车保有量", "-{}", {"FG09", "FG16"}, "{}"),
    "zero, up to another figure": ("国内公务接待批次", 0, {"FG10"}, "1批次 到"),
}


@pytest.mark.parametrize("column, wrong, rules, words", ABOVE.values(), ids=ABOVE)
def test_a_figure_that_only_has_to_be_above_another(units, column, wrong, rules, words):
    unit = units["X025"]
    ref = next(r for r in sorted(unit.soil.figures) if (r.table, r.column) == (THREE, column))
    right = unit.soil.figures[ref].value
    located, cells = unit.located(Plant(LINE, {ref: Fraction(str(wrong).format(right))}))
    (cause,) = located.causes
    assert names(cause) == [{column}] and set(cause.codes) == rules and not cause.certain
    low, high = cause.best[0].low, cause.best[0].high
    assert low <= right and (high is None or right <= high)
    (line,) = told(unit, located, cells)
    assert words.format(right) in line


def test_a_rate_is_proposed_as_it_rounds(units):
    unit = units["X025"]
    ref = next(
        r for r in sorted(unit.soil.figures) if (r.table, r.column) == (BUYING, "小微企业合同占比")
    )
    located, _cells = unit.located(Plant(LINE, {ref: Fraction(1, 10000)}))
    (cause,) = located.causes
    (answer,) = [a for a in cause.answers if [c.cell for c in a] == [ref]]
    assert answer[0].proposed == unit.soil.figures[ref].value and not answer[0].free


def test_one_digit_for_another_says_nothing_of_a_single_digit():
    found = Kinds().between(Fraction(2), Fraction(4), 0)
    assert found == () and Kinds().between(Fraction(22), Fraction(24), 0) != ()


def test_a_strict_bound_is_not_met_at_its_very_end():
    (cause,) = solved({"车": 0, "费": 7}, [(">", {"车": 1})]).causes
    assert names(cause) == [{"车"}] and cause.best[0].low == 1 and cause.best[0].free


def test_what_one_equation_asks_for_is_not_free():
    (cause,) = solved({"甲": 1, "乙": 2, "合": 9}, [("=", {"甲": 1, "乙": 1, "合": -1})]).causes
    assert not any(change.free for answer in cause.answers for change in answer)


def test_a_case_without_codes_knows_no_lines():
    case = case_of_record({"甲": 1, "乙": 2}, [("=", {"甲": 1, "乙": -1})])
    assert case.layout.coded == {} and isinstance(case.facts, CellFacts)
    assert isinstance(next(iter(case.facts.figures.values())), Printed) and locate(case).causes


def test_two_slips_each_settle_their_own(units):
    """Of two slips neither puts everything in order, and neither says so."""
    unit = units["X025"]
    refs = [
        next(r for r in sorted(unit.soil.figures) if (r.table, r.column) == (table, column))
        for table, column in ((BUYING, "政府采购支出合计"), (THREE, "三公经费合计决算数"))
    ]
    wrong = {ref: unit.soil.figures[ref].value * 10 for ref in refs}
    located, cells = unit.located(Plant(LINE, wrong))
    assert {c.cell for cause in located.causes for c in cause.best} == set(refs)
    lines = told(unit, located, cells)
    assert len(lines) == 2 and all("消去这处不平" in x and "全平" not in x for x in lines)
    (alone,) = told(unit, *unit.located(Plant(LINE, {refs[0]: wrong[refs[0]]})))
    assert "改了就全平" in alone


def test_an_exchange_over_two_relations_is_one_cause():
    """Two lines exchanged, each read by an equation of its own: one slip, not two."""
    (cause,) = solved(
        {"甲": 317, "乙": 702, "甲数": 702, "乙数": 317},
        [("=", {"甲": 1, "甲数": -1}), ("=", {"乙": 1, "乙数": -1})],
    ).causes
    assert names(cause) == [{"甲", "乙"}, {"甲数", "乙数"}] and not cause.leads
    assert all(event_of(answer).how is How.EXCHANGE for answer in cause.answers)


def test_what_no_equation_asks_for_does_not_stand_out():
    """A figure that only has to be large, by no slip that people make: perhaps it is this one."""
    (cause,) = solved({"人": 294, "费": 5}, [(">=", {"人": 1}, -400_000)]).causes
    assert names(cause) == [{"人"}] and cause.best[0].free and not cause.leads


def test_amounts_that_would_be_negative_are_in_another_unit_of_money(units):
    """One figure below zero would do; that all amounts of the form are ten thousand times too large says more."""
    unit = units["X008"]
    refs = [r for r, p in unit.soil.figures.items() if r.table == SUBSIDIES and p.value]
    located, _cells = unit.located(
        Plant(LINE, {r: unit.soil.figures[r].value * 10_000 for r in refs})
    )
    (cause,) = located.causes
    assert {c.cell: c.proposed for c in cause.best} == {r: unit.soil.figures[r].value for r in refs}


def test_a_cause_that_is_part_of_another_is_none_of_its_own():
    def change(name):
        return Change(CellRef("表", 0, name), Fraction(1), Fraction(2), None, None, (), 1)

    one = Cause(((change("甲"),),), ("A",), True)
    both = Cause(((change("甲"), change("乙")),), ("B",), False)
    other = Cause(((change("丙"),),), ("C",), True)
    kept = without_parts([one, both, other])
    assert [(cause.best, cause.codes) for cause in kept] == [
        (both.best, ("A", "B")),
        (other.best, ("C",)),
    ]


def test_an_empty_cell_is_told_as_empty(units):
    unit = units["X024"]
    ref = next(r for r, c in sorted(unit.cells.sent.items()) if not c.printed and not r.prior)
    change = Change(ref, Fraction(0), Fraction(50_000), None, None, (), 1)
    located = Located("X024", (Cause(((change,),), ("A",), False),), ())
    (line,) = told(unit, located, unit.cells)
    assert "没有填 →" in line
