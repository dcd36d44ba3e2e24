"""A SQL tree -> text in DuckDB's words."""

from __future__ import annotations

from typing import Any

from sqlglot import exp
from sqlglot.generators.duckdb import DuckDBGenerator

from gouji.plan.engine import engine_nodes as nodes


def _called(name: str, *keys: str) -> Any:
    return lambda self, e: self.func(name, *(e.args[key] for key in keys))


class DuckDBPrinter(DuckDBGenerator):
    """sqlglot's own, with words for nodes of ours: whole numbers are as wide as they need to be."""

    TRANSFORMS = {
        **DuckDBGenerator.TRANSFORMS,
        nodes.WideDiv: lambda self, e: self.binary(e, "//"),
        nodes.WideSum: _called("SUM", "this"),
        nodes.Position: _called("LIST_POSITION", "this", "expression"),
        nodes.Element: _called("LIST_EXTRACT", "this", "expression"),
        nodes.Joined: _called("LIST_CONCAT", "this", "expression"),
        nodes.Present: lambda self, e: self.func(
            "LIST_FILTER", e.this, exp.Var(this="lambda f : f IS NOT NULL")
        ),
        nodes.Record: lambda self, e: self.func(
            "STRUCT_PACK",
            *(
                exp.PropertyEQ(this=exp.to_identifier(part.alias), expression=part.this)
                for part in e.expressions
            ),
        ),
    }
