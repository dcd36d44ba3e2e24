"""What a person gave to be read -> a path. An address of a database is no path, and is not shown as one."""

from __future__ import annotations

from pathlib import Path

from gouji.base.address import is_url, postgres, shown
from gouji.base.digest import running
from gouji.base.faults import DataError
from gouji.base.i18n import _


def local(data: str | Path) -> Path:
    """The path that was given. Raises DataError for an address, without what may be a password in it."""
    text = str(data)
    if Path(data).exists():
        return Path(data)
    if is_url(text) or shown(text) != text or postgres(text) is not None:
        raise DataError(
            _("“{name}” 不是能读的路径").format(name=postgres(text) or shown(text)),
            fix=_("写文件或文件夹；gouji audit 也读 postgresql://主机/库?schema=模式"),
        )
    return Path(data)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read in parts."""
    made = running()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            made.update(part)
    return made.hexdigest()
