"""A code or name as a person wrote it, and the units that there are -> the code of the one unit that is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from gouji.base.faults import DataError, did_you_mean
from gouji.base.i18n import _
from gouji.intake import unit_code

SHOWN = 6


def unit_called(said: str, units: Mapping[str, str | None]) -> str:
    """The code of the unit with this code or name; a part of a name will do where only one unit has it.

    `units` are names by code. Raises DataError where no unit is meant, or several may be.

    >>> unit_called("x002", {"X002": "白塔小学", "X003": "白塔中学"})
    'X002'
    >>> unit_called("小学", {"X002": "白塔小学", "X003": "白塔中学"})
    'X002'
    """
    code = unit_code(said)
    if code in units:
        return code
    asked = _plain(said)
    names = {unit: _plain(name or "") for unit, name in units.items()}
    found = [unit for unit, name in names.items() if asked and name == asked]
    found = found or [unit for unit, name in names.items() if asked and asked in name]
    if len(found) == 1:
        return found[0]
    if not found:
        near = did_you_mean(said, [*units, *filter(None, units.values())])
        raise DataError(_("没有单位 {unit}").format(unit=said), fix=near)
    shown = "、".join(f"{unit} {units[unit]}" for unit in found[:SHOWN])
    raise DataError(
        _("“{name}”可能指 {n} 个单位：{units}").format(
            name=said, n=len(found), units=shown + ("…" if len(found) > SHOWN else "")
        ),
        fix=_("写单位代码"),
    )


def _plain(name: str) -> str:
    """A name without what a person does not see: width, case, blanks."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


__all__ = ["unit_called"]
