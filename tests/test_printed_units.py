"""The unit of a printed figure: what is digits alone is not read as a figure, and has the unit that reading it gives."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.intake.ledger import cell_tables
from gouji.intake.values.figure_text import FigureFault, is_blank, read_figure
from gouji.rules import Column, ColumnType

KINDS = {
    ColumnType.MONEY: ("元", "万元"),
    ColumnType.PERCENT: (None, "%"),
    ColumnType.COUNT: (None, "人"),
}
texts = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map("{:,f}".format),
    st.text("0123456789.,-", min_size=1, max_size=30),
    st.text("0123456789.,-%万元人（） ", min_size=1, max_size=12),
)


@given(texts, st.sampled_from(sorted(KINDS)), st.booleans(), st.booleans())
def test_digits_have_the_unit_that_reading_gives(text, kind, own, stated):
    units = KINDS[kind]
    column = Column(name="甲", type=kind, unit=units[own], places=2 if own else None)
    unit = units[1] if stated else None
    if is_blank(text):
        return
    try:
        expected = read_figure(text, column, unit).unit
    except FigureFault:
        expected = unit or column.unit
    assert cell_tables._unit(text, column, unit) == expected


MONEY = Column(name="甲", type=ColumnType.MONEY, unit="万元", places=2, null="zero")
NONE = ("-", "–", "—", "―", "──", "－", "/", "／", "\\", "＼", "无", "不涉及", "不适用", "N/A")


@pytest.mark.parametrize(
    "before, word, behind", list(product(("", " ", "\u3000"), NONE, ("", "\u00a0")))
)
def test_words_and_signs_for_no_figure(before, word, behind):
    assert is_blank(before + word + behind)


@pytest.mark.parametrize("word", ["约", "暂无", "*", "△", "一", "待定", "0-", "1—", "不涉及3"])
def test_other_words_say_something(word):
    assert not is_blank(word)


@pytest.mark.parametrize("text", ["负12.50", "负 12.50", "负1,312.50万元", "负12.50元"])
def test_minus_in_words(text):
    minus = read_figure(text.replace("负 ", "-").replace("负", "-"), MONEY)
    assert read_figure(text, MONEY) == minus and minus.value < 0


@pytest.mark.parametrize("text", ["负", "负债12", "负-12", "负(12)", "12负"])
def test_what_is_no_minus(text):
    with pytest.raises(FigureFault):
        read_figure(text, MONEY)


def test_zero_has_no_sign():
    assert read_figure("负0", MONEY).value == Decimal(0)
