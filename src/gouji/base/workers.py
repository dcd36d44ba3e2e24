"""Functions of modules, and what they are given -> what they give, worked out by separate processes (loky).

A process that dies, or takes too long, ends nothing but what it was asked; all end with the one that started them, however that ends.
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import Pipe, parent_process
from multiprocessing.connection import Connection
from threading import Lock, Thread
from typing import Any, NoReturn, ParamSpec, TypeVar, cast
from weakref import WeakSet

from loky.process_executor import ProcessPoolExecutor, ShutdownExecutorError

T = TypeVar("T")
P = ParamSpec("P")
_SAFE = "PYTHONSAFEPATH"
_STARTING = Lock()
# Seconds between two looks whether the process that started this one is still there.
_LOOKS = 1.0


class Ended(Exception):
    """A process that came to an end, or had to be ended, before it answered."""


def possible() -> bool:
    """Whether this Python can start others."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


class Workers:
    """A pool of processes, each of which begins with `begin(*given)`. They start when they are first asked."""

    def __init__(self, count: int, begin: Callable[..., None], *given: object) -> None:
        # They find their modules where this process does, and nothing below the working directory besides.
        found = os.pathsep.join(path for path in sys.path if path)
        self._pool = ProcessPoolExecutor(
            count,
            initializer=_begin,
            initargs=(os.getpid(), begin, given),
            env={"PYTHONPATH": found, _SAFE: "1"},
        )
        self._asked: WeakSet[Future[Any]] = WeakSet()

    def submit(self, do: Callable[P, T], *given: P.args, **named: P.kwargs) -> Future[T]:
        """What `do` will give. Raises Ended where no process can be started, or one has come to its end."""
        try:
            with _safe_path():
                made: Future[T] = self._pool.submit(do, *given, **named)
        except (BrokenProcessPool, ShutdownExecutorError, OSError) as fault:
            raise Ended from fault
        self._asked.add(made)
        return made

    def ask(self, do: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """What `do` gives. Raises Ended, and what `do` raises."""
        return answer(self.submit(do, *given, **named))

    def end(self) -> None:
        """Stop them, whatever they are doing, and what they started. Returns when they are gone."""
        self._pool.shutdown(kill_workers=any(not coming.done() for coming in self._asked))


def answer(coming: Future[T], patience: float | None = None) -> T:
    """What was asked for. Raises Ended when its process has ended, TimeoutError when it takes more than `patience` seconds, and what rose there."""
    try:
        return coming.result(patience)
    except (BrokenProcessPool, ShutdownExecutorError) as fault:
        raise Ended from fault


def can_copy() -> bool:
    """Whether a process can make a copy of itself here."""
    return hasattr(os, "fork")


def copied(do: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What `do` gives, worked out by a copy of this process that ends with it. Raises Ended where the copy ends before, and what `do` raises.

    A copy has what this process has loaded, and its own limits and faults: this process stays as it is whatever becomes of the copy.
    """
    parent = os.getpid()
    ours, theirs = Pipe(duplex=False)
    with warnings.catch_warnings():
        # The one other thread here sleeps, and holds nothing.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        ours.close()
        _answer_and_end(theirs, parent, lambda: do(*given, **named))
    theirs.close()
    try:
        good, made = ours.recv()
    except (EOFError, OSError) as fault:
        raise Ended from fault
    finally:
        ours.close()
        os.waitpid(child, 0)
    if not good:
        raise made
    return cast(T, made)


def _answer_and_end(into: Connection, parent: int, do: Callable[[], object]) -> NoReturn:
    """Write what a function gives, or raises, and end this copy: nothing that the process it is a copy of does at its end is done here."""
    try:
        Thread(target=_end_with, args=(parent,), daemon=True).start()
        made: tuple[bool, object]
        try:
            made = (True, do())
        except Exception as fault:
            made = (False, fault)
        into.send(made)
    finally:
        os._exit(0)


@contextmanager
def _safe_path() -> Iterator[None]:
    """Processes that start within, loky's own too, import nothing from the working directory: strangers' files may lie there."""
    with _STARTING:
        before = os.environ.get(_SAFE)
        os.environ[_SAFE] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_SAFE]
            else:
                os.environ[_SAFE] = before


def _begin(parent: int, begin: Callable[..., None], given: tuple[Any, ...]) -> None:
    import signal

    # Ctrl-C is for the process that asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints here is no output of the program.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    Thread(target=_end_with, args=(parent,), daemon=True).start()
    begin(*given)


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone, even if that was killed."""
    if sys.platform == "win32":
        if (started := parent_process()) is not None:
            started.join()
    else:
        while os.getppid() == parent:
            time.sleep(_LOOKS)
    os._exit(0)


__all__ = ["Ended", "Workers", "answer", "can_copy", "copied", "possible"]
