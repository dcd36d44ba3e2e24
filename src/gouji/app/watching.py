"""Files of a rulebook -> a turn now, and one whenever they changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

from gouji.app.which_book import book_for
from gouji.base.resources import book_folder, data_folder

PAUSE = 0.5


def turns(
    rules: str | None, schemas: str | None, wait: Callable[[float], object] = sleep
) -> Iterator[None]:
    """A turn at once, then one each time a rule file or table description was written, added or taken away. It has no end."""
    folders = (
        book_folder(book_for(rules)),
        Path(schemas) if schemas else data_folder() / "schemas",
    )
    seen: frozenset[tuple[str, int, int]] | None = None
    while True:
        found = _state(folders)
        if found != seen:
            seen = found
            yield
        wait(PAUSE)


def _state(folders: tuple[Path, ...]) -> frozenset[tuple[str, int, int]]:
    """Every YAML file with when it was written and its size; one that goes away meanwhile is not there."""
    files = (file for folder in folders for file in folder.rglob("*.y*ml") if file.is_file())
    return frozenset((str(f), (told := f.stat()).st_mtime_ns, told.st_size) for f in files)
