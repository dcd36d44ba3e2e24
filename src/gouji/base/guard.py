"""An error that nobody foresaw -> a line for people and a file to send, so that it ends what met it and nothing else.

Two places of gouji hold whatever rises: `attempt` here, around each thing that came from outside (a file, a submission, a run of old), and `main` of `cli`,
around the program.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gouji.base.address import redacted
from gouji.base.digest import sha256
from gouji.base.faults import GoujiError
from gouji.base.i18n import _
from gouji.base.resources import cache_folder

T = TypeVar("T")
FOLDER = "faults"
KEPT_AT_MOST = 100
# What is no error of the thing at hand: somebody wants the program to end, a generator is closed, or gouji has said what is wrong already.
_RISES = (KeyboardInterrupt, SystemExit, GeneratorExit, GoujiError, ExceptionGroup)


@dataclass(frozen=True, slots=True)
class Unforeseen:
    """An error nobody foresaw: its kind with the place in gouji's source, and the file that keeps it whole (None where it could not be kept)."""

    kind: str
    file: Path | None

    @property
    def what(self) -> str:
        """What is wrong, the same on every machine."""
        return _("gouji 遇到没有料到的错（{kind}）").format(kind=self.kind)

    @property
    def fix(self) -> str:
        """What to do about the file that led to it."""
        if self.file is None:
            return _("重新另存为 xlsx 再报；并把这一行告诉 gouji 的维护者")
        return _(
            "重新另存为 xlsx 再报；并把 gouji 缓存文件夹里的 {file} 发给 gouji 的维护者"
        ).format(file=f"{FOLDER}/{self.file.name}")


def attempt(
    do: Callable[[], T],
    otherwise: Callable[[Unforeseen], T],
    rises: tuple[type[BaseException], ...] = (),
    held: tuple[type[BaseException], ...] = (),
) -> T:
    """What `do` gives; where an error rises that nobody foresaw, what `otherwise` makes of it.

    A panic of a library written in Rust counts, though it is no Exception. What gouji says itself rises (but for what is named in `held`), and what is named
    in `rises`.
    """
    try:
        return do()
    except BaseException as fault:
        if isinstance(fault, rises) or (isinstance(fault, _RISES) and not isinstance(fault, held)):
            raise
        made = keep(fault)
    return otherwise(made)


def keep(fault: BaseException) -> Unforeseen:
    """Keep an error whole, in a file that people may send. The same error of many files is kept once."""
    import traceback

    steps = traceback.extract_tb(fault.__traceback__)
    own = [s for s in steps if f"{os.sep}gouji{os.sep}" in s.filename]
    last = (own or steps)[-1:]
    at = "".join(f" {Path(s.filename).name}:{s.lineno}" for s in last)
    return Unforeseen(
        f"{type(fault).__name__}{at}",
        _written(fault, [(Path(s.filename).name, s.lineno or 0, s.name) for s in steps]),
    )


def _written(fault: BaseException, steps: list[tuple[str, int, str]]) -> Path | None:
    """The file's name follows from where the error rose, not from what was being read."""
    import traceback

    name = sha256(repr((type(fault).__name__, steps)).encode())[:12]
    text = redacted("".join(traceback.format_exception(fault)))
    try:
        file = _folder() / f"fault-{name}.txt"
        with (
            suppress(FileExistsError),
            os.fdopen(
                os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600),
                "w",
                encoding="utf-8",
                errors="backslashreplace",
            ) as opened,
        ):
            opened.write(text)
        _few(file)
    except OSError:
        return None
    return file


def _folder() -> Path:
    """In the user's cache folder; where there is none, in a folder of the user's own among the temporary files."""
    import tempfile

    kept = cache_folder()
    own = (
        kept / FOLDER
        if kept is not None
        else Path(
            tempfile.gettempdir(), f"gouji-{os.getuid() if hasattr(os, 'getuid') else 'faults'}"
        )
    )
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and own.lstat().st_uid != os.getuid():
        raise PermissionError(str(own))
    return own


def _few(newest: Path) -> None:
    """Let the oldest of too many go."""
    every = sorted(newest.parent.glob("fault-*.txt"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in every[KEPT_AT_MOST:]:
        if old != newest:
            old.unlink(missing_ok=True)


__all__ = ["Unforeseen", "attempt", "keep"]
