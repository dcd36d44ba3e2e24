"""Sheets of ods that show a figure otherwise than it is held: by conditions, in a column too narrow, below a drawing: read, and told with the cell."""

from decimal import Decimal

import pytest

from gouji.intake import receive
from gouji.run import connect
from sheets import ACCOUNTS, accounts
from test_documents import open_document

NUMBERS = (
    "<number:number-style style:name='N2'><number:number number:decimal-places='2'/></number:number-style>"
    "<number:number-style style:name='N0'><number:number number:decimal-places='0'/></number:number-style>"
    "<number:number-style style:name='K'><number:number number:decimal-places='2' number:display-factor='1000'/></number:number-style>"
    "<style:style style:name='fig' style:data-style-name='N2'/>"
    "<style:style style:name='white'><style:t fo:color='#ffffff'/></style:style>"
    "<style:style style:name='red'><style:t fo:color='#ff0000'/></style:style>"
    "<style:style style:name='whole' style:data-style-name='N0'/>"
    "<style:style style:name='thousands' style:data-style-name='K'/>"
    "<style:style style:name='same' style:data-style-name='N2'/>"
    "<style:style style:name='thin'><style:t style:column-width='0.5cm'/></style:style>"
    "<style:style style:name='usual'><style:t style:column-width='2.5cm'/></style:style>"
    "<style:style style:name='clear'><style:t draw:fill='none'/></style:style>"
    "<style:style style:name='solid'><style:t draw:fill='solid'/></style:style>"
)
SPACES = "xmlns:number='n' xmlns:draw='d' xmlns:svg='s' xmlns:calcext='c' xmlns:fo='f'"


def sent(folder, *, style="fig", maps="", behind="", inside="", columns="", shapes=""):
    """What 上级补助收入 (B8, 1,234.50) is read as, and what is told of its cell."""
    styles = NUMBERS + (
        f"<style:style style:name='own' style:data-style-name='N2'>{maps}</style:style>"
    )
    lines = []
    for number, line in enumerate(accounts(value=1234.5)):
        cells = ""
        for at, value in enumerate(line):
            own = ("own" if maps else style) if (number, at) == (7, 1) else "fig"
            more = inside if (number, at) == (7, 1) else ""
            kind = f"office:value-type='float' office:value='{value}' table:style-name='{own}'"
            shown = f"{value:.2f}" if isinstance(value, (int, float)) else value or ""
            given = kind if isinstance(value, (int, float)) else "office:value-type='string'"
            cells += f"<table:table-cell {given if value is not None else ''}><text:p>{shown}</text:p>{more}</table:table-cell>"
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    usual = (
        columns
        or "<table:table-column table:style-name='usual' table:number-columns-repeated='5'/>"
    )
    sheet = (
        f"<table:table table:name='公开01表'>{shapes}{usual}{''.join(lines)}{behind}</table:table>"
    )
    cover = "".join(
        f"<table:table-row><table:table-cell office:value-type='string'><text:p>{a}</text:p></table:table-cell>"
        f"<table:table-cell office:value-type='string'><text:p>{b}</text:p></table:table-cell></table:table-row>"
        for a, b in (("单位代码", "U001"), ("年度", "2023"), ("单位名称", "元江县财政局"))
    )
    body = f"<office:spreadsheet {SPACES}><table:table table:name='封面'>{cover}</table:table>{sheet}</office:spreadsheet>"
    styles = styles.replace("<style:style", f"<style:style {SPACES}").replace(
        "<number:number-style", f"<number:number-style {SPACES}"
    )
    (folder / "a.ods").write_bytes(open_document(body, styles))
    found = receive(connect(), folder, ACCOUNTS)
    (row,) = found.held.rows(ACCOUNTS["收入支出决算表"], "U001", 2023)
    assert row.cells["上级补助收入"].value == Decimal(12_345_000)
    return [
        (p.what.split("：")[0].split("，")[0], p.note) for p in found.problems if "B8" in p.what
    ]


def mapped(condition, style):
    return f"<style:map style:condition='{condition}' style:apply-style-name='{style}'/>"


def conditional(value, style):
    return (
        "<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address=\"'公开01表'.B6:'公开01表'.B9\">"
        f"<calcext:condition calcext:value='{value}' calcext:apply-style-name='{style}'/></calcext:conditional-format></calcext:conditional-formats>"
    )


HIDDEN = [("条件格式把取的数隐藏了", False)]
CHANGED = [("条件格式把取的数显示成别的样子", False)]
MAYBE = [("条件格式有时会把取的数隐藏", True)]
CONDITIONS = {
    "white where it is more": ("&gt;100", "white", HIDDEN),
    "white where it is between": ("between(1000,2000)", "white", HIDDEN),
    "white where it is not between": ("not-between(1,2)", "white", HIDDEN),
    "white where it is less": ("&lt;100", "white", []),
    "white where it is zero": ("=0", "white", []),
    "white by a formula": ("formula-is([.A1]=1)", "white", MAYBE),
    "red": ("&gt;100", "red", []),
    "without its places": ("&gt;100", "whole", CHANGED),
    "in thousands": ("&gt;100", "thousands", CHANGED),
    "as it is": ("&gt;100", "same", []),
}


@pytest.mark.parametrize("condition, style, told", CONDITIONS.values(), ids=CONDITIONS)
def test_conditional_formats(condition, style, told, tmp_path):
    assert sent(tmp_path, behind=conditional(condition, style)) == told


@pytest.mark.parametrize("condition, style, told", CONDITIONS.values(), ids=CONDITIONS)
def test_conditions_in_styles(condition, style, told, tmp_path):
    old = condition.replace("formula-is", "is-true-formula")
    old = f"cell-content-is-{old}" if "between" in old else old
    old = f"cell-content(){old}" if old[0] in "&=" else old
    assert sent(tmp_path, maps=mapped(old, style)) == told


def test_a_bar_in_place_of_the_number(tmp_path):
    bar = conditional("x", "x").replace(
        "<calcext:condition calcext:value='x' calcext:apply-style-name='x'/>",
        "<calcext:data-bar calcext:show-value='false'/>",
    )
    assert sent(tmp_path, behind=bar) == MAYBE


def thin(style):
    return (
        "<table:table-column table:style-name='usual'/>"
        f"<table:table-column table:style-name='{style}'/>"
        "<table:table-column table:style-name='usual' table:number-columns-repeated='3'/>"
    )


@pytest.mark.parametrize("style, told", [("thin", True), ("usual", False)])
def test_columns_too_narrow(style, told, tmp_path):
    found = sent(tmp_path, columns=thin(style))
    assert (("列太窄", False) in found) is told


def shape(name, x, y, wide, high, inside="", style="solid"):
    given = f"svg:x='{x}cm' svg:y='{y}cm' svg:width='{wide}cm' svg:height='{high}cm'"
    return f"<draw:{name} draw:style-name='{style}' {given}>{inside}</draw:{name}>"


def over(*shapes):
    return f"<table:shapes>{''.join(shapes)}</table:shapes>"


IMAGE, CHART = "<draw:image/>", "<draw:object/>"
COVERED = [("图片、图表或文本框盖住了取的数", False)]
# B8 lies 2.5 to 5 cm from the left, 7 × 0.452 to 8 × 0.452 cm from above.
SHAPES = {
    "a picture over it": (over(shape("frame", 2, 3, 4, 1, IMAGE)), "", COVERED),
    "a chart over it": (over(shape("frame", 2, 3, 4, 1, CHART)), "", COVERED),
    "a filled shape over it": (over(shape("rect", 2, 3, 4, 1)), "", COVERED),
    "a shape without ground": (over(shape("rect", 2, 3, 4, 1, style="clear")), "", []),
    "a picture beside": (over(shape("frame", 5.1, 3, 4, 1, IMAGE)), "", []),
    "a picture above": (over(shape("frame", 2, 0, 4, 2, IMAGE)), "", []),
    "a picture fixed to the cell": ("", shape("frame", 0, 0, 3, 1, IMAGE), COVERED),
    "a picture fixed to it, lying beside": ("", shape("frame", 2.6, 0, 3, 1, IMAGE), []),
}


@pytest.mark.parametrize("shapes, inside, told", SHAPES.values(), ids=SHAPES)
def test_what_lies_over_a_figure(shapes, inside, told, tmp_path):
    assert sent(tmp_path, shapes=shapes, inside=inside) == told
