"""Documents of every kind: paragraphs and tables with their places; what is no text is told; what cannot be read is refused by name."""

import io
import zipfile

import pytest
from docx import Document as NewDocx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gouji.documents import DocumentFault, DocumentTable, LeftOut, Paragraph, read, read_bytes

W = nsdecls("w")


def docx(*body):
    """A docx whose body is the given XML."""
    made = NewDocx()
    for part in body:
        made.element.body.insert(len(made.element.body) - 1, parse_xml(part))
    raw = io.BytesIO()
    made.save(raw)
    return raw.getvalue()


def p(*runs, looks=""):
    return f"<w:p {W}>{f'<w:pPr>{looks}</w:pPr>' if looks else ''}{''.join(runs)}</w:p>"


def r(text, looks=""):
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def tc(text, looks="", more=""):
    return f"<w:tc><w:tcPr>{looks}</w:tcPr><w:p>{r(text)}</w:p>{more}</w:tc>"


def tbl(*rows):
    return f"<w:tbl {W}>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


GONE = "<w:del w:id='1' w:author='x'><w:r><w:delText>12</w:delText></w:r></w:del>"
CAME = f"<w:ins w:id='2' w:author='x'>{r('34')}</w:ins>"
FIELD = (
    "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE 9</w:instrText></w:r>"
    "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>5</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
)
BOX = (
    "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
)

WORD_TEXT = {
    "plain": (p(r("甲"), r("乙")), "甲乙", []),
    "tracked changes": (p(r("共"), GONE, CAME, r("户")), "共34户", [LeftOut.DELETED]),
    "hidden": (p(r("甲"), r("12", "<w:vanish/>")), "甲", [LeftOut.HIDDEN]),
    "hidden turned off": (p(r("甲"), r("12", "<w:vanish w:val='0'/>")), "甲12", []),
    "struck out": (p(r("甲"), r("12", "<w:strike/>")), "甲", [LeftOut.STRUCK]),
    "white on paper": (p(r("甲"), r("12", "<w:color w:val='FFFFFF'/>")), "甲", [LeftOut.UNSEEN]),
    "white on a shade": (
        p(r("12", "<w:shd w:fill='1F3864'/><w:color w:val='FFFFFF'/>")),
        "12",
        [],
    ),
    "a raised figure": (p(r("6"), r("2", "<w:vertAlign w:val='superscript'/>")), "6²", []),
    "a raised word": (
        p(r("6"), r("注", "<w:vertAlign w:val='superscript'/>")),
        "6",
        [LeftOut.RAISED],
    ),
    "the result of a field": (p(r("第"), FIELD, r("页")), "第5页", []),
    "a link": (p(f"<w:hyperlink>{r('甲')}</w:hyperlink>"), "甲", []),
    "a text box": (p(r("甲"), BOX), "甲", [LeftOut.TEXT_BOX]),
    "too small to read": (p(r("甲"), r("12", "<w:sz w:val='2'/>")), "甲", [LeftOut.UNSEEN]),
    "in the colour of the paper by theme": (
        p(r("甲"), r("12", "<w:color w:val='auto' w:themeColor='background1'/>")),
        "甲",
        [LeftOut.UNSEEN],
    ),
    "small and set high": (
        p(r("6"), r("2", "<w:position w:val='6'/><w:sz w:val='12'/>")),
        "6²",
        [],
    ),
    "words with their reading": (
        p(f"<w:r><w:ruby><w:rt>{r('9')}</w:rt><w:rubyBase>{r('12')}</w:rubyBase></w:ruby></w:r>"),
        "12",
        [],
    ),
    "a formula without its result": (
        p(r("甲"), FIELD.replace("PAGE 9", "=SUM(ABOVE)").replace("<w:t>5</w:t>", "")),
        "甲",
        [LeftOut.EQUATION],
    ),
    "an end that was deleted": (
        p(r("甲"), looks="<w:rPr><w:del w:id='1' w:author='x'/></w:rPr>") + "|" + p(r("乙")),
        "甲乙",
        [],
    ),
}


@pytest.mark.parametrize("xml, text, left", WORD_TEXT.values(), ids=WORD_TEXT)
def test_text_of_word(xml, text, left):
    made = read_bytes(docx(*xml.split("|")), "a.docx")
    assert [b.text for b in made.paragraphs] == [text]
    assert [t.left for t in made.told] == left


LOOKS_OF_STYLES = {
    "struck out": ("<w:strike/>", "6", [LeftOut.STRUCK]),
    "white": ("<w:color w:val='FFFFFF'/>", "6", [LeftOut.UNSEEN]),
    "nearly white": ("<w:color w:val='F2F2F2'/>", "6", [LeftOut.UNSEEN]),
    "hidden": ("<w:vanish/>", "6", [LeftOut.HIDDEN]),
    "raised": ("<w:vertAlign w:val='superscript'/>", "6²", []),
}


@pytest.mark.parametrize("looks, text, left", LOOKS_OF_STYLES.values(), ids=LOOKS_OF_STYLES)
def test_what_a_style_says_holds_for_its_text(looks, text, left):
    """Of the style itself and of one that is based on it."""
    styles = (
        f"<w:styles {W}><w:style w:type='character' w:styleId='a'><w:rPr>{looks}</w:rPr></w:style>"
        "<w:style w:type='character' w:styleId='b'><w:basedOn w:val='a'/></w:style></w:styles>"
    )
    for name in "ab":
        found = docx(p(r("6"), r("2", f"<w:rStyle w:val='{name}'/>")))
        with zipfile.ZipFile(io.BytesIO(found)) as packed:
            parts = [(n, packed.read(n)) for n in packed.namelist() if n != "word/styles.xml"]
        made = read_bytes(zipped(*parts, ("word/styles.xml", styles)), "a.docx")
        assert [b.text for b in made.paragraphs] == [text]
        assert [t.left for t in made.told] == left


def test_footnotes_are_told_with_their_text():
    raw = docx(p(r("甲"), "<w:r><w:footnoteReference w:id='2'/></w:r>"))
    notes = (
        f"<w:footnotes {W}><w:footnote w:id='2'><w:p>{r('见附表')}</w:p></w:footnote></w:footnotes>"
    )
    made = read_bytes(with_part(raw, "word/footnotes.xml", notes), "a.docx")
    assert [(t.left, t.text) for t in made.told] == [(LeftOut.FOOTNOTE, "见附表")]


def with_part(raw, name, text):
    made = io.BytesIO(raw)
    with zipfile.ZipFile(made, "a") as packed:
        packed.writestr(name, text)
    return made.getvalue()


SPAN2, DOWN, GOES_ON = "<w:gridSpan w:val='2'/>", "<w:vMerge w:val='restart'/>", "<w:vMerge/>"
WORD_TABLES = {
    "plain": (tbl(tc("a") + tc("b"), tc("1") + tc("2")), [["a", "b"], ["1", "2"]]),
    "across": (tbl(tc("a", SPAN2), tc("1") + tc("2")), [["a", ""], ["1", "2"]]),
    "down": (
        tbl(tc("a", DOWN) + tc("b"), tc("", GOES_ON) + tc("2"), tc("c") + tc("3")),
        [["a", "b"], ["", "2"], ["c", "3"]],
    ),
    "down in the middle": (
        tbl(tc("a") + tc("b", DOWN) + tc("c"), tc("1") + tc("", GOES_ON) + tc("3")),
        [["a", "b", "c"], ["1", "", "3"]],
    ),
    "a row that begins further right": (
        tbl(
            tc("a") + tc("b"),
            "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + tc("2"),
        ),
        [["a", "b"], ["", "2"]],
    ),
    "a deleted row": (
        tbl(tc("a"), "<w:trPr><w:del w:id='1' w:author='x'/></w:trPr>" + tc("9"), tc("1")),
        [["a"], ["1"]],
    ),
    "wrapped": (
        tbl(
            tc("a"),
            f"</w:tr><w:sdt><w:sdtContent><w:tr>{tc('1')}</w:tr></w:sdtContent></w:sdt><w:tr>{tc('2')}",
        ),
        None,
    ),
    "two lines in a cell": (tbl(tc("a", more=f"<w:p>{r('b')}</w:p>")), [["a\nb"]]),
}


@pytest.mark.parametrize("xml, rows", WORD_TABLES.values(), ids=WORD_TABLES)
def test_tables_of_word(xml, rows):
    (table,) = read_bytes(docx(xml), "a.docx").tables
    made = [row for row in table.rows() if any(row)]
    assert made == (rows or [["a"], ["1"], ["2"]])
    assert table.place.table == 1


def test_a_table_in_a_cell_comes_behind_the_one_around_it():
    inner = tbl(tc("x") + tc("y")).replace(f" {W}", "")
    made = read_bytes(docx(tbl(tc("a", more=inner + "<w:p/>") + tc("b"))), "a.docx")
    assert [(t.rows(), t.within) for t in made.tables] == [([["a", "b"]], 0), ([["x", "y"]], 1)]


def test_headings_and_places_of_word():
    made = NewDocx()
    made.add_heading("一、概况", 1)
    made.add_paragraph("")
    made.add_paragraph("正文")
    raw = io.BytesIO()
    made.save(raw)
    found = read_bytes(raw.getvalue(), "a.docx").paragraphs
    assert [(b.text, b.level, str(b.place)) for b in found] == [
        ("一、概况", 1, "第1段"),
        ("正文", 0, "第3段"),
    ]


PAGES = {
    "plain": ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", [[["a", "b"], ["1", "2"]]]),
    "across": ("<table><tr><td colspan=2>a<tr><td>1<td>2</table>", [[["a", ""], ["1", "2"]]]),
    "down": (
        "<table><tr><td rowspan=2>a<td>b<tr><td>2<tr><td>c<td>3</table>",
        [[["a", "b"], ["", "2"], ["c", "3"]]],
    ),
    "down to the last": (
        "<table><tr><td rowspan=0>a<td>b<tr><td>2</table>",
        [[["a", "b"], ["", "2"]]],
    ),
    "groups": (
        "<table><thead><tr><td>a</thead><tbody><tr><td>1</tbody><tfoot><tr><td>2</tfoot></table>",
        [[["a"], ["1"], ["2"]]],
    ),
    "a table that lays out": (
        "<table><tr><td><table><tr><td>1<td>2</table></td></tr></table>",
        [[["1", "2"]]],
    ),
    "lines": ("<table><tr><td>a<br>b<td><p>c</p><p>d</p></table>", [[["a\nb", "c\nd"]]]),
    "a hidden cell": ("<table><tr><td style='display:none'>9<td>1</table>", [[["1"]]]),
    "hidden by a class": (
        "<style>.x{display:none}</style><table><tr><td class=x>9<td>1</table>",
        [[["1"]]],
    ),
    "no end": ("<table><tr><td>1<td>2", [[["1", "2"]]]),
    "a raised sign": ("<table><tr><td>6<sup>2</sup></table>", [[["6²"]]]),
    "struck out": ("<table><tr><td><s>5</s>6</table>", [[["6"]]]),
    "blanks": ("<table><tr><td>&nbsp;1,234.50 \n </table>", [[["1,234.50"]]]),
}


@pytest.mark.parametrize("page, tables", PAGES.values(), ids=PAGES)
def test_web_pages(page, tables):
    made = read_bytes(f"<html><body>{page}</body></html>".encode(), "a.html")
    assert [t.rows() for t in made.tables] == tables
    assert {t.left for t in made.told} == (
        {LeftOut.HIDDEN} if "9" in page else {LeftOut.STRUCK} if "<s>" in page else set()
    )


# What the styles of a page do to the 9 before 12.5.
STYLES = {
    "by its own style": ("", "style='font-size:0'", LeftOut.HIDDEN),
    "see-through": ("", "style='opacity:0'", LeftOut.HIDDEN),
    "off the page": ("", "style='position:absolute;left:-9999px'", LeftOut.HIDDEN),
    "without ink": ("", "style='color:transparent'", LeftOut.HIDDEN),
    "without ink, in numbers": (".n{color:rgba(1, 2, 3, 0.0)}", "class=n", LeftOut.HIDDEN),
    "without ink, in eight digits": ("i{color:#12345600}", "", LeftOut.HIDDEN),
    "black on a clear ground": ("i{color:#000;background-color:rgba(0,0,0,0)}", "", None),
    "half see-through ink": ("i{color:rgba(9,9,9,0.5)}", "", None),
    "black of three numbers": ("i{color:rgb(9, 9, 0)}", "", None),
    "white": ("", "style='color:#FFF'", LeftOut.UNSEEN),
    "nearly white": ("", "style='color:#f5f5f5'", LeftOut.UNSEEN),
    "white on cream": ("td{background:#fffdf2} i{color:#fff}", "", LeftOut.UNSEEN),
    "white by a colour in numbers": (".n{color:rgb(255, 255, 255)}", "class=n", LeftOut.UNSEEN),
    "as red as the cell": ("td{background:red url} i{color:red}", "", LeftOut.UNSEEN),
    "struck out by a class": (".n{text-decoration:line-through}", "class=n", LeftOut.STRUCK),
    "below another": ("td i{display:none}", "", LeftOut.HIDDEN),
    "the first of its kind": ("td i:first-child{display:none}", "", LeftOut.HIDDEN),
    "by an attribute": ("[data-h]{display:none}", "data-h=1", LeftOut.HIDDEN),
    "by a more exact rule": ("#n{display:none} i{display:inline}", "id=n", LeftOut.HIDDEN),
    "by an important one": ("i{display:none !important}", "style='display:inline'", LeftOut.HIDDEN),
    "written from the right": ("", "style='unicode-bidi:bidi-override'", LeftOut.TURNED),
    "shown again": (".n{display:none} i.n{display:inline}", "class=n", None),
    "white on blue": ("td{background:#00f;color:#fff}", "", None),
    "white on a row": ("tr{background:navy} i{color:white}", "", None),
    "white on blue cells of a white line": ("tr{color:#fff} i,td{background:#00f}", "", None),
    "when pointed at": ("i:hover{display:none}", "", None),
    "black": ("i{color:black;font-size:9pt;opacity:.5}", "", None),
}


@pytest.mark.parametrize("styles, given, left", STYLES.values(), ids=STYLES)
def test_what_a_page_does_not_show_is_no_text(styles, given, left):
    page = f"<style><!-- {styles} --></style><table><tr><td><i {given}>9</i>12.5</table>"
    made = read_bytes(f"<html><body>{page}</body></html>".encode(), "a.html")
    assert [t.rows() for t in made.tables] == [[["912.5" if left is None else "12.5"]]]
    assert [t.left for t in made.told] == ([] if left is None else [left])


FIELDS = {
    "filled in": ("<input value=12.5>", "12.5"),
    "not shown": ("<input type=hidden value=9>", ""),
    "of many lines": ("<textarea>12.5</textarea>", "12.5"),
    "chosen": ("<select><option>9<option selected>12.5</select>", "12.5"),
    "raised by a style": ("12.5<span style='vertical-align:super'>1</span>", "12.5¹"),
    "with its reading": ("<ruby>12.5<rt>9</rt></ruby>", "12.5"),
}


@pytest.mark.parametrize("inside, text", FIELDS.values(), ids=FIELDS)
def test_what_a_page_shows_in_a_cell(inside, text):
    made = read_bytes(f"<table><tr><td>{inside}<td>1</table>".encode(), "a.html")
    assert [t.rows() for t in made.tables] == [[[text, "1"]]] and made.told == ()


def test_a_page_with_too_many_rules_is_refused():
    page = "<style>" + "i{color:red}" * 3000 + "</style><p>1</p>"
    with pytest.raises(DocumentFault, match="样式超过"):
        read_bytes(page.encode(), "a.html")


def test_text_of_a_web_page():
    page = "<h2>一、概况</h2><p>甲<b>乙</b><br>丙</p><script>1</script><div>丁<table><tr><td>1</table>戊</div>"
    made = read_bytes(page.encode(), "a.html")
    shown = [(b.text, b.level) if isinstance(b, Paragraph) else b.rows() for b in made.blocks]
    assert shown == [("一、概况", 2), ("甲乙\n丙", 0), ("丁", 0), [["1"]], ("戊", 0)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding):
    meta = "" if encoding == "utf-16" else "<meta charset=gb2312>" if "gb" in encoding else ""
    page = read_bytes(f"<html>{meta}<p>合计三十</p></html>".encode(encoding), "a.html")
    text = read_bytes("合计三十".encode(encoding), "a.txt")
    assert [b.text for b in (*page.paragraphs, *text.paragraphs)] == ["合计三十"] * 2


OFFICE, TABLE, TEXT = (
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")
)
NAMES = f"xmlns:office='{OFFICE}' xmlns:table='{TABLE}' xmlns:text='{TEXT}' xmlns:style='urn:style'"


def open_document(body, styles=""):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("mimetype", "x")
        packed.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body>{body}</office:body></office:document-content>",
        )
    return made.getvalue()


def cell(text, more=""):
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


SHEETS = {
    "plain": (cell("a") + cell("b"), [["a", "b"]]),
    "repeated": (cell("1", "table:number-columns-repeated='3'"), [["1", "1", "1"]]),
    "blank between": (
        cell("a") + "<table:table-cell table:number-columns-repeated='2'/>" + cell("b"),
        [["a", "", "", "b"]],
    ),
    "merged": (
        cell("a", "table:number-columns-spanned='2'") + "<table:covered-table-cell/>" + cell("b"),
        [["a", "", "b"]],
    ),
    "blank to the end": (
        cell("a") + "<table:table-cell table:number-columns-repeated='16383'/>",
        [["a"]],
    ),
}


@pytest.mark.parametrize("row, rows", SHEETS.values(), ids=SHEETS)
def test_open_spreadsheets(row, rows):
    body = (
        f"<office:spreadsheet><table:table table:name='甲'><table:table-row>{row}</table:table-row>"
    )
    body += "<table:table-row table:number-rows-repeated='1048575'><table:table-cell/></table:table-row>"
    (table,) = read_bytes(
        open_document(f"{body}</table:table></office:spreadsheet>"), "a.ods"
    ).tables
    assert (table.name, table.rows()) == ("甲", rows)


def test_an_open_sheet_that_is_not_shown():
    styles = "<style:style style:name='ta2'><style:p table:display='false'/></style:style>"
    body = "<office:spreadsheet><table:table table:name='甲' table:style-name='ta2'><table:table-row table:visibility='collapse'>"
    body += (
        cell("1", "office:value-type='float' office:value='1.25'")
        + "</table:table-row></table:table></office:spreadsheet>"
    )
    (table,) = read_bytes(open_document(body, styles), "a.ods").tables
    assert (table.hidden, table.hidden_rows, table.cells[0].number) == (True, {0}, 1.25)


SPANS = {
    "white": ("fo:color='#ffffff'", "12.5", LeftOut.UNSEEN),
    "nearly white": ("fo:color='#f2f2f2'", "12.5", LeftOut.UNSEEN),
    "white on cream": ("fo:color='#ffffff' fo:background-color='#fffdf2'", "12.5", LeftOut.UNSEEN),
    "two points": ("fo:font-size='2pt'", "12.5", LeftOut.HIDDEN),
    "struck out": ("style:text-line-through-style='solid'", "12.5", LeftOut.STRUCK),
    "white on blue": ("fo:color='#ffffff' fo:background-color='#0000ff'", "912.5", None),
    "small": ("fo:font-size='6pt'", "912.5", None),
}


@pytest.mark.parametrize("looks, text, left", SPANS.values(), ids=SPANS)
def test_pieces_of_text_in_an_open_sheet(looks, text, left):
    styles = f"<style:style style:name='T1' xmlns:fo='urn:fo'><style:text-properties {looks}/></style:style>"
    inside = "<text:span text:style-name='T1'>9</text:span>12.5"
    body = f"<office:spreadsheet><table:table><table:table-row>{cell(inside)}</table:table-row></table:table></office:spreadsheet>"
    made = read_bytes(open_document(body, styles), "a.ods")
    assert made.tables[0].rows() == [[text]]
    assert [t.left for t in made.told] == ([left] if left else [])


IN_CELLS = {
    "a text without a paragraph": (
        "<table:table-cell office:value-type='string' office:string-value='12.5'/>",
        ("12.5", ""),
    ),
    "a formula without its result": (
        "<table:table-cell table:formula='of:=1+1'/>",
        ("", "of:=1+1"),
    ),
    "words with their reading": (
        cell(
            "<text:ruby><text:ruby-base>12.5</text:ruby-base><text:ruby-text>9</text:ruby-text></text:ruby>"
        ),
        ("12.5", ""),
    ),
}


@pytest.mark.parametrize("inside, wanted", IN_CELLS.values(), ids=IN_CELLS)
def test_what_a_cell_of_an_open_sheet_holds(inside, wanted):
    body = f"<office:spreadsheet><table:table><table:table-row>{inside}</table:table-row></table:table></office:spreadsheet>"
    (table,) = read_bytes(open_document(body), "a.ods").tables
    assert [(one.text, one.lost) for one in table.cells] == [wanted]


def test_what_a_merged_cell_of_an_open_sheet_covers_is_told():
    row = cell("a", "table:number-columns-spanned='2'")
    row += "<table:covered-table-cell><text:p>12.5</text:p></table:covered-table-cell>"
    body = f"<office:spreadsheet><table:table><table:table-row>{row}</table:table-row></table:table></office:spreadsheet>"
    made = read_bytes(open_document(body), "a.ods")
    assert made.tables[0].rows() == [["a", ""]]
    assert [(t.left, t.text) for t in made.told] == [(LeftOut.HIDDEN, "12.5")]


STYLED = cell("211.36", "table:style-name='ce1'")
LOST = {
    "a word document": (
        docx(
            f"<w:tbl {W}><w:tr><w:tc><w:p>{r('211.36', '<w:strike/>')}</w:p></w:tc></w:tr></w:tbl>"
        ),
        "a.docx",
    ),
    "a web page": (b"<table><tr><td><s>211.36</s></td></tr></table>", "a.html"),
    "a web page that a spreadsheet program saved": (
        b"<table><tr><td sdval='211.36'><br></td></tr></table>",
        "a.html",
    ),
    "a web page that says the number": (
        b"<table><tr><td x:num='211.36'></td></tr></table>",
        "a.html",
    ),
    "a text written from the right": (
        b"<table><tr><td><bdo dir=rtl>211.36</bdo></td></tr></table>",
        "a.html",
    ),
    "a text box in a cell": (
        docx(
            f"<w:tbl {W}><w:tr><w:tc><w:p>{BOX.replace('框', '211.36')}</w:p></w:tc></w:tr></w:tbl>"
        ),
        "a.docx",
    ),
    "a sheet": (
        open_document(
            f"<office:spreadsheet><table:table><table:table-row>{STYLED}"
            "</table:table-row></table:table></office:spreadsheet>",
            "<style:style style:name='ce1'><style:p style:text-line-through-type='single'/></style:style>",
        ),
        "a.ods",
    ),
    "a sheet whose format shows nothing": (
        open_document(
            "<office:spreadsheet><table:table><table:table-row><table:table-cell office:value-type='float'"
            " office:value='211.36'/></table:table-row></table:table></office:spreadsheet>"
        ),
        "a.ods",
    ),
}


@pytest.mark.parametrize("raw, name", LOST.values(), ids=LOST)
def test_a_cell_whose_figure_is_struck_out_or_not_shown_is_no_blank_one(raw, name):
    (table,) = read_bytes(raw, name).tables
    assert [(one.text, one.lost) for one in table.cells] == [("", "211.36")]


PICTURED = {
    "a web page": (b"<table><tr><td><img src=x></table>", "a.html", "图片没有读"),
    "a web page with a word for it": (
        b"<table><tr><td><img src=x alt=stamp></table>",
        "a.html",
        "stamp",
    ),
    "a word document": (
        docx(f"<w:tbl {W}><w:tr><w:tc><w:p><w:r><w:drawing/></w:r></w:p></w:tc></w:tr></w:tbl>"),
        "a.docx",
        "图片没有读",
    ),
}


@pytest.mark.parametrize("raw, name, lost", PICTURED.values(), ids=PICTURED)
def test_a_cell_with_a_picture_is_no_blank_one(raw, name, lost):
    (table,) = read_bytes(raw, name).tables
    assert [(one.text, one.lost) for one in table.cells] == [("", lost)]


def test_figures_of_a_table_in_a_cell_are_held_by_the_cell():
    inner = tbl(tc("211.36")).replace(f" {W}", "")
    word = docx(tbl(tc("a") + tc("", more=inner + "<w:p/>")))
    page = b"<table><tr><td>a<td>b<td><table><tr><td>211.36</table></table>"
    for raw, name in ((word, "a.docx"), (page, "a.html")):
        outer = read_bytes(raw, name).tables[0]
        assert [one.lost for one in outer.cells if one.lost] == ["211.36"], name


def test_text_of_an_open_document():
    body = "<office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>旧</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    body += "<text:h text:outline-level='2'>一</text:h><text:p>甲<text:s text:c='2'/>乙<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>注</text:p></text:note-body></text:note></text:p></office:text>"
    made = read_bytes(open_document(body), "a.odt")
    assert [(b.text, b.level) for b in made.paragraphs] == [("一", 2), ("甲  乙", 0)]
    assert [(t.left, t.text) for t in made.told] == [
        (LeftOut.DELETED, "旧"),
        (LeftOut.FOOTNOTE, "注"),
    ]


def zipped(*parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in parts:
            packed.writestr(name, text)
    return made.getvalue()


def bomb(ratio=2000):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * (ratio << 12))
    return made.getvalue()


ENTITY = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
REFUSED = {
    "empty": (b"", "a.docx", "空"),
    "no container": (b"hello", "a.docx", "不是完整的"),
    "half a container": (docx(p(r("甲")))[:700], "a.docx", "不完整"),
    "an old document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.docx", "密码"),
    "an old document as text": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.txt", "旧版"),
    "a pdf called otherwise": (b"%PDF-1.7 x", "a.docx", "后缀不对"),
    "a container called otherwise": (docx(p(r("甲"))), "a.html", "后缀不对"),
    "no pdf": (b"%PDF-1.7 x", "a.pdf", "不是完整的 PDF"),
    "a bomb": (bomb(), "a.docx", "压缩比"),
    "entities": (zipped(("content.xml", ENTITY + "<x>&b;</x>")), "a.ods", "content.xml"),
    "no content": (zipped(("mimetype", "x")), "a.ods", "content.xml"),
    "nested too deep": (
        docx(f"<w:p {W}>" + "<w:ins>" * 230 + "</w:ins>" * 230 + "</w:p>"),
        "a.docx",
        "嵌套",
    ),
    "a page nested too deep": (b"<div>" * 400 + b"1", "a.html", "嵌套"),
    "spans": ((b"<table>" + b"<tr><td colspan=1000 rowspan=1000>1" * 1000), "a.html", "格子"),
    "repeats": (
        open_document(
            "<office:spreadsheet><table:table><table:table-row table:number-rows-repeated='999999'>"
            + cell("1", "table:number-columns-repeated='999'")
            + "</table:table-row></table:table></office:spreadsheet>"
        ),
        "a.ods",
        "格子",
    ),
    "no text": (b"a\0b\1c", "a.txt", "不是文字"),
    "no encoding": (b"\xff\xff\xff\xff\x80 \xff", "a.txt", "编码"),
}


@pytest.mark.parametrize("raw, name, words", REFUSED.values(), ids=REFUSED)
def test_refused_by_name(raw, name, words):
    with pytest.raises(DocumentFault) as fault:
        read_bytes(raw, name)
    assert words in fault.value.what and fault.value.fix


def test_nothing_is_fetched_or_filled_in(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    external = f"<!DOCTYPE html [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>"
    page = tmp_path / "a.html"
    page.write_text(f"{external}<p>&x;</p><iframe src='{secret.as_uri()}'></iframe>")
    assert "SECRET" not in str(read(page))


def test_tables_of_a_page_know_what_stands_above():
    made = read_bytes("<p>甲表</p><table><tr><td>1</table><p>注</p>".encode(), "a.html")
    assert [(t.rows(), [x.text for x in above]) for t, above in made.with_above()] == [
        ([["1"]], ["甲表"])
    ]
    assert [type(b) for b in made.blocks] == [Paragraph, DocumentTable, Paragraph]


def test_a_pdf():
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    raw = io.BytesIO()
    page = Canvas(raw, pagesize=(400, 300))
    page.setFont("STSong-Light", 10)
    page.drawString(150, 250, "收入决算表")
    for x in (50, 200, 300):
        page.line(x, 150, x, 210)
    for y in (150, 180, 210):
        page.line(50, y, 300, y)
    for x, y, text in (
        (60, 190, "项目"),
        (210, 190, "决算数"),
        (60, 160, "合计"),
        (250, 160, "12.50"),
    ):
        page.drawString(x, y, text)
    page.showPage()
    page.save()
    made = read_bytes(raw.getvalue(), "a.pdf")
    title, table = made.blocks
    assert (title.text, str(title.place)) == ("收入决算表", "第1页第1行")
    assert table.rows() == [["项目", "决算数"], ["合计", "12.50"]]
    figure = table.at(1, 1)
    box = figure.place.box
    assert str(figure.place) == "第1页表1 第2行第2列"
    assert (round(box.left), round(box.bottom)) == (250, 141)
    assert made.pages == ((400, 300),)
