"""Two runs compared: what moved, by what; what is new, fixed, or only gone."""

import json
import shutil

import duckdb
import pytest

from gouji.app.comparing import compare_runs
from gouji.app.run_night import night
from gouji.app.waiving import WaiverWords, waive
from gouji.cli import Exit, main
from gouji.results.compare_runs import compare
from gouji.results.schema import SCHEMAS
from nights import RULES, submit, workspace


def step(root, change):
    before = night(root)
    change(root)
    return compare(before.folder, night(root).folder)


def rule(root, old, new, name="t01.yaml"):
    path = root / "book" / name
    path.write_text(RULES[name].lstrip().replace(old, new), "utf-8")


MOVES = {
    "a figure makes it 不平": (
        lambda root: submit(root, "A", left="4.00"),
        [("A", "T01", "平", "不平", "figures")],
    ),
    "a figure goes missing": (
        lambda root: submit(root, "A", left=None),
        [("A", "T01", "平", "无法判断", "figures")],
    ),
    "a figure corrects it": (
        lambda root: submit(root, "B"),
        [("B", "T01", "不平", "平", "figures")],
    ),
    "the rule changes": (
        lambda root: rule(root, "决算.收入 - 决算.支出", "决算.收入 - 决算.支出 * 2"),
        [("A", "T01", "平", "不平", "rule"), ("B", "T01", "不平", "不平", "rule")],
    ),
    "a unit goes": (
        lambda root: shutil.rmtree(root / "submissions/B"),
        [
            ("B", c, w, None, "went")
            for c, w in (("C01", "得满分"), ("T01", "不平"), ("T02", "平"), ("T03", "无法判断"))
        ],
    ),
    "nothing": (lambda root: None, []),
}


@pytest.mark.parametrize("change, moved", MOVES.values(), ids=MOVES)
def test_moves_and_their_causes(tmp_path, change, moved):
    found = step(workspace(tmp_path, A={}, B={"left": "4.00"}), change)
    wanted = [m for m in moved if m[2] != m[3]]
    assert [(m["unit"], m["code"], m["was"], m["now"], m["cause"]) for m in found.moved] == wanted


def test_scores_grades_and_what_moved_them(tmp_path):
    root = workspace(tmp_path, A={}, B={})
    found = step(
        root,
        lambda root: (
            submit(root, "A", spent="80.00", left="20.00", parts=("80.00",)),
            rule(root, "[9, 10]", "[10, 10]", "book.yaml"),
        ),
    )
    assert [
        (
            u["unit"],
            str(u["was_score"]),
            str(u["now_score"]),
            u["was_grade"],
            u["now_grade"],
            u["cause"],
        )
        for u in found.units
    ] == [("A", "10.00", "2.50", "优", "差", "figures")]


def test_findings_new_fixed_and_only_gone(tmp_path):
    root = workspace(tmp_path, A={"left": "4.00"}, B={"left": "4.00"}, C={})
    found = step(
        root,
        lambda root: (
            submit(root, "A"),
            submit(root, "B", left=None),
            submit(root, "C", left="9.00"),
        ),
    )
    assert [f["unit"] for f in found.new] == ["C"]
    assert [f["unit"] for f in found.fixed] == ["A"]
    # B's figure is no longer there to be wrong: that fixes nothing.
    assert [f["unit"] for f in found.unchecked] == ["B"]


def test_a_decision_is_told_apart(tmp_path):
    root = workspace(tmp_path, A={"left": "4.00"})
    night(root)
    waive(root, "A", "T01", WaiverWords("张三", "因"))
    night(root)
    found = compare_runs(root, "previous", "latest")
    assert [(f["unit"], f["code"], f["was"], f["now"]) for f in found.decided] == [
        ("A", "T01", "open", "waived")
    ]
    assert (found.new, found.moved) == ((), ())


def test_row_numbers_make_no_finding_new(tmp_path):
    root = workspace(tmp_path, A={"left": "4.00"})
    found = step(
        root,
        lambda root: (root / "submissions/A/决算.csv").write_text(
            "单位代码,年度,结余,支出,收入\n\nA,2023,4.00,97.00,100.00\n", "utf-8"
        ),
    )
    assert (found.new, found.fixed, found.unchecked) == ((), (), ())


def test_the_command(tmp_path, capsys):
    root = workspace(tmp_path, A={}, B={})
    night(root)
    submit(root, "A", left="4.00")
    night(root)
    assert main(["runs", "compare", "--workspace", str(root)]) == Exit.FINDINGS
    said = capsys.readouterr().out
    assert "平 → 不平：1" in said and "A T01 平 → 不平：数据变了" in said and "新问题：1" in said
    assert (
        main(["runs", "compare", "2", "1", "--workspace", str(root), "--format", "json"])
        == Exit.CLEAN
    )
    plain = json.loads(capsys.readouterr().out)
    assert plain["moves"] == [{"was": "不平", "now": "平", "count": 1}]
    assert main(["runs", "compare", "1", "7", "--workspace", str(root)]) == Exit.UNUSABLE
    assert (
        main(
            [
                "runs",
                "compare",
                str(root / "runs/000001"),
                str(root / "runs/000002"),
                "--workspace",
                str(tmp_path / "elsewhere"),
            ]
        )
        == Exit.FINDINGS
    )


def test_many_units_are_one_join(tmp_path):
    """Runs of 20,000 units made by SQL: exactly the planted differences come back (docs/nightly.md has the time for 100,000)."""
    made = many_runs(tmp_path, 20_000)
    found = compare(*made)
    assert len(found.moved) == 20 and {m["cause"] for m in found.moved} == {"figures"}
    assert sum(found.still.values()) == 20_000 * 10 - 20


def many_runs(folder, units, rules=10):
    """Two runs of so many units; every 1000th unit has one outcome that moved."""
    for name in ("a", "b"):
        con = duckdb.connect()
        (folder / name).mkdir()
        rows = {
            "outcomes": f"SELECT 'U' || lpad(u::VARCHAR, 7, '0') AS unit, 'T' || lpad(r::VARCHAR, 3, '0') AS code, CASE WHEN {name == 'b'} AND u % 1000 = 0 "
            "AND r = 1 THEN '不平' ELSE '平' END AS verdict, 'v' AS rule, left(md5(u || '-' || r || CASE WHEN "
            f"{name == 'b'} AND u % 1000 = 0 AND r = 1 THEN 'x' ELSE '' END), 16) AS figures FROM range({units}) t(u), range({rules}) s(r)",
            "scorecards": f"SELECT 'U' || lpad(u::VARCHAR, 7, '0') AS unit, 'n' AS name, 95.5 AS score, '优' AS grade FROM range({units}) t(u)",
            "findings": "SELECT 1 WHERE false",
            "rules": "SELECT 'v' AS version",
            "submissions": "SELECT 1 WHERE false",
        }
        for table, query in rows.items():
            con.register("empty", SCHEMAS[table].empty_table())
            part = con.sql(query)
            filled = ", ".join(
                f'"{c}"' if c in part.columns else f'NULL AS "{c}"' for c in SCHEMAS[table].names
            )
            con.execute(
                f"CREATE TABLE {table} AS SELECT * FROM empty; INSERT INTO {table} SELECT {filled} FROM ({query})"
            )
            con.execute(f"COPY {table} TO '{folder / name / table}.parquet' (FORMAT parquet)")
    return folder / "a", folder / "b"


STILL = {
    "other figures": (
        lambda root: submit(root, "A", left="5.00"),
        "figures",
        "仍不平，数已改动：1",
        1,
    ),
    "another rule": (
        lambda root: rule(root, "决算.收入 - 决算.支出", "决算.收入 - 决算.支出 * 2"),
        "rule",
        "仍不平，规则已改：1",
        1,
    ),
    "right at last": (lambda root: submit(root, "A"), None, "仍不平，数已改动：0", 0),
}


@pytest.mark.parametrize("change, cause, line, code", STILL.values(), ids=STILL)
def test_what_still_fails_is_neither_new_nor_fixed(tmp_path, capsys, change, cause, line, code):
    root = workspace(tmp_path, A={"left": "4.00"})
    found = step(root, change)
    assert [(f["unit"], f["code"], f["cause"]) for f in found.moved_on] == (
        [("A", "T01", cause)] if cause else []
    )
    assert (found.new, found.unchecked) == ((), ()) and [f["code"] for f in found.fixed] == (
        [] if cause else ["T01"]
    )
    capsys.readouterr()
    assert main(["runs", "compare", "--workspace", str(root)]) == code
    assert line in capsys.readouterr().out


def test_the_digest_counts_it_apart(tmp_path):
    from gouji.app.notify import digest

    root = workspace(tmp_path, A={"left": "4.00"}, B={})
    before = night(root).folder
    submit(root, "A", left="5.00")
    submit(root, "B", left="7.00")
    body, changed = digest(night(root).folder, before, "门禁", 5)
    assert (
        "新问题 1 个，仍不平而数已改动 1 个，不再出现 0 个；未解决：问题 2 个（错误 2）" in body
        and changed == 2
    )
