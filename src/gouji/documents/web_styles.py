"""A web page as a tree -> what its own styles make of an element: hidden, struck out, in the colour of the ground, raised, turned. As browsers do, by how exact a selector is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cssselect import HTMLTranslator, SelectorError, parse
from lxml import etree

from gouji.base.colours import same_colour
from gouji.base.i18n import _
from gouji.documents.document_model import DocumentFault, LeftOut
from gouji.documents.web_shown import (
    ADDING,
    CHANGING,
    DECLARED,
    added,
    cuts_off,
    font_size,
    shows_nothing,
    shows_otherwise,
)

MAX_RULES = 2000
_WANTED = DECLARED | frozenset(
    ["display", "visibility", "opacity", "font-size", "color", "background", "background-color"]
    + ["text-decoration", "text-decoration-line", "vertical-align", "left", "top", "right"]
    + ["text-indent", "unicode-bidi", "mso-hide"]
)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
# Statements before the rules: which signs, other files.
_STATEMENT = re.compile(r"@(?:charset|import|namespace)\b[^;{}]{0,500};", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,5000})\}")
_IMPORTANT = re.compile(r"\s*!\s*important$", re.IGNORECASE)
# A semicolon inside quotes ends no declaration.
_DECLARATION = re.compile(r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^;\"'])+")
# Text of less than one and a half points, or as transparent, shows nothing.
_TINY = re.compile(r"0*(?:1(?:\.[0-4]\d*)?|0?(?:\.\d+)?)(?:pt|px)|0*(?:\.0*)?(?:r?em|ex|%|vw|vh)?")
_CLEAR = re.compile(r"0*(?:\.0\d*)?%?")
_FAR = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|pt|em|rem)")
# Fully transparent: as ink nobody sees it, as ground it is none.
_NO_INK = re.compile(
    r"transparent|#[0-9a-f]{3}0|#[0-9a-f]{6}00"
    r"|(?:rgb|hsl)a?\((?:[^,/)]*,[^,/)]*,[^,/)]*,|[^,/)]*/)\s*0*(?:\.0*)?%?\s*\)"
)
_COLOUR = re.compile(r"#[0-9a-f]{3,8}|rgba?\([^)]*\)|[a-z]+")
_NAMED = {"white": "ffffff", "black": "000000", "windowtext": "000000", "window": "ffffff"}
_NO_COLOUR = frozenset(
    ["inherit", "initial", "unset", "currentcolor", "auto", "transparent", "none"]
)


class WebStyles:
    """The styles of one page."""

    def __init__(self, root: etree._Element) -> None:
        """Apply the rules that may hide something. Raises DocumentFault where there are too many."""
        self.of = dict[etree._Element, dict[str, str]]()
        self.important = dict[etree._Element, dict[str, str]]()
        # What is declared for parts of elements: by `before`, `after`, `first-letter` …
        self.parts = dict[str, dict[etree._Element, dict[str, str]]]()
        for rank, selector, made, part in sorted(_rules(root), key=lambda rule: rule[0]):
            into = self.important if rank[0] else self.of
            into = self.parts.setdefault(part, {}) if part else into
            found = root.xpath(selector)
            for element in found if isinstance(found, list) else ():
                if isinstance(element, etree._Element):
                    into.setdefault(element, {}).update(made)

    def at(self, element: etree._Element) -> Mapping[str, str]:
        """What is declared for an element; what it says itself comes last."""
        usual, important = _declared(element.get("style", ""))
        said = {"color": element.get("color", ""), "background-color": element.get("bgcolor", "")}
        given = {name: value.lower() for name, value in said.items() if value}
        usual = {**given, **self.of.get(element, {}), **usual}
        return {**usual, **self.important.get(element, {}), **important}

    def left(self, element: etree._Element) -> LeftOut | None:
        """Why nobody sees the text of an element, or it does not count; None where it does."""
        given = self.at(element)
        if not given:
            return None
        if _hidden(given):
            return LeftOut.HIDDEN
        lined = given.get("text-decoration", "") + given.get("text-decoration-line", "")
        if "line-through" in lined:
            return LeftOut.STRUCK
        if "override" in given.get("unicode-bidi", ""):
            return LeftOut.TURNED
        return LeftOut.UNSEEN if self._on_its_colour(element, given) else None

    def altered(self, element: etree._Element, text: str) -> bool:
        """Whether an element with this text shows something else."""
        given = self.at(element)
        first = (self.parts.get(part, {}).get(element) for part in CHANGING)
        return (
            shows_otherwise(given)
            or cuts_off(given, len(text.strip()))
            or any(one is not None and _hidden(one) for one in first)
            or any(self.added(element, part) is None for part in ADDING)
        )

    def added(self, element: etree._Element, part: str) -> str | None:
        """The text that the page's styles put `before` or `after` what an element holds; None where that is not to be told."""
        given = self.parts.get(part, {}).get(element)
        if given is None or _hidden(given):
            return ""
        return added(given, lambda name: element.get(name, ""))

    def display(self, element: etree._Element) -> str:
        """How an element is laid, where it says so."""
        return self.at(element).get("display", "")

    def floats(self, element: etree._Element) -> str:
        """The side of what it stands in that an element is moved to; empty where it is moved to none."""
        side = self.at(element).get("float", "none")
        return side if side in ("left", "right") else ""

    def lies_over(self, element: etree._Element) -> bool:
        """Whether an element is laid over the page."""
        return self.at(element).get("position") in ("absolute", "fixed")

    def raised(self, element: etree._Element) -> str:
        """`super`, `sub` or nothing."""
        word = self.at(element).get("vertical-align", "")
        return word if word in ("super", "sub") else ""

    def _on_its_colour(self, element: etree._Element, given: Mapping[str, str]) -> bool:
        ink = _colour(given.get("color", ""))
        if not ink or any(_ground(self.at(below)) for below in element.iterdescendants()):
            return False
        above = (element, *element.iterancestors())
        ground = next((found for e in above if (found := _ground(self.at(e)))), "ffffff")
        return same_colour(ink, ground)


def _hidden(given: Mapping[str, str]) -> bool:
    return (
        given.get("display") == "none"
        or given.get("visibility") in ("hidden", "collapse")
        or given.get("mso-hide") == "all"
        or _TINY.fullmatch(given.get("font-size", "") or font_size(given) or "-") is not None
        or shows_nothing(given)
        or _shows(_CLEAR, given, "opacity")
        or _shows(_NO_INK, given, "color")
        or any(_shows(_FAR, given, side) for side in ("left", "top", "right", "text-indent"))
    )


def _shows(pattern: re.Pattern[str], given: Mapping[str, str], name: str) -> bool:
    return bool(value := given.get(name, "")) and pattern.fullmatch(value) is not None


def _rules(root: etree._Element) -> Iterator[tuple[tuple[object, ...], str, dict[str, str], str]]:
    """Each rule by its rank: selector as XPath, what it declares of what is looked at, the part of elements that it is for. Rules of states are none of an element."""
    number, translator = 0, HTMLTranslator()
    for style in root.iter("style"):
        text = _STATEMENT.sub("", _COMMENT.sub("", style.text or "")[:200_000])
        for selectors, body in _RULE.findall(text):
            declared = _declared(body)
            if not any(declared) or selectors.strip().startswith("@"):
                continue
            try:
                found = [
                    (s.specificity(), translator.selector_to_xpath(s), str(s.pseudo_element or ""))
                    for s in parse(selectors)
                ]
            except SelectorError:
                continue
            number += 1
            if number > MAX_RULES:
                raise DocumentFault(
                    _("网页的样式超过 {n} 条").format(n=MAX_RULES), _("删去样式，或另存为 xlsx")
                )
            for exact, path, part in found:
                yield from (
                    ((rank, exact, number), path, made, part)
                    for rank, made in enumerate(declared)
                    if made
                )


def _declared(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """What a block of declarations says of what is looked at, and what it says with `!important`."""
    usual, important = dict[str, str](), dict[str, str]()
    for part in _DECLARATION.findall(text):
        name, _colon, value = (piece.strip() for piece in part.partition(":"))
        name = name.lower()
        if name in _WANTED and value:
            into = important if _IMPORTANT.search(value) else usual
            value = _IMPORTANT.sub("", value)
            # What is added is text, whose letters count.
            into[name] = value if name == "content" else value.lower()
    return usual, important


def _ground(given: Mapping[str, str]) -> str:
    """The colour of what lies behind; a sign that is no colour where it is a picture."""
    text = given.get("background-color") or given.get("background", "")
    return "?" if "url(" in text or "gradient" in text else _colour(text)


def _colour(text: str) -> str:
    """The first colour in a text, in one way where it is written in numbers; empty where there is none."""
    found = _COLOUR.search(text)
    word = found[0] if found and not _NO_INK.fullmatch(found[0]) else ""
    if word.startswith("#"):
        digits = word[1:]
        return "".join(c * 2 for c in digits[:3]) if len(digits) < 6 else digits[:6]
    if word.startswith("rgb"):
        parts = re.findall(r"\d+", word)[:3]
        return "".join(f"{min(int(p), 255):02x}" for p in parts)
    return "" if word in _NO_COLOUR else _NAMED.get(word, word)


__all__ = ["WebStyles"]
