"""What a clause takes off for different things, each with its own points -> deductions."""

from __future__ import annotations

import re
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.clause_events import (
    EDGE,
    GONE,
    ClauseEvent,
    ClauseStatements,
    check_caps,
    plain_text,
)
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_reading import (
    ClauseOccasion,
    ClauseReading,
    ClauseRefused,
    DeductionsClause,
)
from gouji.drafting.steps import percent_of

_TAKEN = re.compile(f"{chr(0xE000 + ord('T'))}([\uf000-\uf8ff])")
_EACH = ("各", "分别", "均", "都")
_BESIDE = ("cap", "limit", "full_points")


def read_deductions(
    said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading | None:
    """Several deductions of one clause; None where it has at most one way to take points off. Raises ClauseRefused."""
    steps = said.of("step")
    once = [t for t in said.left() if t.kind == "T"]
    two_sided = len(steps) == 2 and not once and all(percent_of(e.token("E")) for e in steps)
    if two_sided or len(once) + len(steps) < 2 or not (once or len(steps) > 1):
        return None
    return _of(occasions_in(said, grammar), weight, said)


def occasions_in(said: ClauseStatements, grammar: ClauseGrammar) -> list[ClauseOccasion]:
    """What points are taken off for, in the order of the text. Raises Refused where anything else is said."""
    steps, others = said.of("step"), [e for e in said.events if e.says not in ("step", *_BESIDE)]
    left = [t.text for t in said.left() if t.kind != "T"]
    if others or left:
        more = (t.text for e in others for t in e.tokens.values())
        raise ClauseRefused(_("条文里有没用上的数"), *left, *more)
    made = [_each_case(e) for e in steps]
    start = 0
    for found in _TAKEN.finditer(said.rest):
        text = said.rest[start : found.start()].split(GONE)[-1]
        shown, take = said.masked.unmasked(text).strip(EDGE), said.masked.token(found[1]).number
        start = found.end()
        if not shown or not take:
            raise ClauseRefused(_("为什么扣分没有写清"), said.masked.token(found[1]).text)
        if shown.endswith(_EACH):
            # 甲、乙各扣6分: which of the words before belong to each of them nobody can tell from the text.
            raise ClauseRefused(_("“各扣”的是哪几项没有分开写"), shown)
        made.append(ClauseOccasion(shown, take, False))
    plain_text(said.masked.unmasked(_TAKEN.sub("", said.rest)), grammar, ("每", "或者"))
    return made


def _each_case(step: ClauseEvent) -> ClauseOccasion:
    head, take = step.token("E"), step.token("T").number
    if percent_of(head) or head.number != 1 or not take:
        raise ClauseRefused(_("有几处不同的扣法"), head.text)
    return ClauseOccasion(f"{step.before}{step.text}", take, True)


def of_list(
    found: list[ClauseOccasion], together: ClauseStatements, weight: Fraction | None
) -> ClauseReading:
    """The occasions of a numbered list. Raises ClauseRefused."""
    others = [e.says for e in together.events if e.says not in _BESIDE]
    left = [t.text for t in together.left()]
    if others or left:
        raise ClauseRefused(_("列表前后还有没读懂的话"), *others, *left)
    return _of(found, weight, together)


def _of(
    found: list[ClauseOccasion], weight: Fraction | None, said: ClauseStatements
) -> ClauseReading:
    check_caps(said, weight)
    if weight is None:
        raise ClauseRefused(_("不知道这一项的分值"))
    if any(o.take > weight for o in found):
        raise ClauseRefused(_("一例扣的比这一项的分值还多"), *(o.text for o in found))
    if len({o.text for o in found}) != len(found):
        raise ClauseRefused(_("有两个要点的文字相同，或是空的"))
    note = _("从这一项的分值里逐项扣，扣完为止")
    return ClauseReading(DeductionsClause(tuple(found)), {"method": note})
