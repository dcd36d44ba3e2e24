"""The shape of the program: one direction of imports, the world at two doors, modules and functions that fit in a head, no indicator by name."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "gouji"
# Each may import what stands before it, never what stands after.
ORDER = (
    "later", "i18n", "inspector", "address", "faults", "resources", "guard", "verdict", "finding", "outcome", "lazily", "load", "measure", "validate", "compile", "intake", "run", "synth", "judge", "locate", "report",
    "machine", "examples", "explain", "lint", "bridge", "returns", "workspace", "night", "app", "cli", "__main__",
)  # fmt: skip
EDGES = {"address", "bridge", "guard", "later", "inspector", "intake", "run", "synth", "app", "cli", "resources", "i18n", "workspace", "night"}
WORLD = {"duckdb", "pathlib", "os", "sys", "time", "datetime", "random", "subprocess", "shutil", "socket", "urllib", "tempfile", "ibis", "pandera", "polars", "great_expectations", "pyarrow", "sqlalchemy", "apprise", "fcntl"}
MODULES = sorted(SOURCE.rglob("*.py"))


def layer(path):
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path):
    """The full name of every module imported, at the top or in a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}:{node.lineno}: write the import from gouji on"
            yield from (f"gouji.{name.name}" for name in node.names) if node.module == "gouji" else (node.module,)
            if node.module == "gouji.later":
                # What stands for a package until it is used is that package.
                yield from (name.name.replace("_", ".") for name in node.names if name.name not in ("names_of", "with_arrow"))


def test_every_module_has_its_layer():
    assert {layer(p) for p in MODULES} - {"__init__"} == set(ORDER)


def test_imports_point_one_way():
    wrong = []
    for path in MODULES:
        if layer(path) == "__init__":
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "gouji" and len(parts) > 1 and ORDER.index(parts[1]) > ORDER.index(layer(path)):
                wrong.append(f"{path.relative_to(SOURCE)} imports {name}")
    assert wrong == []


def test_only_the_doors_touch_the_world():
    wrong = [f"{p.relative_to(SOURCE)} imports {name}" for p in MODULES if layer(p) not in EDGES for name in imports(p) if name.split(".")[0] in WORLD]
    assert wrong == []


def test_nothing_else_opens_prints_or_evaluates():
    wrong = [
        f"{p.relative_to(SOURCE)}:{n.lineno} calls {n.func.id}" for p in MODULES for n in ast.walk(ast.parse(p.read_text("utf-8")))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and (
            n.func.id in ("eval", "exec", "compile", "__import__") or (n.func.id in ("open", "print", "input") and layer(p) not in EDGES))
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_modules_fit_in_a_head(path):
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "the first line says what comes in and what goes out"
    assert len(text.splitlines()) <= 400
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_public_names_have_docstrings():
    bare = []
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_") and not ast.get_docstring(node):
                bare.append(f"{path.relative_to(SOURCE)}:{node.name}")
    assert bare == []


def test_the_program_knows_no_indicator_by_name():
    named = ("预算调整率", "固定资产在用率", "在职人员控制率", "预算完成率", "安宁")
    assert [f"{p.name}: {word}" for p in MODULES for word in named if word in p.read_text("utf-8")] == []
