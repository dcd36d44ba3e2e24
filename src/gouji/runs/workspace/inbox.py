"""The folder where submissions come in -> what lies there, by hash; private copies of what is to be read, kept by hash besides.

Every file is hashed every night: times of files are what clocks and copying tools make of them.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gouji.base.digest import running, sha256
from gouji.base.i18n import _
from gouji.intake import READ, Entry, Fate, is_hidden, named, walk

UNREAD, LISTED = "unread", "listed"
# More is not held in memory for one file.
AT_MOST = 2 << 30


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry: the submission it belongs to, its name inside it, SHA-256 (`unread`; `listed`: nothing that anybody sent), size, why it could not be read.

    `path` is where it lies now; its real name may be one that cannot be shown.
    """

    submission: str
    file: str
    sha256: str
    size: int
    fault: str = ""
    path: Path | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One submission as it lies there: its files and one hash over all of them. `aside`: what systems and office programs left behind, no submission."""

    name: str
    files: tuple[Seen, ...]
    aside: bool = False

    @property
    def digest(self) -> str:
        """One hash over names and contents."""
        made = running()
        for seen in self.files:
            made.update(f"{seen.file}\0{seen.sha256}\0".encode())
        return made.hexdigest()


def scan(folder: Path) -> list[Arrived]:
    """All that lies in the folder, by name: each folder below is a submission, and each single file. Raises OSError where the folder cannot be looked into."""
    if not folder.is_dir():
        return []
    return [_arrived(name, path) for name, path in named(folder)]


def _arrived(name: str, path: Path) -> Arrived:
    hidden = is_hidden(name)
    files = [_seen(name, path, entry) for entry in walk(path, hidden=hidden)]
    if path.is_dir() and not path.is_symlink() and Path(name).suffix.lower() in READ:
        files.insert(0, Seen(name, ".", UNREAD, 0, _("是文件夹，不是文件")))
    return Arrived(
        name,
        tuple(sorted(files, key=lambda seen: seen.file)),
        hidden and all(seen.sha256 == LISTED for seen in files),
    )


def _seen(submission: str, root: Path, entry: Entry) -> Seen:
    name = submission if entry.path == root and entry.name != "." else entry.name
    if not entry.open or entry.kind.fate is Fate.LISTED:
        return _only_listed(submission, name, entry)
    made, size = running(), 0
    try:
        with _opened(entry.path) as file:
            while part := file.read(1 << 20):
                made.update(part)
                size += len(part)
                if size > AT_MOST:
                    return Seen(submission, name, UNREAD, 0, _too_large())
    except OSError as fault:
        return Seen(submission, name, UNREAD, 0, _why(fault))
    return Seen(submission, name, made.hexdigest(), size, path=entry.path)


def _only_listed(submission: str, name: str, entry: Entry) -> Seen:
    """What is not read: listed, or left with what it is."""
    if entry.kind.fate is Fate.LISTED:
        return Seen(submission, name, LISTED, 0, "")
    return Seen(submission, name, UNREAD, 0, entry.kind.what)


def _why(fault: OSError) -> str:
    if fault.errno == errno.ELOOP:
        # A link, where none is followed.
        return _("不是普通文件")
    return _("文件读不了：{why}").format(why=fault.strerror or fault)


def _too_large() -> str:
    return _("文件超过 {n} MB").format(n=AT_MOST >> 20)


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    """A plain file, opened. Links, pipes and devices are not plain: a pipe would hold the night up. Raises OSError."""
    handle = os.open(
        path,
        os.O_RDONLY
        | getattr(os, "O_NONBLOCK", 0)
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_BINARY", 0),
    )
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(_("不是普通文件"))
        yield file


def read_plain(path: Path) -> bytes | str:
    """The bytes of a plain file, or why it cannot be read."""
    try:
        with _opened(path) as file:
            return file.read() if os.fstat(file.fileno()).st_size <= AT_MOST else _too_large()
    except OSError as fault:
        return _why(fault)


def stage(arrived: Arrived, source: Path, into: Path) -> tuple[Arrived, dict[str, bytes]]:
    """A private copy of a submission, so that it cannot change while it is read; returns what was really copied, and its contents by hash."""
    files, contents = [], {}
    for seen in arrived.files:
        if seen.sha256 in (UNREAD, LISTED):
            files.append(seen)
            continue
        content = read_plain(seen.path or source / arrived.name / seen.file)
        if isinstance(content, str):
            files.append(Seen(arrived.name, seen.file, UNREAD, 0, content))
            continue
        sha = sha256(content)
        files.append(Seen(arrived.name, seen.file, sha, len(content), path=seen.path))
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
    made = running()
    for name, text in texts:
        made.update(f"{name}\0".encode() + text.encode() + b"\0")
    return made.hexdigest()
