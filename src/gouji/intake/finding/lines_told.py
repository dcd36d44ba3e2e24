"""What was read of a listing + the lines that gave no row -> what is to be told of them: a total by another word, texts below all lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gouji.base.i18n import _
from gouji.intake.finding.lines_left import Left, LineReason
from gouji.intake.finding.words import sums_all_up
from gouji.intake.ledger.submission import At, Lost, Problem
from gouji.intake.workbooks.extracted import Piece
from gouji.intake.workbooks.sheet import Sheet, address, said

WORDS_AT_MOST = 40


def total_unsaid(
    made: Piece, code_at: int, totals: Mapping[str, str], file: str, left: Left
) -> Iterator[Problem]:
    """A listing of codes without its total, where a line that was taken for a sum may be it under another word."""
    if not totals or any(row[code_at] in totals.values() for row in made.rows):
        return
    total = next(iter(totals.values()))
    for line in left.lines.get(LineReason.SUM, ()):
        cells = made.sheet.rows[line]
        written = next((v for v in cells if isinstance(v, str) and sums_all_up(v)), "")
        if written:
            at = At(file, line + 1, sheet=made.sheet.name, cell=address(line, cells.index(written)))
            yield _under_another_word(made.table.table, at, written.strip(), total)


def _under_another_word(table: str, at: At, written: str, total: str) -> Problem:
    what = _("“{written}”这一行可能就是表样的“{total}”行；不采用").format(
        written=written, total=total
    )
    return Problem(table, at, what, _("是的话写成“{total}”").format(total=total), lost=Lost.ROWS)


def below_all(sheet: Sheet, of: Sequence[Left], file: str) -> Iterator[Problem]:
    """Name the texts below a listing that were not taken for names of lines without figures."""
    for line in sorted({n for left in of for n in left.lines.get(LineReason.FOOT, ())}):
        at, text = next((c, v) for c, v in enumerate(sheet.rows[line]) if v != "")
        what = _("表格下面隔着空行的“{text}”没有数，不当作一行").format(
            text=said(text)[:WORDS_AT_MOST]
        )
        yield Problem(
            "", At(file, line + 1, sheet=sheet.name, cell=address(line, at)), what, "", note=True
        )


__all__ = ["below_all", "total_unsaid"]
