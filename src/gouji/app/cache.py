"""The user's cache folder: what was made once from rules, table descriptions and versions, kept under a hash of all of them."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from gouji.base.resources import CACHE as VARIABLE
from gouji.base.resources import cache_folder

KEPT_AT_MOST = 32
STATIONS = ("base", "expression", "rules", "plan")


def hashed(parts: Iterable[str]) -> str:
    """SHA-256 over texts, each ended by a zero, and over the text of the stations that make things of them."""
    made = hashlib.sha256()
    for part in parts:
        made.update(part.encode() + b"\0")
    made.update(_stations())
    return made.hexdigest()


@cache
def _stations() -> bytes:
    made = hashlib.sha256()
    here = Path(__file__).resolve().parent.parent
    for station in STATIONS:
        for source in sorted((here / station).rglob("*.py")):
            made.update(source.read_bytes())
    return made.digest()


def own(file: Path) -> bool:
    """Whether nobody but this user can have written the file: it and its folder are the user's, and no one else may write to them."""
    if sys.platform == "win32":
        # The folder lies in the user's profile; who may write there is not said in mode bits.
        return True
    return all(
        at.stat().st_uid == os.geteuid() and not at.stat().st_mode & 0o022
        for at in (file, file.parent)
    )


def keep(file: Path, content: bytes) -> None:
    """Write a file whole or not at all, and let the oldest of too many of its kind go."""
    import tempfile

    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)
    kept = sorted(
        file.parent.glob(f"*{file.suffix}"), key=lambda p: p.stat().st_mtime, reverse=True
    )
    for old in kept[KEPT_AT_MOST:]:
        old.unlink(missing_ok=True)


__all__ = ["KEPT_AT_MOST", "VARIABLE", "cache_folder", "hashed", "keep", "own"]
