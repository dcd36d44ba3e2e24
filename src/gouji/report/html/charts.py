"""Bureau -> the specifications of its charts (Vega-Lite), in colours that the style sheet gives: light, dark and printed pages draw the same."""

from __future__ import annotations

from typing import Any

from gouji.base.i18n import _
from gouji.base.verdict import Verdict
from gouji.report.bureau import BINS, Bureau, RuleTally

FONT = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Zen Hei', system-ui, sans-serif"
INK, SOFT, LINE, ACCENT, SEAL = (
    "var(--ink)",
    "var(--soft)",
    "var(--line)",
    "var(--accent)",
    "var(--seal)",
)
HEIGHT = 230
SHOWN = 8


def charts(b: Bureau) -> dict[str, Any]:
    """Element id -> specification; a chart with nothing to show is left out."""
    made = {
        "chart-distribution": distribution(b),
        "chart-against": against(b),
        "chart-costly": costly(b),
        "chart-failing": failing(b),
    }
    return {name: spec for name, spec in made.items() if spec}


def grade_colours(b: Bureau) -> dict[str, str]:
    """Grade -> its colour, best first; the style sheet has five."""
    return {band.name: f"var(--g{min(i, 4)})" for i, band in enumerate(b.head.grades)}


def distribution(b: Bureau) -> dict[str, Any]:
    """Units by score, a bar a twentieth of the total, in the colour of the grade; the edges of the grades are dashed."""
    rows = _stacked(b)
    if not rows:
        return {}
    scores = {"scale": {"domain": [0, float(b.head.total)]}, "axis": {"tickCount": 10}}
    bars = {
        "data": {"values": rows},
        "mark": {"type": "rect", "cornerRadius": 1, "cursor": "pointer"},
        "encoding": {
            "x": _measure("left", _("复核得分")) | scores,
            "x2": {"field": "right"},
            "y": _measure("base", _("单位数")) | {"axis": _whole(max(r["top"] for r in rows))},
            "y2": {"field": "top"},
            "color": _grades(b),
            "tooltip": _tooltip(tip=_("复核得分"), grade=_("等级"), n=_("单位数")),
        },
    }
    return _framed({"layer": [_edges(b), bars]}, _("复核得分的分布"))


def _grades(b: Bureau) -> dict[str, Any]:
    """The colours of the grades, and of units without one where there are some."""
    colours = grade_colours(b)
    names = [*colours, *([_("未定等级")] if b.grades.get("") else [])]
    return _coloured("grade", names, [*colours.values(), SOFT]) | {"title": None}


def _edges(b: Bureau) -> dict[str, Any]:
    """A dashed line where each grade begins."""
    return {
        "data": {"values": [{"at": float(band.low)} for band in b.head.grades if band.low]},
        "mark": {"type": "rule", "strokeDash": [3, 3], "color": SOFT},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }


def _measure(field: str, title: str) -> dict[str, Any]:
    """An axis of numbers."""
    return {"field": field, "type": "quantitative", "title": title}


def _coloured(field: str, names: list[str], colours: list[str]) -> dict[str, Any]:
    """A colour for each of some names."""
    return {"field": field, "type": "nominal", "scale": {"domain": names, "range": colours}}


def _tooltip(**titles: str) -> list[dict[str, str]]:
    """Field -> its title, as they are shown under the pointer."""
    return [{"field": field, "title": title} for field, title in titles.items()]


def _stacked(b: Bureau) -> list[dict[str, Any]]:
    """The bars, those of one bin one upon the other."""
    width, heights, rows = float(b.head.total) / BINS, dict[int, int](), []
    for i, grade, n in b.bins:
        low, high, base = i * width, (i + 1) * width, heights.get(i, 0)
        heights[i] = base + n
        rows.append(
            {
                "from": low,
                "to": high,
                "left": low + width * 0.06,
                "right": high - width * 0.06,
                "base": base,
                "top": base + n,
                "grade": grade or _("未定等级"),
                "n": n,
                "tip": f"{low:g}–{high:g}",
            }
        )
    return rows


def against(b: Bureau) -> dict[str, Any]:
    """Self-score and score in whole points, a circle the size of its units; on the line both are the same."""
    rows = [
        {"self": s, "score": r, "n": n, "over": "over" if s > r else "fair"} for s, r, n in b.pairs
    ]
    if not rows:
        return {}
    total = float(b.head.total)
    axis = {"scale": {"domain": [0, total]}, "type": "quantitative"}
    dots = {
        "data": {"values": rows},
        "mark": {"type": "circle", "opacity": 0.75, "cursor": "pointer"},
        "encoding": {
            "x": {"field": "self", "title": _("自评"), **axis},
            "y": {"field": "score", "title": _("复核得分"), **axis},
            "size": _sizes(len(rows)),
            "color": _coloured("over", ["over", "fair"], [SEAL, ACCENT]) | {"legend": None},
            "tooltip": _tooltip(self=_("自评"), score=_("复核得分"), n=_("单位数")),
        },
    }
    return _framed({"layer": [_diagonal(total, axis), dots]}, _("自评与复核"))


def _diagonal(total: float, axis: dict[str, Any]) -> dict[str, Any]:
    """The line on which both scores are the same."""
    return {
        "data": {"values": [{"a": 0}, {"a": total}]},
        "mark": {"type": "line", "color": SOFT, "strokeDash": [3, 3]},
        "encoding": {"x": {"field": "a", **axis}, "y": {"field": "a", **axis}},
    }


def _sizes(circles: int) -> dict[str, Any]:
    """Circles by the number of their units, smaller where there are many."""
    least, most = (12, 90) if circles > 300 else (40, 400)
    scale = {"rangeMin": least, "rangeMax": most}
    return {"field": "n", "type": "quantitative", "legend": None, "scale": scale}


def costly(b: Bureau) -> dict[str, Any]:
    """The criteria that cost most points in all."""
    rows = [
        {
            "code": t.code,
            "label": _label(b, t),
            "value": float(t.lost),
            "n": t.verdicts.get(Verdict.DEDUCTED, 0),
            "kind": "plain",
        }
        for t in b.costly(SHOWN)
    ]
    return _bars(rows, _("共扣分"), _("扣分最多的指标")) if rows else {}


def failing(b: Bureau) -> dict[str, Any]:
    """The tie-outs that most units fail; those to be doubted first in another colour."""
    rows = [
        {
            "code": t.code,
            "label": _label(b, t),
            "value": t.verdicts.get(Verdict.UNBALANCED, 0),
            "n": t.verdicts.get(Verdict.UNBALANCED, 0),
            "kind": "suspect" if t.suspect else "plain",
        }
        for t in b.failing(SHOWN)
    ]
    return _bars(rows, _("不平单位"), _("不平最多的勾稽关系")) if rows else {}


def _label(b: Bureau, t: RuleTally) -> str:
    rule = next((r for r in b.head.rules if r.code == t.code), None)
    return f"{t.code} {rule.name}" if rule else t.code


def _bars(rows: list[dict[str, Any]], title: str, name: str) -> dict[str, Any]:
    """Lying bars, the longest first, each with its number behind it."""
    most = max(r["value"] for r in rows)
    y = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 210, "ticks": False, "domain": False, "labelPadding": 8},
    }
    x = {"axis": _whole(most), "scale": {"domain": [0, most * 1.14], "nice": False}}
    kinds = _coloured("kind", ["plain", "suspect"], [ACCENT, SEAL])
    bars = {
        "mark": {
            "type": "bar",
            "cornerRadiusEnd": 2,
            "cursor": "pointer",
            "height": {"band": 0.66},
        },
        "encoding": {
            "y": y,
            "x": _measure("value", title) | x,
            "color": kinds | {"legend": None},
            "tooltip": _tooltip(label=_("规则"), value=title, n=_("单位数")),
        },
    }
    text = {
        "mark": {"type": "text", "align": "left", "dx": 4, "color": INK},
        "encoding": {
            "y": y,
            "x": {"field": "value", "type": "quantitative"},
            "text": {"field": "value", "type": "quantitative", "format": ",.10~g"},
        },
    }
    return _framed({"data": {"values": rows}, "layer": [bars, text]}, name)


def _whole(most: float) -> dict[str, Any]:
    """An axis of counts: no halves of a unit."""
    return (
        {"format": ",d", "values": list(range(int(most) + 1))}
        if most <= 5
        else {"format": ",d", "tickCount": 5}
    )


def _framed(spec: dict[str, Any], name: str) -> dict[str, Any]:
    """With the size, the fonts and the colours that all charts share."""
    axis = {
        "labelColor": INK,
        "titleColor": SOFT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
    }
    config = {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": axis,
        "text": {"fontSize": 12},
        "legend": {"labelColor": INK, "orient": "top", "labelFontSize": 12, "symbolType": "square"},
        "aria": True,
    }
    return {
        "description": name,
        "width": "container",
        "height": HEIGHT,
        "autosize": {"type": "fit", "contains": "padding"},
        "config": config,
        **spec,
    }
