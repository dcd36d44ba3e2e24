"""The order of rules, of a form's lines and of units says nothing: what is located stays the same."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.app.locating import case_of
from gouji.locate import locate
from gouji.locate.planting import Plant
from gouji.rules.locate_file import USUAL
from test_locate_lines import units  # noqa: F401

SPENT = "支出决算表"
FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def with_lines_in(cells, table, order):
    """The cells of a unit with the lines of a table in another order: line `order[n]` becomes line n."""
    place = {was: now for now, was in enumerate(order)}

    def moved(ref):
        return replace(ref, row=place[ref.row]) if ref.table == table and not ref.prior else ref

    rows = cells.figures.many[table]
    return replace(
        cells,
        figures=replace(
            cells.figures, many={**cells.figures.many, table: tuple(rows[n] for n in order)}
        ),
        sent={moved(ref): cell for ref, cell in cells.sent.items()},
        lineage={
            moved(ref): terms and tuple((moved(at), c) for at, c in terms)
            for ref, terms in cells.lineage.items()
        },
        failing_rows={},
    )


def with_rules_in(cells, rng):
    """The cells of a unit under a book whose rules stand in another order."""
    book = cells.book
    return replace(
        cells,
        book=replace(
            book,
            tie_outs=tuple(rng.sample(book.tie_outs, len(book.tie_outs))),
            table_rules=tuple(rng.sample(book.table_rules, len(book.table_rules))),
        ),
        failing_rows={},
    )


def answers(located, back):
    """What is said of each cause, lines numbered as they were."""
    return {
        (
            cause.codes,
            cause.certain,
            cause.whole,
            frozenset(
                frozenset(
                    (back(c.cell), c.printed, c.proposed, c.low, c.high, c.equations)
                    for c in answer
                )
                for answer in cause.answers
            ),
        )
        for cause in located.causes
    }


def planted(unit, number):
    """A unit with one digit too many in one of the cells of a form that have two equations or more."""
    read = [r for r in unit.read if r.table == SPENT and unit.equations[r] >= 2]
    ref = read[number % len(read)]
    return unit.planted(Plant(USUAL.slips[0], {ref: unit.soil.figures[ref].value * 10}))


@FEW
@given(st.randoms(use_true_random=False), st.integers(0, 999))
def test_lines_and_rules_in_any_order(units, rng, number):  # noqa: F811
    cells, codes = planted(units["X024"], number)
    order = rng.sample(range(lines := len(cells.figures.many[SPENT])), lines)
    turned = with_rules_in(with_lines_in(cells, SPENT, order), rng)

    def back(ref):
        return replace(ref, row=order[ref.row]) if ref.table == SPENT and not ref.prior else ref

    before = locate(case_of(cells, codes))
    after = locate(case_of(turned, codes))
    assert before.causes and after.unexplained == before.unexplained
    assert answers(after, back) == answers(before, lambda ref: ref)


@FEW
@given(st.randoms(use_true_random=False), st.integers(0, 999))
def test_rules_in_any_order_change_no_byte(units, rng, number):  # noqa: F811
    cells, codes = planted(units["X024"], number)
    turned = with_rules_in(cells, rng)
    assert repr(locate(case_of(turned, codes))) == repr(locate(case_of(cells, codes)))


@pytest.mark.parametrize("names", [("X008", "X018", "X024"), ("X024", "X008", "X018")])
def test_units_in_any_order_change_no_byte(units, names):  # noqa: F811
    """Nothing is carried over from one unit to the next."""
    alone = {name: repr(locate(case_of(*planted(units[name], 3)))) for name in sorted(names)}
    assert {name: repr(locate(case_of(*planted(units[name], 3)))) for name in names} == alone
    assert all(Fraction.__name__ in said for said in alone.values())
