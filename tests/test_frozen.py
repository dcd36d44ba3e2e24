"""Quickly made dataclasses: whatever is asked of them, the same as of the classes that `dataclasses` makes at once."""

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, asdict, astuple, fields, is_dataclass

import pytest

from gouji import frozen
from gouji.frozen import MANY, dataclass, field, replace


def shapes(make, part):
    """The same classes, made one way or the other."""

    @make(frozen=True, slots=True)
    class Point:
        """A place."""

        x: int
        y: int = 2
        names: tuple = ()
        more: dict = part(default_factory=dict, **({"hash": None} if make is dataclasses.dataclass else {}))

        @property
        def sum(self):
            return self.x + self.y

    @make(frozen=True, slots=True)
    class One:
        of: object

    @make(frozen=True, slots=True)
    class Nothing:
        pass

    @make(slots=True)
    class Open:
        a: int
        b: list = part(default_factory=list)

        def __post_init__(self):
            self.a += 1

    @make(frozen=True, slots=True, kw_only=True)
    class Named:
        a: int = 1
        b: int

    @make(frozen=True, slots=True)
    class Below(One):
        more: int = 1

    @make(frozen=True, slots=True)
    class Apart:
        a: int
        b: int = part(default=-1, compare=False)
        c: int = part(default=0, repr=False)
        d: int = part(default=0, compare=False, repr=False)

    @make(slots=True)
    class Within:
        a: int
        b: list = part(init=False, default_factory=list)

    return {cls.__name__: cls for cls in (Point, One, Nothing, Open, Named, Below, Apart, Within)}


USUAL, QUICK = shapes(dataclasses.dataclass, dataclasses.field), shapes(dataclass, field)
globals().update(QUICK)
for cls in (*USUAL.values(), *QUICK.values()):
    cls.__qualname__ = cls.__name__
MADE = {
    "Point": [((1,), {}), ((1, 2), {}), ((1,), {"y": 3, "more": {"a": 1}}), ((), {"y": 3, "x": 1}), ((1, 2, (), {}), {}), ((2,), {"names": ("a",)})],
    "One": [((1,), {}), ((None,), {}), ((), {"of": ()}), ((1.0,), {})],
    "Nothing": [((), {})],
    "Open": [((1,), {}), ((1, [2]), {}), ((2,), {"b": []})],
    "Named": [((), {"b": 1}), ((), {"b": 1, "a": 2})],
    "Below": [((1,), {}), ((1, 2), {})],
    "Apart": [((1,), {}), ((1, 2), {}), ((1, 2, 3, 4), {}), ((1, 2, 3), {})], "Within": [((1,), {})],
}
WRONG = {
    "Point": [((), {}), ((1, 2, 3, 4, 5), {}), ((1,), {"z": 1}), ((1,), {"x": 1})], "One": [((), {}), ((1, 2), {})], "Nothing": [((1,), {})],
    "Open": [((), {"b": []})], "Named": [((1,), {}), ((), {}), ((1, 2), {})], "Below": [((), {})], "Apart": [((), {})], "Within": [((1, 2), {})],
}  # fmt: skip


def told(cls, way):
    """Everything that can be said of some values of a class."""
    values = [cls(*args, **given) for args, given in MADE[cls.__name__]]
    shown = [
        [repr(v) for v in values], [[a == b for b in values] for a in values], [v == 1 for v in values], cls.__match_args__, cls.__slots__, cls.__doc__ == "A place.",
        [repr(copy.copy(v)) for v in values], [repr(copy.deepcopy(v)) for v in values], [asdict(v) for v in values], [astuple(v) for v in values],
        [(f.name, f.default, f.init, f.kw_only) for f in fields(cls)], is_dataclass(cls), [repr(way(v)) for v in values],
        [hash(v) for v in values if cls.__hash__ and cls.__name__ != "Point"], cls.__hash__ is None, [hasattr(v, "__dict__") for v in values],
    ]  # fmt: skip
    for args, given in WRONG[cls.__name__]:
        with pytest.raises(TypeError):
            cls(*args, **given)
    return shown


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("times", [0, MANY + 1], ids=["few", "many"])
def test_as_dataclasses(name, times):
    for _time in range(times):
        args, given = MADE[name][0]
        QUICK[name](*args, **given)
    assert told(QUICK[name], replace) == told(USUAL[name], dataclasses.replace)


@pytest.mark.parametrize("name", sorted(MADE.keys() - {"Open", "Within"}))
def test_nothing_changes_them(name):
    args, given = MADE[name][-1]
    value = QUICK[name](*args, **given)
    for change in (lambda: setattr(value, "x", 1), lambda: delattr(value, "x"), lambda: setattr(value, "of", 1)):
        with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
            change()
    assert value == QUICK[name](*args, **given)


@pytest.mark.parametrize("name", MADE)
def test_they_travel(name):
    values = [QUICK[name](*args, **given) for args, given in MADE[name]]
    assert pickle.loads(pickle.dumps(values)) == values


def test_only_what_is_needed_is_written(monkeypatch):
    written, cls = [], shapes(dataclass, field)["Point"]
    monkeypatch.setattr(frozen._Shape, "write", written.append)
    value = cls(1)
    match replace(value, x=2):
        case cls(x=2, y=y):
            assert y == 2
    assert repr(value) and value == cls(1, 2) and hash(cls(1, 2, (), ())) == hash(cls(1, 2, (), ())) and pickle.dumps(value.sum) and not written


@pytest.mark.parametrize("make", [dataclass, dataclasses.dataclass])
def test_no_default_is_shared(make):
    with pytest.raises(ValueError, match="default_factory"):

        @make(frozen=True, slots=True)
        class Shared:
            a: dict = {}
