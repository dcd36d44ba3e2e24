"""Writes datasets/anning-2023-workbook: the figures of datasets/anning-2023 as the workbook that the unit would have sent.

python tools/anning_workbook.py [FOLDER]
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from gouji.app.books import load_book
from gouji.intake import Cell, read_folder
from gouji.returns import fill, plan_sheets, workbook_bytes
from gouji.rules import UNITS, ColumnRole, ColumnType, Table

DATASETS = Path(__file__).parent.parent / "datasets"
YEAR = 2023


def typed(cell: Cell, table: Table, name: str) -> Any:
    """A cell as somebody would type it into the form: texts as they are, figures in the form's unit, percents with their sign."""
    column = table.column(name)
    assert column is not None
    if isinstance(cell.value, str):
        return cell.value
    if column.role is ColumnRole.YEAR:
        return int(cell.value)
    if column.type is ColumnType.PERCENT:
        return cell.printed if cell.printed.endswith("%") else f"{cell.printed}%"
    return (cell.value / UNITS[column.unit] if column.unit else cell.value).normalize() + Decimal(0)


def write(folder: Path) -> None:
    """The workbook and its dataset.yaml."""
    tables = load_book("anning-2023").tables
    read = read_folder(DATASETS / "anning-2023", tables)
    rows = {
        name: [{c: typed(cell, tables[name], c) for c, cell in row.cells.items()} for row in found]
        for name, found in read.rows.items()
    }
    filed = [tables[name] for name in rows]
    sheets = plan_sheets(filed, max(len(found) for name, found in rows.items()))
    for sheet in sheets:
        sheet.labels[0, 0] = f"{YEAR}年度{sheet.title}" if sheet.name != "封面" else sheet.title
        if (1, 0) in sheet.labels:
            sheet.labels[1, 0] = f"编制单位：{rows['单位'][0]['单位名称']}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ANCG001_2023.xlsx").write_bytes(
        workbook_bytes(sheets, fill(sheets, rows), notes=False)
    )
    (folder / "dataset.yaml").write_text(_HEAD, "utf-8")


_HEAD = """dataset: anning-2023-workbook
title: 安宁市城市管理综合服务中心2023年度自评报送数（工作簿）
source: datasets/anning-2023，由 tools/anning_workbook.py 写成
invented: false
rules: anning-2023
note: 与 datasets/anning-2023 是同样的数，写成单位会报送的工作簿；审核结果相同，每个数的位置是工作表和格子。
"""

if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else DATASETS / "anning-2023-workbook")
