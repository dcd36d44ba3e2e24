"""The listing of a form -> the first line below its header and the columns of each group in which it stands side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gouji.base.i18n import _
from gouji.intake.finding.form_search import FormSearch, NotThere, no_header
from gouji.intake.finding.headers import Header, headers_of, matched_of, paths
from gouji.intake.finding.labels import plain
from gouji.intake.finding.layout import Spot
from gouji.intake.finding.listed_codes import code_before_name, digits_of_code
from gouji.intake.finding.words import CODED, LEVELS
from gouji.intake.workbooks.sheet import said
from gouji.rules import Column, ColumnRole, Listing

Groups = tuple[tuple[Spot, ...], ...]


def find_listing(search: FormSearch, part: Listing) -> tuple[int, Groups]:
    """The first line below the header, and the columns of each group. Raises NotThere."""
    stands = {s.column for s in search.spots}
    columns = [
        c for c in search.table.columns if c.name not in part.lookup and c.name not in stands
    ]
    wanted = [p for c in columns for p in paths(c, part.labels.get(c.name))]
    headers, last = headers_of(search.sheet, wanted, part.side)
    groups: list[tuple[Spot, ...]] = []
    while headers:
        matched = matched_of(columns, part.labels, headers)
        _code_in_other_words(search, matched, headers, last)
        if not matched or (groups and len(matched) < len(groups[0]) - len(search.spots)):
            break
        groups.append((*search.spots, *_columns_of(search, matched)))
        last = _parts_of_code(search, matched, last)
        _parts_of_text(search, part, matched, headers)
        if not part.repeats:
            search.keep_twins(matched, headers, columns, part.labels, -1)
            break
        headers = [h for h in headers if h not in matched.values()]
    if not groups:
        raise no_header(search.table)
    _require_keys(search, part, groups[0], last)
    return last + 1, tuple(groups)


def _columns_of(search: FormSearch, matched: Mapping[str, Header]) -> Iterator[Spot]:
    """The columns of one group, whose headers are kept as labels."""
    for name, header in matched.items():
        search.use(header, name)
        yield Spot(name, -1, header.col)


def _code_in_other_words(
    search: FormSearch, matched: dict[str, Header], headers: Sequence[Header], last: int
) -> None:
    """Where no header is that of the code, take the first one before the figures that speaks of codes or items, below which every number begins a code."""
    code = next((c for c in search.table.columns if c.role is ColumnRole.CODE and c.levels), None)
    if code is None or code.name in matched or not matched:
        return
    named = {c.name for c in search.table.columns if not c.numeric}
    figures = min((h.col for name, h in matched.items() if name not in named), default=0)
    for header in headers:
        free = header.col < figures and header not in matched.values()
        said_so = any(word in header.stack[-1] for word in CODED)
        if free and said_so and _holds_codes(search, code, last, header.col):
            matched[code.name] = header
            return


def _holds_codes(search: FormSearch, code: Column, last: int, col: int) -> bool:
    """Whether every number in a column below the head begins a code of a level; there are two at least."""
    rows = range(last + 1, len(search.sheet.rows))
    below = (plain(said(search.sheet.at(row, col))) for row in rows)
    texts = [t for t in below if any(map(str.isdecimal, t[:3]))]
    found = [digits_of_code(t, code) or code_before_name(t, code) for t in texts]
    return len(found) > 1 and all(len(digits) in code.levels for digits in found)


def _require_keys(search: FormSearch, part: Listing, group: Sequence[Spot], last: int) -> None:
    """Without a column of its key no line of a listing can be told from another: one cause, told once."""
    printed = {s.column for s in group} | set(part.lookup)
    for column in search.table.columns:
        keyed = column.name in search.table.key and column.role in (None, ColumnRole.CODE)
        if keyed and column.name not in printed:
            what = _("找不到“{column}”这一列").format(column=column.name)
            raise NotThere(what, _("列名照表样写"), (max(last, 0), group[0].col))


def _parts_of_text(
    search: FormSearch, part: Listing, matched: Mapping[str, Header], headers: Sequence[Header]
) -> None:
    """Where a sign stands before a text, or a unit behind it, each in a column: keep these columns."""
    for name, join in part.join.items():
        if name not in matched:
            continue
        around = [
            next((h.col for h in headers if path and h.meets(path, False)), -1)
            for path in (join.before, join.behind)
        ]
        if max(around) >= 0:
            search.joined.append((name, around[0], around[1]))
            for header in (h for h in headers if h.col in around):
                search.labels.add(header.row, header.col)


def _parts_of_code(search: FormSearch, matched: Mapping[str, Header], last: int) -> int:
    """Where 类, 款, 项 stand below the header of the code, each in a column: keep these columns; lines begin where the words stand, a sum may stand beside them."""
    code = next(
        (c for c in search.table.columns if c.role is ColumnRole.CODE and c.name in matched), None
    )
    if code is None:
        return last
    header = matched[code.name]
    for row in range(header.row + 1, last + 2):
        found = [
            col
            for col, word in enumerate(LEVELS[: len(code.levels)], header.col)
            if plain(search.sheet.text(row, col)) == word
        ]
        if len(found) > 1 and found[0] == header.col:
            search.split.append(tuple(found))
            search.head = max(search.head, row + 1)
            for col in found:
                search.labels.add(row, col)
            return row - 1
    return last


__all__ = ["find_listing"]
