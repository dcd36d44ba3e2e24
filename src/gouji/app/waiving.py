"""Waivers and the baseline: recorded for a finding of a run, by command or read back from a workbook that was sent out and returned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from gouji.app.replaying import kept_book
from gouji.app.which_unit import unit_called
from gouji.base.digest import sha256
from gouji.base.faults import DataError
from gouji.base.i18n import _, labelled
from gouji.base.plain import plain
from gouji.intake import ISSUES_SHEET, Book, Refused, Sheet, explanations_in, open_book
from gouji.intake import said as cell_text
from gouji.results import read_table
from gouji.runs import OPEN, Decisions, Workspace

Cells = Mapping[str, Any]
# What makes two waivers the same.
SAID = ("unit", "code", "fingerprint", "author", "reason", "evidence_sha256", "expires")
# Columns that a form cannot do without, in their order.
NEEDED = ("fingerprint", "reason", "author")
WAIVABLE = ("tie_out", "difference", "missing_unit", "lost")


@dataclass(frozen=True, slots=True)
class WaiverWords:
    """Who says what about a finding, on what evidence, until when."""

    author: str
    reason: str
    evidence: Path | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class ReadWaivers:
    """What was read back from a returned workbook: waivers recorded, and rows that could not be used with the reason."""

    recorded: tuple[str, ...]
    refused: tuple[str, ...]


def waive(root: str | Path, unit: str, code: str, said: WaiverWords, run: str = "latest") -> str:
    """Record a waiver for a finding of a run; returns its number, that of the same waiver where it stands already. Raises DataError when the run has no such open finding."""
    workspace = Workspace.at(Path(root))
    folder = workspace.find_run(run)
    every = [f for f in read_table(folder, "findings") if f["kind"] in WAIVABLE]
    names = {str(u["unit"]): u["name"] for u in read_table(folder, "scorecards", "unit", "name")}
    unit = unit_called(unit, {str(f["unit"]): None for f in every} | names)
    of_unit = {str(f["code"] or f["kind"]): f for f in reversed(every) if f["unit"] == unit}
    if code not in of_unit:
        raise DataError(
            _("运行里没有 {unit} {code} 的问题").format(unit=unit, code=code),
            fix=_("这个单位有问题的规则：{codes}").format(codes="、".join(sorted(of_unit)) or "—"),
        )
    return _record(workspace, of_unit[code], said)


def _decisions(workspace: Workspace) -> closing[Decisions]:
    """The decisions on findings of a workspace, let go of afterwards."""
    return closing(Decisions.of(workspace.root, workspace.config.decisions_from))


def _record(workspace: Workspace, finding: Cells, said: WaiverWords) -> str:
    """Keep a waiver; returns its number. What stands already, word for word, is not recorded once more: a returned form may be read twice."""
    if not said.author.strip() or not said.reason.strip():
        raise DataError(_("审核说明要有作者和理由"), fix=_("写 --author 和 --reason"))
    given = {
        "unit": finding["unit"],
        "code": finding["code"] or finding["kind"],
        "fingerprint": finding["fingerprint"],
        "author": said.author.strip(),
        "reason": said.reason.strip(),
        "expires": said.expires.isoformat() if said.expires else None,
        **_evidence(said.evidence),
    }
    with _decisions(workspace) as store:
        same = (w["id"] for w in store.waivers() if all(w[k] == given.get(k) for k in SAID))
        number = next(same, None)
        return f"W{store.add_waiver(given) if number is None else number:04d}"


def _evidence(file: Path | None) -> dict[str, str]:
    """The name and the hash of a file of evidence. Raises DataError where it is not there."""
    if file is None:
        return {}
    if not file.is_file():
        raise DataError(_("没有佐证文件 {file}").format(file=file), fix=_("检查路径"))
    return {"evidence": file.name, "evidence_sha256": sha256(file.read_bytes())}


def standing(root: str | Path) -> list[dict[str, Any]]:
    """Waivers that nobody ended."""
    with _decisions(Workspace.at(Path(root))) as store:
        return store.waivers()


def end_waiver(root: str | Path, name: str, author: str, reason: str) -> None:
    """End a waiver by its number. Raises DataError when none stands by it."""
    number = int(name[1:]) if name[1:].isdecimal() else 0
    with _decisions(Workspace.at(Path(root))) as store:
        if not store.has_waiver(number):
            raise DataError(_("没有审核说明 {id}").format(id=name), fix=_("见 gouji waiver list"))
        store.end("waiver", [number], author, reason)


def set_baseline(root: str | Path, run: str, author: str, reason: str) -> int:
    """Make the open findings of a run the baseline; returns how many. What was in it before is replaced."""
    workspace = Workspace.at(Path(root))
    folder = workspace.find_run(run)
    found = {
        f["fingerprint"]: f
        for f in read_table(folder, "findings")
        if f["status"] in (OPEN, "baseline") and f["kind"] in WAIVABLE
    }
    number = int(folder.name) if folder.name.isdecimal() else 0
    with _decisions(workspace) as store:
        store.set_baseline(number, list(found.values()), author, reason)
    return len(found)


def baseline(root: str | Path) -> list[dict[str, Any]]:
    """Findings that the baseline still knows."""
    with _decisions(Workspace.at(Path(root))) as store:
        return store.baseline()


def write_form(root: str | Path, run: str, file: Path) -> int:
    """Write the open findings of a run as a workbook for units to say what they have to say; returns how many."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    workspace = Workspace.at(Path(root))
    found = [
        f
        for f in read_table(workspace.find_run(run), "findings")
        if f["status"] == OPEN and f["kind"] in WAIVABLE
    ]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET())
    sheet.freeze_panes = "A2"
    sheet.append(list(COLUMNS().values()))
    for f in found:
        given = {**f, "code": f["code"] or f["kind"]}
        cells = []
        for key in COLUMNS():
            cell = WriteOnlyCell(sheet, value=plain(str(given.get(key) or "")))
            # Text of units stays text: nothing that starts with = becomes a formula.
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(file)
    return len(found)


def SHEET() -> str:
    """The sheet of the form."""
    return _("审核说明")


def COLUMNS() -> dict[str, str]:
    """The columns of the form: what gouji writes, then what the unit writes."""
    return {
        "fingerprint": _("指纹"),
        "unit": _("单位代码"),
        "name": _("单位名称"),
        "code": _("规则代码"),
        "rule_name": _("规则"),
        "severity": _("程度"),
        "text": _("计算"),
        "reason": _("说明理由"),
        "author": _("说明人"),
        "expires": _("有效期至"),
        "evidence": _("佐证文件"),
    }


def read_form(
    root: str | Path, run: str, file: Path, said_by: WaiverWords | None = None
) -> ReadWaivers:
    """Record what a returned workbook says: a form of `write_form`, or a unit's own workbook with the list of issues that `gouji forms return` gave it.

    `said_by` is the author (evidence, expiry) where the workbook names none. Rows in which the unit wrote nothing are passed over; rows that fit no finding,
    and those with evidence or a date but no reason, are refused by name. Raises DataError for what is no such workbook, or past the limits of intake.
    """
    workspace = Workspace.at(Path(root))
    folder = workspace.find_run(run)
    found = [f for f in read_table(folder, "findings") if f["kind"] in WAIVABLE]
    book = _opened(file)
    issues = [s for s in book.sheets if s.name == ISSUES_SHEET]
    given = said_by or WaiverWords("", "")
    rows = (
        _explained(issues, file, folder, found, given)
        if issues
        else _formed(book, file, found, given)
    )
    recorded, refused = [], []
    for place, finding, make in rows:
        try:
            if finding is None:
                raise DataError(_("运行里没有这个问题"))
            recorded.append(_record(workspace, finding, make()))
        except DataError as fault:
            refused.append(labelled(str(place), fault.what))
    return ReadWaivers(tuple(recorded), tuple(refused))


Wanted = Iterator[tuple[str, Cells | None, Callable[[], WaiverWords]]]


def _opened(file: Path) -> Book:
    try:
        return open_book(file, file.name)
    except Refused as fault:
        raise DataError(
            _("{file} 读不了：{why}").format(file=file, why=fault.what), fix=fault.fix
        ) from fault
    except OSError as fault:
        raise DataError(
            _("{file} 读不了：{why}").format(file=file, why=fault.strerror or fault),
            fix=_("检查路径"),
        ) from fault


def _explained(
    issues: Sequence[Sheet], file: Path, run: Path, found: Sequence[Cells], given: WaiverWords
) -> Wanted:
    """What a unit wrote in the column 审核说明 of its own workbook: place, the finding it speaks of, what it says."""
    if not given.author.strip():
        raise DataError(_("单位退回的工作簿不写说明人"), fix=_("写 --author"))
    of = {(f["unit"], f["code"] or f["kind"]): f for f in found}
    year = str(kept_book(run).year)
    for told_ in (e for sheet in issues for e in explanations_in(sheet, file.name)):
        yield (
            str(told_.at),
            of.get((told_.unit, told_.code)) if told_.year == year else None,
            partial(replace, given, reason=told_.text),
        )


def _formed(book: Book, file: Path, found: Sequence[Cells], given: WaiverWords) -> Wanted:
    """What a form says, row by row."""
    of = {f["fingerprint"]: f for f in found}
    rows = [
        [cell_text(value).strip() for value in row]
        for sheet in book.sheets[:1]
        for row in sheet.rows
    ]
    header = {name: i for i, name in enumerate(rows[0] if rows else ())}
    columns = COLUMNS()
    absent = [columns[k] for k in NEEDED if columns[k] not in header]
    if absent:
        raise DataError(
            _("{file} 缺少列：{names}").format(file=file, names="、".join(absent)),
            fix=_("用 gouji waiver form 写出的表"),
        )
    places = {key: header[title] for key, title in columns.items() if title in header}
    for number, row in enumerate(rows[1:], 2):
        cells = {key: row[at] for key, at in places.items() if at < len(row)}
        # Whoever names evidence or a date for a finding means to explain it.
        if cells.get("reason") or cells.get("evidence") or cells.get("expires"):
            yield (
                _("第 {n} 行").format(n=number),
                of.get(cells.get("fingerprint", "")),
                partial(_said, cells, file.parent, given),
            )


def _said(cells: Cells, beside: Path, given: WaiverWords) -> WaiverWords:
    evidence, until = str(cells.get("evidence") or ""), str(cells.get("expires") or "")
    if not cells.get("reason"):
        raise DataError(_("没有写说明理由"))
    try:
        expires = date.fromisoformat(until) if until else given.expires
    except ValueError as fault:
        raise DataError(_("有效期“{text}”读不成日期").format(text=until)) from fault
    return WaiverWords(
        str(cells.get("author") or given.author),
        str(cells["reason"]),
        beside / Path(evidence).name if evidence else given.evidence,
        expires,
    )
