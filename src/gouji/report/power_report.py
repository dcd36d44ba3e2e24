"""Power: how strong a rulebook is, by form and column: which slips no rule notices, which are noticed but not located. As text, JSON and a page with a map."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction

from gouji.base.i18n import _
from gouji.report.html.frame import render
from gouji.report.html.page_words import frame_words

# Kinds of slip that are named beside a column, those that slip through most often first.
KINDS_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class KindCount:
    """Slips of one kind: planted, not noticed by any rule, noticed but not located."""

    slip: str
    planted: int
    unnoticed: int
    unlocated: int


@dataclass(frozen=True, slots=True)
class ColumnPower:
    """One column of a form: its filled figures, those of them that no rule reads, and what became of slips planted in the others."""

    table: str
    label: str
    column: str
    figures: int
    unread: int
    kinds: tuple[KindCount, ...]

    @property
    def planted(self) -> int:
        """Slips that were planted."""
        return sum(kind.planted for kind in self.kinds)

    @property
    def unnoticed(self) -> int:
        """Those that no rule notices."""
        return sum(kind.unnoticed for kind in self.kinds)

    @property
    def unlocated(self) -> int:
        """Those that are noticed, but another cell is named first, or none."""
        return sum(kind.unlocated for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Power:
    """A rulebook weighed on clean units."""

    book: str
    title: str
    units: tuple[str, ...]
    columns: tuple[ColumnPower, ...]

    @property
    def planted(self) -> int:
        """All slips that were planted."""
        return sum(c.planted for c in self.columns)

    @property
    def noticed(self) -> Fraction:
        """The share that some rule notices, of figures that rules read."""
        return 1 - Fraction(sum(c.unnoticed for c in self.columns), max(self.planted, 1))

    @property
    def located(self) -> Fraction:
        """The share of those noticed whose cell is named first."""
        seen = self.planted - sum(c.unnoticed for c in self.columns)
        return 1 - Fraction(sum(c.unlocated for c in self.columns), max(seen, 1))

    @property
    def figures(self) -> int:
        """Filled figures."""
        return sum(c.figures for c in self.columns)

    @property
    def unread(self) -> int:
        """Figures that no rule reads."""
        return sum(c.unread for c in self.columns)

    @property
    def kinds(self) -> tuple[KindCount, ...]:
        """The same by kind of slip."""
        return summed(kind for column in self.columns for kind in column.kinds)


def summed(kinds: Iterable[KindCount]) -> tuple[KindCount, ...]:
    """Counts of the same kind added up, in the order in which they come."""
    found: dict[str, tuple[int, int, int]] = {}
    for kind in kinds:
        a, b, c = found.get(kind.slip, (0, 0, 0))
        found[kind.slip] = a + kind.planted, b + kind.unnoticed, c + kind.unlocated
    return tuple(KindCount(slip, *counts) for slip, counts in found.items())


def percent(share: Fraction) -> str:
    """A share in per cent, rounded down to one place: 99.96 % is not all."""
    tenths = share * 1000 // 1
    return f"{tenths // 10}.{tenths % 10}%"


def headline(power: Power) -> str:
    """The numbers in a line."""
    return _(
        "{planted} 处差错：{noticed} 有规则发现，其中 {located} 首先指到那一格；{figures} 个数里 {unread} 个没有规则读"
    ).format(
        planted=power.planted,
        noticed=percent(power.noticed),
        located=percent(power.located),
        figures=power.figures,
        unread=power.unread,
    )


def text(power: Power) -> str:
    """For a terminal: the headline, kinds of slip, columns where something slips through, columns that no rule reads."""
    return "\n".join(_lines(power)) + "\n"


def _lines(power: Power) -> Iterator[str]:
    yield f"{power.title} · {power.book}"
    yield headline(power)
    yield ""
    yield _("差错种类（种下、没发现、发现了但没指到）")
    for kind in power.kinds:
        yield f"  {kind.slip}  {kind.planted}  {kind.unnoticed}  {kind.unlocated}"
    yield from _weak_columns(power)
    unread = [c for c in power.columns if c.unread]
    if unread:
        yield ""
        yield _("没有规则读的数")
    for c in unread:
        yield _("  {table} {column}：{n} 个").format(table=c.label, column=c.column, n=c.unread)


def _weak_columns(power: Power) -> Iterator[str]:
    """The columns in which slips were not noticed or not located."""
    weak = [c for c in power.columns if c.unnoticed or c.unlocated]
    if weak:
        yield ""
        yield _("有漏网的列")
    for c in sorted(weak, key=lambda c: (-c.unnoticed, -c.unlocated, c.table, c.column)):
        yield _(
            "  {table} {column}：没发现 {unnoticed}，没指到 {unlocated}，共 {planted}（{kinds}）"
        ).format(
            table=c.label,
            column=c.column,
            unnoticed=c.unnoticed,
            unlocated=c.unlocated,
            planted=c.planted,
            kinds="、".join(missed(c)),
        )


def missed(column: ColumnPower) -> Sequence[str]:
    """The kinds of slip that get past a column most often."""
    worst = sorted(
        (k for k in column.kinds if k.unnoticed or k.unlocated),
        key=lambda k: (-k.unnoticed, -k.unlocated),
    )
    return [kind.slip for kind in worst[:KINDS_AT_MOST]]


def as_json(power: Power) -> str:
    """All counts, and the shares as exact text."""
    return (
        json.dumps(
            {
                "version": 1,
                **asdict(power),
                "planted": power.planted,
                "noticed": str(power.noticed),
                "located": str(power.located),
                "figures": power.figures,
                "unread": power.unread,
                "kinds": [asdict(kind) for kind in power.kinds],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


def page(power: Power) -> str:
    """The map: every form with its columns, the darker the more gets past."""
    forms: dict[str, list[ColumnPower]] = {}
    for column in power.columns:
        forms.setdefault(column.label, []).append(column)
    values = {
        "p": power,
        "w": frame_words() | _words(),
        "headline": headline(power),
        "forms": list(forms.items()),
        "shade": shade,
        "missed": missed,
    }
    return render("power.html", values, ())


def shade(column: ColumnPower) -> int:
    """How much gets past a column, 0 (nothing) to 4 (more than half); 5 where no rule reads any figure of it."""
    if not column.planted:
        return 5
    share = Fraction(column.unnoticed * 2 + column.unlocated, column.planted * 2)
    return sum(share > limit for limit in (0, Fraction(1, 20), Fraction(1, 5), Fraction(1, 2)))


def _words() -> dict[str, str]:
    return {
        "title": _("规则库有多强"),
        "form": _("表"),
        "column": _("列"),
        "figures": _("有数的格子"),
        "unread": _("没有规则读"),
        "planted": _("种下的差错"),
        "unnoticed": _("没发现"),
        "unlocated": _("发现了但没指到"),
        "slips": _("多半漏掉的差错"),
        "kind": _("差错种类"),
        "key": _("颜色越深，漏掉的越多；斜纹的列没有规则读"),
        "units": _("所用的单位"),
    }


__all__ = ["ColumnPower", "KindCount", "Power", "as_json", "headline", "page", "percent", "text"]
