"""A night -> a digest (what is new, who acts) to the addresses that an environment variable holds. Off unless gouji.yaml asks for it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gouji.base.i18n import _
from gouji.base.plain import line
from gouji.results import counted, read_table
from gouji.results import told as told_in_words
from gouji.runs import Log, Workspace

Cells = Mapping[str, Any]
# Of a finding; its places, mostly longer than all of this, are not told.
NEEDED = (
    "fingerprint",
    "status",
    "kind",
    "unit",
    "name",
    "submission",
    "severity",
    "code",
    "rule_name",
    "text",
)


def digest(run: Path, before: Path | None, gate: str, at_most: int) -> tuple[str, int]:
    """The digest of a run against the one before, and how many findings came or went."""
    now, old = _findings(run), _findings(before) if before else {}
    news = _news(now, old)
    open_ = counted(f["severity"] for f in now.values() if f["status"] == "open")
    told = _(
        "新问题 {new} 个，仍不平而数已改动 {moved} 个，不再出现 {gone} 个；未解决：{open}"
    ).format(new=news.new, moved=news.moved, gone=news.gone, open=told_in_words(open_))
    lines = [gate, told, *_by_actor(run, news.fresh, at_most)]
    return "\n".join(lines), news.new + news.moved + news.gone


def _findings(run: Path) -> dict[str, Cells]:
    """The findings of a run by their fingerprints."""
    return {f["fingerprint"]: f for f in read_table(run, "findings", *NEEDED)}


@dataclass(frozen=True, slots=True)
class _News:
    """`fresh`: open findings that were not there before. How many came, are there with other figures, and went: a rule that fails again with other figures is neither new nor gone."""

    fresh: Sequence[Cells]
    new: int
    moved: int
    gone: int


def _news(now: Mapping[str, Cells], old: Mapping[str, Cells]) -> _News:
    here, there = (
        {_about(f) for f in found.values() if f["unit"] and f["code"]} for found in (now, old)
    )
    fresh = [f for k, f in now.items() if k not in old and f["status"] == "open"]
    moved = sum(_about(f) in there for f in fresh)
    gone = sum(k not in now and _about(f) not in here for k, f in old.items())
    return _News(fresh, len(fresh) - moved, moved, gone)


def _by_actor(run: Path, fresh: Sequence[Cells], at_most: int) -> Iterator[str]:
    """Of each who has to act: how many findings are fresh, what is probably wrong, the first of them."""
    causes = _causes(run)
    who: dict[str, list[Cells]] = {}
    for finding in fresh:
        who.setdefault(_actor(finding), []).append(finding)
    for actor, found in sorted(who.items())[:at_most]:
        yield from ("", _("{actor}：{n} 个").format(actor=actor, n=len(found)))
        yield from (line(f"  {told}") for told in causes.get(str(found[0]["unit"] or ""), ()))
        yield from _some(found)
    if len(who) > at_most:
        more = _("另有 {n} 处要处理，见运行 {run}")
        yield from ("", more.format(n=len(who) - at_most, run=run.name))


def _causes(run: Path) -> dict[str, list[str]]:
    """Of each unit what is probably wrong; nothing of a run that did not locate."""
    made: dict[str, list[str]] = {}
    if (run / "causes.parquet").is_file():
        for row in read_table(run, "causes", "unit", "kind", "line"):
            if row["kind"] == "cause":
                made.setdefault(row["unit"], []).append(row["line"])
    return made


def _about(finding: Cells) -> tuple[Any, ...]:
    """What a finding speaks of, whatever its figures are."""
    return finding["unit"], finding["code"], finding["kind"]


def _actor(finding: Cells) -> str:
    """Who has to act: the unit, whoever sent the submission, or the author of a waiver."""
    return line(
        f"{finding['unit']} {finding['name'] or ''}".strip()
        if finding["unit"]
        else str(finding["submission"] or _("财政局"))
    )


def _some(found: Sequence[Cells], shown: int = 5) -> list[str]:
    made = [
        line(
            f"  [{f['severity']}] {f['code'] or ''} {f['rule_name'] or ''} {f['text'] or ''}".rstrip()
        )
        for f in found[:shown]
    ]
    return made + (
        [_("  … 还有 {n} 个").format(n=len(found) - shown)] if len(found) > shown else []
    )


def tell(workspace: Workspace, title: str, body: str, log: Log) -> bool:
    """Send a message to all addresses; whether all got it. The addresses hold passwords, so they are never shown or logged."""
    variable = workspace.config.notify.addresses_from
    if variable is None:
        return True
    addresses = os.environ.get(variable, "").split()
    if not addresses:
        log("notify_failed", why=f"{variable} is empty")
        return False
    try:
        import apprise
    except ModuleNotFoundError:
        log("notify_failed", why='pip install "gouji[notify]"')
        return False
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    sender = apprise.Apprise()
    known = [bool(sender.add(a)) for a in addresses]
    sent = bool(
        sender.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
    ) and all(known)
    log("notified" if sent else "notify_failed", addresses=len(addresses), understood=sum(known))
    return sent


def tell_night(
    workspace: Workspace, run: Path, before: Path | None, states: tuple[str, str | None], log: Log
) -> bool:
    """Tell of a run as gouji.yaml wants it; `states` are its gate's and that of the run before."""
    from gouji.app.history import gate_words

    if workspace.config.notify.addresses_from is None:
        # What is new among very many findings takes its time.
        return True
    body, changed = digest(run, before, gate_words(states[0]), workspace.config.notify.at_most)
    match workspace.config.notify.when:
        case "closed" if states[0] == "open":
            return True
        case "changed" if not changed and states[0] == states[1]:
            return True
    return tell(
        workspace,
        _("勾稽 运行 {n}：{gate}").format(n=int(run.name), gate=gate_words(states[0])),
        body,
        log,
    )


def tell_failure(workspace: Workspace, why: str, log: Log) -> None:
    """Tell that a night did not end."""
    tell(workspace, _("勾稽：这次运行没有完成"), why, log)
