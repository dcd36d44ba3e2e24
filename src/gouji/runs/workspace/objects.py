"""Copies of input files by hash, a Parquet file a run with what that run saw first, so that every kept run can be replayed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gouji.base.database import connect
from gouji.base.digest import sha256
from gouji.base.faults import DataError
from gouji.base.files import publish
from gouji.base.i18n import _
from gouji.runs.workspace.folder import PART
from gouji.runs.workspace.packs_sql import repacked

SCHEMA = pa.schema([("sha256", pa.string()), ("content", pa.binary())])
PACK = "*.parquet"


def kept(folder: Path) -> tuple[set[str], list[Path]]:
    """Hashes of all contents that are kept, and packs that cannot be read."""
    found, damaged = set[str](), list[Path]()
    for pack in sorted(folder.glob(PACK)):
        try:
            found |= set(pq.read_table(pack, columns=["sha256"]).column(0).to_pylist())
        except (OSError, pa.ArrowException, ValueError):
            damaged.append(pack)
    return found, damaged


class RunPack:
    """New contents of one run, written as they come, each once."""

    def __init__(self, folder: Path, number: int) -> None:
        self.part, self.final = (
            folder / f"{PART}{number:06d}.parquet",
            folder / f"{number:06d}.parquet",
        )
        self.there: set[str] = set()
        self._writer = pq.ParquetWriter(self.part, SCHEMA, compression="zstd")

    def add(self, contents: dict[str, bytes]) -> None:
        """Keep contents by hash."""
        new = {sha: content for sha, content in contents.items() if sha not in self.there}
        if new:
            self.there |= set(new)
            self._writer.write_table(pa.table([list(new), list(new.values())], schema=SCHEMA))

    def close(self) -> None:
        """Put the pack in its place. A pack without its run is harmless: nothing refers to it."""
        self._writer.close()
        self.final.unlink(missing_ok=True)
        publish(self.part, self.final)


def contents(folder: Path, wanted: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Contents by hash, each once. Raises DataError when one is not kept any more, or is no longer what it was."""
    missing, damaged = set(wanted), list[Path]()
    for pack in sorted(folder.glob(PACK)):
        if not missing:
            return
        try:
            for group in pq.ParquetFile(pack).iter_batches(batch_size=256):
                for sha, content in zip(
                    group.column(0).to_pylist(), group.column(1).to_pylist(), strict=True
                ):
                    if sha in missing and sha256(content) == sha:
                        missing.discard(sha)
                        yield sha, content
                    elif sha in missing:
                        damaged.append(pack)
        except (OSError, pa.ArrowException, ValueError):
            # What it held may have been kept once more since.
            damaged.append(pack)
    if missing and damaged:
        raise DataError(
            _("保存的原件已损坏：{file}").format(file=damaged[0]), fix=_("从备份恢复 objects/")
        )
    if missing:
        raise DataError(
            _("有 {n} 份原件没有保存，无法重放").format(n=len(missing)),
            fix=_("gouji.yaml 里写 keep_inputs: true；只能重放此后的运行"),
        )


def prune(folder: Path, manifests: Iterable[Path]) -> int:
    """Drop contents that no kept run refers to; returns how many files of them went. Packs are rewritten into one."""
    # What is damaged stays where it is: it may be wanted for its repair.
    packs = [p for p in sorted(folder.glob(PACK)) if _sound(p)]
    lists = [str(p) for p in manifests if _sound(p)]
    if not packs or not lists:
        return 0
    part, last = folder / f"{PART}pruned.parquet", packs[-1]
    con = connect({"threads": "1"})
    try:
        con.execute(
            repacked(str(part)),
            [list(map(str, packs)), lists],
        )
    finally:
        con.close()
    publish(part, last)
    for pack in packs[:-1]:
        pack.unlink()
    return len(packs) - 1


def _sound(file: Path) -> bool:
    try:
        pq.ParquetFile(file).close()
    except (OSError, pa.ArrowException, ValueError):
        return False
    return True
