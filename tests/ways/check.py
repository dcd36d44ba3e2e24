"""Workbooks written in a way, received, and held against what a person reads on them."""

from __future__ import annotations

import os

from gouji.intake import receive
from gouji.run import connect
from ways.model import TABLES, written
from ways.pack import packed

# How many workbooks are made of each way.
DEFAULT = 4
EACH = int(os.environ.get("GOUJI_WAYS", DEFAULT))


def sent(way, folder, number=EACH):
    """Workbooks of so many units, all written in this way."""
    books = {}
    for n in range(1, number + 1):
        book = written(f"U{n:03d}", n)
        way(book)
        (folder / book.file).write_bytes(packed(book))
        books[book.file] = book
    return books


def differences(book, found):
    """(silent, told): figures that differ without a word; figures that are missing and told."""
    problems = [p for p in found.problems if p.at.file.rsplit("/", 1)[-1] == book.file]
    sheets = {
        leaf.name: held
        for leaf in book.leaves
        if (held := {slot[0] for at in leaf.slots() if (slot := leaf.cells[at].slot)})
    }
    silent, missing = [], []
    for name, table in TABLES.items():
        rows = found.held.rows(table, book.unit, 2023) if book.unit else []
        key = next(
            (
                k
                for k in table.key
                if table.column(k).role is None or table.column(k).role.value == "code"
            ),
            "",
        )
        read = {}
        for row in rows:
            line = str(row.cells[key].value) if key and table.grain == "many" else ""
            for column, cell in row.cells.items():
                if (slot := (name, line, column)) in read:
                    silent.append((slot, "twice"))
                read[slot] = cell
        for slot, value in book.expect.items():
            if slot[0] != name or slot[2] in ("单位代码", "年度"):
                continue
            cell = read.pop(slot, None)
            got = cell.value if cell is not None else None
            if got == value and value is not None:
                continue
            here = [
                p
                for p in problems
                if (not p.at.sheet or p.at.sheet not in sheets or name in sheets[p.at.sheet])
                and not p.note
            ]
            if cell is None and here:
                missing.append(slot)
            elif (
                cell is None
                and value is None
                and slot[1]
                and not [s for s in read if s[1] == slot[1]]
            ):
                silent.append((slot, value, None, "not told"))
            else:
                silent.append((slot, value, got, cell.printed if cell else None))
        silent += [
            (slot, "nobody wrote it", cell.value)
            for slot, cell in read.items()
            if slot[2] not in ("单位代码", "年度") and cell.value not in (0, "")
        ]
    silent += [
        ("not told", sheet) for sheet in book.tell if not any(p.at.sheet == sheet for p in problems)
    ]
    return silent, missing


def read_back(way, folder):
    """(silent, told) by file, the workbooks, and what was received."""
    books = sent(way, folder)
    con = connect()
    found = receive(con, folder, TABLES)
    assert found.rows_in == found.rows_accepted + found.rows_set_aside
    return {file: differences(book, found) for file, book in books.items()}, books, found


def read_or_told(way, folder):
    """Nothing is silently different; what is missing without a doubt of the writer is refused, and nothing is."""
    results, books, found = read_back(way, folder)
    said = [(str(p.at), p.what) for p in found.problems if not p.note][:5]
    wrong = {file: silent for file, (silent, _missing) in results.items() if silent}
    assert wrong == {}, said
    refused = {
        file: slots
        for file, (_silent, missing) in results.items()
        if (slots := [s for s in missing if s not in books[file].doubt])
    }
    assert refused == {}, said
