"""A real Spark on this machine: Python workers that are killed leave no results, a session with ANSI off is refused. Returns 1 where either does not hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pyspark.sql import SparkSession

from gouji.app import synthesize
from gouji.base.faults import DataError
from gouji.spark import SparkRun, audit, audit_on_spark
from gouji.spark.sources import SETTINGS


def _workers() -> list[int]:
    """Python workers of Spark, among what this process started."""
    said = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True)
    rows = [line.split(None, 2) for line in said.stdout.splitlines()[1:]]
    ours = {os.getpid()}
    for pid, above, _args in rows * 4:
        if int(above) in ours:
            ours.add(int(pid))
    return [int(p) for p, _a, args in rows if int(p) in ours and "pyspark.daemon" in args]


@contextmanager
def _killing() -> Iterator[None]:
    """Kill workers as they come."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.2):
            for pid in _workers():
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


def main() -> int:
    """Returns 1 where something does not hold."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]")
    for name, word in SETTINGS.items():
        builder = builder.config(name, word)
    spark = builder.getOrCreate()
    with TemporaryDirectory() as name:
        folder = Path(name)
        synthesize(500, folder / "data", "anning-2023")
        out = folder / "out"
        try:
            with _killing():
                audit_on_spark(
                    str(folder / "data"),
                    str(out),
                    "anning-2023",
                    None,
                    SparkRun("spark"),
                )
            killed = "results came out all the same"
        except DataError as fault:
            killed = str(fault)
        left = sorted(p.name for p in folder.iterdir() if p.name != "data")
        spark.conf.set("spark.sql.ansi.enabled", "false")
        try:
            audit(spark, {}, "anning-2023")
            refused = ""
        except DataError as fault:
            refused = str(fault)
    print(f"killed workers: {killed}; left in the folder: {left or 'nothing'}")
    print(f"ANSI off: {refused or 'not refused'}")
    return int(bool(left) or "spark.sql.ansi.enabled" not in refused)


if __name__ == "__main__":
    raise SystemExit(main())
