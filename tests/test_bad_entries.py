"""Nights over whatever may lie in the folder: what is good is judged, what is bad shuts the gate and is named; taken away, the gate opens again."""

import io
import os
import shutil
import socket
import stat
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from docx import Document
from reportlab.pdfgen.canvas import Canvas

from gouji.app.replaying import replay
from gouji.app.run_night import night
from gouji.base.faults import EngineError
from gouji.cli import Exit, main
from gouji.intake import receive_many as several
from gouji.intake.files import entries, table_csv, tabular
from gouji.intake.workbooks.extract import Extractor
from gouji.results.store import read_table
from gouji.runs.workspace import Workspace, inbox
from nights import CONFIG, book_of, submit, workspace

DENIED = PermissionError(13, "Permission denied")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GBK = "县本级".encode("gbk")


@pytest.fixture(scope="module")
def bureau(tmp_path_factory):
    """Two good units, and a third beside whose files something will lie."""
    root = workspace(tmp_path_factory.mktemp("bureau"), A={"kind": "xlsx"}, B={}, C={})
    assert night(root).gate.state == "open"
    return root


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    """The bytes of a good workbook of one unit."""
    made = submit(tmp_path_factory.mktemp("sheet"), "Z9")
    book_of(made, "Z9.xlsx")
    return (made / "Z9.xlsx").read_bytes()


def put(name, content=b"x", made=lambda path: None):
    """A file below the submission of C."""

    def spoil(at, sheet, _patch):
        path = at / "C" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sheet if content is None else content)
        made(path)
        return f"C/{name}"

    return spoil


def top(name, content=b"x"):
    """The same, its own submission."""

    def spoil(at, sheet, _patch):
        (at / name).write_bytes(sheet if content is None else content)
        return name

    return spoil


def special(name, make):
    """Something that is no plain file."""

    def spoil(at, _sheet, _patch):
        make(at / "C" / name)
        return f"C/{name}"

    return spoil


def packed(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return made.getvalue()


def listening(path):
    # The name of a socket may be a hundred signs long.
    here, own = Path.cwd(), socket.socket(socket.AF_UNIX)
    os.chdir(path.parent)
    try:
        own.bind(path.name)
    finally:
        os.chdir(here)
        own.close()


def device(path):
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 7))
    except PermissionError:
        pytest.skip("only root may make a device")


def truncated(at, sheet, _patch):
    (at / "Z9.xlsx").write_bytes(sheet[: len(sheet) // 2])
    return "Z9.xlsx"


def locked(at, sheet, _patch):
    raw = bytearray(sheet)
    start = 0
    while (start := raw.find(b"PK\1\2", start)) >= 0:
        raw[start + 8] |= 1
        start += 4
    (at / "Z9.xlsx").write_bytes(bytes(raw))
    return "Z9.xlsx"


def nobody(at, sheet, _patch):
    """A workbook that does not say whose it is."""
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    for own in book.worksheets:
        own["A1"].value = "代码"
    book.save(at / "C/谁的.xlsx")
    return "C/谁的.xlsx"


def again(at, sheet, _patch):
    """A second workbook of a unit that filed already."""
    book = openpyxl.load_workbook(io.BytesIO((at / "A/A.xlsx").read_bytes()))
    book["决算"]["E2"].value = "9.00"
    (at / "D").mkdir()
    book.save(at / "D/A.xlsx")
    return "D/A.xlsx"


def link(name, to):
    def spoil(at, sheet, _patch):
        (at / "C" / name).symlink_to(to if to.startswith("/") else at / to)
        return f"C/{name}"

    return spoil


def shut(of, error=DENIED):
    """A folder or file that the one who runs nights may not look into."""

    def spoil(at, _sheet, patch):
        folder_ = at / "C/科室"
        folder_.mkdir()
        (folder_ / "单位.txt").write_text("x")
        if of == "folder":
            real = os.scandir
            patch.setattr(
                entries.os,
                "scandir",
                lambda path: (
                    (_ for _ in ()).throw(error) if str(path).endswith("科室") else real(path)
                ),
            )
            return "C/科室"
        real_open = os.open
        name = "决算.csv" if of == "file" else "单位.csv"

        def refuse(path, *more, **given):
            if str(path).endswith(f"C/{name}"):
                raise error
            return real_open(path, *more, **given)

        patch.setattr(inbox.os, "open", refuse)
        return f"C/{name}"

    return spoil


def really_shut(at, _sheet, _patch):
    if os.geteuid() == 0:
        pytest.skip("root may look into every folder")
    (at / "C/科室").mkdir(mode=0)
    return "C/科室"


def in_files(change):
    """Every table of C, changed."""

    def spoil(at, _sheet, _patch):
        for path in (at / "C").glob("*.csv"):
            path.write_text(change(path.read_text("utf-8")), "utf-8")
        return "C"

    return spoil


def without_units(at, _sheet, _patch):
    (at / "C/单位.csv").unlink()
    return "C"


def in_a_database(year, listed):
    """Its own submission, of a unit that the list of units has, or has not, or of another year."""

    def spoil(at, _sheet, _patch):
        with duckdb.connect(str(at / "Z.duckdb")) as con:
            con.execute(
                f'CREATE TABLE "决算" AS SELECT \'Z\' AS "单位代码", {year} AS "年度", \'1.00\' AS "收入"'
            )
            if listed:
                con.execute(
                    f'CREATE TABLE "单位" AS SELECT \'Z\' AS "单位代码", {year} AS "年度", \'丁\' AS "单位名称"'
                )
        return "Z.duckdb"

    return spoil


def large(at, _sheet, patch):
    patch.setattr(inbox, "AT_MOST", 1 << 20)
    (at / "C/附表.xlsx").write_bytes(bytes((1 << 20) + 1))
    return "C/附表.xlsx"


def gone(at, sheet, patch):
    """There when the night begins, away when it is read."""
    (at / "C/附表.xlsx").write_bytes(sheet)
    real = inbox.read_plain
    patch.setattr(
        inbox,
        "read_plain",
        lambda path: "文件读不了：No such file" if path.name == "附表.xlsx" else real(path),
    )
    return "C/附表.xlsx"


def stumbled(at, sheet, patch):
    """A workbook over which gouji itself stumbles."""
    (at / "Z9.xlsx").write_bytes(sheet)
    real = Extractor.take
    patch.setattr(
        Extractor, "take", lambda self, book: [][0] if book.name == "Z9.xlsx" else real(self, book)
    )
    return "Z9.xlsx"


def at_odds(at, sheet, patch):
    """A workbook of which gouji's two checks say different things."""
    (at / "Z9.xlsx").write_bytes(sheet)
    real = several.run_gate

    def gate(con, table, whole):
        if table.table == "决算" and any(p.startswith("Z9.xlsx") for p in whole.digests):
            raise EngineError("Pandera 与行级检查的结论不同")
        return real(con, table, whole)

    patch.setattr(several, "run_gate", gate)
    return "Z9.xlsx"


def stumbled_rows(at, _sheet, patch):
    real = table_csv.TableFile.read
    patch.setattr(
        table_csv.TableFile,
        "read",
        lambda self, text: {}["x"] if self.name == "C/明细.csv" else real(self, text),
    )
    (at / "C/明细.csv").write_text((at / "C/明细.csv").read_text("utf-8") + "\n", "utf-8")
    return "C/明细.csv"


def stumbled_columns(at, _sheet, patch):
    pq.write_table(pa.table({"单位代码": ["C"]}), at / "C/明细.parquet")
    real = tabular._parquet
    patch.setattr(
        tabular,
        "_parquet",
        lambda path, *more: [][0] if path.name == "明细.parquet" else real(path, *more),
    )
    return "C/明细.parquet"


def database(at, _sheet, _patch):
    with duckdb.connect(str(at / "C/别的.duckdb")) as con:
        con.execute("CREATE TABLE 别的表 (x INTEGER)")
    return "C/别的.duckdb"


def columns(at, _sheet, _patch):
    pq.write_table(pa.table({"x": [1]}), at / "C/别的.parquet")
    return "C/别的.parquet"


def raw_name(name, content):
    """A file whose name is no UTF-8."""

    def spoil(at, sheet, _patch):
        with open(os.fsencode(at / "C") + b"/" + name, "wb") as file:
            file.write(sheet if content is None else content)
        return f"C/{entries.shown(os.fsdecode(name))}"

    return spoil


def raw_folder(at, _sheet, _patch):
    os.mkdir(os.fsencode(at) + b"/" + GBK)
    return "县本级"


def only(name, content=b"x"):
    """A submission that holds nothing else."""

    def spoil(at, _sheet, _patch):
        (at / "X029").mkdir()
        (at / "X029" / name).write_bytes(content)
        return f"X029/{name}"

    return spoil


def empty(at, _sheet, _patch):
    (at / "X029").mkdir()
    return "X029"


def unpacked(at, sheet, _patch):
    """A workbook that somebody unpacked."""
    with zipfile.ZipFile(io.BytesIO(sheet)) as file:
        file.extractall(at / "X029.xlsx")
    return "X029.xlsx"


HTML = b"<html><body><table><tr><td>1</td></tr></table></body></html>"
XML = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
WPS, MORE = (
    ("et", "wps", "ett"),
    (
        "xlsb",
        "ods",
        "numbers",
        "xltx",
        "zip",
        "rar",
        "7z",
        "tar.gz",
        "mdb",
        "dbf",
        "tsv",
        "json",
        "sqlite",
        "bak",
        "tmp",
        "lnk",
    ),
)
BAD = {
    **{f".{s} beside its files": put(f"X029.{s}") for s in (*WPS, *MORE)},
    ".et as a submission": top("X029.et"),
    ".zip as a submission": top("X029.zip"),
    ".pdf as a submission": top("X029.pdf"),
    ".docx and nothing else": only("X029.docx"),
    "notes and nothing else": only("说明.txt"),
    "what macOS leaves and nothing else": lambda at, sheet, patch: only(".DS_Store")(
        at, sheet, patch
    ).partition("/")[0],
    "a folder with nothing": empty,
    "a workbook not yet sent whole": put("X029.xlsx.part", None),
    "a workbook called .bak": put("X029.bak", None),
    "a workbook without suffix": put("X029", None),
    "a text without suffix": put("X029"),
    "a suffix nobody knows": put("X029.xyz"),
    "a workbook called .pdf": put("X029.pdf", None),
    "a workbook called .docx": put("X029.docx", None),
    "a workbook of old called .dat": put("X029.dat", OLD),
    "an old workbook called .pdf": put("X029.pdf", OLD),
    "Parquet called .txt": put("X029.txt", b"PAR1 and more"),
    "XML that is a sheet": put("X029.xml", XML),
    "an .xlsx of nothing": put("X029.xlsx", b""),
    "an .xls that is HTML": put("X029.xls", HTML),
    "an .xls that is text": put("X029.xls", "单位代码,年度\n".encode()),
    "an .xlsx that is a PDF": put("X029.xlsx", b"%PDF-1.7 x"),
    "an .xlsx that is another package": put("X029.xlsx", packed(**{"a.txt": "x"})),
    "an .xlsx under a password": put(
        "X029.xlsx", OLD + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    ),
    "half a workbook": truncated,
    "a workbook with locked parts": locked,
    "a workbook of nobody": nobody,
    "a unit that files twice": again,
    "a link to nowhere": link("X029.xlsx", "/nowhere/at/all"),
    "a link to a file": link("X029.xlsx", "A/A.xlsx"),
    "a link to a folder": link("科室", "A"),
    "a link to a table": link("决算2.csv", "B/决算.csv"),
    "a pipe called .xlsx": special("X029.xlsx", os.mkfifo),
    "a pipe called .parquet": special("单位.parquet", os.mkfifo),
    "a pipe": special("X029", os.mkfifo),
    "a socket": special("X029.csv", listening),
    "a device": special("X029.xlsx", device),
    "a folder called .xlsx": special("X029.xlsx", os.mkdir),
    "a folder called .duckdb": special("X029.duckdb", os.mkdir),
    "a folder called .csv": special("X029.csv", os.mkdir),
    "a folder called .parquet": special("单位.parquet", os.mkdir),
    "an unpacked workbook": unpacked,
    "a folder that nobody may look into": shut("folder"),
    "a folder on a disk that fails": shut("folder", OSError(5, "Input/output error")),
    "a table that nobody may read": shut("file"),
    "a table on a disk that fails": shut("another file", OSError(5, "Input/output error")),
    "a folder that is really shut": really_shut,
    "a file that is too large": large,
    "a file that goes meanwhile": gone,
    "a table in a folder below": put("科室/决算.csv", "单位代码\n".encode()),
    "Parquet in a folder below": put("科室/决算.parquet"),
    ".et deep below": put("/".join("abcdefghij") + "/X029.et"),
    "a database in a folder below": put("科室/x.duckdb"),
    "a hidden workbook": put(".X029.xlsx", None),
    "a workbook called as a lock is": put("~$X029.xlsx", None),
    "a workbook in __MACOSX": put("__MACOSX/X029.xlsx", None),
    "a workbook in a hidden folder": put(".科室/X029.xlsx", None),
    "a hidden submission": top(".X029.xlsx", None),
    "a table that is no text": put("明细.csv", b"\xff\xfe\x00\xff" * 9),
    "a table that nobody knows": put("别的.csv", b"x\n1\n"),
    "Parquet that is none": put("明细.parquet", b"PAR1"),
    "Parquet of no table of ours": columns,
    "a database that is none": put("x.duckdb"),
    "a mail": put("X029.eml", b"From: x\n"),
    "a mail of Outlook": put("X029.msg", OLD),
    "a page of the web in one file": put("X029.mht", b"MIME-Version: 1.0\n"),
    "dataset.yaml in capitals": put("DATASET.YAML", b"title: x\n"),
    "dataset.yml": put("dataset.yml", b"title: x\n"),
    "two workbooks in a row": lambda at, sheet, patch: top("X029.xlsx", sheet + sheet)(
        at, sheet, patch
    ),
    "a workbook behind something else": lambda at, sheet, patch: top(
        "X029.xlsx", bytes(512) + sheet
    )(at, sheet, patch),
    "a database of another make": put("x.db", b"SQLite format 3\0"),
    "a database without our tables": database,
    "dataset.yaml with a list of tables": put("dataset.yaml", b"tables: [1]\n"),
    "dataset.yaml that is a list": put("dataset.yaml", b"[1]\n"),
    "dataset.yaml with a title of many": put("dataset.yaml", b"title: {a: 1}\n"),
    "dataset.yaml in another encoding": put("dataset.yaml", "title: 县本级\n".encode("gbk")),
    "dataset.yaml that is no YAML": put("dataset.yaml", b"title: [\n"),
    "dataset.yaml with a unit nobody knows": put(
        "dataset.yaml", "tables: {决算: {unit: 两}}\n".encode()
    ),
    "dataset.yaml with places in words": put(
        "dataset.yaml", "tables: {决算: {places: 二}}\n".encode()
    ),
    "a damaged workbook with a GBK name": raw_name(GBK + b".xlsx", b"PK\3\4"),
    ".et with a GBK name": raw_name(GBK + b".et", b"x"),
    "a name in no encoding": raw_name(b"\xff\x81\xff.zip", b"x"),
    "an empty folder with a GBK name": raw_folder,
    "tables without their unit": without_units,
    "tables of another year": in_files(lambda text: text.replace("2023", "2022")),
    "a database of a unit that is not listed": in_a_database(2023, False),
    "a database of another year": in_a_database(2022, True),
    "a workbook over which gouji stumbles": stumbled,
    "a workbook of which gouji's checks disagree": at_odds,
    "a table over which gouji stumbles": stumbled_rows,
    "Parquet over which gouji stumbles": stumbled_columns,
}


def settled(root):
    """As it was: the two good units and the third."""
    for path in (root / "submissions").iterdir():
        if path.name not in ("A", "B"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    submit(root, "C")


def latest(root):
    place = Workspace.at(root)
    return place.run_folder(place.numbers()[-1])


def test_there_are_many_kinds():
    assert len(BAD) >= 80


def digests(root):
    return [(a.name, a.digest) for a in inbox.scan(root / "submissions")]


@pytest.mark.parametrize("number, spoil", list(enumerate(BAD.values())), ids=BAD)
def test_a_bad_entry(bureau, sheet, number, spoil, monkeypatch):
    """One after another in one workspace: what is said about one kind is not told the night after, when there is another; every tenth time that night is held apart."""
    before = digests(bureau)
    try:
        name = spoil(bureau / "submissions", sheet, monkeypatch)
        assert main(["night", str(bureau)]) == Exit.FINDINGS
    finally:
        monkeypatch.undo()
        settled(bureau)
    run = latest(bureau)
    units = {c["unit"] for c in read_table(run, "scorecards")}
    assert {"A", "B"} - ({"A"} if spoil is again else set()) <= units
    problems = read_table(run, "problems")
    here = name.partition("/")[0]
    assert [p for p in problems if p["file"] == name or p["file"].startswith(f"{name}/")], problems
    assert {p["submission"] for p in problems} == ({here, "A"} if spoil is again else {here})
    assert all(p["what"] and p["mend"] for p in problems) and all(
        f["fate"] in ("read", "told", "listed") for f in read_table(run, "files")
    )
    assert (run / "gate.json").read_text("utf-8").count('"shut": true') >= 1
    assert digests(bureau) == before
    if number % 10 == 0 or number == len(BAD) - 1:
        assert main(["night", str(bureau)]) == Exit.CLEAN


def without_forms():
    """A docx and a PDF of text alone, by suffix."""
    text, page = io.BytesIO(), io.BytesIO()
    made = Document()
    made.add_paragraph("说明")
    made.save(text)
    canvas = Canvas(page)
    canvas.drawString(100, 700, "2023")
    canvas.save()
    return {".docx": text.getvalue(), ".pdf": page.getvalue()}


NO_FORMS = without_forms()


def listed_here(*names):
    """Files that nobody sent, or that are no forms."""

    def lay(at):
        for name in names:
            path = at / "C" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                NO_FORMS.get(path.suffix) or (b"\0\5\x16\7" if "._" in name else b"x" * 165)
            )
        return {f"C/{name}" for name in names}

    return lay


def beside(at):
    (at / ".DS_Store").write_bytes(b"x")
    (at / "Thumbs.db").write_bytes(OLD)
    (at / "__MACOSX").mkdir()
    (at / "__MACOSX/._A.xlsx").write_bytes(b"\0\5\x16\7")
    return {".DS_Store/.DS_Store", "Thumbs.db/Thumbs.db", "__MACOSX/._A.xlsx"}


def nothing_in_it(at):
    (at / "C/空的").mkdir()
    return {"C/空的"}


GOOD = {
    "what office programs and systems leave": listed_here(
        "~$X029.xlsx",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "__MACOSX/._X029.xlsx",
        ".~lock.X029.xlsx#",
    ),
    "attachments": listed_here(
        "说明.docx", "盖章.pdf", "说明.txt", "照片.jpg", "README.md", "旧的.doc"
    ),
    "the same at the top": beside,
    "an empty folder": nothing_in_it,
}


@pytest.mark.parametrize("lay", GOOD.values(), ids=GOOD)
def test_what_shuts_no_gate_is_listed(bureau, lay):
    try:
        names = lay(bureau / "submissions")
        assert main(["night", str(bureau)]) == Exit.CLEAN
        run = latest(bureau)
    finally:
        settled(bureau)
    assert {
        f"{f['submission']}/{f['file']}" for f in read_table(run, "files") if f["fate"] == "listed"
    } == names
    assert replay(run, bureau / "objects").differing == ()


def test_names_in_gbk_are_read(tmp_path, capsys):
    """As they come out of an archive packed on a Chinese Windows: read under the names they were given, in nights, replays and audits."""
    root = workspace(tmp_path, A={})
    there = root / "submissions"
    for name in ("甲局", "乙局"):
        book_of(submit(root, "U", title=name, unit=name), "U.xlsx")
        raw = name.encode("gbk")
        os.mkdir(os.fsencode(there) + b"/" + raw)
        os.rename(
            os.fsencode(there / "U/U.xlsx"), os.fsencode(there) + b"/" + raw + b"/" + raw + b".xlsx"
        )
    shutil.rmtree(there / "U")
    assert main(["night", str(root)]) == Exit.CLEAN
    run = latest(root)
    assert {c["unit"] for c in read_table(run, "scorecards")} == {"A", "甲局", "乙局"}
    assert ("甲局", "甲局.xlsx", "read") in {
        (f["submission"], f["file"], f["fate"]) for f in read_table(run, "files")
    }
    assert replay(run, root / "objects").differing == ()
    for form in ("text", "json", "summary"):
        assert main(
            [
                "audit",
                str(there),
                "--rules",
                str(root / "book"),
                "--schemas",
                str(root / "schemas"),
                "--format",
                form,
            ]
        ) in (Exit.CLEAN, Exit.FINDINGS)
        assert form == "text" or "\\ud" not in capsys.readouterr().out
    assert night(root).work.judged == []


def test_two_names_that_look_alike(tmp_path):
    root = workspace(tmp_path, CONFIG, A={}, B={})
    there = root / "submissions/B"
    (there / "县本级.et").write_bytes(b"one")
    Path(os.fsdecode(os.fsencode(there) + b"/" + GBK + b".et")).write_bytes(b"two")
    made = night(root)
    assert [p["file"] for p in read_table(made.folder, "problems")] == [
        "B/_县本级.et",
        "B/县本级.et",
    ]
    assert replay(made.folder, root / "objects").differing == ()


def test_a_dataset_says_what_is_not_sent(tmp_path):
    root = workspace(tmp_path, A={}, B={})
    there = root / "submissions/B"
    (there / "底稿").mkdir()
    shutil.copy(there / "决算.csv", there / "底稿/决算.csv")
    assert night(root).gate.state == "closed"
    (there / "dataset.yaml").write_text("beside: [底稿]\n", "utf-8")
    made = night(root)
    assert (
        made.gate.state == "open"
        and {f["file"]: f["fate"] for f in read_table(made.folder, "files")}["底稿/决算.csv"]
        == "listed"
    )
