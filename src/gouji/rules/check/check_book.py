"""RuleBook + TableSet -> ResolvedBook. Raises one ExceptionGroup with every fault, each with file:line and a fix."""

from __future__ import annotations

from functools import partial
from typing import assert_never

from gouji.base.faults import RuleError, did_you_mean, raise_all
from gouji.base.i18n import _
from gouji.expression import MeasureFault, needed, parse_measure
from gouji.expression.nodes import Compare, Node
from gouji.rules.check.book_head import HeadResolver, check_sums
from gouji.rules.check.certified import check_locating
from gouji.rules.check.excerpt import excerpt
from gouji.rules.check.row_rules import resolve_table_rule
from gouji.rules.check.row_scores import RowTrees
from gouji.rules.check.rule_examples import check_examples
from gouji.rules.check.score_trees import ScoreTrees
from gouji.rules.check.scoring_trees import MethodResolver
from gouji.rules.check.table_faults import check_tables
from gouji.rules.check.types import Checker, Kind
from gouji.rules.methods import RowByRow
from gouji.rules.resolved import ResolvedBook, ResolvedCriterion, ResolvedTieOut
from gouji.rules.rule import AnyRule, Criterion, EachRow, RollUp, TieOut
from gouji.rules.source_map import RuleBook, TableSet
from gouji.rules.used_tables import with_unasked

FIGURES_AT_MOST = 100


def validate(book: RuleBook, tables: TableSet) -> ResolvedBook:
    """Check names, types, weights and items; keep the rules in force in the book's fiscal year."""
    faults = check_tables(tables)
    resolver = _Resolver(book, tables, faults)
    criteria, tie_outs, table_rules = [], [], []
    for code, rule in book.rules.items():
        if not in_force(rule, book.head.fiscal_year):
            continue
        match rule:
            case Criterion():
                criteria.append(resolver.criterion(code, rule))
            case TieOut():
                tie_outs.append(resolver.tie_out(code, rule))
            case EachRow() | RollUp():
                resolved = resolve_table_rule(
                    rule, tables.tables, resolver.tree, partial(resolver.fault, code)
                )
                table_rules.extend([resolved] if resolved is not None else [])
            case _:
                assert_never(rule)
        check_examples(
            rule,
            tables.tables,
            lambda what, fix, *path, code=code: faults.append(
                RuleError(what, place=book.place(code, *path), fix=fix)
            ),
        )
    faults.extend(check_sums(book, [c.rule for c in criteria]))
    made = ResolvedBook(book, tables.tables, tuple(criteria), tuple(tie_outs), tuple(table_rules))
    made = HeadResolver(book, tables.tables, faults, resolver.score).whole(made)
    faults.extend(check_locating(book, tables))
    raise_all(faults)
    return with_unasked(made)


def in_force(rule: AnyRule, year: int) -> bool:
    """Whether the rule holds for that fiscal year."""
    return rule.valid is None or (
        rule.valid.from_ <= year and (rule.valid.to is None or year <= rule.valid.to)
    )


class _Resolver:
    def __init__(self, book: RuleBook, tables: TableSet, faults: list[RuleError]) -> None:
        self.book, self.tables, self.faults = book, tables.tables, faults
        # The criteria whose scores are being worked out, each for the one before it.
        self.open: tuple[str, ...] = ()
        self.circle: tuple[str, str] | None = None

    def score(self, code: str) -> Node | tuple[str, str]:
        """The expression of a criterion's score; faults of the criterion itself are told where it is resolved."""
        rule = self.book.rules.get(code)
        if not isinstance(rule, Criterion) or not in_force(rule, self.book.head.fiscal_year):
            codes = (c for c, r in self.book.rules.items() if isinstance(r, Criterion))
            return _("没有代码是 {code} 的指标").format(code=code), did_you_mean(code, codes)
        if code in self.open:
            way = " → ".join((*self.open[self.open.index(code) :], code))
            self.circle = (
                _("得分绕回了自己：{way}").format(way=way),
                _("去掉其中一处 得分(…)"),
            )
            return self.circle
        quiet = _Resolver(self.book, TableSet(self.tables, {}), [])
        quiet.open = self.open
        made = HeadResolver(self.book, self.tables, []).placing(quiet.criterion(code, rule))
        if quiet.circle is not None:
            self.circle = quiet.circle
            return self.circle
        if quiet.faults:
            return _("{code} 自己有错，得不出得分").format(code=code), _("先改好这一条")
        return ScoreTrees(self.tables, self.book.head).of(made)

    def criterion(self, code: str, rule: Criterion) -> ResolvedCriterion:
        """A criterion with its expressions as trees."""
        before, self.open = self.open, (*self.open, code)
        made = self._criterion(code, rule)
        self.open = before
        return made

    def _criterion(self, code: str, rule: Criterion) -> ResolvedCriterion:
        found = MethodResolver(self.tables, partial(self.tree, code), partial(self.fault, code))
        measure, parts = found.resolve(rule)
        applies = self.tree(code, "applies", rule.applies, "condition")
        rows = self._rows(code)
        row, most = (rows[2], rows[1].points) if rows is not None else (None, None)
        return ResolvedCriterion(rule, measure, applies, parts, row, row_points=most)

    def _row_scores(self, code: str) -> tuple[str, Node] | None:
        """The table whose rows a criterion scores, and what one of them earns."""
        rows = self._rows(code)
        return (rows[0], rows[2]) if rows is not None else None

    def _rows(self, code: str) -> tuple[str, RowTrees, Node] | None:
        """The table, the expressions and what one row earns; faults in it are told where the criterion is resolved."""
        rule = self.book.rules.get(code)
        if not isinstance(rule, Criterion) or not isinstance(rule.method, RowByRow):
            return None
        quiet = _Resolver(self.book, TableSet(self.tables, {}), [])
        quiet.open = self.open
        found = MethodResolver(self.tables, partial(quiet.tree, code), partial(quiet.fault, code))
        made = found.rows(rule.method)
        return (rule.method.table, *made) if made is not None else None

    def tie_out(self, code: str, rule: TieOut) -> ResolvedTieOut:
        check = self.tree(code, "check", rule.check, "condition")
        if rule.tolerance is not None and check is not None and not isinstance(check, Compare):
            self.fault(
                code,
                "tolerance",
                _("容差只能用于一个比较"),
                _("check 写成 左 = 右，或去掉 tolerance"),
            )
        applies = self.tree(code, "applies", rule.applies, "condition")
        # A tie-out without a readable condition has been reported; the stand-in is never compiled.
        return ResolvedTieOut(rule, check if check is not None else _NOTHING, applies)

    def tree(
        self, code: str, key: str, text: str | None, want: Kind, inside: str | None = None
    ) -> Node | None:
        """The expression under a key as a checked tree; `inside` names the table whose rows it speaks of."""
        if text is None:
            return None
        try:
            parsed = parse_measure(text, inside or "")
        except MeasureFault as fault:
            self._in_formula(code, key, fault.what, fault.fix, text, fault.word)
            return None
        tree = Checker(
            self.tables,
            lambda what, fix: self._in_formula(code, key, what, fix, text),
            inside,
            self._row_scores,
            beyond=key == "check",
            year=self.book.head.fiscal_year,
            scores=self.score,
        ).check(parsed, want)
        if len(needed(tree)) > FIGURES_AT_MOST:
            self.fault(
                code,
                key,
                _("一条规则最多用 {n} 个数").format(n=FIGURES_AT_MOST),
                _("多行明细用 sum(明细.列)，或拆成几条规则"),
            )
        return tree

    def _in_formula(
        self, code: str, key: str, what: str, fix: str, text: str, word: str = ""
    ) -> None:
        """Report a fault of a formula, with its line and the word that is meant."""
        made = RuleError(
            what, place=self.book.place(code, key), fix=fix, excerpt=excerpt(text, what, word)
        )
        self.faults.append(made)

    def fault(self, code: str, key: str, what: str, fix: str, *more: str | int) -> None:
        """Report a fault under a key of a rule."""
        self.faults.append(RuleError(what, place=self.book.place(code, key, *more), fix=fix))


_NOTHING = parse_measure("0 = 0")
