"""The same figures as a workbook, an ODS, a docx, a web page and a PDF give the same tables and verdicts; what cannot be read is told with its place."""

import io

import pytest
from openpyxl import load_workbook

from filled import workbook
from gouji.app.audits import audit
from papers import AS, as_docx, as_html, as_pdf, papers

KINDS = sorted(AS)


@pytest.fixture(scope="module")
def sent():
    """A workbook filled with figures, and its sheets."""
    raw, _sheets, _values = workbook(7)
    return raw, papers(raw)


def audited(folder, raw, kind):
    file = folder / f"U001 2023.{kind}"
    file.write_bytes(raw)
    return audit(file, "anning-2023")


def tables_of(made):
    return {
        name: [
            {column: (cell.value, cell.half) for column, cell in row.cells.items()}
            for row in made.submission.held.rows(table, "U001", 2023)
        ]
        for name, table in made.book.tables.items()
        if table.derived is None
    }


def verdicts(made):
    return [
        (
            card.unit,
            card.totals,
            [line.outcome for line in card.lines],
            [f.outcome for f in (*card.tie_outs, *card.table_rules)],
        )
        for card in made.scorecards
    ]


def told(made):
    return [(str(p.at), p.what) for p in made.submission.problems if not p.note]


@pytest.fixture(scope="module")
def as_workbook(sent, tmp_path_factory):
    made = audited(tmp_path_factory.mktemp("xlsx"), sent[0], "xlsx")
    return tables_of(made), verdicts(made), [what for _at, what in told(made)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_tables_and_verdicts(kind, sent, as_workbook, tmp_path):
    made = audited(tmp_path, AS[kind](sent[1]), kind)
    assert tables_of(made) == as_workbook[0]
    assert verdicts(made) == as_workbook[1]
    assert [what for _at, what in told(made)] == as_workbook[2]


PLACES = {
    "pdf": (as_pdf, "/三公经费预决算表/第2页表1 第2行第2列", 2),
    "docx": (as_docx, "/三公经费预决算表/表2 第2行第2列", 0),
    "html": (as_html, "/三公经费预决算表/表2 第2行第2列", 0),
}


@pytest.mark.parametrize("kind", PLACES)
def test_figures_and_problems_are_cited_by_where_they_stand(kind, sent, tmp_path):
    render, place, page = PLACES[kind]
    sheets = papers(sent[0])
    form = next(p for p in sheets if p.name == "三公经费预决算")
    form.rows[1][1] = "约12万"
    made = audited(tmp_path, render(sheets), kind)
    (problem,) = [p for p in made.submission.problems if "约12万" in p.what]
    assert str(problem.at) == f"U001 2023.{kind}{place}"
    assert problem.at.page == page
    assert (problem.at.box is not None) == (kind == "pdf")


def test_of_a_workbook_and_a_document_the_workbook_counts(sent, tmp_path):
    """A table that only the document holds is taken; a figure that differs is told with both places."""
    raw, sheets = sent
    sheets = papers(raw)
    form = next(p for p in sheets if p.name == "三公经费预决算")
    form.rows[2][1] = "1.00"
    (tmp_path / "U001 2023.xlsx").write_bytes(without_sheet(raw, "人员情况"))
    made = audited(tmp_path, as_pdf(sheets), "pdf")
    made = audit(tmp_path, "anning-2023")
    rows = {
        name: made.submission.held.rows(made.book.tables[name], "U001", 2023)
        for name in ("三公经费", "人员编制", "单位")
    }
    assert {name: [r.at.file for r in found] for name, found in rows.items()} == {
        "三公经费": ["U001 2023.xlsx"],
        "人员编制": ["U001 2023.pdf"],
        "单位": ["U001 2023.xlsx"],
    }
    (problem,) = [p for p in made.submission.problems if not p.note and "不同" in p.what]
    assert str(problem.at) == "U001 2023.pdf/三公经费预决算表/第2页表1 第3行第2列"
    assert "这里是 1.00" in problem.what and "三公经费预决算 B6" in problem.what


def without_sheet(raw, name):
    book = load_workbook(io.BytesIO(raw))
    del book[name]
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_document_without_a_known_form_is_an_attachment(sent, tmp_path):
    (tmp_path / "U001 2023.xlsx").write_bytes(sent[0])
    (tmp_path / "说明.html").write_text("<p>说明</p><table><tr><td>1</td></tr></table>", "utf-8")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 x")
    problems = [
        p for p in audit(tmp_path, "anning-2023").submission.problems if "/" not in str(p.at)
    ]
    assert [(p.at.file, p.note) for p in problems] == [("坏.pdf", False), ("说明.html", True)]
