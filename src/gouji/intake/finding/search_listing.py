"""The listing of a form -> the first line below its header and the columns of each group in which it stands side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gouji.base.i18n import _
from gouji.intake.finding.form_search import FormSearch, NotThere, no_header
from gouji.intake.finding.headers import Header, headers_of, matched_of, paths
from gouji.intake.finding.labels import plain
from gouji.intake.finding.layout import Spot
from gouji.intake.finding.words import LEVELS
from gouji.rules import ColumnRole, Listing

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
