"""The text of a clause and the points of its row -> what it says, or why it was not read.

Nothing is silently wrong: a figure, or a word that speaks of points, that the method does not use makes the clause unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from gouji.base.i18n import _
from gouji.drafting.accounting import check_limits, check_phrases, refusal_of
from gouji.drafting.bands import read_bands
from gouji.drafting.clause_events import (
    EDGE,
    GONE,
    ClauseEvent,
    ClauseStatements,
    bound_of,
    check_caps,
    closed_world,
    points_of,
    said_in,
)
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_parts import split_definitions, split_list, split_names, without_named
from gouji.drafting.clause_reading import (
    BandsClause,
    ByHand,
    Cases,
    ChecklistClause,
    ClauseItem,
    ClauseReading,
    ClauseRefused,
    Proportion,
    Read,
    StepsClause,
    UnreadClause,
    WithinClause,
)
from gouji.drafting.clause_scored import read_formula
from gouji.drafting.deductions import read_deductions
from gouji.drafting.items import read_list
from gouji.drafting.left_over import check_left
from gouji.drafting.mask import OF_WEIGHT, mask
from gouji.drafting.mixed_parts import (
    parts_of_commas,
    parts_of_list,
    parts_of_sentences,
    read_parts,
)
from gouji.drafting.normal import normal_form
from gouji.drafting.respectively import unrolled
from gouji.drafting.steps import percent_of, read_steps
from gouji.drafting.unnumbered import mirrored, read_sentences
from gouji.drafting.written_out import written_out


def read_clause(
    text: str, weight: Fraction | None, grammar: ClauseGrammar, shared: int = 1
) -> Read:
    """What a clause says. `shared`: over how many rows its cell reaches; a formula over them prints the points of all.

    `weight` is the row's 分值; None where the table does not print it.
    """
    counters = grammar.words["counter"]
    normal = normal_form(text, grammar.characters, counters).strip()
    if not normal:
        return UnreadClause((_("没有评价标准"),))
    short = unrolled(normal, grammar)
    normal, remarks = _without_remarks(written_out(short), grammar)
    spoken = normal_form(without_named(text), grammar.characters, counters)
    spoken = unrolled(spoken, grammar)
    refused = refusal_of(spoken, grammar)
    if refused:
        return UnreadClause((refused,))
    try:
        made = _soft(_read(normal, weight, grammar, shared), normal, grammar, remarks)
        return made if written_out(short) == short else _asked_of_all(made)
    except ClauseRefused as fault:
        return UnreadClause((fault.reason,), fault.leavings)


def _asked_of_all(made: ClauseReading) -> ClauseReading:
    """What was written out is asked."""
    asked = _("条文省去的“100%”已经补上：“完成”按完成 100% 读，“每低于……%”从那个数起算")
    return replace(made, questions=(*made.questions, asked))


def definitions_of(text: str, grammar: ClauseGrammar) -> tuple[str, ...]:
    """The formulas that a text prints, in normal form."""
    return split_definitions(normal_form(text, grammar.characters, grammar.words["counter"]))[1]


def _without_remarks(text: str, grammar: ClauseGrammar) -> tuple[str, tuple[str, ...]]:
    """A clause without the remarks that say who scores and what is looked at, and these."""
    found: list[str] = []
    for pattern in grammar.remarks:
        found += (m[0].strip("()") for m in pattern.finditer(text))
        text = pattern.sub("", text)
    return text, tuple(found)


def _soft(
    reading: ClauseReading, normal: str, grammar: ClauseGrammar, remarks: tuple[str, ...]
) -> ClauseReading:
    """Exceptions that the clause makes and no method knows are asked, and so are remarks."""
    exceptions = (m[0] for pattern in grammar.soft for m in pattern.finditer(normal))
    found = (*dict.fromkeys(exceptions), *dict.fromkeys(remarks))
    if not found:
        return reading
    asked = _("条文另有说明（{words}），没有写进规则").format(words="、".join(found))
    return replace(reading, questions=(*reading.questions, asked))


def _read(
    normal: str, weight: Fraction | None, grammar: ClauseGrammar, shared: int
) -> ClauseReading:
    scored = read_formula(normal, weight, grammar, shared)
    if scored is not None:
        return scored
    text, _definitions = split_definitions(normal)
    said = said_in(mask(text, grammar), grammar)
    if shared > 1 and not said.of("judged"):
        raise ClauseRefused(_("几行合用一格评价标准，各行几分没有写"))
    listed = split_list(text)
    alone = partial(_alone, grammar=grammar)
    if listed is not None:
        return _or_parts(
            partial(read_list, listed, weight, grammar),
            parts_of_list(listed, grammar),
            weight,
            alone,
        )
    whole = partial(_read_plain, said, weight, grammar)
    parts = parts_of_sentences(text, grammar) or parts_of_commas(text, grammar)
    return _or_parts(whole, parts, weight, alone)


def _or_parts(
    whole: Callable[[], ClauseReading],
    parts: Sequence[tuple[str, Fraction]],
    weight: Fraction | None,
    alone: Callable[[str, Fraction], ClauseReading],
) -> ClauseReading:
    """A clause as a whole; where that is refused, part by part."""
    try:
        return whole()
    except ClauseRefused:
        made = read_parts(parts, weight, alone)
        if made is None:
            raise
        return made


def _alone(text: str, points: Fraction, grammar: ClauseGrammar) -> ClauseReading:
    """One part of a clause, as if it were the whole of one."""
    return _read_plain(said_in(mask(text, grammar), grammar), points, grammar)


def _read_plain(
    said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading:
    """A clause without a list. Raises ClauseRefused."""
    weight = _printed_weight(said, weight)
    check_phrases(said, grammar, weight)
    if any(t.kind == "Q" for t in said.left()):
        raise ClauseRefused(_("分数是一个区间，由谁定没有写"), *(t.text for t in said.left()))
    return _remarked(_plain(said, weight, grammar), said)


def _printed_weight(said: ClauseStatements, weight: Fraction | None) -> Fraction | None:
    for e in said.of("full_points"):
        stated = e.tokens.get("B") or e.token("S")
        printed = points_of(stated, None)
        if weight is not None and printed != weight:
            raise ClauseRefused(_("条文写的满分不是这一项的分值"), stated.text)
        weight = printed
    return weight


def _plain(
    said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading:
    """A clause without a list: by hand, a figure, or sentences."""
    if said.of("judged"):
        return _judged(said, grammar)
    if said.of("step_share_of_full"):
        raise ClauseRefused(_("一例就扣完，几种情形混在一起"))
    weight = weight if weight is not None else _weight_of_bands(said)
    taken = mirrored(said, weight) or read_deductions(said, weight, grammar)
    if taken is not None:
        return replace(taken, weight=weight)
    check_caps(said, weight)
    for read in (
        partial(read_steps, grammar=grammar),
        partial(read_bands, grammar=grammar),
        _proportion,
        _enumerated,
    ):
        made = read(said, weight)
        if made is not None:
            _nothing_else_said(said, weight, made)
            check_limits(said, grammar)
            check_left(said, weight, grammar, made)
            asked = (*made.questions, *_asked(said), *_unused_words(said, made))
            return replace(made, weight=weight, questions=asked)
    return read_sentences(said, weight, grammar)


def _nothing_else_said(
    said: ClauseStatements, weight: Fraction | None, made: ClauseReading
) -> None:
    """Every turn of phrase is one that the method takes up."""
    match made.method:
        case StepsClause() | Cases():
            used = {
                "step",
                "complement_step",
                "share",
                "share_check",
                *_RANGES,
                "baseline",
                "all_full",
            }
        case Proportion():
            used = {"else_proportion", "proportion_points", *_RANGES, "baseline", "each"}
        case BandsClause() | WithinClause():
            used = {*_RANGES, "else_zero", "band_off"}
            used |= {"baseline"} if _standard_is_an_end(said) else set()
        case _:
            used = {"each"}
    more = [e for e in said.events if e.says not in used | _BESIDE]
    if more:
        raise ClauseRefused(
            _("条文里有没用上的数"), *(t.text for e in more for t in e.tokens.values())
        )
    for e in said.of("all_full"):
        if points_of(e.token("P"), weight) != weight:
            raise ClauseRefused(_("满分的界限给的不是这一项的分值"), e.token("P").text)


def _standard_is_an_end(said: ClauseStatements) -> bool:
    """以100%为标准, ≤100%得2分: the standard says again where a range ends."""
    ranges = [bound_of(e.token("R")) for e in said.of("band", "band_off")]
    ends = {(e.at, e.unit) for b in ranges for e in (b.low, b.high) if e is not None}
    standards = [e.token("V") for e in said.of("baseline")]
    return all((v.number, v.unit) in ends for v in standards)


_SHORT = 4  # words that join: 其中, 对照标准
_RANGES = ("band", "reach")
_BESIDE = {"cap", "limit", "full_points", "full_other", "remark"}


def _weight_of_bands(said: ClauseStatements) -> Fraction | None:
    """Full marks as the best band prints them, where the table prints none."""
    tokens = [e.token("P") for e in said.of("band", "reach")]
    printed = [t.number for t in tokens if t.kind in "SB" and t.unit != OF_WEIGHT]
    return max((p for p in printed if p is not None), default=None)


def _asked(said: ClauseStatements) -> tuple[str, ...]:
    """得满分 beside a deduction for each case is taken as saying that there was none; what it says besides is asked."""
    left = said.left()
    if not left:
        return ()
    if not any(t.kind in "SFB" for t in left):
        return tuple(_("“{text}”没有写进算法").format(text=t.text) for t in left if t.kind in "RV")
    words = re.split(r"[。;]", said.masked.unmasked(said.rest.replace(GONE, "")))
    stated = next((t for t in said.left() if t.kind in "SFB"), said.left()[0])
    full = next((w for w in words if stated.text in w), "")
    return (_("“{text}”按没有发生要扣的情形理解").format(text=full.strip(EDGE)),)


def _unused_words(said: ClauseStatements, made: ClauseReading) -> tuple[str, ...]:
    """What a sentence with figures asks for besides (实行公示，公示不少于7天，得5分): no figure shows it."""
    if not isinstance(made.method, StepsClause | BandsClause | WithinClause | Proportion):
        return ()
    parts = [
        said.masked.unmasked(part).strip(EDGE)
        for sentence in re.split(r"[。;]", said.rest)
        if GONE in sentence
        for part in re.split(r"[,:]", sentence)
        if GONE not in part
    ]
    unused = [part for part in parts if len(part) > _SHORT]
    return tuple(_("“{text}”没有写进算法").format(text=part) for part in unused)


def _remarked(reading: ClauseReading, said: ClauseStatements) -> ClauseReading:
    if not said.of("full_other"):
        return reading
    asked = _("条文说没有该类事项的按满分算，请写进 applies 或 undefined")
    return replace(reading, questions=(*reading.questions, asked))


def _judged(said: ClauseStatements, grammar: ClauseGrammar) -> ClauseReading:
    if said.left() or len(said.events) > len(said.of("judged")):
        raise ClauseRefused(_("写明的分和酌情的分混在一条里"), *(t.text for t in said.left()))
    closed_world(said, grammar)
    return ClauseReading(ByHand(), {"method": _("条文没有写怎么算，由评审人打分")})


def _proportion(said: ClauseStatements, weight: Fraction | None) -> ClauseReading | None:
    """按完成比例得分 without a range: of the target, or of all."""
    if not said.of("else_proportion", "proportion_points"):
        return None
    for e in said.of("proportion_points"):
        if points_of(e.token("S"), weight) != weight:
            raise ClauseRefused(_("条文给的分不是这一项的分值"), e.token("S").text)
    targets = said.of("baseline")
    if len(targets) > 1 or said.of("step", "each", "band", "reach", "else_zero"):
        raise ClauseRefused(_("按比例和别的算法混在一条里"))
    if targets:
        value = targets[0].token("V").number
        assert value is not None
        if value <= 0:
            raise ClauseRefused(_("目标值不是正数"), targets[0].token("V").text)
        return ClauseReading(Proportion(value), {})
    note = _("目标值没有写，按 100% 读")
    return ClauseReading(Proportion(Fraction(1)), {"full_at": note})


def _enumerated(said: ClauseStatements, weight: Fraction | None) -> ClauseReading | None:
    """真实、完整、准确各1分."""
    each = said.of("each")
    if not each:
        return None
    if len(each) == 1 and "E" in each[0].tokens:
        return _earned_each(each[0], said, weight)
    others = [e for e in said.events if e.says not in ("each", "cap", "full_points")]
    before = each[0].before
    names = split_names(said.masked.unmasked(_head_of(said)))
    points = points_of(each[0].token("P"), weight)
    if len(each) > 1 or others or not before or len(names) < 2 or said.left():
        raise ClauseRefused(_("每项几分，有哪几项没有写清"))
    if weight is not None and points * len(names) != weight:
        raise ClauseRefused(_("每项的分乘以项数不是这一项的分值"))
    note = _("各项由“、”分开，每项分值相同")
    return ClauseReading(
        ChecklistClause(tuple(ClauseItem(n, points) for n in names), True), {"items": note}
    )


def _earned_each(
    each: ClauseEvent, said: ClauseStatements, weight: Fraction | None
) -> ClauseReading | None:
    """每完成一个项目得1分, 最高5分: in proportion to the count that earns all; only where the clause says what the most is."""
    names = split_names(said.masked.unmasked(_head_of(said)))
    if (
        len(names) > 1
        and weight is not None
        and weight == len(names) * points_of(each.token("P"), weight)
    ):
        note = _("各项由“、”分开，每项分值相同")
        items = tuple(ClauseItem(n, weight / len(names)) for n in names)
        return ClauseReading(ChecklistClause(items, True), {"items": note})
    head, points = each.token("E"), points_of(each.token("P"), weight)
    capped = [e for e in said.of("cap") if e.token("K").number == weight]
    wrong = percent_of(head) or head.direction != "none" or not head.number
    if wrong or not capped or not points or weight is None or said.left():
        raise ClauseRefused(_("每项几分，有哪几项没有写清"))
    note = _("按完成的个数得分，到满分为止")
    return ClauseReading(Proportion(weight / points * (head.number or 1)), {"method": note})


def _head_of(said: ClauseStatements) -> str:
    """The sentence up to 各…分, without what stands before its last comma."""
    return re.split(r"[。;,:\n]", said.rest.split("¦")[0])[-1]
