"""Folders that runs over some units each wrote (`audit_bulk` with `between`) -> one folder, the same bytes as one run over all of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from gouji.app.bulk_runs import FILING, PART_OF, BulkAudit
from gouji.base.faults import DataError, Place
from gouji.base.files import MARK, file_digest, whole_folder
from gouji.base.i18n import _
from gouji.intake import literal
from gouji.plan import WORDS, quoted
from gouji.results import added
from gouji.run import OPTIONS, PARTS, SPILL, Limits, close_doors, execute, nullable, open_bulk

UNIT, CARDS, FINDINGS, ASIDE = "单位代码", "scorecards", "findings", "set_aside"
# What is counted of a part's own units; all else is of all the data, and the same in every part.
OWN = frozenset({"units", "outcomes", "findings", "degrees", PART_OF})
ORDER, ROW = "#part", "file_row_number"


@dataclass(frozen=True, slots=True)
class PartResult:
    """One folder: its manifest, from which code to which it judged, and where its units stand among all."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def units(self) -> int:
        """How many units it judged."""
        return int(self.manifest["units"])

    @property
    def of(self) -> dict[str, Any]:
        """`low`, `high`: codes; `before`, `units`: of all units; `size`: units in one file of outcomes."""
        found: dict[str, Any] = self.manifest[PART_OF]
        return found

    @property
    def wide(self) -> bool:
        """Whether it has outcomes."""
        return (self.folder / PARTS).is_dir()

    @property
    def common(self) -> tuple[str, ...]:
        """Its files that are of all units, the same in every part."""
        return tuple(name for name in (ASIDE, FILING) if self.files(name)[0].is_file())

    def files(self, name: str) -> list[Path]:
        """Its files of one kind, in order."""
        return (
            sorted((self.folder / PARTS).glob("*.parquet"))
            if name == PARTS
            else [self.folder / f"{name}.parquet"]
        )


def merge_parts(
    parts: Sequence[str | Path], out: str | Path, limits: Limits | None = None
) -> BulkAudit:
    """Put parts together that cover all units between them, each unit once.

    Raises DataError where they overlap, leave units out, or are of different books, data or versions. `out` appears whole or not at all.
    """
    found = sorted((_read(Path(part)) for part in parts), key=lambda p: (p.of["before"], p.units))
    _alike(found)
    _whole(found)
    target = Path(out).absolute()
    with whole_folder(target) as folder:
        with closing(open_bulk(limits or Limits(), folder)) as con:
            files = [f for p in found for n in (PARTS, CARDS, FINDINGS, ASIDE) for f in p.files(n)]
            close_doors(con, [file.absolute() for file in files], folder)
            _written(con, found, folder)
        for name in found[0].common:
            shutil.copyfile(found[0].files(name)[0], folder / f"{name}.parquet")
        manifest = _manifest(found)
        told = json.dumps(manifest, ensure_ascii=False, indent=2)
        (folder / MARK).write_text(f"{told}\n", "utf-8")
        shutil.rmtree(folder / SPILL, ignore_errors=True)
    return BulkAudit(target, manifest)


def _read(folder: Path) -> PartResult:
    """Raises DataError where a folder is no part."""
    file = folder / MARK
    try:
        manifest = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise DataError(
            _("{folder} 里没有 manifest.json，不是审核的结果").format(folder=folder),
            fix=_("写 gouji audit … --between LOW HIGH --out DIR 写成的文件夹"),
        ) from fault
    if not isinstance(manifest, dict) or PART_OF not in manifest:
        raise DataError(
            _("{folder} 不是一部分单位的结果").format(folder=folder),
            fix=_("写 gouji audit … --between LOW HIGH --out DIR 写成的文件夹"),
        )
    return PartResult(folder, manifest)


def _alike(parts: Sequence[PartResult]) -> None:
    """Raises DataError where parts were judged by different rules, from different data, by other versions, or are not of one kind."""
    if not parts:
        raise DataError(_("没有要合并的结果"), fix=_("写出每一部分的文件夹"))
    first, *others = parts
    for other in others:
        differ = _differing(first, other)
        if differ:
            raise DataError(
                _("{one} 和 {other} 不是同一次审核的两部分：{names} 不同").format(
                    one=first.folder, other=other.folder, names="、".join(differ)
                ),
                place=Place(str(other.folder / MARK)),
                fix=_("用同一个规则库、同一份数据、同样的选项重做这一部分"),
            )


def _differing(one: PartResult, other: PartResult) -> list[str]:
    """What of two parts should be the same and is not: keys of their manifests, else files."""
    keys = [k for k in one.manifest.keys() | other.manifest.keys() if k not in OWN]
    found = sorted(k for k in keys if one.manifest.get(k) != other.manifest.get(k))
    if one.wide != other.wide:
        found.append(PARTS)
    if (one.of["units"], one.of["size"]) != (other.of["units"], other.of["size"]):
        found.append(PART_OF)
    if found:
        return found
    return sorted(set(one.common) ^ set(other.common)) or [
        name
        for name in one.common
        if file_digest(one.files(name)[0]) != file_digest(other.files(name)[0])
    ]


def _whole(parts: Sequence[PartResult]) -> None:
    """Raises DataError where a unit is in two parts or in none."""
    so_far, last = 0, None
    for part in parts:
        start = int(part.of["before"])
        if start < so_far and part.units:
            assert last is not None
            raise DataError(
                _("{one}（{range}）和 {other}（{another}）有 {n} 个单位重复").format(
                    one=last.folder,
                    range=_range(last),
                    other=part.folder,
                    another=_range(part),
                    n=min(so_far - start, part.units),
                ),
                fix=_("每个单位只留在一部分里"),
            )
        if start > so_far:
            _raise_lacking(parts, start - so_far, _range(last) if last else "", _range(part))
        if part.units:
            so_far, last = start + part.units, part
    total = int(parts[0].of["units"])
    if so_far < total:
        _raise_lacking(parts, total - so_far, _range(last) if last else "", "")


def _raise_lacking(parts: Sequence[PartResult], n: int, after: str, before: str) -> None:
    """Name the units that no part has by the ranges on both sides."""
    where = (
        _("{after} 和 {before} 之间").format(after=after, before=before)
        if after and before
        else _("{after} 之后").format(after=after)
        if after
        else _("{before} 之前").format(before=before)
    )
    raise DataError(
        _("{where}还有 {n} 个单位不在任何一部分里").format(where=where, n=n),
        fix=_("补上缺的那一部分 (--between)"),
    )


def _range(part: PartResult) -> str:
    return f"{part.of['low']}–{part.of['high']}"


def _written(con: duckdb.DuckDBPyConnection, parts: Sequence[PartResult], folder: Path) -> None:
    """The files of one run. Rows go into them as they go there, so that pieces of files are cut at the same rows."""
    wide = parts[0].wide
    if wide:
        (folder / PARTS).mkdir()
        every = _coded(con, parts)
        for number, (low, high) in enumerate(_ends(con, every, int(parts[0].of["size"]))):
            where = f"WHERE {quoted(UNIT)} BETWEEN {literal(low)} AND {literal(high)}"
            into = folder / PARTS / f"{number:05}.parquet"
            if not low:
                where = ""
            _copy(con, f"SELECT * FROM {every} {where}", into)
    # Without outcomes a run sorts its scorecards; with them it reads them off the files in order.
    order = "" if wide else f" ORDER BY {quoted(UNIT)}"
    _copy(con, f"SELECT * FROM {_reads(parts, CARDS)}{order}", folder / f"{CARDS}.parquet")
    files = ", ".join(literal(str(f)) for p in parts for f in p.files(FINDINGS))
    rows = f"read_parquet([{files}], {ROW} = true)"
    _copy(
        con,
        f"SELECT * EXCLUDE ({ROW}) FROM {rows} ORDER BY {quoted(UNIT)}, {ROW}",
        folder / f"{FINDINGS}.parquet",
    )


def _coded(con: duckdb.DuckDBPyConnection, parts: Sequence[PartResult]) -> str:
    """Outcomes of all parts; columns that were written as numbers of words, which shows in a file, are such again."""
    files = ", ".join(literal(str(f.absolute())) for p in parts for f in p.files(PARTS))
    found = con.execute(
        f"SELECT DISTINCT path_in_schema FROM parquet_metadata([{files}]) WHERE encodings LIKE '%RLE_DICTIONARY%' ORDER BY 1"
    ).fetchall()
    casts = []
    for (name,) in found:
        words = ", ".join(map(literal, WORDS[str(name).rpartition(".")[2]]))
        casts.append(f"{quoted(str(name))}::ENUM({words}) AS {quoted(str(name))}")
    changed = f" REPLACE ({', '.join(casts)})" if casts else ""
    return f"(SELECT *{changed} FROM {_reads(parts, PARTS)})"


def _reads(parts: Sequence[PartResult], name: str) -> str:
    files = ", ".join(literal(str(f.absolute())) for p in parts for f in p.files(name))
    return f"read_parquet([{files}])"


def _copy(con: duckdb.DuckDBPyConnection, query: str, into: Path) -> None:
    execute(con, f"COPY ({nullable(query, UNIT)}) TO {literal(str(into))} {OPTIONS}")


def _ends(con: duckdb.DuckDBPyConnection, rows: str, size: int) -> Iterator[tuple[str, str]]:
    """First and last code of every file of outcomes; one file without a unit where there is none."""
    numbered = f"SELECT {quoted(UNIT)} AS u, (row_number() OVER (ORDER BY {quoted(UNIT)}) - 1) // {size} AS part FROM {rows}"
    found = con.execute(
        f"SELECT min(u), max(u) FROM ({numbered}) GROUP BY part ORDER BY part"
    ).fetchall()
    yield from ((str(low), str(high)) for low, high in found or [("", "")])


def _manifest(parts: Sequence[PartResult]) -> dict[str, Any]:
    """As one run writes it."""
    made = {k: v for k, v in parts[0].manifest.items() if k != PART_OF}
    for key in ("units", "outcomes", "findings"):
        made[key] = sum(int(p.manifest[key]) for p in parts)
    made["degrees"] = dict(added(*(p.manifest["degrees"] for p in parts)))
    return made
