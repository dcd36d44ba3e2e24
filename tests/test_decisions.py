"""Waivers and the baseline: counted apart, never a pass; lapsing, expiring, unused; from a returned workbook; in SQLite and PostgreSQL."""

import os
import shutil
import sqlite3
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from gouji.app.run_night import night
from gouji.app.waiving import (
    WaiverWords,
    baseline,
    end_waiver,
    read_form,
    set_baseline,
    standing,
    waive,
    write_form,
)
from gouji.base.faults import DataError
from gouji.cli import Exit, main
from gouji.results.store import read_table
from nights import RULES, submit, workspace

SAID = WaiverWords("张三", "口径不同")
WRONG = {"left": "4.00"}


def stands(made):
    return {
        (f["kind"], f["unit"], f["code"]): f["status"] for f in read_table(made.folder, "findings")
    }


T01 = ("tie_out", "A", "T01")


def test_a_waiver_opens_the_gate_and_is_no_pass(tmp_path):
    root = workspace(tmp_path, A=WRONG)
    assert night(root).gate.state == "closed"
    assert waive(root, "A", "T01", SAID) == "W0001"
    made = night(root)
    assert (made.gate.state, stands(made)) == ("open", {T01: "waived"})
    assert made.manifest["counts"]["verdicts"]["不平"] == 1
    assert [(line.found, line.limit) for line in made.gate.lines if "审核说明" in line.name] == [
        ("1", None)
    ]


LAPSES = {
    "a figure changes": lambda root: submit(root, "A", left="5.00"),
    "a printed place changes": lambda root: submit(root, "A", left="4.000"),
    "the rule changes": lambda root: (root / "book/t01.yaml").write_text(
        RULES["t01.yaml"].lstrip().replace("决算.收入 - 决算.支出", "决算.收入 - 决算.支出 + 0"),
        "utf-8",
    ),
}


@pytest.mark.parametrize("change", LAPSES.values(), ids=LAPSES)
def test_a_waiver_lapses(tmp_path, change):
    root = workspace(tmp_path, A=WRONG)
    night(root)
    waive(root, "A", "T01", SAID)
    assert night(root).gate.state == "open"
    change(root)
    made = night(root)
    if stands(made).get(T01) is not None:
        assert (
            made.gate.state,
            stands(made)[T01],
            stands(made)[("waiver_lapsed", "A", "T01")],
        ) == ("closed", "open", "open")
    else:
        assert ("waiver_unused", "A", "T01") in stands(made)


KEEPS = {
    "another figure changes": lambda root: submit(root, "A", left="4.00", score="9.5"),
    "rows move": lambda root: (root / "submissions/A/决算.csv").write_text(
        "单位代码,年度,结余,支出,收入\n\nA,2023,4.00,97.00,100.00\n", "utf-8"
    ),
    "the rule says it better": lambda root: (root / "book/t01.yaml").write_text(
        RULES["t01.yaml"].lstrip().replace("收支结余相等", "结余等于收支相减"), "utf-8"
    ),
}


@pytest.mark.parametrize("change", KEEPS.values(), ids=KEEPS)
def test_a_waiver_holds(tmp_path, change):
    root = workspace(tmp_path, A=WRONG)
    night(root)
    waive(root, "A", "T01", SAID)
    change(root)
    assert stands(night(root))[T01] == "waived"


def test_unused_and_expired_waivers_are_findings(tmp_path):
    root = workspace(tmp_path, A=WRONG)
    night(root, date(2026, 1, 1))
    waive(root, "A", "T01", WaiverWords("张三", "口径不同", expires=date(2026, 1, 31)))
    assert stands(night(root, date(2026, 1, 31)))[T01] == "waived"
    late = night(root, date(2026, 2, 1))
    assert (late.gate.state, stands(late)) == (
        "closed",
        {T01: "open", ("waiver_expired", "A", "T01"): "open"},
    )
    submit(root, "A")
    end_waiver(root, "W0001", "李四", "过期")
    assert stands(night(root, date(2026, 2, 2))) == {}
    submit(root, "A", **WRONG)
    night(root, date(2026, 2, 2))
    waive(root, "A", "T01", SAID)
    submit(root, "A")
    made = night(root, date(2026, 2, 3))
    assert (made.gate.state, stands(made)) == ("open", {("waiver_unused", "A", "T01"): "open"})


def test_a_clock_that_went_back_does_not_revive_waivers(tmp_path):
    root = workspace(tmp_path, A=WRONG)
    night(root, date(2026, 1, 1))
    waive(root, "A", "T01", WaiverWords("张三", "口径不同", expires=date(2026, 1, 31)))
    assert night(root, date(2100, 1, 1)).gate.state == "closed"
    # The machine's own clock is behind the last run's now.
    made = night(root)
    assert (made.manifest["inputs"]["as_of"], made.gate.state, made.number) == (
        "2100-01-01",
        "closed",
        3,
    )


REFUSED = {
    "no such finding": lambda root: waive(root, "A", "T02", SAID),
    "no reason": lambda root: waive(root, "A", "T01", WaiverWords("张三", " ")),
    "no evidence file": lambda root: waive(
        root, "A", "T01", WaiverWords("张三", "因", root / "nowhere.pdf")
    ),
    "no such waiver": lambda root: end_waiver(root, "W0009", "张三", "因"),
}


@pytest.mark.parametrize("do", REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path, do):
    root = workspace(tmp_path, A=WRONG)
    night(root)
    with pytest.raises(DataError):
        do(root)
    assert standing(root) == []


def test_a_returned_workbook(tmp_path, capsys):
    root = workspace(
        tmp_path / "ws", A=WRONG, B=WRONG, C={"left": "4.00", "title": "=cmd|' /C calc'!A0"}
    )
    night(root)
    form, proof = tmp_path / "form.xlsx", tmp_path / "批复.pdf"
    proof.write_bytes(b"%PDF")
    assert write_form(root, "latest", form) == 3
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    head = {c.value: c.column for c in sheet[1]}
    assert all(c.data_type != "f" for row in sheet for c in row)
    for row, (reason, author, evidence, expires) in {
        2: ("口径不同", "甲单位", "批复.pdf", "2030-12-31"),
        3: ("因", "", "", ""),
        4: ("", "丙单位", "批复.pdf", ""),
    }.items():
        for title, value in {
            "说明理由": reason,
            "说明人": author,
            "佐证文件": evidence,
            "有效期至": expires,
        }.items():
            sheet.cell(row, head[title]).value = value
    book.save(form)
    assert main(["waiver", "import", str(form), "--workspace", str(root)]) == Exit.FINDINGS
    said = capsys.readouterr().err
    assert "第 3 行" in said and "第 4 行：没有写说明理由" in said
    (kept,) = standing(root)
    assert (
        kept["unit"],
        kept["code"],
        kept["evidence"],
        kept["expires"],
        len(kept["evidence_sha256"]),
    ) == ("A", "T01", "批复.pdf", "2030-12-31", 64)
    # Read once more, it says nothing new.
    assert main(["waiver", "import", str(form), "--workspace", str(root)]) == Exit.FINDINGS
    assert standing(root) == [kept]
    assert stands(night(root))[T01] == "waived"
    submit(root, "A")
    night(root)
    assert read_form(root, "latest", form).recorded == ()


def test_the_baseline_only_shrinks(tmp_path):
    root = workspace(tmp_path, A=WRONG, B=WRONG)
    night(root)
    assert set_baseline(root, "latest", "李四", "旧账") == 2
    assert night(root).gate.state == "open"
    submit(root, "A")
    assert night(root).gate.state == "open"
    assert [b["unit"] for b in baseline(root)] == ["B"]
    submit(root, "A", **WRONG)
    made = night(root)
    assert (made.gate.state, stands(made)[T01], stands(made)[("tie_out", "B", "T01")]) == (
        "closed",
        "open",
        "baseline",
    )


def test_what_was_not_checked_stays_in_the_baseline(tmp_path):
    root = workspace(tmp_path, A=WRONG, B={})
    night(root)
    set_baseline(root, "latest", "李四", "旧账")
    submit(root, "A", left=None)
    night(root)
    shutil.rmtree(root / "submissions/A")
    night(root)
    assert [b["unit"] for b in baseline(root)] == ["A"]


def test_a_locked_store_stops_the_night_and_loses_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("gouji.runs.workspace.decisions.WAIT", 0.2)
    root = workspace(tmp_path, A=WRONG)
    night(root)
    waive(root, "A", "T01", SAID)
    other = sqlite3.connect(root / "decisions.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("INSERT INTO ended VALUES (9, 'x', 9, '', '', '')")
    assert (
        main(
            [
                "waiver",
                "add",
                "A",
                "T01",
                "--author",
                "甲",
                "--reason",
                "乙",
                "--workspace",
                str(root),
            ]
        )
        == Exit.OWN_FAULT
    )
    assert "locked" in capsys.readouterr().err
    # A night without its waivers is no night: no run, and the last one stays what it was.
    assert main(["night", str(root)]) == Exit.OWN_FAULT
    assert "locked" in capsys.readouterr().err and [
        p.name for p in (root / "runs").iterdir() if not p.name.startswith(".")
    ] == ["000001"]
    other.execute("ROLLBACK")
    other.close()
    assert night(root).gate.state == "open"


def test_a_store_that_is_not_there_stops_the_night(tmp_path, monkeypatch, capsys):
    root = workspace(tmp_path, A=WRONG)
    monkeypatch.setenv("GOUJI_DECISIONS_URL", f"sqlite+pysqlite:///{tmp_path}/no/such/folder.db")
    assert main(["night", str(root)]) == Exit.OWN_FAULT
    monkeypatch.setenv(
        "GOUJI_DECISIONS_URL", "postgresql+psycopg://u:geheim@127.0.0.1:1/x?connect_timeout=1"
    )
    assert main(["night", str(root)]) == Exit.OWN_FAULT
    said = capsys.readouterr()
    assert "geheim" not in said.out + said.err
    monkeypatch.setenv("GOUJI_DECISIONS_URL", "no url")
    assert main(["night", str(root)]) == Exit.UNUSABLE
    assert list((root / "runs").glob("0*")) == []


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """A PostgreSQL server of the test's own, on its own socket."""
    import pwd

    # Debian keeps them off the PATH, a folder a version.
    places = os.pathsep.join(
        [
            os.environ.get("PATH", ""),
            *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)),
        ]
    )
    initdb, pg_ctl = shutil.which("initdb", path=places), shutil.which("pg_ctl", path=places)
    if not initdb or not pg_ctl:
        assert not os.environ.get("GOUJI_TEST_ALL"), (
            "PostgreSQL is not here, and nothing may be skipped"
        )
        print("skipped: no initdb and pg_ctl on this machine (Debian: apt-get install postgresql)")
        pytest.skip("no PostgreSQL server on this machine")
    folder = tmp_path_factory.mktemp("pg")
    user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    if user:
        owner = pwd.getpwnam("postgres")
        # pytest's folders are its user's own, and how deep they lie depends on how it runs.
        for path in (folder, *folder.parents):
            if (
                path.stat().st_uid == os.getuid()
                and path != Path(path.anchor)
                and "pytest" in str(path)
            ):
                path.chmod(0o755)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    env = {**os.environ, "LC_ALL": "C"}

    def do(*words):
        subprocess.run(words, check=True, capture_output=True, cwd=folder, env=env, **user)

    do(initdb, "-D", str(folder / "data"), "-A", "trust", "-U", "gouji", "-E", "UTF8")
    do(
        pg_ctl,
        "-D",
        str(folder / "data"),
        "-w",
        "-l",
        str(folder / "log"),
        "-o",
        f"-c listen_addresses='' -k {folder} -F",
        "start",
    )
    yield f"postgresql+psycopg://gouji@/postgres?host={folder}"
    do(pg_ctl, "-D", str(folder / "data"), "-m", "immediate", "stop")


def test_decisions_in_postgresql(tmp_path, monkeypatch, postgres):
    monkeypatch.setenv("GOUJI_DECISIONS_URL", postgres)
    root = workspace(tmp_path, A=WRONG, B=WRONG)
    night(root)
    assert waive(root, "A", "T01", SAID).startswith("W")
    set_baseline(root, "latest", "李四", "旧账")
    made = night(root)
    assert (made.gate.state, stands(made)) == (
        "open",
        {T01: "waived", ("tie_out", "B", "T01"): "baseline"},
    )
    assert not (root / "decisions.db").exists()
    end_waiver(root, "W0001", "张三", "撤回")
    assert stands(night(root))[T01] == "baseline"


def test_decisions_are_kept_when_they_end(tmp_path):
    root = workspace(tmp_path, A=WRONG)
    night(root)
    waive(root, "A", "T01", SAID)
    end_waiver(root, "W0001", "李四", "理由不足")
    assert standing(root) == []
    con = sqlite3.connect(root / "decisions.db")
    assert con.execute("SELECT count(*) FROM waivers").fetchone() == (1,)
    assert con.execute("SELECT author, reason FROM ended").fetchone() == ("李四", "理由不足")


def test_decision_commands(tmp_path, capsys):
    root = workspace(tmp_path, A=WRONG, B=WRONG)
    night(root)
    at = ["--workspace", str(root)]
    assert (
        main(
            [
                "waive",
                "A",
                "T01",
                "--author",
                "张三",
                "--reason",
                "因",
                "--expires",
                "2030-01-01",
                *at,
            ]
        )
        == Exit.CLEAN
    )
    assert main(["waiver", "list", *at]) == Exit.CLEAN
    assert "W0001 A T01 至 2030-01-01 张三: 因" in capsys.readouterr().out
    assert main(["waiver", "end", "W0001", "--author", "李四", "--reason", "因", *at]) == Exit.CLEAN
    assert main(["baseline", "set", "--author", "李四", "--reason", "旧", *at]) == Exit.CLEAN
    assert main(["baseline", "show", *at]) == Exit.CLEAN
    assert "基线：2 个旧问题" in capsys.readouterr().out
    assert main(["baseline", "set", *at]) == Exit.UNUSABLE
    assert main(["waiver", "add", *at]) == Exit.UNUSABLE
