"""RuleBook + TableSet -> ResolvedBook. Raises one ExceptionGroup with every fault, each with file:line and a fix."""

from __future__ import annotations

from functools import partial
from typing import assert_never

from gouji.base.faults import Place, RuleError, did_you_mean, raise_all
from gouji.base.i18n import _
from gouji.expression import MeasureFault, needed, parse_measure
from gouji.expression.nodes import Compare, Node
from gouji.rules.check.book_head import HeadResolver, check_sums
from gouji.rules.check.certified import check_locating
from gouji.rules.check.derived_tables import check_derived
from gouji.rules.check.excerpt import excerpt
from gouji.rules.check.form_fits import check_form, place_in_set
from gouji.rules.check.row_rules import resolve_table_rule
from gouji.rules.check.row_scores import RowTrees
from gouji.rules.check.rule_examples import check_examples
from gouji.rules.check.score_trees import ScoreTrees
from gouji.rules.check.scoring_trees import MethodResolver
from gouji.rules.check.types import Checker, Kind
from gouji.rules.methods import RowByRow
from gouji.rules.resolved import ResolvedBook, ResolvedCriterion, ResolvedTieOut
from gouji.rules.rule import AnyRule, Criterion, EachRow, RollUp, TieOut
from gouji.rules.source_map import RuleBook, TableSet, YamlDocument
from gouji.rules.table import ColumnRole, ColumnType, Role, Table
from gouji.rules.used_tables import with_unasked

FIGURES_AT_MOST = 100
NEEDED_ROLES: dict[Role, tuple[ColumnRole, ...]] = {
    Role.UNITS: (ColumnRole.UNIT, ColumnRole.YEAR, ColumnRole.UNIT_NAME),
    Role.FIGURES: (ColumnRole.UNIT, ColumnRole.YEAR),
    Role.SELF_SCORES: (ColumnRole.UNIT, ColumnRole.YEAR, ColumnRole.CRITERION, ColumnRole.SCORE),
    Role.CHECKS: (
        ColumnRole.UNIT,
        ColumnRole.YEAR,
        ColumnRole.CRITERION,
        ColumnRole.ITEM,
        ColumnRole.RESULT,
    ),
    Role.REVIEWS: (
        ColumnRole.UNIT,
        ColumnRole.YEAR,
        ColumnRole.CRITERION,
        ColumnRole.REVIEWER,
        ColumnRole.SCORE,
    ),
    Role.EXPECTED: (ColumnRole.UNIT, ColumnRole.YEAR, ColumnRole.UNIT_NAME),
}


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


def check_tables(tables: TableSet) -> list[RuleError]:
    """Faults of table descriptions: missing roles, unknown key columns, a second table with its own role."""
    faults: list[RuleError] = []
    seen: dict[Role, str] = {}
    for name, table in tables.tables.items():
        document = tables.documents.get(name)
        place = partial(_table_place, document, name)
        for role in NEEDED_ROLES[table.role]:
            if not any(c.role is role for c in table.columns):
                faults.append(
                    RuleError(
                        _("“{table}”缺少 role: {role} 的列").format(table=name, role=role),
                        place=place("columns"),
                        fix=_("给相应的列加 role: {role}").format(role=role),
                    )
                )
        for key in table.key:
            if table.column(key) is None:
                faults.append(
                    RuleError(
                        _("“{table}”没有叫“{column}”的列").format(table=name, column=key),
                        place=place("key"),
                        fix=did_you_mean(key, (c.name for c in table.columns)),
                    )
                )
        if len({c.name for c in table.columns}) != len(table.columns):
            faults.append(
                RuleError(
                    _("“{table}”有两列同名").format(table=name),
                    place=place("columns"),
                    fix=_("改其中一列的名称"),
                )
            )
        if table.role is not Role.FIGURES:
            if table.role in seen:
                faults.append(
                    RuleError(
                        _("“{one}”和“{two}”都是 role: {role}").format(
                            one=seen[table.role], two=name, role=table.role
                        ),
                        place=place("role"),
                        fix=_("只留一张"),
                    )
                )
            seen[table.role] = name
        faults.extend(_check_roles(table, place("columns")))
        faults.extend(check_form(table, table.form, place))
        for form in table.printed:
            faults.extend(check_form(table, form, place_in_set(tables, table.table, form)))
        faults.extend(check_derived(table, tables.tables, place))
    if Role.UNITS not in seen:
        faults.append(
            RuleError(
                _("没有 role: units 的数据表"),
                place=Place("schemas"),
                fix=_("写一张每个单位一行的表，role: units"),
            )
        )
    return faults


def _table_place(document: YamlDocument | None, name: str, *path: str | int) -> Place:
    return document.place(path) if document else Place(name)


def _check_roles(table: Table, place: Place) -> list[RuleError]:
    faults = []
    for column in table.columns:
        wanted = (
            {ColumnRole.YEAR: ColumnType.COUNT, ColumnRole.SCORE: ColumnType.SCORE}.get(
                column.role, ColumnType.TEXT
            )
            if column.role
            else column.type
        )
        if column.type is not wanted:
            faults.append(
                RuleError(
                    _("“{column}”的 type 应为 {wanted}").format(column=column.name, wanted=wanted),
                    place=place,
                    fix=_("改 type"),
                )
            )
        if column.role is ColumnRole.RESULT and len(column.one_of) != 2:
            faults.append(
                RuleError(
                    _("“{column}”的 one_of 要有两个词：先具备，后不具备").format(
                        column=column.name
                    ),
                    place=place,
                    fix=_("写 one_of: [具备, 不具备]"),
                )
            )
    return faults


_NOTHING = parse_measure("0 = 0")
