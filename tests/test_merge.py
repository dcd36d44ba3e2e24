"""Units judged in parts and put together: the same bytes as one run over all, or one error that names what does not fit."""

import json
import shutil

import pytest

from gouji import cli
from gouji.app import audit_bulk, merge_parts
from gouji.base.faults import DataError
from gouji.base.files import file_digest
from related_units import few_rules, related_units

RANGES = {
    "first": ("U0000000", "u0000100"),
    "middle": ("U0000101", "U0000250"),
    "last": ("U0000251", "V"),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return related_units(tmp_path_factory.mktemp("merge") / "data", 300, seed=3)


@pytest.fixture(scope="module")
def rules(data):
    return few_rules(data.parent / "few")


@pytest.fixture(scope="module", params=[True, False], ids=["outcomes", "no outcomes"])
def parts(request, data, rules):
    """A run over all units, and folders of parts by name."""
    home = data.parent / str(request.param)
    whole = audit_bulk(data, home / "whole", rules, wide=request.param)
    for name, between in RANGES.items():
        audit_bulk(data, home / name, rules, wide=request.param, between=between)
    return whole.folder, {name: home / name for name in RANGES}


def digests(folder):
    return {
        str(path.relative_to(folder)): file_digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_parts_put_together_are_the_bytes_of_one_run(parts, tmp_path):
    whole, made = parts
    merged = merge_parts([made["middle"], made["last"], made["first"]], tmp_path / "merged")
    assert digests(merged.folder) == digests(whole)
    assert merged.manifest["units"] == 300 and merged.manifest["findings"] > 10


def test_a_part_knows_figures_of_units_outside_it(parts):
    """Rows with a key twice of a unit of another part are set aside in every part, and units below count wherever they are judged."""
    whole, made = parts
    told = [json.loads((folder / "manifest.json").read_text("utf-8")) for folder in made.values()]
    all_of = json.loads((whole / "manifest.json").read_text("utf-8"))
    assert sum(m["units"] for m in told) == 300 and all(0 < m["units"] < 300 for m in told)
    assert all(m["set_aside"] == all_of["set_aside"] for m in told)
    assert all_of["rows_set_aside"] > 10


def edited(folder, change):
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    change(manifest)
    file.write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


REFUSED = {
    "a part is lacking in the middle": (["first", "last"], "之间还有 150 个单位"),
    "the first part is lacking": (["middle", "last"], "之前还有 100 个单位"),
    "the last part is lacking": (["first", "middle"], "之后还有 50 个单位"),
    "a part comes twice": (["first", "middle", "middle", "last"], "有 150 个单位重复"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_parts_that_do_not_cover_all_units_once_are_refused(parts, tmp_path, case):
    names, said = REFUSED[case]
    with pytest.raises(DataError, match=said):
        merge_parts([parts[1][name] for name in names], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


OTHER = {
    "rules": lambda m: m.update(rules="0"),
    "schemas": lambda m: m.update(schemas="0"),
    "data": lambda m: m["data"].update({"单位.parquet": "0"}),
    "duckdb": lambda m: m.update(duckdb="1.0"),
}


@pytest.mark.parametrize("name", OTHER)
def test_parts_of_another_run_are_refused_by_name(parts, tmp_path, name):
    folders = []
    for part, folder in parts[1].items():
        folders.append(shutil.copytree(folder, tmp_path / part))
    edited(folders[1], OTHER[name])
    with pytest.raises(DataError, match=f"不是同一次审核的两部分：{name} 不同"):
        merge_parts(folders, tmp_path / "merged")


def test_what_is_no_part_is_refused(parts, tmp_path):
    with pytest.raises(DataError, match="不是一部分单位的结果"):
        merge_parts([parts[0]], tmp_path / "merged")
    with pytest.raises(DataError, match=r"没有 manifest\.json"):
        merge_parts([tmp_path], tmp_path / "merged")


def test_the_command_says_which_part_and_what_cannot_go_with_it(data, rules, tmp_path, capsys):
    between = ["--between", "U0000001", "U0000020"]
    asked = [
        "audit",
        str(data),
        "--rules",
        str(rules),
        "--no-outcomes",
        "--out",
        str(tmp_path / "o"),
    ]
    assert cli.main([*asked, *between]) == 1
    assert "只判了 U0000001 到 U0000020 的单位，全部有 300 个" in capsys.readouterr().out
    for more in (["--unit", "U0000001"], ["--locate"], ["--format", "duckdb"]):
        assert cli.main([*asked, *between, *more]) == 2
        assert "不能与" in capsys.readouterr().err
    assert cli.main([*asked, "--between", "V", "U"]) == 2
    assert "排在" in capsys.readouterr().err
    assert cli.main(["merge", str(tmp_path / "o"), "--out", str(tmp_path / "m")]) == 2
    assert "还有 280 个单位不在任何一部分里" in capsys.readouterr().err
