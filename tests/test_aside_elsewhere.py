"""Set aside never sums, in other units' figures and night after night: what is derived of a table that is not whole, whoever sent it, is not judged."""

import shutil

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import nights
from gouji.app.bulk import audit_bulk
from gouji.app.bulk_reports import bulk_unit
from gouji.app.cross_check import of_workspace
from gouji.app.replaying import replay
from gouji.app.run_night import night
from gouji.results.store import read_table
from test_derived import (
    NIGHT_DERIVED,
    NIGHT_UNITS,
    WHOSE,
    book,
    county,
    rule,
    same_as_full,
    verdicts,
)

assert book
BELOW = {
    "lines.yaml": f"table: 下级明细\ngrain: one\nkey: [单位代码, 年度]\nderived: {{by: 上级}}\ncolumns:{WHOSE}"
    "  - {name: 金额, type: money, unit: 万元, places: 2, take: {from: 明细, over: below}}\n"
}
RULES = {
    "t13.yaml": rule("T13", "tie_out", "", "决算.收入 = 下级明细.金额"),
    "t14.yaml": rule("T14", "tie_out", "", "coalesce(下级明细.金额, 0) >= 0"),
    "t15.yaml": rule("T15", "tie_out", "", "coalesce(sum(明细.金额), 0) <= 决算.收入"),
}


@pytest.fixture
def summed_nights(monkeypatch):
    monkeypatch.setattr(
        nights, "SCHEMAS", nights.SCHEMAS | {"units.yaml": NIGHT_UNITS} | NIGHT_DERIVED | BELOW
    )
    monkeypatch.setattr(nights, "RULES", nights.RULES | RULES)


LINES = [
    "A,2023,合计,10.00",
    "A,2023,205,10.00",
    "B,2023,合计,20.00",
    "B,2023,205,20.00",
    "D,2023,合计,30.00",
    "D,2023,205,30.00",
]
ACCOUNTS = ["D,2023,30.00,30.00,0,", "A,2023,10.00,10.00,0,", "B,2023,20.00,20.00,0,"]


def test_what_is_derived_of_rows_set_aside(book):
    """A's own derived tables, and those of D above it, are not judged; B's are."""
    _made, whole = county(book, ACCOUNTS, LINES)
    assert (whole["D"]["T05"], whole["A"]["T01"], whole["B"]["T01"]) == ("平", "平", "平")
    twice = "A,2023,210,5.00"
    made, found = county(book, ACCOUNTS, [*LINES, twice, twice])
    assert (found["D"]["T05"], found["A"]["T01"], found["A"]["T05"], found["B"]["T01"]) == (
        "无法判断",
        "无法判断",
        "无法判断",
        "平",
    )
    assert found["D"]["T04"] == "平"
    places = made.submission.aside("D", 2023)["逐格.下级数"]
    assert places == (2, ("明细.csv:8", "明细.csv:9"))


def test_rows_that_name_others(book):
    """Who is named in a row that was set aside nobody knows."""
    given_to = ["单位代码,年度,给谁,金额", "A,2023,B,20.00"]
    assert county(book, ACCOUNTS, LINES, 补助=given_to)[1]["B"]["T06"] == "平"
    assert (
        county(book, ACCOUNTS, LINES, 补助=[*given_to, "D,2023,X,1.00", "D,2023,X,1.00"])[1]["B"][
            "T06"
        ]
        == "无法判断"
    )


def details(root, name, amounts, twice=()):
    """The lines of a submission's table; those that come twice are set aside."""
    lines = [(name, 2023, f"项目{n}", amount) for n, amount in enumerate(amounts)]
    nights.write(
        root / "submissions" / name,
        "明细",
        "单位代码,年度,项目,金额",
        [*lines, *[(name, 2023, "双", amount) for amount in twice for _ in range(2)]],
    )


def send(root, name, income, above="", amounts=("5.00", "5.00"), twice=()):
    nights.submit(root, name, income=income, spent="10.00", left="0.00")
    nights.write(
        root / "submissions" / name,
        "单位",
        "单位代码,年度,单位名称,上级",
        [(name, 2023, name, above)],
    )
    details(root, name, amounts, twice)


@pytest.mark.parametrize("batch", [1, 200])
def test_nights(tmp_path, summed_nights, batch):
    """A row of B is set aside: B is not judged on its table, nor is D on the sum of what lies below it, though D sent nothing new and is carried over; and back again."""
    root = nights.workspace(tmp_path / "w", nights.CONFIG + f"batch: {batch}\n")
    send(root, "D", "30.00", amounts=("10.00",))
    send(root, "A", "10.00", "D")
    send(root, "B", "20.00", "D", ("20.00",))
    made = night(root)
    assert (verdicts(made, "D")["T13"], verdicts(made, "D")["T14"], verdicts(made, "A")["T02"]) == (
        "平",
        "平",
        "平",
    )
    details(root, "B", ("20.00",), ("3.00",))
    made = night(root)
    assert (
        verdicts(made, "D")["T13"],
        verdicts(made, "D")["T14"],
        verdicts(made, "B")["T02"],
        verdicts(made, "A")["T02"],
    ) == ("无法判断", "无法判断", "无法判断", "平")
    gaps = {(o["unit"], o["code"]): o["gaps"] for o in read_table(made.folder, "outcomes")}
    assert (
        gaps["B", "T02"] == "有行没有采用：明细(B/明细.csv:3、B/明细.csv:4)"
        and gaps["D", "T13"] == "有行没有采用：下级明细.金额(B/明细.csv:3、B/明细.csv:4)"
    )
    same_as_full(root, made, tmp_path)
    assert replay(made.folder, root / "objects").differing == ()
    # Nothing came: all is carried over, and what was not judged still is not.
    made = night(root)
    assert (
        made.work.judged == []
        and verdicts(made, "D")["T13"] == verdicts(made, "B")["T02"] == "无法判断"
    )
    details(root, "B", ("20.00",))
    made = night(root)
    assert (verdicts(made, "D")["T13"], verdicts(made, "B")["T02"]) == ("平", "不平")
    same_as_full(root, made, tmp_path)


@pytest.mark.parametrize("batch", [1, 200])
@pytest.mark.parametrize("name", ["A_明细.et", "A_附件.xlsx", "B/A_附件.et", "0/A/附件.et"])
def test_a_file_of_a_unit_in_another_submission(tmp_path, summed_nights, batch, name):
    """Whatever it is judged with: A sent something that nobody can read, in its own submission or another's, and no lines besides."""
    root = nights.workspace(tmp_path / "w", nights.CONFIG + f"batch: {batch}\n", A={}, B={})
    (root / "submissions/A/明细.csv").unlink()
    made = night(root)
    assert verdicts(made, "A")["T15"] == verdicts(made, "B")["T15"] == "平"
    file = root / "submissions" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x")
    made = night(root)
    assert (verdicts(made, "A")["T15"], verdicts(made, "B")["T15"], made.gate.state) == (
        "无法判断",
        "平",
        "closed",
    )
    same_as_full(root, made, tmp_path)
    assert night(root).work.judged == []
    file.unlink()
    if not any(file.parent.iterdir()) and file.parent.name != "submissions":
        shutil.rmtree(root / "submissions" / name.split("/")[0])
    made = night(root)
    assert verdicts(made, "A")["T15"] == "平"
    same_as_full(root, made, tmp_path)


@pytest.mark.parametrize("batch", [1, 200])
def test_rows_of_units_that_nobody_lists(tmp_path, summed_nights, batch):
    """A unit's own line may come in another submission, whatever is judged first; without it each submission with rows of that unit is told, once."""
    root = nights.workspace(tmp_path / "w", nights.CONFIG + f"batch: {batch}\n", A={}, B={}, Z={})
    (root / "submissions/A/单位.csv").rename(tmp_path / "单位.csv")
    (root / "submissions/0").mkdir()
    nights.write(
        root / "submissions/0",
        "明细",
        "单位代码,年度,项目,金额",
        [
            ("A", 2023, "又一项", "1.00"),
            ("Q", 2023, "又一项", "1.00"),
            ("Q", 2023, "再一项", "1.00"),
        ],
    )
    made = night(root)
    said = {(p["submission"], p["file"]): p["what"] for p in read_table(made.folder, "problems")}
    assert (
        set(said) == {("0", "0/明细.csv"), ("A", "A/决算.csv")}
        and "A、Q；它们的 3 行（明细）" in said["0", "0/明细.csv"]
    )
    assert made.gate.state == "closed" and {
        s["submission"]: (s["rows_in"], s["rows_set_aside"])
        for s in read_table(made.folder, "submissions")
    }["0"] == (3, 3)
    same_as_full(root, made, tmp_path)
    (root / "submissions/1").mkdir()
    shutil.copy(tmp_path / "单位.csv", root / "submissions/1")
    made = night(root)
    assert [
        "单位里没有单位 Q" in p["what"].translate({8220: None, 8221: None})
        for p in read_table(made.folder, "problems")
    ] == [True]
    assert verdicts(made, "A")["T02"] == "不平"
    same_as_full(root, made, tmp_path)


def test_great_expectations_over_a_workspace(tmp_path, summed_nights):
    root = nights.workspace(tmp_path / "w")
    send(root, "D", "30.00", amounts=("10.00",))
    send(root, "A", "10.00", "D", twice=("3.00",))
    found = of_workspace(root, tmp_path / "gx")
    assert found.differing == () and found.own["T13"] == 0


STEP = st.dictionaries(
    st.sampled_from(["D", "A", "B"]),
    st.tuples(st.sampled_from(["10.00", "30.00"]), st.booleans()),
    min_size=1,
    max_size=3,
)


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(steps=st.lists(STEP, min_size=2, max_size=3), batch=st.sampled_from([1, 200]))
def test_set_aside_never_sums_night_after_night(tmp_path_factory, summed_nights, steps, batch):
    """Whoever sends what when: a unit with rows set aside, and the one above it, are never judged on that table."""
    root, bad = (
        nights.workspace(
            tmp_path_factory.mktemp("night") / "w", nights.CONFIG + f"batch: {batch}\n"
        ),
        {},
    )
    for step in steps:
        for name, (amount, spoilt) in step.items():
            send(root, name, amount, "" if name == "D" else "D", (amount,), (amount,) * spoilt)
            bad[name] = spoilt
        made = night(root)
        for name, spoilt in bad.items():
            assert not spoilt or verdicts(made, name)["T02"] == "无法判断"
        if "D" in bad and (bad.get("A") or bad.get("B")):
            assert {verdicts(made, "D")[code] for code in ("T13", "T14")} == {"无法判断"}
        same_as_full(root, made, tmp_path_factory.mktemp("full"))


TYPES = {"年度": "INTEGER", "户数": "INTEGER"}


def in_columns(folder, into):
    """The tables of a folder as Parquet, figures as printed."""
    into.mkdir()
    (into / "dataset.yaml").write_text("figures: printed\n", "utf-8")
    for file in sorted(folder.glob("*.csv")):
        with duckdb.connect() as con:
            con.execute(f"CREATE TABLE t AS FROM read_csv('{file}', all_varchar = true)")
            texts = ("单位代码", "单位名称", "上级", "科目", "给谁", "小类")
            cast = ", ".join(
                f'"{name}"'
                if name in texts
                else f'"{name}"::{TYPES.get(name, "DECIMAL(18,2)")} AS "{name}"'
                for (name, *_rest) in con.execute("DESCRIBE t").fetchall()
            )
            con.execute(f"COPY (SELECT {cast} FROM t) TO '{into / file.stem}.parquet'")
    return into


def of_units(found):
    return {row.code: row.verdict for row in found.cards[0].tie_outs}


def test_the_page_of_one_unit_of_many(book, tmp_path):
    """The page of a unit knows of rows set aside below it, and of rows that may be anybody's, as the run over all does."""
    twice = ["A,2023,210,5.00"] * 2
    for name, more in {"whole": [], "twice": twice, "nobody": [",2023,210,5.00"]}.items():
        county(book, ACCOUNTS, [*LINES, *more])
        data = in_columns(book / "data", tmp_path / name)
        paths = {"rules": book / "book", "schemas": book / "schemas"}
        made = audit_bulk(data, tmp_path / f"{name} out", paths["rules"], paths["schemas"])
        wide = duckdb.sql(f"FROM '{made.folder}/outcomes/*.parquet'").to_arrow_table().to_pylist()
        for row in wide:
            page = of_units(bulk_unit(data, row["单位代码"], **paths))
            assert page == {code: row[f"{code}.结论"] for code in page}, (name, row["单位代码"])
        judged = of_units(bulk_unit(data, "D", **paths))["T05"]
        assert judged == ("平" if name == "whole" else "无法判断")
    (card,) = bulk_unit(tmp_path / "twice", "D", **paths).cards
    (gaps,) = [row.gaps for row in card.tie_outs if row.code == "T05"]
    assert "明细.parquet:7" in gaps[0] and "明细.parquet:8" in gaps[0]
