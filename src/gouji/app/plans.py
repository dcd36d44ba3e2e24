"""ResolvedBook -> StoredPlan, compiled at first use and kept in the user's cache folder under a hash of everything it follows from."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from gouji.app.manifests import book_digest, tables_digest
from gouji.compile import compile_book
from gouji.compile.stored import StoredPlan, from_text, stored, to_text
from gouji.validate import ResolvedBook

VARIABLE, OFF = "GOUJI_CACHE", "off"
KEPT_AT_MOST = 32
STATIONS = ("load", "measure", "validate", "compile")


def plan_for(book: ResolvedBook, halves: Iterable[str], absent: Iterable[tuple[str, bool]]) -> StoredPlan:
    """The plan of a book (as `compile_book`), from the cache where it is there and whole. Raises what `compile_book` raises."""
    halves, absent = sorted(halves), sorted(absent)
    folder = cache_folder()
    if folder is None:
        return stored(compile_book(book, halves, absent), book, absent)
    key = _key(book, halves, absent)
    file = folder / f"{key}.plan"
    # A cache that cannot be read or written, or holds something else, is as good as none.
    with suppress(OSError, UnicodeDecodeError):
        if (found := from_text(file.read_text("utf-8"), key, book)) is not None:
            return found
    made = stored(compile_book(book, halves, absent), book, absent)
    with suppress(OSError):
        _keep(file, to_text(made, key))
    return made


def cache_folder() -> Path | None:
    """Where plans are kept: $GOUJI_CACHE (`off`: nowhere), else the user's folder for such things."""
    given = os.environ.get(VARIABLE, "")
    if given == OFF:
        return None
    if given:
        return Path(given)
    if "XDG_CACHE_HOME" in os.environ:
        return Path(os.environ["XDG_CACHE_HOME"]) / "gouji"
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"]) / "gouji" / "cache" if "LOCALAPPDATA" in os.environ else None
    home = os.environ.get("HOME")
    return Path(home) / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "gouji" if home else None


def _key(book: ResolvedBook, halves: list[str], absent: list[tuple[str, bool]]) -> str:
    """The hash of all that the plan follows from: rules, table descriptions, tables that are there, versions, and the compiler's own text."""
    parts = [book_digest(book), tables_digest(book), repr(halves), repr(absent), *(version(name) for name in ("gouji", "duckdb", "sqlglot"))]
    made = hashlib.sha256("\0".join(parts).encode())
    here = Path(__file__).resolve().parent.parent
    for station in STATIONS:
        for source in sorted((here / station).glob("*.py")):
            made.update(source.read_bytes())
    return made.hexdigest()


def _keep(file: Path, text: str) -> None:
    """Write a file whole or not at all, and let the oldest of too many go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as part:
            part.write(text)
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)
    kept = sorted(file.parent.glob("*.plan"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in kept[KEPT_AT_MOST:]:
        old.unlink(missing_ok=True)
