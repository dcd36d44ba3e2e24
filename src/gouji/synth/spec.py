"""Text of a generator's specification -> Spec: draws, tables, faults, as values. What the expressions mean only DuckDB knows."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError

from gouji.base.faults import RuleError, raise_all
from gouji.rules import Code, FrozenModel, NotNegative, Year, read_document

Expressions = dict[str, Any]


class MadeTable(FrozenModel):
    """One table. Without `rows` or `count` one row a unit; `rows` lists the rows of every unit (cells with = are expressions), `count` says how many
    rows a unit has, each seen by the expressions as 项. `drop` and `double` are conditions on rows that faults lose or repeat."""

    table: str
    columns: Expressions | tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...] = ()
    count: str | None = None
    prior: Expressions = {}
    drop: str | None = None
    double: str | None = None


class FaultKind(FrozenModel):
    """One kind of fault: figures it sets (表.列 -> expression, 值 being the figure before), and everything that follows from it."""

    kind: str
    when: str | None = None
    set: Expressions = {}
    prior: Expressions = {}
    unbalanced: tuple[Code, ...] = ()
    scores: tuple[Code, ...] = ()
    open: tuple[Code, ...] = ()
    refused: dict[str, int] = {}


class AlikeUnits(FrozenModel):
    """What follows where the draws happen to make units alike: those for which every expression in `same` gives the same."""

    kind: str
    same: Annotated[tuple[str, ...], Field(min_length=1)]
    unbalanced: Annotated[tuple[Code, ...], Field(min_length=1)]


class Faults(FrozenModel):
    """The share of units with a fault, and the kinds; each such unit has one."""

    share: NotNegative
    kinds: Annotated[tuple[FaultKind, ...], Field(min_length=1)]


class Spec(FrozenModel):
    """The whole generator: whole numbers drawn for each unit in layers, tables made of them, faults put in."""

    book: str
    year: Year
    unit: str
    draws: tuple[Expressions, ...]
    tables: tuple[MadeTable, ...]
    faults: Faults
    alike: tuple[AlikeUnits, ...] = ()

    @property
    def tenths_of_permille(self) -> int:
        """The share of faulty units, in ten-thousandths."""
        return int(self.faults.share * Decimal(10_000))


class Added(FrozenModel):
    """Columns that a table of the specification before gets besides its own."""

    columns: Expressions = {}
    prior: Expressions = {}


class More(FrozenModel):
    """A generator that goes on from another one: further draws of the same units, columns, tables, faults; `also` says which rules of its book the
    other one's faults hurt too, `doubted` the scores that such a rule puts in doubt: they differ from nothing any more."""

    book: str
    goes_on_from: str
    draws: tuple[Expressions, ...] = ()
    columns: dict[str, Added] = {}
    tables: tuple[MadeTable, ...] = ()
    also: dict[str, tuple[Code, ...]] = {}
    doubted: dict[str, tuple[Code, ...]] = {}
    kinds: tuple[FaultKind, ...] = ()
    alike: tuple[AlikeUnits, ...] = ()


def extended(spec: Spec, more: More) -> Spec:
    """The whole of both."""
    kinds = [_led_to_more(kind, more) for kind in spec.faults.kinds]
    faults = spec.faults.model_copy(update={"kinds": (*kinds, *more.kinds)})
    tables = [_with(made, more.columns.get(made.table, Added())) for made in spec.tables]
    return spec.model_copy(
        update={
            "book": more.book,
            "draws": (*spec.draws, *more.draws),
            "tables": (*tables, *more.tables),
            "faults": faults,
            "alike": (*spec.alike, *more.alike),
        }
    )


def _led_to_more(of: FaultKind, more: More) -> FaultKind:
    """A kind of fault with the relations that it contradicts as well, without the scores that these leave in doubt."""
    unbalanced = (*of.unbalanced, *more.also.get(of.kind, ()))
    scores = tuple(c for c in of.scores if c not in more.doubted.get(of.kind, ()))
    return of.model_copy(update={"unbalanced": unbalanced, "scores": scores})


def _with(made: MadeTable, added: Added) -> MadeTable:
    if not isinstance(made.columns, dict):
        return made
    return made.model_copy(
        update={"columns": made.columns | added.columns, "prior": made.prior | added.prior}
    )


def only_of(spec: Spec, codes: Collection[str]) -> Spec:
    """The specification with what its faults do to some rules; a fault that does nothing to any of them is left out."""
    kinds = []
    for kind in spec.faults.kinds:
        hurt = {
            name: tuple(c for c in getattr(kind, name) if c in codes)
            for name in ("unbalanced", "scores", "open")
        }
        if any(hurt.values()) or kind.refused:
            kinds.append(kind.model_copy(update=hurt))
    alike = [
        a.model_copy(update={"unbalanced": seen})
        for a in spec.alike
        if (seen := tuple(c for c in a.unbalanced if c in codes))
    ]
    return spec.model_copy(
        update={
            "faults": spec.faults.model_copy(update={"kinds": tuple(kinds)}),
            "alike": tuple(alike),
        }
    )


def read_spec(file: str, text: str) -> Spec:
    """Parse a specification. Raises an ExceptionGroup of RuleError with the place of every fault."""
    return _read(Spec, file, text)


def read_more(file: str, text: str) -> More:
    """Parse a specification that goes on from another one. Raises an ExceptionGroup of RuleError with the place of every fault."""
    return _read(More, file, text)


def _read(kind: type[S], file: str, text: str) -> S:
    document = read_document(file, text)
    try:
        return kind.model_validate(document.data)
    except ValidationError as fault:
        raise_all(
            [RuleError(e["msg"], place=document.place(tuple(e["loc"]))) for e in fault.errors()]
        )
        raise


S = TypeVar("S", Spec, More)
