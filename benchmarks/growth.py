"""How cost grows with rules: the tie-outs of a rulebook over and over under new codes. python growth.py DATA [NUMBER OF RULES …]."""

import resource
import sys
import tempfile
import time
from pathlib import Path

import yaml

from gouji.app.bulk import audit_bulk

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "rules" / "anning-2023" / "tie-outs").glob("*.yaml"))
HEAD = (Path(__file__).parent / "twenty" / "book.yaml").read_text("utf-8")


def book_of(rules, folder):
    (folder / "book.yaml").write_text(HEAD, "utf-8")
    for number in range(rules):
        rule = yaml.safe_load(SOURCES[number % len(SOURCES)].read_text("utf-8"))
        rule["code"] = f"B{number:03}"
        del rule["examples"]
        if number >= len(SOURCES):
            # Not the same condition twice, or the engine would work it out once.
            rule["check"] = f"({rule['check']}) or 收支决算.收入决算数 = {number}"
        (folder / f"b{number:03}.yaml").write_text(
            yaml.safe_dump(rule, allow_unicode=True), "utf-8"
        )
    return folder


if __name__ == "__main__":
    data, *numbers = sys.argv[1:]
    print("| rules | wall s | processor s |\n|---|---|---|")
    for rules in map(int, numbers or ("10", "50", "100", "500")):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "book").mkdir()
            book = book_of(rules, Path(folder) / "book")
            began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
            audit_bulk(data, Path(folder) / "out", book, wide=False)
            after = resource.getrusage(resource.RUSAGE_SELF)
            print(
                f"| {rules} | {time.perf_counter() - began:.2f} | {after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime:.2f} |",
                flush=True,
            )
