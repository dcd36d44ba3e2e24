"""A rule (and, if given, one unit's outcome) -> RuleExplanation: the page of that rule, as titled sections of lines."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.base.i18n import _, clauses, labelled, noted
from gouji.base.outcome import CriterionOutcome, TieOutcome
from gouji.base.verdict import Verdict
from gouji.explain.method_words import method_words
from gouji.explain.which_rule import find
from gouji.expression import words
from gouji.expression.nodes import Compare, Node
from gouji.report import (
    WorkingTeller,
    adjusts,
    cause_of,
    points,
    reading_words,
    relation,
    shape_of,
    span_line,
    spot_rows,
)
from gouji.report import shown as shown_number
from gouji.rules import (
    AnyRule,
    Basis,
    BasisStatus,
    Criterion,
    Example,
    Reading,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedEachRow,
    ResolvedRollUp,
    ResolvedRule,
    ResolvedTableRule,
    ResolvedTieOut,
)


@dataclass(frozen=True, slots=True)
class RuleExplanation:
    """The page of a rule."""

    title: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        from gouji.explain.explanation_text import explanation_text

        return explanation_text(self)


def explain(book: ResolvedBook, code: str) -> RuleExplanation:
    """The page of one rule: clause, formula, method, policies, examples."""
    return explain_found(book, find(book, code))


def explain_found(book: ResolvedBook, found: ResolvedRule) -> RuleExplanation:
    """The same of a rule at hand."""
    rule = found.rule
    sections: list[tuple[str, list[str]]] = [(_("依据"), _basis(rule.basis))]
    if isinstance(found, ResolvedCriterion):
        head = _("{code} {name} · {first} / {second} · {weight} 分").format(
            code=rule.code,
            name=rule.name,
            first=found.rule.path.first,
            second=found.rule.path.second,
            weight=points(found.rule.weight),
        )
        sections += _criterion(found)
    else:
        head = f"{rule.code} {rule.name} · {found.rule.severity.value}"
        sections += _tie_out(found) if isinstance(found, ResolvedTieOut) else _table_rule(found)
    sections.append((_("样例"), [_example(rule, i, e) for i, e in enumerate(rule.examples)]))
    sections.append((_("出处"), [str(book.source.place(rule.code))]))
    return RuleExplanation(head, tuple((title, tuple(lines)) for title, lines in sections if lines))


def _basis(basis: Basis) -> list[str]:
    lines = [noted(f"{basis.document} · {basis.clause}", status_words(basis.status))]
    if basis.note:
        lines.append(basis.note)
    for key, value in basis.values.items():
        lines.append(
            labelled(key, status_words(value.status))
            + (f" · {value.clause}" if value.clause else "")
            + (f" · {value.note}" if value.note else "")
        )
    return lines


def status_words(status: BasisStatus) -> str:
    """How far the source says it, in words."""
    return {
        BasisStatus.PRINTED: _("原文印明"),
        BasisStatus.TRUNCATED: _("原文残缺"),
        BasisStatus.INFERRED: _("推定，待财政局确认"),
        BasisStatus.OPEN: _("还没有人知道，待财政局答复"),
    }[status]


def _criterion(found: ResolvedCriterion) -> list[tuple[str, list[str]]]:
    rule = found.rule
    missing = {
        "zero": _("计 0 分"),
        "pending": _("留待补报，不计分"),
        "as_reported": _("暂按自评，注明仅凭自评"),
    }[rule.missing]
    undefined = {
        "full": _("得满分"),
        "zero": _("不得分"),
        "not_applicable": _("不适用"),
        "pending": _("无法判断"),
    }[rule.undefined]
    lines = [(_("取数公式"), _formula(rule.measure, found.measure))]
    lines.append((_("总分之外"), [adjusts(rule)] if rule.adjust is not None else []))
    lines.append((_("适用的套"), ["、".join(rule.set)] if rule.set else []))
    lines.append((_("适用条件"), [words(found.applies)] if found.applies is not None else []))
    lines.append((_("评分方法"), method_words(rule.method, rule)))
    lines.append((_("缺数据时"), [missing]))
    if found.measure is not None:
        lines.append((_("分母为零时"), [undefined]))
    lines.append((_("应附佐证"), list(rule.evidence)))
    return lines


def _formula(text: str | None, tree: Node | None) -> list[str]:
    """As the rule writes it, and in words where those differ."""
    if text is None or tree is None:
        return []
    told = words(tree)
    return [text] if told == text else [text, _("读作 {words}").format(words=told)]


def _tie_out(found: ResolvedTieOut) -> list[tuple[str, list[str]]]:
    rule = found.rule
    tolerance = (
        [_("±{amount}：{why}").format(amount=rule.tolerance.amount, why=rule.tolerance.why)]
        if rule.tolerance
        else [_("由各数的印刷位数推出")]
    )
    return [
        (_("关系"), _formula(rule.check, found.check)),
        (_("适用条件"), [words(found.applies)] if found.applies is not None else []),
        (_("容差"), tolerance),
        (_("提示语"), [rule.message] if rule.message else []),
    ]


def _table_rule(found: ResolvedTableRule) -> list[tuple[str, list[str]]]:
    rule = found.rule
    table = found.table
    whence = (
        [_("由 {sources} 推出，不用报送").format(sources=table.asked_for)]
        if table.derived is not None
        else []
    )
    return [
        (_("数据表"), [table.label or table.table, *whence]),
        (_("关系"), [relation(found)]),
        (_("适用条件"), [words(found.applies)] if found.applies is not None else []),
        (_("容差"), [_("由各数的印刷位数推出")]),
        (_("提示语"), [rule.message] if rule.message else []),
    ]


def _example(rule: AnyRule, index: int, example: Example) -> str:
    given = clauses(_given(name, rows) for name, rows in example.given.items())
    prior = clauses(_given(name, rows) for name, rows in example.prior.items())
    if prior:
        given += _("；上年 {given}").format(given=prior)
    deduct = (
        _("，扣 {points} 分").format(points=points(example.deduct))
        if example.deduct is not None
        else ""
    )
    name = labelled(example.name, "") if example.name else ""
    return f"{name}{given or _('什么都没报')} → {example.expect}{deduct}"


def _given(name: str, rows: object) -> str:
    if isinstance(rows, dict):
        return f"{name} " + "、".join(f"{k} {v}" for k, v in rows.items())
    assert isinstance(rows, list)
    return _("{name} {n} 行").format(name=name, n=len(rows)) + "".join(
        f" [{', '.join(str(v) for v in row.values())}]" for row in rows[:4]
    )


def explain_unit(
    book: ResolvedBook,
    code: str,
    teller: WorkingTeller,
    outcome: CriterionOutcome | TieOutcome,
    causes: tuple[str, ...] = (),
) -> RuleExplanation:
    """The page of one rule for one unit: its working, the interval, where each figure stood, what is missing, and which cells are probably wrong (`causes`)."""
    found = find(book, code)
    tree: Node | None = None
    match found, outcome:
        case ResolvedCriterion(measure=tree), CriterionOutcome():
            lines = _criterion_outcome(found, teller, outcome)
        case ResolvedTieOut(check=tree), TieOutcome():
            lines = [
                (_("结论"), [outcome.verdict.value]),
                (_("计算"), [teller.tie_out(tree, outcome)]),
            ]
        case ((ResolvedEachRow() | ResolvedRollUp()), TieOutcome()):
            lines = _rows_outcome(found, teller, outcome)
        case _:
            raise TypeError(f"{code}: {type(outcome).__name__}")
    used = (f"{u.name} = {u.printed}" + (f"  {u.at}" if u.at else "") for u in teller.used(tree))
    lines += [
        (_("多半的原因"), list(causes)),
        (_("取值范围"), _span(book, tree, outcome)),
        (_("未能判断的原因"), list(teller.gaps(outcome))),
        (_("各数的位置"), list(used)),
    ]
    page = explain(book, code)
    return RuleExplanation(page.title, (*((t, tuple(x)) for t, x in lines if x), *page.sections))


def _criterion_outcome(
    found: ResolvedCriterion, teller: WorkingTeller, outcome: CriterionOutcome
) -> list[tuple[str, list[str]]]:
    tree = found.measure
    working = [teller.criterion(found.rule, tree, outcome)] if tree is not None else []
    others = "、".join(
        f"{reading_words(Reading(k))} {points(v)}" for k, v in outcome.readings.items()
    )
    return [
        (_("结论"), [_criterion_line(found.rule, outcome)]),
        (_("计算"), working),
        (_("各读法得分"), [others] if others else []),
    ]


def _rows_outcome(
    found: ResolvedTableRule, teller: WorkingTeller, outcome: TieOutcome
) -> list[tuple[str, list[str]]]:
    """A rule over rows: what holds where, of each place that says something."""
    lines = [(_("结论"), [outcome.verdict.value])]
    if outcome.verdict is not Verdict.NOT_APPLICABLE:
        spots = spot_rows(teller, found)
        places = dict.fromkeys(place for spot in spots for place in spot.places)
        lines.append((_("逐处情况"), [f"{spot.verdict} {spot.line}" for spot in spots]))
        lines.append((_("各数的位置"), list(places)))
    return lines


def _criterion_line(rule: Criterion, outcome: CriterionOutcome) -> str:
    line = _("{verdict}，得 {score} 分").format(
        verdict=outcome.verdict.value, score=points(outcome.score)
    )
    if cause := cause_of(outcome):
        line = clauses((line, cause))
    elif outcome.low != outcome.high:
        line += _("（可能在 {low}–{high} 分）").format(
            low=points(outcome.low), high=points(outcome.high)
        )
    return line + (
        _("，自评 {score} 分").format(score=points(outcome.self_score))
        if outcome.self_score is not None
        else ""
    )


def _span(
    book: ResolvedBook, tree: Node | None, outcome: CriterionOutcome | TieOutcome
) -> list[str]:
    if outcome.span is None or tree is None:
        return []
    of = tree.right if isinstance(tree, Compare) else tree
    shape = shape_of(of, book.tables)
    if outcome.span.low == outcome.span.high:
        return [_("{value}（精确数）").format(value=shown_number(outcome.span.low, shape))]
    return [span_line(outcome.span, shape)]
