"""Ways of writing figures, saved again by a spreadsheet program as `.xls` and `.ods`: each figure is still the one that a person reads, or it is told."""

import shutil
import subprocess

import pytest

from gouji.intake import receive
from gouji.run import connect
from ways.check import differences
from ways.further import READ, TOLD
from ways.model import TABLES, written
from ways.pack import packed

WAYS = (
    "as it is",
    "accounting",
    "currency",
    "held finer than shown",
    "percent by 100 in quotes",
    "formulas with results",
    "negative figures",
    "codes as numbers",
    "the year as a date",
    "labels in pieces and with readings",
    "a hidden row",
    "a struck-out figure before the new one",
    "a figure struck out whole",
    "a raised note number",
    "yuan shown as ten thousands by a literal point",
    "an error",
    "a date",
    "white on white",
    "white on blue",
    "true",
    "three semicolons",
    "a figure below the one above",
)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (soffice)")
@pytest.mark.parametrize("kind, filters", [("xls", "xls:MS Excel 97"), ("ods", "ods")])
def test_what_a_program_saved_again_is_what_a_person_reads(kind, filters, tmp_path):
    books = {}
    (tmp_path / "from").mkdir()
    for number, name in enumerate(WAYS, 1):
        book = written(f"U{number:03d}", number)
        (READ | TOLD)[name](book)
        (tmp_path / "from" / book.file).write_bytes(packed(book))
        book.file = book.file.replace(".xlsx", f".{kind}")
        books[name] = book
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office"]
        + ["--convert-to", filters, "--outdir", str(tmp_path / kind)]
        + sorted(map(str, (tmp_path / "from").iterdir())),
        check=True,
        capture_output=True,
        timeout=300,
    )
    found = receive(connect(), tmp_path / kind, TABLES)
    wrong = {}
    for name, book in books.items():
        silent, missing = differences(book, found)
        refused = [slot for slot in missing if slot not in book.doubt]
        if silent or refused:
            wrong[name] = silent, refused
    assert wrong == {}
