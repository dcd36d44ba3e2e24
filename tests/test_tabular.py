"""Parquet, DuckDB files and PostgreSQL schemas with tables named as ours: the same rows, counted, with their places."""

import os
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from filled import tables
from gouji.base.faults import DataError
from gouji.intake import receive
from gouji.run import connect

FEW = {name: tables()[name] for name in ("单位", "固定资产", "项目支出明细")}
UNITS = {"单位代码": ["A", "B"], "年度": [2023, 2023], "单位名称": ["甲局", "乙局"]}
ASSETS = {
    "单位代码": ["A", "B"],
    "年度": [2023, 2023],
    "净值合计": [45.97, 1234567.5],
    "设备": ["42.19", "约3万"],
    "设备占比": [91.78, 0.5],
}
PROJECTS = {
    "单位代码": ["A"] * 100,
    "年度": [2023] * 100,
    "项目名称": [f"项目{n}" for n in range(100)],
    "预算数": [n / 4 for n in range(100)],
}


def check(found):
    assert found.rows_in == found.rows_accepted + found.rows_set_aside == 104
    assert [(p.at.line, p.at.column, p.what) for p in found.problems if not p.note] == [
        (2, "设备", "“约3万”读不成数")
    ]
    (row,) = found.held.rows(FEW["固定资产"], "A", 2023)
    assert {
        n: (c.value, c.printed) for n, c in row.cells.items() if n in ASSETS and c.value != "A"
    } == {
        "年度": (Decimal(2023), "2023"),
        "净值合计": (Decimal("459700.00"), "45.97"),
        "设备": (Decimal("421900.00"), "42.19"),
        "设备占比": (Decimal("0.9178"), "91.78"),
    }
    values = [r.cells["预算数"].value for r in found.held.rows(FEW["项目支出明细"], "A", 2023)]
    assert sorted(values) == [Decimal(n) * 2500 for n in range(100)]


def test_parquet(tmp_path):
    for name, columns in (("单位", UNITS), ("固定资产", ASSETS), ("项目支出明细", PROJECTS)):
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    check(receive(connect(), tmp_path, FEW))


def test_duckdb_file(tmp_path):
    with duckdb.connect(str(tmp_path / "a.duckdb")) as con:
        for name, columns in (("单位", UNITS), ("固定资产", ASSETS), ("项目支出明细", PROJECTS)):
            con.register("t", pa.table(columns))
            con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM t').fetchall()
            con.unregister("t")
    check(receive(connect(), tmp_path / "a.duckdb", FEW))


BROKEN = {
    "no parquet": ("单位.parquet", b"PAR1junk"),
    "no database": ("a.duckdb", b"junk"),
    "no such table": ("某表.parquet", None),
}


@pytest.mark.parametrize("name, content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_told(name, content, tmp_path):
    if content is None:
        pq.write_table(pa.table({"a": [1]}), tmp_path / name)
    else:
        (tmp_path / name).write_bytes(content)
    (problem,) = receive(connect(), tmp_path, FEW).problems
    assert problem.at.file == name and problem.fix


POSTGRES = next(
    (
        p
        for p in (
            *map(Path, sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)),
        )
        if (p / "initdb").exists()
    ),
    None,
)


@pytest.fixture
def server():
    """A PostgreSQL of our own on a socket, where its programs are installed."""
    if POSTGRES is None:
        pytest.skip("no PostgreSQL programs on this machine")
    # The name of a socket may be a hundred signs long: not below `tmp_path`. A folder of an earlier server may not be gone yet.
    data, socket = (Path(mkdtemp(prefix="gouji-pg-", dir="/tmp")) for _number in range(2))
    become = []
    if os.getuid() == 0:
        shutil.chown(data, "postgres")
        shutil.chown(socket, "postgres")
        become = ["runuser", "-u", "postgres", "--"]
    try:
        subprocess.run(
            [
                *become,
                str(POSTGRES / "initdb"),
                "-D",
                str(data),
                "-A",
                "trust",
                "-U",
                "gouji",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
        )
        options = f"-k {socket} -h '' -c fsync=off"
        subprocess.run(
            [
                *become,
                str(POSTGRES / "pg_ctl"),
                "-D",
                str(data),
                "-w",
                "-o",
                options,
                "-l",
                str(data / "log"),
                "start",
            ],
            check=True,
            capture_output=True,
        )
        yield f"postgresql:///postgres?host={socket}&user=gouji"
    finally:
        subprocess.run(
            [*become, str(POSTGRES / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
            capture_output=True,
        )
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(socket, ignore_errors=True)


def test_postgresql(server):
    import adbc_driver_postgresql.dbapi

    with adbc_driver_postgresql.dbapi.connect(server) as con, con.cursor() as cursor:
        cursor.execute('CREATE SCHEMA "报送"')
        con.commit()
        for name, columns in (("单位", UNITS), ("固定资产", ASSETS), ("项目支出明细", PROJECTS)):
            cursor.adbc_ingest(name, pa.table(columns), mode="create", db_schema_name="报送")
        con.commit()
    check(receive(connect(), f"{server}&schema=报送", FEW))
    check(
        receive(
            connect(),
            f"{server.replace('postgresql://', 'postgresql+psycopg://')}&schema=报送",
            FEW,
        )
    )
    place = server.split("host=")[1].split("&")[0]
    first, second = (
        receive(
            connect(),
            f"host={place} dbname=postgres user=gouji password='ge heim' schema=报送",
            FEW,
        )
        for _ in range(2)
    )
    check(first)
    # A hash of what was read, the same each time; another one when a figure is another.
    assert first.digests == second.digests and list(first.digests) == [
        f"{place}/postgres?schema=报送"
    ]
    with adbc_driver_postgresql.dbapi.connect(server) as con, con.cursor() as cursor:
        cursor.execute('UPDATE "报送"."固定资产" SET "净值合计" = 1 WHERE "单位代码" = \'B\'')
        con.commit()
    assert receive(connect(), f"{server}&schema=报送", FEW).digests != first.digests
    for schema, message in (
        ("报送表", "没有模式“报送表”；有的是 public、报送"),
        ("public", "模式“public”是空的"),
    ):
        with pytest.raises(DataError, match=message):
            receive(connect(), f"{server}&schema={schema}", FEW)


# The type of a column and a value -> the figure in 元, the problem.
PG_TYPES = {
    "money": ("money", "12.5", 125000, None),
    "money below zero": ("money", "-0.5", -5000, None),
    "numeric": ("numeric(18,2)", "12.5", 125000, None),
    "numeric with zeros behind": ("numeric(18,6)", "12.5", 125000, None),
    "numeric of any length": ("numeric", "12.50", 125000, None),
    "whole": ("bigint", "12", 120000, None),
    "double": ("double precision", "1320.7299999999998", 13207300, None),
    "single": ("real", "12.5", 125000, None),
    "text": ("text", "'12.5'", 125000, None),
    "padded text": ("char(9)", "'12.5'", 125000, None),
    "no number": ("numeric", "'NaN'", None, "“NaN”读不成数"),
    "no end": ("double precision", "'Infinity'", None, "“inf”读不成数"),
    "a span of time": ("interval", "'12.5 hours'", None, "是 month_day_nano_interval"),
    "yes": ("boolean", "true", None, "是 bool"),
    "a day": ("date", "'2023-01-01'", None, "是 date32[day]"),
    "a list": ("numeric[]", "array[12.5]", None, "是 _numeric"),
    "json": ("jsonb", "'12.5'", None, "是 jsonb"),
}


def test_types_of_postgresql(server):
    """Each type in its own schema: the figure that a person reads, or a problem with its column, never another figure."""
    import adbc_driver_postgresql.dbapi

    for number, (kind, value, expected, message) in enumerate(PG_TYPES.values()):
        with adbc_driver_postgresql.dbapi.connect(server) as con, con.cursor() as cursor:
            for statement in (
                f"CREATE SCHEMA s{number}",
                f'CREATE TABLE s{number}."单位"("单位代码" text, "年度" int, "单位名称" text)',
                f"INSERT INTO s{number}.\"单位\" VALUES ('A', 2023, '甲局')",
                f'CREATE TABLE s{number}."固定资产"("单位代码" text, "年度" int, "净值合计" {kind})',
                f"INSERT INTO s{number}.\"固定资产\" VALUES ('A', 2023, {value})",
            ):
                cursor.execute(statement)
            con.commit()
        found = receive(connect(), f"{server}&schema=s{number}", FEW)
        (row,) = found.held.rows(FEW["固定资产"], "A", 2023)
        assert ("净值合计" in row.cells) is (expected is not None), kind
        if expected is not None:
            assert row.cells["净值合计"].value == expected and row.cells["净值合计"].half == 50, (
                kind
            )
        told = [p for p in found.problems if not p.note]
        assert [(p.table, p.at.column, message in p.what) for p in told] == (
            [("固定资产", "净值合计", True)] if message else []
        ), kind


def test_postgresql_is_only_read(server):
    """A view that writes when it is read: the server refuses."""
    import adbc_driver_postgresql.dbapi

    with adbc_driver_postgresql.dbapi.connect(server) as con, con.cursor() as cursor:
        for statement in (
            'CREATE TABLE "记"(n int)',
            "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'INSERT INTO \"记\" VALUES (1); SELECT ''A''::text'",
            'CREATE VIEW "单位" AS SELECT f() AS "单位代码", 2023 AS "年度", \'甲\'::text AS "单位名称"',
        ):
            cursor.execute(statement)
        con.commit()
        found = receive(connect(), server, FEW)
        assert [
            p.what for p in found.problems if "read-only" in p.what
        ] and found.rows_accepted == 0, found.problems
        cursor.execute('SELECT count(*) FROM "记"')
        assert cursor.fetchall() == [(0,)]


def duckdb_of(path, *statements):
    with duckdb.connect(str(path)) as con:
        for statement in statements:
            con.execute(statement)
    return path


UNIT_ROWS = (
    """CREATE TABLE "单位" AS SELECT 'A' AS "单位代码", 2023 AS "年度", '甲局' AS "单位名称" """
)
ASSET = """SELECT 'A' AS "单位代码", 2023 AS "年度", {0} AS "净值合计" """


def _asset(value):
    return f'CREATE TABLE "固定资产" AS {ASSET.format(value)}'


WHERE_TABLES_LIE = {
    "another schema": (
        (
            UNIT_ROWS,
            "CREATE SCHEMA s",
            f'CREATE TABLE s."固定资产" AS {ASSET.format("12.5::DOUBLE")}',
        ),
        125000,
        [],
    ),
    "two schemas": (
        (
            UNIT_ROWS,
            "CREATE SCHEMA s",
            f'CREATE TABLE s."固定资产" AS {ASSET.format("1::DOUBLE")}',
            f'CREATE TABLE "固定资产" AS {ASSET.format("2::DOUBLE")}',
        ),
        None,
        ["“固定资产”在几个模式里都有：main、s；都不采用"],
    ),
    "a view": (
        (UNIT_ROWS, f'CREATE VIEW "固定资产" AS {ASSET.format("12.5::DOUBLE")}'),
        125000,
        [],
    ),
    "a view of a file": (
        (
            UNIT_ROWS,
            """CREATE VIEW "固定资产" AS SELECT 'A' AS "单位代码", 2023 AS "年度", 1.5::DOUBLE AS "净值合计" FROM read_csv('/etc/hostname', header = false)""",
        ),
        None,
        ["读不了"],
    ),
    "a view that takes too long": (
        (
            UNIT_ROWS,
            f'CREATE VIEW "固定资产" AS {ASSET.format("sum(a.range * b.range)::DOUBLE")} FROM range(1000000) a, range(1000000) b',
        ),
        None,
        ["视图超过"],
    ),
    "a view with too many rows": (
        (UNIT_ROWS, f'CREATE VIEW "固定资产" AS {ASSET.format("1.5::DOUBLE")} FROM range(200000)'),
        None,
        ["视图超过 100000 行"],
    ),
    "a view that breaks off": (
        (
            UNIT_ROWS,
            f"""CREATE VIEW "固定资产" AS {ASSET.format("CASE WHEN range = 150000 THEN error('x') ELSE '1' END")} FROM range(200000)""",
        ),
        None,
        ["读不了"],
    ),
    "a span of time": (
        (UNIT_ROWS, f'CREATE TABLE "固定资产" AS {ASSET.format("INTERVAL 1 DAY")}'),
        None,
        ["是 month_day_nano_interval"],
    ),
    "yes": ((UNIT_ROWS, f'CREATE TABLE "固定资产" AS {ASSET.format("true")}'), None, ["是 bool"]),
    "a list": ((UNIT_ROWS, f'CREATE TABLE "固定资产" AS {ASSET.format("[1]")}'), None, ["是 list"]),
    "no number": ((UNIT_ROWS, _asset("'nan'::DOUBLE")), None, ["“nan”读不成数"]),
    "single, many digits": (
        (UNIT_ROWS, f'CREATE TABLE "固定资产" AS {ASSET.format("1234567.8::FLOAT")}'),
        None,
        ["单精度"],
    ),
    "single, few digits": (
        (UNIT_ROWS, f'CREATE TABLE "固定资产" AS {ASSET.format("0.1::FLOAT")}'),
        1000,
        [],
    ),
    "a word of few": ((UNIT_ROWS, _asset("'12.5'::ENUM('12.5')")), 125000, []),
    "tiny zeros": (
        (
            UNIT_ROWS,
            f'CREATE TABLE "固定资产" AS {ASSET.format("0::DECIMAL(18,8)")}',
            """COMMENT ON TABLE "固定资产" IS 'gouji.figures=printed'""",
        ),
        0,
        [],
    ),
}


@pytest.mark.parametrize(
    "statements, expected, messages", WHERE_TABLES_LIE.values(), ids=WHERE_TABLES_LIE
)
def test_where_tables_lie_in_a_duckdb_file(statements, expected, messages, tmp_path, monkeypatch):
    monkeypatch.setattr("gouji.intake.files.duckdb_tables.SECONDS", 1.0)
    monkeypatch.setattr("gouji.intake.files.duckdb_tables.ROWS_AT_MOST", 100_000)
    found = receive(connect(), duckdb_of(tmp_path / "a.duckdb", *statements), FEW)
    rows = found.held.rows(FEW["固定资产"], "A", 2023)
    assert [row.cells["净值合计"].value for row in rows if "净值合计" in row.cells] == (
        [] if expected is None else [expected]
    )
    told = [p for p in found.problems if not p.note]
    assert len(told) == len(messages) and all(
        m in p.what and p.at.file == "a.duckdb" for m, p in zip(messages, told, strict=True)
    ), told
    assert found.rows_in == found.rows_accepted + found.rows_set_aside


def test_a_file_damaged_behind_its_beginning_gives_no_row(tmp_path, monkeypatch):
    """Half of the rows of a table would make wrong sums."""
    monkeypatch.setattr("gouji.intake.files.tabular.BATCH_ROWS", 1000)
    many = {
        "单位代码": ["A"] * 5000,
        "年度": [2023] * 5000,
        "项目名称": [f"项目{n}" for n in range(5000)],
        "预算数": [n / 4 for n in range(5000)],
    }
    pq.write_table(pa.table(UNITS), tmp_path / "单位.parquet")
    pq.write_table(
        pa.table(many), tmp_path / "项目支出明细.parquet", row_group_size=500, compression="zstd"
    )
    raw = bytearray((tmp_path / "项目支出明细.parquet").read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 2000] = b"\0" * 2000
    (tmp_path / "项目支出明细.parquet").write_bytes(raw)
    found = receive(connect(), tmp_path, FEW)
    assert not found.held.rows(FEW["项目支出明细"], "A", 2023) and any(
        "“项目支出明细”读不了" in p.what for p in found.problems
    )
    assert found.rows_in == found.rows_accepted + found.rows_set_aside
