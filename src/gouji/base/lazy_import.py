"""Heavy packages that load when something of them is first used, and names of a package of ours that load with the module they live in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as numpy
    import pyarrow as pyarrow
    import pyarrow.compute
    import pyarrow.parquet
    import yaml as yaml

    pyarrow_compute, pyarrow_parquet = pyarrow.compute, pyarrow.parquet
else:

    class _Later:
        """Stands for a module until something of it is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            # Kept, so that it is looked for once.
            found = self.__dict__[name] = getattr(import_module(self._name), name)
            return found

    numpy, pyarrow, yaml = _Later("numpy"), _Later("pyarrow"), _Later("yaml")
    pyarrow_compute, pyarrow_parquet = _Later("pyarrow.compute"), _Later("pyarrow.parquet")


class Absent:
    """A finder of modules to which packages of some names are not installed; all others are left to the next one. For processes that do nothing else."""

    def __init__(self, packages: frozenset[str]) -> None:
        self.packages = packages

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        """What is asked of a finder. Raises ModuleNotFoundError."""
        if name.partition(".")[0] in self.packages:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def names_of(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose names live in modules (name -> module) that load when the name is first used."""

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return get
