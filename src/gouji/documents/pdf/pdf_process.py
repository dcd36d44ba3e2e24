"""The bytes of a PDF -> Document, read by its own process with limits: pdfium ends the process on some crafted files.

What comes back is told by the process itself, or it ended: then the file is refused.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import RLock
from typing import TypeVar, cast

from gouji.base.guard import Unforeseen, attempt
from gouji.base.i18n import _, language, use_language
from gouji.base.workers import Ended, Workers, answer, can_copy, copied, possible
from gouji.documents.document_model import Box, Document, DocumentFault

# Bytes of memory, seconds of processor time, seconds on the clock.
MEMORY, PROCESSOR, PATIENCE = 1 << 30, 60, 120.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be said of a place: page from 1, box on the page as shown, a short label in ASCII, words, colour (red, green, blue from 0 to 1)."""

    page: int
    box: Box
    label: str
    words: str
    color: tuple[float, float, float]


def document(raw: bytes, digest: str) -> Document:
    """Read a PDF. Raises DocumentFault."""
    return _apart(partial(_read, raw, digest))


def noted(raw: bytes, notes: Sequence[Note], listed: Sequence[str]) -> bytes:
    """A PDF with boxes and notes, and pages that list lines, behind what it was, which stays byte for byte. Raises DocumentFault."""
    return _apart(partial(_note, raw, tuple(notes), tuple(listed)))


def _apart(do: Callable[[], T | Unforeseen]) -> T:
    """What a function gives that a separate process carries out. Raises DocumentFault, whatever becomes of the process."""
    again = _("用生成它的软件重新导出 PDF，或改报 xlsx")
    if not possible():
        raise DocumentFault(_("这台机器上不能另开一个进程来读 PDF"), again)
    with _ONE_AT_A_TIME:
        try:
            made = answer(_helper().submit(_limited, language(), do), PATIENCE)
        except TimeoutError as fault:
            end_helper()
            raise DocumentFault(
                _("读了 {n} 秒还没有读完").format(n=int(PATIENCE)), again
            ) from fault
        except Ended as fault:
            end_helper()
            raise DocumentFault(_("读它的进程意外结束"), again) from fault
        finally:
            if not can_copy():
                end_helper()
    if isinstance(made, Unforeseen):
        raise DocumentFault(_("读它的进程意外结束"), again)
    return cast(T, made)


# The process that makes a copy of itself for each document, by the process that it works for. It never opens a document itself: what it has loaded is all
# that documents have in common. Where processes cannot be copied it reads one document and ends.
_helpers: dict[int, Workers] = {}
_ONE_AT_A_TIME = RLock()


def _helper() -> Workers:
    if os.getpid() not in _helpers:
        _helpers[os.getpid()] = Workers(1, _load)
    return _helpers[os.getpid()]


def end_helper() -> None:
    """End the process that reads PDFs for this one, if there is one; the next PDF starts another."""
    with _ONE_AT_A_TIME:
        helper = _helpers.pop(os.getpid(), None)
        if helper is not None:
            helper.end()


def _load() -> None:
    if can_copy():
        import gouji.documents.pdf.reader  # noqa: F401


def _limited(chosen: str, do: Callable[[], object]) -> object:
    """What a function gives, in a process of its own with limits. A copy that came to its end is nothing to this process."""
    if not can_copy():
        return _begun(chosen, do)
    try:
        return copied(_begun, chosen, do)
    except Ended as fault:
        return Unforeseen(type(fault).__name__, None)


def _begun(chosen: str, do: Callable[[], object]) -> object:
    if chosen:
        use_language(chosen)
    _limit()
    return do()


# What these need is loaded in the separate process alone.


def _read(raw: bytes, digest: str) -> Document | Unforeseen:
    from gouji.documents.pdf.reader import read

    def made() -> Document | Unforeseen:
        return read(raw, digest)

    return attempt(made, lambda fault: fault, (DocumentFault,))


def _note(raw: bytes, notes: Sequence[Note], listed: Sequence[str]) -> bytes | Unforeseen:
    from gouji.documents.pdf.notes import note

    def made() -> bytes | Unforeseen:
        return note(raw, notes, listed)

    return attempt(made, lambda fault: fault, (DocumentFault,))


def _limit() -> None:
    with suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, PROCESSOR),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


__all__ = ["MEMORY", "Note", "document", "end_helper", "noted"]
