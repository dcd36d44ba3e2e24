"""The sheets of a workbook -> the forms that each one may hold, by its title, else its name; what contradicts itself, or holds none, is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from gouji.base.i18n import _
from gouji.intake.finding.labels import plain
from gouji.intake.finding.titles import (
    TABLE,
    TITLE_ROWS,
    bounded,
    core,
    generic,
    loosely,
    numbered,
    top_words,
    without_brackets,
)
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import Form, Table

Forms = tuple[int, ...]


class RecognisedBy(StrEnum):
    """What a sheet is recognised by."""

    TITLE = "title"
    PART = "part"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class _Names:
    """What a form is called: names of its sheet, titles; those of them that are words, not a number as 公开01表."""

    sheets: tuple[str, ...]
    titles: tuple[str, ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, form: Form) -> _Names:
        sheets, titles = (
            tuple(map(plain, form.sheets)),
            tuple(map(plain, form.titles or form.sheets)),
        )
        # 公开01 is called 公开01表 as well.
        sheets += tuple(n + TABLE for n in sheets if numbered(n) and not n.endswith(TABLE))
        # Blank forms bear the table's label as their title.
        label = without_brackets(plain(table.label or table.table))
        own = (label,) if form is table.form else ()
        return cls(
            sheets,
            titles,
            tuple(n for n in dict.fromkeys((*sheets, *titles, *own)) if not numbered(n)),
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """One sheet with the forms (by index) that it may hold, and what says so. `forms` are several where one title is printed by several sets, or holds several tables."""

    sheet: Sheet
    forms: Forms
    by: RecognisedBy = RecognisedBy.NAME
    # Forms of which the name of the sheet speaks: where nothing else decides, they do.
    named: Forms = ()


@dataclass(slots=True)
class Claimed:
    """What each sheet may be; sheets that hold no form; what is to be told: form, sheet, what, fix, whether it is a remark."""

    sheets: list[Claim] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    told: list[tuple[int, str, str, str, bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What one sheet is: the forms that it may hold; or why it is none, or what is odd about it."""

    forms: Forms = ()
    by: RecognisedBy = RecognisedBy.NAME
    what: str = ""
    fix: str = ""
    named: Forms = ()


class Claims:
    """Knows the names of all forms, whatever their number. What a sheet is called is decided once for the same words."""

    def __init__(self, forms: Sequence[tuple[Table, Form]]) -> None:
        self.forms = forms
        self.names = [_Names.of(table, form) for table, form in forms]
        self.words = _by_name(names.words for names in self.names)
        self.sheets = _by_name(names.sheets for names in self.names)
        self.titles = _by_name(names.titles for names in self.names)
        self.known: dict[tuple[str, ...], _Decided] = {}
        self.found: dict[str, Forms] = {}

    def of(self, sheets: Sequence[Sheet]) -> Claimed:
        """Forms that each sheet may hold."""
        made = Claimed()
        for sheet in sheets:
            decided = self._decided(sheet)
            if decided.what:
                first = decided.forms[0] if decided.forms else -1
                remark = bool(decided.forms)
                made.told.append((first, sheet.name, decided.what, decided.fix, remark))
            elif not decided.forms and any(v != "" for v in sheet.flat):
                made.unused.append(sheet.name)
            if decided.forms:
                made.sheets.append(Claim(sheet, decided.forms, decided.by, decided.named))
        return made

    def is_title(self, words: str) -> bool:
        """Whether words are the whole title of a form."""
        return words in self.words and not numbered(words)

    def comes_again(self, title: str) -> bool:
        """Whether a form with that title may come several times: project by project."""
        return any(self.forms[i][1].each_sheet for i in self.words.get(title, ()))

    def named(self, name: str) -> Forms:
        """The forms that the name of a sheet speaks of, those of the table descriptions before those of other sets: the longest name found wins."""
        found = self._named(plain(name))
        own = tuple(i for i in found if self.forms[i][1] is self.forms[i][0].form)
        return own or found

    def below(self, sheets: Sequence[Sheet]) -> dict[int, tuple[Sheet, int, int]]:
        """Forms whose title stands below the head of a sheet (which holds another form): the sheet, row and column of the first."""
        found: dict[int, tuple[Sheet, int, int]] = {}
        for sheet in sheets:
            for at, title in sheet.wording.once("below", partial(_titles_below, sheet)):
                for index in self.words.get(title, ()):
                    found.setdefault(index, (sheet, *divmod(at, sheet.width)))
        return found

    def _named(self, name: str) -> Forms:
        if (found := self.found.get(name)) is None:
            if len(self.found) > 5000:
                self.found.clear()
            found = self.found[name] = _longest((name,), self.sheets)
        return found

    def _decided(self, sheet: Sheet) -> _Decided:
        top = tuple(top_words(sheet))
        key = (plain(sheet.name), *top)
        if len(self.known) > 5000:
            self.known.clear()
        if (known := self.known.get(key)) is None:
            made = self._decide(sheet.name.strip(), top)
            # The number that is printed on the sheet speaks as its name does.
            printed = (word.removesuffix(TABLE) for word in top if numbered(word))
            numbers = (i for number in printed for i in self.sheets.get(number, ()))
            named = tuple(dict.fromkeys((*made.named, *numbers)))
            known = self.known[key] = replace(made, named=named)
        return known

    def _decide(self, name: str, top: tuple[str, ...]) -> _Decided:
        named = self._named(plain(name))
        exact = self._titled(top)
        if not named:
            return self._by_title(exact, top)
        if tables := {self._table(i) for i in named} & {self._table(i) for i in exact}:
            both = tuple(i for i in exact if self._table(i) in tables)
            return _Decided(both, RecognisedBy.TITLE, named=named)
        titles = self._own_titles(top)
        if fitting := tuple(i for i in named if any(self._fits(t, i) for t in titles)):
            return _Decided(fitting, RecognisedBy.TITLE, named=named)
        if not titles or not any(self.names[i].words for i in named):
            return _Decided(named, RecognisedBy.NAME, named=named)
        return self._contradicted(name, named, exact, titles)

    def _by_title(self, exact: Forms, top: Sequence[str]) -> _Decided:
        if exact or self._contents(top):
            return _Decided(exact, RecognisedBy.TITLE)
        found = _longest(top, self.titles)
        titles = self._own_titles(top)
        fitting = tuple(i for i in found if not titles or any(self._fits(t, i) for t in titles))
        return _Decided(fitting, RecognisedBy.PART)

    def _contradicted(
        self, name: str, named: Forms, exact: Forms, titles: Sequence[str]
    ) -> _Decided:
        """The name of the sheet says one form, its title another."""
        by_number = all(
            numbered(n) or n not in plain(name) for i in named for n in self.names[i].sheets
        )
        if exact and by_number:
            what = _("工作表名像“{name}”的，标题却是“{title}”，按标题读").format(
                name=self._called(named), title=self._called(exact)
            )
            return _Decided(exact, RecognisedBy.TITLE, what=what, named=named)
        if exact or by_number:
            what = _("工作表名像“{name}”的，标题却是“{title}”；不采用").format(
                name=self._called(named), title=titles[0]
            )
            return _Decided(what=what, fix=_("工作表名和标题写成同一张表"))
        what = _("工作表名像“{name}”的，标题却是“{title}”，按表名读").format(
            name=self._called(named), title=titles[0]
        )
        return _Decided(named, RecognisedBy.NAME, what=what, named=named)

    def _own_titles(self, top: Sequence[str]) -> list[str]:
        return [t for t in map(core, top) if t.endswith(TABLE) and not generic(t)]

    def _table(self, index: int) -> str:
        return self.forms[index][0].table

    def _called(self, forms: Forms) -> str:
        own = [i for i in forms if self.forms[i][1] is self.forms[i][0].form]
        return "、".join(dict.fromkeys(self._table(i) for i in own or forms))

    def _fits(self, title: str, index: int) -> bool:
        """Whether a title may be that of a form, though it is worded otherwise."""
        loose = loosely(title)
        return any(
            loosely(n) in loose or loose in loosely(n)
            if not n.endswith(TABLE)
            else loosely(n) == loose or bounded(title, n)
            for n in self.names[index].words
        )

    def _titled(self, top: Sequence[str]) -> Forms:
        """Forms of which some text is the title, and nothing else; none where several are named, as in a list of contents."""
        found = self._titles_in(top)
        return self.words[next(iter(found))] if len(found) == 1 else ()

    def _contents(self, top: Sequence[str]) -> bool:
        """Whether the titles of several forms stand there."""
        return len(self._titles_in(top)) > 1

    def _titles_in(self, top: Sequence[str]) -> set[str]:
        return {found for t in top if (found := core(t)) in self.words}


def _titles_below(sheet: Sheet) -> list[tuple[int, str]]:
    """Texts below the head of a sheet that may be titles: place in `flat`, title."""
    texts = (one for one in sheet.texts() if one[0] >= TITLE_ROWS * sheet.width)
    titles = ((at, core(plain(text))) for at, text in texts if TABLE in text)
    return [(at, title) for at, title in titles if title.endswith(TABLE)]


def _by_name(every: Iterable[tuple[str, ...]]) -> Mapping[str, Forms]:
    """Name -> the forms that are called so."""
    made: dict[str, list[int]] = {}
    for index, names in enumerate(every):
        for name in dict.fromkeys(names):
            made.setdefault(name, []).append(index)
    return {name: tuple(forms) for name, forms in made.items()}


def _longest(words: Sequence[str], every: Mapping[str, Forms]) -> Forms:
    """The forms whose name, as a whole, is the longest that stands in one of the words."""
    best = 0
    found: set[int] = set()
    for name, forms in every.items():
        if len(name) < best or not any(name in word and bounded(word, name) for word in words):
            continue
        found = found | set(forms) if len(name) == best else set(forms)
        best = len(name)
    return tuple(sorted(found))


__all__ = ["Claim", "Claimed", "Claims", "RecognisedBy"]
