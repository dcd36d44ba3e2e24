"""ReportPage -> a workbook: summary, scores, deductions, findings, a scorecard a unit in the form's own columns. Totals are formulas with their values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gouji.base.i18n import _, labelled, noted
from gouji.base.plain import plain
from gouji.report.page_of_unit import Card, CriterionRow, ReportPage
from gouji.report.rule_page import RulePage
from gouji.report.sheet_cells import Cell, SheetColumn
from gouji.report.sheet_lists import (
    deduction_columns,
    deduction_rows,
    finding_columns,
    finding_rows,
    lost,
    score_columns,
    score_rows,
    summary_columns,
    summary_rows,
)
from gouji.report.sheet_writer import TOP, SheetWriter
from gouji.report.unit.cause_lines import cause_cells, cause_columns
from gouji.report.unit.foot import counted, versions

CARDS_AT_MOST = 30


def render(page: ReportPage) -> bytes:
    """The workbook; text stays text, whatever it begins with."""
    writer, title = SheetWriter(), page.title
    writer.sheet(_("审核汇总表"), title, summary_columns(), summary_rows(page))
    writer.sheet(_("评分明细"), title, score_columns(), score_rows(page))
    writer.sheet(_("扣分明细"), title, deduction_columns(), deduction_rows(page))
    writer.sheet(_("问题清单"), title, finding_columns(), finding_rows(page))
    causes = [SheetColumn(*column) for column in cause_columns()]
    writer.sheet(_("原因"), title, causes, cause_cells(page.cards))
    for card in page.cards[:CARDS_AT_MOST]:
        if card.criteria:
            _scorecard(writer, page, card)
    _about(writer, page)
    return writer.done(page.year)


def _about(writer: SheetWriter, page: ReportPage) -> None:
    """Who did not file, what was not used, what is to be said of the rest, and what was counted."""
    units = [SheetColumn(_("单位代码"), 18), SheetColumn(_("单位名称"), 44)]
    told = [SheetColumn(_("位置"), 40), SheetColumn(_("情况"), 60), SheetColumn(_("改法"), 50)]
    foot = [[counted(page.manifest)], [versions(page.manifest)], [page.note]]
    writer.sheet(_("未报单位"), page.title, units, page.not_filed)
    writer.sheet(_("未采用的内容"), page.title, told, page.problems)
    writer.sheet(_("说明"), page.title, told, page.remarks)
    writer.sheet(_("清点"), page.title, [SheetColumn(_("清点"), 100)], foot)


def _scorecard(writer: SheetWriter, page: ReportPage, card: Card) -> None:
    """One unit in the columns of the form: 一级, 二级, 三级, 得分, 指标解释, 评价标准, 数据来源; what the audit adds stands to the right."""
    rules = {r.code: r for r in page.rules}
    columns = [
        SheetColumn(_("一级指标"), 10),
        SheetColumn(_("二级指标"), 14),
        SheetColumn(_("三级指标"), 26),
        SheetColumn(_("得分"), 8, "points", True),
        SheetColumn(_("指标解释"), 40),
        SheetColumn(_("评价标准"), 44),
        SheetColumn(_("数据来源"), 24),
        SheetColumn(_("分值"), 8, "points", True),
        SheetColumn(_("自评"), 8, "points", True),
        SheetColumn(_("扣分"), 8, "points", True),
        SheetColumn(_("审核说明"), 60),
    ]
    rows = [_scored(r, c, rules.get(c.code)) for r, c in enumerate(card.criteria, TOP + 1)]
    sheet = writer.sheet(f"{_('评分表')} {card.unit}", noted(card.name, card.unit), columns, rows)
    _by_level(writer, sheet, card, TOP + len(rows))


def _scored(at: int, c: CriterionRow, rule: RulePage | None) -> list[Cell]:
    """The criterion in row `at` of the scorecard."""
    return [
        c.first,
        c.second,
        c.name,
        c.score,
        rule.formula if rule else "",
        "\n".join(rule.standard) if rule else "",
        "、".join(rule.evidence) if rule else "",
        c.weight,
        c.self_score,
        lost(c, f"=H{at}-D{at}"),
        labelled(c.verdict, c.why) if c.why else c.verdict,
    ]


def _by_level(writer: SheetWriter, sheet: Any, card: Card, last: int) -> None:
    """Below the scorecard: the sum of each first level, and of all, by formula."""
    levels = [group for group in card.groups if group.second is None]
    columns = {"D": [g.score for g in levels], "H": [g.weight for g in levels]}
    label, sums = writer.forms["label"], writer.forms["sum"]
    for at, group in enumerate(levels):
        row = last + at + 2
        sheet.write_string(f"A{row}", plain(group.first), label)
        for column, values in columns.items():
            added = f"SUMIF(A{TOP + 1}:A{last},A{row},{column}{TOP + 1}:{column}{last})"
            sheet.write_formula(f"{column}{row}", f"={added}", sums, float(values[at]))
    row = last + len(levels) + 2
    sheet.write_string(f"A{row}", _("合计"), label)
    for column, values in columns.items():
        total = float(sum(values, Decimal(0)))
        sheet.write_formula(
            f"{column}{row}", f"=SUM({column}{TOP + 1}:{column}{last})", sums, total
        )
