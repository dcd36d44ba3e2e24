"""What lies over the cells of a form, or hides them: told, each with its cell. Figures in shapes and comments are never taken."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule, IconSetRule
from openpyxl.styles import Alignment, Color, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from gouji.intake import receive
from gouji.rules import load_tables
from gouji.run import connect
from making import TABLES

FORMS = {
    "units.yaml": TABLES["units.yaml"] + "form: {sheets: [单位], listing: {}}\n",
    "numbers.yaml": TABLES["numbers.yaml"] + "form: {sheets: [数], listing: {}}\n",
}
WHITE, RED = Font(color="FFFFFFFF"), Font(color="FFFF0000")
ON_BLUE = PatternFill(bgColor="FF0070C0", fill_type="solid")


def ended(raw, more):
    """A workbook with more at the end of its second sheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            end = more.encode() + b"</worksheet>" if name.endswith("sheet2.xml") else b""
            new.writestr(name, old.read(name).replace(b"</worksheet>", end or b"</worksheet>"))
    return made


def sent(folder, change=lambda sheet: None, parts=(), worth=1505000, more=""):
    """A workbook of one unit, with parts added to it, and more at the end of a sheet."""
    book = openpyxl.Workbook()
    book.active.title = "单位"
    for row in (("单位代码", "年度", "单位名称"), ("U1", 2023, "甲")):
        book.active.append(row)
    sheet = book.create_sheet("数")
    sheet.append(("单位代码", "年度", "甲", "乙"))
    sheet.append(("U1", 2023, 150.5, 0))
    change(sheet)
    made = io.BytesIO()
    book.save(made)
    made = ended(made.getvalue(), more)
    with zipfile.ZipFile(made, "a") as file:
        for name, text in parts:
            file.writestr(name, text)
    (folder / "U1.xlsx").write_bytes(made.getvalue())
    tables = dict(load_tables(FORMS).tables)
    found = receive(connect(), folder, tables)
    (row,) = found.held.rows(tables["数"], "U1", 2023)
    assert {n: c.value for n, c in row.cells.items() if n in "甲乙"} == {
        "甲": Decimal(str(worth)),
        "乙": 0,
    }
    return {(p.at.cell, p.what, p.note) for p in found.problems if p.at.sheet == "数" and p.at.cell}


DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"


def shape(text):
    """A text box over C2, as parts of the second sheet."""
    runs = "".join(f"<a:r><a:t>{piece}</a:t></a:r>" for piece in text)
    return (
        (
            "xl/worksheets/_rels/sheet2.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATION}" Target="../drawings/drawing1.xml"/></Relationships>',
        ),
        (
            "xl/drawings/drawing1.xml",
            f'<d:wsDr xmlns:d="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main"><d:twoCellAnchor><d:from><d:col>2</d:col><d:colOff>0</d:colOff><d:row>1</d:row>'
            f"<d:rowOff>0</d:rowOff></d:from><d:to><d:col>4</d:col><d:row>3</d:row></d:to><d:sp><d:txBody><a:p>{runs}</a:p></d:txBody></d:sp></d:twoCellAnchor></d:wsDr>",
        ),
    )


READ = "文本框里的数没有读：{text}"
BESIDE = "文本框和批注里的数没有读：C2"
SHAPES = {
    "a figure": (["211.36"], ("C2", READ.format(text="211.36"), False)),
    "in two runs": (["211", ".36"], ("C2", READ.format(text="211.36"), False)),
    "with its unit": (["2,113.60 万元"], ("C2", READ.format(text="2,113.60 万元"), False)),
    "with a word": (["合计：211.36"], ("C2", READ.format(text="合计：211.36"), False)),
    "a text with a number": (["详见附件 3 第 2 页"], ("C2", BESIDE, True)),
    "a text": (["样表"], None),
}


@pytest.mark.parametrize("text, told", SHAPES.values(), ids=SHAPES)
def test_text_boxes(text, told, tmp_path):
    assert sent(tmp_path, parts=shape(text)) == ({told} if told else set())


@pytest.mark.parametrize(
    "text, worth", [("单位：元", 150.5), ("金额单位：万元", 1505000), ("单位：亿元", 15050000000)]
)
def test_a_text_box_that_says_the_unit(text, worth, tmp_path):
    """It holds as if it stood in a cell."""
    sent(tmp_path, parts=shape([text]), worth=worth)


def test_a_damaged_drawing_changes_nothing(tmp_path):
    (rels, (name, text)) = shape(["211.36"])
    assert sent(tmp_path, parts=(rels, (name, text[:-20]))) == set()


@pytest.mark.parametrize("text, told", [("应为 12.5", ("C2", BESIDE, True)), ("已核对", None)])
def test_comments(text, told, tmp_path):
    def change(sheet):
        sheet["C2"].comment = Comment(text, "审核人")

    assert sent(tmp_path, change) == ({told} if told else set())


def by_format(**given):
    return lambda rule: setattr(rule, "dxf", DifferentialStyle(**given)) or rule


def is_(operator, *formula, **look):
    return CellIsRule(operator=operator, formula=list(formula), **look)


def shown_as(code, rule):
    return by_format(numFmt=NumberFormat(numFmtId=170, formatCode=code))(rule)


def changed(shown):
    return (
        "C2",
        f"条件格式把取的数显示成另一个数（{shown}），签字的人看见的不是它：C2",
        False,
    )


HIDDEN = ("C2", "条件格式把取的数隐藏了，签字的人看不见：C2", False)
MAYBE = ("C2", "条件格式有时会把取的数隐藏，签字的人可能看不见：C2", True)
MASKS = {
    "white where it is more": (is_("greaterThan", "100", font=WHITE), HIDDEN),
    "white where it is between": (is_("between", "100", "200", font=WHITE), HIDDEN),
    "white where it is zero": (is_("equal", "0", font=WHITE), None),
    "white where it is less": (is_("lessThan", "100", font=WHITE), None),
    "white where a formula holds": (FormulaRule(formula=["$A2=1"], font=WHITE), MAYBE),
    "white where another cell says": (is_("equal", "$D$9", font=WHITE), MAYBE),
    "white on blue": (is_("greaterThan", "100", font=WHITE, fill=ON_BLUE), None),
    "red": (is_("greaterThan", "100", font=RED), None),
    "a format that shows nothing": (
        by_format(numFmt=NumberFormat(numFmtId=170, formatCode=";;;"))(is_("greaterThan", "1")),
        HIDDEN,
    ),
    "a format that shows it": (shown_as("0.0", is_("greaterThan", "1")), None),
    "a format with more places": (shown_as("#,##0.000", is_("greaterThan", "1")), None),
    "a format with fewer places": (shown_as("0", is_("greaterThan", "1")), changed("151")),
    "a format in percents": (shown_as("0.00%", is_("greaterThan", "1")), changed("15050.00%")),
    "a format in thousands": (shown_as("0.0000,", is_("between", "1", "200")), changed("0.1505")),
    "a sign that is not there": (shown_as('"-"0.0', is_("greaterThan", "1")), HIDDEN),
    "fewer places where it is less": (shown_as("0", is_("lessThan", "1")), None),
    "fewer places where a formula holds": (
        shown_as("0", FormulaRule(formula=["$A2=1"])),
        ("C2", "条件格式有时会把取的数显示成另一个数（151）：C2", True),
    ),
}


@pytest.mark.parametrize("rule, told", MASKS.values(), ids=MASKS)
def test_conditional_formats(rule, told, tmp_path):
    def change(sheet):
        sheet.conditional_formatting.add("C2:D2 F5", rule)

    assert sent(tmp_path, change) == ({told} if told else set())


def look(**given):
    return lambda sheet: [setattr(sheet["C2"], name, value) for name, value in given.items()]


def text(figure, beside):
    def change(sheet):
        sheet["C2"].value, sheet["D2"].value = figure, beside
        sheet.column_dimensions["C"].width = 3

    return change


SMALL = ("C2", "取的数字号太小，签字的人看不见：C2", False)
FILLED = (
    "C2",
    "对齐方式是“填充”，取的数在格子里会重复显示，签字的人看见的可能是另一个数：C2",
    False,
)
PARTLY = ("C2", "列太窄，取的数被旁边的格子挡住，只看得见一部分：C2", False)
GROUND = ("C2", "取的数与底色同色，签字的人看不见：C2", False)


def inked(ink, ground=None):
    """Text in a colour, on another one where there is one."""
    fill = {} if ground is None else {"fill": PatternFill("solid", fgColor=ground)}
    return look(font=Font(color=ink), **fill)


LOOKS = {
    "white": (inked("FFFFFFFF"), GROUND),
    "white on cream": (inked("FFFFFFFF", "FFFFFDF2"), GROUND),
    "white on blue": (inked("FFFFFFFF", "FF0070C0"), None),
    "white on white made darker": (inked("FFFFFFFF", Color(rgb="FFFFFFF0", tint=-0.5)), None),
    "nearly white": (inked("FFF2F2F2"), GROUND),
    "a light grey": (inked("FFC8C8C8"), None),
    "red on a red nearly the same": (inked("FFFF0000", "FFF00505"), GROUND),
    "red on green as bright": (inked("FFFF0000", "FF008200"), None),
    "the white of the theme, a little darker": (inked(Color(theme=0, tint=-0.05)), GROUND),
    "the white of the theme, much darker": (inked(Color(theme=0, tint=-0.5)), None),
    "the black of the theme, hardly any left": (inked(Color(theme=1, tint=0.95)), GROUND),
    "the black of the theme, a little lighter": (inked(Color(theme=1, tint=0.15)), None),
    "one point": (look(font=Font(size=1)), SMALL),
    "two points": (look(font=Font(size=2)), SMALL),
    "six points": (look(font=Font(size=6)), None),
    "repeated to fill": (look(alignment=Alignment(horizontal="fill")), FILLED),
    "shrunk to fit": (look(alignment=Alignment(shrink_to_fit=True)), None),
    "in the middle": (look(alignment=Alignment(horizontal="center")), None),
    "a text with a cell beside": (text("150.50000", 0), PARTLY),
    "a text that fits": (text("150.5", 0), None),
}


@pytest.mark.parametrize("change, told", LOOKS.values(), ids=LOOKS)
def test_figures_that_cannot_be_read(change, told, tmp_path):
    assert sent(tmp_path, change) == ({told} if told else set())


def drawn(what, corner=(2, 1, 4, 3), anchor="twoCellAnchor"):
    """Something from column and row up to before others, as parts of the second sheet."""
    left, top, right, bottom = corner
    (rels, (name, _text)) = shape([""])
    to = f"<d:to><d:col>{right}</d:col><d:colOff>0</d:colOff><d:row>{bottom}</d:row><d:rowOff>0</d:rowOff></d:to>"
    if anchor == "oneCellAnchor":
        to = f'<d:ext cx="{(right - left) * 609600}" cy="{(bottom - top) * 190500}"/>'
    inside = (
        f"<d:wsDr xmlns:d='{DRAWING}/spreadsheetDrawing' xmlns:a='{DRAWING}/main'><d:{anchor}><d:from><d:col>{left}</d:col><d:colOff>0</d:colOff>"
        f"<d:row>{top}</d:row><d:rowOff>0</d:rowOff></d:from>{to}{what}</d:{anchor}></d:wsDr>"
    )
    return rels, (name, inside)


PICTURE, CHART = "<d:pic/>", "<d:graphicFrame/>"
FILLED_BOX = "<d:sp><d:spPr><a:solidFill/></d:spPr><d:txBody><a:p><a:r><a:t>样表</a:t></a:r></a:p></d:txBody></d:sp>"
COVERED = ("C2", "图片、图表或文本框盖住了取的数，签字的人看不见：C2", False)
COVERS = {
    "a picture": (drawn(PICTURE), COVERED),
    "a picture of a size": (drawn(PICTURE, anchor="oneCellAnchor"), COVERED),
    "a picture of a size beside": (drawn(PICTURE, (3, 1, 6, 3), "oneCellAnchor"), None),
    "a chart": (drawn(CHART), COVERED),
    "a filled box": (drawn(FILLED_BOX), COVERED),
    "a filled box in a group": (drawn(f"<d:grpSp>{FILLED_BOX}</d:grpSp>"), COVERED),
    "a box without ground": (drawn(FILLED_BOX.replace("solidFill", "noFill")), None),
    "a line with its colour": (
        drawn("<d:sp><d:spPr><a:ln><a:solidFill/></a:ln></d:spPr></d:sp>"),
        None,
    ),
    "a picture below": (drawn(PICTURE, (1, 2, 4, 6)), None),
    "a picture over the head": (drawn(PICTURE, (0, 0, 4, 1)), None),
    "a picture over the blank part": (drawn(PICTURE, (4, 0, 9, 9)), None),
}


@pytest.mark.parametrize("parts, told", COVERS.values(), ids=COVERS)
def test_what_lies_over_a_figure(parts, told, tmp_path):
    assert sent(tmp_path, parts=parts) == ({told} if told else set())


BARS = {
    "a bar alone": (DataBarRule("min", None, "max", None, "FF638EC6", showValue=False), HIDDEN),
    "a bar behind the figure": (DataBarRule("min", None, "max", None, "FF638EC6"), None),
    "signs alone": (IconSetRule("3Arrows", "percent", [0, 33, 67], showValue=False), HIDDEN),
    "signs in front": (IconSetRule("3Arrows", "percent", [0, 33, 67]), None),
}


@pytest.mark.parametrize("rule, told", BARS.values(), ids=BARS)
def test_bars_and_signs(rule, told, tmp_path):
    def change(sheet):
        sheet.conditional_formatting.add("C2:C9", rule)

    assert sent(tmp_path, change) == ({told} if told else set())


NEWER = (
    '<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:cfRule type="iconSet" priority="1" id="{{1}}"><x14:iconSet iconSet="3Stars"{shown}><x14:cfvo type="percent"><xm:f>0</xm:f></x14:cfvo>'
    "</x14:iconSet></x14:cfRule><xm:sqref>{where}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)
ALONE = ' showValue="0"'


@pytest.mark.parametrize(
    "shown, where, told",
    [
        (ALONE, "C2", HIDDEN),
        (ALONE, "F5 C2", HIDDEN),
        (ALONE, "E2", None),
        ("", "C2", None),
    ],
)
def test_signs_of_newer_workbooks(shown, where, told, tmp_path):
    """Kinds that came later stand at the end of a sheet and say there where they apply."""
    more = NEWER.format(shown=shown, where=where)
    assert sent(tmp_path, more=more) == ({told} if told else set())


def test_conditional_formats_elsewhere(tmp_path):
    def change(sheet):
        sheet.conditional_formatting.add("E2:Z99", is_("greaterThan", "1", font=WHITE))

    assert sent(tmp_path, change) == set()


# Made by LibreOffice: 甲 is 150.5 in white, 乙 20 with a comment and a rule that hides what is above 10, 丙 7 in the blue of its cell, a text box over B3.
OLD = Path(__file__).parent / "old" / "unseen.xls"


def old(folder, change=lambda raw: raw):
    (folder / "U1.xls").write_bytes(change(OLD.read_bytes()))
    tables = dict(load_tables(FORMS).tables)
    found = receive(connect(), folder, tables)
    (row,) = found.held.rows(tables["数"], "U1", 2023)
    assert [row.cells[name].value for name in "甲乙丙"] == [1505000, 200000, 7]
    return {(p.at.cell, p.what, p.note) for p in found.problems if p.at.sheet == "数" and p.at.cell}


def test_an_xls_is_looked_at_for_the_same(tmp_path):
    """A workbook so small that its stream lies among the short ones."""
    assert old(tmp_path) == {
        ("C2", "取的数与底色同色，签字的人看不见：C2、E2", False),
        ("D2", "条件格式把取的数隐藏了，签字的人看不见：D2", False),
        ("B3", READ.format(text="211.36"), False),
        ("D2", "文本框和批注里的数没有读：D2", True),
    }


# What the rule compares with, and its operator, as bytes: a rule that the figure does not meet hides nothing; one that is not worked out may.
RULES_OF_OLD = {
    "above 30": (b"\x01\x05\x03\x00\x00\x00", b"\x1e\x0a\x00", b"\x1e\x1e\x00", None),
    "not worked out": (
        b"\x01\x05\x03\x00\x00\x00",
        b"\x1e\x0a\x00",
        b"\x24\x0a\x00",
        "条件格式有时会把取的数隐藏，签字的人可能看不见：D2",
    ),
}


@pytest.mark.parametrize("head, formula, other, told", RULES_OF_OLD.values(), ids=RULES_OF_OLD)
def test_rules_of_an_xls(head, formula, other, told, tmp_path):
    def change(raw):
        at = raw.index(head)
        end = raw.index(formula, at)
        return raw[:end] + other + raw[end + len(formula) :]

    found = {(what, note) for _cell, what, note in old(tmp_path, change) if "条件格式" in what}
    assert found == ({(told, True)} if told else set())
