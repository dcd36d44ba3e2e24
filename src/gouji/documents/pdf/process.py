"""The bytes of a PDF -> Document, read by its own process with limits: pdfium ends the process on some crafted files.

What comes back is told by the process itself, or it ended: then the file is refused.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from gouji.base.i18n import _, language, use_language
from gouji.documents.model import Box, Document, DocumentFault

# Bytes of memory, seconds of processor time, seconds on the clock.
MEMORY, PROCESSOR, PATIENCE = 1 << 30, 60, 120.0
_BOOT = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from gouji.documents.pdf.process import serve; serve()"


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
    made = _apart("read", raw, digest)
    assert isinstance(made, Document)
    return made


def noted(raw: bytes, notes: Sequence[Note], listed: Sequence[str]) -> bytes:
    """A PDF with boxes and notes, and pages that list lines, behind what it was, which stays byte for byte. Raises DocumentFault."""
    made = _apart("note", raw, tuple(notes), tuple(listed))
    assert isinstance(made, bytes)
    return made


def _apart(task: str, *given: object) -> object:
    """What a task gives that its own process carries out. Raises DocumentFault, whatever becomes of the process."""
    asked = pickle.dumps(sys.path) + pickle.dumps((language(), task, given))
    again = _("用生成它的软件重新导出 PDF，或改报 xlsx")
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _BOOT],
            input=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise DocumentFault(_("读了 {n} 秒还没有读完").format(n=int(PATIENCE)), again) from fault
    except (OSError, ValueError) as fault:
        raise DocumentFault(_("这台机器上不能另开一个进程来读 PDF"), again) from fault
    try:
        made: object = pickle.loads(done.stdout)
    except (EOFError, pickle.UnpicklingError, ValueError, IndexError, AttributeError) as fault:
        raise DocumentFault(_("读它的进程意外结束"), again) from fault
    if isinstance(made, DocumentFault):
        raise made
    return made


def serve() -> None:
    """Carry out what comes in; hand over what it gave, or the fault that rose."""
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    chosen, task, values = pickle.load(given)
    if chosen:
        use_language(chosen)
    answer: object
    try:
        if task == "read":
            from gouji.documents.pdf.reader import read

            _limit()
            answer = read(*values)
        else:
            from gouji.documents.pdf.notes import note

            _limit()
            answer = note(*values)
    except DocumentFault as fault:
        answer = fault
    pickle.dump(answer, taken, protocol=5)
    taken.flush()
    # pdfium has nothing to keep: it need not tidy up.
    os._exit(0)


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


__all__ = ["MEMORY", "Note", "document", "noted", "serve"]
