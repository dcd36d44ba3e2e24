"""A run folder (or a dataset folder) -> its page; a page -> reports in files: HTML, workbook, opinions, JSON, tables of outcomes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji.app.audits import audit, page_of
from gouji.app.page_workers import made_of
from gouji.app.pictures import Sent, picture_pages
from gouji.app.which_unit import unit_called
from gouji.base.faults import DataError, EngineError
from gouji.base.files import write_whole
from gouji.base.i18n import _
from gouji.base.resources import library_text
from gouji.report import (
    Card,
    Depth,
    Libraries,
    ReportPage,
    bureau_page,
    file_name,
    json,
    rules_page,
    unit_page,
)
from gouji.report.bureau import Bureau, Counting

RUN_FILE, NIGHT_FILE = "audit.json", "gate.json"
# A folder with more pages than this is a burden; `--unit` makes the page of a unit when it is wanted.
PAGES_AT_MOST = 500
Files = Iterator[tuple[str, bytes]]
# Forms that show parts of what fails alone, and go through the cards once; others that go through them once.
SHALLOW, WHOLE_ONCE = ("html", "docx", "pdf"), ("json", "csv", "parquet", "text")


def read_run(
    path: Path,
    rules: str | Path | None = None,
    schemas: str | Path | None = None,
    forms: Sequence[str] = (),
    full: bool = True,
) -> ReportPage:
    """The page of a run folder or its audit.json; a dataset folder is audited on the spot, as deep as those forms show. Raises DataError where there is neither."""
    file = path / RUN_FILE if path.is_dir() else path
    if file.is_file():
        try:
            return json.read(file.read_text("utf-8"), str(file))
        except UnicodeDecodeError as fault:
            raise DataError(
                _("{name} 不是 UTF-8 文本").format(name=file),
                fix=_("重新运行 gouji audit DATA --out DIR"),
            ) from fault
    if (path / NIGHT_FILE).is_file():
        fix = _("用 gouji report --unit 看一个单位，不写 --unit 看总览")
        raise DataError(
            _("{path} 里没有 audit.json: 单位太多的运行不写它").format(path=path), fix=fix
        )
    if path.is_dir():
        page = page_of(audit(path, rules, schemas), depth_of(forms, full))
        # A workbook, or another form besides, goes through the cards again.
        once = len(forms) == 1 and forms[0] in (*SHALLOW, *WHOLE_ONCE)
        return page if once else replace(page, cards=tuple(page.cards))
    raise DataError(_("没有文件夹或文件 {path}").format(path=path), fix=_("检查路径"))


def depth_of(forms: Sequence[str], full: bool = True) -> Depth:
    """How deep the cards have to be for all of some forms, JSON in `full` among them."""
    if not full and forms == ("json",):
        return Depth.DATA
    shallow = (*SHALLOW, "xlsx") if full else (*SHALLOW, "xlsx", "json")
    return Depth.PAGES if forms and all(form in shallow for form in forms) else Depth.WHOLE


def card_of(page: ReportPage, unit: str) -> Card:
    """The card of one unit, by code or name. Raises DataError with the nearest one."""
    code = unit_called(unit, {card.unit: card.name for card in page.cards})
    return next(card for card in page.cards if card.unit == code)


def only(page: ReportPage, unit: str | None) -> ReportPage:
    """The page with one unit alone, or all of them."""
    return page if unit is None else replace(page, cards=(card_of(page, unit),))


def files_of(
    page: ReportPage,
    form: str,
    unit: str | None = None,
    template: Path | None = None,
    due: str | None = None,
    full: bool = True,
    workers: int = 1,
    sent: Sent | None = None,
) -> Files:
    """Name and content of every file of one form: html, xlsx, docx, pdf, json, csv, parquet or text; JSON short where not `full`.

    `sent`: where the files of the audit lie, for pages of what was read of them. `workers`: processes that may be used, this one counted; only for programs whose main module may be imported again.
    """
    match form:
        case "html":
            yield from html_files(page, unit, workers, sent)
        case "docx":
            yield from opinions(page, unit, template, due, workers)
        case "pdf":
            yield from pdfs(opinions(page, unit, template, due, workers))
        case _:
            yield f"{_stem(unit)}.{SUFFIXES[form]}", _whole(only(page, unit), form, full)


SUFFIXES = {"xlsx": "xlsx", "json": "json", "csv": "csv", "parquet": "parquet", "text": "txt"}
# Forms that are a file per unit; of one unit they are one file.
PER_UNIT = {"html": "html", "docx": "docx", "pdf": "pdf"}


def file_named(out: Path | None, forms: Sequence[str], unit: str | None) -> str | None:
    """The name of the one file that `--out` asks for; None where it names a folder.

    Raises DataError where it has the suffix of a report, and what is asked for is not one file of that kind.
    """
    if (
        out is None
        or out.is_dir()
        or out.suffix[1:] not in {*SUFFIXES.values(), *PER_UNIT.values()}
    ):
        return None
    match forms:
        case [form] if form in PER_UNIT and unit is None:
            raise DataError(
                _("{form} 每个单位一个文件，--out 不能是一个文件 {out}").format(form=form, out=out),
                fix=_("--out 写文件夹，或用 --unit 只要一个单位"),
            )
        case [form] if out.suffix[1:] == (SUFFIXES | PER_UNIT)[form]:
            return out.name
    raise DataError(
        _("--out 写的文件 {out} 和 --format {forms} 不符").format(out=out, forms="、".join(forms)),
        fix=_("改后缀，或写文件夹"),
    )


def _stem(unit: str | None) -> str:
    return "report" if unit is None else file_name(unit).removesuffix(".html")


def _whole(page: ReportPage, form: str, full: bool) -> bytes:
    """One file with everything. Libraries are loaded for the form that needs them."""
    match form:
        case "xlsx":
            from gouji.report import xlsx

            return xlsx.render(page)
        case "csv":
            from gouji.report import outcomes

            return outcomes.to_csv(page)
        case "parquet":
            from gouji.app.outcome_tables import to_parquet

            return to_parquet(page)
        case "json":
            return json.render(page, full).encode()
    from gouji.report import text

    return text.render(page).encode()


def opinions(
    page: ReportPage, unit: str | None, template: Path | None, due: str | None, workers: int = 1
) -> Files:
    """An opinion per unit, or that of one unit. Raises DataError when the template cannot be read."""
    if template is not None and not template.is_file():
        raise DataError(_("没有文件 {path}").format(path=template), fix=_("检查路径"))
    own = template.read_bytes() if template is not None else None
    chosen = only(page, unit)
    make = partial(_opinion, own, due)
    for card, content in made_of(chosen, chosen.cards, make, workers, replace(page, cards=())):
        yield f"opinions/{file_name(card.unit).removesuffix('.html')}.docx", content


def _opinion(template: bytes | None, due: str | None, page: ReportPage, card: Card) -> bytes:
    from gouji.report import opinion

    return opinion.render(page, card, template, due)


def _unit_page(
    read: Mapping[str, Sequence[tuple[str, str, str]]], page: ReportPage, card: Card
) -> bytes:
    return unit_page(page, card, read.get(card.unit, ())).encode()


def template_bytes() -> bytes:
    """The template of the opinion that comes with gouji."""
    from gouji.report import opinion

    return opinion.default_template()


def pdfs(documents: Files) -> Files:
    """Word documents as PDF, by LibreOffice. Raises DataError where it is not there, EngineError where it makes nothing."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise DataError(
            _("没有 LibreOffice，不能生成 PDF"), fix=_("装 LibreOffice，或用 --format docx")
        )
    with TemporaryDirectory() as folder:
        profile = Path(folder, "profile").as_uri()
        for name, content in documents:
            source = Path(folder, Path(name).name)
            source.write_bytes(content)
            # Its own profile: a LibreOffice that somebody has open would answer instead, and write nothing.
            subprocess.run(
                [
                    office,
                    f"-env:UserInstallation={profile}",
                    "--headless",
                    "--convert-to",
                    "pdf",
                    "--outdir",
                    folder,
                    str(source),
                ],
                capture_output=True,
                check=False,
                timeout=300,
            )
            made = source.with_suffix(".pdf")
            if not made.is_file():
                raise EngineError(_("LibreOffice 没有生成 {name}").format(name=made.name))
            yield str(Path(name).with_suffix(".pdf")), made.read_bytes()


def html_files(
    page: ReportPage, unit: str | None = None, workers: int = 1, sent: Sent | None = None
) -> Files:
    """Name and content of each file: pages of the files that were sent, a page per unit (up to a number of units), then the bureau's page and the rules; or one unit's page alone."""
    read: dict[str, list[tuple[str, str, str]]] = {}
    if unit is not None:
        yield from _files_of_unit(page, unit, sent)
        return
    if sent is not None and len(page.cards) <= PAGES_AT_MOST:
        # Their names are asked for more than once.
        page = replace(page, cards=tuple(page.cards))
        for made in picture_pages(page, sent):
            yield f"units/{made.name}", made.content
            for of in made.units:
                read.setdefault(of, []).append((made.file, made.name, made.counts))
    counting, linked = Counting(page.total), set[str]()
    # Each unit is made once, and gone when its page is written.
    if len(page.cards) <= PAGES_AT_MOST:
        head = replace(page, cards=())
        for card, content in made_of(page, page.cards, partial(_unit_page, read), workers, head):
            counting.add(card)
            linked.add(card.unit)
            yield f"units/{file_name(card.unit)}", content
    else:
        for card in page.cards:
            counting.add(card)
    yield from bureau_files(counting.bureau(page), linked)


def _files_of_unit(page: ReportPage, unit: str, sent: Sent | None) -> Files:
    """The page of one unit, and those of what was read of its files."""
    pictures = [m for m in picture_pages(page, sent, unit) if unit in m.units]
    read = {unit: [(made.file, made.name, made.counts) for made in pictures]}
    yield f"units/{file_name(unit)}", _unit_page(read, page, card_of(page, unit))
    yield from ((f"units/{made.name}", made.content) for made in pictures)


def bureau_files(view: Bureau, linked: Collection[str] = ()) -> Files:
    """The bureau's page and the page of the rules; the same whether the view came from a page or from bulk outcomes."""
    yield "index.html", bureau_page(view, libraries(), linked).encode()
    yield "rules.html", rules_page(view).encode()


def libraries() -> Libraries:
    """The chart and table libraries, out of the packages that carry them."""
    # Slow to import, and only this needs it.
    from vl_convert import javascript_bundle

    return Libraries(javascript_bundle(), library_text("itables", "html", "dt_bundle.js"))  # type: ignore[call-arg]


def write_files(folder: Path, files: Files) -> list[Path]:
    """Write each file whole or not at all; returns where they are."""
    made = []
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        made.append(path)
    return made
