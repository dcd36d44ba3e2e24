"""A path (or bytes with a name) -> Document: by what is in the file, not by its name. Raises DocumentFault with what is wrong and how to fix it."""

from __future__ import annotations

from pathlib import Path

from gouji.base.digest import sha256
from gouji.base.i18n import _
from gouji.documents.document_model import Blocks, Document, DocumentFault

MAX_BYTES, MAX_TEXT = 64 << 20, 16 << 20
WORD, WEB, TEXT, PDF = (".docx", ".docm"), (".html", ".htm"), (".txt",), (".pdf",)
OPEN = (".odt", ".ods")
SUFFIXES = (*WORD, *OPEN, *WEB, *TEXT, *PDF)
_ZIP, _PDF, _OLE = b"PK\3\4", b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path) -> Document:
    """Read a document. Raises DocumentFault; OSError where the file cannot be read."""
    size = path.stat().st_size
    _small_enough(size, MAX_BYTES)
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(raw: bytes, name: str) -> Document:
    """Read a document from its bytes; `name` gives the suffix. Raises DocumentFault."""
    suffix = Path(name).suffix.lower()
    _small_enough(len(raw), MAX_TEXT if suffix in (*WEB, *TEXT) else MAX_BYTES)
    digest = sha256(raw)
    kind = kind_of(raw, suffix)
    if kind == "pdf":
        from gouji.documents.pdf.pdf_process import document

        return document(raw, digest)
    made = _blocks(raw, kind)
    return Document(kind, digest, tuple(made.blocks), tuple(made.told))


def kind_of(raw: bytes, suffix: str) -> str:
    """What a file is: what it begins with must be what its name says. Raises DocumentFault."""
    if not raw:
        raise DocumentFault(_("文件是空的"), _("检查是否传完，重新报送"))
    head, named = raw[:1024], suffix in (*WORD, *OPEN)
    if _PDF in head:
        _as_named(suffix in PDF, ".pdf")
        return "pdf"
    if head.startswith(_OLE):
        # A locked docx is such a container too.
        if suffix in WORD:
            return "docx"
        raise DocumentFault(_("是旧版 Word 或 WPS 文字的格式，没有读"), _("另存为 docx 再报"))
    if head.startswith(_ZIP):
        _as_named(named, _("docx、odt 或 ods"))
        return suffix[1:].replace("docm", "docx")
    if suffix in WEB or suffix in TEXT:
        return "html" if suffix in WEB else "txt"
    raise DocumentFault(
        _("不是完整的 {kind} 文件").format(kind=suffix.removeprefix(".") or _("文档")),
        _("重新另存再报"),
    )


def _as_named(right: bool, kind: str) -> None:
    if not right:
        raise DocumentFault(
            _("后缀不对：里面是 {suffix}，没有读").format(suffix=kind),
            _("把后缀改成 {suffix} 再报；不是报表就删去").format(suffix=kind),
        )


def _small_enough(size: int, limit: int) -> None:
    if size > limit:
        raise DocumentFault(
            _("文件超过 {n} MB").format(n=limit >> 20), _("删去多余的内容，或分成几个文件")
        )


def _blocks(raw: bytes, kind: str) -> Blocks:
    """Loads what reads the kind, and nothing else."""
    match kind:
        case "docx":
            from gouji.documents import word

            return word.blocks(raw)
        case "html":
            from gouji.documents import web

            return web.blocks(raw)
        case "txt":
            from gouji.documents import plain_text as text

            return text.paragraphs(raw)
        case _:
            from gouji.documents import opendocument

            return opendocument.blocks(raw)


__all__ = ["SUFFIXES", "read", "read_bytes"]
