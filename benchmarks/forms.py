"""What recognising forms costs: with one set and with thirty, on a sheet seen for the first time, on many workbooks, and on those of our own layout.

python benchmarks/forms.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from elsewhere import PLACES, write  # noqa: E402
from gouji.app import load_book  # noqa: E402
from gouji.intake.finding.layout import Layouts  # noqa: E402
from gouji.intake.workbooks.extract import Extractor  # noqa: E402
from gouji.intake.workbooks.workbook_file import open_book  # noqa: E402
from gouji.rules import Table  # noqa: E402

SET, TIMES = "财政部2022", 5


def with_sets(tables: dict[str, Table], count: int) -> dict[str, Table]:
    """The tables with that many sets: every second copy of the national one has its own titles."""
    made = {}
    for name, table in tables.items():
        base = [form for form in table.printed if form.of == SET]
        copies = [
            replace(f, of=f"{f.of}-{k}", titles=tuple(t + str(k) * (k % 2) for t in f.titles))
            for k in range(count - 1)
            for f in base
        ]
        made[name] = replace(table, printed=(*base, *copies))
    return made


def seconds(tables: dict[str, Table], files: Sequence[Path]) -> float:
    """CPU seconds to recognise and take what the files hold, reading them not counted; the best of some runs."""
    best = float("inf")
    for _ in range(TIMES):
        extractor, books = Extractor(tables, Layouts()), [open_book(f, f.name) for f in files]
        began = time.process_time()
        for book in books:
            extractor.take(book)
        best = min(best, time.process_time() - began)
    return best


def main() -> None:
    """Print milliseconds a workbook."""
    tables = load_book("final-accounts").tables
    one, thirty = with_sets(tables, 1), with_sets(tables, 30)
    with tempfile.TemporaryDirectory() as folder:
        national = Path(folder) / "a.xlsx"
        write(PLACES[0], national)
        own = sorted((ROOT / "datasets/county-demo").glob("X0*.xlsx"))
        for label, files in (
            ("first of its kind", [national]),
            ("200 of a set", [national] * 200),
            ("own layout", own),
        ):
            a, b = seconds(one, files) / len(files), seconds(thirty, files) / len(files)
            print(f"{label}: 1 set {a * 1e3:.1f} ms, 30 sets {b * 1e3:.1f} ms, {b / a - 1:+.1%}")


if __name__ == "__main__":
    main()
