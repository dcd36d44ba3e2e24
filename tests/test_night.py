"""Nights: whole or absent, incremental and equal to a full run, replayed byte for byte."""

import hashlib
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from gouji.app.history import listed
from gouji.app.replaying import replay
from gouji.app.run_night import night
from gouji.base.faults import EngineError
from gouji.cli import Exit, main
from gouji.results import row_store
from gouji.results import store as results_
from gouji.results.schema import SCHEMAS
from gouji.results.store import read_table
from gouji.run import engine
from gouji.runs import judge_batch as judged
from gouji.runs.workspace import Workspace
from nights import CONFIG, results, submit, workspace

GOOD, WRONG = {}, {"left": "4.00"}


def verdicts(made, unit):
    return {
        o["code"]: o["verdict"] for o in read_table(made.folder, "outcomes") if o["unit"] == unit
    }


def test_a_night_judges_and_keeps(tmp_path):
    made = night(workspace(tmp_path, A=GOOD, B=WRONG))
    assert verdicts(made, "A") == {"C01": "得满分", "T01": "平", "T02": "平", "T03": "无法判断"}
    assert verdicts(made, "B")["T01"] == "不平"
    assert (made.gate.state, made.work.judged, made.manifest["counts"]["outcomes"], made.told) == (
        "closed",
        ["A", "B"],
        8,
        True,
    )
    (found,) = [f for f in read_table(made.folder, "findings") if f["kind"] == "tie_out"]
    assert (found["unit"], found["code"], found["severity"], found["status"]) == (
        "B",
        "T01",
        "错误",
        "open",
    )
    place = json.loads(found["places"])[0]
    assert (place["file"], place["line"], place["printed"]) == ("B/决算.csv", 2, "4.00万元")


def test_only_what_changed_is_read(tmp_path):
    root = workspace(tmp_path, A=GOOD, B=WRONG, C=GOOD)
    night(root)
    submit(root, "B")
    made = night(root)
    assert (made.work.judged, made.work.carried, made.gate.state) == (["B"], ["A", "C"], "open")
    assert night(root).work.judged == []


def test_a_night_that_breaks_off_says_why_and_leaves_nothing(tmp_path, monkeypatch):
    root = workspace(tmp_path, A=GOOD)
    night(root)
    there = sorted(p.name for p in (root / "runs").iterdir())

    def full(*_):
        raise OSError("no space left")

    with monkeypatch.context() as broken, pytest.raises(EngineError, match="no space left"):
        broken.setattr("gouji.app.run_night.write", full)
        night(root)
    assert sorted(p.name for p in (root / "runs").iterdir()) == there
    assert night(root).number == 2


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    root = workspace(tmp_path, A=GOOD, B=WRONG)
    one, two, full = night(root), night(root), night(root, full=True)
    assert results(one.folder) == results(two.folder) == results(full.folder)
    assert one.manifest["results"] == full.manifest["results"]


def test_many_units_and_few_write_the_same(tmp_path, monkeypatch):
    """Outcomes that are put away and made when they are asked for, some at a time: the same bytes. Tables written some units at a time: the same rows."""
    root = workspace(tmp_path, A=GOOD, B=WRONG, C={"income": None}, D={"parts": ()})
    some = night(root)
    monkeypatch.setattr(engine, "FEW_UNITS", 2)
    monkeypatch.setattr(row_store, "UNITS_AT_A_TIME", 3)
    monkeypatch.setattr(judged, "AT_A_TIME", 3)
    assert results(night(root, full=True).folder) == results(some.folder)
    monkeypatch.setattr(results_, "ROW_GROUP", 5)
    monkeypatch.setattr(results_, "CARDS_AT_A_TIME", 1)
    many = night(root, full=True)
    assert pq.ParquetFile(many.folder / "outcomes.parquet").num_row_groups > 2
    assert {name: read_table(many.folder, name) for name in SCHEMAS} == {
        name: read_table(some.folder, name) for name in SCHEMAS
    }
    assert all(
        (many.folder / name).read_bytes() == (some.folder / name).read_bytes()
        for name in ("audit.json", "audit.txt", "gate.json")
    )
    monkeypatch.undo()
    assert replay(some.folder, root / "objects").differing == ()


def test_a_night_compiles_nothing_that_is_kept(tmp_path, monkeypatch):
    root = workspace(tmp_path, A=GOOD)
    night(root)
    monkeypatch.setattr("gouji.plan.compile.compile_book", None)
    monkeypatch.setattr("gouji.rules.check.check_book.validate", None)
    assert night(root, full=True).work.judged == ["A"]


CHANGED = {
    "a rule": lambda root: edit(root / "book/t01.yaml", "错误", "核实"),
    "a schema": lambda root: edit(root / "schemas/accounts.yaml", "places: 2", "places: 1"),
    "the language": lambda root: edit(root / "gouji.yaml", "rules:", "language: en\nrules:"),
}


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_changed_rules_judge_everything_again(tmp_path, change):
    root = workspace(tmp_path, A=GOOD, B=WRONG)
    night(root)
    change(root)
    assert night(root).work.judged == ["A", "B"]


def test_submissions_of_one_unit_are_judged_together(tmp_path):
    """The year before may come in its own submission; when it changes, the unit is judged again from both."""
    root = workspace(tmp_path, A={"unit": "U", "income": "100.00"}, B=GOOD)
    assert verdicts(night(root), "U")["T03"] == "无法判断"
    old = root / "submissions/A-2022"
    old.mkdir()
    (old / "决算.csv").write_text("单位代码,年度,收入\nU,2022,120.00\n", "utf-8")
    made = night(root)
    assert (made.work.judged, verdicts(made, "U")["T03"]) == (["A", "A-2022"], "不平")
    shutil.rmtree(old)
    made = night(root)
    assert (made.work.judged, verdicts(made, "U")["T03"]) == (["A"], "无法判断")


def test_a_unit_filed_twice_is_judged_from_neither(tmp_path):
    root = workspace(tmp_path, A={"unit": "U"}, B=GOOD)
    assert night(root).gate.state == "open"
    submit(root, "C", unit="U", left="9.00")
    made = night(root)
    assert verdicts(made, "U") == {} and made.gate.state == "closed"
    assert {p["submission"] for p in read_table(made.folder, "problems")} == {"A", "C"}
    shutil.rmtree(root / "submissions/C")
    assert verdicts(night(root), "U")["T01"] == "平"


UNIT = st.sampled_from(["U1", "U2", "U3"])
GIVEN = st.fixed_dictionaries(
    {
        "unit": UNIT,
        "income": st.sampled_from(["100.00", "120.00", None]),
        "left": st.sampled_from(["3.00", "x", "4.00"]),
        "prior": st.sampled_from([None, "110.00"]),
        "score": st.sampled_from(["10", "8", None]),
        "kind": st.sampled_from(["csv", "xlsx", "parquet"]),
    }
)
FILED = {"unit": "U1"}
NIGHT = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]), st.one_of(st.none(), GIVEN), max_size=4
)


# No shrinking: each example is several nights.
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@example(nights=[{"d": FILED}, {"a": FILED | {"prior": "110.00"}}, {"d": None}])
@example(
    nights=[
        {"a": {"kind": "xlsx"}, "b": {"kind": "parquet"}},
        {"b": {"unit": "a", "kind": "xlsx"}},
        {"a": None},
    ]
)
@given(nights=st.lists(NIGHT, min_size=2, max_size=4))
def test_incremental_equals_full(tmp_path_factory, nights):
    """Whatever comes, changes and goes, with units that several submissions share: night for night the same bytes as judging everything."""
    root = workspace(tmp_path_factory.mktemp("night"))
    for changes in nights:
        for name, given_ in changes.items():
            if given_ is None:
                shutil.rmtree(root / "submissions" / name, ignore_errors=True)
            else:
                submit(root, name, **given_)
        made = night(root)
        whole = shutil.copytree(root, tmp_path_factory.mktemp("full") / "w")
        shutil.rmtree(whole / "runs" / made.folder.name)
        assert results(night(whole, full=True).folder) == results(made.folder)


def test_replay_gives_the_same_bytes(tmp_path):
    root = workspace(tmp_path, A=GOOD, B=WRONG)
    (root / "submissions/空").mkdir()
    night(root)
    submit(root, "B")
    made = night(root)
    shutil.rmtree(root / "submissions")
    edit(root / "book/t01.yaml", "错误", "提示")
    for number in (1, 2):
        assert replay(Workspace.at(root).run_folder(number), root / "objects") == replay(
            made.folder, root / "objects"
        )
    assert replay(made.folder, root / "objects").differing == ()


def test_an_edited_run_is_found_out(tmp_path):
    root = workspace(tmp_path, A=WRONG)
    made = night(root)
    edit(made.folder / "gate.json", '"closed"', '"open"')
    assert replay(made.folder, root / "objects").differing == ("gate.json",)
    assert main(["runs", "replay", "1", "--workspace", str(root)]) == Exit.OWN_FAULT


def test_a_damaged_original_is_found_out(tmp_path, capsys):
    root = workspace(tmp_path, A=GOOD)
    night(root)
    for pack in (root / "objects").iterdir():
        pack.unlink()
    assert main(["runs", "replay", "1", "--workspace", str(root)]) == Exit.UNUSABLE
    assert "keep_inputs" in capsys.readouterr().err


def test_batches_do_not_show(tmp_path):
    units = {name: {"left": "4.00"} if name in "BD" else {} for name in "ABCDE"}
    one = night(workspace(tmp_path / "one", **units))
    two = night(workspace(tmp_path / "two", CONFIG + "batch: 2\n", **units))
    assert results(one.folder) == results(two.folder)


NOTHING = {
    "no submissions": {},
    "nothing that can be judged": {
        "A": {"income": None, "spent": None, "left": None, "parts": (), "score": None}
    },
}


@pytest.mark.parametrize("units", NOTHING.values(), ids=NOTHING)
def test_nothing_checked_is_never_green(tmp_path, units, capsys):
    root = workspace(
        tmp_path,
        "rules: book\nschemas: schemas\ngate: {findings: {}, unread_submissions: 99, missing_units: 99}\n",
        **units,
    )
    assert main(["night", str(root)]) == Exit.NOTHING_CHECKED
    assert listed(root)[0].gate == "nothing"


def test_a_finding_stays_new_until_a_gate_opened_over_it(tmp_path):
    """Sleeping over a finding does not make it old."""
    root = workspace(tmp_path, A={"parts": ("1.00",)})
    assert [night(root).gate.state for _ in range(3)] == ["closed"] * 3


def test_missing_units(tmp_path):
    (tmp_path / "ws").mkdir()
    root = workspace(tmp_path / "ws", CONFIG + "expected: expected.csv\n", A=GOOD)
    (root / "expected.csv").write_text("单位代码,单位名称\nA,甲\nZ,丙\n", "utf-8")
    made = night(root)
    assert made.gate.state == "closed"
    assert [(f["kind"], f["unit"], f["name"]) for f in read_table(made.folder, "findings")] == [
        ("missing_unit", "Z", "丙")
    ]
    (root / "expected.csv").write_text("单位代码,单位名称\nB,乙\n", "utf-8")
    submit(root, "B")
    assert {f["kind"] for f in read_table(night(root).folder, "findings")} == {"unexpected_unit"}


def test_counts_in_are_counts_out(tmp_path):
    root = workspace(tmp_path, A=GOOD, B={"left": "abc"})
    counts = night(root).manifest["counts"]
    rows = sum(
        len(p.read_text("utf-8").splitlines()) - 1
        for p in Path(root / "submissions").rglob("*.csv")
    )
    assert counts["rows_in"] == rows == counts["rows_accepted"] + counts["rows_set_aside"]


def test_the_page_is_that_of_an_audit(tmp_path):
    from gouji.app import audit, page_of
    from gouji.report import json as as_json

    root = workspace(tmp_path, A=WRONG)
    kept = json.loads((night(root).folder / "audit.json").read_text("utf-8"))
    page = json.loads(
        as_json.render(page_of(audit(root / "submissions/A", root / "book", root / "schemas")))
    )
    moved = json.dumps(kept["cards"], ensure_ascii=False).replace("A/", "")
    assert json.loads(moved) == page["cards"]
    assert kept.keys() == page.keys() and kept["manifest"].keys() == page["manifest"].keys()


def test_rules_over_rows_have_fingerprints_too(tmp_path):
    """A rule over the rows of a table: its finding says where, stays known while its rows stay, whatever else changes."""
    from nights import BASIS

    root = workspace(tmp_path, A={"parts": ("90.00", "-7.00"), "spent": "83.00", "left": "17.00"})
    (root / "book/t04.yaml").write_text(
        f"kind: each_row\ncode: T04\nname: 没有负数\n{BASIS}\ntable: 明细\ncheck: 明细.金额 >= 0\nseverity: 核实\n",
        "utf-8",
    )
    (one,) = [f for f in read_table(night(root).folder, "findings") if f["code"] == "T04"]
    assert one["severity"] == "核实" and "明细.csv" in one["places"] and one["text"]
    submit(root, "A", parts=("90.00", "-7.00"), spent="83.00", left="16.00")
    (two,) = [f for f in read_table(night(root).folder, "findings") if f["code"] == "T04"]
    submit(root, "A", parts=("91.00", "-8.00"), spent="83.00", left="17.00")
    (three,) = [f for f in read_table(night(root).folder, "findings") if f["code"] == "T04"]
    assert one["fingerprint"] == two["fingerprint"] != three["fingerprint"]


def test_results_that_do_not_stay_in_memory(tmp_path, monkeypatch):
    """More than the database may keep: it lies on the desk, comes out as it was put in, in order, and goes."""
    desk, out = tmp_path / "desk", tmp_path / "out"
    desk.mkdir()
    out.mkdir()
    monkeypatch.setattr(results_, "KEPT", "20MB")
    made = results_.ResultTables(desk)
    units = [f"U{n:03}" for n in range(60)]
    for unit in reversed(units):
        made.put(
            "outcomes",
            [
                {
                    "submission": unit,
                    "unit": unit,
                    "code": f"R{n:02}",
                    "working": hashlib.sha256(f"{unit}{n}".encode()).hexdigest() * 400,
                }
                for n in range(20)
            ],
        )
    assert sum(p.stat().st_size for p in desk.rglob("*") if p.is_file()) > 0
    monkeypatch.setattr(results_, "ROW_GROUP", 50)
    made.write(out)
    made.close()
    rows = read_table(out, "outcomes", "unit", "code", "working")
    assert [(r["unit"], r["code"]) for r in rows] == [
        (unit, f"R{n:02}") for unit in units for n in range(20)
    ]
    assert all(
        r["working"]
        == hashlib.sha256(f"{r['unit']}{int(r['code'][1:])}".encode()).hexdigest() * 400
        for r in rows
    )
    assert not any(p.is_file() for p in desk.rglob("*"))
