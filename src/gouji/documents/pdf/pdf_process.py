"""The bytes of a PDF -> Document, read by its own process with limits: pdfium ends the process on some crafted files.

What comes back is told by the process itself, or it ended: then the file is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from gouji.base.guard import Unforeseen, attempt
from gouji.base.i18n import _, language, use_language
from gouji.base.workers import Ended, Workers, answer, possible
from gouji.documents.document_model import Box, Document, DocumentFault

# Bytes of memory, seconds of processor time, seconds on the clock.
MEMORY, PROCESSOR, PATIENCE = 1 << 30, 60, 120.0
T = TypeVar("T")
P = ParamSpec("P")


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
    return _apart(_read, raw, digest)


def noted(raw: bytes, notes: Sequence[Note], listed: Sequence[str]) -> bytes:
    """A PDF with boxes and notes, and pages that list lines, behind what it was, which stays byte for byte. Raises DocumentFault."""
    return _apart(_note, raw, tuple(notes), tuple(listed))


def _apart(do: Callable[P, T | Unforeseen], *given: P.args, **named: P.kwargs) -> T:
    """What a function gives that its own process carries out. Raises DocumentFault, whatever becomes of the process."""
    again = _("用生成它的软件重新导出 PDF，或改报 xlsx")
    if not possible():
        raise DocumentFault(_("这台机器上不能另开一个进程来读 PDF"), again)
    process = Workers(1, _begin, language())
    try:
        made = answer(process.submit(do, *given, **named), PATIENCE)
    except TimeoutError as fault:
        raise DocumentFault(_("读了 {n} 秒还没有读完").format(n=int(PATIENCE)), again) from fault
    except Ended as fault:
        raise DocumentFault(_("读它的进程意外结束"), again) from fault
    finally:
        process.end()
    if isinstance(made, Unforeseen):
        raise DocumentFault(_("读它的进程意外结束"), again)
    return made


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


def _begin(chosen: str) -> None:
    if chosen:
        use_language(chosen)
    _limit()


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


__all__ = ["MEMORY", "Note", "document", "noted"]
