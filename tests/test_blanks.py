"""What is left blank and what is not printed: zero, or no figure, as the table description has it; what cannot be read is never zero."""

from decimal import Decimal

from gouji.intake import read_folder
from gouji.rules import load_tables
from making import TABLES

FORM = """
table: 表式
grain: one
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 可空, type: money, unit: 万元, places: 2}
  - {name: 空作零, type: money, unit: 万元, places: 2, null: zero}
  - {name: 没印作零, type: money, unit: 万元, places: 2, null: zero, unprinted: zero}
"""


def read(folder, header, *rows):
    (folder / "表式.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    submission = read_folder(folder, load_tables({**TABLES, "form.yaml": FORM}).tables)
    cells = [
        {
            name: (cell.value, cell.half)
            for name, cell in row.cells.items()
            if name not in ("单位代码", "年度")
        }
        for row in submission.rows["表式"]
    ]
    return cells, [p.what for p in submission.problems]


NOUGHT = (Decimal(0), Decimal(0))


def test_blank_cells(tmp_path):
    assert read(tmp_path, "单位代码,年度,可空,空作零,没印作零", "甲,2023,,-,") == (
        [{"空作零": NOUGHT, "没印作零": NOUGHT}],
        [],
    )


def test_lines_that_are_not_printed(tmp_path):
    assert read(tmp_path, "单位代码,年度", "甲,2023") == ([{"没印作零": NOUGHT}], [])


def test_a_cell_that_cannot_be_read_is_no_figure(tmp_path):
    cells, problems = read(tmp_path, "单位代码,年度,可空,空作零,没印作零", "甲,2023,一,二,三")
    assert cells == [{}] and len(problems) == 3


def test_a_summary_of_single_figures_prints_what_it_names(tmp_path):
    lines = [
        "数据表,单位代码,年度,列,原文,计量单位",
        "表式,甲,2023,可空,1.00,万元",
        "表式,甲,2023,空作零,-,万元",
    ]
    (tmp_path / "figures.csv").write_text("\n".join(lines) + "\n", "utf-8")
    submission = read_folder(tmp_path, load_tables({**TABLES, "form.yaml": FORM}).tables)
    (row,) = submission.rows["表式"]
    assert {
        name: cell.value for name, cell in row.cells.items() if name not in ("单位代码", "年度")
    } == {"可空": Decimal(10_000), "空作零": Decimal(0)}
