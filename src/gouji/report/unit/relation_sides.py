"""What stands on the two sides of a relation over rows -> its line, which accuses neither: which of the two is wrong is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gouji.base.i18n import _
from gouji.expression import SIGNS
from gouji.expression.nodes import Op


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides as printed (empty where there is no figure), what the relation asks of them, their difference and the right side's interval.
    `rolled`: the left side is its own row, the right side the rows below it added up. `question`: the left side answers it by yes or no."""

    op: Op | Literal[""]
    left: str
    right: str
    difference: str = ""
    span: str = ""
    rolled: bool = False
    question: str = ""

    @property
    def line(self) -> str:
        """`左边 980.00万元, 应不大于右边 970.00万元, 差 10.00万元`; empty for what compares no two figures."""
        if not self.op:
            return ""
        line = self._compared().format(
            left=self.left or _("缺"), right=self.right or _("缺"), question=self.question
        )
        if not self.left or not self.right:
            return line
        if self.difference:
            line += _("，差 {gap}").format(gap=self.difference)
        return line + (_("，尾差范围 {span}").format(span=self.span) if self.span else "")

    def _compared(self) -> str:
        if self.question:
            return _("{question}：{left}，要求{right}")
        if self.rolled:
            return _("本行 {left}，下级之和 {right}")
        match self.op:
            case "<>":
                return _("左边 {left}，应不等于右边 {right}")
            case "<":
                return _("左边 {left}，应小于右边 {right}")
            case "<=":
                return _("左边 {left}，应不大于右边 {right}")
            case ">":
                return _("左边 {left}，应大于右边 {right}")
            case ">=":
                return _("左边 {left}，应不小于右边 {right}")
        return _("左边 {left}，右边 {right}")

    @property
    def names(self) -> tuple[str, str]:
        """What the two sides are called."""
        return (_("本行"), _("下级之和")) if self.rolled else (_("左边"), _("右边"))

    @property
    def cells(self) -> tuple[str, str]:
        """The two sides as cells of a table, with the sign of what is no equation before the right one; empty for what compares no two figures."""
        if not self.op:
            return "", ""
        sign = "" if self.op == "=" else SIGNS[self.op].lstrip()
        return self.left or _("缺"), sign + (self.right or _("缺"))
