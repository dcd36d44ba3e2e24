"""Work in its own thread, beside what the calling thread does; it never outlives the block it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """What a piece of work comes to."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._made: list[T] = []
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._do)
        self._thread.start()

    def _do(self) -> None:
        try:
            self._made.append(self._work())
        except BaseException as fault:
            # Raised where the result is asked for.
            self._fault = fault

    def wait(self) -> None:
        """Until the work is at its end, one way or the other."""
        self._thread.join()

    def result(self) -> T:
        """What the work gave, once it is done. Raises what it raised."""
        self.wait()
        if self._fault is not None:
            raise self._fault
        return self._made[0]


@contextmanager
def beside(work: Callable[[], T], stop: Callable[[], None]) -> Iterator[Beside[T]]:
    """Begin the work for a block of code. At the end of the block it is over; when the block is broken off, `stop` asks it to end soon."""
    begun = Beside(work)
    try:
        yield begun
        # A fault that nobody asked for is not lost.
        begun.result()
    except BaseException:
        stop()
        raise
    finally:
        begun.wait()
