"""The zip container of a document (docx, odt, ods) -> its parts, within stated limits; bytes of XML -> elements, with nothing filled in or fetched."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from lxml import etree

from gouji.base.i18n import _
from gouji.documents.document_model import DocumentFault

MAX_UNPACKED, MAX_RATIO, MAX_PARTS = 512 << 20, 200, 4000
# A part that is taken apart as a tree: so many bytes become some ten times as much memory.
MAX_PART, MAX_ELEMENTS, MAX_DEPTH = 64 << 20, 1_000_000, 200
_SMALL = 1 << 20
_ENCRYPTED = 1


class Container:
    """A container whose directory was looked at. Parts are unpacked when asked for."""

    def __init__(self, raw: bytes) -> None:
        """Read the directory. Raises DocumentFault when a limit is passed or the container is not whole."""
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(raw))
            listed = self.zip.infolist()
        except (
            zipfile.BadZipFile,
            ValueError,
            NotImplementedError,
            OverflowError,
            struct.error,
        ) as fault:
            raise damaged(str(fault)) from fault
        self.infos = {info.filename: info for info in listed}
        total, packed = sum(i.file_size for i in listed), sum(i.compress_size for i in listed)
        if len(listed) > MAX_PARTS or len(self.infos) < len(listed) or packed > len(raw):
            raise damaged(_("里面的部件太多、重名或重叠"))
        if total > MAX_UNPACKED or any(
            i.file_size > max(_SMALL, MAX_RATIO * i.compress_size) for i in listed
        ):
            raise DocumentFault(
                _("解开后太大（超过 {n} MB，或压缩比超过 {ratio} 倍）").format(
                    n=MAX_UNPACKED >> 20, ratio=MAX_RATIO
                ),
                _("删去多余的内容，重新另存"),
            )
        if any(i.flag_bits & _ENCRYPTED for i in listed):
            raise locked()

    def part(self, name: str) -> bytes | None:
        """One part, whole; None where there is none. Raises DocumentFault."""
        info = self.infos.get(name)
        if info is None:
            return None
        if info.file_size > MAX_PART:
            raise DocumentFault(
                _("“{part}”超过 {n} MB").format(part=name, n=MAX_PART >> 20),
                _("删去多余的内容，或分成几个文件"),
            )
        try:
            with self.zip.open(info) as file:
                raw = file.read(info.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            NotImplementedError,
            OverflowError,
            EOFError,
            OSError,
            RuntimeError,
            struct.error,
        ) as fault:
            raise damaged(name) from fault
        if len(raw) != info.file_size:
            raise damaged(name)
        return raw

    def tree(self, name: str) -> etree._Element | None:
        """One part as a tree; None where there is none. Raises DocumentFault."""
        raw = self.part(name)
        return None if raw is None else tree(raw, name)


def tree(raw: bytes, name: str) -> etree._Element:
    """Bytes of XML -> the root element. A document type is refused, its own entities with it. Raises DocumentFault."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise damaged(f"{name}: {str(fault)[:120]}") from fault
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise damaged(f"{name}: DOCTYPE")
    bounded(root)
    return root


def bounded(root: etree._Element, elements: int = MAX_ELEMENTS, depth: int = MAX_DEPTH) -> None:
    """Raises DocumentFault where a tree has too many elements, or elements too deep in each other."""
    count = level = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        count += event == "start"
        if count > elements or level > depth:
            raise DocumentFault(
                _("内容太多或嵌套太深（超过 {n} 个元素或 {depth} 层）").format(
                    n=elements, depth=depth
                ),
                _("删去多余的内容，或分成几个文件"),
            )


def damaged(why: str) -> DocumentFault:
    """The fault of a file that is not whole."""
    return DocumentFault(_("文件不完整或已损坏：{why}").format(why=why), _("重新另存再报"))


def locked() -> DocumentFault:
    """The fault of a file with a password."""
    return DocumentFault(_("文件加了密码"), _("去掉密码再报"))


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element.

    >>> local(etree.fromstring('<w:p xmlns:w="x"/>'))
    'p'
    """
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str, otherwise: str = "") -> str:
    """An attribute by its name, in whatever namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return otherwise


__all__ = ["Container", "attribute", "bounded", "damaged", "local", "locked", "tree"]
