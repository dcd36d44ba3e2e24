"""WhatIf -> sections of a report (headings and rows of words and numbers), which its text, page and workbook print; and its text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from gouji.base.i18n import _, clauses, noted
from gouji.base.plain import escaped, lines
from gouji.base.verdict import Severity
from gouji.report.terminal import Terminal
from gouji.report.wording import points
from gouji.results import BookRow, RuleShift, Standing, Total, UnitShift, WhatIf
from gouji.results.rows_by_rule import FieldChange, RuleRow

VERSION = 1
# In a text for a terminal; the page and the workbook list all that the comparison does.
UNITS_AT_MOST, FIELDS_AT_MOST, CAUSES_AT_MOST = 40, 40, 4
Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: title, width in characters, whether it holds numbers (`points`: with two places, signed where they are differences)."""

    title: str
    width: int
    form: str = "text"


@dataclass(frozen=True, slots=True)
class WhatIfSection:
    """One list: a title, a note (or none), headings, rows."""

    title: str
    note: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]


def title(found: WhatIf) -> str:
    """What the report is called."""
    return _("换规则库试算：{before} → {after}").format(
        before=_named(found.before), after=_named(found.after)
    )


def _named(book: BookRow) -> str:
    return noted(book.title, book.book)


def headline(found: WhatIf) -> tuple[str, ...]:
    """The outcome in sentences."""
    c = found.changes
    said = [
        _(
            "同一批数据按两个规则库各判一次（{year} 年度）：{units} 个单位里 {changed} 个有变化，{crossing} 个换了等级；{outcomes} 个结论不同"
        ).format(
            year=found.year,
            units=max(c.was.units, c.now.units),
            changed=c.units_changed,
            crossing=c.crossing,
            outcomes=c.outcomes_changed,
        )
    ]
    if found.after.year != found.year:
        said.append(
            _("{book} 是 {own} 年度的规则库，这里拿来判 {year} 年度的数").format(
                book=found.after.book, own=found.after.year, year=found.year
            )
        )
    if found.problems:
        said.append(_("数据里有 {n} 处未能采用，两次都没有用").format(n=found.problems))
    if not (found.head or found.fields or found.added or found.dropped):
        said.append(_("两个规则库在判断上没有不同"))
    return tuple(said)


def sections(found: WhatIf) -> tuple[WhatIfSection, ...]:
    """Everything that the report lists; lists without rows are left out, but for the totals."""
    made = (_totals(found), _grades(found), _fields(found), _rules(found), _units(found))
    return tuple(s for s in made if s.rows)


def _totals(found: WhatIf) -> WhatIfSection:
    headings = Heading("", 20), Heading(_("原规则库"), 40), Heading(_("另一规则库"), 40)
    return WhatIfSection(_("合计"), "", headings, tuple(_total_rows(found)))


def _total_rows(found: WhatIf) -> Iterator[tuple[Cell, ...]]:
    """Both books beside each other: what they are called, and what all units come to."""
    c, (a, b) = found.changes, (found.before, found.after)
    yield _("规则库"), _named(a), _named(b)
    yield _("规则"), a.rules, b.rules
    yield _("单位"), c.was.units, c.now.units
    yield _("得分合计"), c.was.score_sum, c.now.score_sum
    for s in Severity:
        yield _("问题：{severity}").format(severity=s.value), _count(c.was, s), _count(c.now, s)


def _count(total: Total, severity: Severity) -> int:
    return total.degrees.get(severity.value, 0)


def _grades(found: WhatIf) -> WhatIfSection:
    moved = [row for row in found.changes.grades if row[0] != row[1]]
    return WhatIfSection(
        _("等级变化"),
        "",
        (Heading(_("原等级"), 12), Heading(_("另一等级"), 12), Heading(_("单位数"), 10, "count")),
        tuple((was or "—", now or "—", n) for was, now, n in moved),
    )


def _fields(found: WhatIf) -> WhatIfSection:
    rows: list[tuple[Cell, ...]] = [
        ("", _("总分和等级"), "", *_field(change)) for change in found.head
    ]
    names = _names(found)
    for code, changes in found.fields.items():
        row = names.get(code)
        shown = (code, row.name if row else "", _clause(row))
        rows += [(*shown, *_field(change)) for change in changes]
    rows += [(r.code, r.name, _clause(r), _("整条规则"), None, _("有")) for r in found.added]
    rows += [(r.code, r.name, _clause(r), _("整条规则"), _("有"), None) for r in found.dropped]
    return WhatIfSection(
        _("两个规则库哪里不同"),
        _("只列影响判断的写法；名称、依据、样例的改动不在内"),
        (
            Heading(_("规则"), 10),
            Heading(_("名称"), 24),
            Heading(_("条款"), 36),
            Heading(_("写法"), 24),
            Heading(_("原来"), 30),
            Heading(_("改为"), 30),
        ),
        tuple(rows),
    )


def _field(change: FieldChange) -> tuple[str, str | None, str | None]:
    return change.field, change.was, change.now


def _names(found: WhatIf) -> dict[str, RuleRow]:
    return {r.code: r for r in (*found.added, *found.dropped)} | dict(found.named)


def _clause(row: RuleRow | None) -> str:
    return row.clause if row is not None else ""


def _rules(found: WhatIf) -> WhatIfSection:
    return WhatIfSection(
        _("哪些条款引起的"),
        _("分数是所有单位相加；没有改写而列在这里的规则，是因为它依据的勾稽关系、得分或等级变了"),
        (
            Heading(_("规则"), 10),
            Heading(_("名称"), 24),
            Heading(_("条款"), 36),
            Heading(_("变化的单位"), 10, "count"),
            Heading(_("得分增减"), 10, "signed"),
            Heading(_("结论的变化"), 40),
            Heading(_("新问题"), 8, "count"),
            Heading(_("不再是问题"), 8, "count"),
        ),
        tuple(_rule(shift) for shift in _by_weight(found.changes.rules)),
    )


def _by_weight(rules: Sequence[RuleShift]) -> list[RuleShift]:
    return sorted(rules, key=lambda r: (-abs(r.points), -r.units, r.code))


def _rule(shift: RuleShift) -> tuple[Cell, ...]:
    row = shift.now or shift.was
    assert row is not None
    moves = clauses(
        f"{was or _('没有这条')} → {now or _('没有这条')} {n}" for was, now, n in shift.moves
    )
    return (
        shift.code,
        row.name,
        row.clause,
        shift.units,
        shift.points,
        moves,
        shift.new,
        shift.gone,
    )


def _units(found: WhatIf) -> WhatIfSection:
    c = found.changes
    left = c.units_changed - len(c.units)
    return WhatIfSection(
        _("哪些单位变了"),
        _("另有 {n} 个单位变化较小，没有列出").format(n=left) if left else "",
        (
            Heading(_("单位代码"), 16),
            Heading(_("单位名称"), 30),
            Heading(_("原得分"), 9, "points"),
            Heading(_("另一得分"), 9, "points"),
            Heading(_("增减"), 9, "signed"),
            Heading(_("原等级"), 8),
            Heading(_("另一等级"), 8),
            Heading(_("因为"), 50),
            Heading(_("新问题"), 24),
            Heading(_("不再是问题"), 24),
        ),
        tuple(_unit(found, unit) for unit in c.units),
    )


def _unit(found: WhatIf, of: UnitShift) -> tuple[Cell, ...]:
    was, now = of.was, of.now
    return (
        of.unit,
        of.name,
        was.score if was else None,
        now.score if now else None,
        of.points if was and now else None,
        _grade(was),
        _grade(now),
        clauses(causes(found, of)),
        "、".join(of.new),
        "、".join(of.gone),
    )


def _grade(standing: Standing | None) -> str:
    return (standing.grade or "—") if standing else "—"


def causes(found: WhatIf, of: UnitShift) -> Iterator[str]:
    """Which rules move the score of a unit, each with its points; then what no rule does."""
    for code, moved in of.by_rule:
        row = found.named.get(code)
        yield f"{code} {row.name if row else ''} {signed(moved)}".replace("  ", " ")
    if of.rest:
        yield _("不适用的分值重新折算 {points}").format(points=signed(of.rest))
    if of.crosses and of.was and of.now:
        if any(change.field.startswith("grades") for change in found.head):
            yield _("等级的分档不同")
        elif not of.points:
            yield _("未定的分数范围不同")


def signed(value: Decimal) -> str:
    """Points with their sign."""
    return ("+" if value > 0 else "−" if value < 0 else "") + points(abs(value))


def render(found: WhatIf, *, width: int = 120, color: bool = False) -> str:
    """The report as text of at most `width` columns; long lists are cut, and say so."""
    return Terminal(width, color).text(_parts(lines(found)))


def _parts(found: WhatIf) -> Iterator[RenderableType]:
    yield Text(title(found), style="bold")
    yield from map(Text, headline(found))
    for section in sections(found):
        yield Text(f"\n{section.title}", style="bold")
        if section.note:
            yield Text(section.note, style="dim")
        yield _table(section)
        more = len(section.rows) - UNITS_AT_MOST
        if more > 0:
            yield Text(_("… 还有 {n} 行，见 --out 写出的网页或工作簿").format(n=more))


def _table(section: WhatIfSection) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for column in section.columns:
        table.add_column(
            column.title,
            justify="left" if column.form == "text" else "right",
            overflow="fold",
            ratio=max(column.width, 6),
        )
    for row in section.rows[:UNITS_AT_MOST]:
        cells = zip(row, section.columns, strict=True)
        table.add_row(*(Text(shown(cell, column.form)) for cell, column in cells))
    return table


def shown(cell: Cell, form: str) -> str:
    """A cell in words; of what is absent a dash."""
    match cell:
        case None:
            return "—"
        case Decimal():
            return signed(cell) if form == "signed" else points(cell)
        case int():
            return f"{cell:,}"
    return cell


def to_json(found: WhatIf) -> str:
    """The comparison as JSON text, codes and numbers; exact numbers as text."""
    return escaped(json.dumps(_plain(found), ensure_ascii=False, indent=2, default=str)) + "\n"


def _plain(found: WhatIf) -> dict[str, Any]:
    c = found.changes
    return {
        "version": VERSION,
        "year": found.year,
        "before": asdict(found.before) | _total(c.was),
        "after": asdict(found.after) | _total(c.now),
        "problems": found.problems,
        "differences": {
            "head": [asdict(change) for change in found.head],
            "rules": {
                code: [asdict(change) for change in changes]
                for code, changes in found.fields.items()
            },
            "added": [row.code for row in found.added],
            "dropped": [row.code for row in found.dropped],
        },
        "outcomes_changed": c.outcomes_changed,
        "units_changed": c.units_changed,
        "grades": [{"was": was, "now": now, "units": n} for was, now, n in c.grades],
        "rules": [_rule_plain(shift) for shift in c.rules],
        "units": [_unit_plain(of) for of in c.units],
    }


def _total(of: Total) -> dict[str, Any]:
    return {
        "units": of.units,
        "outcomes": of.outcomes,
        "score_sum": of.score_sum,
        "degrees": dict(of.degrees),
    }


def _rule_plain(shift: RuleShift) -> dict[str, Any]:
    row = shift.now or shift.was
    assert row is not None
    moves = [{"was": was, "now": now, "units": n} for was, now, n in shift.moves]
    return {
        "code": shift.code,
        "kind": row.kind,
        "name": row.name,
        "document": row.document,
        "clause": row.clause,
        "units": shift.units,
        "points": shift.points,
        "moves": moves,
        "new": shift.new,
        "gone": shift.gone,
    }


def _unit_plain(of: UnitShift) -> dict[str, Any]:
    def standing(value: Standing | None) -> Mapping[str, Any] | None:
        return asdict(value) if value is not None else None

    return {
        "unit": of.unit,
        "name": of.name,
        "was": standing(of.was),
        "now": standing(of.now),
        "points": of.points,
        "crosses": of.crosses,
        "by_rule": [{"code": code, "points": moved} for code, moved in of.by_rule],
        "rest": of.rest,
        "new": list(of.new),
        "gone": list(of.gone),
    }
