"""Text of a generator's specification -> Spec: draws, tables, faults, as values. What the expressions mean only DuckDB knows."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, ValidationError

from gouji.faults import RuleError, raise_all
from gouji.load.document import read_document
from gouji.load.rules import Code, Year
from gouji.load.values import Frozen, NotNegative

Expressions = dict[str, Any]


class MadeTable(Frozen):
    """One table. Without `rows` or `count` one row a unit; `rows` lists the rows of every unit (cells with = are expressions), `count` says how many
    rows a unit has, each seen by the expressions as 项. `drop` and `double` are conditions on rows that faults lose or repeat."""

    table: str
    columns: Expressions | tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...] = ()
    count: str | None = None
    prior: Expressions = {}
    drop: str | None = None
    double: str | None = None


class Kind(Frozen):
    """One kind of fault: figures it sets (表.列 -> expression, 值 being the figure before), and everything that follows from it."""

    kind: str
    when: str | None = None
    set: Expressions = {}
    prior: Expressions = {}
    unbalanced: tuple[Code, ...] = ()
    scores: tuple[Code, ...] = ()
    open: tuple[Code, ...] = ()
    refused: dict[str, int] = {}


class Faults(Frozen):
    """The share of units with a fault, and the kinds; each such unit has one."""

    share: NotNegative
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]


class Spec(Frozen):
    """The whole generator: whole numbers drawn for each unit in layers, tables made of them, faults put in."""

    book: str
    year: Year
    unit: str
    draws: tuple[Expressions, ...]
    tables: tuple[MadeTable, ...]
    faults: Faults

    @property
    def tenths_of_permille(self) -> int:
        """The share of faulty units, in ten-thousandths."""
        return int(self.faults.share * Decimal(10_000))


def read_spec(file: str, text: str) -> Spec:
    """Parse a specification. Raises an ExceptionGroup of RuleError with the place of every fault."""
    document = read_document(file, text)
    try:
        return Spec.model_validate(document.data)
    except ValidationError as fault:
        raise_all([RuleError(e["msg"], place=document.place(tuple(e["loc"]))) for e in fault.errors()])
        raise
