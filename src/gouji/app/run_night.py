"""A workspace -> one more run in it: whole, or not at all; and its replay. The clock is read here and nowhere below."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from pyarrow import ArrowException

from gouji.app.exporting import export
from gouji.app.night_inputs import NightInputs, night_inputs
from gouji.app.notify import tell_failure, tell_night
from gouji.app.ratchet import ratchet
from gouji.app.retention import prune_runs
from gouji.base.faults import EngineError
from gouji.base.files import publish, write_pieces
from gouji.base.i18n import _, use_language
from gouji.results import read_table
from gouji.runs import (
    CLOCK,
    DESK,
    GATE,
    Busy,
    Damaged,
    GateReport,
    History,
    Log,
    Making,
    RunPack,
    Work,
    Workspace,
    history,
    kept,
    locked,
    manifest_of,
    write,
)

Cells = dict[str, Any]
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Night:
    """A run that is whole: where it lies, what was done, how its gate stands."""

    number: int
    folder: Path
    gate: GateReport
    manifest: Mapping[str, Any]
    work: Work
    told: bool = True
    # The run that this one was built on, and what of the workspace was found damaged.
    before: Path | None = None
    damaged: tuple[Damaged, ...] = ()


def night(
    root: str | Path,
    as_of: date | None = None,
    wait: float = 0,
    full: bool = False,
    locate: bool = True,
    forms: Sequence[str] = (),
) -> Night:
    """Judge what lies in a workspace and keep the run; not `locate`: without the cells that are probably wrong; `forms` are form sets that decide in place of those of gouji.yaml.

    Raises Busy when another run holds the workspace, DataError and RuleErrors when configuration or rules are unusable,
    EngineError when the machine fails (disk full, a locked database); then the workspace is as it was.
    """
    workspace = Workspace.at(Path(root)).reading_by(forms)
    use_language(workspace.config.language)
    log = Log(workspace.root / "log")
    with _machine(workspace, log), locked(workspace.root, wait):
        workspace.sweep()
        made = _night(workspace, as_of, full, locate, log)
        return _after(workspace, made, log)


def _after(workspace: Workspace, made: Night, log: Log) -> Night:
    """What follows a run that is whole: metrics, old runs pruned, people told. None of it changes the run."""
    if workspace.config.metrics:
        write_pieces(workspace.root / workspace.config.metrics, export(made.folder, "prometheus"))
    pruned = prune_runs(workspace)
    if pruned:
        log("pruned", runs=pruned)
    before = made.before if made.before is not None and made.before.is_dir() else None
    old = manifest_of(before)["gate"] if before else None
    if workspace.config.gx.nightly:
        _second_way(workspace, log)
    told_all = tell_night(
        workspace, made.folder, before if old else None, (made.gate.state, old), log
    )
    return replace(made, told=told_all)


def _second_way(workspace: Workspace, log: Log) -> None:
    """Great Expectations over all that lies there. Where it disagrees gouji is at fault, and nothing of this night is to be trusted."""
    from gouji.app.cross_check import of_workspace

    found = of_workspace(workspace.root, forms=workspace.config.forms)
    log(
        "gx",
        expectations=len(found.expected),
        failing=sum(not e.success for e in found.expected),
        differing=found.differing,
    )
    if found.differing:
        raise EngineError(
            _("与 gouji 的结论不同：{codes}").format(codes="、".join(found.differing))
        )


@contextmanager
def _machine(workspace: Workspace, log: Log) -> Iterator[None]:
    """Faults of disk and engine are the machine's, said as such; whatever rises is logged and told on its way."""
    try:
        yield
    except (OSError, duckdb.Error, ArrowException) as fault:
        why = _("这次运行没有完成：{why}").format(why=str(fault).split("\n")[0])
        _last_words(workspace, log, str(fault))
        raise EngineError(why, fix=_advice(fault)) from fault
    except Busy:
        raise
    except BaseException as fault:
        _last_words(workspace, log, f"{type(fault).__name__}: {fault}")
        raise


def _advice(fault: Exception) -> str:
    """What to look at: the disk where it is full, else the file or folder that is named."""
    if isinstance(fault, OSError) and fault.errno not in _FULL and fault.filename is not None:
        return _("检查 {file} 和它的权限；坏了就移走；以前的运行都还在").format(
            file=os.fsdecode(fault.filename)
        )
    return (
        _("检查磁盘空间和权限；以前的运行都还在")
        if isinstance(fault, (OSError, duckdb.IOException, duckdb.OutOfMemoryException))
        else ""
    )


def _last_words(workspace: Workspace, log: Log, why: str) -> None:
    with suppress(OSError):  # The disk that failed the run may be the log's too.
        log("failed", why=why)
        tell_failure(workspace, why, log)


def _night(workspace: Workspace, as_of: date | None, full: bool, locate: bool, log: Log) -> Night:
    started = datetime.now().astimezone()
    number, past = workspace.next_number(), history(workspace)
    originals, packs = kept(workspace.objects) if workspace.config.keep_inputs else (None, [])
    damaged = _damaged(past, packs, log)
    inputs = night_inputs(workspace, past, originals, as_of, full, locate)
    log(
        "started",
        run=number,
        submissions=len(inputs.arrived),
        as_of=inputs.given.as_of,
        clock_behind=inputs.clock_behind,
    )
    with _whole(workspace, number) as part:
        pack = _pack(workspace, number, past, originals)
        gate, manifest, work = _made(workspace, part, inputs, pack, log)
        _clock(part, number, started, work, inputs.clock_behind)
    log(
        "finished",
        run=number,
        gate=gate.state,
        judged=len(work.judged),
        carried=len(work.carried),
        **manifest["counts"],
    )
    folder = workspace.run_folder(number)
    return Night(number, folder, gate, manifest, work, before=past.last, damaged=damaged)


def _damaged(past: History, packs: Sequence[Path], log: Log) -> tuple[Damaged, ...]:
    """What of the workspace cannot be read: runs, and kept originals; each is logged."""
    lost = _("保存的原件读不了")
    found = (*past.damaged, *(Damaged(f"{p.parent.name}/{p.name}", lost) for p in packs))
    for one in found:
        log("damaged", place=one.place, why=one.why)
    return found


@contextmanager
def _whole(workspace: Workspace, number: int) -> Iterator[Path]:
    """A folder to make the run in: it takes its place among the runs when it is done, and is gone when anything fails."""
    part = workspace.begin(number)
    try:
        yield part
        publish(part, workspace.run_folder(number))
        ratchet(workspace, number)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _pack(
    workspace: Workspace, number: int, past: History, originals: set[str] | None
) -> RunPack | None:
    """Where the originals of this run are kept; those that the run before kept are there already."""
    if originals is None:
        return None
    pack = RunPack(workspace.objects, number)
    if past.last is not None:
        pack.there |= originals & {f["sha256"] for f in read_table(past.last, "files")}
    return pack


def _made(
    workspace: Workspace, part: Path, inputs: NightInputs, pack: RunPack | None, log: Log
) -> tuple[GateReport, Mapping[str, Any], Work]:
    """Judge what arrived and write the results into `part`."""
    config = workspace.config
    with (
        TemporaryDirectory(prefix=DESK, dir=workspace.runs) as desk,
        closing(Making(inputs.given, workspace.submissions, Path(desk), pack, log)) as making,
    ):
        making.make(inputs.arrived, inputs.before)
        gate, manifest = write(making, part, config.gate, inputs.stated, config.pages_at_most)
    if pack is not None:
        pack.close()
    return gate, manifest, making.work


def _clock(part: Path, number: int, started: datetime, work: Work, behind: bool) -> None:
    ended = datetime.now().astimezone()
    made = {
        "run": number,
        "started": started.isoformat(timespec="seconds"),
        "ended": ended.isoformat(timespec="seconds"),
        "ended_epoch": round(ended.timestamp(), 3),
        "seconds": round((ended - started).total_seconds(), 3),
        "judged": len(work.judged),
        "carried": len(work.carried),
        "clock_behind": behind,
    }
    (part / CLOCK).write_text(json.dumps(made, indent=1) + "\n", "utf-8")


__all__ = ["GATE", "Night", "night"]
