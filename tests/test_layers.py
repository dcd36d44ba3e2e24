"""The shape of the program: one direction of imports, the world at two doors, modules and functions that fit in a head, no indicator by name."""

import ast
import io
import re
import tokenize
from importlib import import_module
from pathlib import Path

import pytest

from sql_edits import edits

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "gouji"
# Packages: each may import what stands before it, never what stands after, not even for types.
ORDER = (
    "base",
    "expression",
    "documents",
    "rules",
    "narrative",
    "drafting",
    "cross_check",
    "plan",
    "reference",
    "synth",
    "intake",
    "locate",
    "results",
    "report",
    "returns",
    "examples",
    "run",
    "explain",
    "lint",
    "runs",
    "app",
    "spark",
    "cli",
    "__main__",
)
# Packages and modules that touch files, the environment or DuckDB.
EDGES = {
    "base/address",
    "base/database",
    "base/files",
    "base/guard",
    "base/i18n",
    "base/lazy_import",
    "base/resources",
    "base/workers",
    "cross_check",
    "documents",
    "intake",
    "results",
    "run",
    "runs",
    "synth",
    "app",
    "spark",
    "cli",
}
WORLD = {
    "duckdb",
    "pathlib",
    "os",
    "sys",
    "time",
    "datetime",
    "random",
    "subprocess",
    "shutil",
    "socket",
    "urllib",
    "tempfile",
    "ibis",
    "pandera",
    "polars",
    "great_expectations",
    "pyarrow",
    "sqlalchemy",
    "apprise",
    "fcntl",
}
MODULES = sorted(SOURCE.rglob("*.py"))
LINES_AT_MOST = 400
# Names, operators, numbers and strings of one function; what nine functions of ten stay within only gets smaller.
LONG_FUNCTION, P90 = 300, 200
# The functions that are longer, at most ten, and why each is not split.
LONG_FUNCTIONS = {
    "plan/fold.py: simplified": "one match: a case for each kind of tree that has a smaller one",
    "rules/key_words.py: key_words": "a table of words, in the language that is spoken when it is asked for",
}
TOKENS = {tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.STRING}


def tokens_of_functions(text):
    """Name and number of tokens of every function, decorators counted."""
    starts = [
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type in TOKENS
    ]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            yield node.name, sum(first <= start <= (node.end_lineno or 0) for start in starts)


# Names that two modules or more share: the aims are 10 types and 5 modules; both numbers only get smaller.
SHARED_TYPES, SHARED_MODULES = 1, 1
# SQL as text stands where plans are made, carried out and read, and in modules whose name says so.
SQL_PLACES = re.compile(r"plan/|results/|run/engine\.py|(.*/)?[a-z_]*(sql|views|tables)[a-z_]*\.py")
SQL_WORDS = re.compile(
    r"\bSELECT\b.|\b(INSERT INTO|DELETE FROM|DROP TABLE|FROM read_parquet)\b"
    r"|\bCREATE (OR REPLACE )?(TEMP )?(TABLE|VIEW|MACRO)\b|\b(COPY|ATTACH) |\bUPDATE .* SET\b"
)
# Another module that holds some, and why: the list only gets shorter.
SQL_ELSEWHERE = {
    "expression/parse.py": "what an author wrote is parsed as the one column of a query, and never run",
}


TOURS = ("docs/en/how-it-works.md", "docs/zh/how-it-works.md")


@pytest.mark.parametrize("tour", TOURS)
def test_the_tour_names_every_folder_in_the_order_of_imports(tour):
    named = re.findall(r"^\| `src/gouji/([a-z_]+)` \|", (ROOT / tour).read_text("utf-8"), re.M)
    assert named == [name for name in ORDER if name != "__main__"]


def test_files_that_pages_name_are_there():
    lost = []
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        names = re.findall(r"`((?:[a-z_]+/)+[a-z_0-9]+\.py)`", page.read_text("utf-8"))
        lost += [
            f"{page.relative_to(ROOT)}: {name}"
            for name in names
            if not (ROOT / name).is_file() and not (SOURCE / name).is_file()
        ]
    assert lost == []


def test_the_glossary_names_what_the_code_has():
    code = "\n".join(path.read_text("utf-8") for path in MODULES)
    words = set(re.findall(r"\w+", code))
    rows = re.findall(
        r"^\| [^|]+ \| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.M
    )
    names = {
        w for row in rows for part in re.findall("`([^`]+)`", row) for w in re.findall(r"\w+", part)
    }
    assert names - words - {"schemas"} == set() and len(rows) > 50


def layer(path):
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def at_edge(path):
    """Whether a module may touch the world."""
    inside = path.relative_to(SOURCE).with_suffix("").parts
    return inside[0] in EDGES or "/".join(inside[:2]) in EDGES


def imports(path):
    """The full name of every module imported, at the top or in a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}:{node.lineno}: write the import from gouji on"
            yield from (
                (f"gouji.{name.name}" for name in node.names)
                if node.module == "gouji"
                else (node.module,)
            )
            if node.module == "gouji.base.lazy_import":
                # What stands for a package until it is used is that package.
                yield from (
                    name.name.replace("_", ".") for name in node.names if name.name != "names_of"
                )


def test_every_module_has_its_layer():
    assert {layer(p) for p in MODULES} - {"__init__"} == set(ORDER)


def test_imports_point_one_way():
    wrong = []
    for path in MODULES:
        if layer(path) == "__init__":
            continue
        for name in imports(path):
            parts = name.split(".")
            if (
                parts[0] == "gouji"
                and len(parts) > 1
                and ORDER.index(parts[1]) > ORDER.index(layer(path))
            ):
                wrong.append(f"{path.relative_to(SOURCE)} imports {name}")
    assert wrong == []


def foreign():
    """(package, module that it imports, name) of every import of another package of gouji."""
    modules = {
        ".".join(("gouji", *p.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
        for p in MODULES
    }
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    module = whole if whole in modules else node.module
                    if module.startswith("gouji.") and module.split(".")[1] != layer(path):
                        yield layer(path), module


def test_packages_know_few_others():
    # 186 before there was an inside and an outside.
    pairs = {(package, module.split(".")[1]) for package, module in foreign()}
    assert len(pairs) <= 115, sorted(pairs)


def test_nothing_reaches_into_another_package():
    inner = {
        f"{package} imports {module}"
        for package, module in foreign()
        if len(module.split(".")) > 3 or module.split(".")[-1].startswith("_")
    }
    assert inner == set()


def test_few_modules_are_public():
    public = {module for _, module in foreign()}
    assert len(public) <= 60, sorted(public)


def test_only_the_doors_touch_the_world():
    wrong = [
        f"{p.relative_to(SOURCE)} imports {name}"
        for p in MODULES
        if not at_edge(p)
        for name in imports(p)
        if name.split(".")[0] in WORLD
    ]
    assert wrong == []


# What is done in one place alone: the only module that may say these words, by what it is.
ONE_PLACE = {
    "base/digest.py": (r"\bhashlib\b",),
    "base/database.py": (r"\bduckdb\.connect\(",),
    "base/sql_names.py": (r"""replace\((?:"'", "''"|'"', '""')\)""",),
    "base/files.py": (r"\bos\.(replace|rename)\(", r"\.part\"", r"\bmkstemp\("),
    "base/workers.py": (
        r"\bmultiprocessing\b",
        r"\bProcessPoolExecutor\b",
        r"\bsubprocess\.Popen\b",
    ),
    "app/codec.py": (r"\bpickle\b",),
}


@pytest.mark.parametrize("place", ONE_PLACE)
def test_small_machinery_stands_in_one_place(place):
    words = re.compile("|".join(ONE_PLACE[place]))
    assert (SOURCE / place).is_file()
    elsewhere = [
        f"{path.relative_to(SOURCE)}: {found[0]}"
        for path in MODULES
        if path != SOURCE / place and (found := words.search(path.read_text("utf-8")))
    ]
    assert elsewhere == []


def test_nothing_else_opens_prints_or_evaluates():
    wrong = [
        f"{p.relative_to(SOURCE)}:{n.lineno} calls {n.func.id}"
        for p in MODULES
        for n in ast.walk(ast.parse(p.read_text("utf-8")))
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Name)
        and (
            n.func.id in ("eval", "exec", "compile", "__import__")
            or (n.func.id in ("open", "print", "input") and not at_edge(p))
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_modules_fit_in_a_head(path):
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)), "the first line says what comes in and what goes out"
    assert len(text.splitlines()) <= LINES_AT_MOST


def test_functions_fit_in_a_head():
    counted = sorted(
        (count, f"{path.relative_to(SOURCE)}: {name}")
        for path in MODULES
        for name, count in tokens_of_functions(path.read_text("utf-8"))
    )
    assert {place for count, place in counted if count > LONG_FUNCTION} == set(LONG_FUNCTIONS)
    assert len(LONG_FUNCTIONS) <= 10 and all(LONG_FUNCTIONS.values())
    assert counted[int(len(counted) * 0.9)][0] <= P90, "nine functions of ten"


def shared(names):
    """How many names stand in several modules."""
    return sorted(name for name, modules in names.items() if len(modules) > 1)


def test_names_say_one_thing():
    types, modules = {}, {}
    for path in MODULES:
        if path.stem not in ("__init__", "__main__"):
            modules.setdefault(path.stem, []).append(path)
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                types.setdefault(node.name, []).append(path)
    assert len(shared(types)) <= SHARED_TYPES, shared(types)
    assert len(shared(modules)) <= SHARED_MODULES, shared(modules)


def texts_of(tree):
    """Every text in a module that is no docstring."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_sql_as_text_stands_in_its_places():
    found = {
        name
        for path in MODULES
        if not SQL_PLACES.fullmatch(name := path.relative_to(SOURCE).as_posix())
        and not name.startswith(("plan/", "results/"))
        and any(SQL_WORDS.search(text) for text in texts_of(ast.parse(path.read_text("utf-8"))))
    }
    assert found <= SQL_ELSEWHERE.keys(), (
        "write SQL where its name says so; shorten the list where one is clean"
    )


# No statement, but what an author wrote, shortened for a message.
NO_STATEMENTS = {("expression/parse.py", "_shown")}
PRINTING = "from gouji.plan.engine.printing import printed\n"
PLANTED = {
    "replaced": "printed(tree).replace('a', 'b')",
    "replaced in a plan": "plan.usual.replace(quoted(FIGURES), quoted(WHOLE))",
    "cut off": "plan.sql().removeprefix(head)",
    "a slice": "tree.sql('duckdb')[7:]",
    "a pattern": "re.sub('a', 'b', plan.judged)",
    "a compiled pattern": "WORD.sub('b', printed(tree))",
    "something behind": "printed(tree) + ' LIMIT 1'",
    "something behind in a text": "f'{plan.judged} LIMIT 1'",
    "columns before it": "f'SELECT 1, {plan.figures}'",
    "filled in": "grouping.sql() % 3",
    "by a name": "made = printed(tree)\nmade.split(' FROM ')",
    "by a name of several": "made, other = printed(tree), 1\nmade += ' LIMIT 1'",
    "by a name in a condition": "if made := plan.sql():\n    made.strip()",
    "one of two": "(plan.usual if brief else '').replace('a', 'b')",
}
LEFT_WHOLE = {
    "made a table": "con.execute(f'CREATE TABLE {name} AS {plan.figures}')",
    "put into a table": "con.execute(f'INSERT INTO {name} {grouping.sql(test)}')",
    "a query below": "f'SELECT * FROM ({printed(tree)}) LIMIT 1'",
    "behind names": "f'WITH {names} {plan.judged}'",
    "another text": "text.replace('a', 'b') + other[3:]",
    "a relation": "con.sql(query).fetchall()",
}


@pytest.mark.parametrize("body", PLANTED.values(), ids=PLANTED)
def test_an_edit_of_a_statement_is_found(body):
    assert edits(PRINTING + body)
    inside = "def f():\n    " + body.replace("\n", "\n    ")
    assert [place for _line, place in edits(PRINTING + inside)] == ["f"]


@pytest.mark.parametrize("body", LEFT_WHOLE.values(), ids=LEFT_WHOLE)
def test_a_whole_statement_may_be_put_into_another(body):
    assert edits(PRINTING + body) == []


def test_no_sql_is_edited_after_printing():
    found = {
        (name, place): line
        for path in MODULES
        if not (name := path.relative_to(SOURCE).as_posix()).startswith("plan/engine/")
        for line, place in edits(path.read_text("utf-8"))
    }
    assert found.keys() <= NO_STATEMENTS, found


def test_public_names_have_docstrings():
    bare = []
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if (
                isinstance(node, (ast.FunctionDef, ast.ClassDef))
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                bare.append(f"{path.relative_to(SOURCE)}:{node.name}")
    assert bare == []


SCRIPTS = sorted((*(ROOT / "benchmarks").glob("*.py"), *(ROOT / "tools").glob("*.py")))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_take_names_that_there_are(path):
    """No other test runs the benchmarks: what they import must still be there."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "gouji":
            for alias in node.names:
                try:
                    found = hasattr(import_module(node.module), alias.name) or import_module(
                        f"{node.module}.{alias.name}"
                    )
                except ModuleNotFoundError:
                    found = None
                assert found, f"line {node.lineno}: no {alias.name} in {node.module}"


def test_the_program_knows_no_indicator_by_name():
    named = ("预算调整率", "固定资产在用率", "在职人员控制率", "预算完成率", "安宁")
    assert [
        f"{p.name}: {word}" for p in MODULES for word in named if word in p.read_text("utf-8")
    ] == []
