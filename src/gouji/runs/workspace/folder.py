"""The folder of a workspace: where its parts lie, how it is made, and how a run becomes part of it: whole, or not at all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.base.resources import CONFIG as CONFIG
from gouji.base.resources import book_names
from gouji.base.verdict import Severity
from gouji.runs.workspace.config import Config, read_config

MANIFEST = "manifest.json"
# As run_folder writes them; other names are none of ours.
_NUMBER = re.compile("[0-9]{6,9}")
PART, DESK = ".part-", ".desk-"
SKELETON = """\
# docs/nightly.md explains every key.
rules: {rules}
submissions: submissions
# expected: expected.csv
gate:
  findings:
    {error}: {{count: all, at_most: 0}}
    {verify}: {{count: new, at_most: 0}}
  missing_units: 0
  unread_submissions: 0
retention: {{runs: 400}}
# notify: {{addresses_from: GOUJI_NOTIFY, when: changed}}
# metrics: metrics/gouji.prom
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace and its parts."""

    root: Path
    config: Config

    @classmethod
    def at(cls, root: Path) -> Workspace:
        """The workspace in a folder. Raises DataError when there is none, an ExceptionGroup of RuleError when gouji.yaml is wrong."""
        file = root / CONFIG
        if not file.is_file():
            raise DataError(
                _("{folder} 不是工作区：没有 gouji.yaml").format(folder=root),
                fix=_("先运行 gouji workspace init {folder}").format(folder=root),
            )
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            raise DataError(
                _("{name} 不是 UTF-8 文本").format(name=file), fix=_("另存为 UTF-8")
            ) from None
        return cls(root, read_config(str(file), text))

    def reading_by(self, forms: Sequence[str]) -> Workspace:
        """The same with form sets that decide in place of those of gouji.yaml; without any as it is."""
        if not forms:
            return self
        config = self.config.model_copy(update={"forms": tuple(forms)})
        return replace(self, config=config)

    @property
    def rules(self) -> str | Path:
        """The rulebook: a folder of the workspace, else as gouji.yaml names it."""
        return self._inside(self.config.rules)

    @property
    def schemas(self) -> str | Path | None:
        """The table descriptions, likewise; None where the book is to say."""
        return self._inside(self.config.schemas) if self.config.schemas else None

    def _inside(self, name: str) -> str | Path:
        return self.root / name if (self.root / name).exists() else name

    @property
    def runs(self) -> Path:
        """Where runs lie, a folder each."""
        return self.root / "runs"

    @property
    def objects(self) -> Path:
        """Copies of input files, by hash, so that runs can be replayed."""
        return self.root / "objects"

    @property
    def submissions(self) -> Path:
        """Where submissions come in, a folder each."""
        return self.root / self.config.submissions

    def numbers(self) -> list[int]:
        """Numbers of the runs that are whole, oldest first. Order is by number: clocks jump."""
        if not self.runs.is_dir():
            return []
        return sorted(
            int(e.name) for e in os.scandir(self.runs) if _NUMBER.fullmatch(e.name) and e.is_dir()
        )

    def next_number(self) -> int:
        """The number of the run to be made: above whatever has one in `runs`, be it no run at all, and above what stands in the way of its inputs.

        A pack of inputs whose run was killed does not: it is written anew.
        """
        names = [
            e.name.removesuffix(".parquet")
            for folder in (self.runs, self.objects)
            if folder.is_dir()
            for e in os.scandir(folder)
            if folder == self.runs or not e.is_file()
        ]
        return max((int(name) for name in names if _NUMBER.fullmatch(name)), default=0) + 1

    def run_folder(self, number: int) -> Path:
        """The folder of one run."""
        return self.runs / f"{number:06d}"

    def find_run(self, name: str) -> Path:
        """A run by its number, `latest`, `previous`, or the path of its folder. Raises DataError when there is no such run, or it is damaged."""
        from gouji.runs.workspace.kept_outcomes import fault_of

        known = self.numbers()
        back = {"latest": 1, "previous": 2}.get(name)
        found = None
        if back is not None and len(known) >= back:
            found = self.run_folder(known[-back])
        elif name.isdecimal() and int(name) in known:
            found = self.run_folder(int(name))
        elif back is None and (Path(name) / MANIFEST).is_file():
            found = Path(name)
        if found is not None and (why := fault_of(found)):
            raise DataError(
                _("运行 {name} 坏了：{why}").format(name=name, why=why),
                fix=_("把 {folder} 移走，或从备份恢复").format(folder=found),
            )
        if found is not None:
            return found
        shown = "、".join(map(str, known[-5:])) or "—"
        raise DataError(
            _("没有运行 {name}").format(name=name),
            fix=_("已有的运行：{names}；见 gouji runs list").format(names=shown),
        )

    def sweep(self) -> None:
        """Remove what killed runs left behind. Only under the lock. Raises DataError where something else lies in the place of these folders."""
        for folder in (self.runs, self.objects):
            if os.path.lexists(folder) and not folder.is_dir():
                raise DataError(
                    _("{folder} 不是文件夹").format(folder=folder), fix=_("把它移走，或从备份恢复")
                )
            folder.mkdir(exist_ok=True)
            for left in [*folder.glob(f"{PART}*"), *folder.glob(f"{DESK}*")]:
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()

    def begin(self, number: int) -> Path:
        """An empty folder for the parts of a run that nobody else sees as one."""
        part = self.runs / f"{PART}{number:06d}"
        part.mkdir(parents=True)
        return part


def init(root: Path, rules: str | None = None) -> Workspace:
    """Make a workspace, or complete one; an existing gouji.yaml stays as it is. Raises DataError where there is none and no rulebook is given."""
    root.mkdir(parents=True, exist_ok=True)
    file = root / CONFIG
    if not file.exists():
        if rules is None:
            raise DataError(
                _("新工作区没有说用哪个规则库"),
                fix=_("自带的有：{names}；或写规则库文件夹的路径").format(
                    names="、".join(book_names())
                ),
            )
        file.write_text(
            SKELETON.format(rules=rules, error=Severity.ERROR.value, verify=Severity.VERIFY.value),
            "utf-8",
        )
    made = Workspace.at(root)
    for folder in (made.runs, made.objects, made.submissions):
        folder.mkdir(parents=True, exist_ok=True)
    return made
