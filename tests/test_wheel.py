"""The wheel carries rules and table descriptions, and audits outside the checkout in an environment without it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A clean environment with the wheel in it; the packages it needs are lent from the one running the tests."""
    base = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(base), str(ROOT)], check=True, capture_output=True)
    (wheel,) = base.glob("gouji-*.whl")
    venv.create(base / "env", with_pip=False)
    site = next((base / "env").rglob("site-packages"))
    shutil.unpack_archive(wheel, site, "zip")
    # Only the directory of packages is lent: editable installs live in .pth files, which are not read from there.
    lent = sysconfig.get_paths()["purelib"]
    (site / "lent.pth").write_text(f"import sys; sys.path.append({lent!r})\n", "utf-8")
    return base / "env" / "bin" / "python"


def run(python, folder, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GOUJI"))}
    return subprocess.run([python, "-m", "gouji", *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def test_the_wheel_is_what_runs(installed, tmp_path):
    done = subprocess.run([installed, "-c", "import gouji; print(gouji.__file__)"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert str(ROOT) not in done.stdout


def test_audit_outside_the_checkout(installed, tmp_path):
    shutil.copytree(ROOT / "datasets" / "anning-2023", tmp_path / "data")
    done = run(installed, tmp_path, "audit", "data", "--out", "out")
    assert done.returncode == 1, done.stderr
    assert "95.5 / 100" in done.stdout and (tmp_path / "out" / "audit.json").is_file()


def test_rules_and_languages_outside_the_checkout(installed, tmp_path):
    assert "C34" in run(installed, tmp_path, "rules", "anning-2023").stdout
    assert "Usage" in run(installed, tmp_path, "--lang", "en", "--help").stdout
