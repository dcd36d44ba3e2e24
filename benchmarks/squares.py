"""How reports grow with failing rows and with units, as ratios of one run: python squares.py [RUNS]. 3 and 4.5 are what they may be at most."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

MONEY = "type: money, unit: 万元, places: 2"
WHOSE = [
    "{name: 单位代码, type: text, null: never, role: unit}",
    "{name: 年度, type: count, null: never, role: year}",
]
BASIS = "basis: {document: 文件, clause: 条, status: printed}"


def table(name, grain, key, *columns, role=""):
    listed = "\n".join(f"  - {c}" for c in (*WHOSE, *columns))
    return f"table: {name}\ngrain: {grain}\n{role}key: [单位代码, 年度{key}]\ncolumns:\n{listed}\n"


def book(folder):
    """A rulebook of one rule on each row and nine relations."""
    (folder / "schemas").mkdir()
    (folder / "rules").mkdir()
    figures = [f"数{n}" for n in range(10)]
    described = {
        "units": table(
            "单位", "one", "", "{name: 单位名称, type: text, role: unit_name}", role="role: units\n"
        ),
        "rows": table(
            "明细",
            "many",
            ", 项目",
            "{name: 项目, type: text, null: never}",
            f"{{name: 甲, {MONEY}}}",
            f"{{name: 乙, {MONEY}}}",
        ),
        "sums": table("数", "one", "", *(f"{{name: {name}, {MONEY}}}" for name in figures)),
    }
    for name, text in described.items():
        (folder / "schemas" / f"{name}.yaml").write_text(text, "utf-8")
    (folder / "rules" / "book.yaml").write_text(
        "book: growth\ntitle: 试\nauthority: 试\nfiscal_year: 2023\n", "utf-8"
    )
    rule = "kind: {kind}\ncode: {code}\nname: 试\n{basis}\nseverity: 错误\n{more}check: {check}\n"
    texts = [
        rule.format(
            kind="each_row",
            code="A00",
            basis=BASIS,
            more="table: 明细\n",
            check="明细.甲 = 明细.乙",
        )
    ]
    texts += [
        rule.format(
            kind="tie_out",
            code=f"A0{n}",
            basis=BASIS,
            more="",
            check=f"数.数0 + sum(明细.甲) = 数.数{n}",
        )
        for n in range(1, 10)
    ]
    for n, text in enumerate(texts):
        (folder / "rules" / f"a{n}.yaml").write_text(text, "utf-8")


def data(folder, units, rows):
    folder.mkdir()
    codes = [f"U{n:04}" for n in range(units)]
    (folder / "单位.csv").write_text(
        "单位代码,年度,单位名称\n" + "".join(f"{u},2023,{u}\n" for u in codes), "utf-8"
    )
    names = [f"数{n}" for n in range(10)]
    (folder / "数.csv").write_text(
        ",".join(("单位代码", "年度", *names))
        + "\n"
        + "".join(f"{u},2023,{','.join(['1.00'] * 10)}\n" for u in codes),
        "utf-8",
    )
    lines = (f"{u},2023,{n},1.00,2.00\n" for u in codes for n in range(rows))
    (folder / "明细.csv").write_text("单位代码,年度,项目,甲,乙\n" + "".join(lines), "utf-8")
    return str(folder)


def seconds(folder, name, units, rows, runs):
    """The least of some runs of `gouji audit --format json`: processor time of whole processes."""
    path, spent = data(folder / name, units, rows), []
    asked = [
        "audit",
        path,
        "--rules",
        str(folder / "rules"),
        "--schemas",
        str(folder / "schemas"),
        "--format",
        "json",
    ]
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "gouji", *asked],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)


if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        book(folder)
        seconds(folder, "first", 1, 1, 1)
        few, many = (seconds(folder, f"rows-{n}", 1, n, runs) for n in (1333, 4000))
        print(
            f"failing rows of one rule: 1333: {few:.2f} s, 4000: {many:.2f} s, ratio {many / few:.2f} (at most 3)",
            flush=True,
        )
        few, many = (seconds(folder, f"units-{n}", n, 3, runs) for n in (80, 320))
        print(
            f"units of a CSV folder: 80: {few:.2f} s, 320: {many:.2f} s, ratio {many / few:.2f} (at most 4.5)"
        )
