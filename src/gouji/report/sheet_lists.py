"""ReportPage -> the lists of a workbook: columns and rows of units, of scores, of deductions and of findings."""

from __future__ import annotations

from decimal import Decimal

from gouji.base.i18n import _, clauses, labelled
from gouji.base.verdict import DEGREES, FindingKind, Ground, Severity
from gouji.report.method_working import reading_words
from gouji.report.page_of_unit import Card, CriterionRow, ReportPage, TieRow
from gouji.report.score_formula import score_cell
from gouji.report.sheet_cells import Cell, Formula, SheetColumn
from gouji.report.sheet_writer import TOP
from gouji.report.unit.cause_lines import advice
from gouji.report.unit.grounds import ground_words
from gouji.report.wording import differing_words, on_total, points
from gouji.rules import Reading


def summary_columns() -> list[SheetColumn]:
    """The heads of the columns of `summary_rows`."""
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


def summary_rows(page: ReportPage) -> list[list[Cell]]:
    """A row a unit."""
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


def score_columns() -> list[SheetColumn]:
    """The heads of the columns of `score_rows`."""
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


def score_rows(page: ReportPage) -> list[list[Cell]]:
    """A row for each criterion of each unit."""
    rows: list[list[Cell]] = []
    grounds = {ground.value: word for ground, word in ground_words().items()}
    for card in page.cards:
        for c in card.criteria:
            r = TOP + 1 + len(rows)
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
                    lost(c, f"=G{r}-I{r}"),
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


def deduction_columns() -> list[SheetColumn]:
    """The heads of the columns of `deduction_rows`."""
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


def deduction_rows(page: ReportPage) -> list[list[Cell]]:
    """A row for each criterion that cost a unit points."""
    rows: list[list[Cell]] = []
    clauses_of = _clauses_of(page)
    for card in page.cards:
        for c in card.deducted:
            r = TOP + 1 + len(rows)
            rows.append(
                [
                    card.unit,
                    card.name,
                    c.code,
                    c.name,
                    c.weight,
                    c.score,
                    lost(c, f"=E{r}-F{r}"),
                    c.self_score,
                    c.working,
                    clauses_of.get(c.code, ""),
                    c.message,
                ]
            )
    return rows


def finding_columns() -> list[SheetColumn]:
    """The heads of the columns of `finding_rows`."""
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


def finding_rows(page: ReportPage) -> list[list[Cell]]:
    """Relations that are 不平, then criteria whose recomputed score is not what the unit gave itself."""
    clauses_of = _clauses_of(page)
    return [
        row
        for card in page.cards
        for row in (
            *(_relation(card, t) for t in card.failing),
            *(_difference(card, c, clauses_of.get(c.code, "")) for c in card.differing),
        )
    ]


def _relation(card: Card, t: TieRow) -> list[Cell]:
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


def _difference(card: Card, c: CriterionRow, clause: str) -> list[Cell]:
    places = dict.fromkeys(labelled(f"{t.name} {t.printed}", t.at) for t in c.parts.terms if t.at)
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
        clause,
        c.message,
        "",
    ]


def _clauses_of(page: ReportPage) -> dict[str, str]:
    """Code of a rule -> the document and the clause that it rests on."""
    return {rule.code: f"{rule.document} {rule.clause}" for rule in page.rules}


def lost(row: CriterionRow, formula: str) -> Cell:
    """The points that a criterion cost, by a formula; nothing where that is not certain."""
    if row.deduction is None or not row.recomputed:
        return None
    return Formula(formula, row.deduction)
