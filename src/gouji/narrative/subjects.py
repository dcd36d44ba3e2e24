"""Facts of a text whose own words say only 支出决算 or 年初预算 -> facts with what they are of: the figure before, the title of their paragraph, the account of their sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gouji.narrative.figure_names import Name
from gouji.narrative.grammar import TextGrammar
from gouji.narrative.mentions import SIGNS, MaskedParagraph, MentionKind
from gouji.narrative.patterns import FigureRole
from gouji.narrative.sentence_words import BARE, SIDES, TOTALS
from gouji.narrative.text_facts import Fact

AMOUNTS = (MentionKind.AMOUNT, MentionKind.COUNT)
# A title: 1.…(类)…(款)…(项)。, or a paragraph that is nothing else; what a line of accounts is called behind its classes.
_TITLE = re.compile(
    f"[\ue007(]*(?:[一二三四五六七八九十]+[)、])?(?P<title>[^,;:。!?{SIGNS}]{{2,60}}?)[:。]"
)
_LINE = re.compile(
    f"[\ue007(]*(?:[一二三四五六七八九十]+[)、])?(?P<title>[^,;:。!?{SIGNS}]{{2,60}}?)。?"
)
_CLASSES = re.compile(r"(?:.*\((?:类|款)\))?(?P<own>.*?)(?:\((?:类|款|项)\))?")
_ABOUT = re.compile("(?:决算)?(?:总体|具体)?情况(?:说明)?\\Z")
# Accounts that have income, spending and balances of their own; words that say so of a figure without the account.
_ACCOUNT = re.compile(
    "(?P<account>政府性基金(?:预算)?(?:财政拨款)?|国有资本经营(?:预算)?(?:财政拨款)?|一般公共预算(?:财政拨款)?|(?<!非)财政拨款)"
    "(?:本年)?(?:(?:收入|支出)(?P<total>总计)?|(?:年初|年末|上年)?结[转余](?:和?结余)?)"
)
_OF_ACCOUNT = re.compile(
    "(?:本年|当年)?(?:收入|支出)|(?:年初|年末|上年)(?:财政拨款)?结[转余](?:和?结余)?"
)
# Behind 财政拨款收入总计 the other total is of that account too.
_TOTAL_OF_ACCOUNT = re.compile("(?:收入|支出)总计")


def titles(paragraphs: Sequence[MaskedParagraph], grammar: TextGrammar) -> dict[int, Name]:
    """By the number of a paragraph what its title names, of a title above only what the patterns know or a class of the accounts."""
    made = dict[int, Name]()
    for number, own in enumerate(paragraphs):
        found = _TITLE.match(own.text)
        above = _LINE.fullmatch(paragraphs[number - 1].text) if number else None
        if found is not None and found.end() < len(own.text):
            made[number] = _titled(found["title"], grammar)
        elif above is not None and _known_title(above["title"], grammar):
            made[number] = _titled(above["title"], grammar)
    return made


def _titled(title: str, grammar: TextGrammar) -> Name:
    """The name that a title gives to figures that say only what kind of figure they are: as if its budget stood before them."""
    found = _CLASSES.fullmatch(_ABOUT.sub("", title))
    own = (found["own"] if found is not None else "") or title
    return Name(own, grammar.by_name.get(own), budget=True)


def _known_title(title: str, grammar: TextGrammar) -> bool:
    return title.endswith(("(类)", "(款)", "(项)")) or _ABOUT.sub("", title) in grammar.by_name


def resolved(facts: Sequence[Fact], grammar: TextGrammar, titled: Mapping[int, Name]) -> list[Fact]:
    """Names that say only 年初预算 or 支出决算 take the subject of the figure before in their paragraph, else its title; parts of a budget are budgets."""
    made = list[Fact]()
    state = _Subject(grammar, titled)
    for fact in facts:
        made.append(state.of(fact))
    return _years_before(made)


class _Subject:
    """What figures without a name of their own are of, while the facts of a text are gone through in order."""

    def __init__(self, grammar: TextGrammar, titled: Mapping[int, Name]) -> None:
        self.grammar, self.titled = grammar, titled
        self.subject: Name | None = None
        self.account, self.in_total = "", False
        self.last: Fact | None = None
        # Whether a list was opened in the sentence, of what, and how many parts it has.
        self.listed, self.parts = False, 0
        self.whole: Name | None = None

    def of(self, fact: Fact) -> Fact:
        """A fact with its whole name."""
        self._begin(fact)
        if fact.role is FigureRole.AMOUNT and fact.mention.kind in AMOUNTS:
            fact = self._named(fact)
        self.last = fact
        return fact

    def _begin(self, fact: Fact) -> None:
        last = self.last
        new = last is None or fact.sentence != last.sentence
        if new and self.listed and self.parts > 1:
            # Behind a list the sentence goes on with what the list is of.
            self.subject = self.whole
        if last is None or fact.mention.paragraph != last.mention.paragraph:
            self.subject = None
        if new:
            self.listed, self.parts = False, 0
            self.account, self.in_total = _account(fact)

    def _named(self, fact: Fact) -> Fact:
        if not self.listed and self.grammar.opens.search(fact.left) is not None:
            self.listed, self.whole = True, self.subject
        self.parts += self.listed
        fact = self._of_account(fact)
        subject = self.subject or self.titled.get(fact.mention.paragraph)
        if fact.run == 1:
            # Figures side by side are of several things, and one subject is none of them.
            fact = _renamed(fact, subject, self.grammar)
        budget = self.subject is not None and self.subject.budget
        if self.listed and budget and fact.name.budget is None:
            fact = replace(fact, name=replace(fact.name, budget=True))
        if fact.name.key:
            self.subject = _known(fact.name, self.grammar)
        return fact

    def _of_account(self, fact: Fact) -> Fact:
        """政府性基金预算财政拨款年初结转和结余2万元,本年收入30万元,本年支出31万元: all of that account, and no totals."""
        name = fact.name
        of_it = _TOTAL_OF_ACCOUNT if self.in_total else _OF_ACCOUNT
        if not self.account or self.listed or not of_it.fullmatch(name.phrase):
            return fact
        own = self.account + name.phrase
        short = self.account + re.sub("本年|当年", "", name.phrase)
        known = self.grammar.by_name.get(own) or self.grammar.by_name.get(short)
        return replace(fact, name=replace(name, phrase=own, item=known))


def _account(first: Fact) -> tuple[str, bool]:
    """The account that the first figure of a sentence is of, by its words, and whether it is the total of it; empty where they name none."""
    found = _ACCOUNT.fullmatch(first.name.phrase) if first.role is FigureRole.AMOUNT else None
    return (found["account"], bool(found["total"])) if found is not None else ("", False)


def _years_before(facts: Sequence[Fact]) -> list[Fact]:
    """Amounts of last year: those that say a year, behind one of the same sentence that says the next."""
    made = list[Fact]()
    for fact in facts:
        last = made[-1] if made else None
        behind = last is not None and last.sentence == fact.sentence and last.role is fact.role
        if (
            last is not None
            and behind
            and 0 < fact.year == last.year - 1
            and last.name.like(fact.name)
        ):
            fact = replace(fact, name=replace(fact.name, prior=True))
        made.append(fact)
    return made


def _known(name: Name, grammar: TextGrammar) -> Name:
    """The subject of what follows: of a count the item that its words name."""
    return name if name.item else replace(name, item=grammar.by_name.get(name.phrase))


def _renamed(fact: Fact, subject: Name | None, grammar: TextGrammar) -> Fact:
    """A name that says only 支出 is that of its subject, unless the subject is income, of which it is the other side."""
    name = fact.name
    if subject is None or not (name.bare or name.phrase in (*BARE, *TOTALS)):
        return fact
    unknown = not subject.item and not subject.budget
    if name.phrase in SIDES and unknown and not any(s in subject.key for s in SIDES):
        # 资金总量75万元,支出45万元: spent of what stands before, and no total of the accounts.
        return replace(fact, name=replace(name, item=None))
    if name.phrase in TOTALS and unknown and subject.key.endswith(TOTALS[name.phrase]):
        # 医保基金总收入30万元;总支出24万元: the other side of that fund, and no total of the accounts.
        key = subject.key.removesuffix(TOTALS[name.phrase]) + name.phrase
        return replace(fact, name=replace(name, phrase=key, item=grammar.by_name.get(key)))
    if name.phrase in TOTALS:
        return fact
    if not subject.budget:
        sides = [side for side in SIDES if side in subject.key]
        if name.phrase in SIDES and sides and name.phrase not in subject.key:
            return _other_side(fact, subject, sides[0], grammar)
        if name.phrase not in SIDES or sides or name.budget is not None:
            return fact
        return replace(fact, name=replace(subject, prior=name.prior))
    return replace(fact, name=replace(subject, budget=bool(name.budget), prior=name.prior))


def _other_side(fact: Fact, subject: Name, side: str, grammar: TextGrammar) -> Fact:
    """政府性基金预算收入20万元,支出18万元: the other side of the same account, if the patterns know it."""
    key = subject.key.replace(side, fact.name.phrase)
    return replace(fact, name=replace(fact.name, phrase=key, item=grammar.by_name.get(key)))


__all__ = ["AMOUNTS", "resolved", "titles"]
