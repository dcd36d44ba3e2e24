"""The bytes of a docx -> paragraphs and tables in order.

What was deleted under tracked changes is no text, what was inserted is. Hidden and struck-out text, text boxes, pictures, embedded files and
equations are told, footnotes with their text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lxml import etree

from gouji.documents.document_model import UNSEEN, Blocks, DocumentTable, LeftOut, Told
from gouji.documents.document_package import Container, attribute, damaged, local, locked
from gouji.documents.grid import Laid, laid_table
from gouji.documents.plain_text import raised
from gouji.documents.word_looks import Looks, is_on, is_on_text, joined, notes_of, numbering

_OLE = b"\xd0\xcf\x11\xe0"
# Elements that only wrap what stands in them, and those whose content was deleted.
_WRAPS = frozenset(
    (
        *("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"),
        *("hyperlink", "fldSimple", "bdo", "dir", "ruby", "rubyBase"),
    )
)
_GONE = frozenset(("del", "moveFrom"))
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What a program fills in, and whole files that are put in.
_FILLED_IN = frozenset(
    ["pgNum", "dayShort", "dayLong", "monthShort", "monthLong", "yearShort", "yearLong"]
)
_PUT_IN = frozenset(["altChunk", "subDoc", "contentPart"])
# Fields that show nothing where they stand.
_SILENT_FIELDS = re.compile(
    r"\s*(?:TOC|XE|TC|TA|RD|SET|ASK|PRINT|PRIVATE|BOOKMARK|HYPERLINK|PAGE|NUMPAGES|SECTIONPAGES|FORMCHECKBOX|NEXT|SKIPIF)\b",
    re.IGNORECASE,
)
# Rows of no height, in twentieths of a point.
_FLAT = 80


def blocks(raw: bytes) -> Blocks:
    """Read a docx. Raises DocumentFault."""
    if raw.startswith(_OLE):
        raise locked()
    container = Container(raw)
    name = _main(container)
    root = container.tree(name)
    body = root.find("{*}body") if root is not None else None
    if body is None:
        raise damaged(name)
    folder = name.rpartition("/")[0]
    notes = {
        f"{kind}Reference": notes_of(container.tree(f"{folder}/{kind}s.xml"))
        for kind in ("footnote", "endnote")
    }
    numbers = numbering(container.tree(f"{folder}/numbering.xml"))
    word = _Word(Looks.of(container.tree(f"{folder}/styles.xml"), numbers), notes)
    word.body(body)
    if word.carried:
        word.made.paragraph(word.carried)
    return word.made


def cells_of(body: etree._Element) -> dict[tuple[int, int, int], etree._Element]:
    """The cells of a document's body by table, row and column (from 1), numbered as `blocks` numbers them."""
    word = _Word(Looks.of(None), {})
    word.body(body)
    return word.cells


def paragraphs_of(body: etree._Element) -> dict[int, etree._Element]:
    """The paragraphs of a document's body outside its tables, by their number, as `blocks` numbers them."""
    word = _Word(Looks.of(None), {})
    word.body(body)
    return word.elements


def _main(container: Container) -> str:
    """The part that holds the text."""
    relations = container.tree("_rels/.rels")
    for relation in relations if relations is not None else ():
        if attribute(relation, "Type").endswith("/officeDocument"):
            target = attribute(relation, "Target").lstrip("/")
            if target in container.infos:
                return target
    return "word/document.xml"


class _Word:
    """Reads one document."""

    def __init__(self, looks: Looks, notes: Mapping[str, Mapping[str, str]]) -> None:
        self.made = Blocks()
        self.looks, self.notes = looks, notes
        # Of each field that is open, whether its code, not its result, is being read.
        self.fields = list[bool]()
        # The code of the innermost one, and whether it has a result.
        self.code, self.solved = "", False
        # Text of a paragraph whose end was deleted: it goes on with the next one.
        self.carried = ""
        self.within = 0
        # Whether the cell that is being read shows something other than its text; whether it is read though nobody sees it.
        self.altered = self.unseen = False
        # Elements of cells by table, row and column, from 1.
        self.cells = dict[tuple[int, int, int], etree._Element]()
        # Elements of paragraphs by their number.
        self.elements = dict[int, etree._Element]()

    def body(self, parent: etree._Element) -> None:
        """The blocks below an element."""
        for element in parent:
            name = local(element)
            if name == "p":
                self.paragraph(element)
            elif name == "tbl":
                self.made.blocks += self.table(element)
            elif name in _GONE:
                self.gone(element)
            elif name in _PUT_IN:
                self.made.tell(LeftOut.EMBEDDED, "")
            elif name in _WRAPS:
                self.body(element)

    def paragraph(self, element: etree._Element) -> None:
        """A paragraph."""
        text = self.carried + self.text(element)
        self.carried = text if element.find("{*}pPr/{*}rPr/{*}del") is not None else ""
        if not self.carried:
            self.made.paragraph(text, self.looks.level(element))
            self.elements[self.made.paragraphs] = element

    def text(self, paragraph: etree._Element) -> str:
        """The text of a paragraph."""
        made = list[str]()
        self.inline(paragraph, made, self.looks.hides(paragraph.find("{*}pPr/{*}pStyle")))
        self.altered = self.altered or self.looks.numbers_it(paragraph)
        return "".join(made)

    def inline(self, parent: etree._Element, made: list[str], hidden: bool) -> None:
        """Runs below an element."""
        for element in parent:
            name = local(element)
            if name == "r":
                self.run(element, made, hidden)
            elif name in _GONE:
                self.gone(element)
            elif name in ("oMath", "oMathPara"):
                self.made.tell(LeftOut.EQUATION, joined(element))
                self.altered = True
            elif name in _PUT_IN or name == "AlternateContent":
                self.made.tell(LeftOut.EMBEDDED, "")
            elif name in ("bdo", "dir") and attribute(element, "val") == "rtl":
                self.made.tell(LeftOut.TURNED, joined(element))
            elif name in _WRAPS:
                self.wrapped(element, name, made, hidden)

    def wrapped(self, element: etree._Element, name: str, made: list[str], hidden: bool) -> None:
        """What stands in an element that only wraps it: a field, a control, an insertion …"""
        before = len(made)
        self.inline(element, made, hidden)
        if name == "fldSimple":
            self.altered = self.altered or is_on_text(attribute(element, "dirty"))
            if len(made) == before and not _SILENT_FIELDS.match(attribute(element, "instr")):
                self.made.tell(LeftOut.EQUATION, attribute(element, "instr").strip())
        elif name == "sdt" and is_on(element.find("{*}sdtPr/{*}showingPlcHdr")):
            # Words that ask for something, until it is filled in.
            self.altered = True

    def run(self, element: etree._Element, made: list[str], hidden: bool) -> None:
        """The text of one run, or what it is told as."""
        text = "".join(self.piece(part) for part in element)
        if not text:
            return
        left = LeftOut.HIDDEN if hidden else self.looks.left(element)
        left = None if self.unseen and left in UNSEEN else left
        where = self.looks.raised(element)
        if left is None and where:
            signs = raised(text, where == "subscript")
            left, text = (None, signs) if signs else (LeftOut.RAISED, text)
        self.altered = self.altered or self.looks.pushed(element)
        if left is None:
            made.append(text)
        else:
            self.made.tell(left, text)

    def piece(self, part: etree._Element) -> str:
        """What one element in a run says."""
        name = local(part)
        if name == "fldChar":
            self.altered = self.altered or is_on_text(attribute(part, "dirty"))
            return self.field(attribute(part, "fldCharType"), part)
        if any(self.fields):
            self.code += (part.text or "") if name == "instrText" else ""
            return ""
        self.solved = self.solved or name == "t"
        match name:
            case "t":
                return part.text or ""
            case "tab" | "ptab" | "br" | "cr" | "noBreakHyphen":
                return _SIGNS[name]
            case "footnoteReference" | "endnoteReference":
                note = self.notes.get(name, {}).get(attribute(part, "id"), "")
                self.made.tell(LeftOut.FOOTNOTE, note)
            case "ruby":
                base = part.find("{*}rubyBase")
                return joined(base) if base is not None else ""
            case "sym":
                self.made.tell(LeftOut.PICTURE, "")
                self.altered = True
            case "object" | "contentPart":
                self.made.tell(LeftOut.EMBEDDED, "")
            case "drawing" | "pict" | "AlternateContent":
                self.drawn(part)
            case _ if name in _FILLED_IN:
                self.made.tell(LeftOut.EQUATION, name)
                self.altered = True
        return ""

    def field(self, kind: str, part: etree._Element) -> str:
        """A field begins, its result begins, or it ends; the text that a list to choose from shows."""
        chosen = ""
        if kind == "begin":
            self.fields.append(True)
            self.code, self.solved = "", False
            if (choices := part.find("{*}ffData/{*}ddList")) is not None:
                chosen, self.solved = _chosen(choices), True
        elif self.fields:
            if kind == "separate":
                self.fields[-1] = False
            elif kind == "end":
                self.fields.pop()
                if self.code.strip() and not self.solved and not _SILENT_FIELDS.match(self.code):
                    self.made.tell(LeftOut.EQUATION, self.code.strip())
                self.code = ""
        return chosen

    def drawn(self, part: etree._Element) -> None:
        """Pictures and text boxes. What is there in two ways (for old programs too) is told once."""
        text = next((joined(box) for box in part.iter("{*}txbxContent")), None)
        if text is not None:
            self.made.tell(LeftOut.TEXT_BOX, text)
        else:
            self.made.tell(LeftOut.PICTURE, "")

    def gone(self, element: etree._Element) -> None:
        """Something that was deleted."""
        if text := joined(element):
            self.made.tell(LeftOut.DELETED, text)

    def table(self, element: etree._Element) -> list[DocumentTable]:
        """A table, and behind it the tables that stand in its cells."""
        self.made.tables += 1
        number, outer, self.within = self.made.tables, self.within, self.made.tables
        lines, inner, hidden = list[list[Laid]](), list[DocumentTable](), set[int]()
        for row in _below(element, "tr"):
            looks = row.find("{*}trPr")
            if looks is not None and looks.find("{*}del") is not None:
                self.gone(row)
                continue
            if looks is not None and (is_on(looks.find("{*}hidden")) or _is_flat(looks)):
                hidden.add(len(lines))
            line, seen = self.row(row, looks, inner)
            if not seen:
                hidden.add(len(lines))
            lines.append(line)
        self.within = outer
        merged = self.merged(lines)
        for at, line in enumerate(merged, 1):
            self.cells.update({(number, at, laid.column + 1): laid.source for laid in line})
        made = laid_table(merged, number, within=outer, hidden_rows=hidden)
        return [made, *inner]

    def row(
        self, row: etree._Element, looks: etree._Element | None, inner: list[DocumentTable]
    ) -> tuple[list[Laid], bool]:
        """The cells of a row, and whether any of them is seen; one of which nothing is seen is read all the same."""
        told, tables, within = len(self.made.told), self.made.tables, len(inner)
        line = self.cells_of_row(row, looks, inner)
        unseen = any(t.left in UNSEEN for t in self.made.told[told:])
        if not unseen or any(laid.text.strip() for laid in line):
            return line, True
        del self.made.told[told:], inner[within:]
        self.made.tables, self.unseen = tables, True
        line = self.cells_of_row(row, looks, inner)
        self.unseen = False
        return line, False

    def cells_of_row(
        self, row: etree._Element, looks: etree._Element | None, inner: list[DocumentTable]
    ) -> list[Laid]:
        """The cells of a row; the first may begin some columns on."""
        line, before = list[Laid](), _count(looks, "gridBefore") if looks is not None else 0
        for cell in _below(row, "tc"):
            line.append(self.cell(cell, before, inner))
            before = 0
        return line

    def cell(self, element: etree._Element, before: int, inner: list[DocumentTable]) -> Laid:
        """A cell; `rows` is 0 where it goes on with the cell above."""
        looks = element.find("{*}tcPr")
        texts, told, within = list[str](), len(self.made.told), len(inner)
        outer, self.altered = self.altered, False
        self.inside(element, texts, inner)
        merge = looks.find("{*}vMerge") if looks is not None else None
        down = merge is not None and attribute(merge, "val", "continue") != "restart"
        columns = max(_count(looks, "gridSpan"), 1) if looks is not None else 1
        text = "\n".join(texts).strip("\n")
        if looks is not None and looks.find("{*}cellDel") is not None and text:
            self.made.tell(LeftOut.STRUCK, text)
            text = ""
        lost = self.made.lost(text, told, inner[within:])
        altered = self.altered or _holds_more(self.made.told[told:], inner[within:])
        self.altered = outer
        return Laid(
            text, 0 if down else 1, columns, before, lost=lost, altered=altered, source=element
        )

    def inside(self, parent: etree._Element, texts: list[str], inner: list[DocumentTable]) -> None:
        """Paragraphs and tables in a cell."""
        for element in parent:
            name = local(element)
            if name == "p":
                texts.append(self.text(element))
            elif name == "tbl":
                inner += self.table(element)
            elif name in _GONE:
                self.gone(element)
            elif name in _WRAPS:
                self.inside(element, texts, inner)

    def merged(self, lines: list[list[Laid]]) -> list[list[Laid]]:
        """Cells that go on with the one above become part of it. Every cell of a row is listed, so that each knows its column."""
        made = list[list[Laid]]()
        above: dict[int, tuple[int, int]] = {}
        for number, line in enumerate(lines):
            column, here = 0, dict[int, tuple[int, int]]()
            made.append([])
            for laid in line:
                column += laid.before
                row, index = above.get(column, (-1, -1))
                if laid.rows == 0 and row >= 0 and made[row][index].columns == laid.columns:
                    upper = made[row][index]
                    made[row][index] = replace(upper, rows=upper.rows + 1)
                    here[column] = row, index
                    if laid.text.strip():
                        self.made.tell(LeftOut.HIDDEN, laid.text)
                else:
                    here[column] = number, len(made[-1])
                    made[-1].append(replace(laid, rows=1, before=0, column=column))
                column += laid.columns
            above = here
        return made


def _holds_more(told: Sequence[Told], inner: Sequence[DocumentTable]) -> bool:
    """Whether figures stand beside the text of a cell: in a text box, in a separate table."""
    boxes = [t.text for t in told if t.left is LeftOut.TEXT_BOX]
    boxes += [cell.text for table in inner for cell in table.cells]
    return any(map(str.isdigit, "".join(boxes)))


def _chosen(choices: etree._Element) -> str:
    """The entry of a list that is chosen: the one stated, else the usual one, else the first."""
    entries = [attribute(entry, "val") for entry in choices.iterfind("{*}listEntry")]
    number = _count(choices, "result") or _count(choices, "default")
    return entries[number] if number < len(entries) else ""


def _is_flat(looks: etree._Element) -> bool:
    """Whether a row is too low to show anything."""
    height = looks.find("{*}trHeight")
    exact = height is not None and attribute(height, "hRule") == "exact"
    return exact and _count(looks, "trHeight") < _FLAT


def _below(parent: etree._Element, name: str) -> list[etree._Element]:
    """Rows of a table, or cells of a row, also those that are wrapped."""
    made = list[etree._Element]()
    for element in parent:
        if local(element) == name:
            made.append(element)
        elif local(element) in _WRAPS:
            made += _below(element, name)
    return made


def _count(looks: etree._Element, name: str) -> int:
    found = looks.find(f"{{*}}{name}")
    text = attribute(found, "val") if found is not None else ""
    return min(int(text), 1000) if text.isdecimal() and len(text) < 5 else 0


__all__ = ["blocks", "cells_of"]
