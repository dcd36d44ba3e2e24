"""ReportPage -> text for a terminal: a scorecard by 一级/二级, findings with severity, working and place, counts in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gouji.base.i18n import _, clauses, labelled, noted
from gouji.base.outcome import Totals
from gouji.base.plain import lines
from gouji.base.verdict import LOSING, Ground, Verdict
from gouji.report.depth import TOLD
from gouji.report.page_of_unit import Card, CriterionRow, ReportPage, TieRow, scorecard_lines
from gouji.report.same_slip import SameSlip
from gouji.report.terminal import Terminal, heading, indented, not_used
from gouji.report.unit import foot, remarks
from gouji.report.unit.grounds import ground_words
from gouji.report.wording import on_total, points
from gouji.results import GroupSum, added, counted, told

STYLES = {
    Verdict.UNBALANCED.value: "bold red",
    Verdict.DEDUCTED.value: "yellow",
    Verdict.UNASSESSABLE.value: "magenta",
    Verdict.PENDING.value: "cyan",
    Verdict.WITHIN_ROUNDING.value: "green",
    Verdict.BALANCED.value: "green",
    Verdict.FULL.value: "green",
    Verdict.NOT_APPLICABLE.value: "dim",
    Verdict.ADDED.value: "green",
    Verdict.TAKEN_OFF.value: "yellow",
    Verdict.UNADJUSTED.value: "dim",
    Verdict.OTHER_SET.value: "dim",
}
CODES_AT_MOST, SPOTS_AT_MOST = 5, 20


def render(page: ReportPage, *, width: int = 120, color: bool = False) -> str:
    """The whole page as text of at most `width` columns; Chinese characters count two."""
    return "".join(pieces(page, width=width, color=color))


def pieces(page: ReportPage, *, width: int = 120, color: bool = False) -> Iterator[str]:
    """The same piece by piece: what stands before the units, a piece a unit, what stands after them."""
    terminal = Terminal(width, color)
    found, same = counted(()), SameSlip()
    head = replace(page, cards=())
    page = replace(lines(head), cards=page.cards)
    yield terminal.text(_head(page))
    for card in page.cards:
        found = added(found, card.degrees)
        same.add(card)
        yield terminal.text(_card(lines(card), page))
    yield terminal.text(_same(same))
    yield terminal.text(_rest(page, found))


def _head(page: ReportPage) -> Iterator[RenderableType]:
    line = _("{book} · {year} 年度 · {authority}").format(
        book=page.book, year=page.year, authority=page.authority
    )
    yield heading(page.title, line, page.invented)


def _same(found: SameSlip) -> Iterator[RenderableType]:
    """What several units have in common, told to the bureau once."""
    if told_once := found.lines():
        yield Text("\n" + _("几个单位同样的差错"), style="bold red")
        yield indented(Text("\n".join(told_once)))


def _rest(page: ReportPage, found: Mapping[str, int]) -> Iterator[RenderableType]:
    for title, units in ((_("未报送的单位"), page.not_filed), (_("清单外的单位"), page.unexpected)):
        if units:
            yield Text("\n" + noted(title, str(len(units))), style="bold red")
            yield indented(
                Text("\n".join(noted(name, unit) if name else unit for unit, name in units))
            )
    yield from not_used(page.problems)
    yield from told_remarks(page.remarks)
    yield Text("\n" + _("合计：{found}").format(found=told(page.degrees(found))), style="bold")
    yield Text(foot.counted(page.manifest))
    yield Text(foot.versions(page.manifest), style="dim")


def told_remarks(found: Sequence[remarks.Remark]) -> Iterator[RenderableType]:
    """What is no problem and yet told, each cause once."""
    if found:
        yield Text("\n" + _("说明（{n} 处）").format(n=len(found)), style="dim bold")
        for line in remarks.lines(found):
            yield indented(Text(line, style="dim"))


def _card(card: Card, page: ReportPage) -> Iterator[RenderableType]:
    yield Text("\n" + noted(card.name, card.unit), style="bold underline")
    yield Text(told(card.degrees), style="bold")
    if card.criteria:
        yield _summary(card, page)
        yield _scores(card)
        yield from _sensitive(card)
        yield from _wanted(card)
    yield from _ties(card)
    if card.said:
        yield Text("\n" + _("单位的审核说明（{n} 条）").format(n=len(card.said)), style="bold")
        failing = {row.code for row in card.failing} | {row.code for row in card.differing}
        for told_ in card.said:
            gone = "" if told_.code in failing else _("（这条规则现在没有问题）")
            yield indented(Text(labelled(told_.code + gone, told_.text) + f"  {told_.at}"))


def _summary(card: Card, page: ReportPage) -> RenderableType:
    """The total, its grade, what may still move them, and what the points rest on."""
    t = card.totals
    line = Text()
    line.append(
        _("复核得分 {score} / {total}").format(score=points(t.score), total=points(page.total)),
        style="bold",
    )
    line.append("   " + _("等级 {grade}").format(grade=t.grade or "—"), style="bold")
    if t.low != t.high:
        line.append(" " + _range(card))
    own = f" {t.own_grade}" if t.own_grade else ""
    line.append("   " + _("自评 {score}").format(score=points(t.self_score)) + own)
    for told_ in on_total(t):
        line.append("\n" + told_, style="yellow")
    line.append("\n" + _("分值依据：") + " · ".join(_grounds(t)))
    if t.grounds[Ground.WORD] == page.total:
        line.append("\n" + _("没有一分可以由数据或佐证复核，得分全凭单位自评。"), style="yellow")
    return line


def _range(card: Card) -> str:
    """The scores that are possible, the grades where they differ too, and why."""
    t = card.totals
    ends = {"low": points(t.low), "high": points(t.high), "causes": card.range_causes}
    if t.grade_low == t.grade_high:
        return _("（可能在 {low}–{high} 分；因：{causes}）").format(**ends)
    return _("（可能在 {low}–{high} 分，{from_}–{to}；因：{causes}）").format(
        from_=t.grade_low or "—", to=t.grade_high or "—", **ends
    )


def _grounds(t: Totals) -> list[str]:
    """The points by what they rest on; none that are in doubt go without saying."""
    return [
        _("{name} {points} 分").format(name=name, points=points(t.grounds[g]))
        for g, name in ground_words().items()
        if g is not Ground.CONTESTED or t.grounds[g]
    ]


def _scores(card: Card) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for title, options in (
        (_("代码"), {"no_wrap": True}),
        (_("指标"), {"ratio": 5, "overflow": "fold"}),
        (_("分值"), {"justify": "right", "no_wrap": True}),
        (_("自评"), {"justify": "right", "no_wrap": True}),
        (_("复核"), {"justify": "right", "no_wrap": True}),
        (_("扣分"), {"justify": "right", "no_wrap": True}),
        (_("结论"), {"no_wrap": True}),
        (_("依据与计算"), {"ratio": 9, "overflow": "fold"}),
    ):
        table.add_column(title, **options)
    for level, row in scorecard_lines(card):
        match level, row:
            case "first", GroupSum():
                _group_row(table, row, row.first, "bold")
            case "second", GroupSum():
                _group_row(table, row, f"  {row.second}", "dim")
            case _, CriterionRow():
                _score_row(table, row)
    return table


def _group_row(table: Table, of: GroupSum, title: str, style: str) -> None:
    table.add_row(
        "",
        title,
        points(of.weight),
        points(of.self_score),
        points(of.score),
        "",
        "",
        "",
        style=style,
    )


def _score_row(table: Table, row: CriterionRow) -> None:
    recomputed = row.recomputed
    score = points(row.score) if recomputed or row.score is None else f"({points(row.score)})"
    deduction = points(row.deduction) if recomputed and row.deduction else ""
    why = Text(row.why)
    if recomputed and row.difference:
        more = _("比自评{sign}{points} 分").format(
            sign="+" if row.difference > 0 else "−", points=points(abs(row.difference))
        )
        why.append(clauses(("", more)) if why.plain else more, style="yellow")
    if row.verdict in LOSING and row.message and recomputed:
        why.append(clauses(("", row.message)) if why.plain else row.message, style="dim")
    table.add_row(
        row.code,
        f"  {row.name}",
        points(row.weight),
        points(row.self_score),
        score,
        deduction,
        _verdict(row),
        why,
    )


def _verdict(row: CriterionRow) -> Text:
    """The verdict; of points in doubt that they are."""
    made = Text(row.verdict, STYLES[row.verdict])
    return (
        made.append("\n" + ground_words()[Ground.CONTESTED], style="bold red")
        if row.contested
        else made
    )


def _sensitive(card: Card) -> Iterator[RenderableType]:
    rows = [r for r in card.criteria if r.readings]
    if not rows:
        return
    yield Text(_("换一种读法会变的得分"), style="bold")
    names = {"whole": _("满一个才扣"), "begun": _("不足一个按一个扣"), "prorata": _("按比例扣")}
    for r in rows:
        others = "、".join(f"{names[k]} {points(v)}" for k, v in r.readings.items())
        yield indented(Text(labelled(f"{r.code} {r.name}", f"{points(r.score)} → {others}")))


def _wanted(card: Card) -> Iterator[RenderableType]:
    rows = [r for r in card.criteria if r.verdict == Verdict.UNASSESSABLE and r.gaps]
    if rows:
        yield Text(_("补齐下列数据即可复核（{n} 项指标）").format(n=len(rows)), style="bold")
        for r in rows:
            yield indented(Text(labelled(f"{r.code} {r.name}", clauses(r.gaps))))


def _ties(card: Card) -> Iterator[RenderableType]:
    if not card.tie_outs:
        return
    counts = " · ".join(f"{word} {n}" for word, n in card.tie_counts.items())
    yield Text(
        "\n" + _("勾稽关系 {n} 条：{counts}").format(n=len(card.tie_outs), counts=counts),
        style="bold",
    )
    yield from _causes(card)
    for verdict in TOLD:
        for row in card.tie_outs:
            if row.verdict == verdict and not row.unsent:
                yield indented(_tie(row))
    yield from _unsent(card)


def _causes(card: Card) -> Iterator[RenderableType]:
    """The cells that are probably wrong, before the relations that show it."""
    if not card.causes:
        return
    failing = sum(row.verdict == Verdict.UNBALANCED for row in card.tie_outs)
    yield Text(
        _("{n} 条不平，{causes} 处原因").format(n=failing, causes=len(card.causes)), style="bold"
    )
    for cause in card.causes:
        codes = _("归于此处：{codes}").format(codes=" ".join(cause.codes))
        yield indented(Group(Text(cause.line), indented(Text(codes, style="dim"), 4)))
    if card.unexplained:
        yield indented(
            Text(
                _("不能归到本单位的格子：{codes}").format(codes=" ".join(card.unexplained)),
                style="dim",
            )
        )


def _unsent(card: Card) -> Iterator[RenderableType]:
    """What is not judged for want of a table, a line a table: a clerk asks for tables, not for rules."""
    if not card.unsent:
        return
    count = sum(bool(row.unsent) for row in card.tie_outs)
    yield Text(_("因未报送数据表无法判断的勾稽关系（{n} 条）").format(n=count), style="bold")
    for table, rows in card.unsent.items():
        codes = "、".join(r.code for r in rows[:CODES_AT_MOST]) + (
            " …" if len(rows) > CODES_AT_MOST else ""
        )
        yield indented(
            Text(
                _("未报送 {table}：涉及 {n} 条（{codes}）").format(
                    table=table, n=len(rows), codes=codes
                )
            )
        )


def _tie(row: TieRow) -> RenderableType:
    head = Text.assemble(
        (row.verdict, STYLES[row.verdict]), f" [{row.severity}] {row.code} {row.name}"
    )
    told = [Text(clauses(row.gaps))] if row.gaps else []
    told += [Text(spot.line) for spot in row.spots[:SPOTS_AT_MOST] if spot.verdict == row.verdict]
    if len(row.spots) > SPOTS_AT_MOST:
        told.append(Text(_("… 共 {n} 处").format(n=len(row.spots))))
    lines: list[RenderableType] = [
        head,
        *(indented(line, 4) for line in told or [Text(row.working)]),
    ]
    if row.verdict == Verdict.UNBALANCED:
        lines += [indented(Text(place, style="dim"), 4) for place in row.places]
        if row.message:
            lines.append(indented(Text(row.message), 4))
    return Group(*lines)
