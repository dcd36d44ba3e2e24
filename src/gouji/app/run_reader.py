"""What any run left (a page, a folder of a bulk audit, a kept run), or a dataset -> its overview, or its page: one reader for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gouji.app.bulk_reports import bulk_bureau, bulk_unit
from gouji.app.night_reports import night_bureau, night_unit
from gouji.app.pictures import Sent, sent_from
from gouji.app.replaying import kept_book
from gouji.app.reports import RUN_FILE, read_run
from gouji.app.which_book import NoBook, book_for
from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.report import ReportPage
from gouji.report.bureau import Bureau
from gouji.results import FolderKind, kind_of


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """What a run was made of, where it does not say so itself: data, rulebook, table descriptions."""

    data: str | None
    rules: str | None
    schemas: str | None


def files_sent(run: Path, judged: RunOrigin) -> Sent | None:
    """Where the files of a run lie: where it is said, or in the dataset that was audited on the spot; None where nobody says so, or they are no files.

    They are read by the book that is given, else by that of the run, else by that of the data. Raises NoBook where none of them names one.
    """
    kind = kind_of(run)
    audited_now = run.is_dir() and not (run / RUN_FILE).is_file() and kind is FolderKind.NONE
    if kind is FolderKind.BULK or (judged.data is None and not audited_now):
        return None
    data = Path(judged.data) if judged.data is not None else run
    if not data.exists():
        return None
    if kind is FolderKind.KEPT_RUN and judged.rules is None:
        return Sent(data if data.is_dir() else data.parent, kept_book(run).tables)
    try:
        rules = book_for(judged.rules, run)
    except NoBook:
        rules = book_for(None, data)
    return sent_from(data, rules, judged.schemas)


def overview_of_run(run: Path, judged: RunOrigin) -> Bureau | None:
    """The overview of a run that holds no page, counted in DuckDB; None where a page has every unit."""
    match kind_of(run):
        case FolderKind.BULK:
            return bulk_bureau(run, judged.rules, judged.schemas)
        case FolderKind.KEPT_RUN if not (run / RUN_FILE).is_file():
            return night_bureau(run)
    return None


def page_of_run(
    run: Path, unit: str | None, judged: RunOrigin, forms: Sequence[str], full: bool
) -> ReportPage:
    """The page with every unit that a run keeps, or with one `unit` that is looked up or judged once more. Raises DataError where there is no such thing."""
    match kind_of(run):
        case FolderKind.BULK if unit is not None:
            if judged.data is None:
                raise DataError(
                    _("单位的页面要有它报送的数"), fix=_("用 --data 指明审核时读的数据")
                )
            return bulk_unit(judged.data, unit, book_for(judged.rules, run), judged.schemas)
        case FolderKind.KEPT_RUN if unit is not None and not (run / RUN_FILE).is_file():
            return night_unit(run, unit)
    return read_run(run, judged.rules, judged.schemas, forms, full)
