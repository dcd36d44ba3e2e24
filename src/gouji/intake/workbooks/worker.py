"""Its own process that reads workbooks for another one: lists of paths come in (or one), heaps go out (or what one gave); it ends with its input.

It is started by `hands.py` and shares nothing with it but the two pipes.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from types import TracebackType
from typing import Any

from gouji.base.i18n import use_language
from gouji.base.lazy_import import Absent
from gouji.intake.workbooks.read_paths import Reading

# Nothing below the working directory is imported; modules are found where the first process finds them.
BOOT = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from gouji.intake.workbooks.worker import serve; serve()"


OUR_FAULT, PANIC = 1, 70


def _end(kind: type[BaseException], _fault: BaseException, _trace: TracebackType | None) -> None:
    """Say by the number it ends with whether a fault of gouji's own ended it, or a panic of python-calamine (which is no Exception)."""
    os._exit(OUR_FAULT if issubclass(kind, Exception) else PANIC)


def serve() -> None:
    """Answer until the input ends."""
    sys.excepthook = _end
    # Ctrl-C goes to every process of the terminal; the first one ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    # Arrow would load it where it is installed, to see whether what it is handed comes from there: longer than a hundred workbooks take.
    no_pandas: Any = Absent(frozenset({"pandas"}))
    sys.meta_path.insert(0, no_pandas)
    language, reading = pickle.load(given)
    if language:
        use_language(language)
    assert isinstance(reading, Reading)
    # What is read holds no circles: it goes when it has been handed over.
    gc.freeze()
    gc.disable()
    answer: object = True
    while True:
        pickle.dump(answer, taken, protocol=5)
        taken.flush()
        answer = None
        gc.collect()
        try:
            asked = pickle.load(given)
        except EOFError:
            return
        answer = reading.heap(asked) if isinstance(asked, list) else reading.one(asked)


__all__ = ["BOOT", "OUR_FAULT", "serve"]
