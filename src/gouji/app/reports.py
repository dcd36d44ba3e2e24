"""A run folder (or a dataset folder) -> its page; a page -> reports in files: HTML, workbook, opinions, JSON, tables of outcomes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji.app.audits import audit, page_of
from gouji.app.default_book import DEFAULT_BOOK
from gouji.base.faults import DataError, EngineError, did_you_mean
from gouji.base.i18n import _
from gouji.base.resources import library_text
from gouji.report import Card, Libraries, Page, bureau_page, file_name, json, rules_page, unit_page
from gouji.report.bureau import Bureau, bureau

RUN_FILE, NIGHT_FILE = "audit.json", "gate.json"
# A folder with more pages than this is a burden; `--unit` makes the page of a unit when it is wanted.
PAGES_AT_MOST = 500
Files = Iterator[tuple[str, bytes]]


def read_run(
    path: Path, rules: str | Path = DEFAULT_BOOK, schemas: str | Path | None = None
) -> Page:
    """The page of a run folder or its audit.json; a dataset folder is audited on the spot. Raises DataError where there is neither."""
    file = path / RUN_FILE if path.is_dir() else path
    if file.is_file():
        try:
            return json.read(file.read_text("utf-8"), str(file))
        except UnicodeDecodeError as fault:
            raise DataError(
                _("{name} 不是 UTF-8 文本").format(name=file),
                mend=_("重新运行 gouji audit DATA --out DIR"),
            ) from fault
    if (path / NIGHT_FILE).is_file():
        mend = _("用 gouji report --unit 看一个单位, 不写 --unit 看总览")
        raise DataError(
            _("{path} 里没有 audit.json: 单位太多的运行不写它").format(path=path), mend=mend
        )
    if path.is_dir():
        page = page_of(audit(path, rules, schemas))
        # These forms go through the cards several times.
        return replace(page, cards=tuple(page.cards))
    raise DataError(_("没有文件夹或文件 {path}").format(path=path), mend=_("检查路径"))


def card_of(page: Page, unit: str) -> Card:
    """The card of one unit. Raises DataError with the nearest code."""
    for card in page.cards:
        if card.unit == unit:
            return card
    raise DataError(
        _("没有单位 {unit}").format(unit=unit),
        mend=did_you_mean(unit, [c.unit for c in page.cards]),
    )


def only(page: Page, unit: str | None) -> Page:
    """The page with one unit alone, or all of them."""
    return page if unit is None else replace(page, cards=(card_of(page, unit),))


def files_of(
    page: Page,
    form: str,
    unit: str | None = None,
    template: Path | None = None,
    due: str | None = None,
) -> Files:
    """Name and content of every file of one form: html, xlsx, docx, pdf, json, csv, parquet or text."""
    match form:
        case "html":
            yield from html_files(page, unit)
        case "docx":
            yield from opinions(page, unit, template, due)
        case "pdf":
            yield from pdfs(opinions(page, unit, template, due))
        case _:
            yield f"{_stem(unit)}.{SUFFIXES[form]}", _whole(only(page, unit), form)


SUFFIXES = {"xlsx": "xlsx", "json": "json", "csv": "csv", "parquet": "parquet", "text": "txt"}


def _stem(unit: str | None) -> str:
    return "report" if unit is None else file_name(unit).removesuffix(".html")


def _whole(page: Page, form: str) -> bytes:
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
            return json.render(page).encode()
    from gouji.report import text

    return text.render(page).encode()


def opinions(page: Page, unit: str | None, template: Path | None, due: str | None) -> Files:
    """An opinion a unit, or that of one unit. Raises DataError when the template cannot be read."""
    from gouji.report import opinion

    if template is not None and not template.is_file():
        raise DataError(_("没有文件 {path}").format(path=template), mend=_("检查路径"))
    own = template.read_bytes() if template is not None else None
    for card in only(page, unit).cards:
        yield (
            f"opinions/{file_name(card.unit).removesuffix('.html')}.docx",
            opinion.render(page, card, own, due),
        )


def template_bytes() -> bytes:
    """The template of the opinion that comes with gouji."""
    from gouji.report import opinion

    return opinion.default_template()


def pdfs(documents: Files) -> Files:
    """Word documents as PDF, by LibreOffice. Raises DataError where it is not there, EngineError where it makes nothing."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise DataError(
            _("没有 LibreOffice, 不能生成 PDF"), mend=_("装 LibreOffice, 或用 --format docx")
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


def html_files(page: Page, unit: str | None = None) -> Files:
    """Name and content of each file: the bureau's page, the rules, a page a unit (all of them up to a number); or one unit's page alone."""
    if unit is not None:
        card = card_of(page, unit)
        yield f"units/{file_name(unit)}", unit_page(page, card).encode()
        return
    cards = page.cards if len(page.cards) <= PAGES_AT_MOST else ()
    yield from bureau_files(bureau(page), {c.unit for c in cards})
    for card in cards:
        yield f"units/{file_name(card.unit)}", unit_page(page, card).encode()


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
        beside = path.with_name(path.name + ".part")
        beside.write_bytes(content)
        beside.replace(path)
        made.append(path)
    return made
