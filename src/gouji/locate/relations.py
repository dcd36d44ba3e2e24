"""A rulebook and one unit's figures -> relations: linear forms over the cells that were sent, each with what it is off by and what rounding allows.

A relation that is no sum (a rate, a product) is multiplied out: `rate = top / bottom` becomes `rate × bottom − top = 0`, which is linear in each single
cell. Whatever is found over such forms is judged again by the rules themselves, so that a form may be approximate but an accepted answer never is.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gouji.base.verdict import Severity
from gouji.expression import ZERO, Exact, Interval, Printed, Row, UnitFigures, is_text
from gouji.expression import nodes as n
from gouji.locate.alternatives import branch_to_blame
from gouji.locate.cell_forms import ONE, CellForm, CellRef
from gouji.locate.line_sums import LineSum, line_sum
from gouji.reference import level_of, parent_of
from gouji.rules import ResolvedBook, ResolvedEachRow, ResolvedRollUp, ResolvedTieOut

Terms = tuple[tuple[CellRef, Fraction], ...]
# A figure of a derived table -> the cells it adds up, with coefficients; None where they are other units'.
Lineage = Callable[[CellRef], Terms | None]


@dataclass(frozen=True, slots=True)
class Relation:
    """Σ coefficient × cell + … `op` 0. `gap` is its value at the printed figures, `slack` what rounding allows, both in base units.

    `binding` is False for relations of degree 提示: they rank answers and forbid none. `spot` tells rows of one rule apart. Not `linear`: a rate or a product,
    of which the form is a first approximation around the printed figures; `loose` is what its slack may be more where other cells are changed.
    `slack` is how much greater the value may truly be, `under` how much less (None: the same). `sums`: sums over lines with certain codes that are in it, with
    their coefficients.
    """

    code: str
    spot: str
    op: n.Op
    terms: Terms
    gap: Fraction
    slack: Fraction
    binding: bool = True
    linear: bool = True
    loose: Fraction = ZERO
    under: Fraction | None = None
    sums: tuple[tuple[LineSum, Fraction], ...] = ()

    @property
    def fails(self) -> bool:
        """Whether the printed figures break it."""
        low, high = self._bounds(ZERO)
        if self.op in "<>":
            return (low is not None and low >= 0) or (high is not None and high <= 0)
        return (low is not None and low > 0) or (high is not None and high < 0)

    @property
    def allowed(self) -> tuple[Fraction | None, Fraction | None]:
        """Least and greatest change of its value that keeps (or puts) it in order; None: no bound."""
        return self._bounds(self.loose)

    def keeps(self, change: Fraction) -> bool:
        """Whether it is in order when its value has changed by so much; a strict one is not at its very bound."""
        low, high = self.allowed
        if (low is not None and change < low) or (high is not None and change > high):
            return False
        return not (self.op in ("<", ">") and change in (low, high))

    def _bounds(self, loose: Fraction) -> tuple[Fraction | None, Fraction | None]:
        under = self.slack if self.under is None else self.under
        least, most = -self.slack - loose - self.gap, under + loose - self.gap
        match self.op:
            case "=":
                return least, most
            case "<" | "<=":
                return None, most
            case ">" | ">=":
                return least, None
        return None, None


@dataclass(frozen=True, slots=True)
class CellFacts:
    """What is known of the cells that relations speak of: figures as printed. Cells in `fixed` are never blamed."""

    figures: Mapping[CellRef, Printed]
    fixed: frozenset[CellRef] = frozenset()


class _Unfit(Exception):
    """An expression that has no linear form here: a figure is missing, a branch is not known, two unknown denominators."""


class _LinearReader:
    """Forms of expressions over the cells of one unit."""

    def __init__(
        self, figures: UnitFigures, exact: Exact, lineage: Lineage, table: str = "", row: int = 0
    ) -> None:
        # Whether all forms made so far are exact.
        self.linear = True
        self.figures, self.exact, self.lineage, self.table, self.row = (
            figures,
            exact,
            lineage,
            table,
            row,
        )

    def form(self, node: n.Node) -> CellForm:
        """The linear form at the printed figures. Raises _Unfit."""
        match node:
            case n.Number(value):
                return CellForm({}, value)
            case n.Figure(table, column, prior):
                return self._cell(
                    CellRef(table, self.row if table == self.table else 0, column, prior),
                    self.exact.value(node),
                )
            case n.Aggregate():
                return self._aggregate(node)
            case n.Negate(of):
                return self.form(of).times(-ONE)
            case n.Absolute(of):
                return self.form(of).times(-ONE if self._value(of) < 0 else ONE)
            case n.Rounded():
                return self._rounded(node)
            case n.Extreme(which, items):
                return self.form((min if which == "min" else max)(items, key=self._value))
            case n.Coalesce(items):
                return self.form(
                    next((i for i in items if self.exact.value(i) is not None), items[-1])
                )
            case n.Case():
                branch = self.exact.branch(node)
                if branch is None:
                    raise _Unfit
                return self.form(branch)
            case n.Arithmetic(op, left, right):
                return self._arithmetic(op, left, right)
        raise _Unfit

    def _rounded(self, node: n.Rounded) -> CellForm:
        """As if the places that are cut off stayed as they are."""
        self.linear = False
        rest = self._value(node) - self._value(node.of)
        return self.form(node.of).plus(CellForm({}, rest))

    def _arithmetic(self, op: str, left: n.Node, right: n.Node) -> CellForm:
        a, b = self.form(left), self.form(right)
        if op in "+-":
            return a.plus(b, ONE if op == "+" else -ONE)
        x, y = self._value(left), self._value(right)
        if b.cells and (op == "/" or a.cells):
            self.linear = False
        if op == "*":
            # First order where both factors may change.
            return a.times(y).plus(b.times(x)).plus(CellForm({}, x * y), -ONE)
        if y == 0:
            raise _Unfit
        return a.times(1 / y).plus(b.times(x / y), -ONE).plus(CellForm({}, x / y))

    def _value(self, node: n.Node) -> Fraction:
        found = self.exact.value(node)
        if found is None:
            raise _Unfit
        return found

    def _cell(self, cell: CellRef, value: Fraction | None) -> CellForm:
        if value is None:
            raise _Unfit
        made_of = self.lineage(cell)
        if made_of is None:
            # Another unit's figure, or one that nobody here typed: a constant.
            return CellForm({}, value)
        return CellForm({part: c for part, c in made_of})

    def _aggregate(self, node: n.Aggregate) -> CellForm:
        if n.looked_up(node) is not None:
            raise _Unfit
        if node.func == "count":
            return CellForm({}, self._value(node))
        if node.of is not None:
            return self._over_rows(node, node.of)
        value, found = self._value(node), CellForm()
        cells = list(self._counted(node))
        if node.func == "sum":
            for cell, printed in cells:
                found.add(self._cell(cell, printed.value))
            over = line_sum(node)
            return found if over is None else replace(found, sums={over: ONE})
        return next(
            (self._cell(cell, value) for cell, printed in cells if printed.value == value),
            CellForm({}, value),
        )

    def _over_rows(self, node: n.Aggregate, of: n.Node) -> CellForm:
        """The forms of the rows that count, added up; of the least or the greatest that of the row which has it."""
        value, found = self._value(node), CellForm()
        lineage = self.lineage if not node.prior else _of_the_year_before(self.lineage)
        for number, row in self._chosen(node):
            inside = _LinearReader(
                self.figures, Exact(UnitFigures({node.table: row})), lineage, node.table, number
            )
            if node.func == "sum":
                found.add(inside.form(of))
            elif inside.exact.value(of) == value:
                found = inside.form(of)
            self.linear = self.linear and inside.linear
        return found

    def _counted(self, node: n.Aggregate) -> Iterator[tuple[CellRef, Printed]]:
        """The cells that an aggregate takes in, at the printed figures."""
        for number, row in self._chosen(node):
            cell = row.get(node.column)
            if isinstance(cell, Printed):
                yield CellRef(node.table, number, node.column, node.prior), cell

    def _chosen(self, node: n.Aggregate) -> Iterator[tuple[int, Row]]:
        """The rows that an aggregate takes in, with their numbers."""
        for number, row in enumerate(self.figures.at(node.prior).many.get(node.table, ())):
            inside = Exact(UnitFigures({node.table: row}))
            if node.where is None or inside.truth(node.where).holds:
                yield number, row


def _of_the_year_before(lineage: Lineage) -> Lineage:
    """What cells are made of, for rows of the year before that are read as rows of this year."""
    return lambda cell: lineage(replace(cell, prior=True))


def relations_of(
    book: ResolvedBook, figures: UnitFigures, lineage: Lineage, codes: Container[str] | None = None
) -> tuple[Relation, ...]:
    """Every relation of the book (or of some of its rules) that can be written over the unit's cells, failing or not; rules that do not apply are left out."""
    found: list[Relation] = []
    exact = Exact(figures, book.source.head.grades)
    for of in book.tie_outs:
        if codes is not None and of.code not in codes:
            continue
        if of.applies is None or exact.truth(of.applies).holds:
            found += _of_tie_out(of, _LinearReader(figures, exact, lineage))
    for rule in book.table_rules:
        if codes is not None and rule.code not in codes:
            continue
        if rule.applies is not None and not exact.truth(rule.applies).holds:
            continue
        rows = figures.many.get(rule.table.table, ())
        found += (
            _of_roll_up(rule, rows, lineage)
            if isinstance(rule, ResolvedRollUp)
            else _of_rows(rule, book, figures, rows, lineage)
        )
    return tuple(found)


def _of_tie_out(of: ResolvedTieOut, reader: _LinearReader) -> Iterator[Relation]:
    tolerance = Fraction(of.rule.tolerance.amount) if of.rule.tolerance is not None else ZERO
    yield from _of_check(
        of.code, "", of.check, reader, tolerance, of.rule.severity is not Severity.NOTE
    )


def _of_rows(
    of: ResolvedEachRow,
    book: ResolvedBook,
    figures: UnitFigures,
    rows: Sequence[Row],
    lineage: Lineage,
) -> Iterator[Relation]:
    name, binding = of.table.table, of.rule.severity is not Severity.NOTE
    whole = Exact(figures, book.source.head.grades)
    for number, row in enumerate(rows):
        reader = _LinearReader(figures, whole.in_row(name, row), lineage, name, number)
        yield from _of_check(of.code, str(number), of.check, reader, ZERO, binding)


def _of_check(
    code: str, spot: str, check: n.Node, reader: _LinearReader, tolerance: Fraction, binding: bool
) -> Iterator[Relation]:
    """A comparison as a relation, `and` as several, of an `or` that fails one branch; nothing where there is no form."""
    if isinstance(check, n.Both):
        for part in (check.left, check.right):
            yield from _of_check(code, spot, part, reader, tolerance, binding)
        return
    if isinstance(check, n.Either):
        if (branch := branch_to_blame(check, reader.exact)) is not None:
            yield from _of_check(code, spot, branch, reader, tolerance, binding)
        return
    if not isinstance(check, n.Compare) or is_text(check.left) or check.op == "<>":
        return
    gap = reader.exact.gap(check)
    left, right = reader.exact.value(check.left), reader.exact.value(check.right)
    if gap is None or left is None or right is None:
        return
    try:
        form, scale, most = _multiplied(check, reader)
    except _Unfit:
        return
    found = _relation(check.op, form, left - right, gap, tolerance, (scale, most))
    if found.terms:
        yield replace(found, code=code, spot=spot, binding=binding, linear=reader.linear)


def _relation(
    op: n.Op,
    form: CellForm,
    at: Fraction,
    gap: Interval,
    tolerance: Fraction,
    scales: tuple[Fraction, Fraction],
) -> Relation:
    """A relation without its names; `scales`: what the form was multiplied by, and by how much its slack grows."""
    scale, most = scales
    over, under = max(gap.high - at, ZERO) + tolerance, max(at - gap.low, ZERO) + tolerance
    over, under = (under, over) if scale < 0 else (over, under)
    size = abs(scale)
    return Relation(
        "",
        "",
        op if scale > 0 else MIRROR[op],
        tuple((cell, c) for cell, c in sorted(form.cells.items()) if c),
        at * scale,
        over * size,
        loose=max(over, under) * (most - size),
        under=under * size,
        sums=tuple(form.sums.items()),
    )


MIRROR: dict[n.Op, n.Op] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _multiplied(check: n.Compare, reader: _LinearReader) -> tuple[CellForm, Fraction, Fraction]:
    """Left minus right as a form, what it was multiplied by (a quotient on one side is taken times its denominator), and by how much its slack grows: where the
    denominator itself may be wrong, up to what top and rate say it should be. Raises _Unfit."""
    for one, other, sign in ((check.left, check.right, ONE), (check.right, check.left, -ONE)):
        if isinstance(one, n.Arithmetic) and one.op == "/" and not isinstance(one.right, n.Number):
            top, bottom, level = reader.form(one.left), reader.form(one.right), reader.form(other)
            t, b = reader.exact.value(one.left), reader.exact.value(one.right)
            x = reader.exact.value(other)
            if t is None or b is None or x is None or b == 0:
                raise _Unfit
            reader.linear = reader.linear and not bottom.cells
            product = level.times(b).plus(bottom.times(x)).plus(CellForm({}, x * b), -ONE)
            most = max(abs(b), abs(t / x)) if x else abs(b)
            return top.plus(product, -ONE).times(sign), b, most
    return reader.form(check.left).plus(reader.form(check.right), -ONE), ONE, ONE


def _of_roll_up(of: ResolvedRollUp, rows: Sequence[Row], lineage: Lineage) -> Iterator[Relation]:
    """A node in a column: what it states minus the rows one level below it."""
    table, by, binding = of.table.table, of.by, of.rule.severity is not Severity.NOTE
    codes = [row.get(by.name) for row in rows]
    own = {code: number for number, code in enumerate(codes) if isinstance(code, str)}
    below: dict[str, list[int]] = {}
    for code, number in own.items():
        parent = parent_of(by, code, level_of(by, code))
        if parent is not None:
            below.setdefault(parent, []).append(number)
    for parent, parts in below.items():
        if parent not in own:
            continue
        for column in of.rule.columns:
            if (made := _node(table, rows, own[parent], parts, column, lineage)) is not None:
                yield Relation(of.code, f"{parent} {column}", "=", *made, binding)


def _node(
    table: str, rows: Sequence[Row], at: int, parts: Sequence[int], column: str, lineage: Lineage
) -> tuple[Terms, Fraction, Fraction] | None:
    form, gap, slack = CellForm(), ZERO, ZERO
    for number, sign in ((at, ONE), *((part, -ONE) for part in parts)):
        printed, cell = rows[number].get(column), CellRef(table, number, column)
        made_of = lineage(cell)
        if not isinstance(printed, Printed) or made_of is None:
            return None
        form = form.plus(CellForm(dict(made_of)), sign)
        gap, slack = gap + sign * printed.value, slack + printed.half
    return tuple((cell, c) for cell, c in sorted(form.cells.items()) if c), gap, slack


__all__ = ["CellFacts", "CellRef", "Lineage", "Relation", "Terms", "relations_of"]
