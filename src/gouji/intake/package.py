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
from gouji.intake.sheet import Marks, row_column

MAX_BYTES, MAX_UNPACKED, MAX_RATIO, MAX_PARTS, MAX_SHEETS, MAX_CELLS = 64 << 20, 512 << 20, 200, 4000, 256, 2_000_000
_SMALL = 1 << 20
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
# Above this a second copy of what was unpacked would cost more than it saves.
_COPIED = 64 << 20
# A cell so far out that the area up to it may hold more than MAX_CELLS; only then is the area measured.
# It begins with plain bytes, which are searched for fastest; where attributes are written in another way the area is measured at once.
_FAR = re.compile(rb'''r="(?:[A-Za-z]{3}[0-9]|[A-Za-z]{2}[0-9]{5}|[A-Za-z][0-9]{6})''')
_REF = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]+)([0-9]+)["']""", re.I)
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

    def check_area(self) -> list[str]:
        """The parts of sheets whose area is larger than MAX_CELLS: reading them would fill memory with empty cells."""
        large = []
        for name, info in self.infos.items():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                xml = self.part(name)
                if info.file_size <= _COPIED:
                    self.unpacked[name] = xml
                self.solved[name] = b"<f" not in xml and b't="e"' not in xml
                if (xml.count(b"=") != xml.count(b'="') or _FAR.search(xml) is not None) and _area(xml) > MAX_CELLS:
                    large.append(name)
        return large

    def repacked(self) -> bytes | None:
        """The same workbook with nothing packed and only what figures need: it is unpacked once, and a reader sees no byte that was not checked.

        None where that does not pay or a part is damaged: then the reader opens the file itself and says what is wrong with it.
        """
        wanted = [i for name, i in self.infos.items() if name.startswith(("xl/", "_rels/", "[Content")) and name.endswith((".xml", ".rels"))]
        wanted = [i for i in wanted if not i.filename.startswith(("xl/theme/", "xl/drawings/", "xl/charts/"))]
        if sum(i.file_size for i in wanted) > _COPIED:
            return None
        parts, directory, at = list[bytes](), list[bytes](), 0
        try:
            for info in wanted:
                name, xml = info.filename.encode(), self.unpacked.pop(info.filename, b"") or self.part(info.filename)
                # Flag 0x800: the name is UTF-8. The checksum is that of the file, so the reader still finds damage.
                same = (0x800, 0, 0, 33, info.CRC, len(xml), len(xml), len(name))
                parts += (_LOCAL.pack(b"PK\3\4", 20, *same, 0), name, xml)
                directory += (_CENTRAL.pack(b"PK\1\2", 20, 20, *same, 0, 0, 0, 0, 0, at), name)
                at += _LOCAL.size + len(name) + len(xml)
        except Refused:
            return None
        size = sum(map(len, directory))
        return b"".join((*parts, *directory, _END.pack(b"PK\5\6", 0, 0, len(wanted), len(wanted), size, at, 0)))

    @cached_property
    def unpacked(self) -> dict[str, bytes]:
        """Parts of sheets that were unpacked to be measured, until they are passed on."""
        return {}

    @cached_property
    def solved(self) -> dict[str, bool]:
        """Parts that hold neither a formula nor an error."""
        return {}

    @property
    def any_unsolved(self) -> bool:
        """Whether any sheet holds a formula or an error; known after `check_area`."""
        return not all(self.solved.values())

    def marks(self, sheet: str, percents: bool) -> Marks:
        """What python-calamine does not tell about a sheet; an empty value where there is nothing to tell."""
        part = self.sheets.get(sheet)
        if part is None or (self.solved.get(part, False) and not percents):
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


def _area(xml: bytes) -> int:
    rows, columns = 0, 0
    for letters, digits in _REF.findall(xml):
        row, column = row_column((letters.upper() + digits[:9]).decode())
        rows, columns = max(rows, row + 1), max(columns, column + 1)
    return rows * columns


def _unescaped(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
