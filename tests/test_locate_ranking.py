"""Which of several answers is likelier: figures that stand elsewhere too, digits that rounding left, kinds of figures; rates whose denominator is empty."""

from dataclasses import replace
from fractions import Fraction

import pytest

from gouji.locate import CellRef, FigureLayout, Kinds, locate
from gouji.locate.locate_values import event_of
from gouji.locate.planting import Plant
from gouji.rules.locate_file import USUAL, How
from locating_records import case_of_record, names, solved
from test_locate_lines import units  # noqa: F401

SUM = ("=", {"合计": 1, "甲": -1, "乙": -1})
# The total is 100 above its parts, one digit of any of the three; what stands elsewhere in the unit -> which is named first.
ELSEWHERE = {
    "nothing": ({}, "甲"),
    "what the total should be": ({"别处": 1317}, "合计"),
    "what a part should be": ({"别处": 1203}, "乙"),
    "what a part is": ({"别处": 214}, "乙"),
    "too few digits to say anything": ({"别处": 1400}, "甲"),
}


@pytest.mark.parametrize("others, first", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_figure_that_stands_elsewhere_too_is_likelier(others, first):
    values = {"合计": 1417, "甲": 214, "乙": 1103, "隔": 7, **others}
    (cause,) = solved(values, [SUM]).causes
    assert names(cause)[0] == {first} and not cause.leads and len(cause.answers) == 3


def test_a_figure_that_a_rule_compares_is_no_witness():
    """Of two figures that should be equal each stands in the other: that says nothing of either."""
    (cause,) = solved({"甲": 1317, "乙": 1217}, [("=", {"甲": 1, "乙": -1})]).causes
    assert names(cause) == [{"乙"}, {"甲"}]


def test_a_copied_figure_stands_where_it_was_copied_from():
    """That the printed figure stands elsewhere speaks for it, but not where copying it is the slip."""
    values = {"甲": 4321, "乙": 4321, "丙": 100, "丁": 6789}
    (cause,) = solved(values, [("=", {"丁": 1, "乙": -1, "丙": -1}, 0)]).causes
    ranked = [(c.cell.column, [k.how for k in c.slips]) for (c,) in cause.answers]
    assert ranked[0] == ("乙", [How.COLUMN])


def test_an_amount_is_not_exchanged_with_a_number_of_people():
    case = case_of_record({"费": 380900, "人": 0, "数": 5}, [("=", {"费": 1}, 0)])
    both = locate(case).causes[0].answers
    assert any(event_of(answer) for answer in both)
    layout = FigureLayout(case.layout.columns, money={"记录": frozenset({"费"})})
    apart = locate(replace(case, layout=layout)).causes[0].answers
    assert not any(event_of(answer) for answer in apart)
    assert layout.alike(CellRef("记录", 0, "人"), CellRef("记录", 0, "数"))


def test_one_digit_that_rounding_left_is_a_weak_sign():
    kinds = Kinds()
    (weak,) = kinds.hinted(Fraction(3), Fraction(267))
    assert weak.slip == "小数点左移两位" and weak.odds == 0
    assert kinds.odds((weak,), Fraction(3), Fraction(267)) == 3
    assert kinds.odds((weak,), Fraction(3), Fraction(300)) == 0
    assert kinds.hinted(Fraction(4), Fraction(267)) == ()
    assert kinds.hinted(Fraction(27), Fraction(267)) == ()


def test_a_digit_left_out_before_a_zero_takes_the_zero_along():
    found = Kinds().between(Fraction(5), Fraction(205), 0)
    assert [kind.how for kind in found] == [How.DROP]
    assert Kinds().between(Fraction(5), Fraction(215), 0) == ()


def test_a_rate_with_an_empty_denominator_bounds_what_may_stand_there(units):  # noqa: F811
    """The number of guests was left empty: it has to be as large as the meals, and what a guest costs has its limit too, though that rate cannot be written at zero."""
    table = "财政拨款三公经费和机关运行经费情况表"
    unit = units["X040"]
    guests = next(
        r for r in unit.soil.figures if (r.table, r.column) == (table, "国内公务接待人次")
    )
    located, _cells = unit.located(Plant(USUAL.slips[0], {guests: Fraction(0)}))
    (cause,) = located.causes
    (change,) = cause.best
    assert change.cell == guests and change.free and located.unexplained == ()
    assert change.low <= unit.soil.figures[guests].value <= change.high
