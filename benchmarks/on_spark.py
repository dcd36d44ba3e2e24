"""Made-up units audited on Spark and on one machine: rows compared, processor seconds, bytes that units weigh when they are shuffled, memory at its peak.

The engine is Sail (a Spark Connect server without a JVM, in this process), or with `--engine` a Spark of one's own (`local[2]`, `sc://HOST:PORT`).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from pyspark.sql import SparkSession

from gouji.app import audit_bulk, synthesize
from gouji.spark import audit, audit_by_sql
from gouji.spark.packing import BUNDLES, RowPacker
from gouji.spark.sources import SETTINGS

KINDS = ("scorecards", "findings", "set_aside", "outcomes")
# A server of Sail stops when its object goes.
SERVERS = []


def _session(engine: str) -> Any:
    builder = SparkSession.builder
    if engine == "sail":
        from pysail.spark import SparkConnectServer

        # Sail forgets a session that asked nothing for five minutes: the run on one machine may take longer.
        os.environ["SAIL_SPARK__SESSION_TIMEOUT_SECS"] = "86400"
        server = SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
        SERVERS.append(server)
        engine = f"sc://127.0.0.1:{server.listening_address[1]}"
    if engine.startswith("sc://"):
        session = builder.remote(engine).getOrCreate()
        for name, word in SETTINGS.items():
            session.conf.set(name, word)
        return session
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = builder.master(engine).config("spark.driver.memory", "4g")
    # Each of the hundred joins of `audit_by_sql` holds a page, which is 64 MB where nobody says so.
    builder = builder.config("spark.buffer.pageSize", "1m")
    for name, word in {**SETTINGS, "spark.sql.shuffle.partitions": "8"}.items():
        builder = builder.config(name, word)
    return builder.getOrCreate()


def _spent() -> float:
    """Processor seconds of this process and all below it (Linux)."""
    tick, parents, spent = os.sysconf("SC_CLK_TCK"), dict[int, int](), dict[int, float]()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(fields[1])
            spent[int(folder.name)] = sum(map(int, fields[11:15])) / tick
    return sum(s for pid, s in spent.items() if os.getpid() in _above(pid, parents))


def _above(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid:
        yield pid
        pid = parents.get(pid, 0)


def _arrow(frame: Any, folder: Path, kind: str) -> Any:
    """Rows of a DataFrame; Spark 3.5 cannot give them as Arrow."""
    if hasattr(frame, "toArrow"):
        return frame.toArrow()
    frame.write.parquet(str(folder / f"got {kind}"))
    return duckdb.sql(f"FROM '{folder / f'got {kind}'}/*.parquet'").to_arrow_table()


def _differing(folder: Path, kind: str, got: object) -> int:
    con = duckdb.connect()
    con.register("got", got)
    but = " EXCLUDE (行号)" if kind == "set_aside" else ""
    where = folder / ("outcomes/*" if kind == "outcomes" else kind)
    here, there = f"SELECT *{but} FROM got", f"SELECT *{but} FROM '{where}.parquet'"
    both = f"({here} EXCEPT ALL {there}) UNION ALL ({there} EXCEPT ALL {here})"
    return int(con.execute(f"SELECT count(*) FROM ({both})").fetchall()[0][0])


def _weight(frames: dict[str, Any], buckets: int) -> int:
    """Bytes of all rows as they are shuffled."""
    packed = [
        frame.mapInArrow(RowPacker(name, frame.columns[0], buckets), BUNDLES).selectExpr(
            "sum(length(payload)) as n"
        )
        for name, frame in frames.items()
    ]
    return sum(int(one.collect()[0]["n"] or 0) for one in packed)


def _judged(form: str, spark: Any, frames: dict[str, Any], rules: str, folder: Path) -> Any:
    if form == "a":
        return audit_by_sql(spark, frames, str(folder / "work"), rules)
    return audit(spark, frames, rules)


def main() -> int:
    """Returns 1 where a row differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--rules", default="anning-2023")
    parser.add_argument("--engine", default="sail")
    parser.add_argument("--form", choices=("a", "b"), default="b", help="a: judged by Spark's SQL")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        synthesize(asked.units, folder / "data", asked.rules, seed=asked.seed)
        start = _spent()
        one = audit_bulk(folder / "data", folder / "one", asked.rules)
        alone = _spent() - start
        spark = _session(asked.engine)
        files = [f for f in (folder / "data").glob("*.parquet") if f.stem != "defects"]
        frames = {f.stem: spark.read.parquet(str(f)) for f in files}
        start, clock = _spent(), time.monotonic()
        made = _judged(asked.form, spark, frames, asked.rules, folder)
        if asked.form == "b":
            # What is judged is written once, and every kind of result read off it.
            made.results.write.parquet(str(folder / "bundles"))
        together, clock = _spent() - start, time.monotonic() - clock
        got = {kind: _arrow(getattr(made, kind), folder, kind) for kind in KINDS}
        if asked.form == "a":
            together = _spent() - start
        wrong = {kind: _differing(one.folder, kind, rows) for kind, rows in got.items()}
        weight = _weight(frames, max(1, asked.units // 5_000))
        told = {
            "engine": f"{asked.engine} {spark.version}",
            "form": asked.form,
            "units": asked.units,
            "seed": asked.seed,
            "rows": {kind: rows.num_rows for kind, rows in got.items()},
            "rows that differ": wrong,
            "processor seconds on one machine": round(alone, 1),
            "processor seconds on the engine": round(together, 1),
            "times": round(together / alone, 2),
            "bytes a unit in one shuffle": round(weight / asked.units),
            "peak of this process, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "peak of the largest child, MB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            // 1024,
        }
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return int(any(wrong.values()))


if __name__ == "__main__":
    raise SystemExit(main())
