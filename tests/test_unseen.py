"""What lies over the cells of a form, or hides them: told, each with its cell. Figures in shapes and comments are never taken."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, PatternFill
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
FILLED = PatternFill(bgColor="FF0070C0", fill_type="solid")


def sent(folder, change=lambda sheet: None, parts=(), worth=1505000):
    """A workbook of one unit, with parts added to it."""
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


HIDDEN = ("C2", "条件格式把取的数隐藏了，签字的人看不见：C2", False)
MAYBE = ("C2", "条件格式有时会把取的数隐藏，签字的人可能看不见：C2", True)
MASKS = {
    "white where it is more": (is_("greaterThan", "100", font=WHITE), HIDDEN),
    "white where it is between": (is_("between", "100", "200", font=WHITE), HIDDEN),
    "white where it is zero": (is_("equal", "0", font=WHITE), None),
    "white where it is less": (is_("lessThan", "100", font=WHITE), None),
    "white where a formula holds": (FormulaRule(formula=["$A2=1"], font=WHITE), MAYBE),
    "white where another cell says": (is_("equal", "$D$9", font=WHITE), MAYBE),
    "white on blue": (is_("greaterThan", "100", font=WHITE, fill=FILLED), None),
    "red": (is_("greaterThan", "100", font=RED), None),
    "a format that shows nothing": (
        by_format(numFmt=NumberFormat(numFmtId=170, formatCode=";;;"))(is_("greaterThan", "1")),
        HIDDEN,
    ),
    "a format that shows it": (
        by_format(numFmt=NumberFormat(numFmtId=170, formatCode="0.0"))(is_("greaterThan", "1")),
        None,
    ),
}


@pytest.mark.parametrize("rule, told", MASKS.values(), ids=MASKS)
def test_conditional_formats(rule, told, tmp_path):
    def change(sheet):
        sheet.conditional_formatting.add("C2:D2 F5", rule)

    assert sent(tmp_path, change) == ({told} if told else set())


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
