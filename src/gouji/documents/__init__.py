"""A document that people write (docx, odt, ods, html, txt, pdf) -> its paragraphs and tables in order, each with its place.

Nothing in a document is carried out, fetched or repaired. What cannot be read raises DocumentFault; what is no part of the
text (deleted, hidden, struck out, a footnote, a picture) is told.
"""

from __future__ import annotations

from gouji.documents.document_model import (
    Block,
    Box,
    Document,
    DocumentCell,
    DocumentFault,
    DocumentPlace,
    DocumentTable,
    LeftOut,
    Paragraph,
    Told,
)
from gouji.documents.forms_printed import DocumentForm, forms_of
from gouji.documents.pdf.pdf_process import Note, noted
from gouji.documents.read import SUFFIXES, read, read_bytes

__all__ = [
    "SUFFIXES",
    "Block",
    "Box",
    "Document",
    "DocumentCell",
    "DocumentFault",
    "DocumentForm",
    "DocumentPlace",
    "DocumentTable",
    "LeftOut",
    "Note",
    "Paragraph",
    "Told",
    "forms_of",
    "noted",
    "read",
    "read_bytes",
]
