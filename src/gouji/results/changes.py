"""Two results -> Changes: which outcomes, scores, grades and findings differ, by rule and by unit. Codes and numbers; no sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from gouji.base.database import DEEP, connect
from gouji.base.verdict import DEGREES, FindingKind
from gouji.results import wide_layout as w
from gouji.results.rows_by_rule import RuleRow

Connection = duckdb.DuckDBPyConnection
ZERO = Decimal("0.00")
# Units whose wide rows of both sides are held against each other in one statement.
UNITS_AT_A_TIME = 20_480


@dataclass(frozen=True, slots=True)
class BookSide:
    """One of the two: its rules in force, and what lays out its `cards` and `outcomes` in a connection under a prefix."""

    rules: tuple[RuleRow, ...]
    lay: Callable[[Connection, str], None]


@dataclass(frozen=True, slots=True)
class RuleShift:
    """What one rule does otherwise. `units` whose outcome differs in any way, `points` by which it moves all scores together, `moves` of verdicts
    (None: the rule, or the unit, is not there), units whose finding is `new` or `gone`."""

    code: str
    was: RuleRow | None
    now: RuleRow | None
    units: int
    points: Decimal
    moves: tuple[tuple[str | None, str | None, int], ...]
    new: int
    gone: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands: points of the full mark, and grades (None where there are none)."""

    score: Decimal
    low: Decimal
    high: Decimal
    grade: str | None
    grade_low: str | None
    grade_high: str | None


@dataclass(frozen=True, slots=True)
class UnitShift:
    """One unit that differs. `by_rule`: points by which each rule moves its score, the largest first; `new` and `gone`: codes of findings."""

    unit: str
    name: str
    was: Standing | None
    now: Standing | None
    by_rule: tuple[tuple[str, Decimal], ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def points(self) -> Decimal:
        """By how much the score moves; 0 where a side does not know the unit."""
        return self.now.score - self.was.score if self.was and self.now else ZERO

    @property
    def rest(self) -> Decimal:
        """What of that no rule moves by itself: the totals are put in proportion where what does not apply is left out."""
        return self.points - sum((points for _code, points in self.by_rule), ZERO)

    @property
    def crosses(self) -> bool:
        """Whether its grade is another."""
        return (self.was and self.was.grade) != (self.now and self.now.grade)


@dataclass(frozen=True, slots=True)
class Total:
    """One side over all its units; findings by degree."""

    units: int
    outcomes: int
    score_sum: Decimal
    degrees: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Changes:
    """`rules` that differ for some unit, in the order of codes; `units` that differ (at most as many as were asked for, those first that cross a grade,
    then those whose score moves most; `units_changed` counts them all); `grades`: units by grade before and after."""

    was: Total
    now: Total
    outcomes_changed: int
    rules: tuple[RuleShift, ...]
    units_changed: int
    units: tuple[UnitShift, ...]
    grades: tuple[tuple[str | None, str | None, int], ...]

    @property
    def crossing(self) -> int:
        """How many units have another grade."""
        return sum(count for was, now, count in self.grades if was != now)


def compare_sides(before: BookSide, after: BookSide, listed: int | None = None) -> Changes:
    """Compare in a database in memory."""
    with closing(connect(DEEP)) as con:
        return compare_in(con, before, after, listed)


def compare_in(
    con: Connection, before: BookSide, after: BookSide, listed: int | None = None
) -> Changes:
    """Compare in a connection of the caller's, which knows how much memory there is."""
    before.lay(con, "a_")
    after.lay(con, "b_")
    own, other = ({rule.code: rule for rule in side.rules} for side in (before, after))
    codes = sorted(own.keys() | other.keys())
    _move(con, codes, own, other)
    _join_cards(con)
    ((count,),) = con.execute("SELECT count(*) FROM moved").fetchall()
    ((units_changed,),) = con.execute("SELECT count(*) FROM shifted").fetchall()
    return Changes(
        _total(con, "a", before.rules),
        _total(con, "b", after.rules),
        int(count),
        tuple(_rules(con, codes, own, other)),
        int(units_changed),
        tuple(_units(con, codes, listed)),
        tuple(con.execute("SELECT was, now, n FROM grades ORDER BY ALL").fetchall()),
    )


def _move(
    con: Connection, codes: Sequence[str], own: Mapping[str, RuleRow], other: Mapping[str, RuleRow]
) -> None:
    """The table `moved`: a row per unit and rule whose outcome differs, rules by their place in `codes`."""
    con.execute(
        "CREATE TEMP TABLE moved (unit VARCHAR, rule INTEGER, was VARCHAR, now VARCHAR,"
        " points DECIMAL(9,2), found_was BOOLEAN, found_now BOOLEAN)"
    )
    unit = w.quoted(w.UNIT)
    ends = con.execute(
        f"SELECT min(u), max(u) FROM (SELECT u, (row_number() OVER (ORDER BY u) - 1) // {UNITS_AT_A_TIME} AS part"
        f" FROM (SELECT {unit} AS u FROM a_outcomes UNION SELECT {unit} FROM b_outcomes)) GROUP BY part ORDER BY 1"
    ).fetchall()
    differing = _differing(con, codes, own, other)
    tests = [
        _moved(number, own.get(codes[number]), other.get(codes[number])) for number in differing
    ]
    if not tests:
        return
    for low, high in ends:
        some = f"WHERE {unit} BETWEEN {w.literal(str(low))} AND {w.literal(str(high))}"
        con.execute(
            f"INSERT INTO moved SELECT unit, unnest(o, max_depth := 2) FROM ("
            f"SELECT coalesce(a.{unit}, b.{unit}) AS unit,"
            f" unnest(list_filter([{', '.join(tests)}], lambda o : o IS NOT NULL)) AS o"
            f" FROM (FROM a_outcomes {some}) AS a FULL JOIN (FROM b_outcomes {some}) AS b ON a.{unit} = b.{unit})"
        )


def _differing(
    con: Connection, codes: Sequence[str], own: Mapping[str, RuleRow], other: Mapping[str, RuleRow]
) -> list[int]:
    """The places in `codes` of rules whose outcomes may differ: of all, unless rows of the same units lie side by side, which shows in one pass over
    both sides. Making a list of what differs takes far longer, and mostly a few rules do."""
    every, unit = list(range(len(codes))), w.quoted(w.UNIT)
    tests = [
        f"count(*) FILTER ({_differs(*_sides(own.get(code), other.get(code)))})" for code in codes
    ]
    if not tests:
        return every
    apart, *counts = con.execute(
        f"SELECT count(*) FILTER (a.{unit} IS DISTINCT FROM b.{unit}), {', '.join(tests)}"
        " FROM a_outcomes AS a POSITIONAL JOIN b_outcomes AS b"
    ).fetchall()[0]
    return (
        every if apart else [number for number, count in zip(every, counts, strict=True) if count]
    )


def _sides(was: RuleRow | None, now: RuleRow | None) -> tuple[_Cells, _Cells]:
    unit = w.quoted(w.UNIT)
    return _Cells("a", was, f"a.{unit} IS NOT NULL"), _Cells("b", now, f"b.{unit} IS NOT NULL")


def _differs(before: _Cells, after: _Cells) -> str:
    return " OR ".join(
        f"{one} IS DISTINCT FROM {two}"
        for one, two in zip(before.compared(), after.compared(), strict=True)
    )


def _moved(number: int, was: RuleRow | None, now: RuleRow | None) -> str:
    """A struct where the outcomes of one rule differ, NULL where they do not."""
    before, after = _sides(was, now)
    differs = _differs(before, after)
    points = f"({after.points()} - {before.points()})::DECIMAL(9,2)"
    return (
        f"CASE WHEN {differs} THEN {{'rule': {number}, 'was': {before.verdict()}, 'now': {after.verdict()},"
        f" 'points': {points}, 'found_was': {before.found()}, 'found_now': {after.found()}}} END"
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """What a wide row says of one rule, as SQL; of a rule that is not there nothing."""

    side: str
    rule: RuleRow | None
    there: str

    def verdict(self) -> str:
        return self._cell(w.VERDICT, "VARCHAR") if self.rule else "NULL::VARCHAR"

    def points(self) -> str:
        """What it adds to the score: of what is open the points that nothing can take away any more."""
        if self.rule is None or self.rule.kind == "tie_out":
            return "0::DECIMAL(9,2)"
        cells = (self._cell(end, "DECIMAL(9,2)") for end in (w.POINTS, w.LEAST))
        return f"coalesce({', '.join(cells)}, 0::DECIMAL(9,2))"

    def found(self) -> str:
        return w.found_test(self.rule, self.side) if self.rule else "false"

    def compared(self) -> Iterator[str]:
        """Verdict, points with their range, ground, whether it is a finding."""
        scored = self.rule is not None and self.rule.kind == "criterion"
        yield self.verdict()
        for end in (w.POINTS, w.LEAST, w.MOST):
            yield self._cell(end, "DECIMAL(9,2)") if scored else "NULL::DECIMAL(9,2)"
        yield self._cell(w.RESTS_ON, "VARCHAR") if scored else "NULL::VARCHAR"
        yield self.found()

    def _cell(self, end: str, kind: str) -> str:
        assert self.rule is not None
        return f"{self.side}.{w.quoted(self.rule.code + end)}::{kind}"


def _join_cards(con: Connection) -> None:
    """Tables `shifted` (a row per unit that differs) and `grades`."""
    fields = {
        "score": w.SCORE,
        "low": w.LOW,
        "high": w.HIGH,
        "grade": w.GRADE,
        "grade_low": w.GRADE_LOW,
        "grade_high": w.GRADE_HIGH,
    }
    unit, name = w.quoted(w.UNIT), w.quoted(w.NAME)
    shown = ", ".join(
        f"{side}.{w.quoted(column)} AS {before}_{field}"
        for side, before in (("a", "was"), ("b", "now"))
        for field, column in fields.items()
    )
    same = " OR ".join(
        f"a.{w.quoted(column)} IS DISTINCT FROM b.{w.quoted(column)}" for column in fields.values()
    )
    joined = f"a_cards AS a FULL JOIN b_cards AS b ON a.{unit} = b.{unit}"
    con.execute(
        f"CREATE TEMP TABLE shifted AS SELECT coalesce(a.{unit}, b.{unit}) AS unit, coalesce(b.{name}, a.{name}) AS name,"
        f" a.{unit} IS NOT NULL AS is_was, b.{unit} IS NOT NULL AS is_now, {shown} FROM {joined}"
        f" WHERE {same} OR coalesce(a.{unit}, b.{unit}) IN (SELECT unit FROM moved)"
        f" OR a.{unit} IS NULL OR b.{unit} IS NULL"
    )
    grade = w.quoted(w.GRADE)
    con.execute(
        f"CREATE TEMP TABLE grades AS SELECT a.{grade} AS was, b.{grade} AS now, count(*) AS n FROM {joined} GROUP BY ALL"
    )


def _total(con: Connection, side: str, rules: tuple[RuleRow, ...]) -> Total:
    ((units, score),) = con.execute(
        f"SELECT count(*), coalesce(sum({w.quoted(w.SCORE)}), 0) FROM {side}_cards"
    ).fetchall()
    degrees: dict[str, int] = {}
    if rules:
        counts = ", ".join(f"count(*) FILTER ({w.found_test(rule)})" for rule in rules)
        (found,) = con.execute(f"SELECT {counts} FROM {side}_outcomes").fetchall()
        for rule, count in zip(rules, found, strict=True):
            degree = rule.severity or DEGREES[FindingKind.DIFFERENCE].value
            degrees[degree] = degrees.get(degree, 0) + int(count)
    return Total(int(units), int(units) * len(rules), Decimal(score).quantize(ZERO), degrees)


def _rules(
    con: Connection, codes: Sequence[str], own: Mapping[str, RuleRow], other: Mapping[str, RuleRow]
) -> Iterator[RuleShift]:
    moves: dict[int, list[tuple[str | None, str | None, int]]] = {}
    for rule, was, now, count in con.execute(
        "SELECT rule, was, now, count(*) FROM moved WHERE was IS DISTINCT FROM now GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        moves.setdefault(rule, []).append((was, now, count))
    for rule, units, points, new, gone in con.execute(
        "SELECT rule, count(*), sum(points), count(*) FILTER (found_now AND NOT found_was),"
        " count(*) FILTER (found_was AND NOT found_now) FROM moved GROUP BY 1 ORDER BY 1"
    ).fetchall():
        code = codes[rule]
        yield RuleShift(
            code,
            own.get(code),
            other.get(code),
            units,
            Decimal(points).quantize(ZERO),
            tuple(moves.get(rule, ())),
            new,
            gone,
        )


def _units(con: Connection, codes: Sequence[str], listed: int | None) -> Iterator[UnitShift]:
    chosen = (
        "SELECT * FROM shifted ORDER BY was_grade IS NOT DISTINCT FROM now_grade,"
        f" abs(coalesce(now_score - was_score, 0)) DESC, unit {f'LIMIT {listed}' if listed is not None else ''}"
    )
    con.execute(f"CREATE TEMP TABLE listed AS {chosen}")
    by_unit: dict[str, list[tuple[Any, ...]]] = {}
    for unit, *row in con.execute(
        "SELECT unit, rule, points, found_was, found_now FROM moved WHERE unit IN (SELECT unit FROM listed)"
        " AND (points <> 0 OR found_was <> found_now) ORDER BY unit, abs(points) DESC, rule"
    ).fetchall():
        by_unit.setdefault(unit, []).append(tuple(row))
    for unit, name, is_was, is_now, *cells in con.execute("SELECT * FROM listed").fetchall():
        moved = by_unit.get(unit, [])
        yield UnitShift(
            unit,
            name or "",
            Standing(*_points(cells[:6])) if is_was else None,
            Standing(*_points(cells[6:])) if is_now else None,
            tuple((codes[rule], points) for rule, points, _was, _now in moved if points),
            tuple(sorted(codes[rule] for rule, _points, was, now in moved if now and not was)),
            tuple(sorted(codes[rule] for rule, _points, was, now in moved if was and not now)),
        )


def _points(cells: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(ZERO if x is None else x for x in cells[:3]) + tuple(cells[3:])
