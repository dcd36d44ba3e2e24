"""The bytes of an `.xls` (BIFF in a compound file) -> which cells of each sheet hold an error, or a formula without a result.

python-calamine hands both out as empty. Nothing but the records of such cells is looked at; what is not whole raises Unclear.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from gouji.intake.sheet import Marks

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDS = 0xFFFFFFFA
_BEGIN, _END, _SHEET, _FORMULA, _ERROR = 0x0809, 0x000A, 0x0085, 0x0006, 0x0205
_CELL, _RECORD = struct.Struct("<HHH"), struct.Struct("<HH")


class Unclear(Exception):
    """A file that is not put together as it should be."""


def marks_of(raw: bytes) -> list[Marks]:
    """The marks of every sheet, in their order. Raises Unclear."""
    try:
        stream = _stream(raw)
        return [_marks(stream, *struct.unpack_from("<I", body)) for kind, body in _records(stream, 0) if kind == _SHEET]
    except (struct.error, IndexError, ValueError) as fault:
        raise Unclear from fault


def _stream(raw: bytes) -> bytes:
    """The stream of the workbook."""
    shift, = struct.unpack_from("<H", raw, 30)
    if raw[:8] != MAGIC or shift not in (9, 12):
        raise Unclear
    size = 1 << shift
    tables, directory, cutoff, more = *struct.unpack_from("<II", raw, 44), *struct.unpack_from("<I", raw, 56), *struct.unpack_from("<I", raw, 68)
    listed = list(struct.unpack_from("<109I", raw, 76))
    while more < _ENDS and len(listed) < tables:
        sector = struct.unpack_from(f"<{size // 4}I", raw, (more + 1) * size)
        listed += sector[:-1]
        more = sector[-1]
    places = [place for at in listed[:tables] for place in struct.unpack_from(f"<{size // 4}I", raw, (at + 1) * size)]
    entries = _chain(raw, places, directory, size)
    for at in range(0, len(entries), 128):
        length, = struct.unpack_from("<H", entries, at + 64)
        if entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") in ("Workbook", "Book"):
            start, held = struct.unpack_from("<II", entries, at + 116)
            if held >= cutoff:
                return _chain(raw, places, start, size)[:held]
    raise Unclear


def _chain(raw: bytes, places: list[int], at: int, size: int) -> bytes:
    parts = list[bytes]()
    while at < _ENDS:
        if len(parts) > len(places):
            raise Unclear
        parts.append(raw[(at + 1) * size : (at + 2) * size])
        at = places[at]
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, without those of charts inside it."""
    depth = 0
    while at < len(stream):
        kind, length = _RECORD.unpack_from(stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
    raise Unclear


def _marks(stream: bytes, start: int) -> Marks:
    unsolved, errors = set[tuple[int, int]](), set[tuple[int, int]]()
    for kind, body in _records(stream, start):
        if kind == _ERROR and body[7]:
            errors.add(_CELL.unpack_from(body)[:2])
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] in (2, 3):
            (errors if body[6] == 2 else unsolved).add(_CELL.unpack_from(body)[:2])
    return Marks(frozenset(unsolved), frozenset(errors))


__all__ = ["MAGIC", "Unclear", "marks_of"]
