"""A sheet that is written like one read before is the sheet that reading it element by element gives; whatever differs elsewhere than in one text of a cell is read in the other ways."""

import random
import re
from dataclasses import replace

import pytest

from gouji.intake.finding.stated_units import telling
from gouji.intake.finding.titles import top_words
from gouji.intake.workbooks import sheet_xml
from gouji.intake.workbooks.cell_styles import Condition, Styles
from gouji.intake.workbooks.cell_texts import Shared
from gouji.intake.workbooks.sheet import Sight
from gouji.intake.workbooks.sheet_alike import Templates, written
from gouji.intake.workbooks.sheet_grid import Grid, TooLarge, Wordbook
from gouji.intake.workbooks.sheet_tree import at_once
from gouji.intake.workbooks.sheet_xml import go_through
from gouji.intake.workbooks.workbook_file import open_book
from gouji.intake.workbooks.xml_elements import MAIN, Malformed
from ways.check import sent
from ways.further import READ, TOLD

FORMATS = ("General", "0.00", "#,##0.00", "0%", "0.0", "yyyy-mm-dd", ";;;", "0.00", "0.00")
STYLES = Styles.of(FORMATS, [False] * 7 + [True, False], [None] * 8 + [Sight.SMALL], [Condition()])
STRINGS = Shared(("甲", "#N/A", "", "乙"), {3: "划掉的“9”"}, {3: (("乙", ("rgb", "FFFFFF", "")),)})
WORDS = Wordbook(STRINGS, STYLES)
HEAD = f'<worksheet xmlns="{MAIN[0]}"><sheetFormatPr/><cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
END = '</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
CELLS = {
    "": ("1", "211.36", "0", "-3.5", "1e20", "0.005", "12 ", "1_0", "１２", "x", " ", "nan", "99999999999999"),
    ' t="s"': ("0", "1", "2", "3", "4", "-1", "x"),
    ' t="str"': ("甲", "#N/A", " ", "a&amp;b", "2022"),
    ' t="e"': ("#REF!", "#N/A"),
    ' t="d"': ("2022-01-31", "2022", "x"),
    ' t="b"': ("1", "0"),
    ' t="x"': ("1",),
}  # fmt: skip
INLINE = (
    "甲",
    "单位：元",
    "收入决算表",
    "_x0041_",
    "#N/A",
    " ",
    "&#30002;",
    "a&lt;v&gt;",
    "甲\n乙",
    "2022",
    "-",
)


def outcome(made):
    """A sheet as words; facts of cells in order."""
    facts = made.facts
    cells = [sorted(map(repr, d.items())) for d in (facts.lost, facts.held, facts.unseen)]
    flags = facts.unread, facts.long, facts.hidden_rows, facts.hidden_columns, facts.worked_out
    lines = (
        facts.narrow,
        facts.widths,
        facts.heights,
        facts.page,
        facts.masks,
        facts.floating,
        facts.overlays,
    )
    # What is found from the words alone, which sheets of one template may have together.
    words = list(made.texts()), list(top_words(made)), telling(replace(made, telling=None))
    return [[(type(v).__name__, repr(v)) for v in row] for row in made.rows], cells, flags, lines, repr(made.areas), words  # fmt: skip


def slow(raw, words=WORDS):
    """The sheet, element by element; why not."""
    grid = Grid(words)
    try:
        go_through([raw], grid)
        return outcome(grid.sheet("表"))
    except (Malformed, TooLarge) as fault:
        return str(fault)


def learn(templates, raw, words=WORDS):
    """Read a sheet at once, twice, so that it may be kept."""
    for _ in range(2):
        grid = Grid(words)
        if at_once([raw], grid):
            templates.learn(written([raw]), grid.sheet("表"), grid)


def alike(templates, raw, words=WORDS):
    """What a sheet is by its template, None where it is read otherwise; in any case what it is element by element."""
    own = written([raw])
    made = templates.read("表", own, words) if own is not None else None
    assert made is None or outcome(made) == slow(raw, words)
    return made


def cells(rng, formulas=True):
    """Cells of a sheet, each its tag and the kind of its text."""
    made = []
    for row in range(1, 5):
        for column in "ABCDE":
            kind = rng.choice([*CELLS, "", "", ""])
            style = f' s="{rng.randrange(len(FORMATS))}"' if rng.random() < 0.7 else ""
            if rng.random() < 0.2:
                made.append((row, f'<c r="{column}{row}"{style} t="inlineStr"><is><t>', None))
            elif rng.random() < 0.9:
                formula = "<f>B1*2</f>" * (formulas and rng.random() < 0.1)
                made.append((row, f'<c r="{column}{row}"{style}{kind}>{formula}<v>', kind))
    return made


def sheet(rng, made, usual=0.0):
    """A sheet with those cells and other texts, `usual`: how many of the texts are plain."""
    rows = {n: "" for n in range(1, 5)}
    for row, head, kind in made:
        plain = rng.random() < usual
        texts = INLINE if kind is None else CELLS[kind]
        text = texts[0] if plain else rng.choice(texts)
        if kind == "" and plain:
            text = f"{rng.uniform(-100, 10000):.2f}"
        rows[row] += head + text + ("</t></is></c>" if kind is None else "</v></c>")
    return (
        HEAD + "".join(f'<row r="{n}" ht="{n}">{cells}</row>' for n, cells in rows.items()) + END
    ).encode()


@pytest.mark.parametrize("seed", range(60))
def test_sheets_with_other_texts(seed):
    rng, templates = random.Random(seed), Templates()
    made = cells(rng, seed % 2 == 0)
    # Nothing lies below the merged area, and no text is a blank.
    made = [one for one in made if '"B1"' not in one[1]]
    learn(templates, sheet(rng, made, 1.0))
    read = [alike(templates, sheet(rng, made, share)) for share in [0.9] * 20 + [0.0] * 20]
    wary = Wordbook(STRINGS, STYLES, 1462, worked_out_anew=True)
    for _ in range(10):
        alike(templates, sheet(rng, made, 1.0), wary)
    assert not templates.known or alike(templates, sheet(rng, made, 1.0)) is not None
    assert not templates.known or any(one is not None for one in read)


SHEET = HEAD + (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>项目</t></is></c></row>'
    '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>12.5</v></c><c r="C2"><v>3</v></c></row>'
) + END  # fmt: skip
# What is written at another place than in a text, or is no plain text: a part of the sheet, what stands in its place.
DIFFERENT = {
    "a reference": ("12.5", "&#49;"),
    "references": ("12.5", "1&#50;.5"),
    "a comment": ("12.5", "<!-- 12.5 -->"),
    "a comment within": ("12.5", "12<!-- 3 -->.5"),
    "a processing instruction": ("12.5", "<?x 12.5?>"),
    "CDATA": ("12.5", "<![CDATA[12.5]]>"),
    "an element within": ("12.5", "<x/>"),
    "a line break": ("12.5", "\r"),
    "nothing": ("12.5", ""),
    "underscores": ("12.5", "1_2"),
    "figures of another script": ("12.5", "１２"),
    "a blank text": ("项目", " "),
    "another style": ('s="1"', 's="2"'),
    "another kind": ('t="s"', 't="str"'),
    "another cell": ('r="C2"', 'r="D2"'),
    "a cell of another row": ('r="C2"', 'r="C3"'),
    "a value moved": ("<v>12.5</v></c>", "</c><v>12.5</v>"),
    "tags as text": ('<c r="C2">', "&lt;c r=&quot;C2&quot;&gt;"),
    "a cell less": ('<c r="C2"><v>3</v></c>', ""),
    "a hidden row": ('<row r="2">', '<row r="2" hidden="1">'),
    "another merged area": ("A1:B1", "A1:B2"),
    "another namespace": (MAIN[0], "urn:x"),
    "a prefix of nothing": ("<v>3</v>", "<x:v>3</x:v>"),
    "not whole": ("</worksheet>", ""),
    "a document type": ("<worksheet", "<!DOCTYPE worksheet><worksheet"),
    "quotes": ('r="C2"', "r='C2'"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_elsewhere_is_read_in_the_other_ways(part, other):
    templates = Templates()
    learn(templates, SHEET.encode())
    assert alike(templates, SHEET.replace("12.5", "13.25").encode()) is not None
    assert SHEET.count(part) >= 1
    assert alike(templates, SHEET.replace(part, other, 1).encode()) is None


# What keeps a sheet from standing for others.
UNFIT = {
    "an error": ('<c r="C2">', '<c r="D1" t="e"/><c r="C2">'),
    "a formula without a value": ("<v>3</v>", "<f>A1</f>"),
    "something below a merged area": ("</c></row>", '</c><c r="B1"><v>5</v></c></row>'),
    "the same below a merged area": (
        "</c></row>",
        '</c><c r="B1" t="inlineStr"><is><t>项目</t></is></c></row>',
    ),
    "a value in pieces": ("12.5", "1&#50;"),
    "a cell without a name": (' r="C2"', ""),
    "a text that shows nothing": ("<v>3</v>", "<v> </v>"),
    "formulas that are shown": (
        "<cols>(.*)<v>3",
        r'<sheetView showFormulas="1"/><cols>\1<f>A1</f><v>3',
    ),
    "a rich text": ("<t>项目</t>", "<r><t>项目</t></r>"),
}


@pytest.mark.parametrize(("part", "other"), UNFIT.values(), ids=UNFIT)
def test_sheets_that_stand_for_no_others(part, other):
    templates = Templates()
    raw = re.sub(part, other, SHEET, count=1)
    assert raw != SHEET
    learn(templates, raw.encode())
    assert not templates.known


def test_texts_that_are_no_value_may_hold_references():
    templates, raw = Templates(), SHEET.replace("项目", "项&#30446; &amp; 他")
    learn(templates, raw.encode())
    assert alike(templates, raw.replace("12.5", "7").encode()) is not None
    assert alike(templates, raw.replace("30446", "30447").encode()) is None


def test_other_styles_are_another_workbook():
    templates = Templates()
    learn(templates, SHEET.encode())
    assert alike(templates, SHEET.encode(), Wordbook(STRINGS, Styles.of(FORMATS, []))) is None


def test_shared_strings_are_those_of_the_own_workbook():
    templates = Templates()
    learn(templates, SHEET.encode())
    own = Wordbook(Shared(("丙",), {0: "划掉的“1”"}), STYLES)
    made = alike(templates, SHEET.encode(), own)
    assert made.rows[1][0] == "丙"
    assert made.facts.lost == {(1, 0): "划掉的“1”"}


def test_other_encodings():
    templates = Templates()
    learn(templates, SHEET.encode())
    assert alike(templates, SHEET.encode("utf-16")) is None
    assert alike(templates, b'<?xml version="1.0" encoding="x-no"?>' + SHEET.encode()) is None


def test_what_is_kept_is_bounded(monkeypatch):
    templates = Templates()
    monkeypatch.setattr("gouji.intake.workbooks.sheet_alike.KEPT_AT_MOST", 1200)
    monkeypatch.setattr("gouji.intake.workbooks.sheet_alike.SEEN_AT_MOST", 2)
    for n in range(1, 9):
        learn(templates, SHEET.replace("</row>", "</row>" + "<row/>" * n, 1).encode())
        assert templates.kept <= 1200
        assert len(templates.seen) <= 2


def test_what_is_said_of_one_sheet_later_is_said_of_no_other():
    """A workbook says of its own sheet what shapes over it say, such as a unit of money."""
    raw = (
        HEAD + '<row r="1"><c r="A1" t="str"><v>甲</v></c><c r="C1"><v>5</v></c></row>' + END
    ).encode()
    templates = Templates()
    for _time in range(2):
        grid = Grid(WORDS)
        assert at_once([raw], grid)
        first = grid.sheet("表")
        templates.learn(written([raw]), first, grid)
    first.facts.page += ("单位：元",)
    first.facts.hidden_rows = frozenset({0})
    first.rows[0][2] = 7.0
    other = raw.replace(b"<v>5</v>", b"<v>6</v>")
    assert alike(templates, other) is not None


def opened(path):
    """Every sheet of a workbook, with all that is said of it."""
    book = open_book(path, path.name)
    return [(sheet.name, outcome(sheet)) for sheet in book.sheets], book.hidden, book.refused


@pytest.mark.parametrize("seed", range(3))
def test_no_workbook_depends_on_those_read_before(seed, tmp_path, monkeypatch):
    """Workbooks written in many ways, each read alone and then among all the others, several times."""
    rng = random.Random(seed)
    every = {**READ, **TOLD}
    paths = []
    for number, name in enumerate(rng.sample(sorted(every), 12)):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths += [folder / file for file in sent(every[name], folder, 2)]
    paths = [path for path in paths if path.suffix == ".xlsx"]
    alone = {}
    for path in paths:
        monkeypatch.setattr(sheet_xml, "_templates", Templates())
        alone[path] = opened(path)
    monkeypatch.setattr(sheet_xml, "_templates", Templates())
    for _round in range(3):
        rng.shuffle(paths)
        for path in paths:
            assert opened(path) == alone[path], path
    assert sheet_xml._templates.known
