"""Two runs of a workspace -> what changed between them, in words or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from gouji.base.faults import DataError
from gouji.base.i18n import _, labelled
from gouji.base.plain import escaped, line
from gouji.base.verdict import Verdict
from gouji.results import ChangeCause, Comparison, compare
from gouji.runs import MANIFEST, Workspace, fault_of

Cells = Mapping[str, Any]


def compare_runs(root: str | Path, before: str, after: str) -> Comparison:
    """Compare two runs, each given by number, `latest`, `previous` or folder. A folder needs no workspace."""
    one, other = (_folder(Path(root), name) for name in (before, after))
    old, new = (json.loads((f / MANIFEST).read_text("utf-8"))["inputs"] for f in (one, other))
    try:
        return compare(
            one, other, ChangeCause.RULE if old["rules"] != new["rules"] else ChangeCause.PROGRAM
        )
    except duckdb.Error as fault:
        for folder in (one, other):
            if why := fault_of(folder, every_byte=True):
                raise DataError(
                    _("运行 {name} 坏了：{why}").format(name=folder.name, why=why),
                    fix=_("把 {folder} 移走，或从备份恢复").format(folder=folder),
                ) from fault
        raise


def _folder(root: Path, name: str) -> Path:
    return Path(name) if (Path(name) / MANIFEST).is_file() else Workspace.at(root).find_run(name)


def cause_words(causes: str) -> str:
    """Causes as a reader knows them."""
    words = {
        ChangeCause.FIGURES: _("数据变了"),
        ChangeCause.RULE: _("规则变了"),
        ChangeCause.DECISION: _("有新的决定"),
        ChangeCause.CAME: _("新报来"),
        ChangeCause.WENT: _("不再报来"),
        ChangeCause.PROGRAM: _("程序变了"),
    }
    return "、".join(words[ChangeCause(c)] for c in causes.split(","))


# Keys of the JSON text, and the lists that they hold.
_LISTS = {
    "moved": "moved",
    "units": "units",
    "new": "new",
    "moved_on": "moved_on",
    "mended": "fixed",
    "unchecked": "unchecked",
    "decided": "decided",
    "new_causes": "new_causes",
    "gone_causes": "gone_causes",
}


def as_json(found: Comparison) -> str:
    """The comparison as JSON text; exact numbers as text."""
    plain = {
        "version": 1,
        "still": dict(found.still),
        "moves": [{"was": a, "now": b, "count": n} for a, b, n in found.moves],
    }
    plain |= {key: [dict(r) for r in getattr(found, name)] for key, name in _LISTS.items()}
    return escaped(json.dumps(plain, ensure_ascii=False, indent=1, default=str))


def lines(found: Comparison, limit: int) -> Iterator[str]:
    """The comparison in words; of each list at most `limit`, and how many more there are."""
    still = " · ".join(_("仍{verdict} {n}").format(verdict=v, n=n) for v, n in found.still.items())
    yield labelled(_("结论"), still or "—")
    for was, now, n in found.moves:
        yield _("  {was} → {now}：{n}").format(was=was or _("（无）"), now=now or _("（无）"), n=n)
    for title, rows, said in (*_verdicts(found), *_findings(found)):
        yield from _some(title, rows, limit, said)


_List = tuple[str, Sequence[Cells], Callable[[Cells], str]]


def _verdicts(found: Comparison) -> Iterator[_List]:
    """Verdicts that say something of the unit, scores and grades that are others now: title, rows, and how a row is said."""
    watched = {v.value for v in (Verdict.BALANCED, Verdict.UNBALANCED, Verdict.UNASSESSABLE)}
    moved = [m for m in found.moved if m["was"] != m["now"] and {m["was"], m["now"]} & watched]
    yield _("结论变了"), moved, _verdict
    yield _("得分或等级变了"), found.units, _unit


def _findings(found: Comparison) -> Iterator[_List]:
    """Findings that came, changed and went, their causes and the decisions on them, as `_verdicts`."""
    figures, rules = list[Cells](), list[Cells]()
    for row in found.moved_on:
        (figures if ChangeCause.FIGURES in row["cause"] else rules).append(row)
    yield _("新问题"), found.new, _finding
    yield _("仍不平，数已改动"), figures, _finding
    if rules:
        yield _("仍不平，规则已改"), rules, _finding
    if found.new_causes:
        yield _("新的原因"), found.new_causes, _cause
    if found.gone_causes:
        yield _("不见了的原因"), found.gone_causes, _cause
    yield _("已改好"), found.fixed, _finding
    yield _("不见了但没有再核对"), found.unchecked, _finding
    yield _("决定变了"), found.decided, _decision


def _verdict(row: Cells) -> str:
    move = f"{row['unit']} {row['code']} {row['was'] or '—'} → {row['now'] or '—'}"
    return labelled(move, cause_words(row["cause"]))


def _cause(row: Cells) -> str:
    return line(f"{row['unit']} {row['line']}")


def _decision(row: Cells) -> str:
    return f"{row['unit']} {row['code']} {status_words(row['was'])} → {status_words(row['now'])}"


def _unit(row: Cells) -> str:
    was, now = (
        f"{row[f'{at}_score']} {row[f'{at}_grade'] or ''}".strip()
        if row[f"{at}_score"] is not None
        else "—"
        for at in ("was", "now")
    )
    return line(
        labelled(f"{row['unit']} {row['name'] or ''} {was} → {now}", cause_words(row["cause"]))
    )


def _finding(row: Cells) -> str:
    about = " ".join(str(row[k]) for k in ("unit", "name", "code", "rule_name") if row[k])
    return (
        line(f"[{row['severity']}] {row['fingerprint']} {about} {row['text'] or ''}".rstrip())
        + f" ({status_words(row['status'])})"
    )


def status_words(status: str) -> str:
    """How a finding stands."""
    return {"waived": _("有审核说明"), "baseline": _("基线")}.get(status, _("未解决"))


def _some(
    title: str, rows: Sequence[Cells], limit: int, said: Callable[[Cells], str]
) -> Iterator[str]:
    yield labelled(title, str(len(rows)))
    yield from (f"  {said(row)}" for row in rows[:limit])
    if len(rows) > limit:
        yield _("  … 还有 {n} 个").format(n=len(rows) - limit)
