"""A file's name and its first bytes -> what becomes of it: read, told with a fix, or listed. The one place that says what is said of which kind of file."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gouji.base.i18n import _
from gouji.intake.workbooks.sheet import SUFFIXES as BOOKS

CSV, TABLES = ".csv", (".parquet", ".duckdb", ".db")
READ = (*BOOKS, CSV, *TABLES)
# Files whose sentences are read where the rulebook says how.
TEXTS = (".txt", ".docx", ".docm", ".odt", ".html", ".htm", ".pdf")
HEAD = 512
PACKED_MAGIC, OLD_MAGIC, PARQUET_MAGIC = b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_JUNK = {
    ".ds_store",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    ".localized",
    "icon\r",
    ".gitkeep",
    ".gitignore",
    ".keep",
    ".directory",
    "__macosx",
    ".spotlight-v100",
    ".trashes",
    ".fseventsd",
    "$recycle.bin",
    "system volume information",
    "@eadir",
}
_LEFT_OPEN = ("~$", "._", ".~")


class Fate(StrEnum):
    """What becomes of an entry: it is read, told as a problem, listed as a remark, or listed unless nothing else is there (an attachment)."""

    READ = "read"
    TOLD = "told"
    LISTED = "listed"
    ATTACHED = "attached"


@dataclass(frozen=True, slots=True)
class FileKind:
    """What becomes of a file, what is said of it, how to fix it."""

    fate: Fate
    what: str = ""
    fix: str = ""


def _groups() -> tuple[tuple[frozenset[str], Fate, str, str], ...]:
    """Suffixes, what becomes of such files, what is said, the fix. Looked up in the language of the moment."""
    as_xlsx, unpack = _("另存为 xlsx 再报"), _("解压后再报")
    rows: tuple[tuple[str, Fate, str, str], ...] = (
        (
            "et ett wps wpt ets",
            Fate.TOLD,
            _("WPS 自己的格式，没有读"),
            _("在 WPS 里另存为 xlsx 再报"),
        ),
        (
            "xlsb xltx xltm xlt xlw xlam fods ots sxc numbers csvx uos slk dif wk1 wk3 wk4 gnumeric",
            Fate.TOLD,
            _("这种格式的表格没有读"),
            as_xlsx,
        ),
        (
            "zip rar 7z gz tgz tar bz2 xz zst cab z lzh arj iso jar",
            Fate.TOLD,
            _("压缩包，里面的没有读"),
            unpack,
        ),
        (
            "tsv tab prn dat dbf mdb accdb sqlite sqlite3 sql json jsonl xml arrow feather orc avro ipc sav dta rds pkl",
            Fate.TOLD,
            _("这种格式的数据没有读"),
            _("另存为 xlsx 或 UTF-8 的 CSV 再报"),
        ),
        (
            "bak tmp temp part partial crdownload download old orig swp asd xlk wbk save copy",
            Fate.TOLD,
            _("备份的，或没有传完的文件，没有读"),
            _("改回原来的后缀再报；不是报表就删去"),
        ),
        (
            "eml msg mht mhtml",
            Fate.TOLD,
            _("邮件，或存成一个文件的网页，里面的没有读"),
            _("把附件存出来，报表另存为 xlsx 再报"),
        ),
        ("lnk url webloc desktop", Fate.TOLD, _("快捷方式，里面没有数据"), _("放入它指向的文件")),
        (
            "doc dot dotx ofd ceb rtf ppt pptx dps txt md jpg jpeg png gif bmp tif tiff heic webp xps log yaml yml",
            Fate.ATTACHED,
            _("附件，不是报表，没有读"),
            _("报表另存为 xlsx 再报"),
        ),
    )
    return tuple(
        (frozenset(f".{s}" for s in suffixes.split()), fate, what, fix)
        for suffixes, fate, what, fix in rows
    )


def kind_of(path: Path, name: str, head: bytes) -> FileKind:
    """What becomes of a plain file called `name` that begins with `head`. It may be opened at `path` to see what is in it."""
    suffix = Path(name).suffix.lower()
    if suffix in READ:
        return FileKind(Fate.READ)
    found = next(
        (
            FileKind(fate, what, fix)
            for suffixes, fate, what, fix in _groups()
            if suffix in suffixes
        ),
        None,
    )
    if found is not None and found.fate is not Fate.ATTACHED and suffix != ".xml":
        return found
    if right := _inside(path, head):
        return FileKind(
            Fate.TOLD,
            _("后缀不对：里面是 {suffix}，没有读").format(suffix=right),
            _("把后缀改成 {suffix} 再报；不是报表就删去").format(suffix=right),
        )
    if _SPREADSHEET_XML in head:
        return FileKind(Fate.TOLD, _("这种格式的表格没有读"), _("另存为 xlsx 再报"))
    return found or FileKind(
        Fate.TOLD, _("认不出是什么文件，没有读"), _("报表另存为 xlsx 再报；不是报表就删去")
    )


def _inside(path: Path, head: bytes) -> str:
    """The suffix that a file should have by what is in it; empty where that is not known."""
    if head.startswith(PARQUET_MAGIC):
        return ".parquet"
    if head.startswith(OLD_MAGIC):
        # Documents of old are containers of the same kind: a suffix that says so is believed.
        return "" if path.suffix.lower() in (".doc", ".dot", ".ppt", ".dps") else ".xls"
    if not head.startswith(PACKED_MAGIC):
        return ""
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return ".zip"
    if any(n.lower().startswith("xl/workbook.") for n in names):
        return ".xlsx"
    return "" if any(n in ("[Content_Types].xml", "mimetype") for n in names) else ".zip"


def is_junk(name: str) -> bool:
    """Whether files or folders of such a name are left behind by systems and office programs."""
    return name.lower() in _JUNK or name.startswith(_LEFT_OPEN)


def hides_data(name: str, head: bytes, size: int) -> bool:
    """Whether a hidden file, or one named as what programs leave behind, may hold what somebody meant to send."""
    if name.lower() in _JUNK:
        return False
    if head.startswith((PACKED_MAGIC, PARQUET_MAGIC)) or (
        head.startswith(OLD_MAGIC) and name.lower() != "thumbs.db"
    ):
        return True
    told = (
        suffix
        for suffixes, fate, _what, _fix in _groups()
        if fate is Fate.TOLD
        for suffix in suffixes
    )
    return (
        size > 0
        and not name.startswith(_LEFT_OPEN)
        and Path(name.lstrip(".")).suffix.lower() in (*READ, *told)
    )


def truly(head: bytes) -> str:
    """What a file that claims to be a workbook begins like, in words with a fix; empty where there is nothing better to say."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:64].lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")):
        return _("里面是网页 (HTML)，不是工作簿")
    if _SPREADSHEET_XML in head or start.startswith(b"<?xml"):
        return _("里面是 XML，不是工作簿")
    if head.startswith(b"%PDF"):
        return _("里面是 PDF，不是工作簿")
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return _("里面是压缩包，不是工作簿")
    if start and b"\0" not in head and not any(b < 9 for b in head):
        return _("里面是文本 (CSV)，不是工作簿")
    return ""


__all__ = [
    "CSV",
    "HEAD",
    "READ",
    "TABLES",
    "TEXTS",
    "Fate",
    "FileKind",
    "hides_data",
    "is_junk",
    "kind_of",
    "truly",
]
