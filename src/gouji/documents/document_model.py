"""What a document is once read: blocks in order (paragraphs, tables of cells), what was left out of them; the fault of one that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gouji.base.i18n import _


class DocumentFault(Exception):
    """A document that is not read: what is wrong with it, how to fix it; whether it is a scan, of which nobody expects that it can be read."""

    def __init__(self, what: str, fix: str, scan: bool = False) -> None:
        super().__init__(what, fix, scan)
        self.what, self.fix, self.scan = what, fix, scan


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as shown, in points from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """Where something stands, everything counted from 1; 0 is what the kind of document does not have.

    `paragraph` counts paragraphs of the document, `line` lines of text on the page; `table` counts tables of the page where
    there are pages, else of the document; `row` and `column` are those of the table.
    """

    paragraph: int = 0
    line: int = 0
    page: int = 0
    table: int = 0
    row: int = 0
    column: int = 0
    box: Box | None = None

    def __str__(self) -> str:
        said = _("第{n}页").format(n=self.page) if self.page else ""
        if self.table:
            said += _("表{n}").format(n=self.table)
        elif self.line:
            said += _("第{n}行").format(n=self.line)
        elif self.paragraph:
            said += _("第{n}段").format(n=self.paragraph)
        if self.row:
            said += " " + _("第{row}行第{column}列").format(row=self.row, column=self.column)
        return said.strip()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph (in a PDF: a line of text); the level of a heading from 1, 0 for others."""

    text: str
    place: DocumentPlace
    level: int = 0


@dataclass(frozen=True, slots=True)
class DocumentCell:
    """A cell: its text (lines parted by a line feed), row and column of its upper left corner from 0, how many it spans, its place.

    `number` is the number that the file holds beside the text it shows (ods), None where it holds none. `lost` is what a
    cell without text holds all the same: struck out, or not shown; `unseen`: why its text is not seen ("ground": it has the
    colour of what lies behind it, "small", "filled": repeated to fill the cell, "narrow", "covered", "masked" or "changed" by a condition, "may be masked"); `altered`: the document shows something other than its text.
    """

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    place: DocumentPlace = DocumentPlace()
    number: float | None = None
    lost: str = ""
    unseen: str = ""
    altered: bool = False


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table: its cells (only those that are there), height and width, its place, a name where it has one of its own (ods).

    `ruled` is False where columns were told from white space alone. `doubt` says why its rows or columns cannot be relied on: nothing
    is to be taken from it then. `hidden`: the file does not show it. `within` is the number of the table it stands in (0: in none).
    `opens`, `closes`: it begins, or ends, its page (nothing but page numbers before, or behind, it).
    """

    cells: tuple[DocumentCell, ...]
    height: int
    width: int
    place: DocumentPlace
    name: str = ""
    ruled: bool = True
    doubt: str = ""
    hidden: bool = False
    within: int = 0
    opens: bool = False
    closes: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    # Left edges of the columns of a PDF's table, for tables that go on over pages; places of its rows are of several pages then.
    edges: tuple[float, ...] = ()

    def rows(self) -> list[list[str]]:
        """The texts as a grid; places that a cell spans beyond its first are empty."""
        made = [[""] * self.width for _row in range(self.height)]
        for cell in self.cells:
            made[cell.row][cell.column] = cell.text
        return made

    def at(self, row: int, column: int) -> DocumentCell | None:
        """The cell whose upper left corner is there."""
        return next((c for c in self.cells if (c.row, c.column) == (row, column)), None)


Block = Paragraph | DocumentTable


class LeftOut(StrEnum):
    """What is in a document and no part of its text."""

    DELETED = "deleted"
    HIDDEN = "hidden"
    STRUCK = "struck"
    RAISED = "raised"
    FOOTNOTE = "footnote"
    COMMENT = "comment"
    TEXT_BOX = "text box"
    PICTURE = "picture"
    EMBEDDED = "embedded"
    EQUATION = "equation"
    TURNED = "turned"
    UNSEEN = "unseen"


LOST_AT_MOST = 100
# Of a line of which nothing is seen the rest is read, and marked as hidden.
UNSEEN = frozenset([LeftOut.HIDDEN, LeftOut.UNSEEN])
# What may have been the figure of a cell in which nothing else stands.
_MAY_BE_FIGURES = frozenset(
    [LeftOut.STRUCK, LeftOut.HIDDEN, LeftOut.UNSEEN, LeftOut.TURNED] + [LeftOut.TEXT_BOX]
)
_ALWAYS = frozenset([LeftOut.PICTURE, LeftOut.EMBEDDED, LeftOut.EQUATION])


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was left out: what it is, its text (empty where it has none), where it stands."""

    left: LeftOut
    text: str
    place: DocumentPlace

    def __str__(self) -> str:
        words = {
            LeftOut.DELETED: _("修订中删去的文字不算"),
            LeftOut.HIDDEN: _("隐藏的文字没有读"),
            LeftOut.STRUCK: _("划掉的文字不算"),
            LeftOut.RAISED: _("上标、下标的文字不算"),
            LeftOut.FOOTNOTE: _("脚注"),
            LeftOut.COMMENT: _("批注没有读"),
            LeftOut.TEXT_BOX: _("文本框里的文字没有读"),
            LeftOut.PICTURE: _("图片没有读"),
            LeftOut.EMBEDDED: _("嵌入的文件没有读"),
            LeftOut.EQUATION: _("公式没有读"),
            LeftOut.TURNED: _("斜放的文字（水印）没有读"),
            LeftOut.UNSEEN: _("看不见的文字没有读"),
        }[self.left]
        return f"{words}: “{self.text}”" if self.text else words


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its kind (suffix without the dot), its SHA-256, blocks in order, what was left out, width and height of its pages (PDF)."""

    kind: str
    digest: str
    blocks: tuple[Block, ...]
    told: tuple[Told, ...] = ()
    pages: tuple[tuple[float, float], ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs, those in cells of tables not among them."""
        return tuple(b for b in self.blocks if isinstance(b, Paragraph))

    @property
    def tables(self) -> tuple[DocumentTable, ...]:
        """The tables."""
        return tuple(b for b in self.blocks if isinstance(b, DocumentTable))

    def with_above(self) -> Iterator[tuple[DocumentTable, Sequence[Paragraph]]]:
        """Every table with the paragraphs between it and the table before."""
        above: list[Paragraph] = []
        for block in self.blocks:
            match block:
                case DocumentTable():
                    yield block, tuple(above)
                    above = []
                case Paragraph():
                    above.append(block)


@dataclass(slots=True)
class Blocks:
    """Blocks in the making, for readers: counts paragraphs and tables."""

    blocks: list[Block] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0

    def paragraph(self, text: str, level: int = 0) -> None:
        """Add a paragraph; an empty one counts, and is not kept."""
        self.paragraphs += 1
        if text.strip():
            self.blocks.append(Paragraph(text, DocumentPlace(paragraph=self.paragraphs), level))

    def tell(self, left: LeftOut, text: str, place: DocumentPlace | None = None) -> None:
        """Something is left out of the paragraph that comes next, or of a place."""
        self.told.append(
            Told(
                left, " ".join(text.split()), place or DocumentPlace(paragraph=self.paragraphs + 1)
            )
        )

    def lost(self, text: str, since: int, inner: Sequence[DocumentTable] = ()) -> str:
        """What a cell without text holds all the same: of what was told from the entry `since` on a picture or a formula, or figures; figures of tables in it."""
        if text.strip():
            return ""
        told = self.told[since:]
        pictures = [t.text or str(t) for t in told if t.left in _ALWAYS]
        found = [t.text for t in told if t.left in _MAY_BE_FIGURES]
        found += [cell.text for table in inner for cell in table.cells]
        figures = (part for part in found if any(map(str.isdigit, part)))
        return " ".join([*pictures, *figures])[:LOST_AT_MOST]


__all__ = [
    "UNSEEN",
    "Block",
    "Blocks",
    "Box",
    "Document",
    "DocumentCell",
    "DocumentFault",
    "DocumentPlace",
    "DocumentTable",
    "LeftOut",
    "Paragraph",
    "Told",
]
