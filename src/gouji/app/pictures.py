"""The files of an audit, where they lie as they were read -> a page for each with every cell and what was read from it, and whose files they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gouji.app.books import load_book
from gouji.app.which_book import book_for
from gouji.base.digest import sha256
from gouji.intake import SUFFIXES, Picture, pictured
from gouji.report import ReportPage, reading_page
from gouji.report import read_picture as reading
from gouji.rules import Table

# Of one unit among more files than this only those are looked at that its code or name stands on.
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """Where the files of an audit lie, and the tables that they are read as."""

    folder: Path
    tables: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class PicturePage:
    """A page of one file: the file, the name of the page, what it holds, cells by what became of them in words, the units whose forms the file has."""

    file: str
    name: str
    content: bytes
    counts: str
    units: tuple[str, ...]


def sent_from(
    data: Path, rules: str | Path | None, schemas: str | Path | None, forms: Sequence[str] = ()
) -> Sent:
    """The files below a folder, or one file, and how they are read."""
    folder = data if data.is_dir() else data.parent
    return Sent(folder, load_book(book_for(rules, data), schemas, forms).tables)


def picture_pages(
    page: ReportPage, sent: Sent | None, unit: str | None = None
) -> Iterator[PicturePage]:
    """A page for each workbook or document that was audited, or that may be of one unit. A file that is gone, or another one by now, has none."""
    digests = page.manifest.get("data") if sent is not None else None
    if sent is None or not isinstance(digests, Mapping):
        return
    names = {card.name: card.unit for card in page.cards if card.name}
    files = [name for name in digests if name.lower().endswith(SUFFIXES)]
    for number, name in enumerate(files, 1):
        if unit is not None and len(files) > LOOKED_AT and not _named(name, unit, names):
            continue
        path = sent.folder / name
        if not path.is_file() or sha256(path.read_bytes()) != digests[name]:
            continue
        picture = pictured(path, sent.tables, names)
        back = [(card.unit, card.name) for card in page.cards if card.unit in picture.units]
        content = reading_page((picture,), back).encode()
        yield PicturePage(name, f"read-{number:03}.html", content, _counts(picture), picture.units)


def _counts(picture: Picture) -> str:
    counts = reading.counts_of(picture)
    return " · ".join(f"{reading.words_of(state)} {n:,}" for state, n in counts.items())


def _named(file: str, unit: str, names: Mapping[str, str]) -> bool:
    """Whether a unit's code or name stands on a file."""
    return unit in file or any(name in file for name, code in names.items() if code == unit)


__all__ = ["PicturePage", "Sent", "picture_pages", "sent_from"]
