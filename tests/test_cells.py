"""What the XML of a workbook says of its cells -> what a person reads in them, however it is packed; what is no figure is told with its cell."""

import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from gouji.intake import receive
from gouji.intake.workbooks.container import Package
from gouji.intake.workbooks.sheet import Unread, Why, said
from gouji.intake.workbooks.workbook_file import open_book
from gouji.run import connect
from sheets import ACCOUNTS, COVER, TABLES, accounts, problems, rows, save

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def packed(parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def book(
    cells,
    *,
    space=MAIN,
    office=OFFICE,
    part="xl/worksheets/sheet1.xml",
    target="worksheets/sheet1.xml",
    workbook="xl/workbook.xml",
    prefix="",
    strings=None,
    styles=None,
    before="",
    after="",
    state="",
    declared='<?xml version="1.0" encoding="UTF-8"?>',
    pr="",
):
    """The parts of a workbook with one sheet whose rows are these cells."""
    p = f"{prefix}:" if prefix else ""
    own = f'xmlns:{prefix}="{space}"' if prefix else f'xmlns="{space}"'
    base = workbook.rpartition("/")[0]
    more = [("styles", styles), ("sharedStrings", strings)]
    listed = "".join(
        f"<Relationship Target='{kind}.xml' Type='{office}/{kind}' Id='r{kind}'/>"
        for kind, xml in more
        if xml is not None
    )
    parts = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": f"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='{office}/officeDocument' Target='{workbook}'/></Relationships>",
        workbook: f"<{p}workbook {own} xmlns:r='{office}'>{pr}<{p}sheets><{p}sheet name='公开01表' sheetId='1' {state} r:id='r7'/></{p}sheets></{p}workbook>",
        f"{base}/_rels/{workbook.rpartition('/')[2]}.rels": f"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Target='{target}' Type='{office}/worksheet' Id='r7'/>{listed}</Relationships>",
        part: f"{declared}<{p}worksheet {own}>{before}<{p}sheetData>{cells}</{p}sheetData>{after}</{p}worksheet>",
    }
    return parts | {f"{base}/{kind}.xml": xml for kind, xml in more if xml is not None}


def opened(parts, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(packed(parts))
    return open_book(tmp_path / "a.xlsx", "a.xlsx")


def sheet(cells, tmp_path, **more):
    (found,) = opened(book(cells, **more), tmp_path).sheets
    return found


# Each row holds 甲 in A1, 211.36 in B1, an error in C1, 乙 in A2 and a formula without a result in B2.
USUAL = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>211.36</v></c><c r="C1" t="e"><v>#N/A</v></c></row>'
    '<row r="2"><c r="A2" t="str"><v>乙</v></c><c r="B2"><f>SUM(B1)</f></c></row>'
)
PREFIXED = (
    USUAL.replace("</", "</x:")
    .replace("<c", "<x:c")
    .replace("<row", "<x:row")
    .replace("<v>", "<x:v>")
    .replace("<is>", "<x:is>")
    .replace("<t>", "<x:t>")
    .replace("<f>", "<x:f>")
)
STRINGS = f"<sst xmlns='{MAIN}'><si><t>乙</t></si><si><r><t>甲</t></r><rPh sb='0' eb='1'><t>jia</t></rPh></si></sst>"
SHARED = USUAL.replace(' t="inlineStr"><is><t>甲</t></is>', ' t="s"><v>1</v>').replace(
    't="str"><v>乙</v>', 't="s"><v> 0 </v>'
)
PACKINGS = {
    "as usual": book(USUAL),
    "with a prefix": book(PREFIXED, prefix="x").items(),
    "the strict standard": book(USUAL, space=STRICT, office=STRICT_OFFICE),
    "a prefix of the strict standard": book(
        PREFIXED, prefix="x", space=STRICT, office=STRICT_OFFICE
    ),
    "shared strings": book(SHARED, strings=STRINGS),
    "other quotes": book(USUAL.replace('"', "'")),
    "another order of attributes": book(
        USUAL.replace('r="C1" t="e"', 't="e" r="C1"').replace(
            'r="A1" t="inlineStr"', 't="inlineStr" r="A1"'
        )
    ),
    "cells without names": book(
        "".join(
            (
                "<row><c t='inlineStr'><is><t>甲</t></is></c><c><v>211.36</v></c><c t='e'><v>#N/A</v></c></row>",
                "<row><c t='str'><v>乙</v></c><c><f>SUM(B1)</f></c></row>",
            )
        )
    ),
    "rows without numbers": book(
        USUAL.replace('<row r="1">', "<row>").replace('<row r="2">', "<row>")
    ),
    "CDATA": book(USUAL.replace("211.36", "<![CDATA[211.36]]>").replace("甲", "<![CDATA[甲]]>")),
    "entities": book(USUAL.replace("甲", "&#30002;").replace("211.36", "211&#46;36")),
    "comments between and inside": book(
        USUAL.replace("<v>211.36", "<!-- c --><v>211<!-- <v>9</v> -->.36").replace(
            "<row", "<!-- <c r='D9'><v>1</v></c> --><row"
        )
    ),
    "on several lines": book(USUAL.replace("><", ">\n  <").replace("<t>\n", "<t>")),
    "another part": book(
        USUAL, part="xl/worksheets/Tabelle eins.xml", target="worksheets/Tabelle%20eins.xml"
    ),
    "a part in capitals": book(USUAL, part="XL/Worksheets/SHEET1.XML"),
    "an absolute target": book(USUAL, target="/xl/worksheets/sheet1.xml"),
    "a target up and down": book(USUAL, target="../xl/./worksheets/sheet1.xml"),
    "the workbook elsewhere": book(
        USUAL, workbook="office/book.xml", part="office/worksheets/sheet1.xml"
    ),
    "UTF-16": {
        n: (x.replace("UTF-8", "UTF-16").encode("utf-16") if "sheet1" in n else x)
        for n, x in book(USUAL).items()
    },
    "a mark of the order of bytes": {
        n: (b"\xef\xbb\xbf" + x.encode() if "sheet1" in n else x) for n, x in book(USUAL).items()
    },
    "the result before the formula": book(
        USUAL.replace('<c r="B1"><v>211.36</v>', '<c r="B1"><v>211.36</v><f>1+1</f>')
    ),
    "an exponent": book(USUAL.replace("211.36", "2.1136E2")),
    "an empty result": book(USUAL.replace("<f>SUM(B1)</f>", "<f>SUM(B1)</f><v></v>")),
    "empty cells far out": book(USUAL + '<row r="99999"><c r="ZZ99999" s="0"/></row>'),
    "other names inside": book(
        USUAL, after='<extLst><ext uri="{1}"><y:c xmlns:y="urn:y"><y:v>7</y:v></y:c></ext></extLst>'
    ),
}


@pytest.mark.parametrize("parts", PACKINGS.values(), ids=PACKINGS)
def test_the_same_cells_however_they_are_packed(parts, tmp_path):
    (found,) = opened(dict(parts), tmp_path).sheets
    assert [list(row) for row in found.rows] == [
        ["甲", 211.36, Unread(Why.ERROR, "#N/A")],
        ["乙", Unread(Why.UNSOLVED), ""],
    ]
    assert found.facts.unread


def run(text, *marks):
    inside = "".join(
        {
            "struck": "<strike/>",
            "not struck": "<strike val='0'/>",
            "raised": "<vertAlign val='superscript'/>",
            "lowered": "<vertAlign val='subscript'/>",
            "white": "<color rgb='FFFFFFFF'/>",
            "theme white": "<color theme='0'/>",
            "black": "<color rgb='FF000000'/>",
            "red": "<color rgb='FFFF0000'/>",
        }[m]
        for m in marks
    )
    return f"<r><rPr>{inside}</rPr><t xml:space='preserve'>{escape(text)}</t></r>"


RICH = {
    "struck out": (run("900", "struck") + run("211.36"), "211.36", "划掉的“900”"),
    "not struck out": (run("211.36", "not struck"), "211.36", ""),
    "raised": (run("211.36") + run("1", "raised"), "211.36¹", ""),
    "lowered": (run("211.36") + run("2", "lowered"), "211.36₂", ""),
    "a raised word": (run("211.36") + run("注", "raised"), "211.36", "上标“注”"),
    "pronounced": ("<t>甲</t><rPh sb='0' eb='1'><t>jia</t></rPh>", "甲", ""),
    "in runs": (run("211") + run(".36"), "211.36", ""),
    "in white": (run("211") + run(".36", "white"), "211", "与底色同色的“.36”"),
    "in white by its theme": (run("9", "theme white") + run("211.36"), "211.36", "与底色同色的“9”"),
    "in black and in red": (run("211", "black") + run(".36", "red"), "211.36", ""),
    "in white and struck out": (
        run("900", "struck") + run("8", "white") + run("211.36"),
        "211.36",
        "划掉的“900”、与底色同色的“8”",
    ),
    "a white blank": (run("211.36") + run(" ", "white"), "211.36 ", ""),
    "escaped": ("<t>甲_x000D_乙_x005F_</t>", "甲\r乙_", ""),
    "blank": ("<t xml:space='preserve'>  </t>", "", ""),
}


@pytest.mark.parametrize("inside, text, lost", RICH.values(), ids=RICH)
@pytest.mark.parametrize("shared", [False, True], ids=["in the cell", "shared"])
def test_what_of_a_text_is_text(shared, inside, text, lost, tmp_path):
    cell = (
        '<c r="A1" t="s"><v>0</v></c>'
        if shared
        else f'<c r="A1" t="inlineStr"><is>{inside}</is></c>'
    )
    found = sheet(
        f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>',
        tmp_path,
        strings=f"<sst xmlns='{MAIN}'><si>{inside}</si></sst>",
    )
    assert (found.at(0, 0), found.facts.lost.get((0, 0), "")) == (text, lost)


STYLES = f"""<styleSheet xmlns='{MAIN}'><numFmts><numFmt formatCode='0.00"%"' numFmtId='164'/><numFmt numFmtId='165' formatCode='000000'/></numFmts>
<fonts><font><sz val='11'/></font><font><strike/></font></fonts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>
<cellXfs><xf numFmtId='0' fontId='0'/><xf fontId='0' numFmtId='10'/><xf numFmtId='164'/><xf numFmtId='165'/><xf numFmtId='0' fontId='1'/><xf numFmtId='999'/></cellXfs></styleSheet>"""
VALUES = {
    "a text": ('t="str"><v>甲</v>', "甲"),
    "a truth": ('t="b"><v>1</v>', True),
    "a date": ('t="d"><v>2023-12-31</v>', "2023-12-31"),
    "a percent": ('s="1"><v>0.2948</v>', "29.48%"),
    "a literal percent": ('s="2"><v>29.48</v>', "29.48%"),
    "a code": ('s="3"><v>1001</v>', "001001"),
    "a format that is not there": ('s="5"><v>7</v>', "7"),
    "a style that is not there": ('s="77"><v>7</v>', "7"),
    "an empty text as a result": ('t="str"><f>IF(A1="","",1)</f><v></v>', ""),
    "nothing": ('s="1">', ""),
    "an error in words": ('t="str"><v>#DIV/0!</v>', Why.ERROR),
    "an error": ('t="e"><v>#REF!</v>', Why.ERROR),
    "an error without a word": ('t="e">', Why.ERROR),
    "no result": ("><f>1+1</f>", Why.UNSOLVED),
    "no result of a text": ('t="str"><f>A1</f>', Why.UNSOLVED),
    "struck out": ('s="4"><v>900</v>', Why.STRUCK),
    "a struck-out text": ('s="4" t="str"><v>900</v>', Why.STRUCK),
    "no number": ("><v>abc</v>", Why.BROKEN),
    "not finite": ("><v>nan</v>", Why.BROKEN),
    "a text that is not there": ('t="s"><v>5</v>', Why.BROKEN),
    "an unknown kind": ('t="q"><v>5</v>', Why.BROKEN),
}


@pytest.mark.parametrize("inside, wanted", VALUES.values(), ids=VALUES)
def test_what_a_cell_shows(inside, wanted, tmp_path):
    found = sheet(
        f'<row r="1"><c r="A1"><v>5</v></c><c r="B1" {inside}</c></row>',
        tmp_path,
        styles=STYLES,
        strings=f"<sst xmlns='{MAIN}'/>",
    ).at(0, 1)
    assert (
        found.why
        if isinstance(found, Unread)
        else found
        if isinstance(found, bool)
        else said(found)
    ) == wanted


# Styles: 0 on white, 1 on red.
GROUNDS = (
    f"<styleSheet xmlns='{MAIN}'><fonts><font/></fonts><fills><fill><patternFill patternType='none'/></fill>"
    "<fill><patternFill patternType='solid'><fgColor rgb='FFFF0000'/></patternFill></fill></fills>"
    "<cellXfs><xf fontId='0' fillId='0'/><xf fontId='0' fillId='1'/></cellXfs></styleSheet>"
)
COLOURED = {
    "white on white": ("white", 0, "211", False),
    "white on red": ("white", 1, "211.36", False),
    "red on red": ("red", 1, "211", False),
    "red on white": ("red", 0, "211.36", False),
}


@pytest.mark.parametrize("ink, style, text, unseen", COLOURED.values(), ids=COLOURED)
@pytest.mark.parametrize("shared", [False, True], ids=["in the cell", "shared"])
def test_whether_a_run_is_seen_depends_on_what_lies_behind_it(
    shared, ink, style, text, unseen, tmp_path
):
    inside = run("211") + run(".36", ink)
    cell = (
        f'<c r="A1" s="{style}" t="s"><v>0</v></c>'
        if shared
        else f'<c r="A1" s="{style}" t="inlineStr"><is>{inside}</is></c>'
    )
    found = sheet(
        f'<row r="1">{cell}</row>',
        tmp_path,
        strings=f"<sst xmlns='{MAIN}'><si>{inside}</si></sst>",
        styles=GROUNDS,
    )
    assert (found.at(0, 0), (0, 0) in found.facts.unseen) == (text, unseen)


@pytest.mark.parametrize("shared", [False, True], ids=["in the cell", "shared"])
def test_a_text_of_which_nothing_is_seen_is_read_and_known_as_unseen(shared, tmp_path):
    inside = run("211.36", "white")
    cell = (
        '<c r="A1" t="s"><v>0</v></c>'
        if shared
        else f'<c r="A1" t="inlineStr"><is>{inside}</is></c>'
    )
    strings = f"<sst xmlns='{MAIN}'><si>{inside}</si></sst>"
    found = sheet(f'<row r="1">{cell}</row>', tmp_path, strings=strings)
    assert found.at(0, 0) == "211.36" and set(found.facts.unseen) == {(0, 0)}


VIEWS = {
    "shown": ("1", Unread(Why.FORMULA, "7")),
    "not shown": ("0", 7.0),
}


@pytest.mark.parametrize("on, wanted", VIEWS.values(), ids=VIEWS)
def test_a_sheet_that_shows_formulas_shows_no_results(on, wanted, tmp_path):
    found = sheet(
        '<row r="1"><c r="A1"><v>5</v></c><c r="B1"><f>A1+2</f><v>7</v></c><c r="C1"><f t="shared" si="0"/><v>7</v></c></row>',
        tmp_path,
        before=f'<sheetViews><sheetView showFormulas="{on}" workbookViewId="0"/></sheetViews>',
    )
    assert list(found.rows[0]) == [5.0, wanted, wanted]


def test_hidden_lines_and_merged_cells(tmp_path):
    found = sheet(
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c><c r="D1"><v>2</v></c></row><row r="2" ht="0"><c r="A2"><v>1</v></c></row><row r="3" hidden="0"><c r="A3"><v>1</v></c></row>',
        tmp_path,
        before='<cols><col min="2" max="2" hidden="true"/><col min="4" max="16384" width="0"/></cols>',
        after='<mergeCells><mergeCell ref="A2:B3"/></mergeCells>',
    )
    assert (found.facts.hidden_rows, found.facts.hidden_columns) == ({0, 1}, {1, 3})
    assert found.merged() == [((1, 0), (2, 1))] and found.covered() == {
        (1, 1): (1, 0),
        (2, 0): (1, 0),
        (2, 1): (1, 0),
    }


REFUSED = {
    "a document type": book(USUAL, declared='<!DOCTYPE x [<!ENTITY a "1">]>'),
    "not closed": book(USUAL + "<row>"),
    "another root": {**book(USUAL), "xl/worksheets/sheet1.xml": "<html/>"},
    "a cell twice": book('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
    "a cell in another row": book('<row r="1"><c r="A7"><v>1</v></c></row>'),
    "no name of a cell": book('<row r="1"><c r="1A"><v>1</v></c></row>'),
    "no part": book(USUAL, target="worksheets/sheet9.xml"),
    "too many cells": book(
        '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="9999"><c r="A9999"><v>1</v></c></row>'
    ),
    "merged over everything many times": book(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1999"><c r="ALL1999"><v>1</v></c></row>',
        after="<mergeCells>" + '<mergeCell ref="A1:ALL1999"/>' * 9 + "</mergeCells>",
    ),
}


@pytest.mark.parametrize("parts", REFUSED.values(), ids=REFUSED)
def test_a_sheet_that_is_not_whole_is_refused_and_the_file_goes_on(parts, tmp_path):
    found = opened(parts, tmp_path)
    assert [name for name, _why, _fix in found.refused] == ["公开01表"] and not found.sheets


def test_hidden_sheets_are_named(tmp_path):
    assert [
        opened(book(USUAL, state=f'state="{state}"'), tmp_path).hidden
        for state in ("hidden", "veryHidden")
    ] == [["公开01表"]] * 2


def received(tmp_path, change):
    """公开01表 with B8 and its neighbours changed by openpyxl or in its XML."""
    save(tmp_path / "a.xlsx", {"封面": COVER, "公开01表": accounts()})
    with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
        parts = {n: file.read(n).decode() for n in file.namelist()}
    part = Package((tmp_path / "a.xlsx").read_bytes()).sheets["公开01表"]
    assert parts[part].count('<c r="B8" t="n"><v>12.5</v></c>') == 1
    change(parts, part)
    (tmp_path / "a.xlsx").write_bytes(packed(parts))
    found = receive(connect(), tmp_path, ACCOUNTS)
    (row,) = rows(found, "收入支出决算表")
    return row.get("上级补助收入"), problems(found), problems(found, notes=True)


def cell_is(inside):
    def change(parts, part):
        parts[part] = parts[part].replace(
            '<c r="B8" t="n"><v>12.5</v></c>', f'<c r="B8" {inside}</c>'
        )

    return change


def sheet_has(before="", after=""):
    def change(parts, part):
        parts[part] = (
            parts[part]
            .replace("<sheetData>", f"{before}<sheetData>")
            .replace("</sheetData>", f"</sheetData>{after}")
        )

    return change


# What is done to the cell that holds 12.5 万元 -> what is read (None: missing), what a problem says, what a remark says.
TOLD = {
    "as it is": (cell_is("><v>12.5</v>"), 125000, "", ""),
    "an error": (cell_is('t="e"><v>#N/A</v>'), None, "#N/A", ""),
    "no result": (cell_is("><f>1+1</f>"), None, "没有算出", ""),
    "an empty result": (cell_is('t="str"><f>""</f><v></v>'), 0, "", ""),
    "struck out in part": (
        cell_is(f't="inlineStr"><is>{run("900", "struck")}{run("12.5")}</is>'),
        125000,
        "",
        "划掉的“900”",
    ),
    "a raised mark": (
        cell_is(f't="inlineStr"><is>{run("12.5")}{run("1", "raised")}</is>'),
        125000,
        "",
        "“¹”",
    ),
    "a mark": (cell_is('t="str"><v>12.5①</v>'), 125000, "", "“①”"),
    "two lines": (cell_is('t="str"><v>12&#10;500</v>'), None, "读不成数", ""),
    "hidden row": (
        lambda parts, part: parts.update(
            {part: parts[part].replace('<row r="8"', '<row r="8" hidden="1"')}
        ),
        125000,
        "隐藏的第 8 行里",
        "",
    ),
    "hidden column": (
        sheet_has('<cols><col min="2" max="2" hidden="1"/></cols>'),
        125000,
        "隐藏的 B 列",
        "",
    ),
    "merged with a figure above": (
        lambda parts, part: (
            cell_is(">")(parts, part),
            sheet_has(after='<mergeCells><mergeCell ref="B7:B8"/></mergeCells>')(parts, part),
        ),
        None,
        "合并",
        "",
    ),
    "merged with a label": (
        lambda parts, part: (
            cell_is(">")(parts, part),
            sheet_has(after='<mergeCells><mergeCell ref="A8:B8"/></mergeCells>')(parts, part),
        ),
        0,
        "",
        "",
    ),
}


@pytest.mark.parametrize("change, value, problem, remark", TOLD.values(), ids=TOLD)
def test_what_is_told_of_a_figure(change, value, problem, remark, tmp_path):
    read, wrong, remarks = received(tmp_path, change)
    assert read == value
    assert [words for words in wrong if problem in words[1]] == wrong and bool(wrong) == bool(
        problem
    ), wrong
    assert not remark or [place for place, words in remarks if remark in words] == [
        "公开01表!B8"
    ], remarks


WORKED_OUT = {
    "a result": ("12.5", 125000, "", "打开时重算"),
    "what a program puts there": ("0", None, "没有算出", ""),
    "the same in other signs": ("0.0", None, "没有算出", ""),
}


@pytest.mark.parametrize("held, value, problem, remark", WORKED_OUT.values(), ids=WORKED_OUT)
@pytest.mark.parametrize("anew", [True, False])
def test_formulas_that_are_worked_out_anew_when_the_workbook_is_opened(
    anew, held, value, problem, remark, tmp_path
):
    """Programs that work out nothing write 0, and ask whoever opens the workbook to do it."""

    def change(parts, part):
        cell_is(f"><f>B6/8</f><v>{held}</v>")(parts, part)
        (name,) = (n for n in parts if n.endswith("workbook.xml"))
        assert 'fullCalcOnLoad="1"' in parts[name]
        if not anew:
            parts[name] = parts[name].replace('fullCalcOnLoad="1"', "")

    read, wrong, remarks = received(tmp_path, change)
    assert read == (value if anew else float(held) * 10000)
    assert [p for p, what in wrong if anew and problem and problem in what] == [
        p for p, _w in wrong
    ]
    assert bool(wrong) is bool(anew and problem)
    assert [p for p, what in remarks if remark and remark in what] == (
        ["公开01表!B8"] if anew and remark else []
    )


FORMATS = {
    "rounded": ("0.0", 12.46, 125000, "存的是 12.46，显示的是 12.5"),
    "scaled": ("0!.0000", 125000, 125000, "存的是 125000，显示的是 12.5000"),
    "thousands": ("0.0,", 12500, 125000, "显示的是 12.5"),
    "in words": ('0.0"万元"', 12.5, 125000, ""),
    "zeros": ("0000.0", 12.5, 125000, ""),
    "accounting": ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 12.5, 125000, ""),
    "nothing": (";;;", 12.5, None, "不显示"),
    "no format": ("0 foo", 12.5, None, "数字格式"),
    "yuan": ('#,##0"元"', 125000, 125000, ""),
}


@pytest.mark.parametrize("code, held, value, words", FORMATS.values(), ids=FORMATS)
def test_a_figure_is_what_its_cell_shows(code, held, value, words, tmp_path):
    import openpyxl

    save(tmp_path / "a.xlsx", {"封面": COVER, "公开01表": accounts(value=held)})
    file = openpyxl.load_workbook(tmp_path / "a.xlsx")
    file["公开01表"]["B8"].number_format = code
    file.save(tmp_path / "a.xlsx")
    found = receive(connect(), tmp_path, ACCOUNTS)
    (row,) = rows(found, "收入支出决算表")
    told = [(p.at.cell, p.note) for p in found.problems if words and words in p.what]
    assert row.get("上级补助收入") == value and told == (
        [("B8", value is not None)] if words else []
    )
    cell = found.held.rows(TABLES["收入支出决算表"], "U001", 2023)[0].cells.get("上级补助收入")
    assert code != "0.0" or cell.half == 500
