"""Bureau -> the page that the authority opens first: the outcome in sentences, charts, rules to doubt, all units with filter, sort and search."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gouji.base.i18n import _
from gouji.base.plain import plain
from gouji.base.verdict import Ground, Verdict
from gouji.report.bureau import BINS, Bureau, BureauLine, RuleTally
from gouji.report.html.charts import charts, grade_colours
from gouji.report.html.frame import Script, asset, data, render
from gouji.report.html.page_words import bureau_words, frame_words, remarks_title, suspect_line
from gouji.report.html.unit import file_name
from gouji.report.unit.foot import counted, versions
from gouji.report.unit.grounds import ground_words
from gouji.report.unit.remarks import grouped
from gouji.report.wording import points
from gouji.results import told

PROBLEMS_AT_MOST = REMARKS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Libraries:
    """The texts of the chart and table libraries, from the packages that carry them."""

    charts: str
    tables: str


def bureau_page(
    b: Bureau,
    libraries: Libraries,
    linked: Collection[str] = (),
    command: str = "gouji report RUN --format html --unit",
) -> str:
    """The whole page. `linked` are the units whose pages stand beside it; for others it names the command that makes one."""
    words = bureau_words() | frame_words()
    values = {
        "b": b,
        "w": words,
        "scored": scored(b),
        "sentences": sentences(b),
        "grades": _grades(b),
        "grounds": _grounds(b),
        "tables": _tables(b),
        "same": b.same,
        "numbers": numbers(b),
        "suspects": [_suspect(b, t.code) for t in b.suspects()],
        "suspect_line": suspect_line(),
        "charts": charts(b),
        **_lists(b),
        "counted": counted(b.head.manifest),
        "versions": versions(b.head.manifest),
        "payload": data(_payload(b, linked) | {"words": words, "command": command}),
    }
    scripts = (
        Script(libraries.charts),
        Script(_tables_library(libraries.tables)),
        Script(asset("bureau.js")),
    )
    return render("bureau.html", values, scripts, evaluates=True)


def _lists(b: Bureau) -> dict[str, Any]:
    """Problems and remarks, as many as a page holds; how many of them, and of the units, are left out."""
    remarks = grouped(b.head.remarks, REMARKS_AT_MOST)
    return {
        "left_out": b.units - len(b.lines),
        "left_out_line": _("单位太多，表中只列 {n} 个；其余用 --unit 查看。").format(
            n=f"{len(b.lines):,}"
        ),
        "problems": b.head.problems[:PROBLEMS_AT_MOST],
        "more_problems": _left(len(b.head.problems) - PROBLEMS_AT_MOST),
        "remarks": remarks[:REMARKS_AT_MOST],
        "more_remarks": _left(len(remarks) - REMARKS_AT_MOST),
        "remarks_title": remarks_title(len(b.head.remarks)),
    }


def _payload(b: Bureau, linked: Collection[str]) -> dict[str, Any]:
    """What the script of the page reads: the units and the rules, grades with their colours, charts."""
    index = {r.code: i for i, r in enumerate(b.head.rules)}
    return {
        "units": [_row(index, line, line.unit in linked) for line in b.lines],
        "grades": [g.name for g in b.head.grades],
        "colours": grade_colours(b),
        "scored": scored(b),
        "rules": [[r.code, plain(r.name), r.kind] for r in b.head.rules],
        "charts": charts(b),
    }


def _tables_library(text: str) -> str:
    """The library is a module that exports its table under `default`; inline it has to leave it where the page finds it."""
    head, _export, names = text.rpartition("export{")
    name = next(
        part.split(" as ")[0]
        for part in names.split("}")[0].split(",")
        if part.endswith(" as default")
    )
    return f"{head};window.DataTable={name};"


def sentences(b: Bureau) -> list[str]:
    """What the one who signs has to know, in sentences."""
    made = [_of_all(b), _("{found}。").format(found=told(b.all_degrees))]
    if b.mean is not None:
        made.append(
            _("平均复核得分 {mean} 分（总分 {total}）。").format(
                mean=points(b.mean), total=points(b.head.total)
            )
        )
    if b.self_mean is not None and b.inflation is not None:
        more = (
            _("平均自评 {own} 分，比复核高 {gap} 分。")
            if b.inflation > 0
            else _("平均自评 {own} 分，比复核低 {gap} 分。")
        )
        if not round(b.inflation, 2):
            more = _("平均自评 {own} 分，与复核相同。")
        # A unit may be scored and have given no score of its own: then the two means are of different units.
        whose = "" if b.self_units == b.scored else _("有自评的 {n} 个单位，")
        said = whose.format(n=f"{b.self_units:,}") + more
        made.append(said.format(own=points(b.self_mean), gap=points(abs(b.inflation))))
    if b.undecided:
        made.append(
            _(
                "{n} 个单位等级待定：未定、有疑或仅凭自评的分值还能改变等级；平均和分布不计这些单位。"
            ).format(n=f"{b.undecided:,}")
        )
    ties = _ties(b)
    if ties:
        made.append(
            _("勾稽结论里能判断 {judged} 个，其中不平 {wrong} 个；无法判断 {open} 个。").format(
                judged=f"{sum(t.judged for t in ties):,}",
                wrong=f"{sum(t.failing for t in ties):,}",
                open=f"{sum(t.verdicts.get(Verdict.UNASSESSABLE, 0) for t in ties):,}",
            )
        )
    if scored(b):
        made.append(_points(b))
    return made


def _of_all(b: Bureau) -> str:
    """How many units were judged; how many did not file where that is known: without a list of who should, nobody knows that all did."""
    said = (
        _("审核 {n} 个单位，未报送 {missing} 个；{rules} 条规则，共 {outcomes} 个结论。")
        if b.head.not_filed
        else _("审核 {n} 个单位；{rules} 条规则，共 {outcomes} 个结论。")
    )
    return said.format(
        n=f"{b.units:,}",
        missing=len(b.head.not_filed),
        rules=b.head.manifest.get("rules_in_force", "—"),
        outcomes=_count(b.head.manifest.get("outcomes")),
    )


def _ties(b: Bureau) -> list[RuleTally]:
    """The counts of tie-outs alone."""
    codes = {r.code for r in b.head.rules if r.kind == "tie_out"}
    return [t for t in b.tallies if t.code in codes]


def numbers(b: Bureau) -> list[tuple[str, str]]:
    """What a page without grades shows large: each number with what it counts."""
    ties = _ties(b)
    judged, failing = sum(t.judged for t in ties), sum(t.failing for t in ties)
    open_verdicts = sum(t.verdicts.get(Verdict.UNASSESSABLE, 0) for t in ties)
    made = [
        (f"{b.units:,}", _("审核的单位")),
        (f"{len(b.head.not_filed):,}", _("未报送的单位")),
        (f"{failing:,}", _("不平的结论")),
    ]
    if judged + open_verdicts:
        share = Decimal(open_verdicts * 100) / (judged + open_verdicts)
        made.append((f"{share.quantize(Decimal('0.1'))}%", _("无法判断")))
    return made


def scored(b: Bureau) -> bool:
    """Whether units have scores: a book of tie-outs alone gives none."""
    return any(b.grades.values())


def _points(b: Bureau) -> str:
    return _(
        "全部分值里 {figures}% 由数据复核，{evidence}% 由佐证评审，{contested}% 有疑，{word}% 仅凭单位自评，{open}% 未定。"
    ).format(
        contested=points(b.share(Ground.CONTESTED)),
        figures=points(b.share(Ground.FIGURES)),
        evidence=points(b.share(Ground.EVIDENCE)),
        word=points(b.share(Ground.WORD)),
        open=points(b.share(Ground.OPEN)),
    )


def _left(left: int) -> str:
    return _("… 另有 {n} 处，见 audit.json").format(n=f"{left:,}") if left > 0 else ""


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "—"


def _grades(b: Bureau) -> list[dict[str, Any]]:
    """Each grade with its units; the range as the book prints it."""
    bands = {band.name: band.when for band in b.head.grades}
    return [
        {
            "name": name,
            "shown": name or _("未定等级"),
            "n": n,
            "when": bands.get(name, ""),
            "place": min(i, 4) if name in bands else 5,
        }
        for i, (name, n) in enumerate(b.grades.items())
    ]


def _grounds(b: Bureau) -> list[dict[str, Any]]:
    return [
        {"name": name, "share": points(b.share(g)), "key": g.value}
        for g, name in ground_words().items()
        if g is not Ground.CONTESTED or b.grounds.get(g)
    ]


def _suspect(b: Bureau, code: str) -> dict[str, Any]:
    tally = b.tally(code)
    rule = next((r for r in b.head.rules if r.code == code), None)
    percent = points((Decimal(tally.failing * 100) / tally.judged).quantize(Decimal("0.1")))
    return {
        "code": code,
        "name": rule.name if rule else "",
        "percent": percent,
        "failing": tally.failing,
        "judged": tally.judged,
        "formula": rule.formula if rule else "",
        "status": rule.status if rule else "",
    }


def _tables(b: Bureau) -> dict[str, list[tuple[Any, ...]]]:
    """The numbers behind the charts, for those who cannot or will not look at them."""
    names = {r.code: r.name for r in b.head.rules}
    width = b.head.total / BINS
    return {
        "distribution": [
            (f"{points(i * width)}–{points((i + 1) * width)}", g or "—", n) for i, g, n in b.bins
        ],
        "against": [],
        "costly": [
            (
                t.code,
                names.get(t.code, ""),
                points(t.lost),
                t.verdicts.get(Verdict.DEDUCTED, 0),
                t.judged,
            )
            for t in b.costly()
        ],
        "failing": [
            (t.code, names.get(t.code, ""), t.verdicts.get(Verdict.UNBALANCED, 0), t.judged)
            for t in b.failing()
        ],
    }


def _row(index: dict[str, int], line: BureauLine, linked: bool) -> list[Any]:
    """One unit as the script reads it, rules by their place in the list; numbers are for display and sorting, nothing is computed from them."""
    return [
        plain(line.unit),
        plain(line.name),
        line.grade,
        _number(line.score),
        _number(line.low),
        _number(line.high),
        _number(line.self_score),
        _number(line.self_score - line.score) if line.self_score is not None else None,
        _number(line.audited),
        line.open_items,
        line.errors,
        line.verifies,
        line.notes,
        [index[code] for code in line.findings if code in index],
        [
            x
            for code, lost in line.deductions
            if code in index
            for x in (index[code], _number(lost))
        ],
        file_name(line.unit) if linked else "",
    ]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
