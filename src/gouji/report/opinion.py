"""Page and one Card -> 审核意见书 as a Word document, from a template that the bureau can replace; and the template that comes with gouji."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gouji.base.faults import DataError
from gouji.base.i18n import _, labelled
from gouji.base.verdict import Verdict
from gouji.report.html.unit import outlook, summary
from gouji.report.office import steady
from gouji.report.page_of_unit import Card, Page
from gouji.report.plain import plain
from gouji.report.unit.causes import sureness
from gouji.report.unit.foot import counted, versions
from gouji.report.wording import points

FACE = "宋体"
_SAID = (
    "name",
    "unit",
    "year",
    "score",
    "total",
    "grade",
    "self_score",
    "own_grade",
    "low",
    "high",
    "grade_low",
    "grade_high",
    "causes",
    "due",
)


def render(page: Page, card: Card, template: bytes | None = None, due: str | None = None) -> bytes:
    """The opinion of one unit. `template` replaces the one that comes with gouji. Raises DataError where a template asks for what is not there."""
    made = DocxTemplate(io.BytesIO(template if template is not None else default_template()))
    # A template is somebody's file: its expressions may read what is handed in, and nothing else.
    rules = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        made.render(values(page, card, due), rules, autoescape=True)
    except TemplateError as fault:
        raise DataError(
            _("意见书模板用不了：{why}").format(why=str(fault)),
            mend=_("用 gouji forms opinion 生成一份，在它上面改"),
        ) from fault
    out = io.BytesIO()
    made.save(out)
    return steady(out.getvalue(), page.year)


def values(page: Page, card: Card, due: str | None = None) -> dict[str, Any]:
    """What a template may name. Everything is text already, as every other report prints it."""
    rules = {r.code: r for r in page.rules}
    wrong = card.failing
    lost = [
        c for c in card.criteria if c.verdict == Verdict.DEDUCTED and c.deduction and c.recomputed
    ]
    t = card.totals
    found: dict[str, Any] = {
        "title": page.title,
        "book": page.book,
        "authority": page.authority,
        "year": str(page.year),
        "invented": page.invented,
        "unit": card.unit,
        "name": card.name or card.unit,
        "total": points(page.total),
        "score": points(t.score),
        "grade": t.grade or "—",
        "low": points(t.low),
        "high": points(t.high),
        "self_score": points(t.self_score),
        "certain": t.low == t.high,
        "grade_low": t.grade_low or "—",
        "grade_high": t.grade_high or "—",
        "summary": summary(page, card),
        "outlook": outlook(card.next_grade, t.graded),
        "own_grade": t.own_grade or "—",
        "causes": card.range_causes,
        "due": due or _("收到本意见书之日起 10 个工作日内"),
        "differing": [
            {
                "code": c.code,
                "name": c.name,
                "self_score": points(c.self_score),
                "score": points(c.score),
                "difference": points(c.difference),
                "working": c.working,
                "todo": c.message,
            }
            for c in card.differing
        ],
        "deductions": [
            {
                "code": c.code,
                "name": c.name,
                "weight": points(c.weight),
                "self_score": points(c.self_score),
                "score": points(c.score),
                "deduction": points(c.deduction),
                "working": c.why,
                "todo": c.message,
                "clause": f"{rules[c.code].document} {rules[c.code].clause}"
                if c.code in rules
                else "",
            }
            for c in lost
        ],
        "findings": [
            {
                "code": f.code,
                "name": f.name,
                "severity": f.severity,
                "working": f.working,
                "difference": f.parts.difference,
                "slack": f.parts.slack,
                "places": "\n".join(f.places),
                "basis": f.basis,
                "todo": f.message,
            }
            for f in wrong
        ],
        "located": [
            {
                "line": cause.line,
                "codes": " ".join(cause.codes),
                "sure": sureness(cause),
            }
            for cause in card.causes
        ],
        "unexplained": " ".join(card.unexplained),
        "wanted": [
            {
                "code": c.code,
                "name": c.name,
                "weight": points(c.weight),
                "gaps": c.why,
                "evidence": "、".join(rules[c.code].evidence) if c.code in rules else "",
            }
            for c in card.criteria
            if not c.recomputed
        ],
        "counted": counted(page.manifest),
        "versions": versions(page.manifest),
    }
    return {k: _texts(v) for k, v in found.items()}


def _texts(value: Any) -> Any:
    """Every text below without control characters."""
    if isinstance(value, dict):
        return {k: _texts(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_texts(v) for v in value]
    return plain(value) if isinstance(value, str) else value


def default_template() -> bytes:
    """A Word document with the names of `values` in double braces; the bureau edits the wording and the look."""
    tags = {name: "{{ " + name + " }}" for name in _SAID}
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = FACE, Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    _line(made, "{{ authority }}", size=12, middle=True)
    _line(made, _("部门整体支出绩效自评审核意见书"), size=20, bold=True, middle=True)
    _line(made, _("{name}（{unit}） · {year} 年度").format(**tags), size=12, middle=True)
    _when(made, "invented")
    _line(made, _("示例数据：含为演示而编的数字"), size=10, middle=True)
    _line(made, "{%p endif %}")
    _head(made, _("一、审核结论"))
    _line(
        made,
        _(
            "复核得分 {score} 分（总分 {total} 分），等级“{grade}”；单位自评 {self_score} 分，等级“{own_grade}”。"
        ).format(**tags),
    )
    _when(made, "not certain")
    _line(
        made,
        _(
            "得分可能在 {low}–{high} 分之间，等级在“{grade_low}”到“{grade_high}”之间，因：{causes}。"
        ).format(**tags),
    )
    _line(made, "{%p endif %}")
    _line(made, "{% for line in summary %}{{ line }}{% endfor %}")
    _head(made, _("二、扣分事项"))
    _table(
        made,
        "deductions",
        [
            (_("指标"), "{{ x.code }} {{ x.name }}", 4.2),
            (_("分值"), "{{ x.weight }}", 1.3),
            (_("自评"), "{{ x.self_score }}", 1.3),
            (_("复核"), "{{ x.score }}", 1.3),
            (_("扣分"), "{{ x.deduction }}", 1.3),
            (_("依据与计算"), "{{ x.working }}", 6.8),
        ],
    )
    _head(made, _("三、勾稽问题"))
    _table(
        made,
        "findings",
        [
            (_("程度"), "{{ x.severity }}", 1.3),
            (_("关系"), "{{ x.code }} {{ x.name }}", 3.8),
            (_("计算"), "{{ x.working }}", 5.2),
            (_("数的位置"), "{{ x.places }}", 5.9),
        ],
    )
    _when(made, "located")
    _line(made, _("多半由下列格子引起，建议先核对（只是建议，不改变结论）："))
    _line(made, "{%p for x in located %}")
    _line(made, _("{line}。归于此处：{codes}").format(line="{{ x.line }}", codes="{{ x.codes }}"))
    _line(made, "{%p endfor %}")
    _line(made, "{%p endif %}")
    _head(made, _("四、尚待补报或核对"))
    _table(
        made,
        "wanted",
        [
            (_("指标"), "{{ x.code }} {{ x.name }}", 4.6),
            (_("分值"), "{{ x.weight }}", 1.4),
            (_("要补的内容"), "{{ x.gaps }}", 6),
            (_("佐证"), "{{ x.evidence }}", 4.2),
        ],
    )
    _head(made, _("五、处理要求"))
    _line(made, _("请于{due}逐项核对，按下列要求更正、补报或书面说明：").format(**tags))
    _line(made, "{%p for x in findings if x.todo %}")
    _line(made, labelled("{{ x.code }} {{ x.name }}", "{{ x.todo }}"), style="List Number")
    _line(made, "{%p endfor %}")
    _line(made, "{%p for x in deductions if x.todo %}")
    _line(made, labelled("{{ x.code }} {{ x.name }}", "{{ x.todo }}"), style="List Number")
    _line(made, "{%p endfor %}")
    _line(made, "{{ outlook }}")
    _line(made, _("审核人：               复核人：               负责人：               日期："))
    _line(made, "{{ counted }}", size=8)
    _line(made, "{{ versions }}", size=8)
    out = io.BytesIO()
    made.save(out)
    return steady(out.getvalue(), 2000)


def _line(
    made: Any,
    text: str,
    *,
    size: float = 11,
    bold: bool = False,
    middle: bool = False,
    style: str | None = None,
) -> None:
    paragraph = made.add_paragraph(style=style)
    paragraph.paragraph_format.space_after = Pt(4)
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, bold)


def _run(paragraph: Any, text: str, size: float, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name, run.bold = Pt(size), FACE, bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACE)


def _when(made: Any, condition: str) -> None:
    _line(made, "{%p if " + condition + " %}")


def _head(made: Any, text: str) -> None:
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.keep_with_next = (
        Pt(10),
        True,
    )
    _run(paragraph, text, 13, bold=True)


def _table(made: Any, name: str, columns: list[tuple[str, str, float]]) -> None:
    """A header that repeats on every page, and a row for each of the list; a word instead where the list is empty."""
    _when(made, name)
    table = made.add_table(rows=4, cols=len(columns), style="Table Grid")
    table.autofit = False
    for i, (title, cell, width) in enumerate(columns):
        table.columns[i].width = Cm(width)
        for row, text in ((0, title), (2, cell)):
            made_cell = table.cell(row, i)
            made_cell.width = Cm(width)
            made_cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            _run(made_cell.paragraphs[0], text, 9, bold=row == 0)
    table.cell(1, 0).text = "{%tr for x in " + name + " %}"
    table.cell(3, 0).text = "{%tr endfor %}"
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    table.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _line(made, "{%p else %}")
    _line(made, _("无。"))
    _line(made, "{%p endif %}")


__all__ = ["default_template", "render", "values"]
