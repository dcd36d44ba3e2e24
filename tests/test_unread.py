"""A figure that was sent and could not be read is not absent: where a rule asks for absence by name, it decides nothing; by every road in, in SQL, in Python and by Great Expectations."""

import random
from dataclasses import replace

import duckdb
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.app import audit, load_book
from gouji.app.cross_check import FilledTables, judge_again
from gouji.base.verdict import Verdict
from gouji.intake import receive
from gouji.intake.admission.admitted import admit
from gouji.plan.wide import compile_bulk
from gouji.report import page
from gouji.rules.table import Role
from gouji.run.engine import connect
from making import BASIS, YEAR, book_of, criterion_text, submission_of, tie_text
from test_aside import EXAMPLES, MANY, assert_python_agrees, audited, verdicts, written
from test_bulk import read_off
from test_missing_decides_nothing import (
    fillings,
    judged,
    put,
    taken_from_random_rules,
)
from test_table_rules import LOOSE, SUMMED, forests, roll_text, row_text
from test_table_rules import conditions as row_conditions
from test_two_meanings import book_or_none, rows, rules

UNIT = """
table: 单位
label: 单位
grain: one
role: units
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 单位名称, label: 单位名称, type: text, role: unit_name}
form: {sheets: [封面], cells: [{beside: true, labels: {单位名称: 单位名称}}]}
"""
FORM = """
table: 表
label: 表
grain: one
key: [单位代码, 年度]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 甲, label: 甲, type: money, unit: 万元, places: 2}
  - {name: 乙, label: 乙, type: money, unit: 万元, places: 2}
  - {name: 零, label: 零, type: money, unit: 万元, places: 2, null: zero}
form: {sheets: [表], cells: [{from: 甲, to: 零, beside: true}]}
"""
LIST = """
table: 多
label: 多
grain: many
key: [单位代码, 年度, 项]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 项, label: 项, type: text, null: never}
  - {name: 丙, label: 丙, type: money, unit: 万元, places: 2}
form: {sheets: [多], listing: {}}
"""
SCHEMAS = {"units.yaml": UNIT, "form.yaml": FORM, "list.yaml": LIST}
# Absence asked for by name; what the rule would say if the figure were absent.
CHECKS = {
    "T01": "coalesce(表.甲, 0) <= 1",
    "T02": "表.甲 is null",
    "T03": "表.甲 is not null",
    "T04": "count(多.丙) = 1",
    "T05": "coalesce(sum(多.丙), 0) <= 100",
    "T06": "case when 表.甲 is null then 0 else 1 end = 0",
    "T07": "表.零 = 0",
    "T08": "count(多.项) filter (where 多.丙 is null) = 1",
    "T09": "coalesce(表.甲, 表.乙) = 表.乙",
}
KNOWN = "T10", "表.乙 >= 1"
RULES = {f"{code}.yaml": tie_text(code, check) for code, check in [*CHECKS.items(), KNOWN]} | {
    "R01.yaml": "\n".join(
        [
            "kind: each_row",
            "code: R01",
            "name: 试",
            BASIS,
            "severity: 错误",
            "table: 多",
            "check: coalesce(多.丙, 0) <= 5",
        ]
    ),
    "C01.yaml": criterion_text(
        "C01", '{kind: within, full_at: "≥ 0"}', 50, measure="表.甲", missing="zero"
    ),
    "C02.yaml": criterion_text(
        "C02", '{kind: within, full_at: "≤ 1"}', 50, measure="coalesce(表.甲, 0)", missing="pending"
    ),
}
BLANK, TORN = "", "一二x"
# Each example compiles several statements.
MOST = max(15, EXAMPLES // 4)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return written(tmp_path_factory.mktemp("book"), RULES, SCHEMAS)


def as_workbook(folder, cell):
    made = openpyxl.Workbook()
    made.active.title = "封面"
    for row in (("单位代码", "U1"), ("年度", str(YEAR)), ("单位名称", "甲局")):
        made.active.append(row)
    sheet = made.create_sheet("表")
    for row in (("甲", cell), ("乙", 5), ("零", cell or "x")):
        sheet.append(row)
    sheet = made.create_sheet("多")
    for row in (("项", "丙"), ("a", 0), ("b", cell)):
        sheet.append(row)
    made.save(folder / "U1.xlsx")


def as_csv(folder, cell):
    for name, lines in {
        "单位": ["单位代码,年度,单位名称", f"U1,{YEAR},甲局"],
        "表": ["单位代码,年度,甲,乙,零", f"U1,{YEAR},{cell},5,{cell or 'x'}"],
        "多": ["单位代码,年度,项,丙", f"U1,{YEAR},a,0", f"U1,{YEAR},b,{cell}"],
    }.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")


def as_parquet(folder, cell):
    (folder / "dataset.yaml").write_text("figures: printed\n", "utf-8")
    con = duckdb.connect()
    blank = f"nullif('{cell}', '')"
    for name, query in {
        "单位": f"SELECT 'U1' AS 单位代码, {YEAR} AS 年度, '甲局' AS 单位名称",
        "表": f"SELECT 'U1' AS 单位代码, {YEAR} AS 年度, {blank} AS 甲, '5' AS 乙, '{cell or 'x'}' AS 零",
        "多": f"SELECT 'U1' AS 单位代码, {YEAR} AS 年度, unnest(['a', 'b']) AS 项, unnest(['0', {blank}]) AS 丙",
    }.items():
        con.execute(f"COPY ({query}) TO '{folder / name}.parquet'")
    con.close()


WAYS = {"workbook": as_workbook, "csv": as_csv, "parquet": as_parquet}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_not_read_is_not_absent(way, book, tmp_path):
    """With a blank cell the rules that ask for absence are decided by it, with one that nobody can read they are not, and say where it stands."""
    (tmp_path / "blank").mkdir()
    (tmp_path / "torn").mkdir()
    WAYS[way](tmp_path / "blank", BLANK)
    WAYS[way](tmp_path / "torn", TORN)
    blank, torn = (audit(tmp_path / name, **book) for name in ("blank", "torn"))
    absent = verdicts(blank, "U1")
    assert {absent[code] for code in ("T01", "T02", "T04", "T05", "T06", "T08", "T09", "R01")} == {
        Verdict.BALANCED
    }
    assert (absent["T03"], absent["T07"]) == (Verdict.UNBALANCED, Verdict.UNASSESSABLE)
    unread = verdicts(torn, "U1")
    assert {v for code, v in unread.items() if code != KNOWN[0]} == {Verdict.UNASSESSABLE}, unread
    assert unread[KNOWN[0]] is Verdict.BALANCED
    scores = {c.code: (c.score, c.low, c.high) for c in torn.outcomes.criteria["U1"]}
    assert scores == {"C01": (None, 0, 50), "C02": (None, 0, 50)}
    (zero,) = (c for c in blank.outcomes.criteria["U1"] if c.code == "C01")
    assert (zero.score, zero.low, zero.high) == (0, 0, 0)
    assert_python_agrees(torn)
    (card,) = page(torn.book, torn.submission, torn.scorecards, {}).cards
    words = {row.code: " ".join(row.gaps) for row in card.tie_outs}
    place = {"workbook": "U1.xlsx/表/B1", "csv": "表.csv:2", "parquet": "表.parquet:1"}[way]
    assert words["T01"].startswith(f"有数没有读出：表.甲({place}"), words["T01"]


@pytest.mark.parametrize("way", WAYS)
def test_great_expectations_counts_nobody(way, book, tmp_path):
    WAYS[way](tmp_path, TORN)
    loaded = load_book(**book)
    found = judge_again(
        loaded, lambda con: FilledTables(receive(con, tmp_path, loaded.tables).aside_homes(YEAR))
    )
    assert found.differing == () and set(found.own.values()) == {0}, found.own


def unread_in(submission, book, chosen):
    """Some cells of this year's and last year's rows made unread: whatever stood there."""
    made = {}
    for name, given_rows in submission.rows.items():
        table = book.tables[name]
        made[name] = []
        for at, row in enumerate(given_rows):
            names = tuple(c.name for c in table.columns if (name, at, c.name) in chosen)
            cells = {c: cell for c, cell in row.cells.items() if c not in names}
            made[name].append(replace(row, cells=cells, unread=names))
    submission.rows = made
    return submission


def to_choose(submission, book):
    return [
        (name, at, column.name)
        for name, given_rows in submission.rows.items()
        for at in range(len(given_rows))
        for column in book.tables[name].columns
        if column.name not in book.tables[name].key
        and column.null != "never"
        and book.tables[name].role is not Role.UNITS
    ]


def lost(figures, taken):
    """Figures with some of them unread: without value, and known to be so."""
    for (prior, table, at, column), _cell in taken:
        figures = put(figures, (prior, table, at, column), None)
        mark = f"{table}.{column}?"
        if prior:
            last = replace(figures.prior, aside=figures.prior.aside | {mark})
            figures = replace(figures, prior=last)
        else:
            figures = replace(figures, aside=figures.aside | {mark})
    return figures


def decides_nothing(rule, book, figures, taken):
    """Whether it is decided with them unread; then it is so for every value in their places."""
    if (decided := judged(rule, book, lost(figures, taken))) is None:
        return False
    for number in range(max(len(fillings(book.tables[p[1]], p[3], c)) for p, c in taken)):
        filled = figures
        for at, (place, cell) in enumerate(taken):
            choice = fillings(book.tables[place[1]], place[3], cell)
            filled = put(filled, place, choice[(number + 3 * at) % len(choice)])
        assert judged(rule, book, filled) == decided, (rule.code, taken)
    return True


@MANY
@given(st.data(), rules((3, 4, 4)))
def test_no_random_rule_is_decided_by_what_was_not_read(data, made):
    for case in taken_from_random_rules(data, made):
        decides_nothing(*case)


@settings(MANY, max_examples=MOST)
@given(st.data(), rules(), st.sampled_from(["full", "exclude"]), st.integers(0, 1000))
def test_random_rules_say_the_same_of_it_in_sql_and_python(data, made, policy, seed):
    """Whole and in bulk, wide and brief."""
    texts, total = made
    book = book_or_none(texts, total or 100, policy)
    given_rows = data.draw(rows(["U"], [c.code for c in book.criteria]))
    submission = submission_of(book, given_rows)
    every = to_choose(submission, book)
    chosen = set(random.Random(seed).sample(every, min(len(every), 1 + seed % 3)))
    done = audited(book, unread_in(submission, book, chosen))
    assert_python_agrees(done)
    con = connect()
    try:
        own = unread_in(submission_of(book, given_rows), book, chosen)
        halves = admit(con, own, book.tables)
        aside = own.aside_homes(YEAR)
        plan = compile_bulk(book, halves, aside=aside)
        said = read_off(con, plan, True)
        plan = compile_bulk(book, halves, wide=False, aside=aside)
        assert read_off(con, plan, False) == said == read_off(con, plan, False, alone=True), texts
    finally:
        con.close()


@settings(MANY, max_examples=MOST)
@given(
    forests(),
    st.sampled_from(["甲", "甲, 乙", "甲, 乙, 个"]),
    row_conditions,
    st.booleans(),
    st.integers(0, 1000),
)
def test_rules_over_rows_say_the_same_of_it_in_sql_and_python(
    given_rows, columns, condition, summed, seed
):
    book = book_of(
        {"a.yaml": roll_text(columns), "b.yaml": row_text("S02", condition)},
        tables=SUMMED if summed else LOOSE,
    )
    submission = submission_of(book, given_rows)
    every = [p for p in to_choose(submission, book) if p[0] == "树"]
    chosen = set(random.Random(seed).sample(every, min(len(every), 1 + seed % 3)))
    done = audited(book, unread_in(submission, book, chosen))
    assert_python_agrees(done)


# A form of which a column is called otherwise than described; printed or not, it counts as zero where it is blank.
UNPRINTED = FORM.replace("null: zero}", "null: zero, unprinted: zero}")


def renamed_csv(folder, amount):
    as_csv(folder, "1")
    (folder / "表.csv").write_text(
        f"单位代码,年度,甲,乙,零（含税）\nU1,{YEAR},1,5,{amount}\n", "utf-8"
    )


def renamed_parquet(folder, amount):
    as_parquet(folder, "1")
    query = f"SELECT 'U1' AS 单位代码, {YEAR} AS 年度, '1' AS 甲, '5' AS 乙, {amount}::DOUBLE AS \"零（含税）\""
    duckdb.connect().execute(f"COPY ({query}) TO '{folder / '表.parquet'}'")


@pytest.mark.parametrize("way", [renamed_csv, renamed_parquet])
def test_a_figure_under_a_header_that_nobody_knows_may_be_any_that_is_not_there(way, tmp_path):
    given_book = written(
        tmp_path / "book",
        {"T01.yaml": tie_text("T01", "表.零 = 0"), "T02.yaml": tie_text("T02", "表.乙 >= 1")},
        {**SCHEMAS, "form.yaml": UNPRINTED},
    )
    (tmp_path / "in").mkdir()
    way(tmp_path / "in", 7)
    made = audit(tmp_path / "in", **given_book)
    assert verdicts(made, "U1") == {"T01": Verdict.UNASSESSABLE, "T02": Verdict.BALANCED}
    assert any("没有叫“零（含税）”的列" in p.what for p in made.submission.problems)
