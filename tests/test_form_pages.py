"""docs/forms.md does what it says, step by step; the catalogues are what the rule files give."""

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
import yaml

from gouji import cli
from gouji.app import audit, load_book
from gouji.explain.rule_catalogue import MEMORY, catalogue

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "forms.md").read_text("utf-8")
HEAD = "book: mine\ntitle: 路灯\nauthority: 城管局\nfiscal_year: 2023\n"
CELLS = {"东街": (100, 120, 1.2), "西街": (50, 130, 0.56)}


@pytest.fixture
def lamps(tmp_path):
    """The files of the first steps: a folder of table descriptions with the form, a rulebook with the rule."""
    form, rule = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)[:2]
    shutil.copytree(ROOT / "schemas", tmp_path / "myschemas")
    (tmp_path / "myschemas" / "lamps.yaml").write_text(form, "utf-8")
    (tmp_path / "mybook").mkdir()
    (tmp_path / "mybook" / "book.yaml").write_text(HEAD, "utf-8")
    (tmp_path / "mybook" / "x01.yaml").write_text(rule, "utf-8")
    return tmp_path


def commands():
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)
        for line in block.splitlines()
    ]


def run(line, monkeypatch, folder):
    monkeypatch.chdir(folder)
    return cli.main(line.removeprefix("gouji ").split())


def fill(path):
    """What a unit types: by the labels of the blank form."""
    book = openpyxl.load_workbook(path)
    cover, sheet = book["封面"], book["路灯情况"]
    for row in cover.iter_rows():
        for cell in row:
            typed = {
                "单位代码": "U001",
                "年度": 2023,
                "单位全称": "路灯所",
                "单位名称": "路灯所",
            }.get(str(cell.value).rstrip(":："))
            if typed is not None:
                cover.cell(cell.row, cell.column + 1).value = typed
    header = {
        cell.value: (cell.row, cell.column)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value
    }
    below = max(row for label, (row, _c) in header.items() if "盏数" in label)
    for number, (street, figures) in enumerate(CELLS.items(), 1):
        for label, value in zip(
            ("街道", "盏数", "每盏电费", "电费"), (street, *figures), strict=True
        ):
            sheet.cell(
                below + number,
                next(
                    c for told, (_r, c) in header.items() if re.sub(r"[（(].*", "", told) == label
                ),
            ).value = value
    book.save(path)


def test_the_form_is_added_by_files_alone(lamps, monkeypatch):
    template, check, *_draft = commands()
    assert run("test mybook --schemas myschemas", monkeypatch, lamps) == 0
    assert run(template, monkeypatch, lamps) == 0
    fill(lamps / "路灯情况表.xlsx")
    assert run(check, monkeypatch, lamps) == 1
    made = audit(lamps / "路灯情况表.xlsx", lamps / "mybook", lamps / "myschemas")
    assert made.submission.problems == []
    (found,) = made.scorecards[0].findings
    assert (made.scorecards[0].name, found.rule.code) == ("路灯所", "X01")
    from gouji.intake.ledger.unit_figures import unit_figures
    from gouji.report.unit.spots import spot_rows
    from gouji.report.unit.working import WorkingTeller

    teller = WorkingTeller(
        made.book,
        made.submission,
        unit_figures(made.submission, made.book.tables, "U001", 2023),
        "U001",
    )
    (spot,) = spot_rows(teller, made.book.table_rules[0])
    assert spot.row == "西街" and all("路灯情况表.xlsx/路灯情况/" in place for place in spot.places)


def test_an_old_label_goes_on_being_read(lamps, monkeypatch):
    """The first line of the table of changes: another label this year, the old one as an alias."""
    template, check, *_draft = commands()
    assert run(template, monkeypatch, lamps) == 0
    fill(lamps / "路灯情况表.xlsx")
    path = lamps / "myschemas" / "lamps.yaml"
    text = path.read_text("utf-8")
    assert "label: 路灯·电费," in text
    path.write_text(
        text.replace("label: 路灯·电费,", "label: 路灯·照明电费, aliases: [电费],"), "utf-8"
    )
    assert run(check, monkeypatch, lamps) == 1


BOOKS = ("anning-2023", "final-accounts", "shicheng-rivers-2018")


@pytest.mark.parametrize("name", BOOKS)
def test_catalogues_are_what_the_rule_files_give(name, capsys):
    """Made anew by `gouji rules list BOOK --format markdown > docs/catalogue-BOOK.md`."""
    page = (ROOT / "docs" / f"catalogue-{name}.md").read_text("utf-8")
    assert cli.main(["rules", "list", name, "--format", "markdown"]) == 0
    assert capsys.readouterr().out == page


@pytest.mark.parametrize("name", BOOKS)
def test_catalogues_hold_every_rule_once(name):
    book, page = load_book(name), catalogue(load_book(name))
    own = {
        yaml.safe_load(p.read_text("utf-8"))["code"]
        for p in (ROOT / "rules" / name).rglob("*.yaml")
        if p.name not in ("book.yaml", "locate.yaml", "defaults.yaml") and p.parent.name != "text"
    }
    rows = [
        line.split(" | ")[0].removeprefix("| ")
        for line in page.splitlines()
        if re.match(r"\| [A-Z]", line)
    ]
    assert sorted(rows) == sorted(own)
    from_memory = [
        r.code for r in book.rules if r.code in own and MEMORY in (r.rule.basis.note or "")
    ]
    assert page.count("凭记忆，待财政局确认") == len(from_memory)
