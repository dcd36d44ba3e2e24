"""What a clause without a list gives by ranges of a figure -> bands, within, proportion."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from gouji.base.i18n import _
from gouji.drafting.bounds import complement, figure_alone, told_ends
from gouji.drafting.clause_events import ClauseEvent, ClauseStatements, bound_of, points_of
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.clause_reading import (
    BandsClause,
    ClauseRange,
    ClauseReading,
    ClauseRefused,
    Proportion,
    WithinClause,
)
from gouji.drafting.mask import MONEY, PERCENT, TEN_THOUSAND, ClauseToken, End


def read_bands(
    said: ClauseStatements, weight: Fraction | None, grammar: ClauseGrammar
) -> ClauseReading | None:
    """Bands, or one range with full marks; None where there is no range with points. Raises ClauseRefused."""
    rows = said.of("band", "reach", "band_off")
    if not rows or said.of("step", "complement_step"):
        return None
    _one_subject(rows, grammar.words["copula"])
    if said.of("else_proportion"):
        return _proportion_beyond(said, rows, weight)
    if said.of("else_zero") and all(e.says == "band" and e.token("P").kind == "Z" for e in rows):
        raise ClauseRefused(_("没有写满分的界限"))
    inferred: dict[str, str] = {}
    found = _with_points(rows, weight, inferred)
    if len(found) == 1 or (len(found) == 2 and not all(p for _b, p in found)):
        return _within(said, found, inferred)
    found = _best_without_end(found, inferred)
    bands = settle(found, inferred)
    return ClauseReading(BandsClause(bands), inferred)


Rows = list[tuple[ClauseRange, Fraction]]


def _with_points(
    rows: list[ClauseEvent], weight: Fraction | None, inferred: dict[str, str]
) -> Rows:
    found = [(_range_of(e), _points(e, weight)) for e in rows]
    if any(e.says == "band_off" for e in rows):
        inferred["points"] = _("写“扣几分”的一档，按从分值里扣、各档只取一档读")
    nothing = all(not p for _b, p in found)
    if weight is not None and (nothing or all(e.says == "band_off" for e in rows)):
        found.append((_not_taken(found), weight))
        inferred["bands"] = _("没有写满分的界限，按不在扣分范围的得满分读")
    if all(e.says != "band_off" and e.token("P").kind == "B" for e in rows):
        inferred["points"] = _("条文只写“几分”，没写得还是扣，按得分读")
    found = _one_unit(found, inferred)
    top = max(p for _b, p in found)
    if weight is not None and top != weight:
        raise ClauseRefused(_("最高一档不是这一项的分值"))
    return found


def _points(row: ClauseEvent, weight: Fraction | None) -> Fraction:
    if row.says != "band_off":
        return points_of(row.token("P"), weight)
    taken = row.token("T").number
    if weight is None or taken is None or taken > weight:
        raise ClauseRefused(_("一档扣的比这一项的分值还多"), row.token("T").text)
    return weight - taken


def _not_taken(found: Rows) -> ClauseRange:
    """What lies on the good side of all ranges that lose points."""
    lows, highs = [b.low for b, _p in found], [b.high for b, _p in found]
    if all(e is None for e in lows):
        return ClauseRange(_beside(max((e for e in highs if e is not None), key=lambda e: e.at)))
    if all(e is None for e in highs):
        least = min((e for e in lows if e is not None), key=lambda e: e.at)
        return ClauseRange(None, _beside(least))
    raise ClauseRefused(_("没有写满分的界限"))


def _best_without_end(found: Rows, inferred: dict[str, str]) -> Rows:
    """The best band, where it is 100% alone above all others, has no upper end."""
    at_best = max(range(len(found)), key=lambda i: (found[i][1], _place(found[i][0])))
    best, most = found[at_best]
    highest = all(_place(b) <= _place(best) for b, _p in found)
    if highest and figure_alone(best) and best.low is not None and best.low.at == 1:
        found = [*found]
        found[at_best] = (_whole(best, inferred), most)
    return found


def _one_unit(
    found: list[tuple[ClauseRange, Fraction]], inferred: dict[str, str]
) -> list[tuple[ClauseRange, Fraction]]:
    """Bands in one unit. Figures from 1 on beside percents are percents of which the sign was left out, and marked."""
    ends = [e for b, _p in found for e in (b.low, b.high) if e is not None and e.at]
    units = {e.unit for e in ends}
    if len(units) <= 1 or units == {MONEY, TEN_THOUSAND}:
        return found
    if units != {PERCENT, ""} or any(not e.unit and e.at < 1 for e in ends):
        raise ClauseRefused(_("各档的单位不同"))
    inferred["bands"] = _("有的界限没写百分号，按百分数读")
    return [(ClauseRange(_as_percent(b.low), _as_percent(b.high)), p) for b, p in found]


def _as_percent(end: End | None) -> End | None:
    return end if end is None or end.unit else replace(end, at=end.at / 100, unit=PERCENT)


def _range_of(row: ClauseEvent) -> ClauseRange:
    if row.says != "reach":
        return bound_of(row.token("R"))
    value = row.token("V")
    assert value.number is not None
    end = End(value.number, value.unit, True)
    return ClauseRange(end, end)


def _one_subject(rows: list[ClauseEvent], fillers: tuple[str, ...]) -> None:
    """Ranges of one method speak of one quantity."""
    subjects = [s for e in rows if (s := _subject(e.before, fillers))]
    for one in subjects:
        if not any(one.endswith(two) or two.endswith(one) for two in subjects[:1]):
            raise ClauseRefused(_("各档说的不是同一个量"), *dict.fromkeys(subjects))


def _subject(before: str, fillers: tuple[str, ...]) -> str:
    made = before
    for filler in fillers:
        made = made.removesuffix(filler).removeprefix(filler)
    return made


def _within(
    said: ClauseStatements, found: list[tuple[ClauseRange, Fraction]], inferred: dict[str, str]
) -> ClauseReading:
    full, _points = next((b, p) for b, p in found if p)
    rest = [b for b, p in found if not p]
    if figure_alone(full) and full.low is not None:
        full = _whole(full, inferred)
    for outside in rest:
        complement(told_ends(full, {}), outside, ClauseToken("R", ""))
    if not rest and not said.of("else_zero"):
        inferred["method"] = _("条文没写达不到怎么办，按不得分读")
    return ClauseReading(WithinClause(told_ends(full, inferred)), inferred)


def _whole(full: ClauseRange, inferred: dict[str, str]) -> ClauseRange:
    """100% alone with full marks: more is no less, which the clause does not say. Of any other figure nobody knows."""
    if full.low is None or full.low.unit != PERCENT or full.low.at != 1:
        raise ClauseRefused(_("只写了一个数得满分，多了少了怎么算没有写"))
    inferred["full_at"] = _("条文只写 100%，超过的也按满分读")
    return ClauseRange(full.low, None)


def _proportion_beyond(
    said: ClauseStatements, rows: list[ClauseEvent], weight: Fraction | None
) -> ClauseReading:
    if len(rows) != 1 or rows[0].says == "band_off" or said.of("else_zero"):
        raise ClauseRefused(_("按比例和分档混在一条里"))
    if weight is not None and points_of(rows[0].token("P"), weight) != weight:
        raise ClauseRefused(_("满分的界限给的不是这一项的分值"))
    full = _range_of(rows[0])
    if full.low is not None:
        return ClauseReading(Proportion(full.low.at), {"method": _("按实际数占目标数的比例读")})
    assert full.high is not None
    inverse = {"method": _("越低越好，按目标数占实际数的比例读")}
    return ClauseReading(Proportion(full.high.at, inverse=True), inverse)


def settle(
    found: list[tuple[ClauseRange, Fraction]], inferred: dict[str, str]
) -> tuple[tuple[ClauseRange, Fraction], ...]:
    """Ends of bands of which the text says nothing: by a neighbour that says it, else the better band keeps the figure, and it is marked."""
    rows = sorted(found, key=lambda row: _place(row[0]))
    rows = _falling(rows, inferred)
    made = [rows[0]]
    for bound, points in rows[1:]:
        below, low = _meeting(made[-1], (bound, points), inferred)
        made[-1] = (below, made[-1][1])
        made.append((replace(bound, low=low), points))
    ends = (made[0][0].low, made[-1][0].high)
    if any(e is not None and e.closed is None for e in ends):
        inferred.setdefault("bands", _("最外一档的端点按含本数理解"))
    made = [(told_ends(b, {}), p) for b, p in made]
    if _points_jump([p for _b, p in made]):
        raise ClauseRefused(_("各档的分忽高忽低"))
    return tuple(reversed(made))


def _meeting(
    below: tuple[ClauseRange, Fraction],
    above: tuple[ClauseRange, Fraction],
    inferred: dict[str, str],
) -> tuple[ClauseRange, End]:
    """The lower of two neighbours with its upper end told, and the lower end of the upper one."""
    upper, lower = below[0].high, above[0].low
    if upper is None or lower is None or upper.at != lower.at:
        raise ClauseRefused(_("相邻两档接不上"))
    if upper.closed is None and lower.closed is None:
        better = below[1] > above[1]
        inferred["bands"] = _("“{at}”归哪一档条文没写，归给分高的一档").format(at=_shown(upper))
        upper, lower = replace(upper, closed=better), replace(lower, closed=not better)
    elif upper.closed is None:
        upper = replace(upper, closed=not lower.closed)
    elif lower.closed is None:
        lower = replace(lower, closed=not upper.closed)
    if upper.closed == lower.closed:
        raise ClauseRefused(_("相邻两档都含或都不含“{at}”").format(at=_shown(upper)))
    return replace(below[0], high=upper), lower


def _place(bound: ClauseRange) -> tuple[Fraction, int, Fraction]:
    """Where a band stands among others: by its lower end, or, where it has none, by its upper one."""
    low, high = bound.low, bound.high
    first = low or high
    assert first is not None
    rank = 0 if low is None else 2 if low.closed is False else 1
    return (first.at, rank, high.at if high else first.at)


def _falling(
    rows: list[tuple[ClauseRange, Fraction]], inferred: dict[str, str]
) -> list[tuple[ClauseRange, Fraction]]:
    """达到100%得20, 达到90%得10: each goes up to the one before. The mirror for ≤, which may begin at a single figure."""
    made = list(rows)
    for i in range(len(made) - 1):
        (bound, points), (above, _p) = made[i], made[i + 1]
        if bound.high is None and above.low is not None:
            made[i] = (replace(bound, high=_beside(above.low)), points)
            inferred["bands"] = _("各档只写了一头，按到上一档为止读")
    below: End | None = None
    for i, (bound, points) in enumerate(made):
        if bound.low is None and below is not None:
            made[i] = (replace(bound, low=_beside(below)), points)
            inferred["bands"] = _("各档只写了一头，按到上一档为止读")
        below = bound.high
    return made


def _beside(end: End) -> End:
    """The end of a range that begins where another ends."""
    return replace(end, closed=None if end.closed is None else not end.closed)


def _points_jump(points: list[Fraction]) -> bool:
    """Points that rise and fall more than once."""
    turns = [(b > a) for a, b in pairwise(points) if a != b]
    return sum(x != y for x, y in pairwise(turns)) > 1


def _shown(end: End) -> str:
    return f"{float(end.at * 100):g}%" if end.unit == PERCENT else f"{float(end.at):g}"
