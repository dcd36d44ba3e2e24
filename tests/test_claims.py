"""Which form a sheet holds: by name and title together; what contradicts itself is told, and no sheet is passed over without a word."""

import pytest

from gouji.intake.finding.claims import Claims, RecognisedBy
from gouji.intake.finding.titles import bounded, core, loosely
from gouji.intake.workbooks.sheet import Sheet
from sheets import TABLES, accounts, problems, rows, took

CLAIMS = Claims([(t, form) for t in TABLES.values() for form in t.forms])


def sheet(name, *top):
    return Sheet(name, [[text, ""] for text in (*top, "x")])


def claimed(*sheets):
    found, held = CLAIMS.of(sheets), {}
    for claim in found.sheets:
        for table in dict.fromkeys(CLAIMS.forms[i][0].table for i in claim.forms):
            held.setdefault(table, []).append((claim.sheet.name, claim.by))
    return held, found.unused, [(name, note) for _i, name, _what, _fix, note in found.told]


ONE = {
    "by its number": (sheet("公开03表", "2023年度支出决算表"), ["支出决算表"], None),
    "by its title": (
        sheet("Sheet3", "示例县财政局2023年度支出决算表（公开03表）"),
        ["支出决算表"],
        None,
    ),
    "a longer title": (sheet("Sheet3", "项目支出决算表"), [], None),
    "worded otherwise": (sheet("公开01表", "收入支出决算总表"), ["收入支出决算表"], None),
    "another form's title": (
        sheet("公开07表", "政府性基金预算财政拨款收入支出决算表"),
        ["政府性基金预算财政拨款收入支出决算表"],
        None,
    ),
    "a number of no set with that title": (
        sheet("公开12表", "收入决算表"),
        ["收入决算表"],
        True,
    ),
    "a title of no form": (sheet("公开08表", "单位用款一览表"), [], False),
    "as it is called elsewhere": (
        sheet("公开08表", "国有资本经营预算财政拨款支出决算表"),
        ["国有资本经营预算财政拨款收入支出决算表"],
        None,
    ),
    "two names of words": (sheet("收入决算表", "支出决算表"), [], False),
    "an unknown title under a name": (sheet("支出决算表", "单位用款一览表"), ["支出决算表"], True),
    "the title of the whole set": (
        sheet("公开03表", "2023年度部门决算公开表"),
        ["支出决算表"],
        None,
    ),
    "contents": (sheet("目录", "收入支出决算表", "收入决算表", "支出决算表"), [], None),
    "a number in a cell, another title": (
        sheet("Sheet9", "财政拨款“三公”经费支出决算表", "公开02表"),
        ["财政拨款三公经费和机关运行经费情况表"],
        None,
    ),
    "words behind": (sheet("支出决算表说明", "各项支出的说明"), [], None),
}


@pytest.mark.parametrize("one, forms, note", ONE.values(), ids=ONE)
def test_one_sheet(one, forms, note):
    found, unused, told = claimed(one)
    assert sorted(found) == sorted(forms)
    assert told == ([] if note is None else [(one.name, note)]) and (unused == []) is bool(
        forms or told
    )


def test_every_sheet_that_fits_counts():
    found, _unused, _told = claimed(
        sheet("公开03表"), sheet("公开03"), sheet("Sheet7", "支出决算表")
    )
    assert [name for name, _by in found["支出决算表"]] == ["公开03表", "公开03", "Sheet7"]
    found, _unused, _told = claimed(
        sheet("公开15表"), sheet("公开15 乙项目"), sheet("丙", "项目支出绩效自评表")
    )
    assert [name for name, _by in found["项目支出绩效自评表"]] == [
        "公开15表",
        "公开15 乙项目",
        "丙",
    ]
    found, _unused, _told = claimed(sheet("公开03表"), sheet("Sheet7", "某某县支出决算表续"))
    assert found["支出决算表"] == [("公开03表", RecognisedBy.NAME), ("Sheet7", RecognisedBy.PART)]


def test_a_part_of_a_title_counts_only_where_no_sheet_says_more(tmp_path):
    described = {name: TABLES[name] for name in ("单位", "收入支出决算表")}
    part = accounts(title="某某县收入支出决算表续")
    found = took(tmp_path, described, {"公开01表": accounts(), "Sheet7": part})
    assert len(rows(found, "收入支出决算表")) == 1 and problems(found) == []
    assert ("Sheet7", "工作表没有对应的表样，没有读") in problems(found, notes=True)


def test_titles():
    assert (
        core("2023年度收入支出决算表(公开01表)")
        == core("附件2收入支出决算表(单位:万元)")
        == "收入支出决算表"
    )
    assert loosely("收入支出决算总表") == loosely("一、收入支出决算表") == "收入支出决算表"
    assert (
        bounded("甲县教育局收入决算表", "收入决算表")
        and not bounded("财政拨款收入决算表", "收入决算表")
        and not bounded("公开01-1表", "公开01")
    )


def test_two_sheets_for_one_form_are_taken_neither(tmp_path):
    described = {name: TABLES[name] for name in ("单位", "收入支出决算表")}
    found = took(tmp_path, described, {"公开01表": accounts(), "附页": accounts()})
    ((place, what),) = problems(found)
    assert place == "附页" and "公开01表、附页" in what and rows(found, "收入支出决算表") == []
