"""Many units at once: the same outcomes as unit by unit, the planted faults and nothing else, the same bytes whatever the machine."""

import hashlib
import json
import shutil
from collections import Counter
from decimal import Decimal
from itertools import product
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji import app
from gouji.app import audit, bulk_judging, bulk_runs, load_book, synthesize
from gouji.base.faults import DataError, EngineError
from gouji.base.verdict import Ground, Verdict
from gouji.intake import admit
from gouji.intake.deriving.worked_out_tables import derive_views, gather
from gouji.intake.ledger.tables import create, fill
from gouji.intake.ledger.unit_figures import absent_tables, unit_figures
from gouji.plan import compile_book
from gouji.plan.bulk_plan import BulkPlan
from gouji.plan.wide import compile_bulk
from gouji.reference.row_rule_outcomes import table_rule
from gouji.results.decode import unfold
from gouji.rules.table import ColumnRole, Role
from gouji.run import batch_sql, connect
from gouji.run import batches as engine
from gouji.run.batches import Limits
from gouji.synth import units_sql as made_up
from making import YEAR, book_of, by_python, by_sql, criterion_text, submission_of, tie_text
from test_table_rules import LOOSE, SUMMED, forests, roll_text, row_text
from test_table_rules import conditions as row_conditions
from test_two_meanings import MANY, book_or_none, rows, rules

UNITS = 2_000
ROOT = Path(__file__).parent.parent


def audit_bulk(data, out, rules="anning-2023", *more, **named):
    """As the program's own, by the book that these data are made for."""
    return app.audit_bulk(data, out, rules, *more, **named)


@pytest.fixture(scope="module")
def own_rules(tmp_path_factory):
    """The default rulebook without the one it includes."""
    folder = tmp_path_factory.mktemp("bulk") / "own"
    shutil.copytree(ROOT / "rules" / "anning-2023", folder)
    head = (folder / "book.yaml").read_text("utf-8")
    (folder / "book.yaml").write_text(
        "\n".join(line for line in head.split("\n") if not line.startswith("includes:")), "utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def data(own_rules):
    """Data of the book's own tables: enough where the rules of the included book are not on trial."""
    folder = own_rules.parent / "data"
    synthesize(UNITS, folder, own_rules, seed=3)
    return folder


@pytest.fixture(scope="module")
def made(data):
    return audit_bulk(data, data.parent / "out")


@pytest.fixture(scope="module")
def whole_data(own_rules):
    """Data of both books."""
    folder = own_rules.parent / "whole"
    synthesize(UNITS, folder, "anning-2023", seed=3)
    return folder


@pytest.fixture(scope="module")
def whole(whole_data):
    return audit_bulk(whole_data, whole_data.parent / "whole-out")


@pytest.fixture(scope="module", params=["own", "whole"])
def both(request):
    names = {"own": ("data", "made"), "whole": ("whole_data", "whole")}[request.param]
    return tuple(request.getfixturevalue(name) for name in names)


@pytest.fixture(scope="module")
def few(data):
    """A rulebook of three tie-outs: enough where not the rules are on trial."""
    folder, ties = (
        data.parent / "few",
        Path(__file__).parent.parent / "rules" / "anning-2023" / "tie-outs",
    )
    folder.mkdir()
    (folder / "book.yaml").write_text(
        "book: few\ntitle: 试验\nauthority: 试验\nfiscal_year: 2023\n", "utf-8"
    )
    for name in ("t01.yaml", "t02.yaml", "t30.yaml"):
        (folder / name).write_bytes((ties / name).read_bytes())
    return folder


def rows_of(path):
    return duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()


def test_finds_the_planted_faults_and_nothing_else(both):
    data, made = both
    truth = set(
        duckdb.sql(
            f"SELECT 单位代码, 规则, 类型 FROM '{data}/defects.parquet' WHERE 类型 IN ('不平', '自评不符')"
        ).fetchall()
    )
    found = duckdb.sql(
        f"SELECT 单位代码, 规则, 类型 FROM '{made.folder}/findings.parquet'"
    ).fetchall()
    assert len(truth) > 100 and len({kind for _, _, kind in truth}) == 2
    assert len(found) == len(set(found)) and set(found) == truth


def test_faults_are_planted_in_both_books_and_every_rule_is_judged(whole_data, whole):
    """Data for the included book too: of every rule some clean unit is judged, and the faults of each kind hurt the rules that the truth names."""
    included = {rule.code for rule in load_book("final-accounts").rules}
    truth = duckdb.sql(
        f"SELECT DISTINCT 种类, 规则 FROM '{whole_data}/defects.parquet' WHERE 类型 = '不平'"
    ).fetchall()
    assert (
        len({kind for kind, code in truth if code in included}) > 6
        and len({kind for kind, code in truth if code not in included}) > 9
    )
    codes = [rule.code for rule in load_book("anning-2023").rules]
    decided = ", ".join(
        f"count(*) FILTER (WHERE \"{code}.结论\" NOT IN ('无法判断', '待评定'))" for code in codes
    )
    clean = f"FROM '{whole.folder}/outcomes/*.parquet' WHERE 单位代码 NOT IN (SELECT 单位代码 FROM '{whole_data}/defects.parquet')"
    counts = dict(zip(codes, duckdb.sql(f"SELECT {decided} {clean}").fetchall()[0], strict=True))
    units = duckdb.sql(f"SELECT count(*) {clean}").fetchall()[0][0]
    # Only some units file the table of adjustments; for the others its relations cannot be judged. No unit is made of other units, and none files a report.
    some, never = {"FJ02", "FJ03", "FJ04"}, {f"FM{n:02}" for n in (2, 3, 4, 5, 6, 8, 9, 10, 11, 12)}
    # FT46 asks for a sentence about an empty form, and does not apply where the form has figures, with or without a report.
    never |= {code for code in codes if code.startswith("FT")} - {"FT46"}
    never |= {*(f"FK{n}" for n in range(22, 30)), "FL28", "FL29"}
    assert {code for code, n in counts.items() if n < units} - never == some | {"FT46"} and min(
        counts[code] for code in some
    ) > units / 5
    assert {code for code, n in counts.items() if n == 0} == never


def test_units_that_happen_to_be_alike_are_in_the_truth(tmp_path, monkeypatch):
    """Every two units are drawn alike: a rule sees it, and nothing else than what was planted."""
    monkeypatch.setattr(made_up, "MACRO", made_up.MACRO.replace("{number}", "({number} + 1) // 2"))
    synthesize(300, tmp_path / "data", "final-accounts", seed=4)
    made = audit_bulk(tmp_path / "data", tmp_path / "out", "final-accounts", wide=False)
    truth = duckdb.sql(
        f"SELECT 单位代码, 规则, 类型 FROM '{tmp_path}/data/defects.parquet' WHERE 类型 = '不平'"
    ).fetchall()
    assert Counter(code for _, code, _ in truth)["FM07"] == 300 < len(truth)
    assert set(
        duckdb.sql(f"SELECT 单位代码, 规则, 类型 FROM '{made.folder}/findings.parquet'").fetchall()
    ) == set(truth)


def test_data_of_one_book(own_rules, tmp_path):
    """The included book alone, and the including one without it: each has data, and its own faults rules alone."""
    found = {}
    for name, which in (("included", "final-accounts"), ("own", own_rules), ("whole", None)):
        rows = synthesize(400, tmp_path / name, which or "anning-2023", seed=5).rows
        found[name] = (
            set(rows),
            {
                code
                for (code,) in duckdb.sql(
                    f"SELECT DISTINCT 规则 FROM '{tmp_path}/{name}/defects.parquet' WHERE 类型 = '不平'"
                ).fetchall()
            },
        )
        assert (
            found[name][1] <= {rule.code for rule in load_book(which or "anning-2023").rules}
            and len(found[name][1]) > 5
        )
    assert (
        found["included"][0] == found["whole"][0] > found["own"][0]
        and "收入决算表" not in found["own"][0]
    )
    same = "SELECT 单位代码, 支出决算数 FROM '{}/收支决算.parquet' WHERE 年度 = 2023 ORDER BY ALL"
    assert len({str(duckdb.sql(same.format(tmp_path / name)).fetchall()) for name in found}) == 1, (
        "a unit's figures do not depend on the book"
    )


def test_sets_aside_the_planted_rows_and_nothing_else(both):
    data, made = both
    truth = set(
        duckdb.sql(
            f"SELECT 单位代码, 规则 FROM '{data}/defects.parquet' WHERE 类型 = '不采用'"
        ).fetchall()
    )
    assert (
        truth
        and set(
            duckdb.sql(f"SELECT 单位代码, 数据表 FROM '{made.folder}/set_aside.parquet'").fetchall()
        )
        == truth
    )
    m = made.manifest
    assert m["rows_in"] == m["rows_accepted"] + m["rows_set_aside"] and m["rows_set_aside"] == sum(
        m["set_aside"].values()
    )
    assert m["units"] == UNITS and m["outcomes"] == UNITS * m["rules_in_force"]


def test_every_rule_has_an_outcome_for_every_unit(made):
    codes = [rule.code for rule in load_book("anning-2023").rules]
    assert made.manifest["rules_in_force"] == len(codes) > 350
    counted = ", ".join(f'count("{code}.结论")' for code in codes)
    assert (
        sum(duckdb.sql(f"SELECT {counted} FROM '{made.folder}/outcomes/*.parquet'").fetchall()[0])
        == made.manifest["outcomes"]
    )
    open_ = " + ".join(f"(\"{code}.结论\" = '无法判断')::INT" for code in codes)
    assert duckdb.sql(
        f"SELECT count(*), max(无法判断) FROM '{made.folder}/outcomes/*.parquet' WHERE 无法判断 <> {open_}"
    ).fetchall() == [(0, None)]


def test_leaves_open_what_was_not_given(both):
    data, made = both
    for unit, code in duckdb.sql(
        f"SELECT 单位代码, 规则 FROM '{data}/defects.parquet' WHERE 类型 = '无法判断'"
    ).fetchall():
        word = duckdb.sql(
            f"""SELECT "{code}.结论" FROM '{made.folder}/outcomes/*.parquet' WHERE 单位代码 = '{unit}'"""
        ).fetchall()[0][0]
        assert word in (Verdict.UNASSESSABLE, Verdict.PENDING)


def digests(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*.parquet"))
        if p.name != "set_aside.parquet"
    }


def test_threads_memory_and_row_order_change_no_byte(data, made, whole_data, whole, tmp_path):
    few = audit_bulk(data, tmp_path / "few", limits=Limits("300MB", 1))
    other = audit_bulk(
        shuffled(data, tmp_path / "shuffled"), tmp_path / "other", limits=Limits("1GB", 2)
    )
    assert digests(few.folder) == digests(made.folder) == digests(other.folder)
    # Rules over rows, joins of many tables.
    of_both = audit_bulk(
        shuffled(whole_data, tmp_path / "whole"), tmp_path / "whole-out", limits=Limits("1GB", 1)
    )
    assert digests(of_both.folder) == digests(whole.folder)


def shuffled(data, folder):
    folder.mkdir()
    for path in data.glob("*.parquet"):
        if path.name != "defects.parquet":
            duckdb.sql(
                f"COPY (SELECT * FROM '{path}' ORDER BY hash({', '.join(_key(path))})) TO '{folder / path.name}'"
            )
    return folder


def _key(path):
    return [f'"{name}"' for name in load_book("anning-2023").tables[path.stem].key]


def test_parts_make_no_difference(data, made, tmp_path, monkeypatch):
    whole = audit_bulk(data, tmp_path / "whole", wide=False)
    monkeypatch.setattr(engine, "PART", 700)
    other = audit_bulk(data, tmp_path / "out")
    assert len(list((other.folder / "outcomes").iterdir())) == 3
    for name in ("scorecards", "findings", "outcomes/*"):
        assert rows_of(f"{other.folder}/{name}.parquet") == rows_of(f"{made.folder}/{name}.parquet")
    monkeypatch.setattr(engine, "FIGURE_BYTES", 10**12)
    heard = []
    brief = audit_bulk(
        data, tmp_path / "brief", wide=False, done=lambda judged, units: heard.append(judged)
    )
    assert heard == [0, 700, 1400, 2000]
    for name in ("scorecards", "findings"):
        assert (brief.folder / f"{name}.parquet").read_bytes() == (
            whole.folder / f"{name}.parquet"
        ).read_bytes()
        assert rows_of(f"{brief.folder}/{name}.parquet") == rows_of(f"{made.folder}/{name}.parquet")


def test_what_a_short_statement_says_is_the_same_put_down_or_not(data, few, tmp_path, monkeypatch):
    made, viewed, judge = [], [], engine.judge_usual
    monkeypatch.setattr(
        engine,
        "judge_usual",
        lambda *given, **named: viewed.append(judge(*given, **named)) or viewed[-1],
    )
    for part, short in ((10_000, engine.SHORT), (10_000, 0), (700, engine.SHORT)):
        monkeypatch.setattr(engine, "PART", part)
        monkeypatch.setattr(engine, "SHORT", short)
        monkeypatch.setattr(engine, "FIGURE_BYTES", 10**12)
        made.append(digests(audit_bulk(data, tmp_path / f"{part} {short}", few, wide=False).folder))
    assert made[0] == made[1] == made[2] and viewed == [engine.VIEWED, *[engine.CARDS] * 4]


def test_parts_grow_smaller_where_memory_does_not_do(data, own_rules, tmp_path, monkeypatch):
    judge = engine.judge_usual

    def with_little(con, plan, first, alone):
        if con.execute(f'SELECT count(*) FROM "{engine.FIGURES}"').fetchone()[0] > 600:
            raise engine.OutOfMemory("too much")
        return judge(con, plan, first, alone)

    plain = audit_bulk(data, tmp_path / "plain", own_rules, wide=False)
    monkeypatch.setattr(engine, "judge_usual", with_little)
    monkeypatch.setattr(bulk_judging, "FEWEST", 200)
    monkeypatch.setattr(engine, "PART", 1_200)
    monkeypatch.setattr(engine, "FIGURE_BYTES", 10**12)
    heard = []
    made = audit_bulk(
        data,
        tmp_path / "out",
        own_rules,
        wide=False,
        done=lambda judged, units: heard.append(judged),
    )
    assert heard[-1] == UNITS == made.manifest["units"] and len(heard) > 5
    assert digests(made.folder) == digests(plain.folder)


@pytest.mark.parametrize(
    "wide, memory, width, units",
    [
        (True, "1GB", 4, 245_760),
        (True, "9GB", 171, 122_880),
        (True, "1GB", 171, 122_880),
        (True, "1GB", 866, 20_480),
        (True, "8GB", 9_000, 20_480),
        (False, "4GB", 92, 491_520),
        (False, "1GB", 92, 122_880),
        (False, "4GB", 656, 61_440),
        (False, "1GB", 656, 20_480),
        (False, "400MB", 656, 20_480),
    ],
)
def test_how_many_units_are_judged_at_once(wide, memory, width, units, tmp_path):
    """Where outcomes are written, whatever the memory; both follow how many figures a unit has."""
    with engine.open_bulk(Limits(memory), tmp_path) as con:
        assert engine.at_once(con, BulkPlan((), (), (), (), (), "", "", width), wide) == units


def test_memory_does_not_show_in_the_row_groups_of_scorecards(few, tmp_path, monkeypatch):
    """More units than a row group holds, in parts that do not end with one."""
    (tmp_path / "data").mkdir()
    units = "SELECT format('U{:07}', i) AS 单位代码, 2023 AS 年度, '甲' || i AS 单位名称 FROM range(400_000) r(i)"
    duckdb.sql(f"COPY ({units}) TO '{tmp_path}/data/单位.parquet'")
    monkeypatch.setattr(engine, "PART", 150_000)
    written = []
    for name, bytes_of_one in (("much", 1), ("little", 10**12)):
        monkeypatch.setattr(engine, "FIGURE_BYTES", bytes_of_one)
        made = audit_bulk(tmp_path / "data", tmp_path / name, few, wide=False)
        assert made.manifest["units"] == 400_000
        written.append((made.folder / "scorecards.parquet").read_bytes())
    assert written[0] == written[1]


def test_scorecards_and_findings_alone(data, made, tmp_path):
    other = audit_bulk(data, tmp_path / "out", wide=False)
    assert not (other.folder / "outcomes").exists()
    for name in ("scorecards", "findings"):
        assert rows_of(f"{other.folder}/{name}.parquet") == rows_of(f"{made.folder}/{name}.parquet")


def test_duckdb_in_and_out(data, made, tmp_path):
    database = tmp_path / "data.duckdb"
    with duckdb.connect(str(database)) as con:
        for path in data.glob("*.parquet"):
            con.execute(f"CREATE TABLE \"{path.stem}\" AS SELECT * FROM '{path}'")
    other = audit_bulk(database, tmp_path / "out", form="duckdb")
    with duckdb.connect(str(other.folder / "gouji.duckdb"), read_only=True) as con:
        for name in ("scorecards", "findings"):
            assert con.execute(f"SELECT * FROM {name}").fetchall() == rows_of(
                f"{made.folder}/{name}.parquet"
            )
        assert con.execute("SELECT count(*) FROM outcomes").fetchone() == (UNITS,)


def test_the_same_as_unit_by_unit(whole_data, whole):
    data, made, book = whole_data, whole, load_book("anning-2023")
    with duckdb.connect(config={"max_expression_depth": "5000"}) as con:
        # As the engine has it: planning the order of so many joins takes longer than all the rest.
        con.execute("SET disabled_optimizers = 'join_order'")
        for table in book.tables.values():
            path = data / f"{table.table}.parquet"
            if not path.is_file():
                create(con, table)
                continue
            bad = (
                f"SELECT 行号 FROM '{made.folder}/set_aside.parquet' WHERE 数据表 = '{table.table}'"
            )
            # What the form prints blank and the description takes for zero.
            blank = ", ".join(
                f'coalesce("{c.name}", 0) AS "{c.name}"' for c in table.columns if c.null == "zero"
            )
            replaced = f"* REPLACE ({blank})" if blank else "*"
            con.execute(
                f"CREATE VIEW \"{table.table}\" AS SELECT {replaced} FROM read_parquet('{path}', file_row_number = true) WHERE file_row_number NOT IN ({bad})"
            )
        gather(con, book.tables, frozenset())
        derive_views(con, book.tables, frozenset())
        absent = {
            (name, prior)
            for name, table in book.tables.items()
            if not (data / f"{name}.parquet").is_file() and table.derived is None
            for prior in (False, True)
        }
        plan = compile_book(book, book.derived, absent)
        result = con.execute(f"SELECT * FROM ({plan.sql()}) WHERE 单位 < 'U0000200'")
        outcomes = unfold(plan, [d[0] for d in result.description], result.fetchall())
        wide = con.execute(
            f"SELECT * FROM '{made.folder}/outcomes/*.parquet' WHERE 单位代码 < 'U0000200'"
        )
        names = [d[0] for d in wide.description]
        assert_same(
            outcomes, {row[0]: dict(zip(names, row, strict=True)) for row in wide.fetchall()}
        )


def assert_same(outcomes, wide):
    assert set(outcomes.units) == set(wide)
    for unit, cells in wide.items():
        for one in outcomes.criteria[unit]:
            assert (one.verdict, one.score, one.low, one.high, one.self_score) == tuple(
                cells[f"{one.code}.{c}"] for c in ("结论", "得分", "下限", "上限", "自评")
            ), one
        for one in (*outcomes.tie_outs[unit], *outcomes.table_rules[unit]):
            assert one.verdict == cells[f"{one.code}.结论"], one
            if one.verdict is Verdict.UNBALANCED and one.left is not None:
                assert abs(
                    Decimal(one.left.numerator) / one.left.denominator - cells[f"{one.code}.左边"]
                ) <= Decimal("0.0000005")
        if unit in outcomes.totals:
            t = outcomes.totals[unit]
            assert (
                t.score,
                t.low,
                t.high,
                t.self_score,
                t.grade,
                t.grade_low,
                t.grade_high,
                t.own_grade,
                t.grounds[Ground.CONTESTED],
            ) == tuple(
                cells[c]
                for c in (
                    "得分",
                    "得分下限",
                    "得分上限",
                    "自评合计",
                    "等级",
                    "等级下限",
                    "等级上限",
                    "自评等级",
                    "有疑",
                )
            )


def read_off(con, plan, wide, alone=False):
    """Scorecards and findings of a plan, statement by statement as a run has it; `alone`: as of units that are one part."""
    for grouping in plan.groupings:
        con.execute(f'CREATE OR REPLACE VIEW "{grouping.name}" AS {grouping.sql()}')
    con.execute(f'CREATE OR REPLACE TEMP TABLE "{engine.FIGURES}" AS {plan.figures}')
    if wide:
        source = "judged"
        con.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {plan.judged}")
    else:
        source = engine.judge_odd(con, plan, engine.judge_usual(con, plan, alone=alone))
    cards = ", ".join(f'"{c}"' for c in plan.scorecard)
    findings = batch_sql.findings_query(plan, source if wide else f'"{engine.ODD}"', wide)
    return con.execute(f"SELECT {cards} FROM {source} ORDER BY 1").fetchall(), con.execute(
        findings
    ).fetchall()


def never_lacking(submission, book):
    """Columns in which every row that came has a value."""
    return [
        (t.table, c.name)
        for t in book.tables.values()
        for c in t.columns
        if (
            t.table in submission.rows
            and all(
                r.cells.get(c.name) and r.cells[c.name].value is not None
                for r in submission.rows[t.table]
            )
        )
    ]


def digits_of(con, book):
    """How large figures are, as the gate measures them: small ones are added up and packed in other ways than large ones."""
    columns = [
        (t.table, c.name)
        for t in book.tables.values()
        for c in t.columns
        if c.numeric and c.role is not ColumnRole.YEAR
    ]
    most = {
        (table, name): con.execute(f'SELECT max(abs("{name}")) FROM "{table}"').fetchone()[0]
        for table, name in columns
    }
    return {where: max(1, len(str(int(value or 0)))) for where, value in most.items()}


@settings(MANY, max_examples=60)
@given(st.data(), rules(), st.sampled_from(["full", "exclude"]))
def test_bulk_and_python_give_the_same(data, made, policy):
    texts, total = made
    book = book_or_none(texts, total or 100, policy)
    units = ["甲单位", "乙单位"]
    submission = submission_of(book, data.draw(rows(units, [c.code for c in book.criteria])))
    con = connect()
    try:
        halves = admit(con, submission, book.tables)
        plan = compile_bulk(book, halves)
        result = con.execute(plan.sql())
        names = [d[0] for d in result.description]
        wide = {row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()}
        said = read_off(con, plan, True)
        told = absent_tables(submission, book.tables, YEAR), never_lacking(submission, book)
        for (absent, full), limits in product((((), ()), told), ({}, digits_of(con, book))):
            plan = compile_bulk(book, halves, limits, wide=False, absent=absent, full=full)
            assert read_off(con, plan, False) == said == read_off(con, plan, False, alone=True), (
                texts
            )
    finally:
        con.close()
    for unit, (criteria, ties, totals) in by_python(book, submission, units).items():
        cells = wide[unit]
        for one in criteria:
            assert (one.verdict, one.score, one.low, one.high) == tuple(
                cells[f"{one.code}.{c}"] for c in ("结论", "得分", "下限", "上限")
            ), texts[f"{one.code}.yaml"]
        for one in ties:
            assert one.verdict == cells[f"{one.code}.结论"], texts[f"{one.code}.yaml"]
        if totals is not None:
            assert (totals.score, totals.low, totals.high) == (
                cells["得分"],
                cells["得分下限"],
                cells["得分上限"],
            )


# Conditions whose parts may be known while others are not: alternatives, denominators near zero or below it, figures that cancel out.
GRID = [
    "数.甲 = 数.乙",
    "数.甲 + 数.乙 <= 数.丙",
    "数.甲 - 数.甲 = 数.乙 - 数.丙",
    "数.率 = 数.甲 / 数.乙",
    "数.甲 / 数.乙 >= 数.率",
    "数.率 <> 数.甲 / (数.乙 - 数.丙)",
    "数.率 = 数.甲 / (数.甲 - 数.乙)",
    "数.甲 / 数.乙 = 数.丙 / 数.乙",
    "abs(数.甲) / 数.乙 <= 50%",
    "min(数.甲, 数.乙) = 数.丙",
    "coalesce(数.甲, 数.乙) = 数.丙",
    "数.甲 = 数.乙 or 数.甲 = 数.丙",
    "数.甲 = 数.乙 or 数.乙 = 数.甲 + 0.01",
    "数.甲 = 数.乙 or (数.甲 = 数.丙 and 数.乙 = 数.丙)",
    "数.甲 is null or 数.乙 = 数.丙",
    "数.甲 = 数.乙 and 数.乙 = 数.丙",
    "数.率 = 数.甲 / 数.乙 and 数.甲 = 数.丙",
    "数.率 = 数.甲 / 数.乙 or 数.甲 = 数.丙",
    "not (数.甲 = 数.乙 and 数.甲 = 数.丙)",
    "case when 数.甲 > 0 then 数.甲 / 数.乙 else 数.丙 end <= 数.率",
    "case when 数.甲 < 1 then 0 else 9 end = 0",
    "case when 数.甲 = 0 and 数.率 is not null then 1 else 0 end = 0",
    "数.率 = 数.甲 / 数.乙 - 1",
    "case when 数.甲 > 数.乙 then 数.丙 when 数.乙 > 数.丙 then 数.甲 else 0 end = 数.丙",
    "数.率 = case when 数.乙 = 0 then 0 else 数.甲 / 数.乙 end",
    "case when 数.甲 > 100 then 数.乙 else 数.乙 end = 数.丙",
    "not (case when 数.率 > 0 then 数.甲 end = 数.乙)",
]


def test_every_small_combination_of_figures_means_the_same():
    """Each unit is one combination; whole, wide and brief plans say of every condition what Python says."""
    money, share = (None, "-1.00", "0.00", "0.01", "1.00"), (None, "100.00%", "-50.00%")
    units, given_rows = [], []
    for number, figures in enumerate(product(money, money, money, share)):
        units.append(f"U{number:03}")
        row = {
            name: figure
            for name, figure in zip("甲乙丙率", figures, strict=True)
            if figure is not None
        }
        given_rows += [
            ("单位", units[-1], YEAR, {"单位名称": units[-1]}),
            ("数", units[-1], YEAR, row),
        ]
    texts = {f"T{n:02}.yaml": tie_text(f"T{n:02}", check) for n, check in enumerate(GRID, 1)}
    texts |= {
        f"T{n + 50:02}.yaml": tie_text(f"T{n + 50:02}", check, applies="数.丙 > 数.乙")
        for n, check in enumerate(GRID, 1)
    }
    book = book_of(texts)
    submission = submission_of(book, given_rows)
    whole = by_sql(book, submission)
    con = connect()
    try:
        halves = admit(con, submission, book.tables)
        brief, wide = (
            read_off(con, compile_bulk(book, halves, wide=wide), wide) for wide in (False, True)
        )
        assert brief == wide
        open_ones = {card[0]: card[-3] for card in brief[0]}
    finally:
        con.close()
    off = {(unit, code) for unit, code, *_rest in brief[1]}
    seen = Counter()
    for unit, (_criteria, ties, _totals) in by_python(book, submission, units).items():
        for one, other in zip(whole.tie_outs[unit], ties, strict=True):
            assert one == other, (texts[f"{one.code}.yaml"], unit)
            assert ((unit, one.code) in off) is (one.verdict is Verdict.UNBALANCED), (
                texts[f"{one.code}.yaml"],
                unit,
            )
            seen[one.code, one.verdict] += 1
        assert open_ones[unit] == sum(one.verdict is Verdict.UNASSESSABLE for one in ties), unit
    # What differs within rounding hardly ever fails; nearly all others have units that fail, and units of which it cannot be said.
    told = [
        code
        for code in {code for code, _verdict in seen}
        if seen[code, Verdict.UNBALANCED] and seen[code, Verdict.UNASSESSABLE]
    ]
    assert len(told) >= 2 * len(GRID) - 8


@settings(MANY, max_examples=40)
@given(
    forests(),
    st.sampled_from(["甲", "甲, 乙, 个"]),
    row_conditions,
    st.sampled_from(["", "applies: 单位.类型 = '行政'"]),
    st.booleans(),
    st.booleans(),
)
def test_rules_over_rows_in_bulk_and_python_give_the_same(
    given_rows, columns, check, applies, summed, wide
):
    book = book_of(
        {"a.yaml": roll_text(columns, applies), "b.yaml": row_text("R02", check, applies)},
        tables=SUMMED if summed else LOOSE,
    )
    submission = submission_of(book, given_rows)
    con = connect()
    try:
        plan = compile_bulk(
            book,
            admit(con, submission, book.tables),
            wide=wide,
            absent=absent_tables(submission, book.tables, YEAR),
        )
        result = con.execute(plan.sql())
        names = [d[0] for d in result.description]
        cells_of = {row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()}
    finally:
        con.close()
    for unit, cells in cells_of.items():
        figures = unit_figures(submission, book.tables, unit, YEAR)
        expected = {t.code: table_rule(t, book, unit, figures).verdict for t in book.table_rules}
        unbalanced = [code for code, verdict in expected.items() if verdict is Verdict.UNBALANCED]
        if wide:
            assert {code: cells[f"{code}.结论"] for code in expected} == expected
        else:
            assert [plan.findings[f["i"] - 1].code for f in cells["发现"] or ()] == unbalanced
        assert cells["不平错误"] == len(unbalanced)
        assert cells["无法判断"] == list(expected.values()).count(Verdict.UNASSESSABLE)


@pytest.mark.parametrize("name", ["anning-2023", "anning-2023-complete"])
def test_the_same_as_gouji_audit(name, tmp_path):
    audited = audit(Path(__file__).parents[1] / "datasets" / name)
    (tmp_path / "data").mkdir()
    with duckdb.connect() as con:
        for table in audited.book.tables.values():
            create(con, table)
            fill(con, table, audited.submission.rows.get(table.table, []))
            con.execute(
                f'COPY (SELECT * EXCLUDE ("#") FROM "{table.table}") TO \'{tmp_path}/data/{table.table}.parquet\''
            )
    other = audit_bulk(tmp_path / "data", tmp_path / "out")
    assert (
        other.manifest["outcomes"] == audited.manifest.outcomes
        and other.manifest["rules_in_force"] == audited.manifest.rules_in_force
    )
    wide = duckdb.sql(f"SELECT * FROM '{tmp_path}/out/outcomes/*.parquet'")
    assert_same(
        audited.outcomes,
        {row[0]: dict(zip(wide.columns, row, strict=True)) for row in wide.fetchall()},
    )
    for unit, found in audited.outcomes.table_rules.items():
        figures = unit_figures(audited.submission, audited.book.tables, unit, audited.book.year)
        assert found == tuple(
            table_rule(t, audited.book, unit, figures) for t in audited.book.table_rules
        )
    found = duckdb.sql(
        f"SELECT 单位代码, 规则 FROM '{tmp_path}/out/findings.parquet' WHERE 类型 = '不平'"
    ).fetchall()
    assert found == [(card.unit, f.rule.code) for card in audited.scorecards for f in card.findings]


def test_more_items_than_one_mask_holds():
    items = ", ".join(f"{{item: 项{i:03}, points: 0.05}}" for i in range(80))
    texts = {
        "C01.yaml": criterion_text(
            "C01", f"{{kind: checklist, mode: additive, items: [{items}]}}", 4, missing="zero"
        )
    }
    book = book_of(texts, total=4)
    given = [("单位", "甲", 2023, {"单位名称": "甲"})]
    given += [
        (
            "要点核对",
            "甲",
            2023,
            {"指标代码": "C01", "要点": f"项{i:03}", "结果": "不具备" if i % 7 == 0 else "具备"},
        )
        for i in range(80)
    ]
    submission = submission_of(book, given)
    con = connect()
    try:
        found = con.execute(compile_bulk(book, admit(con, submission, book.tables)).sql())
        cells = dict(zip([d[0] for d in found.description], found.fetchone(), strict=True))
    finally:
        con.close()
    outcome = by_python(book, submission, ["甲"])["甲"][0][0]
    assert (
        (cells["C01.结论"], cells["C01.得分"])
        == (outcome.verdict, outcome.score)
        == ("扣分", Decimal("3.40"))
    )


def spoiled(data, tmp_path, table, query):
    """A copy of the data with one table made anew."""
    folder = tmp_path / "data"
    folder.mkdir()
    for path in data.glob("*.parquet"):
        if path.name != "defects.parquet":
            (folder / path.name).symlink_to(path)
    (folder / f"{table}.parquet").unlink()
    duckdb.sql(
        f"COPY ({query.format(source=data / f'{table}.parquet')}) TO '{folder / f'{table}.parquet'}'"
    )
    return folder


REFUSED = {
    "a binary fraction": (
        "预算执行",
        "SELECT * REPLACE (支出决算数::DOUBLE AS 支出决算数) FROM '{source}'",
        "DOUBLE",
    ),
    "a column nobody knows": (
        "预算执行",
        "SELECT *, 1 AS 支出决算 FROM '{source}'",
        "没有“支出决算”",
    ),
    "text for a figure": (
        "预算执行",
        "SELECT * REPLACE (支出决算数::VARCHAR AS 支出决算数) FROM '{source}'",
        "VARCHAR",
    ),
}


@pytest.mark.parametrize("table, query, message", REFUSED.values(), ids=REFUSED)
def test_what_is_refused(data, tmp_path, table, query, message):
    with pytest.raises(DataError, match=message):
        audit_bulk(spoiled(data, tmp_path, table, query), tmp_path / "out")
    assert not (tmp_path / "out").exists()


ASIDE = {
    "a second row": (
        "预算执行",
        "SELECT * FROM '{source}' UNION ALL SELECT * FROM '{source}' WHERE 单位代码 = 'U0000007'",
        2,
    ),
    "no unit": (
        "预算执行",
        "SELECT * REPLACE (CASE WHEN 单位代码 = 'U0000007' THEN NULL ELSE 单位代码 END AS 单位代码) FROM '{source}'",
        1,
    ),
    "too large": (
        "预算执行",
        "SELECT * REPLACE (CASE WHEN 单位代码 = 'U0000007' THEN 9999999999999999 ELSE 支出决算数 END::DECIMAL(18,2) AS 支出决算数) FROM '{source}'",
        1,
    ),
    "too many places": (
        "预算执行",
        "SELECT * REPLACE ((支出决算数 + CASE WHEN 单位代码 = 'U0000007' THEN 0.0001 ELSE 0 END)::DECIMAL(20,4) AS 支出决算数) FROM '{source}'",
        1,
    ),
    "the same unit twice": (
        "单位",
        "SELECT * FROM '{source}' UNION ALL SELECT * FROM '{source}' WHERE 单位代码 = 'U0000007'",
        2,
    ),
}


@pytest.mark.parametrize("table, query, count", ASIDE.values(), ids=ASIDE)
def test_what_is_set_aside(data, made, few, tmp_path, table, query, count):
    other = audit_bulk(spoiled(data, tmp_path, table, query), tmp_path / "out", few, wide=False)
    assert other.manifest["set_aside"] == {**made.manifest["set_aside"], table: count}
    assert other.manifest["units"] == UNITS - (table == "单位")


TWICE = {
    "in the list of units": (
        "自评得分",
        "SELECT * FROM '{source}' UNION ALL SELECT * REPLACE (0.5::DECIMAL(18,2) AS 得分) FROM '{source}' WHERE 单位代码 = 'U0000007'",
    ),
    "of a unit nobody knows": (
        "自评得分",
        "SELECT * FROM '{source}' UNION ALL SELECT * REPLACE ('X' AS 单位代码) FROM '{source}' WHERE 单位代码 IN ('U0000007', 'U0000008')",
    ),
    "with a value not seen before": (
        "评审打分",
        "SELECT * FROM '{source}' UNION ALL SELECT s.* REPLACE ('新来的' AS 评审人) FROM '{source}' s, range(2) WHERE 单位代码 = 'U0000007'",
    ),
    "beside a row that is refused": (
        "要点核对",
        "SELECT * FROM '{source}' UNION ALL SELECT * REPLACE ('也许' AS 结果) FROM '{source}' WHERE 单位代码 = 'U0000007'",
    ),
    "without a value": (
        "要点核对",
        "SELECT * FROM '{source}' UNION ALL SELECT * REPLACE (NULL AS 要点) FROM '{source}' WHERE 单位代码 = 'U0000007'",
    ),
    "of another year": (
        "自评得分",
        "SELECT * FROM '{source}' UNION ALL SELECT s.* REPLACE (2021 AS 年度) FROM '{source}' s, range(2) WHERE 单位代码 = 'U0000007'",
    ),
    "in one column of two alone": (
        "要点核对",
        "SELECT * FROM '{source}' UNION ALL SELECT * REPLACE ('C99' AS 指标代码) FROM '{source}' WHERE 单位代码 = 'U0000007'",
    ),
}


@pytest.mark.parametrize("table, query", TWICE.values(), ids=TWICE)
def test_keys_that_come_twice_are_told_and_count_for_nothing(
    data, own_rules, tmp_path, table, query
):
    """Whatever the grouping sees of them, exactly the rows are set aside whose key comes more than once; their units are not judged on what is left, all others
    as if those rows were not there."""
    folder = spoiled(data, tmp_path, table, query)
    made = audit_bulk(folder, tmp_path / "out", own_rules, wide=False)
    keys = ", ".join(f'"{name}"' for name in load_book(own_rules).tables[table].key)
    source = f"read_parquet('{folder}/{table}.parquet', file_row_number = true)"
    twice = duckdb.sql(
        f"SELECT n FROM (SELECT file_row_number AS n, count(*) OVER (PARTITION BY {keys}) AS times FROM {source}) WHERE times > 1 ORDER BY 1"
    ).fetchall()
    aside = f"FROM '{tmp_path}/out/set_aside.parquet' WHERE 数据表 = '{table}'"
    assert (
        bool(twice) is ("C99" not in query)
        and duckdb.sql(f"SELECT 行号 {aside} AND 原因 LIKE '%重复%' ORDER BY 1").fetchall() == twice
    )
    (tmp_path / "less").mkdir()
    less = spoiled(
        folder,
        tmp_path / "less",
        table,
        f"SELECT * EXCLUDE (file_row_number) FROM {source} WHERE file_row_number NOT IN (SELECT 行号 {aside})".replace(
            "{", "{{"
        ).replace("}", "}}"),
    )
    other = audit_bulk(less, tmp_path / "other", own_rules, wide=False)
    units = {unit for (unit,) in duckdb.sql(f"SELECT DISTINCT 单位代码 {aside}").fetchall()}
    for name in ("scorecards", "findings"):
        found, wanted = (
            [row for row in rows_of(f"{run.folder}/{name}.parquet") if row[0] not in units]
            for run in (made, other)
        )
        assert found == wanted
    undecided = f"SELECT 单位代码, 无法判断 FROM '{{}}/scorecards.parquet' WHERE 单位代码 IN (SELECT 单位代码 {aside}) ORDER BY 1"
    more, less_ = (duckdb.sql(undecided.format(run.folder)).fetchall() for run in (made, other))
    assert all(many >= few for (_unit, many), (_same, few) in zip(more, less_, strict=True))


def test_nothing_half_written(data, few, tmp_path, monkeypatch):
    def stopped(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr("gouji.app.bulk_judging.write_rest", stopped)
    with pytest.raises(KeyboardInterrupt):
        audit_bulk(data, tmp_path / "out", few)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", [0, 3])
def test_pandera_has_a_word_while_units_are_judged(data, few, tmp_path, monkeypatch, before):
    said = []

    def refusing(asked, _meanwhile):
        said.append(len(said) < before)
        return said[-1], None

    monkeypatch.setattr("gouji.intake.admission.sql_gate.ask", refusing)
    with pytest.raises(EngineError, match="Pandera 与行级检查的结论不同"):
        audit_bulk(data, tmp_path / "out", few)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("known", [0, 1])
def test_what_memory_did_not_do_for_is_asked_afterwards(
    data, made, few, tmp_path, monkeypatch, known
):
    agrees, asked = bulk_runs.agrees, []

    def with_little(con, part, *given):
        asked.append(part.table.table)
        if len(asked) == known + 1:
            raise duckdb.OutOfMemoryException("not enough")
        agrees(con, part, *given)

    monkeypatch.setattr(bulk_runs, "agrees", with_little)
    audit_bulk(data, tmp_path / "out", few, wide=False)
    tables = list(dict.fromkeys(asked))
    # All of them, those before the failure once.
    assert (
        Counter(asked) == Counter({**dict.fromkeys(tables, 1), tables[known]: 2})
        and len(tables) > 10
    )


def test_other_peoples_folders_stay(data, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="不覆盖"):
        audit_bulk(data, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_same_seed_same_bytes(data, tmp_path):
    synthesize(300, tmp_path / "a", "anning-2023", seed=9)
    synthesize(300, tmp_path / "b", "anning-2023", seed=9)
    synthesize(300, tmp_path / "c", "anning-2023", seed=10)
    a, b, c = (digests(tmp_path / name) for name in "abc")
    assert a == b != c
    assert json.loads((tmp_path / "a" / "manifest.json").read_text())["units"] == 300


def test_rules_reach_nothing_but_the_data(data, tmp_path):
    con = engine.open_bulk(Limits(), tmp_path)
    engine.close_doors(con, data.glob("*.parquet"), tmp_path)
    for query in (
        "SELECT * FROM read_csv('/etc/passwd')",
        f"COPY (SELECT 1) TO '{tmp_path.parent / 'elsewhere.csv'}'",
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            con.execute(query)
    assert (
        Path(data / "单位.parquet").is_file()
        and load_book("anning-2023").table_of(Role.UNITS) is not None
    )
