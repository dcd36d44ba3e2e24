"""A SQL tree -> text in Spark's words (3.4 and newer), with ANSI on: only of nodes whose meaning there is known; others are refused by name.

Spark's `DIV` gives BIGINT whatever it divides and wraps without a word, its SUM of BIGINT is BIGINT, SIGN is DOUBLE, bit operations are those of BIGINT.
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp
from sqlglot.generators.spark import SparkGenerator

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.sql_names import view_named
from gouji.plan.engine import engine_nodes as nodes
from gouji.plan.engine.sql_engines import SPARK

WHOLE = "DECIMAL(38, 0)"
# Half of the digits of a dividend are divided first where the quotient would not fit.
CHUNK = 10**9
_TYPES = {
    exp.DType.INT128: WHOLE,
    exp.DType.BIGINT: "BIGINT",
    exp.DType.INT: "INT",
    exp.DType.SMALLINT: "INT",
    exp.DType.TINYINT: "INT",
    exp.DType.UTINYINT: "INT",
    exp.DType.USMALLINT: "INT",
    exp.DType.BOOLEAN: "BOOLEAN",
    exp.DType.VARCHAR: "STRING",
    exp.DType.TEXT: "STRING",
}
_FUNCTIONS = frozenset(("LEAST", "GREATEST", "TRANSLATE", "BIT_OR", "CONCAT_WS"))
# Nodes that mean the same in DuckDB and in Spark and that sqlglot prints for both.
_SAME: tuple[type[exp.Expr], ...] = (
    *(exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Union, exp.Subquery, exp.Filter),
    *(exp.Alias, exp.TableAlias, exp.Identifier, exp.Column, exp.Star, exp.Literal, exp.Null),
    *(exp.And, exp.Or, exp.Not, exp.Paren, exp.Neg, exp.Boolean, exp.Case, exp.If, exp.Is, exp.In),
    *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Add, exp.Sub, exp.Mul, exp.Mod),
    *(exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseLeftShift, exp.BitwiseRightShift),
    *(exp.Abs, exp.Nullif, exp.Coalesce, exp.Least, exp.Greatest, exp.Max, exp.Min, exp.Count),
    *(exp.Length, exp.Substring, exp.DPipe, exp.Array, exp.Tuple, exp.Inline),
)


def unprintable(what: str) -> DataError:
    """The refusal of a construct."""
    return DataError(
        _("写成 Spark SQL 时没有“{what}”的写法").format(what=what),
        fix=_("在 Spark 上用 gouji.spark.audit，或 gouji audit --engine"),
    )


def _kind(printer: SparkPrinter, of: exp.DataType) -> str:
    if of.this is exp.DType.DECIMAL and len(of.expressions) == 2:
        width, places = (part.name for part in of.expressions)
        return f"DECIMAL({width}, {places})"
    if of.this not in _TYPES or of.expressions:
        raise unprintable(of.sql("duckdb"))
    return _TYPES[of.this]


def _cast(printer: SparkPrinter, e: exp.Cast) -> str:
    """Lists of dictionary words are lists of texts; any other cast says how wide a result is."""
    to = e.to
    if to.this is exp.DType.ARRAY and to.expressions[0].this is exp.DType.ENUM:
        return printer.sql(e.this)
    return f"CAST({printer.sql(e.this)} AS {printer.sql(to)})"


def _divided(top: str, bottom: str) -> str:
    return f"CAST(({top} - {top} % {bottom}) / {bottom} AS {WHOLE})"


def _wide_div(printer: SparkPrinter, e: nodes.WideDiv) -> str:
    """Exact, as a quotient of DECIMALs without what is left over; where the quotient may be larger than such a type holds, in two steps."""
    top, bottom = (f"CAST({printer.sql(part)} AS {WHOLE})" for part in (e.this, e.expression))
    if e.args["most"] <= SPARK.quotient:
        return _divided(top, bottom)
    first = _divided(_divided(top, f"CAST({CHUNK} AS {WHOLE})"), bottom)
    rest = f"({top} - {first} * {CHUNK} * {bottom})"
    return f"CAST({first} * {CHUNK} + {_divided(rest, bottom)} AS {WHOLE})"


def _sign(printer: SparkPrinter, e: exp.Sign) -> str:
    of = printer.sql(e.this)
    return f"CASE WHEN {of} > 0 THEN 1 WHEN {of} < 0 THEN -1 WHEN {of} = 0 THEN 0 END"


def _function(printer: SparkPrinter, e: exp.Anonymous) -> str:
    if e.name.upper() not in _FUNCTIONS:
        raise unprintable(e.name)
    return printer.func(e.name, *e.expressions)


def _record(printer: SparkPrinter, e: nodes.Record) -> str:
    parts = [p for part in e.expressions for p in (exp.Literal.string(part.alias), part.this)]
    return printer.func("NAMED_STRUCT", *parts)


def _present(printer: SparkPrinter, e: nodes.Present) -> str:
    return f"FILTER({printer.sql(e.this)}, f -> f IS NOT NULL)"


def _matches(printer: SparkPrinter, e: exp.RegexpLike) -> str:
    """Spark takes a backslash in a text for the beginning of an escape."""
    return f"{printer.sql(e.this)} RLIKE {printer.sql(e.expression).replace(chr(92), chr(92) * 2)}"


_OWN: dict[type[exp.Expr], Any] = {
    exp.RegexpLike: _matches,
    exp.DataType: _kind,
    exp.Cast: _cast,
    exp.Explode: lambda self, e: self.func("EXPLODE", e.this),
    exp.IntDiv: lambda self, e: self.binary(e, "DIV"),
    nodes.WideDiv: _wide_div,
    exp.Sum: lambda self, e: self.func("SUM", e.this),
    nodes.WideSum: lambda self, e: f"SUM(CAST({self.sql(e.this)} AS {WHOLE}))",
    nodes.Position: lambda self, e: (
        f"NULLIF({self.func('ARRAY_POSITION', e.this, e.expression)}, 0)"
    ),
    nodes.Element: lambda self, e: (
        f"GET({self.sql(e.this)}, CAST({self.sql(e.expression)} AS INT) - 1)"
    ),
    nodes.Present: _present,
    nodes.Record: _record,
    nodes.Joined: lambda self, e: (
        f"CONCAT(COALESCE({self.sql(e.this)}, ARRAY()), COALESCE({self.sql(e.expression)}, ARRAY()))"
    ),
    exp.Sign: _sign,
    exp.Anonymous: _function,
}
_KNOWN = frozenset((*_SAME, *_OWN))


class SparkPrinter(SparkGenerator):
    """Prints what it knows. With `views`, tables are views that go by `view_named`."""

    views = ""
    TRANSFORMS = {
        **SparkGenerator.TRANSFORMS,
        **_OWN,
    }

    def sql(self, expression: Any, key: str | None = None, comment: bool = True) -> str:
        """The text. Raises DataError for nodes that no printer is known for."""
        if isinstance(expression, exp.Expr) and key is None:
            kind = type(expression)
            if kind is exp.Table:
                return self._table(expression)
            if kind not in _KNOWN:
                raise unprintable(kind.__name__)
        return super().sql(expression, key, comment)

    def _table(self, e: exp.Expr) -> str:
        name = self.sql(exp.to_identifier(view_named(self.views, e.name), quoted=True))
        alias = e.args.get("alias") or exp.to_identifier(e.name, quoted=True)
        return f"{name} AS {self.sql(alias)}"
