"""`form:` of a table description: where a table stands in a workbook, by the labels printed there, never by position."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from gouji.i18n import _
from gouji.load.values import Frozen

STEP, OR = "·", "|"


def _path(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(STEP)) if isinstance(value, str) else value


def _words(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


# `本年支出·合计`: one label below (or after) another; each may have alternatives: `金额|决算数`.
LabelPath = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_path), Field(min_length=1)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_words)]


class Cells(Frozen):
    """Figures that each stand at a row label × a column label, or beside their label: a run of the table's columns, `from` … `to`.

    `value` names the header of the column they stand in; without it the last part of each label does. `row` names one line that all of them
    stand on (their labels are then headers); `beside` puts each to the right of its label. `side` is a header above, as 收入 and 支出.
    """

    from_: Annotated[str | None, Field(alias="from")] = None
    to: str | None = None
    side: str | None = None
    value: LabelPath | None = None
    row: LabelPath | None = None
    beside: bool = False
    labels: dict[str, LabelPath] = {}

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum((self.value is not None, self.row is not None, self.beside)) > 1:
            raise ValueError(_("value、row、beside 只能写一个"))
        return self


class Lookup(Frozen):
    """A column that the form does not print: it follows from another one (`of`), word by word."""

    of: str
    words: Annotated[dict[str, str], Field(min_length=1)]


class Listing(Frozen):
    """Lines below a header: one row of the table each, until a blank line, a line whose label is in `until`, or the end of the sheet."""

    side: str | None = None
    labels: dict[str, LabelPath] = {}
    until: Names = ()
    skip: Names = ()
    fill_down: Names = ()
    lookup: dict[str, Lookup] = {}
    repeats: bool = False
    numbered: bool = False
    lines: tuple[str, ...] = ()


class Form(Frozen):
    """Where a table stands: on the sheet whose name (or title) holds one of `sheets` (or `titles`); the longest name wins.

    `each_sheet`: every such sheet is read (as one row, unless it has a listing). `required`: forms that are
    sent together, a workbook with some of them is told which are wanting.
    """

    sheets: Annotated[Names, Field(min_length=1)]
    titles: Names = ()
    required: bool = False
    each_sheet: bool = False
    cells: tuple[Cells, ...] = ()
    listing: Listing | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.cells and self.listing is None:
            raise ValueError(_("表样要写 cells(行与列的标签)或 listing(逐行的明细)"))
        return self


def alternatives(part: str) -> tuple[str, ...]:
    """The labels that one part of a path may stand for."""
    return tuple(word.strip() for word in part.split(OR))


def path_of(label: str) -> tuple[str, ...]:
    """The parts of a column's own label."""
    return tuple(part.strip() for part in label.split(STEP))
