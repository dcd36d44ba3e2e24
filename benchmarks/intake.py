"""Reading workbooks: gouji's whole intake against bare python-calamine on the same files, interleaved in one run.

    python benchmarks/intake.py [--files 1000] [--rounds 3]

Both use two threads. The files are eight published forms with figures in them, all different units. Prints wall and processor seconds, their
ratios, and how memory grows with the number of files.
"""

from __future__ import annotations

import argparse
import io
import resource
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from python_calamine import CalamineWorkbook

from gouji.app import load_book
from gouji.intake import Submission, receive
from gouji.load.tables import Table
from gouji.run import connect

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
SHEETS = ("封面", "公开01表", "公开02表", "公开03表", "公开04表", "公开05表", "公开06表", "公开10表")


def make(folder: Path, files: int) -> None:
    """One workbook, then copies with another unit code each."""
    from filled import filled, tables
    from gouji.returns.write import workbook_bytes

    sheets, values = filled(tables(), 1, 30)
    kept = [s for s in sheets if s.name in SHEETS]
    raw = workbook_bytes(kept, {k: v for k, v in values.items() if k[0] in SHEETS}, notes=False)
    with zipfile.ZipFile(io.BytesIO(raw)) as old:
        parts = {i.filename: old.read(i) for i in old.infolist()}
    cover = "xl/worksheets/sheet1.xml"
    shared = parts[cover]
    for number in range(files):
        parts[cover] = shared.replace(b"U001", f"N{number:06}".encode())
        with zipfile.ZipFile(folder / f"{number:06}.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            for name, content in parts.items():
                new.writestr(name, content)


def bare(paths: list[Path]) -> int:
    """Every sheet of every file as Python values, two threads."""
    def read(path: Path) -> int:
        book = CalamineWorkbook.from_path(path)
        return sum(len(book.get_sheet_by_name(n).to_python(skip_empty_area=False)) for n in book.sheet_names)

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(read, paths))


def _into(made: list[Submission], folder: Path, tables: dict[str, Table]) -> None:
    made.append(receive(connect(), folder, tables))


def timed(do: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    start, used = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - start, time.process_time() - used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    tables = load_book().tables
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, given.files)
        paths = sorted(folder.iterdir())
        warm = folder / "warm"
        warm.mkdir()
        (warm / "a.xlsx").write_bytes(paths[0].read_bytes())
        receive(connect(), warm, tables)
        (warm / "a.xlsx").unlink()
        rows = []
        for _ in range(given.rounds):
            a = timed(lambda: bare(paths))
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            made: list[Submission] = []
            b = timed(partial(_into, made, folder, tables))
            assert made[0].rows_in == made[0].rows_accepted + made[0].rows_set_aside and made[0].rows_accepted >= 8 * given.files
            rows.append((*a, *b))
            print(f"bare {a[0]:.2f} s (cpu {a[1]:.2f})  intake {b[0]:.2f} s (cpu {b[1]:.2f})  ratio {b[0] / a[0]:.2f} (cpu {b[1] / a[1]:.2f})"
                  f"  rows {made[0].rows_in}  peak {before >> 10} -> {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")
        print(f"median ratio: wall {statistics.median(r[2] / r[0] for r in rows):.2f}, processor {statistics.median(r[3] / r[1] for r in rows):.2f}")


if __name__ == "__main__":
    main()
