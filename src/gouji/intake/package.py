"""The zip container of a workbook -> its parts, within stated limits; what python-calamine does not tell of a sheet (Marks).

Nothing in a part is carried out: formulas, macros, links and entities stay bytes. A part is only ever unpacked to a stated size.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cached_property

from gouji.i18n import _
from gouji.intake.look import look
from gouji.intake.sheet import Marks, row_column

MAX_BYTES, MAX_UNPACKED, MAX_RATIO, MAX_PARTS, MAX_SHEETS, MAX_CELLS = 64 << 20, 512 << 20, 200, 4000, 256, 2_000_000
_SMALL = 1 << 20
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
# What a sheet of which nobody asked so far says of merged cells: the last cell there can be.
UNSAID = [((1048575, 16383), (1048575, 16383))]
# Going through so few bytes twice costs less than finding the sheet's part when its merged cells are asked for.
_SHORT = 4096
# Above this a second copy of what was unpacked would cost more than it saves.
_COPIED = 64 << 20
_PLACES = re.compile(rb"""<(?:\w+:)?(?:(c)|row)(?=[\s/>])([^>]*)""")
_REF = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Z]+[0-9]+):([A-Z]+[0-9]+)["']""", re.I)
_CELL = re.compile(rb"""<c\s+([^>]*?)(?:/>|>(.*?)</c>)""", re.S)
_ATTRIBUTE = re.compile(rb"""\b(r|s|t)\s*=\s*["']([^"']*)["']""")
_RESULT = re.compile(rb"<v>[^<]+</v>|<v [^>]*>[^<]+</v>|<is>")
_SHEET = re.compile(r"""<(?:\w+:)?sheet\s[^>]*?>""")
_NAMED = re.compile(r"""\b(name|r:id|id)\s*=\s*"([^"]*)\"""")
_RELATION = re.compile(r"""<(?:\w+:)?Relationship\s[^>]*?>""")
_TARGET = re.compile(r"""\b(Id|Target)\s*=\s*"([^"]*)\"""")


class Refused(Exception):
    """A workbook that is not opened: why, how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


@dataclass(slots=False)
class Package:
    """A workbook's container, checked. Parts are unpacked when asked for."""

    raw: bytes
    infos: dict[str, zipfile.ZipInfo] = field(init=False)
    large: set[str] = field(init=False, default_factory=set)
    unsolved: set[str] = field(init=False, default_factory=set)
    damaged: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        """Read the directory. Raises Refused when a limit is passed or the container is not whole."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.raw)) as made:
                listed = made.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, struct.error) as fault:
            raise Refused(_("不是完整的工作簿: {why}").format(why=fault), _("重新另存为 xlsx 再报")) from fault
        self.infos = {info.filename: info for info in listed}
        total, packed = sum(i.file_size for i in listed), sum(i.compress_size for i in listed)
        if len(listed) > MAX_PARTS or len(self.infos) < len(listed):
            raise Refused(_("工作簿里的部件太多或重名"), _("重新另存为 xlsx 再报"))
        if packed > len(self.raw):
            raise Refused(_("工作簿的部件互相重叠"), _("重新另存为 xlsx 再报"))
        if total > MAX_UNPACKED:
            raise Refused(_("工作簿解开后超过 {n} MB").format(n=MAX_UNPACKED >> 20), _("删去多余的内容"))
        for info in listed:
            if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
                raise Refused(_("工作簿的压缩比超过 {n} 倍").format(n=MAX_RATIO), _("重新另存为 xlsx 再报"))
            if info.flag_bits & 1:
                raise Refused(_("工作簿加了密码"), _("去掉密码再报"))

    def part(self, name: str) -> bytes:
        """One part, unpacked; never more than the directory says. Raises Refused when it is damaged or larger."""
        info = self.infos[name]
        start = info.header_offset
        if start < 0 or start + _LOCAL.size > len(self.raw):
            raise Refused(_("工作簿已损坏: {part}").format(part=name), _("重新另存为 xlsx 再报"))
        head = _LOCAL.unpack_from(self.raw, start)
        begin = start + _LOCAL.size + head[9] + head[10]
        packed = self.raw[begin : begin + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            return packed
        try:
            unpacker = zlib.decompressobj(-15)
            made = unpacker.decompress(packed, info.file_size + 1)
        except zlib.error as fault:
            raise Refused(_("工作簿已损坏: {part}").format(part=name), _("重新另存为 xlsx 再报")) from fault
        if len(made) > info.file_size:
            raise Refused(_("工作簿的压缩比超过 {n} 倍").format(n=MAX_RATIO), _("重新另存为 xlsx 再报"))
        return made

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Sheet name -> its part."""
        related = dict(self._pairs("xl/_rels/workbook.xml.rels", _RELATION, _TARGET, ("Id", "Target")))
        found = {}
        for name, relation in self._pairs("xl/workbook.xml", _SHEET, _NAMED, ("name", "r:id")):
            target = related.get(relation, "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            if path in self.infos:
                found[_unescaped(name)] = path
        return found

    def _pairs(self, part: str, element: re.Pattern[str], attribute: re.Pattern[str], keys: tuple[str, str]) -> list[tuple[str, str]]:
        if part not in self.infos:
            return []
        text = self.part(part).decode("utf-8", errors="replace")
        given = [dict(attribute.findall(found)) for found in element.findall(text)]
        return [(g[keys[0]], g[keys[1]]) for g in given if keys[0] in g and keys[1] in g]

    @cached_property
    def percent_styles(self) -> frozenset[int]:
        """Numbers of the cell styles that show a percent."""
        if "xl/styles.xml" not in self.infos:
            return frozenset()
        text = self.part("xl/styles.xml").decode("utf-8", errors="replace")
        formats = {int(i) for i, code in re.findall(r'<numFmt\s[^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"', text) if "%" in code}
        formats |= {9, 10}
        block = re.search(r"<cellXfs\b.*?</cellXfs>", text, re.S)
        styles = re.findall(r'<xf\s[^>]*?numFmtId="(\d+)"', block[0]) if block else []
        return frozenset(number for number, used in enumerate(styles) if int(used) in formats)

    def unpack(self) -> bytes | None:
        """The same workbook with nothing packed and only what figures need: it is unpacked once, and a reader sees no byte that was not checked.

        None where that does not pay: then the reader opens the file itself. After this the sheets that are damaged, too large, or hold formulas
        are known. Raises Refused when a part cannot be unpacked, or another one than a sheet is damaged.
        """
        sheets = [i for name, i in self.infos.items() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        if sum(i.file_size for i in sheets) > _COPIED:
            for info in sheets:
                self._measure(info.filename, self._sheet(info))
            return None
        unpacked = {i.filename: self._sheet(i) for i in sheets}
        others = [i for i in self.infos.values() if i.filename not in unpacked and _needed(i.filename)]
        copy = _Copy()
        for info in sheets:
            copy.add(info, unpacked[info.filename], sheet=True)
        seen = look(copy.so_far())
        if seen.formulas or seen.far:
            for name, xml in unpacked.items():
                self._measure(name, xml)
        if copy.size + sum(i.file_size for i in others) > _COPIED:
            return None
        for info in others:
            xml = self.part(info.filename)
            if zlib.crc32(xml) != info.CRC:
                raise Refused(_("工作簿已损坏: {part}").format(part=info.filename), _("重新另存为 xlsx 再报"))
            copy.add(info, xml)
        return copy.whole()

    def _sheet(self, info: zipfile.ZipInfo) -> bytes:
        """The XML of a sheet. python-calamine stops reading before it could find a wrong checksum, so it is looked at here."""
        xml = self.part(info.filename)
        if zlib.crc32(xml) != info.CRC:
            self.damaged.add(info.filename)
        return xml

    def _measure(self, name: str, xml: bytes) -> None:
        """Whether one sheet is too large to be read (its area would fill memory with empty cells), and whether it holds formulas."""
        seen = look(xml)
        if seen.formulas:
            self.unsolved.add(name)
        if seen.far and _area(xml) > MAX_CELLS:
            self.large.add(name)

    def merged(self, sheet: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Merged cells of a sheet: upper left and lower right corner of each."""
        xml = self.part(self.sheets[sheet])
        found = _MERGED.findall(xml, max(xml.rfind(b"sheetData"), 0))
        return [(row_column(first.decode().upper()), row_column(last.decode().upper())) for first, last in found]

    def marks(self, sheet: str, percents: bool) -> Marks:
        """What python-calamine does not tell about a sheet; an empty value where there is nothing to tell."""
        part = self.sheets.get(sheet)
        if part is None or (part not in self.unsolved and not percents):
            return Marks()
        unsolved, errors, shares = set(), set(), set()
        styles = self.percent_styles if percents else frozenset()
        for attributes, inside in _CELL.findall(self.part(part)):
            given = dict(_ATTRIBUTE.findall(attributes))
            if b"r" not in given:
                continue
            at = row_column(given[b"r"].decode("ascii", "replace"))
            if given.get(b"t") == b"e":
                errors.add(at)
            elif b"<f" in inside and not _RESULT.search(inside):
                unsolved.add(at)
            if int(given.get(b"s", b"0") or 0) in styles:
                shares.add(at)
        return Marks(frozenset(unsolved), frozenset(errors), frozenset(shares))


class _Copy:
    """A container being written: parts as they are, one after another."""

    def __init__(self) -> None:
        self.parts, self.directory, self.size = list[bytes](), list[bytes](), 0

    def add(self, info: zipfile.ZipInfo, xml: bytes, *, sheet: bool = False) -> None:
        """Write a part. A longer sheet names before its cells UNSAID as merged: python-calamine would go through all of it once more to find out."""
        name, checksum = info.filename.encode(), info.CRC
        if sheet and len(xml) > _SHORT and (at := xml.find(b"<sheetData")) > 0:
            xml = b"%b<mergeCells><mergeCell ref='XFD1048576'/></mergeCells>%b" % (xml[:at], xml[at:])
            checksum = zlib.crc32(xml)
        # Flag 0x800: the name is UTF-8.
        same = (0x800, 0, 0, 33, checksum, len(xml), len(xml), len(name))
        self.parts += (_LOCAL.pack(b"PK\3\4", 20, *same, 0), name, xml)
        self.directory += (_CENTRAL.pack(b"PK\1\2", 20, 20, *same, 0, 0, 0, 0, 0, self.size), name)
        self.size += _LOCAL.size + len(name) + len(xml)

    def so_far(self) -> bytes:
        """What has been written."""
        self.parts = [b"".join(self.parts)]
        return self.parts[0]

    def whole(self) -> bytes:
        """The container, with its directory."""
        number, size = len(self.directory) // 2, sum(map(len, self.directory))
        return b"".join((*self.parts, *self.directory, _END.pack(b"PK\5\6", 0, 0, number, number, size, self.size, 0)))


def _needed(part: str) -> bool:
    return (part.startswith(("xl/", "_rels/", "[Content")) and part.endswith((".xml", ".rels"))
            and not part.startswith(("xl/theme/", "xl/drawings/", "xl/charts/")))  # fmt: skip


def _area(xml: bytes) -> int:
    """Lines times columns up to the last cell. Cells without a name stand behind the one before, lines below it."""
    rows, columns, row, column = 0, 0, -1, 0
    for cell, attributes in _PLACES.findall(xml):
        named = _REF.search(attributes)
        if not cell:
            row, column = int(named[2][:9]) - 1 if named and not named[1] else row + 1, 0
            continue
        if named:
            row, column = row_column((named[1].upper() + named[2][:9]).decode())
        rows, columns, column = max(rows, row + 1), max(columns, column + 1), column + 1
    return rows * columns


def _unescaped(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
