"""A text that was read -> its goals and what it says was done: each goal beside its completion, goals without one, completions without a goal, goals that no figure measures.

Tables give them by the heads of their columns. Sentences give them by their words: goals are what stands below a heading of goals, and figures
that a plan, a task or a goal is said of; completions are figures that something was brought to. Both go together where they count in the same
and name the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from gouji.narrative.mentions import MONEY, Mention, MentionKind, masked
from gouji.narrative.patterns import FigureRole
from gouji.narrative.says import Says
from gouji.narrative.sentence_words import COMPARED, MANAGED, REACHED
from gouji.narrative.text_lines import BAR, TextLine, plain
from gouji.narrative.text_reading import TextReading

COUNTED, RATES = (MentionKind.COUNT, MentionKind.RATE), "%‰"
_RATES = (FigureRole.DONE, FigureRole.GROWTH, FigureRole.SHARE)
_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十]+[部章节]分?|[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|[0-9]{1,2}[.、])"
)
_GOALS = re.compile("(?:绩效|年度|计划|工作|部门|项目|总体?)目标")
_NO_GOALS = re.compile("完成|实现|情况|分析|结论|偏离|问题|管理|设定|调整")
# Headings below which figures are what was done, whatever word stands before them.
_COMPLETIONS = re.compile(
    "(?:完成|实现|实施|落实)情况|工作成效|主要成效|产出|履职效果|完成绩效目标"
)
_PLANNED = re.compile("目标(?!考核)|计划|任务|指标值|预期|拟")
_DONE = re.compile("完成|实际|实现|达到|已|累计|共计?|开展|举办|办理|建成|处理")
# Words of a goal or a completion that do not say of what; points that something earned are neither.
_BARE = re.compile(
    "(?:实际|已|全年|年度|年初|绩效|完成|实现|达到?|目标|指标|计划|任务|情况|值|数|率|为|是|了|约|[≥≤<>=＞＜≧≦:])*"
)
_EARNED = re.compile("(?:得分?|扣分?|计|自评|分值|满分|权重|评为)[为:]?\\Z")
_SIGN_BEHIND = re.compile("(?:目标值?|指标值)?[≥≤<>=＞＜≧≦:]+\\Z")
POINTS = "分"
_AT_MOST = re.compile("[≤<＜≦]|不超过|不高于|不大于|控制在|以[内下]")
_UNMEASURED = re.compile(
    "(?:目标|指标)[^,;。]{0,12}(?:不能完全量化|不能量化|未能?完全?量化|难以量化|没有量化|不够量化|可衡量性差)"
)
_CLAUSE = re.compile("[^,;。!?:]+")
_SENTENCE = re.compile("[^;。!?]+")
_SHORTEST = 6
_TARGET_HEAD = re.compile("指标值|目标值|计划[数值]|年度目标|绩效目标值")
_DONE_HEAD = re.compile("实际完成|完成[值数]|完成情况|全年完成|实现值")
_NAME_HEAD = re.compile("三级指标|指标名称|绩效指标|指标内容|^指标$|^项目$")
_STOP = frozenset(
    ("完成", "实际", "目标", "计划", "任务", "全年", "年度", "达到", "共计", "累计", "实现", "已经")
)
_SIGNS = re.compile("[\u4e00-\u9fff]+")


class GoalState(StrEnum):
    """How a goal stands beside what was done."""

    MET = "达到目标"
    SHORT = "没有达到"
    UNREPORTED = "没有写完成"
    UNPLANNED = "没有写目标"
    UNMEASURED = "没有数衡量"
    UNLIKE = "比不了"


@dataclass(frozen=True, slots=True)
class Goal:
    """What is aimed at or was done: its name, goal and completion as printed, their figures, the lines both stand on."""

    name: str
    state: GoalState
    line: TextLine
    planned: str = ""
    done: str = ""
    planned_value: Fraction | None = None
    done_value: Fraction | None = None
    done_line: TextLine | None = None
    # The figures of its sentences.
    mentions: tuple[Mention, ...] = ()

    def __str__(self) -> str:
        planned, done = self.planned and GOAL + self.planned, self.done and DONE + self.done
        return " ".join((*filter(None, (self.name, planned, done)), self.state.value))


GOAL, DONE = "目标", "完成"


@dataclass(frozen=True, slots=True)
class _Said:
    """A figure that is aimed at, or that was reached: the words it is of, its clause, its place."""

    mention: Mention
    words: str
    text: str
    line: TextLine
    at_most: bool = False
    # Paragraph and beginning of its sentence.
    sentence: tuple[int, int] = (0, 0)

    @property
    def bare(self) -> bool:
        """Whether its words do not say of what it is."""
        return _BARE.fullmatch(self.words) is not None


def goals_in(reading: TextReading) -> tuple[Goal, ...]:
    """Every goal and completion, in the order of the text."""
    tables = list(_of_tables(reading.lines))
    own = _Sentences(reading)
    paired = list(_paired(own, reading))
    rest = [Goal(text, GoalState.UNMEASURED, line) for text, line in own.unmeasured]
    if not tables and not own.planned and not rest:
        # Where nothing is aimed at, every achievement would be one without a goal.
        return ()
    return tuple(sorted((*tables, *paired, *rest), key=lambda goal: goal.line.number))


class _Sentences:
    """Goals and completions of the sentences of a text."""

    def __init__(self, reading: TextReading) -> None:
        self.reading = reading
        self.planned: list[_Said] = []
        self.done: list[_Said] = []
        # Figures of which no word says whether they are either.
        self.plain: list[_Said] = []
        # Such figures below a heading of completions.
        self.told: list[_Said] = []
        self.unmeasured: list[tuple[str, TextLine]] = []
        below = told = False
        for number, own in enumerate(reading.paragraphs):
            if own.row:
                continue
            heading = _HEADING.match(own.text)
            if heading and len(own.text) < 30 and "。" not in own.text:
                below = bool(_GOALS.search(own.text)) and not _NO_GOALS.search(own.text)
                told = bool(_COMPLETIONS.search(own.text)) and not below
                continue
            before = len(self.plain)
            self._paragraph(number, own.text, below)
            self.told += self.plain[before:] if told else ()

    def _paragraph(self, number: int, text: str, below: bool) -> None:
        mentions = [m for m in self.reading.masked[number].mentions if _counts(m)]
        if below and not mentions and len(text) >= _SHORTEST:
            self.unmeasured.append((_shortened(text), self._line(number, 0)))
            return
        for sentence in _SENTENCE.finditer(text):
            if (found := _UNMEASURED.search(sentence[0])) is not None:
                at = sentence.start() + found.start()
                self.unmeasured.append((found[0], self._line(number, at)))
            inside = [m for m in mentions if sentence.start() <= m.at < sentence.end()]
            if below and not inside and not found and len(sentence[0]) >= _SHORTEST:
                line = self._line(number, sentence.start())
                self.unmeasured.append((_shortened(sentence[0]), line))
            for mention in inside:
                self._figure(number, text, sentence, mention, below)

    def _figure(
        self, number: int, text: str, sentence: re.Match[str], mention: Mention, below: bool
    ) -> None:
        clause = next(
            c
            for c in _CLAUSE.finditer(text, sentence.start(), sentence.end())
            if c.end() > mention.at
        )
        before = text[clause.start() : mention.at]
        said = _Said(
            mention,
            before,
            clause[0],
            self._line(number, mention.at),
            bool(_AT_MOST.search(clause[0])),
            (number, sentence.start()),
        )
        earned = mention.unit == POINTS and _EARNED.search(before)
        if earned or COMPARED.search(before) or MANAGED.search(before):
            return
        planned = list(_PLANNED.finditer(before))
        reached = bool(planned) and REACHED.search(before, planned[-1].end())
        if below or (planned and not reached):
            self.planned.append(said)
        elif _DONE.search(text[sentence.start() : mention.at]):
            self.done.append(said)
        else:
            self.plain.append(said)

    def _line(self, paragraph: int, at: int) -> TextLine:
        return self.reading.lines[self.reading.paragraphs[paragraph].origin(at)[0]]


def _counts(mention: Mention) -> bool:
    """Figures that goals are set in; a limit (不低于95%) names none of them less."""
    if mention.kind is MentionKind.MARK:
        return bool(mention.unit) and mention.value != 0
    return mention.kind in COUNTED and bool(mention.unit)


def _paired(own: _Sentences, reading: TextReading) -> Iterator[Goal]:
    """Goals beside their completions: those of a rate that the text states, then those that count and name the same."""
    stated = {
        id(r.terms[1].mention): r.terms[0].mention
        for r in reading.relations
        if r.says is Says.DONE and len(r.terms) == 2
    }
    roles = {id(f.mention): f.role for f in reading.facts}
    left = [d for d in own.done if roles.get(id(d.mention)) not in _RATES]
    planned = [p for p in own.planned if roles.get(id(p.mention)) is not FigureRole.DONE]
    for goal in _once(planned):
        said = _completion(goal, own, left, stated.get(id(goal.mention)))
        if said is None:
            yield _alone(goal, GoalState.UNREPORTED, planned=goal.mention.printed)
            continue
        left = [d for d in left if not _said_again(d, goal, said)]
        yield _beside(goal, said)
    for one in left:
        yield _alone(one, GoalState.UNPLANNED, done=one.mention.printed)


def _completion(
    goal: _Said, own: _Sentences, left: Sequence[_Said], stated: Mention | None
) -> _Said | None:
    """What was done of a goal; `stated` is the figure that a rate of the text sets beside it."""
    if stated is None:
        return _beside_it(goal, own, left) or _partner(goal, left) or _partner(goal, own.told)
    said = next((d for d in own.done if d.mention is stated), None)
    return said or replace(goal, mention=stated, text=stated.printed)


def _alone(said: _Said, state: GoalState, planned: str = "", done: str = "") -> Goal:
    """A goal without a completion, or a completion without a goal."""
    return Goal(_name(said), state, said.line, planned, done, mentions=(said.mention,))


def _said_again(one: _Said, goal: _Said, done: _Said) -> bool:
    """Whether a completion is that of the goal, or says it once more: as much of the same, and words in common."""
    alike = (one.mention.value, one.mention.unit) == (done.mention.value, done.mention.unit)
    shared = _pairs(one.words) & (_pairs(goal.words) | _pairs(done.words))
    return one.mention is done.mention or (alike and bool(shared))


def _beside(goal: _Said, done: _Said) -> Goal:
    state = _state(goal.mention, done.mention, goal.at_most)
    planned, reached = goal.mention, done.mention
    # A goal in a bracket, or one whose words name nothing, is that of the figure it stands beside.
    name = _name(done if goal.bare or "(" in goal.words else goal)
    made = Goal(name, state, goal.line, planned.printed, reached.printed)
    return replace(
        made,
        planned_value=planned.value,
        done_value=reached.value,
        done_line=done.line,
        mentions=(planned, reached),
    )


def _once(planned: Sequence[_Said]) -> Iterator[_Said]:
    """Goals that are said again in other words are the same: as much of the same, and words in common."""
    seen: list[_Said] = []
    for goal in planned:
        again = any(
            (one.mention.value, one.mention.unit) == (goal.mention.value, goal.mention.unit)
            and _pairs(one.words) & _pairs(goal.words)
            for one in seen
        )
        if not again:
            seen.append(goal)
            yield goal


def _partner(goal: _Said, done: Sequence[_Said]) -> _Said | None:
    """The completion that counts in the same and shares most words with the goal; none where two share as many."""
    alike = [
        (len(_pairs(goal.words) & _pairs(d.words)), d) for d in done if _family(goal) == _family(d)
    ]
    most = max((shared for shared, _d in alike), default=0)
    best = [d for shared, d in alike if shared == most]
    return best[0] if most and len({d.mention.value for d in best}) == 1 else None


def _beside_it(goal: _Said, own: _Sentences, left: Sequence[_Said]) -> _Said | None:
    """The completion in the sentence of a goal, one of the two being named (改造管网目标35公里,实际完成36公里; 满意度94.9%,目标值≥90%)."""
    here = [
        one
        for one in (*left, *own.plain)
        if one.sentence == goal.sentence and _family(one) == _family(goal)
    ]
    behind = [one for one in here if one.mention.at > goal.mention.at and one.bare]
    if behind and not goal.bare:
        return min(behind, key=lambda one: one.mention.at)
    before = [one for one in here if one.mention.at < goal.mention.at and not one.bare]
    return max(before, key=lambda one: one.mention.at) if goal.bare and before else None


def _family(said: _Said) -> str:
    return said.mention.unit


def _pairs(text: str) -> frozenset[str]:
    """Every two signs of the words, but for those that goals and completions share whatever they are of."""
    return (
        frozenset(run[at : at + 2] for run in _SIGNS.findall(text) for at in range(len(run) - 1))
        - _STOP
    )


def _name(said: _Said) -> str:
    return _shortened(_SIGN_BEHIND.sub("", said.words)) or said.mention.unit


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _state(planned: Mention, done: Mention, at_most: bool) -> GoalState:
    """By the printed figures; one that is rounded further than it is printed (约, 余) decides nothing where it falls short."""
    if done.value <= planned.value if at_most else done.value >= planned.value:
        return GoalState.MET
    return GoalState.UNLIKE if planned.about or done.about else GoalState.SHORT


@dataclass(frozen=True, slots=True)
class _Heads:
    """The columns of a table of goals."""

    name: int
    planned: int
    done: int

    @classmethod
    def of(cls, cells: Sequence[str]) -> _Heads | None:
        """None where the row is no such head."""
        planned, done, name = (
            next((i for i, cell in enumerate(cells) if head.search(cell)), -1)
            for head in (_TARGET_HEAD, _DONE_HEAD, _NAME_HEAD)
        )
        if min(planned, done) < 0 or planned == done:
            return None
        return cls(name if name >= 0 else max(planned - 1, 0), planned, done)


def _of_tables(lines: Sequence[TextLine]) -> Iterator[Goal]:
    heads: _Heads | None = None
    for line in lines:
        if not line.row:
            heads = None
            continue
        cells = [plain(cell) for cell in line.text.split(BAR)]
        found = _Heads.of(cells)
        if found is not None:
            heads = found
        elif heads is not None and len(cells) > max(heads.planned, heads.done, heads.name):
            goal = _of_row(cells, heads, line)
            if goal is not None:
                yield goal


def _of_row(cells: Sequence[str], heads: _Heads, line: TextLine) -> Goal | None:
    name, planned, done = cells[heads.name], cells[heads.planned], cells[heads.done]
    if not name or not (planned or done):
        return None
    wanted, reached = _figure_in(planned), _figure_in(done)
    made = Goal(name, GoalState.UNLIKE, line, planned, done, _value(wanted), _value(reached), line)
    if not planned:
        return replace(made, state=GoalState.UNPLANNED)
    if not done:
        return replace(made, state=GoalState.UNREPORTED)
    if wanted is None:
        return replace(made, state=GoalState.UNMEASURED)
    if reached is None or wanted.kind is not reached.kind or wanted.unit != reached.unit:
        return made
    return replace(made, state=_state(wanted, reached, bool(_AT_MOST.search(planned))))


def _figure_in(cell: str) -> Mention | None:
    """The figure of a cell that holds just one; a limit counts as what it limits."""
    found = [
        m for m in masked(cell, 0).mentions if m.kind not in (MentionKind.YEAR, MentionKind.DATE)
    ]
    if len(found) != 1:
        return None
    one = found[0]
    if one.kind is MentionKind.MARK and one.unit:
        counted = MentionKind.RATE if one.unit in RATES else MentionKind.COUNT
        return replace(one, kind=MentionKind.AMOUNT if one.unit in MONEY else counted)
    return one


def _value(mention: Mention | None) -> Fraction | None:
    return mention.value if mention is not None else None


__all__ = ["Goal", "GoalState", "goals_in"]
