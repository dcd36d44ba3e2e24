"""Forms that print last year's figures beside this year's: those of the form's own year are read, the others are named, and never taken for them."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from elsewhere import PLACES, write
from gouji.intake import receive
from gouji.rules import load_tables
from gouji.run import connect
from papers import AS, papers
from sheets import ACCOUNTS, COVER, LISTED, TABLES, accounts, problems, rows, save, took
from test_form_sets import UNITS

HELD = [t for t in TABLES.values() if t.derived is None]
NATIONAL, HUNAN, SHANGHAI = PLACES[0], PLACES[1], PLACES[3]
AMOUNTS = ("金额", "决算数")
# What heads the column of the year, that of the other year, and which of them stands first.
HEADS = {
    "上年决算数, 本年决算数": ("本年决算数", "上年决算数", False),
    "本年数, 上年数": ("本年数", "上年数", True),
    "本年度, 上年度": ("本年度", "上年度", True),
    "two years": ("2023年决算数", "2022年决算数", True),
    "two years, the earlier one first": ("2023年度金额", "2022年度金额", False),
    "this year alone is called so": ("决算数", "上年决算数", True),
    "in brackets behind it the unit": ("本年决算数（{unit}）", "上年决算数（{unit}）", False),
    "去年": ("本期金额", "去年金额", False),
}  # fmt: skip


def doubled(sheet, own, other, first):
    """Every column of amounts twice: as it was, and with figures of another year."""
    unit = sheet.place.unit
    heads = {(r, c) for (r, c), v in sheet.cells.items() if v in AMOUNTS}
    at = {c: n for n, c in enumerate(sorted({c for _r, c in heads}))}

    def moved(col):
        return col + sum(c < col for c in at)

    cells = {}
    head = {c: r for r, c in heads}
    for (r, c), v in sheet.cells.items():
        if c not in at or r < head[c]:
            cells[r, moved(c)] = v
            continue
        mine, theirs = (moved(c), moved(c) + 1) if first else (moved(c) + 1, moved(c))
        if r == head[c]:
            cells[r, mine], cells[r, theirs] = own.format(unit=unit), other.format(unit=unit)
        else:
            cells[r, mine], cells[r, theirs] = v, 777.77 + r
    for r, c in heads:
        last = max((line for line, col in sheet.cells if sheet.cells.get((line, c - 1))), default=r)
        for line in range(r + 2, last):
            cells.setdefault((line, moved(c) + (1 if first else 0)), 555.55)
    sheet.cells = cells
    sheet.merged = [(t, moved(lft), b, moved(rgt)) for t, lft, b, rgt in sheet.merged]


def banded(sheet, own, other, first):
    """All columns of figures of a listing twice, under a band for each year."""
    top = next(r for (r, _c), v in sorted(sheet.cells.items()) if v == "项目")
    left = next(c for (r, c), v in sorted(sheet.cells.items()) if v == "科目名称") + 1
    width = max(c for r, c in sheet.cells if r >= top)
    size = width - left + 1
    cells = {at if at[0] < top else (at[0] + 1, at[1]): v for at, v in sheet.cells.items()}
    for (r, c), v in list(cells.items()):
        if r > top and c >= left:
            moved = c + size
            figure = 444.44 + r if isinstance(v, (int, float)) and r > top + 3 else v
            cells[r, moved] = figure if first else v
            if not first:
                cells[r, c] = figure
    cells[top, left], cells[top, left + size] = (own, other) if first else (other, own)
    merged = [(t + (t >= top), a, b + (t >= top), c) for t, a, b, c in sheet.merged]
    merged += [(t, a + size, b, c + size) for t, a, b, c in merged if a >= left and t > top]
    merged += [(top, left, top, left + size - 1), (top, left + size, top, left + 2 * size - 1)]
    sheet.cells, sheet.merged = cells, merged


def figures(found, year=2023):
    made = {}
    for table in HELD:
        key = [c for c in table.key if c not in ("单位代码", "年度")]
        for row in found.held.rows(table, "U001", year):
            of = tuple(str(row.cells[c].value) for c in key)
            for column in table.columns:
                if column.numeric and column.name in row.cells and column.name != "年度":
                    made[table.table, of, column.name] = row.cells[column.name].value
    return made


def told(found, *, notes=False):
    return [p.what for p in found.problems if p.note is notes]


def received(folder, place, change=None, kind="xlsx"):
    folder.mkdir()
    write(place, folder / "a.xlsx", seed=3, change=change)
    if kind != "xlsx":
        raw = AS[kind](papers((folder / "a.xlsx").read_bytes()))
        (folder / f"a.{kind}").write_bytes(raw)
        (folder / "a.xlsx").unlink()
    return receive(connect(), folder, dict(TABLES))


@cache
def _plainly(name, kind):
    place = next(p for p in PLACES if p.name == name)
    with TemporaryDirectory() as folder:
        made = figures(received(Path(folder) / "plain", place, kind=kind))
    assert len(made) > 200
    return made


def plainly(place, kind="xlsx"):
    """What the forms of a place give without columns of another year."""
    return _plainly(place.name, kind)


@pytest.mark.parametrize("heads", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("place", [NATIONAL, SHANGHAI], ids=lambda p: p.name)
def test_amounts_of_two_years_side_by_side(place, heads, tmp_path):
    plain = plainly(place)
    found = received(tmp_path / "two", place, lambda every: doubled(every["总"], *heads))
    assert told(found) == []
    assert figures(found) == plain
    assert figures(found, 2022) == {}
    assert any("别的年度的列不当作本年的数" in what for what in told(found, notes=True))


@pytest.mark.parametrize("kind", sorted(AS))
def test_amounts_of_two_years_in_every_kind_of_file(kind, tmp_path):
    plain = plainly(NATIONAL, kind)
    heads = HEADS["上年决算数, 本年决算数"]
    found = received(tmp_path / "two", NATIONAL, lambda e: doubled(e["总"], *heads), kind)
    assert told(found) == [] and figures(found) == plain


BANDS = {
    "本年, 上年": ("本年", "上年", True),
    "上年数, 本年数": ("本年数", "上年数", False),
    "2023年度, 2022年度": ("2023年度", "2022年度", True),
    "2022年, 2023年": ("2023年", "2022年", False),
}  # fmt: skip


@pytest.mark.parametrize("band", BANDS.values(), ids=BANDS)
@pytest.mark.parametrize("place", [NATIONAL, HUNAN, SHANGHAI], ids=lambda p: p.name)
def test_listings_of_two_years_under_bands(place, band, tmp_path):
    def both(every):
        banded(every["支"], *band)
        banded(every["般"], *band)

    plain = plainly(place)
    found = received(tmp_path / "two", place, both)
    assert told(found) == []
    assert figures(found) == plain


def test_a_blank_figure_of_this_year_is_not_last_years(tmp_path):
    """One line: nothing this year, something last year."""

    def one_line(every):
        sheet = every["总"]
        doubled(sheet, *HEADS["上年决算数, 本年决算数"])
        row, col = next(at for at, v in sheet.cells.items() if v == "二、外交支出")
        mine = next(c for (r, c), v in sheet.cells.items() if v == "本年决算数" and c > col)
        sheet.cells.pop((row, mine), None)
        sheet.cells[row, mine - 1] = 12345.67

    found = received(tmp_path / "x", NATIONAL, one_line)
    assert told(found) == []
    assert figures(found)["收入支出决算表", (), "外交支出"] == Decimal(0)


def test_a_column_of_another_year_alone_is_not_taken(tmp_path):
    """The only amounts are last year's: nothing is read, and that is told."""

    def last_year(every):
        for at, value in list(every["总"].cells.items()):
            if value in AMOUNTS:
                every["总"].cells[at] = "2022年决算数"

    found = received(tmp_path / "x", NATIONAL, last_year)
    assert not any(table == "收入支出决算表" for table, _k, _c in figures(found))
    assert any("找不到" in what for what in told(found))


OWN_FORM = """table: 路灯情况
grain: many
key: [单位代码, 年度, 街道]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 街道, type: text, null: never}
  - {name: 上年数, type: count, unit: 个}
  - {name: 本年数, type: count, unit: 个}
form:
  sheets: [路灯情况]
  listing: {}
"""


def test_what_a_form_calls_its_column_is_no_word_of_a_year(tmp_path):
    """A bureau's form that prints last year's figures in a separate column keeps both."""
    described = load_tables({"units.yaml": UNITS, "lamps.yaml": OWN_FORM}).tables
    lines = [["路灯情况"], ["街道", "上年数", "本年数"], ["东街", 12, 13]]
    found = took(tmp_path, dict(described), {"路灯情况": lines})
    assert problems(found) == []
    (row,) = rows(found, "路灯情况", described)
    assert (row["上年数"], row["本年数"]) == (12, 13)


LISTED_FORMS = {
    "a column of serial numbers typed as texts": (
        [["序号", "科目编码", "科目名称", "本年支出合计"], ["1", "201", "甲", 3], ["2", "20101", "乙", 3]],
        {"201": 3, "20101": 3},
    ),
    "the number of a page": (
        [["科目编码", "科目名称", "本年支出合计"], ["201", "甲", 3], ["- 8 -"], ["第 2 页，共 3 页"]],
        {"201": 3},
    ),
    "remarks that are numbers": (
        [["科目编码", "科目名称", "本年支出合计", "备注"], ["201", "甲", 3, 2], ["20101", "乙", 3, "见附件1"]],
        {"201": 3, "20101": 3},
    ),
}  # fmt: skip


@pytest.mark.parametrize("lines, expected", LISTED_FORMS.values(), ids=LISTED_FORMS)
def test_what_stands_beside_a_listing(lines, expected, tmp_path):
    sheet = [["支出决算表"], ["单位：元"], *lines]
    found = took(tmp_path, LISTED, {"支出决算表": sheet})
    assert problems(found) == []
    read = {row["科目编码"]: row["本年支出合计"] for row in rows(found, "支出决算表")}
    assert read == expected


def test_a_sum_below_two_halves_is_no_line(tmp_path):
    """合计 stands in the first half, its figure in the second."""
    heads = ["科目编码", "科目名称", "决算数"] * 2
    lines = [
        ["一般公共预算财政拨款基本支出决算表"],
        ["单位：元"],
        heads,
        ["301", "工资福利支出", 5, "302", "商品和服务支出", 4],
        ["人员经费合计", None, 5, "公用经费合计", None, 4],
        ["合计", None, None, None, None, 9],
    ]
    table = "一般公共预算财政拨款基本支出决算表"
    found = took(tmp_path, {"单位": TABLES["单位"], table: TABLES[table]}, {"公开06": lines})
    assert problems(found) == []
    read = {row["科目编码"]: row["决算数"] for row in rows(found, table)}
    assert read == {"301": 5, "302": 4, "人员经费合计": 5, "公用经费合计": 4}


@pytest.mark.parametrize("amount", ["收入数", "收入决算数", "执行数"])
@pytest.mark.parametrize("total", ["总计", "收入总计"])
def test_other_words_for_amounts_and_totals(amount, total, tmp_path):
    other = amount.replace("收入", "支出")
    lines = accounts(title="收入支出决算总表")
    lines[4] = ["项目", amount, None, "项目", other]
    lines[-1] = [total, 112.5, None, total.replace("收入", "支出"), 112.5]
    found = took(tmp_path, ACCOUNTS, {"Sheet1": lines})
    assert problems(found) == []
    (row,) = rows(found, "收入支出决算表")
    assert (row["上级补助收入"], row["收入总计"], row["支出总计"]) == (125000, 1125000, 1125000)


def test_a_year_that_no_calendar_has_ends_nothing(tmp_path):
    """A cover with 100000000000000000000 as its year, and two sheets of one form: told, and the other workbook is read."""
    strange = [["年度", "1" + "0" * 20] if line[:1] == ["年度"] else line for line in COVER]
    alike = {"公开01": accounts(title=""), "公开01 (2)": accounts(title="")}
    save(tmp_path / "b.xlsx", {"封面": strange, **alike})
    found = took(tmp_path, ACCOUNTS, {"公开01表": accounts()})
    assert any("都像" in what for _place, what in problems(found))
    (row,) = rows(found, "收入支出决算表")
    assert row["上级补助收入"] == 125000
