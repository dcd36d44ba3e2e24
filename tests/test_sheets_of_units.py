"""One workbook for a system, a sheet for each unit: every sheet is read as that of the expected unit that it names; what nobody can be told, or two sheets say, is told and not taken."""

import openpyxl
import pytest

import elsewhere
from elsewhere import PLACES, write
from gouji.app import load_book
from gouji.intake import receive
from gouji.intake.files.corrections import mark_of
from gouji.rules import Role
from gouji.run import connect

UNITS = {
    "U001": "示例县云岭农业农村服务中心",
    "U002": "示例县清溪水务站",
    "U003": "示例县清溪水务站二所",
}
TIMES = {"U001": 1, "U002": 3, "U003": 0.5}
PLACES_READ = [place for place in PLACES if place.name in ("national", "hunan", "yunnan")]
TABLES = load_book("final-accounts").tables
HELD = [
    t
    for t in TABLES.values()
    if t.derived is None and t.form is not None and t.role is Role.FIGURES
]


def received(folder):
    return receive(connect(), folder, dict(TABLES))


def tables(made, unit):
    found = {}
    for table in HELD:
        key = [c for c in table.key if c not in ("单位代码", "年度")]
        for row in made.held.rows(table, unit, 2023):
            of = tuple(str(row.cells[c].value) for c in key)
            for column in table.columns:
                if column.numeric and column.name in row.cells:
                    found[table.table, of, column.name] = row.cells[column.name].value
    return found


def told(made):
    return [(str(p.at), p.what) for p in made.problems if not p.note]


def expected(folder):
    folder.mkdir(parents=True)
    lines = [f"{code},2023,{name}" for code, name in UNITS.items()]
    (folder / "应报清单.csv").write_text("\n".join(["单位代码,年度,单位名称", *lines]), "utf-8")
    return folder


def own_sheets(place, unit, path, monkeypatch):
    """The sheets of a unit, its figures so many times those of the source."""
    monkeypatch.setattr(elsewhere, "OWNER", UNITS[unit])

    def scaled(every):
        for sheet in every.values():
            for at, value in sheet.cells.items():
                if isinstance(value, float):
                    sheet.cells[at] = value * TIMES[unit]

    write(place, path, change=scaled)
    return openpyxl.load_workbook(path)


def of_system(place, folder, monkeypatch, keys, call, alter=lambda sheet: None):
    """One workbook with some forms of every unit; `call` gives the name of a sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for unit in UNITS:
        book = own_sheets(place, unit, folder.parent / f"{unit}.xlsx", monkeypatch)
        for key in keys:
            titles = {f"2023年度{place.titles[key]}", place.titles[key]}
            sheet = next(s for s in book.worksheets if s["A1"].value in titles)
            copy = made.create_sheet(call(unit, key, len(made.sheetnames)))
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        copy[cell.coordinate] = cell.value
            for area in sheet.merged_cells.ranges:
                copy.merge_cells(str(area))
            alter(copy)
    made.save(folder / "系统.xlsx")


def without_owner(sheet):
    sheet["A3"] = None


def owner_in_title(sheet):
    sheet["A1"] = f"{elsewhere.OWNER}{sheet['A1'].value}"
    sheet["A3"] = None


WAYS = {
    "a line 编制单位": (["总"], lambda u, k, n: f"Sheet{n}", lambda s: None),
    "the name of the sheet": (["支"], lambda u, k, n: UNITS[u], without_owner),
    "the title": (["支"], lambda u, k, n: f"{n}", owner_in_title),
    "a code, several forms": (["总", "支"], lambda u, k, n: f"{u}{k}", without_owner),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", PLACES_READ, ids=lambda p: p.name)
def test_every_sheet_is_read_as_that_of_its_unit(place, way, tmp_path, monkeypatch):
    keys, call, alter = WAYS[way]
    folder = expected(tmp_path / "x" / "sent")
    of_system(place, folder, monkeypatch, keys, call, alter)
    made = received(folder)
    assert told(made) == []
    for unit in UNITS:
        alone = expected(tmp_path / unit)
        book = own_sheets(place, unit, alone / f"{unit}.xlsx", monkeypatch)
        del book["封面"]
        book.save(alone / f"{unit}.xlsx")
        whole = tables(received(alone), unit)
        read = tables(made, unit)
        names = {at[0] for at in read}
        assert len(names) == len(keys) and read == {
            at: value for at, value in whole.items() if at[0] in names
        }


def test_a_sheet_of_nobody_and_two_of_one_unit_are_told(tmp_path, monkeypatch):
    place, folder = PLACES[0], expected(tmp_path / "x" / "sent")
    of_system(place, folder, monkeypatch, *WAYS["the name of the sheet"])
    book = openpyxl.load_workbook(folder / "系统.xlsx")
    for name, title in ((UNITS["U002"], f"{UNITS['U002']} (2)"), (UNITS["U001"], "全系统")):
        copy = book.copy_worksheet(book[name])
        copy.title = title
    book.save(folder / "系统.xlsx")
    made = received(folder)
    assert sorted(at.partition("/")[2] for at, _what in told(made)) == [
        "全系统",
        f"{UNITS['U002']} (2)",
    ]
    assert [bool(tables(made, unit)) for unit in UNITS] == [True, False, True]
    assert made.rows_in == made.rows_accepted + made.rows_set_aside


def test_without_a_list_nobody_knows_whose_they_are(tmp_path, monkeypatch):
    folder = tmp_path / "x" / "sent"
    folder.mkdir(parents=True)
    of_system(PLACES[0], folder, monkeypatch, *WAYS["a line 编制单位"])
    made = received(folder)
    assert any("有几张工作表都像“收入支出决算表”" in what for _at, what in told(made))


MARKS = {
    "U001（修改稿20240305）.xlsx": ("修改稿20240305", "U001"),
    "U001更正2024-03-05.xlsx": ("更正2024-03-05", "U001"),
    "U001_更正3月5日.xlsx": ("更正3月5日", "U001"),
    "U001 修正20240305说明.xlsx": ("", "U001 修正20240305说明"),
}


@pytest.mark.parametrize("name", MARKS)
def test_a_day_behind_a_correction_says_nothing(name):
    mark = mark_of(name)
    assert (mark.words, mark.stem) == MARKS[name]
