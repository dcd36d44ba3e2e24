"""`form:` of a table description: where a table stands in a workbook, by the labels printed there, never by position."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from gouji.base.i18n import _
from gouji.rules.values import Frozen

if TYPE_CHECKING:
    from pydantic import Field

    from gouji.rules.fields import LabelPath, Names

STEP, OR = "·", "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells(Frozen):
    """Figures that each stand at a row label × a column label, or beside their label: a run of the table's columns, `from` … `to`.

    `value` names the header of the column they stand in; without it the last part of each label does. `row` names one line that all of them
    stand on (their labels are then headers); `beside` puts each to the right of its label. `side` is a header above, as 收入 and 支出.
    """

    from_: str | None = None
    to: str | None = None
    side: str | None = None
    value: LabelPath | None = None
    row: LabelPath | None = None
    beside: bool = False
    labels: dict[str, LabelPath] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sum((self.value is not None, self.row is not None, self.beside)) > 1:
            raise ValueError(_("value、row、beside 只能写一个"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Frozen):
    """A column that the form does not print: it follows from another one (`of`), word by word."""

    of: str
    words: Annotated[dict[str, str], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Frozen):
    """A text whose parts are printed in their own columns: a sign before it, a unit behind it (≥ · 95 · %)."""

    before: LabelPath | None = None
    behind: LabelPath | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Frozen):
    """Lines below a header: one row of the table each, until a blank line, a line whose label is in `until`, or the end of the sheet."""

    side: str | None = None
    labels: dict[str, LabelPath] = field(default_factory=dict)
    until: Names = ()
    skip: Names = ()
    fill_down: Names = ()
    lookup: dict[str, Lookup] = field(default_factory=dict)
    join: dict[str, Join] = field(default_factory=dict)
    repeats: bool = False
    numbered: bool = False
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Frozen):
    """Where a table stands: on the sheet whose name (or title) holds one of `sheets` (or `titles`); the longest name wins.

    `each_sheet`: every such sheet is read (as one row, unless it has a listing). `required`: forms that are
    sent together, a workbook with some of them is told which are wanting. `of` is the form set that prints it so, `prints` the columns that
    are printed there (none: all of the table).
    """

    sheets: Annotated[Names, Field(min_length=1)]
    titles: Names = ()
    required: bool = False
    each_sheet: bool = False
    cells: tuple[Cells, ...] = ()
    listing: Listing | None = None
    of: str = ""
    prints: Names = ()

    def __post_init__(self) -> None:
        if not self.cells and self.listing is None:
            raise ValueError(_("表样要写 cells（行与列的标签）或 listing（逐行的明细）"))


def alternatives(part: str) -> tuple[str, ...]:
    """The labels that one part of a path may stand for."""
    return tuple(word.strip() for word in part.split(OR))


def path_of(label: str) -> tuple[str, ...]:
    """The parts of a column's own label."""
    return tuple(part.strip() for part in label.split(STEP))
