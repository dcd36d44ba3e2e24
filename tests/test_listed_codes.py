"""Codes of lines as people and programs write them: the same code in workbooks, CSV, Parquet and bulk, or told with their row; never another level."""

import duckdb
import openpyxl
import pytest

from gouji.app import audit, audit_bulk
from gouji.intake.finding.listed_codes import code_pattern, listed_code
from gouji.rules import load_tables
from making import BASIS, TABLES
from small_books import HEAD

SCHEMAS = {
    "units.yaml": TABLES["units.yaml"] + "form: {sheets: [单位], cells: [{beside: true}]}\n",
    "listing.yaml": """
table: 支出表
grain: many
key: [单位代码, 年度, 科目编码]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 科目编码, type: text, null: never, role: code, levels: [3, 5], total: 合计, words: [结余]}
  - {name: 金额, type: money, unit: 元, places: 2, null: zero}
form: {sheets: [支出表], listing: {}}
""",
}
ROLL_UP = f"kind: roll_up\ncode: T01\nname: 逐级汇总\n{BASIS}\nseverity: 错误\ntable: 支出表\ncolumns: [金额]\n"
LINES = {"合计": 300, "201": 300, "20101": 100, "20102": 200}
(COLUMN,) = (c for c in load_tables(SCHEMAS).tables["支出表"].columns if c.levels)

SAME = {
    "as kept": str,
    "full width": lambda c: c.translate({ord("0") + n: ord("０") + n for n in range(10)}),
    "blanks around": lambda c: f" {c}　",
    "blanks within": lambda c: " ".join(c),
    "signs without width": lambda c: f"\ufeff{c}\u200b",
    "dots": lambda c: f"{c[:3]}.{c[3:]}" if c[3:] else c,
    "hyphens": lambda c: f"{c[:3]}-{c[3:]}" if c[3:] else c,
    "an apostrophe": lambda c: c if c == "合计" else f"'{c}",
    "总计": lambda c: "总计" if c == "合计" else c,
    "合 计：": lambda c: "合 计：" if c == "合计" else c,
}
NO_CODES = {
    "zeros of a number": lambda c: c if c == "合计" else f"{c}.0",
    "more zeros": lambda c: c if c == "合计" else f"{c}.00",
    "a dot elsewhere": lambda c: "20.1" if c == "201" else c,
    "a sign before": lambda c: "-201" if c == "201" else c,
    "a power of ten": lambda c: c if c == "合计" else f"{int(c):.2E}",
    "a name": lambda c: "一般公共服务" if c == "201" else c,
    "a letter for a digit": lambda c: "2O102" if c == "20102" else c,
    "a letter of another length": lambda c: "2O1A" if c == "201" else c,
}


@pytest.fixture
def book(tmp_path):
    """Folders of a rulebook with one roll-up, and of its tables."""
    for name, texts in (
        ("rules", {"book.yaml": HEAD, "t1.yaml": ROLL_UP}),
        ("schemas", SCHEMAS),
    ):
        (tmp_path / name).mkdir()
        for file, text in texts.items():
            (tmp_path / name / file).write_text(text, "utf-8")
    return str(tmp_path / "rules"), str(tmp_path / "schemas")


def as_csv(folder, written):
    (folder / "单位.csv").write_text("单位代码,年度,单位名称\nU1,2023,甲局\n", "utf-8")
    lines = [f"U1,2023,{code},{value}" for code, value in written]
    head = "单位代码,年度,科目编码,金额"
    (folder / "支出表.csv").write_text("\n".join([head, *lines]) + "\n", "utf-8")


def as_parquet(folder, written):
    rows = ", ".join(f"('U1', 2023, '{c.replace(chr(39), chr(39) * 2)}', {v})" for c, v in written)
    of = "FORMAT parquet, KV_METADATA {'gouji.figures': 'base'}"
    for name, query in {
        "单位": "SELECT 'U1' AS 单位代码, 2023 AS 年度, '甲局' AS 单位名称",
        "支出表": f"SELECT a AS 单位代码, b AS 年度, c AS 科目编码, d::DECIMAL(18,2) AS 金额 FROM (VALUES {rows}) t(a, b, c, d)",
    }.items():
        duckdb.sql(f"COPY ({query}) TO '{folder / name}.parquet' ({of})")


def as_workbook(folder, written):
    made = openpyxl.Workbook()
    made.active.title = "单位"
    for line in (["单位代码", "U1"], ["年度", 2023], ["单位名称", "甲局"]):
        made.active.append(line)
    sheet = made.create_sheet("支出表")
    sheet.append(["单位：元"])
    sheet.append(["科目编码", "金额"])
    for line in written:
        sheet.append(line)
    made.save(folder / "a.xlsx")


WAYS = {"csv": as_csv, "parquet": as_parquet, "xlsx": as_workbook}


def verdict(way, folder, book, change):
    """The verdict on the roll-up, and what was said of the codes."""
    folder.mkdir()
    written = [(change(code), value) for code, value in LINES.items()]
    WAYS[way](folder, written)
    made = audit(folder, *book)
    (outcome,) = made.outcomes.table_rules["U1"]
    return outcome.verdict.value, [p.what for p in made.submission.problems if not p.note]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_a_code_is_the_same_however_it_is_written(tmp_path, book, way, change):
    assert verdict(way, tmp_path / "data", book, change) == ("平", [])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("change", NO_CODES.values(), ids=NO_CODES)
def test_what_is_no_code_is_told_and_decides_nothing(tmp_path, book, way, change):
    found, said = verdict(way, tmp_path / "data", book, change)
    assert (found, bool(said)) == ("无法判断", True)


@pytest.mark.parametrize("change", [*SAME.values(), *NO_CODES.values()], ids=[*SAME, *NO_CODES])
def test_bulk_reads_the_same_codes(tmp_path, book, change):
    (tmp_path / "data").mkdir()
    as_parquet(tmp_path / "data", [(change(code), value) for code, value in LINES.items()])
    made = audit_bulk(tmp_path / "data", tmp_path / "out", *book)
    found = duckdb.sql(f"SELECT \"T01.结论\" FROM '{made.folder}/outcomes/*.parquet'").fetchall()
    aside = duckdb.sql(f"SELECT 列, 原因 FROM '{made.folder}/set_aside.parquet'").fetchall()
    if change in SAME.values():
        assert (found, aside) == ([("平",)], [])
    else:
        assert found == [("无法判断",)]
        assert ("科目编码", "“科目编码”不是编码") in aside


@pytest.mark.parametrize(
    "text, kept",
    [
        ("A01", "A01"),
        ("Ａ０１", "A01"),
        ("a0101", "A0101"),
        ("2O801", "2O801"),
        ("结余", "结余"),
        ("2010101", "2010101"),
        ("201.0", "201.0"),
        ("小计", "小计"),
    ],
)
def test_what_is_kept(text, kept):
    assert listed_code(text, COLUMN) == kept


def test_the_pattern_takes_what_is_a_code():
    con = duckdb.connect()
    taken = "SELECT $1 SIMILAR TO $2"
    for text, fits in {
        "201": 1,
        "A0101": 1,
        "a0101": 0,
        "2O801": 0,
        "合计": 1,
        "结余": 1,
        "201.0": 0,
        "小计": 0,
    }.items():
        assert con.execute(taken, [text, code_pattern(COLUMN)]).fetchone() == (bool(fits),)
