"""A table description with a form + one sheet -> Layout: finds headers and row labels by what they say. Raises NotThere with what is wanting."""

from __future__ import annotations

from gouji.base.i18n import _
from gouji.intake.finding.form_search import FormSearch, NotThere
from gouji.intake.finding.headers import owner_and_title
from gouji.intake.finding.layout import Layout, Withheld
from gouji.intake.finding.search_cells import find_cells
from gouji.intake.finding.search_listing import Groups, find_listing
from gouji.intake.finding.stated_units import Wrong
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import Form, Table


def locate(table: Table, form: Form, sheet: Sheet) -> Layout:
    """Find every figure of the table on the sheet."""
    found = FormSearch(table, sheet)
    for part in form.cells:
        find_cells(found, part)
    first = -1
    groups: Groups = (tuple(found.spots),)
    if form.listing is not None:
        first, groups = find_listing(found, form.listing)
    elif not found.spots:
        raise NotThere(
            _("工作表里没有“{table}”的任何一行").format(table=table.table),
            _("行和列的名称照表样写"),
        )
    return _laid_out(found, first, groups)


def _laid_out(found: FormSearch, first: int, groups: Groups) -> Layout:
    """What was found as a layout, without the columns that cannot be taken. `first` is the first line of a listing."""
    table, sheet = found.table, found.sheet
    taken = {s.column for group in groups for s in group}
    absent = tuple(c.name for c in table.columns if c.name not in taken and c.role is None)
    units = found.units(groups)
    withheld = tuple(_withheld(wrong, groups) for wrong in units.wrong)
    without = {w.column for w in withheld}
    groups = tuple(tuple(s for s in group if s.column not in without) for group in groups)
    said = tuple(sorted(found.labels.said()))
    return Layout(
        table.table,
        sheet.width,
        groups,
        said,
        first,
        absent,
        units.said,
        *owner_and_title(sheet),
        found.head,
        withheld=withheld,
        unsaid=units.unsaid,
        split=tuple(found.split),
        joined=tuple(found.joined),
        rivals=found.rivals(),
        wanting=tuple(sorted({(name, col) for name, col in found.wanting if name in absent})),
    )


def _withheld(wrong: Wrong, groups: Groups) -> Withheld:
    """A column that is printed and not taken. Raises NotThere where it is the whole table."""
    if not wrong.column:
        raise NotThere(wrong.what, wrong.fix, wrong.at)
    return Withheld(
        wrong.column,
        tuple(s for group in groups for s in group if s.column == wrong.column),
        wrong.at,
        wrong.what,
        wrong.fix,
    )


__all__ = ["locate"]
