"""Where rulebooks and table descriptions are found (an environment variable, the installed package, or the checkout), and where gouji may keep things."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from gouji.base.faults import DataError
from gouji.base.i18n import _

VARIABLE = "GOUJI_DATA"
CACHE, OFF = "GOUJI_CACHE", "off"
# What makes a folder a workspace.
CONFIG = "gouji.yaml"


def cache_folder() -> Path | None:
    """Where things are kept: $GOUJI_CACHE (`off`: nowhere), else the user's folder for such things."""
    given = os.environ.get(CACHE, "")
    if given == OFF:
        return None
    if given:
        return Path(given)
    if "XDG_CACHE_HOME" in os.environ:
        return Path(os.environ["XDG_CACHE_HOME"]) / "gouji"
    if sys.platform == "win32":
        return (
            Path(os.environ["LOCALAPPDATA"]) / "gouji" / "cache"
            if "LOCALAPPDATA" in os.environ
            else None
        )
    home = os.environ.get("HOME")
    return (
        Path(home) / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "gouji"
        if home
        else None
    )


def data_folder() -> Path:
    """The folder that holds `rules/` and `schemas/`: $GOUJI_DATA, else beside the installed package, else the checkout."""
    here = Path(__file__).resolve().parent.parent
    places = (
        [Path(os.environ[VARIABLE])]
        if VARIABLE in os.environ
        else [here / "_data", here.parent.parent]
    )
    for place in places:
        if (place / "schemas").is_dir():
            return place
    raise DataError(
        _("找不到 rules/ 和 schemas/"), fix=_("设置环境变量 {name}").format(name=VARIABLE)
    )


def book_folder(name: str | Path) -> Path:
    """The folder of a rulebook: a path, or the name of one that comes with gouji."""
    for place in (Path(name), data_folder() / "rules" / name):
        if (place / "book.yaml").is_file():
            return place
    raise DataError(
        _("没有规则库“{name}”").format(name=name),
        fix=_("自带的有：{names}；或写规则库文件夹的路径").format(names="、".join(book_names())),
    )


def book_names() -> tuple[str, ...]:
    """The rulebooks that come with gouji."""
    every = (data_folder() / "rules").iterdir()
    return tuple(sorted(p.name for p in every if (p / "book.yaml").is_file()))


def texts(folder: Path) -> dict[str, str]:
    """Every YAML text below a folder, by its path as a reader would name it."""
    found, here = {}, os.path.join(os.getcwd(), "")
    # Plain strings: every start reads hundreds of files.
    paths = [
        os.path.join(at, name)
        for at, _folders, names in os.walk(folder)
        for name in names
        if name.endswith(".yaml")
    ]
    for path in sorted(paths, key=lambda path: path.split(os.sep)):
        shown = path.removeprefix(here)
        try:
            with open(path, encoding="utf-8") as file:
                found[shown] = file.read()
        except UnicodeDecodeError as fault:
            raise DataError(
                _("{name} 不是 UTF-8 文本").format(name=shown), fix=_("另存为 UTF-8")
            ) from fault
    return found


def library_text(package: str, *path: str) -> str:
    """A file that an installed package carries, found without importing the package."""
    spec = find_spec(package)
    for place in (spec.submodule_search_locations or []) if spec else []:
        file = Path(place, *path)
        if file.is_file():
            return file.read_text("utf-8")
    raise DataError(_("没有装好 {package}").format(package=package), fix=f"pip install {package}")
