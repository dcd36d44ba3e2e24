"""gouji forms read: every cell that was taken with table, row, column, value and unit; every cell with a number that was not; as text, JSON and HTML."""

import io
import json

import pytest
from openpyxl import load_workbook

from filled import workbook
from gouji.app import read_forms
from gouji.cli import Exit, main
from gouji.intake import State
from gouji.report import reading_page
from gouji.report.read_picture import as_json, text
from papers import as_html, as_pdf, papers


@pytest.fixture(scope="module")
def sheets():
    """Sheets with a figure that cannot be read, and one left blank."""
    made = papers(workbook(7)[0])
    form = next(p for p in made if p.name == "三公经费预决算")
    form.rows[1][1] = "约12万"
    form = next(p for p in made if p.name == "公开01表")
    row = next(r for r in form.rows if "." in r[1])
    row[1] = ""
    return made


def cells_of(picture, sheet):
    (found,) = [s for s in picture.sheets if s.name == sheet]
    return {cell.place: cell for cell in found.cells}


RENDER = {"html": (as_html, "表2"), "pdf": (as_pdf, "第2页表1")}


@pytest.mark.parametrize("kind", RENDER)
def test_what_was_read(kind, sheets, tmp_path):
    render, table = RENDER[kind]
    file = tmp_path / f"U001 2023.{kind}"
    file.write_bytes(render(sheets))
    (picture,) = read_forms(file, "anning-2023")
    assert (picture.unit, picture.year) == ("U001", "2023")
    cells = cells_of(picture, "三公经费预决算表")
    states = [cells[f"{table} 第{row}行第2列"].state for row in (2, 3, 4)]
    assert states == [State.DOUBTFUL, State.READ, State.READ]
    blank = [c for c in cells_of(picture, "收入支出决算表").values() if c.state is State.ZERO]
    assert [(c.text, c.taken.value) for c in blank] == [("", 0)]
    read = cells[f"{table} 第4行第2列"]
    assert (read.taken.table, read.taken.column, read.taken.unit) == (
        "三公经费",
        "因公出国境费决算数",
        "万元",
    )
    assert read.taken.value == 10000 * float(read.text.replace(",", ""))
    made = json.loads(as_json(picture))
    assert made["counts"]["doubtful"] == 1
    assert {c["state"] for s in made["sheets"] for c in s["cells"]} == {"read", "zero", "doubtful"}
    assert "约12万" in text(picture)


def test_a_workbook_and_numbers_nobody_asked_for(tmp_path):
    book = load_workbook(io.BytesIO(workbook(7)[0]))
    book["三公经费预决算"]["G31"] = 12
    file = tmp_path / "U001 2023.xlsx"
    book.save(file)
    (picture,) = read_forms(file, "anning-2023")
    (sheet,) = [s for s in picture.sheets if s.name == "三公经费预决算"]
    assert [c.place for c in sheet.cells if c.state is State.UNREAD] == ["G31"]
    page = reading_page([picture])
    assert page.count('class="r-unread"') == 1 + 1 and "G31" in page


def test_the_command(sheets, tmp_path, capsys):
    (tmp_path / "U001 2023.html").write_bytes(as_html(sheets))
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 x")
    assert (
        main(["forms", "read", "--rules", "anning-2023", str(tmp_path / "U001 2023.html")])
        == Exit.FINDINGS
    )
    assert "存疑，不采用" in capsys.readouterr().out
    assert (
        main(
            [
                "forms",
                "read",
                "--rules",
                "anning-2023",
                str(tmp_path / "坏.pdf"),
                "--format",
                "json",
            ]
        )
        == Exit.FINDINGS
    )
    assert json.loads(capsys.readouterr().out)["refused"][0] == "不是完整的 PDF"
    out = tmp_path / "a.html"
    assert (
        main(
            [
                "forms",
                "read",
                "--rules",
                "anning-2023",
                str(tmp_path),
                "--format",
                "html",
                "--out",
                str(out),
            ]
        )
        == Exit.FINDINGS
    )
    assert "约12万" in out.read_text("utf-8") and "不是完整的 PDF" in out.read_text("utf-8")
