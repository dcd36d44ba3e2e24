"""The styles of a workbook -> for each style of cells what numbers look like in it, and whether its texts are struck out or hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from gouji.base.colours import same_colour
from gouji.intake.workbooks.number_format import BUILT_IN, Display, display
from gouji.intake.workbooks.sheet import Sight, Unread
from gouji.intake.workbooks.xml_elements import MAIN, Given, is_on, parse

# How a colour is given, which one, how much lighter or darker.
Colour = tuple[str, str, str]
WHITE, BLACK = ("rgb", "FFFFFF", ""), ("rgb", "000000", "")
_WHITES = frozenset(
    {WHITE, ("theme", "0", ""), ("indexed", "1", ""), ("indexed", "9", ""), ("indexed", "65", "")}
)
_BLACKS = frozenset(
    {("theme", "1", ""), ("indexed", "0", ""), ("indexed", "8", ""), ("indexed", "64", "")}
)
# The least size, in points, of a font that can be read.
READABLE = 3.0


@dataclass(frozen=True, slots=True)
class Styles:
    """By the number of a style (as a cell writes it): its format where that is not General; styles that are struck out; styles that hide texts."""

    displays: Mapping[str, Display]
    struck: frozenset[str] = frozenset()
    hiding: frozenset[str] = frozenset()
    # Styles whose texts are not seen as they are read.
    unseen: Mapping[str, Sight] = field(default_factory=dict)
    # Formats of conditions, by number: those that show nothing or text in the colour of the ground; the codes of those that show another number.
    masking: frozenset[str] = frozenset()
    changing: Mapping[str, str] = field(default_factory=dict)
    # What lies behind the text, where that is not white.
    grounds: Mapping[str, Colour] = field(default_factory=dict)
    # Numbers that are shown as they are held: the scale of the last place that is shown, and what such a number becomes.
    quick: Mapping[str, tuple[float, type[float]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Work out once what is asked of each number."""
        quick = {
            style: (10.0 ** look.quick[0], look.quick[1])
            for style, look in self.displays.items()
            if look.quick is not None and style not in self.struck
        }
        object.__setattr__(self, "quick", quick)

    @classmethod
    def of(
        cls,
        formats: Iterable[str],
        struck: Iterable[bool],
        unseen: Iterable[Sight | None] = (),
        conditions: Iterable[Condition] = (),
        grounds: Iterable[Colour] = (),
    ) -> Styles:
        """The styles whose formats, fonts and colours these are, in their order."""
        made = [display(code) for code in formats]
        given = list(conditions)
        return cls(
            {str(n): d for n, d in enumerate(made) if not d.general or d.hides_text},
            frozenset(str(n) for n, on in enumerate(struck) if on),
            frozenset(str(n) for n, d in enumerate(made) if d.hides_text),
            {str(n): look for n, look in enumerate(unseen) if look is not None},
            frozenset(str(n) for n, condition in enumerate(given) if condition.masks),
            {str(n): condition.code for n, condition in enumerate(given) if condition.code},
            {str(n): ground for n, ground in enumerate(grounds) if ground != WHITE},
        )

    def ground(self, style: str) -> Colour:
        """What lies behind the text of a cell with this style."""
        return self.grounds.get(style, WHITE)


PLAIN = Styles({})


@lru_cache(maxsize=32)
def styles(xml: bytes) -> Styles:
    """Read the part. Many workbooks have the same one. Raises Malformed."""
    part = _StylesPart()
    parse((xml,), part.start, part.end)
    return part.styles()


class _StylesPart:
    """What the elements of the part say: codes of formats by number, fonts and fills in their order, styles of cells, formats of conditions."""

    def __init__(self) -> None:
        self.path = list[str]()
        self.codes = dict[str, str]()
        self.struck, self.inks, self.fills = list[bool](), list[Colour](), list[Colour]()
        # Fonts too small to read; styles that repeat their text to fill the cell.
        self.small, self.filling = list[bool](), set[int]()
        self.found = list[Given]()
        self.conditions = list[Condition]()

    def start(self, name: str, given: Given) -> None:
        """An element begins."""
        space, _blank, own = name.rpartition(" ")
        self.path.append(own if space in ("", *MAIN) else "")
        match self.path[-3:]:
            case [_, "numFmts", "numFmt"]:
                self.codes[given.get("numFmtId", "")] = given.get("formatCode", "")
            case [_, "fonts", "font"]:
                self.struck.append(False)
                self.inks.append(BLACK)
                self.small.append(False)
            case [_, "fills", "fill"]:
                self.fills.append(WHITE)
            case [_, "cellXfs", "xf"]:
                self.found.append(given)
            case [_, "dxfs", "dxf"]:
                self.conditions.append(Condition())
            case _:
                self._within(given)

    def end(self, _name: str) -> None:
        """An element ends."""
        self.path.pop()

    def _within(self, given: Given) -> None:
        """An element within a font, a fill or the format of a condition."""
        match self.path[-3:]:
            case ["fonts", "font", "color"] if self.inks:
                self.inks[-1] = colour(given, BLACK)
            case ["fonts", "font", "strike"] if self.struck:
                self.struck[-1] = is_on(given, "val", "1")
            case ["fonts", "font", "sz"] if self.small:
                self.small[-1] = _size(given.get("val", "")) < READABLE
            case ["cellXfs", "xf", "alignment"] if given.get("horizontal") == "fill":
                self.filling.add(len(self.found) - 1)
            case ["fill", "patternFill", "fgColor"] if self.fills and self.path[-4:-3] == ["fills"]:
                self.fills[-1] = colour(given, WHITE)
            case (
                ["dxf", "font", "color"] | [_, "dxf", "numFmt"] | [_, "patternFill", "bgColor"]
            ) if self.path[1:2] == ["dxfs"] and self.conditions:
                self.conditions[-1].take(self.path[-1], given)

    def styles(self) -> Styles:
        """What all of it says of cells."""
        grounds = [_at(given.get("fillId", "0"), self.fills, WHITE) for given in self.found]
        inks = [_at(given.get("fontId", "0"), self.inks) for given in self.found]
        return Styles.of(
            (_code(given.get("numFmtId", "0"), self.codes) for given in self.found),
            (_struck(given.get("fontId", "0"), self.struck) for given in self.found),
            (
                self._look(n, Sight.GROUND if alike(ink, ground) else None)
                for n, (ink, ground) in enumerate(zip(inks, grounds, strict=True))
            ),
            self.conditions,
            grounds,
        )

    def _look(self, style: int, look: Sight | None) -> Sight | None:
        """Why the text of a style is not seen as it is read."""
        font = self.found[style].get("fontId", "0")
        if look is None and font.isdecimal() and int(font) < len(self.small):
            look = Sight.SMALL if self.small[int(font)] else None
        return Sight.FILLED if look is None and style in self.filling else look


@dataclass(slots=True)
class Condition:
    """The format that a condition gives cells, as far as it may hide them or change the number that they show."""

    ink: Colour | None = None
    fill: Colour | None = None
    shows: bool = True
    code: str = ""

    def take(self, name: str, given: Given) -> None:
        """One element of it."""
        match name:
            case "color":
                self.ink = colour(given, BLACK)
            case "bgColor":
                self.fill = colour(given, WHITE)
            case _:
                self.code = given.get("formatCode", "")
                shown = display(self.code).show(1.0, 0)
                self.shows = not isinstance(shown, Unread)

    @property
    def masks(self) -> bool:
        """Whether what it is given to cannot be seen."""
        return not self.shows or (self.ink is not None and alike(self.ink, self.fill or WHITE))


def colour(given: Given, usual: Colour) -> Colour:
    """One colour, in one way where it is white or black."""
    for kind, words in given.items():
        if kind in ("rgb", "theme", "indexed"):
            made = kind, words.strip().upper()[-6:], given.get("tint", "").strip()
            return WHITE if made in _WHITES else BLACK if made in _BLACKS else _grey(made)
    return usual


def alike(ink: Colour | None, ground: Colour) -> bool:
    """Whether text of one colour is not seen on another."""
    if ink is None:
        return False
    (kind, one, tint), (other_kind, other, other_tint) = ink, ground
    return ink == ground or (
        kind == other_kind == "rgb" and not (tint or other_tint) and same_colour(one, other)
    )


def _grey(made: Colour) -> Colour:
    """White made darker and black made lighter, as the colours that they are; any other as it is."""
    kind, number, tint = made
    try:
        share = float(tint)
    except ValueError:
        return made
    light = {"0": 1 + share, "1": share}.get(number, -1.0) if kind == "theme" else -1.0
    return ("rgb", f"{round(255 * light):02X}" * 3, "") if 0 <= light <= 1 else made


def _size(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return READABLE


def _at(number: str, colours: list[Colour], usual: Colour = BLACK) -> Colour:
    return colours[int(number)] if number.isdecimal() and int(number) < len(colours) else usual


def _code(number: str, codes: Mapping[str, str]) -> str:
    return codes.get(number) or BUILT_IN.get(int(number) if number.isdecimal() else 0, "General")


def _struck(number: str, fonts: list[bool]) -> bool:
    return number.isdecimal() and int(number) < len(fonts) and fonts[int(number)]


__all__ = ["BLACK", "PLAIN", "Colour", "Condition", "Styles", "alike", "colour", "styles"]
