"""Manifest -> the lines at the foot of every report: what was counted, which versions and rules it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from gouji.base.i18n import _

_COUNTS = ("rows_in", "rows_accepted", "rows_set_aside", "units", "rules_in_force", "outcomes")
_VERSIONS = ("gouji", "duckdb", "rules", "schemas")


def counted(manifest: Mapping[str, object]) -> str:
    """Rows in and out, outcomes; empty where the manifest does not count them."""
    if any(key not in manifest for key in _COUNTS):
        return ""
    return _(
        "清点：读入 {rows_in} 行 = 采用 {rows_accepted} 行 + 搁置 {rows_set_aside} 行；{units} 个单位 × {rules_in_force} 条规则 = {outcomes} 个结论"
    ).format(**manifest)


def versions(manifest: Mapping[str, object]) -> str:
    """Versions of the programs, hashes of rules and table descriptions."""
    if any(key not in manifest for key in _VERSIONS):
        return ""
    return _("版本：gouji {gouji}，DuckDB {duckdb}；规则 {rules:.12}，数据表 {schemas:.12}").format(
        **manifest
    )
