"""The bytes of an odt or ods -> paragraphs and tables in order; of a spreadsheet every sheet is a table, its cells what they show.

Deleted text under tracked changes lies apart in such files and is told; hidden sheets, rows and columns are marked; annotations are told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from gouji.base.colours import same_colour
from gouji.base.i18n import _
from gouji.documents.document_model import Blocks, DocumentFault, DocumentTable, LeftOut
from gouji.documents.document_package import Container, attribute, damaged, local, locked
from gouji.documents.grid import MAX_CELLS, Laid, laid_table
from gouji.documents.open_looks import OpenLooks, SheetLooks, is_error, is_flat, repeated
from gouji.documents.plain_text import raised

MAX_REPEATED = 200_000
_NUMBERS = ("float", "percentage", "currency")
_FRAMES = frozenset(("frame", "custom-shape", "rect", "object", "image"))
_GROUPS = frozenset(("table-header-rows", "table-rows", "table-row-group"))
_SECTIONS = frozenset(("section", "list", "list-item", "list-header", "index-body", "text"))


def blocks(raw: bytes) -> Blocks:
    """Read a file. Raises DocumentFault."""
    container = Container(raw)
    manifest = container.tree("META-INF/manifest.xml")
    if manifest is not None and manifest.find(".//{*}encryption-data") is not None:
        raise locked()
    root = container.tree("content.xml")
    body = root.find("{*}body") if root is not None else None
    if root is None or body is None:
        raise damaged("content.xml")
    reader = _OpenDocument(root, container.tree("styles.xml"))
    for part in body:
        reader.walk(part)
    return reader.made


_WHITE = "#ffffff"
# Sizes of text that nobody can read.
_TINY = re.compile(r"[012](?:\.0+)?pt")


class _OpenDocument:
    """Reads one file."""

    def __init__(self, root: etree._Element, common: etree._Element | None) -> None:
        self.made = Blocks()
        self.unseen, self.struck, self.hidden = set[str](), set[str](), set[str]()
        # Styles of rows and columns of no size; of cells that repeat their text.
        self.flat, self.filled = set[str](), set[str]()
        self.small: dict[str, bool] = {}
        # Colours of the text and of what lies behind it, by the style of a cell.
        self.inks: dict[str, tuple[str, str]] = {}
        # What lies behind the text that is being read.
        self.ground = _WHITE
        for style in common.iterfind("{*}styles/{*}style") if common is not None else ():
            self.style(style, attribute(style, "name"))
        for style in root.iterfind("{*}automatic-styles/{*}style"):
            self.style(style, attribute(style, "name"))
        self.shows = OpenLooks(self.hides)
        for part in (common, root):
            for kept in part.iterfind("{*}*") if part is not None else ():
                self.shows.take(kept if local(kept) in ("styles", "automatic-styles") else ())
        self.sheet: SheetLooks | None = None
        self.within = 0

    def hides(self, style: str) -> bool:
        """Whether text of a style is not seen."""
        unseen = style in self.unseen or style in self.hidden
        return unseen or same_colour(*self.inks.get(style, ("", " ")))

    def style(self, style: etree._Element, name: str) -> None:
        """What a style of the text, of a cell or of a table says, itself or by the one that it follows."""
        parent = attribute(style, "parent-style-name")
        for names in (self.unseen, self.struck, self.hidden, self.filled):
            if parent in names:
                names.add(name)
        ink, ground = self.inks.get(parent, ("#000000", _WHITE))
        for looks in style:
            ink = attribute(looks, "color", ink).lower()
            ground = attribute(looks, "background-color", ground).lower()
            self.inks[name] = ink, _WHITE if ground == "transparent" else ground
            self.looks(looks, name)

    def looks(self, looks: etree._Element, name: str) -> None:
        """What a style hides, strikes out, raises or lowers."""
        self.sizes(looks, name)
        if _TINY.fullmatch(attribute(looks, "font-size")):
            self.unseen.add(name)
        match attribute(looks, "display"):
            case "none":
                self.unseen.add(name)
            case "false":
                self.hidden.add(name)
        line, kind = (attribute(looks, f"text-line-through-{what}") for what in ("style", "type"))
        if struck := line or kind:
            (self.struck.discard if struck == "none" else self.struck.add)(name)
        position = attribute(looks, "text-position").split(" ")[0]
        if position and position not in ("0%", "normal"):
            self.small[name] = position.startswith(("sub", "-"))

    def sizes(self, looks: etree._Element, name: str) -> None:
        """Whether what has a style has no size, or repeats its text."""
        if attribute(looks, "repeat-content") == "true":
            self.filled.add(name)
        for size in (attribute(looks, "row-height"), attribute(looks, "column-width")):
            if is_flat(size):
                self.flat.add(name)

    def walk(self, parent: etree._Element) -> None:
        """The blocks below an element."""
        for element in parent:
            name = local(element)
            if name in ("p", "h"):
                self.made.paragraph(self.text(element), _level(element))
            elif name == "table":
                self.made.blocks += self.table(element)
            elif name == "tracked-changes":
                self.deleted(element)
            elif name in _FRAMES:
                self.frame(element)
            elif name in _SECTIONS:
                self.walk(element)

    def deleted(self, changes: etree._Element) -> None:
        """What was deleted."""
        for deletion in changes.iter("{*}deletion"):
            if text := "\n".join(_all_text(p) for p in deletion.iter("{*}p", "{*}h")).strip():
                self.made.tell(LeftOut.DELETED, text)

    def frame(self, element: etree._Element) -> None:
        """A picture, an embedded file or a box with text."""
        if text := _all_text(element).strip():
            self.made.tell(LeftOut.TEXT_BOX, text)
        else:
            self.made.tell(LeftOut.PICTURE, "")

    def text(self, element: etree._Element) -> str:
        """The text of a paragraph or of a part of one."""
        name = attribute(element, "style-name")
        left = (
            LeftOut.HIDDEN
            if name in self.unseen
            else LeftOut.STRUCK
            if name in self.struck
            else LeftOut.UNSEEN
            if self._on_its_colour(name)
            else None
        )
        if left is not None:
            if text := _all_text(element).strip():
                self.made.tell(left, text)
            return ""
        made = [element.text or ""]
        for part in element:
            made += (self.piece(part), part.tail or "")
        text = "".join(made)
        if name in self.small and local(element) == "span" and text:
            if not (signs := raised(text, self.small[name])):
                self.made.tell(LeftOut.RAISED, text)
            return signs
        return text

    def _on_its_colour(self, style: str) -> bool:
        """Whether text of a style has the colour of what lies behind it."""
        ink, ground = self.inks.get(style, ("", _WHITE))
        return same_colour(ink, ground if ground != _WHITE else self.ground)

    def piece(self, part: etree._Element) -> str:
        """What one element in a paragraph says."""
        match local(part):
            case "s":
                count = attribute(part, "c", "1")
                return " " * (min(int(count), 1000) if count.isdecimal() else 1)
            case "tab":
                return "\t"
            case "ruby":
                base = part.find("{*}ruby-base")
                return self.text(base) if base is not None else ""
            case "line-break":
                return "\n"
            case "note":
                body = part.find("{*}note-body")
                self.made.tell(LeftOut.FOOTNOTE, _all_text(body) if body is not None else "")
            case "annotation":
                self.made.tell(LeftOut.COMMENT, "\n".join(_all_text(p) for p in part.iter("{*}p")))
            case "annotation-end" | "change" | "change-start" | "change-end":
                return ""
            case name if name in _FRAMES:
                self.frame(part)
            case "hidden-text" | "hidden-paragraph":
                return ""
            case _:
                return self.text(part)
        return ""

    def table(self, element: etree._Element) -> list[DocumentTable]:
        """A table (or sheet), and behind it those in its cells."""
        self.made.tables += 1
        number, outer, self.within = self.made.tables, self.within, self.made.tables
        inner, hidden, above = list[DocumentTable](), set[int](), self.sheet
        self.sheet = SheetLooks(self.shows, element, _rows(element))
        lines = self.lines(element, inner, hidden)
        for shapes in element.iterfind("{*}shapes"):
            self.walk(shapes)
        self.within, self.sheet = outer, above
        made = laid_table(
            lines,
            number,
            name=attribute(element, "name"),
            within=outer,
            hidden_rows=hidden,
            hidden_columns=_hidden_columns(element, self.flat),
            hidden=attribute(element, "style-name") in self.hidden,
        )
        return [made, *inner]

    def lines(
        self, table: etree._Element, inner: list[DocumentTable], hidden: set[int]
    ) -> list[list[Laid]]:
        """The rows of a table; those that are not shown go into `hidden`."""
        lines, blank, usual = list[list[Laid]](), 0, _usual_styles(table)
        for row in _rows(table):
            times = repeated(row, "number-rows-repeated")
            line = self.cells(row, len(lines) + blank, inner, usual)
            if not line:
                blank += times
                continue
            lines += [[] for _row in range(_bounded(blank + len(lines)) - len(lines))]
            blank = 0
            _bounded((times + len(lines)) * max(len(line), 1))
            if self.is_hidden(row):
                hidden.update(range(len(lines), len(lines) + times))
            lines += [line] * times
        return lines

    def is_hidden(self, row: etree._Element) -> bool:
        """Whether a row is not shown."""
        shown = attribute(row, "visibility", "visible") == "visible"
        return not shown or attribute(row, "style-name") in self.flat or _is_folded(row)

    def cells(
        self, row: etree._Element, at: int, inner: list[DocumentTable], usual: Mapping[int, str]
    ) -> list[Laid]:
        """The cells of a row up to the last one with something in it; cells that others cover are left out. `usual`: styles by column."""
        made, column = list[Laid](), 0
        for cell in row:
            times = repeated(cell, "number-columns-repeated")
            if local(cell) == "table-cell":
                style = attribute(row, "default-cell-style-name") or usual.get(column, "")
                style = attribute(cell, "style-name") or style
                laid = self.cell(cell, column, inner, style)
                if laid.text and not laid.unseen and self.sheet is not None:
                    laid = replace(laid, unseen=self.sheet.unseen((at, column), style, laid))
                if laid.text or laid.lost or laid.rows > 1 or laid.columns > 1:
                    _bounded(len(made) + times)
                    made += [replace(laid, column=column + n) for n in range(times)]
            elif local(cell) != "covered-table-cell":
                continue
            elif below := _all_text(cell).strip() or attribute(cell, "value"):
                self.made.tell(LeftOut.HIDDEN, below)
            column += times
        return made

    def cell(
        self, element: etree._Element, column: int, inner: list[DocumentTable], style: str
    ) -> Laid:
        """One cell, in a style."""
        told, within = len(self.made.told), len(inner)
        kind, (ink, ground) = attribute(element, "value-type"), self.inks.get(style, ("", " "))
        self.ground = ground if ground.strip() else _WHITE
        text = self._text_of_cell(element, inner) or attribute(element, "string-value")
        self.ground = _WHITE
        rows, columns = (
            repeated(element, f"number-{what}-spanned") for what in ("rows", "columns")
        )
        number = _number(attribute(element, "value")) if kind in _NUMBERS else None
        if style in self.struck and text.strip():
            self.made.tell(LeftOut.STRUCK, text)
            text = ""
        hidden = f"{number:.15g}" if number and not text.strip() else ""
        # A formula that nobody has worked out.
        solved = bool(kind) and not is_error(element)
        hidden = hidden or (attribute(element, "formula") if not (solved or text.strip()) else "")
        lost = self.made.lost(text, told, inner[within:]) or hidden
        return Laid(
            text,
            rows,
            columns,
            0,
            column,
            number,
            lost,
            self.sight(style, same_colour(ink, ground)),
        )

    def sight(self, style: str, on_its_colour: bool) -> str:
        """Why the text of a cell is not seen as it is read."""
        if on_its_colour:
            return "ground"
        if style in self.unseen:
            return "small"
        return "filled" if style in self.filled else ""

    def _text_of_cell(self, element: etree._Element, inner: list[DocumentTable]) -> str:
        """What a cell says, line by line; tables in it are put beside, what is no text of it is told."""
        texts = list[str]()
        for part in element:
            match local(part):
                case "p" | "h":
                    texts.append(self.text(part))
                case "table":
                    inner += self.table(part)
                case "annotation":
                    self.made.tell(LeftOut.COMMENT, "\n".join(map(_all_text, part.iter("{*}p"))))
                case name if name in _FRAMES:
                    self.frame(part)
                case "list" | "section":
                    texts += [self.text(p) for p in part.iter("{*}p", "{*}h")]
        return "\n".join(texts).strip("\n")


def _rows(parent: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, those in groups and of the head too."""
    for part in parent:
        if local(part) == "table-row":
            yield part
        elif local(part) in _GROUPS:
            yield from _rows(part)


def _usual_styles(table: etree._Element) -> dict[int, str]:
    """The style of cells that name none, by column."""
    column, found = 0, dict[int, str]()
    for part in table.iter("{*}table-column"):
        times = min(repeated(part, "number-columns-repeated"), MAX_CELLS)
        if (style := attribute(part, "default-cell-style-name")) and times < MAX_REPEATED:
            found |= dict.fromkeys(range(column, column + times), style)
        column += times
    return found


def _is_folded(part: etree._Element) -> bool:
    """Whether a row or a column lies in a group that is folded up."""
    return any(
        attribute(above, "display", "true") == "false"
        for above in part.iterancestors("{*}table-row-group", "{*}table-column-group")
    )


def _hidden_columns(table: etree._Element, flat: Collection[str]) -> list[int]:
    """The columns that are not shown; `flat`: styles of those that have no width."""
    column, found = 0, list[int]()
    for part in table.iter("{*}table-column"):
        times = min(repeated(part, "number-columns-repeated"), MAX_CELLS)
        hidden = (
            attribute(part, "visibility", "visible") != "visible"
            or attribute(part, "style-name") in flat
            or _is_folded(part)
        )
        if hidden and times < MAX_REPEATED:
            found += range(column, column + times)
        column += times
    return found


def _bounded(count: int) -> int:
    """Raises DocumentFault where more is repeated than a sheet may hold."""
    if count > MAX_CELLS:
        raise DocumentFault(
            _("表格超过 {n} 个格子").format(n=MAX_CELLS), _("删去多余的行和列，或分成几个文件")
        )
    return count


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _all_text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _level(element: etree._Element) -> int:
    level = attribute(element, "outline-level", "1") if local(element) == "h" else ""
    return int(level) if level in tuple("123456789") else 0


__all__ = ["blocks"]
