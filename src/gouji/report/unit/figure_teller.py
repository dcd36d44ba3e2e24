"""An expression and one unit's figures -> the figures as the unit printed them, with their places; the expression with them filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gouji.base.i18n import _
from gouji.base.outcome import CriterionOutcome, TieOutcome
from gouji.expression import Exact, UnitFigures, named, named_table, words
from gouji.expression import nodes as n
from gouji.intake import At, Cell, Submission, cell_of, rows_of
from gouji.report.unit.gap_words import gap_words
from gouji.report.wording import shape_of, shown_whole
from gouji.rules import ResolvedBook


@dataclass(frozen=True, slots=True)
class Used:
    """A figure that a rule read: its name, how it was printed, where it stood."""

    name: str
    printed: str
    at: At | None


class FigureTeller:
    """Tells the figures of one unit: as printed, where they stood, and what an expression is with them filled in."""

    def __init__(
        self, book: ResolvedBook, submission: Submission, figures: UnitFigures, unit: str
    ) -> None:
        self.book, self.submission, self.unit = book, submission, unit
        self.exact = Exact(figures, book.source.head.grades)

    def gaps(self, outcome: CriterionOutcome | TieOutcome) -> tuple[str, ...]:
        """Why an outcome is open, in words, with the places of rows that were set aside."""
        return gap_words(outcome.gaps, self._aside)

    def _aside(self, table: str) -> str:
        """The places of the rows of a table that were set aside: the first of them, and how many there are."""
        for prior in (False, True):
            for name, (count, places) in self.submission.aside(
                self.unit, self.book.year - prior
            ).items():
                if named_table(name, prior) == table:
                    listed = "、".join(places)
                    return (
                        listed
                        if count <= len(places)
                        else _("{places} 等 {n} 处").format(places=listed, n=count)
                    )
        return ""

    def used(self, node: n.Node | None) -> tuple[Used, ...]:
        """Every figure and text the expression reads, with its place, a cell left blank too; what is missing or not printed has no place."""
        if node is None:
            return ()
        found: list[Used] = []
        for leaf in (*n.leaves(node), *n.words(node)):
            if self._blank(leaf):
                found += _left_blank(named(leaf), self._at(leaf))
                continue
            found.append(Used(named(leaf), self.figure(leaf), self._at(leaf)))
            if isinstance(leaf, n.Aggregate):
                found.extend(self._parts(leaf))
        return tuple(found)

    def _parts(self, leaf: n.Aggregate) -> list[Used]:
        """The cells that an aggregate counted, row by row."""
        table = self.book.tables[leaf.table]
        rows = rows_of(self.submission, table, self.unit, self.book.year - leaf.prior)
        values = self.exact.figures.at(leaf.prior).many.get(leaf.table, ())
        found = []
        for row, cells in zip(rows, values, strict=True):
            chosen = (
                leaf.where is None
                or Exact(UnitFigures({leaf.table: cells})).truth(leaf.where).holds
            )
            for column in leaf.columns:
                cell = row.cells.get(column)
                if chosen and cell is not None:
                    name = f"{leaf.table}.{column}"
                    found += (
                        [Used(name, cell.printed, cell.at)]
                        if cell.printed
                        else _left_blank(name, cell.at)
                    )
        return found

    def figure(self, leaf: n.Leaf | n.Word) -> str:
        """A figure as printed, or its name in brackets when it is missing."""
        if isinstance(leaf, n.Aggregate):
            value = self.exact.value(leaf)
            return (
                shown_whole(value, shape_of(leaf, self.book.tables))
                if value is not None
                else f"〔{named(leaf)}〕"
            )
        cell = self._cell(leaf)
        if cell is None:
            return f"〔{named(leaf)}〕"
        if self._blank(leaf):
            return "0"
        unit = cell.unit or ""
        return (
            cell.printed
            if cell.printed.endswith(unit) or unit in ("1", "分")
            else cell.printed + unit
        )

    def _cell(self, leaf: n.Figure | n.Word) -> Cell | None:
        year = self.book.year - leaf.prior
        return cell_of(self.submission, self.book.tables, self.unit, year, leaf.table, leaf.column)

    def _at(self, leaf: n.Leaf | n.Word) -> At | None:
        if isinstance(leaf, n.Aggregate):
            return None
        cell = self._cell(leaf)
        return cell.at if cell else None

    def _blank(self, leaf: n.Node) -> bool:
        """Whether it is a cell that was left blank and counts as zero."""
        if not isinstance(leaf, n.Figure):
            return False
        cell = self._cell(leaf)
        return cell is not None and not cell.printed

    def expression(self, node: n.Node) -> str:
        """The expression with numbers for names; of a `case` only the branch that was taken, of a sum only what was not left blank."""
        return words(self._taken(node), self.figure)

    def _taken(self, node: n.Node) -> n.Node:
        match node:
            case n.Case():
                branch = self.exact.branch(node)
                return self._taken(branch) if branch is not None else node
            case n.Arithmetic("+" | "-" as op, left, right):
                first, second = self._taken(left), self._taken(right)
                if self._blank(second):
                    return first
                return (
                    second
                    if op == "+" and self._blank(first)
                    else replace(node, left=first, right=second)
                )
            case (
                n.Arithmetic(_, left, right)
                | n.Compare(_, left, right)
                | n.Both(left, right)
                | n.Either(left, right)
            ):
                return replace(node, left=self._taken(left), right=self._taken(right))
            case n.Negate(of) | n.Absolute(of) | n.Not(of):
                return replace(node, of=self._taken(of))
        return node


def _left_blank(name: str, at: At | None) -> list[Used]:
    """A cell left blank that counts as zero; nothing where the sheet does not print it."""
    return (
        [Used(name, _("空，按 0 计"), at)] if at is not None and (at.cell or not at.sheet) else []
    )
