"""What a process that reads workbooks for another one does: with lists of paths, batches come out; with one path, what it gave."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

from gouji.base.i18n import use_language
from gouji.base.lazy_import import Absent
from gouji.intake.workbooks.batch import Heap
from gouji.intake.workbooks.extracted import Received
from gouji.intake.workbooks.read_paths import WorkbookReader

_reading: list[WorkbookReader] = []


def begin(language: str, reading: WorkbookReader) -> None:
    """Get ready to read."""
    # Arrow would load it where it is installed, to see whether what it is handed comes from there: longer than a hundred workbooks take.
    no_pandas: Any = Absent(frozenset({"pandas"}))
    sys.meta_path.insert(0, no_pandas)
    if language:
        use_language(language)
    _reading[:] = [reading]
    # What is read holds no circles: it goes when it has been handed over.
    gc.freeze()
    gc.disable()


def batch(paths: list[Path]) -> Heap:
    """What some workbooks gave."""
    gc.collect()
    return _reading[0].heap(paths)


def one(path: Path) -> Received:
    """What one workbook gave."""
    gc.collect()
    return _reading[0].one(path)


def ready() -> bool:
    """Whether it can read."""
    return bool(_reading)


__all__ = ["batch", "begin", "one", "ready"]
