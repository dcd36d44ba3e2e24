"""Reports beside workbooks of two layouts, in four kinds of file: one fault planted in each of thirty, none in thirty others. Every fault is told, nothing else is."""

import html
import io

import docx
import openpyxl
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

import gouji
from elsewhere import OWNER, PLACES, write
from gouji.base.verdict import Verdict
from printing import FONT

LAYOUTS = [place for place in PLACES if place.name in ("national", "yunnan")]
UNITS, KINDS = 30, ("txt", "docx", "html", "pdf")
NAMES = [
    f"{a}{b}"
    for a in "甲乙丙丁戊己"
    for b in ("县水利局", "县林业局", "县档案馆", "县科学技术馆", "县自然资源局")
]
# The figures are those of the workbook, in 万元.
SOUND = (
    "一、收入支出决算总体情况",
    "2023年度本年收入合计309.81万元，全部是财政拨款。",
    "2023年度本年支出合计322.88万元，其中：基本支出204.52万元，占63.34%；项目支出118.36万元，占36.66%。",
    "基本支出204.52万元，其中：人员经费185.87万元，日常公用经费18.65万元。",
    "“三公”经费年初预算为6.45万元，支出决算为4.97万元，完成预算的77.05%。其中：因公出国（境）费支出0.00万元，公务用车购置费0.00万元，公务用车运行维护费3.17万元，公务接待费1.80万元。",
)
# What is written in the place of what, and by what it is told: rules that fail, or words of a note.
FAULTS = {
    "income with two digits changed": ("收入合计309.81", "收入合计390.81", {"FK01"}),
    "spending with two digits changed": ("支出合计322.88", "支出合计332.88", {"FK02", "FT01"}),
    "project spending": ("项目支出118.36", "项目支出118.63", {"FK06", "FT01"}),
    "staff": ("人员经费185.87", "人员经费158.87", {"FK04", "FT01"}),
    "running costs": ("公用经费18.65", "公用经费16.85", {"FK05", "FT01"}),
    "shares that changed places": (
        "占63.34%；项目支出118.36万元，占36.66%",
        "占36.66%；项目支出118.36万元，占63.34%",
        {"FT02"},
    ),
    "a share": ("占36.66%", "占36.16%", {"FT02"}),
    "a rate of completion": ("77.05%", "70.75%", {"FT03"}),
    "receptions": ("接待费1.80", "接待费1.08", {"FT16"}),
    "cars": ("运行维护费3.17", "运行维护费3.71", {"FT15"}),
    "the three costs": ("决算为4.97", "决算为4.79", {"FT11", "FT03"}),
    "a budget": ("预算为6.45", "预算为6.54", {"FT12", "FT03"}),
    "last year's figure": ("收入合计309.81", "收入合计287.40", {"FK01"}),
    "another year": ("2023年度本年收入", "2021年度本年收入", "别的年份"),
    "a figure left out": ("全部是财政拨款", "其中捐赠XX万元", "没填的数"),
    "a share left out": ("占36.66%", "占%", "没填的数"),
    "a choice left open": ("全部是财政拨款", "比上年增加（减少）", "没改的选项"),
    "a percent sign left out": ("全部是财政拨款", "比上年增长13.95", "漏写百分号"),
    "元 for 万元": ("人员经费185.87万元", "人员经费185.87元", {"FK04", "FT01"}),
    "元 for 万元 in a whole": ("支出合计322.88万元", "支出合计322.88元", {"FK02", "FT01"}),
    "another unit's name": ("2023年度本年收入", "{other}2023年度本年收入", "别的单位的名称"),
}
# Rules on sentences, and on sentences beside forms; not those on the chapters of a whole disclosure.
ON_TEXTS = ("FT0", "FT1", "FT2", "FK")
ORDER = [*FAULTS, *list(FAULTS)[: UNITS - len(FAULTS)]]


def as_docx(lines):
    made, into = docx.Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(into)
    return into.getvalue()


def as_html(lines):
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>".encode()


def as_pdf(lines):
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    into = io.BytesIO()
    canvas = Canvas(into, (595, 842))
    canvas.setFont(FONT, 12)
    broken = [line[at : at + 36] for line in lines for at in range(0, len(line), 36)]
    for number, line in enumerate(broken):
        canvas.drawString(60, 780 - 20 * number, line)
    canvas.save()
    return into.getvalue()


WRITERS = {
    "txt": lambda lines: "\n".join(lines).encode(),
    "docx": as_docx,
    "html": as_html,
    "pdf": as_pdf,
}


def submitted(folder, texts):
    """Workbooks of thirty units, every second in the other layout, each with its report."""
    folder.mkdir()
    for number in range(UNITS):
        code, place = f"U{number + 1:03}", LAYOUTS[number % 2]
        path = folder / f"{code}.xlsx"
        write(place, path, seed=number)
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.replace(OWNER, NAMES[number]).replace("U001", code)
        book.save(path)
        lines = (f"{NAMES[number]}2023年度部门决算说明", *texts(number))
        kind = KINDS[number // 2 % len(KINDS)]
        (folder / f"{code}_说明.{kind}").write_bytes(WRITERS[kind](lines))
    return folder


def told(folder):
    """Of each unit the rules on texts that fail, and the notes on its report."""
    made = gouji.audit(folder, "final-accounts")
    found = {}
    for number in range(UNITS):
        code = f"U{number + 1:03}"
        failing = {
            o.code
            for o in made.outcomes.of(code)
            if o.verdict is Verdict.UNBALANCED and o.code.startswith(ON_TEXTS)
        }
        own = [p for p in made.submission.problems if p.at.file.startswith(f"{code}_")]
        found[code] = (failing, [p.what for p in own])
    return found


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return told(submitted(tmp_path_factory.mktemp("sound") / "x", lambda number: SOUND))


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    def spoilt(number):
        wrong, right, _told = FAULTS[ORDER[number]]
        text = "\n".join(SOUND)
        assert wrong in text
        other = NAMES[(number + 1) % UNITS]
        return text.replace(wrong, right.format(other=other), 1).split("\n")

    return told(submitted(tmp_path_factory.mktemp("planted") / "x", spoilt))


def test_nothing_is_told_of_sound_reports(sound):
    assert {code: one for code, one in sound.items() if one != (set(), [])} == {}


@pytest.mark.parametrize("number", range(UNITS), ids=lambda n: f"{n + 1} {ORDER[n]}")
def test_a_fault_is_told(planted, number):
    failing, notes = planted[f"U{number + 1:03}"]
    match FAULTS[ORDER[number]][2]:
        case str(words):
            assert any(words in what for what in notes)
        case rules:
            assert failing & rules
