"""ResolvedBook -> its rules as a page of Markdown: what must hold, how grave, on what basis, from which tables. The same book gives the same page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gouji.base.i18n import _, clauses, noted
from gouji.explain.explanation import status_words
from gouji.explain.method_words import method_words
from gouji.expression import nodes as n
from gouji.expression import words
from gouji.report import how_many, points, relation
from gouji.rules import (
    HEAD_FILE,
    AnyRule,
    Checklist,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedEachRow,
    ResolvedRule,
    ResolvedTieOut,
)

# In the note of a rule that rests on general knowledge alone.
MEMORY = "[M]"


def catalogue(book: ResolvedBook) -> str:
    """The rules of the book itself; those of included books stand on their own pages."""
    own = [rule for rule in book.rules if _is_own(book, rule)]
    criteria = [rule for rule in own if isinstance(rule, ResolvedCriterion)]
    ties = sorted(
        (rule for rule in own if not isinstance(rule, ResolvedCriterion)),
        key=lambda rule: rule.code,
    )
    lines = list(_head(book, own))
    for first in dict.fromkeys(c.rule.path.first for c in criteria):
        lines += _criteria(first, [c for c in criteria if c.rule.path.first == first])
    for letters in dict.fromkeys(map(_letters, ties)):
        lines += _ties(letters, [rule for rule in ties if _letters(rule) == letters])
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(book: ResolvedBook, own: Sequence[ResolvedRule]) -> Iterator[str]:
    """What the book is, how many rules it has and what they rest on; a blank line behind each paragraph."""
    head = book.source.head
    criteria = sum(isinstance(rule, ResolvedCriterion) for rule in own)
    yield from (f"# {head.title}", "")
    yield from (f"<!-- gouji rules list {head.book} --format markdown -->", "")
    yield from (how_many(book, criteria, len(own) - criteria), "")
    if head.includes:
        included = _("另外包含规则库 {books} 的 {n} 条规则").format(
            books="、".join(head.includes), n=len(book.rules) - len(own)
        )
        yield from (included, "")
    if head.notes:
        yield from (*head.notes.strip().splitlines(), "")
    memory = sum(MEMORY in (rule.rule.basis.note or "") for rule in own)
    examples = sum(len(rule.rule.examples) for rule in own)
    told = _("样例 {n} 个；依据凭一般了解写成的 {memory} 条，注明“凭记忆”")
    yield from (told.format(n=examples, memory=memory), "")


def _letters(rule: ResolvedRule) -> str:
    """The letters of a code: rules of one section share them."""
    return rule.code.rstrip("0123456789")


def _is_own(book: ResolvedBook, rule: ResolvedRule) -> bool:
    """Whether the rule's file lies in the folder of the book."""
    home = book.source.head_document.file.removesuffix(HEAD_FILE)
    return book.source.place(rule.code).file.startswith(home)


def _criteria(first: str, rules: Sequence[ResolvedCriterion]) -> Iterator[str]:
    yield from (f"## {first}", "")
    yield from _table(
        (_("代码"), _("名称"), _("分值"), _("取数公式"), _("评分方法"), _("依据"), _("数据表")),
        (
            (
                c.code,
                c.rule.name,
                points(c.rule.weight),
                words(c.measure) if c.measure is not None else _by_people(c),
                clauses(method_words(c.rule.method, c.rule)),
                _basis(c.rule),
                "、".join(_tables(c)),
            )
            for c in rules
        ),
    )


def _by_people(found: ResolvedCriterion) -> str:
    if found.parts:
        return clauses(words(tree) for tree in found.trees) or _("按要点核对佐证")
    return _("按要点核对佐证") if isinstance(found.rule.method, Checklist) else _("专家评审打分")


def _ties(letters: str, rules: Sequence[ResolvedRule]) -> Iterator[str]:
    yield from (f"## {letters}", "")
    yield from _table(
        (_("代码"), _("名称"), _("要满足的关系"), _("程度"), _("依据"), _("数据表")),
        (
            (
                r.code,
                r.rule.name,
                _relation(r),
                r.rule.severity.value,
                _basis(r.rule),
                "、".join(_tables(r)),
            )
            for r in rules
            if not isinstance(r, ResolvedCriterion)
        ),
    )


def _relation(rule: ResolvedRule) -> str:
    assert not isinstance(rule, ResolvedCriterion)
    told = words(rule.check) if isinstance(rule, ResolvedTieOut) else relation(rule)
    return (
        told
        if rule.applies is None
        else _("{relation}（适用：{condition}）").format(
            relation=told, condition=words(rule.applies)
        )
    )


def _basis(rule: AnyRule) -> str:
    """Document, clause, and how far they say it."""
    status = (
        _("推定，凭记忆，待财政局确认")
        if MEMORY in (rule.basis.note or "")
        else status_words(rule.basis.status)
    )
    return noted(f"{rule.basis.document} · {rule.basis.clause}", status)


def _tables(rule: ResolvedRule) -> Iterator[str]:
    """The tables that the rule reads, each once."""
    match rule:
        case ResolvedCriterion(measure=tree) | ResolvedTieOut(check=tree):
            named = []
        case ResolvedEachRow(check=tree):
            named = [rule.rule.table]
        case _:
            tree, named = None, [rule.rule.table]
    read = (
        leaf.table
        for tree in (tree, rule.applies)
        if tree is not None
        for leaf in (*n.leaves(tree), *n.words(tree))
    )
    yield from dict.fromkeys((*named, *read))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in row)} |"
    yield ""


__all__ = ["catalogue"]
