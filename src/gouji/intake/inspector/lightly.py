"""Pandera and polars without what they load for uses that are none of our business: a third of the time. Only for a process that does nothing else."""

from __future__ import annotations

import gc
import sys
from decimal import Decimal
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from gouji.base.lazy_import import Absent
from gouji.intake.inspector.questions import Asked, Field
from gouji.intake.inspector.verdict_of import accepts

# What they do without where it is not installed: other frames, made-up data.
UNUSED = frozenset({"pandas", "numpy", "hypothesis"})
# What they name when they load, for models, other forms of files, their own series, and never use on a frame in memory that is asked about its columns.
_FILES = (
    "avro",
    "clipboard",
    "csv",
    "database",
    "delta",
    "external_reader.api",
    "iceberg",
    "json",
    "lance",
    "lines",
    "ndjson",
    "partition",
    "plugins",
    "pyarrow_dataset",
    "spreadsheet",
)
_SERIES = ("array", "binary", "categorical", "datetime", "list", "string", "struct")
_MODELS = (
    "api.dataframe.model_components",
    "api.polars.model",
    "decorators",
    "schema_inference.polars",
    "typing",
    "typing.polars",
)
HOLLOW = frozenset(
    {
        "pydantic",
        "pydantic_core",
        "polars.catalog.unity",
        "polars.selectors",
        "polars.sql",
        *(f"polars.io.{name}" for name in _FILES),
        *(f"polars.series.{name}" for name in _SERIES),
        *(f"pandera.{name}" for name in _MODELS),
    }
)
_TRIED = Asked(
    (Field("", "BIGINT", nullable=False, at_least=Decimal(0)),), ("",), (("", "BIGINT"),), [(0,)]
)


class _Nothing(type):
    """A class that is made of anything and has any attribute: another such class."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing(name)


def _nothing(name: str) -> _Nothing:
    return _Nothing(name, (), {"__init__": lambda _self, *_given, **_named: None})


class _Hollow(ModuleType):
    """A module with any class in it."""

    __version__ = "2"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing(name)


class _Finder(Absent):
    """Besides, finds the modules in HOLLOW hollow."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """What is asked of a finder."""
        super().find_spec(name)
        loader: Any = self
        return ModuleSpec(name, loader) if name in HOLLOW else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """What is asked of a loader: the module."""
        return _Hollow(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """What is asked of a loader: to fill it."""


def load() -> bool:
    """Load them so and ask them something twice; False when they do need what they were not given, and this process is good for nothing any more."""
    finder: Any = _Finder(UNUSED)
    sys.meta_path.insert(0, finder)
    # Everything that loads stays: there is nothing to collect.
    gc.disable()
    try:
        sound = accepts(_TRIED) and not accepts(_TRIED._replace(rows=[(-1,), (0,), (0,)]))
    except (
        ArithmeticError,
        AttributeError,
        ImportError,
        LookupError,
        NameError,
        RuntimeError,
        TypeError,
        ValueError,
    ):
        sound = False
    gc.freeze()
    gc.enable()
    return sound
