"""A quantity of the plan -> a decimal number of SQL."""

from __future__ import annotations

from sqlglot import exp

from gouji.plan.engine.sql_engines import DUCKDB, compiling_for
from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.rational import Quantity, TooManyDigits
from gouji.plan.sql.shapes import Sql

PLACES = 6


def decimal(of: Quantity) -> Sql:
    """A quantity as DECIMAL(38, 6), halves away from zero; fewer places where six would not fit, NULL where none would."""
    # As many places on every engine: what does not fit another one is refused there.
    with compiling_for(DUCKDB):
        places = next((n for n in range(PLACES, -1, -1) if _fits(of, n)), None)
    if places is not None:
        whole = _shifted(of, places)
        signed = sql.case(
            [(q.compare_whole("<", of.num, q.literal(0)), exp.Neg(this=exp.Paren(this=whole)))],
            whole,
        )
        step = (
            exp.Literal.number("0." + "0" * (places - 1) + "1")
            if places
            else exp.Literal.number("1")
        )
        return sql.cast(
            exp.Mul(this=sql.cast(signed, "DECIMAL(38, 0)"), expression=step) if places else signed,
            "DECIMAL(38, 6)",
        )
    return sql.cast(exp.null(), "DECIMAL(38, 6)")


def _fits(of: Quantity, places: int) -> bool:
    try:
        _shifted(of, places)
    except TooManyDigits:
        return False
    return True


def _shifted(of: Quantity, places: int) -> Sql:
    """The size of a quantity in so many places, as a whole number. Raises TooManyDigits where an intermediate result might not fit."""
    scale = of.scale * 10**places
    top = q.times(of.num, q.literal(2 * scale.numerator))
    bottom = q.times(of.den, q.literal(scale.denominator))
    size = q.plus(q.Whole(exp.Abs(this=top.sql), top.bound), bottom)
    return q.int_div(size, q.times(bottom, q.literal(2)), size.bound)
