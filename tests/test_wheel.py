"""The wheel carries rules, table descriptions and catalogues, and audits outside the checkout in an environment without it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of commands of a clean environment with the wheel in it; what the wheel needs is lent by the environment of the tests."""
    base = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", base, ROOT],
        check=True,
    )
    venv.create(base / "env", with_pip=False)
    commands = base / "env" / "bin"
    # Only folders of packages are lent: an editable gouji lives in a .pth file, and those are not read from there.
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    site = next((base / "env").rglob("site-packages"))
    (site / "lent.pth").write_text(
        "".join(f"import sys; sys.path.append({folder!r})\n" for folder in sorted(lent)), "utf-8"
    )
    subprocess.run(
        [
            *PIP,
            "--python",
            commands / "python",
            "install",
            "--no-deps",
            "--no-index",
            *base.glob("gouji-*.whl"),
        ],
        check=True,
    )
    return commands


def run(command, folder, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GOUJI"))}
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_the_wheel_is_what_runs(installed, tmp_path):
    found = run(installed / "python", tmp_path, "-c", "import gouji; print(gouji.__file__)").stdout
    assert Path(found.strip()).is_relative_to(installed.parent)


def test_audit_outside_the_checkout(installed, tmp_path):
    shutil.copytree(ROOT / "datasets" / "anning-2023", tmp_path / "data")
    done = run(installed / "gouji", tmp_path, "audit", "data", "--out", "out")
    assert done.returncode in (0, 1), done.stderr
    assert "安宁市城市管理综合服务中心" in done.stdout and "95.5 / 100" in done.stdout
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["audit.json", "audit.txt"]
    # Templates, styles and scripts of pages are in the wheel too, and the libraries are found where they are installed.
    assert run(installed / "gouji", tmp_path, "report", "out").returncode == 0
    assert sorted(p.name for p in (tmp_path / "out" / "report").rglob("*.html")) == [
        "index.html",
        "rules.html",
        "unit-ANCG001.html",
    ]


def test_rules_outside_the_checkout(installed, tmp_path):
    done = run(installed / "gouji", tmp_path, "rules", "list", "anning-2023")
    assert done.returncode == 0, done.stderr
    assert "C34" in done.stdout and "T66" in done.stdout


def test_languages_outside_the_checkout(installed, tmp_path):
    assert run(installed / "gouji", tmp_path, "--help").stdout.startswith("用法: ")
    assert "Usage: gouji" in run(installed / "gouji", tmp_path, "--lang", "en", "--help").stdout


def test_what_the_wheel_carries(installed):
    site = next(installed.parent.rglob("site-packages")) / "gouji"
    for folder in ("rules", "schemas"):
        assert names(site / "_data" / folder) == names(ROOT / folder)
    assert (site / "py.typed").is_file()


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
