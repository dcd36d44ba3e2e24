"""Files and folders that appear whole or not at all: written beside, then moved into place; nothing is left when the work is broken off. The only place that does so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gouji.base.digest import sha256_of
from gouji.base.faults import DataError
from gouji.base.i18n import _

# A folder that has one is a result of gouji's own.
MARK = "manifest.json"


@contextmanager
def whole_file(path: Path) -> Iterator[Callable[[str], object]]:
    """What writes texts into a file that takes the place of `path` at the end of the block; an exception leaves `path` as it was."""
    beside = _beside(path)
    try:
        with beside.open("w", encoding="utf-8") as file:
            yield file.write
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, in a folder that is there."""
    # Other processes may be writing the same.
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_pieces(path: Path, pieces: Iterable[str]) -> None:
    """Write a file of texts, piece by piece, on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = _beside(path)
    with part.open("w", encoding="utf-8") as file:
        file.writelines(pieces)
    publish(part, path)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of `folder` at the end of the block; an exception leaves `folder` as it was.

    Raises DataError when `folder` holds something that is not an earlier result (a result has a manifest.json).
    """
    if folder.exists() and not (
        folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))
    ):
        raise DataError(
            _("{folder} 里有别的东西，不覆盖").format(folder=folder),
            fix=_("换一个文件夹，或先清空它"),
        )
    with replaced_folder(folder) as beside:
        yield beside


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """As `whole_folder`, whatever `folder` holds."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside, old = _beside(folder), folder.with_name(f".{folder.name}.old")
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


def publish(part: Path, final: Path) -> None:
    """Put a folder or file in its place: all its bytes on disk first, then one rename, then the rename on disk."""
    files = [*part.rglob("*")] if part.is_dir() else []
    for path in (*files, part):
        _sync(path)
    part.replace(final)
    _sync(final.parent)


def file_digest(path: Path) -> str:
    """SHA-256 of what is in a file, as manifests have it."""
    with path.open("rb") as opened:
        return sha256_of(opened)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        # Windows opens no folder as a file; it writes renames by itself.
        return
    # Windows puts on disk only what is open for writing.
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = [
    "MARK",
    "file_digest",
    "publish",
    "replaced_folder",
    "whole_file",
    "whole_folder",
    "write_pieces",
    "write_whole",
]
