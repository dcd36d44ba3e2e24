"""Several files of one unit and year: parts of one submission are read together, a correction takes the place of what it corrects; which rule decided is told."""

import openpyxl
import pytest

from elsewhere import PLACES, sheets, write
from gouji.app import load_book
from gouji.intake import receive
from gouji.intake.files.corrections import mark_of
from gouji.intake.ledger.parts_of_submission import Sent, decide
from gouji.run import connect

TABLES = load_book("final-accounts").tables
MARKS = {
    "U001_某局（更正）.xlsx": ("更正", 0, "U001_某局"),
    "U001_某局更正版.xlsx": ("更正版", 0, "U001_某局"),
    "U001_某局(改).xls": ("改", 0, "U001_某局"),
    "U001_某局-最新.xlsx": ("最新", 0, "U001_某局"),
    "更正/U001_某局.xlsx": ("更正", 0, "U001_某局"),
    "U001_某局 v2.xlsx": ("v2", 2, "U001_某局"),
    "U001_某局_V3.xlsx": ("V3", 3, "U001_某局"),
    "U001_某局第二稿.xlsx": ("第二稿", 2, "U001_某局"),
    "U001_某局(1).xlsx": ("", 0, "U001_某局(1)"),
    "U001_某局20240315.xlsx": ("", 0, "U001_某局20240315"),
    "U001_发展和改革局.xlsx": ("", 0, "U001_发展和改革局"),
    "U001_改制办.xlsx": ("", 0, "U001_改制办"),
    "U001_发改.xlsx": ("", 0, "U001_发改"),
    "U001_2023年终.xlsx": ("", 0, "U001_2023年终"),
    "U001_暂定.xlsx": ("", 0, "U001_暂定"),
    "U001-未改.xlsx": ("", 0, "U001-未改"),
    "U001_不要更正.xlsx": ("", 0, "U001_不要更正"),
    "U001_待定稿.xlsx": ("", 0, "U001_待定稿"),
    "U001_最新一稿作废.xlsx": ("", 0, "U001_最新一稿作废"),
    "U001定稿.xlsx": ("定稿", 0, "U001"),
    "U001_终身教育中心.xlsx": ("", 0, "U001_终身教育中心"),
}


@pytest.mark.parametrize("name, expected", MARKS.items(), ids=MARKS)
def test_what_a_name_says(name, expected):
    mark = mark_of(name)
    assert (mark.words, mark.version, mark.stem) == expected


A, B, AB = frozenset("a"), frozenset("b"), frozenset("ab")
DECIDED = {
    "parts": ([Sent(1, "甲.xlsx", A), Sent(2, "乙.xlsx", B)], {1: A, 2: B}),
    "a correction": ([Sent(1, "甲.xlsx", AB), Sent(2, "甲(更正).xlsx", AB)], {1: frozenset(), 2: AB}),
    "a correction of one form": ([Sent(1, "甲.xlsx", AB), Sent(2, "甲(更正).xlsx", B)], {1: A, 2: B}),
    "versions": ([Sent(1, "甲v2.xlsx", A), Sent(2, "甲v10.xlsx", A), Sent(3, "甲.xlsx", A)], {1: frozenset(), 2: A, 3: frozenset()}),
    "a first version beside no word": ([Sent(1, "甲v1.xlsx", A), Sent(2, "甲.xlsx", A)], None),
    "no word": ([Sent(1, "甲.xlsx", A), Sent(2, "甲(1).xlsx", A)], None),
    "two words": ([Sent(1, "甲(更正).xlsx", A), Sent(2, "甲(最新).xlsx", A)], None),
    "a correction of something else": ([Sent(1, "甲局.xlsx", A), Sent(2, "甲局工会(更正).xlsx", A)], None),
    "twice the same version": ([Sent(1, "甲v2.xlsx", A), Sent(2, "甲 V2.xlsx", A)], None),
    "two covers that differ": ([Sent(1, "甲.xlsx", A, True), Sent(2, "乙.xlsx", B, True)], None),
}  # fmt: skip


@pytest.mark.parametrize("files, tables", DECIDED.values(), ids=DECIDED)
def test_decided(files, tables):
    kept = decide(files)
    assert (dict(kept.tables) if kept is not None else None) == tables


def test_rows_that_no_two_files_hold_may_lie_in_both():
    files = [Sent(1, "甲.xlsx", A), Sent(2, "乙.xlsx", A)]
    assert decide(files) is None and decide(files, A).tables == {1: A, 2: A}


# Read back ------------------------------------------------------------------------------------------------------------------------------


def received(folder):
    found = receive(connect(), folder, dict(TABLES))
    assert found.rows_in == found.rows_accepted + found.rows_set_aside
    return found


def told(found, *, notes=False):
    return [p.what for p in found.problems if p.note is notes]


def figure(found, table, column, key=""):
    rows = found.held.rows(TABLES[table], "U001", 2023)
    return [r.cells[column].value for r in rows if not key or str(r.cells["科目编码"].value) == key]


def part(path, keys, *, cover=True, change=None):
    """A workbook with some of the forms."""
    write(PLACES[0], path, naming="titles", change=change)
    book = openpyxl.load_workbook(path)
    titles = [PLACES[0].titles[k].replace("“", "").replace("”", "") for k in keys]
    for name in book.sheetnames:
        if (name == "封面" and not cover) or (
            name != "封面" and not any(name.endswith(" " + t) for t in titles)
        ):
            del book[name]
    book.save(path)


def test_a_unit_spread_over_five_files_is_read_as_one(tmp_path):
    five = (("总", "收"), ("支",), ("财",), ("般", "基"), ("金", "公"))
    for i, keys in enumerate(five):
        part(tmp_path / f"U001 第{'甲乙丙丁戊'[i]}部分.xlsx", keys)
    write(PLACES[0], tmp_path.parent / "whole.xlsx")
    found = received(tmp_path)
    assert told(found) == [] and found.rows_set_aside == 4
    assert any("分在 5 个文件里，合起来读" in what for what in told(found, notes=True))
    assert figure(found, "支出决算表", "本年支出合计", "合计") == [3228800]
    assert figure(found, "收入支出决算表", "本年收入合计") == [3098100]
    assert len(found.held.rows(TABLES["单位"], "U001", 2023)) == 1


def halve(key):
    def change(every):
        sheet = every[key]
        at = next(at for at, v in sheet.cells.items() if v == "合计" and at[0] > 6)
        col = min(c for r, c in sheet.cells if r == at[0] and c > at[1])
        sheet.cells[at[0], col] /= 2

    return change


def test_a_correction_counts_and_the_report_says_by_what(tmp_path):
    write(PLACES[0], tmp_path / "U001 甲.xlsx", change=halve("支"))
    part(tmp_path / "U001 甲（更正）.xlsx", ("支",))
    found = received(tmp_path)
    assert told(found) == []
    assert figure(found, "支出决算表", "本年支出合计", "合计") == [3228800]
    assert figure(found, "收入支出决算表", "本年收入合计") == [3098100]
    said = [what for what in told(found, notes=True) if "更正" in what]
    assert any(
        "文件名里有“更正”，采用 U001 甲（更正）.xlsx，不采用 U001 甲.xlsx 里的同一张表" in what
        for what in said
    )


def test_two_files_that_nothing_tells_apart_are_taken_neither(tmp_path):
    write(PLACES[0], tmp_path / "U001 甲.xlsx", change=halve("支"))
    write(PLACES[0], tmp_path / "U001 甲(1).xlsx")
    found = received(tmp_path)
    assert [w for w in told(found) if "份不同的工作簿" in w] and figure(
        found, "支出决算表", "本年支出合计"
    ) == []


def test_the_sheets_of_the_source_are_all_there():
    assert set(sheets(PLACES[0])) == set("总收支财般基金公")


CODES = "单位代码,年度,单位全称,统一社会信用代码,预算单位代码\n219001,2023,示例县云岭农业农村服务中心,12530000123456789X,530181001\n219002,2023,示例县白塔小学,,530181002\n"
WAYS = {
    "the credit code on the cover": ("a.xlsx", "12530000123456789X"),
    "the budget code on the cover": ("a.xlsx", "530181001"),
    "a code in small letters": ("a.xlsx", "12530000123456789x "),
    "the credit code in the file's name": ("12530000123456789X公开表.xlsx", None),
    "the budget code in the file's name": ("530181001.xlsx", None),
}


@pytest.mark.parametrize("file, code", WAYS.values(), ids=WAYS)
def test_a_unit_goes_by_any_of_its_codes(file, code, tmp_path):
    write(PLACES[0], tmp_path / file)
    book = openpyxl.load_workbook(tmp_path / file)
    for name in book.sheetnames:
        for row in book[name].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("部门："):
                    cell.value = None
    if code is None:
        del book["封面"]
    else:
        book["封面"]["B3"] = code
    book.save(tmp_path / file)
    (tmp_path / "应报清单.csv").write_text(CODES, "utf-8")
    found = received(tmp_path)
    assert {u for u, _y, _n in found.filing.absent} == {"219002"}
    rows = found.held.rows(TABLES["支出决算表"], "219001", 2023)
    assert len(rows) == 9 and found.filing.unexpected == ()


def test_the_year_before_is_taken_from_last_years_file_and_told(tmp_path):
    from gouji.app import audit

    write(PLACES[0], tmp_path / "U001 2023.xlsx")
    write(PLACES[0], tmp_path / "U001 2022.xlsx")
    book = openpyxl.load_workbook(tmp_path / "U001 2022.xlsx")
    book["封面"]["B4"] = 2022
    for name in book.sheetnames:
        for row in book[name].iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("2023年度", "2022年度")
    book.save(tmp_path / "U001 2022.xlsx")
    made = audit(tmp_path, "final-accounts")
    assert "上年(2022 年)的数取自 U001 2022.xlsx" in told(made.submission, notes=True)
    assert told(made.submission) == []
    before = {o.code: o for o in made.outcomes.of("U001")}["FJ01"]
    # The year before ends with 16.00 and this one begins with 29.07.
    assert before.verdict == "不平"
