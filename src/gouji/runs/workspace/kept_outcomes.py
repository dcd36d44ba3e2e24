"""Folders of runs -> whether each is whole and in a form that this gouji knows; the newest that a night may build on; what is damaged, with what to move."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gouji.base.files import file_digest
from gouji.base.guard import attempt
from gouji.base.i18n import _
from gouji.runs.workspace.folder import MANIFEST, Workspace

# What a run's manifest says of the form of all its files. A gouji that writes another one says here what it can still read.
FORMAT = 1
KNOWN = range(1, FORMAT + 1)


@dataclass(frozen=True, slots=True)
class Damaged:
    """Something in the workspace that is not as gouji left it: where it lies below the workspace, and why it cannot be used."""

    place: str
    why: str

    def __str__(self) -> str:
        return _("{place} 坏了：{why}；把它移到工作区外面（有备份就换上备份），就不再提示").format(
            place=self.place, why=self.why
        )


@dataclass(frozen=True, slots=True)
class History:
    """The newest run that is sound, with its manifest (None: there is none), and what is damaged among those after it."""

    last: Path | None
    manifest: Mapping[str, Any] | None
    damaged: tuple[Damaged, ...]


def history(workspace: Workspace) -> History:
    """Look back from the newest run until one is sound, every byte of it."""
    damaged = list[Damaged]()
    for number in reversed(workspace.numbers()):
        folder = workspace.run_folder(number)
        why = fault_of(folder, every_byte=True)
        if not why:
            return History(folder, manifest_of(folder), tuple(damaged))
        damaged.append(Damaged(f"{folder.parent.name}/{folder.name}", why))
    return History(None, None, tuple(damaged))


def fault_of(folder: Path, every_byte: bool = False) -> str:
    """Why a run cannot be used; empty where it can. `every_byte`: what is in its files is what was written."""
    return attempt(lambda: _fault(folder, every_byte), lambda fault: fault.what)


def _fault(folder: Path, every_byte: bool) -> str:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return _("没有 {file}").format(file=MANIFEST)
    except OSError as fault:
        return _("{file} 读不了：{why}").format(file=MANIFEST, why=fault.strerror or fault)
    except ValueError:
        return _("{file} 读不了：{why}").format(file=MANIFEST, why="JSON")
    return _lacking(manifest) or _changed(folder, manifest["results"], every_byte)


def _lacking(manifest: Any) -> str:
    """Why a manifest is none that this version can read."""
    nothing = _("{file} 里没有该有的内容").format(file=MANIFEST)
    if not isinstance(manifest, dict):
        return nothing
    if not all(isinstance(manifest.get(k), dict) for k in ("inputs", "counts", "results")):
        return nothing
    if manifest.get("version") not in KNOWN:
        return _("是另一版 gouji 写的（格式 {version}）").format(version=manifest.get("version"))
    whole = isinstance(manifest.get("gate"), str) and isinstance(
        manifest["inputs"].get("as_of"), str
    )
    return "" if whole else nothing


def _changed(folder: Path, results: Mapping[str, str], every_byte: bool) -> str:
    """The first file of results that is gone, or is not what was written."""
    for name, sha in results.items():
        if Path(name).name != name or not (folder / name).is_file():
            return _("没有 {file}").format(file=name)
        if every_byte and (made := _digest(folder / name)) != sha:
            return made if made.startswith(name) else _("{file} 与写下时不同").format(file=name)
    return ""


def _digest(file: Path) -> str:
    try:
        return file_digest(file)
    except OSError as fault:
        return f"{file.name}: {fault.strerror or fault}"


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a run that is sound."""
    made: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return made


__all__ = ["FORMAT", "Damaged", "History", "fault_of", "history", "manifest_of"]
