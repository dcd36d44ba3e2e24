"""Why an outcome is open -> words: one line a kind of gap, the first of many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from gouji.base.i18n import _
from gouji.base.outcome import Gap, GapKind
from gouji.expression import UNREAD

PARTS_AT_MOST = 4


def gap_words(
    gaps: Sequence[Gap], aside: Callable[[str], str] = lambda _table: ""
) -> tuple[str, ...]:
    """Why an outcome is open, in words: one line a kind. `aside` names the rows of a table that were set aside."""
    kinds: dict[str, list[str]] = {}
    for gap in dict.fromkeys(gaps):
        unread = gap.kind is GapKind.ASIDE and UNREAD in gap.what
        words = _("有数没有读出：{what}") if unread else _kind_words(gap.kind)
        what = _gap_what(gap, aside)
        kinds.setdefault(words, []).append(what.replace(UNREAD, "", 1) if unread else what)
    return tuple(words.format(what=_listed(what)) for words, what in kinds.items())


def _listed(what: Sequence[str]) -> str:
    """All of a few, the first of many."""
    if len(what) <= 2 * PARTS_AT_MOST:
        return "、".join(what)
    return _("{first} 等 {n} 个").format(first="、".join(what[:PARTS_AT_MOST]), n=len(what))


def _gap_what(gap: Gap, aside: Callable[[str], str]) -> str:
    """What is wanting; of a table that was not sent the few columns wanted, or how many; of one that is not whole the places of the rows."""
    places = aside(gap.what) if gap.kind is GapKind.ASIDE else ""
    if not gap.parts:
        return f"{gap.what}({places})" if places else gap.what
    parts = (
        "、".join(gap.parts)
        if len(gap.parts) <= PARTS_AT_MOST
        else _("{n} 列").format(n=len(gap.parts))
    )
    return f"{gap.what}({parts})"


def gap_word(kind: GapKind) -> str:
    """One reason in words, where it is clear what it speaks of."""
    match kind:
        case GapKind.MISSING:
            return _("缺数")
        case GapKind.ZERO:
            return _("分母为 0，得不出比率")
    return _kind_words(kind).format(what="").strip(":： ")


def _kind_words(kind: GapKind) -> str:
    match kind:
        case GapKind.UNSENT:
            return _("未报送 {what}")
        case GapKind.UNDERIVED:
            return _("已报的数不足以得出 {what}")
        case GapKind.ASIDE:
            return _("有行没有采用：{what}")
        case GapKind.MISSING:
            return _("缺 {what}")
        case GapKind.ZERO:
            return _("分母为零：{what}")
        case GapKind.ITEM:
            return _("缺佐证：{what}")
        case GapKind.REVIEWERS:
            return _("评审不足 {what} 人")
        case GapKind.MARK:
            return _("有评分不在 0 到 {what} 分之间")
        case GapKind.NO_TOTAL:
            return _("没有合计行：{what}")
        case GapKind.ORPHAN:
            return _("有下级没有上级行：{what}")
        case GapKind.BARE:
            return _("有数而没有列下级行：{what}")
        case GapKind.BAD_CODE:
            return _("有编码读不懂：{what}")
        case GapKind.NO_SET:
            return _("不知道单位用哪一套指标：看 {what}")
        case _:
            assert_never(kind)
