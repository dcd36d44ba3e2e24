"""Paths of workbooks -> what they gave, heap by heap in their order: read by this process, and where they are many by helper processes as well.

A helper that dies takes nothing with it: the workbooks it had are read once more one by one, and the one that kills it again is refused.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from types import TracebackType
from typing import Any

from gouji.base.i18n import _, language
from gouji.intake.workbooks.batch import Heap, heap_of
from gouji.intake.workbooks.extracted import Received
from gouji.intake.workbooks.read_paths import Reading
from gouji.intake.workbooks.worker import BOOT, OUR_FAULT

# Below these a helper would not have started before the work is done.
MANY_FILES, MANY_BYTES = 150, 16 << 20
CHUNK_FILES, CHUNK_BYTES = 128, 4 << 20
PROCESSES_AT_MOST = 8
# Seconds for a helper that is ending to be gone.
PATIENCE = 5.0


def read_all(paths: Sequence[Path], reading: Reading) -> Generator[Heap]:
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
    if getattr(sys, "frozen", False) or not sys.executable:
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


class _Dead(Exception):
    """A helper that does not answer any more."""


class _Helper:
    """One helper process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", BOOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def heap(self, paths: list[Path]) -> Heap:
        """What some workbooks gave. Raises _Dead."""
        self.say(pickle.dumps(paths))
        found: Heap = self.hear()
        return found

    def one(self, path: Path) -> Received:
        """What one workbook gave. Raises _Dead."""
        self.say(pickle.dumps(path))
        found: Received = self.hear()
        return found

    def say(self, words: bytes) -> None:
        """Write to it. Raises _Dead."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(words)
            self.process.stdin.flush()
        except (OSError, ValueError) as fault:
            raise _Dead from fault

    def hear(self) -> Any:
        """The next answer. Raises _Dead."""
        assert self.process.stdout is not None
        try:
            return pickle.load(self.process.stdout)
        except (OSError, ValueError, EOFError, pickle.UnpicklingError) as fault:
            raise _Dead from fault

    def end(self, patience: float = 0) -> int:
        """Stop it, whatever it is doing; how it ended. One that is ending by itself is waited for."""
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        return self.process.wait()


class Hands:
    """Helper processes and this one, reading chunks of workbooks. Helpers start with the first chunk and end with the block."""

    def __init__(self, reading: Reading, helpers: int) -> None:
        self.reading, self.count = reading, helpers
        reading.apart = self.alone
        self.alone_in: _Helper | None = None
        self.idle: SimpleQueue[_Helper | None] = SimpleQueue()
        for _number in range(helpers):
            self.idle.put(None)
        self.pool = ThreadPoolExecutor(max(helpers, 1))
        self.lock, self.closed = Lock(), False
        self.living: set[_Helper] = set()

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
                return helper.heap(chunk)
            except _Dead:
                self._bury(helper)
                helper = None
            made = list[Received]()
            for path in chunk:
                if (helper := helper or self._helper()) is None:
                    return None
                try:
                    made.append(helper.one(path))
                except _Dead:
                    made.append(self._fatal(path, self._bury(helper)))
                    helper = None
            return heap_of(made, self.reading.tables)
        finally:
            self.idle.put(helper)

    def alone(self, path: Path) -> Received:
        """What one workbook gave that is not to be read by this process."""
        self.alone_in = helper = self.alone_in or self._helper()
        if helper is None:
            return self.reading.here(path)
        try:
            return helper.one(path)
        except _Dead:
            self.alone_in = None
            return self._fatal(path, self._bury(helper))

    def _fatal(self, path: Path, ended: int) -> Received:
        """What of a workbook that a helper died of. A fault of gouji's own is met here once more, and told as such."""
        if ended == OUR_FAULT:
            return self.reading.here(path)
        return Received(
            self.reading.name_of(path),
            "",
            refused=(_("读它的进程意外结束"), _("重新另存为 xlsx 再报")),
        )

    def _helper(self) -> _Helper | None:
        """A new helper; None where none can be had."""
        with self.lock:
            if self.closed:
                return None
            try:
                made = _Helper()
            except OSError:
                return None
            self.living.add(made)
        try:
            made.say(pickle.dumps(sys.path) + pickle.dumps((language(), self.reading)))
            made.hear()
        except _Dead:
            self._bury(made)
            return None
        return made

    def _bury(self, helper: _Helper) -> int:
        with self.lock:
            self.living.discard(helper)
        return helper.end(PATIENCE)


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
