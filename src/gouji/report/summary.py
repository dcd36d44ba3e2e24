"""An audit of many units -> CountySummary: who filed, who has findings, which rules fail most, what could not be used; and its text for a terminal."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gouji.base.i18n import _, labelled, noted, with_fix
from gouji.base.verdict import DEGREES, FindingKind, Severity, Verdict
from gouji.intake import Submission
from gouji.report.page_of_unit import degrees_apart, remarks_of
from gouji.report.plain import lines
from gouji.report.text import told_remarks
from gouji.report.unit.remarks import Remark
from gouji.report.wording import points
from gouji.results import Scorecard, added, counted, told
from gouji.rules import ResolvedBook

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
    said, clean, undecided, found = list[UnitLine](), 0, 0, counted(())
    failing, verdicts = Counter[str](), Counter[Verdict]()
    rules: dict[str, RuleLine] = {}
    # Scorecards of many units are made one after another: they are gone through once.
    for card in cards:
        line, counts = _unit(book, submission, card, by_file), Counter(_every(card))
        failing.update(line.codes)
        found = added(found, line.degrees)
        rules |= {
            f.rule.code: RuleLine(f.rule.code, f.rule.name, f.rule.severity.value, 0)
            for f in card.findings
        }
        rules |= {
            x.rule.code: RuleLine(
                x.rule.code, x.rule.name, DEGREES[FindingKind.DIFFERENCE].value, 0
            )
            for x in card.differing
        }
        verdicts += counts
        if line.codes or line.problems:
            said.append(line)
        else:
            clean += 1
            undecided += bool(counts[Verdict.UNASSESSABLE] or counts[Verdict.PENDING])
    filing = submission.filing
    return CountySummary(
        submission.title,
        book.source.head.title,
        book.year,
        submission.invented,
        filing.expected if filing else 0,
        len(cards),
        tuple((unit, year, filing.shown(unit, name)) for unit, year, name in filing.absent)
        if filing
        else (),
        filing.unexpected if filing else (),
        tuple(said),
        clean,
        undecided,
        tuple((verdict.value, verdicts[verdict]) for verdict in Verdict if verdicts[verdict]),
        tuple(
            replace(rules[code], units=n)
            for code, n in sorted(failing.items(), key=lambda i: (-i[1], i[0]))
        ),
        tuple((str(p.at), p.what, p.mend) for p in submission.problems if not p.note),
        remarks_of(submission.problems),
        added(found, degrees_apart(submission, book.year)),
        manifest,
    )


def _every(card: Scorecard) -> Iterator[Verdict]:
    yield from (line.outcome.verdict for line in card.lines)
    yield from (found.outcome.verdict for found in (*card.tie_outs, *card.table_rules))


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
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in _parts(lines(page)):
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _parts(page: CountySummary) -> Iterator[RenderableType]:
    head = Text(f"{page.title}\n", style="bold")
    head.append(_("{book} · {year} 年度").format(book=page.book, year=page.year), style="not bold")
    if page.invented:
        head.append("\n" + _("示例数据：含为演示而编的数字"), style="yellow")
    yield Panel(head, box=box.ROUNDED, expand=True)
    yield from _filed(page)
    yield Text(told(page.degrees), style="bold")
    if page.units:
        yield _units(page)
    line = _("其余 {n} 个单位没有发现问题").format(n=page.clean)
    # What was not checked is not clean: it is said in the same breath.
    yield Text(
        line + (_("，其中 {n} 个有规则无法判断或待评定").format(n=page.open) if page.open else ""),
        style="green",
    )
    yield Text(
        _("全部结论：{counts}").format(
            counts=" · ".join(f"{word} {n}" for word, n in page.verdicts)
        )
    )
    if page.rules:
        yield Text("\n" + _("问题最多的规则（不平，或复核与自评不符）"), style="bold")
        for rule in page.rules[:RULES_AT_MOST]:
            yield Padding(
                Text(
                    _("{n} 个单位 [{severity}] {code} {name}").format(
                        n=rule.units, severity=rule.severity, code=rule.code, name=rule.name
                    )
                ),
                (0, 0, 0, 2),
            )
    if page.problems:
        yield Text(
            "\n" + _("未能采用的内容（{n} 处）").format(n=len(page.problems)), style="bold red"
        )
        for place, what, mend in page.problems:
            yield Padding(Text(with_fix(labelled(place, what), mend)), (0, 0, 0, 2))
    yield from told_remarks(page.remarks)
    m = page.manifest
    yield Text(
        "\n"
        + _(
            "清点：读入 {rows_in} 行 = 采用 {rows_accepted} 行 + 搁置 {rows_set_aside} 行；{units} 个单位 × {rules_in_force} 条规则 = {outcomes} 个结论"
        ).format(**m)
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
            yield Padding(
                Text(labelled(title, "、".join(noted(name, unit) for unit, _year, name in found))),
                (0, 0, 0, 2),
            )


def _units(page: CountySummary) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    scored = any(line.score is not None for line in page.units)
    right = (*(s.value for s in Severity), _("数据问题"))
    for title in (
        _("单位代码"),
        _("单位名称"),
        *right,
        *((_("得分"), _("等级")) if scored else ()),
        _("不平或与自评不符的规则"),
    ):
        table.add_column(title, justify="right" if title in right else "left", overflow="fold")
    for line in page.units:
        codes = "、".join(line.codes[:CODES_AT_MOST]) + (
            " …" if len(line.codes) > CODES_AT_MOST else ""
        )
        counts = [
            str(n) if n else "" for n in (*(line.degrees[s.value] for s in Severity), line.problems)
        ]
        table.add_row(
            line.unit,
            line.name,
            *counts,
            *((points(line.score), line.grade or "") if scored else ()),
            codes,
        )
    return table
