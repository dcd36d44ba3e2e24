"""Submissions that speak of the same unit are judged together: the groups they form, and a hash of each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gouji.base.digest import sha256


def groups(names: Iterable[str], members: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Submissions connected by a unit, each in exactly one group; groups and the names in them in order.

    >>> groups(["a", "b", "c"], [("a", "1"), ("c", "1"), ("b", "2")])
    [('a', 'c'), ('b',)]
    """
    above = {name: name for name in names}

    def root(name: str) -> str:
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    first: dict[str, str] = {}
    for submission, unit in members:
        if submission in above:
            one, other = sorted((root(submission), root(first.setdefault(unit, submission))))
            above[other] = one
    found: dict[str, list[str]] = {}
    for name in sorted(above):
        found.setdefault(root(name), []).append(name)
    return sorted(tuple(group) for group in found.values())


def together(group: Sequence[str], digests: Mapping[str, str]) -> str:
    """A hash over a group: whose results may be carried over while it stays the same."""
    return sha256("\0".join(f"{name}\0{digests[name]}" for name in group).encode())
