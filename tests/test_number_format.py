"""What a number looks like in a cell, by the code of its format: as a spreadsheet shows it."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.intake.workbooks.number_format import BUILT_IN, display
from gouji.intake.workbooks.sheet import Shown, Unread, Why, figure_text, plain_number, said

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
MONEY = '"¥"#,##0.00;[Red]"¥"-#,##0.00'
# Code, number, what is read of the cell as a figure; a star before it where the cell holds more than it shows.
FIGURES = [
    ("General", 59.14, "59.14"),
    ("General", 1320.7300000000002, "1320.73"),
    ("General", -0.5, "-0.5"),
    ("general", 7.0, "7"),
    ("@", 12.5, "12.5"),
    ("0", 59.0, "59"),
    ("0", 59.14, "*59"),
    ("0", -0.4, "*0"),
    ("0.00", 59.0, "59.00"),
    ("0.00", 59.1, "59.10"),
    ("0.00", 59.14159, "*59.14"),
    ("0.00", 1.005, "*1.01"),
    ("0.00", 2.675, "*2.68"),
    ("0.00", -2.675, "*-2.68"),
    ("0.00", 1320.7300000000002, "1320.73"),
    ("0.0", 0.04, "*0.0"),
    ("0.0000", 0.12, "0.1200"),
    ("#,##0", 1234567.0, "1234567"),
    ("#,##0.00", 1320.73, "1320.73"),
    ("#,##0.00", -1320.73, "-1320.73"),
    ("#,##0.0#", 1320.0, "1320.0"),
    ("#,##0.0#", 1320.73, "1320.73"),
    ("#,##0.0#", 1320.738, "*1320.74"),
    ("0.##", 12.0, "12"),
    ("0.##", 12.345, "*12.35"),
    ("#.00", 0.5, "0.50"),
    ("#", 0.0, "0"),
    ("#", 7.0, "7"),
    ("0%", 0.3, "30%"),
    ("0%", 0.9178813, "*92%"),
    ("0.00%", 0.9178813, "*91.79%"),
    ("0.00%", 0.0651, "6.51%"),
    ("0.00%", 0.9178, "91.78%"),
    ("0.00%", -0.05, "-5.00%"),
    ("0.0%", 1.0, "100.0%"),
    ("0.00_ ", 5.0, "5.00"),
    ("0.00_);(0.00)", -12.5, "-12.50"),
    (r"0.00_);[Red]\(0.00\)", -12.5, "-12.50"),
    ("0.00;[Red]0.00", -12.5, "-12.50"),
    ("0.00;-0.00;0", 0.0, "0"),
    (ACCOUNTING, 1320.5, "1320.50"),
    (ACCOUNTING, -1320.5, "-1320.50"),
    (ACCOUNTING, 0.0, "0"),
    (ACCOUNTING, 0.004, "*0.00"),
    (MONEY, 12.5, "12.50"),
    (MONEY, -12.5, "-12.50"),
    ("[$¥-804]#,##0.00", 12.5, "12.50"),
    ("[Blue]0.00", 3.25, "3.25"),
    ("[红色]0.0", 3.5, "3.5"),
    ("[Color 10]0", 3.0, "3"),
    ("[DBNum1][$-804]General", 123.0, "123"),
    ("[$-804]0.00", 3.0, "3.00"),
    ("0;-0;;@", 0.0, "0"),
    ("0;;", 0.0, "0"),
    ("0.00E+00", 120000.0, "120000"),
    ("[>=100]0.0;0.00", 123.5, "123.5"),
    ("[>=100]0.0;0.00", 12.25, "12.25"),
    ("[<0]-0.0;[=0]0;0.00", -1.5, "-1.5"),
    ("# ?/?", 5.0, "5"),
]
# Formats that make a text of a number: what the text says.
TEXTS = [
    ("000000", 1001.0, "001001"),
    ("000", 1.0, "001"),
    ("00000000", 2010101.0, "02010101"),
    ("000-000", 1001.0, "001-001"),
    ('"X"000', 2.0, "X002"),
    (r"\X000", 2.0, "X002"),
    ('0.00"%"', 29.48, "29.48%"),
    (r"0.00\%", 29.48, "29.48%"),
    ("0.00‰", 2.5, "2.50‰"),
    ("0!.0000", 1000000.0, "100.0000"),
    ("0!.0,", 2113600.0, "211.4"),
    (r"0\.0000", 2113600.0, "211.3600"),
    ("0.00,", 2113600.0, "2113.60"),
    ("#,##0.00,", 2113600.0, "2,113.60"),
    ("0.0,,", 2113600.0, "2.1"),
    ('0.00,,"百万"', 2113600.0, "2.11百万"),
    ('0.0"万元"', 12.5, "12.5万元"),
    ("0.0万元", 12.5, "12.5万元"),
    ('General"元"', 12.5, "12.5元"),
    ("[$$-409]#,##0.00", 1320.5, "$1,320.50"),
    ('"约"0', 12.0, "约12"),
    ('yyyy"年度"', 45291.0, "2023年度"),
    ("yyyy", 45291.0, "2023"),
    ('yyyy"年"m"月"', 45291.0, "2023年12月"),
    ("m/d", 45291.0, "12/31"),
    ("0;0", -5.0, "5"),
    ("0.00E+00", 123456.0, "1.23E+05"),
    ('[>=10000]0!.0,"万";0', 123456.0, "12.3万"),
    ("0000.00", 7.5, "0007.50"),
]
NOTHING = [
    (";;;", 5.0, Why.UNSHOWN),
    ("0;;", -5.0, Why.UNSHOWN),
    ('"-"', 5.0, Why.UNSHOWN),
    ("#", 0.3, Why.UNSHOWN),
    ('[<1]"-";0.00', 0.3, Why.UNSHOWN),
    ("# ?/?", 1.25, Why.UNCLEAR),
    ("0.00 foo", 1.0, Why.UNCLEAR),
    ("yyyy/m/d", -5.0, Why.UNSHOWN),
]
DATES = [
    ("yyyy/m/d", 45291.0, date(2023, 12, 31)),
    ("yyyy-mm-dd", 1.0, date(1900, 1, 1)),
    ("yyyy-mm-dd", 61.0, date(1900, 3, 1)),
    ('yyyy"年"m"月"d"日"', 45291.0, date(2023, 12, 31)),
    ("yyyy/m/d h:mm", 45291.5, datetime(2023, 12, 31, 12)),
    ("h:mm", 0.25, time(6)),
    ("[h]:mm", 1.5, timedelta(days=1.5)),
    (BUILT_IN[31], 45291.0, date(2023, 12, 31)),
    (BUILT_IN[14], 45291.0, date(2023, 12, 31)),
]


@pytest.mark.parametrize(
    "code, number, wanted", FIGURES, ids=[f"{code} of {number}" for code, number, _w in FIGURES]
)
def test_figures(code, number, wanted):
    made = display(code).show(number)
    text, _places = figure_text(made)
    assert ("*" if isinstance(made, Shown) and made.cut else "") + text == wanted


@pytest.mark.parametrize(
    "code, number, wanted", TEXTS, ids=[f"{code} of {number}" for code, number, _w in TEXTS]
)
def test_texts(code, number, wanted):
    assert display(code).show(number) == wanted


@pytest.mark.parametrize(
    "code, number, why", NOTHING, ids=[f"{code} of {number}" for code, number, _w in NOTHING]
)
def test_what_shows_no_figure(code, number, why):
    made = display(code).show(number)
    assert isinstance(made, Unread) and made.why is why


@pytest.mark.parametrize(
    "code, number, wanted", DATES, ids=[f"{code} of {number}" for code, number, _w in DATES]
)
def test_dates(code, number, wanted):
    assert display(code).show(number) == wanted


def test_days_count_from_1904_where_the_workbook_says_so():
    assert display("yyyy/m/d").show(45291.0 - 1462, 1462) == date(2023, 12, 31)


@pytest.mark.parametrize("number", BUILT_IN)
def test_every_format_of_the_standard_is_understood(number):
    made = display(BUILT_IN[number]).show(3.0)
    assert not isinstance(made, Unread), (BUILT_IN[number], made)


NUMBERS = st.decimals(-(10**9), 10**9, places=4).map(float)
PLACES = st.integers(0, 4)


@given(NUMBERS, PLACES, st.booleans(), st.sampled_from(["", "%"]))
def test_fixed_places_round_half_up_as_shown(number, places, grouped, sign):
    """Against decimals: what is shown, and whether it is all that is held."""
    code = ("#,##0" if grouped else "0") + ("." + "0" * places if places else "") + sign
    exact = Decimal(plain_number(number)) * (100 if sign else 1)
    wanted = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    made = display(code).show(number)
    text, cut = figure_text(made)
    assert (
        Decimal(text.rstrip("%")) == wanted
        and text.endswith(sign)
        and (cut is not None) == (wanted != exact)
    )
    assert len(text.rstrip("%").partition(".")[2]) == places


@given(NUMBERS)
def test_general_shows_every_number_whole(number):
    assert display("General").show(number) == number and said(
        display("@").show(number)
    ) == plain_number(number)


@given(st.integers(0, 10**12), st.integers(1, 15))
def test_zeros_before_a_code(number, width):
    assert said(display("0" * width).show(float(number))) == str(number).zfill(width)


@given(st.text(alphabet='0#?.,%;"\\_*@[]<>=-()$¥年ymdhsE+G /!xA', max_size=14), NUMBERS)
def test_no_code_whatever_ends_in_an_error(code, number):
    """And none makes another number of it without being one that can be told: a text, a Shown that is cut, or an Unread."""
    made = display(code).show(number)
    if type(made) is float:
        assert made == number
    elif isinstance(made, Shown) and not made.cut:
        assert Decimal(plain_number(made)) == Decimal(plain_number(number)) * (
            100 if made.sign else 1
        )
