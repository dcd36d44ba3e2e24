"""Faults and their places: what gouji raises when rules, data or gouji itself are wrong.

    GoujiError
    |- RuleError     the rules or table descriptions: their author can fix them     (exit 2)
    |- DataError     the submission cannot be used at all                            (exit 2)
    `- EngineError   gouji's own fault, or the machine's                             (exit 4)
       `- MachineError  the machine's alone: a full disk, too little memory

`load` and `validate` raise one `ExceptionGroup` of `RuleError` with *all* faults they found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from gouji.base.address import redacted
from gouji.base.i18n import _


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a text: file name as given, line from 1 (0: the file as a whole)."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class GoujiError(Exception):
    """What went wrong, where, and how to fix it; prints as one or two lines. A password in an address is left out of them.

    `excerpt`: lines of what was written, with a mark under the word that is meant; printed between the two.
    """

    def __init__(
        self, what: str, *, place: Place | None = None, fix: str = "", excerpt: str = ""
    ) -> None:
        self.what = redacted(what)
        super().__init__(self.what)
        self.place = place
        self.fix = redacted(fix)
        self.excerpt = excerpt

    def __str__(self) -> str:
        head = f"{self.place}: {self.what}" if self.place else self.what
        shown = [head, *([self.excerpt] if self.excerpt else [])]
        return "\n".join((*shown, *([f"  {_('改法')}: {self.fix}"] if self.fix else [])))


class RuleError(GoujiError):
    """A rule file, rulebook or table description is wrong."""


class DataError(GoujiError):
    """A submission cannot be used at all (single bad figures are findings, not errors)."""


class EngineError(GoujiError):
    """The engine could not carry out a plan that gouji made: a fault of gouji's own."""


class MachineError(EngineError):
    """The machine could not: what gouji was reading when that happened is not to blame."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A fix naming the nearest known word, or, when none is near, the known words (at most twelve)."""
    names = sorted(set(known))
    near = get_close_matches(word, names, n=1, cutoff=0.5)
    if near:
        return _("是不是“{near}”？").format(near=near[0])
    shown = "、".join(names[:12]) + ("…" if len(names) > 12 else "")
    return _("可用的有：{names}").format(names=shown) if names else ""


def raise_all(faults: list[RuleError]) -> None:
    """Raise one ExceptionGroup with all faults, in the order of their places; return when there are none."""
    if faults:
        ordered = sorted(faults, key=lambda f: (f.place.file, f.place.line) if f.place else ("", 0))
        raise ExceptionGroup(_("规则有误：{n} 处").format(n=len(ordered)), ordered)
