"""Targets as people write them, and what was reached: what they mean, what is refused, and that rows carry the cells they come from."""

from decimal import Decimal

import pytest

from gouji.intake.values.given_columns import given_in_rows, read_row
from gouji.intake.values.targets import TargetFault, read_reached, read_target
from gouji.rules import load_tables

TARGETS = {
    "≥95%": ("≥", "95", "%"),
    ">=90%": ("≥", "90", "%"),
    "=12次": ("=", "12", "次"),
    "≤30万元": ("≤", "300000", "元"),
    "≤0.5亿元": ("≤", "50000000", "元"),
    "100%以上": ("≥", "100", "%"),
    "不少于3期": ("≥", "3", "期"),
    "不低于 95 %": ("≥", "95", "%"),
    "不高于5%": ("≤", "5", "%"),
    "不超过30万元": ("≤", "300000", "元"),
    "达到100%": ("≥", "100", "%"),
    "控制在30万元以内": ("≤", "300000", "元"),
    "5%以下": ("≤", "5", "%"),
    "≥1.2万人次": ("≥", "12000", "人次"),
    "≥１，２００人": ("≥", "1200", "人"),
    "≥100百分比": ("≥", "100", "%"),
    "≥200": ("≥", "200", ""),
    "3-5个": ("区间", "3", "个"),
    "3个至5个": ("区间", "3", "个"),
    "效果明显": ("定性", None, None),
    "优": ("定性", None, None),
    "＞80%": (">", "80", "%"),
    "小于等于5天": ("≤", "5", "天"),
}


@pytest.mark.parametrize("text, wanted", TARGETS.items(), ids=TARGETS)
def test_targets(text, wanted):
    made = read_target(text)
    one = made.measured
    assert (
        made.sign,
        *((format(one.number.normalize(), "f"), one.unit) if one else (None, None)),
    ) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "50个",
        "9月前",
        "2023年底",
        "≥",
        "超过50个以下",
        "≥95%和3次",
        "5-3个",
        "≥5~8",
        "≥3斗",
        "第3名",
        "1.2.3",
    ],
)
def test_what_is_refused(text):
    with pytest.raises(TargetFault):
        read_target(text)


def test_a_bare_figure_takes_the_sign_and_the_unit_of_its_row():
    assert read_target("50", sign="＝", unit="个").sign == "="
    assert read_target("50", bare="≥").sign == "≥"
    made = read_target("30", sign="≤", unit="万元")
    assert (made.sign, made.measured.number, made.measured.unit) == ("≤", 300000, "元")
    assert read_target("12", sign="定性").sign == "定性"
    with pytest.raises(TargetFault, match="不一致"):
        read_target("≥50", sign="≤")


REACHED = {
    ("≥95%", "90%"): ("90", "0.5"),
    ("≥95%", "90.25%"): ("90.25", "0.005"),
    ("≥95%", "≥90%"): ("90", "0.5"),
    ("≥95%", "90"): ("90", "0.5"),
    ("≥50个", "50"): ("50", "0"),
    ("≥50个", "1,050个"): ("1050", "0"),
    ("≤30万元", "28.5"): ("285000", "500"),
    ("≤30万元", "285000元"): ("285000", "0.5"),
    ("≥1.2万人次", "13000人次"): ("13000", "0"),
    ("≥1%", "1"): ("1", "0.5"),
}


@pytest.mark.parametrize("pair, wanted", REACHED.items(), ids="/".join)
def test_reached(pair, wanted):
    one = read_reached(pair[1], read_target(pair[0])).measured
    assert (one.number, one.half) == tuple(map(Decimal, wanted))


@pytest.mark.parametrize(
    "pair",
    [
        ("≥95%", "0.9"),
        ("≥95%", "90次"),
        ("≥95%", "9500"),
        ("≥5次", "7月"),
        ("≥5次", "5次3天"),
        ("≥10万元", "95000"),
        ("≤30万元", "285000"),
        ("≥300000元", "30"),
    ],
)
def test_reached_that_is_refused(pair):
    with pytest.raises(TargetFault):
        read_reached(pair[1], read_target(pair[0]))


@pytest.mark.parametrize(
    "text, word",
    [
        ("达成预期指标", "达成"),
        ("已完成", "达成"),
        ("部分达成预期指标并具有一定效果", "部分达成"),
        ("未达成年度指标且效果较差", "未达成"),
        ("逐步提高", "逐步提高"),
    ],
)
def test_words(text, word):
    assert read_reached(text, read_target("效果明显")).word == word


def test_the_very_word_that_was_aimed_at_is_reached():
    assert read_reached("及时", read_target("及时")).word == "达成"
    assert read_reached("不及时", read_target("及时")).word == "不及时"


FORM = """
table: 绩效
grain: many
key: [单位代码, 年度, 指标]
columns:
  - {name: 单位代码, type: text, null: never, role: unit}
  - {name: 年度, type: count, null: never, role: year}
  - {name: 指标, type: text, null: never}
  - {name: 年度指标值, type: target, gives: {性质: sign, 指标数: number, 单位: unit}}
  - {name: 实际完成值, type: reached, like: 年度指标值, gives: {完成数: number, 完成情况: word}}
  - {name: 性质, type: text}
  - {name: 指标数, type: number}
  - {name: 单位, type: text}
  - {name: 完成数, type: number}
  - {name: 完成情况, type: text}
"""
TABLE = load_tables({"t.yaml": FORM}).tables["绩效"]


def test_a_row():
    told = read_row(TABLE, {"年度指标值": "≥95%", "实际完成值": "90%"})
    assert {k: getattr(v, "number", v) for k, v in told.values.items()} == {
        "性质": "≥",
        "指标数": 95,
        "单位": "%",
        "完成数": 90,
    }
    told = read_row(TABLE, {"年度指标值": "50", "性质": "≤", "单位": "个", "实际完成值": "40"})
    assert set(told.values) == {"指标数", "完成数"} and not told.faults
    told = read_row(TABLE, {"年度指标值": "9月前", "实际完成值": "7月"})
    assert told.values == {} and [f[0] for f in told.faults] == ["年度指标值"]
    assert read_row(TABLE, {"年度指标值": "效果明显", "实际完成值": "已完成"}).values == {
        "性质": "定性",
        "完成情况": "达成",
    }


WITHOUT_SIGN = {
    "100% of 100%": ("100%", "100%", "="),
    "a count": ("12次", "12", "="),
    "money in another unit": ("3万元", "30000元", "="),
    "less was reached": ("100%", "98%", None),
    "more was reached": ("12次", "13次", None),
    "nothing was reached": ("100%", None, None),
    "a word was reached": ("100%", "已完成", None),
    "another unit was reached": ("12次", "12人", None),
}


@pytest.mark.parametrize("text, done, sign", WITHOUT_SIGN.values(), ids=WITHOUT_SIGN)
def test_a_target_without_sign_is_met_where_exactly_that_was_reached(text, done, sign):
    told = read_row(TABLE, {"年度指标值": text, "实际完成值": done})
    assert told.values.get("性质") == sign
    assert ("没有写是不低于" in str(told.faults)) == (sign is None)


def test_rows_at_hand_keep_the_places_of_what_they_come_from():
    from gouji.intake import At, Cell, Row

    at = At("a.csv", 3, "年度指标值")
    row = Row({"年度指标值": Cell("≥95%", None, "≥95%", at)}, At("a.csv", 3))
    ((made,), problems) = given_in_rows(TABLE, [row])
    assert made.cells["指标数"].at == at and made.cells["指标数"].value == 95 and not problems
    row = Row({"年度指标值": Cell("9月前", None, "9月前", at)}, At("a.csv", 3))
    ((made,), problems) = given_in_rows(TABLE, [row])
    assert problems[0].at == at and {"年度指标值", "指标数"} <= set(made.unread)


# What the book asks of each row; whether cells that are not understood are problems then.
ASKED = {
    "nothing": ("年度指标值 is not null", False),
    "the figure": ("指标数 >= 0", True),
    "what was reached": ("完成数 >= 0", False),
    "the sign in a filter": ("count(绩效.指标) filter (where 绩效.性质 = '≥') >= 0", True),
}


@pytest.mark.parametrize("check, wanted", ASKED.values(), ids=ASKED)
def test_a_target_that_no_rule_reads_is_a_remark(tmp_path, check, wanted):
    import gouji
    from making import BASIS, HEAD, TABLES

    each = "count(" not in check
    rule = (
        f"kind: {'each_row' if each else 'tie_out'}\ncode: T01\nname: T01\n{BASIS}\n"
        + f'severity: 错误\ncheck: "{check}"\n'
        + ("table: 绩效\n" if each else "")
    )
    files = {
        "rules/book.yaml": HEAD.format(total=0, policy="full").split("total:")[0],
        "rules/t.yaml": rule,
        "schemas/units.yaml": TABLES["units.yaml"],
        "schemas/rows.yaml": FORM,
        "data/单位.csv": "单位代码,年度,单位名称\n001,2023,甲\n",
        "data/绩效.csv": "单位代码,年度,指标,年度指标值\n" + "001,2023,a,3\n001,2023,b,9月前\n",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    found = gouji.audit(tmp_path / "data", tmp_path / "rules", tmp_path / "schemas").submission
    told = [p for p in found.problems if "“3”" in p.what or "“9月前”" in p.what]
    assert len(told) == 2 and {p.note for p in told} == {not wanted}


@pytest.mark.parametrize("unasked", [(), ("年度指标值",)])
def test_a_stage_of_targets_that_no_rule_reads(unasked):
    from dataclasses import replace

    import pyarrow as pa

    from gouji.intake.ledger.tables import ROW
    from gouji.intake.values.given_columns import given_in_stage

    stage = pa.table({ROW: [7], "年度指标值": ["9月前"]})
    _made, faults = given_in_stage(replace(TABLE, unasked=unasked), stage)
    assert {note for *_rest, note in faults} == {bool(unasked)}
