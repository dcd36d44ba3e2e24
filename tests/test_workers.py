"""Separate processes: one that dies or hangs is reported, all end with the one that started them, and none imports what lies in the working directory."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gouji.base.workers import Ended, Workers, answer, can_copy, copied


def nothing():
    """Begins with nothing."""


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def fails():
    raise ValueError("said there")


def prints():
    print("no output of the program")
    os.write(1, b"nor this")
    return "done"


def hangs(into):
    Path(into).write_text(str(os.getpid()))
    time.sleep(600)


copies = pytest.mark.skipif(not can_copy(), reason="processes cannot be copied here")


@pytest.fixture
def worker():
    made = Workers(1, nothing)
    yield made
    made.end()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_it_gives(worker):
    assert worker.ask(divmod, 7, 2) == (3, 1)
    assert worker.ask(os.getpid) != os.getpid()


def test_what_rises_there_rises_here(worker):
    with pytest.raises(ValueError, match="said there"):
        worker.ask(fails)
    assert worker.ask(divmod, 7, 2) == (3, 1)


def test_one_that_dies_is_told(worker):
    with pytest.raises(Ended):
        worker.ask(killed)
    with pytest.raises(Ended):
        worker.ask(divmod, 7, 2)


def test_one_that_hangs_is_stopped(worker):
    pid, started = worker.ask(os.getpid), time.monotonic()
    with pytest.raises(TimeoutError):
        answer(worker.submit(time.sleep, 600), patience=0.2)
    worker.end()
    assert time.monotonic() - started < 60 and not alive(pid)


def test_what_is_printed_there_is_no_output(worker, capfd):
    assert worker.ask(prints) == "done"
    assert capfd.readouterr().out == ""


def test_nothing_from_the_working_directory_is_imported(tmp_path):
    """Strangers' files lie there; modules of those names would be the first to be imported."""
    for name in ("loky", "multiprocessing", "pickle", "runpy", "cloudpickle"):
        (tmp_path / f"{name}.py").write_text(f"open('imported-{name}', 'w').close()\n", "utf-8")
    code = "from gouji.base.workers import Workers; w = Workers(1, int); print(w.ask(divmod, 7, 2)); w.end()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "(3, 1)\n" and [*tmp_path.glob("imported-*")] == []


def test_a_script_needs_no_guard(tmp_path):
    """A script that asks at its top level is not run once more by the process it starts."""
    script = tmp_path / "script.py"
    script.write_text(
        "from gouji.base.workers import Workers\nprint('once', flush=True)\n"
        "w = Workers(1, int)\nprint(w.ask(divmod, 7, 2))\nw.end()\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout == "once\n(3, 1)\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_they_end_with_a_process_that_is_killed(busy):
    more = "w.submit(time.sleep, 600); " if busy else ""
    code = (
        "import os, signal, time; from gouji.base.workers import Workers; w = Workers(1, int); "
        f"print(w.ask(os.getpid), flush=True); {more}time.sleep(0.2); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False
    )
    pid, until = int(done.stdout), time.monotonic() + 60
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(pid), Path(f"/proc/{pid}/cmdline").read_text()


def gone(pid):
    """Whether a process ends within a minute."""
    until = time.monotonic() + 60
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.1)
    return not alive(pid)


@copies
def test_a_copy_gives_what_it_finds_and_ends(worker):
    assert worker.ask(copied, divmod, 7, 2) == (3, 1)
    made = [worker.ask(os.getpid), worker.ask(copied, os.getpid), worker.ask(copied, os.getpid)]
    assert len({*made}) == 3 and alive(made[0]) and not any(map(alive, made[1:]))


@copies
@pytest.mark.parametrize("do, fault", [(killed, Ended), (fails, ValueError)])
def test_what_becomes_of_a_copy_is_no_harm_to_the_process(worker, do, fault):
    pid = worker.ask(os.getpid)
    with pytest.raises(fault):
        worker.ask(copied, do)
    assert worker.ask(copied, divmod, 7, 2) == (3, 1) and worker.ask(os.getpid) == pid


@copies
def test_a_copy_ends_with_the_process_it_is_of(worker, tmp_path):
    into, until = tmp_path / "pid", time.monotonic() + 60
    coming = worker.submit(copied, hangs, str(into))
    while not (into.exists() and into.read_text()) and time.monotonic() < until:
        time.sleep(0.1)
    with pytest.raises(TimeoutError):
        answer(coming, patience=0.1)
    worker.end()
    assert gone(int(into.read_text()))
