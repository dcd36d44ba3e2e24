"""The sheet 问题清单 of a returned workbook -> what the unit wrote in its column 审核说明."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.intake.ledger.submission import At, Explanation
from gouji.intake.workbooks.sheet import Sheet, address, said

ISSUES_SHEET = "问题清单"
HEADER = (
    "序号",
    "单位代码",
    "年度",
    "规则",
    "程度",
    "问题",
    "计算过程",
    "涉及的格子",
    "改法",
    "建议",
    "审核说明",
)
READ = ("单位代码", "年度", "规则", "审核说明")


def explanations_in(sheet: Sheet, file: str) -> Iterator[Explanation]:
    """Every line with something written in it; the header says which column is which."""
    columns: dict[str, int] = {}
    for number, row in enumerate(sheet.rows):
        texts = [said(v).strip() for v in row]
        if not columns:
            if all(name in texts for name in READ):
                columns = {name: texts.index(name) for name in READ}
            continue
        unit, year, code, text = (texts[columns[name]] for name in READ)
        if text:
            yield Explanation(
                unit,
                year,
                code,
                text,
                At(file, number + 1, sheet=sheet.name, cell=address(number, columns["审核说明"])),
            )
