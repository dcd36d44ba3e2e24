"""A kept run -> the same run made once more from what it kept, held against it byte by byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from gouji.app.books import BookTexts, book_of, reports_in
from gouji.app.locating import shown_causes
from gouji.app.night_inputs import inputs_of
from gouji.base.files import file_digest
from gouji.base.i18n import use_language
from gouji.results import read_table
from gouji.rules import ResolvedBook
from gouji.runs import (
    LISTED,
    MANIFEST,
    UNREAD,
    Arrived,
    Bench,
    CauseFinder,
    Gate,
    Making,
    RunInputs,
    Seen,
    contents,
    write,
    write_below,
)

Cells = dict[str, Any]

if TYPE_CHECKING:
    from gouji.intake import Reports


@dataclass(frozen=True, slots=True)
class Replayed:
    """Files of a run that came out differently (none, or a fault), and inputs that are no longer what they were (another version of gouji)."""

    differing: tuple[str, ...]
    inputs: tuple[str, ...]


def kept_texts(run: Path) -> BookTexts:
    """The texts of a run's rulebook, as it kept them."""
    texts = read_table(run, "texts")
    roles = sorted({t["role"] for t in texts if t["role"] != "schemas"})
    folders = [
        {t["file"]: t["text"] for t in texts if t["role"] == role} for role in (*roles, "schemas")
    ]
    return BookTexts(tuple(folders[:-1]), folders[-1])


def kept_book(run: Path) -> ResolvedBook:
    """The rulebook of a run, as it kept it."""
    return book_of(kept_texts(run))


def kept_reports(run: Path, year: int) -> Callable[[], Reports]:
    """How a run read report texts: by the patterns that it kept."""
    return reports_in(lambda: kept_texts(run).rules, year)


def replay(run: Path, objects: Path) -> Replayed:
    """Make the results of a run once more from what it kept, reading everything, and hold them against it byte by byte."""
    manifest = json.loads((run / MANIFEST).read_text("utf-8"))
    inputs = manifest["inputs"]
    use_language(inputs["language"])
    given, gate = _given(run, inputs), Gate.model_validate(inputs["gate"])
    now = inputs_of(given, inputs["language"], gate, inputs["pages_at_most"])
    with TemporaryDirectory(prefix="gouji-replay-") as folder:
        source, desk, again = _folders(Path(folder), "source", "desk", "again")
        arrived = restore(read_table(run, "submissions"), read_table(run, "files"), objects, source)
        with closing(Making(given, source, desk, None, lambda event, **fields: None)) as making:
            making.make(arrived, None)
            made = write(making, again, gate, now, inputs["pages_at_most"])[1]
        names = {*manifest["results"], *made["results"]}
        differing = {name for name in names if not _same(run / name, again / name)}
    # Kept files are held against the manifest too: a run that was edited afterwards is not replayed, it is found out.
    edited = {n for n, sha in manifest["results"].items() if file_digest(run / n) != sha}
    return Replayed(
        tuple(sorted(differing | edited)), tuple(k for k in inputs if inputs[k] != now.get(k))
    )


def _folders(home: Path, *names: str) -> list[Path]:
    made = [home / name for name in names]
    for folder in made:
        folder.mkdir()
    return made


def _given(run: Path, inputs: Cells) -> RunInputs:
    """What the run was made of, as it kept it."""
    book = kept_book(run)
    return RunInputs(
        Bench(
            book,
            inputs["pages_at_most"] if inputs["pages"] else 0,
            finder=CauseFinder(shown_causes, inputs["locate"]) if inputs.get("locate") else None,
            reports=kept_reports(run, book.year),
        ),
        inputs["as_of"],
        read_table(run, "texts"),
        read_table(run, "expected"),
        read_table(run, "waivers"),
        read_table(run, "baseline"),
        read_table(run, "reference"),
        passages_before=_passages_before(run),
    )


def _passages_before(run: Path) -> Sequence[Cells]:
    """What the run knew of last year's reports; nothing where it is older than that."""
    kept = run / "passages_before.parquet"
    return read_table(run, "passages_before") if kept.is_file() else ()


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def restore(
    submissions: Sequence[Cells], files: Sequence[Cells], objects: Path, into: Path
) -> list[Arrived]:
    """Lay submissions out again as they were."""
    readable = [f for f in files if f["sha256"] not in (UNREAD, LISTED)]
    where: dict[str, list[Cells]] = {}
    for f in readable:
        where.setdefault(f["sha256"], []).append(f)
    for name in (s["submission"] for s in submissions):
        (into / name).mkdir()
    for sha, content in contents(objects, where):
        for f in where[sha]:
            write_below(into / f["submission"], f["file"], content)
    own = {s["submission"] for s in submissions}
    seen: dict[str, list[Seen]] = {name: [] for name in sorted(own)}
    for f in files:
        seen.setdefault(f["submission"], []).append(
            Seen(f["submission"], f["file"], f["sha256"], f["size"], f["fault"])
        )
    return [Arrived(name, tuple(found), name not in own) for name, found in seen.items()]


__all__ = ["Replayed", "replay"]
