"""Shared strings and the texts inside cells -> what a reader takes for the text of a cell, and what stands there but is no part of it.

Runs that are struck out are left out; raised and lowered figures become the signs that Unicode has for them (`²`, `₁`), so that they stay marks;
what is raised otherwise, and how a word is pronounced, is left out. A run may have its own colour: whether it can be seen its cell decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from gouji.base.i18n import _
from gouji.intake.workbooks.cell_styles import BLACK, Colour, Styles, alike, colour
from gouji.intake.workbooks.xml_elements import MAIN, Given, is_on, parse

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_MARKS = re.compile(r"[0-9+\-=()\s]*")
# Pieces of a text with the colour that each has of its own (None: that of its cell).
Runs = tuple[tuple[str, Colour | None], ...]


class Texts:
    """Gathers one text after another from elements; `made` is the last one, `lost` what is no part of it."""

    def __init__(self) -> None:
        self.made, self.lost = "", ""
        self.parts, self.left = list[str](), list[str]()
        self.into: list[str] | None = None
        self.struck = self.silent = False
        self.raised = ""
        # The colour of the run, where it has its own font; those of the text, where one of them may be that of the ground.
        self.ink: Colour | None = None
        self.inks, self.runs = list[Colour | None](), Runs()

    def begin(self) -> None:
        """A new text."""
        self.parts, self.left, self.into, self.silent = [], [], None, False
        self.struck, self.raised, self.ink, self.inks = False, "", None, []

    def start(self, name: str, given: Given) -> None:
        """An element inside a text, by its own name."""
        match name:
            case "t":
                self.into = []
            case "r":
                self.struck, self.raised, self.ink = False, "", None
            case "rPr":
                self.ink = BLACK
            case "color":
                self.ink = colour(given, BLACK)
            case "rPh":
                self.silent = True
            case "strike":
                self.struck = is_on(given, "val", "1")
            case "vertAlign":
                self.raised = (
                    given.get("val", "") if given.get("val") in ("superscript", "subscript") else ""
                )

    def named(self, name: str, given: Given) -> None:
        """The same, by its name with its namespace."""
        self.start(name.rpartition(" ")[2], given)

    def chars(self, text: str) -> None:
        """A piece of what an element holds."""
        if self.into is not None:
            self.into.append(text)

    def end(self, name: str) -> None:
        """The end of an element inside a text."""
        if name == "rPh":
            self.silent = False
        elif name == "t" and self.into is not None:
            text, self.into = unescaped("".join(self.into)), None
            if not self.silent:
                self.run(text)

    def run(self, text: str) -> None:
        """A run, whole: struck out, raised, or as it stands."""
        if self.struck:
            self.left.append(_("划掉的“{text}”").format(text=text))
        elif not self.raised:
            self.parts.append(text)
            self.inks.append(self.ink)
        elif _MARKS.fullmatch(text):
            self.parts.append(
                text.strip().translate(_RAISED if self.raised == "superscript" else _LOWERED)
            )
            self.inks.append(self.ink)
        else:
            self.left.append(_("上标“{text}”").format(text=text))

    def finish(self) -> None:
        """The text is whole."""
        self.made, self.lost = "".join(self.parts), "、".join(self.left)
        plain = all(ink in (None, BLACK) for ink in self.inks)
        self.runs = () if plain else tuple(zip(self.parts, self.inks, strict=True))


def seen_on(runs: Runs, ground: Colour) -> tuple[str, str]:
    """What of a text is seen on a ground, and what is not.

    >>> white = ("rgb", "FFFFFF", "")
    >>> seen_on((("211", None), (".36", white)), white)
    ('211', '.36')
    """
    return (
        "".join(text for text, ink in runs if not alike(ink, ground)),
        "".join(text for text, ink in runs if alike(ink, ground)),
    )


class InlineTexts(Texts):
    """The text inside a cell: it takes the parser over until it is whole; `styles` say what lies behind it."""

    def __init__(self, styles: Styles) -> None:
        super().__init__()
        self.styles = styles

    def take(self, parser: expat.XMLParserType, cell: Given, name: str) -> None:
        """From here on what the parser tells belongs to the text of this cell; `name` ends it."""
        before = parser.StartElementHandler, parser.CharacterDataHandler

        def end(ended: str) -> None:
            if ended != name:
                self.end(ended.rpartition(" ")[2])
                return
            parser.StartElementHandler, parser.CharacterDataHandler = before
            parser.EndElementHandler = None
            self.finish()
            cell["is"], cell["lost"] = self.made, self.lost
            if self.runs:
                ground = self.styles.ground(cell.get("s", "0"))
                cell["is"], cell["lost"], cell["hid"] = visible(
                    self.made, self.lost, self.runs, ground
                )

        self.begin()
        parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = (
            self.named,
            self.chars,
            end,
        )


def unescaped(text: str) -> str:
    """A text with the signs that are written as their number, `_x000D_`.

    >>> unescaped("a_x0041_b")
    'aAb'
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def visible(text: str, lost: str, runs: Runs, ground: Colour) -> tuple[str, str, str]:
    """What is read of a text with coloured runs: itself, what is no part of it; and whether nothing of it can be seen (then all of it is read, and told)."""
    shown, hidden = seen_on(runs, ground)
    if not hidden.strip() or not shown.strip():
        return text, lost, hidden.strip()
    return shown, "、".join(filter(None, (lost, _("与底色同色的“{text}”").format(text=hidden)))), ""


@dataclass(frozen=True, slots=True)
class Shared:
    """The shared strings of a workbook; by their number what is no part of them, and the runs of those that have colours."""

    texts: Sequence[str] = ()
    lost: Mapping[int, str] = field(default_factory=dict)
    coloured: Mapping[int, Runs] = field(default_factory=dict)


def shared(pieces: Iterable[bytes]) -> Shared:
    """The shared strings of a workbook. Raises Malformed."""
    texts, found, lost, coloured = Texts(), list[str](), dict[int, str](), dict[int, Runs]()
    items = tuple(f"{space} si" for space in MAIN)

    def start(name: str, given: Given) -> None:
        if name in items:
            texts.begin()
        else:
            texts.named(name, given)

    def end(name: str) -> None:
        if name not in items:
            texts.end(name.rpartition(" ")[2])
            return
        texts.finish()
        if texts.lost:
            lost[len(found)] = texts.lost
        if texts.runs:
            coloured[len(found)] = texts.runs
        found.append(texts.made)

    parse(pieces, start, end, texts.chars)
    return Shared(found, lost, coloured)


__all__ = ["InlineTexts", "Shared", "Texts", "shared", "unescaped", "visible"]
