"""Form sets: the same figures as five places print them give the same tables, figures and verdicts; which set a sheet is, is told; what two sets read differently is taken by none."""

import cProfile
import pstats
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from elsewhere import NAMINGS, write
from elsewhere import PLACES as EVERY
from gouji.app import audit, load_book
from gouji.intake import receive
from gouji.intake.finding.layout import Layouts
from gouji.intake.workbooks.extract import Extractor
from gouji.intake.workbooks.workbook_file import open_book
from gouji.rules import load_tables
from gouji.rules.check.table_faults import check_tables
from gouji.rules.form_sets import FormSet
from gouji.run import connect

TABLES = load_book("final-accounts").tables
# Yunnan prints more than the others: what it gives is held by test_form_matrix.
PLACES = [place for place in EVERY if not place.income_too]
READ = (
    "收入支出决算表",
    "财政拨款收入支出决算表",
    "财政拨款支出功能分类表",
    "收入决算表",
    "支出决算表",
    "一般公共预算财政拨款支出决算表",
    "一般公共预算财政拨款基本支出决算表",
    "政府性基金预算财政拨款收入支出决算表",
    "财政拨款三公经费和机关运行经费情况表",
)
# The printed sums of the source, typed by hand: table -> column -> figure in 元 (of the row 合计 where there are several).
BY_HAND = {
    "收入支出决算表": {"一般公共预算财政拨款收入": 3098100, "上级补助收入": 0, "社会保障和就业支出": 347500, "城乡社区支出": 2881300, "农林水支出": 0, "年初结转和结余": 290700, "收入总计": 3388800, "本年支出合计": 3228800, "年末结转和结余": 160000},
    "财政拨款收入支出决算表": {"年初财政拨款结转和结余": 290700, "年初一般公共预算财政拨款结转和结余": 290700, "年初政府性基金预算财政拨款结转和结余": 0, "本年支出一般公共预算财政拨款": 3228800, "支出总计": 3388800},
    "支出决算表": {"本年支出合计": 3228800, "基本支出": 2045200, "项目支出": 1183600, "经营支出": 0},
    "一般公共预算财政拨款支出决算表": {"本年支出": 3228800, "基本支出": 2045200, "项目支出": 1183600},
    "财政拨款三公经费和机关运行经费情况表": {"三公经费合计预算数": 64500, "三公经费合计决算数": 49700, "公务用车购置费决算数": 0, "公务用车运行维护费决算数": 31700, "公务接待费预算数": 24800, "公务接待费决算数": 18000},
}  # fmt: skip
BY_CODE = {
    "支出决算表": {"2120101": {"基本支出": 1697700}, "2120199": {"项目支出": 1183600}, "20805": {"本年支出合计": 347500}},
    "一般公共预算财政拨款基本支出决算表": {"301": {"决算数": 1842600}, "30231": {"决算数": 31700}, "303": {"决算数": 16100}, "人员经费合计": {"决算数": 1858700}, "公用经费合计": {"决算数": 186500}},
}  # fmt: skip


def received(folder):
    return receive(connect(), folder, dict(TABLES))


def read(found):
    """Every figure: table, key, column -> figure."""
    made = {}
    for name in READ:
        table = TABLES[name]
        key = [c for c in table.key if c not in ("单位代码", "年度")]
        for row in found.held.rows(table, "U001", 2023):
            of = tuple(str(row.cells[c].value) for c in key)
            for column in table.columns:
                if column.numeric and column.name in row.cells:
                    made[name, of, column.name] = row.cells[column.name].value
    return made


def told(found):
    return [(p.at.sheet, p.what) for p in found.problems if not p.note]


def workbook(folder, place, **how):
    folder.mkdir(parents=True, exist_ok=True)
    write(place, folder / "a.xlsx", **how)
    return folder


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return read(received(workbook(tmp_path_factory.mktemp("source"), PLACES[0])))


@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.name)
@pytest.mark.parametrize("naming", NAMINGS)
def test_the_same_figures_are_read_as_every_place_prints_them(place, naming, tmp_path, source):
    found = received(workbook(tmp_path / "x", place, seed=len(naming), naming=naming))
    assert told(found) == []
    figures = read(found)
    for name, columns in BY_HAND.items():
        key = ("合计",) if len(TABLES[name].key) == 3 else ()
        assert {c: figures[name, key, c] for c in columns} == {
            c: Decimal(v) for c, v in columns.items()
        }, name
    for name, rows in BY_CODE.items():
        for code, columns in rows.items():
            assert {c: figures[name, (code,), c] for c in columns} == columns
    # What a place does not print, 24 functions of 26 say, is missing in a listing and zero in a form.
    missing = {at for at in source if at not in figures}
    assert {at[0] for at in missing} <= {"财政拨款支出功能分类表"} and len(missing) <= 10
    assert {at: v for at, v in figures.items() if at in source} == {
        at: v for at, v in source.items() if at not in missing
    }
    assert set(figures) <= set(source)


def test_the_same_verdicts_come_of_every_place(tmp_path):
    verdicts = {}
    for place in PLACES:
        made = audit(workbook(tmp_path / place.name, place), "final-accounts")
        verdicts[place.name] = {o.code: o.verdict for o in made.outcomes.of("U001")}
    first = verdicts.pop("national")
    assert sum(v == "平" for v in first.values()) >= 70 and "不平" not in first.values()
    for name, other in verdicts.items():
        assert other == first, name


def test_what_is_wrong_is_found_as_every_place_prints_it(tmp_path):
    def transpose(every):
        """本年支出合计 of 公开01: two digits swapped."""
        sheet = every["总"]
        at = next(at for at, v in sheet.cells.items() if v == "本年支出合计")
        col = max(c for r, c in sheet.cells if r == at[0])
        sheet.cells[at[0], col] = sheet.cells[at[0], col] * 3282800 / 3228800

    for place in PLACES:
        made = audit(workbook(tmp_path / place.name, place, change=transpose), "final-accounts")
        failing = {o.code for o in made.outcomes.of("U001") if o.verdict == "不平"}
        assert {"FA01", "FA02", "FA03"} & failing, place.name


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (soffice)")
def test_xls_is_read_as_xlsx_is(tmp_path, source):
    for place in PLACES:
        workbook(tmp_path / "from" / place.name, place)
    for place in PLACES:
        out = tmp_path / "xls" / place.name
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "xls", "--outdir", out, tmp_path / "from" / place.name / "a.xlsx"],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        found = received(out)
        figures = read(found)
        assert told(found) == [] and all(figures[at] == source[at] for at in figures), place.name


# Which set ------------------------------------------------------------------------------------------------------------------------------


def sets_told(found):
    return [p.what for p in found.problems if "的表样读" in p.what]


def test_the_report_says_which_set_and_why(tmp_path):
    found = received(workbook(tmp_path / "x", PLACES[2], naming="numbers"))
    said = sets_told(found)
    assert all("“四川2022”" in what for what in said) and len(said) == 2
    assert any("凭标题，再凭行列的名称" in what and "公开01表" in what for what in said)
    found = received(workbook(tmp_path / "y", PLACES[0], naming="titles"))
    assert all("“财政部2022”" in what for what in sets_told(found))


def test_one_workbook_may_mix_sets(tmp_path):
    """Forms of one place beside those of another: each sheet is read by its own."""
    write(PLACES[0], tmp_path / "a.xlsx")
    write(PLACES[3], tmp_path / "b.xlsx")
    first, other = (
        openpyxl.load_workbook(tmp_path / "a.xlsx"),
        openpyxl.load_workbook(tmp_path / "b.xlsx"),
    )
    for title in ("一般公共预算财政拨款支出决算表", "财政拨款三公经费支出决算表"):
        del first[next(n for n in first.sheetnames if title in n)]
        there = other[next(n for n in other.sheetnames if title in n)]
        made = first.create_sheet(title)
        for row in there.iter_rows():
            for cell in row:
                made[cell.coordinate] = cell.value
        for area in there.merged_cells.ranges:
            made.merge_cells(str(area))
    (tmp_path / "mixed").mkdir()
    first.save(tmp_path / "mixed" / "a.xlsx")
    found = received(tmp_path / "mixed")
    assert told(found) == []
    figures = read(found)
    for name in ("一般公共预算财政拨款支出决算表", "财政拨款三公经费和机关运行经费情况表"):
        key = ("合计",) if len(TABLES[name].key) == 3 else ()
        assert {c: figures[name, key, c] for c in BY_HAND[name]} == BY_HAND[name]


LAMPS = """table: 路灯情况
label: 路灯情况表
grain: many
key: [单位代码, 年度, 街道]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 街道, type: text, null: never}
  - {name: 盏数, type: count, unit: 个}
  - {name: 电费, type: money, unit: 万元, places: 2}
form:
  sheets: [路灯情况]
  listing: {}
"""
SET = """set: {name}
authority: 某市
source: [某市路灯管理办法]
forms:
  - table: 路灯情况
    titles: [路灯一览表]
    labels: {{{labels}}}
"""
UNITS = """table: 单位
grain: one
role: units
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 单位名称, type: text, role: unit_name}
form:
  sheets: [封面]
  cells: [{beside: true}]
"""


def lamps(*sets):
    texts = {"units.yaml": UNITS, "lamps.yaml": LAMPS}
    return load_tables({**texts, **{f"sets/{i}.yaml": text for i, text in enumerate(sets)}})


def lit(path, tables, heads):
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "封面"
    for line in (["单位代码", "U001"], ["年度", 2023], ["单位名称", "甲局"]):
        cover.append(line)
    sheet = book.create_sheet("Sheet2")
    for line in (["路灯一览表"], ["金额单位：万元"], heads, ["东街", 12, 13, 1.5]):
        sheet.append(line)
    book.save(path / "a.xlsx")
    return receive(connect(), path, dict(tables.tables))


TWO = (
    SET.format(name="甲市", labels="盏数: 盏数甲, 电费: 费用"),
    SET.format(name="乙市", labels="盏数: 盏数乙, 电费: 费用"),
)


def test_two_sets_that_fit_equally_well_are_told_and_neither_is_taken(tmp_path):
    found = lit(tmp_path, lamps(*TWO), ["街道", "盏数甲", "盏数乙", "费用"])
    assert told(found) == [("Sheet2", "这张表同样像几套表样：甲市、乙市，读法却不同；不采用")]
    assert found.rows_in == found.rows_accepted + found.rows_set_aside


def test_labels_decide_between_sets_with_one_title(tmp_path):
    for heads, name in (
        (["街道", "盏数乙", "备注", "费用"], "乙市"),
        (["街道", "备注", "盏数甲", "费用"], "甲市"),
    ):
        (tmp_path / name).mkdir()
        found = lit(tmp_path / name, lamps(*TWO), heads)
        assert sets_told(found) == [f"按“{name}”的表样读（凭标题，再凭行列的名称）：Sheet2"]


def test_sets_that_read_a_sheet_alike_are_no_doubt(tmp_path):
    alike = SET.format(name="丙市", labels="盏数: 盏数甲, 电费: 费用")
    found = lit(tmp_path, lamps(TWO[0], alike), ["街道", "盏数甲", "备注", "费用"])
    assert told(found) == [] and sets_told(found) == ["按“甲市”的表样读（凭标题）：Sheet2"]


WRONG = {
    "a table that is not there": (SET.format(name="甲市", labels="盏数: 甲").replace("路灯情况", "路灯"), "没有叫“路灯”的数据表"),
    "a column that is not there": (SET.format(name="甲市", labels="灯数: 甲"), "“路灯情况”没有叫“灯数”的列"),
    "a key that is not there": (SET.format(name="甲市", labels="盏数: 甲") + "    title: 甲\n", "没有“title”这个键"),
    "like a set that is not there": (SET.format(name="甲市", labels="盏数: 甲") + "    like: 丁市\n", "表样“丁市”里没有“路灯情况”"),
}  # fmt: skip


@pytest.mark.parametrize("text, message", WRONG.values(), ids=WRONG)
def test_what_is_wrong_in_a_set_is_told_with_its_place(text, message):
    with pytest.raises(ExceptionGroup) as faults:
        check_tables(lamps(text))
    assert message in str(faults.value.exceptions[0]) and "sets/0.yaml" in str(
        faults.value.exceptions[0]
    )


def test_one_name_is_one_set():
    with pytest.raises(ExceptionGroup, match="规则有误：1 处"):
        lamps(TWO[0], TWO[0])


def test_shipped_sets_have_authority_years_and_source():
    from gouji.app.books import book_texts

    held = load_tables(book_texts("final-accounts").schemas).sets
    assert len(held) >= 15 and all(isinstance(one, FormSet) for one, _document in held.values())
    assert all(one.authority and one.source for one, _document in held.values())
    assert {
        "财政部2019",
        "财政部2020",
        "财政部2022",
        "云南2023",
        "湖南2024",
        "四川2022",
        "安徽2023",
        "财决",
    } <= set(held)


def test_the_page_of_form_sets_is_fresh():
    from pathlib import Path

    from gouji.app.books import book_texts
    from gouji.explain.form_set_page import form_sets_page

    held = load_tables(book_texts("final-accounts").schemas)
    page = form_sets_page([one for one, _document in held.sets.values()], held.tables)
    assert (Path(__file__).parent.parent / "docs/form-sets.md").read_text("utf-8") == page


def test_what_is_said_decides_between_sets_that_fit_equally_well(tmp_path):
    texts = {"units.yaml": UNITS, "lamps.yaml": LAMPS, "sets/0.yaml": TWO[0], "sets/1.yaml": TWO[1]}
    for name, count in (("甲市", 12), ("乙市", 13)):
        (tmp_path / name).mkdir()
        tables = load_tables({**texts, "--forms": f'["{name}"]'})
        heads = ["街道", "盏数甲", "盏数乙", "费用"]
        found = lit(tmp_path / name, tables, heads)
        (row,) = found.held.rows(tables.tables["路灯情况"], "U001", 2023)
        assert row.cells["盏数"].value == count
        assert all("同样像" not in what for _sheet, what in told(found))


def test_forms_of_the_command_line_and_of_gouji_yaml(tmp_path):
    from gouji.runs.workspace.config import read_config

    write(PLACES[2], tmp_path / "a.xlsx", naming="plain")
    made = audit(tmp_path, "final-accounts", forms=("财政部2022",))
    said = sets_told(made.submission)
    assert said and all("“财政部2022”" in what for what in said)
    with pytest.raises(ExceptionGroup) as faults:
        audit(tmp_path, "final-accounts", forms=("财政部2032",))
    assert "没有叫“财政部2032”的表样" in str(faults.value.exceptions[0])
    assert read_config("gouji.yaml", "rules: final-accounts\nforms: [云南2022]\n").forms == (
        "云南2022",
    )


def with_copies(count):
    """The tables with so many sets: copies of the national one, every second with titles of its own."""
    made = {}
    for name, table in TABLES.items():
        base = [form for form in table.printed if form.of == "财政部2022"]
        copies = [
            replace(f, of=f"{f.of}-{k}", titles=tuple(t + str(k) * (k % 2) for t in f.titles))
            for k in range(count - 1)
            for f in base
        ]
        made[name] = replace(table, printed=(*base, *copies))
    return made


def test_thirty_sets_cost_what_one_costs(tmp_path):
    """Counted in calls of functions, which no other work on the machine changes."""
    write(PLACES[0], tmp_path / "a.xlsx")
    calls = {}
    for count in (1, 30):
        extractor = Extractor(with_copies(count), Layouts())
        books = [open_book(tmp_path / "a.xlsx", "a.xlsx") for _ in range(2)]
        for which, book in zip(("first", "known"), books, strict=True):
            profile = cProfile.Profile()
            profile.runcall(extractor.take, book)
            calls[which, count] = pstats.Stats(profile).total_calls
    assert calls["first", 30] <= 1.1 * calls["first", 1]
    assert calls["known", 30] <= 1.02 * calls["known", 1]


def test_every_door_takes_the_sets_that_decide(tmp_path):
    """A name that is no set is told by each; what is said decides."""
    from gouji.app import (
        audit_bulk,
        night,
        read_forms,
        returned,
        returned_all,
        what_if_audit,
        what_if_bulk,
    )
    from gouji.runs import Workspace

    data, book = tmp_path / "data", "final-accounts"
    data.mkdir()
    write(PLACES[2], data / "a.xlsx", naming="plain")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "gouji.yaml").write_text(f"rules: {book}\n", "utf-8")
    (workspace / "submissions").mkdir()
    assert Workspace.at(workspace).config.forms == ()
    wrong = ("财政部2032",)
    doors = {
        "read": lambda forms: read_forms(data, book, forms=forms),
        "return": lambda forms: returned(data, "U001", book, forms=forms),
        "return --all": lambda forms: list(returned_all(data, book, forms=forms)),
        "--against": lambda forms: what_if_audit(data, book, book, forms=forms),
        "bulk": lambda forms: audit_bulk(data, tmp_path / "o", book, forms=forms),
        "bulk --against": lambda forms: what_if_bulk(data, tmp_path / "p", book, book, forms=forms),
        "night": lambda forms: night(workspace, forms=forms),
    }
    for name, door in doors.items():
        with pytest.raises(ExceptionGroup) as faults:
            door(wrong)
        assert "没有叫“财政部2032”的表样" in str(faults.value.exceptions[0]), name
    (picture,) = doors["read"](("财政部2022",))
    told_sets = [what for what in picture.told if "的表样读" in what]
    assert told_sets and all("“财政部2022”" in what for what in told_sets)
    assert not doors["--against"](("财政部2022",)).changes.units_changed
