"""What is asked of the fields of values that come from files: the names in their annotations, and what reads each kind of file. Loads pydantic."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, get_type_hints

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    WithJsonSchema,
)

from gouji.rules.defaults import Defaults
from gouji.rules.form import STEP
from gouji.rules.form_sets import FormSet
from gouji.rules.locate_file import Locating
from gouji.rules.methods import AnyMethod, Partial, RowMethod
from gouji.rules.rule import AnyRule, Basis, BookHead, Rounding
from gouji.rules.table import Table
from gouji.rules.values import Frozen, Range, exact, range_parts


def _path(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(STEP)) if isinstance(value, str) else value


def _rounding(value: Any) -> Any:
    """`0.1 half_up` -> its parts."""
    if isinstance(value, (dict, Rounding)):
        return value
    to, _space, by = str(value).partition(" ")
    return {"to": to, "by": by.strip() or "half_up"}


def _words(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


# What editors are told of values that may be written as text.
_NUMBER = WithJsonSchema(
    {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "pattern": r"^\s*-?[0-9]+(\.[0-9]+)?\s*%?\s*$"},
        ]
    }
)
_TEXT = WithJsonSchema({"type": "string"})
_TEXTS = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
)
Number = Annotated[Decimal, BeforeValidator(exact), _NUMBER]
Positive = Annotated[Decimal, BeforeValidator(exact), Field(gt=0), _NUMBER]
NotNegative = Annotated[Decimal, BeforeValidator(exact), Field(ge=0), _NUMBER]
Points = Annotated[
    Decimal, BeforeValidator(exact), Field(ge=0, le=10_000, decimal_places=2), _NUMBER
]
PositivePoints = Annotated[
    Decimal, BeforeValidator(exact), Field(gt=0, le=10_000, decimal_places=2), _NUMBER
]
Loss = Annotated[
    Decimal, BeforeValidator(exact), Field(lt=0, ge=-10_000, decimal_places=2), _NUMBER
]
WrittenRounding = Annotated[Rounding, BeforeValidator(_rounding), _TEXT]
WrittenRange = Annotated[Range, BeforeValidator(range_parts), PlainSerializer(str), _TEXT]
Code = Annotated[str, Field(pattern=r"^[A-Z]{1,3}[0-9]{2,4}$")]
Year = Annotated[int, Field(ge=1990, le=2200)]
Word = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Word, ...], BeforeValidator(_words), _TEXTS]
# `本年支出·合计`: one label below (or after) another; each may have alternatives: `金额|决算数`.
LabelPath = Annotated[tuple[Word, ...], BeforeValidator(_path), Field(min_length=1), _TEXTS]
PartMethod = Annotated[Partial, Field(discriminator="kind")]
RowEarning = Annotated[RowMethod, Field(discriminator="kind")]
Method = Annotated[AnyMethod, Field(discriminator="kind")]
Rule = Annotated[AnyRule, Field(discriminator="kind")]


def kinds_of(model: type[Frozen]) -> dict[str, Any]:
    """The fields of a value, and what each holds."""
    return get_type_hints(model, localns=globals())


def _reader(of: Any) -> TypeAdapter[Any]:
    """What reads values of a kind; their annotations speak of the names above."""
    made = TypeAdapter(of, config=None if isinstance(of, type) else ConfigDict(defer_build=True))
    made.rebuild(_types_namespace=globals())
    return made


RULE: TypeAdapter[AnyRule] = _reader(Rule)
TABLE: TypeAdapter[Table] = _reader(Table)
FORM_SET: TypeAdapter[FormSet] = _reader(FormSet)
HEAD: TypeAdapter[BookHead] = _reader(BookHead)
DEFAULTS: TypeAdapter[Defaults] = _reader(Defaults)
LOCATING: TypeAdapter[Locating] = _reader(Locating)
METHOD: TypeAdapter[AnyMethod] = _reader(Method)


def reader_of(kind: Any) -> TypeAdapter[Any]:
    """What reads values of a kind that another package describes."""
    return _reader(kind)


__all__ = ["HEAD", "METHOD", "RULE", "TABLE", "Basis", "kinds_of", "reader_of"]
