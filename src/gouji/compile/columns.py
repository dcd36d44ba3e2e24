"""Named intermediate results of a plan: each is a column of some layer, and stands above the columns it reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from sqlglot import exp

from gouji.compile import sql
from gouji.compile.quantity import Quantity, Whole
from gouji.compile.sql import Sql
from gouji.outcome import Gap


@dataclass(slots=True)
class Columns:
    """Collects definitions; a definition that reads others lands one layer above the highest of them.

    `outputs` are the columns that leave the plan, `kept` and `scales` the quantities among them, `gaps` the reasons behind the bits of each `gaps` column.
    """

    layers: list[dict[str, Sql]] = field(default_factory=list)
    depth: dict[str, int] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    scales: dict[str, Fraction] = field(default_factory=dict)
    gaps: dict[str, tuple[Gap, ...]] = field(default_factory=dict)
    kept: dict[str, Quantity] = field(default_factory=dict)

    def define(self, name: str, of: Sql, kind: str = "", *, out: bool = False) -> Sql:
        """Give an expression a name; returns the column. `kind` casts it, `out` lets it leave the plan."""
        made = sql.cast(of, kind) if kind else of
        at = 1 + max((self.depth.get(c.name, -1) for c in made.find_all(exp.Column)), default=-1)
        while len(self.layers) <= at:
            self.layers.append({})
        self.layers[at][name], self.depth[name] = made, at
        if out:
            self.outputs.append(name)
        return sql.column(name)

    def keep(self, name: str, of: Quantity, *, out: bool = False) -> Quantity:
        """Name a quantity's two parts; with `out` both leave the plan."""
        if out:
            self.scales[name] = of.scale
        made = Quantity(self._part(f"{name}.num", of.num, out), self._part(f"{name}.den", of.den, out), of.scale)
        if out:
            self.kept[name] = made
        return made

    def _part(self, name: str, of: Whole, out: bool) -> Whole:
        if not out and (of.constant is not None or isinstance(of.sql, exp.Column)):
            return of
        column = self.define(name, of.sql, out=out)
        return of if of.constant is not None else Whole(column, of.bound)


@dataclass(slots=True)
class Keeper:
    """Names the intermediate quantities of one rule: code~1, code~2, …"""

    columns: Columns
    code: str
    count: int = 0

    def __call__(self, of: Quantity) -> Quantity:
        """The same quantity, as columns."""
        self.count += 1
        return self.columns.keep(f"{self.code}~{self.count}", of)
