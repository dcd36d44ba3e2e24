"""A quantity of the plan -> a decimal number of SQL."""

from __future__ import annotations

from sqlglot import exp

from gouji.plan.sql import rational as q
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.rational import Quantity, TooManyDigits
from gouji.plan.sql.shapes import Sql

PLACES = 6


def decimal(of: Quantity) -> Sql:
    """A quantity as DECIMAL(38, 6), halves away from zero; fewer places where six would not fit, NULL where none would."""
    for places in range(PLACES, -1, -1):
        try:
            scale = of.scale * 10**places
            top = q.times(of.num, q.literal(2 * scale.numerator))
            bottom = q.times(of.den, q.literal(scale.denominator))
            size = q.plus(q.Whole(exp.Abs(this=top.sql), top.bound), bottom)
            whole = exp.IntDiv(
                this=sql.wrapped(size.sql),
                expression=sql.wrapped(q.times(bottom, q.literal(2)).sql),
            )
        except TooManyDigits:
            continue
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
