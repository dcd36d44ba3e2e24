"""Table + its form -> faults: columns that are not there, labels that cannot be found, shapes that do not fit the grain."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gouji.base.faults import Place, RuleError, did_you_mean
from gouji.base.i18n import _
from gouji.rules.form import Cells, Form, Listing, path_of
from gouji.rules.source_map import TableSet
from gouji.rules.table import Table

At = Callable[..., Place]


def check_form(table: Table, form: Form | None, place: At) -> list[RuleError]:
    """Every fault of a form of a table, with the place of the key that is wrong."""
    if form is None:
        return []
    faults = [
        RuleError(
            _("“{table}”没有叫“{column}”的列").format(table=table.table, column=name),
            place=place(*path),
            fix=did_you_mean(name, (c.name for c in table.columns)),
        )
        for path, name in _named(form)
        if table.column(name) is None
    ]
    if faults:
        return faults
    names = [c.name for c in table.columns]
    for index, part in enumerate(form.cells):
        at = place("form", "cells", index)
        if part.from_ and part.to and names.index(part.from_) > names.index(part.to):
            faults.append(RuleError(_("from 在 to 的后面"), place=at, fix=_("按表里列的先后写")))
        faults += _unreachable(table, part, at)
    if form.listing is None and table.grain == "many" and not form.each_sheet:
        faults.append(
            RuleError(
                _("多行的表要有 listing 或 each_sheet"),
                place=place("form"),
                fix=_("写 listing，或一张工作表一行"),
            )
        )
    return faults


def place_in_set(tables: TableSet, table: str, form: Form) -> At:
    """Faults of a form of a set stand at its entry there; those of a form in the table's own file at `printed`."""
    if form.of not in tables.sets:
        return lambda *path: tables.documents[table].place(("printed", *path))
    one, document = tables.sets[form.of]
    index = next((i for i, entry in enumerate(one.forms) if entry.table == table), 0)
    return lambda *path: document.place(("forms", index, *path[1:]))


def _unreachable(table: Table, part: Cells, at: Place) -> Iterator[RuleError]:
    """Crossed figures need a row label and a header: without `value` the label must have two parts."""
    if part.beside or part.row is not None or part.value is not None:
        return
    names = [c.name for c in table.columns]
    start, end = names.index(part.from_ or names[0]), names.index(part.to or names[-1])
    for column in table.columns[start : end + 1]:
        path = part.labels.get(column.name) or path_of(column.label or column.name)
        if column.role is None and len(path) < 2:
            what = _("“{column}”的标签没有列名，找不到它的格子").format(column=column.name)
            yield RuleError(what, place=at, fix=_("写 value: 列名，或把 label 写成 行名·列名"))


def _named(form: Form) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every column that a form names, with the path of the key that names it."""
    for index, part in enumerate(form.cells):
        at = ("form", "cells", index)
        if part.from_:
            yield (*at, "from"), part.from_
        if part.to:
            yield (*at, "to"), part.to
        for name in part.labels:
            yield (*at, "labels", name), name
    if form.listing is not None:
        yield from _named_in(form.listing)


def _named_in(listing: Listing) -> Iterator[tuple[tuple[str | int, ...], str]]:
    at = ("form", "listing")
    for name in listing.labels:
        yield (*at, "labels", name), name
    for index, name in enumerate(listing.fill_down):
        yield (*at, "fill_down", index), name
    for name in listing.join:
        yield (*at, "join", name), name
    for name, of in listing.lookup.items():
        yield (*at, "lookup", name), name
        yield (*at, "lookup", name, "of"), of.of
