"""Names with characters that command a terminal or turn a line around: no command prints one, every file is written and can be read."""

import json
import re
import zipfile
from io import BytesIO

import pytest
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from gouji.cli import main
from nights import book_of, submit, workspace, write

NAMES = (
    "\x1b[31m红\x1b[0m",
    "甲\u202e乙",
    "甲\u2028门禁：开",
    "甲\x9b31m",
    "\u2066甲\u2069",
    "a\x01\x07b",
    "甲\u061c乙",
)
LINES = ("甲\n门禁：开", "甲\r\n::error::x")
# All but tab, line feed and carriage return.
COMMANDS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)


def texts(name, content):
    """The texts in a file: of a workbook or a document all its parts."""
    if name.endswith((".xlsx", ".docx")):
        with zipfile.ZipFile(BytesIO(content)) as parts:
            return [
                parts.read(n).decode() for n in parts.namelist() if n.endswith((".xml", ".vml"))
            ]
    return [content.decode("utf-8")]


ROW = """
kind: each_row
code: T04
name: 每个项目至少十万元
basis: {document: 办法, clause: 第一条, status: printed}
table: 明细
check: 明细.金额 >= 100000
severity: 错误
"""


def cell(text):
    return '"' + text.replace('"', '""') + '"'


def filed(root, name, said, kind):
    """A submission of a unit whose name, and whose projects' names, are hostile."""
    folder = submit(root, name, title=cell(said), left="4.00")
    write(
        folder,
        "明细",
        "单位代码,年度,项目,金额",
        [(name, 2023, cell(f"{said}{i}"), part) for i, part in enumerate(("90.00", "7.00"))],
    )
    if kind == "xlsx":
        book_of(folder, f"{name}.xlsx")
    return folder


@pytest.fixture(scope="module")
def bureau(tmp_path_factory):
    root = workspace(tmp_path_factory.mktemp("hostile") / "w")
    (root / "book/t04.yaml").write_text(ROW.lstrip(), "utf-8")
    for i, said in enumerate((*NAMES, *LINES)):
        filed(root, f"C{i}", said, "csv")
        # openpyxl writes no control characters into the workbooks of units.
        if not ILLEGAL_CHARACTERS_RE.search(said):
            filed(root, f"X{i}", said, "xlsx")
    return root


def commands(root, out):
    """Commands that say something about units: what is shown, and what is written into `out`."""
    about = ["--rules", str(root / "book"), "--schemas", str(root / "schemas")]
    at = ["--workspace", str(root)]
    yield ["night", str(root)]
    yield ["night", str(root)]
    for form in ("text", "summary", "json"):
        yield ["audit", str(root / "submissions/C0"), *about, "--format", form]
    forms = ("html", "xlsx", "docx", "csv", "json", "text", "junit", "sarif", "jsonl", "github")
    for form in (*forms, "gitlab", "prometheus"):
        yield ["report", "latest", *at, "--format", form, "--out", str(out / form)]
    for folder in sorted((root / "submissions").iterdir()):
        yield ["forms", "return", str(folder), "--all", *about, "--out", str(out / folder.name)]
    yield ["explain", "T04", "--data", str(root / "submissions/C0"), *about]
    said = ["--author", LINES[0], "--reason", "".join(NAMES)]
    yield ["waiver", "add", "C0", "T04", *said, *at]
    yield ["waiver", "list", *at]
    yield ["waiver", "form", "--out", str(out / "form.xlsx"), *at]
    yield ["baseline", "set", *said, *at]
    yield ["baseline", "show", *at]
    yield ["runs", "list", str(root)]
    yield ["runs", "compare", "1", "2", *at]


def test_nothing_that_is_shown_or_written_commands_a_reader(bureau, tmp_path, capsys):
    for command in commands(bureau, tmp_path):
        code = main(command)
        shown = capsys.readouterr()
        assert code in (0, 1, 3), (command, shown.err)
        assert COMMANDS.search(shown.out + shown.err) is None, command
        if "json" not in command:
            assert "\n门禁：开" not in shown.out.replace("\n门禁：开\n", "", 1), command
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 40
    for path in files:
        for text in texts(path.name, path.read_bytes()):
            # The library of the page has texts of its own.
            bare = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
            found = COMMANDS.search(bare)
            assert found is None, (path, bare[max(0, found.start() - 40) : found.end() + 40])


def test_json_keeps_the_names_as_they_are(bureau, tmp_path):
    main(["night", str(bureau)])
    main(
        ["report", "latest", "--workspace", str(bureau), "--format", "json", "--out", str(tmp_path)]
    )
    cards = json.loads((tmp_path / "report.json").read_text("utf-8"))["cards"]
    assert {c["name"] for c in cards if c["unit"].startswith("C")} >= set(NAMES)
