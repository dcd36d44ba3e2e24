"""What was asked for, what is to be judged and where -> the rulebook to judge by. No book is taken silently: where nothing names one, those that there are are listed."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gouji.base.address import is_url, postgres
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.resources import CONFIG, book_folder, book_names

DATASET, KEY, RUN = "dataset.yaml", "rules", "manifest.json"


@dataclass(frozen=True, slots=True)
class KnownBook:
    """A rulebook that comes with gouji: its name and title."""

    name: str
    title: str


class NoBook(DataError):
    """Nothing says which rulebook is meant. `books` are those that come with gouji."""

    def __init__(self, books: tuple[KnownBook, ...]) -> None:
        listed = "、".join(
            _("{name}（{title}）").format(name=book.name, title=book.title) for book in books
        )
        super().__init__(
            _("没有说用哪个规则库"),
            fix=_(
                "写 --rules 名称或文件夹；自带的有：{names}；也可以在工作区的 gouji.yaml 或数据文件夹的 dataset.yaml 里写 rules: 名称"
            ).format(names=listed),
        )
        self.books = books


def book_for(rules: str | Path | None, data: str | Path | None = None) -> str | Path:
    """The rulebook that was asked for; else the one that the workspace around `data` names, or `data` itself (dataset.yaml; the manifest of a run), or the workspace in the current folder.

    Raises NoBook where none of them does, DataError where there are no such data, or the book that they name lies in them.
    """
    if rules is not None:
        return rules
    home = _home(data) if data is not None else None
    for found in (_around(home), _said_by(home), _of_workspace(Path())):
        if found is not None:
            return found
    if data is not None and home is None and not (is_url(str(data)) or postgres(str(data))):
        raise DataError(_("没有文件夹或文件 {path}").format(path=data), fix=_("检查路径"))
    raise NoBook(known_books())


def known_books() -> tuple[KnownBook, ...]:
    """The rulebooks that come with gouji."""
    return tuple(KnownBook(name, _title(book_folder(name))) for name in book_names())


def _home(data: str | Path) -> Path | None:
    path = Path(data)
    # An address of a database, or a path that is not there, has no folder; who reads it will say so.
    return path if path.is_dir() else path.parent if path.is_file() else None


def _around(home: Path | None) -> str | Path | None:
    """What the workspace says in which the data lie: it goes before what came with the data."""
    if home is None:
        return None
    here = home.resolve()
    root = next((at for at in (here, *here.parents) if (at / CONFIG).is_file()), None)
    return _of_workspace(root) if root is not None else None


def _of_workspace(root: Path) -> str | Path | None:
    if not (root / CONFIG).is_file():
        return None
    # Loads what a start without a workspace does without.
    from gouji.runs import Workspace

    return Workspace.at(root).rules


def _said_by(home: Path | None) -> str | Path | None:
    """What the folder of the data says itself."""
    if home is None:
        return None
    said = _head(home / DATASET).get(KEY)
    if isinstance(said, str) and said:
        return _named_in(home, said)
    with suppress(OSError, ValueError):
        made = json.loads((home / RUN).read_text("utf-8"))
        if isinstance(made, dict) and made.get("book") in book_names():
            return str(made["book"])
    return None


def _named_in(home: Path, said: str) -> str | Path:
    """Data may name the book that they were made for, and must not bring it along: nobody is judged by their own rules."""
    if said in book_names():
        return said
    path = home / said
    if path.resolve().is_relative_to(home.resolve()):
        raise DataError(
            _("{file} 指的规则库“{name}”在报送数据里面").format(file=home / DATASET, name=said),
            fix=_("规则库放在别处，用 --rules 指明"),
        )
    return path


def _head(file: Path) -> dict[str, Any]:
    """The keys of a YAML file; none where it cannot be read: who reads the folder tells of it."""
    if not file.is_file():
        return {}
    from gouji.rules import read_document

    with suppress(OSError, UnicodeDecodeError, ExceptionGroup):
        data = read_document(str(file), file.read_text("utf-8-sig")).data
        return data if isinstance(data, dict) else {}
    return {}


def _title(folder: Path) -> str:
    return str(_head(folder / "book.yaml").get("title", ""))


__all__ = ["KnownBook", "NoBook", "book_for", "known_books"]
