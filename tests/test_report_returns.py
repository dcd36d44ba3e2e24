"""A report goes back with its findings: a docx with comments on the sentences, a PDF with the sentences marked."""

import io

import docx
import pypdf
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gouji.app.returns import ending_of, returned
from printing import FONT

LINES = (
    "某县水利局2023年度部门决算",
    "一、收入情况",
    "收入合计100.00万元，比上年增加10.00万元，增长10.00%。",
    "支出合计90.00万元，比上年增加9.00万元，增长11.11%。",
)


def as_docx():
    made, into = docx.Document(), io.BytesIO()
    for line in LINES:
        made.add_paragraph(line)
    made.save(into)
    return into.getvalue()


def as_pdf():
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    into = io.BytesIO()
    canvas = Canvas(into, (595, 842))
    canvas.setFont(FONT, 12)
    for number, line in enumerate(LINES):
        canvas.drawString(60, 780 - 24 * number, line)
    canvas.save()
    return into.getvalue()


@pytest.fixture
def sent(tmp_path):
    def make(name, raw):
        (tmp_path / "单位.csv").write_text("单位代码,年度,单位名称\nA1,2023,某县水利局\n", "utf-8")
        (tmp_path / name).write_bytes(raw)
        return returned(tmp_path, "A1", "final-accounts").content

    return make


def test_a_docx_goes_back_with_comments_on_its_sentences(sent):
    content = sent("决算说明.docx", as_docx())
    assert ending_of(content) == ".docx"
    made = docx.Document(io.BytesIO(content))
    said = [comment.text for comment in made.comments]
    assert sum("FT04" in text and "10.00%" in text for text in said) == 1
    marked = [p.text for p in made.paragraphs if p._p.findall(".//{*}commentRangeStart")]
    assert LINES[2] in marked and LINES[3] not in marked


def test_a_pdf_goes_back_with_its_sentences_marked(sent):
    raw = as_pdf()
    content = sent("决算说明.pdf", raw)
    assert content.startswith(raw)
    (page, *_list) = pypdf.PdfReader(io.BytesIO(content)).pages
    notes = [note.get_object() for note in page["/Annots"]]
    (mark,) = [n for n in notes if n["/Subtype"] == "/Highlight" and "FT04" in n["/Contents"]]
    left, low, right, high = map(float, mark["/Rect"])
    assert low < 780 - 48 < high and left < 100 < right
