"""The bytes of an XML part, piece by piece -> its elements, told one after another. The parser is expat; names come as `namespace name`.

A document type, and so every entity of a document's own, is refused: nothing is filled in, nothing fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
Given = dict[str, str]
Start = Callable[[str, Given], None]
End = Callable[[str], None]
Chars = Callable[[str], None]


class Malformed(Exception):
    """A part that is not XML as it should be; says why."""


def parse(
    pieces: Iterable[bytes], start: Start, end: End | None = None, chars: Chars | None = None
) -> None:
    """Go through a part. Raises Malformed."""
    made = expat.ParserCreate(namespace_separator=" ")
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, chars
    feed(made, pieces)


def feed(made: expat.XMLParserType, pieces: Iterable[bytes], *, joined: bool = True) -> None:
    """Go through a part with a parser whose handlers are set; `joined`: a text comes whole, else as it is written. Raises Malformed."""
    made.buffer_text = joined
    made.StartDoctypeDeclHandler = _refuse
    try:
        for piece in pieces:
            made.Parse(piece, False)
        made.Parse(b"", True)
    except expat.ExpatError as fault:
        raise Malformed(str(fault)) from fault
    except (ValueError, LookupError) as fault:
        # An encoding that nobody knows.
        raise Malformed(str(fault)) from fault


def listed(pieces: Iterable[bytes]) -> list[tuple[str, Given]]:
    """The elements of a short part, by their names alone. Raises Malformed."""
    found = list[tuple[str, Given]]()
    parse(pieces, lambda name, given: found.append((name.rpartition(" ")[2], given)))
    return found


def is_on(given: Mapping[str, str], name: str, unless: str = "0") -> bool:
    """Whether an attribute says yes."""
    return given.get(name, unless).strip() in ("1", "true", "on")


def _refuse(*_told: object) -> None:
    raise Malformed("DOCTYPE")


__all__ = ["MAIN", "Given", "Malformed", "feed", "is_on", "listed", "parse"]
