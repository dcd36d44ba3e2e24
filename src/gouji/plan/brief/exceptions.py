"""A brief plan, of units that are as usual alone.

In what bureaus receive, nearly every unit is as usual: every criterion decided, every self-score right, no tie-out off. An engine works on
columns of some thousand units, and what a few of these need costs nearly as much as if all did. So one statement says of every unit what holds if
it is as usual, and whether it is; of the others, gathered, the whole plan is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from gouji.plan.brief import usual as brief
from gouji.plan.columns import Columns, names_in
from gouji.plan.fold import Folder
from gouji.plan.names import USUAL
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.shapes import Sql

FLAGS = (brief.SETTLED, brief.EVEN, brief.CLEAN)


def as_usual(columns: Columns, out: Sequence[Sql]) -> tuple[Columns, list[Sql]]:
    """The definitions of a brief plan and what is read off them -> the same where the flags are true, and whether they are."""
    made = {name: e for layer in columns.layers for name, e in layer.items()}
    flags = [name for name in FLAGS if name in made]
    folder = Folder(dict.fromkeys(flags, exp.true()))
    general = _readers(made, flags)
    usual = Columns(
        layers=[
            {name: folder(e) if name in general else e for name, e in layer.items()}
            for layer in columns.layers
        ],
        brief=True,
    )
    whether = sql.function(
        exp.Coalesce, sql.all_of([sql.column(name) for name in flags]), exp.false()
    )
    return usual, [*(folder(e) for e in out), sql.named(whether, USUAL)]


def _readers(made: Mapping[str, Sql], flags: Iterable[str]) -> set[str]:
    """What reads one of the flags, directly or not, besides the flags themselves."""
    found = set(flags)
    for name, e in made.items():
        if not found.isdisjoint(names_in(e)):
            found.add(name)
    return found.difference(flags)
