"""Whole processes, interleaved, on the same Parquet: medians and ratios; every tool must find the same.

python benchmarks/run.py [--units N …] [--twenty N …] [--rules N …] [--start] [--runs R]
"""

import argparse
import compileall
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import gettempdir

import duckdb

HERE = Path(__file__).parent
WORK = Path(gettempdir()) / "gouji-bench"
GOUJI = str(Path(sys.executable).with_name("gouji"))
# Results as tables, without every outcome.
TABLES = ("--format", "parquet", "--no-outcomes")
PEERS = ("gouji", "by_hand", "pandera_polars", "pandera_ibis", "pointblank", "great_expectations")
# The included book has 303 rules on 19 more tables: beyond this many units it takes longer than all the rest.
INCLUDED_AT_MOST = 100_000
PACKAGES = (
    "duckdb",
    "great-expectations",
    "pandera",
    "ibis-framework",
    "polars",
    "pointblank",
    "pandas",
)


def timed(command):
    """Wall seconds, processor seconds and what it printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(HERE)}
    )
    spent = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Only gouji says by it that there are findings.
    if done.returncode and not (done.returncode == 1 and GOUJI in command):
        raise SystemExit(f"{command}: {done.stderr[-2000:]}")
    return (
        spent,
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        done.stdout.strip(),
    )


def data_of(units, whole=False):
    """Made-up data of the book's own tables, or with those of the book it includes."""
    folder = WORK / f"{'whole' if whole else 'data'}-{units}"
    if not folder.exists():
        print(f"making {units} units", flush=True)
        timed(
            [
                GOUJI,
                "synth",
                "--units",
                str(units),
                "--out",
                str(folder),
                *([] if whole else ["--rules", str(own_rules())]),
            ]
        )
    return folder


def interleaved(commands, runs):
    found = {name: [] for name in commands}
    for number in range(runs):
        for name, command in commands.items():
            found[name].append(timed(command))
            print(
                f"  run {number + 1} {name}: {found[name][-1][0]:.2f} s, processor {found[name][-1][1]:.2f} s",
                flush=True,
            )
    return found


def table(found, base):
    reference = statistics.median(w for w, _, _ in found[base])
    reference_cpu = statistics.median(c for _, c, _ in found[base])
    print(f"| | wall s | processor s | wall ÷ {base} | processor ÷ {base} |\n|---|---|---|---|---|")
    for name, runs in found.items():
        wall, cpu = (statistics.median(r[i] for r in runs) for i in (0, 1))
        print(
            f"| {name} | {wall:.2f} | {cpu:.2f} | {wall / reference:.2f} | {cpu / reference_cpu:.2f} |"
        )


def own_rules():
    """The rules that by_hand.sql was written for: anning-2023 without the book it includes."""
    source, folder = HERE.parent / "rules" / "anning-2023", WORK / "rules-own"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    head = (source / "book.yaml").read_text("utf-8")
    (folder / "book.yaml").write_text(
        "\n".join(line for line in head.split("\n") if not line.startswith("includes:")), "utf-8"
    )
    return folder


def whole_book(units, runs):
    data = data_of(units)
    outs = {name: WORK / f"{name}-{units}" for name in ("gouji", "by_hand")}
    commands = {
        "gouji": [
            GOUJI,
            "audit",
            str(data),
            "--out",
            str(outs["gouji"]),
            *TABLES,
            "--rules",
            str(own_rules()),
        ],
        "by_hand": [sys.executable, str(HERE / "by_hand.py"), str(data), str(outs["by_hand"])],
    }
    if units <= INCLUDED_AT_MOST:
        commands["gouji, with the included book"] = [
            GOUJI,
            "audit",
            str(data_of(units, True)),
            "--out",
            str(WORK / f"all-{units}"),
            *TABLES,
        ]
    found = interleaved(commands, runs)
    for name in ("scorecards", "findings"):
        a, b = (f"'{outs[tool] / name}.parquet'" for tool in outs)
        differing = duckdb.sql(
            f"SELECT count(*) FROM ((FROM {a} EXCEPT ALL FROM {b}) UNION ALL (FROM {b} EXCEPT ALL FROM {a}))"
        ).fetchall()[0][0]
        assert differing == 0, f"{name} differ in {differing} rows"
    print(f"\nwhole rulebook, {units} units: the same scorecards and findings")
    table(found, "by_hand")
    return statistics.median(cpu for _, cpu, _ in found["gouji"])


def growth_with_units(spent):
    """How processor time grows from the fewest units to the most."""
    print(
        "\nwhole rulebook, by number of units\n| units | processor s | µs a unit |\n|---|---|---|"
    )
    for units, cpu in spent.items():
        print(f"| {units} | {cpu:.2f} | {cpu / units * 1e6:.1f} |")


def growth_with_rules(rules, runs):
    """The tie-outs of the rulebook over and over, on the units of the twenty checks."""
    data = data_of(100_000)
    found = interleaved(
        {str(n): [sys.executable, str(HERE / "growth.py"), str(data), str(n)] for n in rules}, runs
    )
    print("\nby number of rules, 100000 units")
    table(found, str(rules[1] if len(rules) > 1 else rules[0]))


def twenty(units, runs):
    data = data_of(units)
    (data / "two").mkdir(exist_ok=True)
    for name in ("单位", "收支决算"):
        if not (link := data / "two" / f"{name}.parquet").exists():
            link.symlink_to(f"../{name}.parquet")
    found = interleaved(
        {name: [sys.executable, str(HERE / "peers.py"), name, str(data)] for name in PEERS}, runs
    )
    printed = {out for runs_ in found.values() for _, _, out in runs_}
    assert len(printed) == 1, (
        f"they do not find the same: { {n: r[0][2] for n, r in found.items()} }"
    )
    print(f"\n20 checks, {units} units: all found the same {printed.pop().split()[0]}")
    table(found, "gouji")


def start(runs):
    """One unit with everything kept, beside processes that do no more than load what such work is done with."""
    cache, data = WORK / "kept", HERE.parent / "datasets" / "anning-2023"
    audit = [GOUJI, "audit", str(data), "--rules", str(HERE.parent / "rules" / "anning-2023")]
    timed(["env", f"GOUJI_CACHE={cache}", *audit])
    commands = {
        "gouji": ["env", f"GOUJI_CACHE={cache}", *audit],
        "gouji, nothing kept": ["env", "GOUJI_CACHE=off", *audit],
    }
    commands |= {
        f"import {name}": [sys.executable, "-c", f"import {name}"]
        for name in ("duckdb", "pandera.polars", "pointblank", "great_expectations")
    }
    found = interleaved(commands, runs)
    assert (
        len({out for name in ("gouji", "gouji, nothing kept") for _, _, out in found[name]}) == 1
    ), "what is kept changes the report"
    print("\none unit: the same report with and without what is kept")
    table(found, "gouji")


def versions():
    for name in PACKAGES:
        try:
            print(f"{name} {version(name)}", end=" · ")
        except PackageNotFoundError:
            continue
    print(f"Python {sys.version.split()[0]} · {os.cpu_count()} cores")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--twenty", type=int, nargs="*", default=[100_000])
    parser.add_argument("--rules", type=int, nargs="*", default=[10, 50, 100, 500])
    parser.add_argument("--start", action="store_true", help="only the start on one unit")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    # As an installed package has it: some machines tell Python to write no byte code, and every process would compile anew.
    compileall.compile_dir(HERE.parent / "src", quiet=1)
    versions()
    start(given.runs)
    if given.start:
        sys.exit()
    for n in given.twenty:
        twenty(n, given.runs)
    growth_with_units({n: whole_book(n, given.runs) for n in given.units})
    print(f"\n{timed([sys.executable, str(HERE / 'squares.py')])[2]}")
    if given.rules:
        growth_with_rules(given.rules, given.runs)
