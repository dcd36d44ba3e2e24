"""Results of a run, whatever keeps them: laid out in DuckDB by one schema, asked for a unit, for findings, and for what another run says otherwise.

An audit has them in memory, a bulk audit in a Parquet folder (or one DuckDB file), a night in a kept run. Each knows how to lay out three relations in
a connection: `cards` and `outcomes` (wide, a row per unit; `outcomes` of 380 rules as rows would be too many) and `findings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from gouji.base import database
from gouji.base.verdict import Ground, Verdict
from gouji.results import wide_layout as w
from gouji.results.changes import BookSide, Changes, compare_sides
from gouji.results.findings import DEGREES, FindingKind
from gouji.results.rows_by_rule import RuleRow
from gouji.results.scorecard import Scorecard

Connection = duckdb.DuckDBPyConnection
# Lays out `cards` and `outcomes`, with a prefix before their names.
Lay = Callable[[Connection, str], None]
# Units of an audit that are handed to DuckDB together.
UNITS_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome in codes and numbers: points are None for a relation, `score` while open; `found` says whether it is a finding."""

    unit: str
    code: str
    verdict: Verdict
    score: Decimal | None
    low: Decimal | None
    high: Decimal | None
    self_score: Decimal | None
    ground: Ground | None
    found: bool


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding about a unit's figures."""

    unit: str
    code: str
    kind: FindingKind
    severity: str


@dataclass(frozen=True, slots=True)
class Results:
    """Results of one run under the rules in force; made by `in_memory`, `of_folder` and `of_kept_run`."""

    rules: tuple[RuleRow, ...]
    lay: Lay

    def unit(self, code: str) -> tuple[OutcomeRow, ...]:
        """The outcomes of one unit in the order of the rules; none where there is no such unit."""
        return tuple(self._rows(f"{w.quoted(w.UNIT)} = {w.literal(code)}"))

    def outcomes(self) -> Iterator[OutcomeRow]:
        """Units × rules of them, none dropped; in the order of units and of rules."""
        return self._rows("true")

    def findings(self) -> Iterator[FindingRow]:
        """Relations that are 不平 and scores that differ from the unit's own, in the order of units and of rules."""
        by_code = {rule.code: rule for rule in self.rules}
        for row in self._rows("true", "found"):
            rule = by_code[row.code]
            kind = FindingKind.TIE_OUT if rule.kind == "tie_out" else FindingKind.DIFFERENCE
            yield FindingRow(row.unit, row.code, kind, severity_of(rule))

    def compare(self, other: Results, listed: int | None = None) -> Changes:
        """What the other run says otherwise; at most so many units are `listed`, those first whose score moved most."""
        return compare_sides(
            BookSide(self.rules, self.lay), BookSide(other.rules, other.lay), listed
        )

    def _rows(self, where: str, wanted: str = "true") -> Iterator[OutcomeRow]:
        places = {rule.code: number for number, rule in enumerate(self.rules)}
        with closing(connect()) as con:
            self.lay(con, "")
            long = w.long_rows("outcomes", self.rules, where)
            result = con.execute(f"SELECT * FROM ({long}) WHERE {wanted} ORDER BY unit")
            unit, held = "", list[OutcomeRow]()
            while rows := result.fetchmany(5_000):
                for row in map(_outcome, rows):
                    if row.unit != unit:
                        yield from sorted(held, key=lambda o: places[o.code])
                        unit, held = row.unit, []
                    held.append(row)
            yield from sorted(held, key=lambda o: places[o.code])


def _outcome(row: Sequence[Any]) -> OutcomeRow:
    unit, code, verdict, score, low, high, own, ground, found = row
    return OutcomeRow(
        unit,
        code,
        Verdict(verdict),
        score,
        low,
        high,
        own,
        Ground(ground) if ground is not None else None,
        found,
    )


def severity_of(rule: RuleRow) -> str:
    """The degree of a finding of that rule."""
    return rule.severity or DEGREES[FindingKind.DIFFERENCE].value


def connect() -> Connection:
    """A database for asking results, in memory."""
    return database.connect(database.DEEP)


def in_memory(rules: tuple[RuleRow, ...], cards: Sequence[Scorecard]) -> Results:
    """The results of an audit: its scorecards, gone through once whenever they are laid out."""

    def lay(con: Connection, before: str) -> None:
        types = dict(w.CARD)
        for rule in rules:
            types |= w.columns_of(rule)
        table = w.quoted(before + "outcomes")
        columns = ", ".join(f"{w.quoted(name)} {kind}" for name, kind in types.items())
        con.execute(f"CREATE TEMP TABLE {table} ({columns})")
        for start in range(0, len(cards), UNITS_AT_A_TIME):
            rows = [_wide(card) for card in cards[start : start + UNITS_AT_A_TIME]]
            lists = [[row.get(name) for row in rows] for name in types]
            asked = ", ".join(f"unnest(?::VARCHAR[])::{kind}" for kind in types.values())
            con.execute(f"INSERT INTO {table} SELECT {asked}", lists)
        shown = ", ".join(map(w.quoted, w.CARD))
        con.execute(f"CREATE TEMP VIEW {w.quoted(before + 'cards')} AS SELECT {shown} FROM {table}")

    return Results(rules, lay)


def _wide(card: Scorecard) -> dict[str, str | None]:
    t = card.totals
    made: dict[str, object] = {
        w.UNIT: card.unit,
        w.NAME: card.name,
        w.SCORE: t.score,
        w.LOW: t.low,
        w.HIGH: t.high,
        w.SELF: t.self_score,
        w.GRADE: t.grade,
        w.GRADE_LOW: t.grade_low,
        w.GRADE_HIGH: t.grade_high,
        w.OWN_GRADE: t.own_grade,
        **{word: t.grounds[ground] for ground, word in w.GROUNDS.items()},
    }
    made |= _lines(card)
    for found in (*card.tie_outs, *card.table_rules):
        made[found.rule.code + w.VERDICT] = found.outcome.verdict.value
    return {name: None if value is None else str(value) for name, value in made.items()}


def _lines(card: Scorecard) -> dict[str, object]:
    """The columns of the criteria."""
    made: dict[str, object] = {}
    differing = {line.rule.code for line in card.differing}
    for line in card.lines:
        code, o = line.rule.code, line.outcome
        made |= {
            code + w.VERDICT: o.verdict.value,
            code + w.POINTS: o.score,
            code + w.LEAST: o.low,
            code + w.MOST: o.high,
            code + w.OWN: o.self_score,
            code + w.RESTS_ON: w.GROUNDS[o.ground],
            code + w.DIFFERS: code in differing,
        }
    return made
