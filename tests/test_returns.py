"""Workbooks back: marked cells, the list of issues, everything else untouched; what the unit writes is read again. The county demo against its truth."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from filled import filled, tables
from gouji.app import audit, page_of, summary_of
from gouji.app.reports import files_of
from gouji.app.returns import issues_of, returned, template
from gouji.base.faults import DataError
from gouji.intake import receive
from gouji.intake.ledger.unit_figures import unit_figures
from gouji.intake.values.figure_text import is_blank
from gouji.intake.workbooks.container import Refused
from gouji.intake.workbooks.replies import ISSUES_SHEET
from gouji.report import summary
from gouji.report.unit.cited import Cited
from gouji.report.unit.working import WorkingTeller
from gouji.returns.mark_workbook import CellMark, marked, sheet_xml
from gouji.returns.write import workbook_bytes
from gouji.run import connect

ROOT = Path(__file__).parent.parent
COUNTY = ROOT / "datasets" / "county-demo"


def parts_of(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return {n: book.read(n) for n in book.namelist()}


def rich_workbook():
    """A picture, a chart, a comment, a formula with its result, a macro."""
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "甲"
    for row in range(1, 6):
        sheet.cell(row, 1, f"第{row}行")
        sheet.cell(row, 2, row * 1.5).number_format = "0.00"
    sheet["B7"] = "=SUM(B1:B5)"
    sheet["A1"].comment = Comment("原有的批注", "某人")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=5))
    sheet.add_chart(chart, "D2")
    book.create_sheet("乙")["A1"] = "不动"
    out = io.BytesIO()
    book.save(out)
    parts = parts_of(out.getvalue())
    parts["xl/worksheets/sheet1.xml"] = (
        parts["xl/worksheets/sheet1.xml"]
        .replace(b"<f>SUM(B1:B5)</f><v />", b"<f>SUM(B1:B5)</f><v>22.5</v>")
        .replace(b"<f>SUM(B1:B5)</f><v></v>", b"<f>SUM(B1:B5)</f><v>22.5</v>")
    )
    parts["xl/vbaProject.bin"] = b"macro"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()


def test_marks_leave_everything_else_as_it_was():
    raw = rich_workbook()
    marks = [
        CellMark("甲", "B2", "问题1 <不平>", "错误"),
        CellMark("甲", "A1", "问题2", "提示"),
        CellMark("甲", "C3", "空格", "核实"),
        CellMark("甲", "B7", "合计", "核实"),
    ]
    made = marked(raw, marks, [["序号", "规则"], ["1", "T01 & <b>"]], ISSUES_SHEET)
    old, new = parts_of(raw), parts_of(made)
    touched = {n for n in old if old[n] != new[n]}
    assert touched == {
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        *(n for n in old if "comment" in n.lower() and n.startswith("xl/")),
    } - ({"xl/worksheets/_rels/sheet1.xml.rels"} - touched)
    assert (
        b"22.5" in new["xl/worksheets/sheet1.xml"]
        and b"SUM(B1:B5)" in new["xl/worksheets/sheet1.xml"]
    )
    assert new["xl/vbaProject.bin"] == b"macro" and any("chart" in n for n in new)
    before, after = (
        openpyxl.load_workbook(io.BytesIO(raw)),
        openpyxl.load_workbook(io.BytesIO(made)),
    )
    assert after.sheetnames == ["甲", "乙", ISSUES_SHEET]
    for row in before["甲"].iter_rows():
        for cell in row:
            same = after["甲"][cell.coordinate]
            assert [repr(x) for x in (same.value, same.number_format, same.font, same.border)] == [
                repr(x) for x in (cell.value, cell.number_format, cell.font, cell.border)
            ]
    assert (
        "问题1 <不平>" in after["甲"]["B2"].comment.text
        and after["甲"]["B2"].fill.fgColor.rgb == "FFF4B6B6"
    )
    assert (
        "原有的批注" in after["甲"]["A1"].comment.text and "问题2" in after["甲"]["A1"].comment.text
    )
    assert after["甲"]["C3"].comment.text == "空格"
    assert [c.value for c in after[ISSUES_SHEET][2]] == ["1", "T01 & <b>"]
    assert parts_of(marked(made, [], [["空"]], ISSUES_SHEET)).keys() == new.keys()


def test_what_cannot_be_marked_is_refused():
    with pytest.raises(Refused):
        marked(b"\xd0\xcf\x11\xe0" + bytes(100), [], [], ISSUES_SHEET)


def test_a_hostile_text_is_text(tmp_path):
    xml = sheet_xml([["=cmd|' /C calc'!A0", "</t></is><f>1</f>", "\x01x"]])
    assert "<f>" not in xml and "\x01" not in xml


@pytest.fixture(scope="module")
def few_rules(tmp_path_factory):
    """Six tie-outs of the rulebook: a return needs no more, and a whole one takes seconds to compile."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "book.yaml").write_text(
        "book: few\ntitle: 几条\nauthority: 试\nfiscal_year: 2023\n", "utf-8"
    )
    for code in ("t01", "t02", "t04", "t23", "t40", "t41"):
        (folder / f"{code}.yaml").write_bytes(
            (ROOT / "rules" / "anning-2023" / "tie-outs" / f"{code}.yaml").read_bytes()
        )
    return folder


@pytest.fixture(scope="module")
def returned_once(tmp_path_factory, few_rules):
    """A workbook with figures that follow no rule, returned to its unit."""
    folder = tmp_path_factory.mktemp("returned")
    few = {n: t for n, t in tables().items() if n in ("单位", "收支决算", "固定资产")}
    sheets, values = filled(few, 3)
    raw = workbook_bytes(sheets, values, notes=False)
    (folder / "U001.xlsx").write_bytes(raw)
    found = returned(folder, "U001", few_rules)
    made, degrees = found.content, found.degrees
    count = sum(degrees.values())
    return folder, raw, made, count


def test_a_returned_workbook_says_what_is_wrong_where(returned_once):
    _folder, _raw, made, count = returned_once
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book[ISSUES_SHEET]
    header, *rows = [[c.value for c in row] for row in sheet.iter_rows()]
    # Remarks on the workbook stand behind its findings, and are none.
    remarks = [row for row in rows if row[4] == "说明"]
    rows, behind = rows[: len(rows) - len(remarks)], rows[len(rows) - len(remarks) :]
    assert behind == remarks and all(row[5] for row in remarks)
    assert (
        header[:4] == ["序号", "单位代码", "年度", "规则"]
        and header[-1] == "审核说明"
        and len(rows) == count > 3
    )
    assert [r[4] for r in rows] == sorted((r[4] for r in rows), key=["错误", "核实", "提示"].index)
    for row in rows:
        for place in row[7].split("、"):
            if "!" in place:
                name, cell = place.split("!")
                # A finding with a probable cause has its comment on the blamed cell alone.
                said = book[name][cell].comment
                assert said is None or f"问题{row[0]} " in said.text or "建议" in said.text


def test_explanations_are_read_back_and_stay(returned_once, few_rules, tmp_path):
    _folder, _raw, made, _count = returned_once
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book[ISSUES_SHEET]
    column = [c.value for c in sheet[1]].index("审核说明") + 1
    line = next(r for r in range(2, 60) if sheet.cell(r, 4).value)
    code = sheet.cell(line, 4).value
    sheet.cell(line, column).value = "本年机构合并, 上年数未并入"
    book.save(tmp_path / "U001.xlsx")
    found = receive(connect(), tmp_path, tables())
    (said,) = found.explanations
    assert (said.unit, said.year, said.code, said.text) == (
        "U001",
        "2023",
        code,
        "本年机构合并, 上年数未并入",
    )
    assert str(said.at).startswith(f"U001.xlsx/{ISSUES_SHEET}/")
    again = next(i for i in issues_of(audit(tmp_path, few_rules), "U001") if i.code == code)
    assert again.said == "本年机构合并, 上年数未并入"


def test_no_workbook_no_return(few_rules):
    with pytest.raises(DataError, match="没有报能标注的文件"):
        returned(ROOT / "datasets" / "anning-2023", "ANCG001", few_rules)
    found = returned(ROOT / "datasets" / "anning-2023", "ANCG001", few_rules, separate=True)
    made, degrees = found.content, found.degrees
    assert (
        openpyxl.load_workbook(io.BytesIO(made)).sheetnames == [ISSUES_SHEET]
        and sum(degrees.values()) == 1
    )


def test_a_template_has_notes_and_validation():
    book = openpyxl.load_workbook(
        io.BytesIO(template("anning-2023", tables=("单位", "固定资产", "要点核对")))
    )
    assert book.sheetnames == ["封面", "佐证材料清单", "固定资产构成"]
    assert any(c.value == "单位：万元" for row in book["固定资产构成"].iter_rows() for c in row)
    assert any(
        c.comment and "年末净值" in c.comment.text
        for row in book["固定资产构成"].iter_rows()
        for c in row
    )
    assert {v.type for v in book["佐证材料清单"].data_validations.dataValidation} == {"list"}
    assert template("anning-2023", tables=("单位",)) == template("anning-2023", tables=("单位",))
    with pytest.raises(DataError, match="没有表样"):
        template("anning-2023", tables=("不存在",))


# The county.


@pytest.fixture(scope="module")
def county():
    made = audit(COUNTY, "final-accounts")
    truth = list(csv.DictReader((COUNTY / "expect" / "truth.csv").open(encoding="utf-8")))
    return made, truth


def places_found(made):
    """(unit, file) -> findings, each the set of (sheet, cell) it names; problems of a whole file have none."""
    files = {
        r[0]: (r[1], r[2])
        for r in made.submission.held.con.execute(
            'SELECT name, unit, year FROM "#files"'
        ).fetchall()
    }
    found = defaultdict(list)
    for problem in made.submission.problems:
        if not problem.note:
            unit = files.get(problem.at.file, ("", ""))[0]
            found[unit].append({(problem.at.sheet, problem.at.cell)})
    for card in made.scorecards:
        if card.findings:
            cited = Cited(
                WorkingTeller(
                    made.book,
                    made.submission,
                    unit_figures(made.submission, made.book.tables, card.unit, 2023),
                    card.unit,
                )
            )
            found[card.unit] += [
                {(at.sheet, at.cell) for at in cited.places(f)} for f in card.findings
            ]
    return found


def test_every_planted_fault_is_found_and_nothing_else(county):
    made, truth = county
    found, filing = places_found(made), made.submission.filing
    cells = defaultdict(set)
    for row in truth:
        if row["故障"] == "没有报":
            assert row["单位代码"] in {u for u, _y, _n in filing.absent}
        elif row["故障"] == "不在应报清单":
            assert row["单位代码"] in {u for u, _y, _n in filing.unexpected}
        else:
            cells[row["单位代码"]].add((row["工作表"], row["格子"]))
    assert {u for u, hits in found.items() if hits} == set(cells), "recall and precision by unit"
    for unit, planted in cells.items():
        for place in planted:
            assert any(place in hit for hit in found[unit]), (unit, place)
        for hit in found[unit]:
            assert hit & planted, (unit, hit)


def test_the_county_is_counted(county):
    made, truth = county
    m, filing = made.manifest, made.submission.filing
    assert (
        m.rows_in == m.rows_accepted + m.rows_set_aside and m.outcomes == m.units * m.rules_in_force
    )
    assert filing.expected == filing.filed + len(filing.absent) - len(filing.unexpected) == 44
    text = summary.render(summary_of(made))
    assert "应报 44 个单位" in text and "清点：读入" in text
    assert all(row["单位代码"] in text for row in truth)


def test_ten_findings_lead_back_to_their_cells(county):
    made, _truth = county
    followed = 0
    for card in made.scorecards:
        if not card.findings:
            continue
        teller = WorkingTeller(
            made.book,
            made.submission,
            unit_figures(made.submission, made.book.tables, card.unit, 2023),
            card.unit,
        )
        checks = {t.code: t.check for t in made.book.tie_outs}
        for finding in (f for f in card.findings if f.rule.code in checks):
            every = [u for u in teller.used(checks[finding.rule.code]) if u.at is not None]
            used = [u for u in every if u.at.file]
            assert every and all(u.at.sheet and u.at.cell for u in used)
            # What was made of other units' figures says whose.
            assert all(re.search(r"X0[0-9]{2}", u.at.words) for u in every if not u.at.file)
            for u in used[:3]:
                value = openpyxl.load_workbook(COUNTY / u.at.file, read_only=True)[u.at.sheet][
                    u.at.cell
                ].value
                if u.printed == "空，按 0 计":
                    assert is_blank(str(value or "")), (u, value)
                    continue
                shown = u.printed.removesuffix("万元").removesuffix("元")
                assert shown == str(value) or float(shown.replace(",", "") or 0) == float(
                    value or 0
                ), (u, value)
            followed += 1
        if followed >= 10:
            break
    assert followed >= 10


def contents(root):
    """Files below a folder; of a workbook its parts, for another zlib packs them otherwise."""
    files = {p.relative_to(root): p for p in sorted(root.rglob("*")) if p.is_file()}
    return {
        name: parts_of(p.read_bytes()) if p.suffix == ".xlsx" else p.read_bytes()
        for name, p in files.items()
    }


def test_the_generator_writes_the_same_bytes(tmp_path):
    import county_demo

    county_demo.write(tmp_path)
    old, new = contents(COUNTY), contents(tmp_path)
    assert old.keys() == new.keys()
    assert [str(n) for n in old if old[n] != new[n]] == []


def test_intake_of_the_county_is_the_same_twice(county):
    made, _truth = county
    again = receive(connect(), COUNTY, made.book.tables)
    assert [(str(p.at), p.what) for p in again.problems] == [
        (str(p.at), p.what) for p in made.submission.problems
    ]
    for name in ("收入支出决算表", "收入决算表"):
        query = f'SELECT * FROM "{name}" JOIN "{name}#" USING ("#") ORDER BY "#"'
        assert (
            again.held.con.execute(query).fetchall()
            == made.submission.held.con.execute(query).fetchall()
        )


def test_whole_reports_of_the_county_are_the_same_bytes(county):
    """Read, judged and written twice: every form of the report."""
    made, _truth = county
    again = audit(COUNTY, "final-accounts")
    assert summary.render(summary_of(made)) == summary.render(summary_of(again))
    few = [
        page_of(replace(m, scorecards=tuple(c for c in m.scorecards if c.findings)[:2]))
        for m in (made, again)
    ]
    for form in ("json", "text", "xlsx"):
        assert list(files_of(few[0], form)) == list(files_of(few[1], form)), form


def test_the_anning_workbook_gives_the_same_audit(tmp_path):
    import anning_workbook

    anning_workbook.write(tmp_path)
    folder = ROOT / "datasets" / "anning-2023-workbook"
    assert contents(tmp_path) == contents(folder)
    one, two = audit(ROOT / "datasets" / "anning-2023"), audit(folder)
    assert [
        p for p in two.submission.problems if not p.note
    ] == [] and two.manifest.rows_in == one.manifest.rows_in
    assert one.outcomes == two.outcomes
