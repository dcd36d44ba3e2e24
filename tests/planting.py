"""Slips planted in clean units by a seeded draw, located, and counted by kind and by number of equations. For tests and `benchmarks/locating.py`."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from gouji.app.locating import case_of
from gouji.base.verdict import Verdict
from gouji.locate import event_of, locate
from gouji.locate.planting import Plant, plants
from gouji.reference import table_rule, tie_out
from gouji.rules import ResolvedTieOut
from gouji.rules.locate_file import USUAL, How

KINDS = USUAL.slips
# Slips of several cells, and of a missing line: planted alone.
ALONE = (How.LINE, How.SHIFT, How.EXCHANGE)


@dataclass
class Planted:
    """What became of planted slips: counts by group (a kind, `equations N`, `all`), seconds of each search, the slips that were not located first."""

    counts: dict[str, Counter] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    missed: list[tuple] = field(default_factory=list)

    def count(self, groups, **found):
        for group in groups:
            self.counts.setdefault(group, Counter()).update(found)

    def share(self, word, group="all"):
        """The share of noticed slips."""
        of = self.counts.get(group, Counter())
        return of[word] / max(of["noticed"], 1)


def draw(units, rng, at_once):
    """A unit and a slip in it (or several at once as one); None where the draw gives no other figure."""
    unit = rng.choice(units)
    values, kinds, gone = {}, [], None
    for ref in rng.sample(unit.read, at_once):
        kind = rng.choice([k for k in KINDS if at_once == 1 or k.how not in ALONE])
        ways = list(plants(unit.soil, ref, kind))
        if not ways:
            return None
        plant = rng.choice(ways)
        values |= plant.values
        gone = plant.gone
        kinds.append(kind)
    return unit, kinds, Plant(kinds[0], values, gone)


def judge(unit, plant, located):
    """Whether the truth is the first answer of all causes, among the first three, and whether something false is called certain."""
    right = {ref: unit.soil.figures[ref].value for ref in plant.values}
    if plant.gone is not None:
        table, row = plant.gone
        codes = {value for value in unit.cells.figures.many[table][row].values() if value}
        own = {
            ref.column: printed.value
            for ref, printed in unit.soil.figures.items()
            if (ref.table, ref.row, ref.prior) == (table, row, False)
        }

        def true(answer):
            kind = event_of(answer)
            return (
                kind is not None
                and kind.how is How.LINE
                and all(
                    c.cell.table == table
                    and own.get(c.cell.column) == c.proposed
                    and (not c.cell.code or c.cell.code in codes)
                    for c in answer
                )
            )

        first = bool(located.causes) and all(true(c.best) for c in located.causes)
        three = bool(located.causes) and all(any(map(true, c.answers[:3])) for c in located.causes)
        wrong = any(c.certain and not true(c.best) for c in located.causes)
        return first, three, wrong
    first = {c.cell for cause in located.causes for c in cause.best} == set(right)
    among = [
        [
            {c.cell for c in answer}
            for answer in cause.answers[:3]
            if {c.cell for c in answer} <= set(right)
        ]
        for cause in located.causes
    ]
    three = (
        bool(among)
        and all(among)
        and {c for cells in among for one in cells for c in one} == set(right)
    )
    wrong = any(
        cause.certain and any(right.get(c.cell) != c.proposed for c in cause.best)
        for cause in located.causes
    )
    return first, three, wrong


def judged_again(cells, answer):
    """The rules that are 不平 with an answer, each judged whole, as `gouji audit` would say it."""
    values = {c.cell: c.proposed for c in answer}
    figures = cells.changed(values)
    rules = (*cells.book.tie_outs, *cells.book.table_rules)
    made = [
        (tie_out if isinstance(of, ResolvedTieOut) else table_rule)(
            of, cells.book, cells.unit, figures
        )
        for of in rules
    ]
    return frozenset(o.code for o in made if o.verdict is Verdict.UNBALANCED)


def noticed_alone(unit, plant):
    """Whether some rule notices each of several slips where it is the only one."""
    return all(
        unit.planted(Plant(plant.kind, {ref: value}))[1] for ref, value in plant.values.items()
    )


def planted(units, number, rng, at_once=1, seconds=None):
    """Plant so many slips that some rule notices (fewer where the time is over), and count what is located."""
    found, started = Planted(), time.monotonic()
    while found.counts.get("all", Counter())["noticed"] < number:
        if seconds is not None and time.monotonic() - started > seconds:
            break
        drawn = draw(units, rng, at_once)
        if drawn is None:
            continue
        unit, kinds, plant = drawn
        read = min((unit.equations.get(ref, 0) for ref in plant.values), default=0)
        groups = ["all", f"equations {min(read, 3)}" if plant.values else "a line"]
        groups += ["equations 2+"] if read >= 2 else []
        groups += [kinds[0].slip] if at_once == 1 else []
        cells, codes = unit.planted(plant)
        # Of several, each has to be noticed by itself: what no rule notices is counted apart.
        if not codes or (at_once > 1 and not noticed_alone(unit, plant)):
            found.count(groups, unnoticed=1)
            continue
        before = time.process_time()
        case = case_of(cells, codes)
        located = locate(case)
        found.seconds.append(time.process_time() - before)
        first, three, wrong = judge(unit, plant, located)
        found.count(
            groups,
            noticed=1,
            first=first,
            three=three,
            certain=any(c.certain for c in located.causes),
            **{"certain and wrong": wrong},
        )
        # Accepted answers, judged again by every rule whole, break nothing: of each tenth slip, for it takes longer than everything else.
        for cause in located.causes if found.counts["all"]["noticed"] % 10 == 1 else ():
            for answer in cause.answers:
                after = judged_again(cells, answer)
                found.count(["all"], again=1, broken=not after <= codes)
        if not first:
            found.missed.append((unit.cells.unit, [k.slip for k in kinds], plant, located))
    return found
