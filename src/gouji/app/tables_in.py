"""Tables in memory, by name (Arrow, polars, pandas, or whatever gives Arrow) -> a folder that is read as any other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from gouji.base.faults import DataError
from gouji.base.i18n import _

if TYPE_CHECKING:
    import pyarrow


@contextmanager
def folder_of(tables: Mapping[str, Any], figures: str | None = None) -> Iterator[Path]:
    """A folder with a Parquet file for each table, for as long as it is wanted.

    `figures` says how figures are kept: `base` (元, 1 = 100%) or `printed` (as the form prints them). Raises DataError for what is no table.
    """
    import pyarrow.parquet

    if not tables:
        raise DataError(_("一张表也没有"), fix=_("写成字典：数据表名和它的表"))
    with TemporaryDirectory(prefix="gouji-") as name:
        folder = Path(name)
        said = {"title": _("内存中的数据表")} | ({} if figures is None else {"figures": figures})
        text = "".join(f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in said.items())
        (folder / "dataset.yaml").write_text(text, "utf-8")
        for table, value in tables.items():
            if not table or "/" in table or "\\" in table:
                raise DataError(_("“{name}”不能是数据表的名称").format(name=table))
            pyarrow.parquet.write_table(_arrow(table, value), folder / f"{table}.parquet")
        yield folder


def _arrow(name: str, value: Any) -> pyarrow.Table:
    import pyarrow as pa

    if isinstance(value, pa.Table):
        return value
    if hasattr(value, "__arrow_c_stream__"):
        made = pa.table(value)
        # pandas keeps the numbers of its lines beside the columns.
        return made.drop_columns([c for c in made.column_names if c.startswith("__index_level_")])
    if hasattr(value, "__dataframe__") or type(value).__module__.partition(".")[0] == "pandas":
        return pa.Table.from_pandas(value, preserve_index=False)
    raise DataError(
        _("“{name}”不是表：{kind}").format(name=name, kind=type(value).__name__),
        fix=_("给 Arrow、polars 或 pandas 的表"),
    )


__all__ = ["folder_of"]
