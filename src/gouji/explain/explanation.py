"""A rule (and, if given, one unit's outcome) -> RuleExplanation: the page of that rule, as titled sections of lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gouji.base.i18n import _, clauses, labelled, noted
from gouji.base.outcome import CriterionOutcome, TieOutcome
from gouji.base.verdict import Verdict
from gouji.explain.row_words import row_words
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
    AnyMethod,
    AnyRule,
    Bands,
    Basis,
    BasisStatus,
    Between,
    Checklist,
    Criterion,
    Deductions,
    Example,
    Inverse,
    Judged,
    Occasion,
    Part,
    Parts,
    PerViolation,
    Proportional,
    Reading,
    ResolvedBook,
    ResolvedCriterion,
    ResolvedRule,
    ResolvedTableRule,
    ResolvedTieOut,
    RowByRow,
    Steps,
    TwoSidedSteps,
    Within,
    Words,
    shown,
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


def method_words(method: AnyMethod, rule: Criterion) -> list[str]:
    """A scoring method in words."""
    match method:
        case Within(full_at=full_at):
            return [
                _("{range} 得 {points} 分，否则不得分").format(
                    range=full_at, points=points(rule.weight)
                )
            ]
        case Steps() | TwoSidedSteps():
            take = (
                points(method.take)
                if method.take is not None
                else _("权重的 {share}").format(share=shown(method.take_share or rule.weight))
            )
            means = {
                "point": _("（指百分点）"),
                "relative": _("（指相对标准的百分之几）"),
                None: "",
            }[method.percent_is]
            return [
                _("{range} 得满分；每差 {per}{means} 扣 {take}，{how}，扣完为止").format(
                    range=method.full_at,
                    per=shown(method.per),
                    means=means,
                    take=take,
                    how=reading_words(method.reading),
                )
            ]
        case Bands(bands=bands):
            return [
                _("{range}：{points} 分").format(range=b.when, points=points(b.points))
                for b in bands
            ] + [_("其余：0 分")]
        case Proportional(full_at=full_at):
            return [
                _("实测值 ÷ {full} × {points} 分，最多 {points} 分").format(
                    full=shown(full_at), points=points(rule.weight)
                )
            ]
        case Inverse(full_at=full_at):
            return [
                _("不超过 {full} 得满分；超过的按 {full} ÷ 实测值 × {points} 分").format(
                    full=shown(full_at), points=points(rule.weight)
                )
            ]
        case Between(none_at=none_at, full_at=full_at, none_points=least):
            return [
                _("{full} 得 {points} 分，{none} 得 {least} 分，两者之间按比例").format(
                    full=shown(full_at),
                    points=points(rule.weight),
                    none=shown(none_at),
                    least=points(least),
                )
            ]
        case Words(words=words):
            return [
                _("{word}：{points} 分").format(word=word, points=points(worth))
                for word, worth in words.items()
            ]
        case RowByRow():
            return row_words(method)
        case PerViolation(take=take):
            return [_("每例扣 {take} 分，扣完为止").format(take=points(take))]
        case Checklist(mode=mode, items=items):
            head = _("逐项加分") if mode == "additive" else _("全部具备才得分")
            return [
                head,
                *(noted(i.item, points(i.points)) if mode == "additive" else i.item for i in items),
            ]
        case Judged(by=by, reviewers=count):
            how = _("平均") if by == "mean" else _("去掉最高和最低后平均")
            return [_("至少 {count} 人评分，{how}").format(count=count, how=how)]
        case Parts(of=of, gate=gate):
            head = {
                "sum": _("各部分的分相加"),
                "best": _("取各部分里最高的分"),
                "worst": _("取各部分里最低的分"),
            }[of]
            lines = [_part_words(part, rule) for part in method.parts]
            return [head, *lines, *(_("必备：{item}，不具备则不得分").format(item=i) for i in gate)]
        case Deductions(occasions=occasions):
            head = _("从 {points} 分里逐项扣，扣完为止").format(points=points(rule.weight))
            return [head, *map(_occasion_words, occasions)]
    return []


def _part_words(part: Part, rule: Criterion) -> str:
    """A part with its points, its measure and its method, in one line."""
    inner = method_words(part.method, replace(rule, weight=part.points))
    told = [part.measure] if part.measure is not None else []
    lines = clauses([*told, *inner])
    return _("{name}（{points} 分）：{lines}").format(
        name=part.name, points=points(part.points), lines=lines
    )


def _occasion_words(of: Occasion) -> str:
    if of.item is not None:
        return _("{item}：不具备扣 {take} 分").format(item=of.item, take=points(of.take))
    most = _("，最多 {points} 分").format(points=points(of.at_most)) if of.at_most else ""
    return _("{measure}：每例扣 {take} 分{most}").format(
        measure=of.measure, take=points(of.take), most=most
    )


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
    lines: list[tuple[str, list[str]]] = []
    tree: Node | None
    if isinstance(found, ResolvedCriterion) and isinstance(outcome, CriterionOutcome):
        tree = found.measure
        lines.append((_("结论"), [_criterion_line(found.rule, outcome)]))
        lines.append(
            (_("计算"), [teller.criterion(found.rule, tree, outcome)] if tree is not None else [])
        )
        others = "、".join(
            f"{reading_words(Reading(k))} {points(v)}" for k, v in outcome.readings.items()
        )
        lines.append((_("各读法得分"), [others] if others else []))
    elif isinstance(found, ResolvedTieOut) and isinstance(outcome, TieOutcome):
        tree = found.check
        lines.append((_("结论"), [outcome.verdict.value]))
        lines.append((_("计算"), [teller.tie_out(tree, outcome)]))
    else:
        assert not isinstance(found, (ResolvedCriterion, ResolvedTieOut)) and isinstance(
            outcome, TieOutcome
        )
        tree = None
        lines.append((_("结论"), [outcome.verdict.value]))
        if outcome.verdict is not Verdict.NOT_APPLICABLE:
            spots = spot_rows(teller, found)
            lines.append((_("逐处情况"), [f"{spot.verdict} {spot.line}" for spot in spots]))
            lines.append(
                (
                    _("各数的位置"),
                    list(dict.fromkeys(place for spot in spots for place in spot.places)),
                )
            )
    lines.append((_("多半的原因"), list(causes)))
    lines.append((_("取值范围"), _span(book, tree, outcome)))
    lines.append((_("未能判断的原因"), list(teller.gaps(outcome))))
    lines.append(
        (
            _("各数的位置"),
            [f"{u.name} = {u.printed}" + (f"  {u.at}" if u.at else "") for u in teller.used(tree)],
        )
    )
    page = explain(book, code)
    return RuleExplanation(page.title, (*((t, tuple(x)) for t, x in lines if x), *page.sections))


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
