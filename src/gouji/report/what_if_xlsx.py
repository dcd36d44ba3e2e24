"""WhatIf -> a workbook: a sheet per list, differences as signed numbers, up and down in colours."""

from __future__ import annotations

from gouji.report import what_if_lists as what_if
from gouji.report.sheet_cells import SheetColumn
from gouji.report.sheet_writer import TOP, SheetWriter
from gouji.results import WhatIf

SIGNED = {"num_format": "+0.00;[Red]-0.00;0.00"}


def what_if_workbook(found: WhatIf) -> bytes:
    """The workbook; text stays text, whatever it begins with."""
    writer = SheetWriter()
    writer.forms["signed"] = writer.book.add_format(writer.line | SIGNED)
    for section in what_if.sections(found):
        columns = [SheetColumn(c.title, min(c.width, 60), c.form) for c in section.columns]
        sheet = writer.sheet(section.title, what_if.title(found), columns, section.rows)
        for number, column in enumerate(section.columns):
            if column.form == "signed":
                sheet.conditional_format(
                    TOP,
                    number,
                    TOP + len(section.rows),
                    number,
                    {
                        "type": "data_bar",
                        "bar_color": "#9BC2E6",
                        "bar_negative_color": "#F4B084",
                        "bar_axis_position": "middle",
                    },
                )
    return writer.done(found.year)
