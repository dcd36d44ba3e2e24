"""What a clause takes off for different things, each with its own points -> deductions."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.clause_events import (
    EDGE,
    GONE,
    TOKEN,
    ClauseEvent,
    ClauseStatements,
    bound_of,
    check_caps,
    describes,
    plain_text,
)
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_reading import (
    ChecklistClause,
    ClauseItem,
    ClauseOccasion,
    ClauseReading,
    ClauseRefused,
    DeductionsClause,
)
from gouji.drafting.mask import NO_COUNTS, ClauseToken
from gouji.drafting.steps import percent_of

_SENTENCE = re.compile(r"[。,;]")
_EARNING = ("band", "reach", "band_off", "each", "all_match")
_NAME = 6  # 乡镇党委
AGAIN = ("再", "另", "加扣")
_EACH = ("各", "分别", "均", "都")
_BESIDE = ("cap", "limit", "full_points", "remark")


def takes_off(said: ClauseStatements) -> bool:
    """Whether a text takes points off, in whatever way."""
    return bool(said.of("step") or any(t.kind in "TZ" for t in said.left()))


def read_deductions(
    said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading | None:
    """What a clause takes off; None where that is one kind of case, or where it says what is earned. Raises ClauseRefused."""
    steps = [*said.of("step"), *(_short_of(said) if _taken_once(said) else ())]
    earned = [t for t in said.left() if t.kind in "SBF"]
    once = [t for t in said.left() if t.kind == "T"]
    nothing = [*(t for t in said.left() if t.kind == "Z"), *said.of("else_zero")]
    limits = _condition(said)
    two_sided = len(steps) == 2 and not once and all(percent_of(e.token("E")) for e in steps)
    asked = _full(earned)
    if len(once) + len(steps) + len(limits) > 1 and not two_sided:
        return _of(occasions_in(said, grammar, weight), weight, asked, grammar)
    if earned or said.of(*_EARNING) or not (once or nothing):
        return None
    if not once and not steps and len(nothing) == 1:
        stated = _stated(said, grammar)
        if stated is not None:
            return stated
    return _of(occasions_in(said, grammar, weight), weight, asked, grammar)


def _taken_once(said: ClauseStatements) -> bool:
    return any(t.kind in "TZ" for t in said.left()) or bool(said.of("step"))


def _full(earned: list[ClauseToken]) -> tuple[str, ...]:
    """Full marks beside deductions are taken as saying that nothing was to be taken off, which is asked."""
    return tuple(_("“{text}”按没有发生要扣的情形理解").format(text=t.text) for t in earned)


def _stated(said: ClauseStatements, grammar: ClauseGrammar) -> ClauseReading | None:
    """每月评比。未评比不得分: all or nothing of what is asked for first; None where nothing is."""
    whole = said.masked.unmasked(said.masked.text).strip(EDGE)
    first, *more = _SENTENCE.split(whole)
    others = [e for e in said.events if e.says not in ("else_zero", *_BESIDE)]
    left = [t for t in said.left() if t.kind not in "RVHZ" and not (t.kind == "E" and t.weak)]
    if not more or first.startswith(grammar.negative) or others or left:
        return None
    plain_text(said.masked.unmasked(TOKEN.sub("", said.rest)), grammar, ("或者",))
    note = _("只写了什么情形不得分，其余按得满分读")
    return ClauseReading(ChecklistClause((ClauseItem(whole, Fraction(0)),), False), {"mode": note})


def occasions_in(
    said: ClauseStatements, grammar: ClauseGrammar, weight: Fraction | None
) -> list[ClauseOccasion]:
    """What points are taken off for, in the order of the text; 不得分 takes all. Raises Refused where anything else is said."""
    conditions = _condition(said)
    _only_taken(said, conditions, weight)
    made: list[ClauseOccasion] = []
    start = 0
    for at, end, one in _spots(said, conditions):
        before = said.masked.unmasked(said.rest[start:at].split(GONE)[-1])
        if isinstance(one, ClauseEvent) and one.says == "cap":
            made = [*made[:-1], *_at_most(made[-1:], one.token("K"), weight)]
        elif not (isinstance(one, ClauseToken) and _whole(one, weight)):
            _counts_one(said, start, at, one)
            made.append(_occasion(one, before, weight, grammar))
            _one_size(made, one, grammar)
        start = end
    plain_text(said.masked.unmasked(TOKEN.sub("", said.rest)), grammar, ("每", "或者"))
    return made


def _counts_one(
    said: ClauseStatements, start: int, at: int, one: ClauseEvent | ClauseToken
) -> None:
    """Raises Refused where 1个某某 stands right before what is taken off once: it may be for each of them."""
    piece = _SENTENCE.split(said.rest[start:at])[-1]
    found = list(TOKEN.finditer(piece))
    if isinstance(one, ClauseEvent) or one.kind != "T" or not found:
        return
    token, behind = said.masked.token(found[-1][2]), piece[found[-1].end() :]
    counted = token.kind == "V" and token.number == 1 and token.unit not in NO_COUNTS
    if counted and len(behind) <= _NAME and not re.search("[未不没无缺少]", behind):
        raise ClauseRefused(
            _("轻重不同的扣分，是每例还是一次没有写"), token.text + behind + one.text
        )


def _short_of(said: ClauseStatements) -> tuple[ClauseEvent, ...]:
    """会议少于2次的, 每少1次扣…: what is counted is how many are wanting, in the unit of the limit."""
    made = []
    for e in said.of("complement_step"):
        head, bound = e.token("E"), bound_of(e.token("R"))
        wanting = head.direction == "less" and (bound.low is None) != (bound.high is None)
        beyond = head.direction == "more" and bound.high is None
        end = bound.low or bound.high
        if (wanting or beyond) and end is not None and end.unit == head.unit not in NO_COUNTS:
            made.append(e)
    return tuple(made)


def _only_taken(
    said: ClauseStatements, conditions: tuple[ClauseEvent, ...], weight: Fraction | None
) -> None:
    taking = (*conditions, *_short_of(said), *said.of("step", "else_zero", *_BESIDE))
    others = [e for e in said.events if e not in taking]
    left = [t for t in said.left() if t.kind not in "TZVH" and not _whole(t, weight)]
    left = [t for t in left if not describes(t, said)]
    if others or left:
        more = (t.text for e in others for t in e.tokens.values())
        raise ClauseRefused(_("条文里有没用上的数"), *(t.text for t in left), *more)


def _condition(said: ClauseStatements) -> tuple[ClauseEvent, ...]:
    """化解率低于85%的扣1分 among other deductions: one limit is what the deduction is for; several are bands."""
    found = tuple(said.of("band_off"))
    more = said.of("step") or any(t.kind in "TZ" for t in said.left())
    return found if len(found) == 1 and more else ()


def _at_most(
    last: list[ClauseOccasion], cap: ClauseToken, weight: Fraction | None
) -> list[ClauseOccasion]:
    """每少1条扣1分，最高扣4分: what the cases before it may take; a cap of the whole says nothing new."""
    if cap.number is None or cap.number == weight:
        return last
    if not last or not last[0].cases or weight is None or not last[0].take <= cap.number < weight:
        raise ClauseRefused(_("最多扣的分不是这一项的分值"), cap.text)
    return [replace(last[0], at_most=cap.number)]


def _one_size(
    made: list[ClauseOccasion], one: ClauseEvent | ClauseToken, grammar: ClauseGrammar
) -> None:
    """每处扣2分，情况严重的扣3分: whether that is for each of the cases nobody can tell."""
    unclear = len(made) > 1 and made[-2].cases and not made[-1].cases
    last = _SENTENCE.split(made[-1].text)[-1]
    worse, again = last.startswith(grammar.degrees), one.text.startswith(AGAIN)
    if (worse and again) or (unclear and (worse or again)):
        raise ClauseRefused(_("轻重不同的扣分，是每例还是一次没有写"), made[-1].text)


def _whole(token: ClauseToken, weight: Fraction | None) -> bool:
    """Full marks, said beside deductions."""
    return token.kind == "F" or (token.kind in "SB" and token.number == weight)


def _spots(
    said: ClauseStatements, conditions: tuple[ClauseEvent, ...]
) -> list[tuple[int, int, ClauseEvent | ClauseToken]]:
    """Where points are spoken of: start, end, and what stands there."""
    made: list[tuple[int, int, ClauseEvent | ClauseToken]] = [
        (e.at, e.at, e)
        for e in (*said.of("step", "else_zero", "cap"), *conditions, *_short_of(said))
    ]
    for found in TOKEN.finditer(said.rest):
        token = said.masked.token(found[2])
        if token.kind in "TZSBF":
            made.append((found.start(), found.end(), token))
    return sorted(made, key=lambda spot: spot[0])


def _occasion(
    one: ClauseEvent | ClauseToken, before: str, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseOccasion:
    """One occasion: what stands before the points, and what it takes."""
    if isinstance(one, ClauseEvent) and one.says in ("step", "complement_step"):
        return _each_case(one, before)
    zero = (
        one.token("T" if one.says == "band_off" else "Z") if isinstance(one, ClauseEvent) else one
    )
    words = before + (one.text.removesuffix(zero.text) if isinstance(one, ClauseEvent) else "")
    shown = words.strip(EDGE)
    take = weight if zero.kind == "Z" else zero.number
    if not shown or not take or _is_each(shown, grammar):
        raise ClauseRefused(_("为什么扣分没有写清"), zero.text)
    if shown.endswith(_EACH):
        # 甲、乙各扣6分: which of the words before belong to each of them nobody can tell from the text.
        raise ClauseRefused(_("“各扣”的是哪几项没有分开写"), shown)
    return ClauseOccasion(shown, take, False)


def _is_each(shown: str, grammar: ClauseGrammar) -> bool:
    """Whether points are taken for each of something that was not read as a count: 乱停放每平方米扣…, as one deduction."""
    last = _SENTENCE.split(shown)[-1]
    for innocent in grammar.innocent:
        last = last.replace(innocent, "")
    return "每" in last


def _each_case(step: ClauseEvent, before: str) -> ClauseOccasion:
    head, taken = step.token("E"), step.tokens.get("T")
    if percent_of(head) or head.number != 1 or taken is None or not taken.number:
        raise ClauseRefused(_("有几处不同的扣法"), head.text)
    return ClauseOccasion(f"{before}{step.text}".strip(EDGE), taken.number, True)


def of_list(
    found: list[ClauseOccasion],
    asked: tuple[str, ...],
    together: ClauseStatements,
    weight: Fraction | None,
    grammar: ClauseGrammar,
) -> ClauseReading:
    """The occasions of a numbered list, with what is asked. Raises ClauseRefused."""
    check_caps(together, weight)
    others = [e.says for e in together.events if e.says not in _BESIDE]
    left = [t.text for t in together.left()]
    if others or left:
        raise ClauseRefused(_("列表前后还有没读懂的话"), *others, *left)
    return _of(found, weight, asked, grammar)


def _of(
    found: list[ClauseOccasion],
    weight: Fraction | None,
    asked: tuple[str, ...],
    grammar: ClauseGrammar,
) -> ClauseReading:
    if worse := [o.text for o in found[1:] if o.text.startswith(grammar.degrees)]:
        raise ClauseRefused(_("轻重不同的扣分，是每例还是一次没有写"), *worse)
    if weight is None:
        raise ClauseRefused(_("不知道这一项的分值"))
    if any(o.take > weight for o in found):
        raise ClauseRefused(_("一例扣的比这一项的分值还多"), *(o.text for o in found))
    if len({o.text for o in found}) != len(found):
        raise ClauseRefused(_("有两个要点的文字相同，或是空的"))
    note = _("从这一项的分值里逐项扣，扣完为止")
    return ClauseReading(DeductionsClause(tuple(found)), {"method": note}, asked)
