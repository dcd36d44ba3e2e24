"""The styles of a workbook -> for each style of cells what numbers look like in it, and whether its texts are struck out or hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from gouji.intake.workbooks.number_format import BUILT_IN, Display, display
from gouji.intake.workbooks.sheet import Unread
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


@dataclass(frozen=True, slots=True)
class Styles:
    """By the number of a style (as a cell writes it): its format where that is not General; styles that are struck out; styles that hide texts."""

    displays: Mapping[str, Display]
    struck: frozenset[str] = frozenset()
    hiding: frozenset[str] = frozenset()
    # Styles whose texts have the colour of what lies behind them.
    unseen: frozenset[str] = frozenset()
    # Formats of conditions, by number, that show nothing or text in the colour of the ground.
    masking: frozenset[str] = frozenset()
    # What lies behind the text, where that is not white.
    grounds: Mapping[str, Colour] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        formats: Iterable[str],
        struck: Iterable[bool],
        unseen: Iterable[bool] = (),
        masking: Iterable[bool] = (),
        grounds: Iterable[Colour] = (),
    ) -> Styles:
        """The styles whose formats, fonts and colours these are, in their order."""
        made = [display(code) for code in formats]
        return cls(
            {str(n): d for n, d in enumerate(made) if not d.general or d.hides_text},
            frozenset(str(n) for n, on in enumerate(struck) if on),
            frozenset(str(n) for n, d in enumerate(made) if d.hides_text),
            frozenset(str(n) for n, on in enumerate(unseen) if on),
            frozenset(str(n) for n, on in enumerate(masking) if on),
            {str(n): ground for n, ground in enumerate(grounds) if ground != WHITE},
        )

    def ground(self, style: str) -> Colour:
        """What lies behind the text of a cell with this style."""
        return self.grounds.get(style, WHITE)


PLAIN = Styles({})


@lru_cache(maxsize=32)
def styles(xml: bytes) -> Styles:
    """Read the part. Many workbooks have the same one. Raises Malformed."""
    codes, fonts, found, path = dict[str, str](), list[bool](), list[Given](), list[str]()
    inks, fills, conditions = list[Colour](), list[Colour](), list[_Condition]()

    def start(name: str, given: Given) -> None:
        space, _blank, own = name.rpartition(" ")
        path.append(own if space in ("", *MAIN) else "")
        match path[-3:]:
            case [_, "numFmts", "numFmt"]:
                codes[given.get("numFmtId", "")] = given.get("formatCode", "")
            case [_, "fonts", "font"]:
                fonts.append(False)
                inks.append(BLACK)
            case ["fonts", "font", "color"] if inks:
                inks[-1] = colour(given, BLACK)
            case [_, "fills", "fill"]:
                fills.append(WHITE)
            case ["fill", "patternFill", "fgColor"] if fills and path[-4:-3] == ["fills"]:
                fills[-1] = colour(given, WHITE)
            case ["fonts", "font", "strike"] if fonts:
                fonts[-1] = is_on(given, "val", "1")
            case [_, "cellXfs", "xf"]:
                found.append(given)
            case [_, "dxfs", "dxf"]:
                conditions.append(_Condition())
            case (
                [*_, "dxf", "font", "color"]
                | [*_, "dxf", "numFmt"]
                | [
                    *_,
                    "patternFill",
                    "bgColor",
                ]
            ) if path[1:2] == ["dxfs"] and conditions:
                conditions[-1].take(path[-1], given)

    def end(_name: str) -> None:
        path.pop()

    parse((xml,), start, end)
    unseen = (
        _at(given.get("fontId", "0"), inks) == _at(given.get("fillId", "0"), fills, WHITE)
        for given in found
    )
    return Styles.of(
        (_code(given.get("numFmtId", "0"), codes) for given in found),
        (_struck(given.get("fontId", "0"), fonts) for given in found),
        unseen,
        (condition.masks for condition in conditions),
        (_at(given.get("fillId", "0"), fills, WHITE) for given in found),
    )


@dataclass(slots=True)
class _Condition:
    """The format that a condition gives cells, as far as it may hide them."""

    ink: Colour | None = None
    fill: Colour | None = None
    shows: bool = True

    def take(self, name: str, given: Given) -> None:
        """One element of it."""
        match name:
            case "color":
                self.ink = colour(given, BLACK)
            case "bgColor":
                self.fill = colour(given, WHITE)
            case _:
                shown = display(given.get("formatCode", "")).show(1.0, 0)
                self.shows = not isinstance(shown, Unread)

    @property
    def masks(self) -> bool:
        """Whether what it is given to cannot be seen."""
        return not self.shows or (self.ink is not None and self.ink == (self.fill or WHITE))


def colour(given: Given, usual: Colour) -> Colour:
    """One colour, in one way where it is white or black."""
    for kind, words in given.items():
        if kind in ("rgb", "theme", "indexed"):
            made = kind, words.strip().upper()[-6:], given.get("tint", "").strip()
            return WHITE if made in _WHITES else BLACK if made in _BLACKS else made
    return usual


def _at(number: str, colours: list[Colour], usual: Colour = BLACK) -> Colour:
    return colours[int(number)] if number.isdecimal() and int(number) < len(colours) else usual


def _code(number: str, codes: Mapping[str, str]) -> str:
    return codes.get(number) or BUILT_IN.get(int(number) if number.isdecimal() else 0, "General")


def _struck(number: str, fonts: list[bool]) -> bool:
    return number.isdecimal() and int(number) < len(fonts) and fonts[int(number)]


__all__ = ["BLACK", "PLAIN", "Colour", "Styles", "colour", "styles"]
