"""One statement of layers -> a table of figures and a few statements over it that yield the same columns, for keeping.

What planning costs grows faster than the number of columns that go through a statement. So what is the same for every unit leaves it, what stands
there twice is worked out once, what is read once is written where it is read, and rules that share nothing but figures go into statements of
their own, each layer of which hands on only what is still needed. Everything else is as it was compiled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from gouji.plan.engine.printing import printed
from gouji.plan.fold import Constant, Folder, bare, constant
from gouji.plan.grouping.facts import UNIT
from gouji.plan.names import FIGURES
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.shapes import Sql

# Definitions in one statement: with more, planning takes longer than the statements by themselves; with fewer, each costs more than it saves.
AT_MOST = 200


@dataclass(frozen=True, slots=True)
class PlanStatement:
    """One statement over the table of figures, and its columns: the unit first."""

    statement: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """The statement that makes the table of figures, those that read it, and where each column of the plan comes from."""

    figures: str
    parts: tuple[PlanStatement, ...]
    constants: Mapping[str, Constant]
    sources: Mapping[str, str]


def split(query: exp.Select, empty: frozenset[str]) -> Split:
    """The same columns from a few statements; `empty` are tables of the innermost query that hold no row."""
    layers, figures = _unstacked(query)
    spine = figures.args["from_"].this.alias
    folder = Folder({}, empty - {spine})
    made = exp.select(*(sql.named(folder(e.this), e.alias) for e in figures.expressions))
    named = _Named.of(query, [{e.alias: e.this for e in made.expressions}, *layers])
    base, wanted = named.defined, named.wanted
    lowest = {e.alias for e in figures.expressions} & base.keys()
    rest = {name: e for name, e in base.items() if name not in lowest}
    rest = _inlined(_needed(rest, wanted), wanted)
    groups = _groups(rest, wanted, lowest)
    read = {name for e in rest.values() for name in _reads(e)} | wanted | {UNIT}
    kept = {name: e for name, e in base.items() if name in lowest and name in read}
    parts = tuple(
        _stacked({n: rest[n] for n in rest if n in group}, group & wanted) for group in groups
    )
    made_table = _making(_figures(figures, kept))
    return Split(made_table, parts, named.constants, named.sources)


def _making(figures: exp.Select) -> str:
    """The statement that makes the table of figures."""
    table = exp.Table(this=exp.to_identifier(FIGURES, quoted=True))
    return printed(exp.Create(this=table, kind="TABLE", replace=True, expression=figures))


def _unstacked(query: exp.Select) -> tuple[list[dict[str, Sql]], exp.Select]:
    """The definitions of each layer from the lowest up, and the query for the figures below them."""
    top = {e.alias_or_name: e.unalias() for e in query.expressions}
    layers = [
        {name: e for name, e in top.items() if not (isinstance(e, exp.Column) and e.name == name)}
    ]
    inner = query.args["from_"].this.this
    while isinstance(inner.expressions[0], exp.Star):
        layers.append({e.alias: e.this for e in inner.expressions[1:]})
        inner = inner.args["from_"].this.this
    return layers[::-1], inner


@dataclass(slots=True)
class _Named:
    """What is worked out under which name, and where the columns of the plan come from."""

    defined: dict[str, Sql]
    constants: dict[str, Constant]
    sources: dict[str, str]

    @property
    def wanted(self) -> set[str]:
        """What has to leave the statements."""
        return set(self.sources.values())

    @classmethod
    def of(cls, query: exp.Select, layers: Iterable[Mapping[str, Sql]]) -> _Named:
        """Fold every definition, the lowest layer first, so that those above may use what became of it."""
        known: dict[str, Sql] = {}
        defined: dict[str, Sql] = {}
        texts: dict[str, str] = {}
        folder = Folder(known)
        for layer in layers:
            for name, e in layer.items():
                made = bare(folder(e))
                if constant(made) is not None or (isinstance(made, exp.Column) and not made.table):
                    known[name] = made
                    continue
                text = printed(made)
                if text in texts:
                    known[name] = sql.column(texts[text])
                else:
                    texts[text], defined[name] = name, made
        constants, sources = {}, {}
        for name in (e.alias_or_name for e in query.expressions):
            stands_for = known.get(name)
            value = constant(stands_for) if stands_for is not None else None
            if value is not None:
                constants[name] = value[0]
            else:
                sources[name] = stands_for.name if stands_for is not None else name
        return cls(defined, constants, sources)


def _needed(defined: Mapping[str, Sql], wanted: Iterable[str]) -> dict[str, Sql]:
    """What is wanted and what that reads."""
    live: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name in defined and name not in live:
            live.add(name)
            waiting += _reads(defined[name])
    return {name: e for name, e in defined.items() if name in live}


def _inlined(defined: Mapping[str, Sql], wanted: set[str]) -> dict[str, Sql]:
    """What is read in one place only is written there."""
    uses = Counter(name for e in defined.values() for name in _reads(e))
    known: dict[str, Sql] = {}
    folder = Folder(known)
    kept: dict[str, Sql] = {}
    for name, e in defined.items():
        made = folder(e)
        if uses[name] == 1 and name not in wanted:
            known[name] = sql.wrapped(made)
        else:
            kept[name] = made
    return kept


def _reads(e: Sql) -> list[str]:
    return [c.name for c in e.find_all(exp.Column)]


def _groups(defined: Mapping[str, Sql], wanted: set[str], figures: set[str]) -> list[set[str]]:
    """Names that hang together, in groups of about the same size; each wanted figure is in the first group."""
    home = {name: name for name in defined}

    def root(name: str) -> str:
        while home[name] != name:
            home[name] = home[home[name]]
            name = home[name]
        return name

    for name, e in defined.items():
        for other in _reads(e):
            if other in home:
                home[root(other)] = root(name)
    together: dict[str, list[str]] = {}
    for name in defined:
        together.setdefault(root(name), []).append(name)
    groups: list[set[str]] = [wanted & figures]
    for names in together.values():
        if len(groups[-1]) + len(names) > AT_MOST and groups[-1]:
            groups.append(set())
        groups[-1].update(names)
    return groups


def _depths(defined: Mapping[str, Sql], wanted: set[str]) -> tuple[dict[str, int], dict[str, int]]:
    """The layer that defines each column, from 1, and the last layer that reads it: none below the top for what is `wanted`."""
    depths: dict[str, int] = {}
    last = {name: len(defined) + 2 for name in (UNIT, *sorted(wanted))}
    for name, e in defined.items():
        reads = _reads(e)
        depths[name] = 1 + max((depths.get(r, 0) for r in reads), default=0)
        for read in reads:
            last[read] = max(last.get(read, 0), depths[name])
    return depths, last


def _stacked(defined: Mapping[str, Sql], wanted: set[str]) -> PlanStatement:
    """Layers over the table of figures; each hands on what is wanted or read above it."""
    depths, last = _depths(defined, wanted)
    have = [name for name in last if name not in depths]
    below: exp.Table | exp.Subquery = exp.Table(this=exp.to_identifier(FIGURES, quoted=True))
    for depth in range(1, max(depths.values(), default=0) + 1):
        have = [name for name in have if last[name] > depth] + [
            name for name in defined if depths[name] == depth
        ]
        layer = exp.select(
            *(
                sql.named(defined[name], name) if depths.get(name) == depth else sql.column(name)
                for name in have
            )
        )
        below = layer.from_(below, copy=False).subquery(
            exp.to_identifier(f"layer{depth}", quoted=True), copy=False
        )
    return PlanStatement(
        printed(exp.select(*map(sql.column, have)).from_(below, copy=False)), tuple(have)
    )


def _figures(of: exp.Select, columns: Mapping[str, Sql]) -> exp.Select:
    """The query for the figures with these columns alone, and without the joins that lend nothing to them."""
    made = of.copy()
    made.set("expressions", [sql.named(e, name) for name, e in columns.items()])
    read = {(c.table, c.name) for e in columns.values() for c in e.find_all(exp.Column)}
    joins = []
    for join in made.args.get("joins") or ():
        names = {name for table, name in read if table == join.this.alias}
        if not names:
            continue
        grouped = join.this.this
        if isinstance(grouped, exp.Select) and grouped.args.get("group"):
            grouped.set(
                "expressions",
                [e for e in grouped.expressions if e.alias_or_name in names | {UNIT} or e.is_star],
            )
        joins.append(join)
    made.set("joins", joins)
    return made
