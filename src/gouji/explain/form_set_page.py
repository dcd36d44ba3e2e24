"""Form sets -> a page of Markdown: who prints which form under which number and title, for which years, and where that was read. The same sets give the same page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gouji.base.i18n import _, clauses, labelled
from gouji.rules import FormSet, PrintedForm, Table


def form_sets_page(sets: Iterable[FormSet], tables: Mapping[str, Table]) -> str:
    """The page; `tables` are the tables as described, with their own forms."""
    every = sorted(sets, key=lambda one: one.set)
    lines = [
        f"# {_('表样')}",
        "",
        "<!-- gouji forms sets -->",
        "",
        _(
            "{n} 套，每套说明谁印、哪几年、在哪里见到的；编号不能认表，认表看标题和行列的名称"
        ).format(n=len(every)),
        "",
    ]
    for one in every:
        lines += [*_of_set(one, tables), ""]
    return "\n".join(lines).rstrip() + "\n"


def _of_set(one: FormSet, tables: Mapping[str, Table]) -> Iterator[str]:
    yield f"## {one.set}"
    yield ""
    yield "- " + labelled(_("谁印的"), one.authority)
    yield "- " + labelled(_("年份"), _years(one))
    yield f"- {_('见于')}: {'; '.join(one.source)}"
    if one.note:
        yield "- " + labelled(_("说明"), one.note)
    yield ""
    yield f"| {_('编号')} | {_('标题')} | {_('数据表')} | {_('不同的地方')} |"
    yield "|---|---|---|---|"
    for entry in one.forms:
        yield f"| {entry.number or ''} | {_titles(entry, tables)} | {entry.table} | {_differs(entry, tables)} |"


def _years(one: FormSet) -> str:
    if one.first_year == one.last_year and one.first_year:
        return str(one.first_year)
    first, last = one.first_year or "", one.last_year or ""
    return (
        _("{first} 至 {last}").format(first=first, last=last).strip()
        if first or last
        else _("不限")
    )


def _titles(entry: PrintedForm, tables: Mapping[str, Table]) -> str:
    if entry.titles:
        return "、".join(entry.titles)
    if entry.like:
        return _("同 {name}").format(name=entry.like)
    own = tables[entry.table].form
    return "、".join(n for n in (own.titles or own.sheets) if not n[-1].isdecimal()) if own else ""


def _differs(entry: PrintedForm, tables: Mapping[str, Table]) -> str:
    made = []
    if entry.like:
        made.append(_("行列同 {name}").format(name=entry.like))
    if entry.prints:
        made.append(_("只印 {n} 列").format(n=len(entry.prints)))
    if entry.without:
        made.append(_("不印 {names}").format(names="、".join(entry.without)))
    if entry.labels and not entry.prints:
        made.append(_("{n} 列的名称不同").format(n=len(entry.labels)))
    if entry.note:
        made.append(entry.note)
    return clauses(made) or (_("与数据表自己的表样相同") if entry.as_described else "")


__all__ = ["form_sets_page"]
