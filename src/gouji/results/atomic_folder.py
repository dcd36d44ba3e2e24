"""A folder that appears whole or not at all: written beside, then moved into place; nothing is left when the work is broken off."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gouji.base.faults import DataError
from gouji.base.i18n import _

MARK = "manifest.json"


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of `folder` at the end of the block; an exception leaves `folder` as it was.

    Raises DataError when `folder` holds something that is not an earlier result (a result has a manifest.json).
    """
    if folder.exists() and not (
        folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))
    ):
        raise DataError(
            _("{folder} 里有别的东西, 不覆盖").format(folder=folder),
            mend=_("换一个文件夹, 或先清空它"),
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside, old = folder.with_name(f".{folder.name}.part"), folder.with_name(f".{folder.name}.old")
    for leftover in (beside, old):
        shutil.rmtree(leftover, ignore_errors=True)
    beside.mkdir()
    try:
        yield beside
        if folder.exists():
            folder.rename(old)
        beside.rename(folder)
    finally:
        for leftover in (beside, old):
            shutil.rmtree(leftover, ignore_errors=True)


def digest(file: Path) -> str:
    """SHA-256 of what is in a file, as manifests have it."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
