"""Nights over workbooks, Parquet and CSV folders: the same figures give the same outcomes, whatever they came in; each kind of bad input has its outcome."""

import csv
import json
import shutil

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gouji.app import audit, page_of
from gouji.app.cross_check import of_workspace
from gouji.app.replaying import replay
from gouji.app.run_night import night
from gouji.cli import Exit, main
from gouji.intake.workbooks.replies import HEADER, ISSUES_SHEET
from gouji.report import json as as_json
from gouji.report import text
from gouji.report.html import bureau_page
from gouji.results.store import read_table
from nights import CONFIG, book_of, results, submit, workspace

KINDS = ("csv", "xlsx", "parquet")
SAYS = ("unit", "code", "verdict", "score", "measured", "stated", "gaps", "figures")


def outcomes(made, *names):
    return [tuple(o[n] for n in names or SAYS) for o in read_table(made.folder, "outcomes")]


def test_the_same_figures_give_the_same_outcomes(tmp_path):
    """Fingerprints too: a unit that sends a workbook instead of CSV files keeps its waivers."""
    given = {
        "A": {},
        "B": {"left": "4.00", "prior": "110.00"},
        "C": {"score": "8", "parts": ("1.00", "2.00")},
    }
    made = [
        night(
            workspace(tmp_path / kind, **{name: of | {"kind": kind} for name, of in given.items()})
        )
        for kind in KINDS
    ]
    assert len({tuple(outcomes(m)) for m in made}) == 1
    assert (
        len({tuple(f["fingerprint"] for f in read_table(m.folder, "findings")) for m in made}) == 1
    )
    assert (
        len(
            {
                tuple(
                    m.manifest["counts"][n] for n in ("rows_in", "rows_accepted", "rows_set_aside")
                )
                for m in made
            }
        )
        == 1
    )
    places = [
        next(f["places"] for f in read_table(m.folder, "findings") if f["code"] == "T01")
        for m in made
    ]
    assert all(
        place in found
        for place, found in zip(
            ("B/决算.csv:2", "B/B.xlsx/决算/E2", "B/决算.parquet:1"), places, strict=True
        )
    )


def test_many_units_in_one_submission(tmp_path):
    """Read part by part, the same as one by one."""
    names = [f"U{n:03}" for n in range(230)]
    root = workspace(
        tmp_path / "apart", **{name: {"left": "4.00"} if name < "U010" else {} for name in names}
    )
    together = workspace(tmp_path / "together")
    folder = together / "submissions/all"
    folder.mkdir()
    for table in ("单位", "决算", "明细", "自评得分"):
        lines = [
            (root / "submissions" / name / f"{table}.csv").read_text("utf-8").splitlines()
            for name in names
        ]
        (folder / f"{table}.csv").write_text(
            "\n".join([lines[0][0], *(line for own in lines for line in own[1:])]) + "\n", "utf-8"
        )
    book_of(folder, "all.xlsx")
    assert outcomes(night(root)) == outcomes(night(together))


def test_a_submission_of_many_units_is_never_in_memory_at_once(tmp_path, monkeypatch):
    """A Parquet folder with all units: outcomes stand in memory some at a time, no cards are made of it, and not a byte differs however many at a time."""
    from gouji.runs import judge_batch as judged

    names = [f"U{n:03}" for n in range(23)]
    runs, seen, real = {}, {}, judged.scorecards
    for at_a_time in (4, 200):
        root = workspace(
            tmp_path / str(at_a_time), CONFIG + "pages_at_most: 3\n", A={"left": "4.00"}
        )
        parts = workspace(
            tmp_path / f"parts{at_a_time}",
            **{
                name: {"kind": "parquet", "left": "4.00"} if name < "U003" else {"kind": "parquet"}
                for name in names
            },
        )
        (root / "submissions/all").mkdir()
        for table in ("单位", "决算", "明细", "自评得分"):
            files = [
                pq.read_table(p) for p in sorted((parts / "submissions").rglob(f"{table}.parquet"))
            ]
            pq.write_table(pa.concat_tables(files), root / f"submissions/all/{table}.parquet")
        sizes = seen[at_a_time] = []
        monkeypatch.setattr(judged, "AT_A_TIME", at_a_time)
        monkeypatch.setattr(
            judged,
            "scorecards",
            lambda outcomes, book, sizes=sizes: (
                sizes.append(len(outcomes.units)) or real(outcomes, book)
            ),
        )
        runs[at_a_time] = night(root)
    assert max(seen[4]) == 4 and max(seen[200]) == 24
    assert results(runs[4].folder) == results(runs[200].folder)
    assert runs[4].manifest["counts"]["units"] == 24 and {
        c["unit"] for c in read_table(runs[4].folder, "cards")
    } == {"A"}
    assert (
        main(
            [
                "report",
                str(runs[4].folder),
                "--unit",
                "U002",
                "--format",
                "json",
                "--out",
                str(tmp_path / "out"),
            ]
        )
        == Exit.CLEAN
    )
    assert [
        c["unit"] for c in json.loads((tmp_path / "out/unit-U002.json").read_text("utf-8"))["cards"]
    ] == ["U002"]


@pytest.mark.parametrize("kinds", [("xlsx", "xlsx"), ("csv", "xlsx"), ("parquet", "csv")])
def test_a_unit_filed_twice_is_judged_from_neither(tmp_path, kinds):
    root = workspace(tmp_path, A={"unit": "U", "kind": kinds[0]}, B={"kind": "xlsx"})
    assert night(root).gate.state == "open"
    submit(root, "C", unit="U", left="9.00", kind=kinds[1])
    made = night(root)
    assert {unit for unit, *_rest in outcomes(made)} == {"B"} and made.gate.state == "closed"
    assert {p["submission"] for p in read_table(made.folder, "problems")} == {"A", "C"}
    counts = made.manifest["counts"]
    assert counts["rows_in"] == counts["rows_accepted"] + counts["rows_set_aside"]
    shutil.rmtree(root / "submissions/C")
    assert {unit for unit, *_rest in outcomes(night(root))} == {"B", "U"}


def test_replayed_byte_for_byte(tmp_path):
    root = workspace(tmp_path, A={"kind": "xlsx", "left": "4.00"}, B={"kind": "parquet"}, C={})
    (root / "submissions/A/A.xlsx").rename(root / "submissions/单户.xlsx")
    (root / "submissions/A").rmdir()
    made = night(root)
    assert made.manifest["counts"]["units"] == 3
    shutil.rmtree(root / "submissions")
    assert replay(made.folder, root / "objects").differing == ()


def damaged(folder):
    (folder / "A.xlsx").write_bytes(b"PK\x03\x04 nothing")


def hidden(folder):
    book = openpyxl.load_workbook(folder / "A.xlsx")
    book["明细"].sheet_state = "hidden"
    book.save(folder / "A.xlsx")


def no_parquet(folder):
    (folder / "决算.parquet").write_bytes(b"PAR1")


@pytest.mark.parametrize("spoil", [damaged, hidden, no_parquet])
def test_bad_input_shuts_the_gate_and_leaves_the_rest(tmp_path, spoil):
    root = workspace(tmp_path, A={"kind": "xlsx"}, B={})
    assert night(root).gate.state == "open"
    spoil(root / "submissions/A")
    made = night(root)
    assert made.gate.state == "closed" and "B" in {unit for unit, *_rest in outcomes(made)}
    assert {p["submission"] for p in read_table(made.folder, "problems")} == {"A"}
    assert {
        s["submission"] for s in read_table(made.folder, "submissions") if s["state"] != "read"
    } == ({"A"} - ({"A"} if spoil is hidden else set()))


def test_remarks_are_no_findings(tmp_path):
    """A sheet that no form claims, the same file twice: told by `gouji audit`, nothing to act on."""
    root = workspace(tmp_path, A={"kind": "xlsx"})
    book = openpyxl.load_workbook(root / "submissions/A/A.xlsx")
    book.create_sheet("草稿").append(["x"])
    book.save(root / "submissions/A/A.xlsx")
    shutil.copy(root / "submissions/A/A.xlsx", root / "submissions/A/副本.xlsx")
    made = night(root)
    assert read_table(made.folder, "problems") == [] and made.gate.state == "open"


def test_great_expectations_agrees(tmp_path):
    root = workspace(
        tmp_path, A={"kind": "xlsx", "left": "4.00"}, B={"kind": "parquet"}, C={"score": "8"}
    )
    found = of_workspace(root)
    assert found.differing == () and found.own["T01"] == 1


def issues(file, *rows):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "问题清单"
    sheet.append(
        [
            "序号",
            "单位代码",
            "年度",
            "规则",
            "程度",
            "问题",
            "计算过程",
            "涉及的格子",
            "改法",
            "审核说明",
        ]
    )
    for unit, year, code, said in rows:
        sheet.append(["1", unit, year, code, "", "", "", "", "", said])
    book.save(file)
    return str(file)


def test_what_a_unit_wrote_in_its_own_workbook(tmp_path, capsys):
    """`gouji waiver import` reads the list of issues of a returned workbook; who says so is named by the command."""
    root = workspace(tmp_path / "ws", A={"left": "4.00"}, B={"left": "4.00"})
    night(root)
    file = issues(
        tmp_path / "A.xlsx",
        ("A", "2023", "T01", "口径不同"),
        ("A", "2023", "T02", ""),
        ("B", "2022", "T01", "去年的"),
        ("Z", "2023", "T01", "没有"),
    )
    to = ["--workspace", str(root)]
    assert (
        main(["waiver", "import", file, *to]) == Exit.UNUSABLE
        and "--author" in capsys.readouterr().err
    )
    assert (
        main(["waiver", "import", file, "--author", "甲单位", "--expires", "2099-12-31", *to])
        == Exit.FINDINGS
    )
    said = capsys.readouterr()
    assert "W0001" in said.out and "问题清单/J4" in said.err and "问题清单/J5" in said.err
    assert [
        (f["unit"], f["status"])
        for f in read_table(night(root).folder, "findings")
        if f["code"] == "T01"
    ] == [("A", "waived"), ("B", "open")]


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing", b"", None])
def test_no_workbook_to_read_back(tmp_path, content, capsys):
    root = workspace(tmp_path / "ws", A={"left": "4.00"})
    night(root)
    if content is not None:
        (tmp_path / "x.xlsx").write_bytes(content)
    assert (
        main(
            [
                "waiver",
                "import",
                str(tmp_path / "x.xlsx"),
                "--author",
                "甲",
                "--workspace",
                str(root),
            ]
        )
        == Exit.UNUSABLE
    )
    assert "x.xlsx" in capsys.readouterr().err


EXPECTED = """
table: 应报清单
grain: one
role: expected
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 单位名称, label: 单位全称, type: text, role: unit_name}
form: {sheets: [应报清单], listing: {}}
"""
ROWS = [
    ["单位代码", "年度", "单位名称"],
    ["A", "2023", "甲"],
    ["Z", "2023", "丙"],
    ["Y", "2022", "去年的"],
]


@pytest.mark.parametrize("name", ["expected.csv", "expected.xlsx"])
def test_the_list_that_intake_reads(tmp_path, name):
    """The same list as `gouji audit` takes, columns by their names, rows of other years left out; or a workbook of it."""
    root = workspace(tmp_path, CONFIG + f"expected: {name}\n", A={})
    (root / "schemas/expected.yaml").write_text(EXPECTED.lstrip(), "utf-8")
    with (root / "expected.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["应报单位清单"], *ROWS])
    if name.endswith("xlsx"):
        book_of(root, "expected.xlsx")
    made = night(root)
    assert [(f["kind"], f["unit"], f["name"]) for f in read_table(made.folder, "findings")] == [
        ("missing_unit", "Z", "丙")
    ]


YEARS = {
    "the year in digits": ("2023", ["Z"]),
    "the year in words": ("２０２３年度", ["Z"]),
    "a day of the year": ("2023-12-31", ["Z"]),
    "no year": ("", ["Z"]),
    "what is no year": ("本年", ["Z"]),
    "another year": ("2022", None),
    "another year in words": ("二〇二二年", None),
}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("written, wanting", YEARS.values(), ids=YEARS)
def test_years_of_the_list(tmp_path, capsys, separator, written, wanting):
    """Rows of the year in any writing; a list of other years alone knows nobody, which no night and no audit takes for all having filed."""
    root = workspace(tmp_path, CONFIG + "expected: expected.csv\n", A={})
    (root / "schemas/expected.yaml").write_text(EXPECTED.lstrip(), "utf-8")
    rows = [["单位代码", "年度", "单位名称"], ["A", written, "甲"], ["Z", written, "丙"]]
    text = "\n".join(separator.join(row) for row in rows) + "\n"
    (root / "expected.csv").write_text(text, "utf-8")
    code = main(["night", str(root)])
    if wanting is None:
        assert (
            code == Exit.UNUSABLE and "没有 2023 年的单位，写的是：2022" in capsys.readouterr().err
        )
        (root / "submissions/A/应报清单.csv").write_text(text.replace(written, "2022"), "utf-8")
        given = ["audit", f"{root}/submissions/A", "--rules", f"{root}/book"]
        assert main([*given, "--schemas", f"{root}/schemas"]) == Exit.FINDINGS
        assert "谁没有报不知道" in capsys.readouterr().out
        return
    run = root / "runs/000001"
    assert code == Exit.FINDINGS
    assert [
        f["unit"] for f in read_table(run, "findings") if f["kind"] == "missing_unit"
    ] == wanting


def test_pages_name_who_has_not_filed(tmp_path):
    """`gouji audit` knows an expected list: text, JSON and HTML name who is wanting."""
    from gouji.app.reports import libraries
    from gouji.report.bureau import bureau

    root = workspace(tmp_path, A={})
    (root / "schemas/expected.yaml").write_text(EXPECTED.lstrip(), "utf-8")
    with (root / "submissions/A/应报清单.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    page = page_of(audit(root / "submissions/A", root / "book", root / "schemas"))
    assert page.not_filed == (("Z", "丙"),)
    assert (
        "丙（Z）" in text.render(page)
        and '"丙"' in as_json.render(page)
        and "丙" in bureau_page(bureau(page), libraries(), ())
    )
    assert as_json.read(as_json.render(page), "x") == page


UNREAD = {
    "its code and .et": "Z.et",
    "its code and more": "Z_决算.docx",
    "its name": "丙 决算.zip",
    "its folder": "Z 丙/决算.xlsb",
    "a lower letter": "ｚ.wps",
}


@pytest.mark.parametrize("file", UNREAD.values(), ids=UNREAD)
def test_a_unit_that_sent_what_nobody_reads(tmp_path, file):
    """It has not simply failed to file: what it sent is named beside it, in audits and nights; another unit's files are not taken for its own."""
    root = workspace(tmp_path, CONFIG + "expected: expected.csv\n", A={})
    (root / "schemas/expected.yaml").write_text(EXPECTED.lstrip(), "utf-8")
    rows = "单位代码,年度,单位名称\nA,2023,甲单位\nZ,2023,丙 决算\nZZ,2023,丁单位\n"
    (root / "expected.csv").write_text(rows, "utf-8")
    made = root / "submissions/A"
    (made / "应报清单.csv").write_text(rows, "utf-8")
    (made / file).parent.mkdir(exist_ok=True)
    (made / file).write_bytes(b"x")
    found = audit(made, root / "book", root / "schemas")
    page = page_of(found)
    (theirs, name), (others, plain_name) = page.not_filed
    assert (
        (theirs, others, plain_name) == ("Z", "ZZ", "丁单位")
        and file in name
        and name.startswith("丙")
    )
    assert file in text.render(page) and any(file in place for place, _what, _fix in page.problems)
    (made / "应报清单.csv").unlink()
    run = night(root).folder
    said = {
        f["unit"]: f["text"] for f in read_table(run, "findings") if f["kind"] == "missing_unit"
    }
    assert file in said["Z"] and file not in said["ZZ"]
    assert file in (run / "audit.txt").read_text("utf-8")


def test_remarks_and_explanations_are_kept(tmp_path, capsys):
    """What an audit remarks on a workbook, and what the unit said in it, a night tells too: in its text, its JSON, and on the page of the unit; carried over as well."""
    root = workspace(tmp_path, A={"kind": "xlsx", "left": "4.00"})
    path = root / "submissions/A/A.xlsx"
    book = openpyxl.load_workbook(path)
    book.create_sheet("附记").append(["随手记", 12.5])
    said = book.create_sheet(ISSUES_SHEET)
    said.append(list(HEADER))
    said.append(
        [dict(zip(HEADER, ("1", "A", "2023", "T01"), strict=False)).get(h, "") for h in HEADER[:-1]]
        + ["年末调账"]
    )
    book.save(path)
    page = page_of(audit(root / "submissions/A", root / "book", root / "schemas"))
    assert page.remarks and page.cards[0].said[0].text == "年末调账"
    for _again in range(2):
        run = night(root).folder
        kept = as_json.read((run / "audit.json").read_text("utf-8"), "x")
        assert [
            (p.replace("A/A.xlsx", "A.xlsx"), what, fix) for p, what, fix in kept.remarks
        ] == sorted(page.remarks)
        (card,) = kept.cards
        assert [(s.code, s.text) for s in card.said] == [("T01", "年末调账")]
        assert len(card.remarks) == len(page.cards[0].remarks) > 0
        assert "年末调账" in (run / "audit.txt").read_text("utf-8")
        assert "工作表没有对应的表样" in (run / "audit.txt").read_text("utf-8")
    assert replay(run, root / "objects").differing == ()
