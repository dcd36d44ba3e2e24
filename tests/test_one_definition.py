"""One definition of a finding: whatever counts them, over the same data, counts the same. The test has its own definition, written out."""

import json
import re
import shutil
from atexit import register
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace

import duckdb
import openpyxl
import pytest

import gouji
from gouji.app import load_book, page_of
from gouji.app.exporting import export
from gouji.app.night_reports import night_bureau
from gouji.app.reports import files_of, libraries
from gouji.app.returns import returned
from gouji.cli import Exit, main
from gouji.report.bureau import bureau
from gouji.report.html.bureau_page import sentences
from gouji.report.unit.sentences import unit_sentences
from gouji.runs.workspace import init
from nights import workspace, write

ROOT = Path(__file__).parent.parent
DEGREES = ("错误", "核实", "提示")
RECOMPUTED = ("得满分", "扣分", "不适用")
# Points on a figure that a failing relation contradicts: the score is not taken for recomputed.
IN_DOUBT = "contested"
TOLD = re.compile(
    r"问题 (\d+) 个(?:（(?:错误 (\d+))?(?: · )?(?:核实 (\d+))?）)?(?:；提示 (\d+) 条)?"
)


def said(text):
    """The counts that a line tells, by degree; that they add up is part of what is held."""
    found = TOLD.search(text)
    assert found, text
    every, *each = (int(n or 0) for n in found.groups())
    assert every == each[0] + each[1]
    return dict(zip(DEGREES, each, strict=True))


def by_hand(made):
    """Findings by degree, counted from outcomes, problems and the expected list, without asking gouji what a finding is."""
    found = Counter({d: 0 for d in DEGREES})
    severities = {
        t.code: t.rule.severity.value for t in (*made.book.tie_outs, *made.book.table_rules)
    }
    for unit in made.outcomes.units:
        for o in made.outcomes.of(unit):
            if o.code in severities:
                found[severities[o.code]] += o.verdict.value == "不平"
            else:
                found["核实"] += (
                    o.verdict.value in RECOMPUTED
                    and o.ground.value != IN_DOUBT
                    and None not in (o.score, o.self_score)
                    and o.score != o.self_score
                )
    found["错误"] += sum(not p.note for p in made.submission.problems)
    if made.submission.filing is not None:
        found["错误"] += sum(
            year == made.book.year for _u, year, _n in made.submission.filing.absent
        )
        found["提示"] += sum(
            year == made.book.year for _u, year, _n in made.submission.filing.unexpected
        )
    return dict(found)


def mini(folder, faults):
    """Six units in one folder, an expected list: what each has wrong is its own (`faults` off: nobody has anything)."""
    folder.mkdir(parents=True)
    units = (
        {
            "A": ("100.00", "97.00", "3.00", 10),
            "B": ("100.00", "97.00", "4.00", 10),
            "C": ("100.00", "80.00", "20.00", 10),
            "D": ("100.00", "80.00", "9.00", 9),
            "E": ("100.00", "97.00", "3.00", 8),
            "F": ("100.00", "97.00", "3.00", 10),
        }
        if faults
        else {"A": ("100.00", "97.00", "3.00", 10)}
    )
    write(folder, "单位", "单位代码,年度,单位名称", [(u, 2023, f"单位{u}") for u in units])
    lines = [(u, 2023, i, s, x) for u, (i, s, x, _own) in units.items()] + (
        [("F", 2022, "120.00", "", "")] if faults else []
    )
    write(folder, "决算", "单位代码,年度,收入,支出,结余", lines)
    write(
        folder,
        "明细",
        "单位代码,年度,项目,金额",
        [(u, 2023, "项目", s if u != "D" else "81.00") for u, (_i, s, _x, _own) in units.items()]
        + ([("A", 2023, "坏", "很多")] if faults else []),
    )
    write(
        folder,
        "自评得分",
        "单位代码,年度,指标代码,得分",
        [(u, 2023, "C01", own) for u, (*_f, own) in units.items()],
    )
    return folder


# One filed twice, one with a text for a figure, one without a form, one with a form of the year before, one nobody expects, a department's summary, a clean
# one; all others of the expected list did not file.
COUNTY = ("X001", "X015", "X017", "X027", "X037", "X040", "X043")


@cache
def few_of_the_county():
    folder = Path(mkdtemp(prefix="gouji-county-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copy(ROOT / "datasets" / "county-demo" / "应报清单.csv", folder)
    for file in (ROOT / "datasets" / "county-demo").glob("*.xlsx"):
        if file.name.startswith(COUNTY):
            shutil.copy(file, folder)
    return folder


@cache
def county():
    return gouji.audit(few_of_the_county(), "final-accounts")


def made_up(tmp_path, faults):
    workspace(tmp_path / "w")
    data = mini(tmp_path / "data", faults)
    return data, str(tmp_path / "w" / "book"), str(tmp_path / "w" / "schemas")


def dataset(name, rules="anning-2023"):
    return lambda _tmp: (ROOT / "datasets" / name, rules, None)


GIVEN = {
    "a published report": dataset("anning-2023"),
    "invented figures": dataset("anning-2023-complete"),
    "a workbook": dataset("anning-2023-workbook"),
    "a county": lambda _tmp: (few_of_the_county(), "final-accounts", None),
    "made up": lambda tmp: made_up(tmp, True),
    "made up, clean": lambda tmp: made_up(tmp, False),
}


@pytest.fixture(params=GIVEN, ids=GIVEN)
def given(request, tmp_path):
    data, rules, schemas = GIVEN[request.param](tmp_path)
    made = county() if data == few_of_the_county() else gouji.audit(data, rules, schemas)
    command = ["audit", str(data), "--rules", rules, *(["--schemas", schemas] if schemas else [])]
    return SimpleNamespace(
        data=data,
        rules=rules,
        schemas=schemas,
        made=made,
        page=page_of(made),
        wanted=by_hand(made),
        command=command,
    )


def test_text_summary_exit_code_json_pages_and_workbook(given, capsys, tmp_path):
    wanted = given.wanted
    grave = wanted["错误"] + wanted["核实"]
    out = tmp_path / "out"
    assert main([*given.command, "--format", "summary", "--out", str(out)]) == (
        Exit.FINDINGS if grave else Exit.CLEAN
    )
    for name, text in (
        ("summary", capsys.readouterr().out),
        ("text", (out / "audit.txt").read_text("utf-8")),
    ):
        assert (
            said(
                next(
                    line
                    for line in reversed(text.splitlines())
                    if line.startswith(("合计：", "问题 "))
                )
            )
            == wanted
        ), name
    assert of_json(json.loads((out / "audit.json").read_text("utf-8"))) == wanted
    b = bureau(given.page)
    assert said(" ".join(sentences(b))) == wanted
    each = [
        dict(zip(DEGREES, (line.errors, line.verifies, line.notes), strict=True))
        for line in b.lines
    ]
    assert each == [said(" ".join(unit_sentences(card))) for card in given.page.cards]
    assert each == of_xlsx(given.page, tmp_path)


def of_json(page):
    found = Counter(
        {d: 0 for d in DEGREES}
        | {"错误": len(page["problems"]) + len(page["not_filed"]), "提示": len(page["unexpected"])}
    )
    for card in page["cards"]:
        found.update(t["severity"] for t in card["tie_outs"] if t["verdict"] == "不平")
        found["核实"] += sum(
            c["verdict"] in RECOMPUTED
            and c["ground"] != IN_DOUBT
            and None not in (c["score"], c["self_score"])
            and c["score"] != c["self_score"]
            for c in card["criteria"]
        )
    return dict(found)


def of_xlsx(page, tmp_path):
    """Of each unit what the sheet 汇总 counts; the list of findings has a row for each."""
    ((_name, content),) = files_of(page, "xlsx")
    (tmp_path / "r.xlsx").write_bytes(content)
    book = openpyxl.load_workbook(tmp_path / "r.xlsx", read_only=True)
    listed = Counter(
        (row[0], row[2]) for row in book["问题清单"].iter_rows(min_row=4, values_only=True)
    )
    rows = list(book.worksheets[0].iter_rows(min_row=3, values_only=True))
    at = [rows[0].index(d) for d in DEGREES]
    counts = {row[0]: dict(zip(DEGREES, (row[i] for i in at), strict=True)) for row in rows[1:]}
    assert {(unit, d): n for unit, each in counts.items() for d, n in each.items() if n} == dict(
        listed
    )
    return list(counts.values())


def test_what_goes_back_to_a_unit(given):
    """Its own findings, and the its own problems file: what the summary says of it."""
    cards = {c.unit: c for c in given.page.cards}
    unit = max(cards, key=lambda u: sum(cards[u].degrees.values()))
    degrees = returned(given.data, unit, given.rules, given.schemas, separate=True).degrees
    file = (
        given.made.submission.held.file_of(unit, given.made.book.year)
        if given.made.submission.held
        else ""
    )
    problems = sum(not p.note and p.at.file == file for p in given.made.submission.problems)
    assert degrees == {**cards[unit].degrees, "错误": cards[unit].degrees["错误"] + problems}


def test_a_return_that_worked_is_no_failure(tmp_path, capsys):
    data, rules, schemas = made_up(tmp_path, True)
    command = [
        "forms",
        "return",
        str(data),
        "--rules",
        rules,
        "--schemas",
        schemas,
        "--unit",
        "D",
        "--separate",
        "--out",
        str(tmp_path / "back.xlsx"),
    ]
    assert main(command) == Exit.CLEAN
    # What D its own says score rests on a figure that T01 contradicts: not a separate finding.
    assert said(capsys.readouterr().out) == {"错误": 1, "核实": 1, "提示": 0}


NIGHTS = {"a county": None, "made up": True, "made up, clean": False}


@pytest.fixture(params=NIGHTS, ids=NIGHTS)
def run(request, tmp_path):
    """A night over the same data, and what an audit of it counts."""
    from gouji.app.run_night import night

    root, faults = tmp_path / "night", NIGHTS[request.param]
    if faults is None:
        root.mkdir()
        init(root, "final-accounts")
        shutil.copytree(
            few_of_the_county(),
            root / "submissions",
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("*.csv"),
        )
        shutil.copy(few_of_the_county() / "应报清单.csv", root)
        # One submission, as in an audit: in two, each of them is told.
        (root / "submissions" / "X037").mkdir()
        for file in (root / "submissions").glob("X037*.xlsx"):
            file.rename(root / "submissions" / "X037" / file.name)
        with (root / "gouji.yaml").open("a", encoding="utf-8") as config:
            config.write("\nexpected: 应报清单.csv\n")
        made = county()
    else:
        workspace(root)
        data = mini(root / "submissions" / "all", faults)
        made = gouji.audit(data, root / "book", root / "schemas")
    return SimpleNamespace(night=night(root), root=root, made=made, wanted=by_hand(made))


def test_night_gate_metrics_and_machine_forms(run):
    folder, wanted = run.night.folder, run.wanted
    con = duckdb.connect()
    found = dict(
        con.execute(
            "SELECT severity, count(*) FROM read_parquet(?) WHERE status = 'open' GROUP BY 1",
            [str(folder / "findings.parquet")],
        ).fetchall()
    )
    missing = con.execute(
        "SELECT count(*) FROM read_parquet(?) WHERE kind = 'missing_unit'",
        [str(folder / "findings.parquet")],
    ).fetchone()[0]
    assert (
        {d: found.get(d, 0) for d in DEGREES} == wanted == run.night.manifest["counts"]["degrees"]
    )
    lines = {
        line.name.split("：")[-1]: int(line.found)
        for line in run.night.gate.lines
        if "：" in line.name
    }
    # Who did not file counts once, on its own line.
    assert lines == {**wanted, "错误": wanted["错误"] - missing}
    assert [line.found for line in run.night.gate.lines if line.name == "应报未报的单位"] == [
        str(missing)
    ]
    junit = "".join(export(folder, "junit"))
    assert junit.count("<failure ") + junit.count("<error ") == wanted["错误"] + wanted["核实"]
    levels = Counter(
        r["level"] for r in json.loads("".join(export(folder, "sarif")))["runs"][0]["results"]
    )
    assert [levels[x] for x in ("error", "warning", "note")] == [wanted[d] for d in DEGREES]
    metrics = dict(
        re.findall(
            r'gouji_findings\{severity="(..)",status="open"\} (\d+)',
            "".join(export(folder, "prometheus")),
        )
    )
    assert {d: int(metrics.get(d, 0)) for d in DEGREES} == wanted
    assert said(" ".join(sentences(night_bureau(folder)))) == wanted
    assert of_json(json.loads((folder / "audit.json").read_text("utf-8"))) == wanted
    assert (
        said(
            next(
                x
                for x in (folder / "audit.txt").read_text("utf-8").splitlines()
                if x.startswith("合计：")
            )
        )
        == wanted
    )


def test_bulk_counts_as_its_outcomes_do(tmp_path, capsys):
    """Many units: the line of the command, the findings, the page of the bureau, and the outcomes counted anew."""
    from gouji.app.bulk_reports import bulk_bureau

    data, out = tmp_path / "data", tmp_path / "out"
    assert (
        main(
            ["synth", "--rules", "anning-2023", "--units", "60", "--out", str(data), "--seed", "3"]
        )
        == Exit.CLEAN
    )
    code = main(["audit", str(data), "--format", "parquet", "--out", str(out)])
    line = said(capsys.readouterr().out)
    book, con = load_book("anning-2023"), duckdb.connect()
    wanted = dict.fromkeys(DEGREES, 0)
    cells = f"read_parquet('{out}/outcomes/*.parquet')"
    for t in (*book.tie_outs, *book.table_rules):
        wanted[t.rule.severity.value] += con.execute(
            f"""SELECT count(*) FROM {cells} WHERE "{t.code}.结论" = '不平'"""
        ).fetchone()[0]
    for c in book.criteria:
        test = f""""{c.code}.结论" IN {RECOMPUTED} AND "{c.code}.得分" <> "{c.code}.自评" AND "{c.code}.依据" <> '有疑'"""
        wanted["核实"] += con.execute(f"SELECT count(*) FROM {cells} WHERE {test}").fetchone()[0]
    aside = json.loads((out / "manifest.json").read_text("utf-8"))["rows_set_aside"]
    assert wanted["核实"] and code == Exit.FINDINGS
    assert line == {**wanted, "错误": wanted["错误"] + aside}
    view = bulk_bureau(out)
    assert dict(view.degrees) == wanted
    assert [
        sum(getattr(x, name) for x in view.lines) for name in ("errors", "verifies", "notes")
    ] == list(wanted.values())
    assert view.all_degrees == line


def test_the_page_of_a_bulk_run_says_what_was_set_aside(tmp_path):
    """Rows with a key twice, and files that nobody read: on the first page, counted as the command counts them."""
    from gouji.app.bulk_reports import bulk_bureau
    from gouji.report.html import bureau_page

    data, out = tmp_path / "data", tmp_path / "out"
    assert (
        main(
            ["synth", "--rules", "anning-2023", "--units", "20", "--out", str(data), "--seed", "3"]
        )
        == Exit.CLEAN
    )
    table = data / "收支决算.parquet"
    duckdb.sql(f"CREATE TABLE t AS FROM '{table}'")
    duckdb.sql("INSERT INTO t SELECT * FROM t LIMIT 1")
    duckdb.sql(f"COPY t TO '{table}'")
    duckdb.sql("DROP TABLE t")
    (data / "说明.txt").write_text("x", "utf-8")
    assert main(["bulk", str(data), "--out", str(out)]) == Exit.FINDINGS
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    view = bulk_bureau(out)
    assert len(view.head.problems) == manifest["rows_set_aside"] == 2
    assert all(
        "重复" in what and place.startswith("收支决算:") for place, what, _fix in view.head.problems
    )
    told = [place for place, *_rest in view.head.remarks]
    assert told == [*manifest["unread"], *manifest["unstated"]] and "收支决算" in told
    page = bureau_page(view, libraries(), ())
    assert "收支决算:1" in page and "重复" in page


def test_only_hints_are_no_failure(tmp_path, capsys):
    """A relation of degree 提示 that does not hold is told, and the exit code stays 0: in an audit, a night, JUnit."""
    root = workspace(tmp_path / "w", A={"prior": "120.00"})
    assert (
        main(
            [
                "audit",
                str(root / "submissions" / "A"),
                "--rules",
                str(root / "book"),
                "--schemas",
                str(root / "schemas"),
            ]
        )
        == Exit.CLEAN
    )
    assert said(capsys.readouterr().out) == {"错误": 0, "核实": 0, "提示": 1}
    assert main(["night", str(root)]) == Exit.CLEAN
    assert main(["report", "--format", "junit", "--workspace", str(root)]) == Exit.CLEAN
    assert "<failure" not in (out := capsys.readouterr().out) and "T03" in out
