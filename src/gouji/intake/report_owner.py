"""A report and the units that are known -> whose it is: by the name and code on its first lines, its file name, its folder. What does not agree is told, and nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gouji.base.i18n import _
from gouji.intake.finding.labels import plain
from gouji.intake.ledger.known_units import KnownUnits
from gouji.narrative import codes_in

FIRST_LINES = 8


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose a report is; empty where nobody knows. `what` is to be told: why it is nobody's, or what does not agree."""

    unit: str
    what: str = ""


def owned(file: str, name: str, first: Sequence[str], known: KnownUnits, alone: bool) -> Owned:
    """`name`: the unit that the title names, empty where it names none; `first`: the first lines. `alone`: nothing beside it makes units known, so that a new name is a separate unit."""
    own = [unit for unit, files in known.files.items() if file in files]
    if len(own) == 1:
        return Owned(own[0])
    titled, filed = _titled(name, first, known), known.in_file(file)
    if titled:
        return _agreed(titled, filed, _beside(file, known), known)
    if len(filed) == 1:
        (unit,) = filed
        return Owned(unit, _other_name(name, unit, known))
    beside = filed & _beside(file, known) if filed else _beside(file, known)
    if len(beside) == 1 and (not name or "/" in file):
        (unit,) = beside
        return Owned(unit, _other_name(name, unit, known))
    if name and alone:
        return Owned(name)
    if not name and not filed and len(known.names) == 1:
        return Owned(next(iter(known.names)))
    return Owned("", _nobodys(name, filed, known))


def _nobodys(name: str, filed: frozenset[str], known: KnownUnits) -> str:
    """Why nobody can tell whose a report is."""
    if name:
        return _("报告写的单位“{name}”还不知道代码，没有取数").format(name=name)
    return _several(filed, known) if filed else _("报告没有写明是哪个单位的，没有取数")


def _titled(name: str, first: Sequence[str], known: KnownUnits) -> frozenset[str]:
    """Units that the first lines name, by code before name; of a title only its whole name counts."""
    coded = {code for code in codes_in([plain(text) for text in first]) if code in known.names}
    if coded:
        return frozenset(coded)
    if name:
        return frozenset(known.by_name.get(plain(name), ()))
    return known.in_text(first)


def _beside(file: str, known: KnownUnits) -> frozenset[str]:
    """Units whose figures lie in the same folder."""
    folder = file.rpartition("/")[0]
    return frozenset(
        unit
        for unit, files in known.files.items()
        if any(one.rpartition("/")[0] == folder for one in files)
    )


def _agreed(
    titled: frozenset[str], filed: frozenset[str], beside: frozenset[str], known: KnownUnits
) -> Owned:
    """What the first lines say, unless the file is called after another unit."""
    both = titled & filed if filed else titled
    if not both:
        what = _("报告里写的是{titled}，文件名是{filed}的，没有取数").format(
            titled=_shown(titled, known), filed=_shown(filed, known)
        )
        return Owned("", what)
    if len(both) > 1 and len(both & beside) == 1:
        both &= beside
    if len(both) > 1:
        return Owned("", _several(both, known))
    return Owned(next(iter(both)))


def _several(units: frozenset[str], known: KnownUnits) -> str:
    return _("报告可能是{units}的，没有取数").format(units=_shown(units, known))


def _shown(units: Iterable[str], known: KnownUnits) -> str:
    return "、".join(f"{unit} {known.name_of(unit)}" for unit in sorted(units))


def _other_name(name: str, unit: str, known: KnownUnits) -> str:
    """A remark where the title names no unit that is known and the place of the file tells whose it is."""
    if not name or plain(name) in known.names.get(unit, ()):
        return ""
    return _("标题写的单位是“{name}”，按文件名和文件夹当作 {unit} {known} 的报告").format(
        name=name, unit=unit, known=known.name_of(unit)
    )


__all__ = ["FIRST_LINES", "Owned", "owned"]
