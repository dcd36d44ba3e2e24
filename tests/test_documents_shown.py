"""What a document shows other than its text: cells of which that cannot be told are not read, what styles add is read, what nobody sees is told."""

from decimal import Decimal

import pytest

from gouji.documents import LeftOut, read_bytes
from gouji.documents.forms_printed import forms_of
from gouji.intake import receive
from gouji.run import connect
from sheets import TABLES
from test_documents import BOX, W, docx, open_document, r


def page(cell, styles=""):
    """A page of one row: a label, the cell (a `td` with attributes and inside), a figure behind it."""
    text = f"<style>{styles}</style><table><tr><td>甲</td>{cell}<td>7</td></tr></table>"
    return read_bytes(text.encode(), "a.html")


def figure(inside, given=""):
    return f"<td {given}>{inside}</td>"


# What is added by styles counts as text: it is what a reader sees.
ADDED = {
    "before": (figure("2.5", "class=n"), ".n::before{content:'1'}", "12.5"),
    "behind, in the old way": (figure("12", "class=n"), '.n:after{content:".5"}', "12.5"),
    "a minus by its number": (figure("12.5", "class=n"), r".n::before{content:'\2d'}", "-12.5"),
    "a unit": (figure("12.5", "class=n"), ".n::after{content:'元'}", "12.5元"),
    "an attribute": (
        figure("", "class=n data-v=12.5"),
        ".n::before{content:attr(data-v)}",
        "12.5",
    ),
    "nothing": (figure("12.5", "class=n"), ".n::after{content:''}", "12.5"),
    "a semicolon in it": (figure("12.5", "class=n"), ".n::after{content:';';color:red}", "12.5;"),
    "not shown": (figure("12.5", "class=n"), ".n::after{content:'9';display:none}", "12.5"),
    "behind rules of other files": (
        figure("2.5", "class=n"),
        "@charset 'utf-8';@import url(a.css);.n::before{content:'1'}",
        "12.5",
    ),
    "a separate line": (
        figure("12<span style='display:block'>5</span>"),
        "",
        "12\n5",
    ),
    "paragraphs in one line": (figure("<p style='display:inline'>12</p>.5"), "", "12.5"),
    "several of a list chosen from": (
        figure("<select multiple><option>9</option><option>12.5</option></select>"),
        "",
        "9\n12.5",
    ),
    "a number as a formula": (figure("<math><mn>12.5</mn></math>"), "", "12.5"),
    "a first letter in red": (figure("12.5", "class=n"), ".n::first-letter{color:red}", "12.5"),
    "moved a little": (figure("<i style='position:relative;top:2px'>12.5</i>"), "", "12.5"),
    "somewhat smaller": (figure("<i style='transform:scale(.8)'>12.5</i>"), "", "12.5"),
    "a list without numbers": (figure("<ul><li>12.5</ul>"), "", "12.5"),
    "a sign at the side": (
        figure("<i style='float:left'>￥</i><i style='float:right'>12.5</i>"),
        "",
        "￥12.5",
    ),
    "wide enough": (figure("12.5", "style='width:60px;overflow:hidden'"), "", "12.5"),
    "a flat box that shows all": (figure("<div style='height:0'>12.5</div>"), "", "12.5"),
}


@pytest.mark.parametrize("cell, styles, text", ADDED.values(), ids=ADDED)
def test_what_a_page_shows_is_read(cell, styles, text):
    made = page(cell, styles)
    (table,) = made.tables
    assert table.rows() == [["甲", text, "7"]] and not any(c.altered for c in table.cells)
    assert made.told == ()


ALTERED = {
    "counters": (figure("12.5", "class=n"), ".n::before{content:counter(c)}"),
    "a picture instead": (figure("<i class=n>12.5</i>"), ".n{content:url(a.png)}"),
    "a numbered list": (figure("<ol><li>2.5</ol>"), ""),
    "an item with a number": (
        figure("<i style='display:list-item;list-style:decimal inside'>2.5</i>"),
        "",
    ),
    "turned over": (figure("<i style='transform:scaleX(-1)'>12.5</i>"), ""),
    "turned around": (figure("<i style='transform:rotateY(180deg)'>12.5</i>"), ""),
    "laid elsewhere": (figure("<i style='position:absolute;left:500px'>12.5</i>"), ""),
    "moved to the line below": (figure("<i style='position:relative;top:2em'>12.5</i>"), ""),
    "from the other end": (
        figure("<i style='display:flex;flex-direction:row-reverse'><b>2.5</b><b>1</b></i>"),
        "",
    ),
    "in another order": (
        figure("<i style='display:flex'><b style='order:2'>2.5</b><b>1</b></i>"),
        "",
    ),
    "a piece moved before": (figure("2.5<i style='float:left'>1</i>"), ""),
    "a piece moved behind": (figure("<i style='float:right'>1</i>2.5"), ""),
    "pushed together": (figure("12.5", "style='letter-spacing:-9px'"), ""),
    "cut off": (figure("123456.5", "style='max-width:10px;overflow:hidden'"), ""),
    "its first letter too small": (figure("112.5", "class=n"), ".n::first-letter{font-size:0}"),
    "a power": (figure("12<math><msup><mn>1</mn><mn>5</mn></msup></math>"), ""),
    "by a value that is not known": (figure("12.5", "style='display:var(--d)'"), ""),
}


@pytest.mark.parametrize("cell, styles", ALTERED.values(), ids=ALTERED)
def test_cells_that_show_something_else(cell, styles):
    (table,) = page(cell, styles).tables
    assert [c.altered for c in table.cells] == [False, True, False]


UNSEEN = {
    "clipped": "style='position:absolute;clip:rect(0,0,0,0)'",
    "clipped by a path": "style='clip-path:inset(100%)'",
    "of no height": "style='display:block;height:0;overflow:hidden'",
    "of no width": "style='max-width:1px;overflow:hidden'",
    "of no size by its transformation": "style='display:inline-block;transform:scale(0)'",
    "zoomed away": "style='zoom:0.01'",
    "filtered away": "style='filter:opacity(0)'",
    "one pixel high, in short": "style='font:1px SimSun'",
    "shown as dots": "style='-webkit-text-security:disc'",
    "visibility": "style='visibility:hidden'",
}


@pytest.mark.parametrize("given", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("cell", ["<td {}>12.5</td>", "<td><i {}>12.5</i></td>"])
def test_what_nobody_sees_keeps_its_place(cell, given):
    made = page(cell.format(given))
    (table,) = made.tables
    assert [(c.text, c.lost) for c in table.cells] == [("甲", ""), ("", "12.5"), ("7", "")]
    assert [t.left for t in made.told] == [LeftOut.HIDDEN]


def test_closed_details_and_dialogs_are_not_shown():
    for inside in ("<details>12.5</details>", "<dialog>12.5</dialog>"):
        made = page(figure(inside))
        assert made.tables[0].rows() == [["甲", "", "7"]]
        assert [(t.left, t.text) for t in made.told] == [(LeftOut.HIDDEN, "12.5")]


COLLAPSED = {
    "a column": ("<col><col style='visibility:collapse'><col>", {1}),
    "a group": ("<colgroup span=2 style='visibility:collapse'></colgroup>", {0, 1}),
    "in a group": ("<colgroup><col><col span=2 style='visibility:collapse'></colgroup>", {1, 2}),
    "none": ("<colgroup><col><col></colgroup>", set()),
}


@pytest.mark.parametrize("columns, hidden", COLLAPSED.values(), ids=COLLAPSED)
def test_columns_of_a_page_that_are_collapsed(columns, hidden):
    text = f"<table>{columns}<tr><td>甲<td>12.5<td>7</table>"
    assert read_bytes(text.encode(), "a.html").tables[0].hidden_columns == hidden


def test_what_lies_over_a_page_is_told():
    text = "<p>甲</p><div style='position:absolute;left:9px'>99.9</div><table><tr><td>1</table>"
    made = read_bytes(text.encode(), "a.html")
    assert [(t.left, t.text) for t in made.told] == [(LeftOut.TEXT_BOX, "99.9")]


@pytest.mark.parametrize("behind, below", [("单位：千元", ["单位：千元"]), ("完。" * 40, [])])
def test_lines_below_a_form(behind, below):
    text = f"<p>收入支出决算表</p><table><tr><td>a<td>1</table><p>{behind}</p>"
    (form,) = forms_of(read_bytes(text.encode(), "a.html"))
    assert [p.text for p in form.below] == below


def test_lines_above_the_next_form_are_not_below_the_one_before():
    text = "<p>收入决算表</p><table><tr><td>a<td>1</table><p>单位：元</p><p>支出决算表</p><table><tr><td>a<td>1</table>"
    first, second = forms_of(read_bytes(text.encode(), "a.html"))
    assert first.below == () and [p.text for p in second.above] == ["单位：元", "支出决算表"]


def cell(*runs, looks="", paragraph=""):
    """The cell of a Word table with such runs, beside another one."""
    row = (
        f"<w:tc><w:tcPr>{looks}</w:tcPr><w:p><w:pPr>{paragraph}</w:pPr>{''.join(runs)}</w:p></w:tc>"
    )
    made = read_bytes(
        docx(f"<w:tbl {W}><w:tr>{row}<w:tc><w:p>{r('7')}</w:p></w:tc></w:tr></w:tbl>"), "a.docx"
    )
    (table,) = made.tables
    assert table.cells[1].text == "7" and not table.cells[1].altered
    return table.cells[0], [t.left for t in made.told]


def field(code, result="", begin=""):
    between = "<w:r><w:fldChar w:fldCharType='separate'/></w:r>" + r(result) if result else ""
    return (
        f"<w:r><w:fldChar w:fldCharType='begin' {begin}</w:r><w:r><w:instrText>{code}</w:instrText></w:r>"
        f"{between}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )


MATH = "<m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'><m:r><m:t>.5</m:t></m:r></m:oMath>"
CHOICES = "><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='9'/><w:listEntry w:val='12.5'/></w:ddList></w:ffData></w:fldChar>"
WORD_READ = {
    "the result of a formula": [field("=SUM(ABOVE)", "12.5", "/>")],
    "a form field": [field("FORMTEXT", "12.5", "/>")],
    "chosen from a list": [field("FORMDROPDOWN", "", CHOICES)],
    "a control": [f"<w:sdt><w:sdtPr/><w:sdtContent>{r('12.5')}</w:sdtContent></w:sdt>"],
    "an insertion": [f"<w:ins w:id='1' w:author='x'>{r('12.5')}</w:ins>"],
    "somewhat closer": [r("12.5", "<w:spacing w:val='-10'/>")],
    "grey on white": [r("12.5", "<w:color w:val='808080'/><w:shd w:val='clear' w:fill='FFFFFF'/>")],
}


@pytest.mark.parametrize("runs", WORD_READ.values(), ids=WORD_READ)
def test_cells_of_word_that_are_read(runs):
    made, told = cell(*runs)
    assert (made.text, made.altered, told) == ("12.5", False, [])


WORD_ALTERED = {
    "a field to be worked out anew": [field("=SUM(ABOVE)", "12.5", "w:dirty='1'/>")],
    "a simple field to be worked out anew": [
        f"<w:fldSimple w:instr='=SUM(ABOVE)' w:dirty='true'>{r('12.5')}</w:fldSimple>"
    ],
    "words that ask for something": [
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('12.5')}</w:sdtContent></w:sdt>"
    ],
    "a sign of another font": [
        r("1"),
        "<w:r><w:sym w:font='Symbol' w:char='F032'/></w:r>",
        r(".5"),
    ],
    "a formula behind": [r("12"), MATH],
    "a box over it": [r("2.5"), BOX.replace("框", "12.5")],
    "the number of the page": [r("12."), "<w:r><w:pgNum/></w:r>"],
    "pushed together": [r("12.5", "<w:spacing w:val='-400'/>")],
}


@pytest.mark.parametrize("runs", WORD_ALTERED.values(), ids=WORD_ALTERED)
def test_cells_of_word_that_show_something_else(runs):
    assert cell(*runs)[0].altered


@pytest.mark.parametrize(
    "style, altered", [("ListNumber", True), ("ListBullet", False), ("Normal", False)]
)
def test_numbers_of_lists_in_cells(style, altered):
    made, _told = cell(r("12.5"), paragraph=f"<w:pStyle w:val='{style}'/>")
    assert made.altered is altered


WORD_LOST = {
    "a formula without its result": (["<w:fldSimple w:instr='=SUM(ABOVE)'/>"], LeftOut.EQUATION),
    "a variable without its value": ([field("DOCVARIABLE x", "", "/>")], LeftOut.EQUATION),
    "a fraction": ([field(r"EQ \f(25,2)", "", "/>")], LeftOut.EQUATION),
    "as yellow as its mark": (
        [r("12.5", "<w:color w:val='FFFF00'/><w:highlight w:val='yellow'/>")],
        LeftOut.UNSEEN,
    ),
    "too thin": ([r("12.5", "<w:w w:val='1'/>")], LeftOut.UNSEEN),
    "from the right": ([f"<w:bdo w:val='rtl'>{r('5.21')}</w:bdo>"], LeftOut.TURNED),
    "another file": (["<w:subDoc/>"], LeftOut.EMBEDDED),
}


@pytest.mark.parametrize("runs, left", WORD_LOST.values(), ids=WORD_LOST)
def test_cells_of_word_that_are_no_blank_ones(runs, left):
    made, told = cell(*runs)
    assert (made.text, told) == ("", [left]) and made.lost


@pytest.mark.parametrize(
    "looks, left",
    [("<w:cellDel w:id='1' w:author='x'/>", LeftOut.STRUCK), ("<w:shd w:fill='D9D9D9'/>", None)],
)
def test_looks_of_cells_of_word(looks, left):
    ink = "" if "cellDel" in looks else "<w:color w:val='D9D9D9'/>"
    made, told = cell(r("12.5", ink), looks=looks)
    assert (made.text, made.lost, told) == ("", "12.5", [left or LeftOut.UNSEEN])


@pytest.mark.parametrize(
    "looks, hidden",
    [
        ("<w:hidden/>", {0}),
        ("<w:trHeight w:val='1' w:hRule='exact'/>", {0}),
        ("<w:trHeight w:val='1'/>", set()),
        ("<w:trHeight w:val='400' w:hRule='exact'/>", set()),
    ],
)
def test_keptof_word_that_are_not_shown(looks, hidden):
    row = f"<w:tr><w:trPr>{looks}</w:trPr><w:tc><w:p>{r('12.5')}</w:p></w:tc></w:tr>"
    made = read_bytes(docx(f"<w:tbl {W}>{row}</w:tbl>"), "a.docx")
    assert made.tables[0].hidden_rows == hidden
    text = f"<w:p {W}>{r('收入支出决算表')}</w:p>"
    forms = forms_of(read_bytes(docx(text, f"<w:tbl {W}>{row}</w:tbl>"), "a.docx"))
    assert forms[0].hidden_rows == hidden


VALUE = "<table:table-cell office:value-type='float' office:value='12.5' {}><text:p>12.5</text:p></table:table-cell>"
SMALL = "<style:style style:name='x'><style:t style:font-size='1pt'/></style:style>"
FILLED = "<style:style style:name='x'><style:t style:repeat-content='true'/></style:style>"
FLAT = "<style:style style:name='x'><style:t style:{}='0.001cm'/></style:style>"
ROW = "<table:table-row {}>" + VALUE + "</table:table-row>"
OPEN = {
    "too small": (ROW.format("", "table:style-name='x'"), SMALL, ("small", set(), set())),
    "repeated": (ROW.format("", "table:style-name='x'"), FILLED, ("filled", set(), set())),
    "a flat row": (
        ROW.format("table:style-name='x'", ""),
        FLAT.format("row-height"),
        ("", {0}, set()),
    ),
    "a row of a folded group": (
        f"<table:table-row-group table:display='false'>{ROW.format('', '')}</table:table-row-group>",
        "",
        ("", {0}, set()),
    ),
    "a flat column": (
        "<table:table-column table:style-name='x'/>" + ROW.format("", ""),
        FLAT.format("column-width"),
        ("", set(), {0}),
    ),
    "a column of a folded group": (
        "<table:table-column-group table:display='false'><table:table-column/></table:table-column-group>"
        + ROW.format("", ""),
        "",
        ("", set(), {0}),
    ),
}


@pytest.mark.parametrize("rows, styles, seen", OPEN.values(), ids=OPEN)
def test_looks_of_open_sheets(rows, styles, seen):
    body = f"<office:spreadsheet><table:table>{rows}</table:table></office:spreadsheet>"
    (table,) = read_bytes(open_document(body, styles), "a.ods").tables
    assert (table.cells[0].unseen, table.hidden_rows, table.hidden_columns) == seen


def test_cells_and_shapes_of_open_sheets_are_told():
    error = "<table:table-cell table:formula='of:=A' office:value-type='string' calcext:value-type='error' xmlns:calcext='c'/>"
    below = "<table:table-cell table:number-columns-spanned='2'><text:p>a</text:p></table:table-cell><table:covered-table-cell office:value='12.5'/>"
    shapes = "<table:shapes xmlns:draw='d'><draw:frame><draw:text-box><text:p>99.9</text:p></draw:text-box></draw:frame></table:shapes>"
    rows = f"{shapes}<table:table-row>{error}{below}</table:table-row>"
    body = f"<office:spreadsheet><table:table>{rows}</table:table></office:spreadsheet>"
    made = read_bytes(open_document(body), "a.ods")
    assert [c.lost for c in made.tables[0].cells] == ["of:=A", ""]
    assert [(t.left, t.text) for t in made.told] == [
        (LeftOut.HIDDEN, "12.5"),
        (LeftOut.TEXT_BOX, "99.9"),
    ]


ACCOUNTS = {name: TABLES[name] for name in ("单位", "应报清单", "收入支出决算表")}
TOP = ("2023年度收入支出决算表", "编制单位：元江县财政局", "单位：万元")


def received(folder, cell, *, styles="", top=TOP, behind="", columns=""):
    """What 上级补助收入 is read as on a page with this cell, and what is told with its place or of the whole file."""
    rows = [
        ["收入", "", "支出", ""],
        ["项目", "决算数", "项目", "决算数"],
        ["本年收入合计", "112.5", "本年支出合计", "112.5"],
    ]
    lines = ["".join(f"<td>{text}</td>" for text in row) for row in rows]
    lines.insert(2, f"<td>四、上级补助收入</td>{cell}<td></td><td></td>")
    above = "".join(f"<p>{text}</p>" for text in top)
    table = f"<table>{columns}<tr>{'</tr><tr>'.join(lines)}</tr></table>"
    text = f"<meta charset=utf-8><style>{styles}</style>{above}{table}<p>{behind}</p>"
    (folder / "U001.html").write_text(text, "utf-8")
    (folder / "应报清单.csv").write_text(
        "单位代码,年度,单位名称\nU001,2023,元江县财政局\n", "utf-8"
    )
    found = receive(connect(), folder, ACCOUNTS)
    kept = found.held.rows(ACCOUNTS["收入支出决算表"], "U001", 2023)
    read = kept[0].cells.get("上级补助收入") if kept else None
    told = [p.what for p in found.problems if not p.note and "没有“单位”" not in p.what]
    return read and read.value, told


AWAY = "格子里写的是“{}”，文件的排版却把它显示成别的样子；不采用"
SENT = {
    "added": (
        {"cell": "<td class=n>2.5</td>", "styles": ".n::before{content:'1'}"},
        Decimal(125_000),
        [],
    ),
    "a unit below": (
        {"cell": "<td>12.5</td>", "top": TOP[:2], "behind": "单位：千元"},
        Decimal(12_500),
        [],
    ),
    "another unit below": (
        {"cell": "<td>12.5</td>", "behind": "单位：千元"},
        None,
        ["金额单位有两种说法：万元（第3段）和千元（工作表名或表外）；不采用", "里面没有认得的表"],
    ),
    "a unit below in a sentence": (
        {"cell": "<td>12.5</td>", "behind": "单位共有 3 个，都报了。" * 9},
        Decimal(125_000),
        [],
    ),
    "numbered": ({"cell": "<td><ol><li>2.5</ol></td>"}, None, [AWAY.format("2.5")]),
    "a collapsed column": (
        {"cell": "<td>12.5</td>", "columns": "<col><col style='visibility:collapse'>"},
        Decimal(125_000),
        ["取的数在隐藏的 B 列里，签字的人看不见"],
    ),
}


@pytest.mark.parametrize("given, value, told", SENT.values(), ids=SENT)
def test_figures_of_a_page_that_was_sent(given, value, told, tmp_path):
    assert received(tmp_path, **given) == (value, told)
