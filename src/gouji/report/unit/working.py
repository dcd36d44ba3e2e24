"""A rule and one unit's figures -> its working in one line, with the numbers filled in, as the unit printed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from gouji.base.i18n import _, clauses, labelled
from gouji.base.outcome import CriterionOutcome, Span, TieOutcome
from gouji.base.verdict import Verdict
from gouji.expression import Printed, denied, is_text, stated, words
from gouji.expression import nodes as n
from gouji.reference import part_states
from gouji.report.method_working import measured_words, scored
from gouji.report.unit.figure_teller import FigureTeller
from gouji.report.unit.gap_words import PARTS_AT_MOST
from gouji.report.unit.scored_rows import row_lines, rows_scored
from gouji.report.wording import (
    ValueShape,
    difference_words,
    places_apart,
    points,
    shape_of,
    shape_of_sides,
    shown,
    span_line,
)
from gouji.rules import (
    Checklist,
    ColumnRole,
    Criterion,
    Deductions,
    Judged,
    Parts,
    Proportional,
    Role,
    RowByRow,
    Table,
)


class WorkingTeller(FigureTeller):
    """Tells the workings of one unit."""

    def criterion(self, rule: Criterion, measure: n.Node | None, outcome: CriterionOutcome) -> str:
        """`1,230.00万元 ÷ 1,320.73万元 = 93.13%; …`."""
        if isinstance(rule.method, (Checklist, Judged)):
            return self._by_person(rule, outcome)
        if isinstance(rule.method, (Parts, Deductions)):
            return self._composed(rule.code)
        if isinstance(rule.method, RowByRow):
            return self._row_by_row(rule.code, rule.method)
        if measure is None or outcome.measured is None:
            return "" if measure is None else self.expression(measure)
        shape = shape_of(measure, self.book.tables)
        result = measured_words(outcome.measured, shape, rule.method)
        line = self.expression(measure)
        if isinstance(measure, n.Figure):
            # A proportional score names the figure itself.
            return (
                scored(rule.method, rule, outcome.measured, shape)
                if isinstance(rule.method, Proportional)
                else clauses((line, scored(rule.method, rule, outcome.measured, shape)))
            )
        line = line if line == result else f"{line} = {result}"
        return clauses((line, scored(rule.method, rule, outcome.measured, shape)))

    def _row_by_row(self, code: str, method: RowByRow) -> str:
        """What each row earned."""
        of = next(c for c in self.book.criteria if c.code == code)
        if of.row is None:
            return ""
        return row_lines(rows_scored(of, self.book.tables[method.table], self.exact.figures))

    def _composed(self, code: str) -> str:
        """What each part earned, or each occasion took off."""
        of = next(c for c in self.book.criteria if c.code == code)
        lines = []
        for part, state in zip(of.parts, part_states(of, self.book, self.exact), strict=True):
            told = f"{self.expression(part.measure)} → " if part.measure is not None else ""
            how = _part_words(state.score, state.points, isinstance(of.rule.method, Deductions))
            lines.append(_("{part}：{told}{how}").format(part=part.name, told=told, how=how))
        return clauses(lines)

    def _by_person(self, rule: Criterion, outcome: CriterionOutcome) -> str:
        """The items not met, or the reviewers' marks."""
        checks = isinstance(rule.method, Checklist)
        table = self.book.table_of(Role.CHECKS if checks else Role.REVIEWS)
        if table is None:
            return ""
        criterion = table.with_role(ColumnRole.CRITERION).name
        rows = [
            r for r in self.exact.figures.many.get(table.table, ()) if r.get(criterion) == rule.code
        ]
        return _unmet(table, rows) if checks else _marks(table, rows, outcome.score)

    def wrong_parts(self, check: n.Node, outcome: TieOutcome) -> tuple[n.Node, ...]:
        """Of a condition joined by `and` that does not hold, the parts that do not; else the whole condition."""
        if not isinstance(check, n.Both) or outcome.verdict not in (
            Verdict.UNBALANCED,
            Verdict.WITHIN_ROUNDING,
        ):
            return (check,)
        beyond = outcome.verdict is Verdict.UNBALANCED
        truths = [(part, self.exact.check(part)) for part in _joined(check)]
        found = tuple(
            part
            for part, truth in truths
            if truth.holds is False and not (beyond and truth.may_hold)
        )
        return found or (check,)

    def _as_found(self, check: n.Node, verdict: Verdict) -> str:
        """The relation as it is, not as it should be: what fails is told by its opposite."""
        taken = self._taken(check)
        return words(denied(taken) if verdict is Verdict.UNBALANCED else taken, self.figure)

    def _compared(self, part: n.Node, verdict: Verdict) -> str:
        """One part with its numbers, as if it were a separate tie-out."""
        if not isinstance(part, n.Compare) or is_text(part.left):
            return self._as_found(part, verdict)
        ends = self.exact.interval(part.right)
        span = Span(ends.low, ends.high) if ends else None
        name = words(part.left) if isinstance(part.left, n.Figure) else words(part.right)
        left, right = self.exact.value(part.left), self.exact.value(part.right)
        return labelled(name, "") + self.tie_out(
            part, TieOutcome(self.unit, "", verdict, left, right, span)
        )

    def tie_out(self, check: n.Node, outcome: TieOutcome) -> str:
        """`60.67% = 1.09万元 ÷ (2.89万元 − 1.09万元) → 60.56%, 尾差范围 [59.94%, 61.17%]`."""
        wrong = self.wrong_parts(check, outcome)
        if wrong != (check,):
            more = f" … ({len(wrong)})" if len(wrong) > PARTS_AT_MOST else ""
            told = (self._compared(part, outcome.verdict) for part in wrong[:PARTS_AT_MOST])
            return clauses(told) + more
        line = self._as_found(check, outcome.verdict)
        if outcome.verdict is Verdict.UNBALANCED and self.exact.baseless(check):
            return _("{line}，分母为 0，得不出比率").format(line=line)
        if not isinstance(check, n.Compare) or is_text(check.left):
            return line
        if outcome.left is None or outcome.right is None:
            return line
        return line + self._outcome(check, outcome, outcome.left, outcome.right)

    def _outcome(
        self, check: n.Compare, outcome: TieOutcome, left: Fraction, right: Fraction
    ) -> str:
        """What the right side comes to; the range of rounding and the difference where there is one."""
        shape = shape_of_sides(check, self.book.tables)
        line = ""
        if not isinstance(check.right, (n.Figure, n.Number)):
            line = f" → {shown(right, shape, places_apart(shape, left, right))}"
        if outcome.verdict is Verdict.BALANCED:
            return line + self._rounded(check, left, right, shape)
        span = outcome.span
        if span is not None and span.low != span.high and left != right:
            line += _("，尾差范围 {span}").format(span=span_line(span, shape, left))
        if check.op == "=" and left != right:
            line += _("，差 {gap}").format(gap=difference_words(left - right, shape))
        return line

    def _rounded(self, check: n.Compare, left: Fraction, right: Fraction, shape: ValueShape) -> str:
        """That what was worked out rounds to the stated figure, where it looks like another one."""
        found = stated(check)
        if (
            found is None
            or left == right
            or shown(left, shape) == shown(right, shape)
            or self.exact.truth(replace(check, op="=")).holds is not True
        ):
            return ""
        return _("，四舍五入后即所列的 {figure}").format(figure=self.figure(found[0]))


def _part_words(score: Decimal | None, most: Decimal, taken_off: bool) -> str:
    """What a part earned, or an occasion took off."""
    if score is None:
        return _("未定")
    if taken_off:
        return _("扣 {take} 分").format(take=points(most - score))
    return _("得 {score} 分，满分 {points} 分").format(score=points(score), points=points(most))


def _unmet(table: Table, rows: Sequence[Mapping[str, object]]) -> str:
    """The items of a checklist that are not there."""
    item, result = table.with_role(ColumnRole.ITEM).name, table.with_role(ColumnRole.RESULT)
    word = result.one_of[1]
    unmet = [str(row[item]) for row in rows if row.get(result.name) == word]
    return _("{result}：{items}").format(result=word, items="、".join(unmet)) if unmet else ""


def _marks(table: Table, rows: Sequence[Mapping[str, object]], score: Decimal | None) -> str:
    """The marks of the reviewers, and the score that they come to."""
    column = table.with_role(ColumnRole.SCORE).name
    marks = [mark for row in rows if isinstance(mark := row.get(column), Printed)]
    if not marks:
        return ""
    listed = "、".join(shown(mark.value, ValueShape("number")) for mark in marks)
    return _("评审 {marks} → {score} 分").format(marks=listed, score=points(score))


def _joined(node: n.Node) -> tuple[n.Node, ...]:
    """The conditions that `and` joins."""
    return (*_joined(node.left), *_joined(node.right)) if isinstance(node, n.Both) else (node,)
