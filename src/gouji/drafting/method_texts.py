"""A method that was read -> its lines in a rule file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction

from gouji.drafting.clause_reading import (
    BandsClause,
    ByHand,
    Cases,
    ChecklistClause,
    ClauseRange,
    DeductionsClause,
    Method,
    PartsClause,
    Proportion,
    StepsClause,
    WithinClause,
    WordsClause,
)
from gouji.drafting.edge_examples import item_text
from gouji.drafting.mask import End
from gouji.drafting.measure import KnownColumn

REVIEWERS = 3


def number(value: Fraction) -> str:
    """An exact decimal; Raises ValueError where there is none."""
    scaled = value * 10**6
    if scaled.denominator != 1:
        raise ValueError(str(value))
    text = f"{int(scaled) / 10**6:.6f}".rstrip("0").rstrip(".")
    return text or "0"


def method_lines(
    method: Method, weight: Fraction, columns: Sequence[KnownColumn] = ()
) -> list[str]:
    """A method as rule files write it; `columns` hold the figures of its occasions or parts, in their order."""
    match method:
        case PartsClause():
            return _parts(method, columns)
        case StepsClause(full=full, per=per, percent=percent, take=take, share=share):
            kind = "two_sided_steps" if method.two_sided else "steps"
            width = f"{_percent(per)}, percent_is: point" if percent else number(per)
            lost = f"take_share: {_percent(take)}" if share else f"take: {number(take)}"
            return [
                f'method: {{kind: {kind}, full_at: "{range_text(full)}", per: {width}, {lost}, reading: whole}}'
            ]
        case Cases(take=take):
            return [f"method: {{kind: per_violation, take: {number(take)}}}"]
        case WithinClause(full=full):
            return [f'method: {{kind: within, full_at: "{range_text(full)}"}}']
        case Proportion(full_at=full_at, inverse=inverse):
            kind = "inverse" if inverse else "proportional"
            shown = (
                _percent(full_at) if full_at <= 10 and full_at != int(full_at) else number(full_at)
            )
            return [f"method: {{kind: {kind}, full_at: {shown}}}"]
        case BandsClause(bands=bands):
            rows = [f'    - {{when: "{range_text(b)}", points: {number(p)}}}' for b, p in bands]
            return ["method:", "  kind: bands", "  bands:", *rows]
        case ChecklistClause(items=items, additive=additive):
            rows = [
                f"    - {{item: {json.dumps(i.text, ensure_ascii=False)}"
                + (f", points: {number(i.points)}}}" if additive else "}")
                for i in items
            ]
            mode = "additive" if additive else "all_or_nothing"
            return ["method:", "  kind: checklist", f"  mode: {mode}", "  items:", *rows]
        case WordsClause(words=words):
            listed = ", ".join(
                f"{json.dumps(w, ensure_ascii=False)}: {number(p)}" for w, p in words
            )
            return [f"method: {{kind: words, words: {{{listed}}}}}"]
        case DeductionsClause():
            return _deductions(method, columns)
        case ByHand():
            return [f"method: {{kind: judged, by: mean, reviewers: {REVIEWERS}}}"]


def _deductions(method: DeductionsClause, columns: Sequence[KnownColumn]) -> list[str]:
    names = iter(columns)
    rows = []
    for one in method.occasions:
        # Without columns, for the list that people read, what is counted is said as the clause says it.
        column = next(names, None) if one.cases else None
        what = f"measure: {column.path if column else one.text}"
        if not one.cases:
            what = f"item: {json.dumps(item_text(one), ensure_ascii=False)}"
        most = "" if one.at_most is None else f", at_most: {number(one.at_most)}"
        rows.append(f"    - {{{what}, take: {number(one.take)}{most}}}")
    return ["method:", "  kind: deductions", "  occasions:", *rows]


def _parts(method: PartsClause, columns: Sequence[KnownColumn]) -> list[str]:
    names = iter(columns)
    rows = []
    for one in method.parts:
        column = next(names, None) if one.measured else None
        measure = f", measure: {column.path if column else one.text}" if one.measured else ""
        name = json.dumps(one.text, ensure_ascii=False)
        flow = _in_one_line(method_lines(one.method, one.points))
        rows.append(f"    - {{name: {name}, points: {number(one.points)}{measure}, {flow}}}")
    return ["method:", "  kind: parts", "  parts:", *rows]


def _in_one_line(lines: list[str]) -> str:
    """The lines of a method as one flow: key, then {…}."""
    if len(lines) == 1:
        return lines[0]
    made = ""
    for line in lines[1:]:
        if line.startswith("    - "):
            made += line.removeprefix("    - ") + ", "
        else:
            made += f"{line.strip()} [" if line.endswith(":") else f"{line.strip()}, "
    return f"method: {{{made.removesuffix(', ')}]}}"


def range_text(bound: ClauseRange) -> str:
    """A range as rule files write it.

    >>> range_text(ClauseRange(None, End(Fraction(1), "%", True)))
    '≤ 100%'
    """
    low, high = bound.low, bound.high
    if low is not None and high is not None:
        if low.at == high.at:
            return f"= {_end(low)}"
        return (
            f"{'(' if low.closed is False else '['}{_end(low)}, "
            f"{_end(high)}{')' if high.closed is False else ']'}"
        )
    if low is not None:
        return f"{'>' if low.closed is False else '≥'} {_end(low)}"
    assert high is not None
    return f"{'<' if high.closed is False else '≤'} {_end(high)}"


def _end(end: End) -> str:
    return _percent(end.at) if end.unit == "%" else number(end.at)


def _percent(value: Fraction) -> str:
    return f"{number(value * 100)}%"
