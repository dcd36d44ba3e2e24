"""What a night costs when one submission in a hundred changed, against judging everything. python nights.py [UNITS [UNITS A SUBMISSION]].

Processor time of `gouji night` as a whole process, start and all, and of the one beside it that holds Pandera. The rulebook is in the cache, as it is
on every night but the first.
"""

import csv
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from gouji.runs import Workspace, init

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "datasets" / "anning-2023-complete"
UNIT = "单位代码"
TRIPS, PEERS = "财政拨款三公经费和机关运行经费情况表", ("FG16", "FG38")
CAR, GUEST = "公务用车运行维护费", "国内接待费"


def copies():
    """Each file of the dataset: its header, and the rows of one unit."""
    for path in sorted(SOURCE.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        first = rows[0][header.index(UNIT)]
        yield path.name, header, [row for row in rows if row[header.index(UNIT)] == first]


def around(of, middle, spread):
    """A positive number around a middle, as costs lie."""
    return middle * math.exp(of.gauss(0, spread))


def trips(unit, again=0):
    """Columns of 公开10 of one unit: cars and guests, what they cost, and sums that hold; `again` draws other costs."""
    of, cost = random.Random(unit), random.Random(f"{unit} {again}")
    cars, guests = of.randint(1, 8), of.randint(20, 2000)
    spent = {
        CAR: round(cars * around(cost, 4.1, 0.4), 2),
        GUEST: round(guests * around(cost, 0.0125, 0.4), 2),
    }
    sums = {
        "公务用车购置及运行维护费": spent[CAR],
        "公务接待费": spent[GUEST],
        "三公经费合计": spent[CAR] + spent[GUEST],
        CAR: spent[CAR],
    }
    money = {
        f"{name}{kind}": f"{value:.2f}"
        for name, value in sums.items()
        for kind in ("预算数", "决算数")
    } | {f"{GUEST}决算数": f"{spent[GUEST]:.2f}"}
    return money | {
        "公务用车保有量": cars,
        "国内公务接待批次": math.ceil(guests / 8),
        "国内公务接待人次": guests,
    }


def submission(folder, units, files, spent=None, again=0):
    """Write the figures of one unit under the codes of `units`, and of each its own 公开10; `spent` stands in for the first figure of money."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, header, rows in files:
        at = header.index(UNIT)
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(file)
            write.writerow(header)
            for unit in units:
                for row in rows:
                    own = [*row[:at], unit, *row[at + 1 :]]
                    if (
                        name == "figures.csv"
                        and spent is not None
                        and own[header.index("计量单位")] == "万元"
                    ):
                        own[header.index("原文")] = spent
                    write.writerow(own)
    with (folder / f"{TRIPS}.csv").open("w", encoding="utf-8", newline="") as file:
        write = csv.DictWriter(file, (UNIT, "年度", *trips("")))
        write.writeheader()
        write.writerows({UNIT: unit, "年度": 2023} | trips(unit, again) for unit in units)


def level(units, changed):
    """The two levels of peers, cars and guests, in two significant figures."""
    drawn = [trips(unit, int(unit in changed)) for unit in units]
    per = [
        sorted(10000 * float(d[f"{cost}决算数"]) / d[of] for d in drawn)
        for cost, of in ((CAR, "公务用车保有量"), (GUEST, "国内公务接待人次"))
    ]
    return [f"{found[(len(found) - 1) // 2]:.1e}" for found in per]


def decided(folder):
    """The share of units that the rules on peers decided."""
    query = "SELECT avg((verdict IN ('平', '不平', '平(尾差内)'))::INT) FROM read_parquet(?) WHERE code IN (SELECT unnest(?::VARCHAR[]))"
    return duckdb.execute(query, [str(folder / "outcomes.parquet"), list(PEERS)]).fetchone()[0]


def spent():
    """Processor time of all processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(root):
    """A night: what it cost, its folder, how many submissions it judged."""
    before = spent()
    done = subprocess.run([sys.executable, "-m", "gouji", "night", root], stdout=subprocess.PIPE)
    assert done.returncode in (0, 1), done
    workspace = Workspace.at(root)
    run = workspace.run_folder(workspace.numbers()[-1])
    return spent() - before, run, json.loads((run / "run.json").read_text("utf-8"))["judged"]


def measure(units, together=1):
    """The night that reads everything, and the night after one submission in a hundred changed."""
    with tempfile.TemporaryDirectory() as folder:
        root, files, warm = (
            init(Path(folder) / "bureau").root,
            list(copies()),
            init(Path(folder) / "warm").root,
        )
        for number in range(10):
            submission(warm / "submissions" / str(number), [f"U{number}"], files)
        timed(warm)
        whose = {
            f"{n:06}": [f"U{u:06}" for u in range(n, min(units, n + together))]
            for n in range(0, units, together)
        }
        for name, own in whose.items():
            submission(root / "submissions" / name, own, files)
        whole, first, _every = timed(root)
        changed = list(whose)[::100]
        for number, name in enumerate(changed, 1):
            submission(root / "submissions" / name, whose[name], files, f"{number}.00", again=1)
        every, moved = (
            [u for own in whose.values() for u in own],
            {u for name in changed for u in whose[name]},
        )
        levels = level(every, ()), level(every, moved)
        part, second, judged = timed(root)
        counts = [
            json.loads((run / "manifest.json").read_text("utf-8"))["counts"]
            for run in (first, second)
        ]
        assert (
            counts[0]["units"] == counts[1]["units"] == units
            and decided(first) == decided(second) == 1
        )
        # Where a level moved, everybody was judged again.
        assert judged == (len(changed) if levels[0] == levels[1] else len(whose)), (judged, levels)
        print(f"{units:,} units in {len(whose):,} submissions, {counts[0]['outcomes']:,} outcomes")
        print(f"levels of peers: {', '.join(levels[0])}, then {', '.join(levels[1])}")
        print(f"everything: {whole:.1f} s of processor time, {1000 * whole / units:.1f} ms a unit")
        print(
            f"{len(changed)} changed, {judged} judged: {part:.1f} s, {100 * part / whole:.1f} % of that"
        )


if __name__ == "__main__":
    measure(*map(int, sys.argv[1:] or ("1000",)))
