"""The user's cache folder: what was made once from rules, table descriptions and versions, kept under a hash of all of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from gouji.app.codec import FAULTS, text_of, value_of
from gouji.base.digest import running, sha256
from gouji.base.files import write_whole
from gouji.base.resources import CACHE as VARIABLE
from gouji.base.resources import cache_folder

KEPT_AT_MOST = 32
STATIONS = ("base", "expression", "rules", "plan")


def hashed(parts: Iterable[str]) -> str:
    """SHA-256 over texts, each ended by a zero, and over the text of the stations that make things of them."""
    made = running()
    for part in parts:
        made.update(part.encode() + b"\0")
    made.update(_stations())
    return made.hexdigest()


@cache
def _stations() -> bytes:
    made = running()
    here = Path(__file__).resolve().parent.parent
    for station in STATIONS:
        for source in sorted((here / station).rglob("*.py")):
            made.update(source.read_bytes())
    return made.digest()


def kept(file: Path) -> Any:
    """The value kept under that name; None where there is none that is whole, this user's alone and made for that name. A cache that cannot be read is as good as none."""
    with suppress(OSError):
        if _own(file):
            digest, _, body = file.read_bytes().partition(b"\n")
            if digest == _digest(file, body):
                # What has the right digest was written by `keep`, unless somebody took pains.
                with suppress(*FAULTS):
                    return value_of(body.decode())
    return None


def keep(file: Path, value: Any) -> None:
    """Write a value whole or not at all, and let the oldest of too many of its kind go. A cache that cannot be written is as good as none."""
    body = text_of(value).encode()
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(file, _digest(file, body) + b"\n" + body)
        same = sorted(file.parent.glob(f"*{file.suffix}"), key=_age, reverse=True)
        for old in same[KEPT_AT_MOST:]:
            old.unlink(missing_ok=True)


def _age(file: Path) -> float:
    return file.stat().st_mtime


def _digest(file: Path, body: bytes) -> bytes:
    return sha256(file.name.encode() + b"\n" + body).encode()


def _own(file: Path) -> bool:
    """Whether nobody but this user can have written the file: it and its folder are the user's, and no one else may write to them."""
    if sys.platform == "win32":
        # The folder lies in the user's profile; who may write there is not said in mode bits.
        return True
    return all(
        at.stat().st_uid == os.geteuid() and not at.stat().st_mode & 0o022
        for at in (file, file.parent)
    )


__all__ = ["KEPT_AT_MOST", "VARIABLE", "cache_folder", "hashed", "keep", "kept"]
