"""Reading workbooks: gouji's whole intake against bare python-calamine on the same files, interleaved in one run.

    python benchmarks/intake.py [--files 1000] [--rounds 3] [--memory 200,2000,5000] [--of reading,summary,text,json,night] [--clean]

Bare is a plain loop over files and sheets, as one writes it; and the same with two threads. The files are eight published forms, every unit with
figures of its own. Prints wall and processor seconds (of all processes, and of helpers alone) and their ratios; then, for each number of files in
`--memory` and each of `--of`, the peaks of memory of a process that does this with so many (the first process, the largest helper), a process each:
reading alone, a whole `gouji audit` in three formats, a night with a submission for each file. Nearly every rule fails on figures made by chance, and
a unit's page is fifty times as long as usual; `--clean` takes a workbook of datasets/county-demo instead, so many times as large, in which all
but a rule or two hold.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from decimal import Decimal
from functools import partial
from pathlib import Path

from python_calamine import CalamineWorkbook

from gouji.app.books import load_book
from gouji.cli import main as main_of_gouji
from gouji.intake import FILE, KEPT, Submission, narrow, processes, receive, scratch
from gouji.rules import Table
from gouji.run import connect

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
FIGURE = re.compile(rb"<v>([^<]*)</v>")
NUMBER = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?(?: t="n")?>)<v>(-?[\d.]+)</v>')
SHEETS = (
    "封面",
    "公开01表",
    "公开02表",
    "公开03表",
    "公开04表",
    "公开05表",
    "公开06表",
    "公开10表",
)


def make(folder: Path, files: int) -> None:
    """Workbooks of as many units, the same forms with other figures in every one."""
    from filled import filled, tables
    from gouji.returns import workbook_bytes

    sheets, values = filled(tables(), 1, 30)
    kept = [s for s in sheets if s.name in SHEETS]
    raw = workbook_bytes(kept, {k: v for k, v in values.items() if k[0] in SHEETS}, notes=False)
    with zipfile.ZipFile(io.BytesIO(raw)) as old:
        parts = {i.filename: old.read(i) for i in old.infolist()}
    for number in range(files):
        rng = random.Random(number)
        with zipfile.ZipFile(
            folder / f"{number:06}.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1
        ) as new:
            for name, content in parts.items():
                mixed = (
                    content.replace(b"U001", f"N{number:06}".encode())
                    if name.endswith("sheet1.xml")
                    else FIGURE.sub(partial(_other, rng), content)
                )
                new.writestr(name, mixed)


def _other(rng: random.Random, found: re.Match[bytes]) -> bytes:
    """Another figure with as many places, at most two."""
    places = min(2, len(found[1].partition(b".")[2]))
    return b"<v>%b</v>" % f"{rng.uniform(1, 9999):.{places}f}".encode()


def read(path: Path) -> int:
    """Every sheet of a file as Python values."""
    book = CalamineWorkbook.from_path(path)
    return sum(
        len(book.get_sheet_by_name(n).to_python(skip_empty_area=False)) for n in book.sheet_names
    )


def bare(paths: list[Path]) -> int:
    """One file after another."""
    return sum(map(read, paths))


def threads(paths: list[Path]) -> int:
    """The same with two threads."""
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(read, paths))


def _into(made: list[Submission], folder: Path, tables: dict[str, Table]) -> None:
    made.append(receive(connect(), folder, tables))


def timed(do: Callable[[], object]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds of all processes, and those of helpers alone."""
    before = os.times()
    do()
    after = os.times()
    return (
        after.elapsed - before.elapsed,
        sum(after[:4]) - sum(before[:4]),
        sum(after[2:4]) - sum(before[2:4]),
    )


def make_clean(folder: Path, files: int, scaled: bool = True) -> None:
    """A workbook in which everything is in order, for as many units; `scaled`: in each all figures, rates too, are so many times as large, so that not all
    file the same (and two relations between them do not hold)."""
    code = b"X008"
    with zipfile.ZipFile(
        next((ROOT / "datasets" / "county-demo").glob(f"{code.decode()}*.xlsx"))
    ) as old:
        parts = {i.filename: old.read(i) for i in old.infolist()}
    for number in range(files):
        with zipfile.ZipFile(
            folder / f"N{number:06}.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1
        ) as new:
            for name, content in parts.items():
                if scaled and "worksheets/sheet" in name and not name.endswith("/sheet1.xml"):
                    content = NUMBER.sub(partial(_times, Decimal(1 + number % 500)), content)
                new.writestr(name, content.replace(code, f"N{number:06}".encode()))


def _times(factor: Decimal, found: re.Match[bytes]) -> bytes:
    return b"%b<v>%b</v>" % (found[1], str(Decimal(found[2].decode()) * factor).encode())


def _read(folder: Path) -> None:
    room = scratch(folder)
    con = connect() if room is None else connect(f"{room.name}/{FILE}", KEPT)
    with narrow(con, room):
        found = receive(con, folder, load_book("anning-2023").tables)
    assert found.digests


def _audit(folder: Path, form: str) -> None:
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        assert main_of_gouji(
            ["audit", str(folder), "--rules", "final-accounts", "--format", form]
        ) in (0, 1)


def _night(folder: Path) -> None:
    from gouji.app.run_night import night
    from gouji.runs import init

    with tempfile.TemporaryDirectory() as name:
        root = init(Path(name, "workspace")).root
        for path in folder.iterdir():
            own = root / "submissions" / path.stem
            own.mkdir(parents=True)
            os.link(path, own / path.name)
        night(root)


def alone(folder: Path, what: str) -> None:
    """Do one thing with a folder, and print the largest that this process and any helper have been, in MiB, and the seconds it took."""
    wall, processor, _helpers = timed(
        {"reading": partial(_read, folder), "night": partial(_night, folder)}.get(what)
        or partial(_audit, folder, what)
    )
    # What the system says of this process counts the one that started it, where that was larger.
    own = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert own is not None
    print(
        int(own[1]) >> 10,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
        round(wall, 1),
        round(processor, 1),
    )


def memory(counts: list[int], of: list[str], clean: bool) -> None:
    """The peaks of memory by what is done and by number of files."""
    for count in counts:
        # Beside each other, for a night takes its files by links.
        with tempfile.TemporaryDirectory() as name:
            (make_clean if clean else make)(Path(name), count)
            for what in of:
                done = subprocess.run(
                    [sys.executable, __file__, "--alone", name, "--of", what],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                first, helper, wall, processor = done.stdout.split()
                print(
                    f"{what} of {count} files: at most {first} MiB, a helper {helper} MiB; {wall} s, processor {processor} s",
                    flush=True,
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--memory", type=lambda text: [int(n) for n in text.split(",") if n], default=[]
    )
    parser.add_argument(
        "--of",
        type=lambda text: text.split(","),
        default=["reading", "summary", "text", "json", "night"],
    )
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        alone(given.alone, *given.of)
        return
    if given.rounds:
        compare(given.files, given.rounds)
    memory(given.memory, given.of, given.clean)


def compare(files: int, rounds: int) -> None:
    """Bare and gouji in turn."""
    tables = load_book("anning-2023").tables
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, files)
        paths = sorted(folder.iterdir())
        warm = folder / "warm"
        warm.mkdir()
        (warm / "a.xlsx").write_bytes(paths[0].read_bytes())
        receive(connect(), warm, tables)
        (warm / "a.xlsx").unlink()
        rows = []
        for _ in range(rounds):
            a, t = timed(lambda: bare(paths)), timed(lambda: threads(paths))
            made: list[Submission] = []
            b = timed(partial(_into, made, folder, tables))
            assert (
                made[0].rows_in == made[0].rows_accepted + made[0].rows_set_aside
                and made[0].rows_accepted >= 8 * files
            )
            rows.append((a, t, b))
            print(
                f"bare {a[0]:.2f} s (cpu {a[1]:.2f})  two threads {t[0]:.2f} (cpu {t[1]:.2f})  intake {b[0]:.2f} (cpu {b[1]:.2f}, helpers {b[2]:.2f})"
                f"  ratio {b[0] / a[0]:.2f} (cpu {b[1] / a[1]:.2f})  rows {made[0].rows_in}",
                flush=True,
            )
        wall, against, used = (
            statistics.median(x)
            for x in zip(
                *((b[0] / a[0], b[0] / t[0], b[1] / a[1]) for a, t, b in rows), strict=True
            )
        )
        print(
            f"median ratio: wall {wall:.2f} (to two threads {against:.2f}), processor {used:.2f}; processes {processes()}"
        )


if __name__ == "__main__":
    main()
