"""The process beside: started when first needed (or before, by `ready`), asked over its pipes, gone with the one that started it.

Where no process can be started, the question is answered in this one.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import TypeVar

from gouji.intake.inspector.questions import Asked

_SERVE = "from gouji.intake.inspector.serving import serve; serve(lightly=True)"
_LOCK = Lock()
T = TypeVar("T")
_beside: dict[int, subprocess.Popen[bytes] | None] = {}


def ready() -> None:
    """Start the process now, so that it has loaded Pandera by the time it is asked."""
    with _LOCK:
        _process()


def ask(asked: Asked, meanwhile: Callable[[], T]) -> tuple[bool, T]:
    """Whether Pandera accepts the table, and what `meanwhile` gives, which is done while the answer is worked out. Threads take turns."""
    with _LOCK:
        process = _process()
        sent = process is not None and _sent(process, asked)
        said = b""
        try:
            made = meanwhile()
        finally:
            if process is not None and sent:
                said = _heard(process)
    return (said == b"+" if said else _here(asked)), made


def _heard(process: subprocess.Popen[bytes]) -> bytes:
    """One byte, yes or no; nothing when the process came to an end."""
    assert process.stdout is not None
    said = process.stdout.read(1)
    if not said:
        _beside[os.getpid()] = None
    return said


def _here(asked: Asked) -> bool:
    from gouji.intake.inspector.verdict_of import accepts

    return accepts(asked)


def _process() -> subprocess.Popen[bytes] | None:
    """The process of this process (a fork has its own); None where it cannot be, or came to an end."""
    if os.getpid() not in _beside:
        _beside[os.getpid()] = _started()
    return _beside[os.getpid()]


def _started() -> subprocess.Popen[bytes] | None:
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    # It has to find the packages where this process found them.
    path = os.pathsep.join(p for p in sys.path if p)
    try:
        made = subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
    except OSError:
        return None
    atexit.register(_end, made)
    return made


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    process.wait()


def _sent(process: subprocess.Popen[bytes], asked: Asked) -> bool:
    assert process.stdin is not None
    try:
        pickle.dump(asked, process.stdin, protocol=5)
        process.stdin.flush()
    except OSError:
        _beside[os.getpid()] = None
        return False
    return True
