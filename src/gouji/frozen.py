"""Dataclasses that are quickly made: the same values, and a start that does not write seven functions for each of 150 classes.

`dataclass`, `field` and `replace` stand for those of `dataclasses`. A class with slots begins with methods that need no writing; its constructor is written
by `dataclasses` once many of its values are made, and its fields when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:
    # From so many values on a constructor of its own is worth writing.
    MANY = 100
    _NONE = object()
    _FIELDS, _PARAMS = "__dataclass_fields__", "__dataclass_params__"

    def dataclass(of: type | None = None, /, *, frozen: bool = False, slots: bool = False, kw_only: bool = False) -> Any:
        """As `dataclasses.dataclass`, which makes at once what is more than fields with and without defaults in a class with slots."""

        def made(cls: type) -> type:
            given = {name: cls.__dict__[name] for name in cls.__annotations__ if name in cls.__dict__}
            for name, one in given.items():
                if one.__class__.__hash__ is None:
                    raise ValueError(f"{cls.__name__}.{name} would be shared: use default_factory")
            plain = all(one.given.keys() <= {"default", "default_factory", "compare", "init", "repr"} for one in given.values() if isinstance(one, _Field))
            if slots and plain and not any(_FIELDS in base.__dict__ and "__shape__" not in base.__dict__ for base in cls.__mro__):
                return _Shape(cls, given, frozen, kw_only).cls
            for name, one in given.items():
                setattr(cls, name, _usual(one))
            from dataclasses import dataclass as usual

            return usual(frozen=frozen, slots=slots, kw_only=kw_only)(cls)

        return made if of is None else made(of)

    class _Field:
        """What `field` was given, until a class takes it."""

        __slots__ = ("given",)

        def __init__(self, given: Mapping[str, Any]) -> None:
            self.given = given

    def field(**given: Any) -> Any:
        """As `dataclasses.field`."""
        return _Field(given)

    def replace(value: Any, **changes: Any) -> Any:
        """As `dataclasses.replace`."""
        shape = type(value).__dict__.get("__shape__")
        if shape is None:
            from dataclasses import replace as usual

            return usual(value, **changes)
        return type(value)(**{**{name: getattr(value, name) for name, _put in shape.puts}, **changes})

    def _usual(one: Any) -> Any:
        from dataclasses import field as usual

        return usual(**one.given) if isinstance(one, _Field) else one

    def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
        """Value -> what is in these fields."""
        get = attrgetter(*names) if names else lambda value: ()
        return get if len(names) != 1 else lambda value: (get(value),)

    class _Late:
        """An attribute of a class that is there once `dataclasses` has written it."""

        __slots__ = ("name",)

        def __init__(self, name: str) -> None:
            self.name = name

        def __get__(self, value: object, cls: type) -> Any:
            cls.__shape__.write()
            return getattr(cls, self.name)

    class _Shape:
        """The fields of a class with their defaults, and the class with slots that was made of it."""

        def __init__(self, cls: type, given: dict[str, Any], frozen: bool, kw_only: bool) -> None:
            above: Any = next((base.__dict__["__shape__"] for base in cls.__mro__ if "__shape__" in base.__dict__), None)
            self.given, self.frozen, self.kw_only, self.count = {**(above.given if above else {}), **given}, frozen, kw_only, 0
            self.annotations = {**(above.annotations if above else {}), **cls.__annotations__}
            self.names = tuple(self.annotations)
            slots = tuple(name for name in self.names if above is None or name not in above.names)
            kept = {name: value for name, value in cls.__dict__.items() if name not in given and name not in ("__dict__", "__weakref__")}
            asked = self._with("init")
            kept |= {"__slots__": slots, "__match_args__": () if kw_only else asked, "__shape__": self, _FIELDS: _Late(_FIELDS), _PARAMS: _Late(_PARAMS)}
            self.values = _getter(self.names)
            self.shown = self._with("repr")
            own = {"__eq__": self.equal(), "__hash__": self.hashed() if frozen else None, "__init__": self.constructor()}
            self.cls = type(cls)(cls.__name__, cls.__bases__, {**_SHARED, **(_FROZEN if frozen else {}), **own, **kept})
            self.cls.__qualname__ = cls.__qualname__
            self.after = hasattr(cls, "__post_init__")
            self.puts = tuple((name, getattr(self.cls, name).__set__) for name in asked)
            self.sets = tuple(put for _name, put in self.puts) if asked == self.names else tuple(getattr(self.cls, name).__set__ for name in self.names)
            # Fields that nobody gives, but that begin as something.
            self.given_none = tuple((n, getattr(self.cls, n).__set__) for n in self.names if n not in asked and self.given[n].given.keys() & {"default", "default_factory"})

        def _with(self, flag: str) -> tuple[str, ...]:
            """The fields that take part in constructing, comparing or printing."""
            return tuple(n for n in self.names if not isinstance(one := self.given.get(n), _Field) or one.given.get(flag, True))

        def equal(self) -> Callable[[Any, Any], Any]:
            """`__eq__`: of the same class, field by field."""
            values = _getter(self._with("compare"))
            return lambda one, other: values(one) == values(other) if other.__class__ is one.__class__ else NotImplemented

        def hashed(self) -> Callable[[Any], int]:
            """`__hash__`, of all fields that are compared."""
            values = _getter(self._with("compare"))
            return lambda value: hash(values(value))

        def constructor(self) -> Callable[..., None]:
            """An `__init__` as good as the one `dataclasses` writes, only slower."""
            count = len(self._with("init"))

            def make(value: Any, /, *args: Any, **given: Any) -> None:
                self.count += 1
                if self.count == MANY:
                    self.write()
                if len(args) > (0 if self.kw_only else count):
                    raise TypeError(f"{self.cls.__name__} takes no {len(args)} values by place")
                for (_name, put), one in zip(self.puts, args, strict=False):
                    put(value, one)
                if len(args) < count:
                    for name, put in self.puts[len(args) :]:
                        put(value, given.pop(name) if name in given else self._default(name))
                for name, put in self.given_none:
                    put(value, self._default(name))
                if given:
                    raise TypeError(f"{self.cls.__name__} does not take {', '.join(given)}")
                if self.after:
                    value.__post_init__()

            return make

        def _default(self, name: str) -> Any:
            one = self.given.get(name, _NONE)
            if one is _NONE:
                raise TypeError(f"{self.cls.__name__} lacks {name}")
            if not isinstance(one, _Field):
                return one
            return one.given["default_factory"]() if "default_factory" in one.given else one.given["default"]

        def write(self) -> None:
            """Let `dataclasses` write the constructor, and find the fields."""
            from dataclasses import dataclass as usual

            body = {"__annotations__": self.annotations, "__module__": self.cls.__module__, "__doc__": "-", **{n: _usual(one) for n, one in self.given.items()}}
            if self.after:
                body["__post_init__"] = self.cls.__post_init__
            twin = usual(repr=False, eq=False, frozen=self.frozen, kw_only=self.kw_only)(type(self.cls.__name__, (), body))
            for name in ("__init__", _PARAMS, _FIELDS):
                setattr(self.cls, name, twin.__dict__[name])

    def _repr(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{n}={getattr(self, n)!r}' for n in self.__shape__.shown)})"

    def _set(self: Any, name: str, value: object) -> NoReturn:
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _delete(self: Any, name: str) -> NoReturn:
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _state(self: Any) -> list[Any]:
        return list(self.__shape__.values(self))

    def _restore(self: Any, state: list[Any]) -> None:
        for put, one in zip(self.__shape__.sets, state, strict=True):
            put(self, one)

    _SHARED: dict[str, Any] = {"__repr__": _repr, "__replace__": replace}
    _FROZEN: dict[str, Any] = {"__setattr__": _set, "__delattr__": _delete, "__getstate__": _state, "__setstate__": _restore}
