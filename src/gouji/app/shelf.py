"""Texts of a rulebook -> ResolvedBook, checked at first use and kept in the user's cache folder under a hash of everything it follows from.

Kept as a pickle, of which two things are asked: that only this user can have written the file, and that it names nothing but the values rules are
made of (classes of the stations that read and check rules, exact numbers, dates). So it can make a wrong book at worst, and never run anything.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from gouji.app.cache import cache_folder, hashed, keep, own
from gouji.app.versions import version
from gouji.validate import ResolvedBook

Texts = Mapping[str, str]
PACKAGES = ("gouji", "pydantic", "sqlglot", "pyyaml")
VALUES = ("gouji.load.", "gouji.measure.nodes", "gouji.validate.resolved", "gouji.verdict")
NUMBERS: dict[tuple[str, str], type] = {("decimal", "Decimal"): Decimal, ("fractions", "Fraction"): Fraction}


class NotAValue(pickle.UnpicklingError):
    """The pickle names something that no book is made of."""


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """A class of the values that books are made of."""
        if (number := NUMBERS.get((module, name))) is not None:
            return number
        if not module.startswith(VALUES) or "." in name:
            raise NotAValue(f"{module}.{name}")
        found = super().find_class(module, name)
        if not isinstance(found, type) or found.__module__ != module:
            raise NotAValue(f"{module}.{name}")
        return found


def book_from(own_texts: Texts, schemas: Texts, included: Callable[[str], Texts], names: Callable[[], tuple[str, ...]],
              check: Callable[[tuple[Texts, ...]], ResolvedBook]) -> ResolvedBook:  # fmt: skip
    """The book of these texts, from the cache where it is there and whole; else as `check` makes it of the included books and its own.

    `names` reads which books it includes, `included` the texts of one. Raises what these raise.
    """
    folder = cache_folder()
    if folder is None:
        return check((*map(included, names()), own_texts))
    key = hashed([sys.version, *map(version, PACKAGES), *_flat(own_texts), "", *_flat(schemas)])
    file = folder / f"{key}.book"
    with suppress(OSError):
        if (found := _kept(file, included)) is not None:
            return found
    others = {name: included(name) for name in names()}
    made = check((*others.values(), own_texts))
    with suppress(OSError):
        keep(file, _packed(made, {name: _digest(texts) for name, texts in others.items()}))
    return made


def _packed(book: ResolvedBook, others: Mapping[str, str]) -> bytes:
    """A digest on the first line, the included books and the digests of their texts on the second, then the book."""
    body = json.dumps(others).encode() + b"\n" + pickle.dumps(book, protocol=5)
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _kept(file: Path, included: Callable[[str], Texts]) -> ResolvedBook | None:
    """The book in a file; None when the file is not whole or not the user's alone, or an included book is another by now."""
    if not own(file):
        return None
    digest, _, body = file.read_bytes().partition(b"\n")
    if digest != hashlib.sha256(body).hexdigest().encode():
        return None
    # What has the right digest was written by `_packed`, unless somebody took pains.
    others, _, packed = body.partition(b"\n")
    if any(_digest(included(name)) != digest_then for name, digest_then in json.loads(others).items()):
        return None
    try:
        made = _Reader(io.BytesIO(packed)).load()
    except pickle.UnpicklingError:
        return None
    return made if isinstance(made, ResolvedBook) else None


def _digest(texts: Texts) -> str:
    return hashlib.sha256("\0".join(_flat(texts)).encode()).hexdigest()


def _flat(texts: Texts) -> list[str]:
    return [part for item in sorted(texts.items()) for part in item]
