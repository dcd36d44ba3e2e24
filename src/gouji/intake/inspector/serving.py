"""What runs beside: reads questions until there are no more, answers each with a byte."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from contextlib import suppress
from typing import Any

_AS_USUAL = "from gouji.intake.inspector.serving import serve; serve(lightly=False)"


def serve(*, lightly: bool) -> None:
    """Answer what comes in; `lightly` loads only what that needs, and starts once more as usual where it needs more."""
    # Ctrl-C is for the process that asks; when it goes, the questions end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if lightly:
        from gouji.intake.inspector.lightly import load

        if not load():
            # No question has been read yet.
            os.execv(sys.executable, [sys.executable, "-P", "-c", _AS_USUAL])
    questions: Any = sys.stdin.buffer
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    from gouji.intake.inspector.verdict_of import accepts

    with suppress(EOFError, BrokenPipeError):
        while True:
            os.write(answers, b"+" if accepts(pickle.load(questions)) else b"-")
    sys.stderr.flush()
    os._exit(0)
