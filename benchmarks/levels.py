"""How often a level of peers moves from night to night, by significant figures, when one unit in a hundred sends other figures: python levels.py [LEVELS]."""

import random
import sys
from decimal import Decimal
from itertools import pairwise

from nights import around

NIGHTS, SPREAD, FIGURES = 50, 0.4, (None, 3, 2, 1)


def told(middle, figures):
    """A level in so many significant figures; to the 分 without a number of them."""
    return round(middle, 2) if figures is None else f"{Decimal(middle):.{figures - 1}e}"


def moved(units, number):
    """On how many nights one level moved, by significant figures. Where between two steps it lies is left to chance."""
    of = random.Random(f"{units} {number}")
    middle = 10 ** of.uniform(2, 5)
    costs = [around(of, middle, SPREAD) for _unit in range(units)]
    nights = []
    for _night in range(NIGHTS + 1):
        level = sorted(costs)[(len(costs) - 1) // 2]
        nights.append([told(level, figures) for figures in FIGURES])
        for unit in of.sample(range(units), max(1, units // 100)):
            costs[unit] = around(of, middle, SPREAD)
    return [sum(a[i] != b[i] for a, b in pairwise(nights)) for i in range(len(FIGURES))]


if __name__ == "__main__":
    levels = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for units in (100, 1_000, 10_000):
        found = [
            sum(column) / levels / NIGHTS
            for column in zip(*(moved(units, number) for number in range(levels)), strict=True)
        ]
        print(
            f"{units:,} units: "
            + ", ".join(
                f"{figures or 'all'} figures {100 * share:.1f} % of nights"
                for figures, share in zip(FIGURES, found, strict=True)
            )
        )
