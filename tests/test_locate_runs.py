"""A run of lines, of cells of one column or of one line in another unit of money: one slip, one cause, the totals are not blamed."""

from dataclasses import replace
from fractions import Fraction

import pytest

from gouji.locate import CellRef, FigureLayout, event_of, locate
from gouji.locate.planting import Plant
from gouji.rules.locate_file import USUAL
from locating_records import case_of_record, names
from test_locate_lines import told, units  # noqa: F401

SPENT, FUNCTIONS, INCOME = "支出决算表", "一般公共预算财政拨款支出决算表", "收入决算表"
ECONOMIC, BOTH = "一般公共预算财政拨款基本支出决算表", "收入支出决算表"
YUAN = next(kind for kind in USUAL.slips if kind.slip == "元当万元")
# Unit, table, lines, columns (None: all) -> which of the figures are ten thousand times too large.
RUNS = {
    "lines of a form, its total is right": ("X008", SPENT, range(5, 12), None),
    "every line but the total": ("X024", SPENT, range(1, 99), None),
    "a run of one column": ("X024", SPENT, range(1, 8), ("基本支出",)),
    "lines that other forms are compared with": ("X008", FUNCTIONS, range(4, 10), None),
    "lines of another form": ("X024", INCOME, range(3, 9), None),
    "items of a form with one column": ("X024", ECONOMIC, range(4, 11), None),
    "cells of one line, what they add up to is right": (
        "X024",
        BOTH,
        range(1),
        ("教育支出", "社会保障和就业支出", "卫生健康支出", "城乡社区支出"),
    ),
}


def in_yuan(unit, table, lines, columns):
    money = unit.soil.layout.money[table]
    return {
        ref: printed.value * 10_000
        for ref, printed in unit.soil.figures.items()
        if ref.table == table
        and not ref.prior
        and ref.row in lines
        and ref.column in money & set(columns or money)
        and printed.value
    }


@pytest.mark.parametrize("name, table, lines, columns", RUNS.values(), ids=RUNS)
def test_a_run_in_another_unit_is_one_cause(units, name, table, lines, columns):  # noqa: F811
    unit = units[name]
    wrong = in_yuan(unit, table, lines, columns)
    located, _cells = unit.located(Plant(YUAN, wrong))
    (cause,) = located.causes
    assert located.unexplained == () and event_of(cause.best) == YUAN and len(cause.answers) == 1
    assert {c.cell: c.proposed for c in cause.best} == {
        ref: unit.soil.figures[ref].value for ref in wrong
    }


def test_many_cells_are_told_by_where_they_stand(units):  # noqa: F811
    unit = units["X008"]
    (line,) = told(unit, *unit.located(Plant(YUAN, in_yuan(unit, SPENT, range(5, 12), None))))
    assert "公开03表 C10:D16 里的 14 格，例如 公开03表 " in line and line.count("→") == 2
    assert line.endswith("（元当万元）")


def test_another_slip_beside_it_is_a_cause_of_its_own(units):  # noqa: F811
    unit = units["X024"]
    wrong = in_yuan(unit, SPENT, range(5, 12), None)
    other = next(
        r
        for r in unit.soil.figures
        if (r.table, r.column) == ("政府采购情况表", "政府采购支出合计")
    )
    located, _cells = unit.located(
        Plant(YUAN, wrong | {other: unit.soil.figures[other].value * 10})
    )
    assert {frozenset(c.cell for c in cause.best) for cause in located.causes} == {
        frozenset(wrong),
        frozenset({other}),
    }


def test_one_figure_in_yuan_is_one_figure(units):  # noqa: F811
    unit = units["X024"]
    ref = sorted(in_yuan(unit, SPENT, range(5, 6), None))[0]
    wrong = {ref: unit.soil.figures[ref].value * 10_000}
    (cause,) = unit.located(Plant(YUAN, wrong))[0].causes
    assert [[c.cell for c in answer] for answer in cause.answers] == [[ref]] and cause.certain


def test_a_total_in_another_unit_or_its_parts():
    """One equation says that either may be: both are told, none stands out."""
    values = {"总": 6_003, "甲": 10_010_000, "乙": 20_020_000, "丙": 30_000_000, "丁": 7}
    case = case_of_record(values, [("=", {"总": 1, "甲": -1, "乙": -1, "丙": -1})])
    (cause,) = locate(case).causes
    assert {"总"} in names(cause) and {"甲", "乙", "丙"} in names(cause) and not cause.leads


def test_percentages_of_a_column_a_hundred_times_too_large_are_one_cause():
    """Each rate of the column fails for itself; amounts are left alone."""
    rates = {f"率{n}": Fraction(n * 7, 1) for n in range(1, 5)}
    parts = {f"数{n}": n * 70 for n in range(1, 5)}
    case = case_of_record(
        {**rates, **parts}, [("=", {f"率{n}": 1000, f"数{n}": -1}) for n in range(1, 5)]
    )
    case = replace(
        case,
        layout=FigureLayout(
            case.layout.columns,
            money={"记录": frozenset(parts)},
            percents=frozenset(("记录", name) for name in rates),
        ),
    )
    (cause,) = locate(case).causes
    assert event_of(cause.best).slip == "百分比大一百倍"
    assert {c.cell: c.proposed for c in cause.best} == {
        CellRef("记录", 0, name): value / 100 for name, value in rates.items()
    }


def test_a_column_whose_place_is_not_known_is_in_no_run():
    """A layout that says nothing of a table: what can be told without it is told."""
    values = {"甲": 10_000, "乙": 20_000, "丙": 30_000, "总": 70_000}
    case = case_of_record(values, [("=", {"总": 1, "甲": -1, "乙": -1, "丙": -1})])
    (cause,) = locate(replace(case, layout=FigureLayout())).causes
    assert {"总"} in names(cause)
