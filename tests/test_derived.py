"""Tables that nobody sends: worked out from several forms of a unit, or from other units; in one audit, in bulk, and night for night."""

import shutil
from decimal import Decimal
from fractions import Fraction

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import nights
from gouji.app import audit, load_book
from gouji.app.bulk import audit_bulk
from gouji.app.bulk_reports import bulk_unit
from gouji.app.replaying import replay
from gouji.app.run_night import night
from gouji.base.outcome import GapKind
from gouji.intake.deriving import worked_out_tables as derived
from gouji.intake.deriving.worked_out_tables import sent_tables
from gouji.rules import load_rulebook, load_tables, validate
from gouji.run.batches import Limits
from making import BASIS, HEAD, quoted

WHOSE = """
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
"""
SCHEMAS = {
    "units.yaml": f"table: 单位\ngrain: one\nrole: units\nkey: [单位代码, 年度]\ncolumns:{WHOSE}  - {{name: 单位名称, type: text, role: unit_name}}\n"
    "  - {name: 上级, type: text}\n  - {name: 小类, type: text}\n",
    "expected.yaml": f"table: 应报\ngrain: one\nrole: expected\nkey: [单位代码, 年度]\ncolumns:{WHOSE}  - {{name: 单位名称, type: text, role: unit_name}}\n"
    "  - {name: 上级, type: text}\n",
    "accounts.yaml": f"table: 决算\ngrain: one\nkey: [单位代码, 年度]\ncolumns:{WHOSE}  - {{name: 收入, type: money, unit: 万元, places: 2}}\n"
    "  - {name: 教育, type: money, unit: 万元, places: 2, null: zero}\n  - {name: 卫生, type: money, unit: 万元, places: 2, null: zero}\n  - {name: 车, type: count}\n",
    "lines.yaml": f"table: 明细\ngrain: many\nkey: [单位代码, 年度, 科目]\ncolumns:{WHOSE}"
    "  - {name: 科目, type: text, null: never, role: code, levels: [3, 5], total: 合计}\n  - {name: 支出, type: money, unit: 万元, places: 2}\n",
    "given.yaml": f"table: 补助\ngrain: many\nkey: [单位代码, 年度, 给谁]\ncolumns:{WHOSE}  - {{name: 给谁, type: text, null: never}}\n  - {{name: 金额, type: money, unit: 万元, places: 2}}\n",
    "classes.yaml": f"""table: 对照
grain: many
key: [单位代码, 年度, 类]
derived: {{key: 类, digits: 3}}
columns:{WHOSE}  - {{name: 类, type: text, null: never}}
  - {{name: 明细数, type: money, unit: 万元, places: 2, null: zero, take: {{from: 明细, column: 支出}}}}
  - {{name: 总表数, type: money, unit: 万元, places: 2, null: zero, take: {{from: 决算, at: {{"205": 教育, "210": 卫生}}}}}}
""",
    "codes.yaml": f"""table: 科目核对
grain: many
key: [单位代码, 年度, 科目]
derived: {{key: 科目}}
columns:{WHOSE}  - {{name: 科目, type: text, null: never}}
  - {{name: 在目录, type: count, take: {{from: 明细, codes: [{{code: "205", name: 教育}}, {{code: "210", name: 卫生, from: 2024}}, {{code: "20502", name: 普通教育}}]}}}}
  - {{name: 有上级, type: count, take: {{from: 明细, above: true}}}}
""",
    "below.yaml": f"""table: 下级
grain: one
key: [单位代码, 年度]
derived: {{by: 上级}}
columns:{WHOSE}  - {{name: 户数, type: count, take: {{from: 单位, over: below, by: count}}}}
  - {{name: 收入, type: money, unit: 万元, places: 2, take: {{from: 决算, over: below}}}}
  - {{name: 总支出, type: money, unit: 万元, places: 2, take: {{from: 明细, column: 支出, over: below, where: {{科目: 合计}}}}}}
""",
    "cells.yaml": f"""table: 逐格
grain: many
key: [单位代码, 年度, 数]
derived: {{key: 数, by: 上级, cells: [决算, 明细]}}
columns:{WHOSE}  - {{name: 数, type: text, null: never}}
  - {{name: 汇总数, type: money, unit: 万元, places: 2, null: zero, take: {{}}}}
  - {{name: 下级数, type: money, unit: 万元, places: 2, null: zero, take: {{over: below}}}}
""",
    "named.yaml": f"""table: 对账
grain: one
key: [单位代码, 年度]
derived: {{by: 给谁}}
columns:{WHOSE}  - {{name: 金额, type: money, unit: 万元, places: 2, take: {{from: 补助, over: named}}}}
""",
    "peers.yaml": f"""table: 同批
grain: one
key: [单位代码, 年度]
derived: {{at_least: 3}}
columns:{WHOSE}  - {{name: 每车, type: money, unit: 元, places: 2, take: {{from: 决算, column: 收入, per: 车, over: peers, by: median, without: {{小类: 汇总}}}}}}
""",
    "twins.yaml": f"""table: 相同
grain: one
key: [单位代码, 年度]
derived: {{at_least: 2}}
columns:{WHOSE}  - {{name: 户数, type: count, take: {{from: 决算, column: 收入, over: twins, by: count, same: [收入, 教育]}}}}
""",
}
CHECKS = {
    "T01": ("each_row", "对照", "对照.明细数 = 对照.总表数"),
    "T02": ("each_row", "科目核对", "科目核对.在目录 = 1"),
    "T03": ("each_row", "科目核对", "科目核对.有上级 = 1"),
    "T04": ("tie_out", "", "决算.收入 = 下级.收入"),
    "T05": ("each_row", "逐格", "逐格.汇总数 = 逐格.下级数"),
    "T06": ("tie_out", "", "决算.收入 = 对账.金额"),
    "T07": ("tie_out", "", "决算.收入 / 决算.车 <= 同批.每车 * 3"),
    "T08": ("tie_out", "", "相同.户数 = 1"),
}


def rule(code, kind, table, check):
    more = f"table: {table}\n" if table else ""
    return f"kind: {kind}\ncode: {code}\nname: {code}\n{BASIS}\nseverity: 错误\n{more}check: {quoted(check)}\n"


HEAD_ALONE = "book: test\ntitle: 试验\nauthority: 试验\nfiscal_year: 2023\n"
RULES = {"book.yaml": HEAD_ALONE} | {
    f"{code.lower()}.yaml": rule(code, *parts) for code, parts in CHECKS.items()
}


@pytest.fixture
def book(tmp_path):
    for folder, texts in (("book", RULES), ("schemas", SCHEMAS)):
        (tmp_path / folder).mkdir()
        for name, text in texts.items():
            (tmp_path / folder / name).write_text(text, "utf-8")
    return tmp_path


def send(folder, **tables):
    """Table -> lines of a CSV, the header first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def judged(book, data):
    made = audit(data, book / "book", book / "schemas")
    return made, {
        u: {o.code: o.verdict.value for o in made.outcomes.of(u)} for u in made.outcomes.units
    }


UNITS = ["单位代码,年度,单位名称,上级,小类", "D,2023,部门,,汇总", "A,2023,甲,D,", "B,2023,乙,D,"]


def county(book, accounts, lines=(), units=UNITS, **more):
    tables = {
        "单位": units,
        "决算": ["单位代码,年度,收入,教育,卫生,车", *accounts],
        "明细": ["单位代码,年度,科目,支出", *lines],
    }
    return judged(book, send(book / "data", **tables, **more))


def test_a_summary_is_the_sum_of_what_lies_below_it(book):
    made, found = county(book, ["D,2023,30.00,0,0,", "A,2023,10.00,0,0,", "B,2023,20.00,0,0,"])
    assert (found["D"]["T04"], found["A"]["T04"]) == ("平", "无法判断")
    con = made.submission.held.con
    assert con.execute('SELECT 单位代码, 户数, 收入, "收入±" FROM 下级').fetchall() == [
        ("D", 2, 300000, 100)
    ]
    assert (
        county(book, ["D,2023,30.01,0,0,", "A,2023,10.00,0,0,", "B,2023,20.00,0,0,"])[1]["D"]["T04"]
        == "平(尾差内)"
    )
    assert (
        county(book, ["D,2023,30.02,0,0,", "A,2023,10.00,0,0,", "B,2023,20.00,0,0,"])[1]["D"]["T04"]
        == "不平"
    )


def test_a_sum_without_all_its_parts_is_none(book):
    """A figure missing, a form not sent, a unit of the expected list that has not come: nothing is said of the sum, never a finding."""
    assert (
        county(book, ["D,2023,30.00,0,0,", "A,2023,,0,0,", "B,2023,20.00,0,0,"])[1]["D"]["T04"]
        == "无法判断"
    )
    assert county(book, ["D,2023,30.00,0,0,", "B,2023,20.00,0,0,"])[1]["D"]["T04"] == "无法判断"
    whole = ["D,2023,30.00,0,0,", "A,2023,10.00,0,0,", "B,2023,20.00,0,0,"]
    awaited = [
        "单位代码,年度,单位名称,上级",
        "D,2023,部门,",
        "A,2023,甲,D",
        "B,2023,乙,D",
        "C,2023,丙,D",
    ]
    assert county(book, whole, 应报=awaited)[1]["D"]["T04"] == "无法判断"
    assert county(book, whole, 应报=awaited[:-1])[1]["D"]["T04"] == "平"


def test_every_cell_of_a_summary_is_held_against_its_parts(book):
    accounts = ["D,2023,30.00,5.00,0,", "A,2023,10.00,5.00,0,", "B,2023,20.00,0,0,"]
    lines = [
        "D,2023,合计,5.00",
        "D,2023,205,5.00",
        "A,2023,合计,5.00",
        "A,2023,205,5.00",
        "B,2023,合计,0",
    ]
    assert county(book, accounts, lines)[1]["D"]["T05"] == "平"
    # A code that only a part has, and one that only the summary has.
    assert county(book, accounts, [*lines, "B,2023,210,1.00"])[1]["D"]["T05"] == "不平"
    made, found = county(book, accounts, [*lines, "D,2023,210,1.00"])
    assert found["D"]["T05"] == "不平"
    # A part that did not send the form: its rows are open, the other form's still hold.
    assert county(book, accounts, lines[:-1])[1]["D"]["T05"] == "无法判断"
    from gouji.intake.ledger.unit_figures import unit_figures
    from gouji.report.unit.spots import spot_rows
    from gouji.report.unit.working import WorkingTeller

    teller = WorkingTeller(
        made.book, made.submission, unit_figures(made.submission, made.book.tables, "D", 2023), "D"
    )
    (spot,) = spot_rows(teller, next(t for t in made.book.table_rules if t.code == "T05"))
    assert (spot.row, spot.sides.left, spot.sides.right) == (
        "明细 210 支出",
        "1.00万元",
        "0.00万元",
    )
    assert any("明细.csv:7" in place for place in spot.places)


def test_forms_side_by_side_name_the_class(book):
    lines = ["A,2023,合计,9.00", "A,2023,205,5.00", "A,2023,210,4.00", "A,2023,20502,5.00"]
    assert county(book, ["A,2023,9.00,5.00,4.00,1"], lines)[1]["A"]["T01"] == "平"
    made, found = county(book, ["A,2023,9.00,5.00,3.00,1"], lines)
    assert found["A"]["T01"] == "不平"
    assert made.submission.held.con.execute(
        "SELECT 类, 明细数, 总表数 FROM 对照 WHERE 单位代码 = 'A' ORDER BY 类"
    ).fetchall() == [("205", 50000, 50000), ("210", 40000, 30000)]
    # One of the forms not sent: open, not zero.
    assert county(book, ["A,2023,9.00,5.00,3.00,1"])[1]["A"]["T01"] == "无法判断"
    assert county(book, [], lines)[1]["A"]["T01"] == "无法判断"


def test_codes_are_held_against_the_list_of_the_year(book):
    one = ["A,2023,9.00,5.00,4.00,1"]
    found = county(book, one, ["A,2023,205,5.00", "A,2023,20502,5.00"])[1]["A"]
    assert (found["T02"], found["T03"]) == ("平", "平")
    assert county(book, one, ["A,2023,206,5.00"])[1]["A"]["T02"] == "不平"
    assert county(book, one, ["A,2023,205,5.00", "A,2023,20599,5.00"])[1]["A"]["T02"] == "不平", (
        "the list goes to five digits"
    )
    assert county(book, one, ["A,2023,210,5.00"])[1]["A"]["T02"] == "不平", (
        "in the list from 2024 on"
    )
    assert county(book, one, ["A,2023,20502,5.00"])[1]["A"]["T03"] == "不平"


def test_what_another_unit_says_it_gave(book):
    given_ = ["单位代码,年度,给谁,金额", "D,2023,A,6.00", "B,2023,A,4.00", "D,2023,B,1.00"]
    found = county(
        book, ["A,2023,10.00,0,0,", "B,2023,2.00,0,0,", "D,2023,2.00,0,0,"], 补助=given_
    )[1]
    assert [found[u]["T06"] for u in "ABD"] == ["平", "不平", "无法判断"]


def test_peers_need_enough_of_them_and_summaries_are_none(book):
    units = [*UNITS, "C,2023,丙,,", "E,2023,戊,,"]
    one = [
        "A,2023,1.00,0,0,1",
        "B,2023,2.00,0,0,1",
        "C,2023,6.00,0,0,2",
        "E,2023,40.00,0,0,4",
        "D,2023,999.00,0,0,0",
    ]
    made, found = county(book, one, units=units)
    # 1, 2, 3 and 10 万元 a car: the lower one in the middle is B's.
    assert made.submission.held.con.execute("SELECT DISTINCT 每车 FROM 同批").fetchall() == [
        (20000,)
    ]
    assert [found[u]["T07"] for u in "ABCE"] == ["平", "平", "平", "不平"] and found["D"][
        "T07"
    ] == "无法判断"
    assert (
        made.submission.held.rows(made.book.tables["同批"], "E", 2023)[0].cells["每车"].at.words
        == "B"
    )
    assert county(book, one[:2], units=units)[1]["A"]["T07"] == "无法判断"
    # A third of 2 fen is rounded half up, and its slack covers what rounding took.
    third = county(
        book, ["A,2023,1.00,0,0,3", "B,2023,1.00,0,0,3", "C,2023,1.00,0,0,3"], units=units
    )[0].submission.held.con
    assert third.execute('SELECT DISTINCT 每车, "每车±" FROM 同批').fetchall()[0] == (
        Decimal("3333.33"),
        Decimal("16.672"),
    )


def test_a_summary_does_not_count_and_is_held_against_the_level(book):
    units = [
        "单位代码,年度,单位名称,上级,小类",
        "D,2023,部门,,汇总",
        *(f"{u},2023,{u},," for u in "ABC"),
    ]
    made, found = county(
        book,
        ["D,2023,99.00,0,0,3", "A,2023,1.00,0,0,1", "B,2023,2.00,0,0,1", "C,2023,3.00,0,0,1"],
        units=units,
    )
    assert made.submission.held.con.execute(
        "SELECT 单位代码, 每车 FROM 同批 ORDER BY ALL"
    ).fetchall() == [(u, 20000) for u in "ABCD"]
    assert [found[u]["T07"] for u in "ABCD"] == ["平", "平", "平", "不平"]


def test_the_same_figures_twice(book):
    found = county(book, ["A,2023,10.00,5.00,0,", "B,2023,10.00,5.00,0,", "D,2023,20.00,5.00,0,"])[
        1
    ]
    assert [found[u]["T08"] for u in "ABD"] == ["不平", "不平", "平"]
    assert county(book, ["A,2023,10.00,5.00,0,"])[1]["A"]["T08"] == "无法判断"


MONEY = st.integers(-(10**9), 10**9).map(
    lambda n: f"{n // 100}.{n % 100:02}" if n >= 0 else f"-{-n // 100}.{-n % 100:02}"
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts=st.lists(st.one_of(MONEY, st.just("")), min_size=1, max_size=6))
def test_sums_are_exact(tmp_path_factory, parts):
    """Against Python: the sum and the sum of halves, or nothing where one is missing."""
    tables = load_tables(SCHEMAS).tables
    from gouji.intake import receive
    from gouji.run import connect

    units = ["单位代码,年度,单位名称,上级,小类", *(f"U{i},2023,甲,D," for i in range(len(parts)))]
    data = send(
        tmp_path_factory.mktemp("sums"),
        单位=units,
        决算=["单位代码,年度,收入", *(f"U{i},2023,{p}" for i, p in enumerate(parts))],
    )
    con = connect()
    receive(con, data, tables)
    expected = None if "" in parts else sum(Fraction(p) * 10000 for p in parts)
    (got,) = con.execute('SELECT 收入, "收入±" FROM 下级 WHERE 单位代码 = ?', ["D"]).fetchall()
    assert got == (expected, None if expected is None else 50 * len(parts))


def test_nobody_sends_a_derived_table(book):
    made, found = county(book, ["A,2023,10.00,5.00,0,"], 同批=["单位代码,年度,每车", "A,2023,1.00"])
    assert [p.what for p in made.submission.problems] == ["没有叫“同批”的数据表"] and found["A"][
        "T07"
    ] == "无法判断"


WRONG = {
    "no source": ("take: {from: 决算表}", "没有叫“决算表”的数据表"),
    "no column": ("take: {from: 决算, column: 入}", "“决算”没有叫“入”的列"),
    "another type": ("take: {from: 决算, column: 车}", "“收入”的 type 应为 count"),
    "nothing": ("note: 空", "“收入”没有写 take"),
    "no median over own rows": ("take: {from: 决算, by: median}", "over: peers 要写 by"),
    "twins of nothing": ("take: {from: 决算, over: twins}", "over: twins 要写 same"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_faults_of_a_derived_table_are_told(text, said):
    described = f"table: 坏\ngrain: one\nkey: [单位代码, 年度]\nderived: {{by: 上级}}\ncolumns:{WHOSE}  - {{name: 收入, type: money, unit: 万元, places: 2, {text}}}\n"
    with pytest.raises(ExceptionGroup) as caught:
        validate(
            load_rulebook({"book.yaml": HEAD.format(total=100, policy="full")}),
            load_tables(SCHEMAS | {"bad.yaml": described}),
        )
    assert said in "".join(str(e) for e in caught.value.exceptions)


@pytest.fixture(scope="module")
def demo():
    return audit(nights.Path(__file__).parent.parent / "datasets" / "county-demo", "final-accounts")


def test_bulk_gathers_from_all_units_and_says_the_same(demo, tmp_path):
    """The county as Parquet, judged in one part and in several: verdict for verdict as the audit, and one unit's page alone the same findings."""
    data, con = tmp_path / "data", demo.submission.held.con
    data.mkdir()
    for name in sent_tables(demo.book.tables):
        if con.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchall():
            pq.write_table(
                con.sql(f'SELECT * EXCLUDE ("#") FROM "{name}"').to_arrow_table(),
                data / f"{name}.parquet",
            )
    audit_bulk(data, tmp_path / "out", "final-accounts")
    judged_ = (
        duckdb.connect()
        .sql(f"SELECT * FROM read_parquet('{tmp_path}/out/outcomes/*.parquet')")
        .to_arrow_table()
        .to_pylist()
    )
    assert len(judged_) == len(demo.outcomes.units)
    # The tables hold the rows that were taken, and nothing tells of those that were not.
    wrong = [
        (row["单位代码"], o)
        for row in judged_
        for o in demo.outcomes.of(row["单位代码"])
        if row[f"{o.code}.结论"] != o.verdict.value
    ]
    assert {unit for unit, _o in wrong} == {"X027"} and all(
        any(g.kind is GapKind.ASIDE for g in o.gaps) for _unit, o in wrong
    )
    for unit in ("X016", "X043", "X045"):
        own = {o.code for o in demo.outcomes.of(unit) if o.verdict.value == "不平"}
        assert {
            t.code
            for t in bulk_unit(data, unit, "final-accounts").cards[0].tie_outs
            if t.verdict == "不平"
        } == own


NIGHT_UNITS = nights.SCHEMAS["units.yaml"].replace(
    "  - {name: 单位名称", "  - {name: 上级, type: text}\n  - {name: 单位名称"
)
NIGHT_DERIVED = {
    "below.yaml": f"table: 下级\ngrain: one\nkey: [单位代码, 年度]\nderived: {{by: 上级}}\ncolumns:{WHOSE}  - {{name: 收入, type: money, unit: 万元, places: 2, take: {{from: 决算, over: below}}}}\n",
    "peers.yaml": f"table: 同批\ngrain: one\nkey: [单位代码, 年度]\nderived: {{at_least: 2}}\ncolumns:{WHOSE}"
    "  - {name: 收入, type: money, unit: 万元, places: 2, take: {from: 决算, over: peers, by: median}}\n",
    "expected.yaml": f"table: 应报\ngrain: one\nrole: expected\nkey: [单位代码, 年度]\ncolumns:{WHOSE}  - {{name: 单位名称, type: text, role: unit_name}}\n  - {{name: 上级, type: text}}\n",
}
NIGHT_RULES = {
    "t11.yaml": rule("T11", "tie_out", "", "决算.收入 = 下级.收入"),
    "t12.yaml": rule("T12", "tie_out", "", "决算.收入 <= 同批.收入 * 2"),
}


@pytest.fixture
def derived_nights(monkeypatch):
    monkeypatch.setattr(
        nights, "SCHEMAS", nights.SCHEMAS | {"units.yaml": NIGHT_UNITS} | NIGHT_DERIVED
    )
    monkeypatch.setattr(nights, "RULES", nights.RULES | NIGHT_RULES)


def file(root, name, income, above="", kind="csv", **more):
    """A submission of the unit `name`, which counts for `above`."""
    folder = nights.submit(root, name, income=income, **more)
    nights.write(folder, "单位", "单位代码,年度,单位名称,上级", [(name, 2023, name, above)])
    if kind == "xlsx":
        nights.book_of(folder, f"{name}.xlsx")


def verdicts(made, unit):
    from gouji.results.store import read_table

    return {
        o["code"]: o["verdict"] for o in read_table(made.folder, "outcomes") if o["unit"] == unit
    }


def same_as_full(root, made, tmp):
    whole = shutil.copytree(root, tmp / f"full-{made.number}")
    shutil.rmtree(whole / "runs" / made.folder.name)
    again = night(whole, full=True)
    assert nights.results(again.folder) == nights.results(made.folder)


@pytest.mark.parametrize("batch", [1, 200])
def test_a_unit_is_judged_again_when_figures_of_others_change(tmp_path, derived_nights, batch):
    root = nights.workspace(tmp_path / "w", nights.CONFIG + f"batch: {batch}\n")
    file(root, "D", "30.00")
    file(root, "A", "10.00", "D", "xlsx")
    file(root, "B", "20.00", "D")
    made = night(root)
    assert (verdicts(made, "D")["T11"], verdicts(made, "A")["T11"]) == ("平", "无法判断")
    same_as_full(root, made, tmp_path)
    assert night(root).work.judged == []
    # B corrects its figure: D sent nothing new, and is judged again, as is A, for the middle of all units moved.
    file(root, "B", "25.00", "D")
    made = night(root)
    assert (verdicts(made, "D")["T11"], made.work.judged) == ("不平", ["A", "B", "D"])
    same_as_full(root, made, tmp_path)
    shutil.rmtree(root / "submissions" / "B")
    made = night(root)
    assert verdicts(made, "D")["T11"] == "不平"
    same_as_full(root, made, tmp_path)
    # All at once, whatever the batch was.
    assert replay(made.folder, root / "objects").differing == ()


def test_a_unit_that_is_awaited_leaves_the_sum_open(tmp_path, derived_nights):
    root = nights.workspace(tmp_path / "w", nights.CONFIG + "expected: list.csv\n")
    (root / "list.csv").write_text(
        "单位代码,年度,单位名称,上级\nD,2023,部门,\nA,2023,甲,D\nB,2023,乙,D\n", "utf-8"
    )
    file(root, "D", "30.00")
    file(root, "A", "10.00", "D")
    assert verdicts(night(root), "D")["T11"] == "无法判断"
    file(root, "B", "20.00", "D")
    assert verdicts(night(root), "D")["T11"] == "平"


STEP = st.dictionaries(
    st.sampled_from(["D", "A", "B", "C"]),
    st.one_of(
        st.none(),
        st.tuples(st.sampled_from(["10.00", "30.00", "x"]), st.sampled_from(["", "D", "A"])),
    ),
    max_size=4,
)


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(steps=st.lists(STEP, min_size=2, max_size=3), batch=st.sampled_from([1, 200]))
def test_incremental_equals_full_whoever_counts_for_whom(
    tmp_path_factory, derived_nights, steps, batch
):
    root = nights.workspace(
        tmp_path_factory.mktemp("night") / "w", nights.CONFIG + f"batch: {batch}\n"
    )
    for step in steps:
        for name, filed in step.items():
            if filed is None:
                shutil.rmtree(root / "submissions" / name, ignore_errors=True)
            else:
                file(root, name, *filed)
        same_as_full(root, night(root), tmp_path_factory.mktemp("full"))


def test_shipped_derived_tables_are_all_spoken_of():
    """No derived table without a rule, none that cannot be worked out."""
    book = load_book("final-accounts")
    spoken = {t.table.table for t in book.table_rules} | {
        word for t in book.tie_outs for word in book.derived if word in t.rule.check
    }
    assert book.derived <= spoken


def test_units_worked_out_in_parts_give_what_all_at_once_give(book, monkeypatch):
    """Ever so many units are taken a thousand at a time; here two."""
    units = [UNITS[0], *(f"{unit},2023,某,D," for unit in "ABCEFG"), "D,2023,部门,,汇总"]
    accounts = [f"{unit},2023,{n}.00,{n}.00,0,{n}" for n, unit in enumerate("ABCDEFG", 1)]
    lines = [
        f"{unit},2023,{code},{n}.00"
        for n, unit in enumerate("GFEDCBA")
        for code in ("合计", "205", "20502", "206")
    ]

    def derived_rows():
        made, found = county(book, accounts, lines, units)
        con = made.submission.held.con
        there = {
            name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        }
        names = [
            n
            for t in made.book.tables.values()
            if t.derived
            for n in (t.table, f"{t.table}#")
            if n in there
        ]
        return found, {
            n: con.execute(f'SELECT * FROM "{n}" ORDER BY "#"').fetchall() for n in names
        }

    whole = derived_rows()
    monkeypatch.setattr(derived, "UNITS_AT_A_TIME", 2)
    assert (
        derived_rows() == whole and len(whole[1]["对照"]) == 21 and len(whole[1]["科目核对"]) == 21
    )


def test_a_sum_of_cells_names_the_first_units_it_is_made_of(book):
    below = "ABCEFGHI"
    units = [UNITS[0], UNITS[1], *(f"{unit},2023,某,D," for unit in below)]
    made, _found = county(
        book,
        ["D,2023,36.00,0,0,", *(f"{unit},2023,{n}.00,0,0," for n, unit in enumerate(below, 1))],
        (),
        units,
    )
    (row,) = [
        r
        for r in made.submission.held.rows(made.book.tables["逐格"], "D", 2023)
        if r.cells["数"].value == "决算 收入"
    ]
    assert row.cells["下级数"].value == 360000 and row.cells["下级数"].half == 400
    assert (
        row.cells["下级数"].at.words == "A 1.00、B 2.00、C 3.00、E 4.00、F 5.00、G 6.00 等 8 个数"
    )


def test_many_twins_take_little_memory(tmp_path):
    """Each is named a few of the others: a list of all beside every one of them would take gigabytes."""
    (tmp_path / "data").mkdir()
    units = "SELECT format('U{:07}', i) AS 单位代码, 2023 AS 年度{} FROM range(20_000) r(i)"
    totals = "".join(
        f", 100::DECIMAL(18,2) AS {name}"
        for name in ("本年收入合计", "收入总计", "本年支出合计", "支出总计")
    )
    for table, more in (("单位", ", '甲' || i AS 单位名称"), ("收入支出决算表", totals)):
        duckdb.sql(f"COPY ({units.replace('{}', more)}) TO '{tmp_path}/data/{table}.parquet'")
    made = audit_bulk(
        tmp_path / "data", tmp_path / "out", "final-accounts", wide=False, limits=Limits("400MB")
    )
    found = duckdb.sql(
        f"SELECT count(*), min(左边) FROM '{made.folder}/findings.parquet' WHERE 规则 = 'FM07'"
    ).fetchall()
    assert found == [(20_000, 20_000)]
