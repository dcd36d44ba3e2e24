"""One writer per workspace: a lock that the system releases when its holder ends, however it ends. Works alike on Linux, macOS and Windows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from gouji.base.faults import GoujiError
from gouji.base.i18n import _

LOCK = ".lock"
# Beside the lock: where a held file cannot be read by others (Windows), its holder is still named.
HOLDER = ".lock.pid"


class Busy(GoujiError):
    """Another run holds the workspace: nothing was checked."""


@contextmanager
def locked(root: Path, wait: float = 0) -> Iterator[None]:
    """Hold the workspace; wait up to so many seconds for whoever holds it. Raises Busy."""
    lock = FileLock(root / LOCK)
    try:
        lock.acquire(timeout=wait, poll_interval=0.1)
    except Timeout as fault:
        raise Busy(
            _("另一次运行正占用工作区（进程 {pid}）").format(pid=_holder(root)),
            fix=_("等它结束，或用 --wait 等候"),
        ) from fault
    try:
        (root / HOLDER).write_text(str(os.getpid()), encoding="utf-8")
        yield
    finally:
        lock.release()


def _holder(root: Path) -> str:
    """The process that holds the workspace, as it wrote it down; `?` where it did not."""
    holder = root / HOLDER
    return (holder.read_text(encoding="utf-8").strip() if holder.is_file() else "") or "?"
