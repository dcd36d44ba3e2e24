"""The bytes of a PDF -> pages that are damaged: content that does not unpack to what its checksum says, fonts that are not there. What a reader makes of the rest may be anything."""

from __future__ import annotations

import base64
import io
import logging
import zlib
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, StreamObject

_FLATE = frozenset(["/FlateDecode", "/Fl"])
_TEXT = frozenset(["/ASCII85Decode", "/A85"])
# A content past this many bytes unpacked is refused elsewhere.
MOST = 1 << 26
_FAULTS = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
# What it says of odd files goes nowhere: they are told in our words.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def damaged_pages(raw: bytes, count: int) -> frozenset[int]:
    """Their numbers, from 1, of so many pages; all of them where the list of pages is none. Of a locked file nothing is known."""
    try:
        reader = PdfReader(io.BytesIO(raw), strict=False)
        if reader.is_encrypted:
            return frozenset()
        pages = list(reader.pages)
    except _FAULTS:
        return frozenset(range(1, count + 1))
    if len(pages) != count:
        return frozenset(range(1, count + 1))
    return frozenset(number for number, page in enumerate(pages, 1) if _is_damaged(page))


def _is_damaged(page: object) -> bool:
    try:
        return not all(map(_is_whole, _contents(page))) or _lacks_fonts(page)
    except _FAULTS:
        return True


def _lacks_fonts(page: object) -> bool:
    """Whether a font that a page names is nowhere in the file."""
    found = page.get("/Resources") if isinstance(page, dict) else None
    found = found.get_object() if found is not None else None
    fonts = found.get("/Font") if isinstance(found, dict) else None
    fonts = fonts.get_object() if fonts is not None else None
    named = list(fonts.values()) if isinstance(fonts, dict) else []
    return any(not isinstance(font.get_object(), dict) for font in named)


def _contents(page: object) -> Iterator[StreamObject]:
    """The streams of a page's content."""
    given = page.get("/Contents") if isinstance(page, dict) else None
    given = given.get_object() if given is not None else None
    for one in given if isinstance(given, ArrayObject) else [given]:
        stream = one.get_object() if one is not None else None
        if isinstance(stream, StreamObject):
            yield stream


def _is_whole(stream: StreamObject) -> bool:
    """Whether it unpacks to the end, and to what its checksum says. Of ways to pack that have none nothing is said."""
    filters = stream.get("/Filter")
    filters = filters.get_object() if filters is not None else None
    names = [str(n) for n in filters] if isinstance(filters, ArrayObject) else [str(filters)]
    data: bytes = stream._data
    if names[0] in _TEXT:
        try:
            data = base64.a85decode(b"<~" + data.strip().removesuffix(b"~>") + b"~>", adobe=True)
        except ValueError:
            return False
        names = names[1:]
    if not names or names[0] not in _FLATE:
        return True
    try:
        unpacking = zlib.decompressobj()
        unpacking.decompress(data.lstrip(b"\r\n"), MOST)
    except zlib.error:
        return False
    return unpacking.eof or bool(unpacking.unconsumed_tail)


__all__ = ["damaged_pages"]
