"""Form sets (`schemas/sets/*.yaml`): how one authority prints the forms of tables that are described elsewhere -> the forms of these tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated

from gouji.base.faults import Place, RuleError, did_you_mean
from gouji.base.i18n import _
from gouji.rules.form import Cells, Form, Listing
from gouji.rules.source_map import YamlDocument
from gouji.rules.table import ColumnRole, Table
from gouji.rules.values import Frozen

if TYPE_CHECKING:
    from pydantic import Field

    from gouji.rules.fields import LabelPath, Names, Year


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedForm(Frozen):
    """One form of a set: what differs from the table's own form. With nothing but `number` it is printed as the table's own form says.

    `without` are columns that it does not print, or `prints` those it does. `labels` are the paths of columns that it words otherwise; `cells` and `listing`
    replace those of the table's own form. `like` is another set: its forms of the table, with the number and the titles said here.
    """

    table: str
    like: str | None = None
    number: str | None = None
    titles: Names = ()
    sheets: Names = ()
    prints: Names = ()
    without: Names = ()
    labels: dict[str, LabelPath] = field(default_factory=dict)
    cells: tuple[Cells, ...] = ()
    listing: Listing | None = None
    required: bool = False
    note: str | None = None

    @property
    def as_described(self) -> bool:
        """Whether it is the form that the table description has."""
        return not (
            self.like
            or self.titles
            or self.sheets
            or self.prints
            or self.without
            or self.labels
            or self.cells
            or self.listing
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSet(Frozen):
    """The forms that one authority prints: who, for which years of account, where this was read."""

    set: Annotated[str, Field(min_length=1)]
    authority: str
    first_year: Year | None = None
    last_year: Year | None = None
    source: Names = ()
    note: str | None = None
    forms: tuple[PrintedForm, ...] = ()

    @property
    def borrows(self) -> bool:
        """Whether some of its forms are printed like those of another set."""
        return any(one.like for one in self.forms)


def with_sets(
    tables: Mapping[str, Table], sets: Mapping[str, tuple[FormSet, YamlDocument]]
) -> tuple[dict[str, Table], list[RuleError]]:
    """The tables with every way they are printed, in the order of the sets; and what is wrong in the sets."""
    made, faults = dict(tables), list[RuleError]()
    # Of sets that read a sheet alike the first is named: those that others are like come first.
    for one, document in sorted(sets.values(), key=lambda held: held[0].borrows):
        for index, printed in enumerate(one.forms):
            at = document.place(("forms", index))
            found = list(_wrong(made.get(printed.table), printed, made, at))
            every = tuple(_likened(printed, sets)) if not found else ()
            if not every and not found:
                what = _("表样“{name}”里没有“{table}”").format(
                    name=printed.like, table=printed.table
                )
                found = [RuleError(what, place=at, fix=did_you_mean(printed.like or "", sets))]
            faults += found
            for entry in every:
                made[printed.table] = _added(made[printed.table], entry, one.set)
    return made, faults


def decided(
    tables: Mapping[str, Table],
    sets: Mapping[str, tuple[FormSet, YamlDocument]],
    names: Sequence[str],
    at: Place,
) -> tuple[dict[str, Table], list[RuleError]]:
    """The tables, of which those that the named sets print are read by these sets alone; names of no set are faults."""
    faults = [
        RuleError(
            _("没有叫“{name}”的表样").format(name=name), place=at, fix=did_you_mean(name, sets)
        )
        for name in names
        if name not in sets
    ]
    printed = {one.table for name in names if name in sets for one in sets[name][0].forms}
    return {
        name: replace(table, only=tuple(names)) if name in printed else table
        for name, table in tables.items()
    }, faults


def _likened(
    printed: PrintedForm, sets: Mapping[str, tuple[FormSet, YamlDocument]]
) -> Iterator[PrintedForm]:
    """An entry that is printed like those of another set: those, with its own number and titles."""
    if printed.like is None:
        yield printed
        return
    for other in sets[printed.like][0].forms if printed.like in sets else ():
        if other.table == printed.table and other.like is None:
            yield replace(
                other,
                number=printed.number,
                titles=printed.titles or other.titles,
                sheets=printed.sheets,
                required=printed.required or other.required,
            )


def _wrong(
    table: Table | None, printed: PrintedForm, tables: Mapping[str, Table], at: Place
) -> Iterator[RuleError]:
    if table is None:
        what = _("没有叫“{table}”的数据表").format(table=printed.table)
        yield RuleError(what, place=at, fix=did_you_mean(printed.table, tables))
        return
    for name in (*printed.prints, *printed.without, *printed.labels):
        if table.column(name) is None:
            what = _("“{table}”没有叫“{column}”的列").format(table=table.table, column=name)
            yield RuleError(what, place=at, fix=did_you_mean(name, (c.name for c in table.columns)))
    if table.form is None and not (printed.cells or printed.listing):
        yield RuleError(
            _("表样要写 cells（行与列的标签）或 listing（逐行的明细）"),
            place=at,
            fix=_("数据表自己没有 form，这里要写全"),
        )
    if table.form is not None and table.form.of and printed.as_described:
        what = _("“{table}”自己的表样已属于“{name}”").format(table=table.table, name=table.form.of)
        yield RuleError(what, place=at, fix=_("写出这一套不同的标题或名称"))


def _added(table: Table, printed: PrintedForm, of: str) -> Table:
    if printed.as_described and table.form is not None:
        return replace(table, form=replace(table.form, of=of))
    return replace(table, printed=(*table.printed, form_of(table, printed, of)))


def form_of(table: Table, printed: PrintedForm, of: str) -> Form:
    """The whole form: what the set says, and for the rest what the table description says."""
    own = table.form
    numbers = (printed.number,) if printed.number else ()
    names = (*numbers, *printed.sheets, *printed.titles) or (own.sheets if own else ())
    cells, listing = printed.cells, printed.listing
    if own is not None and not cells and listing is None:
        cells = tuple(_relabelled(table, part, printed.labels) for part in own.cells)
        listing = own.listing and replace(
            own.listing, labels={**own.listing.labels, **printed.labels}
        )
    return Form(
        sheets=names,
        titles=printed.titles or (own.titles if own else ()),
        required=printed.required,
        each_sheet=own is not None and own.each_sheet,
        cells=cells,
        listing=listing,
        of=of,
        prints=printed.prints or _without(table, printed.without),
    )


def _relabelled(table: Table, part: Cells, labels: Mapping[str, tuple[str, ...]]) -> Cells:
    own = {name: path for name, path in labels.items() if name in names_of(table, part)}
    return replace(part, labels={**part.labels, **own}) if own else part


def names_of(table: Table, part: Cells) -> list[str]:
    """The columns that a block of cells speaks of."""
    names = [c.name for c in table.columns]
    start = names.index(part.from_) if part.from_ else 0
    end = names.index(part.to) if part.to else len(names) - 1
    return names[start : end + 1]


def _without(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    said = (ColumnRole.UNIT, ColumnRole.YEAR)
    return (
        tuple(c.name for c in table.columns if c.role not in said and c.name not in names)
        if names
        else ()
    )


__all__ = ["FormSet", "PrintedForm", "decided", "form_of", "names_of", "with_sets"]
