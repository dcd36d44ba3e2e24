"""Values of ours <-> JSON, for the user's cache folder. Knows no file.

A value is a tree of frozen values of the stations that read, check and compile rules, words of closed sets, exact numbers, and the containers of
Python. What is read is made by the classes themselves, and only by such: a file can hold a wrong value at worst, and never run anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property
from importlib import import_module
from typing import Any

STATIONS = ("gouji.base.", "gouji.expression.", "gouji.rules.", "gouji.plan.")
# What reading a damaged text may raise that is none of ours.
FAULTS = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# Signs for what JSON has no word for; a number stands for a class, `=` for a value that was made before.
_CONTAINERS: dict[type, str] = {tuple: "t", frozenset: "s", dict: "m"}
_PLAIN = frozenset({type(None), bool, int, str})


class NotAValue(ValueError):
    """A class that is none of our values."""


class Late(Mapping[str, Any]):
    """A mapping that is read when something of it is asked for."""

    def __init__(self, given: Mapping[str, Any] | str) -> None:
        self.text = given if isinstance(given, str) else text_of(dict(given))

    @cached_property
    def _made(self) -> dict[str, Any]:
        made: dict[str, Any] = value_of(self.text)
        return made

    def __getitem__(self, key: str) -> Any:
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class LateEach(Mapping[str, Any]):
    """A mapping of which each value is read when it is asked for."""

    def __init__(self, given: Mapping[str, Any], texts: Mapping[str, str] | None = None) -> None:
        self.texts = (
            {key: text_of(value) for key, value in given.items()} if texts is None else {**texts}
        )
        self._made: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._made:
            self._made[key] = value_of(self.texts[key])
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self.texts

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


class _Writer:
    """A value -> what JSON can say. A value of ours that stands in several places is written once."""

    def __init__(self) -> None:
        self.classes: dict[str, int] = {}
        self._seen: dict[int, int] = {}
        self._held: list[object] = []

    def plain(self, value: Any) -> Any:
        """The same as lists, texts, whole numbers and objects with one key. Raises NotAValue."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is list:
            return [self.plain(item) for item in value]
        if kind in _CONTAINERS:
            items = value.items() if kind is dict else value
            return {_CONTAINERS[kind]: [self._item(kind, item) for item in items]}
        if kind in (Decimal, Fraction):
            return {kind.__name__: str(value)}
        if kind is Late:
            return {"Late": value.text}
        if kind is LateEach:
            return {"LateEach": [[key, text] for key, text in value.texts.items()]}
        return self._ours(value)

    def _item(self, kind: type, item: Any) -> Any:
        return [self.plain(part) for part in item] if kind is dict else self.plain(item)

    def _ours(self, value: Any) -> Any:
        if id(value) in self._seen:
            return {"=": self._seen[id(value)]}
        number = self._number(type(value))
        made: Any = (
            [value.value]
            if isinstance(value, Enum)
            else [self.plain(getattr(value, field.name)) for field in fields(value) if field.init]
        )
        # In the order in which they are made again: what it holds comes first.
        self._seen[id(value)] = len(self._held)
        self._held.append(value)
        return {str(number): made}

    def _number(self, kind: type) -> int:
        name = f"{kind.__module__}:{kind.__qualname__}"
        _class(name)
        return self.classes.setdefault(name, len(self.classes))


class _Maker:
    """What JSON said -> the value, from the inside out."""

    def __init__(self, classes: list[str]) -> None:
        self._made: list[Any] = []
        self._kinds: dict[str, Callable[[list[Any]], Any]] = {
            str(number): _made_of(_class(name)) for number, name in enumerate(classes)
        }
        self._words: dict[str, Callable[[Any], Any]] = {
            "t": tuple,
            "s": frozenset,
            "m": dict,
            "=": self._made.__getitem__,
            "Decimal": Decimal,
            "Fraction": Fraction,
            "Late": Late,
            "LateEach": lambda pairs: LateEach({}, dict(pairs)),
        }

    def __call__(self, given: dict[str, Any]) -> Any:
        ((sign, inside),) = given.items()
        if (kind := self._kinds.get(sign)) is None:
            return self._words[sign](inside)
        made = kind(inside)
        self._made.append(made)
        return made


def _made_of(kind: type) -> Callable[[list[Any]], Any]:
    """What makes a value of a class of the values of its fields, or a word of a closed set."""
    if issubclass(kind, Enum):
        return lambda inside: kind(*inside)
    names = [field.name for field in fields(kind) if field.init] if is_dataclass(kind) else []
    return lambda inside: kind(**dict(zip(names, inside, strict=True)))


def _class(name: str) -> type:
    """A class of ours whose values may be kept, by module and name. Raises NotAValue."""
    module, _, called = name.partition(":")
    if not module.startswith(STATIONS):
        raise NotAValue(name)
    found = getattr(import_module(module), called, None)
    if not isinstance(found, type) or found.__module__ != module:
        raise NotAValue(name)
    if not (is_dataclass(found) or issubclass(found, Enum)):
        raise NotAValue(name)
    return found


def text_of(value: Any) -> str:
    """A value as text: its classes on the first line, then the value. Raises NotAValue."""
    writer = _Writer()
    made = writer.plain(value)
    return "\n".join(
        json.dumps(part, ensure_ascii=False, separators=(",", ":"))
        for part in ([*writer.classes], made)
    )


def value_of(text: str) -> Any:
    """The value of a text that `text_of` made. Raises one of FAULTS for any other text."""
    classes, _, body = text.partition("\n")
    return json.loads(body, object_hook=_Maker(json.loads(classes)))


__all__ = ["FAULTS", "Late", "LateEach", "NotAValue", "text_of", "value_of"]
