"""Small records for tests of locating: named figures, equations over them, and what is located."""

from __future__ import annotations

from fractions import Fraction

from gouji.expression.figures import Printed
from gouji.locate import CellRef, Relation, locate
from gouji.locate.locate_values import FigureLayout, UnitCase
from gouji.locate.relations import CellFacts


def relation(code, op, form, constant, values, half=Fraction(0)):
    """Σ coefficient × figure + constant `op` 0, at figures printed to within `half`."""
    terms = tuple(
        (CellRef("记录", 0, name), Fraction(c)) for name, c in sorted(form.items()) if Fraction(c)
    )
    gap = sum((c * Fraction(values[ref.column]) for ref, c in terms), Fraction(constant))
    return Relation(code, "", op, terms, gap, half * sum(abs(c) for _ref, c in terms))


def case_of_record(values, equations, fixed=(), weights=None, half=0, ranges=None):
    """A case: {name: value}; equations as (op, {name: coefficient}) or (op, {name: coefficient}, constant)."""

    def made(of):
        return [
            relation(f"E{n}", op, form, constant[0] if constant else 0, of, Fraction(half))
            for n, (op, form, *constant) in enumerate(equations)
        ]

    def judge(changed):
        after = {**values, **{ref.column: value for ref, value in changed.items()}}
        return frozenset(r.code for r in made(after) if r.fails)

    refs = {name: CellRef("记录", 0, name) for name in values}
    return UnitCase(
        "单位",
        CellFacts(
            {refs[name]: Printed(Fraction(v), Fraction(half)) for name, v in values.items()},
            frozenset(refs[name] for name in fixed),
        ),
        judge({}),
        judge,
        made(values),
        lambda: made(values),
        FigureLayout(
            {"记录": list(values)},
            ranges={("记录", name): ends for name, ends in (ranges or {}).items()},
        ),
        weights={refs[name]: Fraction(w) for name, w in (weights or {}).items()},
    )


def solved(values, equations, fixed=(), weights=None, half=0, ranges=None):
    """What is located in a record."""
    return locate(case_of_record(values, equations, fixed, weights, half, ranges))


def names(cause):
    """The cells of every answer."""
    return [{c.cell.column for c in answer} for answer in cause.answers]


def corrections(located):
    """The likeliest value of every cell that is blamed."""
    return {c.cell.column: c.proposed for cause in located.causes for c in cause.best}
