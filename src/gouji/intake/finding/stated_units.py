"""A sheet + where the figures of a table stand on it -> the unit each column of money is printed in; or why that cannot be told, with its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from gouji.base.i18n import _
from gouji.intake.finding.split_units import is_whose, spread_units
from gouji.intake.finding.unit_spelling import Kind, Said, unit_of
from gouji.intake.finding.units import (
    COLON_SIGNS,
    about_units,
    alone,
    asks,
    parted,
    statements,
    unit_in_name,
)
from gouji.intake.finding.words import CORNERS
from gouji.intake.workbooks.sheet import Sheet, address
from gouji.rules import Column, ColumnType, Table

WORDS_AT_MOST = 50_000
_AT_COMMENT = -2
# A comment of so few signs says nothing but the unit.
COMMENT_AT_MOST = 14
# Where a statement stands; None: in the name of the sheet.
Place = tuple[int, int] | None


class _About(dict[str, bool]):
    """Whether a text may say something of units; worked out when it is first met."""

    def __missing__(self, text: str) -> bool:
        if len(self) > WORDS_AT_MOST:
            self.clear()
        made = self[text] = bool(text) and about_units(text)
        return made


_about = _About()


def plain_words(text: str) -> str:
    """The words of a label without the unit behind, and without blanks."""
    return "".join(parted(text)[0].split())


def telling(sheet: Sheet) -> tuple[tuple[int, str], ...]:
    """The texts of a sheet that may say something of units, each with its place in `flat`; and what its name says."""
    if sheet.telling is None:
        found = [
            *sheet.wording.once("units", lambda: _in_cells(sheet)),
            *_in_comments(sheet),
        ]
        named = unit_in_name(sheet.name)
        pages = [(-1, text) for text in sheet.facts.page if statements(text)]
        sheet.telling = (*found, *([(-1, sheet.name)] if named is not None else []), *pages)
    return sheet.telling


def _in_cells(sheet: Sheet) -> list[tuple[int, str]]:
    """Texts of cells that may say something of units, those that several cells make together as well."""
    found = [(at, text) for at, text in sheet.texts() if _about[text]]
    if spread := list(spread_units(sheet)):
        taken = {row * sheet.width + col for one in spread for row, col in one.cells}
        found = [(at, text) for at, text in found if at not in taken]
        found += [(one.at[0] * sheet.width + one.at[1], one.text) for one in spread]
    return found


def _in_comments(sheet: Sheet) -> list[tuple[int, str]]:
    """Comments that state a unit of money; before -1, so that their cells can be told from those that hold their words."""
    return [
        (_AT_COMMENT - (one.at[0] * sheet.width + min(one.at[1], sheet.width - 1)), one.text)
        for one in sheet.facts.floating
        if not one.shape
        and sheet.width
        and any(said.kind in (Kind.MONEY, Kind.FOREIGN) for said in statements(one.text))
    ]


def merged_over(sheet: Sheet) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
    """Merged cells, where a label with a unit may be merged over lines."""
    return (
        sheet.merged()
        if any(at >= 0 and parted(text)[1] is not None for at, text in telling(sheet))
        else ()
    )


@dataclass(frozen=True, slots=True)
class Wrong:
    """A statement that cannot be gone by: where it stands, what is wrong, what to do. `column` is empty where it is about the whole table."""

    column: str
    at: Place
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Units:
    """Column -> unit for those whose unit the form states, columns (or the table) that cannot be taken, columns of money without a word of theirs."""

    said: tuple[tuple[str, str], ...]
    wrong: tuple[Wrong, ...]
    unsaid: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a form: the rows of its column headers, `top` up to before `end`, the first column with figures, cells that speak for single figures."""

    top: int
    end: int
    left: int
    single: frozenset[tuple[int, int]]

    def speaks_for_all(self, at: tuple[int, int], text: str) -> bool:
        """Whether a unit behind words (or alone) in this cell is the unit of the whole form: above the headers, or in the corner beside them."""
        return at[0] < self.top or (
            at[0] < self.end and (at[1] < self.left or plain_words(text) in CORNERS)
        )


def units_of(
    table: Table, sheet: Sheet, own: Mapping[str, Sequence[tuple[Said, Place]]], head: Head
) -> Units:
    """Decide the unit of every printed column; `own` holds these and what their headers and row labels say."""
    of_sheet = _of_sheet(sheet, head)
    columns = [column for name in sorted(own) if (column := table.column(name)) is not None]
    said, wrong, unsaid = list[tuple[str, str]](), list[Wrong](), list[str]()
    whole = cache(lambda: _agreed(of_sheet))
    for column in columns:
        money = column.type is ColumnType.MONEY
        if not money and column.type is not ColumnType.PERCENT:
            continue
        found = _own(column, own[column.name])
        if found is None and money:
            found = whole()
            if isinstance(found, Wrong):
                return Units((), (found,), ())
            if found is None:
                unsaid.append(column.name)
        if isinstance(found, Wrong):
            wrong.append(found)
        elif found is not None and (money or found.unit != (column.unit or "%")):
            said.append((column.name, found.unit))
    return Units(tuple(said), tuple(wrong), tuple(unsaid))


def _own(column: Column, stated: Sequence[tuple[Said, Place]]) -> Said | Wrong | None:
    """What a column's own words say; Wrong where they contradict each other or name what it cannot be in."""
    wanted = Kind.MONEY if column.type is ColumnType.MONEY else Kind.RATE
    for said, at in stated:
        if said.kind is not wanted and (wanted is Kind.MONEY or said.kind is not Kind.OTHER):
            return _not_ours(column.name, said, at)
    if len({said.unit for said, _at in stated}) > 1:
        return _apart(column.name, stated)
    return stated[0][0] if stated and stated[0][0].kind is wanted else None


def _agreed(of_sheet: Sequence[tuple[Said, Place]]) -> Said | Wrong | None:
    """What the sheet says as a whole."""
    for said, at in of_sheet:
        if said.kind in (Kind.FOREIGN, Kind.UNCLEAR):
            return _not_ours("", said, at)
    money = [(said, at) for said, at in of_sheet if said.kind is Kind.MONEY]
    if len({said.unit for said, _at in money}) > 1:
        return _apart("", money)
    if not money and of_sheet:
        return _not_ours("", *of_sheet[0])
    return money[0][0] if money else None


def _not_ours(column: str, said: Said, at: Place) -> Wrong:
    if said.kind is Kind.FOREIGN:
        return Wrong(
            column,
            at,
            _("“{words}”是外币，不换算；不采用").format(words=said.words.strip()),
            _("按人民币填报"),
        )
    return Wrong(
        column,
        at,
        _("“{words}”不知道是什么金额单位；不采用").format(words=said.words.strip()),
        _("写明单位，例如 单位：万元"),
    )


def _apart(column: str, stated: Sequence[tuple[Said, Place]]) -> Wrong:
    first, other = stated[0], next(s for s in stated if s[0].unit != stated[0][0].unit)
    what = _("金额单位有两种说法：{one}（{there}）和{other}（{here}）；不采用").format(
        one=first[0].unit, there=_where(first[1]), other=other[0].unit, here=_where(other[1])
    )
    return Wrong(column, other[1] if other[1] is not None else first[1], what, _("只留对的一种"))


def _where(at: Place) -> str:
    return address(*at) if at is not None else _("工作表名或表外")


def _of_sheet(sheet: Sheet, head: Head) -> list[tuple[Said, Place]]:
    """Statements that speak for the whole sheet: lines of units, wherever they stand, titles, the name of the sheet."""
    found: list[tuple[Said, Place]] = []
    for flat_at, text in telling(sheet):
        if flat_at <= _AT_COMMENT:
            continue
        if flat_at < 0:
            named = unit_in_name(text)
            found += [(named, None)] if named is not None else []
            continue
        at = divmod(flat_at, sheet.width)
        if at in head.single:
            continue
        lines = statements(text)
        if not lines and head.speaks_for_all(at, text):
            one = alone(text)
            lines = (one,) if one is not None and one.kind not in (Kind.OTHER, Kind.RATE) else ()
        if not lines and asks(text) and not is_whose(sheet, *at):
            lines = _beside(sheet, *at)
        found += map(partial(_at, at), lines)
    return [*found, *_commented(sheet, head, {said.unit for said, _at in found})]


def _commented(sheet: Sheet, head: Head, stated: Collection[str]) -> Iterator[tuple[Said, Place]]:
    """What comments state: of the whole form where one above or in its head says nothing else; one that may speak of something else, in another unit, cannot be gone by."""
    for flat_at, text in telling(sheet):
        if flat_at > _AT_COMMENT:
            continue
        at = divmod(_AT_COMMENT - flat_at, sheet.width)
        lines = statements(text)
        if at[0] < head.end and len(lines) == 1 and len("".join(text.split())) <= COMMENT_AT_MOST:
            yield lines[0], at
        elif {said.unit for said in lines} != set(stated):
            yield Said(Kind.UNCLEAR, "", text[:COMMENT_AT_MOST]), at


def _at(at: tuple[int, int], said: Said) -> tuple[Said, Place]:
    return said, at


def _beside(sheet: Sheet, row: int, col: int) -> tuple[Said, ...]:
    """The unit in the next cell that is not blank: `金额单位：` | `万元`."""
    text = next(
        (t for c in range(col + 1, sheet.width) if (t := sheet.text(row, c)).strip(COLON_SIGNS)),
        "",
    )
    said = unit_of(text)
    return (said,) if said is not None and said.kind is not Kind.OTHER else ()


__all__ = ["Head", "Place", "Units", "Wrong", "merged_over", "telling", "units_of"]
