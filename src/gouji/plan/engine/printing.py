"""A SQL tree and a target -> the statement. For Spark only where it is shown that nothing in it is narrower than it has to be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlglot import exp

from gouji.plan.engine.duckdb_printer import DuckDBPrinter
from gouji.plan.engine.spark_printer import SparkPrinter, unprintable
from gouji.plan.engine.sql_engines import DUCKDB, SqlEngine, compiling, compiling_for
from gouji.plan.engine.widths import too_narrow


def printed(of: exp.Expr, pretty: bool = False) -> str:
    """The statement in the words of the engine that is compiled for. Raises DataError where it has none for something in it."""
    under_way = compiling()
    if under_way.engine is DUCKDB:
        return DuckDBPrinter(dialect="duckdb", identify=True, pretty=pretty).generate(of)
    under_way.statements.append(of)
    printer = SparkPrinter(dialect="spark", identify=True, pretty=pretty)
    printer.views = under_way.engine.views
    return printer.generate(of)


@contextmanager
def statements_for(engine: SqlEngine) -> Iterator[None]:
    """What is compiled and printed in the block is for another engine. Raises DataError at its end where a statement divides or masks in 64 bits what may need more."""
    with compiling_for(engine) as under_way:
        yield
    if (found := next(too_narrow(*under_way.statements), None)) is not None:
        raise unprintable(DuckDBPrinter(dialect="duckdb").generate(found)[:200])


__all__ = ["printed", "statements_for", "unprintable"]
