"""A sheet + the forms that it may hold -> the form set that it is printed by, with the layout of each table; two sets that fit equally well are told apart by nobody.

What is chosen follows from the words of the sheet alone, never from its figures or from workbooks read before: a sheet that looks the same is chosen alike.
How many sets there are costs next to nothing: of those with a title only the likeliest by their labels are looked for cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from gouji.intake.finding.find_form import locate
from gouji.intake.finding.form_search import NotThere
from gouji.intake.finding.headers import paths
from gouji.intake.finding.labels import bare
from gouji.intake.finding.layout import Layout, Layouts
from gouji.intake.finding.layout_match import Likeness, Likes
from gouji.intake.finding.search_cells import run_of
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import ColumnRole, Form, Table, alternatives

LIKES_AT_MOST, LOCATED_AT_LEAST = 200, 2
_SAID = (ColumnRole.UNIT, ColumnRole.YEAR)
Paths = tuple[tuple[frozenset[str], ...], ...]
Kind = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One form on the sheet (by index): where its figures stand, or why it cannot be told."""

    form: int
    layout: Layout | None
    fault: NotThere | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The forms that a sheet holds, by each set that fits best and reads it alike; names of sets that fit as well and read it otherwise (then none is right for certain)."""

    by_set: Mapping[str, tuple[Found, ...]]
    rivals: tuple[str, ...] = ()
    # Whether other sets have a form of that name, and the labels spoke against them.
    by_labels: bool = False

    @property
    def first(self) -> str:
        """The first of the sets."""
        return next(iter(self.by_set))


@dataclass(slots=True)
class _Candidates:
    """Forms that one sheet may hold, by set and table; what sheets with them look like, and what was chosen then."""

    likes: Likes
    by_set: Mapping[str, Mapping[str, tuple[int, ...]]]
    # Each set -> the first one that prints these forms alike: what is found for that one holds for both.
    alike: Mapping[str, str]
    chosen: dict[int, dict[Likeness, Chosen]] = field(default_factory=dict)


class Chooser:
    """Finds which set prints a sheet."""

    def __init__(self, forms: Sequence[tuple[Table, Form]], layouts: Layouts) -> None:
        self.forms, self.layouts = forms, layouts
        self.candidates: dict[tuple[tuple[int, ...], tuple[int, ...]], _Candidates] = {}
        self.wanted: dict[Kind, dict[str, Paths]] = {}
        self.kinds: dict[int, Kind] = {}
        self.parts: dict[tuple[str, int, int, bool], Kind] = {}
        self.printed: dict[tuple[Kind, tuple[str, ...]], frozenset[str]] = {}

    def choose(self, sheet: Sheet, forms: tuple[int, ...], named: tuple[int, ...] = ()) -> Chosen:
        """The set of a sheet. `named` are the forms its name speaks of, which decide between equals."""
        key = forms, named
        if (known := self.candidates.get(key)) is None:
            known = self.candidates[key] = self._candidates(forms)
        for head, chosen in known.chosen.items():
            if (found := chosen.get(known.likes.of(sheet, head))) is not None:
                return found
        made = self._decide(sheet, known, named)
        layouts = [one.layout for found in made.by_set.values() for one in found]
        if None not in layouts:
            head = max((layout.head for layout in layouts if layout is not None), default=0)
            chosen = known.chosen.setdefault(head, {})
            if len(chosen) >= LIKES_AT_MOST:
                chosen.clear()
            chosen[known.likes.of(sheet, head)] = made
        return made

    def _candidates(self, forms: tuple[int, ...]) -> _Candidates:
        by_set: dict[str, dict[str, tuple[int, ...]]] = {}
        for i in forms:
            table, form = self.forms[i]
            held = by_set.setdefault(form.of, {})
            held[table.table] = (*held.get(table.table, ()), i)
        first: dict[object, str] = {}
        alike = {
            of: first.setdefault(tuple(self._signature(held)), of) for of, held in by_set.items()
        }
        kinds = {self._kind(i): i for i in forms}
        return _Candidates(Likes([self.forms[i] for i in kinds.values()]), by_set, alike)

    def _signature(self, held: Mapping[str, tuple[int, ...]]) -> Iterator[object]:
        """What forms of sets have in common that are printed alike, with the same columns."""
        for table, forms in held.items():
            yield table, tuple((self._kind(i), self._prints(i)) for i in forms)

    # Choosing ------------------------------------------------------------------------------------------------------------------------

    def _decide(self, sheet: Sheet, known: _Candidates, named: tuple[int, ...]) -> Chosen:
        """The sets that fit best. Of those that read it otherwise than the first none is taken."""
        found = self._fitting_best(sheet, known)
        by_name = [of for of in found if any(one.form in named for one in found[of])]
        equal = by_name or list(found)
        rivals = [of for of in equal if not _same(found[of], found[equal[0]])]
        numbered: dict[int, Layout] = {}
        made = {
            of: tuple(self._numbered(one, numbered) for one in found[of])
            for of in equal
            if of not in rivals
        }
        return Chosen(made, tuple(rivals), len(found) < len(known.by_set))

    def _fitting_best(self, sheet: Sheet, known: _Candidates) -> dict[str, tuple[Found, ...]]:
        """The sets that fit the sheet best, with what each reads; those printed alike are looked at once."""
        located: dict[Kind, Layout | NotThere] = {}
        by_set, alike = known.by_set, known.alike
        read = {
            of: tuple(self._best(sheet, forms, located) for forms in by_set[of].values())
            for of in self._likeliest(sheet, known)
        }
        scores = {of: sum(self._score(one) for one in found) for of, found in read.items()}
        best = max(scores.values())
        return {
            of: _of_set(read[alike[of]], by_set[alike[of]], by_set[of])
            for of in by_set
            if scores.get(alike[of]) == best
        }

    def _numbered(self, one: Found, known: dict[int, Layout]) -> Found:
        layout = one.layout
        if layout is None:
            return one
        if (own := known.get(id(layout))) is None:
            own = known[id(layout)] = self.layouts.add(layout, None)
        return Found(one.form, own)

    def _likeliest(self, sheet: Sheet, known: _Candidates) -> list[str]:
        """The sets worth looking at cell by cell, one for all that print the sheet alike: those whose labels the sheet says most of, at least so many different ones; in the order of the sets."""
        by_set = {of: known.by_set[of] for of in dict.fromkeys(known.alike.values())}
        if len(by_set) == 1:
            return list(by_set)
        seen = self._labels_seen(sheet, by_set)
        kinds = {
            of: frozenset(self._kind(i) for forms in held.values() for i in forms)
            for of, held in by_set.items()
        }
        least, met = min(seen.values()), set[frozenset[Kind]]()
        for of in sorted(seen, key=lambda of: -seen[of]):
            if len(met) >= LOCATED_AT_LEAST and kinds[of] not in met:
                break
            met.add(kinds[of])
            least = seen[of]
        return [of for of in by_set if seen[of] >= least]

    def _labels_seen(
        self, sheet: Sheet, by_set: Mapping[str, Mapping[str, tuple[int, ...]]]
    ) -> dict[str, float]:
        """How much of the labels of each set the sheet says."""
        words = {bare(v) for v in sheet.flat if v.__class__ is str and v}
        there: dict[Kind, set[str]] = {}
        return {
            of: sum(max(self._seen(i, words, there) for i in forms) for forms in held.values())
            for of, held in by_set.items()
        }

    def _kind(self, form: int) -> Kind:
        """What forms have in common that are printed alike, whatever sets print them."""
        if (kind := self.kinds.get(form)) is None:
            table, of = self.forms[form]
            # Sets that are like another one hold its very parts; what is written out twice is alike by its words.
            part = table.table, id(of.cells), id(of.listing), of.each_sheet
            if (kind := self.parts.get(part)) is None:
                words = repr((of.cells, of.listing, of.each_sheet))
                kind = self.parts[part] = table.table, words
            self.kinds[form] = kind
        return kind

    def _seen(self, form: int, words: set[str], known: dict[Kind, set[str]]) -> float:
        """How many of the columns that a form prints have all their words on the sheet, less those that have not. `known` is what was seen for forms printed alike."""
        kind = self._kind(form)
        if (wanted := self.wanted.get(kind)) is None:
            wanted = self.wanted[kind] = dict(_wanted(*self.forms[form]))
        if (there := known.get(kind)) is None:
            there = known[kind] = {
                name
                for name, every in wanted.items()
                if any(_all_in(path, words) for path in every)
            }
        return _balance(there, self._prints(form) & wanted.keys())

    def _prints(self, form: int) -> frozenset[str]:
        """The columns that a form prints, without those that say whose it is."""
        key = self._kind(form), self.forms[form][1].prints
        if (prints := self.printed.get(key)) is None:
            prints = self.printed[key] = frozenset(_printed(*self.forms[form]))
        return prints

    def _best(
        self,
        sheet: Sheet,
        forms: Iterable[int],
        located: dict[Kind, Layout | NotThere],
    ) -> Found:
        """Of several forms of one table in a set the one that fits best."""
        found = [self._located(sheet, i, located) for i in forms]
        return max(found, key=self._score)

    def _located(self, sheet: Sheet, form: int, located: dict[Kind, Layout | NotThere]) -> Found:
        key = self._kind(form)
        if (held := located.get(key)) is None:
            try:
                held = locate(*self.forms[form], sheet)
            except NotThere as fault:
                held = fault
            located[key] = held
        return Found(form, None, held) if isinstance(held, NotThere) else Found(form, held)

    def _score(self, one: Found) -> float:
        prints = self._prints(one.form)
        if one.layout is None:
            return -float(len(prints)) - 1
        there = {s.column for group in one.layout.groups for s in group}
        there |= {held.column for held in one.layout.withheld}
        return _balance(there, prints)


def _of_set(
    read: Sequence[Found],
    held: Mapping[str, tuple[int, ...]],
    own: Mapping[str, tuple[int, ...]],
) -> tuple[Found, ...]:
    """What was found for one set, as the forms of another one that are printed alike."""
    return tuple(
        Found(others[forms.index(one.form)], one.layout, one.fault)
        for one, forms, others in zip(read, held.values(), own.values(), strict=True)
    )


def _printed(table: Table, form: Form) -> Iterable[str]:
    lookup = form.listing.lookup if form.listing is not None else {}
    for column in table.columns:
        printed = not form.prints or column.name in form.prints
        if printed and column.role not in _SAID and column.name not in lookup:
            yield column.name


def _balance(there: set[str], prints: Set[str]) -> float:
    """What is printed as the form says, less what is wanting, and half of what stands there besides."""
    return len(there & prints) - len(prints - there) - len(there - prints) / 2


def _all_in(path: tuple[frozenset[str], ...], words: set[str]) -> bool:
    return all(not part.isdisjoint(words) for part in path)


def _wanted(table: Table, form: Form) -> Iterable[tuple[str, Paths]]:
    """Column -> the paths of words that it may be found by."""
    for part in form.cells:
        for column in run_of(table, part):
            ends = (part.value,) if part.value else ()
            yield (
                column.name,
                tuple(
                    tuple(_words(word) for steps in (path, *ends) for word in steps)
                    for path in paths(column, part.labels.get(column.name))
                ),
            )
    if form.listing is not None:
        given = form.listing.labels
        for column in table.columns:
            if column.role not in _SAID and column.name not in form.listing.lookup:
                yield (
                    column.name,
                    tuple(
                        tuple(map(_words, path)) for path in paths(column, given.get(column.name))
                    ),
                )


def _words(part: str) -> frozenset[str]:
    return frozenset(map(bare, alternatives(part)))


def _same(one: Sequence[Found], other: Sequence[Found]) -> bool:
    """Whether two sets read the same figures from the same cells."""

    def read(found: Sequence[Found]) -> object:
        return [(f.layout.table, f.layout.first, f.layout.groups) for f in found if f.layout]

    return read(one) == read(other)


__all__ = ["Chooser", "Chosen", "Found"]
