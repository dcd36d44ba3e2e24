"""The XML of one sheet -> the Sheet. What is written as most programs write it is read at once, the rest element by element: the same parser, the same grid."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

from gouji.intake.workbooks.cell_texts import InlineTexts
from gouji.intake.workbooks.sheet import Sheet
from gouji.intake.workbooks.sheet_alike import Templates, written
from gouji.intake.workbooks.sheet_grid import MAX_CELLS, Grid, TooLarge, Wordbook
from gouji.intake.workbooks.sheet_tree import at_once
from gouji.intake.workbooks.xml_elements import MAIN, Given, Malformed, feed

_templates = Templates()
TWICE = "two values"  # no kind of cells


def read_sheet(name: str, part: Callable[[], Iterable[bytes]], words: Wordbook) -> Sheet:
    """Read one sheet; `part` unpacks it, from its beginning each time. Raises Malformed, TooLarge."""
    own = written(part())
    if own is not None and (alike := _templates.read(name, own, words)) is not None:
        return alike
    found = Grid(words)
    if not at_once(part(), found):
        found = Grid(words)
        go_through(part(), found)
        return found.sheet(name)
    made = found.sheet(name)
    if own is not None:
        _templates.learn(own, made, found)
    return made


def go_through(pieces: Iterable[bytes], found: Grid) -> None:
    """Tell the grid row by row what the part holds. One function, because what is inside is called for each element and each text."""
    cell, texts = Given(), InlineTexts(found.words.styles)
    cells: list[Given] = []
    into: Given | None = None
    cell_name = value_name = formula_name = row_name = inline_name = ""
    parser = expat.ParserCreate(namespace_separator=" ", intern={})

    def start(name: str, given: Given) -> None:
        nonlocal cell, into, cell_name, value_name, formula_name, row_name, inline_name
        if name == cell_name:
            cell, into = given, None
            cells.append(given)
        elif name == value_name:
            into = cell
            if "v" in cell:
                cell["t"] = TWICE
            cell["v"] = ""
        elif name == row_name:
            found.row(cells)
            cells.clear()
            found.begin(given)
        elif name == formula_name:
            cell["f"], into = "", None
        elif name == inline_name:
            into = None
            texts.take(parser, cell, name)
        elif cell_name:
            into = found.other(name.rpartition(" ")[2], given)
        else:
            names = _names_below(name, parser)
            cell_name, value_name, formula_name, row_name, inline_name = names

    def chars(text: str) -> None:
        # Blanks between a value and the next element are taken with it; nobody minds them.
        if into is not None:
            into["v"] += text

    parser.StartElementHandler, parser.CharacterDataHandler = start, chars
    feed(parser, pieces)
    found.row(cells)


def _names_below(root: str, parser: expat.XMLParserType) -> list[str]:
    """The names of cell, value, formula, row and inline text as the space of the root element has them. Raises Malformed."""
    space, blank, own_name = root.rpartition(" ")
    if own_name != "worksheet" or space not in ("", *MAIN):
        raise Malformed(own_name[:40])
    names = [f"{space}{blank}{word}" for word in ("c", "v", "f", "row", "is")]
    # Names that are the same object are compared at once.
    parser.intern.update(zip(names, names, strict=True))
    return names


__all__ = ["MAX_CELLS", "TooLarge", "Wordbook", "go_through", "read_sheet"]
