"""Entries at or below a path -> an account of them: which files are read, what is said of the others; and afterwards whether every one was accounted for."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji.base.faults import DataError
from gouji.base.i18n import _, clauses, labelled
from gouji.intake.files.dataset_head import HEAD
from gouji.intake.files.entries import Entry, shown, walk
from gouji.intake.ledger.submission import At, Lost, Problem
from gouji.intake.workbooks.file_kinds import Fate, FileKind
from gouji.intake.workbooks.sheet import SUFFIXES as BOOKS


@dataclass(frozen=True, slots=True)
class Account:
    """What lies at or below `root`, in the order of names. `room` holds links with other names, where files have names that cannot be said."""

    root: Path
    entries: tuple[Entry, ...]
    room: TemporaryDirectory[str] | None = field(default=None, compare=False)

    @classmethod
    def of(cls, path: Path) -> Account:
        """Look. Raises DataError when there is no such path."""
        if not os.path.lexists(path):
            raise DataError(
                _("没有这个文件夹：{name}").format(name=shown(str(path))), fix=_("检查路径")
            )
        entries = sorted(walk(path, follow=True), key=lambda e: e.name)
        if all(_sayable(e.path) for e in entries) and _sayable(path):
            return cls(path, tuple(map(_here, entries)))
        room = TemporaryDirectory(prefix="gouji-names-", ignore_cleanup_errors=True)
        root = Path(room.name, shown(path.resolve().name))
        return cls(
            root,
            tuple(_here(replace(e, path=_linked(e, root, path.is_dir()))) for e in entries),
            room,
        )

    def files(self, *suffixes: str) -> tuple[Path, ...]:
        """Files of some kinds that are to be read."""
        return tuple(e.path for e in self.read if e.path.suffix.lower() in suffixes)

    @property
    def read(self) -> tuple[Entry, ...]:
        """What is to be read."""
        return tuple(e for e in self.entries if e.kind.fate is Fate.READ)

    @property
    def tables(self) -> tuple[Entry, ...]:
        """What is to be read and may hold figures."""
        return tuple(e for e in self.read if e.name != HEAD)

    def setting(self, names: Iterable[str]) -> Account:
        """The same, where the dataset says of some of its own files and folders that they are not sent."""
        own = tuple(names)
        kind = FileKind(Fate.LISTED, _("dataset.yaml 说它不在报送之列，没有读"))

        def beside(name: str) -> bool:
            return name != HEAD and any(name == n or name.startswith(f"{n}/") for n in own)

        return (
            replace(
                self,
                entries=tuple(replace(e, kind=kind) if beside(e.name) else e for e in self.entries),
            )
            if own
            else self
        )

    def told(self, prefix: str = "") -> list[Problem]:
        """What is said of everything that is not read, under names with `prefix` before them. An attachment is a problem only where nothing else lies beside it."""
        lively = {_folder(e.name) for e in self.tables}
        return [
            _problem(
                e,
                prefix,
                note=e.kind.fate is Fate.LISTED
                or (e.kind.fate is Fate.ATTACHED and _folder(e.name) in lively),
            )
            for e in self.entries
            if e.kind.fate is not Fate.READ
        ]

    def nothing(self) -> DataError:
        """Why there is nothing to be read at all."""
        problems = [p for p in self.told() if not p.note]
        name = shown(self.root.name)
        if not problems:
            return DataError(
                _("{name} 里没有能读的文件").format(name=name),
                fix=_("放入 xlsx、xlsm、xls、parquet、duckdb，或 figures.csv、以数据表命名的 CSV"),
            )
        said = clauses(labelled(p.at.file, p.what) for p in problems[:5]) + (
            " …" if len(problems) > 5 else ""
        )
        return DataError(
            _("{name} 里没有能读的文件：{said}").format(name=name, said=said),
            fix=clauses(dict.fromkeys(p.fix for p in problems[:5] if p.fix)),
        )

    def unread(self, digests: Collection[str]) -> tuple[str, ...]:
        """Files that somebody meant to send and nobody read, attachments among them."""
        return tuple(
            e.name
            for e in self.entries
            if e.kind.fate is not Fate.LISTED and e.name not in digests and e.name != HEAD
        )

    def settle(
        self, digests: Collection[str], problems: Sequence[Problem], prefix: str = ""
    ) -> list[Problem]:
        """Once all is read: what was to be read and went by without a word. That is a fault of gouji's own, and a problem of the file."""
        said = {p.at.file for p in problems}
        lost = [e for e in self.tables if e.name not in digests and prefix + e.name not in said]
        return [
            Problem(
                "",
                At(prefix + e.name),
                _("gouji 没有交代这个文件的下落"),
                _("把这一行告诉 gouji 的维护者"),
                lost=Lost.SHEET,
            )
            for e in lost
        ]

    def fates(
        self, digests: Collection[str], problems: Sequence[Problem], prefix: str = ""
    ) -> dict[str, str]:
        """What became of each entry in the end, by name: `read`, `told` or `listed`."""
        said = {p.at.file for p in problems if not p.note}

        def fate(entry: Entry) -> Fate:
            if entry.kind.fate is Fate.READ and (
                entry.name in digests or (entry.name == HEAD and prefix + HEAD not in said)
            ):
                return Fate.READ
            return Fate.TOLD if prefix + entry.name in said else Fate.LISTED

        return {entry.name: fate(entry).value for entry in self.entries}


def _here(entry: Entry) -> Entry:
    """Tables are read where they lie beside each other; `dataset.yaml` only there."""
    below, suffix = "/" in entry.name, Path(entry.name).suffix.lower()
    if entry.name == HEAD and entry.open:
        return replace(entry, kind=FileKind(Fate.READ))
    if entry.open and entry.name.lower() in (HEAD, HEAD.replace("yaml", "yml")):
        what = _("要叫 {name} 才读得到").format(name=HEAD)
        return replace(entry, kind=FileKind(Fate.TOLD, what, _("改成这个名字，大小写也要一样")))
    if below and entry.kind.fate is Fate.READ and suffix not in BOOKS:
        what = _("子文件夹里的 {suffix} 没有读").format(suffix=suffix)
        return replace(entry, kind=FileKind(Fate.TOLD, what, _("移到报送文件夹的最上层再报")))
    return entry


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _problem(entry: Entry, prefix: str, note: bool) -> Problem:
    return Problem(
        "",
        At(prefix + entry.name),
        entry.kind.what,
        entry.kind.fix,
        note=note,
        lost=Lost.NOTHING if note else Lost.SHEET,
    )


def _sayable(path: Path) -> bool:
    return shown(str(path)) == str(path)


def _linked(entry: Entry, root: Path, below: bool) -> Path:
    """A link to a file, by the name that is shown."""
    link = root / entry.name if below else root.with_name(entry.name)
    if entry.open:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(entry.path.resolve())
    return link


__all__ = ["Account"]
