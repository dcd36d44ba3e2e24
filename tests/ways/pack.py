"""Written -> the bytes of a workbook, in the ways that programs pack one: names, prefixes, strings, parts."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from gouji.intake.workbooks.sheet import address
from ways.model import Box, Leaf, Written

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
# An ink that strikes out.
STRUCK = "struck"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


class Packer:
    """Options (all off): prefix, inline, single, absolute, odd_names, no_refs, no_row_refs, cdata, charrefs, strict, no_styles, stored, utf16,
    reversed_attributes, comments, str_labels, dimension, far, extra_parts, general_exponent, noise."""

    def __init__(self, book: Written) -> None:
        self.book, self.on = book, book.pack
        self.strings: list[str] = []
        self.formats: list[tuple[str, bool, str, str]] = [("", False, "", "")]
        self.p = "x:" if self.on.get("prefix") else ""

    def bytes(self) -> bytes:
        """The whole container."""
        folder = "xl/worksheets" if not self.on.get("odd_names") else "content/tables"
        parts: dict[str, str] = {}
        paths = []
        for number, leaf in enumerate(self.book.leaves, 1):
            path = (
                f"{folder}/sheet{number}.xml"
                if not self.on.get("odd_names")
                else f"{folder}/T{len(self.book.leaves) - number}_Data.xml"
            )
            paths.append(path)
            parts[path] = self.sheet(leaf)
        main = "xl/workbook.xml" if not self.on.get("odd_names") else "content/book.xml"
        base = main.rsplit("/", 1)[0]
        rel = STRICT_RELS if self.on.get("strict") else RELS
        links = [
            (f"rId{n}", f"{rel}/worksheet", self.target(path, base))
            for n, path in enumerate(paths, 1)
        ]
        if not self.on.get("inline"):
            parts[f"{base}/sharedStrings.xml"] = self.shared()
            links.append(
                ("rId900", f"{rel}/sharedStrings", self.target(f"{base}/sharedStrings.xml", base))
            )
        if not self.on.get("no_styles"):
            parts[f"{base}/styles.xml"] = self.styles()
            links.append(("rId901", f"{rel}/styles", self.target(f"{base}/styles.xml", base)))
        parts[main] = self.workbook(rel)
        parts[f"{base}/_rels/{main.rsplit('/', 1)[1]}.rels"] = self.relations(links)
        root = "/" + main if self.on.get("absolute") else main
        parts["_rels/.rels"] = self.relations([("rId1", f"{rel}/officeDocument", root)])
        parts["[Content_Types].xml"] = self.types(main, paths, base)
        if self.on.get("extra_parts"):
            parts["docProps/app.xml"] = (
                '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
            )
            parts["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>'
        out = io.BytesIO()
        with zipfile.ZipFile(
            out, "w", zipfile.ZIP_STORED if self.on.get("stored") else zipfile.ZIP_DEFLATED
        ) as made:
            for path, text in parts.items():
                made.writestr(
                    zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)),
                    self.encoded(path, text),
                    compress_type=made.compression,
                )
        return out.getvalue()

    def encoded(self, path: str, text: str) -> bytes:
        if self.on.get("utf16") and "/sheet" in path:
            return ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")
        return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text).encode()

    def target(self, path: str, base: str) -> str:
        return (
            "/" + path
            if self.on.get("absolute") or not path.startswith(base + "/")
            else path[len(base) + 1 :]
        )

    def tag(self, name: str, inner: str = "", /, **attributes: object) -> str:
        pairs = [
            (k.replace("_", ":"), str(v)) for k, v in attributes.items() if v not in ("", None)
        ]
        if self.on.get("reversed_attributes"):
            pairs.reverse()
        text = "".join(f" {k}={self.attribute(v)}" for k, v in pairs)
        gap = "\n  " if self.on.get("comments") else ""
        if not inner:
            return (
                f"<{self.p}{name}{gap}{text}/>"
                if not self.on.get("comments")
                else f"<{self.p}{name}{text} ></{self.p}{name} >"
            )
        return f"<{self.p}{name}{text}>{inner}</{self.p}{name}>"

    def attribute(self, value: str) -> str:
        if self.on.get("single"):
            return "'" + escape(value, {"'": "&apos;"}) + "'"
        return (
            quoteattr(value).replace("'", "&apos;")
            if '"' not in value
            else '"' + escape(value, {'"': "&quot;"}) + '"'
        )

    def text(self, value: str) -> str:
        if self.on.get("cdata"):
            return f"<![CDATA[{value}]]>"
        if self.on.get("charrefs"):
            return "".join(f"&#x{ord(ch):x};" for ch in value)
        return escape(value)

    def rich(self, box: Box) -> str:
        """The inside of a string item."""
        if box.runs:
            marks = {
                "": "",
                "sup": '<{p}vertAlign {p_}val="superscript"/>',
                "strike": "<{p}strike/>",
            }
            inner = ""
            for text, mark in box.runs:
                look = marks[mark].replace("{p_}", "").replace("{p}", self.p)
                inner += self.tag(
                    "r",
                    (self.tag("rPr", look) if look else "")
                    + self.tag("t", self.text(text), xml_space="preserve"),
                )
            return inner
        more = ""
        if box.phonetic:
            more = self.tag(
                "rPh", self.tag("t", self.text(box.phonetic)), sb="0", eb="1"
            ) + self.tag("phoneticPr", fontId="1")
        return self.tag("t", self.text(str(box.value)), xml_space="preserve") + more

    def style(self, box: Box) -> str:
        look = box.format, box.quoted, box.ink, box.fill
        if look not in self.formats:
            self.formats.append(look)
        number = self.formats.index(look)
        return str(number) if number and not self.on.get("no_styles") else ""

    def cell(self, at: tuple[int, int], box: Box) -> str:
        ref = "" if self.on.get("no_refs") else address(*at)
        style = self.style(box)
        formula = self.tag("f", escape(box.formula)) if box.formula else ""
        if box.error:
            return self.tag("c", formula + self.tag("v", box.error), r=ref, s=style, t="e")
        if isinstance(box.value, bool):
            return self.tag(
                "c", formula + self.tag("v", str(int(box.value))), r=ref, s=style, t="b"
            )
        if box.value is None:
            return self.tag("c", formula, r=ref, s=style)
        if isinstance(box.value, Decimal):
            return self.tag("c", formula + self.tag("v", self.number(box.value)), r=ref, s=style)
        if box.date:
            return self.tag("c", self.tag("v", box.value), r=ref, s=style, t="d")
        if formula or self.on.get("str_labels"):
            return self.tag(
                "c",
                (formula or self.tag("f", "A1")) + self.tag("v", self.text(box.value)),
                r=ref,
                s=style,
                t="str",
            )
        if self.on.get("inline"):
            return self.tag("c", self.tag("is", self.rich(box)), r=ref, s=style, t="inlineStr")
        self.strings.append(self.tag("si", self.rich(box)))
        return self.tag("c", self.tag("v", str(len(self.strings) - 1)), r=ref, s=style, t="s")

    def number(self, value: Decimal) -> str:
        if self.on.get("general_exponent"):
            return f"{value:.14E}"
        if self.on.get("noise"):
            return repr(float(value) * (1 + 2**-52))
        return f"{value:f}"

    def sheet(self, leaf: Leaf) -> str:
        lines = []
        rows = sorted({r for r, _c in leaf.cells})
        span = range(rows[-1] + 1) if self.on.get("no_row_refs") or self.on.get("no_refs") else rows
        for r in span:
            here = {c: box for (row, c), box in leaf.cells.items() if row == r}
            if self.on.get("no_refs") and here:
                here = {c: here.get(c, Box(None)) for c in range(max(here) + 1)}
            inner = "".join(self.cell((r, c), here[c]) for c in sorted(here))
            number = "" if self.on.get("no_row_refs") else str(r + 1)
            lines.append(
                self.tag(
                    "row",
                    inner,
                    r=number,
                    **({"hidden": "1"} if r in leaf.hidden_rows else {}),
                    **leaf.of_row.get(r, {}),
                )
            )
        if self.on.get("far"):
            lines.append(self.tag("row", self.tag("c", r="H900"), r="900"))
        gap = "<!-- <c r='A1'><v>999</v></c> -->" if self.on.get("comments") else ""
        data = self.tag("sheetData", gap + gap.join(lines))
        columns = "".join(
            self.tag("col", min=c + 1, max=c + 1, width="9", hidden="1")
            for c in sorted(leaf.hidden_columns)
        )
        columns += "".join(
            self.tag("col", min=c + 1, max=c + 1, **given)
            for c, given in sorted(leaf.of_column.items())
        )
        merged = "".join(
            self.tag("mergeCell", ref=f"{address(a, b)}:{address(c, d)}")
            for a, b, c, d in leaf.merged
        )
        head = self.tag("dimension", ref="A1:B2") if self.on.get("dimension") else ""
        inner = (
            head
            + leaf.before
            + (self.tag("cols", columns) if columns else "")
            + data
            + (self.tag("mergeCells", merged, count=len(leaf.merged)) if merged else "")
            + leaf.behind
        )
        return self.root("worksheet", inner)

    def root(self, name: str, inner: str) -> str:
        space = STRICT if self.on.get("strict") else MAIN
        prefix = ":x" if self.p else ""
        rel = STRICT_RELS if self.on.get("strict") else RELS
        return f'<{self.p}{name} xmlns{prefix}="{space}" xmlns:r="{rel}">{inner}</{self.p}{name}>'

    def workbook(self, rel: str) -> str:
        sheets = "".join(
            self.tag("sheet", name=leaf.name, sheetId=n, state=leaf.state, r_id=f"rId{n}")
            for n, leaf in enumerate(self.book.leaves, 1)
        )
        return self.root("workbook", self.tag("sheets", sheets))

    def shared(self) -> str:
        return self.root("sst", "".join(self.strings) or self.tag("si", self.tag("t", " ")))

    def styles(self) -> str:
        codes = list(dict.fromkeys(code for code, *_more in self.formats if code))
        inks, fills = (list(dict.fromkeys(look[n] for look in self.formats)) for n in (2, 3))
        numbers = "".join(
            self.tag("numFmt", numFmtId=170 + n, formatCode=code) for n, code in enumerate(codes)
        )
        xfs = "".join(
            self.tag(
                "xf",
                numFmtId=170 + codes.index(code) if code else "0",
                fontId=str(inks.index(ink)),
                fillId=str(fills.index(fill)),
                borderId="0",
                applyNumberFormat="1" if code else "",
                quotePrefix="1" if quoted else "",
            )
            for code, quoted, ink, fill in self.formats
        )
        inner = (self.tag("numFmts", numbers, count=len(codes)) if numbers else "") + self.tag(
            "fonts", "".join(map(self.font, inks)), count=len(inks)
        )
        inner += self.tag("fills", "".join(map(self.fill, fills)), count=len(fills))
        inner += self.tag("borders", self.tag("border"), count=1) + self.tag(
            "cellStyleXfs", self.tag("xf"), count=1
        )
        return self.root("styleSheet", inner + self.tag("cellXfs", xfs, count=len(self.formats)))

    def font(self, ink: str) -> str:
        return self.tag(
            "font",
            (self.tag("strike") if ink == STRUCK else "")
            + self.tag("sz", val="11")
            + (
                self.tag("color", **{("theme" if len(ink) < 3 else "rgb"): ink})
                if ink and ink != STRUCK
                else ""
            ),
        )

    def fill(self, colour: str) -> str:
        inner = (
            self.tag("fgColor", **{("theme" if len(colour) < 3 else "rgb"): colour})
            if colour
            else ""
        )
        return self.tag(
            "fill", self.tag("patternFill", inner, patternType="solid" if colour else "none")
        )

    def relations(self, links: list[tuple[str, str, str]]) -> str:
        inner = "".join(
            f'<Relationship Id="{i}" Type="{kind}" Target="{target}"/>' for i, kind, target in links
        )
        return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'

    def types(self, main: str, paths: list[str], base: str) -> str:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        inner = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        inner += '<Default Extension="xml" ContentType="application/xml"/>'
        inner += f'<Override PartName="/{main}" ContentType="{kind}.sheet.main+xml"/>'
        inner += "".join(
            f'<Override PartName="/{path}" ContentType="{kind}.worksheet+xml"/>' for path in paths
        )
        inner += f'<Override PartName="/{base}/styles.xml" ContentType="{kind}.styles+xml"/>'
        inner += f'<Override PartName="/{base}/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/>'
        return f'<Types xmlns="{TYPES}">{inner}</Types>'


def packed(book: Written) -> bytes:
    """The workbook as bytes."""
    return Packer(book).bytes()
