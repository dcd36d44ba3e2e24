"""A county's reports: each form of the same workbooks against the summary, a process each.

    python benchmarks/reports.py [--files 300] [--of summary,json,html,docx] [--folder DIR]

The workbooks are one of datasets/county-demo in which everything is in order, for as many units. Prints for each form wall and processor seconds of all its processes, the peak of memory of the largest, the bytes written, and the wall time as a multiple of
the summary's. Aims on two cores: HTML at most 3 ×, letters at most 5 × and 700 MB, JSON at most 2 × and 30 MB.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from intake import make_clean

RULES = ("--rules", "final-accounts")
FORMS = ("summary", "json", "html", "docx")


def command(folder: Path, form: str, out: Path) -> list[str]:
    """What a user would type."""
    gouji = [sys.executable, "-m", "gouji"]
    if form in ("summary", "json"):
        return [*gouji, "audit", str(folder), *RULES, "--format", form]
    return [*gouji, "report", str(folder), *RULES, "--format", form, "--out", str(out)]


def timed(folder: Path, form: str) -> tuple[float, float, int, int]:
    """Wall and processor seconds, the peak of memory in MiB, and bytes written."""
    with tempfile.TemporaryDirectory() as name:
        out, before = Path(name), os.times()
        with (out / "printed").open("wb") as printed:
            done = subprocess.run(command(folder, form, out), stdout=printed, check=False)
        after = os.times()
        assert done.returncode in (0, 1)
        written = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return (
        after.elapsed - before.elapsed,
        sum(after[2:4]) - sum(before[2:4]),
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
        written,
    )


def main() -> None:
    """One form after another; the peak of memory is that of all so far."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--of", type=lambda text: text.split(","), default=list(FORMS))
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        if given.folder is None:
            make_clean(folder, given.files, scaled=False)
        first = None
        for form in given.of:
            wall, processor, peak, written = timed(folder, form)
            first = first or wall
            print(
                f"{form}: {wall:.1f} s, processor {processor:.1f} s, at most {peak} MiB so far,"
                f" {written / 1e6:.1f} MB, {wall / first:.1f} ×",
                flush=True,
            )


if __name__ == "__main__":
    main()
