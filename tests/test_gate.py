"""The gate: Pandera and the row-level list agree on every table, what is refused is set aside with place and reason, the rest goes on."""

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import gouji
from gouji.intake.admission.pandera_gate import question, run_gate
from gouji.intake.admission.refused_rows_sql import refused
from gouji.intake.inspector import ask
from gouji.intake.ledger.tables import create, fill
from gouji.rules import load_tables
from gouji.run import connect
from making import TABLES, YEAR, book_of, submission_of, tie_text

STRICT = {
    **TABLES,
    "numbers.yaml": TABLES["numbers.yaml"]
    .replace(
        "{name: 甲, type: money, unit: 万元, places: 2}",
        "{name: 甲, type: money, unit: 万元, places: 2, null: never, at_least: 0}",
    )
    .replace(
        "{name: 率, type: percent, places: 2}", "{name: 率, type: percent, places: 2, at_most: 1}"
    )
    .replace("{name: 词, type: text}", "{name: 词, type: text, one_of: [好, 坏]}"),
}
TABLE = load_tables(STRICT).tables["数"]
BOOK = book_of({"t.yaml": tie_text("T01", "数.甲 = 数.乙")}, tables=STRICT)


def stored(rows):
    submission = submission_of(BOOK, rows)
    con = connect()
    create(con, TABLE)
    fill(con, TABLE, submission.rows.get("数", []))
    return con, submission


def pandera_accepts(con):
    asked = question(con, TABLE)
    return asked is None or ask(asked, lambda: None)[0]


# what a row has against it -> the row
FAULTS = {
    "": {"甲": "1.00", "率": "99%", "词": "好"},
    "“甲”没有填": {"率": "99%"},
    "“甲”小于 0": {"甲": "-0.01"},
    "“率”大于 1": {"甲": "1.00", "率": "100.01%"},
    "“词”的词不在表内": {"甲": "1.00", "词": "中"},
}


@pytest.mark.parametrize(
    "reason, row", FAULTS.items(), ids=lambda x: x if isinstance(x, str) else ""
)
def test_reasons(reason, row):
    con, _submission = stored([("数", "A", YEAR, row)])
    assert [what for what, _fix, _column in refused(con, TABLE).get(0, [])] == (
        [reason] if reason else []
    )
    assert pandera_accepts(con) is (not reason)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=3)
LIES = st.fixed_dictionaries(
    {},
    optional={
        "甲": st.integers(-(10**10), 10**10).map(lambda n: f"{n // 100}.{abs(n) % 100:02}"),
        "丙": st.sampled_from(["0.01", "9999999999999.99"]),
        "率": st.sampled_from(["0.01%", "-3%"]),
        "个": st.sampled_from(["0", "999999999999"]),
        "词": WORDS,
    },
)


@settings(max_examples=15, deadline=None)
@example([{"甲": "1.00", "词": "好"}, {}] * 505)
@given(st.lists(LIES, min_size=9, max_size=12))
def test_many_rows_lie_there_as_few_do(given_):
    """Nine rows and more go in by columns, fewer as values; over a thousand in several goes."""
    con, submission = stored([("数", f"U{number}", YEAR, row) for number, row in enumerate(given_)])
    every = submission.rows["数"]
    one = connect()
    create(one, TABLE)
    for start in range(0, len(every), 8):
        fill(one, TABLE, every[start : start + 8])
    query = 'SELECT * EXCLUDE ("#") FROM "数"'
    assert con.execute(query).fetchall() == one.execute(query).fetchall()
    assert con.execute('SELECT "#" FROM "数"').fetchall() == [(n,) for n in range(len(every))]


def test_a_key_twice_sets_all_its_rows_aside():
    con, submission = stored(
        [
            ("数", "A", YEAR, {"甲": "1.00"}),
            ("数", "A", YEAR, {"甲": "2.00"}),
            ("数", "B", YEAR, {"甲": "3.00"}),
        ]
    )
    run_gate(con, TABLE, submission)
    assert con.execute('SELECT "单位代码" FROM "数"').fetchall() == [("B",)]
    assert [reason for _table, _row, reason in submission.set_aside] == [
        "单位代码, 年度 重复，几行都不采用"
    ] * 2
    assert len(submission.problems) == 2 and submission.problems[0].at.line == 1


rows = st.lists(
    st.tuples(
        st.just("数"),
        st.sampled_from("ABC"),
        st.just(YEAR),
        st.fixed_dictionaries(
            {},
            optional={
                "甲": st.sampled_from(["0.00", "1.00", "-1.00"]),
                "率": st.sampled_from(["1%", "101%"]),
                "词": st.sampled_from(["好", "中"]),
            },
        ),
    ),
    max_size=5,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows)
def test_pandera_and_the_list_of_rows_agree(drawn):
    con, submission = stored(drawn)
    assert pandera_accepts(con) is (not refused(con, TABLE))
    run_gate(con, TABLE, submission)
    kept = submission.rows.get("数", [])
    assert len(kept) + len(submission.set_aside) == len(drawn)
    assert con.execute('SELECT count(*) FROM "数"').fetchone() == (len(kept),)
    assert pandera_accepts(con)


def test_rows_in_are_rows_accepted_and_set_aside(tmp_path):
    (tmp_path / "单位.csv").write_text(
        "单位代码,年度,单位名称\nA,2023,甲\nA,2023,又是甲\nB,2023,乙\n", "utf-8"
    )
    (tmp_path / "预算执行.csv").write_text(
        "单位代码,年度,年初预算数,支出决算数\nB,2023,一百,90.00\nB,2022,1.00\n", "utf-8"
    )
    made = gouji.audit(tmp_path, "anning-2023")
    m = made.manifest
    assert (m.rows_in, m.rows_accepted, m.rows_set_aside) == (5, 2, 3)
    told = {(p.at.file, p.at.line): p.what for p in made.submission.problems}
    assert (
        told["预算执行.csv", 2] == "“一百”读不成数" and told["预算执行.csv", 3] == "列数与表头不符"
    )
    assert [c.unit for c in made.scorecards] == ["B"]


ESCAPES = {
    "a file": "SELECT * FROM read_csv('/etc/passwd')",
    "a file as a table": "SELECT * FROM '/etc/passwd'",
    "writing": "COPY (SELECT 1) TO 'out.csv'",
    "another database": "ATTACH 'other.duckdb'",
    "an extension": "INSTALL httpfs",
    "the settings": "SET enable_external_access = true",
}


@pytest.mark.parametrize("statement", ESCAPES.values(), ids=ESCAPES)
def test_the_engine_reaches_nothing_else(statement, tmp_path, monkeypatch):
    from gouji.plan import compile_book
    from gouji.run import run

    monkeypatch.chdir(tmp_path)
    con = connect()
    for table in BOOK.tables.values():
        create(con, table)
    run(compile_book(BOOK, BOOK.tables), con)
    with pytest.raises(duckdb.Error):
        con.execute(statement).fetchall()
    assert list(tmp_path.iterdir()) == []
