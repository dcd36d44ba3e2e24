"""What a clause without a list takes off step by step or case by case -> steps, cases."""

from __future__ import annotations

import re
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.bounds import complement, figure_alone, told_ends
from gouji.drafting.clause_events import (
    EDGE,
    GONE,
    TOKEN,
    ClauseEvent,
    ClauseStatements,
    bound_of,
    points_of,
)
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_reading import (
    Cases,
    ClauseRange,
    ClauseReading,
    ClauseRefused,
    StepsClause,
)
from gouji.drafting.mask import MONEY, PERCENT, SHARES, ClauseToken, End

_DAYS = ("天", "日", "工作日")
_PEOPLE = ("人", "名", "人次")
_OF_IT = "达不到该"
_ELSE = 6  # 没有完成的
_ANY = ("个", "次", "项")  # 不少于3场, 每少一次: any count


def percent_of(head: ClauseToken) -> bool:
    """Whether a step is so many percent or percentage points."""
    return head.unit in SHARES


def read_steps(
    said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading | None:
    """Steps or cases, where the clause has one; None where it has none. Raises ClauseRefused."""
    steps = said.of("step", "complement_step", "share", "share_check")
    if not steps:
        return None
    head, two_ways = _one_head(steps)
    if said.of("else_proportion", "each"):
        raise ClauseRefused(_("递减和按比例混在一条里"))
    inferred: dict[str, str] = {}
    method: StepsClause | Cases
    if percent_of(head) and head.number is not None:
        words = from_words(said, steps[0], grammar)
        method = _percent_steps(said, steps[0], weight, two_ways, inferred, words)
    else:
        method = _counted(said, steps[0], weight, inferred, grammar)
    inferred["reading"] = _("条文没说不足一步怎么算，按满一个才扣")
    if isinstance(method, Cases):
        del inferred["reading"]
    return ClauseReading(method, inferred, _weak(steps))


def _weak(steps: list[ClauseEvent]) -> tuple[str, ...]:
    weak = [e.token("E").text for e in steps if e.token("E").weak]
    return tuple(_("“{text}”前面没有“每”，按每例扣读").format(text=text) for text in weak)


def _one_head(steps: list[ClauseEvent]) -> tuple[ClauseToken, bool]:
    """The one step of a clause, and whether two sentences say it for both sides."""
    heads = [e.token("E") for e in steps]
    if len(steps) == 1:
        return heads[0], heads[0].direction == "both"
    same = {(h.number, h.unit) for h in heads}, {_taken(e) for e in steps}
    if (
        len(steps) == 2
        and {h.direction for h in heads} == {"more", "less"}
        and all(len(s) == 1 for s in same)
    ):
        return heads[0], True
    raise ClauseRefused(_("有几处不同的扣法"), *(h.text for h in heads))


def _taken(step: ClauseEvent) -> Fraction | None:
    return step.tokens["T" if "T" in step.tokens else "V"].number


def _percent_steps(
    said: ClauseStatements,
    step: ClauseEvent,
    weight: Fraction | None,
    two_ways: bool,
    inferred: dict[str, str],
    words: tuple[Fraction, str] | None,
) -> StepsClause:
    head = step.token("E")
    full = _full_range(said, weight, head, two_ways, inferred, words)
    _meets_beyond(said, full)
    ends = [e for e in (full.low, full.high) if e is not None]
    if any(e.unit != PERCENT and e.at != 0 for e in ends):
        raise ClauseRefused(_("界限和每步的单位不同"), head.text)
    if head.unit == PERCENT:
        inferred["percent_is"] = _("条文写“{text}”，按百分点理解").format(text=head.text)
    assert head.number is not None
    taken, share = _taken_off(step, weight)
    return StepsClause(full, head.number, True, taken, share)


def _full_range(
    said: ClauseStatements,
    weight: Fraction | None,
    head: ClauseToken,
    two_ways: bool,
    inferred: dict[str, str],
    words: tuple[Fraction, str] | None = None,
) -> ClauseRange:
    """Where full marks end: a range or a figure with full marks, the standard, or what words say (of them the note)."""
    found = _with_full_marks(said, weight, head, two_ways, inferred)
    standing = [_standing(e.token("V"), head, two_ways) for e in said.of("baseline")]
    more = [s for s in standing if not any(_at(s) <= _at(b) for b in found)]
    if not found and not more:
        more = [_before_step(e, head) for e in said.of("complement_step")]
    if more:
        inferred["full_at"] = _("没有写满分的界限，由“{text}”推断").format(text=head.text)
    found += more
    if not found and words is None:
        found = _named_before(said, head, inferred)
    if not found and words is not None:
        inferred["full_at"] = words[1]
        value = ClauseToken("V", "", words[0], PERCENT if words[0] else "")
        found = [_standing(value, head, two_ways)]
    if len(found) != 1:
        raise ClauseRefused(_("满分从哪里起算没有写清"), head.text)
    return _with_direction(told_ends(found[0], inferred), head, two_ways, inferred)


def _with_full_marks(
    said: ClauseStatements,
    weight: Fraction | None,
    head: ClauseToken,
    two_ways: bool,
    inferred: dict[str, str],
) -> list[ClauseRange]:
    """The ranges and figures that earn full marks. Raises ClauseRefused where one earns anything else."""
    found: list[ClauseRange] = []
    for e in said.of("band", "reach"):
        points = e.token("P")
        if points_of(points, weight) != weight:
            raise ClauseRefused(_("满分的界限给的不是这一项的分值"), points.text)
        found.append(
            bound_of(e.token("R")) if e.says == "band" else _standing(e.token("V"), head, two_ways)
        )
        if e.says == "reach" or figure_alone(found[-1]):
            inferred["full_at"] = _("由“{text}”的方向推断").format(text=head.text)
    return found


def _named_before(
    said: ClauseStatements, head: ClauseToken, inferred: dict[str, str]
) -> list[ClauseRange]:
    """盘查10名以上人员, 每少1人扣…: one limit in the sentence of the step, on the side where full marks are."""
    at = said.of("step")[0].at if said.of("step") else 0
    sentence = re.split(r"[。;]", said.rest[:at])[-1]
    tokens = [said.masked.token(m[2]) for m in TOKEN.finditer(sentence)]
    limits = [bound_of(t) for t in tokens if t.kind == "R"]
    good = [b for b in limits if (b.high is None) == (head.direction == "less")]
    if head.direction not in ("less", "more") or len(limits) != 1 or not good:
        return []
    inferred["full_at"] = _("没有写满分的界限，由“{text}”推断").format(text=head.text)
    return good


def from_words(
    said: ClauseStatements, step: ClauseEvent, grammar: ClauseGrammar
) -> tuple[Fraction, str] | None:
    """Where full marks end by the words right before a step, and how that was understood: 与上年相比 no change, 未完成任务的 all of it."""
    before = said.masked.unmasked(said.rest[: step.at].replace(GONE, "")).rstrip(EDGE)
    sentence = re.split(r"[。;]", before)[-1]
    if any(p.search(f"{sentence}$") for p in grammar.level):
        return Fraction(0), _("“与上年相比”按变动率读，不增不减得满分")
    # 完成目标得满分; 没有完成的, 每低…: the sentence before says of what.
    part = before if len(sentence) <= _ELSE else sentence
    if any(p.search(f"{part}$") for p in grammar.whole):
        return Fraction(1), _("“未完成任务”按完成率读，完成 100% 得满分")
    return None


def _meets_beyond(said: ClauseStatements, full: ClauseRange) -> None:
    """Raises Refused unless what lies beyond full marks, where the clause says it, is all that does."""
    for beyond in said.of("complement_step"):
        bound = bound_of(beyond.token("R"))
        if bound != full:
            complement(full, bound, beyond.token("R"))


def _before_step(step: ClauseEvent, head: ClauseToken) -> ClauseRange:
    """超过10%的, 每超过…: what lies beyond says where full marks end; 不少于4期, 少一期…: it is where they end."""
    bound = bound_of(step.token("R"))
    if (bound.low is None) == (bound.high is None):
        raise ClauseRefused(_("满分从哪里起算没有写清"), head.text)
    end = bound.low or bound.high
    assert end is not None
    if head.direction == "none":
        # 少于8人的, 每人扣…: beyond; 达到8人的, 每人扣…: of which of them nobody can tell.
        if end.closed:
            raise ClauseRefused(_("满分从哪里起算没有写清"), head.text)
    elif (head.direction == "less") == (bound.low is not None):
        return bound
    other = End(end.at, end.unit, end.closed is False)
    return ClauseRange(None, other) if bound.low is not None else ClauseRange(other, None)


def _taken_off(step: ClauseEvent, weight: Fraction | None) -> tuple[Fraction, bool]:
    """What a step costs, and whether that is a share of the weight."""
    head, taken, share = step.token("E"), _taken(step), "T" not in step.tokens
    if taken is None or taken <= 0 or not head.number or head.number <= 0:
        raise ClauseRefused(_("每步扣几分读不出来"), head.text)
    if "B" in step.tokens and step.token("B").number != weight:
        raise ClauseRefused(_("括号里的分和这一项的分值不同"), step.token("B").text)
    if share and step.token("V").unit != PERCENT:
        raise ClauseRefused(_("每步扣几分读不出来"), step.token("V").text)
    if weight is not None and not share and taken > weight:
        raise ClauseRefused(_("一步扣的比这一项的分值还多"), step.token("T").text)
    return taken, share


def _at(bound: ClauseRange) -> set[Fraction]:
    return {e.at for e in (bound.low, bound.high) if e is not None}


def _standing(value: ClauseToken, head: ClauseToken, two_ways: bool) -> ClauseRange:
    """A standard as a range: the head of the step says on which side marks are lost."""
    assert value.number is not None
    end = End(value.number, value.unit, True)
    if two_ways:
        return ClauseRange(end, end)
    match head.direction:
        case "more":
            return ClauseRange(None, end)
        case "less":
            return ClauseRange(end, None)
        case _:
            raise ClauseRefused(_("往哪一边扣没有写清"), head.text)


def _with_direction(
    full: ClauseRange, head: ClauseToken, two_ways: bool, inferred: dict[str, str]
) -> ClauseRange:
    """The direction of the step and the side of the range are two witnesses; a single figure is given the side that the step names."""
    if two_ways:
        if full.low is None or full.high is None:
            raise ClauseRefused(_("界限只有一边，扣分却是两边"), head.text)
        return full
    if figure_alone(full):
        assert full.low is not None
        return _standing(ClauseToken("V", "", full.low.at, full.low.unit), head, two_ways)
    lost_above = full.low is None
    if full.low is not None and full.high is not None:
        raise ClauseRefused(_("界限有两边，扣分只有一边"), head.text)
    if head.direction in ("more", "late") and not lost_above:
        raise ClauseRefused(_("满分在上面，扣分也在上面"), head.text)
    if head.direction == "less" and lost_above:
        raise ClauseRefused(_("满分在下面，扣分也在下面"), head.text)
    if head.direction == "none":
        inferred["direction"] = _("“{text}”没有写方向，由满分的界限推断").format(text=head.text)
    return full


def _counted(
    said: ClauseStatements,
    step: ClauseEvent,
    weight: Fraction | None,
    inferred: dict[str, str],
    grammar: ClauseGrammar,
) -> StepsClause | Cases:
    """Cases, or steps of a count where the clause says how many earn full marks."""
    head, (number, taken) = step.token("E"), _each_takes(step, weight)
    bounded = said.of("band", "reach", "baseline", "complement_step")
    if not bounded and number == 1 and not _named_before(said, head, {}):
        inferred["measure"] = _("例数由谁数、怎么数，条文没有写")
        return Cases(taken)
    if _none_occurred(bounded, step, weight):
        inferred["measure"] = _("例数由谁数、怎么数，条文没有写")
        inferred["full_at"] = _("界限是比率，扣分按例数：按一例也没有得满分读")
        return Cases(taken)
    words = from_words(said, step, grammar)
    named = bounded or _named_before(said, head, {})
    if not named and (words is None or words[0]):
        raise ClauseRefused(_("满分从哪里起算没有写清"), head.text)
    full = _full_range(said, weight, head, False, inferred, words)
    _meets_beyond(said, full)
    _same_unit(full, head)
    if any(e.unit in (PERCENT, MONEY) for e in (full.low, full.high) if e is not None):
        raise ClauseRefused(_("界限和每步的单位不同"), head.text)
    return StepsClause(full, number, False, taken)


def _each_takes(step: ClauseEvent, weight: Fraction | None) -> tuple[Fraction, Fraction]:
    """How many are counted as one, and what that takes off; 每出现1份扣20% takes a share of the weight."""
    head, taken = step.token("E"), _taken(step)
    if "T" not in step.tokens and taken is not None and weight is not None:
        taken = taken * weight if step.token("V").unit == PERCENT else None
    if not taken or not head.number:
        raise ClauseRefused(_("每例扣几分读不出来"), head.text)
    if weight is not None and taken > weight:
        raise ClauseRefused(_("一例扣的比这一项的分值还多"), head.text)
    return head.number, taken


def _same_unit(full: ClauseRange, head: ClauseToken) -> None:
    """Raises ClauseRefused where what is counted is not what the limit speaks of: 人数达到5人的, 每处扣…"""
    units = {e.unit.removeprefix("个") for e in (full.low, full.high) if e is not None} - {""}
    if units <= {head.unit.removeprefix("个")} or not head.unit:
        return
    alike = any(units | {head.unit.removeprefix("个")} <= set(of) for of in (_DAYS, _PEOPLE))
    if not alike and (head.direction == "none" or head.unit not in _ANY):
        raise ClauseRefused(_("界限和每步的单位不同"), head.text)


def _none_occurred(bounded: list[ClauseEvent], step: ClauseEvent, weight: Fraction | None) -> bool:
    """100%得满分, 每出现1项未完成扣1分; 97%以上得3分, 有1个月达不到该比率的扣1分: what is counted are the cases."""
    if len(bounded) != 1 or step.token("E").direction != "none" or step.token("E").number != 1:
        return False
    one = bounded[0]
    if one.says not in ("band", "reach") or points_of(one.token("P"), weight) != weight:
        return False
    if one.says == "reach":
        return one.token("V").unit == PERCENT and one.token("V").number == 1
    bound = bound_of(one.token("R"))
    rate = all(e.unit == PERCENT for e in (bound.low, bound.high) if e is not None)
    return rate and ((bound.low is not None and bound.low.at == 1) or _OF_IT in step.text)
