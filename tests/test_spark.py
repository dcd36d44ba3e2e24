"""Units on Spark, tried on Sail (a Spark Connect server without a JVM): the rows of the one-machine run, whatever the buckets and the order; and what is refused."""

import subprocess
import sys

import duckdb
import pytest

from gouji import cli
from gouji.app import audit_bulk, synthesize
from gouji.base.faults import DataError
from related_units import few_rules, related_units
from sail_server import sail_address, sail_session
from small_books import small_book
from test_bulk_filing import LISTS, laid

pytest.importorskip("pysail", reason="pysail is not installed: nothing to run Spark plans on")
pytest.importorskip("pyspark", reason="pyspark is not installed")

from gouji.spark import audit
from gouji.spark.sources import SETTINGS
from gouji.spark.written_tables import is_schema, shown_engine

KINDS = ("scorecards", "findings", "set_aside", "outcomes")


@pytest.fixture(scope="module")
def address():
    return sail_address()


@pytest.fixture(scope="module")
def spark():
    return sail_session()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return related_units(tmp_path_factory.mktemp("spark") / "data", 200, seed=3)


@pytest.fixture(scope="module")
def rules(data):
    return few_rules(data.parent / "few")


@pytest.fixture(scope="module")
def one(data, rules):
    return audit_bulk(data, data.parent / "one", rules)


@pytest.fixture(scope="module")
def frames(spark, data):
    return {
        f.stem: spark.read.parquet(str(f)) for f in data.glob("*.parquet") if f.stem != "defects"
    }


@pytest.fixture(scope="module")
def two(spark, frames, rules):
    return audit(spark, frames, rules, partitions=2)


def differing(folder, kind, got):
    """How many rows are only in one of the two; the number of a row in its file is known to the one-machine run alone."""
    but = " EXCLUDE (行号)" if kind == "set_aside" else ""
    where = folder / ("outcomes/*" if kind == "outcomes" else kind)
    con = duckdb.connect()
    con.register("got", got)
    here, there = f"SELECT *{but} FROM got", f"SELECT *{but} FROM '{where}.parquet'"
    query = (
        f"SELECT count(*) FROM (({here} EXCEPT ALL {there}) UNION ALL ({there} EXCEPT ALL {here}))"
    )
    return con.execute(query).fetchall()[0][0]


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_those_of_one_machine(one, two, kind):
    got = getattr(two, kind).toArrow()
    assert got.num_rows > 10 and differing(one.folder, kind, got) == 0


def test_a_row_that_is_lacking_or_changed_is_seen(one, two):
    got = two.findings.toArrow()
    assert differing(one.folder, "findings", got.slice(1)) == 1


def test_data_ask_for_what_other_units_give(one):
    found = dict(
        duckdb.sql(
            f"SELECT 规则, count(*) FROM '{one.folder}/findings.parquet' GROUP BY 1"
        ).fetchall()
    )
    assert sum(count for code, count in found.items() if code.startswith("FM")) > 5, found


@pytest.mark.parametrize("buckets", [1, 7])
def test_buckets_and_the_order_of_rows_make_no_difference(spark, frames, rules, one, buckets):
    turned = {name: frame.orderBy(frame.columns[-1]) for name, frame in frames.items()}
    made = audit(spark, turned, rules, outcomes=False, partitions=buckets)
    for kind in ("scorecards", "findings"):
        assert differing(one.folder, kind, getattr(made, kind).toArrow()) == 0
    with pytest.raises(DataError, match="没有要每条规则的结论"):
        _ = made.outcomes


def test_a_bucket_without_rows_of_a_form(spark, tmp_path):
    """Of a whole book most buckets of few units lack some form: what is derived from it is empty there, and no error."""
    synthesize(3, tmp_path / "data", "anning-2023")
    frames = {
        f.stem: spark.read.parquet(str(f))
        for f in (tmp_path / "data").glob("*.parquet")
        if f.stem != "defects"
    }
    alone = audit_bulk(tmp_path / "data", tmp_path / "one", "anning-2023")
    made = audit(spark, frames, "anning-2023", outcomes=False, partitions=2)
    assert differing(alone.folder, "scorecards", made.scorecards.toArrow()) == 0


def test_the_manifest_counts_the_same(one, two):
    told = two.manifest()
    same = (
        "book",
        "rules",
        "schemas",
        "rows_in",
        "rows_set_aside",
        "set_aside",
        "units",
        "outcomes",
    )
    assert {k: told[k] for k in same} == {k: one.manifest[k] for k in same}
    assert (told["findings"], told["degrees"]) == (
        one.manifest["findings"],
        one.manifest["degrees"],
    )


@pytest.mark.parametrize("name", SETTINGS)
def test_a_session_that_is_set_otherwise_is_refused_with_the_line_to_set(
    spark, frames, rules, name
):
    spark.conf.set(name, "false")
    try:
        with pytest.raises(DataError) as refused:
            audit(spark, frames, rules)
    finally:
        spark.conf.set(name, "true")
    assert f'spark.conf.set("{name}", "true")' in str(refused.value)


def no_units(frames):
    return {name: frame for name, frame in frames.items() if name != "单位"}


def floating(frames):
    frame = frames["收支决算"]
    figure = next(f.name for f in frame.schema.fields if "decimal" in f.dataType.simpleString())
    return {
        **frames,
        "收支决算": frame.selectExpr(
            "单位代码", "年度", f"cast(`{figure}` as double) as `{figure}`"
        ),
    }


def listed(frames):
    frame = frames["收支决算"]
    return {**frames, "收支决算": frame.selectExpr("单位代码", "年度", "array(1) as `x`")}


REFUSED = {
    "no table of units": (no_units, "没有“单位”这张表"),
    "a table that nobody describes": (lambda f: {**f, "乱表": f["单位"]}, "没有“乱表”"),
    "binary fractions": (floating, "DOUBLE"),
    "lists": (listed, "array<int>"),
    "no such schema": (lambda f: "nowhere.at_all", "nowhere.at_all"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused(spark, frames, rules, case):
    change, said = REFUSED[case]
    with pytest.raises(DataError, match=said):
        audit(spark, change(frames), rules)


def test_the_command_writes_a_folder(address, data, rules, one, tmp_path, capsys):
    out = tmp_path / "out"
    asked = ["audit", str(data), "--engine", address, "--rules", str(rules), "--out", str(out)]
    assert cli.main([*asked, "--no-outcomes", "--partitions", "2"]) == 1
    assert "单位 200 个" in capsys.readouterr().out
    found = duckdb.sql(f"SELECT count(*) FROM '{out}/findings/*.parquet'").fetchall()
    assert found == [(one.manifest["findings"],)] and (out / "manifest.json").is_file()


def test_the_command_reads_and_writes_schemas_of_the_catalog(
    spark, address, frames, rules, one, capsys
):
    catalog = spark.catalog.currentCatalog()
    for name in ("fin", "done"):
        spark.sql(f"CREATE DATABASE {name}")
    for name, frame in frames.items():
        frame.write.saveAsTable(f"fin.`{name}`")
    asked = ["audit", f"{catalog}.fin", "--engine", address, "--rules", str(rules)]
    assert cli.main([*asked, "--out", f"{catalog}.done", "--no-outcomes", "--partitions", "2"]) == 1
    shown = spark.sql("SHOW TABLES IN done").collect()
    there = {row["tableName"] for row in shown if not row["isTemporary"]}
    assert there == {"scorecards", "findings", "set_aside", "manifest"}
    assert differing(one.folder, "findings", spark.table("done.findings").toArrow()) == 0


def test_no_session_says_so_and_writes_nothing(data, rules, tmp_path, capsys):
    engine = "sc://127.0.0.1:1/;token=abc123"
    out = tmp_path / "out"
    asked = ["audit", str(data), "--engine", engine, "--rules", str(rules), "--out", str(out)]
    assert cli.main(asked) == 2
    said = capsys.readouterr().err
    assert "--engine sc://HOST:PORT" in said and "abc123" not in said and "token=***" in said
    assert list(tmp_path.iterdir()) == []


# The server goes when the session is made and the tables are known, in a process that has no other session.
LOST = """
import os, signal, sys
from pysail.spark import SparkConnectServer
from gouji import cli
from gouji.spark import written_tables

if __name__ == "__main__":
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    real = written_tables.audit

    def audit(*given, **named):
        server.stop()
        return real(*given, **named)

    written_tables.audit, written_tables.ATTEMPTS = audit, 2
    engine = f"sc://127.0.0.1:{server.listening_address[1]}"
    sys.exit(cli.main([*sys.argv[1:], "--engine", engine]))
"""


def test_a_server_that_goes_in_the_middle_leaves_nothing(data, rules, tmp_path):
    program = tmp_path / "lost.py"
    program.write_text(LOST)
    asked = ["audit", str(data), "--rules", str(rules), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, str(program), *asked], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 2 and "连不上或断开了" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and "terminated with" not in done.stderr
    assert list(tmp_path.iterdir()) == [program]


ADDRESSES = {
    "sc://h:1": "sc://h:1",
    "sc://h:1/;token=x y": "sc://h:1/;token=***",
    "sc://h:1/;use_ssl=true;token=a;user_id=b": "sc://h:1/;use_ssl=true;token=***;user_id=b",
    "sc://h:1/;x-client-secret=a": "sc://h:1/;x-client-secret=***",
}


@pytest.mark.parametrize("engine", ADDRESSES)
def test_secrets_of_an_address_are_not_shown(engine):
    assert shown_engine(engine) == ADDRESSES[engine]


def test_a_path_that_exists_is_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert is_schema("fin.y2023") and not is_schema("fin/y2023") and not is_schema("fin")
    (tmp_path / "fin.y2023").mkdir()
    assert not is_schema("fin.y2023")


def test_executors_load_no_compiler_and_nothing_else_loads_spark():
    heavy = (
        "[n for n in ('sqlglot', 'pandera', 'pydantic', 'great_expectations') if n in sys.modules]"
    )
    worker = f"import sys; import gouji.spark.bucket_tables, gouji.spark.packing; print({heavy})"
    plain = "import sys; import gouji; from gouji.app import audit_bulk; print([n for n in sys.modules if 'spark' in n])"
    for code in (worker, plain):
        said = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert said.stdout.strip() == "[]", code


def test_addresses_of_databases_are_refused_with_what_to_do(address, rules, tmp_path, capsys):
    asked = ["audit", "jdbc:dm://h/x?password=abc123", "--engine", address, "--rules", str(rules)]
    assert cli.main([*asked, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "JDBC" in said and "spark.read.jdbc" in said and "abc123" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", LISTS)
def test_who_did_not_file_is_told_as_on_one_machine(address, tmp_path, capsys, case):
    expected, _wanted = LISTS[case]
    data, (rules, schemas) = laid(tmp_path / "data", expected), small_book(tmp_path / "book")
    alone = ["audit", str(data), "--rules", str(rules), "--schemas", str(schemas)]
    codes, said = [], []
    for name, how in {"one": ["--format", "parquet"], "spark": ["--engine", address]}.items():
        codes.append(cli.main([*alone, *how, "--out", str(tmp_path / name)]))
        said.append([line for line in capsys.readouterr().out.splitlines() if "应报" in line])
    assert codes[0] == codes[1], capsys.readouterr().err
    assert said[0] == said[1]
    there = (tmp_path / "one" / "filing.parquet").is_file()
    assert (tmp_path / "spark" / "filing").is_dir() is there
    if there:
        rows = [
            sorted(duckdb.sql(f"FROM '{tmp_path / where}'").fetchall())
            for where in ("one/filing.parquet", "spark/filing/*.parquet")
        ]
        assert rows[0] == rows[1]


def test_a_run_again_gives_the_same_rows(address, data, rules, one, tmp_path):
    asked = ["audit", str(data), "--engine", address, "--rules", str(rules), "--no-outcomes"]
    out = tmp_path / "out"
    for _again in range(2):
        assert cli.main([*asked, "--out", str(out), "--partitions", "2"]) == 1
        got = duckdb.sql(f"FROM '{out}/findings/*.parquet'").to_arrow_table()
        assert differing(one.folder, "findings", got) == 0
