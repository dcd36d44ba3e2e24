"""Lines of documents that nobody sees: read like hidden lines of a workbook, with a problem that names them; what they hold never counts as zero."""

from decimal import Decimal

import pytest

from gouji.documents import read_bytes
from gouji.intake import receive
from gouji.run import connect
from sheets import TABLES
from test_documents import W, docx, p, r

ACCOUNTS = {name: TABLES[name] for name in ("单位", "应报清单", "收入支出决算表")}
TOP = ("2023年度收入支出决算表", "编制单位：元江县财政局", "单位：万元")
LINES = (
    ("收入", "", "支出", ""),
    ("项目", "决算数", "项目", "决算数"),
    ("四、上级补助收入", "12.5", "", ""),
    ("五、事业收入", "33.3", "", ""),
    ("本年收入合计", "45.8", "本年支出合计", "45.8"),
)
HIDDEN = 3


def received(folder, name, raw):
    """The figures of the form that was sent, and what is told of it."""
    (folder / name).write_bytes(raw)
    (folder / "应报清单.csv").write_text(
        "单位代码,年度,单位名称\nU001,2023,元江县财政局\n", "utf-8"
    )
    found = receive(connect(), folder, ACCOUNTS)
    (row,) = found.held.rows(ACCOUNTS["收入支出决算表"], "U001", 2023)
    told = [q.what for q in found.problems if not q.note and "没有“单位”" not in q.what]
    return {name: cell.value for name, cell in row.cells.items() if "收入" in name}, told


def page(row="", cells="", inside="{}", body="", styles=""):
    """A page whose fourth line is not shown."""
    lines = []
    for number, line in enumerate(LINES):
        hidden = number == HIDDEN
        texts = [(inside if hidden else "{}").format(text) for text in line]
        made = "".join(f"<td {cells if hidden else ''}>{text}</td>" for text in texts)
        made = f"<tr {row if hidden else ''}>{made}</tr>"
        lines.append(f"<tbody {body}>{made}</tbody><tbody>" if hidden else made)
    above = "".join(f"<p>{text}</p>" for text in TOP)
    return f"<meta charset=utf-8><style>{styles}</style>{above}<table><tbody>{''.join(lines)}</table>".encode()


PAGES = {
    "hidden": page(row="hidden"),
    "not displayed": page(row="style='display:none'"),
    "not visible": page(row="style='visibility:hidden'"),
    "collapsed": page(row="style='visibility:collapse'"),
    "by a class": page(row="class=x", styles=".x{display:none}"),
    "no cell displayed": page(cells="style='display:none'"),
    "no cell visible": page(cells="style='visibility:hidden'"),
    "no text visible": page(inside="<i style='visibility:hidden'>{}</i>"),
    "no text displayed": page(inside="<i style='display:none'>{}</i>"),
    "white": page(row="style='color:#fff'"),
    "a part of the table": page(body="hidden"),
    "too small": page(row="style='font-size:0'"),
}


@pytest.mark.parametrize("raw", PAGES.values(), ids=PAGES)
def test_lines_of_a_page(raw, tmp_path):
    values, (told,) = received(tmp_path, "U001.html", raw)
    assert values["事业收入"] == Decimal(333_000)
    assert values["上级补助收入"] == Decimal(125_000)
    assert told == "取的数在隐藏的第 7 行里，签字的人看不见"


def word(looks="", runs=""):
    def line(number, texts):
        own = runs if number == HIDDEN else ""
        cells = "".join(f"<w:tc><w:p>{r(text, own)}</w:p></w:tc>" for text in texts)
        return f"<w:tr><w:trPr>{looks if number == HIDDEN else ''}</w:trPr>{cells}</w:tr>"

    rows = "".join(line(number, texts) for number, texts in enumerate(LINES))
    return docx(*(p(r(text)) for text in TOP), f"<w:tbl {W}>{rows}</w:tbl>")


WORDS = {
    "hidden": word("<w:hidden/>"),
    "no text shown": word(runs="<w:vanish/>"),
    "both": word("<w:hidden/>", "<w:vanish/>"),
    "white": word(runs="<w:color w:val='FFFFFF'/>"),
    "too small": word(runs="<w:sz w:val='2'/>"),
    "no height": word("<w:trHeight w:val='1' w:hRule='exact'/>"),
}


@pytest.mark.parametrize("raw", WORDS.values(), ids=WORDS)
def test_lines_of_word(raw, tmp_path):
    values, (told,) = received(tmp_path, "U001.docx", raw)
    assert values["事业收入"] == Decimal(333_000)
    assert told == "取的数在隐藏的第 7 行里，签字的人看不见"


SPANS = {
    "not counted": ("display:none", 2, [["a", "1"], ["", "9"], ["", "2"], ["b", "3"]]),
    "counted": ("visibility:collapse", 3, [["a", "1"], ["", "9"], ["", "2"], ["b", "3"]]),
    "behind the span": ("display:none", 1, [["a", "1"], ["9", ""], ["2", ""], ["b", "3"]]),
}


@pytest.mark.parametrize("style, rows, grid", SPANS.values(), ids=SPANS)
def test_cells_that_span_a_line_that_is_not_shown(style, rows, grid):
    text = f"<table><tr><td rowspan={rows}>a<td>1<tr style='{style}'><td>9<tr><td>2<tr><td>b<td>3</table>"
    (table,) = read_bytes(text.encode(), "a.html").tables
    assert table.rows() == grid and table.hidden_rows == {1}


def test_a_line_without_anything_takes_no_place():
    (table,) = read_bytes(b"<table><tr hidden><td><tr><td>1</table>", "a.html").tables
    assert table.rows() == [["1"]]


NUMBERED = "<w:tc><w:p><w:pPr><w:pStyle w:val='ListNumber'/></w:pPr>{}</w:p></w:tc>"


@pytest.mark.parametrize("inside", ["", r("-"), r("."), r(" ")], ids=["alone", "-", ".", "blank"])
def test_the_number_of_a_list_where_a_figure_belongs(inside, tmp_path):
    """Word shows a number there, which is no text of the cell: missing, and told, never zero."""

    def line(number, texts):
        cells = [f"<w:tc><w:p>{r(text)}</w:p></w:tc>" for text in texts]
        if number == HIDDEN:
            cells[1] = NUMBERED.format(inside)
        return f"<w:tr>{''.join(cells)}</w:tr>"

    rows = "".join(line(number, texts) for number, texts in enumerate(LINES))
    raw = docx(*(p(r(text)) for text in TOP), f"<w:tbl {W}>{rows}</w:tbl>")
    values, (told,) = received(tmp_path, "U001.docx", raw)
    assert values.get("事业收入") is None and "不采用" in told
