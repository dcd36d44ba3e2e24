"""Damaged history: the next night runs, built on the newest run that is sound, and says what to move; where it cannot run it says what stands in the way."""

import json
import os
import shutil
import sqlite3

import pytest

from gouji.app import retention as pruning
from gouji.app.history import damaged, listed
from gouji.app.replaying import replay
from gouji.app.run_night import night
from gouji.base.faults import DataError, EngineError
from gouji.cli import Exit, main
from gouji.results.store import read_table
from gouji.runs import build as making
from gouji.runs.workspace import Workspace, decisions
from gouji.runs.workspace import kept_outcomes as kept
from gouji.runs.workspace.decisions import Decisions
from nights import CONFIG, submit, workspace


@pytest.fixture(scope="module")
def three_nights(tmp_path_factory):
    """Run 1 is open, run 2 shut, run 3 open again."""
    root = workspace(
        tmp_path_factory.mktemp("kept") / "w", CONFIG + "retention: {runs: 3}\n", A={}, B={}
    )
    for left in ("3.00", "4.00", "3.00"):
        submit(root, "B", left=left)
        night(root)
    return root


def in_file(name, change):
    """A change to a file of the last run."""
    return lambda root: change(root / "runs/000003" / name)


def rewrite(**keys):
    def change(path):
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | keys), "utf-8")

    return change


def half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def one_byte(path):
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(bytes(raw))


def into_folder(path):
    path.unlink()
    path.mkdir()


def no_files(path):
    shutil.rmtree(path)
    path.mkdir()


def dangling(path):
    path.unlink()
    path.symlink_to("/nowhere/at/all")


LAST = "runs/000003"
# What happens to the history, and what is said about it.
DAMAGE = {
    "a run without anything in it": (lambda root: no_files(root / LAST), LAST),
    "no manifest": (in_file("manifest.json", os.unlink), LAST),
    "an empty manifest": (in_file("manifest.json", lambda p: p.write_bytes(b"")), LAST),
    "half a manifest": (in_file("manifest.json", half), LAST),
    "a manifest in no encoding": (
        in_file("manifest.json", lambda p: p.write_bytes(b"\xff\xfe\xff")),
        LAST,
    ),
    "a manifest that is a list": (in_file("manifest.json", lambda p: p.write_text("[]")), LAST),
    "a manifest without inputs": (in_file("manifest.json", rewrite(inputs=None)), LAST),
    "a manifest with a gate of numbers": (in_file("manifest.json", rewrite(gate=1)), LAST),
    "a manifest of a newer gouji": (in_file("manifest.json", rewrite(version=99)), LAST),
    "a manifest without version": (in_file("manifest.json", rewrite(version=None)), LAST),
    "a manifest that is a folder": (in_file("manifest.json", into_folder), LAST),
    "a manifest that leads out": (
        in_file("manifest.json", rewrite(results={"../../gouji.yaml": "x"})),
        LAST,
    ),
    "no findings": (in_file("findings.parquet", os.unlink), LAST),
    "half of the outcomes": (in_file("outcomes.parquet", half), LAST),
    "empty scorecards": (in_file("scorecards.parquet", lambda p: p.write_bytes(b"")), LAST),
    "a bit of the files": (in_file("files.parquet", one_byte), LAST),
    "members that are a folder": (in_file("members.parquet", into_folder), LAST),
    "problems that lead nowhere": (in_file("problems.parquet", dangling), LAST),
    "text where a table was": (in_file("reference.parquet", lambda p: p.write_text("x")), LAST),
    "two runs damaged": (
        lambda root: [no_files(root / "runs/000002"), no_files(root / LAST)],
        LAST,
    ),
    "every run damaged": (
        lambda root: [no_files(root / f"runs/00000{n}") for n in (1, 2, 3)],
        LAST,
    ),
    "an old run damaged": (lambda root: os.unlink(root / "runs/000001/findings.parquet"), ""),
    "no clock": (in_file("run.json", os.unlink), ""),
    "a clock that stands still": (in_file("run.json", lambda p: p.write_text("[]")), ""),
    "a file where a run would be": (lambda root: (root / "runs/000004").write_text("x"), ""),
    "a run with its own name": (lambda root: (root / "runs/7").mkdir(), ""),
    "a copy of a run": (lambda root: shutil.copytree(root / LAST, root / "runs/000003 (2)"), ""),
    "a number nobody knows": (lambda root: (root / "runs/０００９").mkdir(), ""),
    "inputs that cannot be read": (
        lambda root: (root / "objects/000001.parquet").write_bytes(b"x"),
        "objects/000001.parquet",
    ),
    "inputs that are a folder": (
        lambda root: into_folder(root / "objects/000002.parquet"),
        "objects/000002.parquet",
    ),
    "no inputs": (lambda root: shutil.rmtree(root / "objects"), ""),
    "a folder where inputs would be": (
        lambda root: (root / "objects/000004.parquet").mkdir(),
        "objects/000004.parquet",
    ),
    "what a killed run left leads out": (
        lambda root: (root / "runs/.part-000009").symlink_to("/nowhere"),
        "",
    ),
}


@pytest.fixture
def copied(three_nights, tmp_path):
    shutil.copytree(three_nights, tmp_path / "w", symlinks=True)
    return tmp_path / "w"


def test_there_are_many_kinds():
    assert len(DAMAGE) >= 30


@pytest.mark.parametrize("damage, told_of", DAMAGE.values(), ids=DAMAGE)
def test_the_next_night_runs(copied, damage, told_of, capsys, monkeypatch):
    damage(copied)
    assert main(["night", str(copied)]) == Exit.CLEAN
    said = capsys.readouterr().err
    assert (told_of in said and "移" in said) if told_of else not said
    place = Workspace.at(copied)
    newest = place.run_folder(place.numbers()[-1])
    assert int(newest.name) >= 4 and kept.fault_of(newest, every_byte=True) == ""
    assert {c["unit"] for c in read_table(newest, "scorecards")} == {"A", "B"}
    assert replay(newest, place.objects).differing == ()
    assert main(["runs", "list", str(copied)]) == Exit.CLEAN and len(listed(copied)) + len(
        damaged(copied)
    ) == len(place.numbers())
    capsys.readouterr()
    if told_of.startswith("objects/"):
        # Pruning goes on beside what is damaged.
        monkeypatch.setattr(pruning, "SLACK", 1)
        submit(copied, "B", left="5.00")
        night(copied)
        assert (copied / told_of).exists()


BLOCKED = {
    "a file where runs are": (
        lambda root: [shutil.rmtree(root / "runs"), (root / "runs").write_text("x")],
        "runs",
    ),
    "a file where inputs are": (
        lambda root: [shutil.rmtree(root / "objects"), (root / "objects").write_text("x")],
        "objects",
    ),
    "a file where the log is": (
        lambda root: [shutil.rmtree(root / "log"), (root / "log").write_text("x")],
        "log",
    ),
    "decisions that are none": (
        lambda root: (root / "decisions.db").write_bytes(
            b"not a database at all, but long enough to be read as one" * 9
        ),
        "decisions.db",
    ),
    "decisions that are a folder": (
        lambda root: into_folder(root / "decisions.db"),
        "decisions.db",
    ),
    "decisions of a newer gouji": (lambda root: of_version(root, 99), "decisions.db"),
}


def of_version(root, number):
    con = sqlite3.connect(root / "decisions.db")
    con.execute(f"PRAGMA user_version = {number}")
    con.commit()
    con.close()


@pytest.mark.parametrize("damage, name", BLOCKED.values(), ids=BLOCKED)
def test_what_stands_in_the_way_is_named(copied, damage, name, capsys):
    """No run; what to move is said, and nothing about the space on the disk."""
    for left in copied.glob("decisions.db-*"):
        left.unlink()
    damage(copied)
    assert main(["night", str(copied)]) in (Exit.UNUSABLE, Exit.OWN_FAULT)
    said = capsys.readouterr().err
    assert name in said and "改法" in said and "磁盘空间" not in said


def test_reading_a_damaged_run(copied, capsys):
    """Whoever asks for one is told which it is and what to do."""
    os.unlink(copied / LAST / "findings.parquet")
    to = ["--workspace", str(copied)]
    for command in (
        ["runs", "compare", "2", "3", *to],
        ["report", "latest", "--format", "jsonl", *to],
        ["runs", "replay", "latest", *to],
        ["waiver", "form", "--out", str(copied / "x.xlsx"), *to],
    ):
        assert main(command) == Exit.UNUSABLE
        assert "findings.parquet" in capsys.readouterr().err
    assert main(["runs", "compare", "1", "2", *to]) in (Exit.CLEAN, Exit.FINDINGS)
    half(copied / "runs/000001/outcomes.parquet")
    assert (
        main(["runs", "compare", "1", "2", *to]) == Exit.UNUSABLE
        and "000001" in capsys.readouterr().err
    )


def test_new_is_held_against_the_sound_run(copied):
    """What the damaged run knew is forgotten; what the run before it knew is not."""
    no_files(copied / LAST)
    made = night(copied)
    assert made.before == copied / "runs/000002" and made.work.carried == ["A"] and made.number == 4


def test_a_submission_over_which_gouji_stumbles(tmp_path, monkeypatch):
    """Judged together with it, the others are judged once more without it; the gate is shut, and open when it goes."""
    monkeypatch.setenv("GOUJI_CACHE", str(tmp_path / "cache"))
    root = workspace(tmp_path / "w", A={}, B={}, C={})
    real = making.judge

    def judge(bench, paths, *more):
        made = real(bench, paths, *more)
        yield next(made)
        if "B" in paths:
            raise KeyError("B")
        yield from made

    monkeypatch.setattr(making, "judge", judge)
    made = night(root)
    assert {c["unit"] for c in read_table(made.folder, "scorecards")} == {
        "A",
        "C",
    } and made.gate.state == "closed"
    (problem,) = read_table(made.folder, "problems")
    assert problem["file"] == "B" and "KeyError" in problem["what"] and "fault-" in problem["mend"]
    shutil.rmtree(root / "submissions/B")
    assert night(root).gate.state == "open"


def test_the_machine_is_to_blame(tmp_path, monkeypatch):
    """A full disk is no problem of the submission that happened to be read."""
    root = workspace(tmp_path, A={})
    monkeypatch.setattr(
        making,
        "judge",
        lambda *_given: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    with pytest.raises(EngineError, match="No space"):
        night(root)


def test_an_entry_that_goes_by_without_a_word(tmp_path, monkeypatch):
    """The night's own invariant: no run is made of it."""
    root = workspace(tmp_path, A={})
    monkeypatch.setattr(
        making.Making,
        "_judged",
        lambda self, names, real=making.Making._judged: (real(self, names), self.fates.clear())[0],
    )
    with pytest.raises(EngineError, match=r"A/决算\.csv|A/"):
        night(root)
    assert Workspace.at(root).numbers() == []


def test_decisions_are_brought_up(tmp_path, monkeypatch):
    """A store that was made before versions were counted, and one that a new step changes: what is in it stays."""
    root = workspace(tmp_path, A={})
    store = Decisions.of(root, "NOBODY")
    store.add_waiver(
        {"unit": "A", "code": "T01", "fingerprint": "x", "author": "张三", "reason": "口径"}
    )
    store.close()
    of_version(root, 0)
    store = Decisions.of(root, "NOBODY")
    assert [w["unit"] for w in store.waivers()] == ["A"]
    store.close()
    monkeypatch.setattr(
        decisions,
        "MIGRATIONS",
        (
            *decisions.MIGRATIONS,
            lambda con: con.exec_driver_sql("ALTER TABLE waivers ADD COLUMN seal TEXT"),
        ),
    )
    Decisions.of(root, "NOBODY").close()
    con = sqlite3.connect(root / "decisions.db")
    assert con.execute("PRAGMA user_version").fetchone() == (2,) and "seal" in [
        c[1] for c in con.execute("PRAGMA table_info(waivers)")
    ]
    con.close()
    Decisions.of(root, "NOBODY").close()
    monkeypatch.undo()
    with pytest.raises(EngineError, match="更新的 gouji"):
        Decisions.of(root, "NOBODY")


def test_a_step_that_fails_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    root = workspace(tmp_path, A={})
    Decisions.of(root, "NOBODY").close()

    def step(con):
        con.exec_driver_sql("ALTER TABLE waivers ADD COLUMN seal TEXT")
        con.exec_driver_sql("ALTER TABLE nothing ADD COLUMN seal TEXT")

    monkeypatch.setattr(decisions, "MIGRATIONS", (*decisions.MIGRATIONS, step))
    with pytest.raises((EngineError, DataError)):
        Decisions.of(root, "NOBODY")
    con = sqlite3.connect(root / "decisions.db")
    assert con.execute("PRAGMA user_version").fetchone() == (1,) and "seal" not in [
        c[1] for c in con.execute("PRAGMA table_info(waivers)")
    ]
    con.close()
