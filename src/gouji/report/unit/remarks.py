"""Remarks (what was read otherwise than it stands, or left, and is no problem) -> a few lines: a cause once, with its places; every one is in the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gouji.base.i18n import _, clauses, labelled, noted

# Place, what, what to do (may be empty).
Remark = tuple[str, str, str]

LINES_AT_MOST, PLACES_AT_MOST, ALIKE_AT_MOST, JOINED_AT_MOST = 20, 4, 3, 8
# What differs between remarks of one cause: names in quotes, cells, numbers, and lists of them.
_ONE = r"(?:“[^”]*”|\"[^\"]*\"|[A-Z]{1,3}[0-9]+(?::[A-Z]{1,3}[0-9]+)?|[-−+]?[0-9][0-9,.]*[%‰]?)"
_VARYING = re.compile(rf"{_ONE}(?:[\u3001,] ?{_ONE})*")
_WORKBOOK = re.compile(r".*?\.(?:xlsx|xlsm|xls)/", re.IGNORECASE)
_CELL = re.compile(r"[A-Z]{1,3}[0-9]+(?::[A-Z]{1,3}[0-9]+)?")


@dataclass(frozen=True, slots=True)
class CellRemark:
    """One line: what was done and with what to do, at which places."""

    what: str
    fix: str
    places: tuple[str, ...]

    def where(self, most: int = PLACES_AT_MOST) -> str:
        """The places: a workbook once for its sheets, a sheet once for its cells; of very many the first, and how many there are."""
        homes: dict[str, dict[tuple[str, bool], list[str]]] = {}
        for place in self.places[:most]:
            stem, _slash, cell = place.rpartition("/")
            sheet, cell = (stem, cell) if stem and _CELL.fullmatch(cell) else (place, "")
            book = _WORKBOOK.match(sheet)
            home = book[0] if book else ""
            homes.setdefault(home, {}).setdefault((sheet[len(home) :], bool(cell)), []).append(cell)
        shown = clauses(
            home
            + "、".join(
                f"{sheet}/" + "、".join(cells) if of_cells else sheet
                for (sheet, of_cells), cells in sheets.items()
            )
            for home, sheets in homes.items()
        )
        return shown + (
            " " + _("… 共 {n} 处").format(n=len(self.places)) if len(self.places) > most else ""
        )

    @property
    def line(self) -> str:
        """`X.xlsx/公开01表/B3、B4: what (fix)`."""
        return labelled(self.where(), noted(self.what, self.fix) if self.fix else self.what)


def grouped(remarks: Sequence[Remark], most: int = LINES_AT_MOST) -> tuple[CellRemark, ...]:
    """Each cause with its places, in the order in which they come. A cause that has more than a few wordings (or, of very many causes, more than one)
    is told once, with the first of them."""
    same: dict[tuple[str, str], list[str]] = {}
    for place, what, fix in _joined(remarks):
        same.setdefault((what, fix), []).append(place)
    found = [CellRemark(what, fix, tuple(places)) for (what, fix), places in same.items()]
    made = tuple(_alike(found, ALIKE_AT_MOST))
    return made if len(made) <= most else tuple(_alike(found, 1))


def lines(remarks: Sequence[Remark], most: int = LINES_AT_MOST) -> Iterator[str]:
    """The same as lines, at most so many, and how many remarks there are where some are left out."""
    found = grouped(remarks, most)
    yield from (told.line for told in found[:most])
    if len(found) > most:
        yield _("… 共 {n} 处，见 audit.json").format(n=len(remarks))


def cause(what: str) -> str:
    """What is the same in remarks of one cause.

    >>> cause("表里没有“主管部门”, 按没有报处理") == cause("表里没有“单位类型”, 按没有报处理")
    True
    """
    return _VARYING.sub("\0", what)


def _joined(remarks: Iterable[Remark]) -> Iterator[Remark]:
    """What is said of one place in words that differ at one point alone, said at once: `没有“甲”、“乙”`."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for place, what, fix in remarks:
        words = together.setdefault((place, cause(what), fix), [])
        if what not in words[-JOINED_AT_MOST:]:
            words.append(what)
    for (place, _cause, fix), words in together.items():
        yield from ((place, what, fix) for what in _at_once(words))


def _at_once(words: Sequence[str]) -> list[str]:
    """Texts of one cause as one text that lists what differs; as they are where they differ at more than one point, or at none."""
    parts = [[found[0] for found in _VARYING.finditer(what)] for what in words]
    differing = [at for at, column in enumerate(zip(*parts, strict=True)) if len(set(column)) > 1]
    if len(differing) != 1:
        return list(words)
    (at,) = differing
    chosen, names = list(_VARYING.finditer(words[0]))[at], [row[at] for row in parts]
    more = " " + _("… 共 {n} 个").format(n=len(names)) if len(names) > JOINED_AT_MOST else ""
    listed = "、".join(names[:JOINED_AT_MOST]) + more
    return [words[0][: chosen.start()] + listed + words[0][chosen.end() :]]


def _alike(found: Sequence[CellRemark], most: int) -> Iterator[CellRemark]:
    """The same with one line for a cause that has more than `most`."""
    causes: dict[tuple[str, str], list[CellRemark]] = {}
    for told in found:
        causes.setdefault((cause(told.what), told.fix), []).append(told)
    for group in causes.values():
        if len(group) <= most:
            yield from group
            continue
        places = tuple(dict.fromkeys(place for told in group for place in told.places))
        yield CellRemark(
            _("{what}（同类 {n} 种，这是第一种）").format(what=group[0].what, n=len(group)),
            group[0].fix,
            places,
        )
