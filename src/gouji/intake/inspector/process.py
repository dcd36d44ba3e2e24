"""The process beside: started when first needed (or before, by `ready`), gone with the one that started it.

Where no process can be started, the question is answered in this one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

from gouji.base.lazy_import import Absent
from gouji.base.workers import Ended, Workers, answer, possible
from gouji.intake.inspector.questions import Asked
from gouji.intake.inspector.verdict_of import accepts

_LOCK = Lock()
T = TypeVar("T")
# By process: a fork has its own; None where it cannot be, or came to an end.
_beside: dict[int, Workers | None] = {}


def ready() -> None:
    """Start the process now, so that it has loaded Pandera by the time it is asked."""
    _worker()


def ask(asked: Asked, meanwhile: Callable[[], T]) -> tuple[bool, T]:
    """Whether Pandera accepts the table, and what `meanwhile` gives, which is done while the answer is worked out."""
    coming = _submitted(asked)
    made = meanwhile()
    if coming is not None:
        try:
            return answer(coming), made
        except Ended:
            _beside[os.getpid()] = None
    return accepts(asked), made


def _submitted(asked: Asked) -> Future[bool] | None:
    if (worker := _worker()) is not None:
        with suppress(Ended):
            return worker.submit(accepts, asked)
        _beside[os.getpid()] = None
    return None


def _worker() -> Workers | None:
    with _LOCK:
        if os.getpid() not in _beside:
            _beside[os.getpid()] = _started() if possible() else None
        return _beside[os.getpid()]


def _started() -> Workers | None:
    made = Workers(1, _load)
    try:
        # It starts with its first task.
        made.submit(os.getpid)
    except Ended:
        return None
    return made


def _load() -> None:
    """Load Pandera's polars backend; what it takes where it is installed, and does without elsewhere, is more than half of the time."""
    unused: Any = Absent(frozenset({"pandas", "numpy", "hypothesis"}))
    sys.meta_path.insert(0, unused)
    import pandera.polars  # noqa: F401
