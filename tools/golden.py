"""Every kind of output for the shipped datasets and for made-up units -> a digest of each: the net under changes that must change no output.

    python tools/golden.py --write FILE  # the digests of today's outputs
    python tools/golden.py FILE          # what differs from them
    python tools/golden.py --keep DIR    # put the outputs there, to hold two versions against each other with diff -r

What depends on the machine (clock, versions of packages, names of temporary folders) is left out of the digests.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from gouji.app.audits import audit, page_of, summary_of
from gouji.app.bulk import audit_bulk
from gouji.app.reports import files_of
from gouji.app.run_night import night
from gouji.app.synthesis import synthesize
from gouji.report import summary
from gouji.runs import init

ROOT = Path(__file__).parent.parent
BOOKS = {
    "anning-2023": "anning-2023",
    "anning-2023-complete": "anning-2023",
    "anning-2023-workbook": "anning-2023",
    "county-demo": "final-accounts",
}
UNITS = 2_000
# Of each dataset; of a county letters and workbook are of its first unit with findings.
FORMS = ("text", "json", "html", "xlsx", "csv", "docx")
VERSIONS = re.compile(
    rb'"(gouji|duckdb|pandera|polars|sqlglot|great_expectations|python|great-expectations)"\s*:\s*"[0-9][^"]*"'
)
WORDS = re.compile(rb"(gouji|DuckDB|Pandera|duckdb|pandera) ?[0-9]+(\.[0-9]+)+")


def main(arguments: list[str] | None = None) -> int:
    """Compare, write or keep; 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kept", type=Path, nargs="?")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args(arguments)
    found: dict[str, str] = {}
    for name, content in outputs():
        found[name] = hashlib.sha256(content).hexdigest()
        if given.keep is not None:
            path = given.keep / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    if given.write is not None:
        given.write.write_text(
            json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
    differing = (
        differences(json.loads(given.kept.read_text("utf-8")), found)
        if given.kept is not None
        else []
    )
    print("\n".join(differing) or f"{len(found)} outputs")
    return 1 if differing else 0


def differences(kept: dict[str, str], found: dict[str, str]) -> list[str]:
    """Names of outputs that are not as kept, each with what is wrong."""
    said = {
        name: "not made any more" if name not in found else "new" if name not in kept else "differs"
        for name in sorted(kept.keys() | found.keys())
        if kept.get(name) != found.get(name)
    }
    return [f"{name}: {why}" for name, why in said.items()]


def outputs() -> Iterator[tuple[str, bytes]]:
    """Name and steady content of every output."""
    for name, book in BOOKS.items():
        yield from of_dataset(name, book)
    with TemporaryDirectory() as folder:
        yield from of_night(Path(folder))
    with TemporaryDirectory() as folder:
        yield from of_bulk(Path(folder))


def of_dataset(name: str, book: str) -> Iterator[tuple[str, bytes]]:
    """One dataset in every form of report."""
    made = audit(ROOT / "datasets" / name, book)
    yield f"{name}/summary.txt", steady(summary.render(summary_of(made)).encode())
    page = page_of(made)
    unit = page.cards[0].unit if len(page.cards) < 10 else None
    for form in FORMS:
        one = (
            next(card.unit for card in page.cards if card.tie_outs)
            if form == "docx" and unit is None
            else None
        )
        for file, content in files_of(page, form, one):
            yield f"{name}/{form}/{file}", steady(content)


def of_night(root: Path) -> Iterator[tuple[str, bytes]]:
    """A kept run over the county, without its clock."""
    (root / "gouji.yaml").write_text("rules: final-accounts\n", encoding="utf-8")
    init(root)
    for path in sorted((ROOT / "datasets" / "county-demo").glob("X0[0-3]*.xlsx")):
        folder = root / "submissions" / path.name[:4]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / path.name)
    run = night(root).folder
    for path in sorted(run.iterdir()):
        if path.name not in ("run.json", "manifest.json", "inputs.json"):
            yield (
                f"night/{path.name}",
                steady(path.read_bytes() if path.suffix != ".parquet" else rows_of(path)),
            )


def of_bulk(root: Path) -> Iterator[tuple[str, bytes]]:
    """Made-up units through bulk: the rows of every table."""
    synthesize(UNITS, root / "data", "anning-2023", seed=7)
    audit_bulk(root / "data", root / "out")
    for path in sorted((root / "out").rglob("*.parquet")):
        yield f"bulk/{path.relative_to(root / 'out')}", rows_of(path)


def rows_of(path: Path) -> bytes:
    """The rows of a Parquet file as text, in order."""
    con = duckdb.connect()
    found = con.execute("SELECT * FROM read_parquet(?)", [str(path)])
    head = [column[0] for column in found.description]
    return "\n".join(map(repr, [head, *found.fetchall()])).encode()


def steady(content: bytes) -> bytes:
    """Without versions; an Office file as its parts."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(
                name.encode() + b"\n" + parts.read(name) for name in sorted(parts.namelist())
            )
    return WORDS.sub(rb"\1", VERSIONS.sub(rb'"\1"', content))


if __name__ == "__main__":
    sys.exit(main())
