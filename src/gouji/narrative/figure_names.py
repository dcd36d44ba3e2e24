"""The words before a figure -> what the figure is of: an item that the patterns know, or the words themselves; budget or account, this year or another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gouji.narrative.grammar import TextGrammar
from gouji.narrative.mentions import SIGNS, MentionKind
from gouji.narrative.sentence_words import BARE, BETWEEN_NAMES, PARTED, SIDES

YEAR, DATE, MARK = MentionKind.YEAR.value, MentionKind.DATE.value, MentionKind.MARK.value
# What may stand before a name without being part of it.
_BEFORE = (
    f"[^,;:。(]{{1,24}}(?:局|委|办|厅|部|院|校|中心|站|所|队|会|馆|处|镇|乡|县|市|区|省|州|街道|政府|大学|学院|中学|小学|医院|公司)(?=[{YEAR}])|"
    f"[{YEAR}{DATE}{MARK}]、?|(?:一般公共预算)?财政拨款安排的?|[^,;:。]{{0,20}}?预算中|支出|其中|故|而|主要包括|包括|以及|和|与|及|即|是|为|有|将|对|在|实际|全年|当年|本年度?|今年|上半年|下半年|[一二三四]季度|当月|该年|同期|年度|年(?![初中末底])|末|含|至|到|截至|截止|底|其(?!他)|该[省市县区镇乡]|该|"
    "[^,;:。]{0,30}?(?:安排|形成|发生)的|本?我?单位|本?我?部门|本局|我[局校院所站办厅委馆会镇乡]|我中心|本级|我县|我市|全县|全市|全区|共计|共|实现|总共|主要是?|主要为|[一二三四五六七八九十]是|已经?(?=完成|实现|支出|[一-龥]{4})|完成|收到|安排|使用|累计|[一二三四五六七八九十]、|[①-⑳]|的|因|由于|[“”]|\\(一\\)|\\([一二三四五六七八九十]\\)"
)
# Words that begin with one of these signs, and are parts of names: 和谐, 共青团, 因公, 对口支援.
_WORDS = (
    "和[谐平睦解美]|共[青享建同产治管用]|共有产权|主要(?:领导|负责)|为[民农企老侨]|有[限线害色机偿毒轨]|将军|与会|及时|是非|故[障宫居乡事]|在[职编岗校册建线途读逃押籍地乡外家京产研用保训任租售]|"
    "含[氟金税]|到[位账期岗户]|底[层数图泥账商]|末[级端梢位]|的士|因[公病地素特伤灾]|即[时食]|已[故婚]|对[外口接台标]|对(?:附属|个人|企业|家庭)|累计(?:折旧|摊销|盈余|结余)|使用[权费率面]"
)
_HEAD = re.compile(f"(?:(?!{_WORDS})(?:{_BEFORE}))*")
_VERBS = re.compile(
    f"(?:[{YEAR}]度?|分别|各|均|都|合计|总计|共计|(?<!公)共|累计|总共|达到|达|约|为|是|有|了|计|人民币|实际|完成|支出了|:|至|占|全部|合计为|总计为|金额|数额|资金|实现|列支|开支|安排|相应|同步|同比)*\\Z"
)
# Verbs alone: 合计, 总计 and 决算 before them may end a name (收、支总计均为).
_JOINED = re.compile(f"(?:[{YEAR}]度?|分别|各|均|都|约|为|是|达到?|:)*\\Z")
_MEASURE = re.compile(
    "(?:(?:年初|年中|年度|全年|调整后?的?|当年|本年|追加|下达|批复)*(?P<budget>(?<!公共)(?<!基金)(?<!经营)预算)(?:安排|批复|调整|下达|资金|支出|收入|总)*(?:数|总额|额)?|(?P<account>决算(?:支出|收入|总)?|实际支出|(?<=分别)支出|执行|实际完成)(?:数|总额|额)?)\\Z"
)
_THAN = re.compile(
    f"(?:按?同口径)?(?:与|同|比|较|和|对比)(?:{YEAR}|上年度?|去年|上一?年|同期|同月|同季|年初|全年|调整|当年|财政|部门|支出|收入|预算安排|预算|决算|执行|完成|安排|同口径|总额|总数|数|的|度|同期|[{DATE}])+(?:相比|比较|对比|相较)?,?(?:同比)?"
)
# Last year's figure itself stands behind these words: 较上年2.08减少0.03.
_THAN_LAST_YEAR = re.compile(
    rf"[较比](?:上年度?|去年|{YEAR})(?:同期)?(?:累计|实际|全年)*(?:支出|收入|决算|完成)?(?:的|为|数|额)*\Z"
)
# Behind a word that ends a name these part two of them: 购置费和维护费, but 商品和服务支出 is one.
_JOINS = re.compile("[、,]|以及|(?:(?<=费)|(?<=收入)|(?<=支出)|(?<=[合总]计))[和及与]")
_YEARS = ("上年", "上年度", "去年", "本年", "当年", "今年")
_THIS_YEAR = re.compile("本年|当年|今年|本期")
_SAME_BASIS = "按同口径"
_LAST_YEAR = re.compile(
    "(?<!加)上年(?!度?末?(?:结[转余]|滚存))|加上上年(?!度?末?(?:结[转余]|滚存))|去年"
)


@dataclass(frozen=True, slots=True)
class Name:
    """What a figure is of. `item` where the patterns know it, `phrase` as printed, without what stands around it; `partly`: a known name and more that is not understood.

    `budget` is True of a budget, False of an account, None where it does not say. `bare`: only the measure is said (支出决算).
    """

    phrase: str
    item: str | None = None
    partly: bool = False
    budget: bool | None = None
    prior: bool = False
    bare: bool = False

    @property
    def key(self) -> str:
        """What it is the same as another by."""
        return self.item or self.phrase

    def like(self, other: Name) -> bool:
        """Whether both speak of the same thing."""
        return bool(self.key) and self.key == other.key


NOTHING = Name("")
_QUOTES = str.maketrans("", "", '“”"‘’＂')


def name_of(left: str, grammar: TextGrammar, framed: bool = False) -> Name:
    """The words before a figure, back to the figure before; `framed`: those before the frame that it stands in."""
    whole = _than_less(_last_part(left).translate(_QUOTES))
    bare = _VERBS.sub("", whole)
    if not framed and _THAN_LAST_YEAR.search(left):
        return Name("", prior=True)
    short, budget = _measure_less(bare)
    # The longest words first: 合计 and 总计 are parts of names, and verbs behind others.
    spent = _VERBS.sub("", short.removesuffix(SIDES[1]))
    joined = _JOINED.sub("", whole)
    tried = ((whole, None), (joined, None), (bare, None), (short, budget), (spent, budget))
    for phrase, said in tried:
        known = _item(phrase, grammar)
        if known is not None and phrase is not joined and _is_total_of_appropriation(joined, known):
            # With what was left over from the year before: another figure than that of the year.
            return _by_words(joined, None, bool(_LAST_YEAR.search(bare)), grammar)
        if known is not None:
            start = next(i for i in range(len(phrase)) if phrase[i:] in grammar.by_name)
            prior = bool(_LAST_YEAR.search(phrase, 0, start))
            return Name(phrase[start:], known, budget=said, prior=prior)
    return _by_words(short, budget, bool(_LAST_YEAR.search(bare)), grammar)


def names_side_by_side(left: str, count: int, grammar: TextGrammar) -> tuple[Name, ...]:
    """The names of so many figures side by side, whose words stand before the first (基本支出、项目支出预算分别为); none where they name another number of things."""
    # What it is compared with is left to each name: 和支出 may be the second of two things.
    part = _last_part(left).translate(_QUOTES)
    for words in (_JOINED.sub("", part), _VERBS.sub("", part)):
        for parted in (words.split(BETWEEN_NAMES), _JOINS.split(words), PARTED.split(words)):
            parts = [p for p in parted if p]
            if len(parts) == count:
                return tuple(_completed(parts, grammar))
    return ()


def _is_total_of_appropriation(phrase: str, item: str) -> bool:
    """政府性基金预算财政拨款收入总计, of which the item is 政府性基金预算财政拨款收入."""
    return phrase.endswith("总计") and "拨款" in item and item.endswith(SIDES)


def _completed(parts: Sequence[str], grammar: TextGrammar) -> Iterator[Name]:
    """Names that leave out what the first or the last says for all of them: the subject (接待费预算、决算; 2022年、2023年接待费), the measure (甲、乙预算), the year before."""
    names = [name_of(part, grammar, framed=True) for part in parts]
    first, last = names[0], names[-1]
    subject = last if first.key in ("", *_YEARS) else first
    for part, name in zip(parts, names, strict=True):
        budget = last.budget if name.budget is None else name.budget
        prior = name.prior or (first.prior and not _THIS_YEAR.search(part))
        yield replace(_of_subject(name, subject, grammar), budget=budget, prior=prior)


def _of_subject(name: Name, subject: Name, grammar: TextGrammar) -> Name:
    """财政拨款收入、支出 are both of that account; 接待费2022年、2023年支出 both of that cost."""
    if name.key in ("", *_YEARS) or name.bare:
        return subject
    if name.phrase not in BARE or subject.phrase in BARE:
        return name
    own = next(side for side in SIDES if name.phrase.startswith(side))
    side = next((s for s in SIDES if s in subject.key), own)
    if side == own:
        return subject
    key = subject.key.replace(side, own)
    return Name(key, grammar.by_name.get(key))


def _measure_less(bare: str) -> tuple[str, bool | None]:
    """Words without those at their end that say whether it is a budget or an account, and which."""
    measure = _MEASURE.search(bare)
    if measure is None:
        return bare, None
    return _VERBS.sub("", bare[: measure.start()]), measure["budget"] is not None


def _by_words(short: str, budget: bool | None, prior: bool, grammar: TextGrammar) -> Name:
    """A name that the patterns do not know: its own words."""
    own = short[_head(short) :]
    if len(own) < 2:
        own = ""
    if budget is not None and own in ("", *BARE):
        return Name(own, budget=budget, prior=prior, bare=True)
    return Name(own, partly=_partly(own, grammar), budget=budget, prior=prior)


def _last_part(left: str) -> str:
    """Behind the last sign that ends a clause; brackets that are closed again belong to the name."""
    depth = 0
    for i in range(len(left) - 1, -1, -1):
        c = left[i]
        if c == ")":
            depth += 1
        elif c == "(":
            if depth == 0:
                return left[i + 1 :]
            depth -= 1
        elif depth == 0 and (c in ",;:。!?|" or (c in SIGNS and c not in (YEAR, DATE, MARK))):
            return left[i + 1 :]
    return left.lstrip("、")


def _than_less(phrase: str) -> str:
    """Without the words that say what it is compared with."""
    return _THAN.sub("", phrase).removesuffix(_SAME_BASIS).lstrip("、")


def _head(phrase: str) -> int:
    found = _HEAD.match(phrase)
    return found.end() if found else 0


def _item(phrase: str, grammar: TextGrammar) -> str | None:
    """The longest known name that ends the phrase, if only words of no weight stand before it."""
    for start in range(len(phrase)):
        known = grammar.by_name.get(phrase[start:])
        if known is not None and _HEAD.fullmatch(phrase, 0, start):
            return known
    return None


def _partly(phrase: str, grammar: TextGrammar) -> bool:
    """Whether a known name begins or ends a phrase that goes on."""
    return any(
        phrase[:size] in grammar.by_name or phrase[-size:] in grammar.by_name
        for size in range(4, len(phrase))
    )


def whole_of(phrase: str, grammar: TextGrammar) -> Name:
    """The words between 占 and 的."""
    return name_of(phrase.removesuffix("的"), grammar)


__all__ = ["NOTHING", "Name", "name_of", "names_side_by_side", "whole_of"]
