"""Whatever happens at night, nothing is lost and nothing is green that was not checked: each fault with its outcome."""

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time

import pytest

from gouji.app.history import listed
from gouji.app.replaying import replay
from gouji.app.run_night import night
from gouji.cli import Exit, main
from gouji.results.store import read_table
from gouji.runs.workspace import Workspace, locked
from nights import CONFIG, results, submit, workspace

WRONG = {"left": "4.00"}


def command(root, *more):
    return [sys.executable, "-m", "gouji", "night", str(root), *more]


def whole(root):
    """Every run that counts is whole: all files its manifest lists, with the bytes it lists."""
    place = Workspace.at(root)
    for number in place.numbers():
        folder = place.run_folder(number)
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert {
            n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in manifest["results"]
        } == manifest["results"]
        assert (folder / "run.json").is_file()
    return place.numbers()


def test_killed_at_any_moment(tmp_path):
    """SIGKILL: the run is whole or absent, the next night sweeps up, goes on, and comes to the same results."""
    root = workspace(tmp_path / "w", **{name: WRONG for name in "ABCD"})
    started = time.monotonic()
    subprocess.run(command(root), capture_output=True)
    usual = time.monotonic() - started
    want = results(root / "runs/000001")
    chance = random.Random(20261125)
    for delay in [chance.uniform(0.3, 1.05) * usual for _ in range(7)]:
        child = subprocess.Popen(
            command(root, "--full"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        numbers = whole(root)
        assert numbers == list(range(1, len(numbers) + 1))
    made = night(root)
    assert results(made.folder) == want and whole(root)[-1] == made.number
    assert [
        p.name
        for p in (*(root / "runs").iterdir(), *(root / "objects").iterdir())
        if p.name.startswith(".")
    ] == []
    assert replay(made.folder, root / "objects").differing == ()


def kill_at(root, point):
    """A night that is killed when it reaches a function of gouji's, as the machine would: no clean-up runs."""
    module, name = point.rsplit(".", 1)
    code = (
        f"import os, signal, importlib; m = importlib.import_module('{module}'); m.{name} = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL); "
        f"from gouji.app.run_night import night; night({str(root)!r})"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode


@pytest.mark.parametrize(
    "point",
    [
        "gouji.app.run_night.write",
        "gouji.app.run_night.publish",
        "gouji.app.run_night._clock",
        "gouji.app.run_night.ratchet",
    ],
)
def test_killed_at_the_worst_moments(tmp_path, point):
    """Just before results, clock and rename there is no run; just after the rename there is one, whole."""
    root = workspace(tmp_path, A=WRONG)
    assert kill_at(root, point) == -signal.SIGKILL
    assert whole(root) == ([1] if point.endswith(".ratchet") else [])
    assert night(root).number == len(whole(root))


@pytest.mark.parametrize("size", [0, 1_000, 12_000])
def test_disk_full(tmp_path, size):
    """No room: exit 4, no run, what was there is still there; with room again the next night is as if nothing had been."""
    root = workspace(tmp_path, A=WRONG)
    first = night(root)
    before = {str(p): p.read_bytes() for p in first.folder.iterdir()}
    submit(root, "B")

    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    done = subprocess.run(command(root), capture_output=True, text=True, preexec_fn=no_room)
    assert done.returncode == Exit.OWN_FAULT, done.stderr
    assert "没有完成" in done.stderr or "不能用" in done.stderr
    assert whole(root) == [1] and {str(p): p.read_bytes() for p in first.folder.iterdir()} == before
    made = night(root)
    assert (made.number, made.work.judged) == (2, ["B"])


def test_two_at_once(tmp_path, capsys):
    """The second does nothing, says so, and is not green; with --wait it waits its turn."""
    root = workspace(tmp_path, A={})
    with locked(root):
        assert main(["night", str(root)]) == Exit.NOTHING_CHECKED
        assert str(os.getpid()) in capsys.readouterr().err
        child = subprocess.Popen(command(root, "--wait", "60"), stdout=subprocess.DEVNULL)
        time.sleep(0.5)
        assert child.poll() is None
    assert child.wait() == Exit.CLEAN and whole(root) == [1]


def test_many_at_once(tmp_path):
    """Four at the same time: each run whole, numbered without a gap, the rest refused."""
    root = workspace(tmp_path, A={}, B={})
    codes = [
        c.wait()
        for c in [
            subprocess.Popen(command(root), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(4)
        ]
    ]
    assert set(codes) <= {Exit.CLEAN, Exit.NOTHING_CHECKED} and Exit.CLEAN in codes
    assert whole(root) == list(range(1, codes.count(Exit.CLEAN) + 1))


def test_readers_are_not_locked_out(tmp_path):
    """Kept runs are read while a run is made."""
    root = workspace(tmp_path, A=WRONG)
    night(root)
    with locked(root):
        assert len(listed(root)) == 1
        assert main(["runs", "compare", "1", "1", "--workspace", str(root)]) == Exit.CLEAN
        assert main(["report", "--format", "jsonl", "--workspace", str(root)]) == Exit.CLEAN


def link(folder):
    os.symlink("/nowhere/at/all", folder / "决算.csv")


def pipe(folder):
    os.mkfifo(folder / "决算.csv")


def gone(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def garbled(folder):
    (folder / "决算.csv").write_bytes(b"\xff\xfe\x00\xff" * 9)


UNREADABLE = {
    "a link to nowhere": link,
    "a pipe": pipe,
    "an empty folder": gone,
    "no text at all": garbled,
}


@pytest.mark.parametrize("spoil", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_file(tmp_path, spoil):
    """It is a finding with its place, the gate is shut, everybody else is judged; the run replays."""
    root = workspace(tmp_path, A={}, B={})
    folder = root / "submissions/A"
    (folder / "决算.csv").unlink()
    spoil(folder)
    made = night(root)
    assert made.gate.state == "closed" and "B" in {
        o["unit"] for o in read_table(made.folder, "outcomes")
    }
    assert any(p["submission"] == "A" for p in read_table(made.folder, "problems"))
    assert night(root).work.judged == [] and results(made.folder) == results(root / "runs/000002")
    assert replay(made.folder, root / "objects").differing == ()
    shutil.rmtree(folder)
    submit(root, "A")
    assert night(root).gate.state == "open"


BROKEN = {
    "a rule that is no YAML": ("book/t01.yaml", "check: [", Exit.UNUSABLE),
    "a rule of unknown columns": ("book/t01.yaml", "check: 决算.没有 = 0", Exit.UNUSABLE),
    "a key that nobody knows": ("gouji.yaml", "gait: {}", Exit.UNUSABLE),
    "a limit that is no number": ("gouji.yaml", "gate: {missing_units: viele}", Exit.UNUSABLE),
}


@pytest.mark.parametrize("name, line, code", BROKEN.values(), ids=BROKEN)
def test_broken_rules_or_configuration(tmp_path, name, line, code, capsys):
    """Exit 2 with file and line; no run: yesterday's stays the last one."""
    root = workspace(tmp_path, A=WRONG)
    night(root)
    text = (root / name).read_text("utf-8")
    kept = [x for x in text.splitlines() if not x.startswith(line.split(":")[0] + ":")]
    (root / name).write_text("\n".join([*kept, line]) + "\n", "utf-8")
    assert main(["night", str(root)]) == code
    assert name.rsplit("/", 1)[-1] in capsys.readouterr().err
    (root / name).write_text(text, "utf-8")
    assert whole(root) == [1]
    assert json.loads((sorted((root / "log").iterdir())[-1]).read_text("utf-8").splitlines()[-1])[
        "event"
    ] in ("failed", "finished")


def test_no_workspace(tmp_path):
    assert main(["night", str(tmp_path)]) == Exit.UNUSABLE


def test_clock_jumps_do_not_reorder_runs(tmp_path):
    """Runs are numbered; the clock only says when."""
    root = workspace(tmp_path, A={})
    for number, year in ((1, 2099), (2, 1999)):
        night(root)
        clock = root / f"runs/{number:06d}/run.json"
        clock.write_text(
            json.dumps(json.loads(clock.read_text()) | {"started": f"{year}-01-01T00:00:00+08:00"}),
            "utf-8",
        )
    assert [r.number for r in listed(root)] == [1, 2]
    assert night(root).number == 3


def test_a_thousand_nights(tmp_path):
    """History is listed, built upon and pruned as gouji.yaml says; what is left replays."""
    root = workspace(tmp_path, CONFIG + "retention: {runs: 400}\n", A=WRONG)
    first = night(root).folder
    for number in range(2, 1001):
        os.makedirs(root / f"runs/{number:06d}")
        for path in first.iterdir():
            os.link(path, root / f"runs/{number:06d}" / path.name)
    assert len(listed(root)) == 1000
    made = night(root)
    assert (made.number, made.work.judged, len(listed(root))) == (1001, [], 400)
    assert replay(made.folder, root / "objects").differing == ()
    assert main(["runs", "compare", "602", "1001", "--workspace", str(root)]) == Exit.CLEAN


def test_pruning_keeps_what_replay_needs(tmp_path):
    root = workspace(tmp_path, CONFIG + "retention: {runs: 2}\n", A=WRONG, B={})
    for number in range(1, 13):
        submit(root, "A", left=f"{number}.00")
        night(root)
    place = Workspace.at(root)
    assert place.numbers() == [11, 12]
    assert len(list(place.objects.iterdir())) < 12
    for number in place.numbers():
        assert replay(place.run_folder(number), place.objects).differing == ()


def test_the_file_that_is_hashed_is_the_file_that_is_judged(tmp_path, monkeypatch):
    """A unit that files again while the night runs: what is kept, listed and judged is one and the same."""
    root = workspace(tmp_path, A={})
    from gouji.app import night_inputs as nights

    real = nights.scan

    def scan_then_change(folder):
        found = real(folder)
        submit(root, "A", **WRONG)
        return found

    monkeypatch.setattr(nights, "scan", scan_then_change)
    made = night(root)
    monkeypatch.undo()
    assert made.gate.state == "closed"
    assert night(root).work.judged == []
    assert replay(made.folder, root / "objects").differing == ()
