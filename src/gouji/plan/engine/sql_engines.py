"""The engines that statements are made for, with the sizes that their whole numbers may have; and which of them a statement is being made for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SqlEngine:
    """An engine: its `greatest` whole number, how many bits of one may be packed and read back, the greatest `quotient` that one division gives exactly.

    `views` is what names of views begin with in its statements (`base.sql_names.view_named`).
    """

    name: str
    greatest: int
    bits: int
    quotient: int
    views: str = ""


DUCKDB = SqlEngine("duckdb", 2**127 - 1, 127, 2**127 - 1)
# DECIMAL(38, 0); bit operations are those of BIGINT; a quotient of decimals is DECIMAL(38, 6).
SPARK = SqlEngine("spark", 10**38 - 1, 62, 10**32 - 1)


@dataclass(frozen=True, slots=True)
class Compiling:
    """The engine that is compiled for, and the trees of the statements printed so far."""

    engine: SqlEngine
    statements: list[Any] = field(default_factory=list)


_COMPILING: ContextVar[Compiling | None] = ContextVar("compiling", default=None)


def compiling() -> Compiling:
    """What is going on; statements for DuckDB are not noted."""
    return _COMPILING.get() or Compiling(DUCKDB)


def target() -> SqlEngine:
    """The engine that is compiled for."""
    return compiling().engine


@contextmanager
def compiling_for(engine: SqlEngine) -> Iterator[Compiling]:
    """Until the end of the block, `target` is another engine."""
    made = Compiling(engine)
    token = _COMPILING.set(made)
    try:
        yield made
    finally:
        _COMPILING.reset(token)
