"""Several workbooks of one unit and year -> which rows of each count: parts of one submission, a correction before what it corrects; None where nobody but the unit can tell.

The rule is the name of the file: 更正, 修改, (改), 最新, v2 … say that it takes the place of the one with the same name without the word. Dates and (1) say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gouji.intake.files.corrections import CorrectionMark, mark_of


@dataclass(frozen=True, slots=True)
class Sent:
    """One workbook: its number and name, the tables it has rows of; those of which each row is told apart by its own key, whichever file it lies in (projects)."""

    file: int
    name: str
    tables: frozenset[str]
    covers: bool = False


# What took the place of others, the mark in its name, these.
Correction = tuple[Sent, CorrectionMark, tuple[Sent, ...]]


@dataclass(frozen=True, slots=True)
class Kept:
    """File -> the tables that are taken from it; the file whose cover counts; the corrections that decided, each with what it replaced."""

    tables: Mapping[int, frozenset[str]]
    cover: int
    corrected: tuple[Correction, ...] = field(default=())


def decide(files: Sequence[Sent], apart: frozenset[str] = frozenset()) -> Kept | None:
    """Which tables count of each file. `apart` are tables of which no two files hold the same row."""
    taken = {one.file: set(one.tables) for one in files}
    corrected: dict[int, set[int]] = {}
    for table in sorted({t for one in files for t in one.tables} - apart):
        holding = [one for one in files if table in one.tables]
        winner = _winner(holding) if len(holding) > 1 else holding[0]
        if winner is None:
            return None
        for other in holding:
            if other is not winner:
                taken[other.file].discard(table)
                corrected.setdefault(winner.file, set()).add(other.file)
    cover = _cover(files)
    if cover is None:
        return None
    kept = {file: frozenset(tables) for file, tables in taken.items()}
    return Kept(kept, cover.file, tuple(_corrections(files, corrected)))


def _corrections(files: Sequence[Sent], corrected: Mapping[int, set[int]]) -> Iterator[Correction]:
    """The files that took the place of others, each with the word in its name that says so."""
    by_file = {one.file: one for one in files}
    for file, others in sorted(corrected.items()):
        replaced = tuple(by_file[other] for other in sorted(others))
        yield by_file[file], mark_of(by_file[file].name), replaced


def _winner(holding: Sequence[Sent]) -> Sent | None:
    """Of files with the same name but for such words the one that they name the latest."""
    marks = {one.file: mark_of(one.name) for one in holding}
    if len({mark.stem for mark in marks.values()}) > 1:
        return None
    marked = [one for one in holding if marks[one.file].words]
    if len(marked) == 1 and len(holding) == 2:
        # v1 beside a file without a word may be its first draft as well as its first correction.
        return None if marks[marked[0].file].version == 1 else marked[0]
    versions = [marks[one.file].version for one in marked]
    unmarked = len(holding) - len(marked)
    if unmarked > 1 or not marked or 0 in versions or len(set(versions)) < len(versions):
        return None
    return max(marked, key=lambda one: marks[one.file].version)


def _cover(files: Sequence[Sent]) -> Sent | None:
    """The file whose cover counts, where they have different ones."""
    covered = [one for one in files if one.covers]
    if len(covered) < 2:
        return covered[0] if covered else files[0]
    return _winner(covered)


__all__ = ["Kept", "Sent", "decide"]
