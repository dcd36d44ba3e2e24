"""Workbooks in: blank forms read back as they were filled, every kind of bad input has its stated outcome, everything is counted."""

import io
import os
import random
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from filled import filled, tables, workbook
from gouji.base.faults import DataError
from gouji.intake import read_folder, receive
from gouji.intake.ledger import temporary_tables as scratch
from gouji.intake.values.arrow_figures import numbers
from gouji.intake.values.figure_text import FigureFault, is_blank, read_figure
from gouji.intake.values.sql_figures import (
    half_of,
    is_nothing,
    is_plain,
    is_plain_number,
    number_half,
    number_value,
    value_of,
)
from gouji.intake.workbooks.sheet import address, figure_text, said, shown_kind
from gouji.intake.workbooks.to_arrow import FEW_ROWS, read_one
from gouji.intake.workbooks.workbook_file import open_book
from gouji.returns.write import workbook_bytes
from gouji.rules.table import Column, ColumnType
from gouji.run import connect
from spoilt import spoil, spoil_csv, spoil_old

# Written by LibreOffice from a workbook of `few`: 公开02表 hidden, B9 of 公开01表 =1/0, B10 =2.5*2, B11 the text 1,320.73, a percent as a number.
OLD = Path(__file__).parent / "old" / "forms.xls"
TABLES = tables()
ACCOUNTS = {name: TABLES[name] for name in ("单位", "收入支出决算表")}
FEW = {
    name: TABLES[name]
    for name in (
        "单位",
        "收入支出决算表",
        "收入决算表",
        "国有资产使用情况表",
        "政府采购情况表",
        "应报清单",
    )
}


def took(folder, described=FEW):
    """What was received of a folder; the counts must add up whatever is in it."""
    found = receive(connect(), folder, described)
    assert found.rows_in == found.rows_accepted + found.rows_set_aside
    return found


def few(change=None, seed=1):
    sheets, values = filled(FEW, seed, 6)
    if change is not None:
        change(sheets, values)
    return workbook_bytes(sheets, values, notes=False)


def told(submission, *, notes=False):
    return [p for p in submission.problems if p.note is notes]


def given_by_targets(table):
    """Columns whose figures come from the text of a target or of what was reached."""
    return {name for column in table.columns for name in column.gives or {}}


def test_what_was_filled_in_is_what_is_read(tmp_path):
    raw, sheets, values = workbook()
    (tmp_path / "U001.xlsx").write_bytes(raw)
    found = receive(connect(), tmp_path / "U001.xlsx", TABLES)
    # A target in words that are filled in at random need not fit the sign in the same row.
    unfit = [p for p in told(found) if p.at.column != "年度指标值"]
    assert unfit == [] and found.rows_in == found.rows_accepted > 100
    wrong = []
    for sheet in sheets:
        for (row, col), cell in sheet.inputs.items():
            at, wanted = (
                address(row, col),
                values.get((sheet.name, row, col), sheet.labels.get((row, col))),
            )
            read = [
                c
                for r in found.held.rows(cell.table, "U001", 2023)
                for name, c in r.cells.items()
                if name == cell.column.name and (c.at.sheet, c.at.cell) == (sheet.name, at)
            ]
            if cell.column.name in given_by_targets(cell.table):
                continue
            if len(read) != 1 or (
                cell.column.numeric and read[0].value != read_figure(str(wanted), cell.column).value
            ):
                wrong.append((sheet.name, at, wanted, read))
    assert wrong == []


def change_cell(name, label, value):
    def change(sheets, values):
        for sheet in sheets:
            for (row, col), cell in sheet.inputs.items():
                if sheet.name == name and cell.column.name == label:
                    values[name, row, col] = value
                    return
        raise KeyError(label)

    return change


FIGURES = {
    "commas": ("1,320.73", Decimal("13207300.00")),
    "full width": ("１３２０．７３", Decimal("13207300.00")),
    "spaces": (" 1 320.73 ", Decimal("13207300.00")),
    "parentheses": ("(12.50)", Decimal("-125000.00")),
    "own unit": ("28,900元", Decimal("28900.00")),
    "dash": ("—", Decimal(0)),
    "slash": ("/", Decimal(0)),
    "none": ("无", Decimal(0)),
    "a number": (1320.73, Decimal("13207300.00")),
    "a sum's noise": (0.1 + 0.2, Decimal("3000.00")),
    "words": ("约12万", None),
    "two points": ("1.2.3", None),
    "exponent": ("1e3", None),
    "far too long": ("9" * 60, None),
    "finer than shown": (1 / 3, Decimal("3300.00")),
}


@pytest.mark.parametrize("typed, value", FIGURES.values(), ids=FIGURES)
def test_what_people_type(typed, value, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(few(change_cell("公开01表", "上级补助收入", typed)))
    found = took(tmp_path)
    cell = found.held.rows(FEW["收入支出决算表"], "U001", 2023)[0].cells.get("上级补助收入")
    if value is None:
        (problem,) = told(found)
        assert cell is None and (problem.at.file, problem.at.sheet, problem.at.cell) == (
            "a.xlsx",
            "公开01表",
            "B9",
        )
    else:
        assert told(found) == [] and cell.value == value


def rename(sheets, values, sheet, name):
    for key in [k for k in values if k[0] == sheet.name]:
        values[name, key[1], key[2]] = values.pop(key)
    sheet.name = name


def renamed(sheets, values):
    for number, sheet in enumerate(list(sheets)):
        if sheet.name != "封面":
            rename(sheets, values, sheet, f"Sheet{number}")


def moved(sheets, values):
    for sheet in sheets:
        if sheet.name == "封面":
            continue
        for key in sorted((k for k in values if k[0] == sheet.name), reverse=True):
            values[sheet.name, key[1] + 3, key[2] + 2] = values.pop(key)
        sheet.labels = {(r + 3, c + 2): t for (r, c), t in sheet.labels.items()} | {(0, 0): "附件2"}
        sheet.inputs = {(r + 3, c + 2): i for (r, c), i in sheet.inputs.items()}
        sheet.headers = set()
        sheet.merged = []


def extra_column(sheets, values):
    for sheet in sheets:
        if sheet.name == "公开02表":
            sheet.labels[3, 9] = "备注"
            values["公开02表", 4, 9] = "见说明"


def in_yuan(sheets, values):
    for sheet in sheets:
        if sheet.name == "公开01表":
            sheet.labels = {
                at: t.replace("万元", "元") if "单位" in t else t for at, t in sheet.labels.items()
            }
            for row, col in sheet.inputs:
                values[sheet.name, row, col] = values[sheet.name, row, col] * 10000


SAME = {
    "as it is": None,
    "renamed sheets": renamed,
    "shifted rows and columns": moved,
    "an extra column": extra_column,
    "in yuan": in_yuan,
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_the_look_of_a_form_changes_no_figure(change, tmp_path):
    for name, spoilt in (("a", None), ("b", change)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "u.xlsx").write_bytes(few(spoilt))
    one, two = took(tmp_path / "a"), took(tmp_path / "b")
    assert told(two) == []
    for table in FEW.values():
        a, b = (
            [{n: c.value for n, c in r.cells.items()} for r in s.held.rows(table, "U001", 2023)]
            for s in (one, two)
        )
        assert a == b, table.table


def parts_of(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return {n: book.read(n) for n in book.namelist()}


def packed(parts, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return out.getvalue()


def part_changed(name, change):
    parts = parts_of(few())
    parts[name] = change(parts[name])
    return packed(parts)


def openpyxl_changed(change):
    book = openpyxl.load_workbook(io.BytesIO(few()))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hide(book):
    book["公开02表"].sheet_state = "hidden"


def unsolved(book):
    book["公开01表"]["B9"] = "=B6+B7"


def one_more(book):
    book.copy_worksheet(book["公开01表"]).title = "公开01表 (2)"


def wrong_year(book):
    book["公开01表"]["A1"] = "2022年度收入支出决算表"


def other_unit(book):
    book["公开01表"]["A2"] = "编制单位：乙局"


def no_code(book):
    sheet = book["公开02表"]
    sheet.cell(8, 1).value = None


def far_cell(xml):
    return xml.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )


def error_value(xml):
    import re

    return re.sub(rb'<c r="B9"[^>]*>.*?</c>', b'<c r="B9" t="e"><v>#REF!</v></c>', xml)


def bomb(parts):
    parts["xl/media/a.bin"] = b"\0" * (3 << 20)
    return parts


BAD = {
    # what is sent -> what is told (words of it), how many tables are left
    "no workbook at all": (lambda: b"hello", "里面是文本 (CSV)，不是工作簿", 0),
    "cut off": (lambda: few()[:2000], "不是完整的工作簿", 0),
    "a locked one": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "工作簿", 0),
    "a zip bomb": (lambda: packed(bomb(parts_of(few()))), "压缩比超过", 0),
    "parts over parts": (
        lambda: packed({**parts_of(few()), **{f"x{i}": b"" for i in range(4100)}}),
        "部件太多",
        0,
    ),
    "a cell far out": (lambda: part_changed("xl/worksheets/sheet2.xml", far_cell), "个格子", 4),
    "a hidden sheet": (lambda: openpyxl_changed(hide), "隐藏的工作表", 4),
    "a formula without its result": (lambda: openpyxl_changed(unsolved), "公式没有算出的值", 5),
    "an error in a cell": (
        lambda: part_changed("xl/worksheets/sheet2.xml", error_value),
        "错误值",
        5,
    ),
    "the same form twice": (lambda: openpyxl_changed(one_more), "都不采用", 4),
    "a form of another year": (lambda: openpyxl_changed(wrong_year), "2022 年", 4),
    "a form of another unit": (lambda: openpyxl_changed(other_unit), "乙局", 4),
    "figures without a code": (lambda: openpyxl_changed(no_code), "却没有“科目编码”", 5),
    "a form left out": (
        lambda: openpyxl_changed(lambda b: b.remove(b["公开02表"])),
        "没有“收入决算表”这张工作表",
        4,
    ),
    "no cover, no name": (
        lambda: openpyxl_changed(lambda b: b.remove(b["封面"])),
        "认不出是哪个单位",
        0,
    ),
}


@pytest.mark.parametrize("made, words, left", BAD.values(), ids=BAD)
def test_bad_input_has_its_outcome(made, words, left, tmp_path):
    (tmp_path / "应报清单.csv").write_text(
        "单位代码,年度,单位名称\nU001,2023,单位名称1\nU002,2023,乙局\n", "utf-8"
    )
    (tmp_path / "a.xlsx").write_bytes(made())
    found = took(tmp_path)
    said_ = [f"{p.what} {p.at}" for p in told(found)]
    assert any(words in text for text in said_), said_
    assert all(p.at.file == "a.xlsx" and p.fix for p in told(found))
    rows = {t for t, of in FEW.items() if t != "应报清单" and found.held.rows(of, "U001", 2023)}
    assert len(rows) == left, rows


def test_a_name_that_begins_with_an_expected_code_says_whose_it_is(tmp_path):
    (tmp_path / "应报清单.csv").write_text("单位代码,年度,单位名称\nU001,2023,甲局\n", "utf-8")
    (tmp_path / "U001_甲局2023.xlsx").write_bytes(openpyxl_changed(lambda b: b.remove(b["封面"])))
    found = took(tmp_path)
    assert found.held.rows(FEW["收入支出决算表"], "U001", 2023) and found.filing.absent == ()


def test_the_same_unit_twice_is_taken_neither_time_and_the_same_file_once(tmp_path):
    for name, seed in (("a.xlsx", 1), ("b.xlsx", 1), ("c.xlsx", 2)):
        (tmp_path / name).write_bytes(few(seed=seed))
    found = took(tmp_path)
    assert [p.at.file for p in told(found, notes=True) if "一字不差" in p.what] == ["b.xlsx"]
    assert found.twice == [("U001", 2023)] and found.rows_accepted == 0
    assert any("a.xlsx、c.xlsx" in p.what for p in told(found))


def test_two_units_in_one_file_by_their_codes(tmp_path):
    """A listing that prints 单位代码 holds rows of several units; each goes to its own, where the unit is known by its own cover."""
    other = openpyxl.load_workbook(io.BytesIO(few()))
    other.remove(other["公开02表"])
    next(
        cell for row in other["封面"].iter_rows() for cell in row if cell.value == "U001"
    ).value = "U002"
    other.save(tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(few()))
    sheet = book["公开02表"]
    sheet.insert_cols(1)
    sheet["A4"] = "单位代码"
    for row in range(5, 11):
        sheet.cell(row, 1, "U001" if row < 8 else "U002")
    out = io.BytesIO()
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    book.save(out)
    (tmp_path / "a.xlsx").write_bytes(out.getvalue())
    found = took(tmp_path)
    assert [len(found.held.rows(FEW["收入决算表"], unit, 2023)) for unit in ("U001", "U002")] == [
        3,
        3,
    ]


def test_who_has_not_filed(tmp_path):
    (tmp_path / "应报清单.csv").write_text(
        "单位代码,年度,单位名称\nU002,2023,乙局\nU003,2023,丙局\n", "utf-8"
    )
    (tmp_path / "a.xlsx").write_bytes(few())
    filing = took(tmp_path).filing
    assert (
        filing.expected,
        [u for u, _y, _n in filing.absent],
        [u for u, _y, _n in filing.unexpected],
    ) == (2, ["U002", "U003"], ["U001"])


def test_percents_shown_as_percents(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(few()))
    sheet = book["政府采购情况表"]
    row = next(r for r in range(1, 30) if "授予中小企业合同金额占" in str(sheet.cell(r, 1).value))
    sheet.cell(row, 2).value, sheet.cell(row, 2).number_format = 0.0651, "0.00%"
    sheet.cell(row + 1, 2).value, sheet.cell(row + 1, 2).number_format = 6.51, "0.00"
    out = io.BytesIO()
    book.save(out)
    (tmp_path / "a.xlsx").write_bytes(out.getvalue())
    cells = took(tmp_path).held.rows(FEW["政府采购情况表"], "U001", 2023)[0].cells
    assert cells["中小企业合同占比"].value == cells["小微企业合同占比"].value == Decimal("0.0651")


def cell(name):
    return f'<row r="{name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{name}"><v>1</v></c></row>'.encode()


def test_two_far_cells_that_fill_memory_together_are_refused(tmp_path):
    """One far down, one far to the right: neither is far alone."""

    def change(xml):
        return xml.replace(b"</sheetData>", cell("A99999") + cell("ZZ99999") + b"</sheetData>")

    (tmp_path / "a.xlsx").write_bytes(part_changed("xl/worksheets/sheet2.xml", change))
    assert [p.at.sheet for p in told(took(tmp_path)) if "个格子" in p.what] == ["公开01表"]


def test_cells_are_as_python_calamine_says(tmp_path):
    """Cells and merged cells alike, where nothing is shown otherwise than it is held."""
    raw, _sheets, _values = workbook()
    (tmp_path / "a.xlsx").write_bytes(raw)
    read, wanted = (
        open_book(tmp_path / "a.xlsx", "a.xlsx"),
        CalamineWorkbook.from_path(tmp_path / "a.xlsx"),
    )
    found = {
        s.name: (
            [list(map(lambda v: float(v) if isinstance(v, float) else v, row)) for row in s.rows],
            sorted(s.merged()),
        )
        for s in read.sheets
    }
    own = {n: wanted.get_sheet_by_name(n) for n in found}
    assert found == {
        n: (s.to_python(skip_empty_area=False), sorted(s.merged_cell_ranges or []))
        for n, s in own.items()
    }
    assert any(merged for _rows, merged in found.values())


def test_a_damaged_part_is_found_by_its_checksum(tmp_path):
    """Though the copy has its own checksums."""
    with (
        zipfile.ZipFile(io.BytesIO(few())) as old,
        zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_STORED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, old.read(info.filename))
    raw = (tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(raw.replace(b"<v>2674.59</v>", b"<v>2674.58</v>", 1))
    assert raw.count(b"<v>2674.59</v>") == 1 and [
        p.at.sheet for p in told(took(tmp_path)) if "读不了" in p.what
    ] == ["公开01表"]


def test_nothing_in_a_workbook_is_carried_out(tmp_path):
    """Macros, links, entities and formulas are bytes: the same figures come out, no file is made, nothing is fetched."""
    parts = parts_of(few())
    parts["xl/vbaProject.bin"] = b"Sub Auto_Open()"
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    parts["customXml/item1.xml"] = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
    )
    (tmp_path / "a.xlsm").write_bytes(packed(parts))
    found = took(tmp_path)
    assert told(found) == [] and found.held.rows(FEW["收入支出决算表"], "U001", 2023)
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsm"]


def test_entities_in_a_sheet_are_refused_not_filled_in(tmp_path):
    def change(xml):
        return xml.replace(
            b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "U001U001">]><worksheet', 1
        ).replace(b"U001<", b"&a;<", 1)

    (tmp_path / "a.xlsx").write_bytes(part_changed("xl/worksheets/sheet1.xml", change))
    assert told(took(tmp_path)) != []


def test_nothing_to_read(tmp_path):
    with pytest.raises(DataError):
        receive(connect(), tmp_path / "none", FEW)
    (tmp_path / "a.jpg").write_bytes(b"x")
    with pytest.raises(DataError):
        receive(connect(), tmp_path / "a.jpg", FEW)


# How many spoilt files are tried in all: 300, or as many as GOUJI_SPOILT says (seven of ten are workbooks, one of these seven an .xls).
SPOILT = int(os.environ.get("GOUJI_SPOILT", "300"))


def ended(folder, names):
    """How each file ended; a file that is neither taken nor told is lost."""
    found = took(folder)
    taken = {str(n) for (n,) in found.held.con.execute('SELECT name FROM "#files"').fetchall()}
    # That several workbooks speak of one unit is no fault of any of them.
    faulty = {p.at.file for p in told(found) if "年报了" not in p.what}
    alike = {p.at.file for p in told(found, notes=True) if "一字不差" in p.what}
    assert set(names) <= taken | faulty | alike
    return Counter(
        "refused" if n not in taken | alike else "partly" if n in faulty else "accepted"
        for n in names
    )


def test_spoilt_workbooks_end_as_stated(tmp_path):
    """No crash, no hang, no silent loss: each is accepted, or told with file (and sheet, and cell)."""
    raw, old, counts = few(), OLD.read_bytes(), Counter()
    for start in range(0, SPOILT * 7 // 10, 210):
        folder = tmp_path / str(start)
        folder.mkdir()
        names = [
            f"{seed:05}.{'xls' if seed % 7 == 6 else 'xlsx'}"
            for seed in range(start, min(start + 210, SPOILT * 7 // 10))
        ]
        for seed, name in enumerate(names, start):
            (folder / name).write_bytes(
                spoil_old(old, random.Random(seed))
                if seed % 7 == 6
                else spoil(raw, random.Random(seed))
            )
        counts += ended(folder, names)
    print("workbooks:", dict(counts))
    assert counts.total() == SPOILT * 7 // 10 and min(counts.values()) > 0


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A folder of CSV files as one writes them: units, a form, figures one by one."""
    form = TABLES["收入支出决算表"]
    figures = [c.name for c in form.columns if c.numeric and c.role is None]
    units = "\n".join(["单位代码,年度,单位名称", *(f"U{n:03},2023,第{n}单位" for n in range(5))])
    wide = "\n".join(
        [
            ",".join(["单位代码", "年度", *figures]),
            *(
                ",".join([f"U{n:03}", "2023", *(f"{n + i}.25" for i in range(len(figures)))])
                for n in range(5)
            ),
        ]
    )
    long = "\n".join(
        [
            "数据表,单位代码,年度,列,原文,计量单位,来源,行,前文",
            *(
                f"收入支出决算表,U{n:03},2022,{figures[0]},{n}.50,万元,报告,{n},共"
                for n in range(5)
            ),
        ]
    )
    return {
        "单位.csv": units.encode(),
        "收入支出决算表.csv": wide.encode(),
        "figures.csv": long.encode(),
    }


def test_csv_as_one_writes_it(sound, tmp_path):
    for name, raw in sound.items():
        (tmp_path / name).write_bytes(raw)
    found = took(tmp_path, ACCOUNTS)
    assert told(found) == [] and found.rows_in == 15


@pytest.mark.parametrize("victim", ["单位.csv", "收入支出决算表.csv", "figures.csv"])
def test_spoilt_csv_ends_as_stated(sound, victim, tmp_path):
    """No crash, no hang, no silent loss: every line with something in it is taken, or set aside and told with its file."""
    for name, raw in sound.items():
        (tmp_path / name).write_bytes(raw)
    sent = 15
    counts = Counter()
    for seed in range(SPOILT // 10):
        (tmp_path / victim).write_bytes(spoil_csv(sound[victim], random.Random(seed)))
        # The gate and DuckDB come in now and then: they see rows, not files.
        found = took(tmp_path, ACCOUNTS) if seed % 10 == 0 else read_folder(tmp_path, ACCOUNTS)
        assert (
            all(p.at.file for p in found.problems)
            and found.rows_in == found.rows_accepted + found.rows_set_aside
        ), seed
        # Lines that are gone from the file cannot be missed by anybody.
        assert found.rows_accepted >= min(sent, found.rows_in) or told(found), seed
        assert told(found) or found.rows_set_aside == 0, seed
        counts[
            "accepted" if not told(found) else "partly" if found.rows_accepted > 10 else "refused"
        ] += 1
    print(f"{victim}:", dict(counts))


# Two meanings: figures read in bulk by SQL, and one by one.

MONEY = Column(name="甲", type=ColumnType.MONEY, unit="万元", places=2, null="zero")
COLUMNS = {
    "money": (MONEY, None),
    "money in yuan": (MONEY, "元"),
    "money in yi": (MONEY, "亿元"),
    "plain places": (Column(name="甲", type=ColumnType.MONEY, unit="元"), None),
    "percent": (Column(name="甲", type=ColumnType.PERCENT, places=2), None),
    "count": (Column(name="甲", type=ColumnType.COUNT, unit="人"), None),
    "score": (Column(name="甲", type=ColumnType.SCORE, unit="分", places=1), None),
    "area": (Column(name="甲", type=ColumnType.NUMBER, unit="万平方米", places=0), None),
}
TYPED = st.one_of(
    st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,8})?", fullmatch=True),
    st.sampled_from(["", "-", "—", "/", "无", "1e3", "+1", "0.10", "00.5", "1.", ".5", "-0"]),
    st.text(alphabet="0123456789.,-() 万元%", max_size=8),
)


def one_by_one(text, places, column, unit):
    if is_blank(text):
        return (Decimal(0), Decimal(0)) if column.null == "zero" else (None, None)
    try:
        read = read_figure(text, column, unit, places)
    except FigureFault:
        return None
    return read.value, read.half


@pytest.mark.parametrize("column, unit", COLUMNS.values(), ids=COLUMNS)
@given(texts=st.lists(TYPED, min_size=1, max_size=30))
@settings(max_examples=15, deadline=None)
def test_sql_reads_what_read_figure_reads(column, unit, texts):
    halves = half_of("t", column, unit) if not column.exact else "NULL"
    query = f"SELECT t, {is_plain('t', column, unit)} OR {is_nothing('t')}, {value_of('t', column, unit)}, {halves} FROM (SELECT unnest(?) AS t)"
    for text, read, value, half in connect().execute(query, [texts]).fetchall():
        if read:
            wanted = one_by_one(text, None, column, unit)
            assert (
                wanted is not None and value == wanted[0] and (column.exact or half == wanted[1])
            ), text


@pytest.mark.parametrize("column, unit", COLUMNS.values(), ids=COLUMNS)
@given(
    numbers=st.lists(
        st.one_of(
            st.decimals(-(10**7), 10**7, places=3).map(float),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        min_size=1,
        max_size=30,
    )
)
@settings(max_examples=15, deadline=None)
def test_sql_reads_numbers_as_read_figure_reads_their_text(column, unit, numbers):
    halves = number_half("x", column, unit) if not column.exact else "NULL"
    query = f"SELECT x, {is_plain_number('x', column, unit)}, {number_value('x', column, unit)}, {halves} FROM (SELECT unnest(?::DOUBLE[]) AS x)"
    for number, read, value, half in connect().execute(query, [numbers]).fetchall():
        if read:
            wanted = one_by_one(said(number), None, column, unit)
            assert (
                wanted is not None and value == wanted[0] and (column.exact or half == wanted[1])
            ), number


SHOWN = st.builds(
    lambda value, places, cut, sign: shown_kind(places, cut, sign)(round(value, places)),
    st.floats(-(10**6), 10**6),
    st.integers(0, 4),
    st.booleans(),
    st.sampled_from(["", "", "%"]),
)
CELLS = st.one_of(
    SHOWN,
    st.decimals(-(10**7), 10**7, places=3).map(float),
    st.floats(),
    TYPED,
    st.none(),
    st.booleans(),
    st.integers(-5, 10**6),
)


@pytest.mark.parametrize("column, unit", COLUMNS.values(), ids=COLUMNS)
@given(cells=st.lists(CELLS, min_size=1, max_size=30))
@settings(max_examples=25, deadline=None)
def test_columns_of_cells_read_as_read_figure_reads_each(column, unit, cells):
    read = numbers(
        cells,
        column,
        unit,
        lambda text, places: read_one(text, column, {"甲": unit} if unit else {}, places),
    )
    faults = {at for at, _what, _fix, note in read.told if not note}
    for at, (cell, value, half) in enumerate(
        zip(cells, read.values.to_pylist(), read.halves.to_pylist(), strict=True)
    ):
        wanted = (None, None) if cell is None else one_by_one(*figure_text(cell), column, unit)
        assert (at in faults) == (wanted is None), cell
        assert value == (wanted or (None, None))[0] and (
            column.exact or half == (wanted or (None, None))[1]
        ), cell
    texts = read.texts.to_pylist() if read.texts is not None else [None] * len(cells)
    assert texts == [
        None
        if cell is None or (isinstance(cell, float) and not getattr(cell, "sign", ""))
        else said(cell).strip()
        for cell in cells
    ]


def test_many_files_give_what_one_by_one_gives(tmp_path):
    """More rows than FEW_ROWS go through SQL: the same values, places and printed texts."""
    for number in range(FEW_ROWS + 6):
        folder = tmp_path / "many"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:03}.xlsx").write_bytes(
            few(change_cell("封面", "单位代码", f"N{number:03}"), seed=number)
        )
    many = took(folder)
    for number in (0, 7, FEW_ROWS + 5):
        alone = took(folder / f"{number:03}.xlsx")
        for table in FEW.values():
            a, b = (s.held.rows(table, f"N{number:03}", 2023) for s in (many, alone))
            assert [
                {n: (c.value, c.half, c.printed, c.unit, str(c.at)) for n, c in r.cells.items()}
                for r in a
            ] == [
                {n: (c.value, c.half, c.printed, c.unit, str(c.at)) for n, c in r.cells.items()}
                for r in b
            ]


def test_much_lies_in_a_file_that_goes(tmp_path, monkeypatch):
    """The same rows as in memory, and nothing left behind."""
    (tmp_path / "u.xlsx").write_bytes(few())
    assert scratch.scratch(tmp_path) is None
    monkeypatch.setattr(scratch, "IN_MEMORY_BYTES", 0)
    room = scratch.scratch(tmp_path)
    con = connect(f"{room.name}/{scratch.FILE}", scratch.KEPT)
    settings_of = "SELECT current_setting('memory_limit'), current_setting('threads')"
    before = con.execute(settings_of).fetchall()
    with scratch.narrow(con, room):
        assert con.execute(settings_of).fetchall() == [("183.1 MiB", min(2, before[0][1]))]
        found, usual = receive(con, tmp_path, FEW), took(tmp_path)
    assert con.execute(settings_of).fetchall() == before == [("488.2 MiB", before[0][1])]
    for table in FEW.values():
        assert found.held.rows(table, "U001", 2023) == usual.held.rows(table, "U001", 2023)
    folder = Path(room.name)
    assert (folder / scratch.FILE).is_file()
    con.close()
    room.cleanup()
    assert not folder.exists()
