"""ResolvedBook -> the table of its rules, as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from gouji.base.i18n import _
from gouji.expression import words
from gouji.report.terminal import Terminal
from gouji.report.unit.spots import relation
from gouji.report.wording import points
from gouji.rules import ResolvedBook, ResolvedEachRow


def render(book: ResolvedBook, *, width: int = 120, color: bool = False) -> str:
    """Criteria with weight and method, then tie-outs with severity and relation."""
    head = how_many(book, len(book.criteria), len(book.tie_outs) + len(book.table_rules))
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for title in (_("代码"), _("名称"), _("分值或程度"), _("方法"), _("公式")):
        table.add_column(title, no_wrap=title == _("代码"))
    for row in _rows(book):
        table.add_row(*row)
    return Terminal(width, color).text((Text(head, style="bold"), table))


def how_many(book: ResolvedBook, criteria: int, ties: int) -> str:
    """The title of a book with the number of its rules, and the points of its criteria where it has some."""
    title = book.source.head.title
    if not criteria:
        return _("{title}：勾稽关系 {ties} 条").format(title=title, ties=ties)
    return _("{title}：指标 {criteria} 项共 {total} 分，勾稽关系 {ties} 条").format(
        title=title, criteria=criteria, total=points(book.total), ties=ties
    )


def _rows(book: ResolvedBook) -> Iterator[tuple[str, str, str, str, str]]:
    for c in book.criteria:
        measure = words(c.measure) if c.measure is not None else ""
        yield c.code, c.rule.name, points(c.rule.weight), c.rule.method.kind, measure
    for t in book.tie_outs:
        yield t.code, t.rule.name, t.rule.severity.value, _("勾稽"), words(t.check)
    for r in book.table_rules:
        kind = _("逐行") if isinstance(r, ResolvedEachRow) else _("汇总")
        line = f"{r.table.table}: {relation(r)}"
        yield r.code, r.rule.name, r.rule.severity.value, kind, line
