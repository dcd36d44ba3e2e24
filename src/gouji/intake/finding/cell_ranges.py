"""Cells, or numbers of lines -> runs of them one after another, as they are told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from gouji.intake.workbooks.sheet import Place, address


def spans(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Lines one after another, as first and last."""
    found = []
    for _key, group in groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0]):
        run = [line for _i, line in group]
        found.append((run[0], run[-1]))
    return found


def ranges(cells: Sequence[Place]) -> str:
    """Cells as ranges, by lines and then by equal spans: `A5:D5`.

    >>> ranges([(4, 0), (4, 1), (5, 0), (5, 1), (8, 3)])
    'A5:B6、D9'
    """
    found: list[list[int]] = []
    open_: dict[tuple[int, int], list[int]] = {}
    for row, group in groupby(sorted(set(cells)), key=lambda at: at[0]):
        for across in spans([col for _row, col in group]):
            span = open_.get(across)
            if span is not None and span[2] == row - 1:
                span[2] = row
            else:
                open_[across] = [row, across[0], row, across[1]]
                found.append(open_[across])
    named = [
        address(*span[:2]) + (f":{address(*span[2:])}" if span[:2] != span[2:] else "")
        for span in found
    ]
    return "、".join(named)


__all__ = ["ranges", "spans"]
