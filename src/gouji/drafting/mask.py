"""A clause in normal form -> text in which every figure stands as a token, and the tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest

from gouji.drafting.clause_grammar import FIRST, LAST, ClauseGrammar, TokenPattern, mark

_TOKEN = re.compile(f"[{FIRST}-\uefff]([\uf000-{LAST}])")
_DENIES = re.compile("(?:不|未|没|没有|不得|不能|不应|不可|不准|不许|不曾|从未|并未|无)$")
_SIGNS = "0123456789=<>≤≥"
_SENTENCE = re.compile(r"[。;\n]")
_TITLE = re.compile(r"《[^《》]*》")
PERCENT, MONEY = "%", "元"
NO_COUNTS = ("", "%", "元", "分", "万", "倍")  # units, or none, of a figure that may be a limit
OF_WEIGHT = "分值"
SHARES = (PERCENT, "个百分点", "百分点")
_UNITS = dict.fromkeys(SHARES, Fraction(1, 100))
TEN_THOUSAND = "万"
_MONEY = {"万元": 10_000, "亿元": 100_000_000, "元": 1}
_AMOUNTS = {**_MONEY, TEN_THOUSAND: 10_000}


@dataclass(frozen=True, slots=True)
class End:
    """One end of a range: the figure in the base unit, and whether it is in (None: the text does not say)."""

    at: Fraction
    unit: str
    closed: bool | None


@dataclass(frozen=True, slots=True)
class ClauseToken:
    """A figure of a clause, as the grammar sees it: points, a step, a range, a bare figure."""

    kind: str
    text: str
    number: Fraction | None = None
    unit: str = ""
    direction: str = ""
    weak: bool = False
    low: End | None = None
    high: End | None = None


@dataclass(frozen=True, slots=True)
class MaskedClause:
    """A clause with its figures taken out."""

    text: str
    tokens: tuple[ClauseToken, ...]

    def token(self, char: str) -> ClauseToken:
        """The token whose index character that is."""
        return self.tokens[ord(char) - 0xF000]

    def mark_of(self, token: ClauseToken) -> str:
        """What stands in the text for a token of it."""
        index = next(i for i, t in enumerate(self.tokens) if t is token)
        return mark(token.kind, index)

    def kinds(self) -> str:
        """The kinds of the tokens, in the order in which they stand."""
        return "".join(self.token(m[1]).kind for m in _TOKEN.finditer(self.text))

    def unmasked(self, text: str) -> str:
        """A piece of the masked text as it was."""
        return _TOKEN.sub(lambda m: self.unmasked(self.token(m[1]).text), text)


def mask(text: str, grammar: ClauseGrammar) -> MaskedClause:
    """Every figure becomes a token; the first pattern of the grammar that takes it has it."""
    tokens: list[ClauseToken] = []

    def put(token: ClauseToken) -> str:
        tokens.append(token)
        return mark(token.kind, len(tokens) - 1)

    made = _TITLE.sub(lambda m: put(ClauseToken("H", m[0])), text)
    for pattern in grammar.harmless:
        made = pattern.sub(lambda m: put(ClauseToken("H", m[0])), made)
    for kind in grammar.tokens:
        made = kind.pattern.sub(lambda m, kind=kind: put(_token(kind, m)), made)  # type: ignore[misc]
    made = _only_words(_used_up(made, tokens), tokens)
    return MaskedClause(_denied(made, tokens), tuple(tokens))


def _denied(text: str, tokens: list[ClauseToken]) -> str:
    """不曾低于90%: a range behind a word that denies it is none that could be used (X)."""
    made = text
    for found in _TOKEN.finditer(text):
        index = ord(found[1]) - 0xF000
        words = tokens[index].text[:1] not in _SIGNS
        if tokens[index].kind == "R" and words and _DENIES.search(text[: found.start()]):
            tokens[index] = replace(tokens[index], kind="X")
            made = made.replace(found[0], mark("X", index))
    return made


def _only_words(text: str, tokens: list[ClauseToken]) -> str:
    """每个 and the like in a sentence that speaks of no points, or in front of a count (每个村配备1名…，得10分), are words."""
    made = text
    for sentence in _SENTENCE.split(text):
        found = [ord(m[1]) - 0xF000 for m in _TOKEN.finditer(sentence)]
        kinds = {tokens[i].kind for i in found}
        for i, then in zip_longest(found, found[1:]):
            words = kinds <= set("HVRE") or (kinds <= set("HVRESB") and _counts(tokens, then))
            if words and tokens[i].kind == "E" and not any(c.isdigit() for c in tokens[i].text):
                tokens[i] = replace(tokens[i], kind="H")
                made = made.replace(mark("E", i), mark("H", i))
    return made


def _counts(tokens: list[ClauseToken], index: int | None) -> bool:
    """Whether a token is a count of things, without a limit."""
    if index is None:
        return False
    return tokens[index].kind == "V" and tokens[index].unit not in NO_COUNTS


def _used_up(text: str, tokens: list[ClauseToken]) -> str:
    """A bare 扣完 (W) behind so many points off is their cap; behind anything else all points are lost for it."""
    made, before, end = text, "", 0
    for found in _TOKEN.finditer(text):
        index = ord(found[1]) - 0xF000
        if tokens[index].kind == "W":
            capped = before in ("T", "V", "K") and not text[end : found.start()].strip(",;。)、")
            tokens[index] = replace(tokens[index], kind="K" if capped else "Z")
            made = made.replace(found[0], mark(tokens[index].kind, index))
        before, end = tokens[index].kind, found.end()
    return made


def _token(kind: TokenPattern, found: re.Match[str]) -> ClauseToken:
    groups = found.groupdict()
    if kind.means:
        low, high = _ends(kind.means, groups)
        return ClauseToken(kind.kind, found[0], low=low, high=high)
    if kind.kind == "V":
        unit = groups.get("au") or ""
        return ClauseToken("V", found[0], _in_base(groups["a"], unit), _base(unit))
    number = groups.get("n")
    if kind.share:
        assert number is not None
        part = Fraction(number) / Fraction(groups.get("d") or 100)
        return ClauseToken(kind.kind, found[0], part, OF_WEIGHT)
    unit = groups.get("w_unit") or groups.get("w_counter") or ""
    if kind.one:
        number, unit = "1", found[0][-1]
    value = None if number is None else _in_base(number, unit)
    return ClauseToken(kind.kind, found[0], value, unit, kind.direction, kind.weak)


def _ends(means: str, groups: dict[str, str | None]) -> tuple[End | None, End | None]:
    """`[a,b?` and the like -> both ends; `=a` is a range of one figure."""
    first, second = groups.get("a"), groups.get("b")
    unit_a, unit_b = groups.get("au") or "", groups.get("bu") or ""
    # 80-90%: the unit stands once, for both.
    if first is not None and second is not None:
        unit_a, unit_b = unit_a or unit_b, unit_b or unit_a
    if means == "=a":
        assert first is not None
        end = End(_in_base(first, unit_a), _base(unit_a), True)
        return end, end
    low_side, _comma, high_side = means.partition(",")
    return (
        _end(first if "a" in low_side else None, unit_a, low_side, "[", "("),
        _high(means, high_side, groups, (unit_a, unit_b)),
    )


def _high(
    means: str, side: str, groups: dict[str, str | None], units: tuple[str, str]
) -> End | None:
    if not side:
        return None
    name = "b" if "b" in side else "a"
    return _end(groups.get(name), units[name == "b"], side, "]", ")")


def _end(number: str | None, unit: str, side: str, closed: str, opened: str) -> End | None:
    if number is None:
        return None
    told = True if closed in side else False if opened in side else None
    # `[a?` says that 以上 takes the figure in by law, not by its own words.
    return End(_in_base(number, unit), _base(unit), None if "?" in side else told)


def _in_base(number: str, unit: str) -> Fraction:
    value = Fraction(number)
    return value * _UNITS.get(unit, Fraction(1)) * _AMOUNTS.get(unit, 1)


def _base(unit: str) -> str:
    return PERCENT if unit in _UNITS else MONEY if unit in _MONEY else unit
