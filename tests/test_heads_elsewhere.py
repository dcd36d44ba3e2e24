"""Heads that other places print: words broken over rows, codes under other words or with their names in one cell; every figure is read, or told with its place."""

import random
from decimal import Decimal

import pytest

from sheets import LISTED, problems, rows, took

TOP = [
    ["2023年度支出决算表"],
    ["编制单位：元江县财政局", *[None] * 6, "金额单位：元"],
]
FIGURES = (
    "本年支出合计",
    "基本支出",
    "项目支出",
    "上缴上级支出",
    "经营支出",
    "对附属单位补助支出",
)
CODES = (
    ("合计", ""),
    ("205", "教育支出"),
    ("20502", "普通教育"),
    ("2050202", "小学教育"),
    ("208", "社会保障和就业支出"),
)


def figure(line, column):
    return 1000 * (line + 1) + 10 * column + 7


def lines(of=lambda code, name: (code, name)):
    """The lines of the form: what stands before the figures, then the figures."""
    return [
        [*of(code, name), *(figure(i, j) for j in range(len(FIGURES)))]
        for i, (code, name) in enumerate(CODES)
    ]


def read(found):
    """Code and column -> figure in 元."""
    return {
        (str(row["科目编码"]), name): row[name]
        for row in rows(found, "支出决算表")
        for name in FIGURES
        if name in row
    }


RIGHT = {
    (code, name): Decimal(figure(i, j))
    for i, (code, _name) in enumerate(CODES)
    for j, name in enumerate(FIGURES)
}


def is_read(tmp_path, sheet, merged=()):
    found = took(tmp_path, LISTED, {"支出决算表": sheet}, [("支出决算表", m) for m in merged])
    assert (problems(found), read(found)) == ([], RIGHT)


def broken(words, rng, height):
    """Words cut into so many pieces, one below the other; some are left whole, and stand in any of the rows."""
    if rng.random() < 0.3 or len(words) < height:
        at = rng.randrange(height)
        return [words if row == at else None for row in range(height)]
    cuts = sorted(rng.sample(range(1, len(words)), height - 1))
    return [words[a:b] for a, b in zip((0, *cuts), (*cuts, len(words)), strict=True)]


@pytest.mark.parametrize("height", [2, 3])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("band", [False, True])
def test_words_broken_over_rows(seed, height, band, tmp_path):
    """Cut anywhere, merged or not, with a band over them: 基本 above 支出."""
    rng = random.Random(seed)
    columns = [["科目编码"] + [None] * (height - 1), ["科目名称"] + [None] * (height - 1)]
    columns += [broken(words, rng, height) for words in FIGURES]
    head = [list(row) for row in zip(*columns, strict=True)]
    over = [["项目", None, "本年支出", *[None] * 5]] if band else []
    is_read(tmp_path, [*TOP, *over, *head, *lines()], ["A3:B3", "C3:H3"] if band else [])


def test_two_columns_broken_alike_are_told(tmp_path):
    head = [
        ["科目编码", "科目名称", "基本", "项目", "基本"],
        [None, None, "支出", "支出", "支出"],
    ]
    body = [["合计", None, 30, 12, 31], ["205", "教育支出", 30, 12, 32]]
    found = took(tmp_path, LISTED, {"支出决算表": [*TOP, *head, *body]})
    assert {name for _code, name in read(found)} == {"项目支出"}
    assert any("有两处" in what for _at, what in problems(found)), problems(found)


OVER_CODES = {
    "a band over both": (["功能分类科目", None], ["编码", "名称"]),
    "a band for each": (["支出功能分类", None], ["科目编码", "科目名称"]),
    "short words": (["编码", "名称"],),
    "code and name": (["代码", "科目"],),
    "the items": (["科目", None],),
    "one word for both": (["科目编码及名称", None],),
    "the classes": (["支出功能分类", "项目名称"],),
}


@pytest.mark.parametrize("numbers", [False, True], ids=["texts", "numbers"])
@pytest.mark.parametrize("over", OVER_CODES.values(), ids=OVER_CODES)
def test_other_words_over_codes(over, numbers, tmp_path):
    def of(code, name):
        return (int(code) if numbers and code.isdecimal() else code), name

    head = [[*over[0], *FIGURES], *([*row, *[None] * 6] for row in over[1:])]
    is_read(tmp_path, [*TOP, *head, *lines(of)])


BETWEEN = ("", " ", "　", "-", "—", "_", "、", "：", "  \n")


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("head", ["科目", "科目编码及名称", "功能分类科目", "项目", "科目编码"])
def test_code_and_name_in_one_cell(head, between, tmp_path):
    def of(code, name):
        return (f"{code}{between}{name}" if name else code,)

    is_read(tmp_path, [*TOP, [head, *FIGURES], *lines(of)])


NO_CODES = {
    "numbers of lines": ("序号", ["001", "002", "003", "004", "005"]),
    "counts": ("项目人数", ["301人", "120人", "208人", "15人", "9人"]),
    "years": ("项目", ["2021年", "2022年", "2023年", "2024年", "2025年"]),
    "no level": ("科目", ["20 教育", "2050 普通教育", "205022 小学", "1 其他", "合计"]),
}


@pytest.mark.parametrize("head, said", NO_CODES.values(), ids=NO_CODES)
def test_what_is_no_code_is_not_taken_for_one(head, said, tmp_path):
    body = [[word, *line[2:]] for word, line in zip(said, lines(), strict=True)]
    found = took(tmp_path, LISTED, {"支出决算表": [*TOP, [head, *FIGURES], *body]})
    assert read(found) == {} and problems(found)
