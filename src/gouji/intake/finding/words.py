"""Words that forms print around their figures, wherever forms of budget units are printed; what a single form prints is in its description."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from gouji.intake.finding.marks import MARKS

# Headers of columns of words: a unit behind one of them is the unit of the form.
CORNERS = frozenset(
    {
        "项目",
        "收入",
        "支出",
        "科目",
        "科目名称",
        "名称",
        "内容",
        "指标",
        "收入项目",
        "支出项目",
        "单位名称",
        "部门",
    }
)
# Headers of a column that holds the unit of each line.
UNIT_HEADS = frozenset({"单位", "计量单位", "金额单位", "货币单位", "计价单位"})
# Headers of columns, and labels of lines, that number the others.
NUMBERS = frozenset({"行次", "栏次", "序号", "编号", "行号", "项次"})
# Headers of columns in which people write what they want to say.
REMARKS = frozenset({"备注", "说明", "附注", "备注说明", "备注(说明)"})
COUNTS = frozenset({"栏次", "行次"})
# What heads columns of words where columns are numbered.
STEMS = frozenset({"甲", "乙", "丙", "丁", "a", "b", "A", "B"})
# The parts of a code, each in a column.
LEVELS = ("类", "款", "项", "目")
# What the header of a column of codes speaks of, whatever its words are: 编码, 科目, 功能分类, 项目.
CODED = ("码", "科目", "分类", "项目")
# Lines that sum others up. Those of all lines are one word to forms that print codes.
TOTALS = frozenset({"合计", "总计", "共计", "总合计"})
SUMS = TOTALS | {
    "小计",
    "累计",
    "本页小计",
    "本页合计",
    "本页计",
    "页计",
    "页小计",
    "分类小计",
    "总分",
    "总得分",
    "total",
    "subtotal",
    "grandtotal",
    "本页共计",
    "承前页",
    "承上页",
    "过次页",
    "转下页",
}
# What is summed up, before the word: 项目合计, 本部门小计. Any other name that ends so may be a separate line.
_SUM_OF = re.compile(
    r"(?:本年度|本年|当年|全年|年度|本|各|各项|全部|以上|上述|部门|单位|项目|本级|下级|支出|收入|预算|决算|金额|资金|经费)+(?:数|类)?(?:小计|合计|总计|共计|累计)"
)
_SUM_BEHIND = re.compile(r".*(?:小计|合计|总计)")
# What is added up, or its unit: `合计(1+2)`, `总计(万元)`; what is summed: `合计数`; which of several: `小计2`.
_REMARK = re.compile(r"\([^()]*\)$")
_SUMMED = re.compile(r"(?<=计)(?:数|额|金额|[0-9]{1,2})$")
_BRACKETED = re.compile(r"[(\[【〔《][^()]*[)\]】〕》]")
_BRACKETS = ":()[]【】〔〕《》"
_NUMBER = "[0-9一二三四五六七八九十]+"
_PAGE = re.compile(rf"第{_NUMBER}页[,、]?(?:共{_NUMBER}页)?")
_DAY = re.compile(r"[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{4}([-./])[0-9]{1,2}\1[0-9]{1,2}")
_GOES_ON = re.compile(r"续表|.*表\(?续表?|[接续]上[页表]|[转接]下[页表]")
_NOTE = re.compile(
    r"[\s※★☆●▲△◆*#]*(?:附?注|注释|填表?说明|编制说明|说明|备\s*注|(?:数据|资料)来源)\s*\(?[0-9一二三四五]*\)?\s*:"
)
_WHO = (
    "填表|制表|编制|填报|报送|编报|审核|复核|审批|审签|经办|负责|联系|核对",
    "单位|部门|财务|会计|项目|主要|分管|主管|机构|会计机构|法人|科室|股室|预算",
)
_SIGNED = re.compile(
    rf"\s*(?:(?:{_WHO[0]})人员?|(?:{_WHO[1]})?(?:负责人|主管|领导|经办人|盖章|公章|签章|签字|签名)|(?:主管|分管)领导|法定代表人|(?:{_WHO[0]}|报出|打印)(?:日期|时间)|联系(?:电话|方式)|联络员|传真|邮政编码)"
    r"\s*(?:\([^()]*\))?\s*(?::|$|\s+\S{1,4}\s*$)"
)
# Words that sign only with a colon behind.
_SIGNED_BY_COLON = re.compile(
    r"\s*(?:制\s*表|审\s*核|复\s*核|填\s*表|经\s*办|日\s*期|时\s*间|电\s*话|手\s*机)\s*(?:\([^()]*\))?\s*:"
)
# Words that ask for a number beside them on the line that people sign.
_ANSWERED = re.compile(r"电\s*话|手\s*机|传\s*真|日\s*期|时\s*间|邮\s*编|邮政编码|联系方式")
# What stands where nothing stands, and what numbers a page.
_NOTHING = re.compile(
    r"指标[0-9一二三四五六七八九十]{1,2}:?|[(【]?(?:无|暂无|没有|略|完|end|[盖公签]章)[)】]?|[—–\-*]*\(?(?:以下)?空白?\)?[—–\-*]*|(?:此页|以下)无正文"
    r"|[续转接过][上下次前]页|[0-9〇○零一二三四五六七八九十]{0,4}年[0-9一二三四五六七八九十]{0,3}月(?:[0-9一二三四五六七八九十]{0,3}日)?"
    r"|page[0-9]+(?:of[0-9]+)?|[.…·—–\-/*、=~_#]+",
    re.IGNORECASE,
)
_PAGE_ALONE = re.compile(
    r"[-—–·•\s]*第?\s*[0-9]{1,3}\s*页?[-—–·•\s]*(?:[/共,，]\s*共?\s*[0-9]{1,3}\s*页?)?[-—–·•\s]*"
)
_NUMBERS_PAGE = re.compile(
    r"[-—–·•]\s*[0-9]{1,3}\s*[-—–·•]|[^0-9]*[0-9]{1,3}\s*页.*|.*页\s*[0-9]{1,3}"
)
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=65536)
def sum_word(text: str) -> str:
    """The word for a sum that a label is, without what is set around it; empty where it is none.

    >>> sum_word("合 计："), sum_word("【合计】①"), sum_word("小计数（1+2）"), sum_word("支出合计"), sum_word("合计量检定费")
    ('合计', '合计', '小计', '', '')
    """
    words = _summing(text)
    return words if words in SUMS else ""


@lru_cache(maxsize=65536)
def sums_up(text: str) -> bool:
    """Whether a label is a word for a sum, and nothing else but a remark: `合 计：`, `合计（1+2）`, `支出合计`."""
    return sum_word(text) != "" or _SUM_OF.fullmatch(_summing(text)) is not None


def sums_all_up(text: str) -> bool:
    """Whether a label may be the one for the sum of all lines, however it is called: `支出合计`; not `小计`, `本页合计`."""
    return sums_up(text) and not re.search("小计|页", text)


def _summing(text: str) -> str:
    """The words of a label without marks, brackets, and what is added up."""
    # Before ① becomes 1.
    words = _words(MARKS.sub("", text.rstrip(" :：\t\n\u3000"), count=1), ":")
    words = words if _BRACKETED.fullmatch(words) else _REMARK.sub("", words)
    return _SUMMED.sub("", words.strip(_BRACKETS).replace("計", "计").replace("總", "总")).lower()


@lru_cache(maxsize=65536)
def ends_in_sum(text: str) -> bool:
    """Whether a label ends in such a word: `基本建设类小计`."""
    return any(_SUM_BEHIND.fullmatch(t) for t in (_words(text), _REMARK.sub("", _words(text, ":"))))


@lru_cache(maxsize=65536)
def leads(text: str) -> bool:
    """Whether a text that stands alone in its line only leads to what is below, or counts pages: `其中：`, `第 1 页 共 2 页`."""
    if _PAGE.fullmatch(_words(text)) is not None:
        return True
    return _normal(text).rstrip().endswith(":") and not signs(text)


@lru_cache(maxsize=65536)
def is_day(text: str) -> bool:
    """Whether a text is a day or a month of a year, as it is written behind a signature."""
    return _DAY.fullmatch(_words(text)) is not None


@lru_cache(maxsize=65536)
def goes_on(text: str) -> bool:
    """Whether a text says that a form goes on from one page to another: `续表`, `收入决算表（续）`."""
    return _GOES_ON.fullmatch(_words(text)) is not None


# A figure in a text box: alone, with a word before it or a unit of money behind.
FLOATING_FIGURE = re.compile(r"(?:[^0-9\n]{0,20}[:：])?\s*([^\s:：元万亿]+)\s*(?:万|亿)?元?")


@lru_cache(maxsize=65536)
def is_note(text: str) -> bool:
    """Whether a text is a note below a form: `注：…`. A project called 注射疫苗采购 is none."""
    return _NOTE.match(_normal(text)) is not None


@lru_cache(maxsize=65536)
def signs(text: str) -> bool:
    """Whether a text is of the line that people sign: `填表人：张三    审核人：李四`. A project called 填表人培训费 is none."""
    normal = _normal(text)
    return _SIGNED.match(normal) is not None or _SIGNED_BY_COLON.match(normal) is not None


@lru_cache(maxsize=65536)
def asks_for_a_number(text: str) -> bool:
    """Whether a text on the line that people sign asks for a number: `联系电话：`."""
    return _ANSWERED.search(_normal(text)) is not None


@lru_cache(maxsize=65536)
def says_nothing(text: str) -> bool:
    """Whether a text alone on its line is the number of a page, a day, a sentence, or stands for nothing: `第1页 共3页`, `（空）`, `……`. A bare number may be a name."""
    normal = _normal(text).strip()
    paged = _PAGE_ALONE.fullmatch(normal) is not None and not normal.isdecimal()
    sentence = normal.endswith("。")
    return paged or sentence or _NOTHING.fullmatch(_SPACE.sub("", normal)) is not None


def numbers_page(text: str) -> bool:
    """Whether a text can be nothing but the number of a page.

    >>> numbers_page("- 8 -"), numbers_page("第 1 页，共 3 页"), numbers_page("-8")
    (True, True, False)
    """
    normal = _normal(text).strip()
    return _PAGE_ALONE.fullmatch(normal) is not None and bool(_NUMBERS_PAGE.fullmatch(normal))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text.replace("∶", ":"))


def _words(text: str, around: str = ":()") -> str:
    return _SPACE.sub("", _normal(text)).strip(around)
