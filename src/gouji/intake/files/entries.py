"""A path -> every entry at or below it, each with what becomes of it. Nothing is left out without a word: not what cannot be read, nor what is hidden."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gouji.base.i18n import _
from gouji.intake.workbooks.file_kinds import (
    HEAD,
    READ,
    Fate,
    FileKind,
    hides_data,
    is_junk,
    kind_of,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its name below the root as it is shown, where it lies, what becomes of it. `open`: a plain file that can be read."""

    name: str
    path: Path
    kind: FileKind
    open: bool = False


def shown(name: str) -> str:
    """A name as people can read it and files can hold it. One that is no UTF-8 was mostly packed on a Chinese Windows."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
    else:
        return name
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace")


def walk(root: Path, follow: bool = False, hidden: bool = False) -> Iterator[Entry]:
    """Every file below a folder in the order of names (or the file itself), and of folders those about which there is something to say.

    `follow`: links to files are read as what they lead to; links to folders below the root never are. `hidden`: nobody who looks at the root sees it.
    """
    if root.is_dir() and (follow or not root.is_symlink()):
        yield from _below(root, follow, hidden)
    else:
        yield _file(shown(root.name), root, follow, hidden)


def named(folder: Path) -> list[tuple[str, Path]]:
    """What lies in a folder, by shown names, each name once. Raises OSError where it cannot be looked into."""
    with os.scandir(folder) as listed:
        return [(name, Path(entry.path)) for name, entry in _named(list(listed))]


def is_hidden(name: str) -> bool:
    """Whether nobody sees an entry of that name, or nobody put it there."""
    return name.startswith(".") or is_junk(name)


def _below(root: Path, follow: bool, secret: bool) -> Iterator[Entry]:
    # Folders still to be looked into, the next one last: name with its slash, where it lies, whether it is hidden.
    waiting = [("", root, secret)]
    while waiting:
        above, folder, hidden = waiting.pop()
        try:
            with os.scandir(folder) as listed:
                found = _named(list(listed))
        except OSError as fault:
            what = _("文件夹打不开：{why}").format(why=fault.strerror or fault)
            yield _told(above.rstrip("/") or ".", folder, what, _("检查权限，重新报送"))
            continue
        if not found and above:
            yield Entry(above.rstrip("/"), folder, FileKind(Fate.LISTED, _("空文件夹")))
        below = []
        for name, entry in found:
            secret = hidden or is_hidden(name)
            if not entry.is_dir(follow_symlinks=False):
                yield _no_folder(above + name, entry, follow, secret)
                continue
            if Path(name).suffix.lower() in READ:
                fix = _("放入文件本身，或去掉文件夹名里的后缀")
                yield _told(above + name, Path(entry.path), _("是文件夹，不是文件"), fix)
            below.append((f"{above}{name}/", Path(entry.path), secret))
        waiting += reversed(below)


def _no_folder(name: str, entry: os.DirEntry[str], follow: bool, secret: bool) -> Entry:
    """An entry that is no folder; whoever reads a file of a kind that is read will see whether it can be."""
    path = Path(entry.path)
    if not secret and entry.is_file(follow_symlinks=False) and Path(name).suffix.lower() in READ:
        return Entry(name, path, FileKind(Fate.READ), True)
    return _file(name, path, follow, secret)


def _named(listed: list[os.DirEntry[str]]) -> list[tuple[str, os.DirEntry[str]]]:
    """Entries of one folder by their shown names, each name once."""
    taken: set[str] = {e.name for e in listed if shown(e.name) == e.name}
    named = []
    for entry in sorted(listed, key=lambda e: os.fsencode(e.name)):
        name = shown(entry.name)
        if name != entry.name:
            while name in taken:
                name = f"_{name}"
            taken.add(name)
        named.append((name, entry))
    return sorted(named, key=lambda n: n[0])


def _told(name: str, path: Path, what: str, fix: str) -> Entry:
    return Entry(name, path, FileKind(Fate.TOLD, what, fix))


def _file(name: str, path: Path, follow: bool, hidden: bool) -> Entry:
    """What becomes of anything but a folder. Pipes and devices are not opened: they would hold the reader up."""
    last = name.rsplit("/", 1)[-1]
    try:
        if what := _no_file(path, follow):
            return _told(name, path, what, _("放入文件本身"))
        with path.open("rb") as opened:
            size, head = os.fstat(opened.fileno()).st_size, opened.read(HEAD)
    except OSError as fault:
        what = _("文件读不了：{why}").format(why=fault.strerror or fault)
        return _told(name, path, what, _("检查权限和磁盘，重新报送"))
    if not hidden:
        return Entry(name, path, kind_of(path, last, head), True)
    if hides_data(last, head, size):
        fix = _("要报就去掉文件名开头的点或 ~$ 再报；不是报表就删去")
        kind = FileKind(Fate.TOLD, _("隐藏的文件，没有读"), fix)
    else:
        kind = FileKind(Fate.LISTED, _("系统或办公软件留下的文件，没有读"))
    return Entry(name, path, kind, True)


def _no_file(path: Path, follow: bool) -> str:
    """What an entry is that is no file, if it is none. Raises OSError."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        if not follow:
            return _("是链接，不跟随")
        mode = path.stat().st_mode
    return "" if stat.S_ISREG(mode) else _("不是普通文件")


__all__ = ["Entry", "is_hidden", "named", "shown", "walk"]
