"""A rule and one unit's figures -> its working in one line, with the numbers filled in, as the unit printed them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from gouji.base.i18n import _, clauses, labelled
from gouji.base.outcome import CriterionOutcome, Span, TieOutcome
from gouji.base.verdict import Verdict
from gouji.expression import (
    OPPOSITE,
    Exact,
    Printed,
    UnitFigures,
    is_text,
    named,
    named_table,
    stated,
    words,
)
from gouji.expression import nodes as n
from gouji.intake import At, Submission, cell_of, rows_of
from gouji.reference import part_states
from gouji.report.method_working import scored
from gouji.report.unit.gap_words import PARTS_AT_MOST, gap_words
from gouji.report.unit.scored_rows import row_lines, rows_scored
from gouji.report.wording import ValueShape, points, shape_of, shown
from gouji.rules import (
    Checklist,
    ColumnRole,
    Criterion,
    Deductions,
    Judged,
    Parts,
    Proportional,
    ResolvedBook,
    Role,
    RowByRow,
)


@dataclass(frozen=True, slots=True)
class Used:
    """A figure that a rule read: its name, how it was printed, where it stood."""

    name: str
    printed: str
    at: At | None


class WorkingTeller:
    """Tells the workings of one unit."""

    def __init__(
        self, book: ResolvedBook, submission: Submission, figures: UnitFigures, unit: str
    ) -> None:
        self.book, self.submission, self.unit = book, submission, unit
        self.exact = Exact(figures, book.source.head.grades)

    def gaps(self, outcome: CriterionOutcome | TieOutcome) -> tuple[str, ...]:
        """Why an outcome is open, in words, with the places of rows that were set aside."""
        return gap_words(outcome.gaps, self._aside)

    def _aside(self, table: str) -> str:
        """The places of the rows of a table that were set aside: the first of them, and how many there are."""
        for prior in (False, True):
            for name, (count, places) in self.submission.aside(
                self.unit, self.book.year - prior
            ).items():
                if named_table(name, prior) == table:
                    listed = "、".join(places)
                    return (
                        listed
                        if count <= len(places)
                        else _("{places} 等 {n} 处").format(places=listed, n=count)
                    )
        return ""

    def used(self, node: n.Node | None) -> tuple[Used, ...]:
        """Every figure and text the expression reads, with its place, a cell left blank too; what is missing or not printed has no place."""
        if node is None:
            return ()
        found: list[Used] = []
        for leaf in (*n.leaves(node), *n.words(node)):
            if self._blank(leaf):
                found += _left_blank(named(leaf), self._at(leaf))
                continue
            found.append(Used(named(leaf), self.figure(leaf), self._at(leaf)))
            if isinstance(leaf, n.Aggregate):
                found.extend(self._parts(leaf))
        return tuple(found)

    def _parts(self, leaf: n.Aggregate) -> list[Used]:
        """The cells that an aggregate counted, row by row."""
        table = self.book.tables[leaf.table]
        rows = rows_of(self.submission, table, self.unit, self.book.year - leaf.prior)
        values = self.exact.figures.at(leaf.prior).many.get(leaf.table, ())
        found = []
        for row, cells in zip(rows, values, strict=True):
            chosen = (
                leaf.where is None
                or Exact(UnitFigures({leaf.table: cells})).truth(leaf.where).holds
            )
            for column in leaf.columns:
                cell = row.cells.get(column)
                if chosen and cell is not None:
                    name = f"{leaf.table}.{column}"
                    found += (
                        [Used(name, cell.printed, cell.at)]
                        if cell.printed
                        else _left_blank(name, cell.at)
                    )
        return found

    def figure(self, leaf: n.Leaf | n.Word) -> str:
        """A figure as printed, or its name in brackets when it is missing."""
        if isinstance(leaf, n.Aggregate):
            value = self.exact.value(leaf)
            return (
                shown(value, shape_of(leaf, self.book.tables))
                if value is not None
                else f"〔{named(leaf)}〕"
            )
        cell = cell_of(
            self.submission,
            self.book.tables,
            self.unit,
            self.book.year - leaf.prior,
            leaf.table,
            leaf.column,
        )
        if cell is None:
            return f"〔{named(leaf)}〕"
        if self._blank(leaf):
            return "0"
        unit = cell.unit or ""
        return (
            cell.printed
            if cell.printed.endswith(unit) or unit in ("1", "分")
            else cell.printed + unit
        )

    def _at(self, leaf: n.Leaf | n.Word) -> At | None:
        if isinstance(leaf, n.Aggregate):
            return None
        cell = cell_of(
            self.submission,
            self.book.tables,
            self.unit,
            self.book.year - leaf.prior,
            leaf.table,
            leaf.column,
        )
        return cell.at if cell else None

    def _blank(self, leaf: n.Node) -> bool:
        """Whether it is a cell that was left blank and counts as zero."""
        if not isinstance(leaf, n.Figure):
            return False
        cell = cell_of(
            self.submission,
            self.book.tables,
            self.unit,
            self.book.year - leaf.prior,
            leaf.table,
            leaf.column,
        )
        return cell is not None and not cell.printed

    def expression(self, node: n.Node) -> str:
        """The expression with numbers for names; of a `case` only the branch that was taken, of a sum only what was not left blank."""
        return words(self._taken(node), self.figure)

    def _taken(self, node: n.Node) -> n.Node:
        match node:
            case n.Case():
                branch = self.exact.branch(node)
                return self._taken(branch) if branch is not None else node
            case n.Arithmetic("+" | "-" as op, left, right):
                first, second = self._taken(left), self._taken(right)
                if self._blank(second):
                    return first
                return (
                    second
                    if op == "+" and self._blank(first)
                    else replace(node, left=first, right=second)
                )
            case (
                n.Arithmetic(_, left, right)
                | n.Compare(_, left, right)
                | n.Both(left, right)
                | n.Either(left, right)
            ):
                return replace(node, left=self._taken(left), right=self._taken(right))
            case n.Negate(of) | n.Absolute(of) | n.Not(of):
                return replace(node, of=self._taken(of))
        return node

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
        result = shown(outcome.measured, shape)
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
            if isinstance(of.rule.method, Deductions):
                taken = None if state.score is None else state.points - state.score
                how = _("未定") if taken is None else _("扣 {take} 分").format(take=points(taken))
            else:
                how = (
                    _("未定")
                    if state.score is None
                    else _("得 {score} 分，满分 {points} 分").format(
                        score=points(state.score), points=points(state.points)
                    )
                )
            lines.append(_("{part}：{told}{how}").format(part=part.name, told=told, how=how))
        return clauses(lines)

    def _by_person(self, rule: Criterion, outcome: CriterionOutcome) -> str:
        """The items not met, or the reviewers' marks."""
        role = Role.CHECKS if isinstance(rule.method, Checklist) else Role.REVIEWS
        table = self.book.table_of(role)
        if table is None:
            return ""
        criterion = table.with_role(ColumnRole.CRITERION).name
        rows = [
            r for r in self.exact.figures.many.get(table.table, ()) if r.get(criterion) == rule.code
        ]
        if isinstance(rule.method, Checklist):
            item, result = table.with_role(ColumnRole.ITEM).name, table.with_role(ColumnRole.RESULT)
            unmet = [str(r[item]) for r in rows if r.get(result.name) == result.one_of[1]]
            return (
                _("{result}：{items}").format(result=result.one_of[1], items="、".join(unmet))
                if unmet
                else ""
            )
        marks = [
            c
            for r in rows
            if isinstance(c := r.get(table.with_role(ColumnRole.SCORE).name), Printed)
        ]
        if not marks:
            return ""
        listed = "、".join(shown(mark.value, ValueShape("number")) for mark in marks)
        return _("评审 {marks} → {score} 分").format(marks=listed, score=points(outcome.score))

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

    def _compared(self, part: n.Node, verdict: Verdict) -> str:
        """One part with its numbers, as if it were a tie-out of its own."""
        if not isinstance(part, n.Compare) or is_text(part.left):
            return self.expression(part)
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
            return (
                clauses(self._compared(part, outcome.verdict) for part in wrong[:PARTS_AT_MOST])
                + more
            )
        line = self.expression(check)
        if outcome.verdict is Verdict.UNBALANCED:
            line = words(_failing(self._taken(check)), self.figure)
            if self.exact.baseless(check):
                return _("{line}，分母为 0，得不出比率").format(line=line)
        if (
            not isinstance(check, n.Compare)
            or is_text(check.left)
            or outcome.right is None
            or outcome.left is None
        ):
            return line
        shape = shape_of(check.right, self.book.tables)
        if shape.kind == "number":
            shape = shape_of(check.left, self.book.tables)
        if not isinstance(check.right, (n.Figure, n.Number)):
            close = outcome.left != outcome.right and shown(outcome.left, shape) == shown(
                outcome.right, shape
            )
            line += f" → {shown(outcome.right, shape, 4 if close else 2)}"
        if outcome.verdict is Verdict.BALANCED:
            return line + self._rounded(check, outcome.left, outcome.right, shape)
        if (
            outcome.span is not None
            and outcome.span.low != outcome.span.high
            and outcome.left != outcome.right
        ):
            line += _("，尾差范围 {span}").format(span=span_line(outcome.span, shape))
        if check.op == "=" and shown(outcome.left, shape) != shown(outcome.right, shape):
            line += _("，差 {gap}").format(
                gap=difference_words(outcome.left - outcome.right, shape)
            )
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


def differing_words(self_score: Decimal | None, score: Decimal | None, working: str) -> str:
    """Both scores of a criterion that the unit scored otherwise, and the working of the recomputed one."""
    line = _("自评 {own} 分，复核 {score} 分").format(own=points(self_score), score=points(score))
    return clauses((line, working)) if working else line


def _joined(node: n.Node) -> tuple[n.Node, ...]:
    """The conditions that `and` joins."""
    return (*_joined(node.left), *_joined(node.right)) if isinstance(node, n.Both) else (node,)


def _failing(check: n.Node) -> n.Node:
    """The relation as it is, not as it should be: a failed comparison with its sign turned round."""
    return replace(check, op=OPPOSITE[check.op]) if isinstance(check, n.Compare) else n.Not(check)


def _left_blank(name: str, at: At | None) -> list[Used]:
    """A cell left blank that counts as zero; nothing where the sheet does not print it."""
    return (
        [Used(name, _("空，按 0 计"), at)] if at is not None and (at.cell or not at.sheet) else []
    )


def difference_words(value: Fraction, shape: ValueShape, places: int = 2) -> str:
    """A difference in the words of its shape: shares differ by percentage points."""
    if shape.kind != "share":
        return shown(value, shape, places)
    return shown(value, shape, places).removesuffix("%") + _(" 个百分点")


def span_line(span: Span, shape: ValueShape) -> str:
    """An interval in words."""
    # One place more than figures are printed with, and more where the two ends would still look alike.
    for places in range(3, 9):
        low, high = shown(span.low, shape, places), shown(span.high, shape, places)
        if low != high or span.low == span.high:
            break
    return f"[{low}, {high}]"
