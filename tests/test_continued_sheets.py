"""A form that goes on on a separate sheet (续表) gives the same tables as on one sheet, each figure cited by the sheet it stands on; what does not fit is not joined."""

import openpyxl
import pytest

from elsewhere import PLACES, write
from gouji.app import audit, load_book, read_forms, returned

PLACES_READ = [place for place in PLACES if place.name in ("national", "shanghai", "yunnan")]
HELD = [t for t in load_book("final-accounts").tables.values() if t.derived is None]
# Name: the form that goes on, how many of its lines stay, what the title says (None: no title), the name of the sheet, whether heads are printed again.
WAYS = {
    "heads again": ("支", 4, "（续表）", "续", True),
    "a title alone": ("支", 4, "(续)", "续", False),
    "a name alone": ("支", 4, None, "续", False),
    "numbered": ("般", 4, "（续表一）", "续", True),
    "two halves": ("总", 12, "（续表）", "续", True),
    "two halves, a title alone": ("总", 12, "续表", "2", False),
    "four columns of figures": ("财", 12, "（续表）", "续", True),
    "codes side by side": ("基", 3, "（续表）", "续", True),
}


def tables(made):
    found = {}
    for table in HELD:
        key = [c for c in table.key if c not in ("单位代码", "年度")]
        for row in made.submission.held.rows(table, "U001", 2023):
            of = tuple(str(row.cells[c].value) for c in key)
            for column in table.columns:
                if column.numeric and column.name in row.cells:
                    found[table.table, of, column.name] = row.cells[column.name]
    return found


def told(made):
    return [(str(p.at), p.what) for p in made.submission.problems if not p.note]


def first_line(sheet):
    """The first line below the heads."""
    words = (str(sheet.cell(row, 1).value or "") for row in range(4, 15))
    return 4 + next(
        i for i, w in enumerate(words) if w.startswith(("合计", "一、")) or w[:1].isdigit()
    )


def go_on(path, place, key, stay, title, name, heads, change=None):
    """Move the lines of a form behind the first few to a sheet of their own, behind it; its name."""
    book = openpyxl.load_workbook(path)
    titles = {f"2023年度{place.titles[key]}", place.titles[key]}
    sheet = next(s for s in book.worksheets if s["A1"].value in titles)
    made = book.create_sheet(f"{sheet.title[:28]}{name}", book.index(sheet) + 1)
    body, last = first_line(sheet), sheet.max_row
    areas = [m.bounds for m in sheet.merged_cells.ranges]
    rows = [*range(1, body)] if heads else [1] if title is not None else []
    rows += range(body + stay, last + 1)
    for to, row in enumerate(rows, 1):
        for cell in sheet[row]:
            if cell.value is not None:
                made.cell(to, cell.column, cell.value)
        for left, top, right, bottom in areas:
            if top == row and to + bottom - top <= len(rows):
                made.merge_cells(start_row=to, start_column=left, end_row=to + bottom - top, end_column=right)  # fmt: skip
    if title is not None:
        made["A1"] = f"{sheet['A1'].value}{title}"
    if change is not None:
        change(made)
    for area in list(sheet.merged_cells.ranges):
        if area.min_row >= body + stay:
            sheet.unmerge_cells(str(area))
    sheet.delete_rows(body + stay, last)
    book.save(path)
    return made.title


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What each place gives on whole sheets."""
    made = {}
    for place in PLACES_READ:
        file = tmp_path_factory.mktemp(place.name) / "a.xlsx"
        write(place, file)
        made[place.name] = tables(audit(file, "final-accounts"))
    return made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", PLACES_READ, ids=lambda p: p.name)
def test_a_form_that_goes_on_is_read_as_one(place, way, whole, tmp_path):
    file = tmp_path / "a.xlsx"
    write(place, file)
    name = go_on(file, place, *WAYS[way])
    made = audit(file, "final-accounts")
    found = tables(made)
    assert told(made) == []
    assert {at: c.value for at, c in found.items()} == {
        at: c.value for at, c in whole[place.name].items()
    }
    assert any(f"“{name}”是" in p.what for p in made.submission.problems)
    # Every figure stands where the cell it is cited by says.
    book = openpyxl.load_workbook(file)
    here = [c for c in found.values() if c.at.sheet == name and c.at.cell and c.printed]
    assert here
    for cell in here:
        assert float(book[name][cell.at.cell].value) == float(cell.printed.replace(",", ""))


def test_a_figure_that_cannot_be_read_is_told_on_its_own_sheet(tmp_path):
    """Also in the picture of the file, and on the workbook that goes back."""
    file, place = tmp_path / "U001.xlsx", PLACES[0]
    write(place, file)

    def change(sheet):
        sheet["D8"] = "约12万"

    name = go_on(file, place, *WAYS["heads again"], change)
    made = audit(file, "final-accounts")
    assert [(at, "约12万" in what) for at, what in told(made)] == [(f"U001.xlsx/{name}/D8", True)]
    (picture,) = read_forms(file, "final-accounts")
    cells = [c for s in picture.sheets for c in s.cells if c.text == "约12万"]
    assert [(c.place, c.state.value) for c in cells] == [(f"{name} D8", "doubtful")]
    back = tmp_path / "back.xlsx"
    back.write_bytes(returned(file, "U001", "final-accounts").content)
    assert openpyxl.load_workbook(back)[name]["D8"].comment is not None


def other_unit(sheet):
    sheet.cell(3, sheet.max_column, "金额单位：万元")


def other_heads(sheet):
    sheet["C4"] = "年末数"


def other_owner(sheet):
    sheet["A3"] = "部门：别的单位"


@pytest.mark.parametrize("change", [other_unit, other_heads, other_owner])
def test_what_does_not_fit_is_told(change, tmp_path):
    file, place = tmp_path / "a.xlsx", PLACES[0]
    write(place, file)
    go_on(file, place, *WAYS["heads again"], change)
    made = audit(file, "final-accounts")
    assert told(made)
    assert not any(at[0] == "支出决算表" for at in tables(made))
