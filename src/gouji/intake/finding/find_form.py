"""A table description with a form + one sheet -> Layout: finds headers and row labels by what they say. Raises NotThere with what is wanting."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.base.i18n import _
from gouji.intake.finding.headers import (
    HEAD_ROWS,
    HEADER_AT_MOST,
    Header,
    LabelCells,
    Path,
    head_rows,
    headers_of,
    matched_of,
    owner_and_title,
    paths,
    says,
    stack,
)
from gouji.intake.finding.labels import plain
from gouji.intake.finding.layout import INSIDE, Layout, Rival, Spot, Withheld
from gouji.intake.finding.stated_units import Head, Place, Units, Wrong, merged_over, units_of
from gouji.intake.finding.units import Said, parted, statements, unit_of
from gouji.intake.finding.words import LEVELS, UNIT_HEADS
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import Cells, Column, ColumnRole, Form, Listing, Table


class NotThere(Exception):
    """The sheet does not hold the table, or it cannot be told what its figures are: what is wrong, how to fix it, and in which cell where there is one."""

    def __init__(self, what: str, mend: str, at: tuple[int, int] | None = None) -> None:
        super().__init__(what)
        self.what, self.mend, self.at = what, mend, at


def locate(table: Table, form: Form, sheet: Sheet) -> Layout:
    """Find every figure of the table on the sheet."""
    found = _Found(table, sheet)
    for part in form.cells:
        found.cells(part)
    first = -1
    groups: tuple[tuple[Spot, ...], ...] = (tuple(found.spots),)
    if form.listing is not None:
        first, groups = found.listing(form.listing)
    elif not found.spots:
        raise NotThere(
            _("工作表里没有“{table}”的任何一行").format(table=table.table),
            _("行和列的名称照表样写"),
        )
    taken = {s.column for group in groups for s in group}
    absent = tuple(c.name for c in table.columns if c.name not in taken and c.role is None)
    units = found.units(groups)
    withheld = tuple(_withheld(wrong, groups) for wrong in units.wrong)
    without = {w.column for w in withheld}
    groups = tuple(tuple(s for s in group if s.column not in without) for group in groups)
    said = tuple(sorted(found.labels.said()))
    return Layout(
        table.table,
        sheet.width,
        groups,
        said,
        first,
        absent,
        units.said,
        *owner_and_title(sheet),
        found.head,
        withheld=withheld,
        unsaid=units.unsaid,
        split=tuple(found.split),
        joined=tuple(found.joined),
        rivals=found.rivals(),
        wanting=tuple(sorted({(name, col) for name, col in found.wanting if name in absent})),
    )


def _withheld(wrong: Wrong, groups: tuple[tuple[Spot, ...], ...]) -> Withheld:
    """A column that is printed and not taken. Raises NotThere where it is the whole table."""
    if not wrong.column:
        raise NotThere(wrong.what, wrong.mend, wrong.at)
    return Withheld(
        wrong.column,
        tuple(s for group in groups for s in group if s.column == wrong.column),
        wrong.at,
        wrong.what,
        wrong.mend,
    )


def run_of(table: Table, part: Cells) -> tuple[Column, ...]:
    """The columns of the table that a block of cells speaks of."""
    names = [c.name for c in table.columns]
    start = names.index(part.from_) if part.from_ else 0
    end = names.index(part.to) if part.to else len(names) - 1
    return tuple(
        c for c in table.columns[start : end + 1] if part.beside or c.role is None or part.from_
    )


class _Found:
    def __init__(self, table: Table, sheet: Sheet) -> None:
        self.table, self.sheet = table, sheet
        self.labels = LabelCells(sheet)
        self.spots: list[Spot] = []
        # What headers and row labels say of units, by column; the cells that say so.
        self.own: dict[str, list[tuple[Said, Place]]] = {}
        self.single = set[tuple[int, int]]()
        self.merged = merged_over(sheet)
        # Other places that fit a label, cells of labels that are used, columns of figures that were found for lines that were not, parts of codes.
        self.others: list[Rival] = []
        self.claimed = set[tuple[int, int]]()
        self.wanting: list[tuple[str, int]] = []
        self.split: list[tuple[int, ...]] = []
        self.joined: list[tuple[str, int, int]] = []
        # The first row of what was taken for a header, and the first one below all of it.
        self.top, self.head = len(sheet.rows), 0

    # One-row parts -----------------------------------------------------------------------------------------------------------------

    def cells(self, part: Cells) -> None:
        columns = run_of(self.table, part)
        if part.beside:
            for column in columns:
                self._beside(column, part.labels.get(column.name))
        elif part.row is not None:
            self._on_one_line(columns, part)
        else:
            self._crossed(columns, part)

    def _beside(self, column: Column, given: Path | None) -> None:
        for path in paths(column, given):
            for row, texts in enumerate(self.sheet.rows[: self.sheet.top + 200]):
                for col, text in enumerate(texts[:40]):
                    if not isinstance(text, str) or not text:
                        continue
                    if says(text, path[-1], False):
                        self.labels.add(row, col)
                        right = self._right_of(row, col)
                        self.spots.append(Spot(column.name, row, right))
                        self._states(column.name, row, col)
                        self._states_alone(column.name, row, right + 1)
                        return
                    head, colon, rest = plain(text).partition(":")
                    if colon and rest and says(head, path[-1], False):
                        self.spots.append(Spot(column.name, row, INSIDE - col))
                        return

    def _right_of(self, row: int, col: int) -> int:
        for (top, left), (bottom, right) in self.sheet.merged():
            if top <= row <= bottom and left <= col <= right:
                return right + 1
        return col + 1

    def _on_one_line(self, columns: Sequence[Column], part: Cells) -> None:
        headers, last = headers_of(
            self.sheet, [p for c in columns for p in paths(c, part.labels.get(c.name))]
        )
        if not headers or part.row is None:
            raise NotThere(
                _("找不到“{table}”的表头").format(table=self.table.table), _("表头照表样写")
            )
        matched = matched_of(columns, part.labels, headers)
        left = min((h.col for h in matched.values()), default=0)
        labels = self._row(part.row, last + 1, 0, left + 1)
        if not labels:
            raise NotThere(_("没有“{row}”这一行").format(row="/".join(part.row)), _("行名照表样写"))
        for name, header in matched.items():
            self._use(header, name)
            self._of_line(name, labels, header)
            self.spots.append(Spot(name, labels[-1][0], header.col))
        self._twins(matched, headers, columns, part.labels, labels[-1][0])

    def _crossed(self, columns: Sequence[Column], part: Cells) -> None:
        found: dict[Path, list[tuple[Header, int]]] = {}
        for column in columns:
            for path in paths(column, part.labels.get(column.name)):
                value, rows = (
                    (part.value, path) if part.value is not None else (path[-1:], path[:-1])
                )
                if not rows:
                    continue
                if value not in found:
                    found[value] = self._value_columns(value, part.side)
                if self._cross(column.name, rows, found[value]):
                    break
        if not any(found.values()):
            wanted = "/".join(part.value) if part.value else _("数据")
            raise NotThere(_("找不到“{column}”这一列").format(column=wanted), _("列名照表样写"))

    def _cross(self, name: str, rows: Path, columns: Sequence[tuple[Header, int]]) -> bool:
        """Keep a figure where a line meets a column, with other lines and other columns that say the same."""
        met = [
            (h, left, labels)
            for h, left in columns
            if (labels := self._row(rows, h.row + 1, left, h.col))
        ]
        if not met:
            self.wanting += [(name, h.col) for h, _left in columns]
            return False
        row = met[0][2][-1][0]
        # Of headers one below another the nearest speaks for the line.
        header, left, labels = max((m for m in met if m[2][-1][0] == row), key=lambda m: m[0].row)
        self._use(header, name)
        self._of_line(name, labels, header)
        self.claimed |= {labels[-1], (header.row, header.col)}
        spot = Spot(name, row, header.col)
        self.spots.append(spot)
        for r in range(header.row + 1, len(self.sheet.rows)):
            for c in range(left, header.col):
                if (
                    r != row
                    and (text := self.sheet.text(r, c))
                    and says(text, rows[-1], False)
                    and (len(rows) == 1 or r > row)
                ):
                    self.others.append(Rival(name, spot, Spot(name, r, header.col), (r, c)))
                    self.labels.add(r, c)
        twins = [
            h
            for h, _left, other in met
            if other[-1][0] == row
            and h.col != header.col
            and abs(h.row - header.row) < HEADER_AT_MOST
        ]
        self.others += [Rival(name, spot, Spot(name, row, h.col), (h.row, h.col)) for h in twins]
        return True

    def _value_columns(self, value: Path, side: str | None) -> list[tuple[Header, int]]:
        """Headers of columns of figures, exact ones first, and for each the column from which its row labels may start."""
        found: list[tuple[Header, int]] = []
        for exact in (True, False):
            before: dict[int, tuple[int, int]] = {}
            for row in head_rows(self.sheet, HEAD_ROWS):
                for col in range(self.sheet.width):
                    if not says(self.sheet.text(row, col), value[-1], exact) or not self.sheet.text(
                        row, col
                    ):
                        continue
                    header = Header(row, col, stack(self.sheet, row - HEADER_AT_MOST, row, col))
                    start, last = before.get(row, (0, -1))
                    # With a header between them they are two halves, each with its own labels.
                    start = (
                        last + 1
                        if any(self.sheet.text(row, c) for c in range(last + 1, col))
                        else start
                    )
                    before[row] = start, col
                    beside = [self.sheet.text(row, c) for c in range(start, col)]
                    of_side = side is None or any(
                        says(w, side, False) for w in (*header.stack[:-1], *beside) if w
                    )
                    if (
                        header.meets(value, exact)
                        and of_side
                        and all((row, col) != (h.row, h.col) for h, _start in found)
                    ):
                        found.append((header, start if side is not None else 0))
                        self.labels.add(row, col)
                        if side is not None:
                            self._keep_side(row, col, side)
        return found

    def _keep_side(self, row: int, col: int, side: str) -> None:
        for r in range(max(0, row - HEADER_AT_MOST), row + 1):
            for c in range(col, -1, -1):
                if (text := self.sheet.text(r, c)) and says(text, side, False):
                    self.labels.add(r, c)
                    return

    def _row(self, path: Path, first: int, left: int, right: int) -> list[tuple[int, int]]:
        """The cells of a row's label (left of the figures), which ends the path, from its first part on; exact words are preferred to bare ones."""
        for exact in (True, False):
            row, at = first, list[tuple[int, int]]()
            for part in path:
                hit = self._label(part, row, left, right, exact, at)
                if hit is None:
                    break
                at.append(hit)
                row = hit[0]
            if len(at) == len(path):
                for cell in at:
                    self.labels.add(*cell)
                return at
        return []

    def rivals(self) -> tuple[Rival, ...]:
        """Places that fit a label as well as the one that was chosen, and fit no other."""
        return tuple(r for r in self.others if r.label not in self.claimed)

    def _twins(
        self,
        matched: dict[str, Header],
        headers: Sequence[Header],
        columns: Sequence[Column],
        given: dict[str, Path],
        row: int,
    ) -> None:
        """Headers that fit a column as well as the one that it was found by."""
        self.claimed |= {(h.row, h.col) for h in matched.values()}
        for column in columns:
            own = matched.get(column.name)
            path = next(
                (
                    p
                    for p in paths(column, given.get(column.name))
                    if own is not None and own.meets(p, False)
                ),
                None,
            )
            if own is None or path is None or not (column.numeric or column.name in self.table.key):
                continue
            for twin in headers:
                if twin not in matched.values() and twin.meets(path, False):
                    self.labels.add(twin.row, twin.col)
                    self.others.append(
                        Rival(
                            column.name,
                            Spot(column.name, row, own.col),
                            Spot(column.name, row, twin.col),
                            (twin.row, twin.col),
                        )
                    )

    def _label(
        self, part: str, first: int, left: int, right: int, exact: bool, not_: list[tuple[int, int]]
    ) -> tuple[int, int] | None:
        # The nearest column first: the other half of the sheet may say the same words.
        for col in range(right - 1, left - 1, -1):
            for row in range(first, len(self.sheet.rows)):
                text = self.sheet.text(row, col)
                if text and (row, col) not in not_ and says(text, part, exact):
                    return row, col
        return None

    # Listings ----------------------------------------------------------------------------------------------------------------------

    def listing(self, part: Listing) -> tuple[int, tuple[tuple[Spot, ...], ...]]:
        """The first line below the header, and the columns of each group."""
        columns = [
            c
            for c in self.table.columns
            if c.name not in part.lookup and all(s.column != c.name for s in self.spots)
        ]
        headers, last = headers_of(
            self.sheet, [p for c in columns for p in paths(c, part.labels.get(c.name))], part.side
        )
        groups: list[tuple[Spot, ...]] = []
        while headers:
            matched = matched_of(columns, part.labels, headers)
            if not matched or (groups and len(matched) < len(groups[0]) - len(self.spots)):
                break
            groups.append((*self.spots, *(Spot(name, -1, h.col) for name, h in matched.items())))
            for name, header in matched.items():
                self._use(header, name)
            last = self._parts_of_code(matched, last)
            self._parts_of_text(part, matched, headers)
            if not part.repeats:
                self._twins(matched, headers, columns, part.labels, -1)
                break
            headers = [h for h in headers if h not in matched.values()]
        if not groups:
            raise NotThere(
                _("找不到“{table}”的表头").format(table=self.table.table), _("表头照表样写")
            )
        printed = {s.column for s in groups[0]} | set(part.lookup)
        for column in self.table.columns:
            # Without it no line can be told from another: one cause, told once.
            if (
                column.name in self.table.key
                and column.name not in printed
                and column.role in (None, ColumnRole.CODE)
            ):
                raise NotThere(
                    _("找不到“{column}”这一列").format(column=column.name),
                    _("列名照表样写"),
                    (max(last, 0), groups[0][0].col),
                )
        return last + 1, tuple(groups)

    def _parts_of_text(
        self, part: Listing, matched: dict[str, Header], headers: Sequence[Header]
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
                self.joined.append((name, around[0], around[1]))
                for header in (h for h in headers if h.col in around):
                    self.labels.add(header.row, header.col)

    def _parts_of_code(self, matched: dict[str, Header], last: int) -> int:
        """Where 类, 款, 项 stand below the header of the code, each in a column: keep these columns; lines begin where the words stand, a sum may stand beside them."""
        code = next(
            (c for c in self.table.columns if c.role is ColumnRole.CODE and c.name in matched), None
        )
        if code is None:
            return last
        header = matched[code.name]
        for row in range(header.row + 1, last + 2):
            found = [
                col
                for col, word in enumerate(LEVELS[: len(code.levels)], header.col)
                if plain(self.sheet.text(row, col)) == word
            ]
            if len(found) > 1 and found[0] == header.col:
                self.split.append(tuple(found))
                self.head = max(self.head, row + 1)
                for col in found:
                    self.labels.add(row, col)
                return row - 1
        return last

    def _use(self, header: Header, name: str) -> None:
        """Keep the header as a label of the layout, with the words above it."""
        self.head = max(self.head, header.row + 1)
        for row in range(max(0, header.row - HEADER_AT_MOST + 1), header.row + 1):
            if self.sheet.text(row, header.col):
                self.labels.add(row, header.col)
        self._states(name, header.row, header.col)
        self._states_alone(name, header.row + 1, header.col)
        for row, col in self._above(header):
            self._states(name, row, col)
        self.top = min(self.top, header.row, *(row for row, _col in self._above(header)))

    def _above(self, header: Header) -> list[tuple[int, int]]:
        """Cells of words above a header, or spanning it from the left. What stands alone on its line is a title, or a line of the head."""
        found = []
        for row in range(max(0, header.row - HEADER_AT_MOST + 1), header.row):
            texts = [c for c in range(self.sheet.width) if self.sheet.text(row, c)]
            col = max((c for c in texts if c <= header.col), default=-1)
            if (
                len(texts) > 1
                and col >= 0
                and not statements(self.sheet.text(row, col))
                and self.sheet.text(row, col) in header.stack
            ):
                found.append((row, col))
        return found

    def _of_line(self, name: str, labels: Sequence[tuple[int, int]], header: Header) -> None:
        """What the label of a line says of its unit, or else a label that is merged over the line, or else a column of units."""
        row, col = labels[-1]
        said = self._states(name, row, col) or any(
            self._states(name, *at)
            for at in reversed(labels[:-1])
            if parted(self.sheet.text(*at))[1] is not None
        )
        if not said and col > 0 and (over := self._merged_over(row, col - 1)) is not None:
            said = self._states(name, *over)
        if not said and (beside := self._unit_column(header)) is not None:
            self._states_alone(name, row, beside)

    def _merged_over(self, row: int, col: int) -> tuple[int, int] | None:
        return next(
            (
                (top, left)
                for (top, left), (bottom, right) in self.merged
                if top <= row <= bottom and left <= col <= right
            ),
            None,
        )

    def _unit_column(self, header: Header) -> int | None:
        """The column headed 单位 beside a column of figures."""
        words = (
            c
            for c in range(self.sheet.width)
            if c != header.col and plain(self.sheet.text(header.row, c)) in UNIT_HEADS
        )
        return min(words, key=lambda c: abs(c - header.col), default=None)

    def _states(self, name: str, row: int, col: int) -> bool:
        """Keep what a label says of its unit."""
        return self._keep(name, parted(self.sheet.text(row, col))[1], row, col)

    def _states_alone(self, name: str, row: int, col: int) -> None:
        self._keep(name, unit_of(self.sheet.text(row, col)), row, col)

    def _keep(self, name: str, said: Said | None, row: int, col: int) -> bool:
        if said is None:
            return False
        column = self.table.column(name)
        if column is not None and column.numeric:
            self.single.add((row, col))
            self.own.setdefault(name, []).append((said, (row, col)))
        return True

    def units(self, groups: tuple[tuple[Spot, ...], ...]) -> Units:
        """The unit of each column of money or rates."""
        spots = [s for group in groups for s in group]
        described = {c.name: c for c in self.table.columns}
        left = min(
            (
                s.col
                for s in spots
                if s.col >= 0 and described[s.column].numeric and described[s.column].role is None
            ),
            default=0,
        )
        top = min(
            self.top,
            min((s.row for s in spots if s.row >= 0), default=len(self.sheet.rows))
            if not self.head
            else self.top,
        )
        return units_of(
            self.table,
            self.sheet,
            {s.column: self.own.get(s.column, []) for s in spots},
            Head(top, self.head, left, frozenset(self.single)),
        )
