"""Passages that two reports share are found whatever their figures; what stands in many is a template."""

import random

import pytest

from gouji import cli
from gouji.narrative.similar import TEXTS_AT_MOST, alike
from gouji.narrative.text_lines import lines_of, paragraphs

SIGNS = [chr(c) for c in range(0x4E00, 0x4E00 + 2000)]


def passage(seed, length=200):
    """A passage of made-up words, with figures in it."""
    chosen = random.Random(seed)
    words = "".join(chosen.choice(SIGNS) for _ in range(length))
    return words[:80] + f"{chosen.randrange(1000)}万元，" + words[80:] + "。"


def read(*passages):
    return paragraphs(lines_of("\n".join(passages)))


def pairs(texts):
    return [(a.first, a.second, a.first_paragraph, a.second_paragraph) for a in alike(texts)]


CASES = {
    "the same passage": ({"甲": [1, 2], "乙": [3, 2]}, [("乙", "甲", 1, 1)]),
    "nothing alike": ({"甲": [1], "乙": [2]}, []),
    "short ones do not count": ({"甲": [1], "乙": [2]}, []),
}


@pytest.mark.parametrize("texts, expected", CASES.values(), ids=CASES)
def test_alike(texts, expected):
    made = {name: read(*map(passage, seeds), "同样的话。") for name, seeds in texts.items()}
    assert pairs(made) == expected


def test_other_figures_are_the_same_passage():
    first = passage(5)
    other = "".join(str((int(c) + 3) % 10) if c.isdigit() else c for c in first)
    assert len(pairs({"甲": read(first), "乙": read(other)})) == 1


def test_a_template_is_no_finding():
    texts = {f"单位{i}": read(passage(7), passage(100 + i)) for i in range(TEXTS_AT_MOST + 1)}
    assert pairs(texts) == []


def test_another_unit_and_another_year_left_in(tmp_path, capsys):
    """A text copied from another unit, or from an older one, says so."""
    for name, text in (
        ("甲.txt", "某县水利局2023年度部门决算\n2023年度本年收入合计10.00万元。\n"),
        (
            "乙.txt",
            "某县林业局2023年度部门决算\n2020年度本年收入合计10.00万元。某县水利局2023年度支出9.00万元。\n",
        ),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    assert cli.main(["text", "--rules", "anning-2023", str(tmp_path)]) == cli.Exit.FINDINGS
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("[提示]")]
    assert said == [
        "[提示] 乙.txt 第2行 别的年份 2020年度",
        "[提示] 乙.txt 第2行 别的单位的名称 某县水利局",
    ]


def test_a_wrong_word_of_unit_is_named(tmp_path, capsys):
    path = tmp_path / "甲.txt"
    path.write_text("收入合计100.00万元，比上年增加10.00元，增长11.11%。\n", "utf-8")
    cli.main(["text", "--rules", "anning-2023", str(path)])
    assert "像是把万元写成了元：10.00元" in capsys.readouterr().out


def test_a_folder_of_reports(tmp_path, capsys):
    for name, seed in (("甲.txt", 11), ("乙.txt", 12)):
        (tmp_path / name).write_text(passage(seed) + "\n" + passage(9), "utf-8")
    assert cli.main(["text", "--rules", "anning-2023", str(tmp_path)]) == cli.Exit.CLEAN
    out = capsys.readouterr().out
    assert "[提示] 乙.txt 第2行 与 甲.txt 第2行 雷同 100%" in out
