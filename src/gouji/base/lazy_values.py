"""Values that are made when they are asked for: a sequence, or a mapping, in place of one that would fill memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar, overload

T = TypeVar("T")
# So many are announced before the first of them is made.
AHEAD = 20


class Lazily(Sequence[T]):
    """A sequence of which each value is made whenever it is asked for, and kept by nobody. `ahead` hears which are made next."""

    def __init__(
        self,
        positions: range,
        make: Callable[[int], T],
        ahead: Callable[[range], None] | None = None,
    ) -> None:
        self._positions, self._make, self._ahead = positions, make, ahead

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Lazily[T]: ...
    def __getitem__(self, at: int | slice) -> T | Lazily[T]:
        if isinstance(at, slice):
            return Lazily(self._positions[at], self._make, self._ahead)
        return self._make(self._positions[at])

    def __iter__(self) -> Iterator[T]:
        for start in range(0, len(self), AHEAD):
            some = self._positions[start : start + AHEAD]
            if self._ahead is not None:
                self._ahead(some)
            for at in some:
                yield self._make(at)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Sequence)
            and len(self) == len(other)
            and all(a == b for a, b in zip(self, other, strict=True))
        )


class Looked(Mapping[str, T]):
    """A mapping whose keys are known and whose values are looked up whenever they are asked for."""

    def __init__(self, keys: Mapping[str, object], look: Callable[[str], T]) -> None:
        self._keys, self._look = keys, look

    def __getitem__(self, key: str) -> T:
        if key not in self._keys:
            raise KeyError(key)
        return self._look(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
