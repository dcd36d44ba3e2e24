"""ResolvedBook -> the table of its rules, as text."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.table import Table

from gouji.base.i18n import _
from gouji.expression import words
from gouji.report.unit.spots import relation
from gouji.report.wording import points
from gouji.rules import ResolvedBook, ResolvedEachRow


def render(book: ResolvedBook, *, width: int = 120, color: bool = False) -> str:
    """Criteria with weight and method, then tie-outs with severity and relation."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        no_color=not color,
        highlight=False,
        emoji=False,
    )
    head = book.source.head
    ties = len(book.tie_outs) + len(book.table_rules)
    told = _("{title}：勾稽关系 {ties} 条").format(title=head.title, ties=ties)
    if book.criteria:
        told = _("{title}：指标 {criteria} 项共 {total} 分，勾稽关系 {ties} 条").format(
            title=head.title, criteria=len(book.criteria), total=points(book.total), ties=ties
        )
    console.print(told, style="bold")
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for title in (_("代码"), _("名称"), _("分值或程度"), _("方法"), _("公式")):
        table.add_column(title, no_wrap=title == _("代码"))
    for c in book.criteria:
        table.add_row(
            c.code,
            c.rule.name,
            points(c.rule.weight),
            c.rule.method.kind,
            words(c.measure) if c.measure is not None else "",
        )
    for t in book.tie_outs:
        table.add_row(t.code, t.rule.name, t.rule.severity.value, _("勾稽"), words(t.check))
    for r in book.table_rules:
        table.add_row(
            r.code,
            r.rule.name,
            r.rule.severity.value,
            _("逐行") if isinstance(r, ResolvedEachRow) else _("汇总"),
            f"{r.table.table}: {relation(r)}",
        )
    console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
