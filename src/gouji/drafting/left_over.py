"""What a method leaves over of a clause: full marks that say there was nothing to take off, limits said twice, counts that are asked for; anything else refuses it."""

from __future__ import annotations

from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.bounds import same_place
from gouji.drafting.clause_events import (
    EDGE,
    GONE,
    TOKEN,
    ClauseStatements,
    bound_of,
    closed_world,
    describes,
    plain_text,
    points_of,
)
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_reading import (
    Cases,
    ChecklistClause,
    ClauseReading,
    ClauseRefused,
    StepsClause,
    WithinClause,
)
from gouji.drafting.mask import NO_COUNTS, ClauseToken
from gouji.drafting.steps import from_words, percent_of

_TIMES = ("天", "日", "小时", "工作日", "个工作日", "月", "个月", "年")


def check_left(
    said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar, made: ClauseReading
) -> None:
    """Nothing may be left but a statement of the full points beside steps or cases: 没有发生的得 3 分."""
    # Beside cases, counts and spans of time say what is asked for: 每季度召开一次的得1分，每少一次扣…
    cases = isinstance(made.method, Cases)
    none = not any(e.token("E").direction in ("less", "more") for e in said.of("step"))
    left = [t for t in said.left() if not (cases and (_counts(t) or (none and describes(t, said))))]
    if len(left) == 1 and left[0].kind in "SFB" and said.of("step", "else_proportion"):
        _full_marks(left[0], said, weight, grammar)
        return
    if isinstance(made.method, ChecklistClause):
        return
    if isinstance(made.method, WithinClause | StepsClause):
        left = [t for t in left if t.kind != "R" or not same_place(bound_of(t), made.method.full)]
    if isinstance(made.method, WithinClause):
        left = _none_beyond(said, left, weight, grammar)
    closed_world(said, grammar, left, ("或者",) if cases else ())


def _full_marks(
    stated: ClauseToken, said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> None:
    """Raises ClauseRefused unless full marks beside steps or cases say only that there was none."""
    if points_of(stated, weight) != weight:
        raise ClauseRefused(_("满分的界限给的不是这一项的分值"), stated.text)
    steps = said.of("step")
    if any(percent_of(e.token("E")) and not from_words(said, e, grammar) for e in steps):
        raise ClauseRefused(_("条文里有没用上的数"), stated.text)
    plain_text(said.masked.unmasked(TOKEN.sub("", said.rest)), grammar, ("每",))


def _none_beyond(
    said: ClauseStatements,
    left: list[ClauseToken],
    weight: Fraction | None,
    grammar: ClauseGrammar,
) -> list[ClauseToken]:
    """未达标的，扣0.5分 of 0.5 behind a range with full marks: what lies beyond earns nothing."""
    if len(left) != 1 or left[0].kind != "T" or left[0].number != weight:
        return left
    at = said.rest.index(said.masked.mark_of(left[0]))
    before = said.rest[:at].split(GONE)[-1].strip(EDGE)
    words = {before, before.removesuffix("则").strip(EDGE)}
    known = {w for e in grammar.words["else"] for w in (e, e.removesuffix("的"))}
    return [] if words & {*known, *(f"{w}的" for w in known)} else left


def _counts(token: ClauseToken) -> bool:
    """A count, or a limit of time: 每月40条, 20个工作日以内."""
    ends = [e for e in (token.low, token.high) if e is not None]
    limit = token.kind == "R" and all(e.unit in _TIMES for e in ends)
    return limit or (token.kind == "V" and token.unit not in NO_COUNTS)
