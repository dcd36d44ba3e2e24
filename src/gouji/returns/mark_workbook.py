"""A workbook's bytes + marks on its cells + a sheet of issues -> the same workbook, marked. Parts are edited in place: whatever is not marked
(formats, results of formulas, pictures, charts, macros) goes through byte for byte. Refuses what it could not edit without harm."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.base.verdict import Severity
from gouji.intake import Package, Refused, address, row_column

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XF = re.compile(r"<xf\b[^>]*?/>|<xf\b[^>]*?>.*?</xf>", re.S)
# What may follow <legacyDrawing> in a sheet, in the order of the standard.
_AFTER = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
# The cell that probably causes a finding, and the other cells of that finding.
BLAMED, PALE = "blamed", "pale"
# The first of these that a cell has colours it.
_FILLS = {
    BLAMED: "FFFF6B6B",
    Severity.ERROR.value: "FFF4B6B6",
    Severity.VERIFY.value: "FFFFE699",
    Severity.NOTE.value: "FFDDEBF7",
    PALE: "FFF7F0E6",
}


@dataclass(frozen=True, slots=True)
class CellMark:
    """What is said of one cell: words (none: it is coloured only), and how grave (the gravest colours it)."""

    sheet: str
    cell: str
    words: str
    severity: str


def marked(
    raw: bytes, marks: Sequence[CellMark], issues: Sequence[Sequence[str]], name: str
) -> bytes:
    """The workbook with comments and fills on the marked cells, and a sheet `name` with the rows of `issues`. Raises Refused."""
    package = Package(raw)
    if "xl/workbook.xml" not in package.infos or not package.sheets:
        raise Refused(_("这种工作簿不能标注"), _("另存为 xlsx 再报，或用 --separate 只出问题清单"))
    edit = _Edit(package)
    by_sheet: dict[str, dict[str, list[CellMark]]] = {}
    for mark in marks:
        by_sheet.setdefault(mark.sheet, {}).setdefault(mark.cell, []).append(mark)
    for number, (sheet, cells) in enumerate(sorted(by_sheet.items()), 1):
        if sheet in package.sheets:
            edit.mark(package.sheets[sheet], cells, number)
    edit.add_sheet(name, sheet_xml(issues))
    return edit.saved()


class _Edit:
    """Parts as texts; only those touched are written anew."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.new: dict[str, str] = {}
        self.styles: dict[tuple[str, str], str] = {}

    def text(self, part: str) -> str:
        """A part as it is by now."""
        if part not in self.new:
            content = self.package.part(part).decode("utf-8-sig")
            if (
                re.search(r"<\w+:(?:worksheet|workbook|styleSheet)\b", content[:2000])
                or "<!DOCTYPE" in content
            ):
                raise Refused(_("这种工作簿不能标注"), _("用表格软件打开，另存为 xlsx 再报"))
            self.new[part] = content
        return self.new[part]

    # Cells ---------------------------------------------------------------------------------------------------------------------------

    def mark(self, part: str, cells: Mapping[str, list[CellMark]], number: int) -> None:
        """Fill and comment the cells of one sheet."""
        xml = self.text(part)
        for cell, said in cells.items():
            gravest = min(
                said, key=lambda m: list(_FILLS).index(m.severity) if m.severity in _FILLS else 9
            ).severity
            xml = self._filled(xml, cell, gravest)
        self.new[part] = xml
        self._comment(
            part,
            {
                cell: "\n".join(dict.fromkeys(m.words for m in said if m.words))
                for cell, said in cells.items()
                if any(m.words for m in said)
            },
            number,
        )

    def _filled(self, xml: str, cell: str, severity: str) -> str:
        found = re.search(rf'<c\b[^>]*?\br="{cell}"[^>]*?>', xml)
        if found is None:
            return self._inserted(xml, cell, severity)
        old = re.search(r'\bs="(\d+)"', found[0])
        style = self._style(old[1] if old else "0", severity)
        made = (
            found[0].replace(old[0], f's="{style}"', 1)
            if old
            else found[0].replace(f'r="{cell}"', f'r="{cell}" s="{style}"', 1)
        )
        return xml[: found.start()] + made + xml[found.end() :]

    def _inserted(self, xml: str, cell: str, severity: str) -> str:
        """A cell that the sheet leaves out, put into its row; a row that is left out stays so (the comment is enough)."""
        row, column = row_column(cell)
        found = re.search(rf'<row\b[^>]*?\br="{row + 1}"[^>]*?(?<!/)>(.*?)</row>', xml, re.S)
        if found is None:
            return xml
        later = next(
            (
                c
                for c in re.finditer(r'<c\b[^>]*?\br="([A-Z]+\d+)"', found[1])
                if row_column(c[1])[1] > column
            ),
            None,
        )
        at = found.start(1) + (later.start() if later else len(found[1]))
        return f'{xml[:at]}<c r="{cell}" s="{self._style("0", severity)}"/>{xml[at:]}'

    def _style(self, base: str, severity: str) -> str:
        """The style `base` with the fill of a severity; made once."""
        if (base, severity) in self.styles:
            return self.styles[base, severity]
        part = "xl/styles.xml"
        if part not in self.package.infos:
            raise Refused(_("这种工作簿不能标注"), _("用表格软件打开，另存为 xlsx 再报"))
        xml = self.text(part)
        fill, xml = self._fill(xml, severity)
        block = re.search(r"<cellXfs\b[^>]*>(.*?)</cellXfs>", xml, re.S)
        if block is None:
            raise Refused(_("这种工作簿不能标注"), _("用表格软件打开，另存为 xlsx 再报"))
        formats = _XF.findall(block[1])
        xf = (
            formats[int(base)]
            if int(base) < len(formats)
            else '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        )
        xf = re.sub(r'\s(?:fillId|applyFill)="[^"]*"', "", xf).replace(
            "<xf", f'<xf fillId="{fill}" applyFill="1"', 1
        )
        made = f'<cellXfs count="{len(formats) + 1}">{block[1]}{xf}</cellXfs>'
        self.new[part] = xml[: block.start()] + made + xml[block.end() :]
        self.styles[base, severity] = str(len(formats))
        return self.styles[base, severity]

    def _fill(self, xml: str, severity: str) -> tuple[int, str]:
        colour = _FILLS.get(severity, _FILLS[Severity.NOTE.value])
        own = f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
        block = re.search(r"<fills\b[^>]*>(.*?)</fills>", xml, re.S)
        if block is None:
            raise Refused(_("这种工作簿不能标注"), _("用表格软件打开，另存为 xlsx 再报"))
        fills = re.findall(r"<fill>.*?</fill>|<fill/>", block[1], re.S)
        if own in fills:
            return fills.index(own), xml
        return (
            len(fills),
            f'{xml[: block.start()]}<fills count="{len(fills) + 1}">{block[1]}{own}</fills>{xml[block.end() :]}',
        )

    # Comments ------------------------------------------------------------------------------------------------------------------------

    def _comment(self, part: str, words: Mapping[str, str], number: int) -> None:
        """Comment cells of a sheet: what they say already stays."""
        if not words:
            return
        comments, drawing = self._comment_parts(part) or self._new_comment_parts(part, number)
        listed, shapes = self.text(comments), self.text(drawing)
        in_order = sorted(words.items(), key=lambda item: row_column(item[0]))
        for index, (cell, said) in enumerate(in_order, 1):
            more = _said_more(listed, cell, said)
            if more is not None:
                listed = more
                continue
            element = f'<comment ref="{cell}" authorId="0"><text>{_run(said)}</text></comment>'
            listed = listed.replace("</commentList>", f"{element}</commentList>", 1)
            shape = _shape(f"_gouji{number}_{index}", cell, said)
            shapes = shapes[: shapes.rindex("</xml>")] + shape + "</xml>"
        self.new[comments], self.new[drawing] = listed, shapes

    def _comment_parts(self, part: str) -> tuple[str, str] | None:
        """The parts that hold the comments of a sheet and their boxes, where it has some."""
        related = self._relations(part)
        comments = next((t for kind, t in related if kind.endswith("/comments")), None)
        drawing = next((t for kind, t in related if kind.endswith("/vmlDrawing")), None)
        if comments is not None and drawing is not None:
            return comments, drawing
        if comments is None and drawing is None:
            return None
        raise Refused(_("工作表里有不认识的批注"), _("删去批注再报，或用 --separate 只出问题清单"))

    def _new_comment_parts(self, part: str, number: int) -> tuple[str, str]:
        """The same two, made and named in the container."""
        comments = f"xl/comments_gouji{number}.xml"
        drawing = f"xl/drawings/vmlDrawing_gouji{number}.vml"
        self.new[comments] = (
            f'<comments xmlns="{_MAIN}"><authors><author>gouji</author></authors><commentList></commentList></comments>'
        )
        self.new[drawing] = _VML.format(number=900 + number)
        self._relate(part, "/comments", f"/{comments}")
        self._legacy(part, self._relate(part, "/vmlDrawing", f"/{drawing}"))
        self._type(
            f'<Override PartName="/{comments}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>'
        )
        self._type(
            '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        )
        return comments, drawing

    def _legacy(self, part: str, relation: str) -> None:
        """`<legacyDrawing>` at its place among the last elements of a sheet."""
        xml = self.text(part)
        tag = f'<legacyDrawing xmlns:r="{_R}" r:id="{relation}"/>'
        after = re.search(rf"<(?:{'|'.join(_AFTER)})\b", xml)
        at = after.start() if after else xml.rindex("</worksheet>")
        self.new[part] = xml[:at] + tag + xml[at:]

    # The container -------------------------------------------------------------------------------------------------------------------

    def _rels(self, part: str) -> str:
        folder, _slash, file = part.rpartition("/")
        return f"{folder}/_rels/{file}.rels"

    def _relations(self, part: str) -> list[tuple[str, str]]:
        """Kinds and parts that a part is related to."""
        rels = self._rels(part)
        if rels not in self.package.infos and rels not in self.new:
            return []
        found = []
        for element in re.findall(r"<Relationship\b[^>]*>", self.text(rels)):
            given = dict(re.findall(r'(\w+)="([^"]*)"', element))
            if given.get("TargetMode") != "External":
                found.append((given.get("Type", ""), _resolved(part, given.get("Target", ""))))
        return found

    def _relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation; returns its id."""
        rels = self._rels(part)
        if rels not in self.package.infos and rels not in self.new:
            self.new[rels] = (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
            )
        xml = re.sub(
            r"<Relationships([^>]*)/>", r"<Relationships\1></Relationships>", self.text(rels)
        )
        number = 1
        while f'"rIdGouji{number}"' in xml:
            number += 1
        made = f'<Relationship Id="rIdGouji{number}" Type="{_R}{kind}" Target="{target}"/></Relationships>'
        self.new[rels] = xml.replace("</Relationships>", made)
        return f"rIdGouji{number}"

    def _type(self, element: str) -> None:
        xml = self.text("[Content_Types].xml")
        key = re.search(r'(?:PartName|Extension)="[^"]*"', element)
        if key is not None and key[0].lower() not in xml.lower():
            self.new["[Content_Types].xml"] = xml.replace("</Types>", element + "</Types>")

    def add_sheet(self, name: str, xml: str) -> None:
        """A further sheet at the end; one of that name is replaced."""
        if name in self.package.sheets:
            self.new[self.package.sheets[name]] = xml
            return
        part = "xl/worksheets/sheet_gouji.xml"
        self.new[part] = xml
        relation = self._relate("xl/workbook.xml", "/worksheet", f"/{part}")
        book = self.text("xl/workbook.xml")
        number = 1 + max((int(n) for n in re.findall(r'\bsheetId="(\d+)"', book)), default=0)
        element = f'<sheet xmlns:r="{_R}" name="{escape(name)}" sheetId="{number}" r:id="{relation}"/></sheets>'
        self.new["xl/workbook.xml"] = book.replace("</sheets>", element, 1)
        self._type(
            f'<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        )

    def saved(self) -> bytes:
        """The container: untouched parts as they were, in their order."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for part in (
                *self.package.infos,
                *(p for p in self.new if p not in self.package.infos),
            ):
                info = zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(
                    info, self.new[part].encode() if part in self.new else self.package.part(part)
                )
        return made.getvalue()


def _run(said: str) -> str:
    return f'<r><t xml:space="preserve">{escape(plain(said))}</t></r>'


def _said_more(listed: str, cell: str, said: str) -> str | None:
    """The list of comments with more behind the comment that a cell has; None where it has none."""
    old = re.search(rf'<comment\b[^>]*\bref="{cell}"[^>]*>.*?</text>', listed, re.S)
    if old is None:
        return None
    end = old.end() - len("</text>")
    return listed[:end] + _run(f"\n{said}") + listed[end:]


def _shape(name: str, cell: str, said: str) -> str:
    """The box of a comment, high enough for what it says."""
    row, column = row_column(cell)
    lines = 2 + sum(1 + len(line) // 18 for line in said.splitlines())
    return _SHAPE.format(id=name, height=14 * lines, row=row, column=column)


def _resolved(part: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    folder = part.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            folder = folder[:-1]
        elif step != ".":
            folder = [*folder, step]
    return "/".join(folder)


def sheet_xml(rows: Sequence[Sequence[str]]) -> str:
    """A plain sheet of texts."""
    lines = []
    for number, row in enumerate(rows):
        cells = "".join(
            f'<c r="{address(number, col)}" t="inlineStr"><is><t xml:space="preserve">{escape(plain(text))}</t></is></c>'
            for col, text in enumerate(row)
        )
        lines.append(f'<row r="{number + 1}">{cells}</row>')
    widths = (6, 16, 8, 8, 8, 40, 60, 40, 40, 50, 40)
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{w}" customWidth="1"/>' for i, w in enumerate(widths, 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    '<v:shape id="{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:240pt;height:{height}pt;z-index:1;'
    'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
