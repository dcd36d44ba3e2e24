"""The folder where submissions come in -> what lies there, by hash; private copies of what is to be read, kept by hash besides.

Every file is hashed every night: times of files are what clocks and copying tools make of them.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gouji.i18n import _

UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Seen:
    """One input file: the submission it belongs to, its name inside it, SHA-256 (or `unread`), size, and why it could not be read."""

    submission: str
    file: str
    sha256: str
    size: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One submission as it lies there: its files and one hash over all of them."""

    name: str
    files: tuple[Seen, ...]

    @property
    def digest(self) -> str:
        """One hash over names and contents."""
        made = hashlib.sha256()
        for seen in self.files:
            made.update(f"{seen.file}\0{seen.sha256}\0".encode())
        return made.hexdigest()


def scan(folder: Path) -> list[Arrived]:
    """All submissions, by name: each folder below is one, and each single file. Hidden ones are not looked at."""
    if not folder.is_dir():
        return []
    entries = sorted((e for e in os.scandir(folder) if not e.name.startswith(".")), key=lambda e: e.name)
    return [Arrived(e.name, tuple(_seen(e.name, name, path) for name, path in _files(Path(e.path)))) for e in entries]


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """Files below a folder in the order of their names; links are listed, never followed."""
    if path.is_symlink() or not path.is_dir():
        yield path.name, path
        return
    for above, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        links = [f for f in folders if (Path(above) / f).is_symlink()]
        for name in sorted((*names, *links)):
            if not name.startswith("."):
                yield str((Path(above) / name).relative_to(path)), Path(above) / name


def _seen(submission: str, name: str, path: Path) -> Seen:
    content = read_plain(path)
    if isinstance(content, str):
        return Seen(submission, name, UNREAD, 0, content)
    return Seen(submission, name, hashlib.sha256(content).hexdigest(), len(content))


def read_plain(path: Path) -> bytes | str:
    """The bytes of a plain file, or why it cannot be read. Links, pipes and devices are not plain: a pipe would hold the night up."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return _("不是普通文件")
        return path.read_bytes()
    except OSError as fault:
        return fault.strerror or str(fault)


def stage(arrived: Arrived, source: Path, into: Path) -> tuple[Arrived, dict[str, bytes]]:
    """A private copy of a submission, so that it cannot change while it is read; returns what was really copied, and its contents by hash."""
    files, contents = [], {}
    for seen in arrived.files:
        path = source / arrived.name
        content = read_plain(path if path.is_file() and not path.is_symlink() else path / seen.file)
        if isinstance(content, str):
            files.append(seen if seen.sha256 == UNREAD else Seen(arrived.name, seen.file, UNREAD, 0, content))
            continue
        sha = hashlib.sha256(content).hexdigest()
        files.append(Seen(arrived.name, seen.file, sha, len(content)))
        contents[sha] = content
        write_below(into, seen.file, content)
    return Arrived(arrived.name, tuple(files)), contents


def write_below(folder: Path, name: str, content: bytes) -> None:
    """Write one file of a private copy."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def digest_of(texts: Iterable[tuple[str, str]]) -> str:
    """One hash over named texts."""
    made = hashlib.sha256()
    for name, text in texts:
        made.update(f"{name}\0".encode() + text.encode() + b"\0")
    return made.hexdigest()
