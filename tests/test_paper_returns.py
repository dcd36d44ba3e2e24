"""A unit's PDF and docx go back with their findings: what was sent stays as it was, boxes lie on the figures, notes are read back whole."""

import io
import random

import pytest
from docx import Document
from pypdf import PdfReader

from filled import workbook
from gouji.app.returns import ending_of, returned
from gouji.cli import Exit, main
from gouji.documents import Box, DocumentFault, read_bytes
from gouji.documents.pdf.pdf_process import Note, noted
from papers import AS, papers
from printing import LOOKS, filled

RED = (0.85, 0.15, 0.15)
TURNS = ("lines", "turned 90", "turned 180", "turned 270", "cropped and turned", "scaled")


def pixels(raw, page):
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(raw)
    return document[page - 1].render(scale=2).to_pil().convert("RGB")


@pytest.mark.parametrize("name", TURNS)
def test_boxes_lie_on_the_figures_on_every_turn(name):
    made = filled(random.Random(name), LOOKS[name])
    figures = random.Random(1).sample(made.figures, 6)
    notes = [Note(f.page, Box(*f.box), "A01", "问题一：左右不等", RED) for f in figures]
    back = noted(made.raw, notes, ["问题清单", "一二三"])
    assert back.startswith(made.raw)
    for figure in figures:
        left, top, right, bottom = figure.box
        before, after = (pixels(raw, figure.page) for raw in (made.raw, back))
        at = round(2 * right - 2), round(top + bottom)
        assert before.getpixel((at[0] + 8, at[1])) == after.getpixel((at[0] + 8, at[1]))
        inside = [after.getpixel((x, at[1])) for x in range(round(2 * left), at[0])]
        assert any(r > g + 30 for r, g, _b in inside)
    read = read_bytes(back, "a.pdf")
    assert len(read.pages) == len(read_bytes(made.raw, "a.pdf").pages) + 1
    assert [p.text for p in read.paragraphs][-2:] == ["问题清单", "一二三"]


def test_notes_are_read_back_whole():
    made = filled(random.Random(2), LOOKS["lines"])
    words = "问题1 [错误] A01 收入与支出\n12.50 ≠ 13.00"
    back = noted(made.raw, [Note(1, Box(10, 10, 50, 20), "A01", words, RED)], [])
    notes = [a.get_object() for a in PdfReader(io.BytesIO(back)).pages[0]["/Annots"]]
    assert [(a["/Subtype"], a["/Contents"]) for a in notes] == [
        ("/Highlight", words),
        ("/FreeText", "A01"),
    ]


def test_what_cannot_be_added_to_is_refused():
    with pytest.raises(DocumentFault, match="批注"):
        noted(b"%PDF-1.7 x", [], [])


@pytest.fixture(scope="module")
def sheets():
    made = papers(workbook(7)[0])
    next(p for p in made if p.name == "三公经费预决算").rows[1][1] = "约12万"
    return made


def test_a_pdf_goes_back(sheets, tmp_path, capsys):
    file = tmp_path / "U001 2023.pdf"
    file.write_bytes(AS["pdf"](sheets))
    out = tmp_path / "back.pdf"
    assert (
        main(
            [
                "forms",
                "return",
                "--rules",
                "anning-2023",
                str(file),
                "--unit",
                "U001",
                "--out",
                str(out),
            ]
        )
        == Exit.CLEAN
    )
    back = out.read_bytes()
    assert back.startswith(file.read_bytes()) and ending_of(back) == ".pdf"
    notes = [a.get_object()["/Contents"] for a in PdfReader(out).pages[1]["/Annots"]]
    assert any("约12万" in note for note in notes)


def test_a_docx_goes_back_with_comments(sheets, tmp_path):
    file = tmp_path / "U001 2023.docx"
    file.write_bytes(AS["docx"](sheets))
    back = returned(file, "U001", "anning-2023").content
    assert ending_of(back) == ".docx" and back == returned(file, "U001", "anning-2023").content
    made = Document(io.BytesIO(back))
    assert any("约12万" in comment.text for comment in made.comments)
    before, after = (read_bytes(raw, "a.docx").tables for raw in (file.read_bytes(), back))
    assert [t.rows() for t in after[:-1]] == [t.rows() for t in before]
    assert after[-1].rows()[0][:2] == ["序号", "单位代码"]


def test_a_web_page_does_not_go_back(sheets, tmp_path, capsys):
    file = tmp_path / "U001 2023.html"
    file.write_bytes(AS["html"](sheets))
    assert (
        main(["forms", "return", "--rules", "anning-2023", str(file), "--unit", "U001"])
        == Exit.UNUSABLE
    )
    assert "--separate" in capsys.readouterr().err
