"""A document that people write (docx, odt, ods, html, txt, pdf) -> its paragraphs and tables in order, each with its place.

Nothing in a document is carried out, fetched or repaired. What cannot be read raises DocumentFault; what is no part of the
text (deleted, hidden, struck out, a footnote, a picture) is told.
"""

from __future__ import annotations

from gouji.documents.model import (
    Block,
    Box,
    Cell,
    Document,
    DocumentFault,
    Left,
    Paragraph,
    Place,
    Table,
    Told,
)
from gouji.documents.pdf.process import Note, noted
from gouji.documents.read import SUFFIXES, read, read_bytes

__all__ = [
    "SUFFIXES",
    "Block",
    "Box",
    "Cell",
    "Document",
    "DocumentFault",
    "Left",
    "Note",
    "Paragraph",
    "Place",
    "Table",
    "Told",
    "noted",
    "read",
    "read_bytes",
]
