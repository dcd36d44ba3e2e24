"""Sixty short paragraphs, sound, wrong, or left open by their words: no sound one is accused, of the wrong ones all but one are told, and what is open stays so."""

import pytest

from gouji.app.text_of_report import patterns_of
from gouji.base.verdict import Verdict
from gouji.narrative import lines_of, read
from gouji.narrative.mentions import MentionKind, masked

SOUND, WRONG, OPEN = "sound", "wrong", "open"
# 到位率 is of what was planned, or of what was to arrive by then: it is told as 读法不定.
UNDECIDED = ("到位率57.00%", "会议费3.00万元，与上年持平")
PARAGRAPHS = [
    (
        "2023年本年收入合计520.36万元，其中：财政拨款收入500.36万元，占96.16%；其他收入20.00万元，占3.84%。",
        SOUND,
    ),
    (
        "2023年本年收入合计520.36万元，其中：财政拨款收入500.36万元，占96.16%；其他收入30.00万元，占3.84%。",
        WRONG,
    ),
    ("支出合计400.00万元，比上年增加40.00万元，增长11.11%。", SOUND),
    ("支出合计400.00万元，比上年增加40.00万元，增长10.00%。", WRONG),
    ("公务接待费年初预算5.00万元，支出决算4.20万元，完成年初预算的84.00%。", SOUND),
    ("公务接待费年初预算5.00万元，支出决算4.20万元，完成年初预算的48.00%。", WRONG),
    ("剔除一次性因素后，收入同口径增长5.2%，全年收入105.00万元，上年102.00万元。", OPEN),
    ("扣除政策性减收，税收收入增长8.0%。全年税收收入90.00万元，比上年减少2.00万元。", OPEN),
    ("资产总额1,200.00万元，负债总额300.00万元，资产负债率25.00%。", SOUND),
    ("资产总额1,200.00万元，负债总额300.00万元，资产负债率52.00%。", WRONG),
    ("项目预算300.00万元，实际支出240.00万元，结余60.00万元，执行率80.00%。", SOUND),
    ("项目预算300.00万元，实际支出240.00万元，结余50.00万元，执行率80.00%。", WRONG),
    ("编制56人，年末实有在职人员50人，其中：行政人员20人，事业人员30人。", SOUND),
    ("本年收入合计3.94亿元，比上年的3.92亿增长0.51%。", SOUND),
    ("本年收入合计3.94亿元，比上年的3.92亿增长5.1%。", WRONG),
    ("全年财力30.00万元，由本级收入10.00万元，加上级补助等20.00万元构成。", SOUND),
    ("教育支出280.00万元，占一般公共预算支出1800.00万元的15.56%。", SOUND),
    ("教育支出280.00万元，占一般公共预算支出1800.00万元的51.56%。", WRONG),
    (
        "因公出国费0元，占0%；公务用车运行维护费3.40万元，占52.31%；公务接待费3.10万元，占47.69%。三公经费合计6.50万元。",
        SOUND,
    ),
    ("捐款25.00万元，汇往灾区20.00万元，运费0.32万元，余款4.68万元上缴。", SOUND),
    (
        "收入10.00万元。\n（一）甲类收入6.00万元，比上年5.00万元增加1.00万元；\n（二）乙类收入4.00万元，比上年5.00万元减少1.00万元。",
        SOUND,
    ),
    ("幼儿园生均上年2709.16，本年2845.20元，增长5.02%。", SOUND),
    ("幼儿园生均上年2709.16，本年2845.20元，增长50.2%。", WRONG),
    ("接待费比上年减少2.00万元，下降28.57%，全年支出5.00万元。", SOUND),
    ("会议费3.00万元，与上年持平。上年会议费3.00万元。", SOUND),
    ("党员50人，其中女性30人、少数民族25人。", OPEN),
    (
        "采购支出总额100.00万元，其中：货物20.00万元、工程50.00万元、服务30.00万元。授予中小企业合同金额80.00万元，占政府采购支出总额的80%。",
        SOUND,
    ),
    (
        "采购支出总额100.00万元，其中：货物20.00万元、工程50.00万元、服务30.00万元。授予中小企业合同金额80.00万元，占政府采购支出总额的60%。",
        WRONG,
    ),
    ("基本支出204.52万元，包括人员经费185.87万元和公用经费18.65万元。", SOUND),
    ("基本支出204.52万元，包括人员经费185.87万元和公用经费16.85万元。", WRONG),
    (
        "“三公”经费支出4.97万元，其中：因公出国（境）费0万元；公务用车购置及运行维护费3.17万元；公务接待费1.80万元。",
        SOUND,
    ),
    (
        "“三公”经费支出4.97万元，其中：因公出国（境）费0万元；公务用车购置及运行维护费3.71万元；公务接待费1.80万元。",
        WRONG,
    ),
    ("收入预算由300.00万元调整为350.00万元，调增50.00万元。", SOUND),
    ("收入预算由300.00万元调整为350.00万元，调增60.00万元。", WRONG),
    ("年初结转10.00万元，加上本年收入90.00万元，收入总计100.00万元。", SOUND),
    ("加上上年结余5.00万元，可用资金105.00万元，本年收入100.00万元。", OPEN),
    (
        "到位资金120.00万元，其中：中央资金60.00万元，省级资金40.00万元，县级配套20.00万元，到位率100%。",
        SOUND,
    ),
    ("计划投资120.00万元，到位资金90.00万元，到位率75.00%，支出81.00万元，支付率90.00%。", SOUND),
    ("计划投资120.00万元，到位资金90.00万元，到位率57.00%。", WRONG),
    ("完成公路养护256公里，占计划260公里的98.46%。", SOUND),
    ("完成公路养护256公里，占计划260公里的89.46%。", WRONG),
    ("亏损由上年的-20.00万元收窄到-15.00万元，减亏25.00%。", OPEN),
    (
        "本年支出比年初预算增加30.00万元，增长15.00%；年初预算200.00万元，支出决算230.00万元。",
        SOUND,
    ),
    ("税收收入占比由60.50%提高到62.00%，提高1.50个百分点。", SOUND),
    ("税收收入占比由60.50%提高到62.00%，提高2.50个百分点。", WRONG),
    ("发放补助1000人，人均300元，合计30.00万元。", OPEN),
    ("全年共接待30批次、280人次，其中：外省10批次、80人次，省内20批次、200人次。", SOUND),
    ("车辆6辆，其中：应急保障用车2辆、执法执勤用车3辆、其他用车1辆。", SOUND),
    (
        "工资福利支出150.00万元，占基本支出的75.00%；商品和服务支出50.00万元，占25.00%。基本支出合计200.00万元。",
        SOUND,
    ),
    (
        "工资福利支出150.00万元，占基本支出的70.00%；商品和服务支出50.00万元，占30.00%。基本支出合计200.00万元。",
        WRONG,
    ),
    ("2022年决算81,381万元，2023年决算73,728万元，增长-9.41%。", SOUND),
    ("2022年决算81,381万元，2023年决算73,728万元，下降9.41%。", SOUND),
    ("2022年决算81,381万元，2023年决算73,728万元，下降4.91%。", WRONG),
    ("社会捐赠收入1.00万元，比上年增加1.00万元，增长100%。", OPEN),
    ("年末结转和结余20.00万元，较上年增加5.00万元，增长33.33%。", SOUND),
    ("年末结转和结余20.00万元，较上年增加5.00万元，增长25.00%。", WRONG),
    ("财政供养人员控制率96.51%（在职83人÷编制86人）。", SOUND),
    ("自评得分95.50分，其中：投入10分、过程28.50分、产出37分、效益20分。", SOUND),
    ("可比价增长6.0%，生产总值106.00亿元，上年98.00亿元。", OPEN),
    ("同比增支21.30万元，增长12.5%，全年支出191.70万元。", SOUND),
]


@pytest.fixture(scope="module")
def grammar():
    return patterns_of("final-accounts").grammar()


@pytest.mark.parametrize("text, kind", PARAGRAPHS)
def test_sound_paragraphs_are_not_accused_and_wrong_ones_are(grammar, text, kind):
    verdicts = [r.verdict for r in read(lines_of(text), grammar).relations]
    assert (Verdict.UNBALANCED in verdicts) == (kind == WRONG and not text.count(UNDECIDED[0]))
    if kind == SOUND and UNDECIDED[1] not in text:
        assert {Verdict.BALANCED, Verdict.WITHIN_ROUNDING} & set(verdicts)


@pytest.mark.parametrize("unit", ["亿", "万"])
@pytest.mark.parametrize("behind", ["增长5%", "，增长5%", "，", "。"])
def test_an_amount_whose_yuan_was_left_out_is_one_beside_an_amount(unit, behind):
    """`3.92亿增长0.37%` was read as 3.92% of a 亿."""
    found = masked(f"经费3.94{unit}元,比上年的3.92{unit}{behind}".replace("，", ","), 0).mentions
    assert [m.kind for m in found[:2]] == [MentionKind.AMOUNT] * 2
    assert found[1].value / found[0].value == pytest.approx(392 / 394)


@pytest.mark.parametrize("word", ["多", "余", "来"])
def test_about_stands_within_a_unit(word):
    """`5.65亿多元` was no amount."""
    (one,) = masked(f"使用公益金5.65亿{word}元", 0).mentions
    assert (one.kind, one.value, one.unit, one.about) == (
        MentionKind.AMOUNT,
        565_000_000,
        "亿元",
        True,
    )


@pytest.mark.parametrize("before", ["常住人口", "参保", "到馆人次", "办件量由上年9.8万件升到"])
def test_people_beside_an_amount_are_no_amount(before):
    """`常住人口12.5万,` stood for 12.5万元 where the amount before it was one of 万元."""
    found = masked(f"收入3.94万元,{before}12.5万,支出1.2万元", 0).mentions
    kinds = {m.printed: m.kind for m in found}
    assert kinds["12.5万"] is MentionKind.COUNT


def test_a_count_of_ten_thousands_is_no_amount():
    found = masked("收入3.94万元,服务3.92万人次,办件3.92万,其中线上2万件", 0).mentions
    assert [m.kind for m in found][1] is MentionKind.COUNT
