"""A list of figures that another one may be the sum of, and when figures can be added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gouji.narrative.flow import Flow
from gouji.narrative.mentions import Mention, counted_alike
from gouji.narrative.patterns import FigureRole
from gouji.narrative.sentence_words import OWN_CLAUSE
from gouji.narrative.text_facts import Fact

ROLES = (FigureRole.AMOUNT, FigureRole.CHANGE)
HEADS = 4
# How far figures lie apart that are told together though no word says so.
NEAR = 12


@dataclass(frozen=True, slots=True)
class PartList:
    """A list: the figures it may belong to, the nearest first, and its parts.

    `said`: a word says that it is one. `anywhere`: it may belong to any figure before. `longest`: it may end before its last part.
    `closed`: the sum behind it says that these are all; `complete`: so do the words that open it, and each part is one figure.
    """

    heads: tuple[Fact, ...]
    parts: tuple[Fact, ...]
    said: bool = True
    anywhere: bool = False
    longest: bool = False
    closed: bool = False
    complete: bool = False


def hundred(rates: Sequence[Mention]) -> bool:
    """Whether printed shares make up the whole."""
    total = sum((r.value for r in rates), Fraction(0))
    return abs(total - 1) <= sum((r.half for r in rates), Fraction(0))


def added_alike(a: Fact, b: Fact) -> bool:
    """Whether two figures can be added up."""
    same = a.role is b.role and a.name.prior is b.name.prior
    return same and counted_alike(a.mention, b.mention)


def opens_list(flow: Flow, fact: Fact) -> bool:
    """Whether a word before a figure, in its own clause, opens a list."""
    return flow.grammar.opens.search(OWN_CLAUSE.search(fact.left)[0]) is not None  # type: ignore[index]


__all__ = ["HEADS", "NEAR", "ROLES", "PartList", "added_alike", "hundred", "opens_list"]
