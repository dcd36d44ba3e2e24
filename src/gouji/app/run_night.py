"""A workspace -> one more run in it: whole, or not at all; and its replay. The clock is read here and nowhere below."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from pyarrow import ArrowException

import gouji
from gouji.app.books import BookTexts, book_texts, kept_book_of, reports_in
from gouji.app.expected_list import expected_units
from gouji.app.exporting import export
from gouji.app.locating import shown_causes
from gouji.app.notify import tell_failure, tell_night
from gouji.app.plans import plan_for
from gouji.app.ratchet import ratchet
from gouji.app.retention import prune_runs
from gouji.app.versions import version
from gouji.base.digest import running
from gouji.base.faults import EngineError
from gouji.base.files import publish, write_pieces
from gouji.base.i18n import _, use_language
from gouji.results import read_table
from gouji.runs import (
    CLOCK,
    DESK,
    GATE,
    LISTED,
    LOCATE_AT_MOST,
    UNREAD,
    Before,
    Bench,
    Busy,
    CauseFinder,
    Damaged,
    Decisions,
    Gate,
    GateReport,
    Log,
    Making,
    RunInputs,
    RunPack,
    Work,
    Workspace,
    digest_of,
    history,
    kept,
    locked,
    manifest_of,
    scan,
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
        raise EngineError(why, mend=_advice(fault)) from fault
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
    last, old = past.last, past.manifest
    there, packs = kept(workspace.objects) if workspace.config.keep_inputs else (set[str](), [])
    damaged = (
        *past.damaged,
        *(Damaged(f"{p.parent.name}/{p.name}", _("保存的原件读不了")) for p in packs),
    )
    for one in damaged:
        log("damaged", place=one.place, why=one.why)
    day, behind = _day(as_of, old)
    given, inputs = _given(workspace, last, old, day, LOCATE_AT_MOST if locate else 0)
    before = (
        _before(last, old, inputs, there if workspace.config.keep_inputs else None)
        if last and old and not full
        else None
    )
    arrived = scan(workspace.submissions)
    log("started", run=number, submissions=len(arrived), as_of=day, clock_behind=behind)
    part = workspace.begin(number)
    try:
        pack = RunPack(workspace.objects, number) if workspace.config.keep_inputs else None
        with TemporaryDirectory(prefix=DESK, dir=workspace.runs) as desk:
            if pack is not None and last is not None:
                pack.there |= there & {f["sha256"] for f in read_table(last, "files")}
            making = Making(given, workspace.submissions, Path(desk), pack, log)
            try:
                making.make(arrived, before)
                gate, manifest = write(
                    making, part, workspace.config.gate, inputs, workspace.config.pages_at_most
                )
            finally:
                making.close()
        if pack is not None:
            pack.close()
        _clock(part, number, started, making.work, behind)
        publish(part, workspace.run_folder(number))
        ratchet(workspace, number)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    log(
        "finished",
        run=number,
        gate=gate.state,
        judged=len(making.work.judged),
        carried=len(making.work.carried),
        **manifest["counts"],
    )
    return Night(
        number,
        workspace.run_folder(number),
        gate,
        manifest,
        making.work,
        before=last,
        damaged=damaged,
    )


def _day(as_of: date | None, old: Mapping[str, Any] | None) -> tuple[str, bool]:
    """The day waivers are held against. A clock behind the last run's is not believed: it would bring expired waivers back."""
    today = (as_of or date.today()).isoformat()
    before = old["inputs"]["as_of"] if old else today
    return (today, False) if as_of is not None or today >= before else (before, True)


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


def _given(
    workspace: Workspace, last: Path | None, old: Mapping[str, Any] | None, day: str, locate: int
) -> tuple[RunInputs, dict[str, Any]]:
    config = workspace.config
    texts = _relative(book_texts(workspace.rules, workspace.schemas, config.forms))
    pages = (
        config.pages_at_most
        if len(scan_names(workspace.submissions)) <= config.pages_at_most
        else 0
    )
    decisions = Decisions.of(workspace.root, config.decisions_from)
    try:
        waivers = [w | {"id": f"W{w['id']:04d}"} for w in decisions.waivers()]
        baseline = decisions.baseline()
    finally:
        decisions.close()
    book = kept_book_of(texts)
    listed = config.expected
    expected = [] if listed is None else expected_units(workspace.root / listed, book)
    given = RunInputs(
        Bench(
            book,
            pages,
            lambda of, absent, aside: plan_for(of, of.tables, absent, aside),
            CauseFinder(shown_causes, locate) if locate else None,
            reports_in(lambda: texts.rules, book.year),
        ),
        day,
        _text_rows(texts),
        expected,
        [_only(w, "waivers") for w in waivers],
        [_only(b, "baseline") for b in baseline],
        _reference(last, old),
        config.batch,
    )
    return given, inputs_of(given, config.language, config.gate, config.pages_at_most)


def inputs_of(given: RunInputs, language: str, gate: Gate, pages_at_most: int) -> dict[str, Any]:
    """What a run's results follow from, by hash, with versions and parameters: its part of the manifest."""
    by_role = {
        role: digest_of(
            (f"{t['role']}/{t['file']}", t["text"])
            for t in given.texts
            if t["role"].startswith(role)
        )
        for role in ("rules", "schemas")
    }
    return {
        "gouji": version("gouji"),
        "duckdb": version("duckdb"),
        "code": code_digest(),
        "book": given.bench.book.source.head.book,
        **by_role,
        "language": language,
        "pages": given.bench.pages,
        "locate": given.bench.finder.at_most if given.bench.finder is not None else 0,
        "pages_at_most": pages_at_most,
        "as_of": given.as_of,
        "gate": json.loads(gate.model_dump_json()),
        "expected": digest_of(
            (e["unit"], f"{e['name'] or ''}\0{e.get('above') or ''}") for e in given.expected
        ),
        "decisions": digest_of(
            sorted((json.dumps(r, sort_keys=True), "") for r in [*given.waivers, *given.baseline])
        ),
    }


def code_digest() -> str:
    """A hash of gouji's own source: a mended program judges everything anew."""
    made = running()
    home = Path(gouji.__file__).parent
    for path in sorted(home.rglob("*.py")):
        made.update(str(path.relative_to(home)).encode() + b"\0" + path.read_bytes())
    return made.hexdigest()


# The expected list: whose a workbook without a cover is follows from its names.
_CARRIES = ("gouji", "duckdb", "code", "rules", "schemas", "language", "pages", "expected")


def _before(
    last: Path, old: Mapping[str, Any], inputs: Mapping[str, Any], there: Container[str] | None
) -> Before | None:
    """What may be carried over; nothing when rules, schemas, versions or the language changed.

    What is to be kept for replays and is not `there` any more is read once more.
    """
    if any(old["inputs"].get(key) != inputs[key] for key in _CARRIES):
        return None
    sent, members = read_table(last, "submissions"), read_table(last, "members")
    files = read_table(last, "files", "submission", "sha256") if there is not None else []
    lost = {
        f["submission"]
        for f in files
        if there is not None and f["sha256"] not in (UNREAD, LISTED) and f["sha256"] not in there
    }
    return Before(
        last,
        {s["submission"]: s for s in sent if s["submission"] not in lost},
        [(m["submission"], m["unit"]) for m in members],
    )


def _reference(last: Path | None, old: Mapping[str, Any] | None) -> list[Cells]:
    """Findings of the last run whose gate was open: what is not among them is new, however many nights it has been there."""
    if last is None or old is None:
        return []
    rows = read_table(last, "findings" if old["gate"] == "open" else "reference", "fingerprint")
    return [{"fingerprint": f} for f in sorted({r["fingerprint"] for r in rows})]


def _only(row: Mapping[str, Any], name: str) -> Cells:
    from gouji.results import SCHEMAS

    return {k: row.get(k) for k in SCHEMAS[name].names}


def scan_names(folder: Path) -> list[str]:
    """Names of what lies in the submissions folder."""
    return (
        sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))
        if folder.is_dir()
        else []
    )


def _relative(texts: BookTexts) -> BookTexts:
    """The texts by their names inside their folders: a run does not say where its machine keeps them."""
    return BookTexts(tuple(map(_inside, texts.rules)), _inside(texts.schemas))


def _inside(texts: Mapping[str, str]) -> dict[str, str]:
    shortest = min((Path(n).parent.parts for n in texts), key=len, default=())
    return {str(Path(*Path(name).parts[len(shortest) :])): text for name, text in texts.items()}


def _text_rows(texts: BookTexts) -> list[Cells]:
    folders = [(f"rules{i}", folder) for i, folder in enumerate(texts.rules)] + [
        ("schemas", texts.schemas)
    ]
    return [
        {"role": role, "file": file, "text": text}
        for role, folder in folders
        for file, text in folder.items()
    ]


__all__ = ["GATE", "Night", "night"]
