"""An expression and one unit's figures -> its parts: each figure with its sign, its slack and its place; the difference and what rounding allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from gouji.base.i18n import _, labelled
from gouji.base.outcome import CriterionOutcome, Span, TieOutcome
from gouji.expression import is_text, linear, named, number
from gouji.expression import nodes as n
from gouji.report.method_working import measured_words
from gouji.report.unit.figure_teller import Used
from gouji.report.unit.working import WorkingTeller
from gouji.report.wording import (
    ValueShape,
    difference_words,
    places_apart,
    shape_of,
    shape_of_sides,
    shown,
    span_line,
)
from gouji.rules import Criterion

PLACES_AT_MOST = 12
_NUMBER = re.compile(r"(-?[0-9,]+)(\.[0-9]+)?(.*)")
Side = Literal["", "left", "right", "top", "bottom"]


@dataclass(frozen=True, slots=True)
class OutcomeTerm:
    """One figure: on which side of the relation (or of the fraction), with which sign, as printed, half its last place, exactly, where it stood."""

    side: Side
    sign: str
    name: str
    printed: str
    slack: str
    exact: str
    at: str


@dataclass(frozen=True, slots=True)
class OutcomeParts:
    """The figures behind an outcome. `result` is the measured value or the recomputed side, `exact` the same as an exact number;
    `span` the interval from rounding; of a comparison also the difference and how far rounding alone may move it."""

    terms: tuple[OutcomeTerm, ...] = ()
    result: str = ""
    exact: str = ""
    span: str = ""
    difference: str = ""
    slack: str = ""


def exact_text(value: Fraction) -> str:
    """An exact number as text: a decimal where it ends, else a fraction.

    >>> exact_text(Fraction(289, 100)), exact_text(Fraction(109, 180))
    ('2.89', '109/180')
    """
    rest, places = value.denominator, 0
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest //= 10 if rest % 10 == 0 else (2 if rest % 2 == 0 else 5)
        places += 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    return f"{Decimal(int(value * 10**places)).scaleb(-places):f}"


def parts_of_measure(
    teller: WorkingTeller, rule: Criterion, measure: n.Node | None, outcome: CriterionOutcome
) -> OutcomeParts:
    """The parts of a criterion's measure: top and bottom of a quotient apart."""
    if measure is None:
        return OutcomeParts()
    if isinstance(measure, n.Arithmetic) and measure.op == "/":
        terms = (*_terms(teller, measure.left, "top"), *_terms(teller, measure.right, "bottom"))
    else:
        terms = _terms(teller, measure, "")
    shape = shape_of(measure, teller.book.tables)
    result, exact = (
        ("", "")
        if outcome.measured is None
        else (measured_words(outcome.measured, shape, rule.method), exact_text(outcome.measured))
    )
    return OutcomeParts(
        terms,
        result,
        exact,
        _span(outcome.span, shape),
    )


def parts_of_check(teller: WorkingTeller, check: n.Node, outcome: TieOutcome) -> OutcomeParts:
    """The parts of a tie-out: the stated side and the derived side, their difference and the slack of rounding; of joined conditions the failing ones."""
    wrong = teller.wrong_parts(check, outcome)
    if len(wrong) > 1:
        return OutcomeParts(tuple(t for part in wrong for t in _terms(teller, part, "")))
    check = wrong[0]
    if not isinstance(check, n.Compare) or is_text(check.left):
        return OutcomeParts(_terms(teller, check, ""))
    terms = (*_terms(teller, check.left, "left"), *_terms(teller, check.right, "right"))
    left, right = teller.exact.value(check.left), teller.exact.value(check.right)
    if left is None or right is None:
        return OutcomeParts(terms)
    return _compared(teller, check, terms, left - right, right)


def _compared(
    teller: WorkingTeller,
    check: n.Compare,
    terms: tuple[OutcomeTerm, ...],
    difference: Fraction,
    right: Fraction,
) -> OutcomeParts:
    """The parts of a comparison of which both sides are known."""
    shape = shape_of_sides(check, teller.book.tables)
    gap, ends = teller.exact.gap(check), teller.exact.interval(check.right)
    return OutcomeParts(
        terms,
        shown(right, shape, places_apart(shape, right, right + difference)),
        exact_text(right),
        _span(Span(ends.low, ends.high) if ends else None, shape, right + difference),
        difference_words(difference, shape),
        _half((gap.high - gap.low) / 2, shape) if gap else "",
    )


def _span(span: Span | None, shape: ValueShape, *beside: Fraction) -> str:
    """The interval from rounding; nothing where a figure is exact."""
    return "" if span is None or span.low == span.high else span_line(span, shape, *beside)


def places_of(teller: WorkingTeller, *nodes: n.Node) -> tuple[str, ...]:
    """Where the figures of expressions stood, in words; of very many the first."""
    return shortened(
        labelled(f"{u.name} {u.printed}", str(u.at))
        for node in nodes
        for u in teller.used(node)
        if u.at is not None
    )


def shortened(found: Iterable[str]) -> tuple[str, ...]:
    """Each place once; of very many the first, and how many there are."""
    places = tuple(dict.fromkeys(found))
    if len(places) > PLACES_AT_MOST:
        return (*places[:PLACES_AT_MOST], _("… 共 {n} 处").format(n=len(places)))
    return places


def _terms(teller: WorkingTeller, node: n.Node, side: Side) -> tuple[OutcomeTerm, ...]:
    signs = _signs(node)
    return tuple(
        t
        for leaf in (*n.leaves(node), *n.words(node))
        for t in _of_leaf(teller, leaf, side, signs.get(leaf, ""))
    )


def _signs(node: n.Node) -> dict[n.Leaf | n.Word, str]:
    """The sign of each figure where the expression is a sum of figures."""
    form = None if isinstance(node, n.CONDITIONS) or is_text(node) else linear(node)
    return {} if form is None else {leaf: _sign(c) for leaf, c in form.coefficients}


def _sign(coefficient: Fraction) -> str:
    size = "" if abs(coefficient) == 1 else f" {number(abs(coefficient))} ×"
    return ("−" if coefficient < 0 else "+") + size


def _of_leaf(
    teller: WorkingTeller, leaf: n.Leaf | n.Word, side: Side, sign: str
) -> Iterator[OutcomeTerm]:
    printed, at = teller.figure(leaf), next((u.at for u in teller.used(leaf)), None)
    if isinstance(leaf, n.Word):
        yield OutcomeTerm(side, "", named(leaf), printed, "", "", str(at or ""))
        return
    known, shape = teller.exact.leaf(leaf), shape_of(leaf, teller.book.tables)
    yield OutcomeTerm(
        side,
        sign,
        named(leaf),
        printed,
        _half(known.half, shape) if known else "",
        exact_text(known.value) if known else "",
        str(at or ""),
    )
    if isinstance(leaf, n.Aggregate):
        yield from _below(teller.used(leaf)[1:], side)


def _below(used: Sequence[Used], side: Side) -> Iterator[OutcomeTerm]:
    """The rows behind an aggregate; of very many the first."""
    for row in used[:PLACES_AT_MOST]:
        yield OutcomeTerm(side, "·", row.name, row.printed, "", "", str(row.at or ""))
    if len(used) > PLACES_AT_MOST:
        yield OutcomeTerm(side, "·", _("… 共 {n} 处").format(n=len(used)), "", "", "", "")


def _half(value: Fraction, shape: ValueShape) -> str:
    """A slack in words: how far a printed figure may lie from the true one."""
    if value == 0:
        return _("精确")
    return f"±{_trimmed(difference_words(value, shape, 4))}"


def _trimmed(text: str) -> str:
    """Without the zeros behind the last digit that says something."""
    found = _NUMBER.fullmatch(text)
    return found[1] + (found[2] or "").rstrip("0").rstrip(".") + found[3] if found else text
