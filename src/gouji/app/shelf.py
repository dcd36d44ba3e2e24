"""Texts of a rulebook -> ResolvedBook, checked at first use and kept in the user's cache folder under a hash of everything it follows from."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from gouji.app.cache import cache_folder, hashed, keep
from gouji.app.pickles import Late, packed, unpacked
from gouji.app.versions import version
from gouji.validate import ResolvedBook

Texts = Mapping[str, str]
PACKAGES = ("gouji", "pydantic", "sqlglot", "pyyaml")


def book_from(own: Texts, schemas: Texts, included: Callable[[str], Texts], names: Callable[[], tuple[str, ...]],
              check: Callable[[tuple[Texts, ...]], ResolvedBook]) -> ResolvedBook:  # fmt: skip
    """The book of these texts, from the cache where it is there and whole; else as `check` makes it of the included books and its own.

    `names` reads which books it includes, `included` the texts of one. Raises what these raise.
    """
    folder = cache_folder()
    if folder is None:
        return check((*map(included, names()), own))
    key = hashed([sys.version, *map(version, PACKAGES), *_flat(own), "", *_flat(schemas)])
    file = folder / f"{key}.book"
    # A cache that cannot be read or written, or holds something else, is as good as none.
    with suppress(OSError):
        match unpacked(file):
            case (dict() as others, ResolvedBook() as book) if all(_digest(included(name)) == then for name, then in others.items()):
                return book
    found = {name: included(name) for name in names()}
    made = check((*found.values(), own))
    with suppress(OSError):
        # Where each key of a rule stands is asked by those who explain it.
        documents = replace(made.source, documents=Late(made.source.documents))
        keep(file, packed(({name: _digest(texts) for name, texts in found.items()}, replace(made, source=documents))))
    return made


def _digest(texts: Texts) -> str:
    return hashlib.sha256("\0".join(_flat(texts)).encode()).hexdigest()


def _flat(texts: Texts) -> list[str]:
    return [part for item in sorted(texts.items()) for part in item]
