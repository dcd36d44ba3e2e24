"""What the repository must hold and must not hold."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEEDED = ("pyproject.toml", "rules", "schemas", "src", "datasets", "tests", "constraints.txt", "Makefile", ".ci/run", "README.md", "README.zh-CN.md", "CHANGELOG.md")


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.splitlines() if listed.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if ".venv" not in p.parts]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_top_level():
    assert [name for name in NEEDED if not (ROOT / name).exists()] == []


def test_constraints_are_plain():
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_.\-]+==[A-Za-z0-9_.!+\-]+( ; .*)?", line), line


def test_no_path_of_a_machine():
    path = re.compile(r"(?<![\w./])/(?:work|root|home|tmp)/\w")
    found = [f"{p.name}: {m[0]}" for p in tracked() if p.suffix in {".py", ".md", ".yaml", ".toml", ".csv", ".txt", ""} and p.name != "test_house.py"
             for m in path.finditer(p.read_text("utf-8", errors="ignore"))]  # fmt: skip
    assert found == []
