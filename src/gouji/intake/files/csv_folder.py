"""A dataset folder (dataset.yaml, figures.csv, <表>.csv) -> Submission. Door 1: the only reader of submissions.

`figures.csv` holds one figure a line with its place in a document; a file named after a table holds its rows. Cells that cannot be
read, unknown tables, columns and files become problems with their place; the rest goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from gouji.base.digest import sha256
from gouji.base.faults import DataError, did_you_mean
from gouji.base.guard import Unforeseen, attempt
from gouji.base.i18n import _
from gouji.intake.files.csv_lines import decoded
from gouji.intake.files.dataset_head import HEAD, AsPrinted, DatasetHead, read_head
from gouji.intake.files.figures_csv import FIGURES, FiguresFile
from gouji.intake.files.table_csv import TableFile
from gouji.intake.ledger.submission import At, Lost, Problem, Submission
from gouji.rules import Table

MAX_BYTES = 512 * 1024 * 1024


def read_folder(
    folder: Path,
    tables: dict[str, Table],
    *,
    csv_needed: bool = True,
    prefix: str = "",
    files: Sequence[Path] | None = None,
) -> Submission:
    """Read the CSV files of a dataset folder (`files`: of them these); places name files with `prefix` before them.

    Raises DataError when there is no such folder or it holds no table at all.
    """
    if not folder.is_dir():
        raise DataError(_("没有这个文件夹：{name}").format(name=folder), fix=_("检查路径"))
    head = read_head(folder, tables, prefix)
    submission = Submission(
        head.title, folder.name, head.note, head.invented, problems=list(head.problems)
    )
    files = (
        files
        if files is not None
        else sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.is_file())
    )
    if not files and csv_needed:
        raise DataError(
            _("{name} 里没有 CSV").format(name=folder),
            fix=_("放入 figures.csv 或以数据表命名的 CSV"),
        )
    for path in files:
        merge(
            submission,
            attempt(
                partial(_read, path, prefix + path.name, tables, head),
                partial(_stumbled, prefix + path.name),
            ),
        )
    return submission


def _read(path: Path, name: str, tables: dict[str, Table], head: DatasetHead) -> Submission:
    """One file as its own submission."""
    made = Submission("", "")
    text = _text(path, name, made)
    if text is None:
        made.refused += 1
    elif path.name == FIGURES:
        FiguresFile(name, tables, made).read(text)
    elif path.stem in tables:
        table = tables[path.stem]
        file = TableFile(name, table, head.printed.get(path.stem, AsPrinted()), made)
        if head.doubts(table):
            file.leave(text, _("{head} 里没有看懂的话可能说到它").format(head=HEAD))
        else:
            file.read(text)
    else:
        what = _("没有叫“{table}”的数据表").format(table=path.stem)
        fix = did_you_mean(path.stem, tables)
        made.problems.append(Problem(path.stem, At(name), what, fix, lost=Lost.SHEET))
    return made


def _stumbled(name: str, fault: Unforeseen) -> Submission:
    return Submission(
        "", "", problems=[Problem("", At(name), fault.what, fault.fix, lost=Lost.SHEET)], refused=1
    )


def merge(into: Submission, one: Submission) -> None:
    """Add what was read of a part."""
    for table, rows in one.rows.items():
        into.rows.setdefault(table, []).extend(rows)
    into.problems += one.problems
    into.set_aside += one.set_aside
    into.rows_in += one.rows_in
    into.rows_aside += one.rows_aside
    into.refused += one.refused
    into.digests |= one.digests
    into.invented = into.invented or one.invented
    into.passages += one.passages


def _text(path: Path, name: str, submission: Submission) -> str | None:
    """The text of a file; without value where it cannot be had, which is told."""

    def refuse(what: str, fix: str) -> None:
        # Lost with a whole file are the rows of the table it is named after, or figures of any table.
        lost = Lost.SHEET if path.name == FIGURES else Lost.ROWS
        submission.problems.append(Problem(path.stem, At(name), what, fix, lost=lost))

    if path.stat().st_size > MAX_BYTES:
        refuse(_("文件超过 {n} MB").format(n=MAX_BYTES >> 20), _("分成几个文件，或用 Parquet"))
        return None
    try:
        raw = path.read_bytes()
    except OSError as fault:
        why = fault.strerror or fault
        refuse(_("文件读不了：{why}").format(why=why), _("检查权限和磁盘，重新报送"))
        return None
    submission.digests[path.name] = sha256(raw)
    text = decoded(raw)
    if text is None:
        refuse(_("既不是 UTF-8 也不是 GB18030"), _("另存为 UTF-8"))
    return text


def _of_file(path: Path) -> Lost:
    """What is lost with a whole file: the rows of the table it is named after, or figures of any table."""
    return Lost.SHEET if path.name == FIGURES else Lost.ROWS
