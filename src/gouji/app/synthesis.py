"""A rulebook's generator -> a folder of made-up data for any number of units, with the truth about their faults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from gouji.app.books import load_book
from gouji.app.versions import version
from gouji.app.which_book import DATASET
from gouji.base.faults import DataError
from gouji.base.files import MARK, whole_folder
from gouji.base.i18n import _
from gouji.base.resources import book_names, data_folder
from gouji.intake import TRUTH
from gouji.rules import read_document
from gouji.synth import Made, Spec, extended, make, only_of, read_more, read_spec


def synthesize(
    units: int,
    out: str | Path,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    seed: int = 1,
) -> Made:
    """Write `<table>.parquet` for every table and `defects.parquet` into `out`, which appears whole or not at all.

    Raises DataError when the rulebook has no generator (`synth/<book>.yaml`).
    """
    book = load_book(rules, schemas)
    name = book.source.head.book
    spec = only_of(_spec(name, book.source.head.includes), {rule.code for rule in book.rules})
    with whole_folder(Path(out).absolute()) as folder:
        made = make(spec, book.tables, units, folder, seed)
        about = {
            "gouji": version("gouji"),
            "duckdb": version("duckdb"),
            "book": name,
            "units": units,
            "seed": seed,
            "rows": dict(made.rows),
            "faulty": made.faulty,
        }
        (folder / DATASET).write_text(_head(book.source.head.title, name), "utf-8")
        (folder / MARK).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return made


def _head(title: str, book: str) -> str:
    """What the folder says of itself: that it is made up, what in it is no submission, and by which book it is to be judged where that comes with gouji."""
    said = {"title": title, "invented": True, "beside": [f"{TRUTH}.parquet", MARK]}
    said |= {"rules": book} if book in book_names() else {}
    return "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items()
    )


def _spec(name: str, includes: Sequence[str]) -> Spec:
    """The generator of a book and of the books it includes: one of them begins, others go on from it."""
    text, begun = _text(name)
    if not begun:
        more = read_more(*text)
        return extended(read_spec(*_text(more.goes_on_from)[0]), more)
    spec = read_spec(*text)
    for book in includes:
        if _file(book).is_file():
            further, begins = _text(book)
            if not begins:
                spec = extended(spec, read_more(*further))
    return spec


def _file(name: str) -> Path:
    return data_folder() / "synth" / f"{name}.yaml"


def _text(name: str) -> tuple[tuple[str, str], bool]:
    """Name and text of a generator, and whether it stands by itself."""
    path = _file(name)
    if not path.is_file():
        raise DataError(
            _("规则库“{name}”没有模拟数据的做法").format(name=name),
            fix=_("写一个 synth/{name}.yaml").format(name=name),
        )
    text = path.read_text("utf-8")
    data = read_document(str(path), text).data
    return (str(path), text), not (isinstance(data, dict) and "goes_on_from" in data)
