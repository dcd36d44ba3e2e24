"""What readings of expressions ask of figures: SQL of value, low end and high end (as printed), of text columns, and whether a table was sent."""

from __future__ import annotations

from typing import Protocol

from gouji.expression import nodes as n
from gouji.plan.sql.branches import Ends
from gouji.plan.sql.rational import Quantity
from gouji.plan.sql.shapes import Sql


class Leaves(Protocol):
    """Where figures are found."""

    def value(self, leaf: n.Leaf) -> Quantity:
        """The printed figure."""

    def ends(self, leaf: n.Leaf) -> Ends:
        """Least and greatest figure that prints like this."""

    def half(self, leaf: n.Leaf) -> Quantity | None:
        """How far the figure may move either way; None where the two ways differ."""

    def word(self, word: n.Word) -> Sql:
        """The text."""

    def sent(self, table: str, prior: bool) -> Sql:
        """Whether the unit sent the table at all."""
