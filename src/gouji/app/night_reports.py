"""A kept run of more units than it keeps pages for -> the page of one unit, judged anew from what the run kept; the bureau's page, by counting."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gouji.app import kept_run_sql as q
from gouji.app.bulk_reports import bureau_of
from gouji.app.locating import shown_causes
from gouji.app.replaying import kept_book, kept_reports, restore
from gouji.app.which_unit import unit_called
from gouji.base.database import connect
from gouji.base.faults import DataError
from gouji.base.i18n import _, use_language
from gouji.base.verdict import FindingKind
from gouji.intake import files_of, plain, shown_absent
from gouji.report.bureau import Bureau, head_of
from gouji.report.page_of_unit import Card, ReportPage
from gouji.results import read_table
from gouji.rules import ResolvedBook
from gouji.runs import (
    CARD,
    LISTED,
    MANIFEST,
    Bench,
    CauseFinder,
    JudgedRows,
    Pool,
    found_in,
    groups,
    judge,
    night_page,
    unread_files,
)

Cells = dict[str, Any]
# However many units a submission speaks of, only one of them is asked for.
EVERY = 10**9


def night_unit(run: Path, unit: str) -> ReportPage:
    """The page of one unit, as the run would have kept it: only submissions that speak of it, or are judged together with such, are read again.

    Raises DataError where the run does not know the unit, or did not keep its inputs.
    """
    manifest = json.loads((run / MANIFEST).read_text("utf-8"))
    # In the run's own words, as the pages that runs keep.
    use_language(manifest["inputs"]["language"])
    names = {str(u["unit"]): u["name"] for u in read_table(run, "scorecards", "unit", "name")}
    unit = unit_called(unit, names)
    members = [(m["submission"], m["unit"]) for m in read_table(run, "members")]
    submissions = read_table(run, "submissions")
    own = {submission for submission, of in members if of == unit}
    if not own:
        raise DataError(_("没有单位 {unit}").format(unit=unit), fix=_("检查单位代码"))
    group = next(g for g in groups([s["submission"] for s in submissions], members) if own & set(g))
    book = kept_book(run)
    return _page(
        run,
        manifest,
        book,
        (_card(run, book, unit, [s for s in submissions if s["submission"] in group]),),
    )


def _card(run: Path, book: ResolvedBook, unit: str, submissions: list[Cells]) -> Card:
    names = {plain(e["name"]): e["unit"] for e in read_table(run, "expected") if e["name"]}
    wanted = {s["submission"] for s in submissions}
    files = [f for f in read_table(run, "files") if f["submission"] in wanted]
    with TemporaryDirectory(prefix="gouji-unit-") as folder, closing(Pool(book)) as pool:
        restore(submissions, files, run.resolve().parent.parent / "objects", Path(folder))
        pool.expect(read_table(run, "expected"))
        # What all submissions of the run hold for one another is kept, these among them.
        pool.replace((), read_table(run, "shares"))
        paths = {name: Path(folder, name) for name in sorted(wanted)}
        for made in judge(
            _bench(run, book), paths, names, lambda _own, of: pool.gathered(of), unit
        ):
            for card in made.cards:
                if card["unit"] == unit:
                    return _with_causes(CARD.validate_json(card["card"]), made)
    raise DataError(_("没有单位 {unit}").format(unit=unit), fix=_("检查单位代码"))


def _bench(run: Path, book: ResolvedBook) -> Bench:
    """By which the run judged, with a page and causes of whatever unit is asked for."""
    finder = CauseFinder(shown_causes, EVERY)
    return Bench(book, pages=EVERY, finder=finder, reports=kept_reports(run, book.year))


def _with_causes(card: Card, made: JudgedRows) -> Card:
    causes, unexplained = found_in([row for row in made.causes if row["unit"] == card.unit])
    return replace(card, causes=causes, unexplained=unexplained)


def _page(
    run: Path, manifest: Mapping[str, Any], book: ResolvedBook, cards: tuple[Card, ...]
) -> ReportPage:
    there = {
        str(u["unit"]): str(u["name"] or "") for u in read_table(run, "scorecards", "unit", "name")
    }
    expected = {str(e["unit"]): str(e["name"] or "") for e in read_table(run, "expected")}
    unexpected = [unit for unit in there if unit not in expected] if expected else []
    return night_page(
        book,
        manifest["counts"],
        manifest["inputs"],
        {s["submission"]: s["digest"] for s in read_table(run, "submissions")},
        problems=sorted((*_lines(run, "problems"), *_lost(run))),
        remarks=sorted((*_lines(run, "remarks"), *_lines(run, "shared_passages"))),
        not_filed=_absent(run, {u: n for u, n in expected.items() if u not in there}),
        unexpected=sorted((unit, there[unit]) for unit in unexpected),
        cards=cards,
    )


def _absent(run: Path, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Units that did not file, with what is to be said of each behind its name: files that may be theirs and were not read."""
    unread = unread_files(
        (f["submission"], f["file"])
        for f in read_table(run, "files")
        if f["role"] == "submission" and f["fate"] != "read" and f["sha256"] != LISTED
    )
    return sorted(
        (unit, shown_absent(name, files_of(unread, unit, name))) for unit, name in names.items()
    )


def _lines(run: Path, name: str) -> list[tuple[str, str, str]]:
    """Place, what and what to do; nothing where an older run did not keep them."""
    kept = read_table(run, name) if (run / f"{name}.parquet").is_file() else []
    return sorted((row["place"], row["what"], row["mend"]) for row in kept)


def _lost(run: Path) -> list[tuple[str, str, str]]:
    """The same of units that have less to be judged by than at the last open gate."""
    return [
        (f"{row['unit']} {row['name'] or ''}".strip(), row["text"], row["message"])
        for row in read_table(run, "findings")
        if row["kind"] == FindingKind.LOST
    ]


def night_bureau(run: Path) -> Bureau:
    """The bureau's view of a run, counted in DuckDB as that of a bulk audit is."""
    manifest = json.loads((run / MANIFEST).read_text("utf-8"))
    use_language(manifest["inputs"]["language"])
    book = kept_book(run)
    con = connect()
    try:
        for name in ("scorecards", "outcomes", "findings"):
            con.read_parquet(str(run / f"{name}.parquet")).create_view(f"kept_{name}")
        there = {row[0] for row in con.execute("DESCRIBE kept_scorecards").fetchall()}
        for statement in q.as_bulk(book, there):
            con.execute(statement)
        return bureau_of(con, head_of(_page(run, manifest, book, ())), book)
    finally:
        con.close()
