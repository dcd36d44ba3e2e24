"""A form that names another body than the cover of its workbook: its figures are read, and the two names are told."""

import pytest

from sheets import ACCOUNTS, COVER, LISTED, accounts, problems, rows, took

OTHER = "表上写的单位是“{name}”，封面上没有这个名称：公开01表"
LINES = {
    "the same name": ("编制单位：元江县财政局", None),
    "with blanks and other signs": ("编制单位： 元江县 财政局", None),
    "a short name": ("编制单位：财政局", None),
    "a longer name": ("编制单位：云南省元江县财政局", None),
    "nothing": ("编制单位：", None),
    "its department, which the cover prints": ("填报部门：元江县人民政府", None),
    "another body": ("编制单位：元江县教育局", "元江县教育局"),
    "another body, with the unit of money": ("编制单位：乙局 金额单位：万元", "乙局"),
}


@pytest.mark.parametrize("line, other", LINES.values(), ids=LINES)
def test_a_form_names_another_body(line, other, tmp_path, monkeypatch):
    cover = [*COVER, ["主管部门", "元江县人民政府"]]
    monkeypatch.setattr("sheets.COVER", cover)
    lines = accounts()
    lines[1] = [line]
    found = took(tmp_path, ACCOUNTS, {"公开01表": lines})
    told = [] if other is None else [("公开01表!A2", OTHER.format(name=other))]
    assert problems(found) == told
    assert rows(found, "收入支出决算表")[0]["上级补助收入"] == 125000


def test_one_name_on_several_forms_is_told_once(tmp_path):
    lines = accounts()
    lines[1] = ["编制单位：乙局"]
    listed = [
        ["2023年度支出决算表"],
        ["编制单位：乙局"],
        ["单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["205", "教育支出", 1, 1, 0],
    ]
    found = took(tmp_path, ACCOUNTS | LISTED, {"公开01表": lines, "公开03表": listed})
    assert problems(found) == [("公开01表!A2", OTHER.format(name="乙局") + "、公开03表")]
