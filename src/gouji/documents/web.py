"""The bytes of a web page -> paragraphs and tables in order, as a browser without styles of other files shows them.

What is hidden (`hidden`, `display:none`, also by a class of the page's own styles) and what is struck out is told. Nothing is fetched.
"""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree, html

from gouji.base.i18n import _
from gouji.documents.document_model import UNSEEN, Blocks, DocumentFault, DocumentTable, LeftOut
from gouji.documents.document_package import bounded, damaged, local
from gouji.documents.grid import Laid, laid_table
from gouji.documents.plain_text import decoded, raised
from gouji.documents.web_rows import WebRow, hidden_columns, is_gone, over_hidden, rows_of, span
from gouji.documents.web_shown import BLOCK_DISPLAYS, INLINE_DISPLAYS
from gouji.documents.web_styles import WebStyles

MAX_ELEMENTS, MAX_DEPTH = 200_000, 200
_SILENT = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "meta",
        "link",
        "datalist",
        "rt",
        "rp",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "ul",
    ]
)
_PICTURES = frozenset(
    ["img", "svg", "canvas", "video", "audio", "picture", "progress", "meter"]
    + ["iframe", "object", "embed", "applet"]
)
_STRUCK = frozenset(["s", "strike", "del"])
_META = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_FIELDS = frozenset(["input", "textarea", "select"])
# Fields of a form that show what they hold.
_SHOWS_VALUE = frozenset(["", "text", "number", "tel", "search", "date", "month", "year"])
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def blocks(raw: bytes) -> Blocks:
    """Read a web page. Raises DocumentFault."""
    meta = _META.search(raw[:4096])
    text = decoded(raw, meta[1].decode("ascii") if meta else "")
    text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text).replace("\0", "")
    if not text.strip():
        raise damaged("HTML")
    parser = html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as fault:
        raise damaged(str(fault)[:120]) from fault
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise _too_deep()
    bounded(root, MAX_ELEMENTS, MAX_DEPTH)
    page = _Page(root)
    page.walk(root)
    page.end()
    return page.made


def _too_deep() -> DocumentFault:
    what = _("内容太多或嵌套太深（超过 {n} 个元素或 {depth} 层）")
    return DocumentFault(
        what.format(n=MAX_ELEMENTS, depth=MAX_DEPTH), _("删去多余的内容，或分成几个文件")
    )


class _Page:
    """Reads one page."""

    def __init__(self, root: html.HtmlElement) -> None:
        self.made = Blocks()
        self.text = list[str]()
        self.styles = WebStyles(root)
        self.level = self.within = 0
        self.in_cell = False
        self.inner = list[DocumentTable]()
        # Whether the cell that is being read shows something other than its text; whether it is read though nobody sees it.
        self.altered = self.unseen = False

    def end(self) -> None:
        """A paragraph ends; in a cell, a line."""
        if self.in_cell:
            self.text.append("\n")
            return
        text = _lines(self.text)
        self.text.clear()
        if text:
            self.made.paragraph(text, self.level)

    def walk(self, parent: etree._Element) -> None:
        """What stands in an element, and behind each element in it."""
        self.text.append(_plain(self.styles.added(parent, "before")))
        if local(parent).lower() != "details" or "open" in parent.attrib:
            self.text.append(_plain(parent.text))
        elif (parent.text or "").strip():
            self.made.tell(LeftOut.HIDDEN, (parent.text or "").strip())
        for element in parent:
            self.element(element)
            self.text.append(_plain(element.tail))
        self.text.append(_plain(self.styles.added(parent, "after")))

    def element(self, element: etree._Element) -> None:
        """One element."""
        name = local(element).lower()
        if name == "script" and self.in_cell and "document.write" in (element.text or ""):
            self.made.tell(LeftOut.EMBEDDED, "")
        if name in _SILENT or not name:
            return
        if (left := self.left(element, name)) is not None:
            self.tell(left, element)
        else:
            self.looks(element, name)
            self.shown(element, name)

    def shown(self, element: etree._Element, name: str) -> None:
        """One element that is shown."""
        if name == "table":
            self.end()
            (self.inner if self.in_cell else self.made.blocks).extend(self.table(element))
        elif name == "br":
            self.text.append("\n")
        elif name in _FIELDS:
            self.text += _field(element, name)
            self.unfilled(element)
        elif name == "math":
            self.math(element)
        elif where := name if name in ("sup", "sub") else self.styles.raised(element):
            self.text.append(self.small(element, where == "sub"))
        elif name in _PICTURES:
            self.made.tell(LeftOut.PICTURE, element.get("alt", ""))
        elif self.is_block(element, name):
            self.block(element, name)
        else:
            self.walk(element)

    def unfilled(self, field: etree._Element) -> None:
        """What a field shows that nobody filled in, and one that shows dots."""
        if not field.get("value") and (asked := field.get("placeholder")):
            self.made.tell(LeftOut.HIDDEN, asked)
        if field.get("type", "").lower() == "password" and field.get("value"):
            self.made.tell(LeftOut.PICTURE, "")

    def math(self, element: etree._Element) -> None:
        """A formula: text where it is a number alone."""
        text = "".join(map(str, element.itertext())).strip()
        signs = {local(e) for e in element.iter()}
        if signs <= {"math", "mrow", "mn", "mo", "semantics"}:
            self.text.append(text)
        else:
            self.made.tell(LeftOut.EQUATION, text)
            self.altered = True

    def looks(self, element: etree._Element, name: str) -> None:
        """Keep in mind whether what is laid out here differs from its text."""
        if not self.in_cell and self.styles.lies_over(element):
            self.made.tell(LeftOut.TEXT_BOX, "".join(map(str, element.itertext())).strip())
        if self.in_cell and not self.altered:
            text = "".join(map(str, element.itertext()))
            self.altered = (
                self.styles.altered(element, text)
                or (
                    (name == "li" or self.styles.display(element) == "list-item")
                    and self.numbered(element)
                )
                or (bool(side := self.styles.floats(element)) and self.moved(element, side))
            )

    def moved(self, element: etree._Element, side: str) -> bool:
        """Whether a piece that floats to a side stands before, or behind, figures that its text comes after, or before."""
        behind = "".join(str(t) for e in element.itersiblings() for t in e.itertext())
        behind += element.tail or ""
        before = "".join(self.text)
        passed = before if side == "left" else behind
        return any(map(str.isdigit, passed))

    def numbered(self, item: etree._Element) -> bool:
        """Whether an item of a list has a number before it."""
        above = item.getparent()
        given = {**self.styles.at(above), **self.styles.at(item)} if above is not None else {}
        kind = given.get("list-style-type", given.get("list-style", ""))
        listed = above is not None and local(above).lower() == "ol"
        listed = listed or any(w in kind for w in ("decimal", "lower", "upper", "cjk"))
        return listed and not any(w in kind for w in ("none", "disc", "circle", "square"))

    def is_block(self, element: etree._Element, name: str) -> bool:
        """Whether an element is a separate paragraph or line."""
        display = self.styles.display(element)
        return display in BLOCK_DISPLAYS or (name in _BLOCKS and display not in INLINE_DISPLAYS)

    def block(self, element: etree._Element, name: str) -> None:
        """An element that is its own paragraph."""
        self.end()
        outer, self.level = self.level, int(name[1]) if re.fullmatch("h[1-6]", name) else self.level
        self.walk(element)
        self.end()
        self.level = outer

    def left(self, element: etree._Element, name: str) -> LeftOut | None:
        """Why nothing of an element is text; None where it is."""
        left = self.why_left(element, name)
        return None if self.unseen and left in UNSEEN else left

    def why_left(self, element: etree._Element, name: str) -> LeftOut | None:
        """The same, of a cell that is read though nobody sees it too."""
        above = element.getparent()
        if "hidden" in element.attrib or (name == "dialog" and "open" not in element.attrib):
            return LeftOut.HIDDEN
        if above is not None and local(above).lower() == "details" and name != "summary":
            return LeftOut.HIDDEN if "open" not in above.attrib else self.styles.left(element)
        if name == "bdo" and element.get("dir", "").lower() == "rtl":
            return LeftOut.TURNED
        return LeftOut.STRUCK if name in _STRUCK else self.styles.left(element)

    def tell(self, left: LeftOut, element: etree._Element) -> None:
        """Leave an element out, and say so where it has text."""
        if text := _lines([_plain(str(t)) for t in element.itertext()]):
            self.made.tell(left, text)

    def small(self, element: etree._Element, low: bool) -> str:
        """Raised or lowered text."""
        text = "".join(map(str, element.itertext())).strip()
        if text and not (signs := raised(text, low)):
            self.made.tell(LeftOut.RAISED, text)
            return ""
        return signs if text else ""

    def table(self, element: etree._Element) -> list[DocumentTable]:
        """A table, and behind it those in its cells. One that only lays tables out is none: its cells are paragraphs and tables."""
        for caption in element.iterchildren("caption"):
            self.block(caption, "caption")
        rows = list(rows_of(self.styles, element, self.left))
        if _lays_out(element, [row for row in rows if row.left is None]):
            for cell in (c for row in rows if row.left is None for c in row.cells):
                self.block(cell, "td")
            return []
        self.made.tables += 1
        number, outer = self.made.tables, (self.within, self.text, self.in_cell, self.inner)
        self.within, self.in_cell, self.inner = number, True, []
        lines = [read for row in rows if (read := self.line(row)) is not None]
        inner = self.inner
        self.within, self.text, self.in_cell, self.inner = outer
        made = laid_table(
            over_hidden([cells for cells, _row in lines], [not r.counted for _cells, r in lines]),
            number,
            within=self.within,
            hidden_rows=[n for n, (_cells, row) in enumerate(lines) if row.left is not None],
            hidden_columns=hidden_columns(self.styles, element),
        )
        return [made, *inner]

    def line(self, row: WebRow) -> tuple[list[Laid], WebRow] | None:
        """A row as it is read; one of which nothing is seen is read all the same, and marked. None where there is nothing in it, or it is struck out."""
        if row.left is LeftOut.STRUCK:
            self.tell(row.left, row.element)
            return None
        told, tables, inner = len(self.made.told), self.made.tables, len(self.inner)
        if row.left is None:
            made = self.read_row(row)
            unseen = any(t.left in UNSEEN for t in self.made.told[told:])
            if not unseen or any(laid.text for laid in made):
                return made, row
        del self.made.told[told:], self.inner[inner:]
        self.made.tables, self.unseen = tables, True
        made = self.read_row(row)
        self.unseen = False
        seen = any(laid.text or laid.lost for laid in made)
        return (made, replace(row, left=LeftOut.HIDDEN)) if seen else None

    def read_row(self, row: WebRow) -> list[Laid]:
        """The cells of a row; of those that take no place what they hold is told."""
        gone = [c for c in row.cells if not self.unseen and is_gone(self.styles, c)]
        for cell in gone:
            self.tell(LeftOut.HIDDEN, cell)
        return [self.cell(cell) for cell in row.cells if cell not in gone]

    def cell(self, element: etree._Element) -> Laid:
        """One cell."""
        self.text, told, before, self.altered = [], len(self.made.told), len(self.inner), False
        row = element.getparent()
        left = self.left(element, "td") or (self.left(row, "tr") if row is not None else None)
        self.looks(element, "td")
        if left is not None:
            self.tell(left, element)
        else:
            self.walk(element)
        text, spans = _lines(self.text), [span(element, name) for name in ("rowspan", "colspan")]
        # What a spreadsheet program says the cell holds.
        number = element.get("sdval", "") or element.get("x:num", "")
        held = number if not text.strip() and number.strip("0.") else ""
        lost = self.made.lost(text, told, self.inner[before:]) or held
        return Laid(text, spans[0], max(spans[1], 1), lost=lost, altered=self.altered)


def _lays_out(table: etree._Element, rows: list[WebRow]) -> bool:
    """Whether the tables in its cells hold more cells than it has itself with text."""
    inner = sum(1 for below in table.iterdescendants("table") for _cell in below.iter("td", "th"))
    if not inner:
        return False
    own = (c for row in rows for c in row.cells if next(c.iterdescendants("table"), None) is None)
    return inner > sum(1 for c in own if any(str(t).strip() for t in c.itertext()))


def _plain(text: str | None) -> str:
    return _BLANKS.sub(" ", text or "")


def _lines(parts: list[str]) -> str:
    """Pieces of text as lines; blanks of any number are one, lines without anything none."""
    lines = (_BLANKS.sub(" ", line).strip(" \u00a0") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _field(element: etree._Element, name: str) -> list[str]:
    """What a field of a form shows: what was filled in, or the option that is chosen."""
    if name == "input":
        kind = element.get("type", "").lower()
        return [_plain(element.get("value", "") if kind in _SHOWS_VALUE else "")]
    if name == "textarea":
        return [_plain(str(element.text or ""))]
    if "multiple" in element.attrib:
        every = ("".join(map(str, o.itertext())) for o in element.iter("option"))
        return [part for text in every for part in (_plain(text), "\n")]
    options = list(element.iter("option"))
    chosen = next((o for o in options if "selected" in o.attrib), options[0] if options else None)
    return [_plain("".join(map(str, chosen.itertext())))] if chosen is not None else []


__all__ = ["blocks"]
