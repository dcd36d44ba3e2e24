"""A sheet + known tables -> the YAML of a draft: a form of a known table where one is like it, else its own table; then read by it, to say what it does not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gouji.base.i18n import _
from gouji.intake.form_draft.draft_columns import Drafted, columns_of
from gouji.intake.form_draft.draft_reads import Read, read_by, read_by_set
from gouji.intake.form_draft.draft_words import NEW_SET, NEW_TABLE, UNIT, YEAR
from gouji.intake.form_draft.likeness import KnownColumns, Match, PrintedColumn
from gouji.intake.form_draft.shape import Shape, SheetPattern, shape_of
from gouji.intake.form_draft.yaml import flow, quoted
from gouji.intake.workbooks.sheet import Sheet
from gouji.rules import ColumnType, Table

# Of so many printed columns a known table must surely have, to be taken for the one.
ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a file for `schemas/`; the known table it is a form of (empty: a new table); columns with what was guessed of them; what was read by it."""

    text: str
    table: str
    columns: tuple[tuple[str, str], ...]
    read: Read


def drafted(
    sheet: Sheet, known: KnownColumns, against: str = "", source: str = "", new: bool = False
) -> Draft:
    """Draft it. `against` is the known table that the form is to be of; `new`: its own table, whatever known one is like it. Raises KeyError for a table nobody knows."""
    shape = shape_of(sheet)
    columns = columns_of(sheet, shape)
    sides = [half.side for half in shape.halves] or [""]
    printed = [PrintedColumn(one.path, sides[one.half]) for one in columns]
    if against:
        found = known.matches(printed, against)
        return _of_known(_Printed(sheet, shape, columns), found, known.tables[against], source)
    table, found = known.likest(printed, shape.title)
    sure = sum(m.sure for m in found.values())
    if new or sure < ENOUGH * len(columns):
        return _new(sheet, shape, columns, known)
    if shape.title and not known.titled(table, shape.title):
        hint = _("有 {n} 栏和“{table}”的一样；是同一张表就用 --against {table}")
        return _new(sheet, shape, columns, known, hint.format(n=sure, table=table))
    return _of_known(_Printed(sheet, shape, columns), found, known.tables[table], source)


@dataclass(frozen=True, slots=True)
class _Printed:
    """What a sheet prints: its shape and its columns."""

    sheet: Sheet
    shape: Shape
    columns: Sequence[Drafted]

    @property
    def title(self) -> str:
        """The title of the form, else the name of the sheet."""
        return self.shape.title or self.sheet.name


# A new table ------------------------------------------------------------------------------------------------------------------------


def _new(
    sheet: Sheet, shape: Shape, columns: Sequence[Drafted], known: KnownColumns, hint: str = ""
) -> Draft:
    name = _table_name(shape, known)
    many = shape.kind is SheetPattern.LISTING
    keys = [one.name for one in columns if one.key] if many else []
    hints = [hint] if hint else []
    if shape.guessed:
        hints.append(_which_kind(many))
    lines = [
        *(f"# {_('不确定')}: {one}" for one in hints),
        f"table: {quoted(name)}",
        *([f"label: {quoted(shape.title)}"] if shape.title else []),
        f"grain: {'many' if many else 'one'}",
        f"key: {flow([UNIT, YEAR, *keys])}",
        "columns:",
        f"  - {{name: {UNIT}, type: text, null: never, role: unit}}",
        f"  - {{name: {YEAR}, type: count, null: never, role: year}}",
    ]
    for one in columns:
        doubt = f"  # {_('不确定')}: {one.doubt}" if one.doubt else ""
        lines.append(f"  - {_column(one)}{doubt}")
    lines += ["form:", f"  sheets: {flow([shape.title or sheet.name])}", *_form(shape, columns)]
    text = "\n".join(lines) + "\n"
    read = read_by(text, sheet)
    doubts = tuple((one.name, one.doubt) for one in columns)
    return Draft(text + _left(read), "", doubts, read)


def _which_kind(many: bool) -> str:
    """A doubt whether lines are fixed ones or a list."""
    if many:
        return _("行名看不出是不是固定的，按一行一条起草；各单位都印同样的行就改成 cells")
    return _("行名看不出是不是固定的，按固定的行起草；行数随单位变的就改成 listing")


def _table_name(shape: Shape, known: KnownColumns) -> str:
    name = "".join(c for c in shape.title if c.isalnum()) or NEW_TABLE
    while name in known.tables:
        name += "2"
    return name


def _column(one: Drafted) -> str:
    parts = [
        f"name: {quoted(one.name)}",
        f"label: {quoted('·'.join(one.path))}",
        f"type: {one.type.value}",
    ]
    if one.unit:
        parts.append(f"unit: {one.unit}")
    if one.places is not None:
        parts.append(f"places: {one.places}")
    if one.role == "code":
        parts += ["null: never", "role: code", f"levels: [{', '.join(map(str, one.levels))}]"]
        parts += [f"total: {quoted(one.total)}"] if one.total else []
        parts += [f"words: {flow(one.words)}"] if one.words else []
    elif one.key:
        parts.append("null: never")
    elif one.type not in (ColumnType.TEXT, ColumnType.DATE):
        parts.append("null: zero")
    return "{" + ", ".join(parts) + "}"


def _form(shape: Shape, columns: Sequence[Drafted]) -> Iterator[str]:
    match shape.kind:
        case SheetPattern.CROSSED:
            yield "  cells:"
            for at, half in enumerate(shape.halves):
                own = [one.name for one in columns if one.half == at]
                if own:
                    side = (
                        f", side: {quoted(half.side)}"
                        if half.side and len(shape.halves) > 1
                        else ""
                    )
                    yield f"    - {{from: {quoted(own[0])}, to: {quoted(own[-1])}{side}}}"
        case SheetPattern.BESIDE:
            yield "  cells:"
            yield (
                f"    - {{from: {quoted(columns[0].name)}, beside: true}}" if columns else "    []"
            )
        case _:
            repeats = "repeats: true" if len(shape.halves) > 1 else ""
            yield f"  listing: {{{repeats}}}"


def _left(read: Read) -> str:
    """What the draft does not read of its own sheet, in comments."""
    lines = [f"# {_('核对：按这个表样读这张表，读到 {n} 个数').format(n=read.taken)}"]
    if read.fault:
        lines.append(f"# {_('不确定')}: {read.fault}")
    if read.left:
        lines.append(f"# {_('不确定')}: {_('没有读到：{cells}').format(cells=read.left)}")
    return "\n".join(lines) + "\n"


# A form of a known table --------------------------------------------------------------------------------------------------------------


def _of_known(
    printed: _Printed, found: Mapping[int, Match], described: Table, source: str
) -> Draft:
    """A form of a known table; `found`: for columns of the sheet the known one."""
    by_column = {m.column: (printed.columns[at], m) for at, m in found.items()}
    named = [(c.name, *by_column[c.name]) for c in described.columns if c.name in by_column]
    lines = [
        f"set: {quoted(NEW_SET)}  # {_('起一个名称，例如某省2024')}",
        f"authority: {quoted(_('待填'))}",
        f"source: {flow([source or printed.sheet.name])}",
        "forms:",
        f"  - table: {quoted(described.table)}",
        f"    titles: {flow([printed.title])}",
        f"    prints: {flow([name for name, *_rest in named])}",
    ]
    if printed.shape.kind is SheetPattern.CROSSED:
        lines += _blocks(printed.shape, named)
    else:
        has_listing = described.form is not None and described.form.listing is not None
        lines += _labels(printed.shape, named, has_listing)
    beyond = ["·".join(c.path) for at, c in enumerate(printed.columns) if at not in found]
    lines += [
        f"# {_('不确定')}: {_('这一栏不知道是哪一列：{words}').format(words=words)}"
        for words in beyond
    ]
    text = "\n".join(lines) + "\n"
    read = read_by_set(text, described, printed.sheet)
    doubts = [(name, "" if match.sure else _like(match)) for name, _one, match in named]
    doubts += [(words, _("不知道是哪一列")) for words in beyond]
    return Draft(text + _left(read), described.table, tuple(doubts), read)


def _like(match: Match) -> str:
    return _("只是像“{column}”（{score} 分）").format(
        column=match.column, score=f"{match.score:.0f}"
    )


def _doubt(match: Match) -> str:
    return "" if match.sure else f"  # {_('不确定')}: {_like(match)}"


def _labels(
    shape: Shape, named: Sequence[tuple[str, Drafted, Match]], has_listing: bool
) -> list[str]:
    pad = "    " if has_listing else "      "
    lines = [] if has_listing else ["    listing:"]
    if not has_listing and len(shape.halves) > 1:
        lines.append("      repeats: true")
    lines.append(f"{pad}labels:")
    lines += [
        f"{pad}  {quoted(name)}: {quoted('·'.join(one.path))}{_doubt(match)}"
        for name, one, match in named
    ]
    return lines


def _blocks(shape: Shape, named: Sequence[tuple[str, Drafted, Match]]) -> list[str]:
    """A block of cells for each run of columns in one half."""
    lines = ["    cells:"]
    at = 0
    while at < len(named):
        end = at
        while end + 1 < len(named) and named[end + 1][1].half == named[at][1].half:
            end += 1
        half = shape.halves[named[at][1].half]
        lines += [f"      - from: {quoted(named[at][0])}", f"        to: {quoted(named[end][0])}"]
        if half.side and len(shape.halves) > 1:
            lines.append(f"        side: {quoted(half.side)}")
        lines.append("        labels:")
        for name, one, match in named[at : end + 1]:
            lines.append(f"          {quoted(name)}: {quoted('·'.join(one.path))}{_doubt(match)}")
        at = end + 1
    return lines


__all__ = ["Draft", "drafted"]
