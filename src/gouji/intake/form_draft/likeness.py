"""Words above or beside a figure -> the columns of known tables that they are like, each with a score from 0 to 100."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from gouji.intake.finding.headers import paths
from gouji.intake.finding.labels import bare, plain
from gouji.intake.finding.search_cells import run_of
from gouji.intake.finding.titles import loosely
from gouji.rules import Column, ColumnRole, Form, Table, alternatives

# 年初… and 年末… of thirteen signs are like at 92: sure is only what is the same.
SURE, LIKE = 99.5, 72.0
SAID = (ColumnRole.UNIT, ColumnRole.YEAR)
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A column of a known table, and how like its printed words are."""

    table: str
    column: str
    score: float

    @property
    def sure(self) -> bool:
        """Whether nobody need look."""
        return self.score >= SURE


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A printed column: its words, and what stands above its half of the sheet."""

    words: Words
    side: str = ""


@dataclass(slots=True)
class KnownColumns:
    """The columns of known tables, by every way they are printed."""

    tables: Mapping[str, Table]
    said: dict[str, dict[str, tuple[Words, ...]]] = field(init=False)
    # What stands above the half that a column is printed in.
    sides: dict[str, dict[str, frozenset[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.said = {
            name: {c.name: tuple(_ways(table, c)) for c in table.columns if c.role not in SAID}
            for name, table in self.tables.items()
            if table.derived is None
        }
        self.sides = {name: _sides(self.tables[name]) for name in self.said}

    def matches(self, printed: Sequence[PrintedColumn], table: str) -> dict[int, Match]:
        """For each printed column (by place) the column of the table it is most like; no column twice, the likest first, of equals in the order of the table.

        One that is as like another column that is still free is not sure.
        """
        scores = {
            (at, order): self._score(one, table, column)
            for at, one in enumerate(printed)
            for order, column in enumerate(self.said[table])
        }
        names, made, taken = list(self.said[table]), dict[int, Match](), set[int]()
        for (at, order), score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])):
            if score >= LIKE and at not in made and order not in taken:
                made[at] = Match(table, names[order], score)
                taken.add(order)
        for at, match in made.items():
            if any(scores[at, o] >= match.score for o in range(len(names)) if o not in taken):
                made[at] = Match(table, match.column, min(match.score, SURE - 1))
        return made

    def _score(self, one: PrintedColumn, table: str, column: str) -> float:
        sides = self.sides[table].get(column, frozenset())
        if one.side and sides and bare(one.side) not in sides:
            return 0.0
        return max((_score(one.words, way) for way in self.said[table][column]), default=0.0)

    def titled(self, table: str, title: str) -> bool:
        """Whether a title is one of a table, loosely."""
        return loosely(title) in {loosely(name) for name in _titles(self.tables[table])}

    def likest(
        self, printed: Sequence[PrintedColumn], title: str = ""
    ) -> tuple[str, dict[int, Match]]:
        """The table that most printed columns are surely of, with them; one with that title before others. No name where none is."""
        titled = [n for n, t in self.tables.items() if n in self.said and title in _titles(t)]
        best: tuple[tuple[int, int], str, dict[int, Match]] = ((0, 0), "", {})
        for name in titled or self.said:
            found = self.matches(printed, name)
            # Of tables that are as like the one with fewer other columns.
            rank = sum(m.sure for m in found.values()), -len(self.said[name])
            if rank[0] and rank > best[0]:
                best = rank, name, found
        return best[1], best[2]


def _titles(table: Table) -> set[str]:
    names = (*(n for form in table.forms for n in (*form.titles, *form.sheets)), table.table)
    return {plain(name) for name in names}


def _sides(table: Table) -> dict[str, frozenset[str]]:
    made: dict[str, frozenset[str]] = {}
    for form in table.forms:
        for part in form.cells:
            for column in run_of(table, part) if part.side else ():
                made[column.name] = made.get(column.name, frozenset()) | {bare(part.side or "")}
    return made


def _ways(table: Table, column: Column) -> Iterable[Words]:
    """Every path of words by which some form prints the column."""
    for form in table.forms or (None,):
        for path in _paths(table, column, form):
            ends = [sorted({bare(word) for word in alternatives(part)}) for part in path]
            # One alternative of each part is enough: words are compared with all of them by the likest.
            yield from _spread(ends)


def _paths(table: Table, column: Column, form: Form | None) -> Iterable[Words]:
    for part in form.cells if form is not None else ():
        if column in run_of(table, part):
            for path in paths(column, part.labels.get(column.name)):
                yield (*path, *(part.value or ()))
    given = form.listing.labels.get(column.name) if form is not None and form.listing else None
    if form is None or form.listing is not None:
        yield from paths(column, given)


def _spread(ends: Sequence[Sequence[str]]) -> Iterable[Words]:
    made: list[Words] = [()]
    for words in ends:
        made = [(*way, word) for way in made for word in words][:24]
    return made


def _score(words: Words, way: Words) -> float:
    """How like two paths are: all their words together, and the last ones, which say most."""
    given = [bare(w) for w in words]
    if not given or not way:
        return 0.0
    whole = fuzz.ratio("".join(given), "".join(way))
    if len(given) == len(way):
        return min(fuzz.ratio(a, b) for a, b in zip(given, way, strict=True))
    last = fuzz.ratio(given[-1], way[-1])
    inside = 100.0 if len(way) < len(given) and _within(way, given) else 0.0
    return max(whole, min(last, inside))


def _within(way: Words, given: Sequence[str]) -> bool:
    rest = iter(given)
    return all(any(part == word for word in rest) for part in way)


__all__ = ["KnownColumns", "Match", "PrintedColumn", "Words"]
