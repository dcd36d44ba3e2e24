"""A finding of one unit -> the places of the figures involved: of a relation all that it read, of a rule over rows those of the rows that fail."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.base.i18n import clauses
from gouji.base.outcome import RuleSpot
from gouji.base.verdict import Verdict
from gouji.expression import nodes as n
from gouji.intake import At, UnitLineage, rows_of
from gouji.reference import spots
from gouji.report.unit.spots import RowsOf, spot_rows
from gouji.report.unit.working import WorkingTeller
from gouji.report.wording import differing_words
from gouji.results import Finding, Line
from gouji.rules import ResolvedRollUp, ResolvedTableRule


class Cited:
    """Where the figures of one unit's findings stand, and their working."""

    def __init__(self, teller: WorkingTeller) -> None:
        self.teller, self.book = teller, teller.book
        self.checks = {t.code: t.check for t in self.book.tie_outs}
        self.tables = {t.code: t for t in self.book.table_rules}

    def places(self, finding: Finding) -> tuple[At, ...]:
        """The place of every figure involved, once each."""
        code = finding.rule.code
        if code in self.checks:
            return tuple(
                dict.fromkeys(u.at for u in self.teller.used(self.checks[code]) if u.at is not None)
            )
        return tuple(dict.fromkeys(self._in_rows(self.tables[code])))

    def working(self, finding: Finding) -> str:
        """The working in one line; of a rule over rows, its failing rows."""
        code = finding.rule.code
        if code in self.checks:
            return self.teller.tie_out(self.checks[code], finding.outcome)
        return clauses(
            row.line
            for row in spot_rows(self.teller, self.tables[code])
            if row.verdict == Verdict.UNBALANCED
        )

    def differing(self, line: Line) -> tuple[str, tuple[At, ...]]:
        """Of a criterion that the unit scored otherwise: both scores with the working, and the places of what it read."""
        measure = next(c.measure for c in self.book.criteria if c.code == line.rule.code)
        working = self.teller.criterion(line.rule, measure, line.outcome)
        places = tuple(dict.fromkeys(u.at for u in self.teller.used(measure) if u.at is not None))
        return differing_words(line.outcome.self_score, line.outcome.score, working), places

    def _failing(self, of: ResolvedTableRule) -> list[RuleSpot]:
        return [
            s
            for s in spots(of, self.book, self.teller.exact.figures)
            if s.verdict is Verdict.UNBALANCED
        ]

    def _in_rows(self, of: ResolvedTableRule) -> Iterator[At]:
        rows = RowsOf(
            of, rows_of(self.teller.submission, of.table, self.teller.unit, self.book.year)
        )
        for spot in self._failing(of):
            chosen = rows.at(spot.row)
            columns = (
                [spot.column]
                if isinstance(of, ResolvedRollUp)
                else [leaf.column for leaf in (*n.leaves(of.check), *n.words(of.check))]
            )
            if of.table.derived is not None:
                t, b = self.teller, self.book
                lineage = UnitLineage(t.submission, b.tables, t.unit, b.year)
                made = (
                    lineage.own_cells(of.table, row, name) for row in chosen for name in columns
                )
                yield from (cell.at for cells in made for _name, cell in cells)
                continue
            yield from (
                cell.at
                for row in chosen
                for name in columns
                if (cell := row.cells.get(name)) is not None
            )
