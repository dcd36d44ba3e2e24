"""Masked text -> what its turns of phrase say, and what is left over when they are taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.clause_grammar import FIRST, LAST, POINTS, ClauseGrammar
from gouji.drafting.clause_reading import ClauseRange, ClauseRefused
from gouji.drafting.mask import NO_COUNTS, OF_WEIGHT, ClauseToken, MaskedClause

GONE = "¦"
EDGE = "。;,.:、()¦ \n"
_SEPARATOR = re.compile(rf"[。;,:、\n{GONE}]")
_AS = ("视同", "视为", "按", "等同")
_NOUN = re.compile("的?[\u4e00-\u9fff]{2}(?<!的)(?<![的未不没扣得者均每].)")
TOKEN = re.compile(f"([{FIRST}-\uefff])([\uf000-{LAST}])")


@dataclass(frozen=True, slots=True)
class ClauseEvent:
    """One turn of phrase: what it says, its tokens by kind (P: points of any kind), the words before it, its own, and where it starts."""

    says: str
    tokens: dict[str, ClauseToken]
    before: str
    text: str = ""
    at: int = 0

    def token(self, kind: str) -> ClauseToken:
        """The token of that kind."""
        return self.tokens[kind]


@dataclass(frozen=True, slots=True)
class ClauseStatements:
    """Everything a text says, and what is left of it."""

    events: tuple[ClauseEvent, ...]
    rest: str
    masked: MaskedClause

    def of(self, *says: str) -> list[ClauseEvent]:
        """The events of these kinds, in the order of the text."""
        return [e for e in self.events if e.says in says]

    def left(self) -> list[ClauseToken]:
        """Tokens that no turn of phrase took."""
        return [
            token
            for m in TOKEN.finditer(self.rest)
            if (token := self.masked.token(m[2])).kind != "H"
        ]


def said_in(masked: MaskedClause, grammar: ClauseGrammar) -> ClauseStatements:
    """Frame after frame takes out what it says."""
    events: list[ClauseEvent] = []
    text = masked.text
    for frame in grammar.frames:
        start = 0
        while found := frame.pattern.search(text, start):
            if not found[0].strip():
                break
            if (frame.says == "each" and _counts_only(found, masked)) or _part_of_more(
                frame.says, found, text
            ):
                # 有1套台帐，10分: the count is part of what earns the points.
                start = found.end()
                continue
            tokens = {
                name: masked.token(char)
                for name, char in found.groupdict().items()
                if char is not None and len(name) == 1
            }
            before = _SEPARATOR.split(text[: found.start()])[-1]
            said = masked.unmasked(before), masked.unmasked(found[0])
            events.append(ClauseEvent(frame.says, tokens, *said, found.start()))
            # As long as what is taken out, so that places stay comparable.
            text = text[: found.start()] + GONE * len(found[0]) + text[found.end() :]
    events.sort(key=lambda e: e.at)
    return ClauseStatements(tuple(events), text, masked)


def _part_of_more(says: str, found: re.Match[str], text: str) -> bool:
    """逾期视同未完成, 不得分: 未完成 is no other case, but the end of one."""
    before = _SEPARATOR.split(text[: found.start()])[-1]
    return says == "else_zero" and "E" not in found.groupdict() and before.endswith(_AS)


def _counts_only(found: re.Match[str], masked: MaskedClause) -> bool:
    """Whether a turn of phrase rests on a count without 每. Where more of them earn more (有1次得1分，最多得2分) it is as good as 每."""
    head, points = found.groupdict().get("E"), found.groupdict().get("P")
    if head is None or not masked.token(head).weak:
        return False
    earned = masked.token(points).number if points else None
    caps = [t.number for t in masked.tokens if t.kind == "K" and t.number is not None]
    return earned is None or all(cap <= earned for cap in caps)


def points_of(token: ClauseToken, weight: Fraction | None) -> Fraction:
    """What a token of points earns. Full marks need a weight."""
    if token.kind == "Z":
        return Fraction(0)
    if token.kind == "F":
        if weight is None:
            raise ClauseRefused(_("不知道这一项的分值"))
        return weight
    assert token.number is not None and token.kind in POINTS
    if token.unit != OF_WEIGHT:
        return token.number
    if weight is None:
        raise ClauseRefused(_("不知道这一项的分值"))
    return token.number * weight


def bound_of(token: ClauseToken) -> ClauseRange:
    """The range that a token writes; both ends in one unit."""
    ends = [e for e in (token.low, token.high) if e is not None]
    if len({e.unit for e in ends}) > 1:
        raise ClauseRefused(_("区间两端的单位不同"), token.text)
    if len(ends) == 2 and ends[0].at > ends[1].at:
        return ClauseRange(token.high, token.low)
    return ClauseRange(token.low, token.high)


def check_caps(said: ClauseStatements, weight: Fraction | None) -> None:
    """Raises Refused where a clause lets less be lost than the weight; 扣至0分 is all of it."""
    for e in said.of("cap"):
        most = e.token("K").number
        if most and most != weight:
            raise ClauseRefused(_("最多扣的分不是这一项的分值"), e.token("K").text)


def closed_world(
    said: ClauseStatements,
    grammar: ClauseGrammar,
    left: Sequence[ClauseToken] | None = None,
    allowed: tuple[str, ...] = (),
) -> None:
    """Raises Refused where a figure (of `left`, or all that is left over), or a word that speaks of points, was used by nothing."""
    unused = [t.text for t in (said.left() if left is None else left)]
    if unused:
        raise ClauseRefused(_("条文里有没用上的数"), *unused)
    words = TOKEN.sub(lambda m: m[0] if said.masked.token(m[2]).kind == "H" else "", said.rest)
    plain_text(said.masked.unmasked(words), grammar, allowed)


def plain_text(text: str, grammar: ClauseGrammar, allowed: tuple[str, ...] = ()) -> None:
    """Raises Refused where words that speak of points are left in a text."""
    for innocent in grammar.innocent:
        text = text.replace(innocent, "")
    words = [w for w in grammar.loaded if w in text and w not in allowed]
    if words:
        raise ClauseRefused(_("条文里有没读懂的话"), *words)


def describes(token: ClauseToken, said: ClauseStatements) -> bool:
    """引发50人以上集体上访的扣10分: a range that says which cases are meant, of another unit than what is counted, once."""
    if token.kind != "R" or not _NOUN.match(said.rest.split(said.masked.mark_of(token))[1]):
        return False
    ends = {e.unit for e in (token.low, token.high) if e is not None}
    ranges = [t for t in said.masked.tokens if t.kind == "R" and t is not token]
    others = {e.unit for t in ranges for e in (t.low, t.high) if e is not None}
    counted = {e.token("E").unit for e in said.of("step")}
    return not ends & {*NO_COUNTS, *others, *counted}
