"""What the repository must hold and must not hold."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEEDED = (
    "datasets",
    "docs",
    "rules",
    "schemas",
    "src",
    "tests",
    "tools",
    ".ci/run",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "constraints.txt",
    "pyproject.toml",
    "src/gouji/py.typed",
)
UNTIDY = {
    "a path of a machine": re.compile(r"(?<![\w./])/(?:work|root|home|tmp|Users|mnt)/\w"),
    "a package registry": re.compile(
        r"pypi\.org|pythonhosted|[a-z-]+://[^\s\"')>]+/(?:simple|packages)/|(?:index-url|find-links|trusted-host)\b"
    ),
}


def texts():
    """Every text that is, or would be, in the repository, but this one."""
    for path in files():
        if path.is_file() and path.suffix not in (".mo", ".pyc") and path != Path(__file__):
            yield path.relative_to(ROOT), path.read_text("utf-8", errors="ignore")


def files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        return [ROOT / name for name in sorted(filter(None, listed.stdout.split("\0")))]
    # An archive without git: whatever is not hidden.
    return [
        p
        for p in sorted(ROOT.rglob("*"))
        if not any(part.startswith(".") and part != ".ci" for part in p.relative_to(ROOT).parts)
    ]


def test_top_level():
    assert [name for name in NEEDED if not (ROOT / name).exists()] == []


def test_ci_runs_what_a_developer_runs():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111 and "make test" in script.read_text("utf-8")


def test_constraints_are_plain():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [
        line
        for line in lines
        if not re.fullmatch(r"[a-z0-9_.\-]+==[A-Za-z0-9_.!+\-]+( ; .*)?", line)
    ] == []
    assert [line.split("==")[0] for line in lines] == sorted(line.split("==")[0] for line in lines)


def test_nothing_names_a_machine_or_a_registry():
    assert [
        f"{name}: {what}: {m[0]}"
        for name, text in texts()
        for what, pattern in UNTIDY.items()
        for m in pattern.finditer(text)
    ] == []
