"""What came in + the run before -> the results of a run: what changed is read and judged, the rest carried over; the same as judging all."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from gouji.base.faults import DataError, EngineError, MachineError
from gouji.base.guard import Unforeseen, attempt
from gouji.base.i18n import _
from gouji.intake import Gathered, plain, unit_in
from gouji.results import ResultTables, read_table, tell_shared
from gouji.rules import ResolvedBook
from gouji.runs import run_sql as q
from gouji.runs.cause_rows import submissions_without, too_many
from gouji.runs.findings_sql import find
from gouji.runs.groups_of_units import groups, together
from gouji.runs.judge_batch import Bench, judge, look
from gouji.runs.peers import Pool, digests
from gouji.runs.workspace.inbox import LISTED, UNREAD, Arrived, Seen, stage
from gouji.runs.workspace.objects import RunPack

Cells = dict[str, Any]
# Faults that are the machine's: what they met is not to blame.
MACHINE = (OSError, MemoryError, MachineError, duckdb.IOException, duckdb.OutOfMemoryException)
# What gouji says of submissions that it was judging: it ends none of the others.
OWN = (DataError, EngineError)
Log = Callable[..., None]


@dataclass(frozen=True, slots=True)
class RunInputs:
    """All that a run's results follow from, besides the submissions themselves."""

    bench: Bench
    as_of: str
    texts: Sequence[Cells]
    expected: Sequence[Cells]
    waivers: Sequence[Cells]
    baseline: Sequence[Cells]
    reference: Sequence[Cells]
    batch: int = 200
    # Passages of last year's reports that earlier runs read.
    passages_before: Sequence[Cells] = ()


@dataclass(slots=True)
class Before:
    """The run before, where its results may be carried over: rows of its tables that say what may be."""

    folder: Path
    submissions: Mapping[str, Cells] = field(default_factory=dict)
    members: Sequence[tuple[str, str]] = ()
    files: frozenset[str] = frozenset()


@dataclass(slots=True)
class Work:
    """What was done: submissions read and judged tonight, and those carried over."""

    judged: list[str] = field(default_factory=list)
    carried: list[str] = field(default_factory=list)


class Making:
    """One run in the making. `source` is where submissions lie, `desk` a folder for private copies."""

    def __init__(
        self, given: RunInputs, source: Path, desk: Path, pack: RunPack | None, log: Log
    ) -> None:
        self.given, self.source, self.desk, self.pack, self.log = given, source, desk, pack, log
        self.results = ResultTables(desk)
        self.arrived: dict[str, Arrived] = {}
        self.members: set[tuple[str, str]] = set()
        self.counts: dict[str, Cells] = {}
        self.fates: dict[str, dict[str, str]] = {}
        self.beside: list[Arrived] = []
        self.work = Work()
        self.pool = Pool(given.bench.book)
        self.pool.expect(given.expected)
        self._staged: set[str] = set()
        self._batches: dict[str, int] = {}

    def close(self) -> None:
        """Let go of the databases."""
        self.results.close()
        self.pool.close()

    def make(self, arrived: Iterable[Arrived], before: Before | None) -> None:
        """Judge and carry over; then rules, decisions and findings."""
        every = list(arrived)
        self.arrived = {a.name: a for a in every if not a.aside}
        self.beside = [a for a in every if a.aside]
        old = before.submissions if before else {}
        if before:
            self.pool.replace((), self._kept_shares(before))
        changed = [
            n for n, a in self.arrived.items() if n not in old or old[n]["digest"] != a.digest
        ]
        self._judge_in_batches(changed)
        self.members |= {
            (s, u)
            for s, u in (before.members if before else ())
            if s in self.arrived and s not in self._batches
        }
        self._judge_groups(old)
        kept = sorted(set(self.arrived) - set(self._batches))
        if before:
            self.results.carry(before.folder, kept)
        self._judge_shifted()
        self._locate_carried()
        kept = sorted(set(self.arrived) - set(self._batches))
        self.work.judged, self.work.carried = sorted(self._batches), kept
        self._submissions(old)
        self._files(before)
        self._rest()

    def _judge_in_batches(self, names: Sequence[str]) -> None:
        """What each holds for others is known before it is judged, but for the first batch: that is judged again where it matters."""
        for start in range(0, len(names), self.given.batch):
            if start == self.given.batch and self.pool.busy:
                self._look(names[start:])
            self._judge(names[start : start + self.given.batch])

    def _look(self, names: Sequence[str]) -> None:
        """Read submissions for what they hold for others, and no more."""
        for start in range(0, len(names), self.given.batch):
            some = names[start : start + self.given.batch]
            for name in some:
                self._stage(name)
            # Over whatever gouji stumbles here, it stumbles over when that is judged.
            for names in attempt(
                partial(self._looked_at, some), partial(_one_by_one, some), MACHINE, OWN
            ):
                attempt(partial(self._looked_at, names), lambda _fault: [], MACHINE, OWN)

    def _looked_at(self, names: Sequence[str]) -> list[list[str]]:
        self.pool.replace(
            names, look(self.given.bench, {n: self.desk / "in" / n for n in names}, self._names())
        )
        return []

    def _kept_shares(self, before: Before) -> list[Cells]:
        """What submissions that are still there held for others, the night before."""
        return [
            row for row in read_table(before.folder, "shares") if row["submission"] in self.arrived
        ]

    def _judge_shifted(self) -> None:
        """Judge again the units for which figures of other units came out otherwise than when they were judged."""
        used = self.results.rows(q.GATHERED)
        now = digests(
            self.pool.gathered([str(unit) for _s, unit, _d in used]),
            {str(unit) for _s, unit, _d in used},
        )
        shifted = {
            str(s) for s, unit, digest in used if now[str(unit)] != digest and s in self.arrived
        }
        self._judge_again(shifted)

    def _judge_again(self, submissions: Container[str]) -> None:
        """Judge anew the groups that hold one of some submissions, several groups at a time."""
        again = [g for g in self._groups() if any(name in submissions for name in g)]
        while again:
            some = [again.pop(0)]
            while again and sum(map(len, some)) + len(again[0]) <= self.given.batch:
                some.append(again.pop(0))
            names = [name for group in some for name in group]
            self._forget(names)
            self._judge(names)

    def _locate_carried(self) -> None:
        """Judge again what was carried over of a night that located nothing; where too many units fail nothing is located."""
        if not too_many(self.results, self.given.bench.finder):
            self._judge_again(submissions_without(self.results))

    def _groups(self) -> list[tuple[str, ...]]:
        """Submissions that are judged together: those that speak of one unit, or hold a file called as one, which may be one that nobody reads."""
        codes = {unit for _submission, unit in self.members}
        named = {
            (a.name, unit_in(f"{a.name}/{seen.file}", codes))
            for a in self.arrived.values()
            for seen in a.files
            if seen.sha256 != LISTED
        }
        return groups(self.arrived, self.members | {(name, unit) for name, unit in named if unit})

    def _judge_groups(self, old: Mapping[str, Cells]) -> None:
        """Judge again whatever has to be judged together with something that changed, came or went."""
        for group in self._groups():
            digests = {n: self.arrived[n].digest for n in group}
            same = all(n in old and old[n]["together"] == together(group, digests) for n in group)
            at_once = (
                all(n in self._batches for n in group)
                and len({self._batches[n] for n in group}) == 1
            )
            if not same and not at_once:
                self._forget([n for n in group if n in self._batches])
                self.members = {(s, u) for s, u in self.members if s not in group}
                self._judge(group, apart=False)

    def _judge(self, names: Sequence[str], apart: bool = True) -> None:
        """Judge submissions together. Where gouji stumbles they are judged one by one (`apart`), and the one over which it stumbles again is told; the others go on."""
        for name in names:
            self._stage(name)
        fault = attempt(partial(self._judged, names), lambda fault: fault, MACHINE, OWN)
        if fault is None:
            return
        self._forget(names)
        if apart and len(names) > 1:
            for name in names:
                self._judge([name])
            return
        for name in names:
            self._stumbled(name, fault)

    def _judged(self, names: Sequence[str]) -> Unforeseen | None:
        units = problems = 0

        def gathering(shares: Sequence[Cells], of: Sequence[str]) -> Gathered:
            self.pool.replace(names, shares)
            return self.pool.gathered(of)

        for made in judge(
            self.given.bench, {n: self.desk / "in" / n for n in names}, self._names(), gathering
        ):
            self.results.add(made.tables)
            self.members |= {(m["submission"], m["unit"]) for m in made.members}
            self.counts |= made.counts
            self.fates |= made.fates
            units, problems = units + len(made.scorecards), problems + len(made.problems)
        unreadable = [
            _unreadable(seen)
            for n in names
            for seen in self.arrived[n].files
            if seen.sha256 == UNREAD
        ]
        self.results.put("problems", unreadable)
        self._batches |= dict.fromkeys(names, len(self._batches))
        self.log("judged", submissions=len(names), units=units, problems=problems + len(unreadable))
        return None

    def _forget(self, names: Sequence[str]) -> None:
        self.results.drop(names)
        self.members = {(s, u) for s, u in self.members if s not in set(names)}

    def _stumbled(self, name: str, fault: Unforeseen) -> None:
        """A submission over which gouji stumbles gives nothing, and is told as one thing."""
        self.pool.replace([name], [])
        self.results.put("problems", [_problem(name, name, fault.what, fault.fix)])
        self.counts[name] = {"rows_in": 0, "rows_set_aside": 0, "state": "unread"}
        self.fates[name] = {seen.file: "told" for seen in self.arrived[name].files}
        self._batches[name] = len(self._batches)
        self.log("stumbled", submission=name, why=fault.kind, file=fault.file)

    def _names(self) -> dict[str, str]:
        """Codes of expected units by name: whose a workbook without a cover is."""
        return {plain(e["name"]): e["unit"] for e in self.given.expected if e["name"]}

    def _stage(self, name: str) -> None:
        if name in self._staged:
            return
        into = self.desk / "in" / name
        into.mkdir(parents=True)
        self.arrived[name], contents = stage(self.arrived[name], self.source, into)
        self._staged.add(name)
        if self.pack is not None:
            self.pack.add(contents)

    def _submissions(self, old: Mapping[str, Cells]) -> None:
        rows = []
        for group in self._groups():
            key = together(group, {n: self.arrived[n].digest for n in group})
            for name in group:
                count = self.counts.get(name) or {
                    k: old[name][k] for k in ("state", "rows_in", "rows_set_aside")
                }
                a = self.arrived[name]
                rows.append(
                    {"submission": name, "digest": a.digest, "together": key, "files": len(a.files)}
                    | count
                )
        self.results.put("submissions", rows)

    def _files(self, before: Before | None) -> None:
        """Every entry that was seen, with what became of it. Raises EngineError where nothing did: no run is made of that."""
        kept = (
            {(f["submission"], f["file"]): f["fate"] for f in read_table(before.folder, "files")}
            if before
            else {}
        )

        def fate(seen: Seen) -> str | None:
            if seen.sha256 in (UNREAD, LISTED):
                return "told" if seen.sha256 == UNREAD else "listed"
            known = self.fates.get(seen.submission)
            return (
                known.get(seen.file)
                if known is not None
                else kept.get((seen.submission, seen.file))
            )

        for role, some in (("submission", self.arrived.values()), ("beside", self.beside)):
            self.results.put(
                "files",
                [
                    {
                        "role": role,
                        "submission": s.submission,
                        "file": s.file,
                        "sha256": s.sha256,
                        "size": s.size,
                        "fault": s.fault,
                        "fate": fate(s),
                    }
                    for a in some
                    for s in a.files
                ],
            )
        self.results.check_entries()

    def _rest(self) -> None:
        given, book = self.given, self.given.bench.book
        self.results.settle()
        for name, rows in (
            ("texts", given.texts),
            ("expected", given.expected),
            ("waivers", given.waivers),
            ("baseline", given.baseline),
            ("reference", given.reference),
        ):
            self.results.put(name, rows)
        versions = given.bench.versions
        self.results.put("rules", _rule_rows(book, versions))
        tell_shared(self.results, given.passages_before)
        self.results.check_counts(len(versions))
        find(self.results, given.as_of)


def _unreadable(seen: Seen) -> Cells:
    place = f"{seen.submission}/{seen.file}".removesuffix("/.")
    return _problem(
        seen.submission, place, seen.fault, _("放入能读的普通文件，或检查权限和磁盘，重新报送")
    )


def _problem(submission: str, place: str, what: str, fix: str) -> Cells:
    return {
        "submission": submission,
        "file": place,
        "line": 0,
        "col": "",
        "tbl": "",
        "what": what,
        "mend": fix,
        "place": place,
        "spot": json.dumps([{"file": place, "line": 0, "text": place}], ensure_ascii=False),
    }


def _rule_rows(book: ResolvedBook, versions: Mapping[str, str]) -> list[Cells]:
    """The rules of a run, criteria first; a relation has a degree, a criterion a weight."""
    ties = (*book.tie_outs, *book.table_rules)
    kinds = {
        **{c.code: ("criterion", None, c.rule.weight) for c in book.criteria},
        **{t.code: ("tie_out", t.rule.severity.value, None) for t in ties},
    }
    rows: list[Cells] = []
    for found in (*book.criteria, *ties):
        kind, severity, weight = kinds[found.code]
        basis = found.rule.basis
        rows.append(
            {
                "code": found.code,
                "kind": kind,
                "name": found.rule.name,
                "severity": severity,
                "weight": weight,
                "version": versions[found.code],
                "clause": f"{basis.document} {basis.clause}",
                "message": found.rule.message,
            }
        )
    return rows


__all__ = ["Before", "Making", "RunInputs", "Work"]


def _one_by_one(names: Sequence[str], _fault: Unforeseen) -> list[list[str]]:
    return [[name] for name in names]
