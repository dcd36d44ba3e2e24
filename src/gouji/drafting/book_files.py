"""A draft -> the texts of a rulebook: book.yaml, a file a rule, the table of open figures, and the rows of the list that the bureau settles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from gouji.base.i18n import _
from gouji.drafting.clause_reading import (
    ByHand,
    ClauseReading,
    Method,
    UnreadClause,
    WordsClause,
)
from gouji.drafting.edge_examples import DraftExample
from gouji.drafting.make_draft import OPEN_TABLE, BookDraft, DraftedCriterion
from gouji.drafting.method_texts import method_lines, number

_PLAIN = re.compile(r"[\u4e00-\u9fff“”][\u4e00-\u9fffA-Za-z0-9、，。；“”（）《》〔〕·%./×÷ -]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?%?")


def texts_of(
    draft: BookDraft, *, title: str, document: str, year: int, book: str
) -> dict[str, str]:
    """File name (below the book's folder) -> text."""
    made = {"book.yaml": _head(draft, title, year, book)}
    for rule in draft.rules:
        made[f"criteria/{rule.code.lower()}.yaml"] = _rule(rule, document, year)
    if draft.open_columns():
        made[f"schemas/{OPEN_TABLE}.yaml"] = _open_table(draft)
    return made


def summary(draft: BookDraft) -> list[dict[str, str]]:
    """A line a row for the bureau: place, indicator, points, clause, how it was read, what is inferred, what is asked."""
    return [_line(rule) for rule in draft.rules]


def written(text: str) -> str:
    """A text as YAML: plain where nothing in it means anything there, else in quotes."""
    if _PLAIN.fullmatch(text) and ": " not in text and not text.endswith(" "):
        return text
    return json.dumps(text, ensure_ascii=False)


def _head(draft: BookDraft, title: str, year: int, book: str) -> str:
    weights = [r.weight for r in draft.rules if r.weight is not None]
    total = sum(weights, Fraction(0))
    lines = [
        f"book: {written(book)}",
        f"title: {written(title)}",
        "authority: 待填",
        f"fiscal_year: {year}",
        f"total: {number(total)}",
        "grades:",
    ]
    for name, low, high in (("优", 90, 100), ("良", 80, 90), ("中", 60, 80), ("差", 0, 60)):
        ends = [number(total * Fraction(p, 100)) for p in (low, high)]
        close = "]" if high == 100 else ")"
        lines.append(f'  - {{name: {name}, when: "[{ends[0]}, {ends[1]}{close}"}}')
    groups = [
        (first, second, weight)
        for (first, second), weight in draft.table.groups.items()
        if _adds_up(draft, first, second) == weight
    ]
    if groups:
        lines.append("groups:")
    for first, second, weight in groups:
        below = f", second: {written(second)}" if second else ""
        lines.append(f"  - {{first: {written(first)}{below}, weight: {number(weight)}}}")
    notes = [_("等级分档是常见的取法，不是原表印的，请核对。")]
    if draft.table.total is not None and draft.table.total != total:
        notes.append(
            _("原表合计 {printed} 分，各行分值加起来 {total} 分，请核对。").format(
                printed=number(draft.table.total), total=number(total)
            )
        )
    lines += ["notes: |", *(f"  {n}" for n in notes)]
    return "\n".join(lines) + "\n"


def _adds_up(draft: BookDraft, first: str, second: str) -> Fraction:
    return sum(
        (
            r.weight
            for r in draft.rules
            if r.weight is not None
            and r.row.first == first
            and (not second or r.row.second == second)
        ),
        Fraction(0),
    )


def _rule(rule: DraftedCriterion, document: str, year: int) -> str:
    row, reading = rule.row, rule.reading
    weight = rule.weight if rule.weight is not None and rule.weight > 0 else Fraction(1)
    inferred = _inferred(rule)
    lines = [f"# 原文 {row.place}: {_one_line(row.clause) or '（空）'}"]
    lines += [f"# TODO {q}" for q in _questions(rule)]
    lines += _candidates(rule)
    lines += [
        "kind: criterion",
        f"code: {rule.code}",
        f"name: {written(row.name)}",
        f"path: {{first: {written(row.first)}, second: {written(row.second)}}}",
        "basis:",
        f"  document: {written(document)}",
        f"  clause: {written(row.place)}",
        f"  status: {'printed' if reading is not None else 'open'}",
        f"  note: {written(_one_line(row.clause) or '原表没有写评价标准')}",
        "  values:",
        *(
            f"    {key}: {{status: {_status(rule, key)}, note: {written(note)}}}"
            for key, note in inferred.items()
        ),
        f"valid: {{from: {year}}}",
        f"weight: {number(weight)}",
    ]
    if rule.measure is not None:
        lines.append(f"measure: {rule.measure}")
    lines += [*method_lines(rule.method, weight, rule.case_columns), "missing: pending"]
    if rule.measure is not None:
        lines.append("undefined: pending")
    if rule.examples:
        lines.append("examples:")
        lines += [_example(e) for e in rule.examples]
    return "\n".join(lines) + "\n"


def _inferred(rule: DraftedCriterion) -> dict[str, str]:
    """What of the rule the clause does not say, key by key."""
    made: dict[str, str] = {}
    if rule.row.weight is None:
        made["weight"] = _("分值没有印成一列，取条文里的分")
    if isinstance(rule.read, UnreadClause):
        why = "；".join((*rule.read.reasons, *rule.read.leavings))
        made["method"] = _("没有读成算法，先由评审人打分：{why}").format(why=why)
    else:
        made |= rule.read.inferred
    if rule.measure is not None:
        made["measure"] = (
            _("取数的列待定，先记在“{table}”").format(table=OPEN_TABLE)
            if rule.open_column is not None
            else _("由“{formula}”的名称对到列").format(
                formula=rule.found.formula if rule.found else ""
            )
        )
        made["undefined"] = _("条文没说分母为零怎么算")
    if rule.case_columns:
        made["measure"] = _("取数的列待定，先记在“{table}”").format(table=OPEN_TABLE)
    if isinstance(rule.method, ByHand):
        made["reviewers"] = _("条文没说几个人评，取三人")
    made["missing"] = _("条文没说缺数据怎么算，先不给分也不扣分")
    return made


def _status(rule: DraftedCriterion, key: str) -> str:
    """Somebody filled it in, or nobody knows yet."""
    unknown = key == "measure" and bool(rule.open_column or rule.case_columns)
    return "open" if unknown or (key == "method" and rule.reading is None) else "inferred"


def _questions(rule: DraftedCriterion) -> Iterator[str]:
    if isinstance(rule.read, UnreadClause):
        yield _("没读懂：{why}").format(why="；".join(rule.read.reasons))
        if rule.read.leavings:
            yield _("剩下没用上的：{left}").format(left="、".join(rule.read.leavings))
        return
    yield from rule.read.questions
    for key, note in rule.read.inferred.items():
        if key not in ("reading", "measure"):
            yield f"{key}: {note}"


def _candidates(rule: DraftedCriterion) -> Iterator[str]:
    """Columns that come near the names of the formula."""
    if rule.open_column is None:
        return
    if rule.found is None:
        yield f"# TODO measure: {_('没有印计算公式')}"
        return
    yield f"# TODO measure: {rule.found.formula}"
    for name, near in rule.found.near:
        shown = "、".join(f"{c.column.path}（{c.score}）" for c in near) or _("没有相近的列")
        yield f"#      {name} ← {shown}"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _example(example: DraftExample) -> str:
    deduct = "" if example.deduct is None else f", deduct: {number(example.deduct)}"
    return (
        f"  - {{name: {json.dumps(example.name, ensure_ascii=False)}, "
        f"given: {_flow(example.given)}, expect: {example.expect}{deduct}}}"
    )


def _flow(value: object) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
        case str():
            quoted = value.startswith('"') or _NUMBER.fullmatch(value)
            return value if quoted else json.dumps(value, ensure_ascii=False)
        case Sequence():
            return "[" + ", ".join(_flow(v) for v in value) + "]"
        case None:
            return "null"
        case _:
            return str(value)


def _open_table(draft: BookDraft) -> str:
    lines = [
        f"table: {OPEN_TABLE}",
        "label: 待补数据",
        "grain: one",
        "key: [单位代码, 年度]",
        "note: 评分表里的数还不知道在哪张表的哪一列；查明以后改规则的 measure，这张表就不用了",
        "columns:",
        "  - {name: 单位代码, type: text, null: never, role: unit}",
        "  - {name: 年度, type: count, null: never, role: year}",
    ]
    for rule in draft.rules:
        for column in (rule.open_column, *rule.case_columns):
            if column is not None:
                text = _one_of(rule.method)
                more = {"count": "", "text": text}.get(column.kind, ", places: 2")
                lines.append(f"  - {{name: {column.name}, type: {column.kind}{more}}}")
    return "\n".join(lines) + "\n"


def _one_of(method: Method) -> str:
    words = [w for w, _p in method.words] if isinstance(method, WordsClause) else []
    return f", one_of: [{', '.join(json.dumps(w, ensure_ascii=False) for w in words)}]"


def _line(rule: DraftedCriterion) -> dict[str, str]:
    read = rule.read
    words = {"read": _("读懂"), "confirm": _("待核"), "unread": _("没读懂")}
    method = "；".join(m.strip() for m in method_lines(rule.method, rule.weight or Fraction(1)))
    return {
        _("位置"): rule.row.place,
        _("代码"): rule.code,
        _("指标"): rule.row.name,
        _("分值"): number(rule.weight) if rule.weight is not None else "",
        _("评价标准"): rule.row.clause,
        _("结果"): words[rule.settled],
        _("算法"): "" if isinstance(read, UnreadClause) else method,
        _("取数"): rule.measure or "",
        _("推定的"): "\n".join(f"{k}：{v}" for k, v in _inferred(rule).items()),
        _("要问的"): "\n".join(_questions(rule)),
    }


def reading_text(read: ClauseReading | UnreadClause, weight: Fraction | None) -> str:
    """How one clause was read, for `rules draft --clause`."""
    if isinstance(read, UnreadClause):
        return _("没读懂：{why}").format(why="；".join((*read.reasons, *read.leavings)))
    lines = method_lines(read.method, weight or read.weight or Fraction(1))
    return "\n".join([*lines, *(f"{k}：{v}" for k, v in read.inferred.items()), *read.questions])
