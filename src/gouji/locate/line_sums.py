"""The condition of a sum over lines of a table -> the codes of the lines that it takes in."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.expression import nodes as n


@dataclass(frozen=True, slots=True)
class LineSum:
    """The sum of a column over the lines of a table that bear one of some codes."""

    table: str
    column: str
    codes: tuple[str, ...]


def line_sum(of: n.Aggregate) -> LineSum | None:
    """A sum over lines of this year with certain codes; None where it takes in all lines, or chooses them by something else."""
    if of.func != "sum" or of.prior or of.of is not None:
        return None
    match of.where:
        case n.OneOf(n.Word(), codes) | n.OneOf(n.Figure(), codes):
            return LineSum(of.table, of.column, codes)
        case n.Compare("=", n.Word(), n.Text(code)) | n.Compare("=", n.Text(code), n.Word()):
            return LineSum(of.table, of.column, (code,))
    return None


__all__ = ["LineSum", "line_sum"]
