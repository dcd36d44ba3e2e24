"""Named intermediate results of a plan: each is a column of some layer, and stands above the columns it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlglot import exp

from gouji.base.outcome import Gap
from gouji.plan.grouping.bit_fields import Pack
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.rational import Quantity, Whole
from gouji.plan.sql.shapes import Sql

# An expression read in several places stands in each of them while that adds no more parts than this.
REPEATED_AT_MOST, READ_AT_MOST = 20, 2


@dataclass(frozen=True, slots=True)
class Usual:
    """One criterion where nothing is open: the test that says so besides that its score has a value, its score, range, ground and self-score."""

    test: Sql
    score: Sql
    low: Sql
    high: Sql
    ground: Sql
    own: Sql


@dataclass(slots=True)
class Columns:
    """Collects definitions; a definition that reads others lands one layer above the highest of them.

    `outputs` are the columns that leave the plan, `kept` and `scales` the quantities among them, `gaps` the reasons behind the bits of each `gaps` column.

    A `brief` plan says only what scorecards and findings need. Nearly all units have nothing open and nothing off, so what only such units
    need is no column but an expression (`late`), worked out for those units alone; `usual` says what stands for the others. `off` says of everything
    that is 平 or 不平 whether it is 不平, NULL where that cannot be judged; `below` has the tie-outs that are about one table alone (`compile.below`), `packs` what
    self-scores are packed in (`compile.packed`).
    """

    layers: list[dict[str, Sql]] = field(default_factory=list)
    depth: dict[str, int] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    scales: dict[str, Fraction] = field(default_factory=dict)
    gaps: dict[str, tuple[Gap, ...]] = field(default_factory=dict)
    kept: dict[str, Quantity] = field(default_factory=dict)
    brief: bool = False
    late: dict[str, Sql] = field(default_factory=dict)
    usual: dict[str, Usual] = field(default_factory=dict)
    off: dict[str, Sql] = field(default_factory=dict)
    below: dict[tuple[str, bool], Columns] = field(default_factory=dict)
    summaries: list[Any] = field(default_factory=list)
    packs: tuple[Pack, ...] = ()

    def of_table(self, home: tuple[str, bool]) -> Columns:
        """The definitions over the figures of one table alone."""
        return self.below.setdefault(home, Columns(brief=True))

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

    def conclude(self, name: str, of: Sql, kind: str = "", *, out: bool = True) -> None:
        """Something that is only read where a rule is open or off: a column of a whole plan, an expression of a brief one."""
        if self.brief:
            self.late[name] = sql.cast(of, kind) if kind else of
        else:
            self.define(name, of, kind, out=out)

    def outcome(self, name: str) -> Sql:
        """What was concluded under a name, or the column of that name."""
        return self.late.get(name) or sql.column(name)

    def tests(self) -> dict[str, Sql]:
        """Of everything that is 平 or 不平 in a brief plan, whether it is 不平."""
        return self.off | {
            code: test for of in self.below.values() for code, test in of.off.items()
        }

    def arranged(self, out: Sequence[Sql]) -> tuple[list[dict[str, Sql]], list[Sql]]:
        """The layers that `out` needs, from the lowest to the highest, and `out` over them.

        What is small stands where it is read: each layer is a pass over every column. What reads many columns is named as low as it can be, so
        that the layers above need not hand those on.
        """
        reads, seen = self._read_by(out)
        put: dict[str, Sql] = {}
        layers: list[dict[str, Sql]] = []
        depth: dict[str, int] = {}
        for layer in self.layers:
            for name, e in layer.items():
                if name not in seen:
                    continue
                e = replaced(e, put)
                if (
                    reads[name] * (size(e) - 1) <= REPEATED_AT_MOST
                    and len(names_in(e)) <= READ_AT_MOST
                ):
                    put[name] = e
                    continue
                at = 1 + max((depth.get(c, -1) for c in names_in(e)), default=-1)
                layers += [{} for _ in range(at + 1 - len(layers))]
                layers[at][name], depth[name] = e, at
        return layers, [replaced(e, put) for e in out]

    def _read_by(self, out: Sequence[Sql]) -> tuple[Counter[str], set[str]]:
        """How often each column is read on the way to `out`, and which of them layers define."""
        made = {name: e for layer in self.layers for name, e in layer.items()}
        reads: Counter[str] = Counter()
        open_, seen = list(out), set[str]()
        while open_:
            for name, times in names_in(open_.pop()).items():
                reads[name] += times
                if name in made and name not in seen:
                    seen.add(name)
                    open_.append(made[name])
        return reads, seen

    def keep(self, name: str, of: Quantity, *, out: bool = False) -> Quantity:
        """Name a quantity's two parts; with `out` both leave the plan."""
        if out:
            self.scales[name] = of.scale
        made = Quantity(
            self._part(f"{name}.num", of.num, out), self._part(f"{name}.den", of.den, out), of.scale
        )
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


def size(of: Sql) -> int:
    """How many parts an expression has."""
    return sum(1 for _ in of.walk())


def names_in(of: Sql) -> Counter[str]:
    """The columns that an expression reads, and how often; those inside a part it repeats count once each time."""
    return Counter(c.name for c in of.find_all(exp.Column))


def replaced(of: Sql, by: Mapping[str, Sql]) -> Sql:
    """The expression with some of its columns replaced; trees are shared, so the parts that change are made anew."""
    if isinstance(of, exp.Column):
        other = by.get(of.name)
        return of if other is None else sql.wrapped(other)
    return sql.rebuilt(of, lambda _key, part: replaced(part, by))
