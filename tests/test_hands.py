"""Workbooks read by several processes: the same comes out as from one, and no process that dies takes anything with it or is left behind."""

import os
import re
import signal
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from gouji.base import resources
from gouji.base.workers import Workers
from gouji.intake import receive
from gouji.intake.workbooks import worker as helper
from gouji.intake.workbooks import worker_pool as hands
from gouji.intake.workbooks.read_paths import WorkbookReader
from gouji.intake.workbooks.worker_pool import Hands, read_all
from gouji.run import connect
from test_workbooks import FEW, OLD, change_cell, few, told

COUNT = 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Units with other figures each, one workbook damaged, two alike, one with a fault in a cell, one without a line that the others have."""
    made = tmp_path_factory.mktemp("units")
    raw = few()
    for number in range(COUNT):
        (made / f"{number}.xlsx").write_bytes(
            few(change_cell("封面", "单位代码", f"U{number:03}"), seed=number + 1)
        )
    (made / "7.xlsx").write_bytes(raw[:3000])
    (made / "8.xlsx").write_bytes((made / "3.xlsx").read_bytes())
    (made / "5.xlsx").write_bytes(
        few(
            both(
                change_cell("封面", "单位代码", "U005"),
                change_cell("公开01表", "上级补助收入", "约12万"),
            )
        )
    )
    (made / "2.xlsx").write_bytes(
        few(both(change_cell("封面", "单位代码", "U002"), without("上级补助收入")))
    )
    return made


def both(*changes):
    def change(sheets, values):
        for one in changes:
            one(sheets, values)

    return change


def without(name):
    """The line of a form is not printed."""

    def change(sheets, values):
        for sheet in sheets:
            for (row, col), cell in list(sheet.inputs.items()):
                if sheet.name == "公开01表" and cell.column.name == name:
                    values.pop((sheet.name, row, col))
                    sheet.labels = {
                        at: text for at, text in sheet.labels.items() if at != (row, col - 1)
                    }

    return change


def everything(found):
    """All that was read, with its places."""
    rows = {
        (name, unit): found.held.rows(table, unit, 2023)
        for name, table in FEW.items()
        for unit in (f"U{n:03}" for n in range(COUNT))
        if name != "应报清单"
    }
    return (
        found.problems,
        found.digests,
        found.rows_in,
        found.rows_accepted,
        found.refused,
        found.explanations,
        rows,
    )


def read_by(monkeypatch, processes, folder, tick=None):
    monkeypatch.setenv("GOUJI_PROCESSES", str(processes))
    monkeypatch.setattr(hands, "MANY_FILES", 1)
    monkeypatch.setattr(hands, "CHUNK_FILES", 2)
    return receive(connect(), folder, FEW, tick)


def test_the_number_of_processes_changes_nothing(folder, monkeypatch):
    ticks = []
    one = everything(read_by(monkeypatch, 1, folder))
    several = everything(
        read_by(monkeypatch, 3, folder, lambda done, every: ticks.append((done, every)))
    )
    assert one == several and ticks == [(n, 9) for n in range(1, 10)]
    assert {p.at.file for p in one[0]} == {"2.xlsx", "5.xlsx", "7.xlsx", "8.xlsx"}


def test_what_a_workbook_gives_does_not_depend_on_those_before_it(folder, tmp_path, monkeypatch):
    """The line that an earlier workbook of the same form does not print is read from the later one."""
    for name, source in (("a", "2"), ("b", "4")):
        (tmp_path / f"{name}.xlsx").write_bytes((folder / f"{source}.xlsx").read_bytes())
    after = read_by(monkeypatch, 1, tmp_path).held.rows(FEW["收入支出决算表"], "U004", 2023)
    (tmp_path / "a.xlsx").unlink()
    alone = read_by(monkeypatch, 1, tmp_path).held.rows(FEW["收入支出决算表"], "U004", 2023)
    assert "上级补助收入" in alone[0].cells and after[0].cells == alone[0].cells


class Dying(WorkbookReader):
    """A reader whose helper is killed by one workbook, or stumbles over it."""

    def __reduce__(self):
        return Dying, (dict(self.tables), self.root, dict(self.names))

    def here(self, path, *, old_too=True):
        if self.apart is None and path.name == "1.xlsx":
            os.kill(os.getpid(), signal.SIGKILL)
        if path.name == "4.xlsx":
            raise KeyError("a fault of our own")
        return super().here(path, old_too=old_too)


def test_a_helper_that_is_killed_loses_nothing(folder):
    reading = Dying(FEW, folder, {})
    with Hands(reading, 1) as made:
        found = made._help([folder / f"{n}.xlsx" for n in range(3)]).books
    assert [(r.file, r.refused is not None) for r in found] == [
        ("0.xlsx", False),
        ("1.xlsx", True),
        ("2.xlsx", False),
    ]
    assert "意外结束" in found[1].refused[0] and found[2].unit == "U002"


def test_a_fault_of_our_own_stays_with_its_file(folder):
    """Whoever reads: the file over which gouji stumbles is refused, with a file to send; those beside it are read."""
    paths = [folder / "4.xlsx", folder / "0.xlsx"]
    with Hands(Dying(FEW, folder, {}), 1) as made:
        helped = made._help(paths)
        (here,) = made.read([paths])
    for found in (helped.books, here.books):
        assert [(b.file, b.unit, b.refused is not None) for b in found] == [
            ("4.xlsx", "", True),
            ("0.xlsx", "U000", False),
        ]
        what, fix = found[0].refused
        assert "没有料到的错（KeyError " in what and (kept := re.search(r"faults/(\S+\.txt)", fix))
        assert "KeyError: 'a fault of our own'" in (
            resources.cache_folder() / "faults" / kept[1]
        ).read_text("utf-8")


def test_without_helpers_everything_is_read_here(folder, monkeypatch):
    wanted = everything(read_by(monkeypatch, 1, folder))
    monkeypatch.setattr(sys, "executable", str(folder / "none"))
    assert everything(read_by(monkeypatch, 3, folder)) == wanted


def test_no_process_is_left_behind(folder, monkeypatch):
    """Whatever ends the reading: a stop on the way, as Ctrl-C, or its end."""
    started = []
    real = Workers.submit

    def submit(self, do, *given, **named):
        if do is helper.ready:
            started.append(real(self, os.getpid).result())
        return real(self, do, *given, **named)

    monkeypatch.setattr(Workers, "submit", submit)

    def stop(done, _every):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_by(monkeypatch, 3, folder, stop)
    read_by(monkeypatch, 3, folder)
    assert started and not any(map(alive, started))


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_xls_gives_what_the_workbook_gave(tmp_path):
    (tmp_path / "a.xls").write_bytes(OLD.read_bytes())
    found = receive(connect(), tmp_path, FEW)
    (row,) = found.held.rows(FEW["收入支出决算表"], "U001", 2023)
    (other,) = receive(connect(), write(tmp_path / "b", "b.xlsx", few()), FEW).held.rows(
        FEW["收入支出决算表"], "U001", 2023
    )
    changed = {"上级补助收入", "事业收入", "经营收入"}
    assert {
        k: (c.value, c.half, c.at.sheet, c.at.cell)
        for k, c in row.cells.items()
        if k not in changed
    } == {
        k: (c.value, c.half, c.at.sheet, c.at.cell)
        for k, c in other.cells.items()
        if k not in changed
    }
    assert "上级补助收入" not in row.cells and [
        row.cells[k].printed for k in ("事业收入", "经营收入")
    ] == ["5", "1,320.73"]
    assert {(p.at.sheet, p.at.cell, p.what) for p in told(found)} == {
        ("公开01表", "B9", "格子里是错误值，不当作空格"),
        ("公开02表", "", "“收入决算表”在隐藏的工作表里，没有读"),
        ("", "", "没有“收入决算表”这张工作表"),
    }
    (shares,) = found.held.rows(FEW["政府采购情况表"], "U001", 2023)
    assert [(str(c.at), c.value) for c in shares.cells.values() if c.at.cell == "B16"] == [
        ("a.xls/政府采购情况表/B16", Decimal("0.2834"))
    ]


def write(folder, name, raw):
    folder.mkdir()
    (folder / name).write_bytes(raw)
    return folder


def test_an_xls_that_python_calamine_panics_on_is_refused(tmp_path):
    """The next one is read all the same."""
    killer = bytearray(OLD.read_bytes())
    killer[48:52] = (len(killer) // 512 - 2).to_bytes(4, "little")
    (tmp_path / "a.xls").write_bytes(bytes(killer[:-500]))
    (tmp_path / "b.xls").write_bytes(OLD.read_bytes())
    found = receive(connect(), tmp_path, FEW)
    assert found.refused == 1 and [p.what for p in told(found) if p.at.file == "a.xls"] == [
        "工作簿已损坏：xls"
    ]
    assert found.held.rows(FEW["收入支出决算表"], "U001", 2023)


def test_order_is_kept_whoever_reads(folder, monkeypatch):
    monkeypatch.setenv("GOUJI_PROCESSES", "2")
    monkeypatch.setattr(hands, "MANY_FILES", 1)
    monkeypatch.setattr(hands, "CHUNK_FILES", 1)
    paths = sorted(folder.iterdir()) * 3
    assert [
        b.file for heap in read_all(paths, WorkbookReader(FEW, folder, {})) for b in heap.books
    ] == [Path(p).name for p in paths]


def test_rows_of_workbooks_that_do_not_count_leave_the_others_where_they_were(tmp_path):
    """One sent twice and one of nobody, before one with a fault in the same heap."""

    def named(code, *more):
        return few(both(change_cell("封面", "单位代码", code), *more))

    twice = named("U001")
    fault = change_cell("公开01表", "上级补助收入", "约12万")
    for name, raw in (("a", twice), ("b", twice), ("c", named("")), ("d", named("U004", fault))):
        (tmp_path / f"{name}.xlsx").write_bytes(raw)
    found = receive(connect(), tmp_path, FEW)
    (problem,) = [p for p in told(found) if "约12万" in p.what]
    assert (problem.at.file, problem.at.sheet, problem.at.cell) == (
        "d.xlsx",
        "公开01表",
        "B9",
    ) and found.refused == 1
    (row,) = found.held.rows(FEW["收入支出决算表"], "U004", 2023)
    assert {c.at.file for c in row.cells.values()} == {"d.xlsx"} and "上级补助收入" not in row.cells
    assert found.rows_in == found.rows_accepted + found.rows_set_aside


def test_a_helper_loads_no_more_than_it_needs(folder):
    """Arrow asks for pandas wherever it is installed; DuckDB and Pandera are for the first process."""
    made = Workers(1, helper.begin, "", WorkbookReader(FEW, folder, {}))
    try:
        (book,) = made.ask(helper.batch, [folder / "0.xlsx"]).books
        packages = made.ask(eval, "{*__import__('sys').modules}")
    finally:
        made.end()
    assert book.unit == "U000" and "pyarrow" in packages
    assert packages.isdisjoint({"pandas", "duckdb", "pandera", "polars", "sqlglot"})
