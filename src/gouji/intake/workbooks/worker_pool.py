"""Paths of workbooks -> what they gave, heap by heap in their order: read by this process, and where they are many by helper processes as well.

A helper that dies takes nothing with it: the workbooks it had are read once more one by one, and the one that kills it again is refused.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from types import TracebackType

from gouji.base.i18n import _, language
from gouji.base.workers import Ended, Workers, possible
from gouji.intake.workbooks import worker
from gouji.intake.workbooks.batch import Heap, heap_of
from gouji.intake.workbooks.extracted import Received
from gouji.intake.workbooks.read_paths import WorkbookReader

# Below these a helper would not have started before the work is done.
MANY_FILES, MANY_BYTES = 150, 16 << 20
CHUNK_FILES, CHUNK_BYTES = 128, 4 << 20
PROCESSES_AT_MOST = 8


def read_all(paths: Sequence[Path], reading: WorkbookReader) -> Generator[Heap]:
    """Read workbooks; what they gave comes in the order of the paths, in the same heaps whoever reads them."""
    sizes = [_size(path) for path in paths]
    helpers = (
        processes() - 1
        if len(paths) >= MANY_FILES or (len(paths) > 1 and sum(sizes) >= MANY_BYTES)
        else 0
    )
    with Hands(reading, helpers) as hands:
        yield from (
            hands.read(_chunks(paths, sizes))
            if helpers > 0
            else map(reading.heap, _chunks(paths, sizes))
        )


def processes() -> int:
    """How many processes may read: as many as there are cores for us, or as GOUJI_PROCESSES says."""
    said = os.environ.get("GOUJI_PROCESSES", "")
    if said.isdecimal():
        return max(1, int(said))
    if not possible():
        return 1
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return min(cores, PROCESSES_AT_MOST)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _chunks(paths: Sequence[Path], sizes: Sequence[int]) -> Iterator[list[Path]]:
    """Parts of the work. Of many files the last parts are small, so that nobody waits long for another; the very last one is not very small."""
    chunk, held, small = list[Path](), 0, CHUNK_FILES // 3
    last = len(paths) - 2 * CHUNK_FILES if len(paths) >= MANY_FILES else len(paths)
    for number, (path, size) in enumerate(zip(paths, sizes, strict=True)):
        full = (
            len(chunk) >= (CHUNK_FILES if number <= last else small)
            and len(paths) - number >= small
        )
        if chunk and (full or held + size > CHUNK_BYTES):
            yield chunk
            chunk, held = [], 0
        chunk.append(path)
        held += size
    if chunk:
        yield chunk


class Hands:
    """Helper processes and this one, reading chunks of workbooks. Helpers start with the first chunk and end with the block."""

    def __init__(self, reading: WorkbookReader, helpers: int) -> None:
        self.reading, self.count = reading, helpers
        reading.apart = self.alone
        self.alone_in: Workers | None = None
        self.idle: SimpleQueue[Workers | None] = SimpleQueue()
        for _number in range(helpers):
            self.idle.put(None)
        self.pool = ThreadPoolExecutor(max(helpers, 1))
        self.lock, self.closed = Lock(), False
        self.living: set[Workers] = set()

    def __enter__(self) -> Hands:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self.lock:
            self.closed = True
            ending = list(self.living)
        for helper in ending:
            helper.end()
        self.pool.shutdown(cancel_futures=True)
        self.reading.apart = None

    def read(self, chunks: Iterable[list[Path]]) -> Iterator[Heap]:
        """Every chunk in order. A few chunks are read ahead, so that memory does not grow with their number."""
        ahead: deque[_Work] = deque()
        coming = iter(chunks)
        while True:
            while len(ahead) < 2 * self.count + 4 and (chunk := next(coming, None)) is not None:
                ahead.append(_Work(chunk, self.pool.submit(self._help, chunk)))
            if not ahead:
                return
            if (
                not ahead[0].ready()
                and (mine := next((work for work in ahead if work.mine()), None)) is not None
            ):
                mine.made = self.reading.heap(mine.chunk)
                continue
            work = ahead.popleft()
            made = work.made if work.made is not None else work.future.result()
            yield self.reading.heap(work.chunk) if made is None else made

    def _help(self, chunk: list[Path]) -> Heap | None:
        """What a helper makes of a chunk; None where there is no helper to be had."""
        helper = self.idle.get()
        try:
            if (helper := helper or self._helper()) is None:
                return None
            try:
                return helper.ask(worker.batch, chunk)
            except Ended:
                self._bury(helper)
                helper = None
            made = list[Received]()
            for path in chunk:
                if (helper := helper or self._helper()) is None:
                    return None
                try:
                    made.append(helper.ask(worker.one, path))
                except Ended:
                    self._bury(helper)
                    made.append(self._fatal(path))
                    helper = None
            return heap_of([part for one in made for part in one.by_unit()], self.reading.tables)
        finally:
            self.idle.put(helper)

    def alone(self, path: Path) -> Received:
        """What one workbook gave that is not to be read by this process."""
        self.alone_in = helper = self.alone_in or self._helper()
        if helper is None:
            return self.reading.here(path)
        try:
            return helper.ask(worker.one, path)
        except Ended:
            self.alone_in = None
            self._bury(helper)
            return self._fatal(path)

    def _fatal(self, path: Path) -> Received:
        """What of a workbook that a helper died of."""
        return Received(
            self.reading.name_of(path),
            "",
            refused=(_("读它的进程意外结束"), _("重新另存为 xlsx 再报")),
        )

    def _helper(self) -> Workers | None:
        """A new helper; None where none can be had."""
        with self.lock:
            if self.closed:
                return None
            made = Workers(1, worker.begin, language(), self.reading)
            self.living.add(made)
        try:
            made.ask(worker.ready)
        except Ended:
            self._bury(made)
            return None
        return made

    def _bury(self, helper: Workers) -> None:
        with self.lock:
            self.living.discard(helper)
        helper.end()


class _Work:
    """A chunk, and what was made of it."""

    def __init__(self, chunk: list[Path], future: Future[Heap | None]) -> None:
        self.chunk, self.future = chunk, future
        self.made: Heap | None = None

    def ready(self) -> bool:
        """Whether it has been read."""
        return self.made is not None or self.future.done()

    def mine(self) -> bool:
        """Whether no helper has begun with it; none will."""
        return self.made is None and self.future.cancel()


__all__ = ["Hands", "processes", "read_all"]
