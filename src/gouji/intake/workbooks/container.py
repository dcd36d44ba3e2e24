"""The zip container of a workbook -> its parts, within stated limits, and which part is what: found by relations, whatever the parts are called.

Nothing in a part is carried out: formulas, macros, links and entities stay bytes. A part is only ever unpacked to a stated size.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from gouji.base.i18n import _
from gouji.intake.workbooks.xml_elements import Given, Malformed, listed

MAX_BYTES, MAX_UNPACKED, MAX_RATIO, MAX_PARTS, MAX_SHEETS = 64 << 20, 512 << 20, 200, 4000, 256
_SMALL, _PIECE = 1 << 20, 1 << 20
# Parts up to this size are looked through once where several workbooks have the same one.
_SHORT = 1 << 16
_LOCAL = struct.Struct("<4s5H3I2H")


class Refused(Exception):
    """A workbook (or document) that is not opened: why, how to fix it; whether it is a scan, which may be a mere attachment."""

    def __init__(self, what: str, fix: str, scan: bool = False) -> None:
        super().__init__(what)
        self.what, self.fix, self.scan = what, fix, scan


# What says of bytes that they are no container.
_NO_CONTAINER = (
    zipfile.BadZipFile,
    ValueError,
    NotImplementedError,
    OverflowError,
    struct.error,
)


@dataclass(slots=False)
class Package:
    """A workbook's container, checked. Parts are unpacked when asked for."""

    raw: bytes
    infos: dict[str, zipfile.ZipInfo] = field(init=False)

    def __post_init__(self) -> None:
        """Read the directory. Raises Refused when a limit is passed or the container is not whole."""
        again = _("重新另存为 xlsx 再报")
        try:
            with zipfile.ZipFile(io.BytesIO(self.raw)) as made:
                listed = made.infolist()
        except _NO_CONTAINER as fault:
            raise Refused(_("不是完整的工作簿：{why}").format(why=fault), again) from fault
        self.infos = {info.filename: info for info in listed}
        if len(listed) > MAX_PARTS or len({i.filename.lower() for i in listed}) < len(listed):
            raise Refused(_("工作簿里的部件太多或重名"), again)
        if sum(i.compress_size for i in listed) > len(self.raw):
            raise Refused(_("工作簿的部件互相重叠"), again)
        _nothing_before(listed)
        if sum(i.file_size for i in listed) > MAX_UNPACKED:
            what = _("工作簿解开后超过 {n} MB").format(n=MAX_UNPACKED >> 20)
            raise Refused(what, _("删去多余的内容"))
        for info in listed:
            if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
                raise Refused(_("工作簿的压缩比超过 {n} 倍").format(n=MAX_RATIO), again)
            if info.flag_bits & 1:
                raise Refused(_("工作簿加了密码"), _("去掉密码再报"))

    def part(self, name: str) -> bytes:
        """One part, unpacked and whole. Raises Refused when it is damaged or larger than the directory says."""
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """One part, unpacked piece by piece; never more than the directory says. Raises Refused, at the end where only its checksum is wrong."""
        info = self.infos[name]
        start = info.header_offset
        if start < 0 or start + _LOCAL.size > len(self.raw):
            raise _damaged(name)
        head = _LOCAL.unpack_from(self.raw, start)
        begin = start + _LOCAL.size + head[9] + head[10]
        size = checksum = 0
        for piece in _unpacked(self.raw[begin : begin + info.compress_size], info):
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
            if size > info.file_size:
                raise Refused(
                    _("工作簿的压缩比超过 {n} 倍").format(n=MAX_RATIO), _("重新另存为 xlsx 再报")
                )
            yield piece
        if checksum != info.CRC:
            raise _damaged(name)

    def elements_of(self, name: str) -> Sequence[tuple[str, Given]]:
        """The elements of a part that has no text, by their names alone. Raises Malformed, Refused."""
        try:
            raw = self.part(name)
        except Refused:
            # Which of its faults comes first.
            return listed(self.pieces(name))
        return _elements(raw) if len(raw) <= _SHORT else listed((raw,))

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of parts in small letters -> as they are written: names of parts are the same in any case."""
        return {name.lower().lstrip("/"): name for name in self.infos}

    def related(self, part: str) -> list[tuple[str, str, str]]:
        """What a part refers to inside the container: id, kind, name of the part. Raises Refused when the list is no XML."""
        folder, _slash, name = part.rpartition("/")
        listing = self.names.get(f"{folder}/_rels/{name}.rels".lstrip("/").lower())
        if listing is None:
            return []
        try:
            found = [
                given for element, given in self.elements_of(listing) if element == "Relationship"
            ]
        except Malformed as fault:
            raise _damaged(listing) from fault
        return [
            (given.get("Id", ""), given.get("Type", "").rpartition("/")[2], path)
            for given in found
            if given.get("TargetMode") != "External"
            and (path := self._resolved(part, given.get("Target", "")))
        ]

    def _resolved(self, part: str, target: str) -> str:
        """The part that a target names, seen from another part; empty where there is none."""
        return self.names.get(_path(part, target), "")

    @cached_property
    def workbook(self) -> str:
        """The part of the workbook itself. Raises Refused where there is none."""
        found = next(
            (path for _id, kind, path in self.related("") if kind == "officeDocument"), ""
        ) or self.names.get("xl/workbook.xml", "")
        if not found or not found.lower().endswith(".xml"):
            raise Refused(
                _("不是完整的工作簿：{why}").format(why="workbook.xml"), _("重新另存为 xlsx 再报")
            )
        return found

    @cached_property
    def listed(self) -> list[ListedSheet]:
        """The sheets in their order (charts are none). Raises Refused when the workbook's own part is damaged."""
        kinds = {i: (kind, path) for i, kind, path in self.related(self.workbook)}
        made = list[ListedSheet]()
        for name, given in self.elements:
            if name == "sheet":
                kind, path = kinds.get(
                    next((v for k, v in given.items() if k.endswith(" id")), ""), ("worksheet", "")
                )
                if kind == "worksheet":
                    made.append(
                        ListedSheet(
                            given.get("name", ""), path, given.get("state", "visible") != "visible"
                        )
                    )
        return made

    @cached_property
    def elements(self) -> Sequence[tuple[str, Given]]:
        """The elements of the workbook's own part. Raises Refused."""
        try:
            return self.elements_of(self.workbook)
        except Malformed as fault:
            raise Refused(
                _("不是完整的工作簿：{why}").format(why=fault), _("重新另存为 xlsx 再报")
            ) from fault

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Sheet name -> its part."""
        return {sheet.name: sheet.part for sheet in self.listed if sheet.part}

    def of_kind(self, kind: str) -> str:
        """The part of the workbook of one kind (`styles`, `sharedStrings`); empty where there is none."""
        return next((path for _id, found, path in self.related(self.workbook) if found == kind), "")


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A sheet as the workbook lists it: its name, its part (empty where that is not there), whether it is hidden."""

    name: str
    part: str
    hidden: bool


@lru_cache(maxsize=128)
def _elements(raw: bytes) -> tuple[tuple[str, Given], ...]:
    """The elements of a short part. Raises Malformed."""
    return tuple(listed((raw,)))


@lru_cache(maxsize=4096)
def _path(part: str, target: str) -> str:
    """A target seen from a part, as a name in small letters."""
    path = normpath(join("/" + dirname(part), unquote(target.replace("\\", "/"))))
    return path.lstrip("/").lower()


def _unpacked(packed: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if info.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise _damaged(info.filename)
    unpacker = zlib.decompressobj(-15)
    try:
        while packed:
            yield unpacker.decompress(packed, _PIECE)
            packed = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as fault:
        raise _damaged(info.filename) from fault
    if not unpacker.eof:
        raise _damaged(info.filename)


def _nothing_before(listed: list[zipfile.ZipInfo]) -> None:
    """Raises Refused where something else lies before the container: two workbooks in a row, an archive with several."""
    if min((i.header_offset for i in listed), default=0):
        raise Refused(_("工作簿前面还有别的内容，没有读"), _("重新另存为 xlsx 再报"))


def _damaged(part: str) -> Refused:
    return Refused(_("工作簿已损坏：{part}").format(part=part), _("重新另存为 xlsx 再报"))
