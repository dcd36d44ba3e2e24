"""What was read of a file, shown on the page of its unit."""

import openpyxl
import pytest

from elsewhere import OWNER, PLACES, write
from gouji.app import read_forms
from gouji.cli import main
from gouji.intake import State


def reported(folder, *more):
    """The unit's page, and the pictures of its files."""
    out = folder.parent / "html"
    assert main(["report", str(folder), "--rules", "final-accounts", "--out", str(out), *more]) == 0
    units = out / "units"
    return (units / "unit-U001.html").read_text("utf-8"), units


@pytest.fixture
def sent(tmp_path):
    folder = tmp_path / "sent"
    folder.mkdir()
    write(PLACES[0], folder / "U001 决算.xlsx")
    return folder


@pytest.mark.parametrize("more", [(), ("--unit", "U001")], ids=["a county", "one unit"])
def test_the_page_of_a_unit_leads_to_what_was_read_of_its_files(sent, more):
    page, units = reported(sent, *more)
    assert 'href="read-001.html"' in page and "U001 决算.xlsx" in page
    picture = (units / "read-001.html").read_text("utf-8")
    assert 'href="unit-U001.html"' in picture and OWNER in picture
    assert 'class="r-read"' in picture and "收入支出决算表" in picture


def test_a_run_says_where_its_files_lie_or_shows_none(sent, tmp_path):
    run = tmp_path / "run"
    assert main(["audit", str(sent), "--rules", "final-accounts", "--out", str(run)]) in (0, 1)
    page, units = reported(run)
    assert "read-001.html" not in page and not (units / "read-001.html").exists()
    page, units = reported(run, "--data", str(sent))
    assert "read-001.html" in page and (units / "read-001.html").exists()


def test_a_file_that_is_another_one_by_now_is_not_shown(sent, tmp_path):
    run = tmp_path / "run"
    assert main(["audit", str(sent), "--rules", "final-accounts", "--out", str(run)]) in (0, 1)
    write(PLACES[1], sent / "U001 决算.xlsx")
    page, _units = reported(run, "--data", str(sent))
    assert "read-001.html" not in page


def test_the_parts_of_a_code_are_read(tmp_path):
    """类, 款, 项 in a column each: the picture shows all three as read."""
    write(PLACES[1], tmp_path / "a.xlsx", naming="titles")
    (picture,) = read_forms(tmp_path / "a.xlsx", "final-accounts")
    (sheet,) = [s for s in picture.sheets if s.tables == ("支出决算表",)]
    parts = {cell.text: cell.state for cell in sheet.cells if cell.text in ("212", "01", "99")}
    assert parts == dict.fromkeys(("212", "01", "99"), State.READ)


def test_a_unit_known_by_its_name_alone(sent, tmp_path):
    """No cover: the line 部门 and the expected list say whose it is."""
    book = openpyxl.load_workbook(sent / "U001 决算.xlsx")
    del book["封面"]
    book.save(sent / "决算.xlsx")
    (sent / "U001 决算.xlsx").unlink()
    lines = ["单位代码,年度,单位名称", f"U001,2023,{OWNER}"]
    (sent / "应报清单.csv").write_text("\n".join(lines), "utf-8")
    page, _units = reported(sent)
    assert 'href="read-001.html"' in page
