"""Exact decimals and significant figures as SQL over whole numbers."""

from __future__ import annotations


def rounded(middle: str, figures: int) -> str:
    """Rows y, m, low, high in whole numbers, the ends ten times as large -> y, m rounded to so many significant figures (half upwards), its half ten times as large.

    The half is what the ends and rounding may be off, in one figure, rounded up; and no less than one of the last place that is kept: so it moves
    no more often than the figure itself.
    """
    near = (
        f"SELECT y, (2 * m + {{0}}) // (2 * {{0}}) * {{0}} AS m, low, high FROM ({middle})".format(
            ten(f"length(m::VARCHAR) - {figures}")
        )
    )
    ends = f"SELECT y, m, 10 * {ten(f'length(m::VARCHAR) - {figures}')} AS last, greatest(10 * m - low, high - 10 * m) AS off FROM ({near})"
    return "SELECT y, m, greatest(last, (off + {0} - 1) // {0} * {0}) AS s FROM ({1})".format(
        ten("length(off::VARCHAR) - 1"), ends
    )


def ten(power: str) -> str:
    """Ten to a power that is a query's, at least to the power of zero, as a whole number."""
    return f"('1' || repeat('0', greatest({power}, 0)))::HUGEINT"


def small(places: int) -> str:
    """One of that many places, as an exact decimal."""
    return f"CAST('{'0.' + '0' * (places - 1) + '1' if places else '1'}' AS DECIMAL(8,{max(places, 0)}))"
