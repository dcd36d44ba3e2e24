"""Slips planted in one unit's figures, for tests of locating: drawn evenly from the filled cells that some relation reads."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from gouji.app.locating import case_of, cells_of
from gouji.judge.table_rules import table_rule
from gouji.judge.unit import tie_out
from gouji.locate import CellRef
from gouji.locate.relations import relations_of
from gouji.verdict import Verdict


def digits(value, step):
    """The digits of a figure in its last printed place."""
    return str(abs(int(value / step)))


def of_digits(text, value, step):
    return Fraction(int(text)) * step * (-1 if value < 0 else 1)


def swapped(value, step, rng, _unit, _ref):
    text = digits(value, step)
    places = [i for i in range(len(text) - 1) if text[i] != text[i + 1]]
    if not places:
        return None
    i = rng.choice(places)
    return of_digits(text[:i] + text[i + 1] + text[i] + text[i + 2 :], value, step)


def more(value, step, rng, _unit, _ref):
    text = digits(value, step)
    i = rng.randrange(len(text) + 1)
    return of_digits(text[:i] + rng.choice("0123456789") + text[i:], value, step)


def fewer(value, step, rng, _unit, _ref):
    text = digits(value, step)
    i = rng.randrange(len(text))
    return of_digits(text[:i] + text[i + 1 :] or "0", value, step)


def repeated(value, step, rng, _unit, _ref):
    text = digits(value, step)
    i = rng.randrange(len(text))
    return of_digits(text[: i + 1] + text[i:], value, step)


def digit(value, step, rng, _unit, _ref):
    text = digits(value, step)
    i = rng.randrange(len(text))
    return of_digits(
        text[:i] + rng.choice([d for d in "0123456789" if d != text[i]]) + text[i + 1 :],
        value,
        step,
    )


def neighbour(value, _step, rng, unit, ref):
    near = [
        unit[c].value
        for c in (
            CellRef(ref.table, ref.row - 1, ref.column),
            CellRef(ref.table, ref.row + 1, ref.column),
        )
        if c in unit
    ]
    return rng.choice(near) if near else None


def prior(_value, _step, _rng, unit, ref):
    last = unit.get(CellRef(ref.table, ref.row, ref.column, True))
    return last.value if last is not None else None


def off(value, step, rng, _unit, _ref):
    """A total that was not updated: off by what some part changed."""
    return value + rng.choice((-1, 1)) * step * rng.randint(100, 99999)


KINDS = {
    "相邻两位颠倒": swapped,
    "多一位": more,
    "少一位": fewer,
    "重一位": repeated,
    "错一位": digit,
    "正负号": lambda v, *_: -v,
    "元当万元": lambda v, *_: v * 10_000,
    "差一百倍": lambda v, *_: v * 100,
    "小数点移位": lambda v, *_: v * 10,
    "小数点左移": lambda v, s, *_: Fraction(round(v / 10 / s)) * s,
    "抄了相邻一格": neighbour,
    "抄了上年数": prior,
    "漏填": lambda v, *_: Fraction(0),
    "没有更新": off,
    "差一千倍": lambda v, *_: v * 1000,
}


class Clean:
    """One unit without findings, and what its relations read."""

    def __init__(self, book, submission, unit):
        self.book, self.cells = book, cells_of(book, submission, unit)
        self.relations = relations_of(book, self.cells.figures, self.cells.behind)
        self.printed = self.cells.printed()
        self.equations = {}
        for relation in self.relations:
            for cell, _c in relation.terms:
                self.equations[cell] = self.equations.get(cell, 0) + (relation.op == "=")
        self.read = sorted(
            cell
            for cell in self.equations
            if cell in self.printed and self.printed[cell].value and not cell.prior
        )

    def step(self, ref):
        return 2 * self.printed[ref].half or Fraction(1)

    def planted(self, values):
        """The cells with other values, and the codes that are 不平 then."""
        figures = self.cells.changed(values)
        cells = replace(self.cells, figures=figures)
        made = [
            tie_out(of, self.book, cells.unit, figures)
            for of in self.book.tie_outs
            if self._reads(of, values)
        ]
        made += [
            table_rule(of, self.book, cells.unit, figures)
            for of in self.book.table_rules
            if self._reads(of, values)
        ]
        return cells, frozenset(o.code for o in made if o.verdict is Verdict.UNBALANCED)

    def _reads(self, of, values):
        touched = {(ref.table, ref.column) for ref in values}
        touched |= {
            (ref.table, ref.column)
            for ref, terms in self.cells.lineage.items()
            if any(cell in values for cell, _c in terms or ())
        }
        return not touched.isdisjoint(self.cells.reads[of.code])


def plant(clean, rng, count=1):
    """So many slips: (kind, {cell: wrong value}); None where the draw gives no other figure."""
    values, kinds = {}, []
    for ref in rng.sample(clean.read, count):
        kind = rng.choice(sorted(KINDS))
        wrong = KINDS[kind](clean.printed[ref].value, clean.step(ref), rng, clean.printed, ref)
        if wrong is None or wrong == clean.printed[ref].value:
            return None
        values[ref] = wrong
        kinds.append(kind)
    return kinds, values


__all__ = ["KINDS", "Clean", "case_of", "plant"]
