"""Units judged by Spark's SQL and by DuckDB: the same plan printed for both, the same rows, whatever the buckets and the order."""

import duckdb
import pytest

from gouji.app import audit_bulk
from related_units import few_rules, related_units
from sail_server import sail_session

pytest.importorskip("pysail", reason="pysail is not installed: nothing to run Spark plans on")
pytest.importorskip("pyspark", reason="pyspark is not installed")

from gouji.spark import audit_by_sql

KINDS = ("scorecards", "findings", "set_aside", "outcomes")


@pytest.fixture(scope="module")
def spark():
    return sail_session()


def frames_of(spark, data):
    return {
        f.stem: spark.read.parquet(str(f)) for f in data.glob("*.parquet") if f.stem != "defects"
    }


def differing(folder, kind, frame):
    """How many rows there are, and how many only in one of the two."""
    con = duckdb.connect()
    got = frame.toArrow()
    con.register("got", got)
    but = " EXCLUDE (行号)" if kind == "set_aside" else ""
    where = folder / ("outcomes/*" if kind == "outcomes" else kind)
    here, there = f"SELECT *{but} FROM got", f"SELECT *{but} FROM '{where}.parquet'"
    both = f"({here} EXCEPT ALL {there}) UNION ALL ({there} EXCEPT ALL {here})"
    return got.num_rows, con.execute(f"SELECT count(*) FROM ({both})").fetchall()[0][0]


@pytest.fixture(scope="module")
def related(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sql")
    data = related_units(folder / "data", 200, seed=3)
    rules = few_rules(folder / "few")
    return data, rules, audit_bulk(data, folder / "one", rules).folder


@pytest.mark.parametrize("buckets, turned", [(1, False), (2, True), (7, True)])
def test_rows_are_those_of_duckdb(spark, related, tmp_path, buckets, turned):
    """Units under others, the year before, halves of last places, peers, rows set aside."""
    data, rules, one = related
    frames = frames_of(spark, data)
    if turned:
        frames = {name: f.orderBy(f.columns[-1]) for name, f in frames.items()}
    made = audit_by_sql(spark, frames, str(tmp_path / "work"), rules, partitions=buckets)
    found = {kind: differing(one, kind, getattr(made, kind)) for kind in KINDS}
    assert all(rows > 10 and differ == 0 for rows, differ in found.values()), found
