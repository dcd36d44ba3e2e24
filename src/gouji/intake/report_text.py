"""A file with a report -> its lines, each with its place. Door 1 for report texts."""

from __future__ import annotations

from pathlib import Path

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.intake.files.csv_lines import decoded
from gouji.narrative import Line, lines_of

TEXTS = (".txt",)
MAX_BYTES = 16 * 1024 * 1024


def lines_in(path: Path) -> tuple[Line, ...]:
    """The lines of a report. Raises DataError with what to do when it cannot be read."""
    if not path.is_file():
        raise DataError(_("没有这个文件: {name}").format(name=path), mend=_("检查路径"))
    if path.suffix.lower() not in TEXTS:
        raise DataError(
            _("{name} 不是能读的报告").format(name=path.name), mend=_("另存为 txt 再读")
        )
    if path.stat().st_size > MAX_BYTES:
        raise DataError(
            _("{name} 超过 {n} MB").format(name=path.name, n=MAX_BYTES >> 20),
            mend=_("分成几个文件"),
        )
    text = decoded(path.read_bytes())
    if text is None:
        raise DataError(
            _("{name} 既不是 UTF-8 也不是 GB18030").format(name=path.name),
            mend=_("另存为 UTF-8"),
        )
    return lines_of(text)


__all__ = ["TEXTS", "lines_in"]
