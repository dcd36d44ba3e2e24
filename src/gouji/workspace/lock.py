"""One writer a workspace: a lock that the kernel lets go of when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gouji.faults import GoujiError
from gouji.i18n import _

LOCK = ".lock"


class Busy(GoujiError):
    """Another run holds the workspace: nothing was checked."""


@contextmanager
def locked(root: Path, wait: float = 0) -> Iterator[None]:
    """Hold the workspace; wait so many seconds for whoever holds it. Raises Busy."""
    with (root / LOCK).open("a+", encoding="utf-8") as file:
        end = time.monotonic() + wait
        while not _taken(file.fileno()):
            if time.monotonic() >= end:
                file.seek(0)
                raise Busy(_("另一次运行正占用工作区 (进程 {pid})").format(pid=file.read().strip() or "?"), mend=_("等它结束, 或用 --wait 等候"))
            time.sleep(0.1)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
