"""What a clause says besides its figures and must not be lost: words that refuse it, two quantities at one limit, conditions that are joined, words inside a turn of phrase."""

from __future__ import annotations

import re
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.clause_events import EDGE, GONE, TOKEN, ClauseEvent, ClauseStatements
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_reading import ClauseRefused

_PIECE = re.compile(rf"[。;,:\n{GONE}]")
_OF_THESE = "其中"
_LIMITS = ("band", "reach", "band_off", "complement_step")
_PHRASES = (*_LIMITS, "step", "share", "share_check", "each")


def refusal_of(text: str, grammar: ClauseGrammar) -> str:
    """Why a clause is not read whatever else it says; empty where nothing of it stands against that."""
    for one in grammar.refuse:
        if found := one.pattern.search(text):
            return _("{why}（“{word}”）").format(why=one.because, word=found[0])
    return ""


def check_phrases(
    said: ClauseStatements, grammar: ClauseGrammar, weight: Fraction | None = None
) -> None:
    """Raises ClauseRefused where a turn of phrase holds words that change its sense: 每低1个百分点酌情扣1分."""
    for e in said.of(*_PHRASES):
        words = e.text
        for token in e.tokens.values():
            words = words.replace(token.text, "")
        if astray := [word for word in grammar.astray if word in words]:
            raise ClauseRefused(_("条文里有没读懂的话"), *astray)
    for found in TOKEN.finditer(said.rest):
        token = said.masked.token(found[2])
        part = token.kind in "SB" and weight is not None and token.number == weight
        if part and _PIECE.split(said.rest[: found.start()])[-1].startswith(_OF_THESE):
            raise ClauseRefused(_("“其中”一项的分就是整项的分值"), token.text)


def check_limits(said: ClauseStatements, grammar: ClauseGrammar) -> None:
    """Raises ClauseRefused where a limit is one of two conditions, or one for two quantities."""
    for e in said.of(*_LIMITS, "step"):
        before = _before(said, e)
        if e.says != "step" and before.startswith(grammar.words["joining"]):
            raise ClauseRefused(_("两个条件连在一起"), before + e.text)
        if _two(before, grammar):
            raise ClauseRefused(_("一个界限管两个量"), before)


def _before(said: ClauseStatements, event: ClauseEvent) -> str:
    return said.masked.unmasked(_PIECE.split(said.rest[: event.at])[-1]).strip(EDGE)


def _two(before: str, grammar: ClauseGrammar) -> bool:
    """建制率、达标率, 及时率和准确率均, 会议费、培训费控制率均: two quantities in front of one figure."""
    ends = "|".join(map(re.escape, grammar.words["quantity"]))
    each = re.search(rf"[、和及与][^、]{{1,14}}(?:{ends})[均都各]$", before)
    both = re.search(rf"(?:{ends})[、和及与或][^、]{{1,14}}(?:{ends})[均都应须要各]*$", before)
    return each is not None or both is not None
