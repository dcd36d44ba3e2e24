"""The unit of a printed figure: what is digits alone is not read as a figure, and has the unit that reading it gives."""

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
