"""A text that says once in which unit its money is -> its bare numbers as amounts in that unit, where their words leave no doubt that they are money.

A sentence that speaks of the whole text (本报告金额单位均为万元) holds for all of it, any other sentence from where it stands, a heading or a line of its own
(单位:万元) for its section, the nearest one first. Above a table it is of the table alone. Two that speak of the whole text and differ say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gouji.narrative.figure_names import name_of
from gouji.narrative.grammar import TextGrammar
from gouji.narrative.headings import headings
from gouji.narrative.mentions import MONEY, MaskedParagraph, Mention, MentionKind
from gouji.narrative.sentence_words import BETWEEN
from gouji.narrative.text_lines import TextParagraph

_UNITS = "亿元|万元|千元|百元|元"
_SAYS = re.compile(
    f"(?:(?:金额|货币|计量|数据|资金)*(?:计量)?单位(?:均|都|统一|一律|全部)*(?:为|是|:)*(?:人民币)?(?P<unit>{_UNITS})"
    rf"|(?:均|都|统一)?以(?:人民币)?(?P<other>{_UNITS})为(?:金额|计量)?单位)(?=[)。,;]|\Z)"
)
_WHOLE = re.compile("(?:本|全|通|该)(?:报告|文|说明|材料|篇|次)|文中|报告中|文内")
_ON = re.compile("以下|下文|下列")
_SENTENCE = re.compile("[^。;!?]+")
# Words that a number of money stands behind; with places a number may stand behind more of them.
_MONEY = re.compile(
    "(?:收入|支出|费|费用|资金|经费|预算|决算|拨款|结余|结转|补助|补贴|总额|金额|投资|款|资产|负债|(?<=[合总共])计)"
    "(?:(?:决算|预算|执行|支出)?数)?(?:为|是|共|达|到|约|:|分别|均|合计|总计)*\\Z"
)
_CHANGED = re.compile("(?:增加|减少|增支|减支|增收|减收|节约)(?:额)?(?:了|为)?\\Z")
_COMPARED = re.compile(
    "[比较由从](?:上年度?|去年|同期|年初|预算)(?:同期|决算|预算|支出|收入)*数?的?\\Z"
)
_BEHIND = re.compile("[,;。、()增减比较占与和]|其中|\\Z")


@dataclass(frozen=True, slots=True)
class _UnitSaid:
    """A statement: the unit, its paragraph, whether it speaks of the whole text, the headings of its section (None: all that follows)."""

    unit: str
    paragraph: int
    whole: bool = False
    section: tuple[str, ...] | None = None

    def holds(self, number: int, above: tuple[str, ...]) -> bool:
        """Whether it holds for a paragraph below headings."""
        if self.whole or self.section is None:
            return self.whole or number >= self.paragraph
        return number >= self.paragraph and above[: len(self.section)] == self.section


def in_stated_units(
    paragraphs: Sequence[TextParagraph], hidden: Sequence[MaskedParagraph], grammar: TextGrammar
) -> tuple[MaskedParagraph, ...]:
    """The masked paragraphs of a text, bare numbers of money as amounts."""
    above = headings(hidden)
    said = [one for n in range(len(paragraphs)) for one in _said(paragraphs, above, n)]
    if not said:
        return tuple(hidden)
    units = [None if own.row else _unit(said, n, above[n]) for n, own in enumerate(paragraphs)]
    return tuple(
        own if unit is None else _amounts(own, unit, grammar)
        for own, unit in zip(hidden, units, strict=True)
    )


def _said(
    paragraphs: Sequence[TextParagraph], above: Sequence[tuple[str, ...]], number: int
) -> Iterator[_UnitSaid]:
    """The statements of a paragraph."""
    own, behind = paragraphs[number], paragraphs[number + 1 : number + 2]
    if own.row or (behind and behind[0].row):
        return
    for sentence in _SENTENCE.finditer(own.text):
        for found in _SAYS.finditer(sentence[0]):
            unit = found["unit"] or found["other"]
            whole = _WHOLE.search(sentence[0]) is not None
            further = whole or _ON.search(sentence[0]) or "。" in own.text
            section = None if further else _section(own.text, found, above[number])
            yield _UnitSaid(unit, number, whole, section)


def _section(text: str, found: re.Match[str], above: tuple[str, ...]) -> tuple[str, ...]:
    """The headings of the section that a statement holds for: of its own heading, or of the one above a line with nothing else."""
    nothing_else = not text.replace(found[0], "").strip("()[]")
    return above[:-1] if nothing_else else above


def _unit(said: Sequence[_UnitSaid], number: int, above: tuple[str, ...]) -> str | None:
    """The unit that holds for a paragraph; None where none does, or two that speak of the whole text differ."""
    holding = [one for one in said if one.holds(number, above)]
    near = [one for one in holding if not one.whole]
    if near:
        return near[-1].unit
    units = {one.unit for one in holding}
    return units.pop() if len(units) == 1 else None


def _amounts(own: MaskedParagraph, unit: str, grammar: TextGrammar) -> MaskedParagraph:
    """A paragraph whose bare numbers of money are amounts."""
    made, signs, last, changed = list[Mention](), list(own.text), 0, False
    for one in own.mentions:
        left = own.text[last : one.sign]
        side = changed and left in BETWEEN
        changed = _bare(one, own.text) and (side or _is_money(one, left, grammar))
        if changed:
            one = _in(one, unit)
            signs[one.sign] = one.kind.value
        made.append(one)
        last = one.sign + 1 if one.kind not in (MentionKind.YEAR, MentionKind.DATE) else last
    return MaskedParagraph("".join(signs), tuple(made))


def _bare(one: Mention, text: str) -> bool:
    """Whether a figure is a number with nothing behind it."""
    plain = one.kind is MentionKind.COUNT and not one.unit and one.printed[-1].isdigit()
    return plain and _BEHIND.match(text, one.sign + 1) is not None


def _is_money(one: Mention, left: str, grammar: TextGrammar) -> bool:
    """Whether the words before a number say that it is money."""
    if name_of(left, grammar).item is not None:
        return True
    said = _MONEY.search(left) or _CHANGED.search(left) or _COMPARED.search(left)
    return "." in one.printed and said is not None


def _in(one: Mention, unit: str) -> Mention:
    """A number as so many of a unit of money."""
    factor = MONEY[unit]
    places = len(one.printed.partition(".")[2])
    half = Fraction(factor, 2 * 10**places) if one.value or places else Fraction(0)
    return replace(one, kind=MentionKind.AMOUNT, unit=unit, value=one.value * factor, half=half)


__all__ = ["in_stated_units"]
