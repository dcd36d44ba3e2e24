"""The Word document that an 审核意见书 is made from, where a bureau has not made one."""

from __future__ import annotations

import io
from enum import StrEnum
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from gouji.base.i18n import _, labelled
from gouji.report.office import steady

NAMES = (
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


class Face(StrEnum):
    """Types of a document: title, headings of two levels, text, digits."""

    TITLE = "方正小标宋简体"
    FIRST = "黑体"
    SECOND = "楷体"
    TEXT = "仿宋"
    PLAIN = "宋体"


# Points: 3号 for text on lines of 28, 小四 in tables and notes.
TEXT, LINES, SMALL = 16, 28, 10.5
RED = RGBColor(0xC0, 0x00, 0x00)


def default_template() -> bytes:
    """A Word document with the names of `values` in double braces; the bureau edits the wording and the look.

    Page, type and places follow GB/T 9704—2012 (party and government documents): margins 37, 26, 35 and 28 mm, the
    issuer's name in red, title 22 pt, text 16 pt on lines of 28 pt, the number of the document and the place of the
    seal left open, page numbers at the foot.
    """
    made = Document()
    _page(made)
    _letterhead(made)
    _addressed(made)
    _outcome(made)
    _deductions(made)
    _findings(made)
    _located(made)
    _wanted(made)
    _asked(made)
    _signed(made)
    out = io.BytesIO()
    made.save(out)
    return steady(out.getvalue(), 2000)


def _page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.footer_distance = Cm(2.8)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = Face.TEXT, Pt(TEXT)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), Face.TEXT)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(foot, "— ", 14, Face.PLAIN)
    _field(foot, "PAGE")
    _run(foot, " —", 14, Face.PLAIN)


def _letterhead(made: Any) -> None:
    """The issuer in red, the number of the document left open, a red line, the title."""
    issuer = _line(made, "{{ authority }}", size=26, face=Face.TITLE, middle=True)
    issuer.runs[0].font.color.rgb = RED
    number = _line(made, _("〔      〕    号"), middle=True)
    number.paragraph_format.space_before = Pt(TEXT)
    _ruled(number)
    title = _line(made, "{{ heading }}", size=22, face=Face.TITLE, middle=True, lines=34)
    title.paragraph_format.space_before = Pt(30)
    _line(made, _("{year} 年度").format(year="{{ year }}"), face=Face.SECOND, middle=True)
    _when(made, "invented")
    _line(made, _("示例数据：含为演示而编的数字"), size=SMALL, middle=True)
    _line(made, "{%p endif %}")


def _addressed(made: Any) -> None:
    to = _line(made, _("{name}（{unit}）：").format(name="{{ name }}", unit="{{ unit }}"))
    to.paragraph_format.space_before = Pt(TEXT)


def _outcome(made: Any) -> None:
    tags = {name: "{{ " + name + " }}" for name in NAMES}
    _head(made, _("一、审核结论"))
    _when(made, "scored")
    _body(
        made,
        _(
            "复核得分 {score} 分（总分 {total} 分），等级“{grade}”；单位自评 {self_score} 分，等级“{own_grade}”。"
        ).format(**tags),
    )
    _when(made, "not certain and grade_low != grade_high")
    _body(
        made,
        _(
            "得分可能在 {low}–{high} 分之间，等级在“{grade_low}”到“{grade_high}”之间，因：{causes}。"
        ).format(**tags),
    )
    _line(made, "{%p endif %}")
    _when(made, "not certain and grade_low == grade_high")
    _body(
        made,
        _("得分可能在 {low}–{high} 分之间，等级都是“{grade_low}”，因：{causes}。").format(**tags),
    )
    _line(made, "{%p endif %}")
    _line(made, "{%p endif %}")
    _body(made, "{% for line in summary %}{{ line }}{% endfor %}")


def _deductions(made: Any) -> None:
    _when(made, "scored")
    _head(made, _("二、扣分事项"))
    _table(
        made,
        "deductions",
        [
            (_("指标"), "{{ x.code }} {{ x.name }}", 3.8),
            (_("分值"), "{{ x.weight }}", 1.2),
            (_("自评"), "{{ x.self_score }}", 1.2),
            (_("复核"), "{{ x.score }}", 1.2),
            (_("扣分"), "{{ x.deduction }}", 1.2),
            (_("依据与计算"), "{{ x.working }}", 7),
        ],
    )


def _findings(made: Any) -> None:
    _either(made, _("三、勾稽问题"), _("二、勾稽问题"))
    _table(
        made,
        "findings",
        [
            (_("程度"), "{{ x.severity }}", 1.2),
            (_("关系"), "{{ x.code }} {{ x.name }}", 3.6),
            (_("计算"), "{{ x.working }}", 5.4),
            (_("数的位置"), "{{ x.places }}", 5.4),
        ],
    )


def _wanted(made: Any) -> None:
    _when(made, "scored")
    _head(made, _("四、尚待补报或核对"))
    _table(
        made,
        "wanted",
        [
            (_("指标"), "{{ x.code }} {{ x.name }}", 4.4),
            (_("分值"), "{{ x.weight }}", 1.2),
            (_("要补的内容"), "{{ x.gaps }}", 5.8),
            (_("佐证"), "{{ x.evidence }}", 4.2),
        ],
    )
    _either(made, _("五、处理要求"), _("三、处理要求"))


def _either(made: Any, scored: str, plain: str) -> None:
    """Ends what only a book with criteria has, with the heading that follows: of such a book, or of one of relations alone."""
    _head(made, scored)
    _line(made, "{%p endif %}")
    _when(made, "not scored")
    _head(made, plain)
    _line(made, "{%p endif %}")


def _located(made: Any) -> None:
    _when(made, "located")
    _body(made, _("多半由下列格子引起，建议先核对（只是建议，不改变结论）："))
    _line(made, "{%p for x in located %}")
    _body(made, _("{line}。归于此处：{codes}").format(line="{{ x.line }}", codes="{{ x.codes }}"))
    _line(made, "{%p endfor %}")
    _line(made, "{%p endif %}")


def _asked(made: Any) -> None:
    _body(made, _("请于{due}逐项核对，按下列要求更正、补报或书面说明：").format(due="{{ due }}"))
    _line(made, "{%p for x in asked %}")
    _body(made, labelled("{{ loop.index }}．{{ x.code }} {{ x.name }}", "{{ x.todo }}"))
    _line(made, "{%p endfor %}")
    _body(made, "{{ outlook }}")


def _signed(made: Any) -> None:
    """The issuer above the date, both to the right where the seal goes; who worked on it; what was counted."""
    issuer = _line(made, _("{authority}（印章）").format(authority="{{ authority }}"))
    issuer.paragraph_format.space_before = Pt(2 * TEXT)
    for paragraph in (issuer, _line(made, _("    年  月  日"))):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(4 * TEXT)
        paragraph.paragraph_format.keep_with_next = True
    hands = _line(made, _("审核人：               复核人：               负责人："), size=SMALL)
    hands.paragraph_format.space_before = Pt(TEXT)
    _line(made, "{{ counted }}", size=9, lines=12)
    _line(made, "{{ versions }}", size=9, lines=12)


def _line(
    made: Any,
    text: str,
    *,
    size: float = TEXT,
    face: Face = Face.TEXT,
    middle: bool = False,
    lines: float = LINES,
) -> Any:
    """A paragraph; sizes and distances of lines in points."""
    paragraph = made.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_after, shape.line_spacing = Pt(0), Pt(lines)
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, face)
    return paragraph


def _body(made: Any, text: str) -> None:
    """A paragraph of text, set in by two characters."""
    _line(made, text).paragraph_format.first_line_indent = Pt(2 * TEXT)


def _head(made: Any, text: str) -> None:
    paragraph = _line(made, text, face=Face.FIRST)
    paragraph.paragraph_format.first_line_indent = Pt(2 * TEXT)
    paragraph.paragraph_format.keep_with_next = True


def _run(paragraph: Any, text: str, size: float, face: Face) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), face
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _when(made: Any, condition: str) -> None:
    _line(made, "{%p if " + condition + " %}")


def _field(paragraph: Any, code: str) -> None:
    """A field that the word processor works out, such as the page's number."""
    run = paragraph.add_run()
    run.font.size, run.font.name = Pt(14), Face.PLAIN
    for kind in ("begin", "", "end"):
        made = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            made.set(qn("w:fldCharType"), kind)
        else:
            made.text = code
        run._element.append(made)


def _ruled(paragraph: Any) -> None:
    """A red line below a paragraph."""
    borders, below = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", str(RED))):
        below.set(qn(f"w:{name}"), value)
    borders.append(below)
    paragraph._p.get_or_add_pPr().append(borders)


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
            _run(made_cell.paragraphs[0], text, SMALL, Face.FIRST if row == 0 else Face.TEXT)
    table.cell(1, 0).text = "{%tr for x in " + name + " %}"
    table.cell(3, 0).text = "{%tr endfor %}"
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    table.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _line(made, "{%p else %}")
    _body(made, _("无。"))
    _line(made, "{%p endif %}")


__all__ = ["default_template"]
