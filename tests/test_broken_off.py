"""A form that breaks off before the lines that close it: what is not printed is missing, not zero, and told."""

import pytest

from sheets import ACCOUNTS, problems, rows, took

HEAD = [
    ["2023年度收入支出决算表"],
    ["编制单位：元江县财政局"],
    ["单位：万元"],
    ["收入", None, None, "支出"],
    ["项目", "决算数", None, "项目", "决算数"],
]
INCOME = [
    ["一、一般公共预算财政拨款收入", 100],
    ["四、上级补助收入", 12.5],
    ["本年收入合计", 112.5],
    ["总计", 112.5],
]
SPENDING = [
    ["一、一般公共服务支出", 100],
    ["五、教育支出", 12.5],
    ["本年支出合计", 112.5],
    ["总计", 112.5],
]
# Lines of the two halves; whether the lines that are not printed are zero: of income, of spending.
CASES = {
    "whole": (INCOME, SPENDING, "0.00", "0.00"),
    "spending breaks off": (INCOME, SPENDING[:2], "0.00", None),
    "income breaks off": (INCOME[:1], SPENDING, None, "0.00"),
    "both break off": (INCOME[:2], SPENDING[:1], None, None),
    "only the last line is left": (INCOME[:3], SPENDING[:2] + SPENDING[3:], "0.00", "0.00"),
    "a total in the place of a class": (INCOME[2:], SPENDING[2:], "0.00", "0.00"),
}


def sheet(income, spending):
    lines = []
    for at in range(max(len(income), len(spending))):
        left, right = (part[at] if at < len(part) else [None, None] for part in (income, spending))
        lines.append([*left, None, *right])
    return HEAD + lines


@pytest.mark.parametrize("income, spending, earned, spent", CASES.values(), ids=CASES)
def test_lines_behind_a_break(tmp_path, income, spending, earned, spent):
    found = took(tmp_path, ACCOUNTS, {"公开01表": sheet(income, spending)})
    (one,) = rows(found, "收入支出决算表")
    got = [None if (v := one.get(name)) is None else str(v) for name in ("其他收入", "农林水支出")]
    assert got == [earned, spent]
    told = [what for _at, what in problems(found) if "没有印到合计" in what]
    assert len(told) == (None in (earned, spent))
    for name, value in (("其他收入", earned), ("农林水支出", spent)):
        assert any(name in what for what in told) == (value is None)


def test_what_is_not_printed_is_told_once(tmp_path):
    found = took(tmp_path, ACCOUNTS, {"公开01表": sheet(INCOME, SPENDING)})
    told = [what for at, what in problems(found, notes=True) if at == "公开01表" and "没有" in what]
    zero, unsent = sorted(told, key=lambda what: "按零计" not in what)
    assert len(told) == 2 and "“外交支出”" in zero
    assert "“年初结转和结余”" in unsent and "“外交支出”" not in unsent
