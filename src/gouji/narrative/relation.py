"""What a text its own states figures (a relation), and its verdict: by the readings of an expression that every rule goes by.

Values are 元, shares of 1 or things. Formulas: 其中 整体 = 各项之和; 占比 = 部分 / 整体; 增减幅 = 增减额 / (本年 - 增减额), or (本年 - 上年) / 上年;
增减额 = 本年 - 上年; 完成率 = 完成数 / 预算数.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.expression import Printed, rounds_to
from gouji.narrative.mentions import Mention, MentionKind
from gouji.narrative.says import Says
from gouji.narrative.sentence_words import WAN_YUAN, YUAN
from gouji.narrative.text_facts import Fact
from gouji.narrative.worked import meets, total, work_out


class Open(StrEnum):
    """Why a relation cannot be judged."""

    READING = "读法不定"
    BASE = "找不到分母"
    PARTIAL = "未必列全"
    RATE_ONLY = "只有百分比"
    ZERO = "基数为零"
    NAME = "名称未认全"
    ABOUT = "约数"


@dataclass(frozen=True, slots=True)
class TextTerm:
    """A figure in a relation: what it is there, the mention, and its sign (a decrease is below zero)."""

    part: str
    mention: Mention
    sign: int = 1
    name: str = ""

    @property
    def printed(self) -> Printed:
        """The figure as it counts."""
        value = self.mention.value if self.sign == 1 else self.mention.value * self.sign
        return Printed(value, self.mention.half)


@dataclass(frozen=True, slots=True)
class TextRelation:
    """One relation: the figure that is stated, those it rests on, its verdict; `reason` where it cannot be judged, `note` how it was read."""

    says: Says
    stated: TextTerm
    terms: tuple[TextTerm, ...]
    verdict: Verdict
    reason: Open | None = None
    note: str = ""
    right: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    truncated: bool = False

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """All its figures, the stated one first."""
        return (self.stated.mention, *(t.mention for t in self.terms))

    @property
    def formula(self) -> str:
        """The relation with its figures, as printed."""
        shown = [
            ("-" if t.sign < 0 and not t.mention.printed.startswith("-") else "")
            + t.mention.printed
            for t in self.terms
        ]
        left = ("-" if self.stated.sign < 0 else "") + self.stated.mention.printed
        parts = {t.part: s for t, s in zip(self.terms, shown, strict=True)}
        match self.says, sorted(parts):
            case ((Says.PARTS | Says.EQUAL), _any):
                right = " + ".join(shown).replace("+ -", "- ")
            case Says.DONE, ["change", "part"]:
                right = f"{parts['part']} ÷ ({parts['part']} - {parts['change']})".replace(
                    "- -", "+ "
                )
            case ((Says.SHARE | Says.DONE), [_a, _b]):
                right = f"{shown[0]} ÷ {shown[1]}"
            case Says.GROWTH, ["change", "now"]:
                right = f"{parts['change']} ÷ ({parts['now']} - {parts['change']})".replace(
                    "- -", "+ "
                )
            case Says.GROWTH, ["now", "prior"]:
                right = f"({parts['now']} - {parts['prior']}) ÷ {parts['prior']}"
            case ((Says.CHANGE | Says.POINTS), ["now", "prior"]):
                right = f"{parts['now']} - {parts['prior']}"
            case _:
                right = "?"
        return f"{left} = {right}"

    def __str__(self) -> str:
        said = f"{self.says} {self.formula} {self.verdict}"
        return f"{said}({self.reason})" if self.reason else said


def judged(
    says: Says, stated: TextTerm, terms: tuple[TextTerm, ...], note: str = ""
) -> TextRelation:
    """A relation with its verdict at the printed figures and within their rounding."""
    worked = work_out(says, {t.part: t.printed for t in terms})
    if worked is None:
        return TextRelation(says, stated, terms, Verdict.UNASSESSABLE, Open.BASE, note)
    if worked.right is None or worked.low is None or worked.high is None:
        return TextRelation(says, stated, terms, Verdict.UNASSESSABLE, Open.ZERO, note)
    figure = stated.printed
    verdict = Verdict.UNBALANCED
    if figure.value == worked.right or (
        worked.rounded and rounds_to(worked.right, figure.value, figure.low, figure.high)
    ):
        verdict = Verdict.BALANCED
    elif worked.low <= figure.high and figure.low <= worked.high:
        verdict = Verdict.WITHIN_ROUNDING
    cut = verdict is Verdict.UNBALANCED and _cut(stated, worked.right)
    return TextRelation(
        says, stated, terms, verdict, None, note, worked.right, worked.low, worked.high, cut
    )


def _cut(stated: TextTerm, right: Fraction) -> bool:
    """Whether the stated figure is what comes out, cut off behind its last place."""
    place = 2 * stated.mention.half
    if not place:
        return False
    value = stated.printed.value
    return abs(value) <= abs(right) < abs(value) + place and (value >= 0) == (right >= 0)


def fits(relation: TextRelation) -> bool:
    """Whether the figures make it hold."""
    return relation.verdict in (Verdict.BALANCED, Verdict.WITHIN_ROUNDING)


def term(part: str, fact: Fact) -> TextTerm:
    """A fact as a term; a change with the sign of its word."""
    sign = fact.direction if fact.word or fact.frame else 1
    if sign < 0 and fact.mention.value < 0:
        # 增长-5%: the sign is printed, the word says nothing more; 下降-5% is a decrease all the same.
        sign = 1
    return TextTerm(part, fact.mention, sign or 1, fact.name.key)


def add_up(parts: Sequence[TextTerm]) -> Printed:
    """What parts add up to, and how far that may move within their rounding."""
    return total([p.printed for p in parts])


def may_be(stated: TextTerm, found: Printed) -> bool:
    """Whether a stated figure is what was found, within the rounding of both: what `judged` would find to hold, at less cost."""
    return meets(stated.printed, found)


def unit_slips(relation: TextRelation) -> Iterator[tuple[Mention, int]]:
    """Figures of a failed relation that would make it hold in another unit of money: the mention, and how many times as much it would be."""
    if relation.verdict is not Verdict.UNBALANCED:
        return
    every = (relation.stated, *relation.terms)
    for at, one in enumerate(every):
        if one.mention.kind is not MentionKind.AMOUNT or one.mention.unit not in (YUAN, WAN_YUAN):
            continue
        times = 10_000 if one.mention.unit == YUAN else -10_000
        factor = Fraction(times) if times > 0 else Fraction(1, -times)
        moved = TextTerm(one.part, _scaled(one.mention, factor), one.sign, one.name)
        changed = (*every[:at], moved, *every[at + 1 :])
        if fits(judged(relation.says, changed[0], changed[1:])):
            yield one.mention, times


def _scaled(mention: Mention, factor: Fraction) -> Mention:
    return Mention(
        mention.kind,
        mention.value * factor,
        mention.half * factor,
        mention.unit,
        mention.printed,
        mention.paragraph,
        mention.at,
        mention.sign,
        mention.about,
    )


def opened(
    says: Says, stated: TextTerm, terms: tuple[TextTerm, ...], reason: Open, note: str = ""
) -> TextRelation:
    """A relation that cannot be judged, and why."""
    return TextRelation(says, stated, terms, Verdict.UNASSESSABLE, reason, note)


def words_of(open_: Open) -> str:
    """The reason in words."""
    words: Mapping[Open, str] = {
        Open.READING: _("句子里的数有几种读法，没有一种相符，读法不定"),
        Open.BASE: _("句子里没有写出分母，也没有找到"),
        Open.PARTIAL: _("列出的各项不到整体，未必列全"),
        Open.RATE_ONLY: _("只写了百分比，没有写出增减额或上年数"),
        Open.ZERO: _("基数为零，得不出比率"),
        Open.NAME: _("名称没有认全"),
        Open.ABOUT: _("约数，不能按印出的位数核对"),
    }
    return words[open_]


__all__ = [
    "Open",
    "Says",
    "TextRelation",
    "TextTerm",
    "add_up",
    "fits",
    "judged",
    "may_be",
    "opened",
    "term",
    "unit_slips",
    "words_of",
]
