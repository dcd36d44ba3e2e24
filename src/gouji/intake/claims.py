"""The sheets of a workbook -> which form each one holds, by its name and its title; what contradicts itself, or holds none, is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gouji.i18n import _
from gouji.intake.labels import plain
from gouji.intake.sheet import Sheet
from gouji.intake.titles import TABLE, bounded, core, generic, loosely, numbered, without_brackets
from gouji.load.forms import Form
from gouji.load.tables import Table

TITLE_ROWS = 5


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
        # Blank forms bear the table's label as their title.
        label = without_brackets(plain(table.label or table.table))
        return cls(
            sheets,
            titles,
            tuple(n for n in dict.fromkeys((*sheets, *titles, label)) if not numbered(n)),
        )


@dataclass(slots=True)
class Claimed:
    """Forms (by index) with their sheets; sheets that hold none; what is to be told: sheet, what, mend, whether it is a remark."""

    forms: dict[int, list[Sheet]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    told: list[tuple[int, str, str, str, bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one sheet is: the forms that it holds, whether only by a part of a title; or why it is none, or what is odd about it."""

    forms: tuple[int, ...] = ()
    weak: bool = False
    what: str = ""
    mend: str = ""


class Claims:
    """Knows the names of all forms. What a sheet is called is decided once for the same words."""

    def __init__(self, forms: Sequence[tuple[Table, Form]]) -> None:
        self.forms = forms
        self.names = [_Names.of(table, form) for table, form in forms]
        self.known: dict[tuple[str, ...], _Claim] = {}

    def of(self, sheets: Sequence[Sheet]) -> Claimed:
        """Forms with the sheets that hold them. A sheet that a part of its title speaks for counts only where no other does."""
        made = Claimed()
        found: dict[int, list[tuple[bool, Sheet]]] = {}
        for sheet in sheets:
            claim = self._claim(sheet)
            if claim.what:
                made.told.append(
                    (
                        claim.forms[0] if claim.forms else -1,
                        sheet.name,
                        claim.what,
                        claim.mend,
                        bool(claim.forms),
                    )
                )
            elif not claim.forms and any(v != "" for v in sheet.flat):
                made.unused.append(sheet.name)
            for index in claim.forms:
                found.setdefault(index, []).append((claim.weak, sheet))
        for index, claims in found.items():
            firm = [sheet for weak, sheet in claims if not weak]
            made.forms[index] = firm or [sheet for _weak, sheet in claims]
        taken = {id(sheet) for held in made.forms.values() for sheet in held}
        made.unused += [
            sheet.name
            for claims in found.values()
            for _weak, sheet in claims
            if id(sheet) not in taken and sheet.name not in made.unused
        ]
        return made

    def named(self, name: str) -> tuple[int, ...]:
        """The forms that the name of a sheet speaks of: the longest name found wins."""
        return self._longest((plain(name),), [n.sheets for n in self.names])

    def _claim(self, sheet: Sheet) -> _Claim:
        top = tuple(
            plain(v) for row in sheet.rows[:TITLE_ROWS] for v in row if isinstance(v, str) and v
        )
        key = (plain(sheet.name), *top)
        if len(self.known) > 5000:
            self.known.clear()
        return self.known.get(key) or self.known.setdefault(
            key, self._decide(sheet.name.strip(), top)
        )

    def _decide(self, name: str, top: tuple[str, ...]) -> _Claim:
        named = self.named(name)
        exact = self._titled(top)
        if not named:
            if exact or self._contents(top):
                return _Claim(exact)
            found = self._longest(top, [n.titles for n in self.names])
            titles = self._own_titles(top)
            return _Claim(
                tuple(i for i in found if not titles or any(self._fits(t, i) for t in titles)),
                weak=True,
            )
        if both := tuple(i for i in named if i in exact):
            return _Claim(both)
        titles = self._own_titles(top)
        fits = (
            not titles
            or any(self._fits(t, i) for t in titles for i in named)
            or not any(self.names[i].words for i in named)
        )
        if fits:
            return _Claim(named)
        by_number = all(
            numbered(n) or n not in plain(name) for i in named for n in self.names[i].sheets
        )
        if exact and by_number:
            what = _("工作表名像“{name}”的, 标题却是“{title}”, 按标题读").format(
                name=self._called(named), title=self._called(exact)
            )
            return _Claim(exact, what=what)
        if exact or by_number:
            what = _("工作表名像“{name}”的, 标题却是“{title}”; 不采用").format(
                name=self._called(named), title=titles[0]
            )
            return _Claim(what=what, mend=_("工作表名和标题写成同一张表"))
        return _Claim(
            named,
            what=_("工作表名像“{name}”的, 标题却是“{title}”, 按表名读").format(
                name=self._called(named), title=titles[0]
            ),
        )

    def _own_titles(self, top: Sequence[str]) -> list[str]:
        return [t for t in map(core, top) if t.endswith(TABLE) and not generic(t)]

    def _called(self, forms: Sequence[int]) -> str:
        return "、".join(self.forms[i][0].table for i in forms)

    def _fits(self, title: str, index: int) -> bool:
        """Whether a title may be that of a form, though it is worded otherwise."""
        loose = loosely(title)
        return any(
            loosely(n) in loose or loose in loosely(n)
            if not n.endswith(TABLE)
            else loosely(n) == loose or bounded(title, n)
            for n in self.names[index].words
        )

    def _titled(self, top: Sequence[str]) -> tuple[int, ...]:
        """Forms of which some text is the title, and nothing else; none where several are named, as in a list of contents."""
        cores = {core(t) for t in top}
        found = {
            n: [i for i, names in enumerate(self.names) if n in names.words]
            for names in self.names
            for n in names.words
            if n in cores
        }
        return tuple(next(iter(found.values()))) if len(found) == 1 else ()

    def _contents(self, top: Sequence[str]) -> bool:
        """Whether the titles of several forms stand there."""
        cores = {core(t) for t in top}
        return len({n for names in self.names for n in names.words if n in cores}) > 1

    def _longest(self, words: Sequence[str], every: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
        best, found = 0, list[int]()
        for index, names in enumerate(every):
            length = max((len(n) for n in names for w in words if bounded(w, n)), default=0)
            if length > best:
                best, found = length, []
            if length and length == best:
                found.append(index)
        return tuple(found)


__all__ = ["Claimed", "Claims"]
