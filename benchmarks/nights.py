"""What a night costs when one submission in a hundred changed, against judging everything. python nights.py [UNITS [UNITS A SUBMISSION]]."""

import csv
import resource
import sys
import tempfile
from pathlib import Path

from gouji.app.nights import night
from gouji.workspace import init

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "datasets" / "anning-2023-complete"
UNIT = "单位代码"


def copies():
    """Each file of the dataset: its header, and the rows of one unit."""
    for path in sorted(SOURCE.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        first = rows[0][header.index(UNIT)]
        yield path.name, header, [row for row in rows if row[header.index(UNIT)] == first]


def submission(folder, units, files, spent=None):
    """Write the figures of one unit under the codes of `units`; `spent` stands in for its first figure of money."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, header, rows in files:
        at = header.index(UNIT)
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(file)
            write.writerow(header)
            for unit in units:
                for row in rows:
                    own = [*row[:at], unit, *row[at + 1 :]]
                    if name == "figures.csv" and spent is not None and own[header.index("计量单位")] == "万元":
                        own[header.index("原文")] = spent
                    write.writerow(own)


def seconds():
    """Processor time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(root):
    """A night, and what it cost."""
    before = seconds()
    made = night(root)
    return seconds() - before, made


def measure(units, together=1):
    """The night that reads everything, and the night after one submission in a hundred changed."""
    with tempfile.TemporaryDirectory() as folder:
        root, files = init(Path(folder) / "bureau").root, list(copies())
        whose = {f"{n:06}": [f"U{u:06}" for u in range(n, min(units, n + together))] for n in range(0, units, together)}
        for name, own in whose.items():
            submission(root / "submissions" / name, own, files)
        whole, first = timed(root)
        changed = list(whose)[::100]
        for number, name in enumerate(changed, 1):
            submission(root / "submissions" / name, whose[name], files, f"{number}.00")
        part, second = timed(root)
        assert second.work.judged == changed and first.manifest["counts"]["units"] == second.manifest["counts"]["units"] == units
        print(f"{units:,} units in {len(whose):,} submissions, {first.manifest['counts']['outcomes']:,} outcomes")
        print(f"everything: {whole:.1f} s of processor time, {1000 * whole / units:.1f} ms a unit")
        print(f"{len(changed)} changed: {part:.1f} s, {100 * part / whole:.1f} % of that")


if __name__ == "__main__":
    measure(*map(int, sys.argv[1:] or ("1000",)))
