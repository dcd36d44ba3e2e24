"""The command line: exit codes, languages, what is imported when, output that is the same twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gouji.cli import Exit, main
from sheets import COVER, accounts, save

ROOT = Path(__file__).parent.parent
REAL = str(ROOT / "datasets" / "anning-2023")
HEAVY = (
    "duckdb",
    "sqlglot",
    "pydantic",
    "pandas",
    "ibis",
    "pandera",
    "great_expectations",
    "rich",
    "yaml",
    "numpy",
)


def test_help_imports_nothing_heavy():
    code = f"import sys; from gouji.cli import main; main(['--help']); print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_importing_gouji_imports_nothing_heavy():
    code = f"import sys, gouji; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


EXITS = {
    "findings": (["audit", REAL], Exit.FINDINGS),
    "no such folder": (["audit", "no-such-folder", "--rules", "anning-2023"], Exit.UNUSABLE),
    "no such rulebook": (["audit", REAL, "--rules", "no-such-book"], Exit.UNUSABLE),
    "no such command": (["adit", REAL], Exit.UNUSABLE),
    "no such option": (["audit", REAL, "--speed"], Exit.UNUSABLE),
    "no such rule": (["explain", "C99", "--rules", "anning-2023"], Exit.UNUSABLE),
    "no such unit": (["explain", "C14", "--data", REAL, "--unit", "nobody"], Exit.UNUSABLE),
    "a rule": (["explain", "c14", "--rules", "anning-2023"], Exit.CLEAN),
    "a rule for a unit": (["explain", "T11", "--data", REAL], Exit.CLEAN),
    "rules": (["rules", "list", "anning-2023"], Exit.CLEAN),
    "examples hold": (["rules", "test", "anning-2023"], Exit.CLEAN),
    "schema": (["rules", "schema", "table"], Exit.CLEAN),
    "unknown language": (["--lang", "fr", "--help"], Exit.UNUSABLE),
}


@pytest.mark.parametrize("arguments, code", EXITS.values(), ids=EXITS)
def test_exit_code(arguments, code, capsys):
    assert main(arguments) == code
    printed = capsys.readouterr()
    assert printed.out or printed.err


def test_nothing_checked_is_not_green(tmp_path, capsys):
    (tmp_path / "单位.csv").write_text("单位代码,年度,单位名称\nA,2019,甲\n", "utf-8")
    assert main(["audit", str(tmp_path), "--rules", "anning-2023"]) == Exit.NOTHING_CHECKED


def test_the_same_inputs_give_the_same_bytes(tmp_path, capsys):
    outputs = []
    for name in ("one", "two"):
        main(["audit", REAL, "--out", str(tmp_path / name)])
        capsys.readouterr()
        outputs.append({p.name: p.read_bytes() for p in sorted((tmp_path / name).iterdir())})
    assert outputs[0] == outputs[1]
    assert set(outputs[0]) == {"audit.txt", "audit.json"}


def test_json_says_what_text_says(capsys):
    main(["audit", REAL, "--format", "json"])
    page = json.loads(capsys.readouterr().out)
    card = page["cards"][0]
    assert (page["version"], card["totals"]["score"], card["totals"]["grade"]) == (
        4,
        "95.50",
        "待定",
    )
    assert sum(row["verdict"] == "不平" for row in card["tie_outs"]) > 0
    assert page["manifest"]["outcomes"] == 34 + len(card["tie_outs"])


def test_text_fits_its_width(capsys):
    from rich.cells import cell_len

    main(["audit", REAL])
    assert max(map(cell_len, capsys.readouterr().out.splitlines())) <= 120


def test_every_finding_cites_its_place(capsys):
    main(["audit", REAL, "--format", "json"])
    rows = json.loads(capsys.readouterr().out)["cards"][0]["tie_outs"]
    for row in rows:
        if row["verdict"] == "不平":
            assert row["places"], row["code"]


def test_a_workbook_of_another_year_is_told_and_is_no_clean_audit(tmp_path, capsys):
    cover = [["决算报表封面"], ["单位代码", "U001"], ["年度", 2022], ["单位名称", "元江县财政局"]]
    save(tmp_path / "a.xlsx", {"封面": cover, "公开01表": accounts(title="2022年度收入支出决算表")})
    assert main(["audit", str(tmp_path), "--rules", "final-accounts"]) == Exit.NOTHING_CHECKED
    assert "送来的是 2022 年的（a.xlsx），规则是 2023 年的" in capsys.readouterr().out
    main(["audit", str(tmp_path), "--rules", "final-accounts", "--format", "summary"])
    assert "全部结论：没有\n" in capsys.readouterr().out


def test_a_listing_without_a_line_is_no_clean_audit(tmp_path, capsys):
    save(
        tmp_path / "a.xlsx",
        {
            "封面": COVER,
            "对附属单位补助明细": [
                ["对附属单位补助明细"],
                ["单位：万元"],
                ["附属单位代码", "附属单位名称", "补助金额"],
            ],
        },
    )
    assert main(["audit", str(tmp_path), "--rules", "final-accounts"]) == Exit.NOTHING_CHECKED
