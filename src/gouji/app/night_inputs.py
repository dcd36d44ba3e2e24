"""A workspace and the run before -> what one more run follows from: submissions, rulebook, decisions, and what may be carried over."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import gouji
from gouji.app.books import BookTexts, book_texts, kept_book_of, reports_in
from gouji.app.expected_list import expected_units
from gouji.app.locating import shown_causes
from gouji.app.plans import plan_for
from gouji.app.versions import version
from gouji.base.digest import running
from gouji.results import SCHEMAS, decided_rules, passages_before, read_table, says_decided
from gouji.rules import ResolvedBook
from gouji.runs import (
    LISTED,
    LOCATE_AT_MOST,
    UNREAD,
    Arrived,
    Before,
    Bench,
    CauseFinder,
    Decisions,
    Gate,
    History,
    RunInputs,
    Workspace,
    digest_of,
    scan,
)

Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NightInputs:
    """What a run is made of: `stated` is its part of the manifest, `before` what may be carried over, `clock_behind` whether the machine's clock stands before the run before."""

    given: RunInputs
    stated: Mapping[str, Any]
    arrived: Sequence[Arrived]
    before: Before | None
    clock_behind: bool


def night_inputs(
    workspace: Workspace,
    past: History,
    kept_originals: Container[str] | None,
    as_of: date | None,
    full: bool,
    locate: bool,
) -> NightInputs:
    """What lies in the workspace now. `kept_originals` are hashes of the files that are kept for replays (None: none have to be); `full`: nothing is carried over."""
    day, behind = _day(as_of, past.manifest)
    given = _given(workspace, past, day, LOCATE_AT_MOST if locate else 0)
    config = workspace.config
    stated = inputs_of(given, config.language, config.gate, config.pages_at_most)
    before = None if full else _before(past, stated, kept_originals)
    return NightInputs(given, stated, scan(workspace.submissions), before, behind)


def _day(as_of: date | None, old: Mapping[str, Any] | None) -> tuple[str, bool]:
    """The day waivers are held against. A clock behind the last run's is not believed: it would bring expired waivers back."""
    today = (as_of or date.today()).isoformat()
    before = old["inputs"]["as_of"] if old else today
    return (today, False) if as_of is not None or today >= before else (before, True)


def _given(workspace: Workspace, past: History, day: str, locate: int) -> RunInputs:
    config = workspace.config
    texts = _relative(book_texts(workspace.rules, workspace.schemas, config.forms))
    book = kept_book_of(texts)
    waivers, baseline = _decisions(workspace)
    listed = config.expected
    return RunInputs(
        Bench(
            book,
            _pages(workspace),
            lambda of, absent, aside: plan_for(of, of.tables, absent, aside),
            CauseFinder(shown_causes, locate) if locate else None,
            reports_in(lambda: texts.rules, book.year),
        ),
        day,
        _text_rows(texts),
        [] if listed is None else expected_units(workspace.root / listed, book),
        waivers,
        baseline,
        _reference(past, book),
        batch=config.batch,
        passages_before=[] if past.last is None else passages_before(past.last, book.year),
    )


def _pages(workspace: Workspace) -> int:
    """Of how many units a submission may have its pages; of very many submissions none has."""
    most = workspace.config.pages_at_most
    return most if len(scan_names(workspace.submissions)) <= most else 0


def _decisions(workspace: Workspace) -> tuple[list[Cells], list[Cells]]:
    """The waivers and the baseline."""
    with closing(Decisions.of(workspace.root, workspace.config.decisions_from)) as decisions:
        waivers = [w | {"id": f"W{w['id']:04d}"} for w in decisions.waivers()]
        return (
            [_only(w, "waivers") for w in waivers],
            [_only(b, "baseline") for b in decisions.baseline()],
        )


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
        "year": given.bench.book.year,
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
    """A hash of gouji's own source: a changed program judges everything anew."""
    made = running()
    home = Path(gouji.__file__).parent
    for path in sorted(home.rglob("*.py")):
        made.update(str(path.relative_to(home)).encode() + b"\0" + path.read_bytes())
    return made.hexdigest()


# The expected list: whose a workbook without a cover is follows from its names.
_CARRIES = ("gouji", "duckdb", "code", "rules", "schemas", "language", "pages", "expected")


def _before(
    past: History, stated: Mapping[str, Any], kept_originals: Container[str] | None
) -> Before | None:
    """What may be carried over; nothing when rules, schemas, versions or the language changed.

    What is to be kept for replays and is not kept any more is read once more.
    """
    last, old = past.last, past.manifest
    if last is None or old is None or any(old["inputs"].get(k) != stated[k] for k in _CARRIES):
        return None
    lost = set[str]() if kept_originals is None else _lost(last, kept_originals)
    sent, members = read_table(last, "submissions"), read_table(last, "members")
    return Before(
        last,
        {s["submission"]: s for s in sent if s["submission"] not in lost},
        [(m["submission"], m["unit"]) for m in members],
    )


def _lost(last: Path, kept_originals: Container[str]) -> set[str]:
    """Submissions of which a file is not kept any more."""
    return {
        f["submission"]
        for f in read_table(last, "files", "submission", "sha256")
        if f["sha256"] not in (UNREAD, LISTED) and f["sha256"] not in kept_originals
    }


def _reference(past: History, book: ResolvedBook) -> list[Cells]:
    """Findings of the last run whose gate was open: what is not among them is new, however many nights it has been there; and what it decided of each unit, by the same book for the same year."""
    if past.last is None or past.manifest is None:
        return []
    kept: Iterable[str]
    if past.manifest["gate"] == "open":
        found = read_table(past.last, "findings", "fingerprint")
        kept = {*(f["fingerprint"] for f in found), *decided_rules(past.last)}
    else:
        kept = {r["fingerprint"] for r in read_table(past.last, "reference", "fingerprint")}
    was, now = past.manifest["inputs"], {"book": book.source.head.book, "year": book.year}
    if any(was.get(key, word) != word for key, word in now.items()):
        kept = {one for one in kept if not says_decided(one)}
    return [{"fingerprint": f} for f in sorted(kept)]


def _only(row: Mapping[str, Any], name: str) -> Cells:
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
