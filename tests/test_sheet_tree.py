"""A sheet read at once is the sheet that reading it element by element gives; what is written unusually is left to the latter."""

import random

import pytest

from gouji.intake.workbooks.cell_styles import Styles
from gouji.intake.workbooks.cell_texts import Shared
from gouji.intake.workbooks.number_format import Display, display
from gouji.intake.workbooks.sheet_grid import TOO_LONG, Grid, TooLarge, Wordbook
from gouji.intake.workbooks.sheet_tree import AT_ONCE, at_once
from gouji.intake.workbooks.sheet_xml import go_through, read_sheet
from gouji.intake.workbooks.xml_elements import MAIN, Malformed

FORMATS = ("General", "0.00", "#,##0.00", "0%", "0.0000", "yyyy-mm-dd", ";;;", "0!.0000", "0000")
WORDS = Wordbook(
    Shared(("甲", " 211.36", "#N/A", ""), {1: "划掉的“9”"}),
    Styles.of(FORMATS, [False] * 8 + [True]),
)
HEAD = f'<worksheet xmlns="{MAIN[0]}">'


def sheet(rows, before="", after="", head=HEAD, end="</worksheet>"):
    return f"{head}{before}<sheetData>{rows}</sheetData>{after}{end}".encode()


def outcome(read, raw):
    """What reading a part gives: the sheet with the classes of its values, or why not."""
    grid = Grid(WORDS)
    try:
        read([raw], grid)
        made = grid.sheet("表")
    except (Malformed, TooLarge) as fault:
        return type(fault).__name__, str(fault)
    return repr(made), [[(type(v).__name__, repr(v)) for v in row] for row in made.rows]


def same(raw):
    """Whether it was read at once; then as the other way reads it, and in any case `read_sheet` gives that."""
    slow = outcome(go_through, raw)
    grid = Grid(WORDS)
    quick = at_once([raw], grid)
    if quick:
        assert outcome(at_once, raw) == slow
    try:
        made = read_sheet("表", lambda: [raw], WORDS)
    except (Malformed, TooLarge) as fault:
        assert (type(fault).__name__, str(fault)) == slow
    else:
        assert repr(made) == slow[0]
    return quick


CELL = '<c r="A1"><v>1</v></c>'
USUAL = {
    "numbers": '<row r="1"><c r="A1"><v>211.36</v></c><c r="B1" s="1"><v>-0.005</v></c></row>',
    "shared strings": '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c t="s"><v>9</v></c></row>',
    "texts in cells": '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> 甲_x0041_ </t></is></c></row>',
    "formulas": '<row r="1"><c r="A1"><f>B1*2</f><v>3</v></c><c r="B1"><f>1+</f></c><c r="C1" t="str"><f/><v>#N/A</v></c></row>',
    "errors": '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="e"/></row>',
    "laid out": '\n <row r="1">\n  <c r="A1">\n <v> 12 </v>\n </c>\n </row>\n',
    "comments and CDATA": '<row r="1"><c r="A1"><v>1<!-- 2 -->3</v></c><c r="B1"><v><![CDATA[4.5]]></v></c></row>',
    "entities": '<row r="1"><c r="A1"><v>&#49;2</v></c><c r="B1" t="str"><v>a&amp;b</v></c></row>',
    "without names": "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>",
    "hidden rows": '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" ht="0"><c r="A2"><v>1</v></c></row>',
    "no rows": "",
}
UNUSUAL = {
    "a value twice": '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
    "a value in pieces": '<row r="1"><c r="A1"><v>1<x/>2</v></c></row>',
    "text behind a value": '<row r="1"><c r="A1"><v>1</v>2</c></row>',
    "text behind a cell": f'<row r="1">{CELL}2</row>',
    "text between rows": f'<row r="1">{CELL}</row>3<row r="2"/>',
    "rich text in a cell": '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><strike/></rPr><t>9</t></r><r><t>8</t></r></is></c></row>',
    "a cell twice": f'<row r="1">{CELL}{CELL}</row>',
    "a cell of another row": '<row r="1"><c r="A2"><v>1</v></c></row>',
    "a name that is none": '<row r="1"><c r="?"><v>1</v></c></row>',
    "something else in a row": f'<row r="1">{CELL}<extLst/></row>',
}


@pytest.mark.parametrize("rows", USUAL.values(), ids=USUAL)
def test_what_is_written_as_usual_is_read_at_once(rows):
    assert same(sheet(rows))


@pytest.mark.parametrize("rows", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_written_otherwise_is_left_to_the_other_way(rows):
    assert not same(sheet(rows))


COLUMNS = '<sheetFormatPr zeroHeight="1"/><cols><col min="2" max="3" hidden="1"/><col min="1" max="1" width="3"/></cols>'
BEHIND = (
    '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    '<conditionalFormatting sqref="A1:A9"><cfRule type="cellIs" dxfId="0"><formula>0</formula></cfRule></conditionalFormatting>'
    "<headerFooter><oddHeader>&amp;L单位：万元&amp;R12</oddHeader></headerFooter>"
)
ROW = f'<row r="1">{CELL}</row>'
PARTS = {
    "all around": (sheet(ROW, COLUMNS, BEHIND), True),
    "prefixed": (
        f'<x:worksheet xmlns:x="{MAIN[0]}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'.encode(),
        True,
    ),
    "strict": (sheet(ROW, head=f'<worksheet xmlns="{MAIN[1]}">'), True),
    "without namespace": (sheet(ROW, head="<worksheet>"), True),
    "foreign namespace": (sheet(ROW, head='<worksheet xmlns="urn:x">'), False),
    "not a sheet": (b"<chartsheet/>", False),
    "not whole": (sheet(ROW, end=""), False),
    "a document type": (b"<!DOCTYPE x [<!ENTITY a '1'>]>" + sheet(ROW), False),
    "UTF-16": (f'<?xml version="1.0" encoding="UTF-16"?>{sheet(ROW).decode()}'.encode("utf-16"), False),
    "a code page": (b'<?xml version="1.0" encoding="iso-8859-1"?>' + sheet(ROW), True),
    "an encoding that nobody knows": (b'<?xml version="1.0" encoding="x-no"?>' + sheet(ROW), False),
    "a merged area that is none": (sheet(ROW, after='<mergeCell ref="?"/>'), False),
    "a row behind the rows": (sheet(ROW, after=ROW), False),
    "text behind an element": (sheet(ROW, after="<oddFooter>1</oddFooter>2"), False),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "quick"), PARTS.values(), ids=PARTS)
def test_parts(raw, quick):
    assert same(raw) is quick


def test_a_document_type_is_seen_over_the_edge_of_a_piece():
    raw = b"<!DOCTYPE x>" + sheet(ROW)
    for cut in range(1, 12):
        assert not at_once([raw[:cut], raw[cut:]], Grid(WORDS))
    assert not at_once(iter([b"<a>" + b" " * AT_ONCE]), Grid(WORDS))


def _cell(rng, row, column):
    name = f' r="{chr(65 + column)}{row}"' if rng.random() < 0.9 else ""
    style = f' s="{rng.randrange(10)}"' if rng.random() < 0.6 else ""
    text = rng.choice(
        [f"{rng.uniform(-1e4, 1e4):.{rng.randrange(5)}f}", "0", "", "1e20", "nan", "1_0", "１２", "45000", "-3"]
    )  # fmt: skip
    kind = rng.choice(
        ["", "", "", ' t="n"', ' t="s"', ' t="str"', ' t="b"', ' t="e"', ' t="d"', ' t="x"']
    )
    if rng.random() < 0.2:
        return f'<c{name}{style} t="inlineStr"><is><t>{text}</t></is></c>'
    return f"<c{name}{style}{kind}>{'<f>1</f>' * (rng.random() < 0.1)}{f'<v>{text}</v>' * (rng.random() < 0.9)}</c>"


@pytest.mark.parametrize("seed", range(60))
def test_random_sheets_are_the_same_both_ways(seed):
    rng = random.Random(seed)
    rows = "".join(
        f'<row r="{row}">{"".join(_cell(rng, row, column) for column in range(6))}</row>'
        for row in range(1, 8)
    )
    same(sheet(rows))


@pytest.mark.parametrize("code", ["0.00", "#,##0.00", "0", "0.0000", "0.000000"])
def test_a_number_that_is_shown_as_it_is_held_is_what_its_format_says(code):
    shown, rng = display(code), random.Random(7)
    assert isinstance(shown, Display)
    grid = Grid(Wordbook(Shared(), Styles.of([code], [False])))
    texts = [
        f"{rng.uniform(0, 10 ** rng.randrange(1, 14)):.{rng.randrange(8)}f}" for _ in range(3000)
    ]
    texts += [repr(rng.uniform(0, 1000)) for _ in range(1000)] + [
        "1e13",
        "9999999999999.99",
        str(TOO_LONG),
        "0.005",
        "1.005",
    ]
    for text in texts:
        made, said = grid._number(text, {}, 0), shown.show(float(text), 0)
        assert (type(made), repr(made)) == (type(said), repr(said)), text
