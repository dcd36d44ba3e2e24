"""Made-up units audited on Sail (a Spark Connect server without a JVM) and on one machine: rows compared, processor seconds of both, bytes that units weigh when they are shuffled."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession

from gouji.app import audit_bulk, synthesize
from gouji.spark import audit
from gouji.spark.packing import BUNDLES, RowPacker
from gouji.spark.sources import SETTINGS

KINDS = ("scorecards", "findings", "set_aside")


def _differing(folder: Path, kind: str, got: object) -> int:
    con = duckdb.connect()
    con.register("got", got)
    but = " EXCLUDE (行号)" if kind == "set_aside" else ""
    here, there = f"SELECT *{but} FROM got", f"SELECT *{but} FROM '{folder / kind}.parquet'"
    both = f"({here} EXCEPT ALL {there}) UNION ALL ({there} EXCEPT ALL {here})"
    return int(con.execute(f"SELECT count(*) FROM ({both})").fetchall()[0][0])


def main() -> int:
    """Returns 1 where a row differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--rules", default="anning-2023")
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        synthesize(asked.units, folder / "data", asked.rules)
        start = time.process_time()
        one = audit_bulk(folder / "data", folder / "one", asked.rules, wide=False)
        alone = time.process_time() - start
        server = SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
        address = f"sc://127.0.0.1:{server.listening_address[1]}"
        spark = SparkSession.builder.remote(address).getOrCreate()
        for setting, word in SETTINGS.items():
            spark.conf.set(setting, word)
        files = [f for f in (folder / "data").glob("*.parquet") if f.stem != "defects"]
        frames = {f.stem: spark.read.parquet(str(f)) for f in files}
        start = time.process_time()
        made = audit(spark, frames, asked.rules, outcomes=False)
        spark_cards = made.results.toArrow().num_rows
        together = time.process_time() - start
        wrong = {k: _differing(one.folder, k, getattr(made, k).toArrow()) for k in KINDS}
        buckets = max(1, asked.units // 5_000)
        packed = [
            frame.mapInArrow(RowPacker(name, frame.columns[0], buckets), BUNDLES).selectExpr(
                "sum(length(payload)) as n"
            )
            for name, frame in frames.items()
        ]
        weight = sum(int(one_of.collect()[0]["n"] or 0) for one_of in packed)
    print(f"{asked.units} units, {spark_cards} bundles of results; rows that differ: {wrong}")
    print(
        f"processor seconds: one machine {alone:.1f}, Sail {together:.1f}, {together / alone:.1f} times"
    )
    print(
        f"bytes a unit in one shuffle: {weight / asked.units:.0f}; one shuffle measures, one more answers each question"
    )
    return int(any(wrong.values()))


if __name__ == "__main__":
    raise SystemExit(main())
