"""Forms of one workbook that print no unit of money -> a remark that the description's unit is used, and a doubt where other forms show that it cannot be right."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gouji.base.i18n import _
from gouji.intake.finding.stated_units import telling
from gouji.intake.finding.unit_spelling import Kind
from gouji.intake.finding.units import statements
from gouji.intake.ledger.submission import At, Problem
from gouji.intake.workbooks.extracted import Piece, Received
from gouji.intake.workbooks.sheet import Raw, address
from gouji.rules import MONEY_UNITS, UNITS, ColumnType, Role

# How far off a unit of money usually is.
TIMES = (10_000, 100, 1_000, 1_000_000)
# Two figures that agree by chance are no reason to doubt: so many must, each with so many of its last places before it.
AGREE, SIGNIFICANT = 2, 1_000


@dataclass(frozen=True, slots=True)
class _Figure:
    """An amount in 元, the worth of its last place (taken as the second), and where it stands."""

    value: float
    place: float
    sheet: str
    cell: str


def unsaid_units(made: Received) -> None:
    """Tell, once a workbook, which forms say nothing of their unit, and doubt those whose figures are others' a hundred or ten thousand times."""
    silent = [piece for piece in made.pieces if piece.layout.unsaid and piece.rows]
    if not silent:
        return
    _tell_unsaid(made, silent)
    every = [(piece, list(_figures(piece))) for piece in made.pieces]
    stated = _stated(made)
    told = [f for other, found in every if not other.layout.unsaid for f in found]
    for piece in silent:
        own = next(found for other, found in every if other is piece)
        sheet = piece.sheet.name
        others = [f for other, found in every if other.sheet.name != sheet for f in found]
        if not _doubt(made, piece, own, others):
            _otherwise(made, piece, own, stated, told)


def _tell_unsaid(made: Received, silent: Sequence[Piece]) -> None:
    """A remark for each unit that forms are read in which say nothing of theirs."""
    by_unit: dict[str, list[str]] = {}
    for piece in silent:
        for name in piece.layout.unsaid:
            column = piece.table.column(name)
            by_unit.setdefault((column.unit if column else None) or "", []).append(piece.sheet.name)
    for unit, sheets in by_unit.items():
        names = "、".join(dict.fromkeys(sheets))
        what = _("没有写金额单位，按表样的{unit}读：{names}").format(unit=unit, names=names)
        fix = _("写上 单位：{unit}").format(unit=unit)
        at = At(made.file, sheet=sheets[0])
        made.problems.append(Problem("", at, what, fix, note=True))


def _stated(made: Received) -> dict[str, str]:
    """The units of money that the cover and the forms of a workbook state, each with a sheet that does."""
    found: dict[str, str] = {}
    for piece in made.pieces:
        if piece.table.role is Role.UNITS:
            said = {
                said.unit
                for _at, text in telling(piece.sheet)
                for said in statements(text)
                if said.kind is Kind.MONEY
            }
        else:
            said = (
                {unit for _name, unit in piece.layout.units if unit in MONEY_UNITS}
                if not piece.layout.unsaid
                else set()
            )
        found = dict.fromkeys(sorted(said), piece.sheet.name) | found
    return found


def _otherwise(
    made: Received,
    piece: Piece,
    own: Sequence[_Figure],
    stated: Mapping[str, str],
    others: Sequence[_Figure],
) -> None:
    """Where all that is stated in the workbook is another unit than the description's, a form without a word is taken only if its figures agree with others'."""
    usual = {
        name: column.unit or MONEY_UNITS[0]
        for name in piece.layout.unsaid
        if (column := piece.table.column(name)) is not None
    }
    doubted = [name for name, unit in usual.items() if stated and unit not in stated]
    ordered = sorted(others, key=lambda f: f.value)
    if not doubted or len(_agreeing(own, ordered, [f.value for f in ordered], 1.0)) >= AGREE:
        return
    other, where = next(iter(stated.items()))
    what = _("没有写金额单位，同一工作簿的 {sheet} 写的是{other}；不采用").format(
        sheet=where, other=other
    )
    made.problems.append(
        Problem(
            piece.table.table,
            At(made.file, sheet=piece.sheet.name),
            what,
            _("写明单位，例如 单位：{unit}").format(unit=other),
        )
    )
    piece.hide(doubted)


def _doubt(made: Received, piece: Piece, own: Sequence[_Figure], others: Sequence[_Figure]) -> bool:
    """Tell of a form whose figures are others' so many times over; whether it is one."""
    ordered = sorted(others, key=lambda f: f.value)
    values = [f.value for f in ordered]
    right = len(_agreeing(own, ordered, values, 1.0))
    for times in TIMES:
        for factor, words in ((float(times), _("大 {n} 倍")), (1 / times, _("小 {n} 倍"))):
            found = _agreeing(own, ordered, values, factor)
            if len(found) >= AGREE and len(found) > right:
                made.problems.append(_off_by(made.file, piece, found, times, words.format(n=times)))
                return True
    return False


def _off_by(
    file: str,
    piece: Piece,
    found: Sequence[tuple[_Figure, _Figure]],
    times: int,
    words: str,
) -> Problem:
    """A form of which figures are so many times as large or as small as others'."""
    one, other = found[0]
    what = _(
        "核实金额单位：没有写，按表样读时有 {count} 个数与其他表差 {n} 倍，例如 {other} 的同一个数{words}"
    ).format(count=len(found), n=times, other=f"{other.sheet}/{other.cell}", words=words)
    at = At(file, sheet=one.sheet, cell=one.cell)
    return Problem(piece.table.table, at, what, _("写明单位，例如 单位：元"))


def _agreeing(
    own: Sequence[_Figure], others: Sequence[_Figure], values: Sequence[float], factor: float
) -> list[tuple[_Figure, _Figure]]:
    """Different figures that are others' so many times over, as closely as both are printed."""
    found: dict[float, tuple[_Figure, _Figure]] = {}
    for figure in own:
        wanted = figure.value * factor
        least = wanted - figure.place * factor
        for at in range(bisect_left(values, least), len(values)):
            gap = max(figure.place * factor, others[at].place)
            if values[at] > wanted + gap:
                break
            if abs(values[at] - wanted) <= gap * 0.51 and wanted >= SIGNIFICANT * gap:
                found.setdefault(figure.value, (figure, others[at]))
                break
    return list(found.values())


def _figures(piece: Piece) -> Iterator[_Figure]:
    said = dict(piece.layout.units)
    for index, name in enumerate(piece.columns):
        column = piece.table.column(name)
        if column is None or column.type is not ColumnType.MONEY:
            continue
        factor = float(UNITS[said.get(name) or column.unit or MONEY_UNITS[0]])
        for number, row in enumerate(piece.rows):
            value = _number(row[index])
            if value > 0:
                yield _Figure(
                    value * factor,
                    factor / 100,
                    piece.sheet.name,
                    address(*piece.place(number, index)),
                )


def _number(value: Raw) -> float:
    """A figure as it is typed; 0 for what is none, which agrees with nothing."""
    if isinstance(value, str):
        try:
            return float(value.replace(",", ""))
        except ValueError:
            return 0.0
    return abs(float(value)) if isinstance(value, (int, float)) else 0.0


__all__ = ["unsaid_units"]
