"""ReportPage -> a workbook: summary, scores, deductions, findings, a scorecard a unit in the form's own columns. Totals are formulas with their values."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from gouji.base.i18n import _, clauses, labelled, noted
from gouji.base.verdict import DEGREES, FindingKind, Ground, Severity, Verdict
from gouji.report.method_working import reading_words
from gouji.report.office import steady
from gouji.report.page_of_unit import Card, CriterionRow, ReportPage, TieRow
from gouji.report.plain import plain
from gouji.report.score_formula import score_cell
from gouji.report.sheet_cells import Cell, Formula, SheetColumn
from gouji.report.unit.cause_lines import advice, cause_cells, cause_columns
from gouji.report.unit.foot import counted, versions
from gouji.report.unit.grounds import ground_words
from gouji.report.unit.working import differing_words
from gouji.report.wording import on_total, points
from gouji.rules import Reading

CELL_AT_MOST = 32_000
CARDS_AT_MOST = 30
TOP = 3
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def render(page: ReportPage) -> bytes:
    """The workbook; text stays text, whatever it begins with."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    writer = SheetWriter(book)
    rows = _score_rows(page)
    writer.sheet(_("审核汇总表"), page.title, _summary_columns(), _summary_rows(page))
    writer.sheet(_("评分明细"), page.title, _score_columns(), rows)
    writer.sheet(_("扣分明细"), page.title, _deduction_columns(), _deduction_rows(page))
    writer.sheet(_("问题清单"), page.title, _finding_columns(), _finding_rows(page))
    writer.sheet(
        _("原因"), page.title, [SheetColumn(*c) for c in cause_columns()], cause_cells(page.cards)
    )
    for card in page.cards[:CARDS_AT_MOST]:
        if card.criteria:
            _scorecard(writer, page, card)
    writer.sheet(
        _("未报单位"),
        page.title,
        [SheetColumn(_("单位代码"), 18), SheetColumn(_("单位名称"), 44)],
        [list(x) for x in page.not_filed],
    )
    problems = [SheetColumn(_("位置"), 40), SheetColumn(_("情况"), 60), SheetColumn(_("改法"), 50)]
    writer.sheet(_("未采用的内容"), page.title, problems, [list(x) for x in page.problems])
    writer.sheet(_("说明"), page.title, problems, [list(x) for x in page.remarks])
    writer.sheet(
        _("清点"),
        page.title,
        [SheetColumn(_("清点"), 100)],
        [[counted(page.manifest)], [versions(page.manifest)], [page.note]],
    )
    book.close()
    return steady(out.getvalue(), page.year)


class SheetWriter:
    """Writes sheets: a title, totals that follow the filter, a header that stays, rows."""

    def __init__(self, book: Any) -> None:
        self.book = book
        base = {"font_name": "宋体", "font_size": 10.5, "valign": "top"}
        self.line = line = base | {"border": 1, "border_color": "#BFBFBF"}
        self.forms = {
            "title": book.add_format(base | {"bold": True, "font_size": 14}),
            "head": book.add_format(
                line
                | {
                    "bold": True,
                    "bg_color": "#E8EDF3",
                    "text_wrap": True,
                    "valign": "vcenter",
                    "align": "center",
                }
            ),
            "text": book.add_format(line | {"text_wrap": True, "num_format": "@"}),
            "points": book.add_format(line | {"num_format": "0.00"}),
            "count": book.add_format(line | {"num_format": "#,##0"}),
            "sum": book.add_format(base | {"bold": True, "num_format": "#,##0.00"}),
            "label": book.add_format(base | {"italic": True, "font_color": "#595959"}),
        }
        self.names: set[str] = set()

    def sheet(
        self, name: str, title: str, columns: Sequence[SheetColumn], rows: Sequence[Sequence[Cell]]
    ) -> Any:
        """One list with a filter."""
        sheet = self.book.add_worksheet(self._name(name))
        sheet.write_string(0, 0, plain(title)[:CELL_AT_MOST], self.forms["title"])
        for i, column in enumerate(columns):
            sheet.set_column(i, i, column.width)
            sheet.write_string(TOP - 1, i, column.title, self.forms["head"])
        self._sums(sheet, columns, rows)
        for r, row in enumerate(rows, TOP):
            sheet.set_row(r, _height(row, columns))
            for i, cell in enumerate(row):
                self._write(sheet, r, i, cell, columns[i].form)
        sheet.freeze_panes(TOP, 2 if len(columns) > 2 else 0)
        if rows:
            sheet.autofilter(TOP - 1, 0, TOP - 1 + len(rows), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(TOP - 1)
        return sheet

    def _sums(
        self, sheet: Any, columns: Sequence[SheetColumn], rows: Sequence[Sequence[Cell]]
    ) -> None:
        if not rows or not any(c.added for c in columns):
            return
        sheet.write_string(1, 0, _("合计（随筛选）"), self.forms["label"])
        for i, column in enumerate(columns):
            if column.added:
                letter = xl_col_to_name(i)
                values = [_value(row[i]) for row in rows]
                sheet.write_formula(
                    1,
                    i,
                    f"=SUBTOTAL(109,{letter}{TOP + 1}:{letter}{TOP + len(rows)})",
                    self.forms["sum"],
                    float(sum((v for v in values if v is not None), Decimal(0))),
                )

    def _write(self, sheet: Any, row: int, column: int, cell: Cell, form: str) -> None:
        match cell:
            case None:
                sheet.write_blank(row, column, None, self.forms[form])
            case str():
                sheet.write_string(row, column, plain(cell)[:CELL_AT_MOST], self.forms["text"])
            case Formula(text, value):
                sheet.write_formula(row, column, text, self.forms[form], float(value))
            case _:
                sheet.write_number(row, column, float(cell), self.forms[form])

    def _name(self, wanted: str) -> str:
        """A sheet name that Excel takes: short, without its signs, not used yet."""
        stem = _NOT_IN_NAMES.sub("_", plain(wanted))[:28] or "_"
        name, n = stem, 1
        while name.lower() in self.names:
            n += 1
            name = f"{stem[:26]}~{n}"
        self.names.add(name.lower())
        return name


def _height(row: Sequence[Cell], columns: Sequence[SheetColumn]) -> float:
    """Points of height that show every line of the row: programs that open a workbook do not all work it out."""
    lines = max(
        (
            _lines(cell, c.width)
            for cell, c in zip(row, columns, strict=True)
            if isinstance(cell, str)
        ),
        default=1,
    )
    return min(409.0, 4 + 13.5 * lines)


def _lines(text: str, width: int) -> int:
    """Lines of a text in a column; a Chinese character takes two places."""
    return sum(
        max(1, -(-sum(2 if ord(c) > 0x2E7F else 1 for c in line) // max(1, width - 1)))
        for line in text.split("\n")
    )


def _value(cell: Cell) -> Decimal | None:
    match cell:
        case Formula(_, value):
            return value
        case int() | Decimal():
            return Decimal(cell)
    return None


def _summary_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("单位代码"), 16),
        SheetColumn(_("单位名称"), 38),
        SheetColumn(_("等级"), 7),
        SheetColumn(_("复核得分"), 10, "points"),
        SheetColumn(_("最低可能"), 10, "points"),
        SheetColumn(_("最高可能"), 10, "points"),
        SheetColumn(_("自评得分"), 10, "points"),
        SheetColumn(_("自评高出"), 10, "points"),
        SheetColumn(_("数据复核"), 10, "points", True),
        SheetColumn(_("佐证评审"), 10, "points", True),
        SheetColumn(_("有疑"), 10, "points", True),
        SheetColumn(_("仅凭自评"), 10, "points", True),
        SheetColumn(_("未定"), 10, "points", True),
        SheetColumn(_("错误"), 7, "count", True),
        SheetColumn(_("核实"), 7, "count", True),
        SheetColumn(_("提示"), 7, "count", True),
        SheetColumn(_("未定项"), 8, "count", True),
        SheetColumn(_("自评等级"), 9),
        SheetColumn(_("总分与等级说明"), 40),
    ]


def _summary_rows(page: ReportPage) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    first = TOP + 1
    for r, card in enumerate(page.cards, TOP + 1):
        t = card.totals
        last = first + len(card.criteria) - 1
        score: Cell = score_cell(page, card, first, last) if card.criteria else None
        over: Cell = (
            Formula(f"=G{r}-D{r}", t.self_score - t.score)
            if t.self_score is not None and card.criteria
            else None
        )
        rows.append(
            [
                card.unit,
                card.name,
                t.grade or "",
                score,
                t.low,
                t.high,
                t.self_score,
                over,
                *(t.grounds.get(g, Decimal(0)) for g in Ground),
                *(card.degrees[s.value] for s in Severity),
                sum(x.undecided for x in card.criteria),
                t.own_grade or "",
                clauses(on_total(t)),
            ]
        )
        first = last + 1
    return rows


def _score_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("单位代码"), 16),
        SheetColumn(_("单位名称"), 30),
        SheetColumn(_("代码"), 7),
        SheetColumn(_("一级指标"), 10),
        SheetColumn(_("二级指标"), 14),
        SheetColumn(_("三级指标"), 28),
        SheetColumn(_("分值"), 8, "points", True),
        SheetColumn(_("自评"), 8, "points", True),
        SheetColumn(_("复核"), 8, "points", True),
        SheetColumn(_("扣分"), 8, "points", True),
        SheetColumn(_("结论"), 10),
        SheetColumn(_("分值依据"), 10),
        SheetColumn(_("依据与计算"), 60),
        SheetColumn(_("其他读法"), 30),
    ]


def _score_rows(page: ReportPage) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    grounds = {ground.value: word for ground, word in ground_words().items()}
    for card in page.cards:
        for c in card.criteria:
            r = TOP + 1 + len(rows)
            lost: Cell = (
                Formula(f"=G{r}-I{r}", c.deduction)
                if c.deduction is not None and c.recomputed
                else None
            )
            rows.append(
                [
                    card.unit,
                    card.name,
                    c.code,
                    c.first,
                    c.second,
                    c.name,
                    c.weight,
                    c.self_score,
                    c.score,
                    lost,
                    c.verdict,
                    grounds[c.ground],
                    c.why,
                    readings(c),
                ]
            )
    return rows


def readings(row: CriterionRow) -> str:
    """The scores under other readings of the clause."""
    return clauses(f"{reading_words(Reading(k))} {points(v)}" for k, v in row.readings.items())


def _deduction_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("单位代码"), 16),
        SheetColumn(_("单位名称"), 30),
        SheetColumn(_("代码"), 7),
        SheetColumn(_("三级指标"), 28),
        SheetColumn(_("分值"), 8, "points", True),
        SheetColumn(_("复核"), 8, "points", True),
        SheetColumn(_("扣分"), 8, "points", True),
        SheetColumn(_("自评"), 8, "points"),
        SheetColumn(_("依据与计算"), 60),
        SheetColumn(_("条款"), 44),
        SheetColumn(_("处理"), 40),
    ]


def _deduction_rows(page: ReportPage) -> list[list[Cell]]:
    rules = {r.code: r for r in page.rules}
    rows: list[list[Cell]] = []
    for card in page.cards:
        for c in card.criteria:
            if c.verdict == Verdict.DEDUCTED and c.deduction and c.recomputed:
                r, rule = TOP + 1 + len(rows), rules.get(c.code)
                rows.append(
                    [
                        card.unit,
                        card.name,
                        c.code,
                        c.name,
                        c.weight,
                        c.score,
                        Formula(f"=E{r}-F{r}", c.deduction),
                        c.self_score,
                        c.working,
                        f"{rule.document} {rule.clause}" if rule else "",
                        c.message,
                    ]
                )
    return rows


def _finding_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("单位代码"), 16),
        SheetColumn(_("单位名称"), 30),
        SheetColumn(_("程度"), 7),
        SheetColumn(_("代码"), 7),
        SheetColumn(_("关系"), 34),
        SheetColumn(_("结论"), 8),
        SheetColumn(_("计算"), 60),
        SheetColumn(_("差"), 16),
        SheetColumn(_("尾差最多"), 16),
        SheetColumn(_("数的位置"), 60),
        SheetColumn(_("依据"), 44),
        SheetColumn(_("处理"), 40),
        SheetColumn(_("建议"), 50),
    ]


def _finding_rows(page: ReportPage) -> list[list[Cell]]:
    """Relations that are 不平, then criteria whose recomputed score is not what the unit gave itself."""
    rules = {r.code: r for r in page.rules}

    def relation(card: Card, t: TieRow) -> list[Cell]:
        return [
            card.unit,
            card.name,
            t.severity,
            t.code,
            t.name,
            t.verdict,
            t.working,
            t.parts.difference,
            t.parts.slack,
            "\n".join(t.places),
            t.basis,
            t.message,
            advice(card, t.code),
        ]

    def score(card: Card, c: CriterionRow) -> list[Cell]:
        rule, places = (
            rules.get(c.code),
            dict.fromkeys(labelled(f"{t.name} {t.printed}", t.at) for t in c.parts.terms if t.at),
        )
        basis = f"{rule.document} {rule.clause}" if rule else ""
        return [
            card.unit,
            card.name,
            DEGREES[FindingKind.DIFFERENCE].value,
            c.code,
            c.name,
            _("自评不符"),
            differing_words(c.self_score, c.score, c.working),
            points(c.difference),
            "",
            "\n".join(places),
            basis,
            c.message,
            "",
        ]

    return [
        row
        for card in page.cards
        for row in (
            *(relation(card, t) for t in card.failing),
            *(score(card, c) for c in card.differing),
        )
    ]


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
    rows: list[list[Cell]] = []
    for r, c in enumerate(card.criteria, TOP + 1):
        rule = rules.get(c.code)
        lost: Cell = (
            Formula(f"=H{r}-D{r}", c.deduction)
            if c.deduction is not None and c.recomputed
            else None
        )
        rows.append(
            [
                c.first,
                c.second,
                c.name,
                c.score,
                rule.formula if rule else "",
                "\n".join(rule.standard) if rule else "",
                "、".join(rule.evidence) if rule else "",
                c.weight,
                c.self_score,
                lost,
                labelled(c.verdict, c.why) if c.why else c.verdict,
            ]
        )
    sheet = writer.sheet(f"{_('评分表')} {card.unit}", noted(card.name, card.unit), columns, rows)
    _by_level(writer, sheet, card, TOP + len(rows))


def _by_level(writer: SheetWriter, sheet: Any, card: Card, last: int) -> None:
    """Below the scorecard: the sum of each first level, and of all, by formula."""
    row = last + 1
    write: Callable[..., Any] = sheet.write_formula
    for group in (g for g in card.groups if g.second is None):
        name = plain(group.first)
        sheet.write_string(row, 0, name, writer.forms["label"])
        write(
            row,
            3,
            f"=SUMIF(A{TOP + 1}:A{last},A{row + 1},D{TOP + 1}:D{last})",
            writer.forms["sum"],
            float(group.score),
        )
        write(
            row,
            7,
            f"=SUMIF(A{TOP + 1}:A{last},A{row + 1},H{TOP + 1}:H{last})",
            writer.forms["sum"],
            float(group.weight),
        )
        row += 1
    sheet.write_string(row, 0, _("合计"), writer.forms["label"])
    for column, value in (
        ("D", sum((g.score for g in card.groups if g.second is None), Decimal(0))),
        ("H", sum((g.weight for g in card.groups if g.second is None), Decimal(0))),
    ):
        write(
            f"{column}{row + 1}",
            f"=SUM({column}{TOP + 1}:{column}{last})",
            writer.forms["sum"],
            float(value),
        )
