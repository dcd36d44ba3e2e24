"""A rulebook's generator -> a folder of made-up data for any number of units, with the truth about their faults."""

from __future__ import annotations

import json
from pathlib import Path

from gouji.app.books import DEFAULT_BOOK, load_book
from gouji.app.versions import version
from gouji.faults import DataError
from gouji.i18n import _
from gouji.resources import data_folder
from gouji.run.whole import MARK, whole_folder
from gouji.synth import Made, make, read_spec


def synthesize(units: int, out: str | Path, rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None, seed: int = 1) -> Made:
    """Write `<table>.parquet` for every table and `defects.parquet` into `out`, which appears whole or not at all.

    Raises DataError when the rulebook has no generator (`synth/<book>.yaml`).
    """
    book = load_book(rules, schemas)
    name = book.source.head.book
    path = data_folder() / "synth" / f"{name}.yaml"
    if not path.is_file():
        raise DataError(_("规则库“{name}”没有模拟数据的做法").format(name=name), mend=_("写一个 synth/{name}.yaml").format(name=name))
    spec = read_spec(str(path), path.read_text("utf-8"))
    with whole_folder(Path(out).absolute()) as folder:
        made = make(spec, book.tables, units, folder, seed)
        about = {"gouji": version("gouji"), "duckdb": version("duckdb"), "book": name, "units": units, "seed": seed, "rows": dict(made.rows), "faulty": made.faulty}
        (folder / MARK).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return made
