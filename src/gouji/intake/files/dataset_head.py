"""dataset.yaml of a folder -> its title, and how its files print their figures; what is not understood is a problem, and tables it may speak of are not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from gouji.base.faults import DataError, GoujiError, did_you_mean
from gouji.base.guard import attempt
from gouji.base.i18n import _
from gouji.intake.files.kept_units import StoredUnit, stated
from gouji.intake.ledger.submission import At, Problem
from gouji.rules import UNITS, Table, read_document

HEAD = "dataset.yaml"
KEYS = ("title", "note", "invented", "tables", "figures", "beside", "dataset", "source", "rules")
# Keys that say how figures are to be read: one that looks like them may have been meant so.
TELLING = ("tables", "figures", "units", "unit", "places")
PLACES = range(-8, 7)


@dataclass(frozen=True, slots=True)
class AsPrinted:
    """How a file prints its figures where that differs from the description."""

    unit: str | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class DatasetHead:
    """What a folder says of itself. `doubted`: tables whose figures nobody can be sure to read rightly (`None` among them: any table)."""

    title: str
    note: str = ""
    invented: bool = False
    printed: Mapping[str, AsPrinted] = field(default_factory=dict)
    figures: StoredUnit | None = None
    doubted: frozenset[str | None] = frozenset()
    problems: tuple[Problem, ...] = ()
    # Files and folders in it that are not sent.
    beside: tuple[str, ...] = ()

    def doubts(self, table: Table) -> bool:
        """Whether the table is one of those; what has no measured figures is read whatever is said of them."""
        return (table.table in self.doubted or None in self.doubted) and any(
            c.numeric and not c.exact for c in table.columns
        )


def read_head(folder: Path, tables: Mapping[str, Any], prefix: str = "") -> DatasetHead:
    """Read it; a folder without one says nothing. Places name it with `prefix` before it."""
    path, at = folder / HEAD, At(prefix + HEAD)
    if not path.is_file():
        return DatasetHead(folder.name)
    return attempt(
        lambda: _read(folder, path, at, tables),
        lambda fault: _unread(folder, Problem("", at, fault.what, fault.fix)),
    )


def _unread(folder: Path, problem: Problem) -> DatasetHead:
    return DatasetHead(folder.name, doubted=frozenset((None,)), problems=(problem,))


def _read(folder: Path, path: Path, at: At, tables: Mapping[str, Any]) -> DatasetHead:
    def unread(what: str, fix: str) -> DatasetHead:
        return _unread(folder, Problem("", at, what, fix))

    try:
        data = read_document(HEAD, path.read_text("utf-8-sig")).data
    except ExceptionGroup as group:
        known = (fault for fault in group.exceptions if isinstance(fault, GoujiError))
        faults = tuple(_of(fault, at) for fault in known)
        return DatasetHead(folder.name, doubted=frozenset((None,)), problems=faults)
    except UnicodeDecodeError:
        return unread(_("不是 UTF-8 文本"), _("另存为 UTF-8"))
    except OSError as fault:
        why = _("文件读不了：{why}").format(why=fault.strerror or fault)
        return unread(why, _("检查权限和磁盘，重新报送"))
    if data is None:
        return DatasetHead(folder.name)
    if not isinstance(data, dict):
        return unread(_("dataset.yaml 要写成 键：值"), _("写 title、source、invented"))
    return _HeadReader(at, tables).head(folder.name, data)


def _of(fault: GoujiError, at: At) -> Problem:
    return Problem("", At(at.file, fault.place.line if fault.place else 0), fault.what, fault.fix)


class _HeadReader:
    def __init__(self, at: At, tables: Mapping[str, Any]) -> None:
        self.at, self.tables = at, tables
        self.problems = list[Problem]()
        self.doubted = set[str | None]()

    def head(self, name: str, data: Mapping[str, Any]) -> DatasetHead:
        """What the document says; the folder is called `name`."""
        for key in data:
            if key not in KEYS:
                self._tell("", _("不认识“{key}”").format(key=key), did_you_mean(str(key), KEYS))
                if get_close_matches(str(key).lower(), TELLING, 1, 0.6):
                    self.doubted.add(None)
        title, note = (self._text(data, key) for key in ("title", "note"))
        invented = data.get("invented", False)
        if not isinstance(invented, bool):
            self._tell_value("invented", invented, _("写 true 或 false"))
        printed = dict(self._tables(data.get("tables")))
        beside = self._beside(data.get("beside"))
        return DatasetHead(
            title or name,
            note,
            invented is True,
            printed,
            self._figures(data.get("figures")),
            frozenset(self.doubted),
            tuple(self.problems),
            beside,
        )

    def _beside(self, value: Any) -> tuple[str, ...]:
        """Files and folders that are no part of what was sent."""
        if value is None:
            return ()
        if not value or not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self._tell_value("beside", value, _("写 [文件或文件夹，…]"))
            return ()
        return tuple(one.strip("/") for one in value)

    def _tell_value(self, key: str, value: Any, fix: str, table: str = "") -> None:
        self._tell(table, _("“{key}”写的是“{value}”").format(key=key, value=value), fix)

    def _text(self, data: Mapping[str, Any], key: str) -> str:
        value = data.get(key)
        if value is None or isinstance(value, (str, int, Decimal)):
            return "" if value is None else str(value)
        self._tell_value(key, value, _("写一行文字"))
        return ""

    def _figures(self, value: Any) -> StoredUnit | None:
        try:
            return None if value is None else stated(str(value), self.at.file)
        except DataError as fault:
            self._tell("", fault.what, fault.fix)
            self.doubted.add(None)
            return None

    def _tables(self, value: Any) -> Iterator[tuple[str, AsPrinted]]:
        if value is None:
            return
        if not isinstance(value, dict):
            self.doubted.add(None)
            fix = _("tables 下写数据表的名称，每张表下写 unit: 元 和 places: 2")
            self._tell_value("tables", value, fix)
            return
        for name, of in value.items():
            if name not in self.tables:
                self.doubted.add(None)
                what = _("没有叫“{table}”的数据表").format(table=name)
                self._tell("", what, did_you_mean(str(name), self.tables))
            elif (read := self._one(of)) is not None:
                yield name, read
            else:
                self.doubted.add(name)
                fix = _("写 unit: 元 和 places: 2；计量单位用数据表说明里的")
                self._tell_value(name, of, fix, name)

    def _one(self, of: Any) -> AsPrinted | None:
        """How a table is printed; None where it is not understood."""
        if not isinstance(of, dict) or of.keys() - {"unit", "places"}:
            return None
        unit, places = of.get("unit"), of.get("places")
        if unit is not None and (not isinstance(unit, str) or unit not in UNITS):
            return None
        if places is not None and (
            isinstance(places, bool) or not isinstance(places, int) or places not in PLACES
        ):
            return None
        return AsPrinted(unit, places)

    def _tell(self, table: str, what: str, fix: str) -> None:
        self.problems.append(Problem(table, self.at, what, fix))


__all__ = ["HEAD", "PLACES", "AsPrinted", "DatasetHead", "read_head"]
