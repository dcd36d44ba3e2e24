"""Styles and looks of a docx -> which text nobody sees; footnotes; levels of headings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from gouji.base.colours import same_colour
from gouji.documents.document_model import LeftOut
from gouji.documents.document_package import attribute, local

_OFF = ("0", "false", "off", "none")
_WHITE, _PAPER = "FFFFFF", ("background1", "light1")
# Sizes, in half points, of text that nobody can read; so far (in half points) above the line smaller text is a mark.
_TINY, _HIGH = 4, 3
# Widths of signs, in hundredths of the usual, that nobody can read; how far (in twentieths of a point) signs are pushed over each other.
_THIN, _PUSHED = 10, 80
_MARKS = {
    "yellow": "FFFF00",
    "green": "00FF00",
    "cyan": "00FFFF",
    "magenta": "FF00FF",
    "blue": "0000FF",
    "red": "FF0000",
    "black": "000000",
    "white": "FFFFFF",
    "lightGray": "C0C0C0",
    "darkGray": "808080",
}


@dataclass(frozen=True, slots=True)
class Looks:
    """Styles of a document that hide their text, the levels of those that are headings; what each style says of runs, and which it is based on."""

    hidden: frozenset[str]
    levels: Mapping[str, int]
    runs: Mapping[str, etree._Element]
    based: Mapping[str, str]
    # Lists by their numbers and levels whose items bear a number; the lists of styles of paragraphs.
    counting: frozenset[tuple[str, str]] = frozenset()
    lists: Mapping[str, etree._Element] = field(default_factory=dict)

    @classmethod
    def of(
        cls, styles: etree._Element | None, counting: frozenset[tuple[str, str]] = frozenset()
    ) -> Looks:
        """Look through the styles; `counting` as `numbering` gives it."""
        runs, lists = dict[str, etree._Element](), dict[str, etree._Element]()
        based, hides, levels = dict[str, str](), dict[str, bool](), dict[str, int]()
        for style in styles.findall("{*}style") if styles is not None else ():
            name, on = attribute(style, "styleId"), style.find("{*}basedOn")
            based[name] = attribute(on, "val") if on is not None else ""
            if (looks := style.find("{*}rPr")) is not None:
                runs[name] = looks
            if (in_list := style.find("{*}pPr/{*}numPr")) is not None:
                lists[name] = in_list
            if (vanish := style.find("{*}rPr/{*}vanish")) is not None:
                hides[name] = is_on(vanish)
            if level := _outline(style) or _named(style):
                levels[name] = level
        hidden = frozenset(name for name in based if _inherited(name, based, hides))
        heads = {n: found for n in based if (found := _inherited(n, based, levels))}
        return cls(hidden, heads, runs, based, counting, lists)

    def level(self, paragraph: etree._Element) -> int:
        """The level of a heading from 1; 0 for other paragraphs."""
        style = paragraph.find("{*}pPr/{*}pStyle")
        return _outline(paragraph) or (
            self.levels.get(attribute(style, "val"), 0) if style is not None else 0
        )

    def numbers_it(self, paragraph: etree._Element) -> bool:
        """Whether a number that is no part of its text stands before a paragraph."""
        given = paragraph.find("{*}pPr/{*}numPr")
        style = paragraph.find("{*}pPr/{*}pStyle")
        name, seen = attribute(style, "val") if style is not None else "", set[str]()
        while given is None and name and name not in seen:
            given = self.lists.get(name)
            seen.add(name)
            name = self.based.get(name, "")
        if given is None:
            return False
        number, level = given.find("{*}numId"), given.find("{*}ilvl")
        return (
            attribute(number, "val") if number is not None else "",
            attribute(level, "val") if level is not None else "0",
        ) in self.counting

    def pushed(self, run: etree._Element) -> bool:
        """Whether the signs of a run are pushed over each other."""
        return _number(self.look(run, "spacing")) <= -_PUSHED

    def hides(self, style: etree._Element | None) -> bool:
        """Whether a style (or none) hides its text."""
        return style is not None and attribute(style, "val") in self.hidden

    def left(self, run: etree._Element) -> LeftOut | None:
        """Why the text of a run is no text; None where it is."""
        if is_on(self.look(run, "vanish")):
            return LeftOut.HIDDEN
        if is_on(self.look(run, "strike")) or is_on(self.look(run, "dstrike")):
            return LeftOut.STRUCK
        color = self.look(run, "color")
        white = color is not None and (
            same_colour(attribute(color, "val"), _WHITE) or attribute(color, "themeColor") in _PAPER
        )
        tiny = 0 < _number(self.look(run, "sz")) <= _TINY
        thin = 0 < _number(self.look(run, "w")) <= _THIN
        ink = attribute(color, "val").upper() if color is not None else ""
        alike = bool(ink) and same_colour(ink, _ground(run))
        return LeftOut.UNSEEN if tiny or thin or alike or (white and not _shaded(run)) else None

    def raised(self, run: etree._Element) -> str:
        """`superscript`, `subscript` or nothing; small text set above or below the line is it too."""
        where = self.look(run, "vertAlign")
        if where is not None and attribute(where, "val") in ("superscript", "subscript"):
            return attribute(where, "val")
        high = _number(self.look(run, "position"))
        if abs(high) < _HIGH or run.find("{*}rPr/{*}sz") is None:
            return ""
        return "superscript" if high > 0 else "subscript"

    def look(self, run: etree._Element, name: str) -> etree._Element | None:
        """What a run, its style or that of its paragraph says of one look."""
        own = run.find("{*}rPr/{*}" + name)
        if own is not None:
            return own
        paragraph = next(run.iterancestors("{*}p"), None)
        styles = [run.find("{*}rPr/{*}rStyle")]
        styles += [paragraph.find("{*}pPr/{*}pStyle")] if paragraph is not None else []
        said = (self._of_style(attribute(s, "val"), name) for s in styles if s is not None)
        return next((found for found in said if found is not None), None)

    def _of_style(self, style: str, name: str) -> etree._Element | None:
        seen = set[str]()
        while style and style not in seen:
            looks = self.runs.get(style)
            if looks is not None and (found := looks.find("{*}" + name)) is not None:
                return found
            seen.add(style)
            style = self.based.get(style, "")
        return None


def _inherited(name: str, based: Mapping[str, str], said: Mapping[str, int]) -> int:
    """What a style says, or the one that it is based on; 0 where none says anything."""
    seen = set[str]()
    while name and name not in seen:
        if name in said:
            return said[name]
        seen.add(name)
        name = based.get(name, "")
    return 0


def _number(element: etree._Element | None) -> int:
    """The whole number that an element says; 0 where it says none."""
    text = attribute(element, "val") if element is not None else ""
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 6 else 0


def is_on(element: etree._Element | None) -> bool:
    """Whether a switch is there and not turned off."""
    return element is not None and attribute(element, "val", "1").lower() not in _OFF


def _ground(run: etree._Element) -> str:
    """The colour that lies behind a run: what it is marked with, its own shading, or that of what it stands in; empty where none is stated."""
    mark = run.find("{*}rPr/{*}highlight")
    if mark is not None:
        return _MARKS.get(attribute(mark, "val"), "")
    for place in (run, *run.iterancestors()):
        shade = place.find("{*}" + local(place) + "Pr/{*}shd")
        if shade is not None and attribute(shade, "fill").upper() not in ("", "AUTO"):
            return attribute(shade, "fill").upper()
    return ""


def numbering(part: etree._Element | None) -> frozenset[tuple[str, str]]:
    """Numbers of lists with those levels whose items bear a number, not a mere sign."""
    if part is None:
        return frozenset()
    levels = {
        attribute(kind, "abstractNumId"): [
            attribute(level, "ilvl") for level in kind.iterfind("{*}lvl") if _counts(level)
        ]
        for kind in part.iterfind("{*}abstractNum")
    }
    kinds = ((n, n.find("{*}abstractNumId")) for n in part.iterfind("{*}num"))
    return frozenset(
        (attribute(number, "numId"), level)
        for number, kind in kinds
        if kind is not None
        for level in levels.get(attribute(kind, "val"), ())
    )


def _counts(level: etree._Element) -> bool:
    kind, text = level.find("{*}numFmt"), level.find("{*}lvlText")
    counts = kind is not None and attribute(kind, "val") not in ("bullet", "none")
    return counts and text is not None and "%" in attribute(text, "val")


def is_on_text(text: str) -> bool:
    """Whether an attribute says yes."""
    return text.lower() in ("1", "true", "on")


def _shaded(run: etree._Element) -> bool:
    """Whether something other than paper may lie behind a run: shading of its own, or of what it stands in."""
    if run.find("{*}rPr/{*}shd") is not None or run.find("{*}rPr/{*}highlight") is not None:
        return True
    for above in run.iterancestors():
        looks = above.find("{*}" + local(above) + "Pr")
        if looks is not None and looks.find("{*}shd") is not None:
            return True
        # A style of tables may shade rows of theirs.
        if looks is not None and looks.find("{*}tblStyle") is not None:
            return True
    return False


def notes_of(part: etree._Element | None) -> dict[str, str]:
    """Footnotes (or endnotes) by their id."""
    return {attribute(note, "id"): joined(note) for note in part} if part is not None else {}


def joined(element: etree._Element) -> str:
    """All text below an element, deleted text too."""
    return "".join(
        part.text or "" if local(part) in ("t", "delText") else "\n" if local(part) == "p" else ""
        for part in element.iter()
    ).strip()


def _outline(element: etree._Element) -> int:
    """The level that a paragraph or a style states."""
    outline = element.find("{*}pPr/{*}outlineLvl")
    level = attribute(outline, "val") if outline is not None else ""
    return int(level) + 1 if level in tuple("012345678") else 0


def _named(style: etree._Element) -> int:
    """The level that the name of a style states: `heading 2`, whatever the style's id."""
    name = style.find("{*}name")
    word, _blank, level = (
        (attribute(name, "val") if name is not None else "").lower().partition(" ")
    )
    return int(level) if word == "heading" and level in tuple("123456789") else 0


__all__ = ["Looks", "is_on", "is_on_text", "joined", "notes_of", "numbering"]
