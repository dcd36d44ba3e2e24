"""Parquet, DuckDB files and PostgreSQL schemas with tables named as ours: the same rows, counted, with their places."""

import os
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from filled import tables
from gouji.intake import receive
from gouji.run import connect

FEW = {name: tables()[name] for name in ("单位", "固定资产", "项目支出明细")}
UNITS = {"单位代码": ["A", "B"], "年度": [2023, 2023], "单位名称": ["甲局", "乙局"]}
ASSETS = {"单位代码": ["A", "B"], "年度": [2023, 2023], "净值合计": [45.97, 1234567.5], "设备": ["42.19", "约3万"], "设备占比": [91.78, 0.5]}
PROJECTS = {"单位代码": ["A"] * 100, "年度": [2023] * 100, "项目名称": [f"项目{n}" for n in range(100)], "预算数": [n / 4 for n in range(100)]}


def check(found):
    assert found.rows_in == found.rows_accepted + found.rows_set_aside == 104
    assert [(p.at.line, p.at.column, p.what) for p in found.problems] == [(2, "设备", "“约3万”读不成数")]
    (row,) = found.held.rows(FEW["固定资产"], "A", 2023)
    assert {n: (c.value, c.printed) for n, c in row.cells.items() if n in ASSETS and c.value != "A"} == {
        "年度": (Decimal(2023), "2023"), "净值合计": (Decimal("459700.00"), "45.97"), "设备": (Decimal("421900.00"), "42.19"), "设备占比": (Decimal("0.9178"), "91.78")}  # fmt: skip
    values = [r.cells["预算数"].value for r in found.held.rows(FEW["项目支出明细"], "A", 2023)]
    assert values == [Decimal(n) * 2500 for n in range(100)]


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


BROKEN = {"no parquet": ("单位.parquet", b"PAR1junk"), "no database": ("a.duckdb", b"junk"), "no such table": ("某表.parquet", None)}


@pytest.mark.parametrize("name, content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_told(name, content, tmp_path):
    if content is None:
        pq.write_table(pa.table({"a": [1]}), tmp_path / name)
    else:
        (tmp_path / name).write_bytes(content)
    (problem,) = receive(connect(), tmp_path, FEW).problems
    assert problem.at.file == name and problem.mend


POSTGRES = next((p for p in (*map(Path, sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)),) if (p / "initdb").exists()), None)


@pytest.fixture
def server(tmp_path):
    """A PostgreSQL of our own on a socket, where its programs are installed."""
    if POSTGRES is None:
        pytest.skip("no PostgreSQL programs on this machine")
    data, socket = Path("/tmp") / f"gouji-pg-{os.getpid()}", Path("/tmp") / f"gouji-pg-{os.getpid()}-s"
    data.mkdir()
    socket.mkdir()
    become = []
    if os.getuid() == 0:
        shutil.chown(data, "postgres")
        shutil.chown(socket, "postgres")
        become = ["runuser", "-u", "postgres", "--"]
    try:
        subprocess.run([*become, str(POSTGRES / "initdb"), "-D", str(data), "-A", "trust", "-U", "gouji", "-E", "UTF8", "--no-sync"], check=True, capture_output=True)
        options = f"-k {socket} -h '' -c fsync=off"
        subprocess.run([*become, str(POSTGRES / "pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", str(data / "log"), "start"], check=True, capture_output=True)
        yield f"postgresql:///postgres?host={socket}&user=gouji"
    finally:
        subprocess.run([*become, str(POSTGRES / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], capture_output=True)
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
