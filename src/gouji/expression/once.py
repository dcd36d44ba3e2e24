"""A function of nodes -> the same, worked out once for each: what a row earns stands in one condition several times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Once(Generic[K, V]):
    """Goes by the node itself, not by what it says: to compare trees takes as long as to work them out."""

    def __init__(self, make: Callable[[K], V]) -> None:
        self.make = make
        # Kept with the node: the address of one that is gone is given to another.
        self._known: dict[int, tuple[K, V]] = {}

    def of(self, node: K) -> V:
        """The value of a node."""
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = node, self.make(node)
        return found[1]
