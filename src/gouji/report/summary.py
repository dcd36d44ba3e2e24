"""An audit of many units -> CountySummary: who filed, who has findings, which rules fail most, what could not be used; and its text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from gouji.base.i18n import _, labelled, noted
from gouji.base.plain import lines
from gouji.base.verdict import DEGREES, FindingKind, Severity, Verdict
from gouji.intake import Submission
from gouji.report.make_page import degrees_apart, remarks_of
from gouji.report.terminal import Terminal, heading, indented, not_used
from gouji.report.text import told_remarks
from gouji.report.unit import foot
from gouji.report.unit.remarks import Remark
from gouji.report.wording import points
from gouji.results import Scorecard, added, counted, told
from gouji.rules import AnyRule, ResolvedBook

RULES_AT_MOST, CODES_AT_MOST = 10, 8


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit with something to say: findings by degree, problems in what it sent, the codes of its findings (relations, then criteria)."""

    unit: str
    name: str
    degrees: Mapping[str, int]
    problems: int
    score: Decimal | None
    grade: str | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule that some units fail."""

    code: str
    name: str
    severity: str
    units: int


@dataclass(frozen=True, slots=True)
class CountySummary:
    """A whole county on a page or two."""

    title: str
    book: str
    year: int
    invented: bool
    expected: int
    filed: int
    absent: tuple[tuple[str, int, str], ...]
    unexpected: tuple[tuple[str, int, str], ...]
    units: tuple[UnitLine, ...]
    clean: int
    open: int
    verdicts: tuple[tuple[str, int], ...]
    rules: tuple[RuleLine, ...]
    problems: tuple[tuple[str, str, str], ...]
    remarks: tuple[Remark, ...]
    degrees: Mapping[str, int]
    manifest: Mapping[str, object]


def summary(
    book: ResolvedBook,
    submission: Submission,
    cards: Sequence[Scorecard],
    manifest: Mapping[str, object],
) -> CountySummary:
    """What a bureau asks first of many units."""
    by_file: Counter[str] = Counter(p.at.file for p in submission.problems if not p.note)
    counts = _Counts()
    # Scorecards of many units are made one after another: they are gone through once.
    for card in cards:
        counts.add(_unit(book, submission, card, by_file), card)
    filing = submission.filing
    return CountySummary(
        title=submission.title,
        book=book.source.head.title,
        year=book.year,
        invented=submission.invented,
        expected=filing.expected if filing else 0,
        filed=len(cards),
        absent=_absent(submission),
        unexpected=filing.unexpected if filing else (),
        units=tuple(counts.units),
        clean=counts.clean,
        open=counts.undecided,
        verdicts=tuple((v.value, counts.verdicts[v]) for v in Verdict if counts.verdicts[v]),
        rules=counts.failed_most(),
        problems=tuple((str(p.at), p.what, p.fix) for p in submission.problems if not p.note),
        remarks=remarks_of(submission.problems),
        degrees=added(counts.degrees, degrees_apart(submission, book.year)),
        manifest=manifest,
    )


def _absent(submission: Submission) -> tuple[tuple[str, int, str], ...]:
    """Code, year and name of those who did not file, with what is to be said of each behind its name."""
    filing = submission.filing
    if filing is None:
        return ()
    return tuple((unit, year, filing.shown(unit, name)) for unit, year, name in filing.absent)


@dataclass(slots=True)
class _Counts:
    """What is counted while the units go by: those with something to say are listed, the others are only counted."""

    units: list[UnitLine] = field(default_factory=list)
    clean: int = 0
    undecided: int = 0
    degrees: Mapping[str, int] = field(default_factory=lambda: counted(()))
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    failing: Counter[str] = field(default_factory=Counter)
    rules: dict[str, RuleLine] = field(default_factory=dict)

    def add(self, line: UnitLine, card: Scorecard) -> None:
        """One more unit."""
        verdicts = Counter(_every(card))
        self.verdicts += verdicts
        self.degrees = added(self.degrees, line.degrees)
        self.failing.update(line.codes)
        for rule, severity in _found(card):
            self.rules[rule.code] = RuleLine(rule.code, rule.name, severity.value, 0)
        if line.codes or line.problems:
            self.units.append(line)
        else:
            self.clean += 1
            self.undecided += bool(verdicts[Verdict.UNASSESSABLE] or verdicts[Verdict.PENDING])

    def failed_most(self) -> tuple[RuleLine, ...]:
        """Every rule that some unit fails with the number of those units, the most first."""
        most = sorted(self.failing.items(), key=lambda item: (-item[1], item[0]))
        return tuple(replace(self.rules[code], units=n) for code, n in most)


def _every(card: Scorecard) -> Iterator[Verdict]:
    yield from (line.outcome.verdict for line in card.lines)
    yield from (found.outcome.verdict for found in (*card.tie_outs, *card.table_rules))


def _found(card: Scorecard) -> Iterator[tuple[AnyRule, Severity]]:
    """The rules of a unit's findings, each with its degree."""
    yield from ((found.rule, found.rule.severity) for found in card.findings)
    yield from ((line.rule, DEGREES[FindingKind.DIFFERENCE]) for line in card.differing)


def _unit(
    book: ResolvedBook, submission: Submission, card: Scorecard, by_file: Mapping[str, int]
) -> UnitLine:
    file = submission.held.file_of(card.unit, book.year) if submission.held is not None else ""
    scored = bool(card.lines)
    codes = (*(f.rule.code for f in card.findings), *(x.rule.code for x in card.differing))
    return UnitLine(
        card.unit,
        card.name,
        card.degrees,
        by_file.get(file, 0) if file else 0,
        card.totals.score if scored else None,
        card.totals.grade if scored else None,
        codes,
    )


def render(page: CountySummary, *, width: int = 120, color: bool = False) -> str:
    """The summary as text of at most `width` columns."""
    return Terminal(width, color).text(_parts(lines(page)))


def _parts(page: CountySummary) -> Iterator[RenderableType]:
    line = _("{book} · {year} 年度").format(book=page.book, year=page.year)
    yield heading(page.title, line, page.invented)
    yield from _filed(page)
    yield Text(told(page.degrees), style="bold")
    if page.units:
        yield _units(page)
    yield Text(_in_order(page), style="green")
    counts = " · ".join(f"{word} {n}" for word, n in page.verdicts) or _("没有")
    yield Text(_("全部结论：{counts}").format(counts=counts))
    yield from _failed_most(page.rules)
    yield from not_used(page.problems)
    yield from told_remarks(page.remarks)
    yield Text("\n" + foot.counted(page.manifest))


def _in_order(page: CountySummary) -> str:
    """How many units have no finding. What was not checked is not clean: it is said in the same breath."""
    line = _("其余 {n} 个单位没有发现问题").format(n=page.clean)
    return line + (
        _("，其中 {n} 个有规则无法判断或待评定").format(n=page.open) if page.open else ""
    )


def _failed_most(rules: Sequence[RuleLine]) -> Iterator[RenderableType]:
    if rules:
        yield Text("\n" + _("问题最多的规则（不平，或复核与自评不符）"), style="bold")
    for rule in rules[:RULES_AT_MOST]:
        yield indented(
            Text(
                _("{n} 个单位 [{severity}] {code} {name}").format(
                    n=rule.units, severity=rule.severity, code=rule.code, name=rule.name
                )
            )
        )


def _filed(page: CountySummary) -> Iterator[RenderableType]:
    if not page.expected:
        yield Text(_("报送 {n} 个单位（没有应报清单）").format(n=page.filed), style="bold")
        return
    line = _(
        "应报 {expected} 个单位，采用 {filed} 个，未报或未采用 {absent} 个，清单外 {unexpected} 个"
    ).format(
        expected=page.expected,
        filed=page.filed,
        absent=len(page.absent),
        unexpected=len(page.unexpected),
    )
    yield Text(line, style="bold")
    for title, found in ((_("未报或未采用"), page.absent), (_("清单外"), page.unexpected)):
        if found:
            names = "、".join(noted(name, unit) for unit, _year, name in found)
            yield indented(Text(labelled(title, names)))


def _units(page: CountySummary) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    scored = any(line.score is not None for line in page.units)
    right = (*(s.value for s in Severity), _("数据问题"))
    marks = (_("得分"), _("等级")) if scored else ()
    for title in (_("单位代码"), _("单位名称"), *right, *marks, _("不平或与自评不符的规则")):
        table.add_column(title, justify="right" if title in right else "left", overflow="fold")
    for line in page.units:
        table.add_row(*_unit_cells(line, scored))
    return table


def _unit_cells(line: UnitLine, scored: bool) -> Iterator[str]:
    """A unit's row; a count of nothing stays empty."""
    yield from (line.unit, line.name)
    for n in (*(line.degrees[s.value] for s in Severity), line.problems):
        yield str(n) if n else ""
    if scored:
        yield from (points(line.score), line.grade or "")
    more = " …" if len(line.codes) > CODES_AT_MOST else ""
    yield "、".join(line.codes[:CODES_AT_MOST]) + more
