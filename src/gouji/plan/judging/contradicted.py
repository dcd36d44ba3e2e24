"""Which criteria rest on figures that a relation contradicts -> tests over the verdicts of relations. `judge.doubt` says the same in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from gouji.base.verdict import Verdict
from gouji.plan.brief.per_table import Summary
from gouji.plan.brief.usual import CLEAN
from gouji.plan.columns import Columns
from gouji.plan.fold import missing
from gouji.plan.judging.openness import verdict
from gouji.plan.judging.outcome_cases import Doubt
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.shapes import Sql
from gouji.rules import ResolvedBook, contesting

# The bits of a whole number of 64 that stay clear of its sign.
BITS = 62


def add_doubts(book: ResolvedBook, columns: Columns) -> dict[str, Doubt]:
    """Of each criterion that relations may contradict, the tests; the relations' columns are there already (of a brief plan, their summaries too)."""
    groups: dict[tuple[str, ...], str] = {}
    by_code = contesting(book)
    for code, of in by_code.items():
        for name, codes in (
            (f"{code}.doubt", of.every),
            (f"{code}.doubt_left_out", of.left_out),
            (f"{code}.doubt_whole", of.whole),
        ):
            if codes:
                groups.setdefault(codes, name)
    made = (
        _brief(groups, columns)
        if columns.brief
        else {codes: sql.any_of([_off(c) for c in codes]) for codes in groups}
    )
    columns_of = {
        codes: columns.define(groups[codes], test, "BOOLEAN") for codes, test in made.items()
    }
    return {
        code: Doubt(
            columns_of[of.every],
            columns_of.get(of.left_out, exp.false()),
            columns_of.get(of.whole, exp.false()),
            of.row_ends,
        )
        for code, of in by_code.items()
    }


def _off(code: str) -> Sql:
    return sql.binary(exp.EQ, sql.column(f"{code}.verdict"), verdict(Verdict.UNBALANCED))


def _brief(groups: Mapping[tuple[str, ...], str], columns: Columns) -> dict[tuple[str, ...], Sql]:
    """Of a brief plan: nothing is in doubt where nothing is off."""
    lent = [_Lent(summary, list(groups)) for summary in columns.summaries]
    made = {}
    for codes in groups:
        own = [
            _true(test) for code in codes if isinstance(test := columns.off.get(code), exp.Column)
        ]
        tests = [*own, *(test for of in lent if (test := of.test(codes)) is not None)]
        made[codes] = sql.case([(sql.column(CLEAN), exp.false())], sql.any_of(tests))
    return made


def _true(test: Sql) -> Sql:
    return sql.function(exp.Coalesce, test, exp.false())


@dataclass(frozen=True, slots=True)
class _Group:
    """Some relations of one table: whether one of them is off, below, and where the table has no row."""

    here: Sql
    nothing: Sql


def _group(codes: Iterable[str], summary: Summary) -> _Group | None:
    """The relations among some that one table judges by itself; None where it judges none of them."""
    found = (summary.columns.off.get(code) for code in codes)
    tests = [test for test in found if isinstance(test, exp.Column)]
    if not tests:
        return None
    asked = (summary.without(test) for test in tests)
    without = [test for test in asked if not missing(test) and test != exp.false()]
    return _Group(*(sql.any_of([_true(t) for t in some]) for some in (tests, without)))


class _Lent:
    """What one table hands on: a bit for each group of relations, set where one of those of the table is off."""

    def __init__(self, summary: Summary, groups: Sequence[tuple[str, ...]]) -> None:
        made = ((codes, _group(codes, summary)) for codes in groups)
        self.summary = summary
        self.groups = {codes: group for codes, group in made if group is not None}
        self.places = {codes: divmod(i, BITS) for i, codes in enumerate(self.groups)}
        for number in range(-(-len(self.groups) // BITS)):
            bits = [
                sql.case(
                    [(of.here, sql.cast(sql.whole(2 ** self.places[codes][1]), "BIGINT"))],
                    sql.cast(sql.whole(0), "BIGINT"),
                )
                for codes, of in self.groups.items()
                if self.places[codes][0] == number
            ]
            summary.lend(f"doubts{number}", sql.total(bits), sql.cast(sql.whole(0), "BIGINT"))

    def test(self, codes: tuple[str, ...]) -> Sql | None:
        """Whether a relation of the group is off, above; None where none is of this table."""
        if codes not in self.groups:
            return None
        number, place = self.places[codes]
        mask = self.summary.lent(f"doubts{number}")
        moved = exp.BitwiseRightShift(this=mask, expression=sql.whole(place)) if place else mask
        bit = exp.BitwiseAnd(
            this=exp.Paren(this=moved) if place else moved, expression=sql.whole(1)
        )
        return sql.case(
            [(sql.is_null(mask), self.groups[codes].nothing)],
            sql.binary(exp.EQ, exp.Paren(this=bit), sql.whole(1)),
        )
