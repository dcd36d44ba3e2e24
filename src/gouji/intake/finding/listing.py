"""A listing on a sheet -> the rows of its table; lines that lack what tells them apart are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gouji.base.i18n import _
from gouji.intake.finding.lines_left import Left, LineReason, runs
from gouji.intake.finding.lines_told import total_unsaid
from gouji.intake.finding.listing_reader import Reader
from gouji.intake.ledger.submission import At, Lost, Problem
from gouji.intake.workbooks.extracted import Lacking, Piece
from gouji.intake.workbooks.sheet import Raw, Sheet, address, said

EACH_AT_MOST = 5


def listed(
    reader: Reader, sheet: Sheet, problems: list[Problem | Lacking], file: str, left: Left
) -> Piece:
    """The lines of a listing. A line with figures but without what tells it apart is a problem, never dropped unseen; `left` is told which lines are no rows."""
    found = _by_code(reader, sheet, left) if reader.quick >= 0 else None
    if found is None:
        made = _line_by_line(reader, sheet, problems, file, left)
    else:
        layout, groups = reader.layout, [0] * len(found[0])
        made = Piece(reader.table, layout, sheet, reader.columns, *found, groups)
    problems += total_unsaid(made, reader.code_at, reader.told.total, file, left)
    return made


def _line_by_line(
    reader: Reader, sheet: Sheet, problems: list[Problem | Lacking], file: str, left: Left
) -> Piece:
    layout = reader.layout
    left.lines.clear()
    rows, lines, groups = list[tuple[Raw, ...]](), list[int](), list[int]()
    wanted: dict[tuple[str, int], list[int]] = {}
    for group in range(len(layout.groups)):
        for line, values, wanting in reader.lines(sheet, group, left):
            if wanting:
                wanted.setdefault((wanting, group), []).append(line)
                left.add(LineReason.ASIDE, line - 1)
            else:
                rows.append(values)
                lines.append(line)
                groups.append(group)
    for (column, group), of in wanted.items():
        problems += _wanting(reader, sheet, file, column, group, of)
    return Piece(reader.table, layout, sheet, reader.columns, rows, lines, groups)


def _wanting(
    reader: Reader, sheet: Sheet, file: str, column: str, group: int, lines: Sequence[int]
) -> Iterator[Problem]:
    """Lines without what tells them apart: each is told; many, which have one cause, are told together."""

    def told(line: int, col: int, what: str) -> Problem:
        cell = address(line - 1, col) if col >= 0 else ""
        at = At(file, line, column, sheet=sheet.name, cell=cell)
        return Problem(reader.table.table, at, what, _("补上，或删去这一行"), lost=Lost.ROWS)

    many = len(lines) > EACH_AT_MOST
    for line in lines[:1] if many else lines:
        col = reader.layout.spot(column, group, line)[1]
        what = _("{n} 行有数，却没有“{column}”：第 {lines} 行；都不采用").format(
            n=len(lines), column=column, lines=runs(lines)
        )
        yield told(line, col, what if many else _lacks(column, line, said(sheet.at(line - 1, col))))


def _lacks(column: str, line: int, written: str) -> str:
    """What is said of a line that lacks a column, or has something else in it."""
    if not written.strip():
        return _("第 {line} 行有数，却没有“{column}”；不采用").format(line=line, column=column)
    return _("第 {line} 行的“{column}”写的是“{written}”，不是编码；不采用").format(
        line=line, column=column, written=written.strip()[:40]
    )


def _by_code(
    reader: Reader, sheet: Sheet, left: Left
) -> tuple[list[tuple[Raw, ...]], list[int]] | None:
    """The lines of a plain listing without a loop over cells: rows with a code as they stand. None where some other line says something wrong."""
    first = reader.layout.first
    body = list(map(reader.take[0], sheet.rows[first:]))
    coded = _coded(reader, sheet, body)
    width = len(reader.layout.groups[0])
    others = [i for i, known in enumerate(coded) if not known and body[i].count("") < width]
    kept = [
        (i, row) for i, (row, known) in enumerate(zip(body, coded, strict=True), first + 1) if known
    ]
    if others:
        read = list(reader.lines(sheet, 0, left, others))
        if any(wanting for _line, _values, wanting in read):
            return None
        kept += [(line, values) for line, values, _wanting in read]
        kept.sort(key=lambda pair: pair[0])
    return [row for _line, row in kept], [line for line, _row in kept]


def _coded(reader: Reader, sheet: Sheet, body: Sequence[tuple[Raw, ...]]) -> list[bool]:
    """Which lines below the head begin with a code and do not number the columns."""
    at = reader.quick
    coded = [row[at].__class__ is str and row[at].isdecimal() and row[at].isascii() for row in body]
    if (numbers := reader.numbering(sheet)) is not None:
        coded[numbers - reader.layout.first] = False
    return coded


__all__ = ["listed"]
